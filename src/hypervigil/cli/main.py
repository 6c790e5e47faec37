"""The entry point: the list of commands, and what becomes of errors.

Imports here and in the command modules stay light, so that ``--help`` answers at once; commands import their work when
they run.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from hypervigil import __version__
from hypervigil.cli import assess, collect, context, controls, demo, diff, explain, redact, verify
from hypervigil.cli.encoding import prepare
from hypervigil.cli.interrupt import heed
from hypervigil.cli.status import ExitStatus, status
from hypervigil.cli.usage import require_command
from hypervigil.model.errors import InputError

app = typer.Typer(
    name="hypervigil",
    help=(
        "Judges Hyper-V failover clusters: where each control stands, and on what evidence. "
        "It reads; it never changes a host."
    ),
    epilog=(
        "Exit status: 0 nothing found; 1 something found (failures at or above --fail-on, a bundle that differs, what "
        "is new or regressed); 2 the command line or an input is wrong; 3 too little evidence (--require-complete); "
        "70 an error of ours; 130 stopped with Ctrl-C."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("assess")(assess.assess)
app.command("explain")(explain.explain)
app.command("controls")(controls.controls)
app.command("diff")(diff.diff)
app.add_typer(collect.app, name="collect")
app.add_typer(context.app, name="context")
app.command("verify")(verify.verify)
app.command("redact")(redact.redact)
app.command("demo")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hypervigil {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    called: typer.Context,
    _wants_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    require_command(called)


def main() -> None:
    """Run the command line and leave with one of the documented exit statuses."""
    prepare(sys.stdout, sys.stderr)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit status is what is returned."""
    status.value = ExitStatus.NOTHING
    try:
        _invoke(arguments)
        sys.stdout.flush()
        heed()
    except typer.Exit as error:
        return error.exit_code
    except typer.TyperException as error:
        return _wrong_command_line(error)
    except (KeyboardInterrupt, typer.Abort):
        _say("stopped.")
        return ExitStatus.STOPPED
    except InputError as error:
        _say(f"error: {error}")
        return ExitStatus.WRONG_INPUT
    except BrokenPipeError:
        _forget_stdout()
        return status.value
    except OSError as error:
        return _unwritable(error)
    except Exception:  # noqa: BLE001  the last line of defence: say that it is ours, with what a report needs
        return _ours()
    return status.value


def _invoke(arguments: Sequence[str]) -> None:
    """Typer's own entry point would end the program with status 1 where a pipe is closed; this one lets errors out."""
    command = get_command(app)
    with command.make_context("hypervigil", list(arguments)) as context:
        command.invoke(context)


def _wrong_command_line(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "hypervigil"
    problem = error.format_message().replace("Value error, ", "").rstrip(".?")
    _say(f"error: {problem}{'?' if 'Did you mean' in problem else '.'} '{path} --help' tells what it takes.")
    return ExitStatus.WRONG_INPUT


def _unwritable(error: OSError) -> int:
    """Standard output is full or gone; anything else that the system refuses unforeseen is an error of ours."""
    if error.filename is not None or error.errno not in {errno.ENOSPC, errno.EINVAL, errno.EIO, errno.EBADF}:
        return _ours()
    _forget_stdout()
    if error.errno == errno.EINVAL and os.name == "nt":  # how Windows says that a pipe was closed
        return status.value
    _say(f"error: standard output can not be written: {error.strerror}. Free some space, or write with -o elsewhere.")
    return ExitStatus.WRONG_INPUT


def _ours() -> int:
    _say(
        "an error of ours. Please report it with the lines below; they hold paths and names from your machine, so read "
        "them first."
    )
    _say(f"hypervigil {__version__}, Python {platform.python_version()}, {platform.platform()}")
    with contextlib.suppress(OSError):
        sys.stderr.write(traceback.format_exc())
    return ExitStatus.OUR_ERROR


def _say(text: str) -> None:
    """One line on standard error. It may hold names that somebody else has given."""
    from hypervigil.report.text import visible

    shown = visible(text).replace("\n", "[U+000A]")
    with contextlib.suppress(OSError):
        sys.stderr.write(f"hypervigil: {shown}\n")
        sys.stderr.flush()


def _forget_stdout() -> None:
    """Nobody reads standard output any more: keep the interpreter from complaining about it at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
