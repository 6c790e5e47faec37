r"""SMB-017  Nothing in production depends on the Local KDC.

## What it decides

Whether a node has the Local KDC, and whether somebody who answers for the cluster says that it is needed.

## Why it matters

The Local KDC is to let machines without a domain use Kerberos instead of NTLM. It is on its way: a service of that
name comes with Windows Server 2025, while what can be used reached a preview in June 2026, with IAKerb on, the Local
KDC off, and settings in the registry alone. A workgroup cluster still stands on certificates (PKU2U) and NTLM. What is
built on a preview today can change before it is released, and no support covers it.

The source document says that the service ships and sometimes fails to start after an update. That is told by users
only; a service that does not run is no fault here.

## How it is decided

- No node has a service `LocalKdc`: PASS, nothing can depend on it.
- Some node has it, and the context says with `local_kdc_needed = false` that nothing depends on it: PASS.
- The context says that something does: REVIEW.
- Nobody says: REVIEW, with the state of the service. Whether something depends on it is known to people, not to nodes;
  that it runs, or does not at this moment, tells neither.

The name of the service is taken from lists of services that many have published; Microsoft's own were not found to
name it. Services of a node that were not read: UNKNOWN instead of PASS.

## How to look yourself

    Get-Service -Name LocalKdc

Expected on 2019 and 2022: an error that there is none. On 2025: one, running or stopped; its display name is *Kerberos
Local Key Distribution Center*, in the words of the system's language.

## Remedy

Nothing has to be switched off. Where something was built on it: for the time being give it domain accounts, or the
certificates that workgroup clusters use, and say so in `context.toml`:

    local_kdc_needed = false

- Reboot: none.
- Order: find who authenticates that way (the NTLM and Kerberos logs of the nodes), move it, then declare.
- Rollback: take the line away.

## What it cannot see

Who uses it. Settings of the preview, whose names are not published.

## References

- Windows IT Pro blog on NTLM, Local KDC and IAKerb, June 2026 (quoted in elevenforum thread 47229)
- Microsoft Q&A 2157045, on a service that does not start after an update
"""

from __future__ import annotations

from hypervigil.evidence.accounts import Services
from hypervigil.model.context import Context
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe, Nodes
from hypervigil.model.reason import ReasonCode, Verdict, passes, remarks, reviews, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ABSENT = passes("No node has a service LocalKdc, so nothing depends on it.", Confidence.SECONDARY)
    NOT_NEEDED = passes("Nothing depends on the Local KDC, by declaration.", Confidence.SECONDARY)
    NEEDED = reviews("Something depends on the Local KDC, by declaration: what becomes of it when the preview changes?")
    UNDECLARED = reviews("Does anything depend on the Local KDC? Nobody has declared it.")
    STATE = remarks("LocalKdc on {nodes}.")


CONTROL = Control(
    id="SMB-017",
    title="Nothing in production depends on the Local KDC",
    family=Family.SMB,
    scope=Scope.CLUSTER,
    severity=Severity.INFO,
    reasons=Why,
    confidence=Confidence.SECONDARY,
)

SERVICE = "LocalKdc"


def assess(services: Nodes[Services], context: Maybe[Context]) -> Verdict:
    """Say where the service is; whether it is needed is declared."""
    found = {node.name: service for node, own in services if (service := own.named(SERVICE)) is not None}
    if not found:
        return verdict(Why.ABSENT())
    state = Why.STATE(nodes=", ".join(f"{name} ({service.state})" for name, service in found.items()))
    needed = context.value.local_kdc_needed if context.value else None
    if needed is None:
        return verdict(Why.UNDECLARED(), state)
    return verdict(Why.NEEDED() if needed else Why.NOT_NEEDED(), state)
