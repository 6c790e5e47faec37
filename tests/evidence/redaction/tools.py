"""The parts of redaction, put together for tests of single texts."""

from __future__ import annotations

from hypervigil.evidence.redaction.addresses import Addresses
from hypervigil.evidence.redaction.composed import Composed
from hypervigil.evidence.redaction.identifiers import Identifiers
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.names import Names
from hypervigil.evidence.redaction.text import Scrubber

KEY = b"a key of these tests"


class Tools:
    """Everything, with these names met before: pairs of kind and text."""

    def __init__(self, *met: tuple[Kind, str], key: bytes = KEY, lasting: bool = False) -> None:
        self.names = Names(key, lasting=lasting)
        self.identifiers = Identifiers(key)
        self.addresses = Addresses(self.identifiers)
        self.composed = Composed(self.names, self.identifiers, self.addresses)
        self.scrubber = Scrubber(self.names, self.identifiers, self.addresses, self.composed)
        self.composed.label = self.scrubber.label
        for kind, text in met:
            self.composed.of(kind)(text)
        self.names.settle()
        self.scrubber.index()

    def of(self, kind: Kind, text: str) -> str:
        """The pseudonym of a text of that kind."""
        special = {Kind.TEXT: self.scrubber.text, Kind.LABEL: self.scrubber.label}
        return (special.get(kind) or self.composed.of(kind))(text)
