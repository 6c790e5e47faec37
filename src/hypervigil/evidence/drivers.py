"""The drivers of a host, and the list of vulnerable drivers that it refuses."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.events import Event
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_WMI = "MicrosoftDocs/win32 desktop-src/CIMWin32Prov/"

BLOCKLIST_POLICY = "d2bda982-ccf6-4344-ac5b-0b44427b6816"
"""Id of Microsoft's blocklist among the policies that event 3099 names (facts on drivers, section 4.3)."""


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """One kernel driver or file system driver that is registered on a host."""

    name: Annotated[str, Meta(description="Name of its service: the same in every language.")]
    path: Annotated[
        str | None, Meta(description="Path of its image with a drive letter; null where none is given.")
    ] = None
    display_name: str | None = None
    state: Annotated[str, Meta(description="Running, Stopped ...")]
    start_mode: Annotated[str, Meta(description="Boot, System, Auto, Manual, Disabled.")]
    service_type: Annotated[str | None, Meta(description="Kernel Driver, File System Driver ...")] = None
    file_version: Annotated[
        str | None, Meta(description="Four numbers of the image's fixed version, not its text; null where unreadable.")
    ] = None
    company: Annotated[str | None, Meta(description="CompanyName of the image's version resource.")] = None
    original_name: Annotated[str | None, Meta(description="OriginalFilename of the image's version resource.")] = None
    size: Annotated[int | None, Meta(description="Bytes of the image.")] = None
    sha256: Annotated[str | None, Meta(description="Of the whole file, lower-case hex.")] = None
    altitudes: Annotated[
        tuple[str, ...], Meta(description="Altitudes of its minifilter instances; empty for all other drivers.")
    ] = ()


class DriverPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A driver package and how many devices use it."""

    inf: Annotated[str | None, Meta(description="InfName such as oem5.inf.")] = None
    version: Annotated[str | None, Meta(description="DriverVersion.")] = None
    date: Annotated[datetime.datetime | None, Meta(description="DriverDate.")] = None
    provider: Annotated[str | None, Meta(description="DriverProviderName.")] = None
    signer: str | None = None
    signed: Annotated[bool | None, Meta(description="IsSigned.")] = None
    device_class: Annotated[str | None, Meta(description="DeviceClass such as NET.")] = None
    devices: Annotated[tuple[str, ...], Meta(description="Names of its devices, in the language of the host.")] = ()


class DriverInventory(Fact, frozen=True, kw_only=True):
    """The drivers that a host has, with version and digest of each image, and its driver packages."""

    INFO: ClassVar[FactType] = FactType(
        name="driver_inventory",
        title="Driver inventory",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-CimInstance -ClassName Win32_SystemDriver -Namespace root\cimv2",
                properties=("Name", "DisplayName", "PathName", "State", "StartMode", "ServiceType"),
                shapes=("Win32_SystemDriver",),
            ),
            Read(
                command=r"Get-CimInstance -ClassName Win32_PnPSignedDriver -Namespace root\cimv2",
                properties=(
                    *("InfName", "DriverVersion", "DriverDate", "DriverProviderName", "Signer", "IsSigned"),
                    *("DeviceClass", "DeviceName"),
                ),
                shapes=("Win32_PnPSignedDriver",),
            ),
            Read(
                command="Get-Item -LiteralPath",
                properties=(
                    *("Length", "VersionInfo", "FileMajorPart", "FileMinorPart", "FileBuildPart", "FilePrivatePart"),
                    *("CompanyName", "OriginalFilename"),
                ),
            ),
            Read(command="Get-FileHash -Algorithm SHA256 -LiteralPath", properties=("Hash",)),
            Read(
                registry=(
                    RegistryRead(
                        field="drivers",
                        key=r"SYSTEM\CurrentControlSet\Services\<driver>\Instances\<instance>",
                        name="Altitude",
                    ),
                )
            ),
        ),
        sources=(
            _WMI + "win32-systemdriver.md",
            _WMI + "win32-pnpsigneddriver.md",
            "MicrosoftDocs/windows-driver-docs windows-driver-docs-pr/ifs/allocated-altitudes.md",
        ),
    )

    drivers: tuple[Driver, ...]
    packages: Annotated[tuple[DriverPackage, ...] | None, Meta(description="Null where they were not read.")] = None

    def at_altitude(self, *altitudes: str) -> tuple[Driver, ...]:
        """The drivers with a minifilter at one of these altitudes."""
        return tuple(driver for driver in self.drivers if set(driver.altitudes) & set(altitudes))


class LoadedPolicy(Event, frozen=True, kw_only=True):
    """An App Control policy that code integrity said it has loaded (event 3099)."""

    policy_id: Annotated[str | None, Meta(description="PolicyGUID in lower case, without braces.")] = None
    policy_name: Annotated[str | None, Meta(description="PolicyNameBuffer.")] = None
    options: Annotated[int | None, Meta(description="Options, as bits.")] = None


class DriverBlocklist(Fact, frozen=True, kw_only=True):
    """Whether Microsoft's list of vulnerable drivers is switched on, and which file of it lies on the host."""

    INFO: ClassVar[FactType] = FactType(
        name="driver_blocklist",
        title="Vulnerable driver blocklist",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=(
                    RegistryRead(
                        field="enabled",
                        key=r"SYSTEM\CurrentControlSet\Control\CI\Config",
                        name="VulnerableDriverBlocklistEnable",
                    ),
                )
            ),
            Read(
                command=r"Get-Item -LiteralPath 'C:\Windows\System32\CodeIntegrity\driversipolicy.p7b'",
                properties=("Length", "LastWriteTimeUtc"),
            ),
            Read(command="Get-FileHash -Algorithm SHA256 -LiteralPath", properties=("Hash",)),
            Read(
                events=(
                    EventRead(
                        log="Microsoft-Windows-CodeIntegrity/Operational",
                        provider="Microsoft-Windows-CodeIntegrity",
                        ids=(3099,),
                        fields=("PolicyNameBuffer", "PolicyGUID", "Options"),
                        days=365,
                        most=100,
                    ),
                )
            ),
        ),
        sources=(
            "Microsoft's page Microsoft recommended driver block rules",
            "a public sample of event 3099 that names the blocklist",
        ),
    )

    enabled: Annotated[RegistryValue, Meta(description="VulnerableDriverBlocklistEnable: 1 on, 0 off (unverified).")]
    file_present: Annotated[bool, Meta(description="driversipolicy.p7b lies in System32\\CodeIntegrity.")]
    file_size: Annotated[int | None, Meta(description="Bytes.")] = None
    file_sha256: Annotated[str | None, Meta(description="Lower-case hex: which edition of the list it is.")] = None
    file_written: Annotated[datetime.datetime | None, Meta(description="LastWriteTimeUtc.")] = None
    loaded: Annotated[tuple[LoadedPolicy, ...] | None, Meta(description="Newest first; null where not read.")] = None
