"""The error about a control id that does not exist, as every file that names controls raises it."""

from __future__ import annotations

from hypervigil.controls.registry import CATALOGUE
from hypervigil.formats.toml_text import TomlInputError, TomlTable, did_you_mean


def outside_catalogue(table: TomlTable, control: str, *path: str | int) -> TomlInputError:
    """The error about an id, or a pattern over ids, that the catalogue does not have, for the caller to raise.

    ``path`` is the key of ``table``, and the place in its list, where ``control`` stands.
    """
    if "*" in control or "?" in control:
        families = ", ".join(dict.fromkeys(each.partition("-")[0] for each in CATALOGUE))
        what = f"{control} matches no control of the catalogue"
        return table.wrong(what, *path, expected=f"a pattern over ids of the families {families}")
    todo = did_you_mean(control, CATALOGUE)
    return table.wrong(f"{control} is no control of the catalogue", *path, expected="an id such as SMB-002", todo=todo)
