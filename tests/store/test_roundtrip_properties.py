"""Whatever the evidence, it comes back; whatever happens to the bytes, evidence or `BundleError` comes out."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from fuzz.harness import Target, mutations, search
from hypervigil.evidence.accounts import UserRights
from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.directory import DirectoryAccount
from hypervigil.evidence.evidence import Evidence, Known
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.platform import Tpm
from hypervigil.evidence.register import FACTS
from hypervigil.evidence.vm_settings import VmSecurity
from hypervigil.evidence.wire import WireSmb
from hypervigil.store import BundleError, read_bundle, verify_bundle, write_bundle
from hypervigil.synthetic.cluster import MOMENT
from tests.store.fuzzing import CORPUS, TOKENS, check, seeds
from tests.store.made import change_manifest, placeless, small_bundle, tree
from tests.store.strategies import evidence

MIXED = (OperatingSystem, Tpm, UserRights, Vm, VmSecurity, Cluster, DirectoryAccount, WireSmb)
"""Facts and lists, held by nodes and by the cluster."""
BY_NAME = pytest.mark.parametrize("fact", FACTS, ids=[fact.INFO.name for fact in FACTS])


def through(found: Evidence, name: str) -> Evidence:
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(found, Path(folder, name), created=MOMENT)
        assert verify_bundle(Path(folder, name)).whole
        return read_bundle(Path(folder, name))


@BY_NAME
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_every_fact_comes_back(fact: type[Fact], data: st.DataObject) -> None:
    found = data.draw(evidence([fact]))
    for name in ("bundle", "bundle.zip"):
        assert placeless(through(found, name)) == found


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(evidence(MIXED))
def test_evidence_comes_back(found: Evidence) -> None:
    assert placeless(through(found, "bundle")) == found


@BY_NAME
def test_strategies_make_every_fact(fact: type[Fact]) -> None:
    """A property over nothing would pass too. Raises NoSuchExample where it does."""
    find(
        evidence([fact]),
        lambda found: any(isinstance(record, Known) for record in found.facts.values()),
        settings=settings(max_examples=2000, database=None, derandomize=True, phases=[Phase.generate]),
    )


# --- bytes that change ----------------------------------------------------------------------------------------------

Change = Callable[[bytearray, random.Random], None]


def flip(data: bytearray, source: random.Random) -> None:
    if data:
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)


def cut(data: bytearray, source: random.Random) -> None:
    start = source.randint(0, len(data))
    del data[start : start + source.randint(1, 40)]


def truncate(data: bytearray, source: random.Random) -> None:
    del data[source.randint(0, len(data)) :]


def insert(data: bytearray, source: random.Random) -> None:
    start = source.randint(0, len(data))
    data[start:start] = source.choice([b"\0", b"}", b'"', b",", b"0", b" ", b"null", source.randbytes(4)])


CHANGES = st.lists(st.sampled_from([flip, cut, truncate, insert]), min_size=1, max_size=3)
RANDOM = st.randoms(use_true_random=False)


def same_or_refused(bundle: Path, before: Evidence) -> None:
    try:
        found = read_bundle(bundle)
    except BundleError as error:
        assert str(error).isprintable()  # noqa: PT017  to be refused is as good as to be the same
        return
    assert placeless(found) == before


@given(CHANGES, RANDOM)
def test_a_changed_zip_is_refused_or_the_same(changes: list[Change], source: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = small_bundle(Path(folder, "a.zip"))
        before = placeless(read_bundle(bundle))
        data = bytearray(bundle.read_bytes())
        for change in changes:
            change(data, source)
        bundle.write_bytes(data)
        same_or_refused(bundle, before)


@given(CHANGES, RANDOM)
def test_a_changed_document_is_refused_or_the_same(changes: list[Change], source: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = small_bundle(Path(folder, "a"))
        before = placeless(read_bundle(bundle))
        path = bundle / source.choice([name for name in tree(bundle) if name != "manifest.json"])
        data = bytearray(path.read_bytes())
        for change in changes:
            change(data, source)
        path.write_bytes(data)
        same_or_refused(bundle, before)


@given(st.randoms(use_true_random=False))
def test_a_changed_manifest_gives_evidence_or_an_error(source: random.Random) -> None:
    """Nothing vouches for the manifest but a signature, so a changed one may be read."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = small_bundle(Path(folder, "a"))
        path = bundle / "manifest.json"
        data = bytearray(path.read_bytes())
        source.choice([flip, cut, truncate, insert])(data, source)
        path.write_bytes(data)
        try:
            read_bundle(bundle)
        except BundleError as error:
            assert str(error).isprintable()  # noqa: PT017


def test_documents_that_are_shuffled_give_the_same(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "a")
    before = read_bundle(bundle)
    change_manifest(bundle, lambda manifest: manifest["documents"].reverse())
    assert read_bundle(bundle) == before


# --- the fuzz target, for a short while -----------------------------------------------------------------------------


FOUND = {file.name: file.read_bytes() for file in sorted(CORPUS.glob("*.bin"))}
TARGET = Target(name="bundle", check=check, allowed=(BundleError,), seeds=seeds(), tokens=TOKENS)


def test_seeds_are_evidence() -> None:
    for seed in TARGET.seeds:
        check(seed)


@pytest.mark.parametrize("data", FOUND.values(), ids=FOUND)
def test_what_fuzzing_found(data: bytes) -> None:
    TARGET.run(data)


@given(st.randoms(use_true_random=False))
def test_changed_parts(source: random.Random) -> None:
    changed = mutations(TARGET.seeds, TARGET.tokens, source)
    for _ in range(20):
        TARGET.run(next(changed))


SECONDS = float(os.environ.get("HYPERVIGIL_FUZZ_SECONDS") or 0)


@pytest.mark.skipif(SECONDS <= 0, reason="HYPERVIGIL_FUZZ_SECONDS says for how long")
def test_random_mutations_for_some_time(tmp_path: Path) -> None:
    assert search(TARGET, SECONDS, tmp_path) > 0
