"""IDN-014: who administers the hosts."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.identity import idn_014_local_administrators as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.accounts import GroupMember, LocalGroup, LocalGroups
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic.moments import DOMAIN_SID, MACHINE_SID
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

OTHER_MACHINE = "S-1-5-21-777-888-999"
KEPT = account.local_groups()
HYPER_V = account.local_group(account.HYPER_V_ADMINISTRATORS, account.ADMINS)


def member(name: str, rid: int, kind: str | None = "User", domain: str = DOMAIN_SID, **changes: Any) -> GroupMember:
    return GroupMember(sid=f"{domain}-{rid}", name=name, kind=kind, **changes)


def also(*members: str | GroupMember, hyper_v: LocalGroup | None = HYPER_V, unread: int = 0) -> tuple[LocalGroups, ...]:
    """The two groups, Administrators with these besides."""
    group = account.local_group(account.ADMINISTRATORS, f"{MACHINE_SID}-500", account.ADMINS, *members)
    group = LocalGroup(sid=group.sid, members=group.members, unread=unread)
    return (LocalGroups(groups=(group, *((hyper_v,) if hyper_v else ()))),)


def both(*facts: LocalGroups) -> dict[str, tuple[LocalGroups, ...]]:
    return {f"HV{place:02d}": (fact,) for place, fact in enumerate(facts, start=1)}


def local(machine: str, *names: str) -> LocalGroups:
    """A node of a workgroup, with local accounts from RID 1001 on."""
    own = (member(name, 1001 + place, domain=machine, source="Local") for place, name in enumerate(names))
    administrator = member("HV\\Administrator", 500, domain=machine, source="Local")
    return LocalGroups(
        groups=(
            account.local_group(account.ADMINISTRATORS, administrator, *own),
            account.local_group(account.HYPER_V_ADMINISTRATORS),
        )
    )


CASES = (
    Case(
        "groups and the built-in Administrator, the same on both",
        Outcome.PASS,
        ("kept",),
        nodes=both(KEPT, KEPT),
        says="Administrator, CONTOSO\\HV-Hosts",
    ),
    Case("one node", Outcome.PASS, ("kept",), node=(KEPT,), says="all 1 nodes"),
    Case(
        "the built-in Administrator has another SID on every node",
        Outcome.PASS,
        ("kept",),
        nodes=both(local(MACHINE_SID), local(OTHER_MACHINE)),
    ),
    Case(
        "known by the node's name where the source of a member was not read",
        Outcome.PASS,
        ("kept",),
        nodes=both(
            local(MACHINE_SID),
            LocalGroups(
                groups=(
                    account.local_group(
                        account.ADMINISTRATORS, member("HV02\\Administrator", 500, None, OTHER_MACHINE)
                    ),
                    account.local_group(account.HYPER_V_ADMINISTRATORS),
                )
            ),
        ),
    ),
    Case(
        "Domain Admins and a service of the node, kinds not read",
        Outcome.PASS,
        ("kept",),
        node=also(member("CONTOSO\\Domänen-Admins", 512, None), "S-1-5-80-1-2-3-4-5"),
    ),
    Case("domain users", Outcome.FAIL, ("crowd",), node=also(f"{DOMAIN_SID}-513"), says="all users of a domain"),
    Case(
        "authenticated users among Hyper-V Administrators",
        Outcome.FAIL,
        ("crowd",),
        node=also(hyper_v=account.local_group(account.HYPER_V_ADMINISTRATORS, "S-1-5-11")),
        says="Hyper-V Administrators holds all authenticated users (S-1-5-11) on HV01",
    ),
    Case("the local Guest", Outcome.FAIL, ("crowd",), node=also(f"{MACHINE_SID}-501"), says="a Guest account"),
    Case(
        "a group on one node only",
        Outcome.FAIL,
        ("different",),
        nodes=both(KEPT, *also(member("CONTOSO\\Backup", 1700, "Group")), KEPT),
        says="Administrators holds CONTOSO\\Backup on HV02, and not on HV01, HV03",
    ),
    Case(
        "a local account of one node only",
        Outcome.FAIL,
        ("different", "single"),
        nodes=both(local(MACHINE_SID, "HV01\\setup"), local(OTHER_MACHINE)),
    ),
    Case(
        "a group on one node only, and the members of the other were not all read",
        Outcome.UNKNOWN,
        ("unread",),
        nodes=both(*also(member("CONTOSO\\Backup", 1700, "Group")), *also(unread=1)),
        cause=Cause.UNPARSABLE,
        says="1 members on HV02",
    ),
    Case(
        "the same local account on both nodes of a workgroup cluster",
        Outcome.REVIEW,
        ("single",),
        nodes=both(local(MACHINE_SID, "HV01\\clusteradmin"), local(OTHER_MACHINE, "HV02\\ClusterAdmin")),
        says="HV01\\clusteradmin",
    ),
    Case(
        "a person of the domain",
        Outcome.REVIEW,
        ("single",),
        node=also(member("CONTOSO\\jdoe", 1234)),
        says="CONTOSO\\jdoe",
    ),
    Case(
        "the Administrator of the domain is no local one",
        Outcome.REVIEW,
        ("single",),
        node=also(member("CONTOSO\\Administrator", 500)),
    ),
    Case("a management server", Outcome.REVIEW, ("computer",), node=also(member("CONTOSO\\VMM01$", 1500, None))),
    Case("an account that is gone", Outcome.REVIEW, ("nameless",), node=also(f"{DOMAIN_SID}-4711")),
    Case(
        "a local account that is gone",
        Outcome.REVIEW,
        ("nameless",),
        node=also(f"{MACHINE_SID}-1009"),
        says=f"{MACHINE_SID}-1009",
    ),
    Case(
        "a group of another domain",
        Outcome.REVIEW,
        ("domains",),
        node=also(member("FABRIKAM\\Server-Admins", 1106, "Group", "S-1-5-21-5-6-7")),
        says="2 domains (CONTOSO\\HV-Hosts, FABRIKAM\\Server-Admins)",
    ),
    Case(
        "kind not read",
        Outcome.UNKNOWN,
        ("kind_unseen",),
        node=also(member("CONTOSO\\Betrieb", 1400, None)),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "no Hyper-V Administrators listed",
        Outcome.UNKNOWN,
        ("group_unseen",),
        node=also(hyper_v=None),
        cause=Cause.NOT_IN_SOURCE,
        says="on HV01",
    ),
    Case(
        "one node missing, the other kept",
        Outcome.UNKNOWN,
        ("kept",),
        nodes=both(KEPT, KEPT),
        gaps={"local_groups@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case("nothing collected", Outcome.UNKNOWN, nodes={"HV01": ()}, cause=Cause.NOT_COLLECTED),
)
