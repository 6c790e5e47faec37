"""The collector's signature over a manifest is one that ``verify --trust`` takes."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hypervigil.store.signature import vouching
from hypervigil.store.verify import verify_bundle
from tests.collect.collector import run_collector, run_text

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, x509.Certificate]:
    """A certificate of its own with its key, as a PFX without a real password."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Evidence of Contoso")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("signer") / "signer.pfx"
    secret = serialization.BestAvailableEncryption(b"x")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"signer", key, certificate, None, secret))
    return file, certificate


def test_a_signed_bundle_is_trusted(signer: tuple[Path, x509.Certificate], tmp_path: Path) -> None:
    file, certificate = signer
    target = tmp_path / "signed.zip"
    run = run_text(f"""
$HvVersion = '0'
$HvFacts = @{{ smb_server = @{{ Version = 1; Command = 'x'; Scope = 'node' }} }}
$certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2('{file}', 'x')
$node = @{{ Kind = 'node'; Name = 'HV01'; Key = 'hv01'; Aliases = ''; Computer = 'HV01' }}
$document = New-Object psobject -Property (New-HvDocument 'smb_server' ([datetime]::UtcNow) 'not_collected' 'none')
$result = @{{ Name = 'HV01'; Node = (New-Object psobject -Property $node); Documents = @{{ smb_server = $document }} }}
$joined = Join-HvResults @($result) @('smb_server')
$manifest = Get-HvManifest $joined @('smb_server') 'signed' ([datetime]::UtcNow)
Save-HvBundle $joined.Members $manifest $certificate '{target}'
""")
    assert run.status == 0, run.messages
    assert verify_bundle(target).whole
    vouched = vouching(target, [certificate])
    assert vouched.state == "trusted", vouched.problem
    assert [signer.name for signer in vouched.signers] == ["CN=Evidence of Contoso"]
    assert [each.name for each in tmp_path.iterdir()] == ["signed.zip"]


def test_a_certificate_that_is_not_there_is_told_before_anything_is_read() -> None:
    run = run_collector("-SigningCertificateThumbprint", "00 11", trace=True)
    assert run.status == 1
    assert "Get-SmbServerConfiguration" not in {line["name"] for line in run.trace}
    assert list(run.folder.iterdir()) == []
