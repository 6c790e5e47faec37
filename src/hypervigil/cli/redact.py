"""``hypervigil redact``: a bundle that can be shown to others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.model.errors import InputError
from hypervigil.model.wording import few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypervigil.evidence.redaction import Redacted

_SHOWN = 5
"""Words that the summary lists before it counts the rest."""

_NOUNS = {
    "dom": "domain",
    "switch": "switch,es",
    "address": "address,es",
    "guid": "GUID",
    "mac": "MAC address,es",
    "sid": "SID",
    "name": "other name",
}
"""What a pseudonym's kind is called in the summary, where its own word will not do; what a plural adds, if not an s."""


class RedactError(InputError):
    """A key that can not be used, or a file that would be overwritten."""


def redact(
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE", readable=False, help="The bundle to redact: folder or zip.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", readable=False, help="The bundle to write: a folder, or a name with .zip."
        ),
    ],
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False, help="Same key, same pseudonyms in every bundle. Made if it is not there."
        ),
    ] = None,
    context: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Redact this context.toml too; it is written beside OUT."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", readable=False, help="Write what was replaced by what. Keep it to yourself."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Make a copy of a bundle without its names.

    Names, addresses and ids are replaced, so that it can be shown to others. What is judged stays, so the redacted
    bundle is judged the same. The same name is replaced by the same everywhere, and with --key in other bundles
    too. A signature does not stay. Whoever has the key can try names against it, and whoever has the file of --map
    can undo it all: give neither away.
    """
    import datetime

    from hypervigil.cli.output import console, emit_json, quoted, say
    from hypervigil.evidence.redaction import redact as redacted_from
    from hypervigil.store import read_bundle, write_bundle

    beside = output.with_name(f"{output.name.removesuffix('.zip')}.context.toml")
    for target in (mapping, beside if context else None):
        if target is not None and target.exists():
            raise RedactError(f"{target}: it is there already. Give another name, or remove it first.")
    evidence = read_bundle(bundle)
    declared = None if context is None else _context(context)
    is_new_key = key is not None and not key.exists()
    made = redacted_from(evidence, None if key is None else _key(key), declared)
    write_bundle(made.evidence, output, created=datetime.datetime.now(datetime.UTC).replace(microsecond=0))
    if made.context is not None:
        from hypervigil.cli.output import emit
        from hypervigil.formats.toml_write import toml_of

        emit(toml_of(made.context), beside)
    if mapping is not None:
        _write_private(mapping, _map(made))
    if as_json:
        emit_json(
            {
                "bundle": str(output),
                "context": str(beside) if context else None,
                "map": str(mapping) if mapping else None,
                "replaced": _counts(made),
                "left": made.residues,
            }
        )
        return
    out = console()
    counts = ", ".join(_number_of(count, kind) for kind, count in _counts(made).items())
    say(out, f"{output}: redacted. Replaced: {counts or 'nothing'}.", "bold")
    if context:
        say(out, f"{beside}: the context, redacted with it.")
    words = sorted({residue.word for residue in made.residues}, key=str.casefold)
    if words:
        say(
            out,
            f"Also words of Windows, so they stay in texts that are Windows' own: {few(words, _SHOWN)}. "
            "--json lists where.",
            "yellow",
        )
    if mapping is not None:
        say(out, f"{mapping}: what was replaced by what. Whoever has it can undo the redaction.", "yellow")
    if is_new_key:
        say(out, f"{key}: a new key. Keep it for the next bundles, and to yourself.", "yellow")
    say(out, "Look at it before you give it away.")
    say(out, f"Next: hypervigil assess {quoted(output)}", whole=True)


def _key(path: Path) -> bytes:
    """The key in a file; a file that is not there is made, with a random one.

    Raises:
        RedactError: it can not be read or written, or is too short.
    """
    import secrets

    from hypervigil.evidence.redaction.redact import LEAST_KEY_BYTES

    if not path.exists():
        _write_private(path, f"{secrets.token_hex(32)}\n".encode())
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise RedactError(f"{path}: it can not be read: {error.strerror or error}.") from error
    if len(key) < LEAST_KEY_BYTES:
        raise RedactError(
            f"{path}: it holds {len(key)} bytes, and a key has at least {LEAST_KEY_BYTES}. "
            "Name a file that is not there, and one with a random key is made."
        )
    return key


def _context(path: Path) -> Mapping[str, object]:
    """The values of a context file, after it was validated."""
    import tomllib

    from hypervigil.assess.context_file import parse_context
    from hypervigil.cli.inputs import MAX_TOML_BYTES, read_bytes

    data = read_bytes(path, MAX_TOML_BYTES, "a TOML file with a context")
    parse_context(data, str(path))
    return tomllib.loads(data.decode("utf-8-sig"))


def _counts(made: Redacted) -> dict[str, int]:
    """How many different originals of each kind were replaced."""
    counts: dict[str, int] = {}
    for each in made.replacements:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    return counts


def _number_of(count: int, kind: str) -> str:
    noun, _, plural = _NOUNS.get(kind, kind).partition(",")
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{plural or 's'}"


def _map(made: Redacted) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode({"replacements": made.replacements}), indent=1) + b"\n"


def _write_private(path: Path, data: bytes) -> None:
    """A new file that only its owner can read, where the system knows owners.

    Raises:
        RedactError: it can not be written, or is there.
    """
    import os

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        raise RedactError(f"{path}: it can not be written: {error.strerror or error}.") from error
