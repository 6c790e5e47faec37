"""A whole cluster, deterministic: the same blueprint gives the same evidence, byte for byte.

Without flaws every node is in the state that the controls ask for, as far as its release allows. A flaw is a named
change to one node or to all; see ``flaws``. All evidence says that it is synthetic.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from hypervigil.evidence.cluster import AccessPoint, Cluster
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.features import InstallState, WindowsFeature, WindowsFeatures
from hypervigil.evidence.firewall import FirewallRule
from hypervigil.evidence.hyper_v import MigrationAuthentication, Vm
from hypervigil.evidence.platform import SecurityService
from hypervigil.evidence.register import FACTS
from hypervigil.evidence.registry import dword
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Dialect, SpnValidation
from hypervigil.model.outcome import Cause
from hypervigil.synthetic import converged, defaults, fabric_defaults, well_kept
from hypervigil.synthetic.assembly import MOMENT, as_evidence
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.flaws import Flaw
from hypervigil.synthetic.members import Guests, Member, is_guarded

Join = Literal["domain", "workgroup"]

JUMP_HOST = "10.0.9.5"
"""The address from which every synthetic node is administered, in the management network."""
__all__ = ["JUMP_HOST", "MOMENT", "Blueprint", "Join", "build"]
OTHER_RULES = 340
"""Firewall rules besides those that matter here: about as many as a server has."""


class Blueprint(msgspec.Struct, frozen=True, kw_only=True):
    """What to build: release, join, size, network, protected VMs and flaws. ``name`` also makes the cluster's id."""

    name: str
    release: Release = Release.WS2025
    join: Join = "domain"
    nodes: int = 4
    vms: int = 24
    converged: bool = False
    guests: Guests = Guests.PLAIN
    flaws: tuple[Flaw, ...] = ()


def build(blueprint: Blueprint) -> Evidence:
    """The evidence of a made-up cluster.

    Raises:
        ValueError: fewer than one node, or a flaw that changes nothing, for the release or the join has not what it
            spoils, or because another one has spoilt it already.
    """
    if blueprint.nodes < 1:
        msg = f"a cluster has at least one node, not {blueprint.nodes}"
        raise ValueError(msg)
    draft = _flawless(blueprint)
    for flaw in blueprint.flaws:
        before = draft.copy()
        flaw.change(draft)
        if draft == before:
            msg = f"{flaw.name} changes nothing in {blueprint.name} ({blueprint.release.title}, {blueprint.join})"
            raise ValueError(msg)
    return as_evidence(draft, blueprint.name)


def _flawless(blueprint: Blueprint) -> Draft:
    members = [_member(blueprint, place) for place in range(blueprint.nodes)]
    of_cluster = (_cluster(blueprint), defaults.cluster_nodes(*(m.name for m in members), release=blueprint.release))
    return Draft(
        release=blueprint.release,
        domain=blueprint.join == "domain",
        nodes={m.name: _by_name(*_node(blueprint, m.name), *well_kept.of_node(m)) for m in members},
        cluster=_by_name(*of_cluster, *well_kept.of_cluster(members)),
        vms={m.name: {Vm.INFO.name: m.vms, **_lists(well_kept.of_vms(m))} for m in members},
        elsewhere=_lists((type(facts[0]), facts) for facts in well_kept.of_elsewhere(members)),
        gaps={m.name: _unsupported(blueprint.release) for m in members},
    )


def _member(blueprint: Blueprint, place: int) -> Member:
    name = f"{blueprint.name}-N{place + 1:02d}"
    domain = blueprint.join == "domain"
    return Member(
        name=name,
        fqdn=f"{name}.{defaults.DOMAIN}" if domain else name,
        place=place,
        release=blueprint.release,
        domain=domain,
        vms=_vms(blueprint, place),
        converged=blueprint.converged,
        guests=blueprint.guests,
        guarded=is_guarded(place, blueprint.nodes, blueprint.guests, blueprint.release, domain=domain),
    )


def _by_name(*facts: Fact) -> dict[str, Fact]:
    return {fact.INFO.name: fact for fact in facts}


def _lists(lists: Iterable[tuple[type[Fact], tuple[Fact, ...]]]) -> dict[str, tuple[Fact, ...]]:
    return {fact.INFO.name: facts for fact, facts in lists}


def _unsupported(release: Release) -> dict[str, Cause]:
    """Facts that the release has not."""
    return {
        fact.INFO.name: Cause.UNSUPPORTED_RELEASE
        for fact in FACTS
        if fact.INFO.minimum_release is not None and release < fact.INFO.minimum_release
    }


def _node(blueprint: Blueprint, name: str) -> Iterator[Fact]:
    release, domain = blueprint.release, blueprint.join == "domain"
    modern = release >= Release.WS2025
    running = [SecurityService.MEMORY_INTEGRITY]
    if domain:
        running.insert(0, SecurityService.CREDENTIAL_GUARD)
    if modern:
        running.append(SecurityService.PAGING_TRANSLATION)
    yield defaults.operating_system(release, name=name)
    yield defaults.computer_system(domain=domain, name=name, dns_host_name=name)
    yield defaults.device_guard(*running)
    yield defaults.device_guard_policy(
        vbs_policy=dword(1),
        platform_policy=dword(1),
        hvci_policy=dword(2),
        **({"lsa_cfg_flags_policy": dword(2)} if domain else {}),
    )
    yield defaults.secure_boot()
    yield defaults.tpm()
    yield defaults.lsa_protection(run_as_ppl=dword(1), run_as_ppl_boot=dword(1), started_protected=True)
    yield _features()
    yield defaults.vm_host(
        migration_enabled=domain or modern,  # nodes in a workgroup have no live migration before 2025
        migration_authentication=MigrationAuthentication.KERBEROS if domain else MigrationAuthentication.CREDSSP,
        fqdn=f"{name}.{defaults.DOMAIN}" if domain else name,
    )
    yield defaults.migration_networks("10.20.30.0/24")
    limits = {"dialect_min": Dialect.SMB311} if modern else {}
    audits = {"audit_signing": True, "audit_encryption": True, "audit_guest": True} if modern else {}
    yield defaults.smb_server(
        release, require_signing=True, spn_validation=SpnValidation.ACCEPT_ABSENT, audit_smb1=True, **audits, **limits
    )
    blocked = {"block_ntlm": True} if modern else {}
    yield defaults.smb_client(release, require_signing=True, **audits, **limits, **blocked)
    yield defaults.rdma("Storage-1", "Storage-2")
    yield defaults.mailslots()
    yield defaults.firewall_rules(*_other_rules(), admins=(JUMP_HOST,), nodes=(_migration_addresses(blueprint.nodes),))


def _cluster(blueprint: Blueprint) -> Cluster:
    made = defaults.cluster(blueprint.release, name=blueprint.name, id=_guid(f"cluster {blueprint.name}"))
    if blueprint.join == "workgroup":
        return msgspec.structs.replace(made, domain=None, access_point=AccessPoint.DNS)
    return made


def _vms(blueprint: Blueprint, place: int) -> tuple[Vm, ...]:
    return tuple(
        defaults.vm(
            number,
            id=_guid(f"vm {blueprint.name} {number}"),
            name=f"{blueprint.name}-VM{number:04d}",
            version=defaults.VM_VERSION[blueprint.release],
        )
        for number in range(1 + place, blueprint.vms + 1, blueprint.nodes)
    )


def _migration_addresses(nodes: int) -> str:
    """The addresses that this many nodes have in the migration network, as a range of a firewall rule."""
    network = fabric_defaults.NETWORKS["Migration"].removesuffix("0/24")
    return f"{network}{converged.FIRST_ADDRESS}-{network}{converged.FIRST_ADDRESS + nodes - 1}"


@functools.cache
def _features() -> WindowsFeatures:
    """All roles and features by the names that Windows gives them, those of a Hyper-V cluster node installed."""
    text = importlib.resources.files("hypervigil.synthetic").joinpath("data", "windows_features.txt").read_text("utf-8")
    installed = {"Failover-Clustering", "FS-FileServer", "Hyper-V", "Hyper-V-PowerShell", "RSAT-Clustering-PowerShell"}
    return WindowsFeatures(
        features=tuple(
            WindowsFeature(
                name=name,
                installed=name in installed,
                install_state=InstallState.INSTALLED if name in installed else InstallState.AVAILABLE,
            )
            for name in text.split()
        )
    )


@functools.cache
def _other_rules() -> tuple[FirewallRule, ...]:
    return tuple(
        defaults.firewall_rule(
            f"Synthetic-{number:03d}-In-TCP",
            "TCP",
            str(20_000 + number),
            enabled=number % 3 == 0,
            display_name=f"Synthetic rule {number}",
            group="@Synthetic.dll,-100",
            profiles=number % 8,
            remote_addresses=("LocalSubnet",) if number % 2 else ("10.0.0.0/8",),
        )
        for number in range(1, OTHER_RULES + 1)
    )


def _guid(text: str) -> str:
    digits = hashlib.sha256(f"hypervigil synthetic {text}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
