"""A host as a folder of CLIXML files, and the gaps of what is read from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypervigil.evidence.evidence import Evidence, Gap
from tests.collect import clixml_files as files

CLUSTER = "af5881ef-0ff7-4b5c-bfed-098decbbf762"
LSA = r"SYSTEM\CurrentControlSet\Control\Lsa"
LSA_VALUES = (
    files.registry(LSA, "RunAsPPL", 2),
    files.registry(r"SOFTWARE\Policies\Microsoft\Windows\System", "RunAsPPL"),
    files.registry(LSA, "RunAsPPLBoot", state="denied"),
)


def gap(evidence: Evidence, name: str, key: str = "hv01.contoso.com") -> Gap:
    found = evidence.facts[name, key] if (name, key) in evidence.facts else evidence.listings[name, key]
    assert isinstance(found, Gap), found
    return found


def write_host(folder: Path, name: str = "HV01", **changes: Any) -> None:
    files.write(folder, "Win32_ComputerSystem.xml", files.computer_system(name, **changes))
    files.write(folder, "Win32_OperatingSystem.xml", files.operating_system(name))
