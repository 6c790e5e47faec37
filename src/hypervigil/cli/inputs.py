"""What several commands read: bundles, profiles, waivers, ids of controls."""

from __future__ import annotations

import errno
import os
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
    """A file that can not be read: which, why, and what was expected of it."""


def read_bytes(path: Path, limit: int, expected: str) -> bytes:
    """The bytes of a file. ``expected`` says what it should be, such as "a TOML file with waivers".

    Raises:
        ReadError: it is not there, is a folder, can not be read, or is larger than ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except IsADirectoryError as error:
        raise ReadError(f"{path}: it is a folder. Name {expected}.") from error
    except FileNotFoundError as error:
        raise ReadError(f"{path}: there is no such file. Name {expected}.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ReadError(f"{path}: it can not be read: {why}. Name {expected} that you may read.") from error
    if len(data) > limit:
        raise ReadError(f"{path}: it is larger than {limit} bytes, too large for {expected}.")
    return data


_GIVE = "Give folders or zips that 'hypervigil collect' or 'hypervigil demo' wrote"


def named_bundles(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The bundles at these paths, each once: those that a folder holds, too, and what a pattern names.

    Windows' shells fill in no patterns, and nobody should have to type 64 names.

    Raises:
        ReadError: something of that name is not there (all such names are told at once), or a folder is no bundle and
            holds none.
    """
    found: dict[str, Path] = {}
    absent: list[Path] = []
    for path in paths:
        for one in _matching(path):
            if not _exists(one):
                absent.append(one)
                continue
            for bundle in _held(one):
                found.setdefault(os.path.realpath(bundle), bundle)
    if absent:
        raise ReadError(f"{', '.join(map(str, absent))}: there is no such file or folder. {_GIVE}.")
    return tuple(found.values())


def _matching(path: Path) -> Sequence[Path]:
    text = str(path)
    if not ("*" in text or "?" in text) or _exists(path):
        return [path]
    pattern = path.relative_to(path.anchor)
    return sorted(Path(path.anchor).glob(str(pattern))) or [path]


def _held(path: Path) -> Sequence[Path]:
    """The bundle itself, or those that lie in the folder."""
    from hypervigil.store.layout import MANIFEST

    try:
        if not path.is_dir() or _exists(path / MANIFEST):
            return [path]
        inside = [one for one in sorted(path.iterdir()) if one.suffix.lower() == ".zip" or _exists(one / MANIFEST)]
    except OSError as error:
        raise ReadError(
            f"{path}: it can not be listed: {error.strerror or error}. {_GIVE}, and that you may read."
        ) from error
    if not inside:
        raise ReadError(f"{path}: it is no bundle and holds none. {_GIVE}, or a folder with such bundles in it.")
    return inside


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # it may not be looked at: reading it will tell why
        return True
    except ValueError:  # no file system has such names
        return False


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
    expected = f"a TOML file, or one of the profiles that ship: {_and(SHIPPED)}"
    if not _exists(path) and path.suffix.lower() != ".toml":
        raise ReadError(f"{name}: no profile of that name ships, and there is no such file. Name {expected}.")
    return parse_profile(read_bytes(path, MAX_TOML_BYTES, expected), name, _read_base)


def _read_base(file: str) -> bytes:
    """As ``parse_profile`` wants it: what is wrong is an OSError, and becomes one at the key that names the file."""
    with Path(file).open("rb") as opened:
        data = opened.read(MAX_TOML_BYTES + 1)
    if len(data) > MAX_TOML_BYTES:
        raise OSError(errno.EFBIG, f"larger than {MAX_TOML_BYTES} bytes")
    return data


def load_waivers(paths: Sequence[Path]) -> tuple[Waiver, ...]:
    """The waivers in TOML files, in their order.

    Raises:
        ReadError: a file can not be read.
        TomlInputError: a file is no list of waivers.
    """
    from hypervigil.assess.waiver_file import parse_waivers

    expected = "a TOML file with waivers"
    return tuple(
        waiver for path in paths for waiver in parse_waivers(read_bytes(path, MAX_TOML_BYTES, expected), str(path))
    )


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


class NoSuchControlError(InputError):
    """An id that is no control: which, and what comes close."""


def known_control(name: str) -> CompiledControl:
    """The control with that id, in any case.

    Raises:
        NoSuchControlError: it is not in the catalogue, or not built yet.
    """
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.controls.registry import CATALOGUE

    wanted = name.strip().upper()
    for compiled in compiled_controls():
        if compiled.control.id == wanted:
            return compiled
    if wanted in CATALOGUE:
        raise NoSuchControlError(
            f"{wanted}: it is in the catalogue and not built yet. 'hypervigil controls' lists those that are."
        )
    close = _close(wanted, CATALOGUE)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise NoSuchControlError(f"{name}: there is no such control.{hint} 'hypervigil controls' lists them.")


def _close(wanted: str, ids: Sequence[str]) -> Sequence[str]:
    """The id that is meant by letters and a number, such as SMB7; else some that are spelt alike."""
    import difflib
    import re

    spelt = re.fullmatch(r"([A-Z]+)[-_ ]*(\d{1,3})", wanted)
    meant = f"{spelt[1]}-{int(spelt[2]):03d}" if spelt else ""
    return [meant] if meant in ids else difflib.get_close_matches(wanted, ids, n=3, cutoff=0.7)


def known_family(prefix: str) -> Family:
    """The family with that prefix, in any case.

    Raises:
        NoSuchControlError: there is none.
    """
    from hypervigil.model.control import Family

    for family in Family:
        if family.prefix == prefix.strip().upper():
            return family
    known = [family.prefix for family in Family]
    raise NoSuchControlError(f"{prefix}: there is no such family of controls. Give one of {_and(known)}.")


def narrowed(profile: Profile, patterns: Sequence[str]) -> Profile:
    """The profile, asking only what it selects and one of the patterns names, too.

    Raises:
        NoSuchControlError: a pattern names nothing that is built, or nothing is left.
    """
    import fnmatch

    import msgspec

    from hypervigil.assess.registry import compiled_controls
    from hypervigil.controls.registry import CATALOGUE

    built = {compiled.control.id for compiled in compiled_controls()}
    named: list[str] = []
    for pattern in patterns:
        matched = [name for name in CATALOGUE if fnmatch.fnmatchcase(name, pattern.strip().upper())]
        if not matched:
            known_control(pattern)
        if not built.intersection(matched):
            raise NoSuchControlError(
                f"{pattern}: nothing of that name is built yet ({', '.join(matched)} of the catalogue). 'hypervigil "
                "controls' lists what is."
            )
        named.extend(matched)
    kept = tuple(name for name in dict.fromkeys(named) if profile.selects(name))
    if not kept:
        raise NoSuchControlError(
            f"{', '.join(patterns)}: profile {profile.name} selects none of them. 'hypervigil controls --profile' "
            "lists what a profile selects."
        )
    return msgspec.structs.replace(profile, select=kept, exclude=())


def asked(profile: Profile, controls: Sequence[CompiledControl]) -> tuple[CompiledControl, ...]:
    """The controls that the profile selects. What it names one by one and is not built yet goes to standard error.

    Raises:
        NoSuchControlError: it selects nothing that is built: judging nothing would look like nothing being wrong.
    """
    from hypervigil.assess.profiles import not_built
    from hypervigil.cli.output import console, say

    selected = tuple(compiled for compiled in controls if profile.selects(compiled.control.id))
    if not selected:
        raise NoSuchControlError(
            f"profile {profile.name} selects no control that is built. 'hypervigil controls' lists those that are."
        )
    missing = not_built(profile, controls)
    if missing and profile.name != "default":
        say(console(stderr=True), f"Profile {profile.name}: not built yet, so not judged: {', '.join(missing)}.")
    return selected
