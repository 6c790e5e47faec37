"""``hypervigil demo``: four made-up clusters, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.model.errors import InputError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from hypervigil.evidence.evidence import Evidence

FOLDER = "hypervigil-demo"
REPORT = "report.html"
WAIVERS = "waivers.toml"
_ELSEWHERE = "Move it away, or name another folder with -o."
_FROM_THE_FIRST = 3
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
    """Make up four clusters and judge them.

    A 2022 domain cluster that is about to be upgraded, a 2025 domain cluster in good state with two waivers, a 2025
    workgroup cluster, and a hoster's 2025 cluster with shielded VMs. Their bundles, the waivers, what is declared of
    two of them, and the bundle of a jump host go to the folder hypervigil-demo, the whole report to report.html. All of
    it says that it is synthetic. What an earlier demo has left there is replaced, anything else is refused. The exit
    status is 0 whatever they come to.
    """
    import datetime

    from hypervigil.assess.assessment import assess
    from hypervigil.assess.registry import compiled_controls
    from hypervigil.cli.assess import Format, write
    from hypervigil.cli.context import load_contexts
    from hypervigil.cli.inputs import load_waivers
    from hypervigil.cli.output import console, quoted, say
    from hypervigil.report.terminal import print_assessments
    from hypervigil.store import read_bundle

    folder, report = output / FOLDER, output / REPORT
    today = datetime.datetime.now(datetime.UTC).date()
    bundles, context_files = _fill(folder, report, today)
    controls = compiled_controls()
    accepted = load_waivers([folder / WAIVERS])
    contexts = dict(zip((file.stem for file in context_files), load_contexts(context_files), strict=True))
    assessments = [
        assess(read_bundle(path), controls, waivers=accepted, context=contexts.get(path.name), today=today)
        for path in bundles
    ]
    write(assessments, controls, Format.HTML, report)
    if as_json:
        write(assessments, controls, Format.JSON, None)
        return
    out = console()
    print_assessments(assessments, controls, out)
    out.print()
    say(out, f"The whole report: {report}", whole=True)
    say(out, f"The bundles: {bundles[0].parent}", whole=True)
    say(out, f"Judge one yourself: hypervigil assess {quoted(bundles[0])}", whole=True)
    command = f"hypervigil assess {quoted(_jump_host(folder))} --context {quoted(context_files[-1])} --only MGT-019"
    say(out, f"Judge the jump host of {context_files[-1].stem}: {command}", whole=True)


def _jump_host(folder: Path) -> Path:
    """Its bundle, apart from those of clusters, which are judged together."""
    from hypervigil.synthetic.jump_host import NAME

    return folder / "jump_host" / NAME


def _fill(folder: Path, report: Path, today: datetime.date) -> tuple[list[Path], list[Path]]:
    """Write bundles, waivers and contexts; the bundles of the clusters, and the contexts, each named after its cluster.

    Raises:
        DemoFolderError: something that is not ours stands where they go.
    """
    from hypervigil.cli.output import write_file
    from hypervigil.synthetic.cluster import build
    from hypervigil.synthetic.demo import DEMO, JUMP_HOST_FLAWS, demo_contexts, demo_waivers
    from hypervigil.synthetic.jump_host import build_jump_host

    bundles = [folder / "bundles" / blueprint.name for blueprint in DEMO]
    jump_host = _jump_host(folder)
    contexts = {folder / "contexts" / f"{of.name}.toml": text for of, text in demo_contexts().items()}
    texts = {folder / WAIVERS: demo_waivers(today), **contexts}
    _check(bundles, jump_host, texts, report)
    for path, evidence in (*zip(bundles, map(build, DEMO), strict=True), (jump_host, build_jump_host(JUMP_HOST_FLAWS))):
        _make(path.parent)
        _write(path, evidence)
    for path, text in texts.items():
        _make(path.parent)
        write_file(path, [text.encode()])
    return bundles, list(contexts)


def _check(bundles: Sequence[Path], jump_host: Path, texts: Mapping[Path, str], report: Path) -> None:
    """Refuse, before anything is written, what is there and not from an earlier demo.

    ``texts`` are files with what they are to hold; one that is ours begins with the same line.
    """
    import os

    for path in (*bundles, jump_host):
        if os.path.lexists(path):
            _check_bundle(path)
    for path, text in texts.items():
        beginning = text.partition("\n")[0].encode()
        if os.path.lexists(path) and not _head(path, len(beginning)).startswith(beginning):
            raise DemoFolderError(f"{path}: it is there already and not from the demo. {_ELSEWHERE}")
    if os.path.lexists(report):
        held = _head(report, _REPORT_BYTES)
        # The first clusters are in the report of every demo; an earlier version has made fewer of them.
        ours = all(bundle.name.encode() in held for bundle in bundles[:_FROM_THE_FIRST])
        if not ours or b'name="generator" content="hypervigil' not in held:
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


def _write(path: Path, evidence: Evidence) -> None:
    """Write the bundle of one cluster or host; the one from an earlier run is replaced."""
    import shutil

    from hypervigil.store import write_bundle
    from hypervigil.synthetic.cluster import MOMENT

    if path.exists():
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise DemoFolderError(f"{path}: it can not be replaced: {error.strerror or error}. {_ELSEWHERE}") from error
    write_bundle(evidence, path, created=MOMENT)
