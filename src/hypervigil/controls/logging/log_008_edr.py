r"""LOG-008  An EDR sensor runs and is onboarded, the same product on every node.

## What it decides

Whether the sensor of one and the same product for detection and response (EDR) runs on every node of the cluster, and
whether it is onboarded, as far as a host can tell.

## Why it matters

Hosts decide over all their VMs. A sensor on the workstations alone leaves the responders blind, and without a way to
isolate anything, on the systems that matter most. One node without it is the node that an attacker moves to; two
products in one cluster are two consoles of which one is looked at.

## How it is decided

**Which product.** Services by name, and filters by name and altitude, from a table of some 25 products (Microsoft's
list of altitudes; names of services are known less well). A running filter in a range of security software that the
table does not have is a product that we do not know, and not none. Defender Antivirus is no EDR sensor, and `Sense` is
on every Windows Server from 2019 on and runs only once it is onboarded, so it has to run to count.

| evidence | outcome |
|---|---|
| a node on which no service of a product runs and no such filter does | FAIL, naming a service that is stopped |
| the same, and its drivers were not read | UNKNOWN |
| the same, and a filter of security software runs | REVIEW: which product is it? |
| no one product runs on all nodes that have one | FAIL |
| the product's filter is registered on a node and does not run | FAIL, inferred |
| none of its filters is registered there | REVIEW |
| its filter has another version on another node | REVIEW |

**Onboarded.** Defender for Endpoint, on each node:

| evidence | outcome |
|---|---|
| `OnboardingState` is 1, `Sense` runs, none of events 5, 6, 7 and 15 since its last start (event 1) | PASS |
| `OnboardingState` is 0 or absent; a policy alone only configures | FAIL |
| one of these events since the start, and no contact with the service after it | FAIL, inferred |
| one of them, and contact after it | REVIEW |
| the last contact is older than the profile allows (7 days) | REVIEW |
| a part of it was not read | UNKNOWN |

All other products keep what they are onboarded to in files of their own, which are not read: REVIEW, always. Where all
nodes run Defender for Endpoint and another product, a whole Defender for Endpoint is enough for PASS; where it is not
whole, the question about the other product is left, and no filter is held against either.

## How to look yourself

    Get-Service -Name Sense
    Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'
    $log = 'Microsoft-Windows-SENSE/Operational'
    Get-WinEvent -FilterHashtable @{ LogName = $log; Id = 1, 5, 6, 7, 15 } -MaxEvents 10
    fltmc.exe instances

Expected on 2019, 2022 and 2025, on every node: `Running`; `OnboardingState` 1; no 5, 6, 7 or 15 newer than the newest
1; an instance of the product's filter on the system volume and on each CSV volume.

## Remedy

Onboard the node with the package that the others were onboarded with; of other products, install the agent of the same
group as on the others. Where the service is stopped, look for the reason in its log and in System before you start it.

- Reboot: none for Defender for Endpoint; other products' filters may need one.
- Order: one node, drained, then the others. Exclude from scans what the vendor and Microsoft name for Hyper-V and
  Failover Clustering, before the filter is loaded, and look for events 5124 and 5125 of the cluster afterwards: they
  name filters that get in the way of shared volumes.
- Rollback: offboard that node, or remove the agent, drained.

## What it cannot see

Whether the sensor shows in its console, and which policy it has from there. Whether its filter is attached to all CSV
volumes: `fltmc.exe instances` tells. Whether anybody looks. Products without a minifilter whose service the
table lacks.

## References

- MicrosoftDocs/defender-docs, `defender-endpoint/event-error-codes.md` (events of SENSE)
- MicrosoftDocs/windows-driver-docs, `windows-driver-docs-pr/ifs/allocated-altitudes.md`
- MicrosoftDocs/windows-itpro-docs, pages on onboarding servers to Defender for Endpoint
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from hypervigil.controls.effective import sensors
from hypervigil.controls.effective.coverage import SENSORS, CoveredNode, covered_nodes, filters_over
from hypervigil.controls.effective.onboarding import Onboarding, State, onboarding_of
from hypervigil.controls.effective.sensors import DEFENDER_FOR_ENDPOINT, Product
from hypervigil.evidence.accounts import Services
from hypervigil.evidence.drivers import DriverInventory
from hypervigil.evidence.sensors import EdrOnboarding
from hypervigil.model import injection
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Moment, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ONBOARDED = passes("Defender for Endpoint runs and is onboarded on all {count} nodes that were seen.")
    NONE = fails("No EDR sensor that is known runs on {nodes}.")
    STOPPED = fails("{product} is on {node} and does not run: {service} is {state}.")
    DIFFER = fails("No one product runs on all nodes: {products}.")
    FILTER_STOPPED = fails(
        "{product} runs on {node} and its filter does not: {driver} is {state}.", Confidence.INFERRED
    )
    NOT_ONBOARDED = fails("Defender for Endpoint is not onboarded on {node} (OnboardingState is {value}).")
    LOST = fails(
        "Since its last start Defender for Endpoint on {node} {what} (event {event}, {time}), and it was not in "
        "contact after that.",
        Confidence.INFERRED,
    )
    RECOVERED = reviews(
        "Since its last start Defender for Endpoint on {node} {what} (event {event}, {time}), and was in contact "
        "later. Is it well?"
    )
    SILENT = reviews("Defender for Endpoint on {node} was last in contact {time}. Does its console still hear of it?")
    ASK = reviews(
        "{product} runs on all {count} nodes that were seen; no host tells whether it is onboarded. Does its console "
        "show them all?"
    )
    NO_FILTER = reviews(
        "{product} runs on {nodes}, and none of its known filters is there. Is it whole?", Confidence.INFERRED
    )
    VERSIONS_DIFFER = reviews(
        "{driver} has different versions: {versions}. Is it being rolled out?", Confidence.INFERRED
    )
    UNKNOWN_PRODUCT = reviews(
        "No service of a known sensor runs on {node}, but filters of security software do: {filters}. Which product is "
        "it, and is it onboarded?"
    )
    DRIVERS_UNSEEN = unknown("No service of a known sensor runs on {node}; whether a filter does was not seen.")
    FILTER_UNSEEN = unknown("Whether the filter of Defender for Endpoint runs on {node} was not seen.")
    ONBOARDING_UNSEEN = unknown("Whether Defender for Endpoint is onboarded on {node} was not seen.")
    STATE_DENIED = unknown("OnboardingState could not be read on {node}.", Cause.ACCESS_DENIED)
    LOG_UNSEEN = unknown("The log of Defender for Endpoint on {node} was not read.", Cause.NOT_IN_SOURCE)
    CONFIGURED_ONLY = remarks("A policy has the onboarding of {node} configured; that alone onboards nothing.")
    BESIDES = remarks("Other sensors run besides: {products}.")
    ANTIVIRUS = remarks("Defender Antivirus alone runs on {nodes}: it is no EDR sensor.")
    PASSIVE = remarks("Defender Antivirus is passive on {nodes}, as a policy asks.")


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set."""

    silent_days: Annotated[int, Meta(ge=1, le=365, description="Age of the last contact that is asked about.")] = 7


CONTROL = Control(
    id="LOG-008",
    title="An EDR sensor runs and is onboarded, the same product on every node",
    family=Family.LOGGING,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(
    services: Nodes[Services],
    drivers: Maybe[Nodes[DriverInventory]],
    onboarding: Maybe[Nodes[EdrOnboarding]],
    moment: Moment,
    wanted: Parameters,
) -> Verdict:
    """Judge the nodes without a sensor, then the product that the others have in common."""
    nodes = list(covered_nodes(services, drivers, onboarding))
    bare = [node for node in nodes if not node.running]
    kept = [node for node in nodes if node.running]
    reasons = list(_bare(bare))
    if kept:
        reasons += _kept(kept, moment, wanted.silent_days)
    antivirus = [node.name for node in bare if node.antivirus]
    if antivirus:
        reasons.append(Why.ANTIVIRUS(nodes=", ".join(antivirus)))
    return verdict(*reasons)


def _bare(nodes: Sequence[CoveredNode]) -> Iterator[Reason]:
    """Nodes on which no service of a sensor runs: whether that is all, or an unknown product may be there."""
    without: list[str] = []
    for node in nodes:
        if node.drivers.value is None:
            yield Why.DRIVERS_UNSEEN.because(node.drivers.missing, node=node.name)
            continue
        filters = [f"{driver.name} ({product})" for driver, product in sensors.security_filters(node.drivers.value)]
        if filters:
            yield Why.UNKNOWN_PRODUCT(node=node.name, filters=", ".join(filters))
        elif node.stopped:
            for name, service in node.stopped.items():
                yield Why.STOPPED(product=name, node=node.name, service=service.name, state=service.state)
        else:
            without.append(node.name)
    if without:
        yield Why.NONE(nodes=", ".join(without))


def _kept(nodes: Sequence[CoveredNode], moment: Moment, days: int) -> Iterator[Reason]:
    """The nodes on which a sensor runs."""
    common = [name for name in nodes[0].running if all(name in node.running for node in nodes)]
    if not common:
        shown = "; ".join(f"{', '.join(node.running)} on {node.name}" for node in nodes)
        yield Why.DIFFER(products=shown)
        return
    yield from _common(common, nodes, moment, days)
    besides = sorted({name for node in nodes for name in node.running if name not in common})
    if besides:
        yield Why.BESIDES(products=", ".join(besides))


def _common(names: Sequence[str], nodes: Sequence[CoveredNode], moment: Moment, days: int) -> list[Reason]:
    """What the products that all nodes run come to: Defender for Endpoint where it is whole, else the others."""
    others = [name for name in names if name != DEFENDER_FOR_ENDPOINT.name]
    if DEFENDER_FOR_ENDPOINT.name in names:
        own = [*_unseen(nodes), *_filters(DEFENDER_FOR_ENDPOINT, nodes), *_onboarded(nodes, moment, days)]
        if all(reason.outcome is None for reason in own):
            return [Why.ONBOARDED(count=len(nodes)), *own]
        if not others:
            return own
    # Of several products one may have what another lacks, so filters are held against a product that stands alone.
    filters = _filters(SENSORS[others[0]], nodes) if len(names) == 1 else ()
    return [*(Why.ASK(product=name, count=len(nodes)) for name in others), *filters]


def _unseen(nodes: Sequence[CoveredNode]) -> Iterator[Reason]:
    for node in nodes:
        if node.drivers.value is None:
            yield Why.FILTER_UNSEEN.because(node.drivers.missing, node=node.name)


def _filters(product: Product, nodes: Sequence[CoveredNode]) -> Iterator[Reason]:
    """Whether the product's filter runs on each node, in one version."""
    found = filters_over(product, nodes)
    for node, driver in found.stopped.items():
        yield Why.FILTER_STOPPED(product=product.name, node=node, driver=driver.name, state=driver.state)
    if found.absent:
        yield Why.NO_FILTER(product=product.name, nodes=", ".join(found.absent))
    for name, by_version in found.versions.items():
        shown = "; ".join(f"{version} on {', '.join(on)}" for version, on in sorted(by_version.items()))
        yield Why.VERSIONS_DIFFER(driver=name, versions=shown)


def _onboarded(nodes: Sequence[CoveredNode], moment: Moment, days: int) -> Iterator[Reason]:
    """Whether Defender for Endpoint is onboarded on each node, and in contact."""
    passive: list[str] = []
    for node in nodes:
        if node.onboarding.value is None:
            yield Why.ONBOARDING_UNSEEN.because(node.onboarding.missing, node=node.name)
            continue
        found = onboarding_of(node.onboarding.value, moment.at, days)
        yield from _said(node.name, found, node.onboarding.value)
        if found.passive:
            passive.append(node.name)
    if passive:
        yield Why.PASSIVE(nodes=", ".join(passive))


def _said(node: str, found: Onboarding, fact: EdrOnboarding) -> Iterator[Reason]:
    match found.state:
        case State.DENIED:
            yield Why.STATE_DENIED(node=node)
        case State.NOT_ONBOARDED:
            yield Why.NOT_ONBOARDED(node=node, value=fact.onboarding_state.shown)
            if fact.onboarding_policy:
                yield Why.CONFIGURED_ONLY(node=node)
        case State.LOG_UNSEEN:
            yield Why.LOG_UNSEEN(node=node)
        case State.LOST:
            yield Why.LOST(node=node, what=found.what, event=found.event, time=found.time)
        case State.RECOVERED:
            yield Why.RECOVERED(node=node, what=found.what, event=found.event, time=found.time)
        case State.SILENT:
            yield Why.SILENT(node=node, time=found.time)
        case State.WHOLE:
            return
