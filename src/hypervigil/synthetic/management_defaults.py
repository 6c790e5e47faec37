"""What a well-kept host has of management, fact by fact: RDP, WinRM, certificates, JEA, software.

As in ``defaults``, each function gives one fact, with nothing in it to complain of as far as the release allows;
keyword arguments replace single fields. Nothing here was recorded on a machine.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.management import Certificate, Certificates, Rdp, WinRm, WinRmListener
from hypervigil.evidence.powershell import (
    PsSessionConfigurations,
    RoleCapabilities,
    RoleCapability,
    SessionConfiguration,
    VisibleCommand,
)
from hypervigil.evidence.registry import ABSENT, RegistryValue, dword
from hypervigil.evidence.software import InstalledSoftware, Software, UserProfile, UserProfiles
from hypervigil.synthetic import defaults
from hypervigil.synthetic.account_defaults import ADMINS
from hypervigil.synthetic.moments import AT, MACHINE_SID, changed

WINRM_CERTIFICATE = "0123456789ABCDEF0123456789ABCDEF01234567"


def rdp(**values: RegistryValue) -> Rdp:
    """Refused; and where it were let in, with NLA and TLS."""
    given = {
        "deny_local": dword(1),
        "nla_local": dword(1),
        "security_layer_local": dword(2),
        "encryption_level_local": dword(3),
        "port": dword(3389),
    }
    return Rdp(**{**dict.fromkeys(Rdp.__struct_fields__, ABSENT), **given, **values})


def winrm(**changes: Any) -> WinRm:
    """Kerberos and Negotiate, nothing else; HTTP and HTTPS listeners."""
    fact = WinRm(
        running=True,
        allow_unencrypted=False,
        auth_basic=False,
        auth_kerberos=True,
        auth_negotiate=True,
        auth_certificate=False,
        auth_credssp=False,
        channel_binding="Strict",
        ipv4_filter="*",
        ipv6_filter="*",
        client_allow_unencrypted=False,
        client_auth_basic=False,
        client_auth_digest=False,
        client_auth_credssp=False,
        trusted_hosts=(),
        listeners=(
            WinRmListener(address="*", transport="HTTP", port=5985, enabled=True, listening_on=("10.0.9.11",)),
            WinRmListener(
                address="*",
                transport="HTTPS",
                port=5986,
                hostname=f"hv01.{defaults.DOMAIN}",
                certificate_thumbprint=WINRM_CERTIFICATE,
                enabled=True,
                listening_on=("10.0.9.11",),
            ),
        ),
    )
    return changed(fact, changes)


def certificate(thumbprint: str = WINRM_CERTIFICATE, **changes: Any) -> Certificate:
    """A server certificate of the enterprise's CA, valid for another year."""
    fact = Certificate(
        store="My",
        thumbprint=thumbprint,
        subject=f"CN=hv01.{defaults.DOMAIN}",
        issuer="CN=Contoso Issuing CA 1",
        not_before=AT - datetime.timedelta(days=30),
        not_after=AT + datetime.timedelta(days=365),
        has_private_key=True,
        dns_names=(f"hv01.{defaults.DOMAIN}",),
        usages=("1.3.6.1.5.5.7.3.1",),
        key_usage=128,
        key_algorithm="1.2.840.113549.1.1.1",
        key_bits=2048,
        signature_algorithm="1.2.840.113549.1.1.11",
        chain_trusted=True,
    )
    return msgspec.structs.replace(fact, **changes)


def certificates(*held: Certificate) -> Certificates:
    """The certificate of WinRM, where no others are given."""
    return Certificates(certificates=held or (certificate(),))


def session_configuration(name: str, **changes: Any) -> SessionConfiguration:
    """A JEA endpoint with a virtual account and transcripts."""
    fact = SessionConfiguration(
        name=name,
        enabled=True,
        session_type="RestrictedRemoteServer",
        language_mode="NoLanguage",
        run_as_virtual_account=True,
        transcript_directory="C:\\ProgramData\\JEA\\Transcripts",
        transcript_writable_by=(),
        sddl=f"O:NSG:BAD:P(A;;GA;;;{ADMINS})",
        roles={"CONTOSO\\HyperV-Operators": ("ClusterHealth",)},
    )
    return msgspec.structs.replace(fact, **changes)


def ps_session_configurations(*extra: SessionConfiguration) -> PsSessionConfigurations:
    """The stock endpoint, one for operators, and what else is given."""
    stock = SessionConfiguration(
        name="microsoft.powershell", enabled=True, session_type="Default", sddl="O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)"
    )
    return PsSessionConfigurations(configurations=(stock, session_configuration("ClusterOperators"), *extra))


def role_capability(name: str, *cmdlets: str, **changes: Any) -> RoleCapability:
    """A role file that lets these cmdlets through."""
    fact = RoleCapability(
        name=name,
        path=f"C:\\Program Files\\WindowsPowerShell\\Modules\\ClusterJea\\RoleCapabilities\\{name}.psrc",
        visible_cmdlets=tuple(VisibleCommand(name=cmdlet, line=line) for line, cmdlet in enumerate(cmdlets, start=12)),
    )
    return msgspec.structs.replace(fact, **changes)


def role_capabilities(*roles: RoleCapability) -> RoleCapabilities:
    """The role that looks at health, where no others are given."""
    return RoleCapabilities(
        roles=roles or (role_capability("ClusterHealth", "Get-Cluster", "Get-ClusterNode", "Get-VM"),)
    )


def installed_software(*names: str) -> InstalledSoftware:
    """What is named, and what every node has."""
    return InstalledSoftware(
        products=tuple(Software(name=name) for name in ("Microsoft Monitoring Agent", "NVIDIA WinOF-2", *names))
    )


def user_profiles(*extra: UserProfile) -> UserProfiles:
    """Those of the system and of the built-in Administrator, and what else is given."""
    return UserProfiles(
        profiles=(
            UserProfile(sid="S-1-5-18", path="C:\\Windows\\system32\\config\\systemprofile", special=True),
            UserProfile(sid=f"{MACHINE_SID}-500", path="C:\\Users\\Administrator", loaded=False),
            *extra,
        )
    )
