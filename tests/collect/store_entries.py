"""Certificates as entries of a Windows certificate store in the registry."""

from __future__ import annotations

import datetime
import functools
import struct
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

NOT_BEFORE = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
NOT_AFTER = datetime.datetime(2036, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


class Made(NamedTuple):
    """A certificate: its DER, its SHA-1 in upper-case hex, and a PKCS#12 file with its key."""

    der: bytes
    thumbprint: str
    pkcs12: bytes


@functools.cache
def certificate(subject: str) -> Made:
    """A self-signed certificate of this subject (RFC 4514)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string(subject)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, NOT_BEFORE, NOT_AFTER)
    made = builder.sign(key, hashes.SHA256())
    return Made(
        made.public_bytes(serialization.Encoding.DER),
        made.fingerprint(hashes.SHA1()).hex().upper(),
        pkcs12.serialize_key_and_certificates(b"x", key, made, None, serialization.NoEncryption()),
    )


def entry(certificate: bytes, *, key: bool) -> bytes:
    """The value ``Blob``: properties by id: 3 the SHA-1, 2 (with a key) where the key is, 32 the certificate."""
    properties = [(3, bytes(20))]
    if key:
        properties.append((2, "{00000000-0000-4000-8000-00000000CAFE}".encode("utf-16-le")))
    properties.append((32, certificate))
    return b"".join(struct.pack("<III", number, 1, len(data)) + data for number, data in properties)
