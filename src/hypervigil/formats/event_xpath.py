"""Which events an XPath expression of the Windows event log takes, as far as provider and id decide it.

The event log knows a subset of XPath 1.0 (MicrosoftDocs/win32, ``desktop-src/WES/consuming-events.md``). Here it is
followed in three values: what looks at anything else than ``System/Provider/@Name`` and ``System/EventID`` is neither
true nor false, so that a verdict never rests on a guess about event data.
"""

from __future__ import annotations

import re
from collections.abc import Callable

TRI = bool | None
KNOWN = {
    "*": ("",),
    "Event": ("",),
    "System": ("*", "Event"),
    "Provider": ("System",),
    "EventID": ("System",),
    "@Name": ("Provider",),
}
"""Steps that are followed, by what they must stand under; all else is event data of another kind."""
DEEPEST = 60
"""Nested brackets that are followed; what is deeper is not decided. The event log itself takes some 20 terms."""
_TOKEN = re.compile(
    r"\s*(?:(?P<string>'[^']*'|\"[^\"]*\")|(?P<number>0[xX][0-9A-Fa-f]+|\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.:-]*)"
    r"|(?P<mark><=|>=|!=|[=<>()\[\]@/*,|]))"
)
_NUMBER = re.compile(r"[0-9]{1,10}")
_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def takes(xpath: str, provider: str, event_id: int) -> bool | None:
    """Whether the expression takes events of this provider and id.

    None where other data decides, or the expression can not be followed.
    """
    tokens = _tokens(xpath)
    if tokens is None:
        return None
    reader = _Reader(tokens, provider, event_id)
    try:
        value = reader.either(0)
    except _UnreadableError:
        return None
    return value if reader.done else None


def takes_all(xpath: str) -> bool:
    """Whether the expression is the one for every event of a channel."""
    return "".join(xpath.split()) in ("*", "Event", "Event/*")


def _tokens(text: str) -> list[str] | None:
    found: list[str] = []
    text = text.strip()
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            return None
        found.append(match.group(match.lastgroup or 0))
        place = match.end()
    return found


def _both(one: TRI, other: TRI) -> TRI:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _any(one: TRI, other: TRI) -> TRI:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


class _UnreadableError(Exception):
    """The expression is not one that this module follows."""


class _Reader:
    """Recursive descent over the tokens; each method gives the value of what it read."""

    def __init__(self, tokens: list[str], provider: str, event_id: int) -> None:
        self.tokens = tokens
        self.place = 0
        self.provider = provider
        self.event_id = event_id

    @property
    def done(self) -> bool:
        return self.place == len(self.tokens)

    def either(self, depth: int, under: str = "") -> TRI:
        """Terms joined by ``or``."""
        value = self._all_of(depth, under)
        while self._taken("or"):
            value = _any(value, self._all_of(depth, under))
        return value

    def _all_of(self, depth: int, under: str) -> TRI:
        value = self._term(depth, under)
        while self._taken("and"):
            value = _both(value, self._term(depth, under))
        return value

    def _term(self, depth: int, under: str) -> TRI:
        """A bracket, a negation, a function, or a path with its comparison."""
        if depth > DEEPEST:
            raise _UnreadableError
        if self._taken("("):
            value = self.either(depth + 1, under)
            self._need(")")
            return value
        if self._peek(1) == "(":
            return self._function(depth, under)
        return self._path(depth, under)

    def _function(self, depth: int, under: str) -> TRI:
        """``not(...)``; any other one looks at data that is not known here."""
        if self._next() == "not":
            self._need("(")
            value = self.either(depth + 1, under)
            self._need(")")
            return None if value is None else not value
        opened = 0
        while True:
            mark = self._next()
            opened += {"(": 1, ")": -1}.get(mark, 0)
            if not opened:
                break
        self._comparison()
        return None

    def _path(self, depth: int, under: str) -> TRI:
        """Steps such as ``*``, ``System``, ``Provider[@Name='x']``, ``EventID``, each with its predicates."""
        value: TRI = True
        known = True
        while True:
            step = ("@" if self._taken("@") else "") + self._next()
            if not re.fullmatch(r"\*|@?[A-Za-z_][\w.:-]*", step):
                raise _UnreadableError
            known = known and under in KNOWN.get(step, ())
            while self._taken("["):
                value = _both(value, self.either(depth + 1, step))
                self._need("]")
            under = step
            if not self._taken("/"):
                break
        compared = self._comparison()
        if not known:
            return None
        return value if compared is None else _both(value, self._compare(step, *compared))

    def _compare(self, step: str, sign: str, operand: str) -> TRI:
        text = operand.strip("'\"")
        if step == "EventID":
            return _COMPARISONS[sign](self.event_id, int(text)) if _NUMBER.fullmatch(text) else None
        if step == "@Name" and sign in ("=", "!="):
            return (text.casefold() == self.provider.casefold()) is (sign == "=")
        return None

    def _comparison(self) -> tuple[str, str] | None:
        if self._peek() not in _COMPARISONS:
            return None
        return self._next(), self._next()

    def _peek(self, ahead: int = 0) -> str | None:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def _next(self) -> str:
        if self.done:
            raise _UnreadableError
        self.place += 1
        return self.tokens[self.place - 1]

    def _taken(self, mark: str) -> bool:
        if self._peek() != mark:
            return False
        self.place += 1
        return True

    def _need(self, mark: str) -> None:
        if not self._taken(mark):
            raise _UnreadableError
