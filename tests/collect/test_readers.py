"""Readers of single facts: what each property may look like, and what is refused."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from hypervigil.collect.failures import Failure
from hypervigil.collect.readers import (
    cluster,
    features,
    fields,
    firewall,
    host,
    hyper_v,
    platform,
    registry_values,
    smb,
)
from hypervigil.evidence.cluster import AccessPoint, ClusterNode, ClusterNodes, NodeState, SecurityLevel
from hypervigil.evidence.features import InstallState
from hypervigil.evidence.firewall import FirewallRule, RuleAction, RuleDirection
from hypervigil.evidence.hyper_v import MigrationAuthentication, MigrationNetwork, MigrationPerformance
from hypervigil.evidence.platform import SecureBootState, SecurityService, VbsStatus
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue
from hypervigil.evidence.smb import Dialect, SpnValidation
from hypervigil.formats.clixml import parse
from hypervigil.model.outcome import Cause
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Enum, Obj, document

BOOT = datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def objects(*values: Any) -> list[object]:
    """The values after a way through CLIXML."""
    return parse(document(*values))


def record(**properties: Any) -> Any:
    return objects(files.selected(**properties))[0]


# --- single properties ---


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, MigrationAuthentication.KERBEROS),
        ("1", MigrationAuthentication.KERBEROS),
        ("Kerberos", MigrationAuthentication.KERBEROS),
        ("CredSSP", MigrationAuthentication.CREDSSP),
        (Enum(1, "Kerberos"), MigrationAuthentication.KERBEROS),
        (Enum(0, "Whatever"), MigrationAuthentication.CREDSSP),
    ],
)
def test_a_code_by_number_or_name(value: Any, expected: MigrationAuthentication) -> None:
    assert fields.code(record(P=value), "P", MigrationAuthentication) is expected


def test_a_number_that_nobody_has_named_is_kept() -> None:
    assert int(fields.code(record(P=9), "P", SecurityService)) == 9
    assert not fields.code(record(P=Enum(9, "New")), "P", SecurityService).is_known


@pytest.mark.parametrize("value", ["NTLM", True, 1.5, "", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)])
def test_no_code(value: Any) -> None:
    wrapped = value if not isinstance(value, float) else Obj(extended={"x": 1})
    with pytest.raises(fields.UnreadableError, match="property P"):
        fields.code(record(P=wrapped), "P", MigrationAuthentication)


def test_access_point_by_the_name_that_powershell_gives() -> None:
    assert fields.code(record(P="ActiveDirectoryAndDns"), "P", AccessPoint) is AccessPoint.ACTIVE_DIRECTORY_AND_DNS


@pytest.mark.parametrize("value", ["True", 1, 0, "1"])
def test_only_a_boolean_is_true_or_false(value: Any) -> None:
    with pytest.raises(fields.UnreadableError, match=r"property P is .*, expected true or false"):
        fields.boolean(record(P=value), "P")


def test_missing_and_null_are_the_same_and_no_value() -> None:
    assert fields.boolean_or_none(record(P=None), "P") is None
    assert fields.boolean_or_none(record(Q=1), "P") is None
    with pytest.raises(fields.UnreadableError, match="property P is missing or null"):
        fields.boolean(record(P=None), "P")


def test_upper_and_lower_case_of_a_name_do_not_count() -> None:
    assert fields.text(record(buildNUMBER="26100"), "BuildNumber") == "26100"


def test_extended_properties_hide_adapted_ones() -> None:
    both = objects(Obj(adapted={"P": "adapted"}, extended={"P": "extended"}))[0]
    assert fields.text(both, "P") == "extended"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (BOOT, BOOT),
        (BOOT.astimezone(datetime.timezone(datetime.timedelta(hours=-6))), BOOT),
        ("20261110211000.000000-360", BOOT),
        ("20261111051000.000000+120", BOOT),
        (None, None),
        ("", None),
    ],
)
def test_moments_are_in_utc(value: Any, expected: datetime.datetime | None) -> None:
    assert fields.moment_or_none(record(P=value), "P") == expected


@pytest.mark.parametrize(
    "value",
    [datetime.datetime(2026, 1, 1), "20261111051000", "20269911051000.000000+000", "yesterday", 5],  # noqa: DTZ001
)
def test_a_moment_without_zone_is_none(value: Any) -> None:
    with pytest.raises(fields.UnreadableError, match="expected a date with its time zone"):
        fields.moment_or_none(record(P=value), "P")


# --- host ---


def test_operating_system_as_cim_instance_and_as_selection() -> None:
    system = host.operating_system(objects(files.operating_system()))
    assert (system.name, system.build_number, system.last_boot) == ("HV01", 26100, BOOT)
    assert host.operating_system(objects(files.selected(**files.SYSTEM))) == system


def test_operating_system_with_registry_values() -> None:
    values = {
        "ubr": RegistryValue(RegistryState.PRESENT, "REG_DWORD", 4652),
        "edition_id": RegistryValue(RegistryState.PRESENT, "REG_SZ", "ServerDatacenter"),
        "installation_type": DENIED,
    }
    system = host.operating_system(objects(files.operating_system()), values)
    assert (system.ubr, system.edition_id, system.installation_type) == (4652, "ServerDatacenter", None)


@pytest.mark.parametrize("found", [[], [files.operating_system(), files.operating_system()], ["text"]])
def test_operating_system_of_something_else(found: list[Any]) -> None:
    with pytest.raises(fields.UnreadableError):
        host.operating_system(objects(*found))


# --- platform ---

_GUARD = {
    "AvailableSecurityProperties": [1, 2, 3, 9],
    "RequiredSecurityProperties": [1, 2],
    "SecurityServicesConfigured": [1, 2],
    "SecurityServicesRunning": [1, 11],
    "VirtualizationBasedSecurityStatus": 2,
    "CodeIntegrityPolicyEnforcementStatus": 2,
    "UsermodeCodeIntegrityPolicyEnforcementStatus": 0,
}


def test_device_guard_keeps_services_without_a_name() -> None:
    guard = platform.device_guard(objects(files.selected(**_GUARD)))
    assert guard.vbs_status is VbsStatus.RUNNING
    assert [int(service) for service in guard.services_running] == [1, 11]
    assert guard.runs(SecurityService.CREDENTIAL_GUARD)
    assert not guard.runs(SecurityService.MEMORY_INTEGRITY)


@pytest.mark.parametrize("name", ["SecurityServicesRunning", "VirtualizationBasedSecurityStatus"])
def test_device_guard_without_a_property_that_decides(name: str) -> None:
    with pytest.raises(fields.UnreadableError, match=name):
        platform.device_guard(objects(files.selected(**{**_GUARD, name: None})))


def test_device_guard_with_a_wrong_member() -> None:
    with pytest.raises(fields.UnreadableError, match="SecurityServicesRunning"):
        platform.device_guard(objects(files.selected(**{**_GUARD, "SecurityServicesRunning": [1, "two"]})))


def test_secure_boot() -> None:
    assert platform.secure_boot([True]).state is SecureBootState.ON
    assert platform.secure_boot([False]).state is SecureBootState.OFF
    for wrong in ([], [True, True], ["True"], [1]):
        with pytest.raises(fields.UnreadableError):
            platform.secure_boot(wrong)


def test_secure_boot_of_a_bios() -> None:
    german = Failure(
        Cause.UNSUPPORTED_RELEASE, "Das Cmdlet wird nicht unterstützt.", "x", "PlatformNotSupportedException"
    )
    assert platform.says_not_uefi(german)
    assert platform.says_not_uefi(Failure(Cause.UNPARSABLE, "Cmdlet not supported on this platform."))
    assert not platform.says_not_uefi(Failure(Cause.ACCESS_DENIED, "Access was denied.", "x", "UnauthorizedAccess"))


_TPM = {"TpmPresent": True, "TpmReady": True, "ManufacturerIdTxt": "INTC", "ManufacturerVersionFull20": "600.18.34.0"}


def test_tpm() -> None:
    tpm = platform.tpm(objects(files.selected(**_TPM)), objects(files.selected(SpecVersion="2.0, 0, 1.59")))
    assert (tpm.present, tpm.ready, tpm.specification, tpm.manufacturer_version_20) == (
        True,
        True,
        "2.0",
        "600.18.34.0",
    )
    assert platform.tpm(objects(files.selected(**_TPM)), []).specification is None
    older = {**_TPM, "ManufacturerVersionFull20": "Nicht unterstützt für TPM 1.2"}
    assert platform.tpm(objects(files.selected(**older))).manufacturer_version_20 is None


def _event(time: datetime.datetime, provider: str = platform.WININIT, number: int = 12) -> Obj:
    return files.selected(ProviderName=provider, Id=number, TimeCreated=time, RecordId=1)


@pytest.mark.parametrize(
    ("events", "oldest", "last_boot", "expected"),
    [
        ([_event(BOOT + MINUTE)], None, BOOT, True),
        ([_event(BOOT)], None, BOOT, True),
        ([_event(BOOT - 60 * MINUTE)], [_event(BOOT - 999 * MINUTE)], BOOT, False),
        ([], [_event(BOOT - MINUTE)], BOOT, False),
        # The log does not reach back to the boot, or nobody knows how far it reaches.
        ([], [_event(BOOT + MINUTE)], BOOT, None),
        ([], None, BOOT, None),
        # The clock may have been set after the boot.
        ([_event(BOOT - MINUTE)], [_event(BOOT - 999 * MINUTE)], BOOT, None),
        # Another event with this id is none.
        ([_event(BOOT + MINUTE, "Microsoft-Windows-Kernel-General")], [_event(BOOT - MINUTE)], BOOT, False),
        (None, [_event(BOOT - MINUTE)], BOOT, None),
        ([_event(BOOT + MINUTE)], None, None, None),
    ],
)
def test_started_protected(
    events: list[Obj] | None, oldest: list[Obj] | None, last_boot: datetime.datetime | None, expected: bool | None
) -> None:
    found = None if events is None else objects(*events)
    reach = None if oldest is None else objects(*oldest)
    assert platform.started_protected(found, reach, last_boot) is expected


# --- features, Hyper-V ---


def test_features_by_number_and_by_name() -> None:
    found = features.windows_features(
        objects(
            files.selected(Name="FS-SMB1", Installed=False, InstallState=Enum(5, "Removed")),
            files.selected(Name="Hyper-V", Installed=True, InstallState="Installed"),
        )
    )
    assert [(f.name, f.installed, f.install_state) for f in found.features] == [
        ("FS-SMB1", False, InstallState.REMOVED),
        ("Hyper-V", True, InstallState.INSTALLED),
    ]


def test_no_features_at_all_is_no_answer() -> None:
    with pytest.raises(fields.UnreadableError, match="no feature"):
        features.windows_features([])


_HOST = {
    "VirtualMachineMigrationEnabled": True,
    "VirtualMachineMigrationAuthenticationType": Enum(0, "CredSSP"),
    "VirtualMachineMigrationPerformanceOption": "Compression",
    "UseAnyNetworkForMigration": False,
    "MaximumVirtualMachineMigrations": 2,
    "FullyQualifiedDomainName": "hv01.contoso.com",
}


def test_vm_host() -> None:
    found = hyper_v.vm_host(objects(files.selected(**_HOST)))
    assert found.migration_authentication is MigrationAuthentication.CREDSSP
    assert found.migration_performance is MigrationPerformance.COMPRESSION
    assert (found.maximum_migrations, found.numa_spanning) == (2, None)


def test_migration_networks_none_is_an_answer() -> None:
    assert hyper_v.migration_networks([]).networks == ()
    one = hyper_v.migration_networks(objects(files.selected(Subnet="10.0.1.0/24", Priority=None)))
    assert one.networks == (MigrationNetwork(subnet="10.0.1.0/24"),)


def test_vms() -> None:
    first, second = hyper_v.vms(objects(files.vm("a", 1), files.vm("b", 2, State="Off", Version="9.0")))
    assert (first.id, first.state, first.clustered) == ("00000000-0000-0000-0000-000000000001", 2, True)
    assert (second.state, second.version) == (3, "9.0")
    assert hyper_v.vms([]) == ()


@pytest.mark.parametrize(
    "found",
    [[files.vm("a", 1), files.vm("b", 1)], [files.vm("a", 1, Id="no guid")], [files.vm("a", 1, Generation="x")]],
)
def test_vms_that_are_none(found: list[Obj]) -> None:
    with pytest.raises(fields.UnreadableError):
        hyper_v.vms(objects(*found))


# --- SMB ---


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("None", Dialect.NO_LIMIT),
        (0, Dialect.NO_LIMIT),
        ("SMB311", Dialect.SMB311),
        (Enum(5, "SMB300"), Dialect.SMB300),
        (785, Dialect.SMB311),
        (None, None),
    ],
)
def test_dialects(value: Any, expected: Dialect | None) -> None:
    assert smb.smb_server(objects(files.smb_server(Smb2DialectMin=value))).dialect_min is expected


def test_smb_server_of_2025() -> None:
    server = smb.smb_server(
        objects(
            files.smb_server(
                SmbServerNameHardeningLevel=1,
                EnableAuthRateLimiter=True,
                InvalidAuthenticationDelayTimeInMs=2000,
                EncryptionCiphers="AES_128_GCM, AES_256_GCM",
            )
        )
    )
    assert server.spn_validation is SpnValidation.ACCEPT_ABSENT
    assert (server.rate_limiter, server.invalid_authentication_delay_ms) == (True, 2000)
    assert server.ciphers == ("AES_128_GCM", "AES_256_GCM")


def test_smb_client_exceptions_are_empty_only_where_the_release_has_them() -> None:
    new = {"RequireSecuritySignature": True, "BlockNTLM": False, "BlockNTLMServerExceptionList": None}
    assert smb.smb_client(objects(files.selected(**new))).block_ntlm_exceptions == ()
    assert smb.smb_client(objects(files.selected(RequireSecuritySignature=True))).block_ntlm_exceptions is None
    named = {**new, "BlockNTLMServerExceptionList": ["a", "b"]}
    assert smb.smb_client(objects(files.selected(**named))).block_ntlm_exceptions == ("a", "b")


def test_rdma_none_is_an_answer() -> None:
    assert smb.rdma([]).adapters == ()
    with pytest.raises(fields.UnreadableError, match="Enabled"):
        smb.rdma(objects(files.selected(Name="NIC1", Enabled="yes")))


# --- firewall ---


def _rule(name: str = "SMB-In", **changes: Any) -> Obj:
    properties = {"Name": name, "Enabled": Enum(1, "True"), "Direction": Enum(1, "Inbound"), "Action": Enum(2, "Allow")}
    return files.selected(**{**properties, "Profile": Enum(3, "Domain, Private"), **changes})


def _port(name: str = "SMB-In", port: Any = "445") -> Obj:
    return files.selected(InstanceID=name, Protocol="TCP", LocalPort=port)


def _address(name: str = "SMB-In", address: Any = "LocalSubnet") -> Obj:
    return files.selected(InstanceID=name, RemoteAddress=address)


def test_a_rule_with_its_filters() -> None:
    found = firewall.firewall_rules(
        objects(_rule(Group="@FirewallAPI.dll,-28502"), _rule("Out", Direction=2)),
        objects(_port("Other", "80"), _port(port=["445", "5445"])),
        objects(_address()),
    )
    assert found.rules == (
        FirewallRule(
            name="SMB-In",
            enabled=True,
            direction=RuleDirection.INBOUND,
            action=RuleAction.ALLOW,
            profiles=3,
            group="@FirewallAPI.dll,-28502",
            protocol="TCP",
            local_ports=("445", "5445"),
            remote_addresses=("LocalSubnet",),
        ),
    )


@pytest.mark.parametrize(
    ("enabled", "expected"), [(1, True), (2, False), ("True", True), ("False", False), (True, True), (False, False)]
)
def test_enabled_is_a_number(enabled: Any, expected: bool) -> None:
    found = firewall.firewall_rules(objects(_rule(Enabled=enabled)), objects(_port()), objects(_address()))
    assert found.rules[0].enabled is expected


@pytest.mark.parametrize(("profile", "bits"), [("Any", 0), ("Domain, Public", 5), (0, 0), (7, 7), ("4", 4)])
def test_profiles(profile: Any, bits: int) -> None:
    found = firewall.firewall_rules(objects(_rule(Profile=profile)), objects(_port()), objects(_address()))
    assert found.rules[0].profiles == bits


def test_a_rule_without_port_filter_would_look_open_for_every_port() -> None:
    with pytest.raises(fields.UnreadableError, match="SMB-In has no port filters"):
        firewall.firewall_rules(objects(_rule()), objects(_port("Other")), objects(_address()))


def test_a_rule_that_is_there_twice_has_its_own_filters() -> None:
    found = firewall.firewall_rules(
        objects(_rule(), _rule(Action=4)),
        objects(_port(port="445"), _port(port="139")),
        objects(_address(address="Any"), _address(address="10.0.0.1")),
    )
    assert [(int(r.action), r.local_ports, r.remote_addresses) for r in found.rules] == [
        (2, ("445",), ("Any",)),
        (4, ("139",), ("10.0.0.1",)),
    ]


# --- registry ---


def test_registry_values() -> None:
    found = registry_values.registry_values(
        objects(
            files.registry(r"SYSTEM\X", "Dword", -1),
            files.registry(r"SYSTEM\X", "Text", "words", "String"),
            files.registry(r"SYSTEM\X", "Kind", "%SystemRoot%", "REG_EXPAND_SZ"),
            files.registry(r"SYSTEM\X", "Many", ["a", "b"], "MultiString"),
            files.registry(r"SYSTEM\X", "Absent"),
            files.registry(r"SYSTEM\X", "Denied", state="denied"),
        )
    )
    assert found == {
        (r"system\x", "dword"): RegistryValue(RegistryState.PRESENT, "REG_DWORD", 0xFFFFFFFF),
        (r"system\x", "text"): RegistryValue(RegistryState.PRESENT, "REG_SZ", "words"),
        (r"system\x", "kind"): RegistryValue(RegistryState.PRESENT, "REG_EXPAND_SZ", "%SystemRoot%"),
        (r"system\x", "many"): RegistryValue(RegistryState.PRESENT, "REG_MULTI_SZ", ("a", "b")),
        (r"system\x", "absent"): ABSENT,
        (r"system\x", "denied"): DENIED,
    }


@pytest.mark.parametrize(
    "row",
    [
        files.registry("X", "V", "5"),  # a number as text
        files.registry("X", "V", 5, "Number"),
        files.registry("X", "V", 5, state="perhaps"),
        Obj(extended={"Path": r"HKCU:\X", "Name": "V", "State": "absent"}),
        Obj(extended={"Path": r"HKLM:\X", "Name": None, "State": "absent"}),
    ],
)
def test_registry_rows_that_are_none(row: Obj) -> None:
    with pytest.raises(fields.UnreadableError):
        registry_values.registry_values(objects(row))


def test_one_registry_value_can_not_be_two() -> None:
    with pytest.raises(fields.UnreadableError, match="two values"):
        registry_values.registry_values(objects(files.registry("X", "V", 5), files.registry("x", "v", 6)))


# --- cluster ---


def test_cluster() -> None:
    found = cluster.cluster(objects(files.cluster(SecurityLevelForStorage=0, AdministrativeAccessPoint="Dns")))
    assert found.id == "af5881ef-0ff7-4b5c-bfed-098decbbf762"
    assert found.security_level is SecurityLevel.SIGN
    assert found.security_level_for_storage is SecurityLevel.CLEAR
    assert found.access_point is AccessPoint.DNS
    assert found.s2d_enabled is None


def test_cluster_nodes_leave_out_what_was_named_by_hand() -> None:
    """Get-SDDCDiagnosticInfo -Nodelist puts machines that it was given among the nodes."""
    by_hand = Obj(extended={"Name": "HV09", "State": "Down", "Type": "ManuallySpecifiedMachine"})
    found = cluster.cluster_nodes(objects(files.cluster_node("HV01"), by_hand))
    assert found.nodes == (ClusterNode(name="HV01", id="1", state=NodeState.UP, build_number=26100),)
    with pytest.raises(fields.UnreadableError, match="no node"):
        cluster.cluster_nodes(objects(by_hand))


def test_lists_of_nodes_from_different_moments() -> None:
    def listed(**states: NodeState) -> ClusterNodes:
        return ClusterNodes(nodes=tuple(ClusterNode(name=name, state=state) for name, state in states.items()))

    merged = cluster.same_members(
        [listed(HV01=NodeState.UP, HV02=NodeState.UP), listed(HV02=NodeState.PAUSED, hv01=NodeState.UP)]
    )
    assert merged is not None
    assert [(node.name, node.state) for node in merged.nodes] == [("HV01", NodeState.UP), ("HV02", None)]
    assert cluster.same_members([listed(HV01=NodeState.UP), listed(HV02=NodeState.UP)]) is None


# --- all of them ---


@pytest.mark.parametrize(
    "reader",
    [
        host.operating_system,
        host.computer_system,
        platform.device_guard,
        platform.tpm,
        features.windows_features,
        hyper_v.vm_host,
        hyper_v.migration_networks,
        hyper_v.vms,
        smb.smb_server,
        smb.smb_client,
        smb.rdma,
        cluster.cluster,
        cluster.cluster_nodes,
        registry_values.registry_values,
    ],
)
def test_every_reader_names_what_is_wrong(reader: Callable[[list[object]], object]) -> None:
    wrongs: list[list[object]] = [[3], ["text"], objects(files.selected(Unrelated=1))]
    for wrong in wrongs:
        with pytest.raises(fields.UnreadableError) as caught:
            reader(wrong)
        assert caught.value.problem
