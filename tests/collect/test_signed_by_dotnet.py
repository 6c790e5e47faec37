"""The signature that the collector makes, by .NET's own SignedCms, is one that ``verify --trust`` takes."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

import hypervigil.collect
from hypervigil.formats.cms import parse_detached
from hypervigil.store.signature import check_signature
from tests.shared import psengine
from tests.store.signing import Identity, identity

PART = Path(hypervigil.collect.__file__).parent / "powershell" / "parts" / "core_70_bundle.ps1"
MANIFEST = b'{"format":1}\n'
SCRIPT = """\
param([string] $Part, [string] $Store, [string] $Content, [string] $Out)
. $Part
$certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2($Store, 'secret')
$signature = New-HvSignature ([System.IO.File]::ReadAllBytes($Content)) $certificate
[System.IO.File]::WriteAllBytes($Out, $signature)
"""


def signed_by_dotnet(folder: Path, signer: Identity) -> bytes:
    script, store, content, out = (folder / name for name in ("sign.ps1", "signer.pfx", "manifest.json", "out.p7s"))
    script.write_text(SCRIPT)
    content.write_bytes(MANIFEST)
    protection = serialization.BestAvailableEncryption(b"secret")
    store.write_bytes(pkcs12.serialize_key_and_certificates(b"x", signer.key, signer.certificate, None, protection))
    arguments = ["-Part", str(PART), "-Store", str(store), "-Content", str(content), "-Out", str(out)]
    made = subprocess.run([psengine(), "run", script, *arguments], capture_output=True, check=False, timeout=120)
    assert made.returncode == 0, made.stderr.decode()
    assert out.is_file(), made.stderr.decode()
    return out.read_bytes()


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())], ids=["RSA", "ECDSA"]
)
def test_the_collectors_signature_is_checked(
    tmp_path: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    authority = identity("Authority", authority=True)
    signer = identity("HV01", authority, key=key)
    signature = signed_by_dotnet(tmp_path, signer)
    now = datetime.datetime.now(datetime.UTC)
    trust: tuple[x509.Certificate, ...]
    for trust, state in (
        ((authority.certificate,), "trusted"),
        ((signer.certificate,), "trusted"),
        ((identity("Other", authority=True).certificate,), "untrusted"),
        ((), "unchecked"),
    ):
        assert check_signature(signature, MANIFEST, now, trust).state == state
    assert check_signature(signature, MANIFEST + b" ", now, [signer.certificate]).state == "invalid"
    (stated,) = parse_detached(signature).signers
    assert stated.signed_at is None, ".NET states no time: the manifest's counts"
