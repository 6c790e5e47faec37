"""How each type of fact is made from its parts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import msgspec

from hypervigil.collect.parts import Parts
from hypervigil.collect.readers import cluster, features, firewall, host, hyper_v, platform, smb
from hypervigil.evidence.cluster import Cluster, ClusterNodes
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.features import WindowsFeatures
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationNetworks, Vm, VmHost
from hypervigil.evidence.platform import (
    DeviceGuard,
    DeviceGuardPolicy,
    LsaProtection,
    SecureBoot,
    SecureBootState,
    Tpm,
)
from hypervigil.evidence.smb import Mailslots, Rdma, SmbClientConfiguration, SmbServerConfiguration

Made = Fact | tuple[Vm, ...]
"""A fact, or all those of a listing."""

Recipe = Callable[[Parts, datetime.datetime | None], Made]
"""Takes the parts, and the last boot of the host where it is known."""

_NO_SUCH_EVENT = "NoMatchingEventsFound"


def _secure_boot(parts: Parts) -> SecureBoot:
    firmware = parts.optional_registry(1).get("firmware_type")
    failure = parts.failure(0)
    if failure is not None and platform.says_not_uefi(failure):
        parts.use(0)
        return SecureBoot(state=SecureBootState.UNSUPPORTED, firmware_type=firmware)
    return platform.secure_boot(parts.needed(0), firmware)


def _lsa_protection(parts: Parts, last_boot: datetime.datetime | None) -> LsaProtection:
    values = parts.registry(0)
    failure = parts.failure(1)
    events: Sequence[object] | None
    if failure is not None and failure.error_id.startswith(_NO_SUCH_EVENT):
        parts.use(1)
        events = ()
    else:
        events = parts.optional(1)
    oldest = parts.optional(2) if events is not None else None
    return LsaProtection(**values, started_protected=platform.started_protected(events, oldest, last_boot))


RECIPES: dict[type[Fact], Recipe] = {
    OperatingSystem: lambda p, _: host.operating_system(p.needed(0), p.optional_registry(1)),
    ComputerSystem: lambda p, _: host.computer_system(p.needed(0)),
    DeviceGuard: lambda p, _: platform.device_guard(p.needed(0)),
    DeviceGuardPolicy: lambda p, _: DeviceGuardPolicy(**p.registry(0)),
    SecureBoot: lambda p, _: _secure_boot(p),
    Tpm: lambda p, _: platform.tpm(p.needed(0), p.optional(1)),
    LsaProtection: _lsa_protection,
    WindowsFeatures: lambda p, _: features.windows_features(p.needed(0)),
    VmHost: lambda p, _: hyper_v.vm_host(p.needed(0)),
    MigrationNetworks: lambda p, _: hyper_v.migration_networks(p.needed(0)),
    Vm: lambda p, _: hyper_v.vms(p.needed(0)),
    SmbServerConfiguration: lambda p, _: smb.smb_server(p.needed(0)),
    SmbClientConfiguration: lambda p, _: smb.smb_client(p.needed(0)),
    Rdma: lambda p, _: smb.rdma(p.needed(0)),
    Mailslots: lambda p, _: Mailslots(**p.registry(0)),
    FirewallRules: lambda p, _: firewall.firewall_rules(
        p.needed(0), p.needed(1), p.needed(2), *(p.optional(3 + at) for at in range(len(firewall.OTHERS)))
    ),
    Cluster: lambda p, _: cluster.cluster(p.needed(0)),
    ClusterNodes: lambda p, _: cluster.cluster_nodes(p.needed(0)),
}
"""One for each type in the register; a test sees to it."""


def reconciled(made: Sequence[Made]) -> Made | None:
    """One of several that files of different moments give: what changes by itself becomes null where they disagree.

    None where they disagree on anything else.
    """
    first = made[0]
    if all(each == first for each in made):
        return first
    if isinstance(first, OperatingSystem):
        return _boots(first, [each for each in made if isinstance(each, OperatingSystem)])
    if isinstance(first, ClusterNodes):
        return cluster.same_members([each for each in made if isinstance(each, ClusterNodes)])
    if isinstance(first, tuple):
        return _states(first, [each for each in made if isinstance(each, tuple)])
    return None


def _boots(first: OperatingSystem, all_of_them: Sequence[OperatingSystem]) -> OperatingSystem | None:
    if any(msgspec.structs.replace(each, last_boot=first.last_boot) != first for each in all_of_them):
        return None
    boots = [each.last_boot for each in all_of_them]
    known = [boot for boot in boots if boot is not None]
    # The time of the boot is worked out from the clock, and moves a little when the clock is set.
    near = len(known) == len(boots) and max(known) - min(known) <= platform.CLOCK_TOLERANCE
    return first if near else msgspec.structs.replace(first, last_boot=None)


def _states(first: tuple[Vm, ...], all_of_them: Sequence[tuple[Vm, ...]]) -> tuple[Vm, ...] | None:
    by_id = [{vm.id: vm for vm in each} for each in all_of_them]
    stateless = [{key: msgspec.structs.replace(vm, state=None) for key, vm in each.items()} for each in by_id]
    if any(each != stateless[0] for each in stateless[1:]):
        return None
    return tuple(
        vm if all(each[vm.id].state == vm.state for each in by_id) else msgspec.structs.replace(vm, state=None)
        for vm in first
    )
