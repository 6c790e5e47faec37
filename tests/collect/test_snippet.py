"""The lines that 'collect snippet' prints, run in PowerShell's own engine, and what they write read again."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hypervigil.collect.clixml_folder import collect_folder
from hypervigil.collect.naming import FROM_FILES
from hypervigil.collect.snippet import snippet
from hypervigil.evidence.cluster import AccessPoint, Cluster, SecurityLevel
from hypervigil.evidence.evidence import Evidence, Gap, Known
from hypervigil.evidence.firewall import FirewallRules, RuleAuthentication
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, Vm, VmHost
from hypervigil.evidence.platform import (
    DeviceGuard,
    DeviceGuardPolicy,
    LsaProtection,
    SecureBoot,
    SecureBootState,
    SecurityProperty,
    Tpm,
)
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.evidence.smb import Dialect, Mailslots, Rdma, SmbClientConfiguration, SmbServerConfiguration
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope
from hypervigil.store.read import read_bundle
from hypervigil.store.write import write_bundle
from tests.collect import host_stubs
from tests.shared import psengine, shared_data

HV01 = "hv01.contoso.com"
CLUSTER = "af5881ef-0ff7-4b5c-bfed-098decbbf762"

VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
LSA = r"SYSTEM\CurrentControlSet\Control\Lsa"
GUARD = r"SYSTEM\CurrentControlSet\Control\DeviceGuard"
GUARD_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\DeviceGuard"

Keys = Mapping[str, Mapping[str, Any]]

REGISTRY: Keys = {
    VERSION: {
        "values": {
            "UBR": {"type": "DWord", "data": 4652},
            "EditionID": {"type": "String", "data": "ServerDatacenter"},
            "InstallationType": {"type": "String", "data": "Server Core"},
        }
    },
    LSA: {"values": {"RunAsPPL": {"type": "DWord", "data": 2}, "LsaCfgFlags": {"type": "DWord", "data": 0}}},
    GUARD: {"values": {"Mandatory": {"type": "String", "data": "1"}}},
    GUARD_POLICY: {"access_denied": True},
    r"SYSTEM\CurrentControlSet\Control": {"values": {"PEFirmwareType": {"type": "DWord", "data": 2}}},
}


def run(tmp_path: Path, *arguments: str, stubs: str, modules: Mapping[str, str], registry: Keys = REGISTRY) -> Path:
    """Run the lines with stand-ins for the cmdlets of a host; gives the folder with the trace of what ran."""
    script = tmp_path / "export.ps1"
    script.write_text(snippet(), encoding="ascii", newline="\r\n")
    (tmp_path / "stubs.ps1").write_text(stubs, encoding="utf-8")
    (tmp_path / "registry.json").write_text(json.dumps({"HKLM": {"keys": registry}}))
    command = [str(psengine()), "run", "--as-51", "--registry", str(tmp_path / "registry.json")]
    command += ["--stubs", str(tmp_path / "stubs.ps1"), "--trace", str(tmp_path / "trace.jsonl")]
    for name, text in modules.items():
        (tmp_path / f"{name}.ps1").write_text(text, encoding="utf-8")
        command += ["--stub-module", f"{name}={tmp_path / f'{name}.ps1'}"]
    done = subprocess.run(
        [*command, str(script), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "COMPUTERNAME": "HV01"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "Written to" in done.stdout
    return tmp_path


def whole_host() -> dict[str, Any]:
    stubs = host_stubs.cim() + host_stubs.platform() + host_stubs.firewall() + host_stubs.roles()
    return {"stubs": stubs, "modules": {"Hyper-V": host_stubs.hyper_v()}}


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    return run(folder, "-Folder", str(folder / "HV01"), "-All", **whole_host())


@pytest.fixture(scope="module")
def evidence(traced: Path) -> Evidence:
    return collect_folder(traced / "HV01")


# --- the text ---


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    script = tmp_path_factory.mktemp("parse") / "export.ps1"
    script.write_text(snippet(), encoding="ascii")
    done = subprocess.run(
        [str(psengine()), "parse", str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)["files"][0]


def test_it_is_powershell_5_1(parsed: Any) -> None:
    assert parsed["errors"] == []
    assert parsed["post51"] == []
    assert parsed["encoding"]["ansi_risk"] is False


def test_every_cmdlet_and_parameter_is_in_microsofts_reference(parsed: Any) -> None:
    reference = json.loads(shared_data("powershell-reference.json").read_text(encoding="utf-8"))
    common = {"erroraction"}
    own = set(re.findall(r"^function (\S+)", snippet(), re.MULTILINE))
    used = set()
    for command in parsed["commands"]:
        name = command["name"]
        if name is None or name in own:
            continue
        entry = reference.get(name.casefold())
        assert entry is not None, name
        for parameter in command["parameters"]:
            assert parameter["name"].casefold() in {*entry["parameters"], *common}, (name, parameter["name"])
        used.add(name)
    asked = {read.command.split()[0] for fact in FROM_FILES for read in fact.INFO.reads if read.command}
    assert asked <= used


def test_it_hides_no_error_and_reads_only(parsed: Any) -> None:
    text = snippet()
    assert "SilentlyContinue" not in text
    assert "Ignore" not in text
    verbs = {command["name"].partition("-")[0] for command in parsed["commands"] if command["name"]}
    assert verbs == {"Get", "Confirm", "Select", "Export", "Join", "New", "Write"}
    assert [line for line in text.splitlines() if "New-Item" in line] == [
        "$null = New-Item -ItemType Directory -Path $Folder -Force -ErrorAction Stop"
    ]


def test_every_read_asks_for_its_properties_by_name() -> None:
    text = re.sub(r"\s+", " ", snippet())
    for fact in FROM_FILES:
        for read in fact.INFO.reads:
            if read.properties:
                assert (
                    f"{read.command} -ErrorAction Stop | Select-Object -Property {', '.join(read.properties)} }}"
                    in text
                )
            for value in read.registry:
                assert f"-Path 'HKLM:\\{value.key}' -Name '{value.name}'" in text


# --- a host on which everything works ---


def test_all_facts_of_the_register_are_there(evidence: Evidence) -> None:
    for fact in FROM_FILES:
        name = fact.INFO.name
        if fact.INFO.item_key:
            assert not isinstance(evidence.listings[name, HV01], Gap), name
        else:
            found = evidence.facts[name, CLUSTER if fact.INFO.subject is Scope.CLUSTER else HV01]
            assert isinstance(found, Known), found
    assert evidence.skipped == ()


def test_facts_about_the_platform(evidence: Evidence) -> None:
    system = evidence.get(OperatingSystem, HV01)
    assert system is not None
    assert (system.build_number, system.ubr, system.edition_id) == (26100, 4652, "ServerDatacenter")
    assert system.installation_type == "Server Core"
    guard = evidence.get(DeviceGuard, HV01)
    assert guard is not None
    assert not guard.vbs_running
    assert guard.offers(SecurityProperty.MBEC_GMET)
    assert guard.required_properties is None
    assert evidence.get(SecureBoot, HV01) == SecureBoot(state=SecureBootState.ON, firmware_type=dword(2))
    tpm = evidence.get(Tpm, HV01)
    assert tpm is not None
    assert (tpm.manufacturer, tpm.manufacturer_version_20, tpm.specification) == ("INTC", "402.1.0.0", "2.0")


def test_registry_values_are_present_absent_or_denied(evidence: Evidence) -> None:
    policy = evidence.get(DeviceGuardPolicy, HV01)
    assert policy is not None
    assert policy.lsa_cfg_flags_policy == policy.vbs_policy == policy.hvci_policy == DENIED
    assert policy.lsa_cfg_flags_local == dword(0)
    assert policy.lsa_cfg_flags_default == ABSENT  # the key is there, the value is not
    assert policy.hvci_local == ABSENT  # the key is not there
    assert policy.mandatory == RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")
    assert evidence.get(Mailslots, HV01) == Mailslots(
        server_policy=ABSENT, client_policy=ABSENT, misspelt_policy=ABSENT
    )
    lsa = evidence.get(LsaProtection, HV01)
    assert lsa is not None
    assert lsa.run_as_ppl == dword(2)
    assert lsa.started_protected is True


def test_facts_about_hyper_v(evidence: Evidence) -> None:
    host = evidence.get(VmHost, HV01)
    assert host is not None
    assert host.migration_authentication is MigrationAuthentication.KERBEROS
    assert host.any_network_for_migration is False
    vm = evidence.get(Vm, "00000000-0000-0000-0000-000000000002")
    assert vm == Vm(id=vm.id, name="vm2", generation=2, version="12.0", state=2, clustered=True) if vm else False


def test_facts_about_the_network(evidence: Evidence) -> None:
    server = evidence.get(SmbServerConfiguration, HV01)
    assert server is not None
    assert (server.rate_limiter, server.invalid_authentication_delay_ms) == (True, 2000)
    assert server.dialect_min is Dialect.NO_LIMIT
    assert server.ciphers is not None
    client = evidence.get(SmbClientConfiguration, HV01)
    assert client is not None
    assert client.require_signing is True
    assert client.block_ntlm_exceptions == ()
    assert evidence.get(Rdma, HV01) == Rdma(adapters=())
    firewall = evidence.get(FirewallRules, HV01)
    assert firewall is not None
    (rule,) = firewall.rules
    assert rule.opens("TCP", 445)
    assert rule.profiles == 3
    assert rule.remote_addresses == ("LocalSubnet", "10.0.0.0/255.0.0.0")
    assert (rule.local_addresses, rule.program, rule.service) == (("Any",), "System", "Any")
    assert (rule.interfaces, rule.interface_types) == (("Management",), 5)
    assert rule.authentication is RuleAuthentication.NOT_REQUIRED


def test_the_cluster(evidence: Evidence) -> None:
    cluster = evidence.get(Cluster, CLUSTER)
    assert cluster is not None
    assert cluster.security_level is SecurityLevel.SIGN
    assert cluster.access_point is AccessPoint.ACTIVE_DIRECTORY_AND_DNS
    assert cluster.rdma_for_storage is None


def test_what_ran_was_meant_to(traced: Path, parsed: Any) -> None:
    lines = (json.loads(line) for line in (traced / "trace.jsonl").read_text().splitlines())
    ran = {line["name"] for line in lines if line["script"] == "export.ps1"}
    assert ran <= {command["name"] for command in parsed["commands"]}
    assert {"Get-VMHost", "Get-Cluster", "Get-NetFirewallRule"} <= ran


def test_a_bundle_keeps_all_of_it(evidence: Evidence, tmp_path: Path) -> None:
    write_bundle(evidence, tmp_path / "bundle", created=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC))
    stored = read_bundle(tmp_path / "bundle")
    assert {key: known.fact for key, known in stored.facts.items() if isinstance(known, Known)} == {
        key: known.fact for key, known in evidence.facts.items() if isinstance(known, Known)
    }


# --- a host on which little works ---


def test_failures_become_gaps_with_their_cause(tmp_path: Path) -> None:
    stubs = host_stubs.cim() + host_stubs.broken()
    run(tmp_path, "-Folder", str(tmp_path / "HV01"), "-All", stubs=stubs, modules={})
    evidence = collect_folder(tmp_path / "HV01")

    def gap(name: str, key: str = HV01) -> Gap:
        found = evidence.facts[name, key] if (name, key) in evidence.facts else evidence.listings[name, key]
        assert isinstance(found, Gap), found
        return found

    for name in ("vm_host", "migration_networks", "vms", "smb_server", "rdma", "windows_features"):
        assert gap(name).cause is Cause.UNSUPPORTED_RELEASE, name
        assert "is not recognized" in gap(name).detail
    assert gap("cluster", "").cause is Cause.UNSUPPORTED_RELEASE
    assert (gap("tpm").cause, gap("tpm").detail) == (Cause.ACCESS_DENIED, "Zugriff verweigert.")
    assert gap("firewall_rules").cause is Cause.TIMED_OUT
    state = evidence.get(SecureBoot, HV01)
    assert state is not None
    assert state.state is SecureBootState.UNSUPPORTED
    lsa = evidence.get(LsaProtection, HV01)
    assert lsa is not None
    assert lsa.started_protected is False


def test_without_all_it_exports_what_an_archive_lacks(tmp_path: Path) -> None:
    run(tmp_path, **whole_host())
    written = {path.name.partition(".")[0] for path in (tmp_path / "HV01").iterdir()}
    lacking = {fact.INFO.name for fact in FROM_FILES if not fact.INFO.in_sddc}
    assert written == lacking | {"operating_system", "computer_system"}
    evidence = collect_folder(tmp_path)
    for fact in FROM_FILES:
        if fact.INFO.name in written:
            assert isinstance(evidence.facts[fact.INFO.name, HV01], Known), fact.INFO.name
