"""Snapshots of reports: files that show a reader of a change what it does to what people see.

HYPERVIGIL_UPDATE_SNAPSHOTS=1 writes them anew. A missing one is an error, never made silently.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_matches(name: str, text: str, folder: Path = FOLDER) -> None:
    path = folder / name
    if os.environ.get("HYPERVIGIL_UPDATE_SNAPSHOTS") == "1":
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text
