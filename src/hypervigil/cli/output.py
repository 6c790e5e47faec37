"""Where output goes: the terminal, a pipe, or a file that is never left half written."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console


class OutputError(InputError):
    """A file that can not be written: which, why, and what to do."""


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; 100 columns in a pipe, and no colour there or where NO_COLOR is set."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if stream.isatty():
        return Console(file=stream, highlight=False)
    return Console(file=stream, highlight=False, width=_width(), color_system=None, legacy_windows=False)


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return max(int(columns), 40) if columns.isdecimal() else 100


def emit(text: str, target: Path | None) -> None:
    """Write text as UTF-8 to a file, or to standard output.

    Raises:
        OutputError: the file can not be written. What stood there before is left as it was.
    """
    data = text.encode("utf-8", "backslashreplace")
    if target is not None:
        write_file(target, data)
        return
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
    else:
        binary.write(data)
        binary.flush()


def write_file(target: Path, data: bytes) -> None:
    """Write under a temporary name beside the target, then rename; a device or pipe is written to directly.

    Raises:
        OutputError: the file can not be written.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise OutputError(f"{target}: it is a folder. Name a file in it.")
            target.write_bytes(data)
            return
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        why = f"it can not be written: {error.strerror or error}"
        remedy = "Check the folder, free space and permissions, or write elsewhere."
        raise OutputError(f"{target}: {why}. {remedy}") from error


def captured(printing: Callable[[Console], None]) -> str:
    """What ``printing`` writes to a console without colour, as text."""
    import io

    from rich.console import Console

    out = io.StringIO()
    printing(Console(file=out, width=_width(), highlight=False, color_system=None, legacy_windows=False))
    return out.getvalue()


def emit_json(value: object, target: Path | None = None) -> None:
    """Write a value as indented JSON."""
    import msgspec

    emit(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n", target)
