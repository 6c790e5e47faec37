"""The owner matrix: on which node each protected VM can start, because the node may own it and holds a key for it."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from hypervigil.assess.assessment import Assessment
from hypervigil.controls.effective.owners import KeyState, Owners, coverage, possible_owners
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.evidence import Evidence, Gap, Listing
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.shielding import AttestationStatus, Guardians, HgsClient
from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.injection import Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject

MOST_COLUMNS = 16
"""With more nodes than that the matrix turns into lists of nodes: no page is that wide."""
MOST_ROWS = 60
_SHOWN_VMS = 6


class Start(enum.Enum):
    """Whether a VM can start on a node: the words of a cell, and the outcome whose sign goes with them."""

    KEY = ("holds a key", "PASS")
    ATTESTED = ("attested", "PASS")
    NO_KEY = ("no key", "FAIL")
    UNKNOWN = ("unknown", "UNKNOWN")
    NO_OWNER = ("no owner", "NOT_APPLICABLE")

    @property
    def words(self) -> str:
        """What a cell says."""
        return self.value[0]

    @property
    def sign(self) -> str:
        """Name of the outcome whose sign it bears."""
        return self.value[1]


class Row(msgspec.Struct, frozen=True):
    """VMs of which the same holds: their names, how they are protected, and a cell for each node."""

    vms: tuple[str, ...]
    more: int
    protection: str
    cells: tuple[Start, ...]

    def nodes(self, start: Start, names: Sequence[str]) -> str:
        """The nodes with this cell, in one line."""
        return ", ".join(name for name, cell in zip(names, self.cells, strict=True) if cell is start)


class OwnerMatrix(msgspec.Struct, frozen=True):
    """The matrix of one cluster. ``unseen`` names nodes whose VMs were not read, ``more_rows`` is what is left out."""

    label: str
    nodes: tuple[str, ...]
    rows: tuple[Row, ...]
    more_rows: int
    unseen: tuple[str, ...]

    @property
    def wide(self) -> bool:
        """Whether there are too many nodes for a column each."""
        return len(self.nodes) > MOST_COLUMNS


def owner_matrix(assessment: Assessment, label: str) -> OwnerMatrix | None:
    """The matrix of one cluster; None where no VM is known to be protected."""
    evidence, nodes = assessment.evidence, assessment.nodes
    grouped: dict[tuple[str, tuple[Start, ...]], list[str]] = {}
    unseen = [n.name for n in nodes if isinstance(evidence.listing(VmSecurity.INFO.name, n.key), Gap)]
    keys = _of_nodes(evidence, nodes)
    groups = evidence.get(ClusterGroups, evidence.cluster.key) if evidence.cluster else None
    for subject, security in _protected(evidence, nodes):
        owners = possible_owners(subject, groups) if groups else None
        cells = _cells(evidence, owners, security, nodes, keys)
        grouped.setdefault((_protection(security), cells), []).append(subject.name)
    if not grouped:
        return None
    rows = [
        Row(tuple(sorted(vms)[:_SHOWN_VMS]), max(0, len(vms) - _SHOWN_VMS), protection, cells)
        for (protection, cells), vms in sorted(grouped.items(), key=lambda item: (_bad(item[0][1]), item[1]))
    ]
    names = tuple(node.name for node in nodes)
    return OwnerMatrix(label, names, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS), tuple(unseen))


def _bad(cells: Sequence[Start]) -> int:
    """Rows with a node that lacks a key come first, then those with one that is not known."""
    return 0 if Start.NO_KEY in cells else 1 if Start.UNKNOWN in cells else 2


def _protection(security: VmSecurity) -> str:
    return "shielded" if security.shielded else "virtual TPM"


def _protected(evidence: Evidence, nodes: Sequence[Subject]) -> Iterator[tuple[Subject, VmSecurity]]:
    for node in nodes:
        listing = evidence.listing(VmSecurity.INFO.name, node.key)
        for key in listing.keys if isinstance(listing, Listing) else ():
            security = evidence.get(VmSecurity, key)
            if security is not None and (security.tpm_enabled or security.shielded):
                vm = evidence.get(Vm, key)
                yield Subject(Scope.VM, key, vm.name if vm else key, node.cluster, nodes=(node.key,)), security


def _of_nodes(evidence: Evidence, nodes: Sequence[Subject]) -> Nodes[Guardians]:
    known: dict[Subject, Guardians] = {}
    missing: dict[Subject, Missing] = {}
    for node in nodes:
        found = evidence.get(Guardians, node.key)
        if found is None:
            missing[node] = Missing(Guardians.INFO.name, Cause.NOT_COLLECTED, node.name)
        else:
            known[node] = found
    return Nodes(known, missing)


def _cells(
    evidence: Evidence,
    owners: Owners | None,
    security: VmSecurity,
    nodes: Sequence[Subject],
    keys: Nodes[Guardians],
) -> tuple[Start, ...]:
    states: Mapping[Subject, KeyState] = {}
    if security.protector_thumbprints:
        states = coverage(security.protector_thumbprints, keys).states
    return tuple(
        Start.NO_OWNER
        if owners is not None and not owners.include(node.key) and not owners.include(node.name)
        else _start(states.get(node), evidence.get(HgsClient, node.key), known=owners is not None)
        for node in nodes
    )


def _start(state: KeyState | None, client: HgsClient | None, *, known: bool) -> Start:
    """``known`` is whether it is known that the node can own the VM."""
    if not known:
        return Start.UNKNOWN
    if state is KeyState.HOLDS:
        return Start.KEY
    if client is not None and client.host_guarded and client.status is AttestationStatus.PASSED:
        return Start.ATTESTED
    return Start.NO_KEY if state is KeyState.LACKS else Start.UNKNOWN
