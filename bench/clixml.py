"""How long the CLIXML reader takes, as a multiple of ElementTree's time over the same bytes.

    python bench/clixml.py [--json] [--rounds 15]

ElementTree gives an element tree, the reader gives typed values. The two take turns in one run, and of each the best
round counts, so that a busy machine slows both. More than 3.0 is a failure (exit status 1).
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from bench._figures import told
from hypervigil.formats.clixml import ClixmlError, parse

REPOSITORY = Path(__file__).resolve().parent.parent
LIMIT = 3.0


def recorded() -> list[bytes]:
    """The CLIXML files of the folder `shared` beside the repository (or at HYPERVIGIL_SHARED), where it is there."""
    shared = Path(os.environ.get("HYPERVIGIL_SHARED") or REPOSITORY.parent / "shared")
    documents = []
    for file in sorted((shared / "data" / "clixml").rglob("*.xml")):
        data = file.read_bytes()
        try:
            parse(data)
        except ClixmlError:
            continue  # the folder holds a file that only looks like the others
        documents.append(data)
    return documents


def generated() -> list[bytes]:
    """One document with about the mixture of the recorded ones: strings, lists of them, enumerations, references."""
    objects = []
    for number in range(3000):
        names = '<TNRef RefId="0"/>' if number else '<TN RefId="0"><T>A.Service</T><T>System.Object</T></TN>'
        state = '<TNRef RefId="1"/>' if number else '<TN RefId="1"><T>A.State</T><T>System.Enum</T></TN>'
        objects.append(
            f'<Obj RefId="{number}">{names}<ToString>A.Service</ToString>\n<Props>\n<B N="CanStop">true</B>\n'
            f'<S N="Name">service{number}</S>\n<S N="DisplayName">Service of the machine, number {number}</S>\n'
            f'<Obj N="Status" RefId="s{number}">{state}<ToString>Running</ToString><I32>4</I32></Obj>\n'
            f'<Obj N="DependsOn" RefId="l{number}"><LST><S>RpcSs</S><S>EventLog</S><S>Tcpip</S></LST></Obj>\n'
            f'<Ref N="Required" RefId="l{number}"/><U32 N="Id">{number}</U32><Nil N="Site"/>\n</Props></Obj>'
        )
    opening = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    return [f"{opening}{''.join(objects)}</Objs>".encode()]


def seconds(read: Callable[[bytes], object], documents: list[bytes]) -> float:
    start = time.perf_counter()
    for data in documents:
        read(data)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn (default: 15)")
    arguments = parser.parse_args()

    documents = recorded()
    source = "recorded" if documents else "generated"
    documents = documents or generated()
    turns = [
        (seconds(ElementTree.fromstring, documents), seconds(parse, documents)) for _ in range(max(arguments.rounds, 1))
    ]
    element_tree, ours = (min(times) for times in zip(*turns, strict=True))
    ratio = ours / element_tree
    size = sum(map(len, documents))
    of = f"ElementTree's time over {len(documents)} {source} documents, {size:,} bytes, best of {len(turns)}"
    return told("clixml", ratio, LIMIT, of, as_json=arguments.json)


if __name__ == "__main__":
    raise SystemExit(main())
