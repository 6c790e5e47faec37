"""Where output goes: the terminal, a pipe, or a file that is never left half written."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shlex
import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hypervigil.cli.interrupt import heed
from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import Console

NARROWEST, WIDEST = 40, 9999
IN_A_PIPE = 100
"""Columns: the bounds of what COLUMNS may ask for, and what is taken where there is no terminal and it says nothing."""

_PIECE = 1024 * 1024
"""Characters that are encoded at once."""


class OutputError(InputError):
    """A file that can not be written: which, why, and what to do."""


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; in a pipe as COLUMNS says. No colour in a pipe, nor where NO_COLOR is set."""
    stream = sys.stderr if stderr else sys.stdout
    if stream.isatty():
        return _console(file=stream)
    return _plain(stream)


def _plain(stream: IO[str]) -> Console:
    return _console(file=stream, width=_width(), color_system=None, legacy_windows=False)


def _console(**options: Any) -> Console:  # noqa: ANN401  options of rich's console
    from rich.console import Console

    class PipedConsole(Console):
        """Lets a closed pipe out as the error that it is, where rich would end the program with status 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    return PipedConsole(highlight=False, emoji=False, **options)


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    try:
        return min(max(int(columns), NARROWEST), WIDEST)
    except ValueError:
        return IN_A_PIPE


def say(out: Console, text: str, style: str = "", *, whole: bool = False) -> None:
    """Print a line, wrapped at the terminal's width, with what a terminal would obey spelt out.

    ``whole`` keeps it on one line however long it is: for a command or path that somebody copies.
    """
    from rich.text import Text

    from hypervigil.report.terminal_lines import plain, print_paragraph

    indent = len(text) - len(text.lstrip(" "))
    line = Text(" " * indent + plain(text), style)
    if whole:
        out.print(line, soft_wrap=True)
    else:
        print_paragraph(out, line, rest=indent + 2 if indent else 0)


def show(printing: Callable[[Console], None]) -> None:
    """Print to standard output: pages and tables, in a pipe without the blanks that fill their lines up."""
    if sys.stdout.isatty():
        printing(console())
    else:
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured(printing).splitlines()))


def quoted(path: Path) -> str:
    """The path as it is typed in a shell of this system."""
    if os.name == "nt":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))


def emit(text: str, target: Path | None) -> None:
    """Write text as UTF-8 to a file, or to standard output.

    Raises:
        OutputError: the file can not be written. What stood there before is left as it was.
    """
    if target is not None:
        write_file(target, _encoded(text))
        return
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    for data in _encoded(text):
        binary.write(data)
    binary.flush()


def _encoded(text: str) -> Iterator[bytes]:
    """The text as UTF-8 piece by piece: a report on a fleet has 150 MB, and need not be there twice."""
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE].encode("utf-8", "backslashreplace")


def write_file(target: Path, data: Iterable[bytes]) -> None:
    """Write under a temporary name beside the target, then rename; a device or pipe is written to directly.

    A link keeps pointing where it does, and a file keeps its permissions.

    Raises:
        OutputError: the file can not be written.
        KeyboardInterrupt: somebody has asked to stop.
    """
    heed()
    try:
        if target.is_dir():
            raise OutputError(f"{target}: it is a folder. Name a file in it.")
        if target.exists() and not target.is_file():
            _write(target, data)
        else:
            _replace(target.resolve(), data)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        remedy = "Check the folder, free space and permissions, or write elsewhere."
        raise OutputError(f"{target}: it can not be written: {why}. {remedy}") from error


def check_writable(target: Path) -> None:
    """Refuse early what would fail after minutes of work: a folder, or a file in a folder that is not there.

    Raises:
        OutputError: the file could not be written.
    """
    with contextlib.suppress(OSError):
        if target.is_dir():
            raise OutputError(f"{target}: it is a folder. Name a file in it.")
        if not target.parent.exists():
            raise OutputError(f"{target}: its folder does not exist. Make {target.parent} first, or write elsewhere.")


def _write(target: Path, data: Iterable[bytes]) -> None:
    with target.open("wb") as file:
        file.writelines(data)


def _replace(target: Path, data: Iterable[bytes]) -> None:
    temporary = target.with_name(f".hypervigil-{secrets.token_hex(8)}.tmp")
    try:
        _write(temporary, data)
        with contextlib.suppress(OSError):  # there is no old file, or the file system has no permissions
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def captured(printing: Callable[[Console], None]) -> str:
    """What ``printing`` writes to a console without colour, as text."""
    import io

    out = io.StringIO()
    printing(_plain(out))
    return out.getvalue()


def emit_json(value: object, target: Path | None = None) -> None:
    """Write a value as indented JSON."""
    import msgspec

    emit(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n", target)
