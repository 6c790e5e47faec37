"""Which products are those of everyday work."""

from __future__ import annotations

import pytest

from hypervigil.controls.effective.everyday import BROWSER, MAIL, OFFICE, Everyday, everyday_products
from hypervigil.evidence.software import InstalledSoftware, Software


def found(*products: Software) -> tuple[Everyday, ...]:
    return everyday_products(InstalledSoftware(products=products))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Microsoft Office Professional Plus 2019 - en-us", OFFICE),
        ("Microsoft 365 Apps for enterprise - de-de", OFFICE),
        ("Microsoft Office LTSC Standard 2021 - en-us", OFFICE),
        ("Microsoft Visio Professional 2019 - en-us", OFFICE),
        ("Microsoft Excel 2016", OFFICE),
        ("LibreOffice 24.8.2.1", OFFICE),
        ("Microsoft Outlook 2016", MAIL),
        ("Mozilla Thunderbird (x64 de)", MAIL),
        ("Google Chrome", BROWSER),
        ("Mozilla Firefox ESR (x64 en-US)", BROWSER),
    ],
)
def test_products_of_everyday_work_are_known_by_their_names(name: str, kind: str) -> None:
    assert found(Software(name=name)) == (Everyday(kind, name),)


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft Edge",
        "Microsoft Edge WebView2 Runtime",
        "Microsoft Visual Studio 2010 Tools for Office Runtime (x64)",
        "Microsoft Access database engine 2016 (English)",
        "Microsoft Office File Validation Add-In",
        "Microsoft Project Server Client Object Model",
        "NVIDIA WinOF-2",
        "Operations Agent",
    ],
)
def test_what_windows_brings_and_what_only_sounds_like_it_is_left_out(name: str) -> None:
    assert found(Software(name=name)) == ()


def test_what_registers_as_a_browser_or_mail_program_counts_whatever_it_is_called() -> None:
    assert found(
        Software(name="Internet Explorer", kind="browser"),
        Software(name="IEXPLORE.EXE", kind="browser"),
        Software(name="Microsoft Edge", kind="browser"),
        Software(name="Firefox-308046B0AF4A39CB", kind="browser"),
        Software(name="Letters of the house", kind="mail client"),
        Software(name="Windows Mail", kind="mail client"),
    ) == (Everyday(BROWSER, "Firefox-308046B0AF4A39CB"), Everyday(MAIL, "Letters of the house"))


def test_a_product_that_is_listed_twice_counts_once() -> None:
    twice = (Software(name="Google Chrome"), Software(name="Google Chrome", version="130.0"))
    assert found(*twice) == (Everyday(BROWSER, "Google Chrome"),)


def test_an_app_package_is_told_by_its_name() -> None:
    assert found(Software(name="Mozilla Firefox", kind="app package")) == (Everyday(BROWSER, "Mozilla Firefox"),)
