"""What each text of each fact holds. A text that is not declared here is treated as prose; a test finds it.

A row covers the types derived from its type, too. Whoever adds a field that holds a text adds it here.
"""

from __future__ import annotations

import functools

import msgspec

from hypervigil.evidence import (
    accounts,
    audit,
    bitlocker,
    clock,
    cluster,
    cluster_objects,
    code_integrity,
    directory,
    directory_domain,
    drivers,
    event_logs,
    events,
    features,
    firewall,
    host,
    hyper_v,
    logons,
    management,
    network,
    platform,
    powershell,
    registry,
    sensors,
    shielding,
    smb,
    smb_events,
    smb_quic,
    software,
    vm_settings,
    wire,
)
from hypervigil.evidence.redaction.kinds import Kind

Mapped = tuple[Kind, Kind]
"""Of a field that is a mapping: the kind of its keys and that of its values."""

Row = dict[str, Kind | Mapped]


def _row(maps: dict[str, Mapped] | None = None, **kinds: str) -> Row:
    """A row from the names of fields, apart with blanks, by their kind."""
    row: Row = {name: Kind(kind) for kind, names in kinds.items() for name in names.split()}
    return {**row, **(maps or {})}


TABLE: dict[type[msgspec.Struct], Row] = {
    host.OperatingSystem: _row(host="name", public="caption edition_id installation_type"),
    host.ComputerSystem: _row(host="name dns_host_name", domain="domain", public="manufacturer model"),
    registry.RegistryValue: _row(public="type", text="data"),
    platform.Tpm: _row(public="manufacturer manufacturer_version_20 spec_version"),
    bitlocker.BitLockerVolume: _row(path="mount_point", public="protectors"),
    events.Event: _row(public="channel provider"),
    events.LogWindow: _row(public="channel"),
    code_integrity.CodeIntegrityEvent: _row(
        path="file process", label="policy_name publisher issuer", public="policy_id activity_id"
    ),
    code_integrity.PnpProblem: _row(label="device_id name service pnp_class", public="class_guid"),
    code_integrity.ServiceFailure: _row(label="parameters"),
    drivers.Driver: _row(
        label="name display_name company original_name",
        path="path",
        public="state start_mode service_type file_version sha256 altitudes",
    ),
    drivers.DriverPackage: _row(label="provider signer devices", public="inf version device_class"),
    drivers.DriverBlocklist: _row(public="file_sha256"),
    drivers.LoadedPolicy: _row(public="policy_id", label="policy_name"),
    features.WindowsFeature: _row(public="name"),
    hyper_v.VmHost: _row(host="fqdn"),
    hyper_v.MigrationNetwork: _row(address="subnet"),
    hyper_v.Vm: _row(guid="id", vm="name", public="version"),
    vm_settings.VmSwitch: _row(guid="id", switch="name", label="adapters team_adapters"),
    vm_settings.NetworkAdapter: _row(
        guid="id vm_id switch_id",
        label="name",
        vm="vm_name",
        switch="switch_name",
        mac="mac_address",
        address="ip_addresses",
        public="isolation_mode",
    ),
    vm_settings.PortAcl: _row(
        public="action direction local_port remote_port protocol", address="local_address remote_address"
    ),
    vm_settings.VmSecurity: _row(guid="id", thumbprint="protector_thumbprints"),
    vm_settings.VmFirmware: _row(guid="id", public="template_id"),
    vm_settings.GuestIdentity: _row(guid="id", host="fqdn", public="os_name os_version"),
    shielding.HgsClient: _row(
        public="substatus",
        url="attestation_url key_protection_url fallback_attestation_urls fallback_key_protection_urls",
    ),
    shielding.Guardians: _row(guardian="names"),
    shielding.GuardianKey: _row(thumbprint="thumbprint", dn="subject"),
    smb.SmbServerConfiguration: _row(public="ciphers"),
    smb.SmbClientConfiguration: _row(host="block_ntlm_exceptions", public="ciphers"),
    smb_quic.SmbShare: _row(share="name", host="scope", path="path", sddl="sddl"),
    smb_quic.QuicMapping: _row(host="name", thumbprint="thumbprint", dn="subject", public="store_name type flags"),
    smb_quic.QuicAccess: _row(host="mapping", public="identifier_type", dn="identifier"),
    smb_quic.AlternativePort: _row(public="transport"),
    smb_quic.SmbConnection: _row(host="server", share="share", account="user credential", public="dialect"),
    smb_events.SmbEvent: _row(host="peer", address="address", account="user", path="share", spn="spn"),
    smb.RdmaAdapter: _row(label="name interface_description"),
    firewall.FirewallRule: _row(
        label="name group display_name service interfaces",
        public="protocol local_ports",
        address="remote_addresses local_addresses",
        path="program",
    ),
    firewall.FirewallProfile: _row(public="name"),
    network.IpInterface: _row(label="alias", address="addresses"),
    network.Route: _row(address="destination next_hop", label="interface_alias"),
    network.Listener: _row(address="address", label="process"),
    network.IscsiSession: _row(storage_name="target", address="portal", public="authentication"),
    network.InitiatorPort: _row(storage_name="node_address port_address"),
    network.ClusterNetworks: _row(guid="migration_excluded migration_order"),
    network.ClusterNetwork: _row(guid="id", network="name", address="subnets"),
    network.ClusterInterface: _row(
        host="node", guid="network_id", network="network", label="adapter", address="addresses"
    ),
    accounts.Service: _row(
        label="name display_name", account="account", sid="account_sid", public="state start_mode", path="path"
    ),
    accounts.ScheduledTask: _row(label="path name", account="user group", sid="user_sid"),
    accounts.LocalGroup: _row(sid="sid", account="name"),
    accounts.GroupMember: _row(sid="sid", account="name", public="kind source"),
    accounts.LocalUser: _row(sid="sid", account="name"),
    accounts.UserRights: _row({"rights": (Kind.PUBLIC, Kind.SID)}),
    logons.Logon: _row(sid="sid", account="user", address="address", host="workstation", public="package ntlm process"),
    logons.Trace: _row(
        sid="sid", account="user", address="address", host="client target", path="process", label="resource"
    ),
    management.WinRm: _row(
        public="channel_binding", address="ipv4_filter ipv6_filter", sddl="root_sddl", host="trusted_hosts"
    ),
    management.WinRmListener: _row(
        address="address listening_on", public="transport", host="hostname", thumbprint="certificate_thumbprint"
    ),
    management.Certificate: _row(
        public="store usages key_algorithm signature_algorithm",
        thumbprint="thumbprint",
        dn="subject issuer",
        host="dns_names",
        address="ip_names",
    ),
    powershell.SessionConfiguration: _row(
        {"roles": (Kind.ACCOUNT, Kind.LABEL)},
        label="name visible_cmdlets visible_functions visible_external_commands visible_providers",
        public="session_type language_mode unread",
        account="run_as_user run_as_virtual_account_groups group_managed_service_account",
        path="transcript_directory config_file",
        sid="transcript_writable_by",
        sddl="sddl",
    ),
    powershell.RoleCapability: _row(
        label="name visible_providers function_definitions", path="path", sid="writable_by", public="unread"
    ),
    powershell.VisibleCommand: _row({"parameters": (Kind.PUBLIC, Kind.LABEL)}, label="name"),
    software.Software: _row(label="name publisher", public="version kind"),
    software.UserProfile: _row(sid="sid", path="path"),
    event_logs.EventChannels: _row(label="absent"),
    event_logs.EventChannel: _row(label="name owning_provider", sddl="sddl"),
    event_logs.EventForwarding: _row(url="subscription_managers", sid="log_readers"),
    event_logs.ForwardingEvent: _row(label="subscription", query="query status", url="manager"),
    audit.AuditPolicy: _row({"subcategories": (Kind.PUBLIC, Kind.PUBLIC), "options": (Kind.PUBLIC, Kind.PUBLIC)}),
    audit.PowerShellLogging: _row(label="module_names"),
    sensors.SysmonConfig: _row(label="driver service", path="image", public="altitude rules_sha256"),
    sensors.SysmonEvent: _row(public="state configuration_hash"),
    sensors.SensorService: _row(label="name"),
    clock.Clock: _row(host="source"),
    cluster.Cluster: _row(cluster="name", guid="id", domain="domain"),
    cluster.ClusterNode: _row(host="name", guid="id"),
    cluster_objects.ClusterGroup: _row(guid="id vm_id", resource="name", host="owner_node possible_owners"),
    cluster_objects.ClusterVolume: _row(guid="id", volume="name", path="path", host="owner_node"),
    cluster_objects.ClusterAccessEntry: _row(sid="sid", account="name"),
    cluster_objects.ServiceCertificate: _row(public="store", thumbprint="thumbprint", dn="subject issuer"),
    directory_domain.DirectoryDomain: _row(domain="dns_name netbios_name", sid="sid", dn="dn", public="heuristics"),
    directory_domain.DirectoryDc: _row(host="fqdn name", public="operating_system", site="site"),
    directory.DirectoryObject: _row(
        sid="sid allowed_to_act", dn="dn", account="name", spn="spns allowed_to_delegate_to"
    ),
    directory.DirectoryComputer: _row(host="key dns_host_name", public="operating_system operating_system_version"),
    directory.DirectoryAccount: _row(
        sid="groups owner retrievers",
        dn="host_computers precedes superseded_by linked_from authentication_policy authentication_silo",
    ),
    directory_domain.DirectoryAcls: _row({"members": (Kind.SID, Kind.SID)}),
    directory_domain.DirectoryRight: _row(
        dn="object_dn",
        sid="object_sid trustee",
        account="trustee_name",
        public="object_class object_type inherited_type",
    ),
    wire.WireFact: _row(endpoint="endpoint", host="host", address="address seen_from", text="problem"),
    wire.WireSmb: _row(guid="server_guid", public="mechanisms"),
    wire.NtlmTarget: _row(host="computer dns_computer", domain="domain dns_domain dns_tree"),
    wire.WireTls: _row(public="versions cipher alpn"),
    wire.WireCertificate: _row(
        dn="subject issuer",
        thumbprint="sha256 thumbprint",
        host="dns_names",
        address="ip_names",
        public="usages key_algorithm signature_algorithm",
    ),
    wire.WireRdp: _row(public="tls_versions"),
    wire.WireWinRm: _row(public="schemes server"),
    wire.Knock: _row(address="seen_from", label="place"),
}
"""The kind of every text, by the type that declares the field, and the field."""


@functools.cache
def kinds_of(kind: type[msgspec.Struct]) -> Row:
    """The rows of a type and of those that it is derived from, as one."""
    row: Row = {}
    for base in reversed(kind.__mro__):
        row.update(TABLE.get(base, {}))
    return row
