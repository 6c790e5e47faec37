"""Evidence that may be shown to others: names, addresses and identifiers replaced, the same everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

import msgspec

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.redaction.addresses import Addresses
from hypervigil.evidence.redaction.composed import Composed
from hypervigil.evidence.redaction.context import redacted_context
from hypervigil.evidence.redaction.identifiers import GUID, Identifiers
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.names import Names
from hypervigil.evidence.redaction.table import Mapped, kinds_of
from hypervigil.evidence.redaction.text import Scrubber
from hypervigil.evidence.register import BY_NAME
from hypervigil.model.errors import InputError
from hypervigil.model.subject import Scope, Subject

LEAST_KEY_BYTES = 16


class RedactionError(InputError):
    """Evidence that can not be redacted: two of its subjects would become one."""


class Replacement(msgspec.Struct, frozen=True):
    """What was replaced by what. ``kind`` is what it was first met as."""

    kind: str
    original: str
    pseudonym: str


class Residue(msgspec.Struct, frozen=True):
    """A word that is a name of this cluster and still stands in a text that is Windows' own: a VM that is called like a
    feature. ``fact`` and ``field`` say where, ``text`` is what stands there.
    """

    word: str
    fact: str
    field: str
    text: str


class Redacted(msgspec.Struct, frozen=True):
    """Redacted evidence, everything that was replaced, and the words that were left. The latter two undo it: they are
    for whoever redacts, not for whom the evidence is shown to. ``subjects`` has the new key of each subject by the old.
    ``context`` are the values of ``context.toml``, where some were given.
    """

    evidence: Evidence
    replacements: tuple[Replacement, ...]
    residues: tuple[Residue, ...]
    subjects: Mapping[str, str]
    context: Mapping[str, object] | None = None


def redact(evidence: Evidence, key: bytes | None = None, context: Mapping[str, object] | None = None) -> Redacted:
    """The same evidence without names, addresses and identifiers.

    With a ``key`` (at least 16 bytes) an original has the same pseudonym in every bundle that was redacted with it.
    Without one, names are numbered in the order in which they are met, and all else is made with a random key that
    nobody keeps. ``context``, the values of the operator's ``context.toml``, is redacted with the same names.

    What is judged by stays: numbers, times, settings, names that Windows gives, well-known accounts, RIDs, and which
    address lies in which subnet. A signature does not stay, for it is over other bytes.

    Raises:
        RedactionError: the keys of two subjects differ in nothing that a pseudonym keeps, such as case.
        ValueError: the key is too short.
    """
    if key is not None and len(key) < LEAST_KEY_BYTES:
        msg = f"a key has at least {LEAST_KEY_BYTES} bytes, not {len(key)}"
        raise ValueError(msg)
    return _Redactor(key or secrets.token_bytes(32), lasting=key is not None).redacted(evidence, context)


class _Redactor:
    """Goes over evidence twice: first it meets all names, then it replaces them."""

    def __init__(self, key: bytes, *, lasting: bool) -> None:
        self.names = Names(key, lasting=lasting)
        self.identifiers = Identifiers(key)
        self.addresses = Addresses(self.identifiers)
        self.composed = Composed(self.names, self.identifiers, self.addresses)
        self.scrubber = Scrubber(self.names, self.identifiers, self.addresses, self.composed)
        self.composed.label = self.scrubber.label
        self.kinds: dict[Kind, Callable[[str], str]] = {
            Kind.PUBLIC: lambda text: text,
            Kind.LABEL: self.scrubber.label,
            Kind.QUERY: self.scrubber.query,
            Kind.TEXT: self.scrubber.text,
        }
        self.residues: dict[Residue, None] = {}
        self.seen: set[tuple[str, str]] = set()
        self.made: dict[tuple[Kind, str], str] = {}
        self.place = ("", "")

    def redacted(self, evidence: Evidence, context: Mapping[str, object] | None) -> Redacted:
        """Both passes."""
        self._evidence(evidence)
        redacted_context(context or {}, self._text)
        self.names.settle()
        self.scrubber.index()
        self.seen.clear()
        self.made.clear()
        made = self._evidence(evidence)
        declared = None if context is None else redacted_context(context, self._text)
        replacements = (
            *(Replacement(kind, original, pseudonym) for kind, original, pseudonym in self.names),
            *(Replacement(kind, original, made) for (kind, original), made in self.identifiers.replaced.items()),
            *(Replacement("address", original, made) for original, made in self.addresses.replaced.items()),
        )
        return Redacted(made, replacements, tuple(self.residues), self._subjects(evidence), declared)

    # --- evidence -----------------------------------------------------------------------------------------------------

    def _evidence(self, evidence: Evidence) -> Evidence:
        cluster = self._subject(evidence.cluster) if evidence.cluster else None
        nodes = tuple(self._subject(node) for node in evidence.nodes)
        facts = {(name, self._key(name, key, evidence)): self._record(r) for (name, key), r in evidence.facts.items()}
        listings = {
            (name, self._holder(key, evidence)): self._listing(name, record)
            for (name, key), record in evidence.listings.items()
        }
        if len(facts) != len(evidence.facts) or len(listings) != len(evidence.listings):
            raise RedactionError(
                f"{evidence.label}: two nodes, VMs or other subjects have keys that differ in case only, so they would "
                "become one. Collect again."
            )
        return msgspec.structs.replace(
            evidence,
            label=self._label(evidence),
            cluster=cluster,
            nodes=nodes,
            facts=facts,
            listings=listings,
            source=self.scrubber.text(evidence.source),
            skipped=tuple(
                Skipped(self.scrubber.text(skipped.path), skipped.size, self.scrubber.text(skipped.why))
                for skipped in evidence.skipped
            ),
            signed_by="",
            redacted=True,
        )

    def _label(self, evidence: Evidence) -> str:
        """What people call it: the name of the cluster or of its nodes, else something that could be a file's name."""
        if evidence.cluster and evidence.label == evidence.cluster.name:
            return self._name(Kind.CLUSTER, evidence.label)
        return self.scrubber.text(evidence.label)

    def _subject(self, subject: Subject) -> Subject:
        kind = Kind.CLUSTER if subject.scope is Scope.CLUSTER else Kind.HOST
        return msgspec.structs.replace(
            subject,
            key=self._name(kind, subject.key),
            name=self._name(kind, subject.name),
            cluster=self._name(Kind.CLUSTER, subject.cluster),
            aliases=tuple(self._name(kind, alias) for alias in subject.aliases),
        )

    def _name(self, kind: Kind, text: str) -> str:
        if GUID.fullmatch(text):
            return self.identifiers.guid(text)
        return self._text(text, kind)

    def _holder(self, key: str, evidence: Evidence) -> str:
        cluster = evidence.cluster is not None and key == evidence.cluster.key
        return self._name(Kind.CLUSTER if cluster else Kind.HOST, key)

    def _key(self, name: str, key: str, evidence: Evidence) -> str:
        """The key of a fact: of a node or cluster, or of an item as its own field has it."""
        fact = BY_NAME.get(name)
        if fact is None or not fact.INFO.item_key:
            return self._holder(key, evidence)
        return self._item(fact, key)

    def _item(self, fact: type[Fact], key: str) -> str:
        kind = kinds_of(fact)[fact.INFO.item_key]
        return self._text(key, kind if isinstance(kind, Kind) else Kind.TEXT)

    def _record(self, record: Known | Gap) -> Known | Gap:
        if isinstance(record, Gap):
            provenance = self._provenance(record.provenance)
            return Gap(record.fact, record.cause, self.scrubber.text(record.detail), provenance)
        made = self._struct(record.fact, type(record.fact).INFO.name)
        assert isinstance(made, Fact)  # noqa: S101  the same type as before
        return Known(made, self._provenance(record.provenance) or Provenance(source=""))

    def _listing(self, name: str, record: Listing | Gap) -> Listing | Gap:
        if isinstance(record, Gap):
            made = self._record(record)
            assert isinstance(made, Gap)  # noqa: S101  a gap stays one
            return made
        keys = tuple(self._item(BY_NAME[name], key) for key in record.keys)
        return Listing(keys, self._provenance(record.provenance))

    def _provenance(self, provenance: Provenance | None) -> Provenance | None:
        """Without the digest of the source: whoever guesses what a short file held could prove it with that."""
        if provenance is None:
            return None
        text = self.scrubber.text
        return msgspec.structs.replace(
            provenance,
            source=text(provenance.source),
            host=self._name(Kind.HOST, provenance.host),
            command=text(provenance.command),
            file=text(provenance.file),
            digest="",
            collector=text(provenance.collector),
            remark=text(provenance.remark),
        )

    # --- values -------------------------------------------------------------------------------------------------------

    def _struct(self, value: msgspec.Struct, fact: str) -> msgspec.Struct:
        kinds = kinds_of(type(value))
        changed: dict[str, object] = {}
        for field in value.__struct_fields__:
            before = getattr(value, field)
            if before is None or isinstance(before, bool | int | float):
                continue
            self.place = (fact, f"{type(value).__name__}.{field}")
            after = self._value(before, kinds.get(field, Kind.TEXT), fact)
            if after is not before:
                changed[field] = after
        return msgspec.structs.replace(value, **changed) if changed else value

    def _value(self, value: object, kind: Kind | Mapped, fact: str) -> object:
        if type(value) is str:
            return self._text(value, kind if isinstance(kind, Kind) else Kind.TEXT)
        if isinstance(value, msgspec.Struct):
            return self._struct(value, fact)
        if isinstance(value, tuple):
            made = tuple(self._value(item, kind, fact) for item in value)
            return value if all(new is old for new, old in zip(made, value, strict=True)) else made
        if isinstance(value, frozenset):
            return frozenset(self._value(item, kind, fact) for item in value)
        if isinstance(value, Mapping):
            of_keys, of_values = (Kind.TEXT, Kind.TEXT) if isinstance(kind, Kind) else kind
            return {self._value(key, of_keys, fact): self._value(item, of_values, fact) for key, item in value.items()}
        return value

    def _text(self, text: str, kind: Kind) -> str:
        if kind is Kind.PUBLIC:
            self._look_for_residue(text)
            return text
        made = self.made.get((kind, text))
        if made is None:
            replace = self.kinds.get(kind)
            if replace is None:
                replace = self.kinds[kind] = self.composed.of(kind)
            made = self.made[kind, text] = replace(text)
        return made

    def _look_for_residue(self, text: str) -> None:
        """Notes names in a text that is Windows' own; each text of a field is looked at once."""
        where = (self.place[1], text)
        if where in self.seen or not text:
            return
        self.seen.add(where)
        for word in self.scrubber.found(text):
            self.residues[Residue(word, *self.place, text)] = None

    def _subjects(self, evidence: Evidence) -> dict[str, str]:
        subjects = [*evidence.nodes, *((evidence.cluster,) if evidence.cluster else ())]
        found = {
            key: self._name(Kind.CLUSTER if subject.scope is Scope.CLUSTER else Kind.HOST, key)
            for subject in subjects
            for key in subject.keys
        }
        items = ((name, key) for name, key in evidence.facts if name in BY_NAME and BY_NAME[name].INFO.item_key)
        return {**{key: self._key(name, key, evidence) for name, key in items}, **found}
