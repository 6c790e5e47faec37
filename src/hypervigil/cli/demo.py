"""``hypervigil demo``: three made-up clusters, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    from hypervigil.model.waiver import Waiver
    from hypervigil.synthetic.cluster import Blueprint

FOLDER = "hypervigil-demo"


class DemoFolderError(InputError):
    """Something that is not ours stands where the demo writes."""


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the bundles and the report.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the assessment as JSON.")] = False,
) -> None:
    """Make up three clusters, write their bundles, judge them, and write report.html.

    A 2022 domain cluster that is about to be upgraded, a 2025 domain cluster in good state with two waivers, and a 2025
    workgroup cluster. All of it says that it is synthetic. The exit status is 0 whatever they come to.
    """
    import datetime

    from hypervigil.assess.assessment import assess
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.assess import Format, write
    from hypervigil.cli.inputs import load_waivers
    from hypervigil.cli.output import console, write_file
    from hypervigil.report.terminal import print_assessments
    from hypervigil.store import read_bundle
    from hypervigil.synthetic.demo import DEMO, demo_waivers

    today = datetime.datetime.now(datetime.UTC).date()
    folder = output / FOLDER
    _make(folder)
    bundles = [_write(folder, blueprint) for blueprint in DEMO]
    waiver_file = folder / "waivers.toml"
    write_file(waiver_file, demo_waivers(today).encode())
    waivers = load_waivers(waiver_file)
    controls = compiled_controls()
    assessments = [assess(read_bundle(path), controls, waivers=_about(path, waivers), today=today) for path in bundles]
    report = output / "report.html"
    write(assessments, controls, Format.HTML, report)
    if as_json:
        write(assessments, controls, Format.JSON, None)
        return
    out = console()
    print_assessments(assessments, controls, out)
    out.print()
    out.print(f"Bundles: {', '.join(str(path) for path in bundles)}", markup=False, soft_wrap=True)
    out.print(f"The whole report: {report}", markup=False, soft_wrap=True)
    out.print(f"Judge one yourself: hypervigil assess {bundles[0]}", markup=False, soft_wrap=True)


def _about(bundle: Path, waivers: tuple[Waiver, ...]) -> tuple[Waiver, ...]:
    """The waivers that name subjects of this bundle: of the others it would be said that nobody needs them."""
    return tuple(waiver for waiver in waivers if waiver.subject.startswith(bundle.name))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoFolderError(
            f"{folder}: it can not be made: {error.strerror or error}. Name another folder with -o."
        ) from error


def _write(folder: Path, blueprint: Blueprint) -> Path:
    """Write the bundle of one cluster; a synthetic one from an earlier run is replaced, anything else is left alone."""
    import shutil

    from hypervigil.store import BundleError, verify_bundle, write_bundle
    from hypervigil.synthetic.cluster import MOMENT, build

    target = folder / blueprint.name
    if target.exists():
        try:
            ours = verify_bundle(target).manifest.synthetic
        except BundleError:
            ours = False
        if not ours:
            raise DemoFolderError(f"{target}: it is there already and not from the demo. Name another folder with -o.")
        shutil.rmtree(target)
    write_bundle(build(blueprint), target, created=MOMENT)
    return target
