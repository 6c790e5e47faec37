"""Fuzz the CLIXML reader: `python fuzz/fuzz_clixml.py --seconds 600`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.formats"):
    from hypervigil.formats.clixml import ClixmlError, EnumValue, PSObject, parse

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "formats" / "corpus" / "clixml"
# fmt: off
TAGS = [
    "Obj", "TN", "T", "TNRef", "Ref", "ToString", "Props", "MS", "LST", "IE", "STK", "QUE", "DCT", "En",
    "PR", "AV", "AI", "PI", "PC", "SR", "SD", "S", "C", "B", "DT", "TS", "By", "SB", "U16", "I16", "U32", "I32", "U64",
    "I64", "Sg", "Db", "D", "BA", "G", "URI", "Version", "XD", "SBK", "SS", "Nil",
]
# fmt: on
TOKENS = [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + [f"<{tag} N=" for tag in TAGS]
TOKENS += [
    '"Key"',
    '"Value"',
    '"__ClassMetadata"',
    ' RefId="0"',
    ' RefId="1"',
    'RefId="2"',
    ' N="a"',
    "_x0041_",
    "_xD83D_",
]
TOKENS += ["System.Enum", "<!DOCTYPE ", "<!ENTITY a ", "&a;", "<![CDATA[", "<!--", "-->", "<?xml ", "encoding='utf-16'"]
TOKENS += [
    "INF",
    "-INF",
    "NaN",
    "P1DT2H3M4.5S",
    "9999-12-31T23:59:59.9999999+14:00",
    "1e999",
    "99999999999999999999",
    "٣",
]


def check(data: bytes) -> None:
    """Nothing but values of the documented types may come out."""
    seen: set[int] = set()
    waiting: list[object] = list(parse(data))
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case PSObject():
                waiting += [value.value, *value.adapted.values(), *value.extended.values()]
                assert all(isinstance(name, str) for name in (*value.type_names, *value.properties))
                assert repr(value)
                assert value.cim_class != ""
            case dict():
                waiting += [*value.keys(), *value.values()]
            case list():
                waiting += value
            case str():
                value.encode()
            case EnumValue():
                assert str(value) == value.name


TARGET = Target(
    name="clixml",
    check=check,
    allowed=(ClixmlError,),
    seeds=[file.read_bytes() for file in sorted(CORPUS.iterdir()) if file.suffix in (".xml", ".bin")],
    tokens=[token.encode() for token in TOKENS],
)

if __name__ == "__main__":
    main(TARGET)
