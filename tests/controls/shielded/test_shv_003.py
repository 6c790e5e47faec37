"""SHV-003: copies of guardian keys, and how long the keys last."""

from __future__ import annotations

import datetime
import functools
from typing import Any

import msgspec

from hypervigil.controls.shielded import shv_003_copies_of_keys as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.shielding import Guardians
from hypervigil.model.context import Context, KeyCopy, Shielding
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

A, B = "AA" * 20, "BB" * 20


def keys(*thumbprints: str, days: float = 3000, **changes: Any) -> Guardians:
    """Keys that last for so many days after the evidence; ``changes`` are fields of each of them."""
    made = fabric.guardians(*thumbprints).keys if thumbprints else ()
    end = {"not_after": AT + datetime.timedelta(days=days), **changes}
    return fabric.guardians(keys=tuple(msgspec.structs.replace(key, **end) for key in made))


def nodes(*guardians: Guardians) -> dict[str, tuple[Fact, ...]]:
    return {f"HV{place:02d}": (fact,) for place, fact in enumerate(guardians, start=1)}


def declared(*thumbprints: str, expires: datetime.date | None = None) -> Context:
    copies = tuple(KeyCopy(thumbprint=each, kept_at="Safe", expires=expires) for each in thumbprints)
    return Context(file="context.toml", shielding=Shielding(key_copies=copies))


OfCluster = functools.partial(Case, collected=AT)

CASES = (
    OfCluster(
        "copies of both keys, good for years",
        Outcome.PASS,
        ("copied",),
        nodes=nodes(keys(A), keys(B, A)),
        context=declared(A, B.lower()),
        says="each of the 2 guardian keys; the first of them ends on 2035-02-02",
    ),
    OfCluster(
        "no keys",
        Outcome.NOT_APPLICABLE,
        ("no_key",),
        nodes=nodes(keys(), keys()),
    ),
    OfCluster(
        "certificates without a private key need no copy",
        Outcome.NOT_APPLICABLE,
        ("no_key",),
        nodes=nodes(keys(A, has_private_key=False)),
        context=declared(),
    ),
    OfCluster(
        "a key without a copy",
        Outcome.FAIL,
        ("no_copy",),
        nodes=nodes(keys(A), keys(B)),
        context=declared(A),
        says=f"{B} (CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)), which lies on HV02",
    ),
    OfCluster(
        "declared: there is no copy at all; a second node is none",
        Outcome.FAIL,
        ("no_copy",),
        nodes=nodes(keys(A), keys(A)),
        context=declared(),
        says="lies on HV01, HV02",
    ),
    OfCluster("91 days", Outcome.PASS, ("copied",), nodes=nodes(keys(A, days=91)), context=declared(A)),
    OfCluster(
        "90 days",
        Outcome.REVIEW,
        ("ends_soon",),
        nodes=nodes(keys(A, days=90)),
        context=declared(A),
        says="ends on 2027-02-14",
    ),
    OfCluster("its last day", Outcome.REVIEW, ("ends_soon",), nodes=nodes(keys(A, days=0)), context=declared(A)),
    OfCluster(
        "the day after",
        Outcome.FAIL,
        ("ended",),
        nodes=nodes(keys(A, days=-1)),
        context=declared(A),
        says="ended on 2026-11-15",
    ),
    OfCluster(
        "the declared copy ends before the certificate of the host",
        Outcome.FAIL,
        ("ended",),
        nodes=nodes(keys(A)),
        context=declared(A, expires=datetime.date(2026, 1, 31)),
        says="ended on 2026-01-31",
    ),
    OfCluster(
        "the declared copy ends later: the host's certificate counts",
        Outcome.REVIEW,
        ("ends_soon",),
        nodes=nodes(keys(A, days=10)),
        context=declared(A, expires=datetime.date(2040, 1, 31)),
    ),
    OfCluster(
        "nobody declares anything",
        Outcome.UNKNOWN,
        ("not_declared",),
        nodes=nodes(keys(A)),
        cause=Cause.NOT_COLLECTED,
    ),
    OfCluster(
        "nobody declares copies",
        Outcome.UNKNOWN,
        ("not_declared",),
        nodes=nodes(keys(A)),
        context=Context(file="context.toml", shielding=Shielding(separate_owners=True)),
        cause=Cause.NOT_COLLECTED,
    ),
    OfCluster(
        "nobody declares copies of a key that has ended",
        Outcome.FAIL,
        ("not_declared", "ended"),
        nodes=nodes(keys(A, days=-1)),
    ),
    OfCluster(
        "evidence without a date",
        Outcome.UNKNOWN,
        ("undated",),
        nodes=nodes(keys(A)),
        context=declared(A),
        collected=None,
        cause=Cause.NOT_IN_SOURCE,
    ),
    OfCluster(
        "a node was not read",
        Outcome.UNKNOWN,
        ("copied",),
        nodes=nodes(keys(A), keys(A)),
        context=declared(A),
        gaps={"guardians@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    OfCluster(
        "a node was not read, another has a key without a copy",
        Outcome.FAIL,
        ("no_copy",),
        nodes=nodes(keys(A), keys(A)),
        context=declared(B),
        gaps={"guardians@HV02": Cause.ACCESS_DENIED},
    ),
)
