"""WGC-003: the same local administrator on every node."""

from __future__ import annotations

import msgspec

from hypervigil.controls.workgroup import wgc_003_same_account_everywhere as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import LocalGroups, LocalUser
from hypervigil.evidence.fact import Fact
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from hypervigil.synthetic.moments import MACHINE_SID
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

ALONE = defaults.computer_system(domain=False)
SETUP = account.local_user("hvsetup", 1004)
OFF = msgspec.structs.replace(SETUP, enabled=False)


def members(*rids: int, unread: int = 0) -> LocalGroups:
    """Administrators with these accounts of the machine."""
    group = account.local_group(account.ADMINISTRATORS, *(f"{MACHINE_SID}-{rid}" for rid in rids))
    return account.local_groups(msgspec.structs.replace(group, unread=unread))


def node(groups: LocalGroups, *users: LocalUser, administrator: bool = False) -> tuple[Fact, ...]:
    """A workgroup node with these accounts besides CLIUSR; the built-in Administrator is off unless asked for."""
    built_in = account.local_user("Administrator", 500, enabled=administrator)
    own = account.local_users()
    others = tuple(user for user in own.users if user.rid != 500)
    return (ALONE, msgspec.structs.replace(own, users=(built_in, *others, *users)), groups)


GOOD = node(members(500, 1004), SETUP)

CASES = (
    Case(
        "on both nodes",
        Outcome.REVIEW,
        ("everywhere",),
        nodes={"HV01": GOOD, "HV02": GOOD},
        says="hvsetup is an enabled administrator on all 2 nodes",
    ),
    Case(
        "written in another case, with another RID",
        Outcome.REVIEW,
        ("everywhere",),
        nodes={"HV01": GOOD, "HV02": node(members(1009), account.local_user("HVSETUP", 1009))},
    ),
    Case(
        "the built-in Administrator",
        Outcome.REVIEW,
        ("everywhere", "built_in"),
        nodes={"HV01": node(members(500), administrator=True), "HV02": node(members(500), administrator=True)},
        says="Administrator is the built-in Administrator",
    ),
    Case(
        "both on all nodes",
        Outcome.REVIEW,
        ("everywhere", "everywhere", "built_in"),
        nodes={
            "HV01": node(members(500, 1004), SETUP, administrator=True),
            "HV02": node(members(500, 1004), SETUP, administrator=True),
        },
    ),
    Case(
        "missing on one node",
        Outcome.FAIL,
        ("lacking",),
        nodes={"HV01": GOOD, "HV02": GOOD, "HV03": node(members(500))},
        says="hvsetup comes closest: on HV03 it does not exist.",
    ),
    Case(
        "disabled on one node",
        Outcome.FAIL,
        ("lacking",),
        nodes={"HV01": GOOD, "HV02": node(members(500, 1004), OFF), "HV03": GOOD},
        says="on HV02 it is disabled.",
    ),
    Case(
        "without its group on two nodes",
        Outcome.FAIL,
        ("lacking",),
        nodes={"HV01": GOOD, "HV02": GOOD, "HV03": node(members(500), SETUP), "HV04": node(members(), SETUP)},
        says="on HV03 it is no member of Administrators; on HV04 it is no member of Administrators.",
    ),
    Case(
        "two nodes, two names",
        Outcome.FAIL,
        ("nothing_in_common",),
        nodes={"HV01": GOOD, "HV02": node(members(1005), account.local_user("other", 1005))},
        says="hvsetup on HV01; other on HV02.",
    ),
    Case(
        "the built-in Administrator was renamed on one node",
        Outcome.FAIL,
        ("nothing_in_common",),
        nodes={
            "HV01": node(members(500), administrator=True),
            "HV02": (
                ALONE,
                msgspec.structs.replace(account.local_users(), users=(account.local_user("root", 500),)),
                members(500),
            ),
        },
        says="Administrator on HV01; root on HV02.",
    ),
    Case(
        "CLIUSR is everywhere and no administrator",
        Outcome.FAIL,
        ("nothing_in_common",),
        nodes={"HV01": node(members()), "HV02": node(members())},
        says="none on HV01; none on HV02.",
    ),
    Case(
        "a member that could not be named, on the node where it counts",
        Outcome.UNKNOWN,
        ("group_unread",),
        nodes={"HV01": GOOD, "HV02": node(members(500, unread=1), SETUP)},
        cause=Cause.NOT_IN_SOURCE,
        says="on HV02.",
    ),
    Case(
        "a member that could not be named, where the account is disabled anyway",
        Outcome.FAIL,
        ("nothing_in_common",),
        nodes={"HV01": GOOD, "HV02": node(members(500, unread=1), OFF)},
    ),
    Case(
        "the group itself was not read",
        Outcome.UNKNOWN,
        ("group_unread",),
        nodes={"HV01": GOOD, "HV02": node(account.local_groups(account.local_group("S-1-5-32-578")), SETUP)},
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("one node", Outcome.REVIEW, ("everywhere",), nodes={"HV01": GOOD}),
    Case(
        "one of three was not read: the question stays",
        Outcome.REVIEW,
        ("everywhere",),
        nodes={"HV01": GOOD, "HV02": GOOD, "HV03": GOOD},
        gaps={"local_groups@HV03": Cause.ACCESS_DENIED},
        says="all 2 nodes that were seen",
    ),
    Case(
        "accounts of one node, groups of the other",
        Outcome.UNKNOWN,
        ("nowhere_both",),
        nodes={"HV01": GOOD, "HV02": GOOD},
        gaps={"local_groups@HV01": Cause.TIMED_OUT, "local_users@HV02": Cause.ACCESS_DENIED},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "a domain cluster",
        Outcome.NOT_APPLICABLE,
        ("joined",),
        nodes={"HV01": (defaults.computer_system(), *GOOD[1:]), "HV02": (defaults.computer_system(), *GOOD[1:])},
    ),
    Case(
        "a domain cluster as far as it was seen",
        Outcome.UNKNOWN,
        nodes={"HV01": (defaults.computer_system(), *GOOD[1:]), "HV02": GOOD},
        gaps={"computer_system@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "groups were collected nowhere",
        Outcome.UNKNOWN,
        nodes={"HV01": GOOD, "HV02": GOOD},
        gaps={"local_groups": Cause.NOT_COLLECTED},
        cause=Cause.NOT_COLLECTED,
    ),
)
