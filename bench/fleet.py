"""How memory grows from one cluster to 1,000 nodes in 16 clusters, each read from its bundle and judged in turn.

    python bench/fleet.py [--json]

Two figures in one run, by tracemalloc: the peak while one cluster of 63 nodes is read and judged, less what its
findings keep; and the same for 16 clusters whose findings are all kept. The second over the first is the ratio: 1.0
means that memory is flat from cluster to cluster but for the findings. More than 1.5 is a failure (exit status 1).
"""

import argparse
import gc
import sys
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from bench._figures import told
from hypervigil.assess.engine import judge
from hypervigil.assess.registry import compiled_controls
from hypervigil.model.finding import Finding
from hypervigil.store import read_bundle, write_bundle
from hypervigil.synthetic.cluster import MOMENT, Blueprint, build
from hypervigil.synthetic.flaws import Flaw

LIMIT = 1.5
CLUSTERS = 16
SIZES = [63] * 8 + [62] * 8
"""16 clusters, 1,000 nodes."""


def working_memory(bundles: Sequence[Path]) -> tuple[int, int, int]:
    """Peak bytes less what the findings keep; what they keep; how many there are."""
    controls = compiled_controls()
    gc.collect()
    tracemalloc.start()
    kept: list[tuple[Finding, ...]] = [judge(read_bundle(bundle), controls).findings for bundle in bundles]
    peak = tracemalloc.get_traced_memory()[1]
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return peak - held, held, sum(map(len, kept))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundles = []
        for number, size in enumerate(SIZES, start=1):
            blueprint = Blueprint(name=f"FLEET{number:02d}", nodes=size, vms=1000, flaws=(Flaw.UNLIKE_NODE,))
            bundles.append(Path(folder, blueprint.name))
            write_bundle(build(blueprint), bundles[-1], created=MOMENT)
        working_memory(bundles[:1])  # imports and caches are not the evidence's
        one, _, _ = working_memory(bundles[:1])
        many, held, count = working_memory(bundles)
    of = (
        f"synthetic: {sum(SIZES)} nodes in {CLUSTERS} clusters, {one / 1e6:.0f} MB to work in for one, "
        f"{many / 1e6:.0f} MB for all, {held / 1e6:.0f} MB kept for {count} findings"
    )
    return told("fleet", many / one, LIMIT, of, as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
