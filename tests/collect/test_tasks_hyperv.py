"""Tasks that read Hyper-V: the host, its VMs, switches and adapters, and what guests say."""

from __future__ import annotations

import functools

import msgspec
import pytest

from hypervigil.evidence.hyper_v import (
    MigrationAuthentication,
    MigrationNetwork,
    MigrationNetworks,
    MigrationPerformance,
    Vm,
    VmHost,
)
from hypervigil.evidence.vm_settings import (
    GuestIdentity,
    GuestProductType,
    MirroringMode,
    NetworkAdapter,
    PortAcl,
    SwitchType,
    VlanMode,
    VmFirmware,
    VmNetworkAdapters,
    VmSecurity,
    VmSwitch,
    VmSwitches,
)
from tests.collect.collector import HOSTILE
from tests.collect.store_entries import certificate
from tests.collect.task_runs import Tasks, run_tasks

ONE, TWO = "00000000-0000-4000-8000-000000010001", "00000000-0000-4000-8000-000000010002"
SWITCH = "98094e00-0df1-485b-875c-9a00d9af2f7"
THUMBPRINTS = ("AB" * 20, "CD" * 20)


@functools.cache
def plain() -> Tasks:
    return run_tasks(
        VmHost, MigrationNetworks, Vm, VmSecurity, VmFirmware, VmSwitches, VmNetworkAdapters, GuestIdentity
    )


def test_vm_host() -> None:
    assert plain().fact(VmHost) == VmHost(
        migration_enabled=True,
        migration_authentication=MigrationAuthentication.KERBEROS,
        migration_performance=MigrationPerformance.SMB,
        any_network_for_migration=False,
        maximum_migrations=2,
        maximum_storage_migrations=4,
        enhanced_session_mode=False,
        numa_spanning=True,
        fqdn="hv01.contoso.com",
    )


def test_vm_host_with_names_for_numbers_and_little_else() -> None:
    host = """
function StandIn-VmHost {
    [pscustomobject] @{
        VirtualMachineMigrationEnabled = $false; VirtualMachineMigrationAuthenticationType = 'CredSSP'
        VirtualMachineMigrationPerformanceOption = 'Compression'; UseAnyNetworkForMigration = $true
    }
}
"""
    assert run_tasks(VmHost, stubs=[host]).fact(VmHost) == VmHost(
        migration_enabled=False,
        migration_authentication=MigrationAuthentication.CREDSSP,
        migration_performance=MigrationPerformance.COMPRESSION,
        any_network_for_migration=True,
    )


def test_an_authentication_of_another_name_is_no_known_one() -> None:
    host = """
function StandIn-VmHost {
    [pscustomobject] @{
        VirtualMachineMigrationEnabled = $false; VirtualMachineMigrationAuthenticationType = 'Certificate'
        VirtualMachineMigrationPerformanceOption = 9; UseAnyNetworkForMigration = $true
    }
}
"""
    cause, detail = run_tasks(VmHost, stubs=[host]).gap(VmHost)
    assert cause == "unparsable"
    assert "VirtualMachineMigrationAuthenticationType is Certificate" in detail


def test_migration_networks() -> None:
    assert plain().fact(MigrationNetworks) == MigrationNetworks(
        networks=(
            MigrationNetwork(subnet="10.0.1.0/24", priority=5),
            MigrationNetwork(subnet="fd00:1::/64"),
        )
    )


def test_vms() -> None:
    assert plain().items(Vm) == [
        Vm(id=ONE, name="HV01-guest1", generation=2, version="12.0", state=2, clustered=True),
        Vm(id=TWO, name="HV01-guest2", generation=2, version="12.0", state=3, clustered=True),
    ]


def test_vm_security_of_vms_and_of_nothing_else() -> None:
    assert plain().items(VmSecurity) == [
        VmSecurity(
            id=ONE,
            tpm_enabled=True,
            shielded=False,
            encrypt_state_and_migration=True,
            vbs_opt_out=False,
            ksd_enabled=False,
            data_protection=False,
            bind_to_host_tpm=False,
            protector_thumbprints=THUMBPRINTS,
        ),
        VmSecurity(
            id=TWO,
            tpm_enabled=False,
            shielded=False,
            encrypt_state_and_migration=False,
            vbs_opt_out=True,
            ksd_enabled=False,
            data_protection=False,
            bind_to_host_tpm=False,
            protector_thumbprints=None,
        ),
    ]
    assert plain().gaps["vm_security"] == []
    assert plain().remark(VmSecurity) == ""


def test_a_vm_without_security_settings_is_a_gap_of_its_own() -> None:
    settings = """
function Cim-Msvm_SecuritySettingData {
    [pscustomobject] @{
        InstanceID = "$(Get-StandInVmPrefix 2)\\X"; TpmEnabled = $false; ShieldingRequested = $false
        EncryptStateAndVmMigrationTraffic = $false; VirtualizationBasedSecurityOptOut = $false
    }
}
"""
    tasks = run_tasks(VmSecurity, stubs=[settings])
    assert [vm.id for vm in tasks.items(VmSecurity)] == [TWO]
    assert [(gap["key"], gap["cause"]) for gap in tasks.gaps["vm_security"]] == [(ONE, "not_in_source")]


def test_a_vm_without_a_protector_has_no_thumbprints() -> None:
    none = "function StandIn-KeyProtector { param($Vm) , [byte[]] (0, 0, 0, 4) }"
    tasks = run_tasks(VmSecurity, stubs=[none])
    assert tasks.items(VmSecurity)[0].protector_thumbprints == ()


@pytest.mark.parametrize("faults", [{"HgsClient": "missing_module"}, {"Get-VMKeyProtector": "denied"}])
def test_protectors_that_can_not_be_read_leave_the_rest(faults: dict[str, str]) -> None:
    tasks = run_tasks(VmSecurity, faults=faults)
    assert [vm.tpm_enabled for vm in tasks.items(VmSecurity)] == [True, False]
    assert [vm.protector_thumbprints for vm in tasks.items(VmSecurity)] == [None, None]
    assert tasks.remark(VmSecurity).startswith(f"without the key protector of {ONE}: ")


FIVE_HUNDRED = """
function Get-StandInNumbers { 1..500 }
function StandIn-Vms { foreach ($number in Get-StandInNumbers) { [pscustomobject] @{ Id = Get-StandInVmId $number } } }
function Cim-Msvm_VirtualSystemSettingData {
    foreach ($number in Get-StandInNumbers) {
        [pscustomobject] @{
            VirtualSystemIdentifier = "$(Get-StandInVmId $number)"; SecureBootEnabled = $true
            VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'
            VirtualSystemSubType = 'Microsoft:Hyper-V:SubType:2'; SecureBootTemplateId = $null
        }
    }
}
function Cim-Msvm_SecuritySettingData {
    foreach ($number in Get-StandInNumbers) {
        [pscustomobject] @{
            InstanceID = "$(Get-StandInVmPrefix $number)\\X"; TpmEnabled = TPM; ShieldingRequested = $false
            EncryptStateAndVmMigrationTraffic = $false; VirtualizationBasedSecurityOptOut = $false
        }
    }
}
function Cim-Msvm_KvpExchangeComponent {
    foreach ($number in Get-StandInNumbers) {
        [pscustomobject] @{ SystemName = "$(Get-StandInVmId $number)"; GuestIntrinsicExchangeItems = $null }
    }
}
"""


def test_nobody_asks_for_each_of_500_vms() -> None:
    tasks = run_tasks(VmSecurity, VmFirmware, GuestIdentity, stubs=[FIVE_HUNDRED.replace("TPM", "$false")], trace=True)
    assert len(tasks.items(VmSecurity)) == len(tasks.items(VmFirmware)) == len(tasks.items(GuestIdentity)) == 500
    asked = tasks.asked()
    assert asked.count("Get-CimInstance") == 4
    assert not {"Get-VM", "Get-VMKeyProtector", "ConvertTo-HgsKeyProtector"} & set(asked)


def test_protectors_are_given_up_when_three_fail() -> None:
    missing = {"HgsClient": "missing_module"}
    tasks = run_tasks(VmSecurity, stubs=[FIVE_HUNDRED.replace("TPM", "$true")], faults=missing)
    # A protector of four bytes is none, so the first VM alone would ask the module.
    assert {vm.protector_thumbprints for vm in tasks.items(VmSecurity)} == {(), None}
    many = "function StandIn-KeyProtector { param($Vm) , [byte[]] (1..64) }"
    stubs = [FIVE_HUNDRED.replace("TPM", "$true"), many]
    tasks = run_tasks(VmSecurity, stubs=stubs, faults=missing, trace=True)
    assert {vm.protector_thumbprints for vm in tasks.items(VmSecurity)} == {None}
    assert tasks.asked().count("Get-VMKeyProtector") == 3
    assert tasks.remark(VmSecurity).endswith("the key protectors of other VMs were not tried")


def test_a_guardian_may_hold_its_certificate_as_bytes() -> None:
    made = certificate("CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)")
    protector = f"""
function StandIn-HgsKeyProtector {{
    $bytes = [byte[]] ({", ".join(str(byte) for byte in made.der)})
    $owner = [pscustomobject] @{{ Name = 'owner'; EncryptionCertificate = $bytes }}
    [pscustomobject] @{{ Owner = $owner; Guardians = $null }}
}}
"""
    tasks = run_tasks(VmSecurity, stubs=[protector])
    assert tasks.items(VmSecurity)[0].protector_thumbprints == (made.thumbprint,)


def test_vm_firmware_of_both_generations_and_no_checkpoint() -> None:
    assert plain().items(VmFirmware) == [
        VmFirmware(id=ONE, secure_boot=True, template_id="1734c6e8-3154-4dda-ba5f-a874cc483422"),
        VmFirmware(id=TWO),
    ]


def test_vm_switches() -> None:
    members = ("Contoso 25G, dual port", "Contoso 25G, dual port #2")
    assert plain().fact(VmSwitches) == VmSwitches(
        switches=(
            VmSwitch(
                id=SWITCH + "5",
                name="managementvSwitch",
                type=SwitchType.EXTERNAL,
                allow_management_os=True,
                adapters=("Intel(R) Ethernet Controller X550",),
                embedded_teaming=False,
            ),
            VmSwitch(
                id=SWITCH + "6",
                name="K\u00fcche",
                type=SwitchType.PRIVATE,
                allow_management_os=False,
                embedded_teaming=False,
            ),
            VmSwitch(
                id=SWITCH + "7",
                name="converged",
                type=SwitchType.EXTERNAL,
                allow_management_os=True,
                adapters=members,
                embedded_teaming=True,
                team_adapters=members,
            ),
        )
    )


def test_teams_are_not_asked_for_where_there_are_none() -> None:
    one = "function StandIn-VmSwitches { Read-Recorded 'Get-VMSwitch.server2022.1.txt' }"
    tasks = run_tasks(VmSwitches, stubs=[one], trace=True)
    assert len(tasks.fact(VmSwitches).switches) == 1
    assert "Get-VMSwitchTeam" not in tasks.asked()


def test_vm_network_adapters() -> None:
    assert plain().fact(VmNetworkAdapters) == VmNetworkAdapters(
        adapters=(
            NetworkAdapter(
                id="Microsoft:E4F7E8B2-0000-4000-8000-000000000001\\HOST",
                name="ExternalSwitch",
                switch_name="ExternalSwitch",
                switch_id=SWITCH + "5",
                mac_address="00155D000001",
                vlan_mode=VlanMode.UNTAGGED,
                isolation_mode="None",
                mac_spoofing=False,
                dhcp_guard=False,
                router_guard=False,
                mirroring=MirroringMode.NONE,
                teaming=False,
            ),
            NetworkAdapter(
                id=f"Microsoft:{ONE.upper()}\\AAAAAAAA-0000-4000-8000-000000000001",
                name="Network Adapter",
                vm_id=ONE,
                vm_name="HV01-guest1",
                switch_name="converged",
                switch_id=SWITCH + "7",
                mac_address="00155D000002",
                ip_addresses=("10.1.0.5", "fe80::1"),
                vlan_mode=VlanMode.TRUNK,
                native_vlan=5,
                allowed_vlans=(10, 20),
                isolation_mode="Vlan",
                default_isolation_id=711,
                allow_untagged_traffic=True,
                multi_tenant_stack=False,
                mac_spoofing=True,
                dhcp_guard=True,
                router_guard=False,
                mirroring=MirroringMode.SOURCE,
                teaming=False,
                acls=(
                    PortAcl(
                        action="Deny",
                        direction="Inbound",
                        weight=10,
                        local_address="ANY",
                        remote_address="10.0.0.0/8",
                        local_port="ANY",
                        remote_port="ANY",
                        protocol="ANY",
                    ),
                ),
            ),
        )
    )


VLANS = """
function StandIn-VmNetworkAdapters {
    $settings = @(
        @{ OperationMode = 1; AccessVlanId = 7; NativeVlanId = 8; PrimaryVlanId = 9 },
        @{ OperationMode = 'Private'; AccessVlanId = 7; PrimaryVlanId = 9; SecondaryVlanId = 10 },
        @{ OperationMode = 2; AccessVlanId = 7; NativeVlanId = 0; AllowedVlanIdList = [int[]] @(4) },
        @{ OperationMode = 0; AccessVlanId = 7 }, $null
    )
    foreach ($setting in $settings) {
        $vlan = $(if ($null -ne $setting) { [pscustomobject] $setting })
        [pscustomobject] @{ Id = 'x'; Name = 'x'; IsManagementOs = $true; VlanSetting = $vlan }
    }
}
"""


def test_vlan_ids_are_those_of_the_mode() -> None:
    adapters = run_tasks(VmNetworkAdapters, stubs=[VLANS]).fact(VmNetworkAdapters).adapters
    bare = NetworkAdapter(id="x", name="x")
    assert adapters == (
        msgspec.structs.replace(bare, vlan_mode=VlanMode.ACCESS, access_vlan=7),
        msgspec.structs.replace(bare, vlan_mode=VlanMode.PRIVATE, primary_vlan=9, secondary_vlan=10),
        msgspec.structs.replace(bare, vlan_mode=VlanMode.TRUNK, native_vlan=0, allowed_vlans=(4,)),
        msgspec.structs.replace(bare, vlan_mode=VlanMode.UNTAGGED),
        bare,
    )


ISOLATION = """
function StandIn-VmNetworkAdapters {
    $settings = @(
        @{ IsolationMode = 'Vlan'; AllowUntaggedTraffic = $false; DefaultIsolationID = 7; MultiTenantStack = 0 },
        @{ IsolationMode = 'None'; AllowUntaggedTraffic = $false; DefaultIsolationID = 0; MultiTenantStack = 1 },
        @{ IsolationMode = 'Vlan' }, $null
    )
    foreach ($setting in $settings) {
        $isolation = $(if ($null -ne $setting) { [pscustomobject] $setting })
        [pscustomobject] @{ Id = 'x'; Name = 'x'; IsManagementOs = $true; IsolationSetting = $isolation }
    }
}
"""


def test_isolation_as_it_was_set_and_nothing_where_it_does_not_say() -> None:
    adapters = run_tasks(VmNetworkAdapters, stubs=[ISOLATION]).fact(VmNetworkAdapters).adapters
    read = [
        (one.isolation_mode, one.default_isolation_id, one.allow_untagged_traffic, one.multi_tenant_stack)
        for one in adapters
    ]
    assert read == [
        ("Vlan", 7, False, True),
        ("None", 0, False, False),
        ("Vlan", None, None, None),
        (None, None, None, None),
    ]


def test_guest_identity() -> None:
    assert plain().items(GuestIdentity) == [
        GuestIdentity(
            id=ONE,
            fqdn="dc01.contoso.com",
            os_name="Windows Server 2025 Datacenter",
            os_version="10.0.26100",
            product_type=GuestProductType.DOMAIN_CONTROLLER,
        ),
        GuestIdentity(id=TWO),
    ]


def item(data: str, before: str = "") -> str:
    """An embedded instance named OSName, its data as XML."""
    value = '<PROPERTY NAME="{}"><VALUE>{}</VALUE></PROPERTY>'
    return f"{before}<INSTANCE>{value.format('Name', 'OSName')}{value.format('Data', data)}</INSTANCE>"


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(9))
REFUSED = {
    "entities": [item("&a8;", before=f"<!DOCTYPE x [{BOMB}]>")],
    "a file": [item("&f;", before='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>')],
    "no XML": ['<INSTANCE><PROPERTY NAME="Name">OSName'],
}
LEFT = {
    "code": ([item("$(1/0) `whoami` '; &amp; <![CDATA[&]]>")], "$(1/0) `whoami` '; & &"),
    "long": ([item("x" * 5000)], "x" * 256),
    "huge": ([item("x" * 70000)], None),
    "blank": ([item("  ")], None),
    "without data": (['<INSTANCE><PROPERTY NAME="Name"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>'], None),
    "control characters": ([item("a&#1;\u202eb")], "a\x01\u202eb"),
    "two of one name": ([item("first"), item("second")], "first"),
    "something else": (["<OTHER>OSName</OTHER>"], None),
}


def test_what_a_guest_says_is_its_own_text_and_nothing_more() -> None:
    guests = [items for items, _ in LEFT.values()] + list(REFUSED.values())
    made = []
    for number, items in enumerate(guests):
        listed = ", ".join("'" + text.replace("'", "''") + "'" for text in items)
        name = f"SystemName = '00000000-0000-4000-8000-{number:012d}'"
        made.append(f"[pscustomobject] @{{ {name}; GuestIntrinsicExchangeItems = [string[]] @({listed}) }}\n")
    tasks = run_tasks(GuestIdentity, stubs=[f"function Cim-Msvm_KvpExchangeComponent {{\n{''.join(made)}}}"])
    found = tasks.items(GuestIdentity)
    assert [guest.os_name for guest in found] == [expected for _, expected in LEFT.values()] + [None] * len(REFUSED)
    remarks = tasks.remark(GuestIdentity).split("; ")
    assert len(remarks) == len(REFUSED)
    for guest, remark in zip(found[len(LEFT) :], remarks, strict=True):
        assert remark.startswith(f"without what the guest {guest.id} says: unparsable: ")


PRODUCTS = """
function Cim-Msvm_KvpExchangeComponent {
    $number = 0
    foreach ($product in ' 2 ', '3', 'server', '99999999999', '') {
        $number++
        [pscustomobject] @{
            SystemName = "00000000-0000-4000-8000-00000000000$number"
            GuestIntrinsicExchangeItems = [string[]] @(New-StandInKvpItem 'ProductType' $product)
        }
    }
}
"""


def test_a_product_type_is_a_number_or_nothing() -> None:
    found = run_tasks(GuestIdentity, stubs=[PRODUCTS]).items(GuestIdentity)
    assert [guest.product_type for guest in found] == [2, 3, None, None, None]


NOTHING = """
function StandIn-MigrationNetworks { }
function StandIn-Vms { }
function StandIn-VmSwitches { }
function StandIn-VmNetworkAdapters { }
function Cim-Msvm_VirtualSystemSettingData { }
function Cim-Msvm_SecuritySettingData { }
function Cim-Msvm_KvpExchangeComponent { }
"""


def test_a_host_without_vms_has_none() -> None:
    facts = (MigrationNetworks, Vm, VmSecurity, VmFirmware, VmSwitches, VmNetworkAdapters, GuestIdentity)
    tasks = run_tasks(*facts, stubs=[NOTHING])
    assert tasks.fact(MigrationNetworks) == MigrationNetworks(networks=())
    assert tasks.fact(VmSwitches) == VmSwitches(switches=())
    assert tasks.fact(VmNetworkAdapters) == VmNetworkAdapters(adapters=())
    assert [tasks.data(fact) for fact in (Vm, VmSecurity, VmFirmware, GuestIdentity)] == [[], [], [], []]


def test_nothing_without_elevation_is_no_answer() -> None:
    facts = (MigrationNetworks, Vm, VmSecurity, VmFirmware, VmSwitches, VmNetworkAdapters, GuestIdentity)
    tasks = run_tasks(*facts, stubs=[NOTHING], elevated=False)
    assert {tasks.gap(fact)[0] for fact in facts} == {"access_denied"}


def test_hostile_names_come_through_as_they_are() -> None:
    tasks = run_tasks(
        VmSwitches, MigrationNetworks, faults={"Get-VMSwitch": "hostile", "Get-VMMigrationNetwork": "hostile"}
    )
    # GUIDs are text in the recorded listing, and no longer GUIDs.
    assert tasks.gap(VmSwitches)[0] == "unparsable"
    kept = HOSTILE.replace("\ud800", "\\ud800")
    assert [network.subnet for network in tasks.fact(MigrationNetworks).networks] == [
        "10.0.1.0/24" + kept,
        "fd00:1::/64" + kept,
    ]
