"""The one error of this package."""

from __future__ import annotations

from hypervigil.formats.safe_zip import printable
from hypervigil.model.errors import InputError

_LONGEST_PROBLEM = 1_000


class BundleError(InputError):
    """A bundle that can not be read or written.

    ``bundle`` is its path, ``place`` the document or member in it (empty for the bundle as a whole), ``problem`` what
    is wrong, ``expected`` what would have been right (empty where the problem says it), ``remedy`` what to do about it.
    ``not_a_bundle`` tells something else from a bundle that is damaged. The text is safe for a terminal, whatever names
    the bundle holds.
    """

    def __init__(
        self,
        bundle: object,
        problem: str,
        *,
        place: str = "",
        expected: str = "",
        remedy: str = "",
        not_a_bundle: bool = False,
    ) -> None:
        super().__init__(problem)
        self.bundle = str(bundle)
        self.place = place
        self.problem = problem
        self.expected = expected
        self.remedy = remedy
        self.not_a_bundle = not_a_bundle

    def __str__(self) -> str:
        place = f"{printable(self.place)}: " if self.place else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        problem = printable(self.problem, longest=_LONGEST_PROBLEM)
        return f"{printable(self.bundle, longest=_LONGEST_PROBLEM)}: {place}{problem}{expected}. {self.remedy}".rstrip()
