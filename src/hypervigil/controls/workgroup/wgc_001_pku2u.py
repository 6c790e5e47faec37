r"""WGC-001  PKU2U is not disabled.

## What it decides

Whether a policy on a node disables PKU2U, with which cluster nodes prove to one another by certificate who they are.

## Why it matters

A workgroup cluster has nothing but certificates, and a domain cluster uses them, too: Microsoft's page on this policy
warns that disabling it stops failover clustering from working. The setting looks like hardening, reads as if it were
about Microsoft accounts, and is in some baselines as a 0.

## How it is decided

- `AllowOnlineID` is 0: FAIL.
- It is 1: PASS.
- It is absent: PASS, inferred. Nobody has disabled it; what "not defined" comes to is told in two ways by the same
  page.
- It has another number or type: REVIEW.
- It could not be looked at: UNKNOWN.

The source document says that the policy is enabled by default. Microsoft's table says *not defined* for a stand-alone
server and names *disabled* as what a member server comes to: what breaks clusters is the explicit 0, in a domain as
well.

## How to look yourself

    Get-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\pku2u -Name AllowOnlineID

Expected on 2019, 2022 and 2025: 1, or an error that the key or the property does not exist. Microsoft's OSConfig
baselines for 2025 write 1 for every role.

## Remedy

Policy *Network security: Allow PKU2U authentication requests to this computer to use online identities*: enabled, or
not defined; never disabled. It writes the value above.

- Reboot: none is documented; test a move of a role after the change.
- Order: find the baseline that writes the 0 and keep it off cluster nodes first, else it comes back. Then the nodes,
  one after the other.
- Rollback: the value that stood there before; a cluster that worked with it will go on working.

## What it cannot see

Which baseline wrote the value, and whether the cluster's certificates are in order (WGC-002).

## References

- MicrosoftDocs/windows-itpro-docs, `windows/security/threat-protection/security-policy-settings/`, page on the PKU2U
  policy
- microsoft/osconfig, `security/ws2025/workgroup_member.osc.yaml` and `member_server.osc.yaml`
"""

from __future__ import annotations

from hypervigil.evidence.accounts import Pku2u
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ENABLED = passes("PKU2U is enabled (AllowOnlineID is 1).")
    UNDEFINED = passes("No policy disables PKU2U (AllowOnlineID is absent).", Confidence.INFERRED)
    DISABLED = fails("A policy disables PKU2U (AllowOnlineID is 0): nodes can not authenticate by certificate.")
    ODD = reviews("AllowOnlineID is {value}, which no table has: what is it meant to do?", Confidence.UNVERIFIED)
    DENIED = unknown("AllowOnlineID could not be looked at.", Cause.ACCESS_DENIED)


CONTROL = Control(
    id="WGC-001",
    title="PKU2U is not disabled",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.CRITICAL,
    reasons=Why,
)


def assess(pku2u: Pku2u) -> Verdict:
    """Judge the value; only an explicit 0 breaks anything."""
    value = pku2u.allow_online_id
    if value.denied:
        return verdict(Why.DENIED())
    if value.absent:
        return verdict(Why.UNDEFINED())
    if value.number == 1:
        return verdict(Why.ENABLED())
    if value.number == 0:
        return verdict(Why.DISABLED())
    return verdict(Why.ODD(value=value.shown))
