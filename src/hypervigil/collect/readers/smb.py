"""smb_server, smb_client and rdma."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.collect.readers import fields
from hypervigil.evidence.smb import (
    Dialect,
    Rdma,
    RdmaAdapter,
    SmbClientConfiguration,
    SmbServerConfiguration,
    SpnValidation,
)
from hypervigil.formats.clixml import EnumValue, PSObject

_DIALECTS = {"none": Dialect.NO_LIMIT} | {dialect.name.casefold(): dialect for dialect in Dialect}


def smb_server(configurations: Sequence[object]) -> SmbServerConfiguration:
    """From the object of Get-SmbServerConfiguration.

    Raises:
        UnreadableError: there is not one, or a property is missing or of another type.
    """
    server = fields.single(configurations)
    return SmbServerConfiguration(
        require_signing=fields.boolean(server, "RequireSecuritySignature"),
        smb1_enabled=fields.boolean_or_none(server, "EnableSMB1Protocol"),
        encrypt_data=fields.boolean_or_none(server, "EncryptData"),
        reject_unencrypted=fields.boolean_or_none(server, "RejectUnencryptedAccess"),
        spn_validation=fields.code_or_none(server, "SmbServerNameHardeningLevel", SpnValidation),
        rate_limiter=fields.boolean_or_none(server, "EnableAuthRateLimiter"),
        invalid_authentication_delay_ms=fields.number_or_none(server, "InvalidAuthenticationDelayTimeInMs"),
        audit_smb1=fields.boolean_or_none(server, "AuditSmb1Access"),
        audit_signing=fields.boolean_or_none(server, "AuditClientDoesNotSupportSigning"),
        audit_encryption=fields.boolean_or_none(server, "AuditClientDoesNotSupportEncryption"),
        audit_spn=fields.boolean_or_none(server, "AuditClientSpnSupport"),
        audit_guest=fields.boolean_or_none(server, "AuditInsecureGuestLogon"),
        dialect_min=_dialect(server, "Smb2DialectMin"),
        dialect_max=_dialect(server, "Smb2DialectMax"),
        mailslots=fields.boolean_or_none(server, "EnableMailslots"),
        ciphers=fields.words_or_none(server, "EncryptionCiphers"),
        quic=fields.boolean_or_none(server, "EnableSMBQUIC"),
        quic_restrict_named_pipes=fields.boolean_or_none(server, "RestrictNamedpipeAccessViaQuic"),
    )


def smb_client(configurations: Sequence[object]) -> SmbClientConfiguration:
    """From the object of Get-SmbClientConfiguration.

    Raises:
        UnreadableError: there is not one, or a property is missing or of another type.
    """
    client = fields.single(configurations)
    block_ntlm = fields.boolean_or_none(client, "BlockNTLM")
    exceptions = fields.words_or_none(client, "BlockNTLMServerExceptionList")
    if exceptions is None and block_ntlm is not None:
        exceptions = ()  # the release has the list, and it is empty
    return SmbClientConfiguration(
        require_signing=fields.boolean(client, "RequireSecuritySignature"),
        insecure_guest_logons=fields.boolean_or_none(client, "EnableInsecureGuestLogons"),
        require_encryption=fields.boolean_or_none(client, "RequireEncryption"),
        block_ntlm=block_ntlm,
        block_ntlm_exceptions=exceptions,
        audit_signing=fields.boolean_or_none(client, "AuditServerDoesNotSupportSigning"),
        audit_encryption=fields.boolean_or_none(client, "AuditServerDoesNotSupportEncryption"),
        audit_guest=fields.boolean_or_none(client, "AuditInsecureGuestLogon"),
        dialect_min=_dialect(client, "Smb2DialectMin"),
        dialect_max=_dialect(client, "Smb2DialectMax"),
        mailslots=fields.boolean_or_none(client, "EnableMailslots"),
        ciphers=fields.words_or_none(client, "EncryptionCiphers"),
        quic=fields.boolean_or_none(client, "EnableSMBQUIC"),
        skip_certificate_check=fields.boolean_or_none(client, "SkipCertificateCheck"),
    )


def _dialect(record: PSObject, name: str) -> Dialect | None:
    """A limit: ``None``, a name such as ``SMB311``, or a number. A name counts for more than the number under it."""
    value = fields.value_of(record, name)
    if value is None:
        return None
    written = value.name if isinstance(value, EnumValue) else value
    if isinstance(written, str) and (named := _DIALECTS.get(written.strip().casefold())) is not None:
        return named
    return fields.as_code(name, value, Dialect)


def rdma(adapters: Sequence[object]) -> Rdma:
    """From the objects of Get-NetAdapterRdma; none is an answer.

    Raises:
        UnreadableError: a property is missing or of another type.
    """
    return Rdma(
        adapters=tuple(
            RdmaAdapter(
                name=fields.text(adapter, "Name"),
                interface_description=fields.text_or_none(adapter, "InterfaceDescription"),
                enabled=fields.boolean(adapter, "Enabled"),
                operational=fields.boolean_or_none(adapter, "OperationalState"),
            )
            for adapter in fields.records(adapters)
        )
    )
