"""Facts in the shape in which controls are called: for each parameter one column, aligned with the subjects.

A control over 64 nodes has 4,032 pairs to judge, and each fact of a node stands in 63 of them. So what a parameter gets
is worked out once for each node and then spread over the subjects, not looked up for each call.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hypervigil.assess.compile import Form, Need
from hypervigil.assess.subjects import Subjects
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.model.finding import EvidenceRef
from hypervigil.model.injection import Items, Maybe, Nodes
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject


class Slot(msgspec.Struct, frozen=True, gc=False):
    """What one parameter gets for one subject, and the facts that it was made from.

    ``missing`` are required facts that are not there: the control is not called. ``partly`` are those of single nodes:
    the control is called, and its PASS weighs less.
    """

    argument: object
    refs: tuple[EvidenceRef, ...] = ()
    missing: tuple[Missing, ...] = ()
    partly: tuple[Missing, ...] = ()


class Rows(msgspec.Struct, frozen=True):
    """The columns of one function, side by side: for each subject the arguments of one call.

    ``gaps`` are the columns in which something is missing for somebody: none, as a rule, which saves looking.
    """

    arguments: Sequence[tuple[object, ...]]
    refs: Sequence[tuple[EvidenceRef, ...]]
    gaps: Sequence[Sequence[Slot]]

    def missing(self, row: int) -> tuple[Missing, ...]:
        """The required facts that this row misses."""
        return tuple(missing for column in self.gaps for missing in column[row].missing) if self.gaps else ()

    def partly(self, row: int) -> tuple[Missing, ...]:
        """The facts of single nodes that this row misses."""
        return tuple(missing for column in self.gaps for missing in column[row].partly) if self.gaps else ()


class Column(msgspec.Struct, frozen=True, gc=False):
    """One parameter over all subjects of a scope; ``has_gap`` is whether something is missing for somebody."""

    slots: Sequence[Slot]
    arguments: Sequence[object]
    refs: Sequence[tuple[EvidenceRef, ...]]
    has_gap: bool


class Columns:
    """Makes columns, and remembers what a fact comes to for each node or other key."""

    def __init__(self, evidence: Evidence, subjects: Subjects) -> None:
        self.evidence = evidence
        self.subjects = subjects
        self._single: dict[tuple[str, bool], dict[str, Slot]] = {}
        self._nodes: dict[tuple[str, bool], Slot] = {}
        self._items: dict[tuple[str, bool], Slot] = {}
        self._columns: dict[tuple[str, bool, Form, Scope], Column] = {}
        self._cluster_key = evidence.cluster.key if evidence.cluster else ""

    def rows(self, needs: tuple[Need, ...], subjects: Sequence[Subject]) -> Rows:
        """The columns of all parameters of a function."""
        if not needs or not subjects:
            return Rows([()] * len(subjects), [()] * len(subjects), ())
        columns = [self._column(need, subjects) for need in needs]
        arguments = list(zip(*(column.arguments for column in columns), strict=True))
        refs = columns[0].refs
        for column in columns[1:]:
            refs = [before + more for before, more in zip(refs, column.refs, strict=True)]
        return Rows(arguments, refs, [column.slots for column in columns if column.has_gap])

    def _column(self, need: Need, subjects: Sequence[Subject]) -> Column:
        """The column of a parameter. ``subjects`` are all of their scope, so many controls share it."""
        key = (need.fact.INFO.name, need.optional, need.form, subjects[0].scope)
        column = self._columns.get(key)
        if column is None:
            slots, has_gap = self._of(need, subjects)
            column = Column(slots, [slot.argument for slot in slots], [slot.refs for slot in slots], has_gap)
            self._columns[key] = column
        return column

    def _of(self, need: Need, subjects: Sequence[Subject]) -> tuple[list[Slot], bool]:
        if need.form in (Form.NODES, Form.ITEMS):
            slot = self._of_nodes(need) if need.form is Form.NODES else self._of_items(need)
            return [slot] * len(subjects), bool(slot.missing or slot.partly)
        if need.fact.INFO.subject is Scope.CLUSTER:
            return self._slots(need, [self._cluster_key] * len(subjects))
        return self._slots(need, _keys(need, subjects))

    def _slots(self, need: Need, keys: Sequence[str]) -> tuple[list[Slot], bool]:
        made = self._single.setdefault((need.fact.INFO.name, need.optional), {})
        distinct = set(keys)
        for key in distinct - made.keys():
            made[key] = self._look_up(need, key)
        return [made[key] for key in keys], any(made[key].missing for key in distinct)

    def _look_up(self, need: Need, key: str) -> Slot:
        record = self.evidence.record(need.fact.INFO.name, key)
        if isinstance(record, Known):
            ref = EvidenceRef(need.fact.INFO.name, key, record.document)
            return Slot(Maybe(record.fact) if need.optional else record.fact, (ref,))
        if need.optional:
            return Slot(Maybe(None, record.missing))
        return Slot(None, missing=(record.missing,))

    def _of_nodes(self, need: Need) -> Slot:
        key = (need.fact.INFO.name, need.optional)
        if key not in self._nodes:
            self._nodes[key] = self._gather(need)
        return self._nodes[key]

    def _gather(self, need: Need) -> Slot:
        name = need.fact.INFO.name
        known: dict[Subject, object] = {}
        missing: dict[Subject, Missing] = {}
        refs: list[EvidenceRef] = []
        for node in self.subjects.nodes.subjects:
            record = self.evidence.record(name, node.key)
            if isinstance(record, Known):
                known[node] = record.fact
                refs.append(EvidenceRef(name, node.key, record.document))
            else:
                missing[node] = _at(node, record)
        missing.update(self.subjects.nodes.gaps)
        nodes = Nodes(known, missing)
        if not known and not missing and not need.optional:
            return Slot(nodes, missing=(Missing(name, Cause.NOT_COLLECTED, "no node is known"),))
        return _gathered(need, nodes, refs)

    def _of_items(self, need: Need) -> Slot:
        key = (need.fact.INFO.name, need.optional)
        if key not in self._items:
            self._items[key] = self._list_up(need)
        return self._items[key]

    def _list_up(self, need: Need) -> Slot:
        info = need.fact.INFO
        known: dict[Subject, object] = {}
        missing: dict[Subject, Missing] = {}
        refs: list[EvidenceRef] = []
        holders = self.subjects.nodes.subjects
        vms = self.subjects.of(Scope.VM).subjects if info.subject is Scope.VM else ()
        listed = {(vm.key, vm.nodes): vm for vm in vms}
        if info.holder is Scope.NODE:
            missing.update(self.subjects.nodes.gaps)
        else:
            cluster = self.evidence.cluster
            holders = (cluster or Subject(Scope.CLUSTER, self._cluster_key, self.evidence.label),)
        for holder in holders:
            listing = self.evidence.listing(info.name, holder.key)
            if not isinstance(listing, Listing):
                missing[holder] = _at(holder, listing)
                continue
            for key in listing.keys:
                item = listed.get((key, (holder.key,))) or self.subjects.item(info.subject, key, holder)
                record = self.evidence.record(info.name, key)
                if isinstance(record, Known):
                    known[item] = record.fact
                    refs.append(EvidenceRef(info.name, key, record.document))
                else:
                    missing[item] = _at(item, record)
        return _gathered(need, Items(known, missing), refs)


def _gathered(need: Need, found: Nodes[object] | Items[object], refs: Sequence[EvidenceRef]) -> Slot:
    """What is known of many: enough to call a control that needs it, where it is known of one at least."""
    if need.optional:
        return Slot(Maybe(found), tuple(refs))
    gaps = tuple(found.missing.values())
    return Slot(found, tuple(refs), partly=gaps) if found.known else Slot(found, missing=gaps)


def _keys(need: Need, subjects: Sequence[Subject]) -> list[str]:
    """For each subject, the key of what the fact is about: the subject itself, or a node that it has to do with."""
    info = need.fact.INFO
    own = {info.subject, *info.others}
    if need.form is Form.DESTINATION:
        return [subject.nodes[1] for subject in subjects]
    if need.form is Form.SOURCE:
        return [subject.nodes[0] for subject in subjects]
    return [subject.key if subject.scope in own else subject.nodes[0] for subject in subjects]


def _at(node: Subject, gap: Gap) -> Missing:
    detail = f"{node.name}: {gap.detail}" if gap.detail else node.name
    return Missing(gap.fact, gap.cause, detail)
