r"""SMB-010  SMB over QUIC: no certificate mapping, or a valid one, with client access control, named pipes restricted.

## What it decides

Whether a node serves SMB over QUIC, and if it does, whether each mapping has a certificate that clients can rely on,
asks clients for one in return, and keeps named pipes out.

## Why it matters

SMB over QUIC is meant to face networks that nobody trusts. There the certificate is all that tells the server from
somebody else, and without access control everyone who trusts its CA gets as far as the logon. Named pipes lead past
files to the remote administration of the node. A cluster node has, as a rule, no reason to serve anything that way.

What makes it serve is a mapping of a certificate to a name. The source document calls the feature disabled by default
and speaks of enabling it on a share, with `Set-SmbServerCertificateMapping`. In fact the server's property
`EnableSMBQUIC` is True out of the box; there is no switch on a share; and the first mapping is made by
`New-SmbServerCertificateMapping`, while `Set-` changes one. It is by name of the server, not by share.

Clients that can use it: Windows 11, Windows Server 2025, and Windows Server 2022 Datacenter: Azure Edition. Windows 10
can not. A client tries TCP first unless it is told otherwise.

## How it is decided

No mapping: PASS. Else, for each mapping:

- Its certificate is not in the personal store: FAIL. A renewed certificate has a new thumbprint, which the mapping
  does not follow by itself.
- The certificate is not what Microsoft asks for: FAIL, with everything that is wrong. Asked for are server
  authentication among its usages, digital signature in its key usage, a signature with SHA-256 or better, RSA of 2,048
  bits or an elliptic curve of 256, a DNS alternative name that is the mapping's, no address among its names (clients
  would use NTLM), a subject, a private key, validity at the moment of the evidence, and a chain to a root of the node.
- It signs itself and is no root of the node: REVIEW.
- `RequireClientAuthentication` is false: FAIL. `SkipClientCertificateAccessCheck` is true: FAIL, since the list of
  clients is then not asked.
- `AllowNamedPipe` among its flags: FAIL, it overrides the server's switch. Without the flag the switch
  `RestrictNamedpipeAccessViaQuic` of the SMB server decides: False is FAIL.
- What was not read, an unusual store or that switch among it: UNKNOWN.
- Else: PASS. That the server's `EnableSMBQUIC` is False is said, and changes nothing: it is one setting away.

Windows Server 2019 and older have no SMB over QUIC: not applicable.

## How to look yourself

    Get-SmbServerCertificateMapping | Select-Object -Property *
    Get-SmbServerConfiguration | Select-Object -Property EnableSMBQUIC, RestrictNamedpipeAccessViaQuic
    Get-SmbClientAccessToServer -Name fs.contoso.com

| release | expected |
|---|---|
| 2019 | the commands do not exist |
| 2022 | no mapping; only Datacenter: Azure Edition can serve one, with access control since update KB5035857 |
| 2025 | no mapping; `RestrictNamedpipeAccessViaQuic` is True |

## Remedy

Where nobody needs it, take the mapping away:

    Remove-SmbServerCertificateMapping -Name fs.contoso.com

Where somebody does, after the certificate and the clients are ready:

    $thumbprint = '0123456789ABCDEF0123456789ABCDEF01234567'
    Set-SmbServerCertificateMapping -Name fs.contoso.com -Thumbprint $thumbprint -StoreName My
    Grant-SmbClientAccessToServer -Name fs.contoso.com -IdentifierType SHA256 -Identifier $hashOfTheClientsCertificate
    Set-SmbServerCertificateMapping -Name fs.contoso.com -RequireClientAuthentication $true -Flags None

- Reboot: none.
- Order: certificate, list of clients, `AuditClientCertificateAccess` for a while (3007 denied, 3008 allowed), then
  the requirement.
- Rollback: `-RequireClientAuthentication $false`; the thumbprint from before, as long as its certificate is there.

## What it cannot see

Whether UDP 443 is open, and TCP 445 closed to the same networks (SMB-011). Whether the certificate was revoked. Which
clients the list means.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-over-quic.md` and
  `configure-smb-over-quic-client-access-control.md`
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/SmbShare/`, pages `New-`, `Get-` and
  `Set-SmbServerCertificateMapping.md`, `Set-SmbServerConfiguration.md`
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from hypervigil.controls.effective.certificates import Examined, covers, examine, signature, signs
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.management import Certificate, Certificates
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import SmbServerConfiguration
from hypervigil.evidence.smb_quic import QuicMapping, SmbQuic
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe, Moment
from hypervigil.model.missing import Missing
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import (
    Reason,
    ReasonCode,
    Verdict,
    excludes,
    fails,
    passes,
    remarks,
    reviews,
    unknown,
    verdict,
)
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    TOO_OLD = excludes("{release} has no SMB over QUIC.")
    NO_MAPPING = passes("No certificate is mapped, so nothing is served over QUIC.")
    UNFIT = fails("The certificate {thumbprint} of {name} {faults}.")
    NOT_HELD = fails("{name} is mapped to the certificate {thumbprint}, which the personal store does not hold.")
    OPEN = fails("{name} asks clients for no certificate (RequireClientAuthentication is false).")
    UNLISTED = fails("{name} does not look whether a client is on its list (SkipClientCertificateAccessCheck is true).")
    PIPES = fails("{name} lets named pipes through (flag AllowNamedPipe).")
    PIPES_BY_SERVER = fails(
        "{name} leaves named pipes to the server's switch, which lets them through (RestrictNamedpipeAccessViaQuic is "
        "False)."
    )
    PIPES_UNSEEN = unknown("{name} leaves named pipes to the server's switch, which was not read.")
    RESTRICTED = passes("{name} keeps named pipes out, by the server's switch.")
    SWITCHED_OFF = remarks("SMB over QUIC is switched off on the server as a whole (EnableSMBQUIC is False).")
    ASKED = reviews("The certificate {thumbprint} of {name} {questions}?")
    UNSURE = unknown("Of the certificate {thumbprint} of {name} can not be told {unseen}.", Cause.NOT_IN_SOURCE)
    OTHER_STORE = unknown(
        "{name} is mapped to the certificate {thumbprint} in store {store}, which was not read.", Cause.NOT_IN_SOURCE
    )
    UNSEEN = unknown("The source does not hold {settings} of {name}.", Cause.NOT_IN_SOURCE)
    FIT = remarks("The certificate {thumbprint} of {name} is good until {last}.")


CONTROL = Control(
    id="SMB-010",
    title="SMB over QUIC: no certificate mapping, or a valid one, with client access control, named pipes restricted",
    family=Family.SMB,
    scope=Scope.NODE,
    severity=Severity.HIGH,
    reasons=Why,
)


def applies(system: OperatingSystem) -> Reason | None:
    """Builds from Windows Server 2022 on."""
    return Why.TOO_OLD(release=system.release_title) if system.build_number < Release.WS2022.build else None


def assess(quic: SmbQuic, held: Certificates, server: Maybe[SmbServerConfiguration], moment: Moment) -> Verdict:
    """Judge each mapping: its certificate, whom it lets in, and how far."""
    if not quic.mappings:
        return verdict(Why.NO_MAPPING())
    return verdict(
        *(
            reason
            for mapping in quic.mappings
            for reason in (
                *_of_certificate(mapping, held, moment.at),
                *_of_access(mapping),
                *_of_pipes(mapping, server),
            )
        ),
        *([Why.SWITCHED_OFF()] if server.value is not None and server.value.quic is False else []),
    )


def _of_certificate(mapping: QuicMapping, held: Certificates, at: datetime.datetime | None) -> Iterator[Reason]:
    named = {"name": mapping.name, "thumbprint": mapping.thumbprint}
    store = mapping.store_name
    certificate = held.with_thumbprint(mapping.thumbprint) if (store or "My").lower() == "my" else None
    if certificate is None:
        known = store is not None and store.lower() == "my"
        yield Why.NOT_HELD(**named) if known else Why.OTHER_STORE(**named, store=store or "(not read)")
        return
    parts = (examine(certificate, at), signature(certificate), signs(certificate), _asked_for(certificate, mapping))
    found = sum(parts, Examined())
    if found.faults:
        yield Why.UNFIT(**named, faults=", ".join(found.faults))
    if found.questions:
        yield Why.ASKED(**named, questions=", ".join(found.questions))
    if found.unseen:
        yield Why.UNSURE(**named, unseen=", ".join(found.unseen))
    if found == Examined():
        yield Why.FIT(**named, last=certificate.not_after.date().isoformat())


def _asked_for(certificate: Certificate, mapping: QuicMapping) -> Examined:
    """What SMB over QUIC asks of a certificate besides what any server's has to have."""
    faults = []
    if not certificate.usages:
        faults.append("does not name server authentication among its usages")
    if not certificate.dns_names or not covers(certificate, mapping.name):
        faults.append(f"has no DNS alternative name {mapping.name}")
    if certificate.ip_names:
        faults.append(f"has addresses among its names ({', '.join(certificate.ip_names)}), for which clients use NTLM")
    if not certificate.subject:
        faults.append("has no subject")
    return Examined(tuple(faults))


def _of_access(mapping: QuicMapping) -> Iterator[Reason]:
    name = mapping.name
    asks, skips, flags = mapping.require_client_authentication, mapping.skip_client_access_check, mapping.flags
    if asks is False:
        yield Why.OPEN(name=name)
    if skips:
        yield Why.UNLISTED(name=name)
    settings = {"RequireClientAuthentication": asks, "SkipClientCertificateAccessCheck": skips, "Flags": flags}
    unseen = [setting for setting, value in settings.items() if value is None]
    if unseen:
        yield Why.UNSEEN(name=name, settings=" and ".join(unseen))


def _of_pipes(mapping: QuicMapping, server: Maybe[SmbServerConfiguration]) -> Iterator[Reason]:
    """Named pipes: the mapping's flag, and the server's switch where that is not set."""
    name = mapping.name
    if mapping.flags is None:
        return
    if "allownamedpipe" in (flag.lower() for flag in mapping.flags):
        yield Why.PIPES(name=name)
        return
    restricted = server.value.quic_restrict_named_pipes if server.value is not None else None
    if restricted is None:
        unread = Missing(SmbServerConfiguration.INFO.name, Cause.NOT_IN_SOURCE, "RestrictNamedpipeAccessViaQuic")
        yield Why.PIPES_UNSEEN.because(server.missing or unread, name=name)
    else:
        yield Why.RESTRICTED(name=name) if restricted else Why.PIPES_BY_SERVER(name=name)
