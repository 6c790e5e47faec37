"""What tests of the collector share: an engine that lives for seconds only."""

import os
from pathlib import Path

import pytest

# PowerShell's engine starts anew for each script, some hundred times. Background collection, and compiling methods a
# second time by their profile, are a quarter of its work then and never pay off.
os.environ.setdefault("DOTNET_gcConcurrent", "0")
os.environ.setdefault("DOTNET_TieredPGO", "0")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process: they share runs of the engine, and a run takes many seconds."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
