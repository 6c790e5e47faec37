"""operating_system and computer_system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypervigil.collect.readers import fields
from hypervigil.evidence.host import ComputerSystem, DomainRole, OperatingSystem, ProductType
from hypervigil.evidence.registry import RegistryValue


def operating_system(
    instances: Sequence[object], registry: Mapping[str, RegistryValue] | None = None
) -> OperatingSystem:
    """From the instance of Win32_OperatingSystem, and from the values of CurrentVersion by field where they were read.

    Raises:
        UnreadableError: there is not one instance, or a property is missing or of another type.
    """
    system = fields.single(instances)
    values = registry or {}
    return OperatingSystem(
        name=fields.text(system, "CSName"),
        build_number=fields.number(system, "BuildNumber"),
        product_type=fields.code(system, "ProductType", ProductType),
        caption=fields.text_or_none(system, "Caption") or "",
        sku=fields.number_or_none(system, "OperatingSystemSKU"),
        ubr=values["ubr"].number if "ubr" in values else None,
        edition_id=_text(values.get("edition_id")),
        installation_type=_text(values.get("installation_type")),
        installed=fields.moment_or_none(system, "InstallDate"),
        last_boot=fields.moment_or_none(system, "LastBootUpTime"),
    )


def _text(value: RegistryValue | None) -> str | None:
    return value.data if value is not None and isinstance(value.data, str) else None


def computer_system(instances: Sequence[object]) -> ComputerSystem:
    """From the instance of Win32_ComputerSystem.

    Raises:
        UnreadableError: there is not one instance, or a property is missing or of another type.
    """
    system = fields.single(instances)
    return ComputerSystem(
        name=fields.text(system, "Name"),
        part_of_domain=fields.boolean(system, "PartOfDomain"),
        domain_role=fields.code(system, "DomainRole", DomainRole),
        dns_host_name=fields.text_or_none(system, "DNSHostName"),
        domain=fields.text_or_none(system, "Domain"),
        manufacturer=fields.text_or_none(system, "Manufacturer"),
        model=fields.text_or_none(system, "Model"),
        hypervisor_present=fields.boolean_or_none(system, "HypervisorPresent"),
    )
