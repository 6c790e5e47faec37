"""Assessments, comparisons and pages on a terminal: what people see, at several widths, and what no name may do."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from rich.console import Console

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.compare import ChangeKind, compare, compared
from hypervigil.evidence.evidence import Evidence, Gap
from hypervigil.model.finding import Disposition
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.model.subject import Scope, Subject
from hypervigil.model.waiver import Waiver
from hypervigil.report.terminal import print_assessments
from hypervigil.report.terminal_changes import print_changes
from hypervigil.report.terminal_groups import groups
from hypervigil.report.terminal_pages import print_page
from hypervigil.report.terminal_subjects import named
from tests.report.sample import CONTROLS, MADE, WAIVERS, cluster_evidence, run
from tests.report.snapshot import assert_matches


def printed(printing: Callable[[Console], None], width: int = 80, **options: Any) -> str:
    out = io.StringIO()
    printing(Console(file=out, width=width, highlight=False, emoji=False, **{"color_system": None, **options}))
    return out.getvalue()


def shown(assessments: Sequence[Assessment], width: int = 80, *, show_all: bool = False, **options: Any) -> str:
    return printed(lambda out: print_assessments(iter(assessments), CONTROLS, out, show_all=show_all), width, **options)


def words(text: str) -> str:
    return " ".join(text.split())


# What it looks like


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_cluster(width: int) -> None:
    assert_matches(f"terminal.{width}.txt", shown(run(), width))


def test_a_cluster_in_full() -> None:
    assert_matches("terminal.all.txt", shown(run(), show_all=True))


def test_a_cluster_in_colour() -> None:
    assert_matches("terminal.colour.txt", shown(run(), color_system="standard", force_terminal=True))


def test_several_clusters() -> None:
    assert_matches("terminal.several.txt", shown(run(cluster_evidence(), cluster_evidence(2, label="CL02"))))


def test_many_nodes() -> None:
    assert_matches("terminal.many.txt", shown(run(cluster_evidence(64)), 100))


def test_a_page() -> None:
    text = printed(lambda out: print_page(CONTROLS[0], out))
    assert_matches("terminal.page.txt", "".join(f"{line.rstrip()}\n" for line in text.splitlines()))


def test_a_comparison() -> None:
    before = run(cluster_evidence(6))[0]
    better, worse = cluster_evidence(6), cluster_evidence(6)
    after = cluster_evidence(6)
    facts = dict(after.facts)
    for name, node in (("device_guard", "hv01"), ("device_guard", "hv04"), ("tpm", "hv03")):
        source = {"hv01": "hv04", "hv04": "hv01"}.get(node)
        place = (name, f"{node}.contoso.com")
        if source is None:
            facts[place] = Gap(name, Cause.TIMED_OUT, "Get-Tpm gave no answer in 60 s")
        else:
            facts[place] = (better if node == "hv04" else worse).facts[name, f"{source}.contoso.com"]
    now = run(msgspec.structs.replace(after, facts=facts), waivers=WAIVERS[:1])[0]
    made = compare(compared(before.findings), compared(now.findings))
    quiet = {ChangeKind.UNCHANGED, ChangeKind.APPEARED, ChangeKind.CHANGED}
    kinds = [kind for kind in ChangeKind if kind not in quiet]
    assert_matches("terminal.changes.txt", printed(lambda out: print_changes(made, kinds, out)))


# What holds of all of it


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("nodes", [1, 4, 64])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_blanks(width: int, nodes: int) -> None:
    for show_all in (False, True):
        lines = shown(run(cluster_evidence(nodes)), width, show_all=show_all).splitlines()
        assert max(map(len, lines)) <= min(width, 120)
        assert [line for line in lines if line != line.rstrip()] == []


def test_the_same_is_told_at_every_width() -> None:
    """But for the table, whose families go by other names, and lines across."""
    texts = {words(shown(run(), width).replace("─", "").partition("all ")[2]) for width in (60, 80, 120)}
    assert len(texts) == 1


def test_64_nodes_take_no_more_than_a_page_or_two() -> None:
    assert len(shown(run(cluster_evidence(64)), 100).splitlines()) < 80


def test_everything_that_is_left_to_do_is_told() -> None:
    (assessment,) = run()
    text = shown([assessment])
    for group in groups(assessment.findings, CONTROLS):
        loud = any(
            f.disposition is Disposition.OPEN and f.outcome in ("FAIL", "UNKNOWN", "REVIEW") for f in group.findings
        )
        assert group.loud is loud
        assert (f" {group.control.id}  " in text) is loud


def test_worst_first() -> None:
    ranks = [group.rank for group in groups(run()[0].findings, CONTROLS)]
    assert ranks == sorted(ranks)
    ids = [line.split()[1] for line in shown(run()).splitlines() if line.startswith(("FAIL ", "UNKNOWN ", "REVIEW "))]
    assert ids[0] == "LM-902"


def accepted(outcome_everywhere: bool) -> Assessment:
    """PLT-908 fails on HV02, which is accepted; on HV04 it is unknown, or passes everywhere else."""
    evidence = cluster_evidence()
    if outcome_everywhere:
        place = ("tpm", "hv04.contoso.com")
        evidence = msgspec.structs.replace(
            evidence, facts={**evidence.facts, place: evidence.facts["tpm", "hv01.contoso.com"]}
        )
    return run(evidence, waivers=WAIVERS[:1])[0]


def test_what_is_accepted_is_quiet_and_still_counted() -> None:
    made = accepted(outcome_everywhere=True)
    text = shown([made])
    (group,) = [group for group in groups(made.findings, CONTROLS) if group.control.id == "PLT-908"]
    assert (group.loud, group.outcome, group.waived) == (False, Outcome.FAIL, 1)
    assert "FAIL    PLT-908" not in text
    assert "PLT-908 on HV02: in use; covers 1 finding. Accepted by A. Example until 2027-03-31, CHG-1042." in words(
        text
    )
    assert next(line for line in text.splitlines() if line.startswith("family")).endswith("waived")
    everything = words(shown([made], show_all=True))
    assert "FAIL PLT-908 medium A TPM is ready fails on 1 node, passes on 3; 1 waived;" in everything
    assert "HV02: The TPM is not ready. (waived)" in everything


def test_what_is_accepted_goes_last_beside_what_is_not() -> None:
    lines = [line.strip() for line in shown([accepted(outcome_everywhere=False)]).splitlines()]
    place = lines.index("HV02: The TPM is not ready. (waived)")
    assert lines[place - 1] == "HV04: The fact tpm could not be read, access was denied."


def test_where_evidence_comes_from() -> None:
    real = cluster_evidence(synthetic=False)
    assert "Origin: no signature was checked. Digests prove that nothing was changed," in shown(run(real))
    signed = cluster_evidence(synthetic=False, signed_by="CN=HV01")
    assert "Origin: signed by CN=HV01." in shown(run(signed))
    assert "Origin" not in shown(run())


def test_controls_of_which_nothing_is_known_are_told_by_their_facts() -> None:
    evidence = cluster_evidence()
    for node in evidence.nodes:
        for name in ("device_guard", "smb_server", "tpm"):
            evidence = evidence.without(name, node.key)
    text = shown(run(evidence))
    assert "UNKNOWN 5 controls, for facts that are missing" in text
    assert "device_guard: LM-902 critical, PLT-902 high, CLU-901 medium" in text
    assert "tpm: PLT-908 medium" in text
    assert "SMB-902  low  The SMB server requires signing" not in text
    assert "SMB-902  low  The SMB server requires signing" in shown(run(evidence), show_all=True)


def test_one_assessment_is_let_go_of_before_the_next_is_asked_for() -> None:
    import gc
    import weakref

    watched: list[weakref.ref[Any]] = []
    alive: list[int] = []

    def assessments() -> Any:
        for number in range(3):
            gc.collect()
            alive.append(sum(ref() is not None for ref in watched))
            evidence = cluster_evidence(2, label=f"CL{number}")
            facts = Watched(evidence.facts)
            watched.append(weakref.ref(facts))
            yield assess(msgspec.structs.replace(evidence, facts=facts), CONTROLS, today=MADE.date())
            del evidence, facts

    class Watched(dict[Any, Any]):
        """Facts that can be watched."""

    printed(lambda out: print_assessments(assessments(), CONTROLS, out))
    assert max(alive) <= 1


# Subjects


@pytest.mark.parametrize(
    ("names", "scope", "everything", "said"),
    [
        (["N1"], Scope.NODE, 4, "N1"),
        (["N1"], Scope.NODE, 1, "N1"),
        (["N1", "N2"], Scope.NODE, 2, "all 2 nodes"),
        (["N1", "N1"], Scope.NODE, 4, "N1"),
        ([f"N{n}" for n in range(9)], Scope.NODE, 10, "N0, N1, N2, N3, N4, N5 and 3 more"),
        (["A → B"], Scope.PAIR, 6, "A → B"),
        (["A → B", "A → C"], Scope.PAIR, 6, "A → B, C"),
        (["B → A", "C → A"], Scope.PAIR, 6, "B, C → A"),
        (["A → B", "B → A"], Scope.PAIR, 6, "A → B; B → A"),
        (["A → B", "B → A"], Scope.PAIR, 2, "all 2 ordered pairs"),
        (
            [f"{s} → {d}" for s in "ABCD" for d in "ABCD" if s != d],
            Scope.PAIR,
            20,
            "A → B, C, D; B → A, C, D; C → A, B, D; 3 more",
        ),
        (["nodes of x that could not be listed"], Scope.PAIR, 1, "nodes of x that could not be listed"),
    ],
)
def test_how_subjects_are_called(names: list[str], scope: Scope, everything: int, said: str) -> None:
    assert named(names, scope, everything) == said


# Hostile evidence


def hostile() -> Evidence:
    nasty = "HV\x1b[31m01\n\rFAIL\u202e[bold]x[/bold]\x07\ud800"
    evidence = cluster_evidence(2)
    renamed = tuple(msgspec.structs.replace(node, name=nasty) for node in evidence.nodes)
    cluster = Subject(Scope.CLUSTER, "key", nasty)
    return msgspec.structs.replace(evidence, nodes=renamed, label=nasty, source=nasty, cluster=cluster, signed_by=nasty)


@pytest.mark.parametrize("show_all", [False, True])
def test_no_name_speaks_to_the_terminal(show_all: bool) -> None:
    waiver = Waiver(control="LM-902", subject="*\x1b[0m", reason="R", owner="O\x1b]0;x\x07", expires=MADE.date())
    text = shown(run(hostile(), waivers=[waiver]), show_all=show_all)
    assert not [c for c in text if not (c.isprintable() or c == "\n")]
    assert "[bold]x[/bold]" in text
    assert not [line for line in text.splitlines() if line.startswith("FAIL[")]
    text.encode()
