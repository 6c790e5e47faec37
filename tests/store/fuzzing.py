"""What the fuzz target of bundles and the tests do with bytes, and the seeds of both.

Bytes are either a zip as it is, or, so that the digests do not keep everything out, the parts of a bundle whose digests
are made to fit: a manifest and its documents, one after the other, each behind ``SEPARATOR``. In the manifest ``@0``
stands for the digest of the first document and ``#0`` for its size.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from pathlib import Path

import msgspec

from hypervigil.evidence.evidence import Evidence, Gap, Known, Listing, Provenance, Skipped
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.platform import SecurityService
from hypervigil.evidence.register import BY_NAME
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause
from hypervigil.model.subject import Scope, Subject
from hypervigil.store.container import ZipContainer
from hypervigil.store.documents import documents_of, manifest_bytes, manifest_of
from hypervigil.store.layout import MANIFEST
from hypervigil.store.read import read_container
from hypervigil.store.write import zipped
from hypervigil.synthetic import defaults
from hypervigil.synthetic.cluster import MOMENT

CORPUS = Path(__file__).resolve().parents[1] / "formats" / "corpus" / "bundle"
SEPARATOR = b"\n%%\n"
PATH = Path("fuzzed")


class At(msgspec.Struct):
    path: str


class Paths(msgspec.Struct):
    documents: list[At]


class PartsContainer:
    """A bundle whose manifest is right about every digest and size."""

    def __init__(self, data: bytes) -> None:
        manifest, *documents = data.split(SEPARATOR)
        for number, document in reversed(list(enumerate(documents))):
            digest = hashlib.sha256(document).hexdigest().encode()
            manifest = manifest.replace(b"@%d" % number, digest).replace(b"#%d" % number, b"%d" % len(document))
        self.path = PATH
        self._members = {MANIFEST: manifest}
        # What is wrong with the manifest, the reader has to find out by itself.
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            entries = msgspec.json.decode(manifest, type=Paths).documents
            self._members |= {entry.path: document for entry, document in zip(entries, documents, strict=False)}
        self.sizes = {name: len(data) for name, data in self._members.items()}
        self.strange: dict[str, str] = {}

    def read(self, name: str) -> bytes:
        return self._members[name]

    def close(self) -> None:
        pass


def check(data: bytes) -> None:
    """Nothing but evidence may come out, and what comes out can be written and read again."""
    container = ZipContainer(PATH, io.BytesIO(data)) if data.startswith(b"PK") else PartsContainer(data)
    evidence = read_container(container)
    inspect(evidence)
    again = read_container(ZipContainer(PATH, io.BytesIO(written(evidence))))
    assert placeless(again) == placeless(evidence)


def inspect(evidence: Evidence) -> None:
    for (name, key), record in evidence.facts.items():
        assert isinstance(record, Gap) or type(record.fact) is BY_NAME[name]
        assert repr(record)
        assert key.encode() is not None
    for (name, key), listing in evidence.listings.items():
        assert any(node.key == key for node in evidence.nodes)
        if isinstance(listing, Listing):
            assert all((name, item) in evidence.facts for item in listing.keys)


def written(evidence: Evidence) -> bytes:
    documents = documents_of(evidence)
    manifest = manifest_of(evidence, MOMENT, tuple(entry for entry, _ in documents))
    return zipped([*((entry.path, data) for entry, data in documents), (MANIFEST, manifest_bytes(manifest))])


def placeless(evidence: Evidence) -> object:
    """What has to survive: paths and provenance of items that several nodes list, and zones of time, may differ."""
    facts = {key: record.fact if isinstance(record, Known) else record.cause for key, record in evidence.facts.items()}
    listings = {
        key: record.keys if isinstance(record, Listing) else record.cause for key, record in evidence.listings.items()
    }
    return evidence.label, evidence.cluster, evidence.nodes, facts, listings, evidence.skipped, evidence.source


def parts(evidence: Evidence) -> bytes:
    """The second form of an input."""
    documents = documents_of(evidence)
    entries = [
        msgspec.structs.replace(entry, sha256=f"@{number}", size=0) for number, (entry, _) in enumerate(documents)
    ]
    manifest = manifest_bytes(manifest_of(evidence, MOMENT, tuple(entries)))
    for number in range(len(documents)):
        manifest = manifest.replace(b'"size": 0', b'"size": #%d' % number, 1)
    return SEPARATOR.join([manifest, *(data for _, data in documents)])


def small(*facts: Fact) -> Evidence:
    """A cluster of two nodes that say these things of themselves, with gaps, and a VM that is on both."""
    cluster = Subject(Scope.CLUSTER, "c", "C", aliases=("d",))
    nodes = tuple(Subject(Scope.NODE, key, key.upper(), "c") for key in ("n1", "n2"))
    both, one = defaults.vm(1), defaults.vm(2)
    source = Provenance(source="synthetic", host="n1", collected=MOMENT)
    known: dict[tuple[str, str], Known | Gap] = {
        (type(fact).INFO.name, "c" if type(fact).INFO.subject is Scope.CLUSTER else "n1"): Known(fact, source)
        for fact in facts
    }
    known |= {("vms", vm.id): Known(vm, source) for vm in (both, one)}
    known |= {("vms", "gone"): Gap("vms", Cause.TIMED_OUT, "no answer"), ("tpm", "n2"): Gap("tpm", Cause.ACCESS_DENIED)}
    return Evidence(
        label="C",
        cluster=cluster,
        nodes=nodes,
        facts=known,
        listings={("vms", "n1"): Listing((both.id, "gone", one.id), source), ("vms", "n2"): Listing((both.id,))},
        collected=MOMENT,
        source="synthetic",
        skipped=(Skipped("a/b", 5, "not needed"),),
    )


def seeds() -> list[bytes]:
    """Every type of fact in some bundle, as parts and as a zip."""
    bundles = [
        small(),
        small(defaults.cluster(), defaults.cluster_nodes("N1", "N2"), defaults.tpm()),
        small(defaults.operating_system(), defaults.computer_system(), defaults.secure_boot(), defaults.rdma("R")),
        small(defaults.device_guard(SecurityService.NONE), defaults.device_guard_policy(), defaults.lsa_protection()),
        small(defaults.vm_host(), defaults.migration_networks("10.0.0.0/8"), defaults.mailslots()),
        small(defaults.smb_server(Release.WS2025), defaults.smb_client(Release.WS2025)),
        small(defaults.windows_features(), defaults.firewall_rules(defaults.firewall_rule("R", "TCP", "445"))),
    ]
    return [parts(each) for each in bundles] + [written(each) for each in bundles]


TOKENS = [
    *(b"@0", b"#0", b"@1", b"#1", SEPARATOR, b"null", b"true", b"-1", b"1.0", b"1e400", b"{}", b"[]", b'""', b"9" * 30),
    *(b'"known"', b'"gap"', b'"node"', b'"cluster"', b'"n1"', b'"n2"', b'"format":', b'"version":', b'"gaps":'),
    *(b'"place":', b'"key":', b'"cause":', b'"conflicting"', b'"control_error"', b'"timed_out"', b'"data":null'),
    *(b"../", b"C:\\\\", b"\\u0000", b"\\ud83d", b"\xff", b"\xef\xbb\xbf", b"[" * 2000, b"2026-11-16T06:00:00Z"),
    *(b'{"place":0,"key":"x","cause":"timed_out"}', b'"provenance":{"source":""}', b"PK\1\2", b"PK\3\4", b"PK\5\6"),
    *(f'"{name}"'.encode() for name in BY_NAME),
]
