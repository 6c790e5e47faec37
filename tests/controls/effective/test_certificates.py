"""What is wrong with a certificate, one thing at a time."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hypervigil.controls.effective.certificates import (
    ANY_USAGE,
    Examined,
    covers,
    examine,
    server_names,
    signature,
    signs,
)
from hypervigil.synthetic.management_defaults import certificate
from hypervigil.synthetic.moments import AT

DAY = datetime.timedelta(days=1)
ECC = "1.2.840.10045.2.1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"not_after": AT - DAY}, "expired on 2026-11-15"),
        ({"not_before": AT + DAY}, "is valid from 2026-11-17 only"),
        ({"has_private_key": False}, "has no private key"),
        ({"key_bits": 2047}, "has an RSA key of 2047 bits, where 2048 are the least"),
        ({"key_algorithm": ECC, "key_bits": 224}, "has an ECC key of 224 bits"),
        ({"usages": ("1.3.6.1.5.5.7.3.2",)}, "is not meant for servers (its usages are 1.3.6.1.5.5.7.3.2)"),
        ({"chain_trusted": False}, "leads to no root"),
    ],
)
def test_each_fault(changes: dict[str, Any], fault: str) -> None:
    found = examine(certificate(**changes), AT)
    assert [text for text in found.faults if text.startswith(fault)]
    assert (len(found.faults), found.questions, found.unseen) == (1, (), ())


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"not_after": AT},
        {"not_before": AT},
        {"not_after": (AT + DAY).replace(tzinfo=None)},
        {"usages": ()},
        {"usages": (ANY_USAGE,)},
        {"key_algorithm": ECC, "key_bits": 256},
    ],
)
def test_nothing_speaks_against_it(changes: dict[str, Any]) -> None:
    assert examine(certificate(**changes), AT) == Examined()


@pytest.mark.parametrize(
    ("changes", "unseen"),
    [
        ({"key_bits": None}, "how long its key is"),
        ({"key_algorithm": "1.2.840.10040.4.1"}, "whether its key is long enough (its kind is 1.2.840.10040.4.1)"),
        ({"key_algorithm": None}, "whether its key is long enough (its kind is not known)"),
        ({"chain_trusted": None}, "whether it is trusted: an issuer does not lie on this host"),
    ],
)
def test_what_was_not_seen_is_no_fault(changes: dict[str, Any], unseen: str) -> None:
    assert examine(certificate(**changes), AT) == Examined(unseen=(unseen,))


def test_without_a_moment_nobody_knows_whether_it_was_valid() -> None:
    found = examine(certificate(not_after=AT - DAY), None)
    assert (found.faults, len(found.unseen)) == ((), 1)


def test_one_that_signs_itself_is_a_question_unless_the_host_has_it_as_a_root() -> None:
    own = certificate(issuer="CN=hv01.contoso.com", chain_trusted=False)
    assert [len(part) for part in (examine(own, AT).faults, examine(own, AT).questions)] == [0, 1]
    assert examine(certificate(issuer="CN=hv01.contoso.com"), AT) == Examined()


def test_faults_of_several_kinds_stand_side_by_side() -> None:
    assert len(examine(certificate(has_private_key=False, key_bits=512, not_after=AT - DAY), AT).faults) == 3


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        ("1.2.840.113549.1.1.11", "good"),
        ("1.2.840.10045.4.3.3", "good"),
        ("1.2.840.113549.1.1.5", "faults"),
        ("1.2.840.113549.1.1.4", "faults"),
        ("1.2.840.113549.1.1.10", "unseen"),  # PSS: the hash is in its parameters
        (None, "unseen"),
    ],
)
def test_signatures(algorithm: str | None, kind: str) -> None:
    found = signature(certificate(signature_algorithm=algorithm))
    assert kind == ("faults" if found.faults else "unseen" if found.unseen else "good")


@pytest.mark.parametrize(
    ("usage", "kind"), [(128, "good"), (160, "good"), (32, "faults"), (0, "faults"), (None, "unseen")]
)
def test_key_usage(usage: int | None, kind: str) -> None:
    found = signs(certificate(key_usage=usage))
    assert kind == ("faults" if found.faults else "unseen" if found.unseen else "good")


@pytest.mark.parametrize(
    ("subject", "dns", "names"),
    [
        ("CN=HV01.contoso.com.", (), ("hv01.contoso.com",)),
        ("CN=HV01, OU=Hosts, O=Contoso", (), ("hv01",)),
        ("O=Contoso, CN=HV01", (), ("hv01",)),
        ('CN="HV01"', (), ("hv01",)),
        ("O=XCN=HV02", (), ()),
        ("CN=HV01", ("a.contoso.com", "b.contoso.com"), ("a.contoso.com", "b.contoso.com")),
        ("", (), ()),
    ],
)
def test_names_of_a_certificate(subject: str, dns: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert server_names(certificate(subject=subject, dns_names=dns)) == names


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("hv01.contoso.com", "HV01.CONTOSO.COM", True),
        ("hv01.contoso.com", "hv01", False),
        ("*.contoso.com", "hv01.contoso.com", True),
        ("*.contoso.com", "hv01.site.contoso.com", False),
        ("*.contoso.com", "contoso.com", False),
        ("*.contoso.com", ".contoso.com", False),
        ("hv*.contoso.com", "hv01.contoso.com", False),
        ("*", "hv01", False),
    ],
)
def test_what_a_name_covers(pattern: str, name: str, fits: bool) -> None:
    assert covers(certificate(dns_names=(pattern,)), name) is fits


def test_no_name_is_covered_by_nothing() -> None:
    assert not covers(certificate(subject="", dns_names=()), "", "hv01")
