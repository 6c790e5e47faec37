"""Runs single tasks of the collector on the stand-ins, without runspaces and without a bundle.

The runner, the deadlines and the bundle have tests of their own; here a task runs as the runner would run it, and what
it gives is decoded with its fact's type.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from hypervigil.evidence.fact import Fact
from tests.collect.collector import SCRIPT, Document, run_collector

F = TypeVar("F", bound=Fact)

_RUN = """\
$HvOptions = @{{ Role = 'Node'; IncludeHgsClient = $true; Days = 30; Elevated = {elevated}; Scratch = '' }}
foreach ($name in '{names}'.Split(',')) {{
    $found = Invoke-HvTask -Fact $name
    $line = [ordered]@{{}}
    foreach ($key in 'Fact', 'Status', 'Data', 'Gaps', 'Cause', 'Detail', 'Remark') {{ $line[$key] = $found.$key }}
    'TASK ' + (ConvertTo-HvJson $line)
}}
"""


class Tasks(msgspec.Struct, frozen=True):
    """What tasks left: the document of each fact, the gaps within lists, every command that was started (traced)."""

    documents: Mapping[str, Document]
    gaps: Mapping[str, list[dict[str, Any]]]
    commands: tuple[Mapping[str, Any], ...]

    def fact(self, fact: type[F]) -> F:
        """The one fact that was read."""
        return msgspec.convert(self.data(fact), fact)

    def items(self, fact: type[F]) -> list[F]:
        """The facts of a list that was read."""
        return msgspec.convert(self.data(fact), list[fact])  # type: ignore[valid-type]

    def data(self, fact: type[Fact]) -> Any:
        """The data of a fact that was read, as it would stand in the bundle."""
        document = self.documents[fact.INFO.name]
        assert document.status == "known", f"{document.cause}: {document.detail}"
        return document.data

    def gap(self, fact: type[Fact]) -> tuple[str, str]:
        """Cause and detail of a fact that was not read."""
        document = self.documents[fact.INFO.name]
        assert document.status == "gap"
        return document.cause, document.detail

    def asked(self) -> list[str]:
        """The names of all commands that were started; only of a run with ``trace``."""
        assert self.commands, "the run was not traced"
        return [each["name"] for each in self.commands]

    def remark(self, fact: type[Fact]) -> str:
        """What the provenance remarks."""
        return self.documents[fact.INFO.name].remark


def run_tasks(
    *facts: type[Fact],
    stubs: Sequence[str] = (),
    faults: Mapping[str, str] | None = None,
    registry: Mapping[str, Any] | None = None,
    elevated: bool = True,
    trace: bool = False,
) -> Tasks:
    """Run the tasks of these facts, with the options of ``run_collector``; ``trace`` fills ``commands``."""
    main = (SCRIPT.parent / "parts" / "main.ps1").read_text("ascii")
    head, found, _ = SCRIPT.read_text("ascii").partition(main)
    assert found, "the script does not end in main.ps1"
    names = ",".join(fact.INFO.name for fact in facts)
    script = Path(tempfile.mkdtemp(prefix="tasks-")) / "tasks.ps1"
    script.write_text(head + _RUN.format(names=names, elevated="$true" if elevated else "$false"), "ascii")
    run = run_collector(script=script, stubs=stubs, faults=faults, registry=registry, trace=trace)
    assert run.status == 0, run.messages
    documents, gaps = {}, {}
    for line in run.output.splitlines():
        if line.startswith("TASK "):
            each = json.loads(line[5:])
            name = each["Fact"]
            data = json.loads(each["Data"]) if each["Data"] else None
            documents[name] = Document(each["Status"], data, each["Cause"], each["Detail"], each["Remark"])
            gaps[name] = json.loads(each["Gaps"]) if each["Gaps"] else []
    assert set(documents) == set(names.split(",")), run.messages
    return Tasks(documents, gaps, run.trace)
