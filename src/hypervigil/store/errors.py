"""The one error of this package."""

from __future__ import annotations

from hypervigil.model.errors import InputError


class BundleError(InputError):
    """A bundle that can not be read or written.

    ``bundle`` is its path, ``place`` the document or member in it (empty for the bundle as a whole), ``problem`` what
    is wrong, ``remedy`` what to do about it. ``not_a_bundle`` tells something else from a bundle that is damaged.
    """

    def __init__(
        self, bundle: object, problem: str, *, place: str = "", remedy: str = "", not_a_bundle: bool = False
    ) -> None:
        super().__init__(problem)
        self.bundle = str(bundle)
        self.place = place
        self.problem = problem
        self.remedy = remedy
        self.not_a_bundle = not_a_bundle

    def __str__(self) -> str:
        where = f"{self.bundle}: {self.place}" if self.place else self.bundle
        return f"{where}: {self.problem}." + (f" {self.remedy}" if self.remedy else "")
