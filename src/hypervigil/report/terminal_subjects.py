"""How a terminal calls a set of subjects: by few names, by a number, and pairs of nodes by their ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypervigil.model.subject import Scope
from hypervigil.model.wording import few
from hypervigil.report.terminal_lines import number_of, plain

NAMED = 6
"""So many subjects are named; of more, the number is."""
NAMED_ENDS = 3
"""So many sources, or destinations, of pairs are named."""

_ARROW = " → "
_NOUNS = {Scope.PAIR: "ordered pair", Scope.VM: "VM", Scope.DC: "DC"}


def counted(scope: Scope, count: int) -> str:
    """Such as: 3 ordered pairs."""
    return number_of(count, _NOUNS.get(scope, scope.value))


def named(names: Iterable[str], scope: Scope, everything: int) -> str:
    """The subjects with these names, of ``everything`` that there is: all of them, or by name."""
    unique = list(dict.fromkeys(plain(name) for name in names))
    if len(unique) == everything > 1:
        return f"all {counted(scope, everything)}"
    if scope is Scope.PAIR and all(_ARROW in name for name in unique):
        return _pairs([_ends(name) for name in unique])
    return _listed(unique)


def _ends(name: str) -> tuple[str, str]:
    source, _, destination = name.partition(_ARROW)
    return source, destination


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """By source, or by destination where that is shorter."""
    by_source: dict[str, list[str]] = {}
    by_destination: dict[str, list[str]] = {}
    for source, destination in pairs:
        by_source.setdefault(source, []).append(destination)
        by_destination.setdefault(destination, []).append(source)
    if len(by_source) <= len(by_destination):
        parts = [(len(ends), f"{source}{_ARROW}{_listed(ends)}") for source, ends in by_source.items()]
    else:
        parts = [(len(ends), f"{_listed(ends)}{_ARROW}{destination}") for destination, ends in by_destination.items()]
    shown = parts[:NAMED_ENDS]
    left = len(pairs) - sum(count for count, _ in shown)
    texts = [text for _, text in shown]
    return "; ".join([*texts, f"{left} more"] if left else texts)


def _listed(names: Sequence[str]) -> str:
    return few(names, NAMED)
