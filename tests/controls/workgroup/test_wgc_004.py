"""WGC-004: filtered tokens of local administrators."""

from __future__ import annotations

import msgspec

from hypervigil.controls.workgroup import wgc_004_token_filter as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import LocalUsers
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ALONE = defaults.computer_system(domain=False)
SETUP = account.local_user("hvsetup", 1004)


def users(*names: str, administrator: bool = True) -> LocalUsers:
    """The built-in accounts, that of the cluster, and these."""
    more = (account.local_user(name, 1003 + place) for place, name in enumerate(names, start=1))
    own = account.local_users(*more)
    built_in = account.local_user("Administrator", 500, enabled=administrator)
    return msgspec.structs.replace(own, users=(built_in, *(user for user in own.users if user.rid != 500)))


CASES = (
    Case(
        "1, with an account of one's own (supplement 9: required by the product)",
        Outcome.PASS,
        ("needed", "price"),
        node=(ALONE, account.remote_uac(dword(1)), users("hvsetup", administrator=False)),
        says="opens every node",
    ),
    Case(
        "1, with the built-in Administrator beside it",
        Outcome.REVIEW,
        ("maybe_needed", "price"),
        node=(ALONE, account.remote_uac(dword(1)), users("hvsetup", "backup")),
        says="hvsetup, backup",
    ),
    Case(
        "1, with the built-in Administrator alone",
        Outcome.REVIEW,
        ("not_needed", "price"),
        node=(ALONE, account.remote_uac(dword(1)), users()),
    ),
    Case(
        "absent, with the built-in Administrator alone",
        Outcome.PASS,
        ("built_in",),
        node=(ALONE, account.remote_uac(ABSENT), users()),
        says="filtered (absent)",
    ),
    Case(
        "0, with the built-in Administrator alone",
        Outcome.PASS,
        ("built_in", "forced"),
        node=(ALONE, account.remote_uac(dword(0)), users()),
        says="filtered (0)",
    ),
    Case(
        "absent, with both",
        Outcome.REVIEW,
        ("maybe_missing",),
        node=(ALONE, account.remote_uac(ABSENT), users("hvsetup")),
        says="hvsetup would be let in without rights",
    ),
    Case(
        "0 forced on a node with an account of one's own (supplement 9: remote set-up breaks)",
        Outcome.FAIL,
        ("missing", "forced"),
        node=(ALONE, account.remote_uac(dword(0)), users("hvsetup", administrator=False)),
        says="(hvsetup)",
    ),
    Case(
        "absent, with an account of one's own",
        Outcome.FAIL,
        ("missing",),
        node=(ALONE, account.remote_uac(ABSENT), users("hvsetup", administrator=False)),
    ),
    Case(
        "absent, and CLIUSR is all that is enabled",
        Outcome.FAIL,
        ("missing",),
        node=(ALONE, account.remote_uac(ABSENT), users(administrator=False)),
        says="(there is none besides)",
    ),
    Case(
        "a disabled account does not count",
        Outcome.PASS,
        ("built_in",),
        node=(
            ALONE,
            account.remote_uac(ABSENT),
            account.local_users(msgspec.structs.replace(SETUP, enabled=False)),
        ),
    ),
    Case(
        "another number",
        Outcome.REVIEW,
        ("odd",),
        node=(ALONE, account.remote_uac(dword(2)), users()),
        confidence=Confidence.UNVERIFIED,
    ),
    Case(
        "1 as text is no 1",
        Outcome.REVIEW,
        ("odd",),
        node=(ALONE, account.remote_uac(RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")), users()),
        says="'1' (REG_SZ)",
    ),
    Case(
        "access denied",
        Outcome.UNKNOWN,
        ("denied",),
        node=(ALONE, account.remote_uac(DENIED), users()),
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "a list without RID 500",
        Outcome.UNKNOWN,
        ("no_built_in",),
        node=(ALONE, account.remote_uac(ABSENT), LocalUsers(users=(SETUP,))),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "a domain member",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        node=(defaults.computer_system(), account.remote_uac(dword(1)), users()),
    ),
    Case(
        "accounts were not read",
        Outcome.UNKNOWN,
        node=(ALONE, account.remote_uac(dword(1))),
        cause=Cause.NOT_COLLECTED,
    ),
)
