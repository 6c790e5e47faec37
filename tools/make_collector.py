"""Makes Collect-Hypervigil.ps1 and reads.toml from their parts and the register of facts.

    python tools/make_collector.py            write both
    python tools/make_collector.py --check    say whether they are what the parts give (exit status 1: they are not)

The script is one file, so that an administrator copies, reviews and signs one file; its parts are several, so that a
family of facts is one subject. What the register knows (versions, scopes, types of fields) goes into it as tables.
"""

from __future__ import annotations

import enum
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import inspect

from hypervigil import __version__
from hypervigil.collect.reads import Row, Task, rows_of, tasks_of
from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.register import FACTS
from hypervigil.model.subject import Scope

FOLDER = Path(__file__).resolve().parent.parent / "src" / "hypervigil" / "collect" / "powershell"
PARTS = FOLDER / "parts"
SCRIPT = FOLDER / "Collect-Hypervigil.ps1"
READS = FOLDER / "reads.toml"

_FUNCTION = re.compile(r"^function (Read-Hv\w+)", re.MULTILINE)
_READS_HEAD = """\
# Every read of Collect-Hypervigil.ps1: what it runs, what it takes from the answer, and what that does besides.
# Made by tools/make_collector.py from parts/*.toml; the README beside it says what the keys mean.
"""


def function_of(fact: str) -> str:
    """The name of the function that reads a fact: ``smb_server`` is read by ``Read-HvSmbServer``."""
    return "Read-Hv" + "".join(word.capitalize() for word in fact.split("_"))


def made() -> dict[Path, str]:
    """The text of both files."""
    families = sorted(PARTS.glob("tasks_*.ps1"))
    core = sorted(PARTS.glob("core_*.ps1"))
    functions = {name for part in families for name in _FUNCTION.findall(part.read_text("ascii"))}
    facts = [fact for fact in FACTS if function_of(fact.INFO.name) in functions]
    stray = functions - {function_of(fact.INFO.name) for fact in facts}
    if stray:
        raise SystemExit(f"{', '.join(sorted(stray))}: no such fact is in the register")
    reads = "\n".join([_READS_HEAD, *(part.read_text("ascii") for part in sorted(PARTS.glob("*.toml")))])
    document = tomllib.loads(reads)
    names = {fact.INFO.name for fact in facts}
    rows, tasks = rows_of(document), tasks_of(document)
    for row in rows:
        if row.fact not in names | {"node"}:
            raise SystemExit(f"a row of reads is about {row.fact}, which no function reads")
    for name in tasks:
        if name not in names:
            raise SystemExit(f"[task.{name}]: no function reads it")
    first, *rest = core
    texts = [part.read_text("ascii").strip("\n") for part in (first,)]
    texts.append(tables(facts, rows, tasks))
    texts += [part.read_text("ascii").strip("\n") for part in (*rest, *families, PARTS / "main.ps1")]
    return {SCRIPT: "\n\n".join(texts) + "\n", READS: reads}


def tables(facts: list[type[Fact]], rows: list[Row], tasks: Mapping[str, Task]) -> str:
    """What the script knows about its facts, in PowerShell."""
    shapes: dict[str, dict[str, str]] = {}
    lines = [
        "# Made by tools/make_collector.py from the register of facts and the rows of reads.",
        "",
        f"$HvVersion = {quoted(__version__)}",
        "",
        "$HvFacts = [ordered]@{",
    ]
    lines += [
        f"    {fact.INFO.name} = {_fact(fact, rows, tasks.get(fact.INFO.name, Task()), shapes)}" for fact in facts
    ]
    lines += ["}", "", "$HvShapes = @{"]
    for name, fields in sorted(shapes.items()):
        lines.append(f"    {name} = @{{")
        lines += [f"        {field} = {quoted(kind)}" for field, kind in fields.items()]
        lines.append("    }")
    lines += ["}", "", "$HvReads = @("]
    lines += list(_reads(rows))
    lines.append(")")
    return "\n".join(lines)


def quoted(text: str) -> str:
    """A literal of PowerShell, in which nothing but the quote is special."""
    return "'" + text.replace("'", "''") + "'"


def _fact(fact: type[Fact], rows: list[Row], task: Task, shapes: dict[str, dict[str, str]]) -> str:
    info = fact.INFO
    own = [row for row in rows if row.fact == info.name]
    commands = dict.fromkeys(row.called for row in own)
    values = {
        "Function": quoted(function_of(info.name)),
        "Version": str(info.version),
        "Scope": quoted("cluster" if info.holder is Scope.CLUSTER else "node"),
        "ItemKey": quoted(info.item_key),
        "Elevated": "$true" if any(row.elevated for row in own) else "$false",
        "Timeout": str(task.timeout),
        "Roles": "@(" + ", ".join(quoted(role) for role in task.roles) + ")",
        "Switch": quoted(task.switch),
        "Shape": quoted(_shape(fact, shapes)),
        "Command": quoted("; ".join(commands)),
    }
    first = "; ".join(f"{key} = {value}" for key, value in list(values.items())[:5])
    second = "; ".join(f"{key} = {value}" for key, value in list(values.items())[5:9])
    return f"@{{\n        {first}\n        {second}\n        Command = {values['Command']}\n    }}"


def _shape(struct: type[msgspec.Struct], shapes: dict[str, dict[str, str]]) -> str:
    """The name of the row for a type; the row itself, and those of the types in it, go into ``shapes``."""
    name = struct.__name__
    if name not in shapes:
        shapes[name] = {}
        found = inspect.type_info(struct)
        assert isinstance(found, inspect.StructType)
        for field in found.fields:
            shapes[name][field.encode_name] = ("!" if field.required else "") + _kind(field.type, shapes)
    return name


_PLAIN: dict[type[inspect.Type], str] = {
    inspect.NoneType: "null",
    inspect.BoolType: "bool",
    inspect.IntType: "int",
    inspect.FloatType: "number",
    inspect.StrType: "text",
    inspect.DateTimeType: "time",
    inspect.TimeDeltaType: "duration",
}


def _kind(found: inspect.Type, shapes: dict[str, dict[str, str]]) -> str:
    match found:
        case inspect.Metadata():
            return _kind(found.type, shapes)
        case inspect.UnionType():
            return "|".join(_kind(each, shapes) for each in found.types)
        case inspect.StructType():
            return "@" + _shape(found.cls, shapes)
        case inspect.EnumType():
            return _enum(found.cls)
        case inspect.LiteralType() if all(isinstance(value, str) for value in found.values):
            return "=" + ",".join(str(value) for value in found.values)
        case inspect.VarTupleType() | inspect.ListType() | inspect.FrozenSetType() | inspect.SetType():
            return _kind(found.item_type, shapes) + "*"
        case inspect.DictType():
            return "%" + _kind(found.value_type, shapes)
    plain = _PLAIN.get(type(found))
    if plain is None or _constraints(found):
        raise SystemExit(
            f"the script's tables have no word for {found}: teach it to make_collector.py and core_40_shape.ps1"
        )
    return plain


def _constraints(found: inspect.Type) -> bool:
    return any(value is not None for value in (getattr(found, name) for name in found.__struct_fields__))


def _enum(cls: type[enum.Enum]) -> str:
    if issubclass(cls, Code):
        return "int"  # numbers outside the table are kept
    if issubclass(cls, str):
        return "=" + ",".join(str(member.value) for member in cls)
    return "#" + ",".join(str(member.value) for member in cls)


def _reads(rows: list[Row]) -> Iterator[str]:
    for number, row in enumerate(rows):
        end = "," if number + 1 < len(rows) else ""
        properties = ", ".join((*row.properties, *row.fields))
        yield f"    @{{ Fact = {quoted(row.fact)}; Read = {quoted(row.shown)}"
        yield f"        Properties = {quoted(properties)}"
        yield (
            f"        Release = {quoted(row.release)}; Elevated = {'$true' if row.elevated else '$false'}; "
            f"Effects = {quoted(row.effects)} }}{end}"
        )


def main(arguments: list[str]) -> int:
    """Write the files, or compare them."""
    differing = [path for path, text in made().items() if not path.exists() or path.read_text("ascii") != text]
    if "--check" in arguments:
        for path in differing:
            print(f"{path.name} is not what its parts give: run python tools/make_collector.py")
        return 1 if differing else 0
    for path, text in made().items():
        path.write_text(text, "ascii", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
