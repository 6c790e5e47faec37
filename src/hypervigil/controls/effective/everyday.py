"""Products that a person works with every day: office suites, mail programs, browsers.

What Windows brings along is no sign of anything: Edge and its parts, Internet Explorer, and the stock entry of Windows
Mail. Products are told by the beginning of their name in the list of installed programs, which installers do not
translate; viewers, drivers and run-times that carry a suite's name are left out. The list is the project's own and can
not be complete; what registers itself as a browser or a mail program counts whatever it is called.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hypervigil.evidence.software import InstalledSoftware

OFFICE, MAIL, BROWSER = "office", "mail", "browser"

_EDITIONS = ("professional", "standard", "ltsc", "home", "enterprise", "365", "small business", "ultimate", "basic")
_SINGLE = ("word", "excel", "powerpoint", "onenote", "publisher", "visio", "project")
_BEGINNINGS = {
    OFFICE: (
        *(f"microsoft office {edition}" for edition in _EDITIONS),
        *(f"microsoft {program} {edition}" for program in _SINGLE for edition in ("20", "ltsc", *_EDITIONS[:2])),
        *("microsoft access 20", "microsoft 365", "libreoffice", "openoffice", "apache openoffice", "onlyoffice"),
        *("wps office", "softmaker office"),
    ),
    MAIL: ("microsoft outlook", "mozilla thunderbird", "em client", "the bat!", "hcl notes", "ibm notes", "postbox"),
    BROWSER: (
        *("google chrome", "mozilla firefox", "opera stable", "opera browser", "opera gx", "brave", "vivaldi"),
        *("chromium", "tor browser", "librewolf", "waterfox", "pale moon", "safari"),
    ),
}
_REGISTERED = {"browser": BROWSER, "mail client": MAIL}
_SHIPPED = ("internet explorer", "iexplore.exe", "microsoft edge", "windows mail", "hotmail")


class Everyday(msgspec.Struct, frozen=True):
    """One such product: which kind of work it is for, and its name."""

    kind: str
    name: str


def everyday_products(software: InstalledSoftware) -> tuple[Everyday, ...]:
    """The products of everyday work among those installed, each name once, in the order of the evidence."""
    return tuple(dict.fromkeys(_found(software)))


def _found(software: InstalledSoftware) -> Iterator[Everyday]:
    for product in software.products:
        name = product.name.casefold()
        registered = _REGISTERED.get(product.kind)
        if registered is not None:
            if not name.startswith(_SHIPPED):
                yield Everyday(registered, product.name)
            continue
        for kind, beginnings in _BEGINNINGS.items():
            if name.startswith(beginnings):
                yield Everyday(kind, product.name)
                break
