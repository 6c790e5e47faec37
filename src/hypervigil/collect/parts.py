"""The answers that one fact is made from, as its recipe asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.collect.answers import Answer
from hypervigil.collect.failures import Failure
from hypervigil.collect.naming import described
from hypervigil.collect.readers import registry_values
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.outcome import Cause


class UnavailableError(Exception):
    """A part that the fact can not be made without is not there: why, and the answer that says so (if any)."""

    def __init__(self, failure: Failure, answer: Answer | None = None) -> None:
        super().__init__(failure.detail)
        self.failure = failure
        self.answer = answer


class Parts:
    """One answer (or none) for each read of a fact. Keeps account of what was used, and of what was missed."""

    def __init__(self, fact: type[Fact], chosen: Sequence[Answer | None]) -> None:
        self.fact = fact
        self.chosen = tuple(chosen)
        self.used: list[Answer] = []
        self.remarks: list[str] = []

    def failure(self, number: int) -> Failure | None:
        """Why the read failed, where it did."""
        answer = self.chosen[number]
        return answer.failure if answer is not None else None

    def use(self, number: int) -> None:
        """Count the read among those that the fact is made from, without its objects."""
        answer = self.chosen[number]
        if answer is not None and answer not in self.used:
            self.used.append(answer)

    def needed(self, number: int) -> tuple[object, ...]:
        """The objects of a read that the fact can not do without.

        Raises:
            UnavailableError: there is no answer, or the command failed.
        """
        answer = self.chosen[number]
        if answer is None:
            what = described(self.fact.INFO.reads[number])
            raise UnavailableError(Failure(Cause.NOT_COLLECTED, f"no file holds {what}"))
        if answer.failure is not None:
            raise UnavailableError(answer.failure, answer)
        self.use(number)
        return answer.objects

    def optional(self, number: int) -> tuple[object, ...] | None:
        """The objects of a read that sharpens the fact; None, and a remark, where they are not there."""
        try:
            return self.needed(number)
        except UnavailableError as error:
            what = described(self.fact.INFO.reads[number])
            missing = error.failure.cause is Cause.NOT_COLLECTED
            self.remarks.append(f"without {what}" if missing else f"without {what}: {error.failure.detail}")
            return None

    def registry(self, number: int) -> dict[str, RegistryValue]:
        """All registry values of a read, by field.

        Raises:
            UnavailableError: a value is not in the export.
            UnreadableError: the export is not what it should be.
        """
        values = registry_values.registry_values(self.needed(number))
        reads = self.fact.INFO.reads[number].registry
        missing = [read for read in reads if registry_values.place(read) not in values]
        if missing:
            detail = f"the export does not say how HKLM\\{missing[0].key}, {missing[0].name} stands"
            raise UnavailableError(Failure(Cause.NOT_COLLECTED, detail), self.chosen[number])
        return {read.field: values[registry_values.place(read)] for read in reads}

    def optional_registry(self, number: int) -> dict[str, RegistryValue]:
        """Those registry values of a read that are there, by field; a remark where one is not."""
        objects = self.optional(number)
        if objects is None:
            return {}
        values = registry_values.registry_values(objects)
        reads = self.fact.INFO.reads[number].registry
        return {
            read.field: values[registry_values.place(read)] for read in reads if registry_values.place(read) in values
        }
