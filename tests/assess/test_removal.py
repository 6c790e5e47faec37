"""Taking any fact away turns no verdict around, for every control of the registry and every cluster here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.assess.compile import CompiledControl, compile_control
from hypervigil.assess.context_file import parse_context
from hypervigil.controls.registry import MODULES
from hypervigil.evidence.cluster import ClusterNode, ClusterNodes, NodeState, SecurityLevel
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.evidence.hyper_v import MigrationAuthentication, MigrationPerformance
from hypervigil.evidence.platform import SecureBootState, SecurityService, Tpm
from hypervigil.evidence.registry import DENIED, dword
from hypervigil.evidence.release import Release
from hypervigil.model.context import Context
from hypervigil.model.finding import Finding
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import Reason, Verdict, verdict
from hypervigil.model.subject import Scope
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.declared import declared
from hypervigil.synthetic.demo import DEMO, demo_contexts
from hypervigil.synthetic.members import Guests
from tests.assess.declared import DECLARED
from tests.assess.planted import Why, evidence, node_says, nodes_say, plant, says
from tests.assess.removal import CAUSES, removable, violations
from tests.assess.test_engine import pair_says, source_says
from tests.controls.case import Case
from tests.controls.test_cases import tables

CG, HVCI = SecurityService.CREDENTIAL_GUARD, SecurityService.MEMORY_INTEGRITY


def node(name: str, release: Release, *changed: Fact, domain: bool = True) -> tuple[Fact, ...]:
    """Every fact that a node can have, with the defaults of its release but for what was changed."""
    whole = (
        defaults.operating_system(release, name=name),
        defaults.computer_system(domain=domain, name=name, dns_host_name=name),
        defaults.device_guard(CG, HVCI),
        defaults.device_guard_policy(),
        defaults.secure_boot(),
        defaults.tpm(),
        defaults.lsa_protection(run_as_ppl=dword(2), started_protected=True),
        defaults.windows_features(),
        defaults.vm_host(),
        defaults.migration_networks(),
        defaults.smb_server(release, require_signing=True),
        defaults.smb_client(release, require_signing=True),
        defaults.rdma("RDMA1"),
        defaults.mailslots(),
        defaults.firewall_rules(),
    )
    replaced = {type(fact): fact for fact in changed}
    return (*(replaced.pop(type(fact), fact) for fact in whole), *replaced.values())


def good_2025() -> Evidence:
    nodes = {name: node(name, Release.WS2025) for name in ("HV01", "HV02", "HV03")}
    return evidence(nodes, defaults.cluster())


def workgroup_2025() -> Evidence:
    nodes = {name: node(name, Release.WS2025, domain=False) for name in ("HV01", "HV02")}
    return evidence(nodes, defaults.cluster(domain=None))


def flawed_and_mixed() -> Evidence:
    """A rolling upgrade from 2022 that stopped half way, every node wrong in its own way, one of them never visited."""
    nodes = {
        "HV01": node(
            "HV01",
            Release.WS2022,
            defaults.device_guard(),
            defaults.device_guard_policy(lsa_cfg_flags_policy=dword(0), lsa_cfg_flags_local=dword(0)),
            defaults.secure_boot(SecureBootState.OFF),
            defaults.tpm(present=False, ready=None),
            defaults.lsa_protection(),
            defaults.windows_features("FS-SMB1"),
            defaults.vm_host(
                migration_authentication=MigrationAuthentication.CREDSSP,
                migration_performance=MigrationPerformance.SMB,
                any_network_for_migration=True,
            ),
            defaults.smb_server(Release.WS2022, smb1_enabled=True, encrypt_data=True),
            defaults.smb_client(Release.WS2022, insecure_guest_logons=True),
            defaults.vm(1),
        ),
        "HV02": node(
            "HV02",
            Release.WS2025,
            defaults.operating_system(Release.WS2025, name="HV02", ubr=1),
            defaults.device_guard(CG, available_properties=()),
            defaults.device_guard_policy(lsa_cfg_flags_policy=DENIED, mandatory=dword(1)),
            defaults.vm_host(migration_authentication=MigrationAuthentication.CREDSSP),
            defaults.smb_server(Release.WS2025, rate_limiter=False, smb1_enabled=None),
            defaults.smb_client(Release.WS2025, require_signing=False),
            defaults.vm(2),
            defaults.vm(3),
        ),
        "HV03": node("HV03", Release.WS2025, defaults.vm_host(migration_enabled=False), defaults.rdma()),
    }
    cluster = defaults.cluster(Release.WS2022, security_level=SecurityLevel.CLEAR)
    return evidence(nodes, cluster, defaults.cluster_nodes(*nodes, "HV04"))


CLUSTERS: tuple[Any, ...] = (
    good_2025,
    workgroup_2025,
    flawed_and_mixed,
    *(pytest.param(functools.partial(build, blueprint), id=blueprint.name) for blueprint in DEMO),
)
"""Makers of the clusters that the property is asked of: those made here, and those of the demonstration."""


@functools.cache
def controls() -> tuple[CompiledControl, ...]:
    return tuple(compile_control(module) for module in MODULES)


@pytest.mark.parametrize("make", CLUSTERS)
def test_taking_a_fact_away_turns_no_verdict_around(make: Callable[[], Evidence]) -> None:
    assert violations(make(), controls(), context=DECLARED) == []


def as_declared() -> Iterator[Any]:
    """Made-up clusters with the context that fits them: those of the demonstration, and one of every kind of guests."""
    for blueprint, text in demo_contexts().items():
        yield pytest.param(blueprint, text, id=blueprint.name)
    for guests in Guests:
        sound = Blueprint(name=f"CL-{guests.name}", nodes=3, vms=6, converged=True, guests=guests)
        yield pytest.param(sound, declared(sound), id=sound.name)
    edge = Blueprint(name="CL-EDGE", join="workgroup", nodes=2, vms=2)
    yield pytest.param(edge, declared(edge), id=edge.name)


@pytest.mark.parametrize(("blueprint", "text"), list(as_declared()))
def test_nor_does_it_where_the_declaration_fits(blueprint: Blueprint, text: str) -> None:
    context = parse_context(text.encode(), "context.toml")
    assert violations(build(blueprint), controls(), causes=CAUSES[:1], context=context) == []


@pytest.mark.parametrize("blueprint", DEMO, ids=lambda blueprint: blueprint.name)
def test_nor_where_nothing_is_declared(blueprint: Blueprint) -> None:
    assert violations(build(blueprint), controls(), causes=CAUSES[:1]) == []


@pytest.mark.parametrize(
    ("module", "cases"), [pytest.param(module, cases, id=module.CONTROL.id) for module, cases in tables()]
)
def test_no_case_of_a_table_is_turned_around(module: ModuleType, cases: tuple[Case, ...]) -> None:
    control = compile_control(module)
    turned = ((case, violations(case.evidence, [control], context=case.context)) for case in cases)
    assert [f"{case.name}: {line}" for case, lines in turned for line in lines] == []


@functools.cache
def facts_of_the_tables() -> dict[type[Fact], list[Fact]]:
    """Every fact that some case of some table gives, by type: what the authors of controls found worth a case."""
    pool: dict[type[Fact], list[Fact]] = {}
    for _, cases in tables():
        for case in cases:
            for fact in (*case.cluster, *case.node, *(fact for own in case.nodes.values() for fact in own)):
                if fact not in pool.setdefault(type(fact), []):
                    pool[type(fact)].append(fact)
    return pool


@functools.cache
def contexts_of_the_tables() -> list[Context | None]:
    """No context, one that declares a bit of everything, and every one that some case gives."""
    given = [case.context for _, cases in tables() for case in cases if case.context is not None]
    return [None, DECLARED, *given]


@st.composite
def clusters(draw: st.DrawFn) -> Evidence:
    """Two nodes and their cluster, of facts of the tables in any combination; any of them may be missing."""
    pool = facts_of_the_tables()
    about = {scope: sorted((t for t in pool if t.INFO.subject is scope), key=lambda t: t.INFO.name) for scope in Scope}
    nodes = {
        name: (*_drawn(draw, pool, about[Scope.NODE]), *_same_vm(_drawn(draw, pool, about[Scope.VM]), number))
        for number, name in enumerate(("HV01", "HV02"), start=1)
    }
    return evidence(nodes, *_drawn(draw, pool, [kind for kind in about[Scope.CLUSTER] if kind is not ClusterNodes]))


def _drawn(draw: st.DrawFn, pool: dict[type[Fact], list[Fact]], kinds: list[type[Fact]]) -> Iterator[Fact]:
    for kind in kinds:
        fact = draw(st.sampled_from([*pool[kind], None]))
        if fact is not None:
            yield fact


def _same_vm(facts: Iterable[Fact], number: int) -> Iterator[Fact]:
    """The facts of VMs of several tables, as if all were about one."""
    for fact in facts:
        yield msgspec.structs.replace(fact, id=defaults.vm(number).id)


@pytest.mark.slow
@given(clusters(), st.deferred(lambda: st.sampled_from(contexts_of_the_tables())))
def test_no_mixture_of_known_facts_is_turned_around(bundle: Evidence, context: Context | None) -> None:
    assert violations(bundle, controls(), causes=CAUSES[:1], context=context) == []


@pytest.mark.parametrize("make", CLUSTERS)
def test_every_kind_of_fact_is_taken_away(make: Callable[[], Evidence]) -> None:
    taken = {name for name, _ in removable(make())}
    assert {"operating_system", "computer_system", "vm_host", "smb_server", "cluster", "cluster_nodes"} <= taken


# What the property must catch


def by_tpm(system: OperatingSystem, tpm: Maybe[Tpm]) -> Verdict:
    """Turns around with an optional fact: the classic mistake."""
    return verdict(Why.GOOD() if tpm.value else Why[system.caption]())


def odd_without_tpm(tpm: Maybe[Tpm]) -> Verdict:
    return verdict(Why.GOOD() if tpm.value else Why.ODD())


def worse_with_fewer(systems: Nodes[OperatingSystem]) -> Verdict:
    """Turns around with a node: fails as soon as it sees less than all."""
    return verdict(Why.BAD() if systems.missing else Why.GOOD())


def breaks_without_tpm(tpm: Maybe[Tpm]) -> Verdict:
    assert tpm.value is not None
    return verdict(Why.GOOD())


def good_where_nobody_declares(system: OperatingSystem, context: Maybe[Context]) -> Verdict:
    """Turns around with the context: passes as long as nobody says anything."""
    return verdict(Why[system.caption]() if context.value else Why.GOOD())


def excluded_by_the_others(systems: Nodes[ComputerSystem]) -> Reason | None:
    """Excludes because of what it sees of one node, and no longer when that one is gone."""
    return Why.OUT() if any(not system.part_of_domain for _, system in systems) else None


ONE = {"HV01": (says("BAD"), defaults.tpm())}
MIXED = {
    "HV01": (says("BAD"), defaults.computer_system()),
    "HV02": (says("BAD"), defaults.computer_system(domain=False)),
}


@pytest.mark.parametrize(
    ("control", "bundle", "complaint"),
    [
        (
            plant(by_tpm),
            evidence(ONE),
            "without tpm of hv01.contoso.com (access_denied): PLT-901 on HV01: PASS became FAIL",
        ),
        (
            plant(breaks_without_tpm),
            evidence(ONE),
            "without tpm of hv01.contoso.com (not_collected): PLT-901 broke: ",
        ),
        (plant(breaks_without_tpm), evidence({"HV01": ()}), "with everything: PLT-901 broke: "),
        (plant(worse_with_fewer, scope=Scope.CLUSTER), evidence({**ONE, "HV02": (says("BAD"),)}), "PASS became FAIL"),
        (
            plant(nodes_say, excluded_by_the_others, scope=Scope.CLUSTER),
            evidence(MIXED),
            "without computer_system of hv02.contoso.com (access_denied): PLT-901 on CL01: NOT_APPLICABLE became FAIL",
        ),
    ],
)
def test_a_control_that_turns_around_is_caught(control: CompiledControl, bundle: Evidence, complaint: str) -> None:
    assert any(complaint in line for line in violations(bundle, [control]))


@pytest.mark.parametrize(
    "control",
    [
        plant(node_says),
        plant(odd_without_tpm),
        plant(nodes_say, scope=Scope.CLUSTER),
        plant(source_says, scope=Scope.PAIR),
        plant(pair_says, scope=Scope.PAIR),
        plant(node_says, scope=Scope.VM),
    ],
)
@pytest.mark.parametrize("caption", ["GOOD", "BAD", "ODD", "OUT", "DARK"])
def test_a_sound_control_is_left_alone(control: CompiledControl, caption: str) -> None:
    nodes = {
        "HV01": (says(caption), defaults.tpm(), defaults.vm(1)),
        "HV02": (says("GOOD"), defaults.tpm()),
    }
    listed = ClusterNodes(nodes=tuple(ClusterNode(name=name, state=NodeState.UP) for name in ("HV01", "HV02", "HV03")))
    for bundle in (evidence(nodes, defaults.cluster()), evidence(nodes, defaults.cluster(), listed)):
        assert violations(bundle, [control]) == []


def test_a_finding_that_vanishes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """No control can do this, only the engine: so the engine is made to forget a subject."""
    from hypervigil.assess.engine import Judged, judge
    from tests.assess import removal

    def forgetful(bundle: Evidence, asked: tuple[CompiledControl, ...], context: Context | None) -> Judged:
        judged = judge(bundle, asked, context=context)
        return Judged(tuple(f for f in judged.findings if f.outcome is not Outcome.UNKNOWN), judged.diagnostics, bundle)

    monkeypatch.setattr(removal, "judge", forgetful)
    assert any("PLT-901 on HV01: FAIL vanished" in line for line in violations(evidence(ONE), [plant()]))


def test_a_finding_that_appears_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from hypervigil.assess.engine import Judged, judge
    from tests.assess import removal

    invented: list[Finding] = list(judge(evidence({"HV09": (says("BAD"),)}), [plant()]).findings)

    def inventive(bundle: Evidence, asked: tuple[CompiledControl, ...], context: Context | None) -> Judged:
        judged = judge(bundle, asked, context=context)
        more = invented if any(f.outcome is Outcome.UNKNOWN for f in judged.findings) else []
        return Judged((*judged.findings, *more), judged.diagnostics, bundle)

    monkeypatch.setattr(removal, "judge", inventive)
    assert any("PLT-901 on HV09: FAIL appeared" in line for line in violations(evidence(ONE), [plant()]))


def test_a_control_that_the_context_turns_around_is_caught() -> None:
    found = violations(evidence(ONE), [plant(good_where_nobody_declares)], context=DECLARED)
    assert found == ["without the context: PLT-901 on HV01: FAIL became PASS"]
