"""What can be wrong with a source as a whole. What is wrong with one fact in it becomes a gap instead."""

from __future__ import annotations

from hypervigil.model.errors import InputError


class CollectError(InputError):
    """A source that can not be read as evidence.

    ``source`` is the folder or archive, ``place`` the file or member in it (empty for the source as a whole),
    ``problem`` what is wrong, ``expected`` what would have been right, ``remedy`` what to do about it.
    """

    def __init__(self, source: object, problem: str, *, place: str = "", expected: str = "", remedy: str = "") -> None:
        super().__init__(problem)
        self.source = str(source)
        self.place = place
        self.problem = problem
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.source}: {self.place}" if self.place else self.source
        expected = f"; expected {self.expected}" if self.expected else ""
        return f"{where}: {self.problem}{expected}." + (f" {self.remedy}" if self.remedy else "")


class UnreadableSourceError(CollectError):
    """It is not there, can not be opened, or is damaged: a truncated zip, for one."""


class UnsafeSourceError(CollectError):
    """An archive or folder with something in it that no honest tool writes: it is refused as a whole."""


class NoEvidenceError(CollectError):
    """Nothing in it is evidence that any fact is read from."""


class MixedEvidenceError(CollectError):
    """It holds evidence of hosts or clusters that can not be told apart, or that do not belong together."""
