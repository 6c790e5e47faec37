"""Fuzz what people write in TOML, waivers and profiles: `python fuzz/fuzz_toml.py --seconds 600`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.formats.toml_text", "hypervigil.formats.toml_lines", "hypervigil.assess"):
    from hypervigil.assess.profiles import parse_profile
    from hypervigil.assess.waiver_file import parse_waivers
    from hypervigil.formats.toml_text import TomlInputError, TomlTable, parse_toml

PROFILES = Path(__file__).resolve().parent.parent / "src" / "hypervigil" / "assess" / "data" / "profiles"
WAIVERS = b"""\
[[waivers]] # one
control = "SMB-002"
subject = 'HV0?'
reason = \"\"\"
many lines\"\"\"
owner = "A"
expires = 2027-03-31

[[waivers]]
control = "LM-009"
subject = "CL01"
reason = "b"
owner = "B"
expires = 2027-02-01
"""
PROFILE = b"""\
name = "x"
extends = "base.toml"
groups = ["no-detection"]
select = ["SMB-*",
  "LM-002"]
[severity.SMB-002]
severity = "high"
reason = "r"
[parameters.SMB-006]
minimum_delay_ms = 5000
"""
TOKENS = ["[[", "]]", "[", "]", '"""', "'''", "{", "}", " = ", "\n", "\\", "#", "a.b", "2027-01-01", "10:00:00", "inf"]
TOKENS += ["name", "select", "exclude", "extends", "severity", "parameters", "waivers", "control", "SMB-002", "quick"]
BASE = b"name = 'base'\nextends = '../base.toml'\n"


def check(data: bytes) -> None:
    """Three readers of the same bytes; every key and entry has a line within the text."""
    refused: list[TomlInputError] = []
    for read in (parse_waivers, lambda given, file: parse_profile(given, file, lambda _: BASE)):
        try:
            read(data, "folder/f.toml")
        except TomlInputError as error:
            refused.append(error)
    assert all(str(error).startswith(error.file) and error.line >= 0 for error in refused)
    lines = data.count(b"\n") + 1
    waiting = [parse_toml(data, "f.toml")]
    while waiting:
        table = waiting.pop()
        for key in table.keys:
            assert 1 <= table.line_of(key) <= lines
            for below in _below(table, key):
                assert 1 <= below.line <= lines
                waiting.append(below)


def _below(table: TomlTable, key: str) -> list[TomlTable]:
    try:
        return list(table.tables(key))
    except TomlInputError:
        pass  # no list of tables: perhaps a table of tables
    try:
        return list(table.named_tables(key).values())
    except TomlInputError:
        return []


TARGET = Target(
    name="toml",
    check=check,
    allowed=(TomlInputError,),
    seeds=[WAIVERS, PROFILE, "a = 'ä'".encode("utf-16"), *(file.read_bytes() for file in sorted(PROFILES.iterdir()))],
    tokens=[token.encode() for token in TOKENS],
)

if __name__ == "__main__":
    main(TARGET)
