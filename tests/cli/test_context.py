"""`hypervigil context`, and what `assess` and `diff` make of a context."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hypervigil.assess import registry
from hypervigil.assess.compile import compile_control
from hypervigil.assess.context_draft import GUESS, confirmed
from hypervigil.assess.context_file import parse_context
from hypervigil.evidence.host import ComputerSystem
from hypervigil.model.context import Context
from hypervigil.model.control import Control, Family
from hypervigil.model.grading import Severity
from hypervigil.model.reason import ReasonCode, Verdict, fails, passes, verdict
from hypervigil.model.subject import Scope
from hypervigil.store import write_bundle
from hypervigil.synthetic.cluster import MOMENT, build
from hypervigil.synthetic.demo import DEMO, HOSTER_2025
from tests.cli.program import Caller


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundles of the demo, in one folder."""
    folder = tmp_path_factory.mktemp("demo")
    for blueprint in DEMO:
        write_bundle(build(blueprint), folder / blueprint.name, created=MOMENT)
    return folder


NAMES = [blueprint.name for blueprint in DEMO]
KEPT_APART = [name for name in NAMES if name != HOSTER_2025.name]
"""Those in which what the network looks like is what it should be: in the hoster's, a VM stands on a VLAN of nodes."""


def judged(call: Caller, *arguments: str | Path) -> dict[str, Any]:
    ended = call("assess", *arguments, "--json")
    assert ended.err == ""
    found: dict[str, Any] = json.loads(ended.out)
    del found["made"]
    return found


def unwrapped(text: str) -> str:
    """Without blanks: a long path is broken wherever the line ends."""
    return "".join(text.split())


def confirm(call: Caller, bundle: Path, file: Path) -> Path:
    """What `context new` drafts, with every guess confirmed."""
    assert call("context", "new", bundle, "-o", file) == (0, "", "")
    file.write_text(confirmed(file.read_text("utf-8")), "utf-8")
    return file


# context new


@pytest.mark.parametrize("name", NAMES)
def test_new_guesses_and_declares_nothing_but_the_cluster(call: Caller, demo: Path, name: str) -> None:
    ended = call("context", "new", demo / name)
    assert (ended.status, ended.err) == (0, "")
    assert GUESS in ended.out
    assert parse_context(ended.out.encode(), "c.toml") == Context(
        file="c.toml", digest=parse_context(ended.out.encode(), "c.toml").digest, clusters=(name,)
    )


def test_new_leaves_alone_what_is_there(call: Caller, demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "context.toml"
    file.write_text("tenancy = 'single'\n")
    ended = call("context", "new", demo / NAMES[0], "-o", file)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        f"hypervigil: error: {file}: it is there already, and what you declared would be lost. Name a new file.\n"
    )
    assert file.read_text() == "tenancy = 'single'\n"


def test_new_wants_a_bundle(call: Caller, tmp_path: Path) -> None:
    assert call("context", "new", tmp_path / "none").status == 2


# context check


def test_check_tells_what_is_declared_and_what_is_not(call: Caller, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('tenancy = "multi"\njump_hosts = []\n[[edr]]\nproduct = "P"\nservices = ["S"]\n')
    ended = call("context", "check", file)
    assert (ended.status, ended.err) == (0, "")
    assert " ".join(ended.out.split()) == (
        "tenancy: multi jump_hosts: none edr: P (S) Not declared, so not known: clusters, expected_nodes, "
        "admin_groups, local_kdc_needed, networks, wac_gateways, tier0_guests, smb_endpoints, backup, logs, shielding."
    )


def test_check_refuses_what_is_wrong(call: Caller, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("tenancy = 'many'")
    why = f'{file}:1: tenancy: "many" is not possible; expected one of single, multi, regulated.'
    assert call("context", "check", file) == (2, "", f"hypervigil: error: {why}\n")
    assert call("context", "check", tmp_path / "none.toml").status == 2


@pytest.mark.parametrize("name", KEPT_APART)
def test_check_finds_no_conflict_where_every_guess_is_right(
    call: Caller, demo: Path, tmp_path: Path, name: str
) -> None:
    file = confirm(call, demo / name, tmp_path / "c.toml")
    ended = call("context", "check", file, "--bundle", demo / name)
    assert (ended.status, ended.err) == (0, "")
    assert f"Context:{file},nothingcontradictsit." in unwrapped(ended.out)


def test_check_finds_what_contradicts_a_guess_that_somebody_confirmed(call: Caller, demo: Path, tmp_path: Path) -> None:
    file = confirm(call, demo / HOSTER_2025.name, tmp_path / "c.toml")
    ended = call("context", "check", file, "--bundle", demo / HOSTER_2025.name)
    assert (ended.status, ended.err) == (1, "")
    assert unwrapped("but the VM HOSTER25-VM0004 on HOSTER25-N04 is on it") in unwrapped(ended.out)


def wrong(file: Path, name: str) -> Path:
    file.write_text(f'clusters = ["{name}"]\nexpected_nodes = ["{name}-N01", "{name}-N02", "{name}-N99"]\n')
    return file


def test_check_tells_conflicts(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = wrong(tmp_path / "c.toml", "GOOD")
    ended = call("context", "check", file, "--bundle", bundles / "GOOD", "--json")
    assert (ended.status, ended.err) == (1, "")
    told = json.loads(ended.out)
    assert told["declared"] == {"clusters": ["GOOD"], "expected_nodes": ["GOOD-N01", "GOOD-N02", "GOOD-N99"]}
    assert "tenancy" in told["undeclared"]
    ((conflict,),) = [bundle["conflicts"] for bundle in told["bundles"]]
    assert (conflict["code"], conflict["severity"], conflict["place"]) == ("node_misses", "medium", f"{file}:2")
    assert conflict["text"] == "GOOD-N99 is expected, but the cluster does not list it."
    assert [(item["fact"], item["document"]) for item in conflict["evidence"]] == [
        ("cluster_nodes", "cluster/cluster_nodes.json")
    ]
    ended = call("context", "check", file, "--bundle", bundles / "GOOD")
    assert ended.status == 1
    assert "medium: GOOD-N99 is expected, but the cluster does not list it." in " ".join(ended.out.split())


def test_check_of_another_cluster_says_so(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = wrong(tmp_path / "c.toml", "GOOD")
    ended = call("context", "check", file, "--bundle", bundles / "GAP")
    assert ended.status == 0
    assert unwrapped(ended.err) == f"GAP:nocontextisaboutit({file}isaboutGOOD)."


# assess and diff


@pytest.mark.parametrize("name", KEPT_APART)
def test_a_context_changes_nothing_but_what_is_said_of_it(call: Caller, demo: Path, tmp_path: Path, name: str) -> None:
    file = confirm(call, demo / name, tmp_path / "c.toml")
    without, given = judged(call, demo / name), judged(call, demo / name, "--context", file)
    assert without["clusters"][0].pop("context") is None
    used = given["clusters"][0].pop("context")
    assert (used["file"], used["conflicts"]) == (str(file), [])
    asks = {c.control.id for c in registry.compiled_controls() if "context" in c.asks}
    for found in (without, given):
        found["findings"] = [finding for finding in found["findings"] if finding["control"] not in asks]
        if asks:
            del found["summary"]
    assert given == without


class Why(ReasonCode):
    MANY = passes("Several nodes are expected.")
    ONE = fails("One node is expected.")


def is_expected(_system: ComputerSystem, context: Context) -> Verdict:
    return verdict(Why.MANY() if len(context.expected_nodes or ()) > 1 else Why.ONE())


def test_a_control_that_needs_it_is_decided_by_it_and_no_other_changes(
    call: Caller, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No control of the demo asked for a context when this was written: so one is planted that does."""
    module = ModuleType("planted")
    control = Control(
        id="MGT-019",
        title="Planted",
        family=Family.MANAGEMENT,
        scope=Scope.NODE,
        severity=Severity.HIGH,
        reasons=Why,
    )
    vars(module).update(CONTROL=control, assess=is_expected)
    others = tuple(c for c in registry.compiled_controls() if "context" not in c.asks)
    monkeypatch.setattr(registry, "compiled_controls", lambda: (*others, compile_control(module)))
    file = confirm(call, demo / "GOOD25", tmp_path / "c.toml")
    without, given = judged(call, demo / "GOOD25"), judged(call, demo / "GOOD25", "--context", file)
    rest = [[f for f in found["findings"] if f["control"] != "MGT-019"] for found in (without, given)]
    assert rest[0] == rest[1]
    planted = [[f for f in found["findings"] if f["control"] == "MGT-019"] for found in (without, given)]
    assert [{f["outcome"] for f in found} for found in planted] == [{"UNKNOWN"}, {"PASS"}]
    assert planted[0][0]["missing"] == [
        {"fact": "context", "cause": "not_collected", "detail": "no context was declared"}
    ]
    assert planted[1][0]["evidence"][-1]["subject"] == str(file)
    for wanted in ("terminal", "html", "sarif", "csv", "junit"):
        assert call("assess", demo / "GOOD25", "--context", file, "--format", wanted, "--fail-on", "never").status == 0
    told = call("diff", demo / "GOOD25", demo / "GOOD25", "--context", file, "--json")
    assert json.loads(told.out)["counts"]["unchanged"] > 0


def test_conflicts_are_told_and_move_no_exit_status(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = wrong(tmp_path / "c.toml", "GOOD")
    ended = call("assess", bundles / "GOOD", "--context", file)
    assert (ended.status, ended.err) == (0, "")
    assert "medium: GOOD-N99 is expected, but the cluster does not list it." in " ".join(ended.out.split())


def test_each_cluster_gets_the_context_that_names_it(call: Caller, bundles: Path, tmp_path: Path) -> None:
    own, general = wrong(tmp_path / "own.toml", "GOOD"), tmp_path / "general.toml"
    general.write_text("tenancy = 'single'\n")
    found = judged(call, bundles / "GOOD", bundles / "GAP", "--context", general, "--context", own)
    files = {cluster["label"]: cluster["context"]["file"] for cluster in found["clusters"]}
    assert files == {"GOOD": str(own), "GAP": str(general)}


def test_two_contexts_of_one_cluster_are_one_too_many(call: Caller, bundles: Path, tmp_path: Path) -> None:
    one, two = wrong(tmp_path / "1.toml", "GOOD"), wrong(tmp_path / "2.toml", "GOOD")
    ended = call("assess", bundles / "GOOD", "--context", one, "--context", two)
    assert ended.status == 2
    assert ended.err == (
        f"hypervigil: error: GOOD: {one} and {two} are both about it. Give one, or let each name its clusters.\n"
    )


def test_a_context_of_another_cluster_is_not_used(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = wrong(tmp_path / "c.toml", "GOOD")
    ended = call("assess", bundles / "GAP", "--context", file, "--json")
    assert json.loads(ended.out)["clusters"][0]["context"] is None
    assert unwrapped(ended.err) == f"GAP:nocontextisaboutit({file}isaboutGOOD)."


def test_diff_reads_the_context_of_both_sides(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("oops = 1")
    ended = call("diff", bundles / "GOOD", bundles / "GOOD", "--context", file)
    assert ended.status == 2
    assert "oops: this key is not known" in ended.err
