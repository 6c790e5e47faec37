"""``collect script`` and ``collect reads``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from hypervigil.collect.reads import table
from tests.cli.program import Caller


def test_the_script_comes_with_its_digest_and_a_page(tmp_path: Path, call: Caller) -> None:
    done = call("collect", "script", "-o", tmp_path / "new")
    assert done.status == 0
    script = (tmp_path / "new" / "Collect-Hypervigil.ps1").read_bytes()
    digest = hashlib.sha256(script).hexdigest()
    assert script.startswith(b"#Requires -Version 5.1")
    assert (tmp_path / "new" / "Collect-Hypervigil.ps1.sha256").read_text() == f"{digest} *Collect-Hypervigil.ps1\n"
    page = (tmp_path / "new" / "Collect-Hypervigil.txt").read_bytes().decode("ascii")
    assert digest in page
    assert digest in done.out
    assert "Get-HgsClientConfiguration" in page.partition("Reads that do more than read")[2]


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path, call: Caller) -> None:
    done = call("collect", "script", "-o", tmp_path / "missing" / "new")
    assert done.status == 2
    assert "the folder can not be made" in done.err
    assert not (tmp_path / "missing").exists()


def test_reads_are_those_of_the_table(call: Caller) -> None:
    listed = json.loads(call("collect", "reads", "--json").out)
    assert len(listed) == len(table())
    assert {row["fact"] for row in listed} >= {"smb_server", "device_guard"}


def test_reads_of_one_fact(call: Caller) -> None:
    done = call("collect", "reads", "--fact", "smb_server")
    assert done.out.startswith("smb_server\n  SmbShare\\Get-SmbServerConfiguration\n")
    assert done.out.endswith(" for 1 fact.\n")


def test_a_fact_that_is_not_read_gets_a_proposal(call: Caller) -> None:
    done = call("collect", "reads", "--fact", "smb_servr")
    assert done.status == 2
    assert "Did you mean smb_server" in done.err
