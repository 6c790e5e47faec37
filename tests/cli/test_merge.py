"""``collect merge``: from bundles on disk to one bundle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypervigil.evidence.evidence import Evidence
from hypervigil.store import read_bundle, verify_bundle, write_bundle
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from tests.cli.program import Caller
from tests.collect.test_merge import split

NODES = 64


@pytest.fixture(scope="module")
def whole() -> Evidence:
    return build(Blueprint(name="CL64", nodes=NODES, vms=2 * NODES))


@pytest.fixture(scope="module")
def bundles(whole: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    for name, part in split(whole):
        write_bundle(part, folder / name, created=MOMENT)
    return folder


def test_64_bundles_make_one(call: Caller, bundles: Path, whole: Evidence, tmp_path: Path) -> None:
    once, merged = tmp_path / "once", tmp_path / "merged"
    write_bundle(whole, once, created=MOMENT)
    ended = call("collect", "merge", bundles, "-o", merged)
    assert (ended.status, ended.err) == (0, "")
    assert "cluster CL64, 64 nodes of 64 bundles, 0 remarks." in " ".join(ended.out.split())
    assert verify_bundle(merged).whole
    assert read_bundle(merged) == read_bundle(once)


def test_remarks_are_said_and_are_there_for_machines(call: Caller, bundles: Path, tmp_path: Path) -> None:
    some = [bundles / f"CL64-N{number:02d}.zip" for number in range(1, NODES)]
    said = call("collect", "merge", *some, "-o", tmp_path / "a.zip")
    assert "not_covered: CL64-N64: CL64 lists it, and no bundle covers it." in " ".join(said.out.split())
    ended = call("collect", "merge", *some, "-o", tmp_path / "b.zip", "--json")
    result = json.loads(ended.out)
    assert result["merged"] == NODES - 1
    assert [(remark["kind"], remark["node"]) for remark in result["remarks"]] == [("not_covered", "cl64-n64")]


def test_another_cluster_is_refused_and_nothing_is_written(call: Caller, bundles: Path, tmp_path: Path) -> None:
    write_bundle(build(Blueprint(name="OTHER", nodes=1)), tmp_path / "other", created=MOMENT)
    ended = call("collect", "merge", bundles, tmp_path / "other", "-o", tmp_path / "merged")
    assert ended.status == 2
    assert "is of cluster OTHER" in ended.err or "is of cluster CL64" in ended.err
    assert not (tmp_path / "merged").exists()


def test_a_folder_without_bundles_is_refused(call: Caller, tmp_path: Path) -> None:
    ended = call("collect", "merge", tmp_path, "-o", tmp_path / "merged")
    assert ended.status == 2
    assert "it is no bundle and holds none" in ended.err
