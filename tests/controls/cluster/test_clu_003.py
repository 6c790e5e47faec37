"""CLU-003: who has full access to the cluster."""

from __future__ import annotations

from hypervigil.controls.cluster import clu_003_full_access as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.cluster_objects import ClusterAccess, ClusterAccessEntry, ClusterRights
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic.moments import DOMAIN_SID
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

MSDTC = "S-1-5-80-3960419045-2460139048-4046793004-1809597027-2250574426"


def entry(
    sid: str | None, name: str = "CONTOSO\\Somebody", rights: ClusterRights = ClusterRights.FULL, *, deny: bool = False
) -> ClusterAccessEntry:
    return ClusterAccessEntry(sid=sid, name=name, rights=rights, deny=deny)


def case(name: str, gives: Outcome, because: tuple[str, ...], *extra: ClusterAccessEntry, says: str = "") -> Case:
    return Case(name, gives, because, cluster=(fabric.cluster_access(*extra),), says=says)


def everybody(name: str, sid: str) -> Case:
    return case(name, Outcome.FAIL, ("everybody",), entry(sid, name), says=f"{name} ({sid})")


CASES = (
    case("as it comes", Outcome.PASS, ("stock",), says="BUILTIN\\Administrators and to nobody else"),
    case("MSDTC, too, in German", Outcome.PASS, ("stock",), entry(MSDTC, "NT-DIENST\\MSDTC")),
    everybody("Jeder", "S-1-1-0"),
    everybody("Anonymous", "S-1-5-7"),
    everybody("Authenticated Users", "S-1-5-11"),
    everybody("Network", "S-1-5-2"),
    everybody("Interactive", "S-1-5-4"),
    everybody("This Organization", "S-1-5-15"),
    everybody("Users", "S-1-5-32-545"),
    everybody("Guests", "S-1-5-32-546"),
    everybody("Guest", f"{DOMAIN_SID}-501"),
    everybody("Domain Users", f"{DOMAIN_SID}-513"),
    everybody("Domain Guests", f"{DOMAIN_SID}-514"),
    everybody("Domain Computers", f"{DOMAIN_SID}-515"),
    case("an account whose last number only ends alike", Outcome.REVIEW, ("other",), entry(f"{DOMAIN_SID}-1513")),
    case("a group of the domain", Outcome.REVIEW, ("other",), entry(f"{DOMAIN_SID}-1105"), says="CONTOSO\\Somebody"),
    case("Domain Admins", Outcome.REVIEW, ("other",), entry(f"{DOMAIN_SID}-512", "CONTOSO\\Domain Admins")),
    case("everybody may read", Outcome.PASS, ("stock",), entry("S-1-1-0", "Everyone", ClusterRights.READ)),
    case("everybody is denied", Outcome.PASS, ("stock",), entry("S-1-1-0", "Everyone", deny=True)),
    case("an account that is gone", Outcome.REVIEW, ("nameless",), entry(None, "S-1-5-21-1-2-3-1109")),
    case(
        "rights of no table",
        Outcome.REVIEW,
        ("strange",),
        entry(f"{DOMAIN_SID}-1105", rights=ClusterRights(7)),
        says="the rights 7",
    ),
    case(
        "several at once",
        Outcome.FAIL,
        ("other", "everybody"),
        entry(f"{DOMAIN_SID}-1105"),
        entry("S-1-5-11", "Authenticated Users"),
    ),
    Case(
        "nobody",
        Outcome.REVIEW,
        ("nobody",),
        cluster=(ClusterAccess(entries=()),),
        confidence=Confidence.INFERRED,
    ),
    Case("denied", Outcome.UNKNOWN, gaps={"cluster_access": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
