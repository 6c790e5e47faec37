"""What a host is: its operating system and its place in a domain."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.release import Release, release_of
from hypervigil.model.subject import Scope


class ProductType(Code):
    """``Win32_OperatingSystem.ProductType``."""

    WORKSTATION = 1
    DOMAIN_CONTROLLER = 2
    SERVER = 3


class DomainRole(Code):
    """``Win32_ComputerSystem.DomainRole``."""

    STANDALONE_WORKSTATION = 0
    MEMBER_WORKSTATION = 1
    STANDALONE_SERVER = 2
    MEMBER_SERVER = 3
    BACKUP_DOMAIN_CONTROLLER = 4
    PRIMARY_DOMAIN_CONTROLLER = 5


class OperatingSystem(Fact, frozen=True, kw_only=True):
    """The Windows release that a node runs, its edition and its update level."""

    INFO: ClassVar[FactType] = FactType(
        name="operating_system",
        title="Operating system",
        subject=Scope.NODE,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command=r"Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2",
                properties=(
                    "CSName",
                    "Caption",
                    "BuildNumber",
                    "ProductType",
                    "OperatingSystemSKU",
                    "InstallDate",
                    "LastBootUpTime",
                ),
                shapes=("Win32_OperatingSystem",),
            ),
            Read(
                registry=(
                    RegistryRead(field="ubr", key=r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", name="UBR"),
                    RegistryRead(
                        field="edition_id", key=r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", name="EditionID"
                    ),
                    RegistryRead(
                        field="installation_type",
                        key=r"SOFTWARE\Microsoft\Windows NT\CurrentVersion",
                        name="InstallationType",
                    ),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/win32 desktop-src/CIMWin32Prov/win32-operatingsystem.md",
            "MicrosoftDocs/windowsserverdocs WindowsServerDocs/get-started/windows-server-release-info",
        ),
    )

    name: Annotated[str, Meta(description="Computer name (CSName).")]
    build_number: Annotated[int, Meta(description="17763 = 2019, 20348 = 2022, 26100 = 2025.")]
    product_type: ProductType
    caption: Annotated[str, Meta(description="Product name, in the language of the host.")] = ""
    sku: Annotated[int | None, Meta(description="OperatingSystemSKU.")] = None
    ubr: Annotated[int | None, Meta(description="Update build revision; null where the source does not hold it.")] = (
        None
    )
    edition_id: Annotated[str | None, Meta(description="EditionID such as ServerDatacenter.")] = None
    installation_type: Annotated[str | None, Meta(description="Server, Server Core ...")] = None
    installed: Annotated[datetime.datetime | None, Meta(description="InstallDate; an in-place upgrade renews it.")] = (
        None
    )
    last_boot: Annotated[datetime.datetime | None, Meta(description="LastBootUpTime.")] = None

    @property
    def release(self) -> Release | None:
        """The release; None for a build that no table of ours has."""
        return release_of(self.build_number)

    @property
    def release_title(self) -> str:
        """What people read: the release, or the build where the release is unknown."""
        return self.release.title if self.release else f"build {self.build_number}"


class ComputerSystem(Fact, frozen=True, kw_only=True):
    """Whether a node is in a domain, which role it has there, and what hardware it says it is."""

    INFO: ClassVar[FactType] = FactType(
        name="computer_system",
        title="Computer system",
        subject=Scope.NODE,
        elevated=False,
        in_sddc=True,
        reads=(
            Read(
                command=r"Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2",
                properties=(
                    "Name",
                    "DNSHostName",
                    "Domain",
                    "PartOfDomain",
                    "DomainRole",
                    "Manufacturer",
                    "Model",
                    "HypervisorPresent",
                ),
                shapes=("Win32_ComputerSystem",),
            ),
        ),
        sources=("MicrosoftDocs/win32 desktop-src/CIMWin32Prov/win32-computersystem.md",),
    )

    name: Annotated[str, Meta(description="NetBIOS name.")]
    part_of_domain: bool
    domain_role: DomainRole
    dns_host_name: Annotated[str | None, Meta(description="Host name without domain.")] = None
    domain: Annotated[str | None, Meta(description="DNS domain, or the workgroup's name.")] = None
    manufacturer: Annotated[str | None, Meta(description="As the firmware says.")] = None
    model: Annotated[str | None, Meta(description="As the firmware says.")] = None
    hypervisor_present: Annotated[
        bool | None, Meta(description="A hypervisor runs: true on every Hyper-V host, so no proof of being a guest.")
    ] = None

    @property
    def is_domain_controller(self) -> bool:
        """Domain role 4 or 5."""
        return self.domain_role in (DomainRole.BACKUP_DOMAIN_CONTROLLER, DomainRole.PRIMARY_DOMAIN_CONTROLLER)

    @property
    def fqdn(self) -> str:
        """Host name with its domain where it is in one, in lower case."""
        host = (self.dns_host_name or self.name).lower()
        return f"{host}.{self.domain.lower()}" if self.part_of_domain and self.domain else host

    @property
    def virtual_machine(self) -> str | None:
        """Which virtualisation the firmware names when the node is itself a VM; None for what looks like hardware.

        Maker and model of well-known hypervisors' firmware; a product that hides itself is not seen (inferred rule).
        """
        made = f"{self.manufacturer or ''} {self.model or ''}".casefold()
        return next((title for sign, title in _VIRTUAL_FIRMWARE if sign in made), None)


_VIRTUAL_FIRMWARE = (
    ("microsoft corporation virtual machine", "Hyper-V or Azure"),
    ("vmware", "VMware"),
    ("virtualbox", "VirtualBox"),
    ("qemu", "QEMU/KVM"),
    ("kvm", "KVM"),
    ("xen", "Xen"),
    ("amazon ec2", "Amazon EC2"),
    ("google compute engine", "Google Compute Engine"),
    ("nutanix ahv", "Nutanix AHV"),
    ("parallels", "Parallels"),
)
