"""WGC-009: age and minimum length of the shared account's password."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.workgroup import wgc_009_password_rotated as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import LocalUser, LocalUsers
from hypervigil.evidence.fact import Fact
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ALONE = defaults.computer_system(domain=False)
DAY, SECOND = datetime.timedelta(days=1), datetime.timedelta(seconds=1)


def users(*extra: LocalUser, **changes: Any) -> LocalUsers:
    """The built-in Administrator with these fields, Guest disabled, CLIUSR with a very old password, and these."""
    return LocalUsers(
        users=(
            account.local_user("Administrator", 500, **changes),
            account.local_user("Guest", 501, enabled=False, password_required=False),
            account.local_user("CLIUSR", 1002, password_last_set=AT - 900 * DAY),
            *extra,
        )
    )


def node(users: LocalUsers, **policy: Any) -> tuple[Fact, ...]:
    return (ALONE, users, account.password_policy(**policy))


def aged(age: datetime.timedelta) -> LocalUsers:
    return users(password_last_set=AT - age)


GOOD = node(users())

CASES = (
    Case(
        "twelve days, minimum 14",
        Outcome.PASS,
        ("fresh", "minimum", "never_read"),
        node=GOOD,
        collected=AT,
        confidence=Confidence.INFERRED,
        says="Administrator is 12 days old. A minimum length of 14",
    ),
    Case(
        "seventy days to the second",
        Outcome.PASS,
        ("fresh", "minimum", "never_read"),
        node=node(aged(70 * DAY)),
        collected=AT,
        says="70 days old",
    ),
    Case(
        "a second more",
        Outcome.FAIL,
        ("stale", "minimum", "never_read"),
        node=node(aged(70 * DAY + SECOND)),
        collected=AT,
        confidence=Confidence.DOCUMENTED,
        says="70 days old, 70 at most",
    ),
    Case(
        "set at the moment of the evidence",
        Outcome.PASS,
        ("fresh", "minimum", "never_read"),
        node=node(aged(0 * DAY)),
        collected=AT,
    ),
    Case(
        "set after it",
        Outcome.REVIEW,
        ("ahead", "minimum", "never_read"),
        node=node(aged(-SECOND)),
        collected=AT,
    ),
    Case(
        "each account by itself",
        Outcome.FAIL,
        ("fresh", "stale", "minimum", "never_read"),
        node=node(users(account.local_user("hvsetup", 1004, password_last_set=AT - 400 * DAY))),
        collected=AT,
        says="hvsetup is 400 days old",
    ),
    Case(
        "disabled ones do not count",
        Outcome.PASS,
        ("fresh", "minimum", "never_read"),
        node=node(users(account.local_user("old", 1004, enabled=False, password_last_set=AT - 400 * DAY))),
        collected=AT,
    ),
    Case(
        "no password needed",
        Outcome.FAIL,
        ("unbound", "fresh", "minimum", "never_read"),
        node=node(users(password_required=False)),
        collected=AT,
    ),
    Case(
        "whether one is needed was not read",
        Outcome.UNKNOWN,
        ("bound_unseen", "fresh", "minimum", "never_read"),
        node=node(users(password_required=None)),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no date",
        Outcome.UNKNOWN,
        ("age_unseen", "minimum", "never_read"),
        node=node(users(password_last_set=None)),
        collected=AT,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no minimum, as on a stand-alone server",
        Outcome.FAIL,
        ("fresh", "too_short", "never_read"),
        node=node(users(), minimum_length=0),
        collected=AT,
        says="in force is 0, 14 or more",
    ),
    Case(
        "a minimum of 13",
        Outcome.FAIL,
        ("fresh", "too_short", "never_read"),
        node=node(users(), minimum_length=13),
        collected=AT,
    ),
    Case(
        "a minimum of 20, which 2022 and later can have",
        Outcome.PASS,
        ("fresh", "minimum", "never_read"),
        node=node(users(), minimum_length=20),
        collected=AT,
    ),
    Case(
        "the minimum is not in the policy that was read",
        Outcome.UNKNOWN,
        ("fresh", "minimum_unseen", "never_read"),
        node=node(users(), minimum_length=None),
        collected=AT,
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "the policy could not be read",
        Outcome.UNKNOWN,
        ("fresh", "minimum_unseen", "never_read"),
        node=GOOD,
        gaps={"password_policy": Cause.ACCESS_DENIED},
        collected=AT,
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "an old password stands without the policy",
        Outcome.FAIL,
        ("stale", "minimum_unseen", "never_read"),
        node=node(aged(300 * DAY)),
        gaps={"password_policy": Cause.ACCESS_DENIED},
        collected=AT,
    ),
    Case(
        "nothing says when",
        Outcome.UNKNOWN,
        ("undated", "minimum", "never_read"),
        node=GOOD,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no minimum stands without a date",
        Outcome.FAIL,
        ("undated", "too_short", "never_read"),
        node=node(users(), minimum_length=0),
    ),
    Case(
        "nobody but CLIUSR",
        Outcome.NOT_APPLICABLE,
        ("nobody",),
        node=node(users(enabled=False)),
        collected=AT,
    ),
    Case(
        "a domain member",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), *GOOD[1:]),
        collected=AT,
    ),
    Case(
        "accounts were not read",
        Outcome.UNKNOWN,
        node=(ALONE, account.password_policy()),
        collected=AT,
        cause=Cause.NOT_COLLECTED,
    ),
)
