"""The task that reads the host's own certificates."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from hypervigil.evidence.management import Certificate, Certificates
from tests.collect.collected import collect, fact_of, gap_of
from tests.collect.collector import Run
from tests.collect.store_entries import entry

MACHINE = "SOFTWARE\\Microsoft\\SystemCertificates"
POLICY = "SOFTWARE\\Policies\\Microsoft\\SystemCertificates"
DIRECTORY = "SOFTWARE\\Microsoft\\EnterpriseCertificates"
START = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
END = datetime.datetime(2036, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


class Authority:
    """One that signs certificates; its own is signed by ``by``, or by itself."""

    def __init__(self, name: str, by: Authority | None = None, *, end: datetime.datetime = END) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(name)
        signer = by or self
        self.der = _signed(
            self.name, self.key.public_key(), signer, [(x509.BasicConstraints(True, None), True)], end=end
        )

    def certificate(self, name: str, key: Any, *extensions: tuple[x509.ExtensionType, bool], **options: Any) -> bytes:
        return _signed(_name(name), key.public_key(), self, extensions, **options)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else [])


def _signed(
    subject: x509.Name,
    key: Any,
    signer: Authority,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    *,
    end: datetime.datetime = END,
) -> bytes:
    builder = x509.CertificateBuilder(signer.name, subject, key, x509.random_serial_number(), START, end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _sha1(der: bytes) -> str:
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def _registry(stores: Mapping[str, Sequence[bytes]], *, keys: bool = True) -> dict[str, Any]:
    found = {}
    for store, certificates in stores.items():
        for der in certificates:
            blob = {"type": "Binary", "data": entry(der, key=keys).hex()}
            found[f"{store}\\Certificates\\{_sha1(der)}"] = {"values": {"Blob": blob}}
    return {"HKLM": {"keys": found}}


def _collect(
    tmp_path: Path, stores: Mapping[str, Sequence[bytes]], trusted: Sequence[bytes] = (), **options: Any
) -> Run:
    """A run where the engine's chains, which on this system end in a file of roots, end in ``trusted``."""
    roots = tmp_path / "roots.pem"
    pems = (x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM) for der in trusted)
    roots.write_bytes(b"".join(pems))
    (tmp_path / "none").mkdir(exist_ok=True)
    environment = {"SSL_CERT_FILE": str(roots), "SSL_CERT_DIR": str(tmp_path / "none"), "HOME": str(tmp_path)}
    return collect("certificates", registry=_registry(stores, **options), environment=environment)


def _trust(run: Run) -> dict[str, bool | None]:
    return {each.subject: each.chain_trusted for each in fact_of(run, Certificates).certificates}


def test_a_certificate_with_its_names_usages_and_key(tmp_path: Path) -> None:
    root = Authority("Stammzertifikat München")
    key = rsa.generate_private_key(65537, 2048)
    der = root.certificate(
        "hv01.contoso.com",
        key,
        (
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("hv01.contoso.com"),
                    x509.RFC822Name("someone@contoso.com"),
                    x509.DNSName("*.contoso.com"),
                    x509.IPAddress(ipaddress.ip_address("10.0.0.1")),
                    x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
                    *(x509.DNSName(f"{number}.a-name-that-makes-the-list-long.contoso.com") for number in range(4)),
                ]
            ),
            False,
        ),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False),
        (x509.KeyUsage(True, False, True, False, False, False, False, False, False), True),
    )
    run = _collect(tmp_path, {f"{MACHINE}\\MY": [der], f"{MACHINE}\\ROOT": [root.der]}, trusted=[root.der])
    assert fact_of(run, Certificates).certificates == (
        Certificate(
            store="My",
            thumbprint=_sha1(der),
            subject="CN=hv01.contoso.com",
            issuer="CN=Stammzertifikat München",
            not_before=START,
            not_after=END,
            has_private_key=True,
            dns_names=(
                "hv01.contoso.com",
                "*.contoso.com",
                *(f"{number}.a-name-that-makes-the-list-long.contoso.com" for number in range(4)),
            ),
            ip_names=("10.0.0.1", "2001:db8::1"),
            usages=("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"),
            key_usage=160,
            key_algorithm="1.2.840.113549.1.1.1",
            key_bits=2048,
            signature_algorithm="1.2.840.10045.4.3.2",
            chain_trusted=True,
        ),
    )


def test_a_certificate_that_says_nothing_of_itself(tmp_path: Path) -> None:
    root = Authority("R")
    der = root.certificate("", ec.generate_private_key(ec.SECP384R1()))
    run = _collect(tmp_path, {f"{MACHINE}\\MY": [der]}, keys=False)
    assert fact_of(run, Certificates).certificates == (
        Certificate(
            store="My",
            thumbprint=_sha1(der),
            subject="",
            issuer="CN=R",
            not_before=START,
            not_after=END,
            has_private_key=False,
            key_algorithm="1.2.840.10045.2.1",
            key_bits=384,
            signature_algorithm="1.2.840.10045.4.3.2",
            chain_trusted=False,
        ),
    )


@pytest.mark.parametrize(
    ("key", "algorithm", "bits"),
    [
        (rsa.generate_private_key(65537, 1024), "1.2.840.113549.1.1.1", 1024),
        (rsa.generate_private_key(65537, 2056), "1.2.840.113549.1.1.1", 2056),
        (ec.generate_private_key(ec.SECP256R1()), "1.2.840.10045.2.1", 256),
        (ec.generate_private_key(ec.SECP521R1()), "1.2.840.10045.2.1", 521),
        (ed25519.Ed25519PrivateKey.generate(), "1.3.101.112", None),
    ],
)
def test_the_length_of_a_key(key: Any, algorithm: str, bits: int | None, tmp_path: Path) -> None:
    der = Authority("R").certificate("x", key)
    (found,) = fact_of(_collect(tmp_path, {f"{MACHINE}\\MY": [der]}), Certificates).certificates
    assert (found.key_algorithm, found.key_bits) == (algorithm, bits)


def test_names_that_are_cut_off_are_no_names(tmp_path: Path) -> None:
    root = Authority("R")
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x30\x20\x82\x03abc")
    der = root.certificate("x", ec.generate_private_key(ec.SECP256R1()), (broken, False))
    run = _collect(tmp_path, {f"{MACHINE}\\MY": [der]})
    assert fact_of(run, Certificates).certificates[0].dns_names == ()
    assert "alternative names of a certificate: unparsable" in run.by_fact()["certificates"].remark


@pytest.mark.parametrize("place", [f"{MACHINE}\\ROOT", f"{MACHINE}\\AuthRoot", f"{POLICY}\\Root", f"{DIRECTORY}\\Root"])
@pytest.mark.parametrize("middle_place", [f"{MACHINE}\\CA", f"{POLICY}\\CA", f"{DIRECTORY}\\CA"])
def test_a_chain_through_authorities_of_this_host(place: str, middle_place: str, tmp_path: Path) -> None:
    root = Authority("Root")
    middle = Authority("Middle", root)
    der = middle.certificate("leaf", ec.generate_private_key(ec.SECP256R1()))
    stores = {f"{MACHINE}\\MY": [der], place: [root.der], middle_place: [middle.der]}
    assert _trust(_collect(tmp_path, stores, trusted=[root.der])) == {"CN=leaf": True}


def _aia() -> tuple[x509.ExtensionType, bool]:
    place = x509.UniformResourceIdentifier("http://127.0.0.1:1/ca.crt")
    access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    return x509.AuthorityInformationAccess([access]), False


def test_what_chains_are_not_trusted(tmp_path: Path) -> None:
    root, other, distrusted = Authority("Root"), Authority("Other"), Authority("Distrusted")
    middle = Authority("Middle", root)
    imposter = Authority("Root")  # of the same name, with another key
    lapsed = Authority("Lapsed", root, end=START + datetime.timedelta(days=1))
    key = ec.generate_private_key(ec.SECP256R1())
    past = START + datetime.timedelta(days=2)
    own = [
        root.certificate("good", key, _aia()),
        root.certificate("expired", key, end=past),
        middle.certificate("issuer to be fetched", key, _aia()),
        middle.certificate("issuer nowhere", key),
        other.certificate("root elsewhere", key),
        other.der,
        distrusted.certificate("root that Windows distrusts", key),
        imposter.certificate("imposter", key),
        lapsed.certificate("lapsed authority", key),
    ]
    stores = {
        f"{MACHINE}\\MY": own,
        f"{MACHINE}\\ROOT": [root.der, distrusted.der],
        f"{MACHINE}\\CA": [other.der, lapsed.der],
    }
    assert _trust(_collect(tmp_path, stores, trusted=[root.der])) == {
        "CN=good": True,
        "CN=expired": True,
        "CN=issuer to be fetched": None,
        "CN=issuer nowhere": False,
        "CN=root elsewhere": False,
        "CN=Other": False,
        "CN=root that Windows distrusts": False,
        "CN=imposter": False,
        "CN=lapsed authority": False,
    }


def test_authorities_that_sign_each_other_end(tmp_path: Path) -> None:
    one, two = Authority("One"), Authority("Two")
    one_by_two = two.certificate("One", one.key, (x509.BasicConstraints(True, None), True))
    two_by_one = one.certificate("Two", two.key, (x509.BasicConstraints(True, None), True))
    leaf = one.certificate("leaf", ec.generate_private_key(ec.SECP256R1()))
    stores = {f"{MACHINE}\\MY": [leaf], f"{MACHINE}\\CA": [one_by_two, two_by_one]}
    assert _trust(_collect(tmp_path, stores)) == {"CN=leaf": False}


def test_no_certificate_is_an_answer() -> None:
    assert fact_of(collect("certificates", registry={"HKLM": {}}), Certificates).certificates == ()


@pytest.mark.parametrize("store", [f"{MACHINE}\\MY", f"{POLICY}\\Root", f"{DIRECTORY}\\CA"])
def test_a_store_that_may_not_be_read_is_not_an_empty_one(store: str) -> None:
    key = {f"{store}\\Certificates": {"access_denied": True}}
    assert gap_of(collect("certificates", registry={"HKLM": {"keys": key}}), Certificates).cause == "access_denied"


def test_nothing_of_a_key_is_kept(tmp_path: Path) -> None:
    der = Authority("R").certificate("x", ec.generate_private_key(ec.SECP256R1()))
    document = _collect(tmp_path, {f"{MACHINE}\\MY": [der]}).by_fact()["certificates"]
    assert "CAFE" not in str(document.data)
