"""``hypervigil demo``: three made-up clusters, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypervigil.synthetic.cluster import Blueprint

FOLDER = "hypervigil-demo"
REPORT = "report.html"
_ELSEWHERE = "Move it away, or name another folder with -o."
_REPORT_BYTES = 64 * 1024 * 1024


class DemoFolderError(InputError):
    """Something that is not ours stands where the demo writes."""


def demo(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Folder for report.html, and for hypervigil-demo with the bundles."
        ),
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the assessment as JSON.")] = False,
) -> None:
    """Make up three clusters and judge them.

    A 2022 domain cluster that is about to be upgraded, a 2025 domain cluster in good state with two waivers, and a 2025
    workgroup cluster. Their bundles go to the folder hypervigil-demo, the whole report to report.html. All of it says
    that it is synthetic. What an earlier demo has left there is replaced, anything else is refused. The exit status is
    0 whatever they come to.
    """
    import datetime

    from hypervigil.assess.assessment import assess
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.assess import Format, write
    from hypervigil.cli.inputs import load_waivers
    from hypervigil.cli.output import console, quoted, say, write_file
    from hypervigil.report.terminal import print_assessments
    from hypervigil.store import read_bundle
    from hypervigil.synthetic.demo import DEMO, demo_waivers

    folder, report = output / FOLDER, output / REPORT
    bundle_folder, waiver_file = folder / "bundles", folder / "waivers.toml"
    bundles = [bundle_folder / blueprint.name for blueprint in DEMO]
    today = datetime.datetime.now(datetime.UTC).date()
    waivers = demo_waivers(today)
    _check(bundles, (waiver_file, waivers.partition("\n")[0].encode()), report)
    _make(bundle_folder)
    for path, blueprint in zip(bundles, DEMO, strict=True):
        _write(path, blueprint)
    write_file(waiver_file, [waivers.encode()])

    controls = compiled_controls()
    accepted = load_waivers([waiver_file])
    assessments = [assess(read_bundle(path), controls, waivers=accepted, today=today) for path in bundles]
    write(assessments, controls, Format.HTML, report)
    if as_json:
        write(assessments, controls, Format.JSON, None)
        return
    out = console()
    print_assessments(assessments, controls, out)
    out.print()
    say(out, f"The whole report: {report}", whole=True)
    say(out, f"The bundles: {bundle_folder}", whole=True)
    say(out, f"Judge one yourself: hypervigil assess {quoted(bundles[0])}", whole=True)


def _check(bundles: Sequence[Path], waivers: tuple[Path, bytes], report: Path) -> None:
    """Refuse, before anything is written, what is there and not from an earlier demo.

    ``waivers`` are the file and what it begins with when it is ours.
    """
    import os

    for path in bundles:
        if os.path.lexists(path):
            _check_bundle(path)
    waiver_file, beginning = waivers
    if os.path.lexists(waiver_file) and not _head(waiver_file, len(beginning)).startswith(beginning):
        raise DemoFolderError(f"{waiver_file}: it is there already and not from the demo. {_ELSEWHERE}")
    if os.path.lexists(report):
        text = _head(report, _REPORT_BYTES)
        if b'name="generator" content="hypervigil' not in text or any(b.name.encode() not in text for b in bundles):
            raise DemoFolderError(f"{report}: it is there already and not the demo's report. {_ELSEWHERE}")


def _head(path: Path, size: int) -> bytes:
    """The first bytes of a file; none of what is no readable file."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _check_bundle(path: Path) -> None:
    from hypervigil.store import BundleError, verify_bundle

    try:
        found = verify_bundle(path)
    except BundleError as error:
        raise DemoFolderError(f"{path}: it is there already and not from the demo. {_ELSEWHERE}") from error
    if not found.manifest.synthetic or path.is_symlink() or not path.is_dir():
        raise DemoFolderError(f"{path}: it is there already and not from the demo. {_ELSEWHERE}")
    added = next((difference.document for difference in found.differences if difference.what == "added"), None)
    if added is not None:
        raise DemoFolderError(f"{path}: it holds {added}, which is not from the demo. {_ELSEWHERE}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoFolderError(
            f"{folder}: it can not be made: {error.strerror or error}. Name another folder with -o."
        ) from error


def _write(path: Path, blueprint: Blueprint) -> None:
    """Write the bundle of one cluster; the one from an earlier run is replaced."""
    import shutil

    from hypervigil.store import write_bundle
    from hypervigil.synthetic.cluster import MOMENT, build

    if path.exists():
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise DemoFolderError(f"{path}: it can not be replaced: {error.strerror or error}. {_ELSEWHERE}") from error
    write_bundle(build(blueprint), path, created=MOMENT)
