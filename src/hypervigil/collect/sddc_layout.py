"""How Get-SDDCDiagnosticInfo lays out what it gathers.

PrivateCloud.DiagnosticInfo (PowerShell/PrivateCloud.DiagnosticInfo, module 1.1.37): CLIXML about the cluster at the
top, a folder ``Node_<name>`` for each node that answered, in it ``<command>.xml`` beside a table of the same name with
extension txt. The archive is called ``HealthTest-<cluster>-<yyyyMMdd-HHmm>.ZIP``, after the clock of the machine that
gathered.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

import msgspec

from hypervigil.collect.answers import Answer
from hypervigil.collect.failures import Failure
from hypervigil.collect.naming import Place
from hypervigil.evidence.smb import Rdma, SmbClientConfiguration, SmbServerConfiguration
from hypervigil.model.outcome import Cause

_NODE = re.compile(r"node_(.+)", re.IGNORECASE | re.DOTALL)
_TOP = frozenset({"getcluster.xml", "getclusternode.xml"})
PARAMETERS = "getparameters.xml"
_ARCHIVE = re.compile(r"[^-]+-(?P<cluster>.+)-(?P<moment>[0-9]{8}-[0-9]{4})(?:\.zip)?", re.IGNORECASE)
_OFFLINE = "offlinecluster"

EMPTY = "the file is empty, and the archive keeps no errors: it does not say that there are none"


def node_of(folder: str) -> str | None:
    """The node that a folder is of, by the last part of its path; None for any other folder."""
    match = _NODE.fullmatch(folder.rpartition("/")[2])
    return match[1] if match else None


class Layout(msgspec.Struct, frozen=True):
    """Where an archive begins within its source: the folder with the files about the cluster, empty at the top."""

    root: str

    def node(self, path: str) -> str | None:
        """The node of which a file is, by its path; None where it lies in no node's folder."""
        folder = path.rpartition("/")[0]
        return node_of(folder) if folder.rpartition("/")[0] == self.root and folder else None

    def at_top(self, path: str) -> bool:
        """Whether a file is one about the cluster."""
        return path.rpartition("/")[0] == self.root


def layouts(paths: Iterable[str]) -> list[Layout]:
    """The archives that a source holds, by their roots; only the outermost ones."""
    roots: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name.casefold() in _TOP:
            roots.add(folder)
        parts = folder.split("/")
        for depth, part in enumerate(parts):
            if _NODE.fullmatch(part):
                roots.add("/".join(parts[:depth]))
                break
    outermost = {root for root in roots if not any(_inside(root, other) for other in roots)}
    return [Layout(root) for root in sorted(outermost)]


def _inside(root: str, other: str) -> bool:
    return root != other and (not other or root.startswith(f"{other}/"))


def cluster_in_name(name: str) -> str:
    """The cluster that the archive's name tells; empty where it tells none."""
    match = _ARCHIVE.fullmatch(name)
    return match["cluster"] if match and match["cluster"].casefold() != _OFFLINE else ""


def moment_in_name(name: str, zone_minutes: int) -> datetime.datetime | None:
    """When the archive was made by its name, in UTC, on a machine that many minutes east of Greenwich."""
    match = _ARCHIVE.fullmatch(name)
    if match is None:
        return None
    try:
        zone = datetime.timezone(datetime.timedelta(minutes=zone_minutes))
        local = datetime.datetime.strptime(match["moment"], "%Y%m%d-%H%M").replace(tzinfo=zone)
        return local.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def without_empty(answers: Sequence[Answer]) -> list[Answer]:
    """Answers of one node's folder, with the empty ones as failures.

    The commands run with their errors shown on the screen or suppressed, and what comes is exported, even if it is
    nothing: an empty file can be an error. Get-NetAdapterRdma is believed where another command has come through the
    same kind of session (``-CimSession``) to the node.
    """
    reached = any(answer.objects and answer.place.fact in _BY_SESSION for answer in answers)
    found = []
    for answer in answers:
        believed = answer.place == _RDMA and reached
        if answer.objects or answer.failure is not None or believed:
            found.append(answer)
        else:
            found.append(msgspec.structs.replace(answer, failure=Failure(Cause.NOT_COLLECTED, EMPTY)))
    return found


_RDMA = Place(Rdma.INFO.name, 0)
_BY_SESSION = frozenset({SmbServerConfiguration.INFO.name, SmbClientConfiguration.INFO.name})
