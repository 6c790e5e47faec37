"""What two sources say together of one subject that both know."""

from __future__ import annotations

from hypervigil.evidence.evidence import Gap, Known
from hypervigil.model.outcome import Cause


def agreed(one: Known | Gap, other: Known | Gap) -> Known | Gap:
    """What two documents say together of an item that both list.

    Where both have the fact and it is the same, the first one's. A fact beats a gap, for one node may see what another
    could not. What they disagree on is a gap (conflicting), and stays one whatever a third document says.
    """
    match one, other:
        case Known(fact=mine), Known(fact=theirs):
            if mine == theirs:
                return one
            detail = f"{one.document} and {other.document} differ in {', '.join(differing(one, other))}"
            return Gap(mine.INFO.name, Cause.CONFLICTING, detail, document=one.document)
        case Gap(cause=cause), Known():
            return one if cause is Cause.CONFLICTING else other
        case _, Gap(cause=Cause.CONFLICTING):
            return one if isinstance(one, Gap) and one.cause is Cause.CONFLICTING else other
    return one


def differing(one: Known, other: Known) -> tuple[str, ...]:
    """The fields in which two facts of one type differ."""
    mine, theirs = one.fact, other.fact
    return tuple(name for name in mine.__struct_fields__ if getattr(mine, name) != getattr(theirs, name))
