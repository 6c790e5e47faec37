"""WinRM settings in force: which listeners are on, and what can be said of their certificates."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hypervigil.controls.effective.winrm import Standing, judge_listener, listening, place_of, unread
from hypervigil.evidence.management import Certificate
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic.management_defaults import certificate, certificates, winrm
from hypervigil.synthetic.moments import AT

HTTP, HTTPS = winrm().listeners or ()
MEMBER = Subject(Scope.NODE, "hv01.contoso.com", "HV01", aliases=("hv01",))
LONER = Subject(Scope.NODE, "hv01", "HV01")


def test_a_listener_is_on_unless_it_says_otherwise() -> None:
    off = msgspec.structs.replace(HTTPS, enabled=False)
    unsaid = msgspec.structs.replace(HTTPS, enabled=None, transport="https")
    assert listening(winrm(listeners=(HTTP, off, unsaid, HTTPS)), "HTTPS") == (unsaid, HTTPS)
    assert listening(winrm(listeners=None), "HTTPS") == ()
    assert place_of(HTTPS) == "*:5986"


def test_what_was_not_read_is_named() -> None:
    assert unread(("a", None), ("b", False), ("c", None)) == "a and c"
    assert unread(("b", False)) == ""


def standings(held: Certificate, node: Subject = MEMBER, **changes: Any) -> set[Standing]:
    listener = msgspec.structs.replace(HTTPS, **changes)
    return {judged.standing for judged in judge_listener(listener, certificates(held), node, AT)}


@pytest.mark.parametrize(
    ("name", "node", "standing"),
    [
        ("hv01.contoso.com", MEMBER, Standing.GOOD),
        ("*.contoso.com", MEMBER, Standing.GOOD),
        ("hv01", MEMBER, Standing.GOOD),
        ("hv01.other.example", MEMBER, Standing.UNFIT),
        ("hv01.other.example", LONER, Standing.GOOD),  # a node of a workgroup: its suffix is not known
        ("hv02.other.example", LONER, Standing.UNFIT),
        ("*.other.example", LONER, Standing.UNFIT),
    ],
)
def test_names_of_the_node(name: str, node: Subject, standing: Standing) -> None:
    assert standings(certificate(dns_names=(name,)), node) == {standing}


def test_a_name_of_the_listener_alone_is_a_question() -> None:
    assert standings(certificate(dns_names=("alias.example",)), hostname="alias.example") == {Standing.ASKED}


def test_a_certificate_without_any_name_is_for_nobody() -> None:
    held = certificates(certificate(dns_names=(), subject=""))
    (judged,) = judge_listener(HTTPS, held, MEMBER, AT)
    assert judged.values["faults"] == "is for nobody and not for this node"


def test_faults_and_what_was_not_seen_stand_side_by_side() -> None:
    assert standings(certificate(has_private_key=False, chain_trusted=None)) == {Standing.UNFIT, Standing.UNSURE}


def test_a_thumbprint_is_found_however_it_is_written() -> None:
    spaced = " ".join(HTTPS.certificate_thumbprint or "").lower()
    assert standings(certificate(), certificate_thumbprint=spaced) == {Standing.GOOD}
