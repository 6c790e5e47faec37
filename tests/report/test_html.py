import base64
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Evidence
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import Scope
from hypervigil.model.waiver import WaiverState
from hypervigil.report import html, html_groups, html_summary, sentences
from hypervigil.report.findings import report_of
from hypervigil.report.html_data import places_of
from hypervigil.report.html_groups import Group, groups_of
from hypervigil.report.html_matrix import MOST_NODES, Cell, Matrix, matrices_of
from tests.report import sample
from tests.report.snapshot import assert_matches


def rendered(*assessments: Assessment) -> str:
    return html.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def groups(*assessments: Assessment) -> dict[str, Group]:
    report = report_of(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)
    return {group.id: group for group in groups_of(report.findings, sample.CONTROLS)}


class Reader(HTMLParser):
    """What an automaton that looks for dangers and structure sees of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.extend((tag, name, value or "") for name, value in attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in self.inline:
            self._inside = tag
            data_block = ("type", "application/json") in attrs
            if not data_block:
                self.inline[tag].append("")
            else:
                self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline[self._inside][-1] += data


def test_snapshot_of_what_is_read_without_a_script() -> None:
    page = rendered()
    page = re.sub(r"<style>.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL)
    page = re.sub(r'(http-equiv="Content-Security-Policy" content=)"[^"]*"', r'\1"(digests)"', page)
    page = re.sub(r"<pre>Traceback.*?</pre>", "<pre>(differs from machine to machine)</pre>", page, flags=re.DOTALL)
    page = re.sub(r"hypervigil \d+\.\d+\.\d+\w*", "hypervigil (any)", page)
    assert_matches("report.html", re.sub(r"\n\s*\n+", "\n", page))


def test_same_input_gives_the_same_bytes() -> None:
    assert rendered() == rendered()


def test_policy_allows_what_is_there_and_nothing_else() -> None:
    reader = Reader(rendered())
    (policy,) = [value for _, name, value in reader.attributes if name == "content" and "default-src" in value]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        digests = [hashlib.sha256(text.encode()).digest() for text in reader.inline[tag]]
        wanted = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
        assert directives[directive].split() == wanted
    assert {"base-uri", "form-action"} <= directives.keys()
    assert "unsafe" not in policy


def test_loads_nothing_and_has_no_inline_handler() -> None:
    reader = Reader(rendered())
    for tag, name, value in reader.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in {"style", "src", "srcset", "background", "ping"}, (tag, name)
        if name == "href":
            # A reference that a reader may follow; nothing follows it by itself.
            assert value.startswith("#") or (tag == "a" and value.startswith("https://")), value
    assert "url(" not in reader.inline["style"][0]
    assert "@import" not in reader.inline["style"][0]


def test_headings_skip_no_level() -> None:
    levels = Reader(rendered()).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_data_has_every_finding_and_no_character_that_could_end_its_element() -> None:
    evidence = sample.cluster_evidence(2, label="</script><script>alert(1)</script>")
    page = rendered(*sample.run(evidence))
    data = data_of(page)
    assert sum(len(control["findings"]) for control in data["controls"]) == len(sample.run(evidence)[0].findings)
    assert data["clusters"][0]["label"] == "</script><script>alert(1)</script>"
    assert "alert(1)</script" not in page
    assert "<script>alert" not in page


def test_data_says_of_a_finding_what_the_finding_says() -> None:
    data = data_of(rendered())
    (control,) = [c for c in data["controls"] if c["id"] == "PLT-902"]
    (finding,) = [f for f in control["findings"] if data["outcomes"][f[1]] == "FAIL"]
    cluster, scope, name, key, nodes = data["subjects"][finding[0]]
    assert (cluster, scope, name, key, nodes) == (0, "node", "HV04", "hv04.contoso.com", [3])
    reasons, missing, facts, confidence = data["tellings"][finding[2]]
    said = [(data["texts"][text], outcome if outcome < 0 else data["outcomes"][outcome]) for text, outcome in reasons]
    assert said == [
        ("Credential Guard does not run; configured: Memory integrity (2).", "FAIL"),
        ("VBS runs without it.", -1),
    ]
    assert (missing, data["confidences"][confidence], finding[3]) == ([], "documented", -1)
    fact = data["facts"][facts[-1]]
    origin = [data["texts"][text] for text in fact[:8]]
    assert origin[:3] == ["device_guard", "HV04", "synthetic"]
    assert origin[4:6] == ["facts/HV04/device_guard.json", "HV04/device_guard.clixml"]
    assert fact[8] == "Device Guard state"
    assert ["services_running", ["Memory integrity (2)"]] in data["values"][fact[9]]
    place = control["findings"].index(finding)
    fingerprint = next(f.fingerprint for f in sample.run()[0].findings if f.subject.name == "HV04")
    assert control["prints"][place * 32 : place * 32 + 32] == fingerprint


@pytest.mark.parametrize(
    ("control", "spread"),
    [
        ("LM-902", "fails on 3 of 12 pairs, holds on 9"),
        ("PLT-902", "fails on 1 of 4 nodes, holds on 3"),
        ("PLT-908", "fails on 1 of 4 nodes (1 waived), is unknown on 1, holds on 2"),
        ("SMB-902", "needs a review on 2 of 4 nodes, holds on 2"),
        ("SHV-901", "holds on all 8 VMs"),
        ("CLU-901", "fails on CL01"),
    ],
)
def test_spread(control: str, spread: str) -> None:
    assert groups()[control].spread == spread


def test_groups_are_worst_first_and_waived_failures_do_not_count_as_failing() -> None:
    assert list(groups()) == ["LM-902", "PLT-902", "CLU-901", "PLT-908", "NET-901", "SMB-902", "SHV-901"]
    found = groups()["PLT-908"]
    assert (found.worst, found.waived) == (Outcome.UNKNOWN, False)
    accepted = groups(*sample.run(sample.cluster_evidence(3)))["PLT-908"]
    outcomes = [(finding.outcome, finding.disposition.value) for finding in accepted.findings]
    assert outcomes == [(Outcome.UNKNOWN, "open"), (Outcome.FAIL, "waived"), (Outcome.PASS, "open")]


def test_rows_put_the_same_reasons_together_and_count_what_is_left_out() -> None:
    many = groups(*sample.run(sample.cluster_evidence(12)))["LM-902"]
    row, accepted = many.rows
    assert (len(row.subjects), row.waiver) == (22, None)
    assert len(row.texts) == html_groups.SHOWN_TEXTS
    assert row.more_texts == 22 - html_groups.SHOWN_TEXTS
    assert (len(accepted.subjects), accepted.waiver) == (11, 2)


def test_rows_name_the_cluster_where_there_are_several() -> None:
    both = groups(*sample.run(sample.cluster_evidence(), sample.cluster_evidence(3, "CL02")))
    assert both["PLT-902"].rows[0].subjects == ("CL01: HV04",)


def matrices(*evidence: Evidence) -> tuple[Matrix, ...]:
    assessments = sample.run(*evidence)
    report = report_of(assessments, sample.CONTROLS, made=sample.MADE)
    return matrices_of(report, [places_of(assessment) for assessment in assessments])


def test_matrix_counts_by_family_and_node() -> None:
    (matrix,) = matrices(sample.cluster_evidence())
    assert [line.name for line in matrix.lines] == ["HV01", "HV02", "HV03", "HV04", "The cluster itself"]
    at = [family.prefix for family in matrix.families].index("LM")
    third = matrix.lines[2].cells[at]
    link = "#place=0.2&family=LM&outcome=FAIL"
    assert third == Cell(Outcome.FAIL, waived=False, count=3, words="3 fail, 3 pass", link=link)
    assert matrix.lines[0].cells[-1] is None


def test_matrix_of_very_many_nodes_has_a_row_for_each_cluster() -> None:
    half = MOST_NODES // 2 + 1
    (matrix,) = matrices(sample.cluster_evidence(half), sample.cluster_evidence(half, "CL02"))
    assert [(line.name, line.link) for line in matrix.lines] == [("CL01", "#place=0"), ("CL02", "#place=1")]


def test_summary_in_words() -> None:
    assessments = sample.run()
    report = report_of(assessments, sample.CONTROLS, made=sample.MADE)
    summary = html_summary.summary_of(report, groups_of(report.findings, sample.CONTROLS))
    assert summary.sentences == (
        "7 controls asked of 1 cluster with 4 nodes gave 37 findings.",
        "5 findings fail (3 critical, 1 high, 1 medium), under 3 controls. 1 failure is accepted by a waiver.",
        "2 findings are unknown: the evidence does not tell. Unknown is not a pass.",
        "2 findings ask a question that a person has to answer.",
        "1 of the 24 facts that were asked for are missing.",
    )
    assert [group.id for group in summary.first] == ["LM-902", "PLT-902", "CLU-901"]


def test_says_that_evidence_is_made_up_only_when_it_is() -> None:
    assert "Made-up evidence." in rendered()
    real = sample.cluster_evidence(2, synthetic=False)
    assert "Made-up evidence." not in rendered(*sample.run(real))
    both = rendered(*sample.run(real, sample.cluster_evidence(2, "LAB")))
    assert re.search(r"No machine stands behind <bdi>LAB</bdi>", both)


def test_every_word_of_the_model_has_one_for_people() -> None:
    assert html.STATE_WORDS.keys() == set(WaiverState)
    assert sentences.CAUSES.keys() == set(Cause)
    assert html_groups.PLURAL.keys() == set(Scope)
    assert html_summary.WORDS.keys() == set(html_summary.ORDER) == html_groups.RANK.keys() == set(Outcome)
    page = rendered()
    assert all(f"<dt>{confidence.value}</dt>" in page for confidence in Confidence)


def test_tailoring_is_told() -> None:
    page = rendered(*sample.run(profile=sample.TAILORED))
    assert "The nodes are replaced in May." in page
    assert "high without this profile" in page
    assert "clients = <bdi>3</bdi>" in page
    assert "What the profile" not in rendered()


def _contrast(first: str, second: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_has_contrast(scheme: int) -> None:
    style = Reader(rendered()).inline["style"][0]
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", (light, dark)[scheme]))
    for name in ("text", "quiet", "link", "fail", "unknown", "review", "pass", "na"):
        for ground in ("ground", "raised"):
            assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for name in ("fail", "unknown", "review", "pass", "na"):
        assert _contrast(colours[name], colours[f"{name}-soft"]) >= 4.5, name


def test_evidence_that_was_not_read_is_listed_with_its_size() -> None:
    page = rendered()
    assert "logs/cluster.log" in page
    assert "700.0 MiB" in page


def test_profile_without_findings_still_makes_a_page() -> None:
    (assessment,) = sample.run()
    empty = msgspec.structs.replace(assessment, findings=(), coverage=(), waivers=(), diagnostics=())
    page = rendered(empty)
    assert "Nothing fails." in page
    assert "No waiver was given." in page
