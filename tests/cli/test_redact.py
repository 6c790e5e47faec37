"""``redact``: from a bundle on disk to one that can be shown."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from hypervigil.store import read_bundle, write_bundle
from hypervigil.synthetic.cluster import MOMENT
from tests.assess.declared import TEXT
from tests.cli.program import Caller
from tests.evidence.redaction.clusters import small, with_vm_names
from tests.store.signing import identity, signed


def words(text: str) -> str:
    return " ".join(text.split())


def test_it_writes_a_bundle_that_says_what_it_is(call: Caller, bundles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    ended = call("redact", bundles / "SMB1", "-o", out)
    assert (ended.status, ended.err) == (0, "")
    assert "redacted. Replaced:" in ended.out
    assert "SMB1-N01" not in ended.out
    assert read_bundle(out).redacted
    assert "Redacted: names" in call("verify", out).out
    before, after = (call("assess", path, "--json") for path in (bundles / "SMB1", out))
    assert before.status == after.status == 1
    outcomes = [
        sorted((f["control"], f["outcome"]) for f in json.loads(ended.out)["findings"]) for ended in (before, after)
    ]
    assert outcomes[0] == outcomes[1]
    assert "is redacted" in words(call("assess", out, "--format", "html").out)


def test_a_signed_bundle_loses_its_signature(call: Caller, copy: Path, tmp_path: Path) -> None:
    (copy / "manifest.json.p7s").write_bytes(signed((copy / "manifest.json").read_bytes(), identity("Signer")))
    assert call("redact", copy, "-o", tmp_path / "out").status == 0
    assert not (tmp_path / "out" / "manifest.json.p7s").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_map_is_for_its_owner_and_is_complete(call: Caller, bundles: Path, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    ended = call("redact", bundles / "GOOD", "-o", tmp_path / "out", "--map", file)
    assert "can undo the redaction" in words(ended.out)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    replacements = {each["original"]: each["pseudonym"] for each in json.loads(file.read_text())["replacements"]}
    assert replacements["GOOD"] == "cluster0001"
    (node, *_) = read_bundle(tmp_path / "out").nodes
    assert replacements["good-n01"] == node.name


def test_a_key_is_made_once_and_then_gives_the_same_names(call: Caller, bundles: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    for number in (1, 2):
        assert call("redact", bundles / "GOOD", "-o", tmp_path / str(number), "--key", key).status == 0
    assert stat.S_IMODE(key.stat().st_mode) in (0o600, 0o666)
    one, other = (read_bundle(tmp_path / str(number)) for number in (1, 2))
    assert one == other
    assert call("redact", bundles / "GOOD", "-o", tmp_path / "3").status == 0
    assert read_bundle(tmp_path / "3").nodes != one.nodes


def test_the_context_is_redacted_with_it(call: Caller, bundles: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.toml"
    context.write_text(TEXT.replace("CL01", "GOOD"))
    out = tmp_path / "out.zip"
    assert call("redact", bundles / "GOOD", "-o", out, "--context", context).status == 0
    beside = tmp_path / "out.context.toml"
    assert "JUMP01" not in beside.read_text()
    assert call("context", "check", beside, "--bundle", out).status in (0, 1)


def test_words_of_windows_that_are_names_are_told(call: Caller, tmp_path: Path) -> None:
    write_bundle(with_vm_names(small(), "Hyper-V"), tmp_path / "bundle", created=MOMENT)
    ended = call("redact", tmp_path / "bundle", "-o", tmp_path / "out")
    assert "Also words of Windows" in ended.out
    assert "Hyper-V" in ended.out
    left = json.loads(call("redact", tmp_path / "bundle", "-o", tmp_path / "b", "--json").out)["left"]
    assert {"word": "Hyper-V", "fact": "windows_features", "field": "WindowsFeature.name", "text": "Hyper-V"} in left


@pytest.mark.parametrize("what", ["--map", "-o"])
def test_nothing_is_overwritten(call: Caller, bundles: Path, tmp_path: Path, what: str) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    arguments = {"-o": tmp_path / "out", "--map": tmp_path / "map", what: there}
    ended = call("redact", bundles / "GOOD", *[part for pair in arguments.items() for part in pair])
    assert ended.status == 2
    assert "there" in ended.err
    assert there.read_text() == "mine"


def test_a_key_that_is_too_short_and_a_wrong_context_are_refused(call: Caller, bundles: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")
    ended = call("redact", bundles / "GOOD", "-o", tmp_path / "out", "--key", tmp_path / "key")
    assert ended.status == 2
    assert "a key has at least 16" in ended.err
    (tmp_path / "context.toml").write_text("nonsense = 1")
    assert call("redact", bundles / "GOOD", "-o", tmp_path / "out", "--context", tmp_path / "context.toml").status == 2
    assert not (tmp_path / "out").exists()
