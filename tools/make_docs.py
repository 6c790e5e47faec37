"""Makes what is generated under docs/: the pages of controls and facts, and the JSON schemas.

    python tools/make_docs.py            write what differs, remove what nothing makes any more
    python tools/make_docs.py --check    write nothing; exit 1 and name the files where something differs

Files without the mark of this program, such as docs/facts/lookups.md, are left alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "src")]

from hypervigil.assess.registry import compiled_controls  # noqa: E402  after the path
from hypervigil.evidence.register import FACTS  # noqa: E402
from tools.control_pages import control_index, control_page  # noqa: E402
from tools.fact_pages import fact_index, fact_page  # noqa: E402
from tools.markdown import MADE_BY  # noqa: E402
from tools.schemas import fact_schema, report_schema  # noqa: E402

FOLDERS = ("controls", "facts", "schema")


def generated() -> dict[str, str]:
    """Every generated file: its path below docs/, and its text."""
    controls = compiled_controls()
    return {
        "controls/README.md": control_index(controls),
        **{f"controls/{compiled.control.id}.md": control_page(compiled) for compiled in controls},
        "facts/README.md": fact_index(FACTS),
        **{f"facts/{fact.INFO.name}.md": fact_page(fact, controls) for fact in FACTS},
        **{f"schema/{fact.INFO.name}.schema.json": fact_schema(fact) for fact in FACTS},
        "schema/assessment.schema.json": report_schema(),
    }


def differences(docs: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Files below ``docs`` that are not as wanted: their paths, and what is the matter with each."""
    found = {}
    for path, text in wanted.items():
        file = docs / path
        if not file.is_file():
            found[path] = "missing"
        elif file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n") != text:
            found[path] = "out of date"
    for folder in FOLDERS:
        for file in sorted((docs / folder).glob("*")):
            path = file.relative_to(docs).as_posix()
            if path not in wanted and MADE_BY in file.read_text("utf-8", "replace")[:1000]:
                found[path] = "nothing makes it any more"
    return found


def write(docs: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Bring the files below ``docs`` to what is wanted; gives the differences that there were."""
    found = differences(docs, wanted)
    for path in found:
        file = docs / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wanted[path].encode())
        else:
            file.unlink()
    return found


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 1 where ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description="Make the generated files under docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something differs")
    parser.add_argument("--docs", type=Path, default=REPOSITORY / "docs", help="another folder than docs/")
    options = parser.parse_args(arguments)
    wanted = generated()
    found = differences(options.docs, wanted) if options.check else write(options.docs, wanted)
    for path, what in found.items():
        print(f"{options.docs.name}/{path}: {what}")
    print(f"{len(wanted)} files, {len(found)} {'differ' if options.check else 'written or removed'}")
    if options.check and found:
        print("Run 'make docs' and commit what it changes.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
