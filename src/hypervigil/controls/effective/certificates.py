"""Whether a certificate of a host can serve TLS, as far as evidence of that host tells.

A certificate is asked for what is wrong with it (faults), for what only those who connect can tell (questions), and
for what was not seen. Each answer is a clause that goes on where "The certificate" begins. Which of them count is for
the control to say.

Sources of the numbers: MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-over-quic.md`
(2,048 bits of RSA, 256 of elliptic curves, SHA-256, digital signature); NIST SP 800-131A Rev. 2 has the same lengths.
RFC 5280 4.2.1.3 and 4.2.1.12 (usages), RFC 5758 and RFC 8017 A.2.4 (signature algorithms), RFC 9525 6.3 (names).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import msgspec

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.management import Certificate

SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"
ANY_USAGE = "2.5.29.37.0"
DIGITAL_SIGNATURE = 0x80
"""The bit of the key usage that TLS 1.3 needs: the server signs, whatever kind of key it has."""

SHORTEST_KEY = {"1.2.840.113549.1.1.1": ("RSA", 2048), "1.2.840.10045.2.1": ("ECC", 256)}
"""By the OID of the public key: its name, and the shortest length in bits that is still taken."""

WEAK_SIGNATURES = {
    "1.2.840.113549.1.1.2": "MD2 with RSA",
    "1.2.840.113549.1.1.4": "MD5 with RSA",
    "1.2.840.113549.1.1.5": "SHA-1 with RSA",
    "1.3.14.3.2.29": "SHA-1 with RSA",
    "1.2.840.10040.4.3": "SHA-1 with DSA",
    "1.2.840.10045.4.1": "SHA-1 with ECDSA",
}
STRONG_SIGNATURES = frozenset(
    (
        *("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13"),  # RSA: SHA-256, 384, 512
        *("1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"),  # ECDSA: the same
    )
)


class Examined(msgspec.Struct, frozen=True):
    """What speaks against a certificate: what is wrong, what only others can tell, and what was not seen."""

    faults: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    def __add__(self, other: Examined) -> Examined:
        return Examined(self.faults + other.faults, self.questions + other.questions, self.unseen + other.unseen)


def examine(certificate: Certificate, at: datetime.datetime | None) -> Examined:
    """What speaks against a certificate as that of a server, whoever uses it: dates, key, usage and chain.

    ``at`` is the moment of the evidence; None where it does not say.
    """
    parts = (_dated(certificate, at), _keyed(certificate), _used(certificate), _trusted(certificate))
    return sum(parts, Examined())


def _dated(certificate: Certificate, at: datetime.datetime | None) -> Examined:
    first, last = in_utc(certificate.not_before), in_utc(certificate.not_after)
    if at is None:
        return Examined(unseen=("whether it was valid then: nothing says when the evidence was collected",))
    if in_utc(at) > last:
        return Examined((f"expired on {last.date().isoformat()}",))
    if in_utc(at) < first:
        return Examined((f"is valid from {first.date().isoformat()} only",))
    return Examined()


def _keyed(certificate: Certificate) -> Examined:
    faults = () if certificate.has_private_key else ("has no private key in the store",)
    kind, shortest = SHORTEST_KEY.get(certificate.key_algorithm or "", ("", 0))
    if not kind:
        return Examined(faults, unseen=(f"whether its key is long enough ({_of_key(certificate)})",))
    if certificate.key_bits is None:
        return Examined(faults, unseen=("how long its key is",))
    if certificate.key_bits < shortest:
        faults = (*faults, f"has an {kind} key of {certificate.key_bits} bits, where {shortest} are the least")
    return Examined(faults)


def _of_key(certificate: Certificate) -> str:
    return f"its kind is {certificate.key_algorithm}" if certificate.key_algorithm else "its kind is not known"


def _used(certificate: Certificate) -> Examined:
    if certificate.usages and not {SERVER_AUTHENTICATION, ANY_USAGE} & {*certificate.usages}:
        return Examined((f"is not meant for servers (its usages are {', '.join(certificate.usages)})",))
    return Examined()


def _trusted(certificate: Certificate) -> Examined:
    if certificate.chain_trusted:
        return Examined()
    if certificate.chain_trusted is None:
        return Examined(unseen=("whether it is trusted: an issuer does not lie on this host",))
    if certificate.subject and certificate.subject == certificate.issuer:
        return Examined(questions=("signs itself and is no root of this host: do those who connect trust it",))
    return Examined(("leads to no root that this host trusts",))


def signature(certificate: Certificate) -> Examined:
    """What speaks against the algorithm that a certificate is signed with: less than SHA-256."""
    weak = WEAK_SIGNATURES.get(certificate.signature_algorithm or "")
    if weak:
        return Examined((f"is signed with {weak}, where SHA-256 is the least",))
    if certificate.signature_algorithm in STRONG_SIGNATURES:
        return Examined()
    return Examined(unseen=(f"whether it is signed well ({certificate.signature_algorithm or 'not read'})",))


def signs(certificate: Certificate) -> Examined:
    """What speaks against a certificate whose key has to sign: a key usage without digital signature."""
    if certificate.key_usage is None:
        return Examined(unseen=("whether its key may sign: no key usage was seen",))
    if not certificate.key_usage & DIGITAL_SIGNATURE:
        return Examined((f"has a key that may not sign (key usage {certificate.key_usage})",))
    return Examined()


_COMMON_NAME = re.compile(r'(?:^|[,+;])\s*CN=("(?:[^"]|"")*"|[^,+;]*)', re.IGNORECASE)


def server_names(certificate: Certificate) -> tuple[str, ...]:
    """The names that a certificate is for, in lower case: its DNS names; the common names where it has none."""
    found = certificate.dns_names or tuple(name.strip('" ') for name in _COMMON_NAME.findall(certificate.subject))
    return tuple(_plain(name) for name in found if _plain(name))


def covers(certificate: Certificate, *names: str) -> bool:
    """Whether a certificate is for one of these names. A ``*`` stands for the whole first label and for no more."""
    wanted = {_plain(name) for name in names} - {""}
    return any(_means(pattern, name) for pattern in server_names(certificate) for name in wanted)


def _means(pattern: str, name: str) -> bool:
    if not pattern.startswith("*."):
        return pattern == name
    first, _, rest = name.partition(".")
    return bool(first) and rest == pattern[2:]


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower()


def short_names(certificate: Certificate) -> Iterator[str]:
    """The first labels of the names that a certificate is for, but for wildcards."""
    return (name.partition(".")[0] for name in server_names(certificate) if not name.startswith("*"))
