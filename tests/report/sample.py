"""A made-up run to write reports of: controls that can say everything, clusters of any size, waivers.

The controls are the tests' own, so that a snapshot changes with the report and not with the catalogue.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import msgspec

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, Vm, VmHost
from hypervigil.evidence.platform import DeviceGuard, SecurityService, Tpm
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Destination, Maybe, Nodes, Source
from hypervigil.model.outcome import Cause
from hypervigil.model.profile import EVERYTHING, Profile, ProfileGroup, SeverityOverride
from hypervigil.model.reason import ReasonCode, Verdict, excludes, fails, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.waiver import Waiver
from hypervigil.synthetic import defaults

MADE = datetime.datetime(2026, 11, 24, 8, 30, tzinfo=datetime.UTC)
COLLECTED = datetime.datetime(2026, 11, 23, 22, 15, tzinfo=datetime.UTC)

PAGE = """{id}  {title}

## What it decides

Whether {title}, as far as the evidence tells.

## Why it matters

Whoever becomes SYSTEM on *one* node walks on to the next. See `{id}` and <b>no raw HTML</b>.

## How it is decided

- By what runs.

## How to look yourself

    Get-VMHost | Select-Object VirtualMachineMigrationAuthenticationType

| release | default |
|---|---|
| 2022 | off |
| 2025 | on |

## Remedy

Set `LsaCfgFlags` = 2, then:

1. drain the node,
2. reboot it.

## What it cannot see

The licence.

## References

- [The page on it](https://learn.microsoft.com/windows-server/) and `configure.md`
"""


class GuardWhy(ReasonCode):
    RUNS = passes("Credential Guard runs.")
    OFF = fails("Credential Guard does not run; configured: {configured}.")
    WORKGROUP = excludes("The node is in no domain.")
    VBS = remarks("VBS runs without it.")


class MigrationWhy(ReasonCode):
    WORKS = passes("{source} authenticates with Kerberos.")
    BREAKS = fails("{source} authenticates with CredSSP and runs Credential Guard: moving a VM to {target} fails.")


class SigningWhy(ReasonCode):
    REQUIRED = passes("The server requires signing.")
    LIMITED = reviews("Signing is not required: is every client of {host} known?", Confidence.INFERRED)


class TpmWhy(ReasonCode):
    READY = passes("A TPM 2.0 is ready.")
    NOT_READY = fails("The TPM is not ready.", Confidence.OBSERVED)


class SameWhy(ReasonCode):
    SAME = passes("All nodes say the same.")
    DIFFERENT = fails("{count} nodes differ from the others.")


class StateWhy(ReasonCode):
    GENERATION = passes("Generation {number}.")


def guard_applies(system: ComputerSystem) -> object:
    return None if system.part_of_domain else GuardWhy.WORKGROUP()


def guard(guard: DeviceGuard) -> Verdict:
    if guard.runs(SecurityService.CREDENTIAL_GUARD):
        return verdict(GuardWhy.RUNS())
    reasons = [GuardWhy.OFF(configured=", ".join(s.label for s in guard.services_configured))]
    return verdict(*reasons, *([GuardWhy.VBS()] if guard.vbs_running else []))


def migration(source: Source[VmHost], guard: Source[DeviceGuard], target: Destination[VmHost]) -> Verdict:
    names = {"source": str(source.fqdn), "target": str(target.fqdn)}
    credssp = source.migration_authentication is MigrationAuthentication.CREDSSP
    if credssp and guard.runs(SecurityService.CREDENTIAL_GUARD):
        return verdict(MigrationWhy.BREAKS(**names))
    return verdict(MigrationWhy.WORKS(source=names["source"]))


def signing(server: SmbServerConfiguration, system: Maybe[ComputerSystem]) -> Verdict:
    if server.require_signing:
        return verdict(SigningWhy.REQUIRED())
    return verdict(SigningWhy.LIMITED(host=system.value.name if system.value else "this host"))


def tpm_ready(tpm: Tpm) -> Verdict:
    return verdict(TpmWhy.READY() if tpm.ready else TpmWhy.NOT_READY())


def same(guards: Nodes[DeviceGuard]) -> Verdict:
    states = [guard.services_running for _, guard in guards]
    different = sum(state != states[0] for state in states)
    return verdict(SameWhy.DIFFERENT(count=different) if different else SameWhy.SAME())


def generation(vm: Vm) -> Verdict:
    return verdict(StateWhy.GENERATION(number=vm.generation))


def broken(host: VmHost) -> Verdict:
    if host.fqdn and host.fqdn.startswith("HV02"):
        raise LookupError("no such row")
    return verdict(SameWhy.SAME())


Judge = Callable[..., Verdict]


def control(
    number: str,
    title: str,
    graded: tuple[Family, Scope, Severity],
    judge: Judge,
    reasons: type[ReasonCode],
    *,
    applies: Callable[..., object] | None = None,
    page: str = PAGE,
) -> CompiledControl:
    """A control as the registry would give it, with a page that has every heading."""
    family, scope, severity = graded
    declared = Control(id=number, title=title, family=family, scope=scope, severity=severity, reasons=reasons)
    module = ModuleType(f"sample.{number}", page.format(id=number, title=title))
    module.__dict__.update({"CONTROL": declared, "assess": judge})
    if applies:
        module.__dict__["applies"] = applies
    return compile_control(module)


PLATFORM = (Family.PLATFORM, Scope.NODE, Severity.HIGH)

CONTROLS: tuple[CompiledControl, ...] = (
    control("PLT-902", "Credential Guard is running", PLATFORM, guard, GuardWhy, applies=guard_applies),
    control("PLT-908", "A TPM is ready", (Family.PLATFORM, Scope.NODE, Severity.MEDIUM), tpm_ready, TpmWhy),
    control(
        "LM-902",
        "No pair is left whose migration breaks",
        (Family.LIVE_MIGRATION, Scope.PAIR, Severity.CRITICAL),
        migration,
        MigrationWhy,
    ),
    control("SMB-902", "The SMB server requires signing", (Family.SMB, Scope.NODE, Severity.LOW), signing, SigningWhy),
    control("SHV-901", "Generation is known", (Family.SHIELDED, Scope.VM, Severity.INFO), generation, StateWhy),
    control("CLU-901", "All nodes are alike", (Family.CLUSTER, Scope.CLUSTER, Severity.MEDIUM), same, SameWhy),
    control("NET-901", "Nothing is broken", (Family.NETWORK, Scope.NODE, Severity.LOW), broken, SameWhy),
)


def replicated(count: int) -> tuple[CompiledControl, ...]:
    """``count`` controls of node scope spread over all families, made of three of the above; and LM-902."""
    patterns = [c for c in CONTROLS if c.control.id in {"PLT-902", "PLT-908", "SMB-902"}]
    families = list(Family)
    made = []
    for number in range(count):
        pattern = patterns[number % len(patterns)]
        family = families[number * len(families) // count]
        renamed = msgspec.structs.replace(
            pattern.control,
            id=f"{family.prefix}-{number + 1:03d}",
            title=f"{pattern.control.title}, the {number + 1}th time",
            family=family,
            severity=list(Severity)[number % 4],
        )
        made.append(msgspec.structs.replace(pattern, control=renamed))
    return (*made, next(c for c in CONTROLS if c.control.id == "LM-902"))


def cluster_evidence(nodes: int = 4, label: str = "CL01", **changes: Any) -> Evidence:
    """A cluster with flaws: every fourth node has no Credential Guard, every third CredSSP, some facts are gaps."""
    cluster = Subject(Scope.CLUSTER, "11111111-2222-4333-8444-555555555555", label, aliases=(label.lower(),))
    names = [f"HV{number:02d}" for number in range(1, nodes + 1)]
    subjects = tuple(
        Subject(Scope.NODE, f"{name.lower()}.contoso.com", name, cluster.key, aliases=(name.lower(),)) for name in names
    )
    facts: dict[tuple[str, str], Known | Gap] = {}
    listings: dict[tuple[str, str], Listing | Gap] = {}
    of_cluster: tuple[Fact, ...] = (defaults.cluster(name=label), defaults.cluster_nodes(*names))
    facts.update({(fact.INFO.name, cluster.key): known(fact, names[0]) for fact in of_cluster})
    for number, subject in enumerate(subjects, start=1):
        facts.update({(fact.INFO.name, subject.key): known(fact, subject.name) for fact in _facts_of(number, subject)})
        machines = [defaults.vm(number * 100 + offset) for offset in (1, 2)]
        held = Listing(tuple(vm.id for vm in machines), document=f"facts/{subject.name}/vms.json")
        listings[Vm.INFO.name, subject.key] = held
        facts.update({(Vm.INFO.name, vm.id): known(vm, subject.name) for vm in machines})
    refused = "Get-Tpm: Access is denied. (0x80070005)"
    facts[Tpm.INFO.name, subjects[-1].key] = Gap(Tpm.INFO.name, Cause.ACCESS_DENIED, refused)
    evidence = Evidence(
        label=label,
        cluster=cluster,
        nodes=subjects,
        facts=facts,
        listings=listings,
        collected=COLLECTED,
        source="synthetic",
        skipped=(Skipped("logs/cluster.log", 734003200, "larger than the limit of 512 MiB"),),
        synthetic=True,
    )
    return msgspec.structs.replace(evidence, **changes)


def _facts_of(number: int, subject: Subject) -> Iterator[Fact]:
    guarded = number % 4 != 0
    services = (SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY)
    credssp = number % 3 == 0
    yield defaults.operating_system(name=subject.name)
    yield defaults.computer_system(name=subject.name, dns_host_name=subject.name)
    yield defaults.device_guard(*services[0 if guarded else 1 :])
    yield defaults.vm_host(
        fqdn=f"{subject.name}.contoso.com",
        migration_authentication=MigrationAuthentication.CREDSSP if credssp else MigrationAuthentication.KERBEROS,
    )
    yield defaults.tpm(ready=number != 2)
    yield defaults.smb_server(require_signing=number % 2 == 0)


def known(fact: Fact, host: str) -> Known:
    """The fact as if it had been read on ``host`` from a file there."""
    provenance = Provenance(
        source="synthetic",
        host=host,
        command=next((read.command for read in fact.INFO.reads if read.command), ""),
        file=f"{host}/{fact.INFO.name}.clixml",
        digest=hashlib.sha256(f"{host}{fact.INFO.name}".encode("utf-8", "replace")).hexdigest(),
        collected=COLLECTED,
    )
    return Known(fact, provenance, f"facts/{host}/{fact.INFO.name}.json")


WAIVERS = (
    Waiver(
        control="PLT-908",
        subject="HV02",
        reason="The firmware is replaced in spring.",
        owner="A. Example",
        expires=datetime.date(2027, 3, 31),
        ticket="CHG-1042",
        compensating_control="The rack is locked.",
        place="waivers.toml, entry 1",
    ),
    Waiver(
        control="SMB-902",
        subject="hv0*",
        reason="Clients are being listed.",
        owner="B. Example",
        expires=datetime.date(2026, 10, 31),
    ),
    Waiver(
        control="LM-902",
        subject="HV09*",
        reason="No longer there.",
        owner="A. Example",
        expires=datetime.date(2027, 1, 1),
    ),
)


TAILORED = Profile(
    name="ours",
    title="What we look at",
    severity={"PLT-902": SeverityOverride(severity=Severity.LOW, reason="The nodes are replaced in May.")},
    parameters={"SMB-902": {"clients": 3}},
    groups=(ProfileGroup(name="mistakes", title="What goes wrong", controls=("LM-902",)),),
)


def run(
    *evidence: Evidence,
    controls: Sequence[CompiledControl] = CONTROLS,
    waivers: Sequence[Waiver] = WAIVERS,
    profile: Profile = EVERYTHING,
) -> tuple[Assessment, ...]:
    """The assessments of the evidence given, or of a cluster with four nodes."""
    given = evidence or (cluster_evidence(),)
    return tuple(assess(body, controls, profile=profile, waivers=waivers, today=MADE.date()) for body in given)
