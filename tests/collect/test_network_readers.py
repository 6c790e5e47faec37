"""Readers of facts about roles, network, registry and cluster."""

from __future__ import annotations

from typing import Any

import pytest

from hypervigil.collect.readers import (
    cluster,
    features,
    fields,
    firewall,
    hyper_v,
    registry_values,
    smb,
)
from hypervigil.evidence.cluster import AccessPoint, ClusterNode, ClusterNodes, NodeState, SecurityLevel
from hypervigil.evidence.features import InstallState
from hypervigil.evidence.firewall import FirewallRule, RuleAction, RuleAuthentication, RuleDirection
from hypervigil.evidence.hyper_v import MigrationAuthentication, MigrationNetwork, MigrationPerformance
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue
from hypervigil.evidence.smb import Dialect, SpnValidation
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Enum, Obj
from tests.collect.clixml_files import parsed as objects

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


def test_a_rule_with_filters_of_every_kind() -> None:
    ids = {"InstanceID": "SMB-In"}
    (rule,) = firewall.firewall_rules(
        objects(_rule()),
        objects(_port()),
        objects(_address()),
        objects(files.selected(**ids, Program="System")),
        None,
        objects(files.selected(**ids, InterfaceAlias=["A", "B"])),
        objects(files.selected(**ids, InterfaceType="Any")),
        objects(files.selected(**ids, Authentication="NoEncap")),
    ).rules
    assert (rule.program, rule.service, rule.interfaces, rule.interface_types) == ("System", None, ("A", "B"), 0)
    assert rule.authentication is RuleAuthentication.NO_ENCAPSULATION


@pytest.mark.parametrize(("kind", "code"), [(Enum(1, "Required"), 1), (7, 7), (None, None)])
def test_authentication_as_a_number(kind: Any, code: int | None) -> None:
    security = objects(files.selected(InstanceID="SMB-In", Authentication=kind))
    none: list[None] = [None] * (len(firewall.OTHERS) - 1)
    (rule,) = firewall.firewall_rules(objects(_rule()), objects(_port()), objects(_address()), *none, security).rules
    assert rule.authentication == code


def test_a_rule_whose_program_is_missing_would_look_open_for_every_program() -> None:
    programs = objects(files.selected(InstanceID="Other", Program="System"))
    with pytest.raises(fields.UnreadableError, match="no application filters"):
        firewall.firewall_rules(objects(_rule()), objects(_port()), objects(_address()), programs)


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
