r"""WGC-002  No certificate in the cluster service's own stores is expired.

## What it decides

Whether the certificates that the cluster service of a workgroup node keeps for itself were within their validity when
the evidence was collected. It lists each with its subject and its last day. Keys are never read.

## Why it matters

Nodes of a workgroup cluster have no domain to vouch for them: they prove to one another who they are with self-signed
certificates that the cluster makes. If one runs out and is not replaced, nodes can no longer authenticate.

That is as far as documentation goes. The protocol's specification says where such a certificate is put and that its
name is `CLIUSR`; how long it is valid, and whether anything renews it or warns, stands nowhere that was found. People
report expired certificates of that name in their monitoring, and clusters that went on working. So an expired one is a
question here and no failure, and this control is information.

The source document says that the cluster service renews these certificates by itself. No page of Microsoft's does.

## How it is decided

The certificates below the registry key of the service's own stores, each by itself:

- the last day lies after the moment of the evidence: PASS, with subject, thumbprint and that day;
- it lies before: REVIEW;
- the first day lies after the moment of the evidence: REVIEW;
- there is no certificate at all: REVIEW. That `ClusSvc` keeps its stores below that key is not documented for this
  service, so they may lie elsewhere;
- the evidence does not say when it was collected: UNKNOWN.

Nodes of a domain cluster are not judged.

## How to look yourself

    Get-ChildItem -Path HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc\SystemCertificates -Recurse

Expected on 2019, 2022 and 2025: a key `My\Certificates` with a key for each certificate, named by its thumbprint. To
see subject and dates: the console for certificates (`mmc.exe`, snap-in Certificates, service account, local computer,
Cluster Service), store `ClusSvc\Personal`. Do not export: that export holds the key.

## Remedy

None is documented. Find out first whether the expired certificate is still used: a newer one of the same name beside
it says that it was replaced. If there is none, test a move of a role and a join of a node while the cluster is healthy,
and ask Microsoft before anything is deleted.

- Reboot: none to look; a restart of a node is the moment when a certificate that can no longer be used would show.
- Order: look at all nodes before any node is restarted.
- Rollback: nothing is changed by looking. A deleted certificate does not come back without its key.

## What it cannot see

Which of several certificates the service uses. Whether it renews them. Certificates in stores of other services or of
the machine (MGT-007 looks at those that WinRM uses).

## References

- Microsoft's specification [MS-CSVP], 3.10.4.9 and 3.10.4.11 (PKU2U certificate, its store and name)
- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/failover-clustering/create-failover-cluster.md` (the service's
  store), `create-workgroup-cluster.md` (which says nothing of certificates)
"""

from __future__ import annotations

import datetime

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.cluster_objects import ClusterCertificates, ServiceCertificate
from hypervigil.evidence.host import ComputerSystem
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    JOINED = excludes("The node is in a domain, which vouches for it.")
    VALID = passes("{subject} ({thumbprint}) in {store} is valid until {last}.", Confidence.SECONDARY)
    EXPIRED = reviews(
        "{subject} ({thumbprint}) in {store} expired on {last}. Has another one taken its place?", Confidence.UNVERIFIED
    )
    NOT_YET = reviews(
        "{subject} ({thumbprint}) in {store} is valid from {first} until {last} only. Was the node's clock wrong when "
        "it was made?",
        Confidence.INFERRED,
    )
    NONE = reviews(
        "The key of the service's own stores holds no certificate. Where are those of this cluster?",
        Confidence.UNVERIFIED,
    )
    UNDATED = unknown(
        "Nothing says when the evidence was collected, so validity can not be judged.", Cause.NOT_IN_SOURCE
    )
    LISTED = remarks("{subject} ({thumbprint}) in {store} has {last} as its last day.")


CONTROL = Control(
    id="WGC-002",
    title="No certificate in the cluster service's own stores is expired",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.INFO,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(stores: ClusterCertificates, moment: Moment) -> Verdict:
    """List every certificate, judged by its dates where the evidence says when it was made."""
    if not stores.certificates:
        return verdict(Why.NONE())
    if moment.at is None:
        return verdict(Why.UNDATED(), *(Why.LISTED(**_shown(own)) for own in stores.certificates))
    at = in_utc(moment.at)
    return verdict(*(_judged(own, at) for own in stores.certificates))


def _judged(own: ServiceCertificate, at: datetime.datetime) -> Reason:
    if in_utc(own.not_after) <= at:
        return Why.EXPIRED(**_shown(own))
    if own.not_before is not None and in_utc(own.not_before) > at:
        return Why.NOT_YET(**_shown(own), first=own.not_before.date().isoformat())
    return Why.VALID(**_shown(own))


def _shown(own: ServiceCertificate) -> dict[str, str]:
    return {
        "subject": own.subject,
        "thumbprint": own.thumbprint,
        "store": own.store,
        "last": own.not_after.date().isoformat(),
    }
