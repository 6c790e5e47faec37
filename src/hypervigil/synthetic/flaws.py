"""Named flaws: what is wrong with a made-up cluster, one at a time, so that its findings can be told exactly."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable

import msgspec

from hypervigil.evidence.boot_events import BootEvents
from hypervigil.evidence.cluster import Cluster, SecurityLevel
from hypervigil.evidence.features import InstallState, WindowsFeature, WindowsFeatures
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, VmHost
from hypervigil.evidence.platform import (
    DeviceGuard,
    DeviceGuardPolicy,
    LsaProtection,
    SecureBoot,
    SecureBootState,
    SecurityService,
    VbsStatus,
)
from hypervigil.evidence.registry import ABSENT, dword
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Dialect, SmbClientConfiguration, SmbServerConfiguration, SpnValidation
from hypervigil.evidence.smb_events import SmbEvent, SmbEvents, SmbTransport
from hypervigil.model.outcome import Cause
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_flaws as fabric
from hypervigil.synthetic import logging_flaws as logging
from hypervigil.synthetic import management_flaws as management
from hypervigil.synthetic import smb_defaults as smb
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.moments import AT

CONNECTED = 30832
"""The event of a client that reached a server, with the transport (SMBClient/Connectivity)."""


def _credssp(draft: Draft) -> None:
    draft.change(VmHost, migration_authentication=MigrationAuthentication.CREDSSP)


def _credssp_on_one(draft: Draft) -> None:
    draft.change(VmHost, draft.last, migration_authentication=MigrationAuthentication.CREDSSP)


def _credential_guard_off(draft: Draft) -> None:
    for name in draft.nodes:
        held = draft.nodes[name][DeviceGuard.INFO.name]
        if isinstance(held, DeviceGuard):
            left = tuple(s for s in held.services_running if s is not SecurityService.CREDENTIAL_GUARD)
            draft.change(DeviceGuard, name, services_configured=left, services_running=left)
    draft.change(DeviceGuardPolicy, lsa_cfg_flags_policy=dword(0), lsa_cfg_flags_local=dword(0))


def _not_upgraded_platform(draft: Draft) -> None:
    """As 2016 to 2022 come: nothing of VBS was ever configured. 2025 starts Credential Guard by itself."""
    if draft.release >= Release.WS2025:
        return
    none = (SecurityService.NONE,)
    draft.change(DeviceGuard, vbs_status=VbsStatus.NOT_ENABLED, services_configured=none, services_running=none)
    draft.change(BootEvents, events=())
    for name in draft.nodes:
        draft.nodes[name][DeviceGuardPolicy.INFO.name] = defaults.device_guard_policy()


def _unlike_node(draft: Draft) -> None:
    running = [SecurityService.CREDENTIAL_GUARD]
    if _runs(draft, draft.last, SecurityService.PAGING_TRANSLATION):
        running.append(SecurityService.PAGING_TRANSLATION)
    draft.change(
        DeviceGuard,
        draft.last,
        vbs_status=VbsStatus.RUNNING,
        services_configured=tuple(running),
        services_running=tuple(running),
    )


def _runs(draft: Draft, node: str, service: SecurityService) -> bool:
    held = draft.nodes[node][DeviceGuard.INFO.name]
    return isinstance(held, DeviceGuard) and held.runs(service)


def _smb1_left(draft: Draft) -> None:
    features = draft.nodes[draft.last][WindowsFeatures.INFO.name]
    if isinstance(features, WindowsFeatures):
        draft.change(WindowsFeatures, draft.last, features=tuple(_installed(f, "FS-SMB1") for f in features.features))
    draft.change(SmbServerConfiguration, draft.last, smb1_enabled=True)


def _installed(feature: WindowsFeature, name: str) -> WindowsFeature:
    if feature.name != name:
        return feature
    return msgspec.structs.replace(feature, installed=True, install_state=InstallState.INSTALLED)


def _signing_exemption(draft: Draft) -> None:
    draft.change(SmbClientConfiguration, draft.last, require_signing=False)


def _server_signing_defaults(draft: Draft) -> None:
    draft.change(SmbServerConfiguration, require_signing=False, spn_validation=SpnValidation.OFF)


def _signing_defaults(draft: Draft) -> None:
    _server_signing_defaults(draft)
    draft.change(SmbClientConfiguration, require_signing=draft.release >= Release.WS2025)


def _secure_boot_off(draft: Draft) -> None:
    draft.change(SecureBoot, draft.last, state=SecureBootState.OFF)


def _update_behind(draft: Draft) -> None:
    draft.change(OperatingSystem, draft.last, ubr=defaults.UBR[draft.release] - 300)


def _lsa_unprotected(draft: Draft) -> None:
    draft.change(LsaProtection, run_as_ppl=ABSENT, run_as_ppl_boot=ABSENT, started_protected=False)


def _limiter_off(draft: Draft) -> None:
    if draft.release >= Release.WS2025:
        draft.change(SmbServerConfiguration, rate_limiter=False, invalid_authentication_delay_ms=0)


def _ntlm_open(draft: Draft) -> None:
    if draft.release >= Release.WS2025:
        draft.change(SmbClientConfiguration, draft.last, block_ntlm=False)


def _old_dialects(draft: Draft) -> None:
    if draft.release >= Release.WS2025:
        draft.change(SmbClientConfiguration, draft.last, dialect_min=Dialect.NO_LIMIT)
        draft.change(SmbServerConfiguration, draft.last, dialect_min=Dialect.NO_LIMIT)


def _audits_off(draft: Draft) -> None:
    if draft.release >= Release.WS2025:
        draft.change(SmbClientConfiguration, audit_signing=False, audit_encryption=False)
        draft.change(SmbServerConfiguration, audit_signing=False, audit_encryption=False)


def _clear_messages(draft: Draft) -> None:
    draft.change_cluster(security_level=SecurityLevel.CLEAR)


def _clear_storage(draft: Draft) -> None:
    if draft.release >= Release.WS2019:
        draft.change_cluster(security_level_for_storage=SecurityLevel.CLEAR)


def _level_behind(draft: Draft) -> None:
    held = draft.cluster[Cluster.INFO.name]
    if isinstance(held, Cluster) and held.functional_level is not None:
        draft.change_cluster(functional_level=held.functional_level - 1)


def _any_network(draft: Draft) -> None:
    draft.change(VmHost, any_network_for_migration=True)


def _guests_allowed(draft: Draft) -> None:
    draft.change(SmbClientConfiguration, draft.last, insecure_guest_logons=True)


def _tpm_unreadable(draft: Draft) -> None:
    draft.gaps[draft.last]["tpm"] = Cause.ACCESS_DENIED


def _migration_at_the_edge(draft: Draft) -> None:
    if draft.release < Release.WS2025 and not draft.domain:
        draft.change(VmHost, migration_enabled=True)


def _credential_guard_at_the_edge(draft: Draft) -> None:
    if not draft.domain:
        draft.change(DeviceGuardPolicy, draft.last, lsa_cfg_flags_policy=dword(1))


def _quic_fell_back(draft: Draft) -> None:
    if draft.release >= Release.WS2022:
        draft.change(SmbEvents, draft.last, events=(_connected(2, SmbTransport.QUIC), _connected(1, SmbTransport.WSK)))


def _connected(days: int, transport: SmbTransport) -> SmbEvent:
    """A connection to the file server so many days ago."""
    time = AT - datetime.timedelta(days=days)
    return smb.smb_event(
        CONNECTED, peer="fs01.contoso.com", connection_type=transport, time=time, record_id=9000 - days
    )


class Flaw(enum.Enum):
    """Each flaw by name: what it is, and how it is brought in. What a release does not have, no flaw changes."""

    CREDSSP_MIGRATION = ("live migration authenticates with CredSSP on every node", _credssp)
    CREDSSP_ON_ONE_NODE = ("live migration authenticates with CredSSP on the last node", _credssp_on_one)
    CREDENTIAL_GUARD_OFF = ("Credential Guard is switched off in both copies of LsaCfgFlags", _credential_guard_off)
    PLATFORM_NOT_CONFIGURED = ("VBS, Credential Guard and HVCI were never configured", _not_upgraded_platform)
    UNLIKE_NODE = ("the last node runs Credential Guard and no HVCI, unlike the others", _unlike_node)
    SMB1_LEFT = ("SMB1 is left on the last node", _smb1_left)
    SIGNING_EXEMPTION = ("the SMB client of the last node does not require signing", _signing_exemption)
    SERVER_SIGNING_DEFAULTS = (
        "the SMB server is as the release comes: no signing, no validation of names",
        _server_signing_defaults,
    )
    SIGNING_DEFAULTS = ("SMB signing is as the release comes", _signing_defaults)
    SECURE_BOOT_OFF = ("Secure Boot is off on the last node", _secure_boot_off)
    UPDATE_BEHIND = ("the last node has an older update level", _update_behind)
    LSA_UNPROTECTED = ("LSASS is no protected process", _lsa_unprotected)
    RATE_LIMITER_OFF = ("the SMB authentication rate limiter is off", _limiter_off)
    NTLM_OPEN = ("the SMB client of the last node does not block NTLM", _ntlm_open)
    OLD_DIALECTS = ("the last node speaks SMB 2, as client and server", _old_dialects)
    AUDITS_OFF = ("signing and encryption audits are off", _audits_off)
    CLEAR_MESSAGES = ("messages between nodes go in clear", _clear_messages)
    CLEAR_STORAGE = ("CSV and storage-bus traffic goes in clear", _clear_storage)
    LEVEL_BEHIND = ("the functional level was not raised after the upgrade", _level_behind)
    ANY_NETWORK = ("live migration comes in over any network", _any_network)
    GUESTS_ALLOWED = ("the SMB client of the last node accepts guest logons", _guests_allowed)
    TPM_UNREADABLE = ("the TPM of the last node could not be read", _tpm_unreadable)
    TENANT_ON_MANAGEMENT_VLAN = (
        "a VM of the last node is on the VLAN of management",
        fabric.tenant_on_management_vlan,
    )
    TRUNK_WITH_STORAGE = ("the trunk of a VM on the last node has the VLAN of storage", fabric.trunk_with_storage)
    VM_AMONG_NODES = ("a VM of the last node has an address among the nodes", fabric.vm_among_nodes)
    GUARDS_OFF = ("a VM of the last node may pose as any machine of its VLAN", fabric.guards_off)
    PACKETS_FORWARDED = ("the last node passes packets on between its networks", fabric.packets_forwarded)
    FIREWALL_OFF = ("the public profile of the last node's firewall is off", fabric.firewall_off)
    MIGRATION_PORT_OPEN = ("the last node lets anybody in to live migration", fabric.migration_port_open)
    CLIENTS_ON_STORAGE = ("the cluster lets clients use the network of storage", fabric.clients_on_storage)
    ISCSI_WITHOUT_CHAP = ("the last node has an iSCSI session without authentication", fabric.iscsi_without_chap)
    NO_HGS_FALLBACK = ("guarded hosts know no fallback of the Host Guardian Service", fabric.no_fallback)
    RETIRED_ATTESTATION = ("guarded hosts are attested by Active Directory", fabric.retired_attestation)
    UNATTESTED_HOST = ("the first guarded host did not pass its attestation", fabric.unattested)
    GUARDIAN_KEYS_MISSING = ("the last node holds no guardian keys", fabric.without_guardian_keys)
    GUARDIAN_KEYS_END = ("the guardian's key ends within a month", fabric.guardian_keys_end)
    CLUSTER_CERTIFICATE_ENDED = (
        "the certificate of CLIUSR on the last node has ended",
        fabric.cluster_certificates_ended,
    )
    GUEST_WITHOUT_SECURE_BOOT = ("a VM of the last node starts without Secure Boot", fabric.guest_without_secure_boot)
    UNDECLARED_DC = ("a VM of the last node calls itself a domain controller", fabric.domain_controller_among_guests)
    RDP_OPEN = ("the last node lets anybody in to RDP", management.rdp_open)
    WAC_ON_NODE = ("Windows Admin Center is installed on the last node", management.wac_on_node)
    JEA_WILDCARD = ("a JEA role of the last node lets a whole module through", management.jea_wildcard)
    NO_JEA = ("the last node has no JEA endpoint for operators", management.no_jea)
    WORKSTATION = ("the last node has a browser, an everyday profile and its user's sessions", management.workstation)
    OUTLOOK = ("the last machine has Outlook", management.outlook)
    LOGON_FROM_LAPTOP = ("an administrator came to the last node from a laptop", management.from_a_laptop)
    WINRM_BASIC = ("WinRM of the last node takes passwords in clear", management.winrm_basic)
    CERTIFICATE_ENDED = ("the certificate of WinRM on the last node has ended", management.certificate_ended)
    ENHANCED_SESSIONS = ("hosts offer enhanced sessions", management.enhanced_sessions)
    SYSTEM_VOLUME_CLEAR = ("the system volume of the last node is not encrypted", management.system_volume_clear)
    SHARED_VOLUME_CLEAR = ("the shared volume is not encrypted", management.shared_volume_clear)
    DESKTOP = ("the last node was set up with the desktop", management.desktop)
    PKU2U_DISABLED = ("a policy disables PKU2U", management.pku2u_disabled)
    NO_HTTPS = ("WinRM of the last node listens on HTTP only", management.no_https)
    TOKENS_UNFILTERED = ("tokens of the last node's local administrators are whole", management.tokens_unfiltered)
    ADMINISTRATOR_DISABLED = (
        "the built-in Administrator of the last node is disabled",
        management.administrator_disabled,
    )
    EVERYBODY_IN_THE_CLUSTER = (
        "whoever can log on has full access to the cluster",
        management.everybody_in_the_cluster,
    )
    MIGRATION_AT_THE_EDGE = ("live migration is on between old nodes in no domain", _migration_at_the_edge)
    CREDENTIAL_GUARD_AT_THE_EDGE = (
        "Credential Guard is asked for at the edge and does not run",
        _credential_guard_at_the_edge,
    )
    QUIC_FELL_BACK = ("the last node reaches a file server by TCP, and no longer over QUIC", _quic_fell_back)
    PASSWORD_STALE = ("the Administrator of the last node has an old password", management.password_stale)
    EVERYBODY_TRUSTED = ("the WinRM client of the last node trusts every host", management.everybody_trusted)
    LOGS_NOT_FORWARDED = ("the last node forwards no events", logging.not_forwarded)
    COLLECTOR_LOST = ("the last node can not reach its collector", logging.collector_lost)
    CHANNEL_OFF = ("the channel of VMMS is off on the last node", logging.channel_off)
    SECURITY_LOG_SMALL = ("the Security log of the last node holds two days", logging.security_log_small)
    PROCESSES_NOT_AUDITED = ("process creation is not audited on the last node", logging.processes_not_audited)
    SCRIPT_BLOCKS_OFF = ("PowerShell records no script blocks", logging.script_blocks_off)
    SYSMON_STOPPED = ("Sysmon does not run on the last node", logging.sysmon_stopped)
    EDR_MISSING = ("the last node has no EDR sensor", logging.edr_missing)
    CLOCK_OFF = ("the clock of the last node is eleven minutes fast", logging.clock_off)

    def __init__(self, title: str, change: Callable[[Draft], None]) -> None:
        self.title = title
        self.change = change
