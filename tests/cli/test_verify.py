"""`hypervigil verify`: 0 whole, 1 differs, 2 no bundle (see test_errors)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.program import Caller


def test_a_whole_bundle(call: Caller, bundles: Path) -> None:
    for name in ("GOOD", "GOOD.zip"):
        ended = call("verify", bundles / name)
        assert (ended.status, ended.err) == (0, "")
        text = " ".join(ended.out.split())
        assert "documents, made 2026-11-16 06:00 UTC by hypervigil" in text
        assert "all as they were." in text
        assert "Synthetic: made up" in text
        assert "Digests prove integrity, not who made the bundle." in text


def test_every_difference_is_told(call: Caller, copy: Path) -> None:
    changed, missing = sorted(copy.rglob("tpm.json"))
    changed.write_text(changed.read_text() + " ")
    missing.unlink()
    (copy / "notes.txt").write_text("mine")
    ended = call("verify", copy)
    assert ended.status == 1
    lines = ended.out.splitlines()
    assert lines[0].startswith(f"changed: {changed.relative_to(copy).as_posix()} (")
    assert lines[1] == f"missing: {missing.relative_to(copy).as_posix()}"
    assert lines[2] == "added: notes.txt"
    assert "3 not as they were." in " ".join(lines[3:])


def test_as_json(call: Caller, copy: Path) -> None:
    whole = json.loads(call("verify", copy, "--json").out)
    assert (whole["whole"], whole["synthetic"], whole["differences"]) == (True, True, [])
    (copy / "notes.txt").write_text("mine")
    ended = call("verify", copy, "--json")
    made = json.loads(ended.out)
    assert (ended.status, made["whole"], made["bundle"]) == (1, False, str(copy))
    assert made["differences"] == [{"document": "notes.txt", "what": "added", "detail": ""}]
    assert made["manifest_sha256"] == whole["manifest_sha256"]


def test_names_in_a_bundle_do_not_speak_to_the_terminal(call: Caller, copy: Path) -> None:
    (copy / "a\x1b[2Jb").write_text("")
    ended = call("verify", copy)
    assert ended.status == 1
    assert "\x1b" not in ended.out
    assert "2Jb" in ended.out


def test_a_bundle_without_documents_is_not_whole(call: Caller, copy: Path) -> None:
    shutil.rmtree(copy / "nodes")
    assert call("verify", copy).status == 1
