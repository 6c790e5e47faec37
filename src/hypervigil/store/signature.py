"""Who vouches for a bundle: the detached CMS signature over its manifest, and whether it leads to whom one trusts.

The manifest holds the digest of every document, so a signature over its bytes covers the bundle. It lies beside it as
``manifest.json.p7s`` (DER). A time in a signature is what the signer claims: nothing here asks a time-stamping service,
and nothing asks whether a certificate was revoked.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification

from hypervigil.formats.cms import RSASSA_PSS, SignerInfo, parse_detached
from hypervigil.formats.errors import FormatError
from hypervigil.model.errors import InputError
from hypervigil.store.container import open_container
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MANIFEST, SIGNATURE
from hypervigil.store.read import read_manifest

MAX_SIGNATURE_BYTES = 1024 * 1024
MAX_CERTIFICATE_BYTES = 1024 * 1024
"""Bounds on what is read; a signature with a chain of four certificates takes 6 kB."""

_LEAST_RSA_BITS = 2048
_DEEPEST_CHAIN = 8

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
"""Digests that are not weak, by OID (RFC 5754, section 2). MD5 and SHA-1 are missing on purpose."""

_RSA = "1.2.840.113549.1.1.1"
_ELLIPTIC = "1.2.840.10045.2.1"
"""A key's own algorithm in the place of a signature's: the digest is then the one stated beside it."""

_NAMING: dict[str, tuple[str, str]] = {
    "1.2.840.113549.1.1.11": (_RSA, "2.16.840.1.101.3.4.2.1"),
    "1.2.840.113549.1.1.12": (_RSA, "2.16.840.1.101.3.4.2.2"),
    "1.2.840.113549.1.1.13": (_RSA, "2.16.840.1.101.3.4.2.3"),
    "1.2.840.10045.4.3.2": (_ELLIPTIC, "2.16.840.1.101.3.4.2.1"),
    "1.2.840.10045.4.3.3": (_ELLIPTIC, "2.16.840.1.101.3.4.2.2"),
    "1.2.840.10045.4.3.4": (_ELLIPTIC, "2.16.840.1.101.3.4.2.3"),
}
"""Signature algorithms that name their digest: kind of key and digest (RFC 5754, section 3; RFC 5758, section 3.2)."""

State = Literal["absent", "unchecked", "trusted", "untrusted", "invalid"]


class TrustError(InputError):
    """A file that was given as a trusted certificate and is none."""


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """One signer: names as RFC 4514 writes them, the certificate's serial number and SHA-256 in hexadecimal, when it
    claims to have signed, and under which trusted certificate (empty where none leads to it, and ``problem`` says why).
    """

    name: str
    issuer: str = ""
    serial: str = ""
    certificate_sha256: str = ""
    signed_at: datetime.datetime | None = None
    trusted_by: str = ""
    problem: str = ""


class Vouching(msgspec.Struct, frozen=True):
    """What the signature of a bundle comes to.

    ``absent``: there is none. ``unchecked``: there is one, and nobody said whom to trust. ``trusted``: it fits the
    manifest, and a trusted certificate leads to a signer. ``untrusted``: it fits, and none does. ``invalid``: it does
    not fit the manifest, is made in a weak way, or is no signature; ``problem`` says which. ``manifest_sha256`` is the
    digest of the manifest that was looked at.
    """

    state: State
    signers: tuple[Signer, ...] = ()
    problem: str = ""
    manifest_sha256: str = ""


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a file, PEM (one or many) or DER.

    Raises:
        TrustError: it can not be read, or holds none.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CERTIFICATE_BYTES + 1)
    except OSError as error:
        raise TrustError(f"{path}: it can not be read: {error.strerror or error}.") from error
    if len(data) > MAX_CERTIFICATE_BYTES:
        raise TrustError(f"{path}: it is larger than {MAX_CERTIFICATE_BYTES} bytes.")
    try:
        if b"-----BEGIN" in data:
            return tuple(x509.load_pem_x509_certificates(data))
        return (x509.load_der_x509_certificate(data),)
    except ValueError as error:
        raise TrustError(f"{path}: it is no certificate. Give an X.509 certificate, PEM or DER.") from error


def vouching(path: Path, trust: Sequence[x509.Certificate] = ()) -> Vouching:
    """Who vouches for the bundle at ``path``, as far as these certificates are trusted: the signer's own, or those of
    authorities. It looks at the manifest and its signature; ``verify_bundle`` compares the documents.

    Raises:
        BundleError: it is no bundle, or of a newer format version.
    """
    container = open_container(path)
    try:
        stated = read_manifest(container).created
        manifest = container.read(MANIFEST)
        if SIGNATURE in container.sizes:
            size = container.sizes[SIGNATURE]
            if size > MAX_SIGNATURE_BYTES:
                found = Vouching("invalid", (), f"it has {size} bytes, the limit is {MAX_SIGNATURE_BYTES}")
            else:
                found = check_signature(container.read(SIGNATURE), manifest, stated, trust)
        else:
            found = Vouching("absent")
    except BundleError as error:
        if error.place != SIGNATURE:
            raise
        return Vouching("invalid", (), error.problem)
    finally:
        container.close()
    return msgspec.structs.replace(found, manifest_sha256=hashlib.sha256(manifest).hexdigest())


def check_signature(
    signature: bytes, manifest: bytes, stated: datetime.datetime, trust: Sequence[x509.Certificate]
) -> Vouching:
    """What the bytes of a signature are worth. ``stated`` is when the manifest says that it was made: it stands for the
    time of a signature that states none itself. Every signature in it has to fit; one trusted signer is enough.
    """
    stated = stated if stated.tzinfo else stated.replace(tzinfo=datetime.UTC)
    try:
        parsed = parse_detached(signature)
        signers = [_named(info, (*parsed.certificates, *trust)) for info in parsed.signers]
        if not trust:
            return Vouching("unchecked", tuple(_described(info, found) for info, found in signers))
        return _checked(signers, manifest, stated, parsed.certificates, trust)
    except FormatError as error:
        return Vouching("invalid", (), error.message)


_Named = tuple[SignerInfo, x509.Certificate | None]


def _checked(
    signers: Sequence[_Named],
    manifest: bytes,
    stated: datetime.datetime,
    certificates: Sequence[x509.Certificate],
    trust: Sequence[x509.Certificate],
) -> Vouching:
    results: list[Signer] = []
    for info, found in signers:
        described = _described(info, found)
        problem = "its certificate is not there" if found is None else _misfit(info, found, manifest)
        if problem or found is None:
            signer = msgspec.structs.replace(described, problem=problem)
            return Vouching("invalid", (signer,), f"signature of {described.name}: {problem}")
        anchor, why = _anchor(found, certificates, trust, info.signed_at or stated)
        results.append(msgspec.structs.replace(described, trusted_by=anchor, problem=why))
    state: State = "trusted" if any(signer.trusted_by for signer in results) else "untrusted"
    return Vouching(state, tuple(results), "" if state == "trusted" else results[0].problem)


def _named(info: SignerInfo, certificates: Sequence[x509.Certificate]) -> _Named:
    """The signer's certificate among those that came along or are trusted."""
    for certificate in certificates:
        if info.key and _key_identifier(certificate) == info.key:
            return info, certificate
        if info.issuer and _issued(certificate) == (info.issuer, info.serial):
            return info, certificate
    return info, None


def _issued(certificate: x509.Certificate) -> tuple[bytes, int]:
    """The issuer's name in DER, and the serial number that it gave."""
    try:
        return certificate.issuer.public_bytes(), certificate.serial_number
    except _BAD_CERTIFICATE:
        return b"", 0


def _key_identifier(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (x509.ExtensionNotFound, *_BAD_CERTIFICATE):
        return b""


_BAD_CERTIFICATE = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    x509.InvalidVersion,
)
"""What reading a part of a certificate may raise: it was decoded as far as its outline only."""


def _described(info: SignerInfo, certificate: x509.Certificate | None) -> Signer:
    if certificate is None:
        return Signer(name="somebody whose certificate is not there", signed_at=info.signed_at)
    return Signer(
        name=_name(certificate, issuer=False),
        issuer=_name(certificate, issuer=True),
        serial=f"{certificate.serial_number:x}",
        certificate_sha256=hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        signed_at=info.signed_at,
    )


def _name(certificate: x509.Certificate, *, issuer: bool) -> str:
    try:
        return (certificate.issuer if issuer else certificate.subject).rfc4514_string() or "(no name)"
    except _BAD_CERTIFICATE:
        return "(a name that can not be read)"


def _misfit(info: SignerInfo, certificate: x509.Certificate, manifest: bytes) -> str:
    """Why the signature is not one over this manifest with this key; empty where it is."""
    digest = _HASHES.get(info.digest_algorithm)
    if digest is None:
        return f"it uses digest {info.digest_algorithm}, which is weak or unknown"
    if info.covered is not None and info.digest != _digest(digest, manifest):
        return "it was made over another manifest"
    try:
        key = certificate.public_key()
        if problem := _unfit(certificate, key):
            return problem
        covered = manifest if info.covered is None else info.covered
        return _verified(info, key, covered, digest)
    except InvalidSignature:
        return "it was not made with the key of that certificate, or over another manifest"
    except _BAD_CERTIFICATE as error:
        return f"its certificate can not be used: {error}"


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()


def _unfit(certificate: x509.Certificate, key: object) -> str:
    """Why nobody should sign with this certificate."""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        return f"its RSA key has {key.key_size} bits, fewer than {_LEAST_RSA_BITS}"
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    return "" if usage.digital_signature or usage.content_commitment else "its certificate is not for signatures"


def _verified(info: SignerInfo, key: object, covered: bytes, digest: hashes.HashAlgorithm) -> str:
    """Empty where the signature verifies; InvalidSignature where it does not; why, where the algorithm does not fit."""
    oid = info.algorithm.oid
    kind, named = _NAMING.get(oid, (oid, info.digest_algorithm))
    if named != info.digest_algorithm:
        return "its signature algorithm names another digest than it states"
    if kind == _RSA and isinstance(key, rsa.RSAPublicKey):
        key.verify(info.signature, covered, padding.PKCS1v15(), digest)
        return ""
    if kind == _ELLIPTIC and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(info.signature, covered, ec.ECDSA(digest))
        return ""
    if kind == RSASSA_PSS and isinstance(key, rsa.RSAPublicKey):
        if info.algorithm.pss_hash != info.digest_algorithm or info.algorithm.pss_mask_hash not in _HASHES:
            return "the parameters of its RSASSA-PSS are weak, unknown, or do not fit its digest"
        mask = padding.MGF1(_HASHES[info.algorithm.pss_mask_hash])
        key.verify(info.signature, covered, padding.PSS(mask, info.algorithm.pss_salt), digest)
        return ""
    return f"its signature algorithm {oid} is unknown or does not fit its key"


def _anchor(
    leaf: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    trust: Sequence[x509.Certificate],
    at: datetime.datetime,
) -> tuple[str, str]:
    """The name of the trusted certificate that leads to the signer at that time, or why there is none."""
    try:
        if not leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc:
            span = f"{leaf.not_valid_before_utc:%Y-%m-%d} to {leaf.not_valid_after_utc:%Y-%m-%d}"
            return "", f"its certificate is valid from {span}, and it was signed on {at:%Y-%m-%d}"
        if leaf in trust:
            return _name(leaf, issuer=False), ""
        chain = _verifier(trust, at).verify(leaf, list(certificates)).chain
        return _name(chain[-1], issuer=False), ""
    except verification.VerificationError as error:
        return "", f"no trusted certificate leads to it: {error}"
    except _BAD_CERTIFICATE as error:
        return "", f"its certificate can not be used: {error}"


def _verifier(trust: Sequence[x509.Certificate], at: datetime.datetime) -> verification.ClientVerifier:
    """Chains as RFC 5280 has them, without the web's demands on who may be named: collectors sign with what a machine
    has, a code signing or a document certificate.
    """
    authorities = (
        verification.ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)
        .may_be_present(x509.KeyUsage, verification.Criticality.AGNOSTIC, _may_sign_certificates)
    )
    return (
        verification.PolicyBuilder()
        .store(verification.Store(list(trust)))
        .time(at.astimezone(datetime.UTC).replace(tzinfo=None))
        .max_chain_depth(_DEEPEST_CHAIN)
        .extension_policies(ca_policy=authorities, ee_policy=verification.ExtensionPolicy.permit_all())
        .build_client_verifier()
    )


def _may_sign_certificates(
    _policy: verification.Policy, _certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    if usage is not None and not usage.key_cert_sign:
        msg = "an authority on the way is not for signing certificates"
        raise ValueError(msg)
