"""What directory and wire say of a well-kept cluster, fact by fact.

As in ``defaults``, each function gives one fact with nothing in it to complain of; keyword arguments replace single
fields. Nothing here was recorded.
"""

# ruff: noqa: ANN401  the keyword arguments are fields of any fact

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from hypervigil.evidence.directory import (
    AccountKind,
    ComputerRole,
    DirectoryAccount,
    DirectoryComputer,
    UserAccountControl,
)
from hypervigil.evidence.directory_domain import (
    DirectoryAcls,
    DirectoryDc,
    DirectoryDomain,
    DirectoryRight,
    FunctionalLevel,
)
from hypervigil.evidence.smb import Dialect
from hypervigil.evidence.wire import (
    Knock,
    NtlmTarget,
    RdpAnswer,
    RdpFailure,
    RdpProtocol,
    Reach,
    SigningAlgorithm,
    SmbCipher,
    WireCertificate,
    WireRdp,
    WireReach,
    WireSmb,
    WireTls,
    WireWinRm,
    endpoint_key,
)
from hypervigil.synthetic.moments import AT, DOMAIN_SID, changed

AES = 0x18
PROBE = "10.0.9.5"
"""The machine that looks at endpoints: a jump host."""


def directory_domain(**changes: Any) -> DirectoryDomain:
    """A domain with a 2025 schema and no machine account quota."""
    fact = DirectoryDomain(
        dns_name="contoso.com",
        netbios_name="CONTOSO",
        sid=DOMAIN_SID,
        dn="DC=contoso,DC=com",
        domain_level=FunctionalLevel.WINDOWS_2016,
        forest_level=FunctionalLevel.WINDOWS_2016,
        schema_version=91,
        dmsa_class=True,
        dmsa_visible=True,
        dmsa_client_switch=True,
        kds_root_keys=1,
        kds_effective=AT - datetime.timedelta(days=400),
        machine_account_quota=0,
        heuristics="00000000010000000002000000011",
        krbtgt_password_last_set=AT - datetime.timedelta(days=60),
        logon_sync_days=14,
        laps_schema=True,
    )
    return changed(fact, changes)


def directory_dc(name: str = "DC01", **changes: Any) -> DirectoryDc:
    """A patched 2025 domain controller that demands signing and channel binding."""
    fact = DirectoryDc(
        fqdn=f"{name.lower()}.contoso.com",
        name=name,
        operating_system="Windows Server 2025 Datacenter",
        build_number=26100,
        ubr=32_995,
        hotpatch=False,
        level=FunctionalLevel.WINDOWS_2025,
        read_only=False,
        global_catalog=True,
        site="Default-First-Site-Name",
        reachable=True,
        signing_required=True,
        channel_binding=2,
        ldaps=True,
        utc=AT,
    )
    return changed(fact, changes)


def directory_computer(name: str = "HV01", *peers: str, **changes: Any) -> DirectoryComputer:
    """A node that may delegate live migration to its peers, with any protocol, and nothing else."""
    fqdn = f"{name.lower()}.contoso.com"
    services = tuple(
        f"Microsoft Virtual System Migration Service/{form}"
        for peer in peers
        for form in (peer, f"{peer.lower()}.contoso.com")
    )
    fact = DirectoryComputer(
        key=fqdn,
        sid=f"{DOMAIN_SID}-{2000 + sum(name.encode())}",
        dn=f"CN={name},OU=Hosts,DC=contoso,DC=com",
        name=f"{name}$",
        role=ComputerRole.NODE,
        user_account_control=int(
            UserAccountControl.WORKSTATION_TRUST_ACCOUNT | UserAccountControl.TRUSTED_TO_AUTH_FOR_DELEGATION
        ),
        dns_host_name=fqdn,
        spns=(f"HOST/{fqdn}", f"Microsoft Virtual System Migration Service/{fqdn}"),
        encryption_types=AES,
        password_last_set=AT - datetime.timedelta(days=11),
        allowed_to_delegate_to=services,
        allowed_to_act=(),
        operating_system="Windows Server 2025 Datacenter",
        operating_system_version="10.0 (26100)",
        laps_expiration=AT + datetime.timedelta(days=12),
        protected_from_deletion=True,
    )
    return changed(fact, changes)


def directory_account(name: str = "gmsa-backup", **changes: Any) -> DirectoryAccount:
    """A gMSA with AES keys that the nodes may use."""
    fact = DirectoryAccount(
        sid=f"{DOMAIN_SID}-{3000 + sum(name.encode())}",
        dn=f"CN={name},CN=Managed Service Accounts,DC=contoso,DC=com",
        name=f"{name}$",
        user_account_control=int(UserAccountControl.WORKSTATION_TRUST_ACCOUNT),
        kind=AccountKind.GMSA,
        encryption_types=AES,
        password_last_set=AT - datetime.timedelta(days=11),
        allowed_to_delegate_to=(),
        allowed_to_act=(),
        groups=(f"{DOMAIN_SID}-515",),
        owner=f"{DOMAIN_SID}-512",
        managed_password_days=30,
        retrievers=(directory_computer("HV01").sid, directory_computer("HV02").sid),
    )
    return changed(fact, changes)


def directory_acls(*rights: DirectoryRight, **changes: Any) -> DirectoryAcls:
    """Every object was read; nobody outside tier 0 has a right of interest but whom ``rights`` name."""
    return changed(DirectoryAcls(rights=rights, scanned=128, unreadable=0), changes)


def _place(host: str, port: int) -> dict[str, Any]:
    return {"endpoint": endpoint_key(host, port), "host": host, "port": port, "seen_from": PROBE}


def wire_smb(host: str = "hv01.contoso.com", **changes: Any) -> WireSmb:
    """A server that demands signing and takes 3.1.1 only."""
    fact = WireSmb(
        **_place(host, 445),
        security_mode=3,
        dialects=(Dialect.SMB311,),
        dialect=Dialect.SMB311,
        smb1=False,
        capabilities=0x2F,
        server_guid="4d2f7c1e-0000-4000-8000-0000000000aa",
        ciphers=(SmbCipher.AES128_GCM, SmbCipher.AES128_CCM, SmbCipher.AES256_GCM, SmbCipher.AES256_CCM),
        signing_algorithms=(SigningAlgorithm.AES_GMAC, SigningAlgorithm.AES_CMAC),
        compression=(),
        rdma_transforms=(),
        mechanisms=("1.3.6.1.4.1.311.2.2.30", "1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2"),
        system_time=AT,
        ahead_seconds=0.2,
        uncertainty_seconds=1.0,
    )
    return changed(fact, changes)


def wire_certificate(host: str, **changes: Any) -> WireCertificate:
    """A certificate of the enterprise's CA, valid for another year."""
    fact = WireCertificate(
        subject=f"CN={host}",
        issuer="CN=Contoso Issuing CA 1",
        not_before=AT - datetime.timedelta(days=30),
        not_after=AT + datetime.timedelta(days=365),
        sha256="9c" * 32,
        dns_names=(host,),
        usages=("1.3.6.1.5.5.7.3.1",),
        key_algorithm="1.2.840.113549.1.1.1",
        key_bits=2048,
        signature_algorithm="1.2.840.113549.1.1.11",
        self_signed=False,
    )
    return msgspec.structs.replace(fact, **changes)


def wire_tls(host: str = "hv01.contoso.com", port: int = 5986, **changes: Any) -> WireTls:
    """TLS 1.2 and 1.3 with a certificate that fits."""
    fact = WireTls(
        **_place(host, port),
        versions=("TLSv1.2", "TLSv1.3"),
        cipher="TLS_AES_256_GCM_SHA384",
        certificate=wire_certificate(host),
        trusted=True,
        name_matches=True,
    )
    return changed(fact, changes)


def wire_rdp(host: str = "hv01.contoso.com", **changes: Any) -> WireRdp:
    """NLA is demanded, over TLS 1.2 or newer."""
    fact = WireRdp(
        **_place(host, 3389),
        answers=(
            RdpAnswer(requested=0, failure=RdpFailure.HYBRID_REQUIRED),
            RdpAnswer(requested=1, failure=RdpFailure.HYBRID_REQUIRED),
            RdpAnswer(requested=3, selected=RdpProtocol.HYBRID, flags=0x1F),
        ),
        tls_versions=("TLSv1.2", "TLSv1.3"),
        certificate=wire_certificate(host),
        ntlm=NtlmTarget(computer="HV01", domain="CONTOSO", dns_domain="contoso.com", build=26100),
    )
    return changed(fact, changes)


def wire_winrm(host: str = "hv01.contoso.com", **changes: Any) -> WireWinRm:
    """Negotiate and Kerberos, nothing else."""
    fact = WireWinRm(
        **_place(host, 5985),
        https=False,
        status=401,
        schemes=("Negotiate", "Kerberos"),
        server="Microsoft-HTTPAPI/2.0",
    )
    return changed(fact, changes)


def wire_reach(host: str = "hv01.contoso.com", port: int = 6600, **answers: Reach) -> WireReach:
    """How a port answers from each place; silent from the tenants where no ``answers`` are given."""
    knocks = tuple(
        Knock(seen_from="172.16.5.9", place=place, answer=answer, time=AT)
        for place, answer in (answers or {"tenant": Reach.SILENT}).items()
    )
    return WireReach(**_place(host, port), knocks=knocks)
