"""Bundles of small made-up clusters, written once, and the ways to call the program."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from hypervigil.evidence.release import Release
from hypervigil.store import write_bundle
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from hypervigil.synthetic.flaws import Flaw
from tests.cli.program import Caller

BLUEPRINTS = (
    Blueprint(name="GOOD", nodes=2, vms=2),
    Blueprint(name="SMB1", release=Release.WS2022, nodes=2, vms=2, flaws=(Flaw.SMB1_LEFT,)),
    Blueprint(name="MEDIUM", nodes=2, vms=2, flaws=(Flaw.CLEAR_STORAGE,)),
    Blueprint(name="GAP", nodes=2, vms=2, flaws=(Flaw.TPM_UNREADABLE,)),
    Blueprint(name="CREDSSP", nodes=3, vms=2, flaws=(Flaw.CREDSSP_ON_ONE_NODE,)),
    Blueprint(name="SMB1GAP", nodes=2, vms=2, flaws=(Flaw.SMB1_LEFT, Flaw.TPM_UNREADABLE)),
)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of bundles: GOOD has nothing wrong; SMB1 a high failure on its last node; MEDIUM a medium one; GAP a
    fact that could not be read; SMB1GAP both; CREDSSP pairs of nodes that fail. Read only: ``changed`` gives a copy."""
    folder = tmp_path_factory.mktemp("bundles")
    for blueprint in BLUEPRINTS:
        write_bundle(build(blueprint), folder / blueprint.name, created=MOMENT)
    write_bundle(build(BLUEPRINTS[0]), folder / "GOOD.zip", created=MOMENT)
    return folder


@pytest.fixture
def copy(bundles: Path, tmp_path: Path) -> Path:
    """A bundle that a test may damage: that of GOOD."""
    return Path(shutil.copytree(bundles / "GOOD", tmp_path / "COPY"))


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Caller:
    return Caller(capfd)


@pytest.fixture
def today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
