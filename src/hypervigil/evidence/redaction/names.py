"""Pseudonyms for names: one table for a bundle, whatever the name is of, so that equal names stay equal everywhere.

A VM, the computer in it, its account and its role in the cluster often bear one name, and judgement compares them. So a
name has one pseudonym; what it was first met as decides what that looks like. Case does not matter, and pseudonyms are
in lower case: whoever compares without case, or with the lower-case form, sees what held before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator

_DIGITS = 4
_LETTERS = 10
"""Characters of a pseudonym that is made with a lasting key: 50 bits. Should two names of a bundle meet, the later one
gets another."""


class Names:
    """Names and their pseudonyms. First every name is ``met``; after ``settle`` each has its pseudonym."""

    def __init__(self, key: bytes, *, lasting: bool) -> None:
        self._key = key
        self._lasting = lasting
        self._met: dict[str, tuple[str, str]] = {}
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._settled = False

    def pseudonym(self, kind: str, name: str) -> str:
        """The pseudonym of a name; before ``settle``, the name itself, which is remembered."""
        folded = name.casefold()
        if not folded.strip():
            return name
        self._met.setdefault(folded, (kind, name))
        if not self._settled:
            return name
        given = self._given.get(folded)
        return given if given is not None else self._give(folded, self._met[folded][0])

    def settle(self) -> None:
        """All names are known now: no pseudonym will be one of them."""
        self._settled = True
        for folded, (kind, _) in self._met.items():
            self._give(folded, kind)

    def known(self, name: str) -> bool:
        """Whether the name was met."""
        return name.casefold() in self._met

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """What each was first met as, the name as it was then written, and its pseudonym."""
        return (
            (kind, name, self._given[folded]) for folded, (kind, name) in self._met.items() if folded in self._given
        )

    def _give(self, folded: str, kind: str) -> str:
        for attempt in range(1_000_000):
            made = self._lasting_pseudonym(folded, attempt) if self._lasting else self._next(kind)
            if made not in self._taken and made not in self._met:
                break
        else:  # pragma: no cover  a bundle holds fewer names
            msg = f"no pseudonym is left for a {kind}"
            raise AssertionError(msg)
        self._taken.add(made)
        self._given[folded] = made
        return made

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}{self._counts[kind]:0{_DIGITS}d}"

    def _lasting_pseudonym(self, folded: str, attempt: int) -> str:
        """Without the kind: in another bundle, the same name may first be met as something else."""
        message = f"name {attempt}\n{folded}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, message, hashlib.sha256).digest()
        return f"n{base64.b32encode(digest).decode('ascii')[:_LETTERS].lower()}"
