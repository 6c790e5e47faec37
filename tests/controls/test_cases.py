"""Runs the table of every control."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import pytest

import tests.controls
from tests.controls.case import Case, finding_of


def tables() -> list[tuple[ModuleType, tuple[Case, ...]]]:
    """The control module and the cases of every test module below ``tests/controls``."""
    found = []
    for info in pkgutil.walk_packages(tests.controls.__path__, "tests.controls."):
        if info.name.rpartition(".")[2].startswith("test_") and info.name != __name__:
            module = importlib.import_module(info.name)
            if hasattr(module, "CASES"):
                found.append((module.CONTROL_MODULE, module.CASES))
    return found


@pytest.mark.parametrize(
    ("module", "case"),
    [
        pytest.param(module, case, id=f"{module.CONTROL.id}: {case.name}")
        for module, cases in tables()
        for case in cases
    ],
)
def test_case(module: ModuleType, case: Case) -> None:
    finding = finding_of(module, case)
    codes = tuple(reason.code for reason in finding.reasons)
    assert (finding.outcome, codes) == (case.gives, case.because)
    assert finding.cause == case.cause
    if case.confidence is not None:
        assert finding.confidence is case.confidence
    assert case.says in " ".join(reason.text for reason in finding.reasons)
