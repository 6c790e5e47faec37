r"""MGT-007  Where WinRM listens on HTTPS, its certificate is valid, matches and is trusted.

## What it decides

Whether the certificate of each HTTPS listener of WinRM proves to an administrator that the machine at the other end is
the node.

## Why it matters

A certificate that warns teaches administrators and scripts to skip the check (`-SkipCACheck`, `-SkipCNCheck`). From
then on anybody in between can show one of his own and read along as a cluster administrator works. An expired one can
also shut the way to the node just when the node is in trouble.

## How it is decided

Each listener of transport HTTPS that is on, with the certificate that its thumbprint names:

- The thumbprint is in no certificate of the machine's personal store: FAIL.
- Expired or not yet valid when the evidence was collected, no private key in the store, an RSA key of less than 2,048
  bits or an elliptic curve of less than 256, usages without server authentication (none stands for any), names of which
  none is the node's, or a chain that leads to no root of the node: FAIL, with everything that is wrong.
- It signs itself and the node does not hold it as a root: REVIEW. Microsoft asks for one that is not self-signed;
  whether those who connect trust it can be seen on their machines only.
- It has the listener's host name, but not the node's: REVIEW. An alias may be what everybody uses.
- The listener names no certificate, an issuer does not lie on the node, or the evidence has no date: UNKNOWN.
- Nothing of this: PASS.

Names are the DNS names of the certificate, or its common name where it has none; `*` stands for one label. Addresses
count where the listener listens on them. No HTTPS listener, or WinRM stopped: not applicable.

## How to look yourself

    Get-ChildItem -Path WSMan:\localhost\Listener
    Get-ChildItem -Path Cert:\LocalMachine\My -SSLServerAuthentication

Expected on 2019, 2022 and 2025: by default there is no HTTPS listener. Where there is one, its
`CertificateThumbprint` is among the certificates that the second command lists, with the node's full name in
`DnsNameList`, `HasPrivateKey` true, and a `NotAfter` to come.

## Remedy

Get a certificate from a CA that administrators' machines trust, for the node's full name, then point the listener to
it:

    $listener = @{Address='*'; Transport='HTTPS'}
    $wanted = @{CertificateThumbprint='0123456789ABCDEF0123456789ABCDEF01234567'}
    Set-WSManInstance -ResourceURI winrm/config/Listener -SelectorSet $listener -ValueSet $wanted

- Reboot: none.
- Order: node by node, and connect with `-UseSSL` and without any `-Skip...` before the next one. Renew before the day
  that PASS names: a renewed certificate has another thumbprint, and the listener keeps the old one.
- Rollback: the same command with the thumbprint from before, as long as that certificate lies in the store.

## What it cannot see

Whether the certificate was revoked, whether whoever connects checks it, what answers on the wire (MGT-017), and
certificates that the store lists and whose key can not be used.

## References

- Microsoft Learn, `/troubleshoot/windows-client/system-management-components/configure-winrm-for-https`
- MicrosoftDocs/win32, `desktop-src/WinRM/installation-and-configuration-for-windows-remote-management.md`
- NIST SP 800-131A Rev. 2 (lengths of keys); RFC 5280 4.2.1.12; RFC 9525 6.3 (names)
"""

from __future__ import annotations

from hypervigil.controls.effective.winrm import judge_listener, listening
from hypervigil.evidence.management import Certificates, WinRm
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Moment
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    STOPPED = excludes("WinRM does not run, so it listens nowhere.")
    NO_HTTPS = excludes("WinRM does not listen on HTTPS.")
    GOOD = passes("The certificate {thumbprint} of listener {listener} is valid until {last}, matches and is trusted.")
    UNFIT = fails("The certificate {thumbprint} of listener {listener} {faults}.")
    NOT_HELD = fails("Listener {listener} names the certificate {thumbprint}, which the personal store does not hold.")
    ASKED = reviews("The certificate {thumbprint} of listener {listener} {questions}?")
    UNSURE = unknown(
        "Of the certificate {thumbprint} of listener {listener} can not be told {unseen}.", Cause.NOT_IN_SOURCE
    )
    UNNAMED = unknown("Listener {listener} names no certificate.", Cause.NOT_IN_SOURCE)
    LISTENERS_UNSEEN = unknown("The source does not hold the listeners of WinRM.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="MGT-007",
    title="Where WinRM listens on HTTPS, its certificate is valid, matches and is trusted",
    family=Family.MANAGEMENT,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(winrm: WinRm) -> Reason | None:
    """Nodes that listen on HTTPS, or of which that is not known."""
    if not winrm.running:
        return Why.STOPPED()
    return Why.NO_HTTPS() if winrm.listeners is not None and not listening(winrm, "HTTPS") else None


def assess(winrm: WinRm, held: Certificates, moment: Moment, node: Subject) -> Verdict:
    """Judge the certificate of each HTTPS listener."""
    if winrm.listeners is None:
        return verdict(Why.LISTENERS_UNSEEN())
    judged = (each for own in listening(winrm, "HTTPS") for each in judge_listener(own, held, node, moment.at))
    return verdict(*(Why[each.standing.name](**each.values) for each in judged))
