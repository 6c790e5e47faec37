r"""WGC-005  Management uses WinRM over HTTPS with a certificate that is trusted and valid.

## What it decides

Whether a node of a workgroup cluster can be managed over HTTPS with a good certificate, and whether that is the only
way that its WinRM listens.

## Why it matters

In a workgroup there is no Kerberos, so nothing tells an administrator which machine answers. Over HTTP the account is
proved by NTLM to whoever took the node's name or address; over HTTPS the certificate proves the node first. It is the
only proof that there is.

## How it is decided

- No HTTPS listener is on: FAIL.
- The certificate of an HTTPS listener is judged as in MGT-007: unfit or not in the store is FAIL, one that signs itself
  or has the listener's host name alone is REVIEW, what was not seen is UNKNOWN.
- An HTTP listener is on besides: REVIEW. The node can not tell which of the two administrators use.
- HTTPS alone, with a good certificate: PASS.
- WinRM does not run, or its listeners were not read: UNKNOWN.

The source document allows for self-signed certificates that the management workstation trusts; Microsoft's page on
WinRM over HTTPS asks for one that is not self-signed. So such a certificate is asked about, not failed. Certificate or
not, a local account other than the built-in Administrator is let in only where its token is not filtered (WGC-004).

Nodes of a domain are not judged: Kerberos proves the node there (MGT-007 looks at their certificates).

## How to look yourself

    Get-ChildItem -Path WSMan:\localhost\Listener
    Get-ChildItem -Path Cert:\LocalMachine\My -SSLServerAuthentication

Expected on 2019, 2022 and 2025: out of the box an HTTP listener and none for HTTPS; wanted: a listener with
`Transport=HTTPS`, port 5986, whose thumbprint the second command lists, and no other.

## Remedy

With a certificate for the node's name in the personal store of the machine:

    $secured = @{Address='*'; Transport='HTTPS'}
    $certificate = @{CertificateThumbprint='0123456789ABCDEF0123456789ABCDEF01234567'}
    New-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $secured -ValueSet $certificate
    $rule = @{DisplayName='WinRM over HTTPS'; Direction='Inbound'; Protocol='TCP'; LocalPort=5986; Action='Allow'}
    New-NetFirewallRule @rule -RemoteAddress 10.9.1.0/28        # your management stations
    Remove-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet @{Address='*'; Transport='HTTP'}

- Reboot: none.
- Order: listener, rule, a connection with `-UseSSL` from each management station; the HTTP listener goes last, and on
  one node first, for tools that set up workgroup clusters over remoting may still use it.
- Rollback: `Set-WSManQuickConfig` makes the HTTP listener again; `Remove-WSManInstance` takes the HTTPS listener away.

## What it cannot see

Which listener is used, whether management stations trust the certificate and check it, whether it was revoked, and
what answers on the wire (MGT-016, MGT-017).

## References

- Microsoft Learn, `/troubleshoot/windows-client/system-management-components/configure-winrm-for-https`
- MicrosoftDocs/win32, `desktop-src/WinRM/authentication-for-remote-connections.md` and
  `installation-and-configuration-for-windows-remote-management.md`
"""

from __future__ import annotations

from hypervigil.controls.effective.winrm import judge_listener, listening, place_of
from hypervigil.evidence.host import ComputerSystem
from hypervigil.evidence.management import Certificates, WinRm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    JOINED = excludes("The node is in a domain, where Kerberos proves it.")
    GOOD = passes(
        "Listener {listener} has a certificate ({thumbprint}) that is valid until {last}, matches and is trusted."
    )
    NO_HTTPS = fails("WinRM does not listen on HTTPS: nothing proves the node to those who manage it.")
    UNFIT = fails("The certificate {thumbprint} of listener {listener} {faults}.")
    NOT_HELD = fails("Listener {listener} names the certificate {thumbprint}, which the personal store does not hold.")
    ASKED = reviews("The certificate {thumbprint} of listener {listener} {questions}?")
    HTTP_TOO = reviews("WinRM listens on HTTP, too ({listener}): does anybody manage the node that way?")
    UNSURE = unknown(
        "Of the certificate {thumbprint} of listener {listener} can not be told {unseen}.", Cause.NOT_IN_SOURCE
    )
    UNNAMED = unknown("Listener {listener} names no certificate.", Cause.NOT_IN_SOURCE)
    STOPPED = unknown("WinRM does not run, so its listeners could not be asked for.", Cause.NOT_COLLECTED)
    UNSEEN = unknown("The source does not hold the listeners of WinRM.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="WGC-005",
    title="Management uses WinRM over HTTPS with a certificate that is trusted and valid",
    family=Family.WORKGROUP,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: ComputerSystem) -> Reason | None:
    """Nodes of a workgroup cluster."""
    return Why.JOINED() if system.part_of_domain else None


def assess(winrm: WinRm, held: Certificates, moment: Moment, node: Subject) -> Verdict:
    """Judge how WinRM listens, and the certificate of each HTTPS listener."""
    if winrm.listeners is None:
        return verdict(Why.UNSEEN() if winrm.running else Why.STOPPED())
    secured, plain = listening(winrm, "HTTPS"), listening(winrm, "HTTP")
    if not secured:
        return verdict(Why.NO_HTTPS())
    judged = (each for own in secured for each in judge_listener(own, held, node, moment.at))
    reasons = [Why[each.standing.name](**each.values) for each in judged]
    if plain:
        reasons.append(Why.HTTP_TOO(listener=", ".join(place_of(own) for own in plain)))
    return verdict(*reasons)
