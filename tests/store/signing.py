"""Certificates and signatures for tests: made with ``cryptography``, and with OpenSSL as a peer of another kind."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
YEAR = datetime.timedelta(days=365)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Identity(NamedTuple):
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    def save(self, folder: Path) -> tuple[Path, Path]:
        """Writes both as PEM."""
        name = self.certificate.subject.rfc4514_string().removeprefix("CN=")
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key


def identity(
    name: str,
    issuer: Identity | None = None,
    *,
    key: Key | None = None,
    authority: bool = False,
    start: datetime.datetime = START,
    end: datetime.datetime = START + 20 * YEAR,
    usage: x509.KeyUsage | None = None,
) -> Identity:
    """A certificate by ``issuer``, or by itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
    if usage:
        builder = builder.add_extension(usage, critical=True)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def signed(data: bytes, *signers: Identity, digest: hashes.SHA256 | hashes.SHA512 | None = None) -> bytes:
    """A detached signature by ``cryptography``, with signed attributes."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    for signer in signers:
        builder = builder.add_signer(signer.certificate, signer.key, digest or hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def openssl(*arguments: str | Path) -> None:
    """Runs OpenSSL; skips the test where there is none, fails it in CI."""
    program = shutil.which("openssl")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openssl is not installed", pytrace=False)
        pytest.skip("openssl is not installed")
    subprocess.run([program, *map(str, arguments)], check=True, capture_output=True)


def signed_by_openssl(folder: Path, data: bytes, signer: Identity, *options: str | Path) -> bytes:
    """A detached signature by ``openssl cms``."""
    certificate, key = signer.save(folder)
    content, out = folder / "content", folder / "content.p7s"
    content.write_bytes(data)
    openssl(
        "cms", "-sign", "-binary", "-outform", "DER", "-in", content, "-out", out,
        "-signer", certificate, "-inkey", key, *options,
    )  # fmt: skip
    return out.read_bytes()
