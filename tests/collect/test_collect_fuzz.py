"""Whatever a file holds, recognising and reading it ends in facts and gaps, or in an error of ours."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hypervigil.collect.clixml_folder import collect_folder
from hypervigil.collect.errors import CollectError
from hypervigil.collect.naming import FROM_FILES, file_name, place_by_name
from hypervigil.collect.recipes import RECIPES
from hypervigil.collect.sddc import collect_sddc
from hypervigil.collect.sddc_layout import cluster_in_name, layouts, moment_in_name, node_of
from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing
from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import GAP_CAUSES
from hypervigil.model.subject import Scope
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Enum, Obj, document
from tests.collect.test_sddc import synthetic, zipped

READS = [(fact, number) for fact in FROM_FILES for number in range(len(fact.INFO.reads))]

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**40),
    TEXTS,
    st.sampled_from(
        ["HV01", "HV02", "Kerberos", "SMB311", "20181123172414.000000-360", "2026", "present", "denied", ""]
    ),
    st.datetimes(),
    st.builds(Enum, st.integers(-2, 9), TEXTS),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))


def test_every_type_of_fact_that_is_read_from_files_has_a_recipe() -> None:
    assert RECIPES.keys() == set(FROM_FILES)


@st.composite
def objects_of_a_read(draw: st.DrawFn) -> tuple[str, list[Any]]:
    """A file name and objects that look like the output of a command, with anything in their properties."""
    fact, number = draw(st.sampled_from(READS))
    read = fact.INFO.reads[number]
    names = read.properties or ("Path", "Name", "State", "Type", "Data")
    objects: list[Any] = []
    for _ in range(draw(st.integers(0, 3))):
        kept = draw(st.lists(st.sampled_from(names), unique=True))
        properties = {name: draw(VALUES) for name in kept}
        if read.registry:
            value = draw(st.sampled_from(read.registry))
            properties = {"Path": f"HKLM:\\{value.key}", "Name": value.name, "State": "present", **properties}
        shape = draw(st.sampled_from([*read.shapes, "System.Management.Automation.PSCustomObject"]))
        dotted = "." in shape
        types = (shape,) if dotted else (f"Microsoft.Management.Infrastructure.CimInstance#root/x/{shape}",)
        objects.append(draw(st.sampled_from([Obj(types, properties), Obj(types, extended=properties)])))
    objects.extend(draw(st.lists(st.one_of(SCALARS, st.just(files.error("Oops"))), max_size=1)))
    return f"{file_name(fact, number)}.xml", objects


def check(evidence: Evidence) -> None:
    """Every fact of the register is there for every subject, as fact or as gap."""
    cluster = evidence.cluster.key if evidence.cluster else ""
    for fact in FACTS:
        keys = [cluster] if fact.INFO.holder is Scope.CLUSTER else [node.key for node in evidence.nodes]
        for key in keys:
            table: Any = evidence.listings if fact.INFO.item_key else evidence.facts
            record = table[fact.INFO.name, key]
            assert isinstance(record, (Known, Gap, Listing))
            if isinstance(record, Gap):
                assert record.cause in GAP_CAUSES
                assert record.detail


@given(st.lists(objects_of_a_read(), min_size=1, max_size=4), st.booleans())
def test_folders(made: list[tuple[str, list[Any]]], identified: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "HV01"
        if identified:
            files.write(path, "me.xml", files.computer_system())
        for number, (name, objects) in enumerate(made):
            files.write(path, f"{number}_{name}", *objects)
        try:
            check(collect_folder(path))
        except CollectError as error:
            assert str(path) in str(error)  # noqa: PT017  either outcome is right


@given(st.lists(objects_of_a_read(), min_size=1, max_size=3))
def test_archives(made: list[tuple[str, list[Any]]]) -> None:
    members = synthetic() | {
        f"Node_HV01/{number}_{name}": document(*objects) for number, (name, objects) in enumerate(made)
    }
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(collect_sddc(zipped(Path(folder) / "x.zip", members)))
        except CollectError as error:
            assert folder in str(error)  # noqa: PT017  either outcome is right


@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 2000))
def test_a_zip_with_other_bytes_in_it(noise: bytes, at: int, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = zipped(Path(folder) / "x.zip", synthetic())
        data = path.read_bytes()
        at %= len(data)
        path.write_bytes(data[:at] + noise + data[at + cut :])
        try:
            check(collect_sddc(path))
        except CollectError as error:
            assert str(path) in str(error)  # noqa: PT017  either outcome is right


@given(st.text(max_size=40), st.integers(-2000, 2000))
def test_names(name: str, zone: int) -> None:
    place_by_name(name)
    node_of(name)
    cluster_in_name(name)
    moment_in_name(name, zone)
    layouts([name])
