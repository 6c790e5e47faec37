"""Signatures over manifests: who is believed, and what never is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.formats.cms import CmsError, parse_detached
from hypervigil.store import read_bundle, verify_bundle, write_bundle
from hypervigil.store.signature import (
    MAX_SIGNATURE_BYTES,
    State,
    TrustError,
    Vouching,
    check_signature,
    read_certificates,
    vouching,
)
from hypervigil.synthetic.cluster import MOMENT
from tests.store.made import cluster
from tests.store.signing import START, YEAR, Identity, identity, signed, signed_by_openssl

MANIFEST = b'{"format":1}'
AUTHORITY = identity("Authority", authority=True)
BETWEEN = identity("Between", AUTHORITY, authority=True)
SIGNER = identity("Signer", AUTHORITY)
BELOW = identity("Below", BETWEEN)
ALONE = identity("Alone")
RSA = identity("Rsa", AUTHORITY, key=rsa.generate_private_key(65537, 2048))
STRANGER = identity("Stranger", authority=True)


def check(signature: bytes, *trust: Identity, manifest: bytes = MANIFEST, at: datetime.datetime = MOMENT) -> Vouching:
    return check_signature(signature, manifest, at, [one.certificate for one in trust])


def state(signature: bytes, *trust: Identity, manifest: bytes = MANIFEST, at: datetime.datetime = MOMENT) -> State:
    return check(signature, *trust, manifest=manifest, at=at).state


# --- what is believed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signer", [SIGNER, RSA], ids=["ECDSA", "RSA"])
@pytest.mark.parametrize("digest", [hashes.SHA256(), hashes.SHA512()], ids=["SHA-256", "SHA-512"])
def test_the_signer_itself_or_its_authority_may_be_trusted(
    signer: Identity, digest: hashes.SHA256 | hashes.SHA512
) -> None:
    signature = signed(MANIFEST, signer, digest=digest)
    for trusted in (signer, AUTHORITY):
        found = check(signature, STRANGER, trusted)
        assert (found.state, found.problem) == ("trusted", "")
        assert found.signers[0].name == signer.certificate.subject.rfc4514_string()
        assert found.signers[0].trusted_by == trusted.certificate.subject.rfc4514_string()


def test_a_certificate_that_is_its_own_issuer_may_be_trusted() -> None:
    assert state(signed(MANIFEST, ALONE), ALONE) == "trusted"


def test_a_chain_is_followed_through_what_the_signature_brings_along() -> None:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(MANIFEST).add_signer(BELOW.certificate, BELOW.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    with_chain = builder.add_certificate(BETWEEN.certificate).sign(serialization.Encoding.DER, options)
    without = builder.sign(serialization.Encoding.DER, options)
    assert state(with_chain, AUTHORITY) == "trusted"
    assert state(without, BETWEEN) == "trusted"
    assert state(without, AUTHORITY) == "untrusted"


def test_without_anybody_to_trust_it_is_said_who_signed_and_nothing_is_checked() -> None:
    found = check(signed(b"another manifest", SIGNER))
    assert found.state == "unchecked"
    (signer,) = found.signers
    assert (signer.name, signer.issuer, signer.trusted_by) == ("CN=Signer", "CN=Authority", "")
    assert len(signer.certificate_sha256) == 64


@pytest.mark.parametrize(
    ("signer", "options"),
    [
        (RSA, ["-md", "sha256"]),
        (RSA, ["-md", "sha384"]),
        (RSA, ["-md", "sha256", "-keyid"]),
        (RSA, ["-md", "sha256", "-noattr"]),
        (RSA, ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss"]),
        (RSA, ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20"]),
        (SIGNER, ["-md", "sha256"]),
        (SIGNER, ["-md", "sha512", "-noattr", "-keyid"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_openssl_signs(tmp_path: Path, signer: Identity, options: list[str]) -> None:
    signature = signed_by_openssl(tmp_path, MANIFEST, signer, *options)
    now = datetime.datetime.now(datetime.UTC)
    assert check(signature, AUTHORITY, at=now).state == "trusted"
    assert check(signature, AUTHORITY, at=now).signers[0].trusted_by == "CN=Authority"
    assert state(signature, STRANGER, at=now) == "untrusted"
    assert state(signature, AUTHORITY, manifest=MANIFEST + b" ", at=now) == "invalid"
    (stated,) = parse_detached(signature).signers
    assert (stated.signed_at is None) is ("-noattr" in options)


def test_the_certificate_need_not_come_along_where_it_is_trusted(tmp_path: Path) -> None:
    signature = signed_by_openssl(tmp_path, MANIFEST, RSA, "-md", "sha256", "-nocerts")
    now = datetime.datetime.now(datetime.UTC)
    assert state(signature, RSA, at=now) == "trusted"
    assert state(signature, AUTHORITY, at=now) == "invalid"
    assert check(signature).signers[0].name == "somebody whose certificate is not there"


# --- what is not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trusted", [STRANGER, identity("Authority", authority=True), BELOW])
def test_a_stranger_is_not_trusted_whatever_its_name(trusted: Identity) -> None:
    found = check(signed(MANIFEST, SIGNER), trusted)
    assert found.state == "untrusted"
    assert "no trusted certificate leads to it" in found.problem


def test_who_is_no_authority_vouches_for_nobody() -> None:
    assert state(signed(MANIFEST, identity("Below", ALONE)), ALONE) == "untrusted"


def usage(**bits: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


def test_what_a_key_is_not_for_is_not_taken() -> None:
    no_authority = identity("Odd", authority=True, usage=usage(digital_signature=True))
    assert state(signed(MANIFEST, identity("Below", no_authority)), no_authority) == "untrusted"
    no_signer = identity("Server", AUTHORITY, usage=usage(key_agreement=True))
    assert "not for signatures" in check(signed(MANIFEST, no_signer), AUTHORITY).problem


def test_a_changed_manifest_or_another_one_is_found() -> None:
    found = check(signed(MANIFEST, SIGNER), SIGNER, manifest=MANIFEST.replace(b"1", b"2"))
    assert found.state == "invalid"
    assert "made over another manifest" in found.problem


def test_a_signature_by_another_key_is_found() -> None:
    """The certificate of the trusted signer, and a signature by somebody else's key."""
    forged = identity("Signer", AUTHORITY)
    signature = signed(MANIFEST, Identity(SIGNER.certificate, forged.key))
    found = check(signature, AUTHORITY)
    assert found.state == "invalid"
    assert "was not made with the key" in found.problem


@pytest.mark.parametrize(
    ("start", "end"), [(START, START + YEAR / 4), (START + 15 * YEAR, START + 16 * YEAR)], ids=["expired", "not yet"]
)
@pytest.mark.parametrize("pinned", [True, False])
def test_a_certificate_has_to_be_valid_when_it_signs(
    tmp_path: Path, start: datetime.datetime, end: datetime.datetime, pinned: bool
) -> None:
    """Without signed attributes there is no time in the signature: the one of the manifest counts, which is signed."""
    outside = identity("Outside", AUTHORITY, start=start, end=end)
    signature = signed_by_openssl(tmp_path, MANIFEST, outside, "-md", "sha256", "-noattr")
    found = check(signature, outside if pinned else AUTHORITY, at=MOMENT)
    assert found.state == "untrusted"
    assert "valid from" in found.problem
    assert state(signature, outside if pinned else AUTHORITY, at=start + (end - start) / 2) == "trusted"


def test_an_authority_that_has_expired_vouches_for_nobody() -> None:
    old = identity("Old", authority=True, end=START + YEAR / 4)
    assert state(signed(MANIFEST, identity("Below", old)), old) == "untrusted"


def test_the_time_that_a_signature_states_goes_before_the_one_of_the_manifest() -> None:
    now = datetime.datetime.now(datetime.UTC)
    young = identity("Young", AUTHORITY, start=now - YEAR, end=now + YEAR)
    assert state(signed(MANIFEST, young), AUTHORITY, at=now - 3 * YEAR) == "trusted"


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_weak_digests_are_refused(tmp_path: Path, digest: str) -> None:
    found = check(signed_by_openssl(tmp_path, MANIFEST, RSA, "-md", digest), RSA)
    assert found.state == "invalid"
    assert "weak or unknown" in found.problem


def test_weak_keys_are_refused() -> None:
    weak = identity("Weak", AUTHORITY, key=rsa.generate_private_key(65537, 1024))
    found = check(signed(MANIFEST, weak), AUTHORITY)
    assert found.state == "invalid"
    assert "1024 bits" in found.problem


def test_of_two_signers_each_has_to_fit_and_one_has_to_be_trusted() -> None:
    both = signed(MANIFEST, SIGNER, STRANGER)
    found = check(both, SIGNER)
    assert found.state == "trusted"
    assert {(one.name, bool(one.trusted_by)) for one in found.signers} == {("CN=Signer", True), ("CN=Stranger", False)}
    forged = signed(MANIFEST, SIGNER, Identity(STRANGER.certificate, ec.generate_private_key(ec.SECP256R1())))
    assert state(forged, SIGNER) == "invalid"


def test_a_signature_that_holds_its_content_is_not_one_of_the_manifest(tmp_path: Path) -> None:
    attached = signed_by_openssl(tmp_path, MANIFEST, RSA, "-md", "sha256", "-nodetach")
    found = check(attached, RSA)
    assert found.state == "invalid"
    assert "content of its own" in found.problem


def test_streamed_ber_is_refused(tmp_path: Path) -> None:
    streamed = signed_by_openssl(tmp_path, MANIFEST, RSA, "-md", "sha256", "-stream", "-nodetach")
    assert state(streamed, RSA) == "invalid"


def test_what_is_no_signature_is_refused() -> None:
    certificate = SIGNER.certificate.public_bytes(serialization.Encoding.DER)
    for data in (b"", b"\x30\x00", b"-----BEGIN CMS-----", certificate):
        assert state(data, SIGNER) == "invalid"
        with pytest.raises(CmsError):
            parse_detached(data)
    nobody = pkcs7.serialize_certificates([SIGNER.certificate], serialization.Encoding.DER)
    assert check(nobody, SIGNER).problem == "nobody has signed it"


# --- hostile bytes ----------------------------------------------------------------------------------------------------

WHOLE = signed(MANIFEST, SIGNER)


@pytest.mark.parametrize("percent", range(100))
def test_a_truncated_signature_is_invalid(percent: int) -> None:
    assert state(WHOLE[: len(WHOLE) * percent // 100], SIGNER) == "invalid"


@given(place=st.integers(0, len(WHOLE) - 1), bits=st.integers(1, 255))
def test_no_changed_byte_raises_or_makes_another_signer_trusted(place: int, bits: int) -> None:
    damaged = WHOLE[:place] + bytes([WHOLE[place] ^ bits]) + WHOLE[place + 1 :]
    found = check(damaged, AUTHORITY)
    if found.state == "trusted":  # a byte that nothing signs, such as one of the certificate's unused ones
        assert found.signers[0].certificate_sha256 == check(WHOLE, AUTHORITY).signers[0].certificate_sha256
    check(damaged)


def test_a_certificate_whose_serial_number_is_not_positive_is_refused() -> None:
    serial = SIGNER.certificate.serial_number
    size = (serial.bit_length() + 8) // 8
    written = bytes([2, size]) + serial.to_bytes(size, "big")
    assert written in WHOLE
    found = check(WHOLE.replace(written, bytes([2, size]) + (-serial).to_bytes(size, "big", signed=True), 1), AUTHORITY)
    assert (found.state, "not positive" in found.problem) == ("invalid", True)


@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_are_invalid(data: bytes) -> None:
    assert state(data, SIGNER) == "invalid"
    assert state(b"\x30\x82" + len(data).to_bytes(2, "big") + data, SIGNER) == "invalid"


@given(edits=st.lists(st.tuples(st.integers(0, len(WHOLE)), st.binary(max_size=4), st.integers(0, 6)), max_size=5))
def test_edited_signatures_raise_nothing(edits: list[tuple[int, bytes, int]]) -> None:
    data = WHOLE
    for place, inserted, removed in edits:
        data = data[:place] + inserted + data[place + removed :]
    check(data, AUTHORITY)
    check(data)


# --- in a bundle ------------------------------------------------------------------------------------------------------


def in_folder(folder: Path) -> tuple[Path, Callable[[bytes], int]]:
    write_bundle(cluster(), folder, created=MOMENT)
    return folder, (folder / "manifest.json.p7s").write_bytes


def test_a_bundle_with_a_signature_is_whole_and_reads_the_same(tmp_path: Path) -> None:
    bundle, put = in_folder(tmp_path / "bundle")
    before = read_bundle(bundle)
    assert vouching(bundle).state == "absent"
    put(signed((bundle / "manifest.json").read_bytes(), SIGNER))
    assert verify_bundle(bundle).whole
    assert read_bundle(bundle) == before
    found = vouching(bundle, [AUTHORITY.certificate])
    assert found.state == "trusted"
    assert found.manifest_sha256 == verify_bundle(bundle).manifest_sha256
    assert vouching(bundle).state == "unchecked"


def test_a_manifest_that_was_made_anew_does_not_fit_the_old_signature(tmp_path: Path) -> None:
    bundle, put = in_folder(tmp_path / "bundle")
    put(signed((bundle / "manifest.json").read_bytes(), SIGNER))
    manifest = bundle / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"CL01", b"CL02"))
    assert vouching(bundle, [AUTHORITY.certificate]).state == "invalid"


def test_a_signature_that_is_too_large_or_a_link_is_not_one(tmp_path: Path) -> None:
    bundle, put = in_folder(tmp_path / "bundle")
    put(bytes(MAX_SIGNATURE_BYTES + 1))
    assert "the limit is" in vouching(bundle, [AUTHORITY.certificate]).problem
    (bundle / "manifest.json.p7s").unlink()
    (bundle / "manifest.json.p7s").symlink_to(bundle / "manifest.json")
    assert [difference.document for difference in verify_bundle(bundle).differences] == ["manifest.json.p7s"]
    assert vouching(bundle).state == "absent"


# --- whom to trust ----------------------------------------------------------------------------------------------------


def test_certificates_are_read_as_pem_and_der(tmp_path: Path) -> None:
    pem, der = (
        b"".join(one.certificate.public_bytes(encoding) for one in who)
        for encoding, who in (
            (serialization.Encoding.PEM, (SIGNER, AUTHORITY)),
            (serialization.Encoding.DER, (SIGNER,)),
        )
    )
    file = tmp_path / "trust"
    file.write_bytes(b"a line before it\n" + pem)
    assert read_certificates(file) == (SIGNER.certificate, AUTHORITY.certificate)
    file.write_bytes(der)
    assert read_certificates(file) == (SIGNER.certificate,)


@pytest.mark.parametrize("data", [b"", b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "trust"
    file.write_bytes(data)
    with pytest.raises(TrustError, match="it is no certificate"):
        read_certificates(file)
    with pytest.raises(TrustError, match="can not be read"):
        read_certificates(tmp_path / "nothing")
