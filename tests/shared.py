"""Where tests find what is not in this repository: recorded data and tools, in a folder `shared` beside it.

HYPERVIGIL_SHARED names another folder. Where something is missing, a test is skipped and says why; with CI=true it
fails instead, so that a green run there has really compared what it says.
"""

import os
from pathlib import Path
from typing import NoReturn

import pytest

_REPOSITORY = Path(__file__).resolve().parent.parent


def shared_folder() -> Path:
    """The folder, whether or not it exists."""
    return Path(os.environ.get("HYPERVIGIL_SHARED") or _REPOSITORY.parent / "shared")


def shared_data(*parts: str) -> Path:
    """A file or folder of recorded data, such as `shared_data("clixml", "server2016")`."""
    return _present(shared_folder().joinpath("data", *parts), "recorded data")


def shared_document(name: str) -> Path:
    """A document that the product is measured against, such as `shared_document("catalogue.md")`."""
    return _present(shared_folder() / name, "a document")


def psengine() -> Path:
    """The program that runs PowerShell's own engine, and with it its CLIXML serializer."""
    return _present(shared_folder() / "tools" / "psengine" / "psengine", "the PowerShell engine")


def _present(path: Path, what: str) -> Path:
    if not path.exists():
        _absent(f"{what} is not at {path}; set HYPERVIGIL_SHARED to the folder that holds it")
    return path


def _absent(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
