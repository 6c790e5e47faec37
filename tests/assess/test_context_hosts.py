"""Declared nodes, hosts, groups, guests, products and endpoints against collected ones."""

from __future__ import annotations

import pytest

from hypervigil.assess.context_conflicts import compare_context
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.context import Context, HostKind, JumpHost
from hypervigil.synthetic import defaults
from hypervigil.synthetic.jump_host import build_jump_host
from tests.assess.contradicted import (
    COPY,
    EDR,
    JUMP,
    NAS,
    TWO,
    Rows,
    access,
    forwarding,
    interfaces,
    keys,
    members,
    network,
    on_the_wire,
    said,
    services,
    smb,
    smb_event,
)
from tests.assess.planted import evidence

ROWS: Rows = (
    # Nodes
    ("nodes agree", 'expected_nodes = ["hv01.contoso.com", "HV02"]', evidence(dict.fromkeys(TWO, ())), []),
    (
        "a node misses",
        'expected_nodes = ["HV01", "HV03"]',
        evidence({"HV01": ()}),
        ["HV03 is expected, but the cluster does not list it."],
    ),
    (
        "a node too many",
        'expected_nodes = ["HV01"]',
        evidence(dict.fromkeys(TWO, ())),
        ["HV02 is in the cluster, but nobody expects it there."],
    ),
    # Where administrators come from
    (
        "a jump host among tenants",
        JUMP + 'addresses = ["10.20.30.9"]\n' + network("tenant"),
        evidence({}),
        ["JUMP01 administers the nodes, but 10.20.30.9 lies in 10.20.30.0/24 (tenant)."],
    ),
    (
        "a gateway among strangers",
        '[[wac_gateways]]\nname = "WAC01"\naddresses = ["10.20.30.0/28"]\n' + network("untrusted"),
        evidence({}),
        ["WAC01 administers the nodes, but 10.20.30.0/28 lies in 10.20.30.0/24 (untrusted)."],
    ),
    (
        "a jump host that is a node by name",
        JUMP.replace("JUMP01", "hv01.contoso.com"),
        evidence({"HV01": ()}),
        ["hv01.contoso.com is declared as a place to administer from, but it is the node HV01."],
    ),
    (
        "a jump host that is a node by address",
        JUMP + 'addresses = ["10.20.30.9"]\n',
        evidence({"HV01": (interfaces("10.20.30.9/24"),)}),
        ["JUMP01 is declared as a place to administer from, but it is the node HV01."],
    ),
    (
        "a network of jump hosts that has nodes, too",
        JUMP + 'addresses = ["10.20.30.0/24"]\n',
        evidence({"HV01": (interfaces("10.20.30.9/24"),)}),
        [],
    ),
    (
        "a gateway on a node",
        "wac_gateways = []",
        evidence({"HV01": (services(WindowsAdminCenter="Running"),), "HV02": (services(WinRM="Running"),)}),
        ["The gateways of Windows Admin Center are declared, but HV01 runs one, too (WindowsAdminCenter)."],
    ),
    ("nobody speaks of gateways", "", evidence({"HV01": (services(WindowsAdminCenter="Running"),)}), []),
    # Groups
    (
        "groups by SID, by name and in the cluster",
        r"""admin_groups = ['CONTOSO\hv-admins', "Operators", "S-1-5-21-9-9-9-1001", 'CONTOSO\Cluster']""",
        evidence({"HV01": (members(r"CONTOSO\HV-Admins", r"FABRIKAM\operators"),)}, access(r"contoso\cluster")),
        [],
    ),
    (
        "a group nowhere",
        r"""admin_groups = ['FABRIKAM\HV-Admins']""",
        evidence({n: (members(r"CONTOSO\HV-Admins"),) for n in TWO}, access("x")),
        [r"FABRIKAM\HV-Admins is declared to administer, but it is in no local group of HV01, HV02."],
    ),
    # Guests
    (
        "declared guests, by name and id",
        '[[tier0_guests]]\nvm = "dc01"\n[[tier0_guests]]\nvm = "{0F0E0D0C-0B0A-4908-8706-050403020100}"\n',
        evidence(
            {
                "HV01": (
                    defaults.vm(1, name="DC01"),
                    defaults.vm(2, id="0f0e0d0c-0b0a-4908-8706-050403020100"),
                )
            }
        ),
        [],
    ),
    (
        "guests that no node has",
        '[[tier0_guests]]\nvm = "DC01"\n[shielding]\nhost_access = ["BOX1"]\n',
        evidence({"HV01": (defaults.vm(1, name="APP01"),)}),
        [
            "DC01 is declared (tier 0), but no node has a VM of that name or id.",
            "BOX1 is declared (operated from the host), but no node has a VM of that name or id.",
        ],
    ),
    # Products
    ("a sensor runs", EDR, evidence({"HV01": (services(sensorhelper="Running", SensorSvc="Stopped"),)}), []),
    (
        "no sensor",
        EDR + '[[edr]]\nproduct = "Other"\nservices = ["Other"]\n',
        evidence({"HV01": (services(WinRM="Running"),)}),
        ["Sensor or Other is what is accepted, but HV01 has no service of it."],
    ),
    (
        "a sensor that is stopped",
        EDR,
        evidence({"HV01": (services(SensorSvc="Stopped"),)}),
        ["Sensor is what is accepted, but on HV01 its services do not run (SensorSvc: Stopped)."],
    ),
    (
        "agents",
        '[logs]\nagents = ["A", "B", "C"]',
        evidence({"HV01": (services(a="Running", B="Stopped"),)}),
        [
            "B is declared to send the events, but on HV01 it does not run (Stopped).",
            "C is declared to send the events, but HV01 has no such service.",
        ],
    ),
    (
        "collectors",
        '[logs]\ndestinations = ["wec01"]',
        evidence(
            {
                "HV01": (
                    forwarding(
                        "Server=http://wec01.contoso.com:5985/wsman/SubscriptionManager/WEC,Refresh=60",
                        "Server=https://wec09.contoso.com:5986/wsman/SubscriptionManager/WEC",
                        "Server=http://[fd00::5]:5985/wsman",
                        "rubbish",
                    ),
                )
            }
        ),
        [
            "Events are declared to go to wec01, but HV01 forwards them to wec09.contoso.com.",
            "Events are declared to go to wec01, but HV01 forwards them to fd00::5.",
        ],
    ),
    (
        "collectors where there should be none",
        "[logs]\ndestinations = []",
        evidence({"HV01": (forwarding("Server=http://wec01:5985/wsman"),)}),
        ["Events are declared to go to nowhere, but HV01 forwards them to wec01."],
    ),
    # SMB endpoints of others
    (
        "an event that it can not sign",
        NAS,
        evidence({"HV01": (smb_event(r"\NAS01"),)}),
        ["nas01.contoso.com is declared able to sign, but HV01 recorded that it is not, 3 times."],
    ),
    ("another event", NAS, evidence({"HV01": (smb_event(r"\NAS01", 31999),)}), []),
    ("another server", NAS, evidence({"HV01": (smb_event("nas01.fabrikam.com"),)}), []),
    (
        "on the wire it can not sign",
        NAS.replace("nas01.contoso.com", "10.5.0.9"),
        on_the_wire(evidence({}), smb("10.5.0.9", 0), smb("10.5.0.8", 0)),
        ["10.5.0.9 is declared able to sign, but on the wire it says that it is not."],
    ),
    (
        "on the wire it can, or nobody could tell",
        NAS.replace("nas01.contoso.com", "10.5.0.9") + NAS.replace("nas01.contoso.com", "10.5.0.8"),
        on_the_wire(evidence({}), smb("10.5.0.9", 1), smb("10.5.0.8", None)),
        [],
    ),
    # Keys
    ("a copy of a key", COPY, evidence({"HV01": (keys("A" * 40),), "HV02": (keys(),)}), []),
    (
        "a copy of no key",
        COPY,
        evidence({"HV01": (keys("B" * 40),)}),
        [f"A copy of the key {'A' * 40} is declared, but no node has that key."],
    ),
    (
        "a copy of what may be a key of HGS",
        "[shielding]\nhgs_nodes = ['hgs01']\n" + COPY,
        evidence({"HV01": (keys("B" * 40),)}),
        [],
    ),
)


@pytest.mark.parametrize(
    ("declared", "bundle", "texts"), [pytest.param(d, b, texts, id=name) for name, d, b, texts in ROWS]
)
def test_what_contradicts_is_said(declared: str, bundle: Evidence, texts: list[str]) -> None:
    assert said(declared, bundle) == texts


def test_a_jump_host_that_was_collected_itself_is_no_node() -> None:
    own = build_jump_host()
    declared = Context(file="c.toml", jump_hosts=(JumpHost(name=own.nodes[0].name, kind=HostKind.PAW),))
    codes = [conflict.reason.code for conflict in compare_context(declared, own, own.nodes).conflicts]
    assert "admin_host_is_node" not in codes
