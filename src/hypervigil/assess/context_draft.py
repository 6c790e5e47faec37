"""A draft of ``context.toml`` for one bundle: every key with what it means, and guesses from the evidence.

A guess stands behind ``# guess:`` and is a comment, so nothing of it is believed until a person takes the mark away.
Taking all of them away gives a file that ``parse_context`` reads.
"""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterable, Iterator, Sequence

from hypervigil.assess.context_guesses import GuessedNetwork, Guesses, guesses_from
from hypervigil.evidence.evidence import Evidence

GUESS = "# guess: "
"""What a line begins with that somebody has to confirm by taking this away."""
FORM = "# form: "
"""What a line begins with that only shows how something is written."""

_SLOT = re.compile(r"^@(\w+)@\n", re.MULTILINE)


def draft(evidence: Evidence) -> str:
    """The draft, to be written as UTF-8."""
    template = importlib.resources.files("hypervigil.assess").joinpath("data", "context_draft.toml").read_text("utf-8")
    slots = dict(_slots(guesses_from(evidence)))
    text = _SLOT.sub(lambda slot: "".join(f"{line}\n" for line in slots[slot[1]]), template)
    when = f" (collected {evidence.collected:%Y-%m-%d %H:%M} UTC)" if evidence.collected else ""
    return text.replace("@label@", _within_comment(evidence.label) + when, 1)


def confirmed(text: str) -> str:
    """The draft as of somebody who believes every guess."""
    return "".join(line.removeprefix(GUESS) for line in text.splitlines(keepends=True))


def quoted(text: str) -> str:
    """A text in TOML's quotes; what can not be printed is written by its number."""
    return f'"{"".join(map(_character, text))}"'


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    if "\ud800" <= character <= "\udfff":  # half a character, which no TOML file can hold
        return "\ufffd"
    return f"\\U{ord(character):08x}"


def _within_comment(text: str) -> str:
    """A text of the evidence on one line, whatever it holds."""
    return quoted(text)[1:-1]


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def _slots(guesses: Guesses) -> Iterator[tuple[str, Iterable[str]]]:
    """By the names of the slots in the template, the lines that go there."""
    yield "clusters", [f"clusters = {_list([guesses.cluster])}"] if guesses.cluster else []
    nodes = [[f"expected_nodes = {_list(guesses.nodes)}"]] if guesses.nodes else []
    yield "nodes", _guessed("the nodes that the evidence names", nodes)
    yield "groups", _groups(guesses.groups)
    yield "networks", _guessed("the networks that nodes and cluster use", map(_network, guesses.networks))
    hosts = [
        ["[[jump_hosts]]", f"name = {quoted(host.name)}", 'kind = "jump_host"', f"addresses = {_list(host.addresses)}"]
        for host in guesses.jump_hosts
    ]
    yield "jump_hosts", _guessed("where remote desktop logons came from, which is not where they should", hosts)
    controllers = [["[[tier0_guests]]", f"vm = {quoted(v)}", 'role = "domain_controller"'] for v in guesses.controllers]
    yield "controllers", _guessed("what guests say of themselves", controllers)
    unsigned = [["[[smb_endpoints]]", f"host = {quoted(host)}", "can_sign = false"] for host in guesses.unsigned]
    yield "endpoints", _guessed("events of the nodes' SMB clients", unsigned)
    sensors = [["[[edr]]", f"product = {quoted(p)}", f"services = {_list(found)}"] for p, found in guesses.sensors]
    yield "sensors", _guessed("services of the nodes", sensors)
    logs = [["[logs]", f"destinations = {_list(guesses.collectors)}"]] if guesses.collectors else []
    yield "logs", _guessed("the nodes' event forwarding", logs)
    keys = ", ".join(map(_within_comment, guesses.keys))
    yield (
        "keys",
        [f"# Keys that nodes have: {keys}. Whether there are copies, nobody but you can tell."] if keys else [],
    )


def _guessed(source: str, entries: Iterable[Sequence[str]]) -> Iterator[str]:
    for place, entry in enumerate(entries):
        yield "" if place else f"# Guessed from {source}:"
        yield from (GUESS + line for line in entry)


def _groups(groups: Sequence[tuple[str, str]]) -> Iterator[str]:
    if groups:
        yield from _guessed("who is in local groups, which is not who should", [["admin_groups = ["]])
        for sid, name in groups:
            yield f"{GUESS}  {quoted(sid)},  # {_within_comment(name)}"
        yield f"{GUESS}]"


def _network(network: GuessedNetwork) -> list[str]:
    lines = ["[[networks]]"]
    lines += [f"name = {quoted(network.name)}"] * bool(network.name)
    lines.append(f"purposes = {_list(network.purposes)}")
    lines += [f"subnets = {_list(network.subnets)}"] * bool(network.subnets)
    lines += [f"vlans = [{', '.join(map(str, network.vlans))}]"] * bool(network.vlans)
    return lines
