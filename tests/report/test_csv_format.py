import csv
import io

import msgspec
import pytest

from hypervigil.assess.assessment import Assessment
from hypervigil.evidence.evidence import Gap
from hypervigil.model.outcome import Cause
from hypervigil.report import csv_format
from tests.report import sample
from tests.report.snapshot import assert_matches


def rendered(*assessments: Assessment) -> str:
    return csv_format.render(assessments or sample.run(), sample.CONTROLS, made=sample.MADE)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_snapshot() -> None:
    assert_matches("report.csv", rendered().replace("\r\n", "\n"))


def test_form() -> None:
    text = rendered()
    assert text.encode().startswith(b"\xef\xbb\xbf")
    lines = text.splitlines(keepends=True)
    assert all(line.endswith("\r\n") for line in lines)
    found = rows(text)
    assert len(found) == len(lines) - 1 == sum(len(a.findings) for a in sample.run())
    waived = next(row for row in found if row["disposition"] == "waived")
    assert (waived["control"], waived["waiver_owner"], waived["waiver_expires"]) == (
        "PLT-908",
        "A. Example",
        "2027-03-31",
    )
    assert "\u2192" in next(row for row in found if row["control"] == "LM-902")["subject"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "\t'=1"),
        ("  =1", "  '=1"),
        ("\n=1", "\n'=1"),
        ("a;=cmd|' /c calc'!A0", "a;'=cmd|' /c calc'!A0"),
        ("\uff1d1", "'\uff1d1"),
        ("\x00=1", "\ufffd=1"),
        ("a=b", "a=b"),
        ("HV01 \u2192 HV02", "HV01 \u2192 HV02"),
        ("quote \" and ''", "quote \" and ''"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, safe: str) -> None:
    assert csv_format.cell(text) == safe


def test_evidence_reaches_no_cell_unguarded() -> None:
    evidence = sample.cluster_evidence(2, label='=HYPERLINK("http://example.com")')
    gap = Gap("tpm", Cause.UNPARSABLE, 'x"\r\n@\x1b')
    hostile = msgspec.structs.replace(evidence, facts={**evidence.facts, ("tpm", "hv02.contoso.com"): gap})
    found = rows(rendered(*sample.run(hostile)))
    assert {row["cluster"] for row in found} == {'\'=HYPERLINK("http://example.com")'}
    (unknown,) = [row for row in found if row["control"] == "PLT-908" and row["subject"] == "HV02"]
    assert unknown["missing"] == "The fact tpm could not be understood (x\"\r\n'@\ufffd)."
