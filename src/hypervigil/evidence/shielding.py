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
    """``Mode`` of the HGS client."""

    LOCAL = 0
    HOST_GUARDIAN_SERVICE = 1


class AttestationMode(Code):
    """``AttestationOperationMode``."""

    UNKNOWN = 0
    ACTIVE_DIRECTORY = 1
    TPM = 2
    HOST_KEY = 3


class AttestationStatus(Code):
    """``AttestationStatus`` of MSFT_HgsClientConfiguration."""

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
                ),
                shapes=("MSFT_HgsClientConfiguration",),
            ),
        ),
        sources=(
            _PS + "HgsClient/Get-HgsClientConfiguration.md",
            _GUIDE + "guarded-fabric-troubleshoot-hosts.md",
            "microsoft/wmi server2019 (class MSFT_HgsClientConfiguration)",
        ),
    )

    host_guarded: bool
    mode: Annotated[HgsMode | str, Meta(description="As a number, or as the name that the cmdlet prints.")]
    attestation_mode: Annotated[AttestationMode | str | None, Meta(description="Likewise.")] = None
    status: Annotated[AttestationStatus | str | None, Meta(description="Likewise.")] = None
    substatus: Annotated[int | str | None, Meta(description="AttestationSubstatus.")] = None
    attestation_url: str | None = None
    key_protection_url: str | None = None
    fallback_attestation_urls: tuple[str, ...] = ()
    fallback_key_protection_urls: tuple[str, ...] = ()


class GuardianKey(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate in the store *Shielded VM Local Certificates*. Only whether it has a private key is looked at."""

    thumbprint: Annotated[str, Meta(description="SHA-1, upper-case hex.")]
    subject: str
    not_after: datetime.datetime
    has_private_key: bool


class Guardians(Fact, frozen=True, kw_only=True):
    """Guardian keys on a host: where a vTPM VM can start without a Host Guardian Service."""

    INFO: ClassVar[FactType] = FactType(
        name="guardians",
        title="Local guardian keys",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-ChildItem -LiteralPath 'Cert:\LocalMachine\Shielded VM Local Certificates'",
                properties=("Thumbprint", "Subject", "NotAfter", "HasPrivateKey"),
                shapes=("System.Security.Cryptography.X509Certificates.X509Certificate2",),
            ),
            Read(command="Get-HgsGuardian", properties=("Name", "HasPrivateSigningKey")),
        ),
        sources=(
            _PS + "HgsClient/Get-HgsGuardian.md",
            "Microsoft Japan System Center support blog on vTPM VMs (2024-09)",
        ),
    )

    keys: tuple[GuardianKey, ...]
    names: Annotated[
        tuple[str, ...] | None, Meta(description="Names of guardians; null where the module is absent.")
    ] = None
