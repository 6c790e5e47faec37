"""Small CLIXML documents for tests: synthetic, in the form that Export-Clixml writes."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hypervigil.formats.clixml import parse

NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04"


@dataclass(frozen=True)
class Enum:
    """An enumeration value."""

    number: int
    name: str
    type_name: str = "Some.Enumeration"


@dataclass(frozen=True)
class Obj:
    """An object: type names from the most derived one, adapted and extended properties."""

    types: tuple[str, ...] = ("System.Management.Automation.PSCustomObject", "System.Object")
    adapted: Mapping[str, Any] = field(default_factory=dict)
    extended: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


def cim(class_name: str, namespace: str = "root/cimv2", **properties: Any) -> Obj:
    """An instance as Get-CimInstance gives it."""
    base = "Microsoft.Management.Infrastructure.CimInstance"
    return Obj((f"{base}#{namespace}/{class_name}", f"{base}#{class_name}", base, "System.Object"), properties)


def selected(**properties: Any) -> Obj:
    """What Select-Object makes of a CIM instance: its class is gone."""
    base = "Selected.Microsoft.Management.Infrastructure.CimInstance"
    return Obj((base, "System.Management.Automation.PSCustomObject", "System.Object"), extended=properties)


def error(
    reason: str, message: str = "It failed.", *, category: int = 0, error_id: str = "", activity: str = "", **more: Any
) -> Obj:
    """An error record, with the properties that PowerShell gives it for remoting."""
    exception = Obj((f"System.{reason}", "System.Exception", "System.Object"), {"Message": message, **more})
    return Obj(
        ("System.Management.Automation.ErrorRecord", "System.Object"),
        extended={
            "Exception": exception,
            "FullyQualifiedErrorId": error_id or reason,
            "ErrorCategory_Category": category,
            "ErrorCategory_Activity": activity,
            "ErrorCategory_Reason": reason,
        },
        text=message,
    )


def registry(key: str, name: str, data: Any = None, kind: str = "DWord", state: str = "") -> Obj:
    """One value as the snippet exports it: present with data, else absent (or as ``state`` says)."""
    there = data is not None
    return Obj(
        extended={
            "Path": f"HKLM:\\{key}",
            "Name": name,
            "State": state or ("present" if there else "absent"),
            "Type": kind if there else None,
            "Data": data,
        }
    )


def document(*objects: Any) -> bytes:
    """A whole file."""
    body = "".join(element(each) for each in objects)
    return f'<Objs Version="1.1.0.1" xmlns="{NAMESPACE}">{body}</Objs>'.encode()


def write(folder: Path, name: str, *objects: Any) -> Path:
    """A file with these objects."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(document(*objects))
    return path


def parsed(*values: Any) -> list[object]:
    """The values after a way through CLIXML."""
    return parse(document(*values))


def element(value: Any, name: str = "") -> str:
    """One value as XML."""
    attribute = f" N={quoteattr(name)}" if name else ""
    if value is None:
        return f"<Nil{attribute} />"
    if isinstance(value, bool):
        return f"<B{attribute}>{str(value).lower()}</B>"
    if isinstance(value, int):
        return f"<I64{attribute}>{value}</I64>"
    if isinstance(value, datetime.datetime):
        return f"<DT{attribute}>{value.isoformat()}</DT>"
    if isinstance(value, uuid.UUID):
        return f"<G{attribute}>{value}</G>"
    if isinstance(value, str):
        return f"<S{attribute}>{escape(value)}</S>"
    if isinstance(value, Enum):
        return (
            f"<Obj{attribute}><TN><T>{value.type_name}</T><T>System.Enum</T></TN>"
            f"<ToString>{escape(value.name)}</ToString><I32>{value.number}</I32></Obj>"
        )
    if isinstance(value, (list, tuple)):
        items = "".join(element(each) for each in value)
        return f"<Obj{attribute}><TN><T>System.Object[]</T></TN><LST>{items}</LST></Obj>"
    return _object(value, attribute)


def _object(value: Obj, attribute: str) -> str:
    types = "".join(f"<T>{escape(each)}</T>" for each in value.types)
    text = "" if value.text is None else f"<ToString>{escape(value.text)}</ToString>"
    adapted = "".join(element(each, name) for name, each in value.adapted.items())
    extended = "".join(element(each, name) for name, each in value.extended.items())
    return f"<Obj{attribute}><TN>{types}</TN>{text}<Props>{adapted}</Props><MS>{extended}</MS></Obj>"


# --- what a host has ---

SYSTEM = {
    "CSName": "HV01",
    "Caption": "Microsoft Windows Server 2025 Datacenter",
    "BuildNumber": "26100",
    "ProductType": 3,
    "OperatingSystemSKU": 8,
    "LastBootUpTime": datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC),
}
COMPUTER = {
    "Name": "HV01",
    "DNSHostName": "hv01",
    "Domain": "contoso.com",
    "PartOfDomain": True,
    "DomainRole": 3,
    "Manufacturer": "Example Systems",
    "Model": "Node R2",
    "HypervisorPresent": True,
}


def operating_system(name: str = "HV01", **changes: Any) -> Obj:
    """Win32_OperatingSystem."""
    return cim("Win32_OperatingSystem", **{**SYSTEM, "CSName": name, **changes})


def computer_system(name: str = "HV01", **changes: Any) -> Obj:
    """Win32_ComputerSystem."""
    return cim("Win32_ComputerSystem", **{**COMPUTER, "Name": name, "DNSHostName": name.lower(), **changes})


def smb_server(**changes: Any) -> Obj:
    """MSFT_SmbServerConfiguration."""
    properties = {"RequireSecuritySignature": True, "EnableSMB1Protocol": False, **changes}
    return cim("MSFT_SmbServerConfiguration", "ROOT/Microsoft/Windows/SMB", **properties)


def cluster(name: str = "CL01", **changes: Any) -> Obj:
    """Get-Cluster."""
    properties = {
        "Name": name,
        "Id": "AF5881EF-0FF7-4B5C-BFED-098DECBBF762",
        "Domain": "contoso.com",
        "SecurityLevel": Enum(1, "Sign"),
        "ClusterFunctionalLevel": 12,
        **changes,
    }
    return Obj(("Microsoft.FailoverClusters.PowerShell.Cluster", "System.Object"), properties)


def cluster_node(name: str, state: Any = Enum(0, "Up"), **changes: Any) -> Obj:
    """Get-ClusterNode."""
    properties = {"Name": name, "Id": "1", "State": state, "BuildNumber": 26100, **changes}
    return Obj(("Microsoft.FailoverClusters.PowerShell.ClusterNode", "System.Object"), properties)


def vm(name: str, number: int, **changes: Any) -> Obj:
    """Get-VM."""
    properties = {
        "Id": uuid.UUID(int=number),
        "Name": name,
        "Generation": 2,
        "Version": "12.0",
        "State": Enum(2, "Running"),
        "IsClustered": True,
        **changes,
    }
    return Obj(("Microsoft.HyperV.PowerShell.VirtualMachine", "System.Object"), properties)
