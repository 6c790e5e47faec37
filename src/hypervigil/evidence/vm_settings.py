"""Settings of VMs that decide who can reach, start or read them: security, firmware, network adapters."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope

_CMDLETS = "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/Hyper-V/"
_TYPES = "dsccommunity/HyperVDsc tests/Unit/Stubs/Hyper-V.stubs.psm1 (types of module Hyper-V 2.0.0.0)"
_WMI = "MicrosoftDocs/win32 desktop-src/HyperV_v2/"


class VmSecurity(Fact, frozen=True, kw_only=True):
    """Virtual TPM, shielding and encryption of a VM, and which keys its key protector names."""

    INFO: ClassVar[FactType] = FactType(
        name="vm_security",
        title="VM security",
        subject=Scope.VM,
        item_key="id",
        reads=(
            Read(
                command=(r"Get-CimInstance -Namespace root\virtualization\v2 -ClassName Msvm_SecuritySettingData"),
                properties=(
                    "InstanceID",
                    "TpmEnabled",
                    "KsdEnabled",
                    "ShieldingRequested",
                    "DataProtectionRequested",
                    "EncryptStateAndVmMigrationTraffic",
                    "VirtualizationBasedSecurityOptOut",
                    "BindToHostTpm",
                ),
                shapes=("Msvm_SecuritySettingData",),
            ),
            Read(
                command=r"Get-CimInstance -Namespace root\virtualization\v2 -ClassName Msvm_VirtualSystemSettingData",
                properties=("VirtualSystemIdentifier", "VirtualSystemType"),
            ),
            Read(command="Get-VMKeyProtector -VM", shapes=("System.Byte[]",)),
            Read(
                command="ConvertTo-HgsKeyProtector -Bytes",
                properties=("Owner", "Guardians", "EncryptionCertificate", "Thumbprint"),
            ),
        ),
        sources=(
            _WMI + "msvm-securitysettingdata.md",
            _CMDLETS + "Get-VMSecurity.md",
            _CMDLETS + "Get-VMKeyProtector.md",
        ),
    )

    id: Annotated[str, Meta(description="VM GUID in lower case.")]
    tpm_enabled: bool
    shielded: Annotated[bool, Meta(description="ShieldingRequested; Shielded in Get-VMSecurity.")]
    encrypt_state_and_migration: Annotated[bool, Meta(description="EncryptStateAndVmMigrationTraffic.")]
    vbs_opt_out: Annotated[bool, Meta(description="VirtualizationBasedSecurityOptOut.")]
    ksd_enabled: Annotated[bool | None, Meta(description="Key storage drive, generation 1.")] = None
    data_protection: Annotated[bool | None, Meta(description="DataProtectionRequested.")] = None
    bind_to_host_tpm: bool | None = None
    protector_thumbprints: Annotated[
        tuple[str, ...] | None,
        Meta(
            description=(
                "Encryption thumbprints of owner and guardians in the key protector, upper-case hex; empty where the "
                "VM has none; null where it could not be read. The protector itself is never kept."
            )
        ),
    ] = None


class VmFirmware(Fact, frozen=True, kw_only=True):
    """Secure Boot of a generation 2 VM."""

    INFO: ClassVar[FactType] = FactType(
        name="vm_firmware",
        title="VM firmware",
        subject=Scope.VM,
        item_key="id",
        reads=(
            Read(
                command=(r"Get-CimInstance -Namespace root\virtualization\v2 -ClassName Msvm_VirtualSystemSettingData"),
                properties=(
                    "InstanceID",
                    "VirtualSystemIdentifier",
                    "VirtualSystemType",
                    "VirtualSystemSubType",
                    "SecureBootEnabled",
                    "SecureBootTemplateId",
                ),
                shapes=("Msvm_VirtualSystemSettingData",),
            ),
        ),
        sources=(_WMI + "msvm-virtualsystemsettingdata.md", _CMDLETS + "Get-VMFirmware.md"),
    )

    id: Annotated[str, Meta(description="VM GUID in lower case.")]
    secure_boot: Annotated[bool | None, Meta(description="Null for generation 1, which has none.")] = None
    template_id: Annotated[str | None, Meta(description="SecureBootTemplateId, a GUID in lower case.")] = None


class SwitchType(Code):
    """``SwitchType`` of Get-VMSwitch."""

    PRIVATE = 0
    INTERNAL = 1
    EXTERNAL = 2


class VmSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """One virtual switch."""

    id: Annotated[str, Meta(description="GUID in lower case.")]
    name: str
    type: SwitchType
    allow_management_os: Annotated[bool, Meta(description="The host shares the uplink with the VMs.")]
    adapters: Annotated[tuple[str, ...], Meta(description="NetAdapterInterfaceDescriptions.")] = ()
    embedded_teaming: Annotated[bool | None, Meta(description="EmbeddedTeamingEnabled: a SET team lies below it.")] = (
        None
    )
    team_adapters: Annotated[tuple[str, ...], Meta(description="Members of the SET team, by description.")] = ()


class VmSwitches(Fact, frozen=True, kw_only=True):
    """The virtual switches of a host."""

    INFO: ClassVar[FactType] = FactType(
        name="vm_switches",
        title="Virtual switches",
        subject=Scope.NODE,
        in_sddc=True,
        reads=(
            Read(
                command="Get-VMSwitch",
                properties=(
                    "Id",
                    "Name",
                    "SwitchType",
                    "AllowManagementOS",
                    "NetAdapterInterfaceDescriptions",
                    "EmbeddedTeamingEnabled",
                ),
                shapes=("Microsoft.HyperV.PowerShell.VMSwitch",),
            ),
            Read(command="Get-VMSwitchTeam", properties=("Id", "NetAdapterInterfaceDescription")),
        ),
        sources=(_CMDLETS + "Get-VMSwitch.md", _CMDLETS + "Get-VMSwitchTeam.md", _TYPES),
    )

    switches: tuple[VmSwitch, ...]


class VlanMode(Code):
    """``OperationMode`` of Get-VMNetworkAdapterVlan."""

    UNTAGGED = 0
    ACCESS = 1
    TRUNK = 2
    PRIVATE = 3


class MirroringMode(Code):
    """``PortMirroringMode`` of a network adapter (numbers of the WMI property MonitorMode)."""

    NONE = 0
    DESTINATION = 1
    SOURCE = 2


class PortAcl(msgspec.Struct, frozen=True, kw_only=True):
    """One extended port ACL; the largest weight is asked first, and the first match ends."""

    action: Annotated[str, Meta(description="Allow or Deny.")]
    direction: Annotated[str, Meta(description="Inbound or Outbound.")]
    weight: int
    local_address: Annotated[str | None, Meta(description="LocalIPAddress.")] = None
    remote_address: Annotated[str | None, Meta(description="RemoteIPAddress.")] = None
    local_port: str | None = None
    remote_port: str | None = None
    protocol: str | None = None


class NetworkAdapter(msgspec.Struct, frozen=True, kw_only=True):
    """One virtual network adapter: of the host itself (``vm_id`` null) or of a VM."""

    id: Annotated[str, Meta(description="Id of the adapter, as Hyper-V writes it.")]
    name: str
    vm_id: Annotated[str | None, Meta(description="VM GUID in lower case; null for an adapter of the host.")] = None
    vm_name: str | None = None
    switch_name: str | None = None
    switch_id: str | None = None
    mac_address: str | None = None
    ip_addresses: Annotated[tuple[str, ...], Meta(description="Of a VM: as its integration services tell.")] = ()
    vlan_mode: VlanMode | None = None
    access_vlan: Annotated[int | None, Meta(description="AccessVlanId of mode ACCESS.")] = None
    native_vlan: Annotated[int | None, Meta(description="NativeVlanId of a trunk: what is untagged.")] = None
    allowed_vlans: Annotated[tuple[int, ...], Meta(description="AllowedVlanIdList of a trunk.")] = ()
    primary_vlan: Annotated[int | None, Meta(description="PrimaryVlanId of mode PRIVATE.")] = None
    secondary_vlan: Annotated[int | None, Meta(description="SecondaryVlanId of mode PRIVATE.")] = None
    isolation_mode: Annotated[
        str | None, Meta(description="None, Vlan, NativeVirtualSubnet, ExternalVirtualSubnet.")
    ] = None
    default_isolation_id: Annotated[
        int | None,
        Meta(
            description=(
                "DefaultIsolationID: the network (in mode Vlan the VLAN) of frames without a tag. It counts only where "
                "AllowUntaggedTraffic is true; 0 where nobody set it."
            )
        ),
    ] = None
    allow_untagged_traffic: Annotated[
        bool | None,
        Meta(
            description="AllowUntaggedTraffic: frames without a tag go by DefaultIsolationID; false: they are dropped."
        ),
    ] = None
    multi_tenant_stack: Annotated[
        bool | None, Meta(description="MultiTenantStack is On: the VM is told of further isolation IDs, and uses them.")
    ] = None
    mac_spoofing: Annotated[bool | None, Meta(description="MacAddressSpoofing is On.")] = None
    dhcp_guard: bool | None = None
    router_guard: bool | None = None
    mirroring: MirroringMode | None = None
    teaming: Annotated[bool | None, Meta(description="AllowTeaming is On.")] = None
    acls: tuple[PortAcl, ...] = ()


class VmNetworkAdapters(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """All virtual network adapters of a host: its own and those of its VMs."""

    INFO: ClassVar[FactType] = FactType(
        name="vm_network_adapters",
        title="Virtual network adapters",
        subject=Scope.NODE,
        in_sddc=True,
        reads=(
            Read(
                command="Get-VMNetworkAdapter -All",
                properties=(
                    "Id",
                    "Name",
                    *("IsManagementOs", "IsExternalAdapter"),
                    "VMId",
                    "VMName",
                    "SwitchName",
                    "SwitchId",
                    "MacAddress",
                    "IPAddresses",
                    *("VlanSetting", "OperationMode", "AccessVlanId", "NativeVlanId", "AllowedVlanIdList"),
                    *("PrimaryVlanId", "SecondaryVlanId", "IsolationSetting", "IsolationMode"),
                    *("DefaultIsolationID", "AllowUntaggedTraffic", "MultiTenantStack"),
                    "MacAddressSpoofing",
                    "DhcpGuard",
                    "RouterGuard",
                    "PortMirroringMode",
                    "AllowTeaming",
                    *("ExtendedAclList", "Action", "Direction", "Weight", "Protocol", "LocalIPAddress"),
                    *("RemoteIPAddress", "LocalPort", "RemotePort"),
                ),
                shapes=(
                    "Microsoft.HyperV.PowerShell.VMNetworkAdapter",
                    "Microsoft.HyperV.PowerShell.VMInternalNetworkAdapter",
                ),
            ),
        ),
        sources=(
            _CMDLETS + "Get-VMNetworkAdapter.md",
            _CMDLETS + "Get-VMNetworkAdapterVlan.md",
            _CMDLETS + "Set-VMNetworkAdapterIsolation.md",
            _CMDLETS + "Get-VMNetworkAdapterExtendedAcl.md",
            _TYPES,
        ),
    )

    adapters: tuple[NetworkAdapter, ...]


class GuestProductType(Code):
    """``ProductType`` that a guest writes into the data exchange."""

    WORKSTATION = 1
    DOMAIN_CONTROLLER = 2
    SERVER = 3


class GuestIdentity(Fact, frozen=True, kw_only=True):
    """What a running guest says of itself over the data exchange. Everything in it is written by the guest."""

    INFO: ClassVar[FactType] = FactType(
        name="guest_identity",
        title="Guest identity (the guest's own word)",
        subject=Scope.VM,
        item_key="id",
        reads=(
            Read(
                command=(r"Get-CimInstance -Namespace root\virtualization\v2 -ClassName Msvm_KvpExchangeComponent"),
                properties=("SystemName", "GuestIntrinsicExchangeItems"),
                shapes=("Msvm_KvpExchangeComponent",),
            ),
        ),
        sources=(_WMI + "msvm-kvpexchangecomponent.md",),
    )

    id: Annotated[str, Meta(description="VM GUID in lower case.")]
    fqdn: Annotated[str | None, Meta(description="FullyQualifiedDomainName.")] = None
    os_name: Annotated[str | None, Meta(description="OSName.")] = None
    os_version: Annotated[str | None, Meta(description="OSVersion.")] = None
    product_type: Annotated[
        GuestProductType | None, Meta(description="2 hints at a domain controller; proves nothing.")
    ] = None
