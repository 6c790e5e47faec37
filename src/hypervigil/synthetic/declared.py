"""What the operator of a made-up cluster declares of it: the text of a context file that fits its evidence."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from hypervigil.evidence.release import Release
from hypervigil.synthetic import converged, jump_host
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.cluster import JUMP_HOST, MOMENT, Blueprint
from hypervigil.synthetic.members import Guests

PURPOSES = {"Management": "management", "Cluster": "cluster", "Migration": "live_migration", "Storage": "storage"}
LOGS = """\
[logs]
destinations = ["wec01.contoso.com"]
agents = []
kept_days = 365
required_days = 180
on_host_days = 30"""
KEPT_AT = "safe deposit box 12, sealed USB stick"


def declared(blueprint: Blueprint, *, tier0: Sequence[str] = (), besides: Sequence[str] = ()) -> str:
    """The context of a cluster as TOML: nodes, networks, jump host, logs, and where VMs are protected, how.

    ``tier0`` are VMs that are domain controllers, ``besides`` names of single hosts that the file is about, too.
    Nothing is left out that a well-kept cluster is asked for, but where it has no such thing. The management network is
    not claimed to be isolated, for it has a gateway.
    """
    tenancy = "multi" if blueprint.guests is Guests.SHIELDED else "single"
    nodes = [f"{blueprint.name}-N{number + 1:02d}" for number in range(blueprint.nodes)]
    general = [
        f"clusters = {_listed((blueprint.name, *besides))}",
        f'tenancy = "{tenancy}"',
        f"expected_nodes = {_listed(nodes)}",
        *(() if tier0 else ("tier0_guests = []",)),
    ]
    parts = [
        first_line(blueprint),
        "\n".join(general),
        *_networks(blueprint),
        *(f'[[tier0_guests]]\nvm = "{name}"\nrole = "domain_controller"' for name in tier0),
        f'[[jump_hosts]]\nname = "{jump_host.NAME}"\nkind = "jump_host"\naddresses = ["{JUMP_HOST}"]',
        '[[edr]]\nproduct = "Defender for Endpoint"\nservices = ["Sense"]',
        '[backup]\nproduct = "Vault"\nshielded_vms = "agent_in_guest"',
        LOGS,
        _shielding(blueprint),
    ]
    return "\n\n".join(parts) + "\n"


def first_line(blueprint: Blueprint) -> str:
    """How such a file begins, by which it is known again."""
    return f"# Declared of the synthetic demo cluster {blueprint.name}: what no host can tell."


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _networks(blueprint: Blueprint) -> list[str]:
    own = converged.NETWORKS if blueprint.converged else fabric.NETWORKS
    made = []
    for name, subnet in own.items():
        vlans = f"vlans = [{converged.VLANS[name]}]\n" if blueprint.converged else ""
        isolated = "" if name == "Management" else "isolated = true\n"
        made.append(
            f'[[networks]]\nname = "{name}"\npurposes = ["{PURPOSES[name]}"]\nsubnets = ["{subnet}"]\n{vlans}{isolated}'
        )
    for name, (subnet, vlan) in converged.TENANTS.items() if blueprint.converged else ():
        made.append(f'[[networks]]\nname = "{name}"\npurposes = ["tenant"]\nsubnets = ["{subnet}"]\nvlans = [{vlan}]')
    return [text.rstrip() for text in made]


def _shielding(blueprint: Blueprint) -> str:
    lines = ["[shielding]"]
    if blueprint.guests is Guests.SHIELDED:
        lines.append("separate_owners = true\nhost_access = []")
    if blueprint.guests is not Guests.VIRTUAL_TPM and blueprint.join == "domain":
        # Two are one fewer than Microsoft recommends, so that the fallback matters; 2016 knows none.
        nodes = ("hgs01", "hgs02") if blueprint.release >= Release.WS2019 else ("hgs01", "hgs02", "hgs03")
        lines.append(f"hgs_nodes = {_listed(nodes)}")
    if blueprint.guests is not Guests.PLAIN:
        expires = (MOMENT + datetime.timedelta(days=3000)).date().isoformat()
        copy = f'thumbprint = "{fabric.GUARDIAN_KEY}"\nkept_at = "{KEPT_AT}"\nexpires = {expires}'
        lines.append(f"\n[[shielding.key_copies]]\n{copy}")
    return "\n".join(lines) if len(lines) > 1 else "# Nothing of it is shielded, and no Host Guardian Service is near."
