"""Shielded VMs: the host's client of the Host Guardian Service, and the guardian keys that lie on the host."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_PS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/"
_GUIDE = "MicrosoftDocs/windowsserverdocs security/guarded-fabric-shielded-vm/"


class HgsMode(Code):
    """``Mode`` of the HGS client; printed as Local and HostGuardianService."""

    UNKNOWN = 0
    LOCAL = 1
    HOST_GUARDIAN_SERVICE = 2


class AttestationMode(Code):
    """``AttestationOperationMode``; printed as Tpm, ActiveDirectory and HostKey."""

    UNKNOWN = 0
    TPM = 1
    ACTIVE_DIRECTORY = 2
    HOST_KEY = 3


class AttestationStatus(Code):
    """``AttestationStatus``; printed as NotConfigured, Unknown (not attempted), Passed, Expired, TransientError
    (retriable), UnauthorizedHost, TpmError and InsecureHostConfiguration.
    """

    NOT_CONFIGURED = 0
    NOT_ATTEMPTED = 1
    PASSED = 100
    EXPIRED = 200
    RETRIABLE = 300
    UNAUTHORIZED_HOST = 301
    TPM_ERROR = 302
    INSECURE_HOST_CONFIGURATION = 303


class HgsClient(Fact, frozen=True, kw_only=True):
    """Whether a host is guarded. Reading it starts an attestation attempt, so it is read only when asked for."""

    INFO: ClassVar[FactType] = FactType(
        name="hgs_client",
        title="HGS client",
        subject=Scope.NODE,
        reads=(
            Read(
                command="Get-HgsClientConfiguration",
                properties=(
                    "IsHostGuarded",
                    "Mode",
                    "AttestationOperationMode",
                    "AttestationStatus",
                    "AttestationSubstatus",
                    "AttestationServerUrl",
                    "KeyProtectionServerUrl",
                    "FallbackAttestationServerUrl",
                    "FallbackKeyProtectionServerUrl",
                    "IsFallbackInUse",
                ),
                shapes=("MSFT_HgsClientConfiguration",),
            ),
        ),
        sources=(
            _PS + "HgsClient/Get-HgsClientConfiguration.md",
            _GUIDE + "guarded-fabric-troubleshoot-hosts.md",
            "MicrosoftDocs/win32 desktop-src/HgsClientWmi/msft-hgsclientconfiguration.md (numbers)",
            "[MS-HGSA] 2.2.1.1 (AttestationOperationMode)",
        ),
    )

    host_guarded: Annotated[bool, Meta(description="IsHostGuarded.")]
    mode: HgsMode
    attestation_mode: AttestationMode | None = None
    status: AttestationStatus | None = None
    substatus: Annotated[
        int | str | None,
        Meta(
            description="AttestationSubstatus: bits (1 Secure Boot, 2 debugging, 4 code integrity; others are "
            "unverified), or names as printed such as VirtualSecureMode."
        ),
    ] = None
    attestation_url: Annotated[str | None, Meta(description="AttestationServerUrl.")] = None
    key_protection_url: Annotated[str | None, Meta(description="KeyProtectionServerUrl.")] = None
    fallback_attestation_urls: Annotated[tuple[str, ...], Meta(description="FallbackAttestationServerUrl.")] = ()
    fallback_key_protection_urls: Annotated[tuple[str, ...], Meta(description="FallbackKeyProtectionServerUrl.")] = ()
    fallback_in_use: Annotated[bool | None, Meta(description="IsFallbackInUse; null before 2019.")] = None


class GuardianKey(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate in the store *Shielded VM Local Certificates*. Only whether it has a private key is looked at."""

    thumbprint: Annotated[str, Meta(description="SHA-1, upper-case hex.")]
    subject: str
    not_after: datetime.datetime
    has_private_key: Annotated[bool, Meta(description="The entry says where its private key is.")]


class Guardians(Fact, frozen=True, kw_only=True):
    """Guardian keys on a host: where a vTPM VM can start without a Host Guardian Service."""

    INFO: ClassVar[FactType] = FactType(
        name="guardians",
        title="Local guardian keys",
        subject=Scope.NODE,
        reads=(
            Read(
                command=(
                    r"Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\SystemCertificates"
                    r"\Shielded VM Local Certificates\Certificates' -Recurse"
                ),
                properties=("PSChildName", "Blob"),
            ),
            Read(command="Get-HgsGuardian", properties=("Name",)),
        ),
        sources=(
            _PS + "HgsClient/Get-HgsGuardian.md",
            "MicrosoftDocs/win32 desktop-src/SecCrypto/system-store-locations.md (where the store lies)",
            "Microsoft Japan System Center support blog on vTPM VMs (2024-09)",
        ),
    )

    keys: tuple[GuardianKey, ...]
    names: Annotated[
        tuple[str, ...] | None, Meta(description="Names of guardians; null where the module is absent.")
    ] = None
