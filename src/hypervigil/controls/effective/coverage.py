"""Which nodes a security product covers: its services and filters on each, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from hypervigil.controls.effective import sensors
from hypervigil.controls.effective.sensors import Product
from hypervigil.evidence.accounts import Service, Services
from hypervigil.evidence.drivers import Driver, DriverInventory
from hypervigil.evidence.sensors import EdrOnboarding
from hypervigil.model.injection import Maybe, Nodes

SENSORS: dict[str, Product] = {product.name: product for product in sensors.PRODUCTS if product.sensor}
"""The products that report what happens, by name."""


class CoveredNode(msgspec.Struct, frozen=True):
    """One node: the services of known products by the product's name, its drivers, its onboarding."""

    name: str
    products: Mapping[str, list[Service]]
    drivers: Maybe[DriverInventory]
    onboarding: Maybe[EdrOnboarding]

    @property
    def running(self) -> list[str]:
        """Sensors of which a service runs."""
        return [name for name, own in self.products.items() if name in SENSORS and any(map(sensors.runs, own))]

    @property
    def stopped(self) -> dict[str, Service]:
        """A service of each sensor that is there and of which none runs."""
        running = self.running
        return {name: own[0] for name, own in self.products.items() if name in SENSORS and name not in running}

    @property
    def antivirus(self) -> bool:
        """Whether Defender Antivirus runs."""
        return any(map(sensors.runs, self.products.get(sensors.DEFENDER_ANTIVIRUS.name, ())))


def covered_nodes(
    services: Nodes[Services], drivers: Maybe[Nodes[DriverInventory]], onboarding: Maybe[Nodes[EdrOnboarding]]
) -> Iterator[CoveredNode]:
    """The nodes whose services were read, in their order."""
    for subject, own in services:
        yield CoveredNode(
            subject.name,
            sensors.products_of(own),
            Maybe(
                drivers.value.known.get(subject) if drivers.value is not None else None,
                drivers.value.missing.get(subject) if drivers.value is not None else drivers.missing,
            ),
            Maybe(
                onboarding.value.known.get(subject) if onboarding.value is not None else None,
                onboarding.value.missing.get(subject) if onboarding.value is not None else onboarding.missing,
            ),
        )


class Filters(msgspec.Struct, frozen=True):
    """A product's filters over nodes whose drivers were read.

    ``absent`` are the nodes where none is registered, ``stopped`` those where one is and none runs, ``versions`` the
    drivers that have more than one, with the nodes of each.
    """

    absent: tuple[str, ...]
    stopped: Mapping[str, Driver]
    versions: Mapping[str, Mapping[str, Sequence[str]]]


def filters_over(product: Product, nodes: Sequence[CoveredNode]) -> Filters:
    """Look for the product's filters on each node; nodes whose drivers were not read are left out."""
    absent: list[str] = []
    stopped: dict[str, Driver] = {}
    versions: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes:
        if node.drivers.value is None:
            continue
        own = sensors.filters_of(product, node.drivers.value)
        for driver in own:
            if driver.file_version is not None:
                versions[driver.name.casefold()][driver.file_version].append(node.name)
        if not own:
            absent.append(node.name)
        elif not any(map(sensors.runs, own)):
            stopped[node.name] = own[0]
    return Filters(tuple(absent), stopped, {name: by for name, by in versions.items() if len(by) > 1})
