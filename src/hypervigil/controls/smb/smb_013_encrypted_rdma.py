r"""SMB-013  Encrypted SMB Direct is used only where placement survives encryption.

## What it decides

Whether a node that encrypts its SMB sessions does so over RDMA in a place where encryption throws away what RDMA was
bought for: the direct placement of data in memory.

## Why it matters

Up to 2019 an encrypted session over RDMA is as slow as one over TCP. Nothing fails and nothing is logged; storage and
live migration are just slow, until somebody switches encryption off to get the speed back. From 2022 on data is
encrypted first and placed then, at a small cost. The source document has this right, and signing over RDMA was given
the same treatment.

## How it is decided

For each node with an RDMA adapter that is switched on (`Enabled`):

- Older than 2022 and `EncryptData` on in its SMB server: FAIL.
- Any other with `EncryptData` on, next to an RDMA node older than 2022: FAIL for the sessions between the two, for both
  ends have to know the way (inferred from the protocol, which negotiates it). This is what a cluster looks like in the
  middle of an upgrade.
- Older nodes with RDMA, and none encrypts: PASS. All nodes with RDMA on 2022 or newer: PASS, encrypted or not.
- No node has an RDMA adapter switched on: NOT_APPLICABLE.

Where a node's evidence is missing, PASS and NOT_APPLICABLE become UNKNOWN; what was found to fail stays.

## How to look yourself

On each node:

    Get-SmbServerConfiguration | Select-Object EncryptData
    Get-NetAdapterRdma | Select-Object Name, Enabled
    Get-CimInstance -ClassName Win32_OperatingSystem | Select-Object BuildNumber

| release | with RDMA on |
|---|---|
| 2016 (14393), 2019 (17763) | `EncryptData` is `False` |
| 2022 (20348), 2025 (26100) | either value, once no older node with RDMA is left |

`EncryptData` is `False` out of the box on all of them.

## Remedy

Finish the upgrade to 2022 or newer. Until then choose, for the nodes concerned, between speed and encryption:

    Set-SmbServerConfiguration -EncryptData $false -Force
    Set-SmbShare -Name VMs -EncryptData $true -Force      # only the shares that need it (VMs stands for yours)

or leave encryption on and RDMA off (`Disable-NetAdapterRdma -Name <adapter>`), which is honest about the speed.

- Reboot: none; `EncryptData` holds for sessions that begin afterwards, switching RDMA interrupts the adapter.
- Order: isolate the storage network before encryption goes off (NET-006); drain a node before its adapters are
  touched; one node at a time.
- Rollback: `Set-SmbServerConfiguration -EncryptData $true -Force`, `Enable-NetAdapterRdma -Name <adapter>`.

## What it cannot see

Encryption that is demanded elsewhere: single shares (`Get-SmbShare`, column *EncryptData*), the client's
`RequireEncryption` of 2025, hardened UNC paths, and the cluster's own storage traffic (`SecurityLevelForStorage`,
SMB-012, which remarks on it). Whether a session used RDMA at all, and adapters that are switched on but unplugged.
Peers outside the cluster. What signing costs over RDMA on 2019, which is not documented.

## References

- MicrosoftDocs/windowsserverdocs, `WindowsServerDocs/storage/file-server/smb-direct.md`
- MS-SMB2, section 2.2.3.1.6 (RDMA transforms: 1 encryption, 2 signing)
- MicrosoftDocs/windows-powershell-docs, `docset/winserver2025-ps/NetAdapter/Get-NetAdapterRdma.md` and
  `docset/winserver2025-ps/SmbShare/Set-SmbServerConfiguration.md`
"""

from __future__ import annotations

from collections.abc import Iterable

from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Rdma, SmbServerConfiguration
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.injection import Nodes
from hypervigil.model.outcome import Cause
from hypervigil.model.reason import Reason, ReasonCode, Verdict, excludes, fails, passes, unknown, verdict
from hypervigil.model.subject import Scope, Subject


class Why(ReasonCode):
    """What this control can say."""

    NO_RDMA = excludes("No RDMA adapter that is switched on was found, so there is no SMB Direct to slow down.")
    SURVIVES = passes("Every node with RDMA runs Windows Server 2022 or newer, where placement survives encryption.")
    NOT_ENCRYPTED = passes(
        "Encryption would take direct placement away from {old}; no SMB server seen on a node with RDMA encrypts."
    )
    LOST = fails("SMB over RDMA is encrypted by {nodes}, on a release where that switches direct placement off.")
    LOST_BETWEEN = fails(
        "SMB over RDMA is encrypted by {nodes}; sessions with {old}, older than 2022, lose direct placement.",
        Confidence.INFERRED,
    )
    RELEASE_UNSEEN = unknown("The release of {nodes} with RDMA could not be seen.")
    ENCRYPTION_UNSEEN = unknown("The source does not say whether SMB is encrypted by {nodes}.", Cause.NOT_IN_SOURCE)


CONTROL = Control(
    id="SMB-013",
    title="Encrypted SMB Direct is used only where placement survives encryption",
    family=Family.SMB,
    scope=Scope.CLUSTER,
    severity=Severity.MEDIUM,
    reasons=Why,
)


def assess(servers: Nodes[SmbServerConfiguration], adapters: Nodes[Rdma], systems: Nodes[OperatingSystem]) -> Verdict:
    """Judge the nodes with RDMA, each by itself and next to the older ones."""
    direct = [node for node, rdma in adapters if any(adapter.enabled for adapter in rdma.adapters)]
    if not direct:
        return verdict(Why.NO_RDMA())
    nameless = [node for node in direct if node not in systems.known]
    old = [n for n in direct if n not in nameless and systems.known[n].build_number < Release.WS2022.build]
    if not old and nameless:
        return verdict(Why.RELEASE_UNSEEN.because(systems.missing.get(nameless[0]), nodes=_named(nameless)))
    if not old:
        return verdict(Why.SURVIVES())
    encrypts = {node: servers.known[node].encrypt_data for node in direct if node in servers.known}
    lost = [node for node in old if encrypts.get(node)]
    between = [node for node, on in encrypts.items() if on and node not in old]
    reasons: list[Reason] = []
    if lost:
        reasons.append(Why.LOST(nodes=_named(lost)))
    if between:
        reasons.append(Why.LOST_BETWEEN(nodes=_named(between), old=_named(old)))
    if reasons:
        return verdict(*reasons)
    if unseen := [node for node, on in encrypts.items() if on is None]:
        return verdict(Why.ENCRYPTION_UNSEEN(nodes=_named(unseen)))
    return verdict(Why.NOT_ENCRYPTED(old=_named(old)))


def _named(nodes: Iterable[Subject]) -> str:
    return ", ".join(node.name for node in nodes)
