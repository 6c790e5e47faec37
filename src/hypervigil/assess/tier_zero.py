"""What a node hosts makes its findings weigh more: those of nodes that can host a tier-0 guest say so, and come first.

Outcomes and severities stay as they are. Which guests are of that kind, and where they can run, is what CLU-004 judges
by as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hypervigil.assess.subjects import Subjects
from hypervigil.controls.effective.tier0 import TierZeroGuest, hosts, tier0_guests
from hypervigil.evidence.cluster_objects import ClusterGroups
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import GuestIdentity
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import Reason, ReasonCode, remarks
from hypervigil.model.subject import Scope
from hypervigil.model.wording import few

_SHOWN = 3
_NOTED = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.REVIEW)
"""What somebody has to do something about. That a control holds is no worse news on such a node."""


class TierZeroNote(ReasonCode):
    """What findings of such a node say besides their own reasons."""

    HOSTS_TIER_ZERO = remarks("This node can host {guests}: whoever rules the node rules that guest.")
    PERHAPS_HOSTS_TIER_ZERO = remarks("This node can host {guests}, by its own word a domain controller.")


CODES = frozenset(note.code for note in TierZeroNote)
"""Codes of the notes, by which reports tell such findings."""


def weigh(findings: Sequence[Finding], subjects: Subjects, context: Context | None) -> tuple[Finding, ...]:
    """The findings, those of nodes that can host a tier-0 guest with a note, and first among those of their control."""
    notes = _notes(subjects, context)
    if not notes:
        return tuple(findings)
    place = {control: at for at, control in enumerate(dict.fromkeys(finding.control for finding in findings))}
    noted = [_noted(finding, notes) for finding in findings]
    return tuple(
        sorted(
            noted, key=lambda finding: (place[finding.control], not is_noted(reason.code for reason in finding.reasons))
        )
    )


def is_noted(codes: Iterable[str]) -> bool:
    """Whether the codes of a finding's reasons say that its node can host a tier-0 guest."""
    return not CODES.isdisjoint(codes)


def _notes(subjects: Subjects, context: Context | None) -> Mapping[str, Reason]:
    """By node key."""
    evidence, nodes = subjects.evidence, subjects.nodes.subjects
    listed = subjects.of(Scope.VM).subjects
    vms = [(each, vm) for each in listed if (vm := evidence.get(Vm, each.key)) is not None]
    said = [(vm, word) for vm, _ in vms if (word := evidence.get(GuestIdentity, vm.key)) is not None]
    guests = tier0_guests(vms, said, context.tier0_guests if context else None)
    groups = evidence.get(ClusterGroups, evidence.cluster.key) if evidence.cluster else None
    return {node.key: _note([guest for guest, _ in held]) for node, held in hosts(guests, nodes, groups).items()}


def _note(guests: Sequence[TierZeroGuest]) -> Reason:
    declared = [guest.name for guest in guests if guest.declared]
    if declared:
        return TierZeroNote.HOSTS_TIER_ZERO(guests=few(declared, _SHOWN))
    return TierZeroNote.PERHAPS_HOSTS_TIER_ZERO(guests=few((guest.name for guest in guests), _SHOWN))


def _noted(finding: Finding, notes: Mapping[str, Reason]) -> Finding:
    subject = finding.subject
    keys = (subject.key,) if subject.scope is Scope.NODE else subject.nodes if subject.scope is Scope.PAIR else ()
    found = next((notes[key] for key in keys if key in notes), None)
    if found is None or finding.outcome not in _NOTED:
        return finding
    return msgspec.structs.replace(finding, reasons=(*finding.reasons, found))
