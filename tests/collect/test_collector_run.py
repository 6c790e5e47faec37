"""Whole runs of the collector: what it writes, what it says, one host and several."""

from __future__ import annotations

import datetime
import functools
import json
import re
from pathlib import Path

import pytest

from hypervigil.assess.assessment import assess
from hypervigil.assess.registry import compiled_controls
from hypervigil.collect.reads import table
from hypervigil.model.outcome import Cause
from hypervigil.store import read_bundle
from hypervigil.store.verify import verify_bundle
from tests.collect.collector import STUBS, Run, run_collector
from tests.collect.script_reads import PLUMBING, functions, parsed

pytestmark = pytest.mark.slow

QUICK = ("-Only", "operating_system,computer_system,smb_server,vms,cluster,device_guard_policy")


@functools.cache
def traced() -> Run:
    return run_collector("-IncludeHgsClient", trace=True)


def test_a_run_gives_one_zip_and_a_transcript_beside_it() -> None:
    run = traced()
    assert run.status == 0, run.messages
    assert sorted(each.suffix for each in run.folder.iterdir()) == [".txt", ".zip"]
    verified = verify_bundle(run.bundle)
    assert verified.whole
    assert verified.documents == len(run.manifest().documents)
    assert run.manifest().source == "collector"
    assert run.manifest().label == "cluster1"


def test_its_bundle_is_judged() -> None:
    evidence = read_bundle(traced().bundle)
    assessment = assess(evidence, compiled_controls(), today=datetime.date(2026, 1, 1))
    assert assessment.findings
    assert not any(
        missing.cause is Cause.CONTROL_ERROR for finding in assessment.findings for missing in finding.missing
    )


def test_it_names_the_host_by_its_domain() -> None:
    (node,) = traced().manifest().nodes
    assert (node.key, node.name, node.aliases) == ("hv01.contoso.com", "HV01", ("hv01",))
    assert node.cluster == "af5881ef-0ff7-4b5c-bfed-098decbbf762"


def test_a_workgroup_host_is_named_by_itself() -> None:
    workgroup = """
[pscustomobject] @{
    Name = 'HV01'; DNSHostName = 'hv01'; Domain = 'WORKGROUP'; PartOfDomain = $false; DomainRole = 2
}
"""
    run = run_collector(*QUICK, instead={"Cim-Win32_ComputerSystem": workgroup})
    assert [node.key for node in run.manifest().nodes] == ["hv01"]


def test_a_host_that_can_not_say_its_name_is_called_as_windows_calls_it() -> None:
    run = run_collector(*QUICK, faults={"Cim-Win32_ComputerSystem": "denied"})
    (node,) = run.manifest().nodes
    assert (node.key, node.aliases) == ("hv01", ())
    assert "identity could not be read" in run.transcript


def test_only_known_commands_were_started() -> None:
    own = set(functions())
    stand_ins = "\n".join(file.read_text("utf-8") for file in STUBS.rglob("*.ps1"))
    allowed = own | PLUMBING | {row.command for row in table()} | set(re.findall(r"[A-Za-z]+-\w+|\w+\.exe", stand_ins))
    allowed |= _of_the_core() | {"Collect-Hypervigil.ps1", "Import-Module", "Export-ModuleMember", "prompt"}
    started = {line["name"] for line in traced().trace if line["type"] not in (None, "ExternalScript")}
    assert started - allowed == set()


def _of_the_core() -> set[str]:
    core = {name for name in functions() if not name.startswith("Read-Hv")}
    return {each["name"] for each in parsed()["commands"] if each["name"] and each["function"] in core | {None}}


def test_the_transcript_says_what_was_read() -> None:
    text = traced().transcript
    assert "Host hv01.contoso.com, elevated: yes" in text
    assert r"SmbShare\Get-SmbServerConfiguration" in text
    assert r"HKLM:\SYSTEM\CurrentControlSet\Control\Lsa" in text
    assert str(traced().bundle) in text


def test_what_if_lists_the_reads_and_reads_nothing() -> None:
    run = run_collector("-WhatIf", "-Only", "smb_server,operating_system", trace=True)
    assert run.status == 0, run.messages
    assert list(run.folder.iterdir()) == []
    for expected in ("Get-SmbServerConfiguration", "root\\cimv2:Win32_OperatingSystem", "UBR", "whoami.exe"):
        assert expected in run.output
    assert "Get-VM" not in run.output
    started = {line["name"] for line in run.trace}
    assert not started & {row.command for row in table()} - {"New-Object"}


def test_only_and_skip_choose_facts() -> None:
    run = run_collector("-Only", "vms,smb_server,cluster", "-Skip", "cluster")
    assert sorted(run.by_fact()) == ["smb_server", "vms"]
    assert set(run.manifest().requested) == {"smb_server", "vms"}
    assert run.manifest().cluster is None
    assert run.manifest().label == "HV01"


def test_an_unknown_fact_is_refused_before_anything_is_read() -> None:
    run = run_collector("-Only", "smb_sever", trace=True)
    assert run.status == 1
    assert "There is no fact smb_sever" in run.messages
    assert "smb_server" in run.messages
    assert list(run.folder.iterdir()) == []


def test_a_jump_host_is_not_asked_for_hyper_v() -> None:
    run = run_collector("-Role", "JumpHost")
    assert run.status == 0
    assert not {"vms", "vm_host", "cluster", "cluster_nodes"} & run.by_fact().keys()
    assert {"operating_system", "smb_client"} <= run.by_fact().keys()


def test_nothing_attests_unless_asked() -> None:
    run = run_collector("-Only", "hgs_client", trace=True)
    document = run.by_fact()["hgs_client"]
    assert (document.cause, document.detail) == ("not_collected", "it is read only with -IncludeHgsClient")
    assert "Get-HgsClientConfiguration" not in {line["name"] for line in run.trace}
    assert "Get-HgsClientConfiguration" in {line["name"] for line in traced().trace}


def test_a_folder_without_space_is_refused_before_anything_is_read() -> None:
    run = run_collector("-MinimumFreeMB", "1000000", trace=True)
    assert run.status == 1
    assert "MB free, 1000000 are needed" in run.messages
    assert "Get-SmbServerConfiguration" not in {line["name"] for line in run.trace}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    run = run_collector("-OutputFolder", str(tmp_path / "none"))
    assert run.status == 1


def test_a_session_that_is_not_elevated_says_what_it_loses() -> None:
    run = run_collector(
        "-Only", "vms,smb_server,operating_system",
        environment={"STANDIN_INTEGRITY": "8192"},
        faults={"Get-SmbServerConfiguration": "denied", "Get-VM": "nothing"},
    )  # fmt: skip
    assert "was not elevated. These facts need elevation and are missing: vms, smb_server." in run.messages
    facts = run.by_fact()
    assert facts["vms"].cause == "access_denied"
    assert facts["operating_system"].status == "known"
    assert "elevated: no" in run.transcript


def test_no_vm_on_an_elevated_session_is_no_vm() -> None:
    run = run_collector("-Only", "vms", faults={"Get-VM": "nothing"})
    assert (run.by_fact()["vms"].status, run.by_fact()["vms"].data) == ("known", [])


def test_hostile_names_arrive_as_they_are() -> None:
    run = run_collector("-Only", "vms,cluster", faults={"Get-VM": "hostile", "Get-Cluster": "hostile"})
    evidence = read_bundle(run.bundle)
    run2 = run_collector("-Only", "vms", instead={"Get-VM": _NAMED_VM})
    (name,) = [each["name"] for each in run2.by_fact()["vms"].data]
    assert name == "\u00fc\u4f60\U0001f525 '\"`$(x) \\ \x00 \\ud800"
    assert evidence.label
    assert all(ord(c) >= 32 for c in run.manifest().label if c not in "\r\n\x00\x1b")


_NAMED_VM = """
$name = '' + [char] 0xfc + [char] 0x4f60 + [char]::ConvertFromUtf32(0x1f525)
$name += " '""``" + '$(x) \\ ' + [char] 0 + ' ' + [char] 0xd800
[pscustomobject] @{
    Id = [guid]::NewGuid(); Name = $name; Generation = 2; Version = '9.0'; State = 2; IsClustered = $true
}
"""


def test_a_module_that_is_not_installed_is_not_an_old_release() -> None:
    run = run_collector("-Only", "vms,smb_server", faults={"Hyper-V": "missing_module"})
    facts = run.by_fact()
    assert facts["vms"].cause == "not_collected"
    assert "Hyper-V is not installed" in facts["vms"].detail
    assert facts["smb_server"].status == "known"


def test_the_host_has_a_deadline_of_its_own() -> None:
    faults = dict.fromkeys(["Get-SmbServerConfiguration", "Get-VM", "Get-Cluster"], "hang")
    run = run_collector(*QUICK, "-RunTimeoutSeconds", "4", "-TasksAtOnce", "1", faults=faults)
    assert run.status == 0
    ends = {fact: each.cause for fact, each in run.by_fact().items()}
    assert "timed_out" in ends.values()
    assert any("before it began" in each.detail for each in run.by_fact().values())


def test_five_hundred_vms_are_one_pass_and_a_small_bundle() -> None:
    many = """
foreach ($n in 1..500) {
    [pscustomobject] @{
        Id = [guid]::NewGuid(); Name = "guest$n"; Generation = 2; Version = '9.0'; State = 2; IsClustered = $true
    }
}
"""
    run = run_collector("-Only", "vms", instead={"Get-VM": many}, trace=True)
    assert len(run.by_fact()["vms"].data) == 500
    assert run.bundle.stat().st_size < 200_000
    assert [line["name"] for line in run.trace].count("Get-VM") == 1


REMOTING = """
# Stands in for remoting: the script runs here, as the host that is asked.
function Invoke-Command {
    param([string] $ComputerName, [scriptblock] $ScriptBlock, [object[]] $ArgumentList, $Credential)
    if ($ComputerName -eq 'HV09') {
        $exception = New-Object System.Management.Automation.Remoting.PSRemotingTransportException('(no way)')
        $id = 'CannotConnect,PSSessionStateBroken'
        throw (New-Object System.Management.Automation.ErrorRecord($exception, $id, 'OpenError', 'HV09'))
    }
    if ($ComputerName -eq 'HV08') { [System.Threading.Thread]::Sleep(600000) }
    $env:STANDIN_NODE = $ComputerName
    & $ScriptBlock @ArgumentList
}
"""
FAN_OUT = (*QUICK, "-ThrottleLimit", "1")


def test_several_hosts_make_one_bundle() -> None:
    run = run_collector(*FAN_OUT, "-Nodes", "HV02,HV03", stubs=[REMOTING])
    assert run.status == 0, run.messages
    assert [node.key for node in run.manifest().nodes] == ["hv02.contoso.com", "hv03.contoso.com"]
    evidence = read_bundle(run.bundle)
    assert len([key for name, key in evidence.facts if name == "vms"]) == 4
    assert len([path for path in run.documents() if path.startswith("cluster/")]) == 1
    assert "Hosts       : 2" in run.output


def test_this_host_needs_no_remoting() -> None:
    run = run_collector(*FAN_OUT, "-Nodes", "hv01.contoso.com", trace=True)
    assert [node.key for node in run.manifest().nodes] == ["hv01.contoso.com"]
    assert "Invoke-Command" not in {line["name"] for line in run.trace}


def test_a_host_that_can_not_be_reached_loses_no_other() -> None:
    run = run_collector(*FAN_OUT, "-Nodes", "HV02,HV09", stubs=[REMOTING])
    facts = run.documents()
    lost = facts["nodes/hv09.contoso.com/smb_server.json"]
    assert (lost.status, lost.cause) == ("gap", "not_collected")
    assert "the session to HV09 failed" in lost.detail
    assert facts["nodes/hv02.contoso.com/smb_server.json"].status == "known"
    assert read_bundle(run.bundle).nodes[1].aliases == ("hv09",)


def test_a_host_that_hangs_loses_no_other() -> None:
    arguments = (*QUICK, "-ThrottleLimit", "2", "-RunTimeoutSeconds", "15")
    run = run_collector(*arguments, "-Nodes", "HV08,HV02", stubs=[REMOTING], timeout=180)
    assert run.status == 0, run.messages
    facts = run.documents()
    lost = facts["nodes/hv08.contoso.com/smb_server.json"]
    assert (lost.cause, lost.detail) == ("timed_out", "HV08 did not answer in 45 s")
    assert facts["nodes/hv02.contoso.com/smb_server.json"].status == "known"


def test_a_host_of_another_cluster_is_left_out() -> None:
    other = """
$id = $(if ($env:STANDIN_NODE -eq 'HV03') { 'b' } else { 'a' }) * 8 + '-0000-4000-8000-000000000000'
[pscustomobject] @{ Name = "cluster-$($id[0])"; Id = $id; Domain = 'contoso.com' }
"""
    run = run_collector(*FAN_OUT, "-Nodes", "HV02,HV03", stubs=[REMOTING], instead={"Get-Cluster": other})
    assert [node.key for node in run.manifest().nodes] == ["hv02.contoso.com"]
    assert "HV03 is left out: it belongs to another cluster, cluster-b." in run.messages
    assert [(each.path, each.why) for each in run.manifest().skipped] == [
        ("nodes/hv03.contoso.com", "it belongs to another cluster, cluster-b")
    ]


def test_a_host_named_twice_is_read_once() -> None:
    run = run_collector(*FAN_OUT, "-Nodes", "HV02,hv02", stubs=[REMOTING])
    assert len(run.manifest().nodes) == 1
    assert "the same host" in run.messages


def test_the_cluster_is_told_by_the_first_host_that_knows() -> None:
    lame = """
if ($env:STANDIN_NODE -eq 'HV02') { throw 'not here' }
[pscustomobject] @{ Name = 'cluster-a'; Id = $null; Domain = 'contoso.com' }
"""
    run = run_collector(*FAN_OUT, "-Nodes", "HV02,HV03", stubs=[REMOTING], instead={"Get-Cluster": lame})
    assert run.documents()["cluster/cluster.json"].status == "known"
    cluster = run.manifest().cluster
    assert cluster is not None
    assert (cluster.key, cluster.name) == ("cluster-a", "cluster-a")
    assert {node.cluster for node in run.manifest().nodes} == {"cluster-a"}


def test_the_manifest_is_what_python_writes() -> None:
    manifest = traced().manifest()
    assert json.dumps(manifest.requested)
    assert [entry.path for entry in manifest.documents] == list(
        dict.fromkeys(entry.path for entry in manifest.documents)
    )
