"""Runs Collect-Hypervigil.ps1 in PowerShell's own engine, with stand-ins for the commands of Windows."""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hypervigil.collect.reads import Row, table
from hypervigil.store.layout import Manifest
from tests.shared import psengine, shared_data

STUBS = Path(__file__).parent / "stubs"
SCRIPT = (
    Path(__file__).resolve().parents[2] / "src" / "hypervigil" / "collect" / "powershell" / "Collect-Hypervigil.ps1"
)

HOSTILE = "\u00fc\u4f60\U0001f525'\"`$(1/0)\\<&>\x00\x1b[2J\r\n\u202e\u2028\ud800"
"""Other alphabets, quotes, code, mark-up, control characters, text that turns round, half of a surrogate pair."""

_DISPATCHERS = frozenset({"Get-CimInstance"})
"""Fail class by class."""

FAULTS: dict[str, str] = {
    "denied": (
        "$exception = New-Object System.UnauthorizedAccessException('(a message in the language of the host)')\n"
        "throw (New-Object System.Management.Automation.ErrorRecord($exception, 'Whatever', 'NotSpecified', $null))"
    ),
    "hang": "[System.Threading.Thread]::Sleep(600000)",
    "hang_politely": "while ($true) { Start-Sleep -Milliseconds 50 }",
    "broken": "throw 'it broke'",
    "nothing": "",
    "one": "ORIGINAL | Select-Object -First 1",
    "many": "$all = @(ORIGINAL); foreach ($round in 1..50) { $all }",
    "hostile": "ORIGINAL | ForEach-Object { Add-HostileText $_ }",
}
"""Bodies of stand-ins that fail; ORIGINAL is what the stand-in gives. ``missing`` takes it away."""

_DENIED_PROGRAM = "$global:LASTEXITCODE = 5\n'(a message in the language of the host)'"

_FUNCTION = re.compile(r"^function ([\w.-]+) \{\n(.*?)^\}$", re.MULTILINE | re.DOTALL)


class Document(NamedTuple):
    """A document of the bundle, undecoded: what its envelope says."""

    status: str
    data: Any
    cause: str
    detail: str
    remark: str


class Run(NamedTuple):
    """What a run left: its exit status, output and messages, the files, and every command that was started."""

    status: int
    output: str
    messages: str
    folder: Path
    trace: tuple[Mapping[str, Any], ...]

    @property
    def bundle(self) -> Path:
        """The one zip."""
        (found,) = self.folder.glob("*.zip")
        return found

    @property
    def transcript(self) -> str:
        """The text beside the zip."""
        (found,) = self.folder.glob("*.transcript.txt")
        return found.read_text("utf-8")

    def manifest(self) -> Manifest:
        """The manifest, decoded."""
        return msgspec.json.decode(self._members()["manifest.json"], type=Manifest)

    def documents(self) -> dict[str, Document]:
        """The documents by path within the bundle."""
        found = {}
        for path, data in self._members().items():
            if path.endswith(".json") and path != "manifest.json":
                envelope = json.loads(data)
                found[path] = Document(
                    envelope["status"],
                    envelope.get("data"),
                    envelope.get("cause", ""),
                    envelope.get("detail", ""),
                    envelope["provenance"]["remark"],
                )
        return found

    def by_fact(self) -> dict[str, Document]:
        """The documents of a run on one host, by fact."""
        return {path.rpartition("/")[2].removesuffix(".json"): each for path, each in self.documents().items()}

    def _members(self) -> dict[str, bytes]:
        import zipfile

        with zipfile.ZipFile(self.bundle) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def run_collector(
    *arguments: str,
    folder: Path | None = None,
    faults: Mapping[str, str] | None = None,
    instead: Mapping[str, str] | None = None,
    stubs: Sequence[str] = (),
    registry: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    comma_decimals: bool = False,
    trace: bool = False,
    script: Path = SCRIPT,
    timeout: int = 120,
) -> Run:
    """Run the script.

    ``faults`` names stand-ins and what becomes of each: a key of ``FAULTS``, ``missing``, or ``missing_module`` for a
    module. ``instead`` names stand-ins and gives the body of each in place of its own. ``stubs`` are texts that are
    dot-sourced after the stand-ins. ``registry`` replaces the stand-in registry. ``folder`` is the output folder;
    without it, a new one that stays. ``trace`` keeps every command that is started.
    """
    engine = psengine()
    work = Path(tempfile.mkdtemp(dir=_scratch()))
    output = folder or work / "out"
    output.mkdir(exist_ok=True)
    bodies = {name: FAULTS.get(fault, fault) for name, fault in (faults or {}).items()} | dict(instead or {})
    made = _stand_ins(work, bodies, stubs, comma_decimals=comma_decimals)
    (work / "registry.json").write_text(json.dumps(registry if registry is not None else merged_registry()), "utf-8")
    started = work / "trace.jsonl"
    command = [str(engine), "run", "--as-51", "--registry", str(work / "registry.json")]
    command += ["--trace", str(started)] if trace else []
    command += [*made, "--timeout", str(timeout), str(script)]
    if script == SCRIPT:
        command += ["-OutputFolder", str(output)]
    done = subprocess.run(
        [*command, *arguments],
        capture_output=True,
        env={**os.environ, "COMPUTERNAME": "HV01", **(environment or {})},
        timeout=timeout + 30,
        check=False,
    )
    lines = started.read_text("utf-8").splitlines() if trace else []
    return Run(
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
        output,
        tuple(json.loads(line) for line in lines),
    )


def run_text(text: str, **options: Any) -> Run:
    """Run PowerShell that is given as text, after the functions of the script's parts (all but its own run)."""
    parts = SCRIPT.parent / "parts"
    sources = [part.read_text("ascii") for part in sorted(parts.glob("core_*.ps1"))[1:]]
    sources += [part.read_text("ascii") for part in sorted(parts.glob("tasks_*.ps1"))]
    script = Path(tempfile.mkdtemp(dir=_scratch())) / "text.ps1"
    head = "$ErrorActionPreference = 'Stop'\nSet-StrictMode -Version 2.0\n"
    head += "$HvRemarks = New-Object System.Collections.ArrayList\n"
    script.write_text("\ufeff" + head + "\n".join(sources) + "\n" + text, "utf-8")
    return run_collector(script=script, **options)


@functools.cache
def _scratch() -> str:
    """Where everything lies that runs make; it goes with the process."""
    folder = tempfile.mkdtemp(prefix="collector-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def all_targets() -> list[str]:
    """Every stand-in that a fault can take: cmdlets, classes, programs."""
    return [name for file in _files() for name, _ in _FUNCTION.findall(file.read_text("utf-8")) if _is_target(name)]


def targets_of(row: Row) -> str:
    """The stand-in that answers a read; empty for the registry."""
    if row.class_name:
        return "Cim-" + row.class_name.rpartition(":")[2]
    return row.command


def targets_by_fact() -> dict[str, set[str]]:
    """The stand-ins that each fact's task calls."""
    found: dict[str, set[str]] = {}
    for row in table():
        found.setdefault(row.fact, set())
        if target := targets_of(row):
            found[row.fact].add(target)
    return found


@functools.cache
def expectations() -> dict[str, dict[str, list[str]]]:
    """What single facts make of faults, where it is not what the tests over all facts expect: by fact, then fault."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted(STUBS.glob("expected_*.toml")):
        found.update(tomllib.loads(file.read_text("utf-8")))
    return found


def merged_registry() -> dict[str, Any]:
    """The stand-in registry: all files together."""
    found: dict[str, Any] = {}
    for file in sorted((STUBS / "registry").glob("*.json")):
        _merge(found, json.loads(file.read_text("utf-8")))
    return found


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _files() -> list[Path]:
    return [*sorted((STUBS / "modules").glob("*.ps1")), *sorted(STUBS.glob("*.ps1"))]


def _is_target(name: str) -> bool:
    if name in _DISPATCHERS:
        return False
    return name.startswith("Cim-") or name.endswith(".exe") or name in _cmdlets()


@functools.cache
def _cmdlets() -> frozenset[str]:
    modules = (STUBS / "modules").glob("*.ps1")
    return frozenset(
        itertools.chain.from_iterable(dict(_FUNCTION.findall(file.read_text("utf-8"))) for file in modules)
    )


def _stand_ins(work: Path, bodies: dict[str, str], extra: Sequence[str], *, comma_decimals: bool) -> list[str]:
    """The options that load the stand-ins, other bodies in place of those in ``bodies``."""
    prelude = work / "prelude.ps1"
    prelude.write_text("\ufeff" + _prelude(comma_decimals=comma_decimals), "utf-8")
    options = ["--stubs", str(prelude)]
    unused = set(bodies)
    for file in _files():
        module = file.stem if file.parent.name == "modules" else ""
        if module and bodies.get(module) == "missing_module":
            unused.discard(module)
            continue
        text = _FUNCTION.sub(functools.partial(_replaced, bodies, unused), file.read_text("utf-8"))
        copy = work / f"{file.parent.name}-{file.name}"
        copy.write_text("\ufeff" + text, "utf-8")
        options += ["--stub-module", f"{module}={copy}"] if module else ["--stubs", str(copy)]
    for number, text in enumerate(extra):
        copy = work / f"extra-{number}.ps1"
        copy.write_text("\ufeff" + text, "utf-8")
        options += ["--stubs", str(copy)]
    if unused:
        raise AssertionError(f"no stand-in is called {', '.join(sorted(unused))}")
    return options


def _replaced(bodies: Mapping[str, str], unused: set[str], found: re.Match[str]) -> str:
    name, body = found[1], found[2]
    other = bodies.get(name)
    if other is None:
        return found[0]
    unused.discard(name)
    if other == "missing":
        return ""
    parameters, rest = _parameters(body)
    program = name.endswith(".exe")
    if program and other == FAULTS["denied"]:
        other = _DENIED_PROGRAM
    original = "@(& {\n" + parameters + rest + "\n}" + (" @args)" if program else " @PSBoundParameters)")
    return f"function {name} {{\n{parameters}\n{other.replace('ORIGINAL', original)}\n}}"


def _parameters(body: str) -> tuple[str, str]:
    """A function's body, its parameters apart."""
    start = re.match(r"\s*param\(", body)
    if start is None:
        return "", body
    depth = 0
    for place in range(start.end() - 1, len(body)):
        depth += {"(": 1, ")": -1}.get(body[place], 0)
        if depth == 0:
            return body[: place + 1], body[place + 1 :]
    raise AssertionError("a stand-in's param block does not end")


def _prelude(*, comma_decimals: bool) -> str:
    # Code units, so that half of a surrogate pair survives.
    units = memoryview(HOSTILE.encode("utf-16-le", "surrogatepass")).cast("H")
    hostile = ", ".join(f"[char] {unit}" for unit in units)
    lines = [
        f"$Recorded = '{shared_data('recorded')}'",
        f"$RecordedClixml = '{shared_data('clixml')}'",
        f"$HostileText = -join @({hostile})",
        _ADD_HOSTILE_TEXT,
    ]
    if comma_decimals:
        lines.append(_COMMAS)
    return "\n".join(lines) + "\n"


_ADD_HOSTILE_TEXT = """\
function Add-HostileText {
    param($Object)
    if ($Object -is [string]) { return $Object + $HostileText }
    if ($Object -is [ValueType]) { return $Object }
    foreach ($property in @($Object.PSObject.Properties)) {
        if ($property.Value -isnot [string] -or $property.Name -eq 'Xml') { continue }
        # What has no setter is hidden by a property of the same name.
        $hostile = $property.Value + $HostileText
        $Object | Add-Member -MemberType NoteProperty -Name $property.Name -Value $hostile -Force
    }
    $Object
}
"""

_COMMAS = """\
$culture = [System.Globalization.CultureInfo]::InvariantCulture.Clone()
$culture.NumberFormat.NumberDecimalSeparator = ','
$culture.NumberFormat.NumberGroupSeparator = '.'
$culture.NumberFormat.NegativeSign = '~'
$culture.DateTimeFormat.DateSeparator = '.'
$culture.DateTimeFormat.TimeSeparator = '.'
[System.Globalization.CultureInfo]::DefaultThreadCurrentCulture = $culture
[System.Threading.Thread]::CurrentThread.CurrentCulture = $culture
"""
