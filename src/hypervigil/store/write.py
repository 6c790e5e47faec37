"""Writing a bundle: under a temporary name first, so that nobody ever sees half of one."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from hypervigil.evidence.evidence import Evidence
from hypervigil.formats.safe_zip import fair_ratio
from hypervigil.store.documents import UnstorableError, documents_of, manifest_bytes, manifest_of
from hypervigil.store.errors import BundleError
from hypervigil.store.layout import MANIFEST, Manifest

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ZIP_MODE = 0o100644 << 16
_UNIX = 3
_RAW_DEFLATE = -15

Members = Sequence[tuple[str, bytes]]


def write_bundle(evidence: Evidence, target: Path, *, created: datetime.datetime) -> Manifest:
    """Write ``evidence`` to ``target``: a zip where the name ends in ``.zip``, else a folder. It must not exist yet.

    The same evidence and ``created`` give the same bytes, on every system (a zip: with the same release of zlib).

    Raises:
        BundleError: ``target`` exists, or the place can not be written, or the evidence does not fit into a bundle.
    """
    try:
        documents = documents_of(evidence)
        manifest = manifest_of(evidence, created, tuple(entry for entry, _ in documents))
        members = [(entry.path, data) for entry, data in documents]
        members.append((MANIFEST, manifest_bytes(manifest)))
    except UnstorableError as error:
        raise BundleError(
            target,
            f"the evidence does not fit into a bundle: {error.problem}",
            place=error.place,
            remedy="Nothing was written. This is an error of hypervigil: please report it.",
        ) from error
    try:
        _check_target(target)
        _write(target, members)
    except FileExistsError as error:
        raise BundleError(target, "it exists already", remedy="Give another name, or remove it first.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BundleError(
            target,
            f"it could not be written: {why}",
            remedy="Check free space and permissions, or give another place.",
        ) from error
    return manifest


def _check_target(target: Path) -> None:
    """What would fail later too, said in words."""
    if os.path.lexists(target):
        raise FileExistsError
    if not target.parent.is_dir():
        raise BundleError(
            target, "its folder does not exist", expected=f"a folder {target.parent}", remedy="Make it first."
        )


def _write(target: Path, members: Members) -> None:
    """Write beside the target, under a name that does not depend on its length, then rename."""
    temporary = target.parent / f".hypervigil-{secrets.token_hex(8)}.tmp"
    try:
        if target.suffix.lower() == ".zip":
            with temporary.open("xb") as file:
                file.write(zipped(members))
            _publish_file(temporary, target)
        else:
            _write_folder(temporary, members)
            # Replaces nothing but an empty folder that somebody made in the meantime.
            os.rename(temporary, target)  # noqa: PTH104  Path.rename says the same
    finally:
        _remove(temporary)


def _publish_file(temporary: Path, target: Path) -> None:
    """Give a file its name, without ever replacing another one where the file system can promise that."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # No hard links here (FAT, many shares). On Windows, renaming refuses an existing target by itself.
        if os.path.lexists(target):
            raise FileExistsError from None
        os.rename(temporary, target)  # noqa: PTH104


def _write_folder(folder: Path, members: Members) -> None:
    folder.mkdir()
    made = {""}
    for path, data in members:
        above = path.rpartition("/")[0]
        if above not in made:
            folder.joinpath(above).mkdir(parents=True, exist_ok=True)
            made.add(above)
        with folder.joinpath(path).open("xb") as file:
            file.write(data)


def zipped(members: Members) -> bytes:
    """A zip that does not tell when or on which system it was made. In memory: it takes a seventh of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in members:
            info = zipfile.ZipInfo(path, _ZIP_TIME)
            # A reader refuses what shrinks like a bomb, so that goes in as it is.
            shrinks = fair_ratio(len(data), 1) or fair_ratio(len(data), len(zlib.compress(data, wbits=_RAW_DEFLATE)))
            info.compress_type = zipfile.ZIP_DEFLATED if shrinks else zipfile.ZIP_STORED
            info.create_system = _UNIX
            info.external_attr = _ZIP_MODE
            archive.writestr(info, data)
    return out.getvalue()


def _remove(temporary: Path) -> None:
    """Clean up; what is already published is not there any more."""
    with contextlib.suppress(OSError):
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)
