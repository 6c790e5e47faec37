"""What endpoints say on the wire to somebody without credentials. Nothing reads it yet.

An endpoint is a host, a port and a transport; what it speaks is in the fact. Where an answer was not asked for, or
could not be told, there is null.
"""

from __future__ import annotations

import datetime
import enum
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code, bits_of
from hypervigil.evidence.fact import Fact, FactType, Origin
from hypervigil.evidence.smb import Dialect
from hypervigil.model.subject import Scope

Transport = Literal["tcp", "udp"]


def endpoint_key(host: str, port: int, transport: Transport = "tcp") -> str:
    """The stable key of an endpoint: ``host:port/transport``, the host in lower case, IPv6 addresses in brackets."""
    name = host.strip().lower()
    return f"[{name}]:{port}/{transport}" if ":" in name else f"{name}:{port}/{transport}"


class WireFact(Fact, frozen=True, kw_only=True):
    """What every fact about an endpoint says: which one, and from where it was looked at."""

    endpoint: Annotated[str, Meta(description="Key: host:port/transport.")]
    host: Annotated[str, Meta(description="As declared or found: a name or an address.")]
    address: Annotated[str | None, Meta(description="Address that was connected to.")] = None
    port: int
    transport: Transport = "tcp"
    seen_from: Annotated[str | None, Meta(description="Address of the machine that asked.")] = None
    problem: Annotated[
        str | None, Meta(description="What kept it from being told in full, such as a reset; null for nothing.")
    ] = None


class NtlmTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint tells in an NTLM challenge, before anybody has logged on."""

    computer: Annotated[str | None, Meta(description="NetBIOS name.")] = None
    domain: Annotated[str | None, Meta(description="NetBIOS domain; in a workgroup the computer's name again.")] = None
    dns_computer: Annotated[str | None, Meta(description="DNS name of the computer.")] = None
    dns_domain: Annotated[str | None, Meta(description="DNS name of the domain.")] = None
    dns_tree: Annotated[str | None, Meta(description="DNS name of the forest; a workgroup has none.")] = None
    build: Annotated[int | None, Meta(description="Build: a generation of Windows, client or server.")] = None


class SmbCipher(Code):
    """Ciphers of SMB 3.1.1 ([MS-SMB2] 2.2.3.1.2)."""

    AES128_CCM = 1
    AES128_GCM = 2
    AES256_CCM = 3
    AES256_GCM = 4


class SigningAlgorithm(Code):
    """Signing algorithms of SMB 3.1.1 ([MS-SMB2] 2.2.3.1.7)."""

    HMAC_SHA256 = 0
    AES_CMAC = 1
    AES_GMAC = 2


class SmbCapability(Code):
    """Bits of ``Capabilities`` in a NEGOTIATE response ([MS-SMB2] 2.2.4)."""

    DFS = 0x01
    LEASING = 0x02
    LARGE_MTU = 0x04
    MULTI_CHANNEL = 0x08
    PERSISTENT_HANDLES = 0x10
    DIRECTORY_LEASING = 0x20
    ENCRYPTION = 0x40


_SIGNING_ENABLED = 0x1
_SIGNING_REQUIRED = 0x2


class WireSmb(WireFact, frozen=True, kw_only=True):
    """An SMB endpoint as it negotiates. Whether it demands encryption can not be seen without credentials."""

    INFO: ClassVar[FactType] = FactType(
        name="wire_smb",
        title="SMB on the wire",
        subject=Scope.ENDPOINT,
        item_key="endpoint",
        origin=Origin.WIRE,
        reads=(),
        sources=("[MS-SMB2] 2.2.3, 2.2.4, 3.3.5.3 and 3.3.5.4", "[MS-NLMP] 2.2.1.2 (CHALLENGE_MESSAGE)"),
    )

    security_mode: Annotated[
        int | None, Meta(description="SecurityMode of the response: 1 signing enabled, 2 signing required.")
    ] = None
    dialects: Annotated[
        tuple[Dialect, ...] | None, Meta(description="Those it takes when offered alone; null where not enumerated.")
    ] = None
    dialect: Annotated[Dialect | None, Meta(description="The highest one that both have.")] = None
    smb1: Annotated[bool | None, Meta(description="It answers NT LM 0.12.")] = None
    capabilities: Annotated[int | None, Meta(description="Capabilities, as bits.")] = None
    server_guid: Annotated[
        str | None, Meta(description="ServerGuid in lower case: the same on two addresses is the same machine.")
    ] = None
    ciphers: Annotated[tuple[SmbCipher, ...] | None, Meta(description="Each offered alone; null below 3.1.1.")] = None
    signing_algorithms: Annotated[
        tuple[SigningAlgorithm, ...] | None, Meta(description="Each offered alone; empty where it has no such context.")
    ] = None
    compression: Annotated[tuple[int, ...] | None, Meta(description="Compression algorithms by number.")] = None
    rdma_transforms: Annotated[tuple[int, ...] | None, Meta(description="1 encryption, 2 signing: 2022 and later.")] = (
        None
    )
    mechanisms: Annotated[tuple[str, ...] | None, Meta(description="OIDs of its SPNEGO token, in order.")] = None
    system_time: Annotated[datetime.datetime | None, Meta(description="SystemTime of the response.")] = None
    start_time: Annotated[datetime.datetime | None, Meta(description="ServerStartTime; null where it is 0.")] = None
    ahead_seconds: Annotated[float | None, Meta(description="Its clock less ours, when the answer came.")] = None
    uncertainty_seconds: Annotated[float | None, Meta(description="Half the round trip and one second.")] = None
    ntlm: Annotated[NtlmTarget | None, Meta(description="From the challenge; null where NTLM was not spoken.")] = None
    failed_logon_delay_ms: Annotated[
        int | None, Meta(description="How long a refused logon is held back; null unless the operator asked for it.")
    ] = None

    @property
    def can_sign(self) -> bool | None:
        """Whether it says that it can sign; None where it did not negotiate SMB 2 or later."""
        return None if self.security_mode is None else bool(self.security_mode & _SIGNING_ENABLED)

    @property
    def requires_signing(self) -> bool | None:
        """Whether it demands signing; None where it did not negotiate SMB 2 or later."""
        return None if self.security_mode is None else bool(self.security_mode & _SIGNING_REQUIRED)

    @property
    def capability_bits(self) -> tuple[SmbCapability, ...]:
        """The capabilities as single bits, unnamed ones too."""
        return bits_of(SmbCapability, self.capabilities or 0)


class WireCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate that an endpoint shows."""

    subject: str
    issuer: str
    not_before: datetime.datetime
    not_after: datetime.datetime
    sha256: Annotated[str, Meta(description="Of its DER form, lower-case hex.")]
    thumbprint: Annotated[str | None, Meta(description="SHA-1, upper-case hex, as Windows shows it.")] = None
    dns_names: Annotated[tuple[str, ...], Meta(description="Subject alternative names of type DNS.")] = ()
    ip_names: Annotated[tuple[str, ...], Meta(description="Subject alternative names of type IP.")] = ()
    usages: Annotated[tuple[str, ...], Meta(description="OIDs of the extended key usage; empty for any.")] = ()
    key_algorithm: Annotated[str | None, Meta(description="OID of the public key.")] = None
    key_bits: Annotated[int | None, Meta(description="Length of the public key.")] = None
    signature_algorithm: Annotated[str | None, Meta(description="OID.")] = None
    self_signed: Annotated[bool | None, Meta(description="Subject and issuer are the same.")] = None


class WireTls(WireFact, frozen=True, kw_only=True):
    """An endpoint that speaks TLS: which versions, and with which certificate."""

    INFO: ClassVar[FactType] = FactType(
        name="wire_tls",
        title="TLS on the wire",
        subject=Scope.ENDPOINT,
        item_key="endpoint",
        origin=Origin.WIRE,
        reads=(),
        sources=("RFC 8446", "RFC 5280"),
    )

    versions: Annotated[
        tuple[str, ...] | None, Meta(description="Those it takes, such as TLSv1.2; null where not enumerated.")
    ] = None
    cipher: Annotated[str | None, Meta(description="Cipher suite of the best handshake.")] = None
    certificate: WireCertificate | None = None
    trusted: Annotated[bool | None, Meta(description="Its chain ends in a root of the machine that asked.")] = None
    name_matches: Annotated[bool | None, Meta(description="It is valid for the name that was asked for.")] = None
    alpn: Annotated[str | None, Meta(description="Protocol that it chose, such as smb or h2.")] = None


class RdpProtocol(Code):
    """``selectedProtocol``, and bits of ``requestedProtocols`` ([MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1)."""

    RDP = 0
    TLS = 1
    HYBRID = 2
    RDSTLS = 4
    HYBRID_EX = 8
    RDSAAD = 16


class RdpFailure(Code):
    """``failureCode`` ([MS-RDPBCGR] 2.2.1.2.2)."""

    SSL_REQUIRED = 1
    SSL_NOT_ALLOWED = 2
    SSL_CERT_NOT_ON_SERVER = 3
    INCONSISTENT_FLAGS = 4
    HYBRID_REQUIRED = 5
    SSL_WITH_USER_AUTH_REQUIRED = 6


class RdpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint answers to one connection request."""

    requested: Annotated[int, Meta(description="requestedProtocols, as bits.")]
    selected: Annotated[RdpProtocol | None, Meta(description="Null where it refused.")] = None
    failure: Annotated[RdpFailure | None, Meta(description="Null where it did not refuse.")] = None
    flags: Annotated[int | None, Meta(description="Flags of a response: 8 Restricted Admin, 16 RCG.")] = None


class WireRdp(WireFact, frozen=True, kw_only=True):
    """An RDP endpoint: which security protocols it takes."""

    INFO: ClassVar[FactType] = FactType(
        name="wire_rdp",
        title="RDP on the wire",
        subject=Scope.ENDPOINT,
        item_key="endpoint",
        origin=Origin.WIRE,
        reads=(),
        sources=("[MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1 and 2.2.1.2.2",),
    )

    answers: Annotated[tuple[RdpAnswer, ...], Meta(description="One for each request, which has its own connection.")]
    tls_versions: Annotated[
        tuple[str, ...] | None, Meta(description="Those it takes, such as TLSv1.2; null where not enumerated.")
    ] = None
    certificate: WireCertificate | None = None
    ntlm: Annotated[NtlmTarget | None, Meta(description="From the CredSSP challenge.")] = None

    def answer(self, requested: int) -> RdpAnswer | None:
        """The answer to a request; None where it was not sent, or not answered."""
        return next((answer for answer in self.answers if answer.requested == requested), None)


class WireWinRm(WireFact, frozen=True, kw_only=True):
    """A WinRM endpoint: how it lets clients authenticate."""

    INFO: ClassVar[FactType] = FactType(
        name="wire_winrm",
        title="WinRM on the wire",
        subject=Scope.ENDPOINT,
        item_key="endpoint",
        origin=Origin.WIRE,
        reads=(),
        sources=("[MS-WSMV] 2.2.9 (authentication)", "RFC 9110 section 11"),
    )

    https: Annotated[bool, Meta(description="It was asked over TLS.")]
    status: Annotated[int | None, Meta(description="HTTP status of POST /wsman: 401 as a rule, 404 without WinRM.")] = (
        None
    )
    schemes: Annotated[
        tuple[str, ...] | None, Meta(description="Of WWW-Authenticate, in order: Negotiate, Kerberos, CredSSP, Basic.")
    ] = None
    server: Annotated[str | None, Meta(description="Header Server.")] = None
    ntlm: Annotated[NtlmTarget | None, Meta(description="From the challenge; null where NTLM was not spoken.")] = None
    certificate: WireCertificate | None = None


class Reach(enum.StrEnum):
    """How a port answers to one that knocks."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


class Knock(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to connect, and from where."""

    seen_from: Annotated[str | None, Meta(description="Address of the machine that knocked.")] = None
    place: Annotated[
        str | None, Meta(description="Network that the operator says it stands in, such as tenant or management.")
    ] = None
    answer: Reach
    time: datetime.datetime | None = None


class WireReach(WireFact, frozen=True, kw_only=True):
    """Whether a port answers, from each place that somebody knocked from."""

    INFO: ClassVar[FactType] = FactType(
        name="wire_reach",
        title="Reachability",
        subject=Scope.ENDPOINT,
        item_key="endpoint",
        origin=Origin.WIRE,
        reads=(),
        sources=("RFC 9293 (open and refused)",),
    )

    knocks: tuple[Knock, ...]
