r"""SHV-003  Copies of guardian keys exist and expire in more than 90 days.

## What it decides

For each guardian key that lies on a node with its private key: whether somebody declares a copy of it that lies
offline, and whether its certificate is good for more than 90 days yet (a profile may set another number).

## Why it matters

A local guardian key is all that opens the virtual TPMs of its VMs. It lies on a host, in a store that no backup of VMs
contains. A host that is lost or reinstalled takes it along, and the VMs are left to their BitLocker recovery keys and a
new TPM, where somebody has those. One exported pair in a safe turns that into an import.

The certificates have an end like any other. A host imports an expired guardian only when it is told to
(`Import-HgsGuardian -AllowExpired`); whether VMs stop to start at that date is documented nowhere, which is a reason to
find out before it comes.

## How it is decided

Signing and encryption certificates count alike, for both are exported and imported. Certificates without a private key
do not: they open nothing.

- No node has such a key: NOT_APPLICABLE. The keys of a Host Guardian Service lie with the service.
- A key without a declared copy: FAIL, naming key and nodes. That other nodes hold it, too, is no copy: they may all be
  reinstalled in one upgrade.
- A certificate past its date, by the host's or the declared date: FAIL.
- One that ends within 90 days: REVIEW. The number is this project's, there is none of Microsoft's.
- Copies for all, all good for longer: PASS.
- Nobody declares copies (`key_copies` of the context), or the evidence does not tell when it was made: UNKNOWN.

## How to look yourself

    Invoke-Command -ComputerName (Get-ClusterNode).Name -ScriptBlock {
        Get-ChildItem -Path 'Cert:\LocalMachine\Shielded VM Local Certificates' } |
        Select-Object PSComputerName, Thumbprint, Subject, HasPrivateKey, NotAfter

Expected on 2019, 2022 and 2025: for each line with HasPrivateKey True an exported file in a safe place, noted with its
thumbprint, and a NotAfter that is far away.

## Remedy

    $store = 'Cert:\LocalMachine\Shielded VM Local Certificates'
    Get-ChildItem -Path $store | ForEach-Object {
        Export-PfxCertificate -Cert $_ -FilePath "D:\$($_.Thumbprint).pfx" -Password $secret }

Keep one copy offline, encrypted, treated like the credentials of a domain administrator, and declare it:

    [[shielding.key_copies]]
    thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567"
    kept_at = "Safe in the other building"
    expires = 2030-01-31

Before a guardian ends, make a new one and bring it into the key protectors of its VMs while the old one still opens
them; keep both until no VM needs the old one.

- Reboot: none.
- Order: export from every node before any node is upgraded by reinstallation. Delete the file on the node afterwards.
- Rollback: nothing to roll back; a copy that is not needed is destroyed.

## What it cannot see

Whether the declared copy is there, can be read, and holds the private key: try it on a host outside of the cluster.
The backup and the certificates of a Host Guardian Service.

## References

- Microsoft Japan, System Center support blog on virtual TPMs in clusters (2024-09)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/HgsClient/Import-HgsGuardian.md`
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from hypervigil.controls.effective.moments import in_utc
from hypervigil.evidence.shielding import Guardians
from hypervigil.model import injection
from hypervigil.model.context import Context, KeyCopy
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.injection import Maybe, Moment, Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NO_KEY = excludes("No node holds a guardian key of its own.")
    COPIED = passes("A copy is declared of each of the {count} guardian keys; the first of them ends on {day}.")
    NO_COPY = fails("No copy is declared of guardian key {thumbprint} ({subject}), which lies on {nodes}.")
    ENDED = fails("Guardian key {thumbprint} ({subject}) on {nodes} ended on {day}.")
    ENDS_SOON = reviews("Guardian key {thumbprint} ({subject}) on {nodes} ends on {day}. Who replaces it before that?")
    NOT_DECLARED = unknown("Nobody declares where copies of the {count} guardian keys lie.")
    UNDATED = unknown(
        "Nothing says when the evidence was collected, so how long a key still lasts can not be told.",
        Cause.NOT_IN_SOURCE,
    )


class Parameters(injection.Parameters, frozen=True, kw_only=True):
    """What a profile may set; the default is the project's own."""

    days: Annotated[int, Meta(ge=0, le=3650, description="For how many days more a key has to last.")] = 90


CONTROL = Control(
    id="SHV-003",
    title="Copies of guardian keys exist and expire in more than 90 days",
    family=Family.SHIELDED,
    scope=Scope.CLUSTER,
    severity=Severity.HIGH,
    reasons=Why,
)


class _Key(msgspec.Struct):
    """One key, on whichever nodes it lies, and the day on which it ends: on the host or as declared of its copy."""

    thumbprint: str
    subject: str
    ends: datetime.date
    nodes: list[str]

    @property
    def named(self) -> dict[str, str]:
        """What every sentence about it needs."""
        return {"thumbprint": self.thumbprint, "subject": self.subject, "nodes": ", ".join(self.nodes)}


def assess(guardians: Nodes[Guardians], context: Maybe[Context], moment: Moment, wanted: Parameters) -> Verdict:
    """Judge each key once."""
    keys = _keys(guardians)
    if not keys:
        return verdict(Why.NO_KEY())
    copies = _copies(context)
    reasons: list[Reason] = [] if moment.day else [Why.UNDATED()]
    if copies is None:
        reasons.append(Why.NOT_DECLARED.because(context.missing, count=len(keys)))
    else:
        reasons += [Why.NO_COPY(**key.named) for key in keys if key.thumbprint not in copies]
    for key in keys:
        copy = copies.get(key.thumbprint) if copies else None
        if copy and copy.expires:
            key.ends = min(key.ends, copy.expires)
        if moment.day:
            reasons.extend(_end(key, moment.day, wanted.days))
    first = min(key.ends for key in keys)
    return verdict(*(reasons or [Why.COPIED(count=len(keys), day=first.isoformat())]))


def _keys(guardians: Nodes[Guardians]) -> list[_Key]:
    """Every key that lies on some node with its private key, in the order of the nodes."""
    found: dict[str, _Key] = {}
    for node, own in guardians:
        for key in own.keys:
            if key.has_private_key:
                thumbprint = key.thumbprint.upper()
                ends = in_utc(key.not_after).date()
                one = found.setdefault(thumbprint, _Key(thumbprint, key.subject, ends, []))
                one.ends = min(one.ends, ends)
                one.nodes.append(node.name)
    return list(found.values())


def _copies(context: Maybe[Context]) -> Mapping[str, KeyCopy] | None:
    """The declared copies by thumbprint; None where nobody declares whether there are any."""
    shielding = context.value.shielding if context.value else None
    if shielding is None or shielding.key_copies is None:
        return None
    return {copy.thumbprint.upper(): copy for copy in shielding.key_copies}


def _end(key: _Key, today: datetime.date, days: int) -> Iterator[Reason]:
    if key.ends < today:
        yield Why.ENDED(**key.named, day=key.ends.isoformat())
    elif (key.ends - today).days <= days:
        yield Why.ENDS_SOON(**key.named, day=key.ends.isoformat())
