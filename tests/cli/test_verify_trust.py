"""``verify --trust``: what is printed, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import Caller
from tests.store.signing import Identity, identity, signed


@pytest.fixture
def bundle(copy: Path) -> Path:
    return copy


@pytest.fixture(scope="module")
def signer() -> Identity:
    return identity("HV01 [red]")


def sign(bundle: Path, signer: Identity) -> None:
    (bundle / "manifest.json.p7s").write_bytes(signed((bundle / "manifest.json").read_bytes(), signer))


def test_a_bundle_without_signature_is_whole_and_does_not_satisfy_trust(
    call: Caller, bundle: Path, signer: Identity, tmp_path: Path
) -> None:
    certificate, _ = signer.save(tmp_path)
    plain = call("verify", bundle)
    assert plain.status == 0
    assert "It is not signed." in plain.out
    assert call("verify", bundle, "--trust", certificate).status == 1


def test_who_signed_is_said(call: Caller, bundle: Path, signer: Identity, tmp_path: Path) -> None:
    certificate, _ = signer.save(tmp_path)
    sign(bundle, signer)
    unchecked = call("verify", bundle)
    assert unchecked.status == 0
    assert "Signed by CN=HV01 [red], not checked." in unchecked.out
    trusted = call("verify", bundle, "--trust", certificate)
    assert trusted.status == 0
    assert "trusted by CN=HV01 [red]." in " ".join(trusted.out.split())
    result = json.loads(call("verify", bundle, "--trust", certificate, "--json").out)
    assert result["signature"]["state"] == "trusted"
    assert result["signature"]["signers"][0]["name"] == "CN=HV01 [red]"


def test_somebody_else_is_not_trusted(call: Caller, bundle: Path, signer: Identity, tmp_path: Path) -> None:
    other, _ = identity("Other").save(tmp_path)
    sign(bundle, signer)
    ended = call("verify", bundle, "--trust", other)
    assert ended.status == 1
    assert "who is not trusted" in " ".join(ended.out.split())


def test_a_broken_signature_is_one_with_and_without_trust(call: Caller, bundle: Path) -> None:
    (bundle / "manifest.json.p7s").write_bytes(b"nonsense")
    ended = call("verify", bundle)
    assert ended.status == 1
    assert "Its signature is not valid" in ended.out


def test_a_file_that_is_no_certificate_is_refused(call: Caller, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing")
    ended = call("verify", bundle, "--trust", tmp_path / "no.pem")
    assert ended.status == 2
    assert "it is no certificate" in ended.err
