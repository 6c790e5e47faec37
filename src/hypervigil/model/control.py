"""A control: its metadata, its family, and the page that its module's docstring is."""

from __future__ import annotations

import enum
import re

import msgspec

from hypervigil.model.grading import Confidence, Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import ReasonCode
from hypervigil.model.subject import Scope


class Family(enum.Enum):
    """A family of controls: the prefix of its ids, and what it is about."""

    PLATFORM = ("PLT", "Platform: VBS, Credential Guard, HVCI, LSA")
    LIVE_MIGRATION = ("LM", "Live migration and delegation")
    SMB = ("SMB", "SMB")
    IDENTITY = ("IDN", "Service and cluster identity")
    WORKGROUP = ("WGC", "Workgroup clusters")
    SHIELDED = ("SHV", "Shielded VMs and the Host Guardian Service")
    MANAGEMENT = ("MGT", "Management plane")
    NETWORK = ("NET", "Isolation")
    LOGGING = ("LOG", "Logging, audit and detection")
    CLUSTER = ("CLU", "The cluster itself")

    def __init__(self, prefix: str, title: str) -> None:
        self.prefix = prefix
        self.title = title


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What should hold. ``title`` states the desired condition; ``reasons`` are all that it can ever say.

    ``confidence`` is the one of its rule where a reason does not carry its own. ``only`` says why PASS or FAIL is
    missing among the reasons of a control that is not ``info`` (shown on its page).
    """

    id: str
    title: str
    family: Family
    scope: Scope
    severity: Severity
    reasons: type[ReasonCode]
    confidence: Confidence = Confidence.DOCUMENTED
    only: str = ""

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """The outcomes that this control can give of its own accord; the engine adds UNKNOWN for missing facts."""
        return frozenset(code.leads.outcome for code in self.reasons if code.leads.outcome is not None)


HEADINGS = (
    "What it decides",
    "Why it matters",
    "How it is decided",
    "How to look yourself",
    "Remedy",
    "What it cannot see",
    "References",
)
"""The headings of a control's page, in their order; each stands in the docstring as ``## Heading``."""


class Page(msgspec.Struct, frozen=True):
    """The documentation page of a control: its first line and its sections by heading."""

    summary: str
    sections: dict[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Headings that are absent or empty."""
        return tuple(h for h in HEADINGS if not self.sections.get(h))

    @property
    def markdown(self) -> str:
        """The sections as Markdown, without the summary line."""
        return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in self.sections.items())


def page_of(docstring: str | None) -> Page:
    """The page that a module docstring is; empty where there is none."""
    parts = re.split(r"^## (.+)$", (docstring or "").strip(), flags=re.MULTILINE)
    # Blank lines only: a section may begin with a command, which Markdown knows by its four spaces.
    sections = {h.strip(): text.strip("\n").rstrip() for h, text in zip(parts[1::2], parts[2::2], strict=True)}
    return Page(summary=" ".join(parts[0].split()), sections=sections)
