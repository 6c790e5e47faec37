"""Cryptographic Message Syntax: a detached SignedData structure (RFC 5652, section 5), from DER to typed values.

What is decoded is only what a check of one detached signature needs; nothing is believed here. It is decoded by
``cryptography``, as strict DER: BER, such as streaming signers write it, is refused.
"""

from __future__ import annotations

import datetime
import warnings
from typing import Annotated, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.utils import CryptographyDeprecationWarning

from hypervigil.formats.errors import FormatError

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
"""Content types: RFC 5652, sections 4 and 5.1."""

_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
"""Signed attributes: RFC 5652, sections 11.1 to 11.3."""


class CmsError(FormatError):
    """It is no detached signature as RFC 5652 has it."""


@asn1.sequence
class _ContentInfo:
    content_type: x509.ObjectIdentifier
    content: Annotated[asn1.TLV, asn1.Explicit(0)]


@asn1.sequence
class _Attribute:
    type: x509.ObjectIdentifier
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class _IssuerAndSerial:
    issuer: asn1.TLV
    serial: int


@asn1.sequence
class _Algorithm:
    algorithm: x509.ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _OpenAlgorithm:
    algorithm: x509.ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class _PssParameters:
    hash: Annotated[_Algorithm | None, asn1.Explicit(0)]
    mask: Annotated[_OpenAlgorithm | None, asn1.Explicit(1)]
    salt: Annotated[int | None, asn1.Explicit(2)]
    trailer: Annotated[int | None, asn1.Explicit(3)]


@asn1.sequence
class _SignerInfo:
    version: int
    identifier: (
        Annotated[asn1.Variant[bytes, Literal["key"]], asn1.Implicit(0)]
        | asn1.Variant[_IssuerAndSerial, Literal["issuer"]]
    )
    digest_algorithm: _Algorithm
    signed: Annotated[asn1.SetOf[_Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: asn1.TLV
    signature: bytes
    unsigned: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]


@asn1.sequence
class _EncapsulatedContent:
    content_type: x509.ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class _SignedData:
    version: int
    digest_algorithms: asn1.SetOf[_Algorithm]
    content: _EncapsulatedContent
    # SETs by the specification. Read as lists, for signers do not agree on the order that DER asks for, and nothing
    # signs it.
    certificates: Annotated[list[x509.Certificate] | None, asn1.Implicit(0)]
    revocations: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[_SignerInfo]


class Algorithm(msgspec.Struct, frozen=True):
    """How a signature was made: the algorithm's OID; of RSASSA-PSS also the OIDs of its hash and of its mask's hash (of
    the function's own OID where that is no MGF1), and the length of the salt in bytes (RFC 4055, section 3.1).
    """

    oid: str
    pss_hash: str = ""
    pss_mask_hash: str = ""
    pss_salt: int = 0


class SignerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One signature. The signer is named by ``issuer`` (a name in DER) and ``serial``, or by ``key`` (the subject key
    identifier of the certificate). ``covered`` are the bytes that the signature is over: the signed attributes as a SET
    OF in DER, None where there are none and it is over the content itself. ``digest`` is the digest of the content that
    the attributes state, ``signed_at`` the time that they claim, where they do.
    """

    issuer: bytes = b""
    serial: int = 0
    key: bytes = b""
    digest_algorithm: str
    algorithm: Algorithm
    signature: bytes
    covered: bytes | None = None
    digest: bytes = b""
    signed_at: datetime.datetime | None = None


class SignedData(msgspec.Struct, frozen=True):
    """The signatures over some content that is elsewhere, and the certificates that came along."""

    signers: tuple[SignerInfo, ...]
    certificates: tuple[x509.Certificate, ...]


def parse_detached(data: bytes) -> SignedData:
    """The detached signatures in a ContentInfo of type signed-data.

    Raises:
        CmsError: it is none: not DER, another content type, with the content inside, without a signature, or with
            signed attributes that contradict RFC 5652, section 5.3.
    """
    try:
        return _parsed(data)
    except (ValueError, TypeError, OverflowError, x509.InvalidVersion) as error:
        raise CmsError(f"it is no CMS signature in DER: {error}") from error


def _parsed(data: bytes) -> SignedData:
    outer = asn1.decode_der(_ContentInfo, data)
    if outer.content_type.dotted_string != SIGNED_DATA:
        raise CmsError(f"its content type is {outer.content_type.dotted_string}", expected=SIGNED_DATA)
    signed = _signed_data(outer.content)
    if signed.content.content_type.dotted_string != DATA:
        raise CmsError(f"it signs content of type {signed.content.content_type.dotted_string}", expected=DATA)
    if signed.content.content is not None:
        raise CmsError("it holds content of its own", expected="a detached signature")
    signers = tuple(_signer(info) for info in signed.signers.as_list())
    if not signers:
        raise CmsError("nobody has signed it")
    return SignedData(signers, tuple(signed.certificates or ()))


def _signed_data(content: asn1.TLV) -> _SignedData:
    """The structure. A certificate whose serial number is not positive is refused (RFC 5280, 4.1.2.2): ``cryptography``
    warns of it today and means to raise, wherever it is looked at.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        signed: _SignedData = content.parse(_SignedData)
        odd = [certificate for certificate in signed.certificates or () if certificate.serial_number <= 0]
    if odd:
        raise CmsError("a certificate in it has a serial number that is not positive", expected="a number above 0")
    return signed


def _signer(info: _SignerInfo) -> SignerInfo:
    named = info.identifier.value
    attributes = _attributes(info.signed)
    return SignerInfo(
        issuer=asn1.encode_der(named.issuer) if isinstance(named, _IssuerAndSerial) else b"",
        serial=named.serial if isinstance(named, _IssuerAndSerial) else 0,
        key=named if isinstance(named, bytes) else b"",
        digest_algorithm=info.digest_algorithm.algorithm.dotted_string,
        algorithm=_algorithm(info.signature_algorithm),
        signature=info.signature,
        # Over a SET OF, though the tag in the structure is [0]: RFC 5652, section 5.4.
        covered=None if info.signed is None else asn1.encode_der(info.signed),
        digest=attributes[_MESSAGE_DIGEST].parse(bytes) if _MESSAGE_DIGEST in attributes else b"",
        signed_at=_time(attributes[_SIGNING_TIME]) if _SIGNING_TIME in attributes else None,
    )


def _attributes(signed: asn1.SetOf[_Attribute] | None) -> dict[str, asn1.TLV]:
    """The one value of each signed attribute that matters, by its OID."""
    if signed is None:
        return {}
    found: dict[str, asn1.TLV] = {}
    for attribute in signed.as_list():
        name = attribute.type.dotted_string
        values = attribute.values.as_list()
        if name not in (_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME):
            continue
        if name in found or len(values) != 1:
            raise CmsError(f"signed attribute {name} is there more than once")
        found[name] = values[0]
    if _CONTENT_TYPE not in found or _MESSAGE_DIGEST not in found:
        raise CmsError("its signed attributes lack content type or message digest")
    stated = found[_CONTENT_TYPE].parse(x509.ObjectIdentifier).dotted_string
    if stated != DATA:
        raise CmsError(f"its signed attributes state content of type {stated}", expected=DATA)
    return found


def _time(value: asn1.TLV) -> datetime.datetime:
    """UTCTime until 2049, GeneralizedTime after it: RFC 5652, section 11.3."""
    kind = asn1.UTCTime if value.tag_bytes == _UTC_TIME else asn1.GeneralizedTime
    at: datetime.datetime = value.parse(kind).as_datetime()
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


_UTC_TIME = b"\x17"


def _algorithm(value: asn1.TLV) -> Algorithm:
    try:
        return Algorithm(value.parse(_Algorithm).algorithm.dotted_string)
    except ValueError:
        opened: _OpenAlgorithm = value.parse(_OpenAlgorithm)
    oid = opened.algorithm.dotted_string
    if oid != RSASSA_PSS:
        raise CmsError(f"signature algorithm {oid} has parameters that it should not have")
    found: _PssParameters = opened.parameters.parse(_PssParameters)
    mask = ""
    if found.mask is not None:
        function = found.mask.algorithm.dotted_string
        mask = found.mask.parameters.parse(_Algorithm).algorithm.dotted_string if function == _MGF1 else function
    return Algorithm(
        oid,
        found.hash.algorithm.dotted_string if found.hash else _SHA1,
        mask or _SHA1,
        _SALT if found.salt is None else found.salt,
    )


RSASSA_PSS = "1.2.840.113549.1.1.10"
_MGF1 = "1.2.840.113549.1.1.8"
_SHA1 = "1.3.14.3.2.26"
_SALT = 20
"""The defaults of RSASSA-PSS: RFC 4055, section 3.1."""
