"""The page in a real browser: its filter, its keyboard, its print, and evidence that would like to run."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Gap
from hypervigil.evidence.hyper_v import VmHost
from hypervigil.evidence.platform import DeviceGuard, SecurityService
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.waiver import Waiver
from hypervigil.report import html
from hypervigil.synthetic import defaults
from tests.browser import chromium_page, console_errors, emulate
from tests.report import sample

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">'\"`&amp;"
    "{{ 7 * 7 }}\x00\u202egnp\x1b"
)


@pytest.fixture(scope="module")
def wide() -> Iterator[Chrome]:
    with chromium_page(1280, 900) as page:
        yield page


def load(page: Chrome, folder: Path, *assessments: Assessment, fragment: str = "") -> None:
    file = folder / "report.html"
    text = html.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)
    file.write_text(text, encoding="utf-8", newline="")
    page.get("about:blank")
    page.get(f"{file.as_uri()}{fragment}")


def one(page: Chrome, selector: str) -> WebElement:
    return page.find_element(By.CSS_SELECTOR, selector)


def choose(page: Chrome, field: str, value: str) -> None:
    script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
    page.execute_script(script, one(page, f"#f-{field}"), value)


def shown(page: Chrome) -> str:
    return one(page, "#shown").text


def visible_controls(page: Chrome) -> list[str]:
    found = page.find_elements(By.CSS_SELECTOR, "article.control")
    return [str(article.get_attribute("id")).removeprefix("c-") for article in found if article.is_displayed()]


def opened(page: Chrome, control: str) -> list[str]:
    """The lines of an opened control, each as outcome and subject."""
    button = one(page, f"#c-{control} h3 button")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    lines = page.find_elements(By.CSS_SELECTOR, f"#c-{control} .finding > button")
    parts = [line.find_elements(By.XPATH, "./span") for line in lines]
    return [" ".join(" ".join(part.text for part in line).split()) for line in parts]


def scroll_width(page: Chrome) -> int:
    return int(page.execute_script("return document.documentElement.scrollWidth"))


def count(outcome: Outcome, *, node: str = "", control: str = "") -> int:
    (assessment,) = sample.run()
    return sum(
        finding.outcome is outcome
        and (not node or node in (finding.subject.key, *finding.subject.nodes))
        and finding.control.startswith(control)
        for finding in assessment.findings
    )


def test_no_error_and_no_refusal(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    open_everything(wide)
    assert console_errors(wide) == []
    assert wide.execute_script("return getComputedStyle(document.body).fontSize") == "16px"


def test_policy_stops_what_was_not_written_by_us(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    wide.execute_script("""
        const script = document.createElement("script");
        script.textContent = "document.title = 'owned'";
        document.body.append(script);
        const image = document.createElement("img");
        image.src = "report.html";
        document.body.append(image);
        document.body.setAttribute("onclick", "document.title = 'owned'");
        document.body.click();
    """)
    refusals = console_errors(wide)
    assert wide.title != "owned"
    assert len(refusals) == 3
    assert all("Content Security Policy" in refusal for refusal in refusals)


def test_filter_shows_what_it_says(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    assert shown(wide) == "Showing all 37 findings of 7 controls."
    choose(wide, "outcome", "FAIL")
    assert shown(wide) == f"Showing {count(Outcome.FAIL)} of 37 findings, of 4 of 7 controls."
    assert visible_controls(wide) == ["LM-902", "PLT-902", "CLU-901", "PLT-908"]
    assert opened(wide, "LM-902") == [f"FAIL HV03 → {target}" for target in ("HV01", "HV02", "HV04")]
    choose(wide, "outcome", "open")
    assert visible_controls(wide) == ["LM-902", "PLT-902", "CLU-901", "PLT-908", "NET-901", "SMB-902"]
    choose(wide, "outcome", "waived")
    assert opened(wide, "PLT-908") == ["FAIL waived HV02"]
    assert visible_controls(wide) == ["PLT-908"]
    one(wide, "#f-reset").click()
    assert shown(wide) == "Showing all 37 findings of 7 controls."


def test_filters_hold_together(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    choose(wide, "place", "0.3")
    choose(wide, "family", "PLT")
    assert opened(wide, "PLT-902") == ["FAIL HV04"]
    assert opened(wide, "PLT-908") == ["UNKNOWN HV04"]
    choose(wide, "severity", "medium")
    assert visible_controls(wide) == ["PLT-908"]
    choose(wide, "family", "LM")
    assert one(wide, "#nothing").is_displayed()
    assert shown(wide) == "Showing 0 of 37 findings, of 0 of 7 controls."
    one(wide, "#nothing-reset").click()
    assert len(visible_controls(wide)) == 7
    choose(wide, "place", "0.-")
    assert visible_controls(wide) == ["CLU-901"]


@pytest.mark.parametrize(
    ("text", "controls"),
    [
        ("credssp", ["LM-902"]),
        ("CREDENTIAL guard HV04", ["LM-902", "PLT-902"]),
        ("plt-908", ["PLT-908"]),
        ("0x80070005", ["PLT-908"]),
        ("hv01.contoso.com", ["LM-902", "PLT-902", "PLT-908", "NET-901", "SMB-902"]),
        ("no such text", []),
    ],
)
def test_free_text(wide: Chrome, tmp_path: Path, text: str, controls: list[str]) -> None:
    load(wide, tmp_path)
    one(wide, "#f-text").send_keys(text)
    assert visible_controls(wide) == controls


def test_cell_of_the_matrix_leads_to_its_findings(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    cell = one(wide, '.matrix a[href="#place=0.2&family=LM&outcome=FAIL"]')
    assert cell.text.split() == ["fail", "3"]
    cell.click()
    assert shown(wide) == "Showing 3 of 37 findings, of 1 of 7 controls."
    assert count(Outcome.FAIL, node="hv03.contoso.com", control="LM") == 3
    assert wide.switch_to.active_element.get_attribute("id") == "findings-title"
    wide.back()
    assert "place" not in wide.current_url


def test_part_of_the_profile(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path, *sample.run(profile=sample.TAILORED))
    one(wide, '.counts a[href="#part=mistakes&outcome=FAIL"]').click()
    assert visible_controls(wide) == ["LM-902"]
    assert shown(wide) == "Showing 3 of 37 findings, of 1 of 7 controls."
    choose(wide, "outcome", "")
    assert shown(wide) == "Showing 12 of 37 findings, of 1 of 7 controls."


def test_address_brings_a_view_back(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path, fragment="#outcome=REVIEW&place=0.0")
    assert visible_controls(wide) == ["SMB-902"]
    load(wide, tmp_path, fragment="#outcome=nonsense&place=7.7")
    assert len(visible_controls(wide)) == 7
    load(wide, tmp_path, fragment="#c-PLT-902")
    assert one(wide, "#c-PLT-902 h3 button").get_attribute("aria-expanded") == "true"


def test_finding_shows_the_facts_behind_it(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    opened(wide, "PLT-902")
    one(wide, "#c-PLT-902 .finding > button").click()
    said = one(wide, "#c-PLT-902 .detail").text
    for part in (
        "Credential Guard does not run; configured: Memory integrity (2).",
        "Confidence: documented.",
        "Device Guard state of HV04",
        "Win32_DeviceGuard",
        "facts/HV04/device_guard.json",
        "2026-11-23 22:15:00 UTC",
        "services_running",
        next(f.fingerprint for f in sample.run()[0].findings if f.outcome is Outcome.FAIL and f.control == "PLT-902"),
    ):
        assert part in said
    page = one(wide, "#c-PLT-902 .page").text
    assert "Whoever becomes SYSTEM on one node" in page
    assert "drain the node" in page
    assert one(wide, "#c-PLT-902 .page a").get_attribute("rel") == "noreferrer noopener"


def test_long_lists_come_in_parts(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path, *sample.run(sample.cluster_evidence(12), waivers=()))
    assert len(opened(wide, "LM-902")) == 50
    more = one(wide, "#c-LM-902 .more")
    assert more.text == "Show 50 more of 82"
    more.click()
    assert len(opened(wide, "LM-902")) == 100
    assert more.text == "Show 32 more of 32"
    assert wide.switch_to.active_element.text.startswith("PASS")
    more.click()
    assert not more.is_displayed()
    choose(wide, "outcome", "FAIL")
    assert len(opened(wide, "LM-902")) == 33


def test_keyboard_alone_is_enough(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)

    def press(*keys: str) -> WebElement:
        ActionChains(wide).send_keys(*keys).perform()
        return wide.switch_to.active_element

    def tab_to(wanted: str) -> WebElement:
        for _ in range(200):
            focused = press(Keys.TAB)
            if wanted in (focused.get_attribute("id"), focused.text):
                width = wide.execute_script("return getComputedStyle(arguments[0]).outlineWidth", focused)
                assert width == "3px", "the focus has to be seen"
                return focused
        pytest.fail(f"{wanted} can not be reached with the tab key")

    assert press(Keys.TAB).text == "Skip to the findings"
    press(Keys.ENTER)
    tab_to("f-outcome")
    press("Fail")
    assert shown(wide).startswith("Showing 6 of 37")
    tab_to("f-text")
    press("signing")
    assert one(wide, "#nothing").is_displayed()
    tab_to("f-reset")
    press(Keys.ENTER)
    control = tab_to("PLT-902 Credential Guard is running")
    press(Keys.SPACE)
    assert control.get_attribute("aria-expanded") == "true"
    finding = press(Keys.TAB)
    assert finding.text.split()[:2] == ["FAIL", "HV04"]
    press(Keys.ENTER)
    assert one(wide, "#c-PLT-902 .detail").is_displayed()
    press(Keys.ENTER)
    assert not one(wide, "#c-PLT-902 .detail").is_displayed()


def test_says_aloud_how_many_are_shown(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    assert one(wide, "#shown").get_attribute("role") == "status"
    assert one(wide, "html").get_attribute("lang") == "en"
    for selector in ("header.top", "main", "nav[aria-label]", '[role="search"][aria-label]'):
        assert len(wide.find_elements(By.CSS_SELECTOR, selector)) == 1
    named = [
        e.accessible_name for e in wide.find_elements(By.CSS_SELECTOR, "select, input, button") if e.is_displayed()
    ]
    assert len(named) == 4 + 1 + 1 + 7
    assert all(named)
    assert len(wide.find_elements(By.CSS_SELECTOR, "th:not([scope])")) == 0
    assert len(wide.find_elements(By.CSS_SELECTOR, "table:not(:has(caption)):not(.page *)")) == 0


def hostile_run() -> tuple[Assessment, ...]:
    evidence = sample.cluster_evidence(3, label=HOSTILE, synthetic=False)
    long = "x" * 100_000
    changed = {
        ("tpm", "hv01.contoso.com"): Gap("tpm", Cause.UNPARSABLE, HOSTILE + long),
        (VmHost.INFO.name, "hv03.contoso.com"): sample.known(defaults.vm_host(fqdn=HOSTILE + long), HOSTILE),
        (DeviceGuard.INFO.name, "hv02.contoso.com"): sample.known(
            defaults.device_guard(SecurityService(77)), "\u05d0" * 99
        ),
    }
    nodes = tuple(msgspec.structs.replace(node, name=f"{HOSTILE}{node.name}\u05d0\u05d1") for node in evidence.nodes)
    waiver = Waiver(
        control="PLT-902", subject=HOSTILE, reason=HOSTILE, owner=HOSTILE, expires=datetime.date(2027, 1, 1)
    )
    return sample.run(
        msgspec.structs.replace(evidence, nodes=nodes, facts={**evidence.facts, **changed}), waivers=(waiver,)
    )


def open_everything(page: Chrome) -> None:
    page.execute_script("""
        document.querySelectorAll(".control h3 button").forEach((button) => button.click());
        document.querySelectorAll(".finding > button").forEach((button) => button.click());
        document.querySelectorAll("details").forEach((details) => { details.open = true; });
    """)


def test_evidence_is_inert(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path, *hostile_run())
    before = wide.title
    open_everything(wide)
    assert wide.title == before
    assert before.startswith("Assessment of <script>")
    assert console_errors(wide) == []
    assert wide.find_elements(By.CSS_SELECTOR, "body img, main script, [onerror]") == []
    text = str(wide.execute_script("return document.body.textContent"))
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "{{ 7 * 7 }}[U+0000][U+202E]gnp" in text


@pytest.mark.parametrize("hostile", [False, True])
def test_no_horizontal_scroll_on_a_phone(tmp_path: Path, *, hostile: bool) -> None:
    with chromium_page(400, 800) as page:
        load(page, tmp_path, *(hostile_run() if hostile else sample.run()))
        assert scroll_width(page) == 400
        open_everything(page)
        assert scroll_width(page) == 400
        wider = page.execute_script("""
            return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 401)
                .map((e) => e.outerHTML.slice(0, 200));
        """)
        assert wider == []


def test_print_shows_what_fails_and_what_to_do(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    emulate(wide, media="print")
    try:
        text = one(wide, "#findings").text
        assert "HV03 → HV01, HV03 → HV02, HV03 → HV04" in text
        assert "Credential Guard does not run; configured: Memory integrity (2). VBS runs without it." in text
        assert "Signing is not required: is every client of HV01 known?" in text
        assert "Get-Tpm: Access is denied." in text
        assert text.count("Remedy") == 6
        assert "Waived by A. Example until 2027-03-31: The firmware is replaced in spring." in text
        assert "Confidence: inferred." in text
        after = "return getComputedStyle(document.querySelector('.page a'), '::after').content"
        assert "windows-server/" in str(wide.execute_script(after))
        assert not one(wide, ".filter").is_displayed()
        assert one(wide, "#shown").is_displayed()
        background = wide.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert background == "rgb(255, 255, 255)"
        pdf = wide.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
        assert len(pdf["data"]) > 10_000
    finally:
        emulate(wide)


def test_dark_scheme_is_dark(wide: Chrome, tmp_path: Path) -> None:
    load(wide, tmp_path)
    emulate(wide, color_scheme="dark")
    try:
        colours: dict[str, Any] = wide.execute_script(
            "const s = getComputedStyle(document.body); return {ground: s.backgroundColor, text: s.color}"
        )
        assert colours == {"ground": "rgb(20, 24, 30)", "text": "rgb(228, 232, 237)"}
    finally:
        emulate(wide)


def test_reads_without_a_script(tmp_path: Path) -> None:
    with chromium_page(1280, 900) as page:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        load(page, tmp_path)
        text = one(page, "#findings").text
        assert "need a browser that runs the script" in text
        assert "HV03 → HV01, HV03 → HV02, HV03 → HV04" in text
        assert "drain the node" in text
        assert "holds on all 8 VMs" in text
        assert not one(page, ".filter").is_displayed()
