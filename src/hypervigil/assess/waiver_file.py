"""Waivers as TOML: a list of accepted exceptions, each with the person who answers for it and its last day::

[[waivers]]
control = "SMB-002"                       # one id of the catalogue
subject = "HV07*"                         # a pattern over the subject's name or key
reason = "the scanner can not sign"
owner = "A. Person"
expires = 2027-03-31                      # its last day
ticket = "CHG-1042"                       # these two may be left out
compensating_control = "own VLAN"
"""

from __future__ import annotations

from typing import Final

from hypervigil.assess.catalogue import outside_catalogue
from hypervigil.controls.registry import CATALOGUE
from hypervigil.formats.toml_text import TomlTable, parse_toml
from hypervigil.model.waiver import Waiver

_KEYS: Final = ("control", "subject", "reason", "owner", "expires", "ticket", "compensating_control")


def parse_waivers(data: bytes, file: str) -> tuple[Waiver, ...]:
    """The waivers of a file, in its order; none for an empty file.

    ``file`` is what errors, and the waivers' ``place``, call it.

    Raises:
        TomlInputError: the file is not one of waivers, or holds one twice: where, what was expected, what to do.
    """
    table = parse_toml(data, file)
    table.refuse_unknown(("waivers",))
    waivers: dict[tuple[str, str], Waiver] = {}
    for entry in table.tables("waivers"):
        waiver = _waiver(entry)
        same = waivers.setdefault((waiver.control, waiver.subject.casefold()), waiver)
        if same is not waiver:
            what = f"{waiver.control} on {waiver.subject} is waived twice, first at {same.place}"
            raise entry.wrong(what, todo="Take one out.")
    return tuple(waivers.values())


def _waiver(entry: TomlTable) -> Waiver:
    entry.refuse_unknown(_KEYS)
    control = entry.text("control")
    if "*" in control or "?" in control:
        raise entry.wrong(
            f"{control} is a pattern", "control", expected="one id such as SMB-002", todo="Write one waiver a control."
        )
    if control not in CATALOGUE:
        raise outside_catalogue(entry, control, "control")
    return Waiver(
        control=control,
        subject=entry.text("subject"),
        reason=entry.text("reason"),
        owner=entry.text("owner"),
        expires=entry.date("expires"),
        ticket=entry.optional_text("ticket") or "",
        compensating_control=entry.optional_text("compensating_control") or "",
        place=f"{entry.file}:{entry.line}",
    )
