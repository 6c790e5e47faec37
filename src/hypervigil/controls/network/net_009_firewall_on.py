r"""NET-009  Firewall profiles are on with inbound blocked by default.

## What it decides

Whether each of the three profiles of Windows Firewall is on, and blocks what comes in and no rule allows.

## Why it matters

Every rule that lets RDP or live migration in from a few addresses only rests on this: on a profile that is off, or that
allows by default, the rules are decoration. All three profiles count, also one that no network of the node has at
the moment. A storage or cluster adapter has no gateway by which Windows could tell its network, so it is often taken
for public; and a domain network becomes a public one when no domain controller answers.

## How it is decided

For each of Domain, Private and Public, as the active store has it:

- off: FAIL;
- on, default for inbound packets *Allow*: FAIL;
- on, *Block* or not configured (which blocks): fine;
- on, with a number that has no name: REVIEW;
- not among the profiles that were read: UNKNOWN.

PASS where all three are fine. Where policy makes a profile ignore the host's own rules, a remark says so, because a
rule that somebody adds on the node has no effect then.

## How to look yourself

    Get-NetFirewallProfile -PolicyStore ActiveStore |
        Select-Object Name, Enabled, DefaultInboundAction, AllowLocalFirewallRules

Expected on 2019, 2022 and 2025: three times `True` and `Block` or `NotConfigured`. Without `-PolicyStore ActiveStore`
the command shows the host's own store and leaves out what policy says.

## Remedy

    Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block

- Reboot: none.
- Order: first see that the rules which the node lives by are there and enabled (cluster, live migration, SMB, WinRM
  from where you sit), then one node after the other. Where a policy sets the profile, change the policy. Never stop the
  service of the firewall instead: Microsoft does not support that.
- Rollback: the same command with the former values, from the console if need be.

## What it cannot see

The switch that blocks everything in whatever the rules say (`AllowInboundRules`), which makes a profile stricter, and
filters of other vendors.

## References

- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetSecurity/Get-NetFirewallProfile.md` and
  `Set-NetFirewallProfile.md`
- microsoft/osconfig, `security/SecurityBaseline_WindowsServer_2025-2510.csv` (each profile on, inbound blocked)
"""

from __future__ import annotations

from hypervigil.controls.effective.firewall import PROFILE_BITS
from hypervigil.evidence.firewall import FirewallProfiles, GpoBoolean, RuleAction
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, fails, passes, remarks, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    ON = passes("All three profiles are on and block by default what comes in.")
    OFF = fails("The {profile} profile is off.")
    ALLOWS = fails("The {profile} profile lets in by default what no rule blocks.")
    ODD_DEFAULT = reviews(
        "The default for inbound packets on the {profile} profile is {value}. What does it do?", Confidence.UNVERIFIED
    )
    PROFILE_UNSEEN = unknown("The {profile} profile is not among those that were read.", Cause.NOT_IN_SOURCE)
    POLICY_ONLY = remarks("Policy makes these profiles ignore rules of the host's own: {profiles}.")


CONTROL = Control(
    id="NET-009",
    title="Firewall profiles are on with inbound blocked by default",
    family=Family.NETWORK,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def assess(fact: FirewallProfiles) -> Verdict:
    """Judge each profile that Windows has."""
    known = {profile.name.casefold(): profile for profile in fact.profiles}
    reasons: list[Reason] = []
    for name in PROFILE_BITS:
        profile = known.get(name.casefold())
        if profile is None:
            reasons.append(Why.PROFILE_UNSEEN(profile=name))
        elif not profile.enabled:
            reasons.append(Why.OFF(profile=name))
        elif profile.default_inbound is RuleAction.ALLOW:
            reasons.append(Why.ALLOWS(profile=name))
        elif profile.default_inbound not in (RuleAction.BLOCK, RuleAction.NOT_CONFIGURED):
            reasons.append(Why.ODD_DEFAULT(profile=name, value=profile.default_inbound.label))
    if not reasons:
        reasons.append(Why.ON())
    strict = [profile.name for profile in fact.profiles if profile.allow_local_rules is GpoBoolean.FALSE]
    if strict:
        reasons.append(Why.POLICY_ONLY(profiles=", ".join(strict)))
    return verdict(*reasons)
