"""What several commands read: bundles, profiles, waivers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypervigil.assess.compile import CompiledControl
    from hypervigil.model.control import Family
    from hypervigil.model.profile import Profile
    from hypervigil.model.waiver import Waiver

MAX_TOML_BYTES = 4 * 1024 * 1024


class ReadError(InputError):
    """A file that can not be read: which, and why."""


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        ReadError: it is not there, is a folder, can not be read, or is larger than ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except IsADirectoryError as error:
        raise ReadError(f"{path}: it is a folder, a file was expected.") from error
    except OSError as error:
        raise ReadError(f"{path}: it can not be read: {error.strerror or error}.") from error
    if len(data) > limit:
        raise ReadError(f"{path}: it is larger than {limit} bytes.")
    return data


def load_profile(name: str) -> Profile:
    """The shipped profile with that name, or the one in the TOML file with that path.

    Raises:
        ReadError: it is neither, or the file can not be read.
        TomlInputError: the file is no profile.
    """
    from hypervigil.assess.profiles import SHIPPED, parse_profile, shipped_profile

    if name in SHIPPED:
        return shipped_profile(name)
    path = Path(name)
    if not path.exists() and path.suffix.lower() != ".toml":
        raise ReadError(f"{name}: no profile of that name ships, and there is no such file. There are {_and(SHIPPED)}.")
    return parse_profile(read_bytes(path, MAX_TOML_BYTES), name, lambda file: Path(file).read_bytes())


def not_built_note(profile: Profile, controls: Sequence[CompiledControl]) -> None:
    """Say on standard error which selected controls are not built yet, where the profile names them one by one."""
    from hypervigil.assess.profiles import not_built
    from hypervigil.cli.output import console

    missing = not_built(profile, controls)
    if missing and profile.name != "default":
        console(stderr=True).print(
            f"Profile {profile.name}: not built yet, so not judged: {', '.join(missing)}.", markup=False
        )


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers in a TOML file.

    Raises:
        ReadError: it can not be read.
        TomlInputError: it is no list of waivers.
    """
    from hypervigil.assess.waiver_file import parse_waivers

    return parse_waivers(read_bytes(path, MAX_TOML_BYTES), str(path))


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


class NoSuchControlError(InputError):
    """An id that is no control: which, and what comes close."""


def known_control(name: str) -> CompiledControl:
    """The control with that id, in any case.

    Raises:
        NoSuchControlError: it is not in the catalogue, or not built yet.
    """
    import difflib

    from hypervigil.assess.registry import compiled_controls
    from hypervigil.controls.registry import CATALOGUE

    wanted = name.upper()
    for compiled in compiled_controls():
        if compiled.control.id == wanted:
            return compiled
    if wanted in CATALOGUE:
        raise NoSuchControlError(f"{wanted}: it is in the catalogue and not built yet.")
    close = difflib.get_close_matches(wanted, CATALOGUE, n=3)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    raise NoSuchControlError(f"{name}: there is no such control.{hint} 'hypervigil controls' lists them.")


def known_family(prefix: str) -> Family:
    """The family with that prefix, in any case.

    Raises:
        NoSuchControlError: there is none.
    """
    from hypervigil.model.control import Family

    for family in Family:
        if family.prefix == prefix.upper():
            return family
    known = ", ".join(family.prefix for family in Family)
    raise NoSuchControlError(f"{prefix}: there is no such family. There are {known}.")


def narrowed(profile: Profile, patterns: Sequence[str]) -> Profile:
    """The profile, asking only what it selects and one of the patterns names, too.

    Raises:
        NoSuchControlError: a pattern names nothing in the catalogue, or nothing is left.
    """
    import fnmatch

    import msgspec

    from hypervigil.controls.registry import CATALOGUE

    named: list[str] = []
    for pattern in patterns:
        matched = [name for name in CATALOGUE if fnmatch.fnmatchcase(name, pattern.upper())]
        if not matched:
            known_control(pattern)
        named.extend(matched)
    kept = tuple(name for name in dict.fromkeys(named) if profile.selects(name))
    if not kept:
        raise NoSuchControlError(f"profile {profile.name!r} selects nothing of {', '.join(patterns)}.")
    return msgspec.structs.replace(profile, select=kept, exclude=())
