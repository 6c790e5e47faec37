"""What each flaw does to the findings of a cluster without other flaws: exactly this, and nothing else."""

from __future__ import annotations

import msgspec
import pytest

from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Outcome
from hypervigil.synthetic.cluster import Blueprint, Join, build
from hypervigil.synthetic.flaws import Flaw
from tests.synthetic.findings import Change, changes, expected, told

FAIL, REVIEW, UNKNOWN, PASS, NA = (
    Outcome.FAIL,
    Outcome.REVIEW,
    Outcome.UNKNOWN,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)
ALL = ("CL-N01", "CL-N02", "CL-N03")
LAST = ("CL-N03",)
CLUSTER = ("CL",)
PAIRS = tuple(f"{source} → {target}" for source in ALL for target in ALL if source != target)
FROM_LAST = tuple(pair for pair in PAIRS if pair.startswith(LAST))

WS2019, WS2022, WS2025 = Release.WS2019, Release.WS2022, Release.WS2025

STOPS = "stops typed cluster_moves"

TABLE: list[tuple[Flaw, Release, Join, list[Change]]] = [
    (
        Flaw.CREDSSP_MIGRATION,
        WS2022,
        "domain",
        [("LM-001", ALL, FAIL, "credssp delegation"), ("LM-002", PAIRS, FAIL, STOPS)],
    ),
    (
        Flaw.CREDSSP_MIGRATION,
        WS2025,
        "domain",
        [("LM-001", ALL, FAIL, "credssp delegation"), ("LM-002", PAIRS, FAIL, STOPS)],
    ),
    (
        Flaw.CREDSSP_ON_ONE_NODE,
        WS2025,
        "domain",
        [
            ("LM-001", LAST, FAIL, "credssp delegation"),
            ("LM-002", FROM_LAST, FAIL, STOPS),
            ("LM-007", CLUSTER, FAIL, "differ"),
        ],
    ),
    (
        Flaw.CREDENTIAL_GUARD_OFF,
        WS2025,
        "domain",
        [("PLT-002", ALL, FAIL, "switched_off vbs_only firmware"), ("PLT-003", ALL, FAIL, "switched_off")],
    ),
    (
        Flaw.PLATFORM_NOT_CONFIGURED,
        WS2022,
        "domain",
        [
            ("PLT-001", ALL, FAIL, "not_enabled"),
            ("PLT-002", ALL, FAIL, "not_running firmware"),
            ("PLT-003", ALL, PASS, "not_configured"),
            ("PLT-005", ALL, FAIL, "not_configured"),
            ("PLT-006", ALL, PASS, "nothing"),
            ("PLT-009", ALL, PASS, "nothing_asked"),
            ("PLT-010", ALL, PASS, "offered"),
        ],
    ),
    (
        Flaw.UNLIKE_NODE,
        WS2025,
        "domain",
        [
            ("PLT-005", LAST, FAIL, "not_configured vbs_only"),
            ("PLT-010", LAST, PASS, "offered"),
            ("PLT-013", CLUSTER, FAIL, "odd_nodes"),
        ],
    ),
    (Flaw.SMB1_LEFT, WS2019, "domain", [("SMB-007", LAST, FAIL, "enabled installed")]),
    (Flaw.SMB1_LEFT, WS2025, "workgroup", [("SMB-007", LAST, FAIL, "enabled installed")]),
    (
        Flaw.SIGNING_EXEMPTION,
        WS2022,
        "domain",
        [("SMB-001", LAST, FAIL, "not_required"), ("SMB-009", LAST, NA, "client_cannot server_demands")],
    ),
    (
        Flaw.SIGNING_EXEMPTION,
        WS2025,
        "domain",
        [
            ("SMB-001", LAST, FAIL, "not_required"),
            ("SMB-003", LAST, FAIL, "switched_off"),
            ("SMB-009", LAST, PASS, "client_audits server_demands"),
        ],
    ),
    (
        Flaw.SERVER_SIGNING_DEFAULTS,
        WS2025,
        "domain",
        [
            ("SMB-002", ALL, FAIL, "not_required"),
            ("SMB-009", ALL, PASS, "client_demands server_audits"),
            ("SMB-016", ALL, FAIL, "unprotected"),
        ],
    ),
    (
        Flaw.SIGNING_DEFAULTS,
        WS2022,
        "domain",
        [
            ("SMB-001", ALL, FAIL, "not_required"),
            ("SMB-002", ALL, FAIL, "not_required"),
            ("SMB-009", ALL, REVIEW, "client_cannot server_backport"),
            ("SMB-016", ALL, FAIL, "unprotected"),
        ],
    ),
    (Flaw.SECURE_BOOT_OFF, WS2025, "domain", [("PLT-007", LAST, FAIL, "off")]),
    (Flaw.UPDATE_BEHIND, WS2022, "domain", [("PLT-021", CLUSTER, REVIEW, "supported levels_differ")]),
    (Flaw.LSA_UNPROTECTED, WS2025, "domain", [("PLT-014", ALL, FAIL, "off")]),
    (Flaw.RATE_LIMITER_OFF, WS2025, "domain", [("SMB-006", ALL, FAIL, "switched_off")]),
    (Flaw.NTLM_OPEN, WS2025, "domain", [("SMB-015", LAST, REVIEW, "not_blocked")]),
    (Flaw.OLD_DIALECTS, WS2025, "domain", [("SMB-014", LAST, FAIL, "unlimited unlimited")]),
    (Flaw.AUDITS_OFF, WS2025, "domain", []),  # the audits are for the time before signing is demanded
    (Flaw.CLEAR_MESSAGES, WS2025, "domain", [("CLU-001", CLUSTER, FAIL, "clear")]),
    (Flaw.CLEAR_STORAGE, WS2019, "domain", [("SMB-012", CLUSTER, FAIL, "clear")]),
    (Flaw.LEVEL_BEHIND, WS2025, "domain", [("CLU-002", CLUSTER, FAIL, "behind")]),
    (
        Flaw.ANY_NETWORK,
        WS2025,
        "domain",
        [
            ("LM-008", ALL, FAIL, "any"),
            ("LM-009", CLUSTER, UNKNOWN, "nobody_declares any_network clear_transport other_level"),
        ],
    ),
    (Flaw.GUESTS_ALLOWED, WS2025, "domain", [("SMB-008", LAST, FAIL, "allowed held_off")]),
    (Flaw.TPM_UNREADABLE, WS2025, "domain", [("PLT-008", LAST, UNKNOWN, "tpm access_denied")]),
]


def blueprint(release: Release, join: Join, *flaws: Flaw) -> Blueprint:
    return Blueprint(name="CL", release=release, join=join, nodes=3, vms=3, flaws=flaws)


@pytest.mark.parametrize(
    ("flaw", "release", "join", "rows"),
    [pytest.param(*row, id=f"{row[0].name}-{row[1].name}-{row[2]}") for row in TABLE],
)
def test_a_flaw_gives_the_findings_that_it_should(flaw: Flaw, release: Release, join: Join, rows: list[Change]) -> None:
    assert changes(blueprint(release, join), flaw) == expected(rows)


def test_audits_that_are_off_matter_where_signing_is_not_demanded() -> None:
    without = changes(blueprint(WS2025, "domain"), Flaw.SIGNING_EXEMPTION, Flaw.AUDITS_OFF)
    assert {(subject, outcome) for control, subject, outcome, _ in without if control == "SMB-009"} == {
        ("CL-N03", FAIL)
    }


@pytest.mark.parametrize(
    ("flaw", "release", "join"),
    [
        (Flaw.RATE_LIMITER_OFF, WS2022, "domain"),
        (Flaw.NTLM_OPEN, WS2022, "domain"),
        (Flaw.OLD_DIALECTS, WS2022, "domain"),
        (Flaw.AUDITS_OFF, WS2022, "domain"),
        (Flaw.CLEAR_STORAGE, Release.WS2016, "domain"),
        (Flaw.PLATFORM_NOT_CONFIGURED, WS2025, "domain"),
        (Flaw.CREDSSP_MIGRATION, WS2025, "workgroup"),
    ],
)
def test_a_flaw_that_would_change_nothing_is_refused(flaw: Flaw, release: Release, join: Join) -> None:
    with pytest.raises(ValueError, match=f"{flaw.name} changes nothing in CL"):
        build(blueprint(release, join, flaw))


def test_a_flaw_under_another_one_is_refused() -> None:
    with pytest.raises(ValueError, match="SIGNING_EXEMPTION changes nothing"):
        build(blueprint(WS2022, "domain", Flaw.SIGNING_DEFAULTS, Flaw.SIGNING_EXEMPTION))


def test_a_flaw_of_one_node_falls_on_the_last() -> None:
    one = msgspec.structs.replace(blueprint(WS2025, "domain", Flaw.SECURE_BOOT_OFF), nodes=1, vms=1)
    assert ("PLT-007", "CL-N01", FAIL, ("off",)) in told(one).values()


@pytest.mark.parametrize("flaw", Flaw)
def test_titles_are_short_sentences_without_a_stop(flaw: Flaw) -> None:
    assert 10 < len(flaw.title) < 90
    assert not flaw.title.endswith(".")
