"""One fact of every type in the register, made up: for tests of what holds for all of them."""

from __future__ import annotations

from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic import remote_defaults as remote
from hypervigil.synthetic import smb_defaults as smb


def examples(release: Release = Release.WS2025) -> tuple[Fact, ...]:
    """One of each type, as a host of this release gives it."""
    return (
        *_host(release),
        *_fabric(release),
        *_cluster(release),
        *_remote(),
    )


def _host(release: Release) -> tuple[Fact, ...]:
    return (
        defaults.operating_system(release),
        defaults.computer_system(),
        defaults.device_guard(),
        defaults.device_guard_policy(),
        defaults.secure_boot(),
        defaults.tpm(),
        defaults.lsa_protection(),
        defaults.windows_features(),
        host.wdigest(),
        host.bitlocker(),
        host.boot_events(),
        host.code_integrity_events(),
        host.pnp_problems(),
        host.service_failures(),
        host.driver_inventory(),
        host.driver_blocklist(),
        account.services(),
        account.scheduled_tasks(),
        account.local_groups(),
        account.local_users(),
        account.user_rights(),
        account.password_policy(),
        account.remote_uac(),
        account.pku2u(),
        account.laps(),
        account.logons(),
        management.rdp(),
        management.winrm(),
        management.certificates(),
        management.ps_session_configurations(),
        management.role_capabilities(),
        management.installed_software(),
        management.user_profiles(),
        logging.event_channels(),
        logging.event_forwarding(),
        logging.audit_policy(),
        logging.powershell_logging(),
        logging.sysmon_config(),
        logging.edr_onboarding(),
        logging.clock(),
    )


def _fabric(release: Release) -> tuple[Fact, ...]:
    return (
        defaults.vm_host(),
        defaults.migration_networks(),
        defaults.vm(),
        fabric.vm_security(),
        fabric.vm_firmware(),
        fabric.guest_identity(),
        fabric.vm_switches(),
        fabric.vm_network_adapters(),
        fabric.hgs_client(release),
        fabric.guardians(),
        defaults.smb_server(release),
        defaults.smb_client(release),
        defaults.rdma("Storage-1"),
        defaults.mailslots(),
        smb.smb_shares(),
        smb.smb_quic(smb.quic_mapping("AB" * 20), release=release),
        smb.smb_events(smb.smb_event(30832), smb.smb_event(551)),
        smb.smb_connections(),
        defaults.firewall_rules(),
        fabric.firewall_profiles(),
        fabric.ip_interfaces(),
        fabric.routes(),
        fabric.listeners(),
        fabric.iscsi_sessions(),
        fabric.fc_ports(),
    )


def _cluster(release: Release) -> tuple[Fact, ...]:
    return (
        defaults.cluster(release),
        defaults.cluster_nodes(),
        fabric.cluster_networks(),
        fabric.cluster_groups(),
        fabric.cluster_volumes(),
        fabric.cluster_access(),
        fabric.cluster_certificates(),
    )


def _remote() -> tuple[Fact, ...]:
    return (
        remote.directory_domain(),
        remote.directory_dc(),
        remote.directory_computer("HV01", "HV02"),
        remote.directory_account(),
        remote.directory_acls(),
        remote.wire_smb(),
        remote.wire_tls(),
        remote.wire_rdp(),
        remote.wire_winrm(),
        remote.wire_reach(),
    )
