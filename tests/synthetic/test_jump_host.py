"""The jump host: evidence of one host in no cluster, judged where it is declared."""

from __future__ import annotations

import pytest

from hypervigil.assess.engine import judge
from hypervigil.model.outcome import Outcome
from hypervigil.synthetic.cluster import Blueprint
from hypervigil.synthetic.flaws import Flaw
from hypervigil.synthetic.jump_host import NAME, build_jump_host
from tests.synthetic.findings import Told, context, controls, tell

DECLARED = context(Blueprint(name="CL"))
NEWER = ("MGT-019", NAME, Outcome.REVIEW, ("kept", "newer", "narrow"))
"""No list of update levels is shipped, so that of one newer than the profile's it is asked whether it is the newest."""


def told(*flaws: Flaw) -> dict[tuple[str, str], Told]:
    judged = judge(build_jump_host(flaws), controls(), context=DECLARED)
    assert not judged.diagnostics
    return {(finding.control, finding.subject.key): tell(finding) for finding in judged.findings}


def test_it_is_kept_for_administration() -> None:
    assert told()["MGT-019", f"{NAME.lower()}.contoso.com"] == NEWER


def test_it_is_judged_as_a_host_in_no_cluster() -> None:
    evidence = build_jump_host()
    assert evidence.cluster is None
    assert [node.name for node in evidence.nodes] == [NAME]
    assert evidence.synthetic


def test_outlook_on_it_is_seen_and_nothing_else_changes() -> None:
    sound, flawed = told(), told(Flaw.OUTLOOK)
    assert sound.keys() == flawed.keys()
    assert {now for place, now in flawed.items() if now != sound[place]} == {
        ("MGT-010", NAME, Outcome.FAIL, ("products", "products")),
        ("MGT-019", NAME, Outcome.FAIL, ("products", "products", "newer", "narrow")),
    }


def test_a_flaw_of_what_it_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="CREDSSP_ON_ONE_NODE changes nothing on JUMP01"):
        build_jump_host([Flaw.CREDSSP_ON_ONE_NODE])
