"""Where the boxes and lines of the network picture stand. It says all with shapes and words, and nothing with colour.

Left is what belongs to the host, right are VMs, between them the segments of each virtual switch. Everything has a
bound, so that 64 nodes and thousands of VMs stay one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.report.network_view import Fabric, NetworkView, Path, Segment, SwitchView, Tenants
from hypervigil.report.text import visible

WIDTH = 960
MOST_PICTURES = 16
"""With more clusters than that in one report there is none: each is long, and nobody compares so many."""
MOST_FABRICS = 8
MOST_SEGMENTS = 24
"""Of one switch."""
MOST_LINES = 6
"""In one segment, on either side."""
MOST_PATHS = 40

_LEFT = (0, 340)
_MIDDLE = (400, 560)
_RIGHT = (620, WIDTH)
"""Where the three columns begin and end."""
_LINE = 30
_BOX = 24
_FITS = 40
"""Characters that fit into a box at the size of the style sheet."""


class Box(msgspec.Struct, frozen=True):
    """A box with a text; ``kind`` is its class in the style sheet, ``round`` the radius of its corners."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    text: str
    whole: str
    round: int = 0


class Wire(msgspec.Struct, frozen=True):
    """A line from one point to another; ``kind`` is ``access`` (solid) or ``trunk`` (dashed)."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


class Words(msgspec.Struct, frozen=True):
    """A text without a box."""

    x: int
    y: int
    kind: str
    text: str


class Drawing(msgspec.Struct, frozen=True):
    """One fabric: its title in words, and its shapes."""

    title: str
    height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    words: tuple[Words, ...]


class Picture(msgspec.Struct, frozen=True):
    """The drawings of a cluster, the table beside them, and how much more of both there is."""

    label: str
    drawings: tuple[Drawing, ...]
    more_drawings: int
    paths: tuple[Path, ...]
    more_paths: int
    unseen: tuple[str, ...]


def picture_of(view: NetworkView) -> Picture:
    """The picture of one cluster's networks."""
    return Picture(
        label=visible(view.label),
        drawings=tuple(map(_drawing, view.fabrics[:MOST_FABRICS])),
        more_drawings=max(0, len(view.fabrics) - MOST_FABRICS),
        paths=view.paths[:MOST_PATHS],
        more_paths=max(0, len(view.paths) - MOST_PATHS),
        unseen=tuple(map(visible, view.unseen)),
    )


class _Sheet:
    """Puts shapes below one another."""

    def __init__(self) -> None:
        self.y = 0
        self.boxes: list[Box] = []
        self.wires: list[Wire] = []
        self.words: list[Words] = []

    def box(self, column: tuple[int, int], y: int, kind: str, text: str, height: int = _BOX) -> None:
        whole = visible(text)
        radius = 12 if kind == "tenant" else 0
        width = column[1] - column[0]
        fits = _FITS * width // (_LEFT[1] - _LEFT[0])
        self.boxes.append(Box(column[0], y, width, height, kind, _fitting(whole, fits), whole, radius))

    def say(self, x: int, y: int, kind: str, text: str) -> None:
        self.words.append(Words(x, y, kind, visible(text)))


def _drawing(fabric: Fabric) -> Drawing:
    sheet = _Sheet()
    sheet.say(_LEFT[0], 14, "head", "The host itself")
    sheet.say(_MIDDLE[0], 14, "head", "Switch and segment")
    sheet.say(_RIGHT[0], 14, "head", "VMs")
    sheet.y = 26
    for switch in fabric.switches:
        _switch(sheet, switch)
    if fabric.loose:
        sheet.y += 20
        sheet.say(_LEFT[0], sheet.y, "switch", "On no virtual switch")
        sheet.y += 10
        for text in _bounded(fabric.loose):
            sheet.box(_LEFT, sheet.y, "host", text)
            sheet.y += _LINE
    return Drawing(_title(fabric), sheet.y + 4, tuple(sheet.boxes), tuple(sheet.wires), tuple(sheet.words))


def _title(fabric: Fabric) -> str:
    names = list(map(visible, fabric.nodes))
    if len(names) <= MOST_LINES:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_LINES])} and {len(names) - MOST_LINES:,} more nodes, wired alike"


def _switch(sheet: _Sheet, switch: SwitchView) -> None:
    sheet.y += 20
    sheet.say(_MIDDLE[0], sheet.y, "switch", _fitting(visible(f"{switch.name} ({switch.kind})"), _FITS))
    sheet.y += 10
    if not switch.segments:
        sheet.say(_MIDDLE[0], sheet.y + 14, "quiet", "nothing is plugged in")
        sheet.y += _LINE
    for segment in switch.segments[:MOST_SEGMENTS]:
        _segment(sheet, segment)
    if len(switch.segments) > MOST_SEGMENTS:
        sheet.say(_MIDDLE[0], sheet.y + 14, "quiet", f"and {len(switch.segments) - MOST_SEGMENTS:,} more segments")
        sheet.y += _LINE


def _segment(sheet: _Sheet, segment: Segment) -> None:
    hosts = list(_bounded(segment.hosts))
    lines = max(1, len(hosts), len(segment.tenants))
    height = lines * _LINE - (_LINE - _BOX)
    label = f"{segment.label}: SHARED" if segment.shared else segment.label
    sheet.box(_MIDDLE, sheet.y, "shared" if segment.shared else "segment", label, height)
    for place, text in enumerate(hosts):
        y = sheet.y + place * _LINE
        sheet.box(_LEFT, y, "host", text)
        sheet.wires.append(Wire(_LEFT[1], y + _BOX // 2, _MIDDLE[0], y + _BOX // 2, "access"))
    for place, tenants in enumerate(segment.tenants):
        y = sheet.y + place * _LINE
        sheet.box(_RIGHT, y, "tenant", _vms(tenants))
        sheet.wires.append(
            Wire(_MIDDLE[1], y + _BOX // 2, _RIGHT[0], y + _BOX // 2, "trunk" if tenants.trunk else "access")
        )
    sheet.y += lines * _LINE


def _vms(tenants: Tenants) -> str:
    count = len(tenants.vms)
    said = f"{count:,} {'VM' if count == 1 else 'VMs'}"
    return f"{said}{' by trunk' if tenants.trunk else ''}: {', '.join(tenants.vms[:MOST_LINES])}"


def _bounded(texts: Sequence[str]) -> Iterator[str]:
    """At most as many lines as a segment has; the last says how many more there are."""
    if len(texts) <= MOST_LINES:
        yield from texts
        return
    yield from texts[: MOST_LINES - 1]
    yield f"and {len(texts) - MOST_LINES + 1:,} more"


def _fitting(text: str, most: int) -> str:
    """As much of a text as fits into a box; the box carries the whole of it as its title."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
