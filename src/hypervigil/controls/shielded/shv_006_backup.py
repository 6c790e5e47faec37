r"""SHV-006  Backup of shielded VMs does not rely on application-aware processing.

## What it decides

For a shielded VM: whether its backup is declared to work without reaching into the guest from the host.

## Why it matters

Application-aware processing means that a backup product on the host talks to the guest: it quiesces a database, cuts
its log, looks into its files. Shielding closes many of the channels for this. A job that quietly falls back to a
crash-consistent copy looks green, and is found out when a database or a mail server has to be restored to a point in
time. What is copied from outside is ciphertext, too: it is of use only where an authorised host, or the recovery key of
the guest's BitLocker, opens it.

## How it is decided

By what is declared under `[backup]`, `shielded_vms`:

- The VM is not shielded: NOT_APPLICABLE.
- `agent_in_guest`: PASS. An agent inside sees applications and files as on any machine.
- `host_without_guest`: PASS. The restored disk is one as after a power failure, and encrypted.
- `host_application_aware`: REVIEW, unverified. The source document says that a vendor excludes this for shielded VMs.
  No page of that vendor that says so was found, and on hosts from Windows Server 2019 on PowerShell Direct works again
  with credentials of the guest, so products may have found a way: ask the vendor, and restore an application once.
- `not_backed_up`: REVIEW. Is that meant?
- Nothing declared: UNKNOWN. No host can tell.

## How to look yourself

    Get-VM | Get-VMSecurity | Where-Object { $_.Shielded }

Expected on 2019, 2022 and 2025: the VMs that this is about. Then look into the jobs of the backup product, and at the
last restore of an application from one of them.

## Remedy

Put an agent into the guests whose applications have to be consistent, and let the host's job copy disks at the most.

- Reboot: none as a rule; the vendor says whether its agent wants one.
- Order: the agent and its first good backup, one restore, and only then the host's job goes.
- Rollback: switch the former job on again.

## What it cannot see

The backup product, its jobs and their results: all is declared. Whether the recovery keys of the guests are kept, which
every restore on another fabric needs.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/security/guarded-fabric-shielded-vm/`:
  `guarded-fabric-and-shielded-vms.md` (what is blocked), `guarded-fabric-troubleshoot-shielded-vms.md` (what works
  again since 1803)
- helpcenter.veeam.com, user guide for Hyper-V, considerations and limitations of backup jobs (shielded VMs are not
  named on it)
"""

from __future__ import annotations

from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.model.context import Context, ShieldedBackup
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Maybe
from hypervigil.model.reason import ReasonCode, Verdict, excludes, passes, reviews, unknown, verdict
from hypervigil.model.subject import Scope


class Why(ReasonCode):
    """What this control can say."""

    NOT_SHIELDED = excludes("It is not shielded.")
    AGENT = passes("An agent in the guest backs it up ({product}), by declaration.")
    DISKS_ONLY = passes("{product} copies its disks without reaching into the guest, by declaration.")
    REACHES_IN = reviews(
        "{product} is declared to process applications of shielded VMs from the host. Does its vendor support that, "
        "and has an application been restored from such a backup?",
        Confidence.UNVERIFIED,
    )
    NOT_BACKED_UP = reviews("{product} does not back up shielded VMs, by declaration. Is that meant?")
    NOT_DECLARED = unknown("Nobody declares how shielded VMs are backed up.")


CONTROL = Control(
    id="SHV-006",
    title="Backup of shielded VMs does not rely on application-aware processing",
    family=Family.SHIELDED,
    scope=Scope.VM,
    severity=Severity.MEDIUM,
    reasons=Why,
    only="no FAIL: no vendor's page was found that excludes application-aware processing, so it is a question",
)

_SAID = {
    ShieldedBackup.AGENT_IN_GUEST: Why.AGENT,
    ShieldedBackup.HOST_WITHOUT_GUEST: Why.DISKS_ONLY,
    ShieldedBackup.HOST_APPLICATION_AWARE: Why.REACHES_IN,
    ShieldedBackup.NOT_BACKED_UP: Why.NOT_BACKED_UP,
}


def assess(security: VmSecurity, context: Maybe[Context]) -> Verdict:
    """Go by the declaration: nothing on a host tells how it is backed up."""
    if not security.shielded:
        return verdict(Why.NOT_SHIELDED())
    backup = context.value.backup if context.value else None
    if backup is None or backup.shielded_vms is None:
        return verdict(Why.NOT_DECLARED.because(context.missing))
    return verdict(_SAID[backup.shielded_vms](product=backup.product))
