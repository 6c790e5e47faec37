"""Sysmon and security products, recognised by their services, drivers and altitudes.

Altitudes are those of Microsoft's list of allocated altitudes; names of services are known less well, and for some
products not at all. So a driver in an altitude range of security software that no table has is a product that nobody
here knows, and not "none".
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import msgspec

from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.drivers import Driver, DriverInventory
from hypervigil.evidence.sensors import SYSMON_ALTITUDE

RUNNING = "running"
"""``State`` of a service or driver that runs, in lower case; Windows does not translate it."""


class Product(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A security product: names of its services (``*`` at the end for any that begin so), its filters by altitude.

    ``filters`` has the driver's name for each altitude, empty where only the altitude is known. ``sensor`` is whether
    it reports what happens (EDR), and not only stops what it knows to be bad.
    """

    name: str
    services: tuple[str, ...] = ()
    filters: dict[str, str]
    sensor: bool = True

    def owns_service(self, name: str) -> bool:
        """Whether a service of that name is one of its own."""
        name = name.casefold()
        return name in self.service_names or name.startswith(self.service_beginnings)

    def owns_driver(self, driver: Driver) -> bool:
        """Whether a driver is one of its filters: by its name, or by an altitude of a driver that was renamed."""
        return driver.name.casefold() in self._filter_names or not self.filters.keys().isdisjoint(driver.altitudes)

    @functools.cached_property
    def service_names(self) -> frozenset[str]:
        """Whole names of its services, in lower case."""
        return frozenset(name.casefold() for name in self.services if not name.endswith("*"))

    @functools.cached_property
    def service_beginnings(self) -> tuple[str, ...]:
        """Beginnings of names of its services, in lower case."""
        return tuple(name[:-1].casefold() for name in self.services if name.endswith("*"))

    @functools.cached_property
    def _filter_names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.filters.values() if name)


def _product(name: str, services: str, *filters: str, sensor: bool = True) -> Product:
    """From services with ``|`` between them, and from ``driver altitude altitude``, a driver ``-`` having no name."""
    by_altitude: dict[str, str] = {}
    for each in filters:
        driver, *altitudes = each.split()
        by_altitude.update(dict.fromkeys(altitudes, "" if driver == "-" else driver))
    names = tuple(service for service in services.split("|") if service)
    return Product(name=name, services=names, filters=by_altitude, sensor=sensor)


DEFENDER_ANTIVIRUS = _product("Defender Antivirus", "WinDefend|WdNisSvc|MdCoreSvc", "WdFilter 328010", sensor=False)
DEFENDER_FOR_ENDPOINT = _product("Defender for Endpoint", "Sense", "mssecflt 385600")

PRODUCTS: tuple[Product, ...] = (
    DEFENDER_ANTIVIRUS,
    DEFENDER_FOR_ENDPOINT,
    _product("CrowdStrike Falcon", "CSFalconService", "csagent 321410"),
    _product(
        "SentinelOne",
        "SentinelAgent|SentinelStaticEngine|SentinelHelperService|LogProcessorService",
        "SentinelMonitor 329355.5 389040",
    ),
    _product(
        "Carbon Black",
        "CbDefense|CarbonBlack|Parity",
        "CarbonBlackK 386720",
        "b9kernel 329050",
        "paritydriver 80800",
    ),
    _product("Cortex XDR", "cyserver|CyveraService", "tedrdrv 380430", "CyvrFsfd 321234"),
    _product(
        "Sophos",
        "Sophos MCS Agent|Sophos Endpoint Defense Service|Sophos File Scanner Service|SntpService|hmpalertsvc",
        "SophosED 389220 324050 80670",
        "savonaccess 324010",
        "hmpalert 345800",
    ),
    _product(
        "Trellix",
        "xagt|mfemms|mfefire|masvc|macmnsvc",
        "FeKern 388360",
        "mfeaskm 386610",
        "mfehidk 321300",
        "mfencoas 321310",
    ),
    _product("Elastic Defend", "ElasticEndpoint", "ElasticEndpoint 260350.5"),
    _product(
        "Trend Micro",
        "ds_agent|TMBMServer|ntrtscan|tmlisten|Trend Micro Endpoint Basecamp",
        "TMUMH 388630",
        "TmKmSnsr 328550",
        "TmEsFlt 328530",
        "TmEyes 328520",
        "tmevtmgr 328510",
    ),
    _product("ESET", "ekrn|EraAgentSvc", "edevmon 400800", "ehdrv 387600", "eamonm 328700"),
    _product("Cylance", "CylanceSvc|CyOptics", "CyOptics 388514", "CyProtectDrv 388510"),
    _product(
        "Bitdefender",
        "EPSecurityService|EPProtectedService|EPRedline|EPIntegrationService",
        "edrsensor 389025",
        "gzflt 320820",
        "Atc 320781",
        "bddevflt 320812",
    ),
    _product("WithSecure", "fshoster|fsulhoster", "fshs 388221 388222", "fsatp 388220", "fsgk 322000"),
    _product("Cybereason", "CybereasonActiveProbe|CybereasonCRS|CybereasonBlocki", "CRExecPrev 262410"),
    _product("Tanium", "Tanium Client", "TaniumRecorderDrv 385800"),
    _product("HarfangLab", "hurukai", "hlprotect 321650"),
    _product(
        "Cisco Secure Endpoint",
        "CiscoAMP*",
        "immunetprotect 320614",
        "CiscoAMPCEFWDriver 320612",
        "CiscoAMPHeurDriver 320610",
        "CiscoSAM 320618",
    ),
    _product("Huntress", "HuntressAgent", "HuntMon 363558.5"),
    _product("Secureworks Taegis", "", "TaegisKM 320640.5"),
    _product("Fortinet", "", "FortiAptFilter 324930"),
    _product("Deep Instinct", "", "- 320320 320321 320322 320323"),
    _product("Qualys", "", "QMON 363122", "qfimdvr 363120"),
    _product("Check Point", "", "epregflt 388888", "cpepmon 386010"),
    _product("Malwarebytes", "MBAMService", "mbam 328800"),
    _product("Kaspersky", "KAVFS|klnagent", "klif 320400", "klifks 362902"),
    _product("Symantec", "SepMasterService", "SRTSP64 329000", "symefasi 260610"),
)
"""What is known of products: the fact sheet on logging and detection, section 6.2."""

SECURITY_RANGES = ((320_000.0, 329_998.0), (360_000.0, 389_999.0))
"""Altitudes of anti-virus and of activity monitors (Microsoft's load order groups)."""

_NO_PRODUCT = {SYSMON_ALTITUDE: "Sysmon", "385200": "Process Monitor"}
"""Filters within those ranges that watch, and are no security product."""

SYSMON_SERVICES = ("Sysmon64", "Sysmon", "Sysmon64a")
"""Names of Sysmon's service: that of its program, so another one where the program was renamed before."""
_SYSMON_SERVICES = frozenset(name.casefold() for name in SYSMON_SERVICES)
SYSMON_DRIVER = "SysmonDrv"
_SYSMON_DRIVER = SYSMON_DRIVER.casefold()


def runs(of: Service | Driver) -> bool:
    """Whether a service or driver runs."""
    return of.state.casefold() == RUNNING


_BY_SERVICE = {
    name: tuple(each for each in PRODUCTS if each.owns_service(name))
    for each in PRODUCTS
    for name in each.service_names
}
"""The products that have a service of a name, in lower case."""
_WITH_BEGINNINGS = tuple(each for each in PRODUCTS if each.service_beginnings)
_ORDER = {product.name: place for place, product in enumerate(PRODUCTS)}


def products_of(services: Services) -> dict[str, list[Service]]:
    """The services of known products, by the product's name, in the order of the table."""
    found: dict[str, list[Service]] = {}
    for service in services.services:
        owners = _BY_SERVICE.get(service.name.casefold())
        if owners is None:
            owners = tuple(product for product in _WITH_BEGINNINGS if product.owns_service(service.name))
        for product in owners:
            found.setdefault(product.name, []).append(service)
    return dict(sorted(found.items(), key=lambda item: _ORDER[item[0]]))


def filters_of(product: Product, inventory: DriverInventory) -> tuple[Driver, ...]:
    """The filters of a product that are registered, running or not."""
    return tuple(driver for driver in inventory.drivers if product.owns_driver(driver))


def security_filters(inventory: DriverInventory) -> Iterator[tuple[Driver, str]]:
    """Running filters of security software that Windows does not bring, with the product or ``unknown``."""
    for driver in inventory.drivers:
        brought = DEFENDER_ANTIVIRUS.owns_driver(driver) or DEFENDER_FOR_ENDPOINT.owns_driver(driver)
        if not runs(driver) or brought or is_sysmon(driver):
            continue
        product = next((product.name for product in PRODUCTS if product.owns_driver(driver)), "")
        if product:
            yield driver, product
        elif any(_in_security_range(altitude) for altitude in driver.altitudes):
            yield driver, "unknown"


def _in_security_range(altitude: str) -> bool:
    if altitude in _NO_PRODUCT:
        return False
    try:
        number = float(altitude)
    except ValueError:
        return False
    return any(lowest <= number <= highest for lowest, highest in SECURITY_RANGES)


def is_sysmon(driver: Driver) -> bool:
    """Whether a driver is Sysmon's: by its name, or renamed, by its altitude."""
    return driver.name.casefold() == _SYSMON_DRIVER or SYSMON_ALTITUDE in driver.altitudes


def sysmon_services(services: Services, *others: str | None) -> tuple[Service, ...]:
    """Services of Sysmon's names, and of ``others`` that somebody found it under."""
    wanted = _SYSMON_SERVICES.union(name.casefold() for name in others if name)
    return tuple(service for service in services.services if service.name.casefold() in wanted)


def sysmon_drivers(drivers: Iterable[Driver], *others: str | None) -> tuple[Driver, ...]:
    """Drivers that are Sysmon's, and those of ``others`` that somebody found it under."""
    wanted = {name.casefold() for name in others if name}
    return tuple(driver for driver in drivers if is_sysmon(driver) or driver.name.casefold() in wanted)
