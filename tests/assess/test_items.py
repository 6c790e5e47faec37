"""What nodes and the wire list, as a control gets it; and a control that asks what it judges."""

from __future__ import annotations

from collections.abc import Callable

from hypervigil.assess.engine import judge
from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.platform import Tpm
from hypervigil.evidence.wire import WireReach
from hypervigil.model.finding import Finding
from hypervigil.model.injection import Items, Maybe, Nodes
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.reason import Verdict, verdict
from hypervigil.model.subject import Scope, Subject
from hypervigil.synthetic import defaults
from hypervigil.synthetic.remote_defaults import wire_reach
from tests.assess.planted import Why, evidence, plant

TWO = {"HV01": (defaults.vm(1),), "HV02": (defaults.vm(2), defaults.vm(3))}


def every_vm_is_good(vms: Items[Vm]) -> Verdict:
    return verdict(*(Why.GOOD() if vm.generation == 2 else Why.BAD() for _, vm in vms))


def knows_each(vms: Items[Vm]) -> Verdict:
    seen = {(subject.scope, subject.key, subject.name, subject.nodes) for subject, _ in vms}
    wanted = {
        (Scope.VM, defaults.vm(number).id, f"VM000{number}", (f"{node}.contoso.com",))
        for number, node in ((1, "hv01"), (2, "hv02"), (3, "hv02"))
    }
    return verdict(Why.GOOD() if seen == wanted and len(vms) == len(wanted) else Why.BAD())


def nobody_knocked(reached: Maybe[Items[WireReach]]) -> Verdict:
    assert reached.value is not None
    return verdict(Why.DARK() if reached.value.missing else Why.BAD() if reached.value.known else Why.GOOD())


def of_cluster(assess: Callable[..., Verdict], bundle: Evidence) -> Finding:
    control = plant(assess, scope=Scope.CLUSTER)
    judged = judge(bundle, [control])
    assert not judged.diagnostics, judged.diagnostics[0].trace
    (finding,) = judged.findings
    return finding


def test_each_item_comes_with_its_name_and_its_node() -> None:
    finding = of_cluster(knows_each, evidence(TWO))
    assert finding.outcome is Outcome.PASS
    assert [ref.subject for ref in finding.evidence] == [defaults.vm(number).id for number in (1, 2, 3)]


def test_a_list_that_is_missing_weakens_a_pass_and_leaves_a_failure() -> None:
    partly = evidence(TWO).without("vms", "hv02.contoso.com", Cause.ACCESS_DENIED)
    finding = of_cluster(every_vm_is_good, partly)
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.ACCESS_DENIED)
    bad = evidence({**TWO, "HV01": (defaults.vm(1, generation=1),)})
    assert of_cluster(every_vm_is_good, bad.without("vms", "hv02.contoso.com")).outcome is Outcome.FAIL


def test_an_item_whose_fact_is_missing_is_named() -> None:
    finding = of_cluster(every_vm_is_good, evidence(TWO).without("vms", defaults.vm(3).id))
    assert (finding.outcome, finding.missing[0].detail) == (Outcome.UNKNOWN, f"{defaults.vm(3).id}: removed")


def test_a_node_that_was_never_asked_is_missing() -> None:
    finding = of_cluster(every_vm_is_good, evidence({**TWO, "HV03": ()}))
    assert (finding.outcome, finding.cause) == (Outcome.UNKNOWN, Cause.NOT_COLLECTED)


def test_nothing_listed_at_all_is_unknown() -> None:
    finding = of_cluster(every_vm_is_good, evidence({"HV01": (), "HV02": ()}))
    assert (finding.outcome, finding.reasons, len(finding.missing)) == (Outcome.UNKNOWN, (), 2)


def test_the_wire_belongs_to_the_cluster() -> None:
    assert of_cluster(nobody_knocked, evidence(TWO)).outcome is Outcome.UNKNOWN
    knocked = evidence(TWO, wire_reach())
    assert of_cluster(nobody_knocked, knocked).outcome is Outcome.FAIL


def judged_itself(_system: Nodes[Tpm], subject: Subject) -> Verdict:
    return verdict(Why.GOOD() if subject.key == defaults.vm(2).id else Why.BAD())


def test_a_control_may_ask_what_it_judges() -> None:
    bundle = evidence({"HV01": (defaults.vm(1), defaults.tpm()), "HV02": (defaults.vm(2), defaults.tpm())})
    judged = judge(bundle, [plant(judged_itself, scope=Scope.VM)])
    assert not judged.diagnostics, judged.diagnostics[0].trace
    assert [finding.outcome for finding in judged.findings] == [Outcome.FAIL, Outcome.PASS]
