"""Tables of security products and Sysmon."""

from __future__ import annotations

from collections import Counter

import pytest

from hypervigil.controls.effective import sensors
from hypervigil.evidence.drivers import DriverInventory
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import host_defaults as host


@pytest.mark.parametrize(
    ("service", "product"),
    [
        ("Sense", "Defender for Endpoint"),
        ("CSFALCONSERVICE", "CrowdStrike Falcon"),
        ("CiscoAMP_8.4.2", "Cisco Secure Endpoint"),
        ("Trend Micro Endpoint Basecamp", "Trend Micro"),
        ("WinDefend", "Defender Antivirus"),
    ],
)
def test_products_by_service(service: str, product: str) -> None:
    services = account.services().services[:3]
    found = sensors.products_of(account.services(account.service(service)))
    assert product in found
    assert service in [own.name for own in found[product]]
    assert not sensors.products_of(type(account.services())(services=services))


@pytest.mark.parametrize(
    ("name", "altitudes", "product"),
    [
        ("csagent", (), "CrowdStrike Falcon"),
        ("renamed", ("321410",), "CrowdStrike Falcon"),
        ("SentinelMonitor", ("329355.5",), "SentinelOne"),
        ("anything", ("320321",), "Deep Instinct"),
        ("nobody", ("325000",), "unknown"),
        ("nobody", ("389999",), "unknown"),
        ("nobody", ("320000",), "unknown"),
    ],
)
def test_filters_of_security_software(name: str, altitudes: tuple[str, ...], product: str) -> None:
    inventory = DriverInventory(drivers=(host.driver(name, "1.0.0.0", altitudes=altitudes),))
    assert [(driver.name, found) for driver, found in sensors.security_filters(inventory)] == [(name, product)]


@pytest.mark.parametrize(
    ("name", "altitudes"),
    [
        ("WdFilter", ("328010",)),
        ("MsSecFlt", ("385600",)),
        ("SysmonDrv", ("385201",)),
        ("hidden", ("385201",)),
        ("PROCMON24", ("385200",)),
        ("csvflt", ("404800",)),
        ("luafv", ("135000",)),
        ("above", ("329999",)),
        ("below", ("359999.9",)),
        ("odd", ("none",)),
        ("disk", ()),
    ],
)
def test_what_is_no_security_product(name: str, altitudes: tuple[str, ...]) -> None:
    inventory = DriverInventory(drivers=(host.driver(name, "1.0.0.0", altitudes=altitudes),))
    assert list(sensors.security_filters(inventory)) == []


def test_a_filter_that_does_not_run_is_none() -> None:
    stopped = host.driver("csagent", "1.0.0.0", altitudes=("321410",), state="Stopped")
    assert list(sensors.security_filters(DriverInventory(drivers=(stopped,)))) == []


def test_sysmon_is_found_by_name_altitude_or_hint() -> None:
    drivers = (
        host.driver("sysmondrv", "1.0.0.0"),
        host.driver("quiet", "1.0.0.0", altitudes=("385201",)),
        host.driver("moved", "1.0.0.0", altitudes=("385999",)),
        host.driver("disk", "1.0.0.0"),
    )
    assert [driver.name for driver in sensors.sysmon_drivers(drivers)] == ["sysmondrv", "quiet"]
    assert [driver.name for driver in sensors.sysmon_drivers(drivers, "MOVED", None)] == ["sysmondrv", "quiet", "moved"]
    services = account.services(account.service("watcher"))
    assert [own.name for own in sensors.sysmon_services(services, "Watcher")] == ["Sysmon64", "watcher"]
    assert [own.name for own in sensors.sysmon_services(services, None)] == ["Sysmon64"]


def test_no_altitude_and_no_service_is_of_two_products() -> None:
    altitudes = Counter(altitude for product in sensors.PRODUCTS for altitude in product.filters)
    services = Counter(name.casefold() for product in sensors.PRODUCTS for name in product.services)
    assert [altitude for altitude, times in altitudes.items() if times > 1] == []
    assert [name for name, times in services.items() if times > 1] == []
