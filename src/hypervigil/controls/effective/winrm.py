"""The WinRM settings in force on a host, and the certificates that its HTTPS listeners show.

``winrm/config`` tells what is in force: a value that policy sets stands there in place of the local one, marked
``Source="GPO"``, and so do listeners. There is nothing to merge; but a setting that policy holds is changed in the
policy, as pages of controls say.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterator

import msgspec

from hypervigil.controls.effective.certificates import Examined, covers, examine, short_names
from hypervigil.evidence.management import Certificate, Certificates, WinRm, WinRmListener
from hypervigil.model.subject import Subject


def unread(*settings: tuple[str, object]) -> str:
    """The names of the settings that were not read, for a sentence; empty where all were. A setting is name, value."""
    return " and ".join(name for name, value in settings if value is None)


def listening(winrm: WinRm, transport: str) -> tuple[WinRmListener, ...]:
    """The listeners of a transport, ``HTTP`` or ``HTTPS``, but for those switched off.

    A listener is on unless it says otherwise (MicrosoftDocs/win32, `desktop-src/WinRM/installation-and-...`).
    """
    return tuple(
        listener
        for listener in winrm.listeners or ()
        if listener.transport.upper() == transport and listener.enabled is not False
    )


def place_of(listener: WinRmListener) -> str:
    """Where a listener listens, as people read it: ``*:5986``."""
    return f"{listener.address}:{listener.port}"


class Standing(enum.Enum):
    """What can be said of the certificate of a listener; controls have a reason of each of these names.

    GOOD: nothing speaks against it. UNFIT: something does. ASKED: only those who connect can tell. UNSURE: something
    was not seen. NOT_HELD: the store has no such certificate. UNNAMED: the listener names none.
    """

    GOOD = enum.auto()
    UNFIT = enum.auto()
    ASKED = enum.auto()
    UNSURE = enum.auto()
    NOT_HELD = enum.auto()
    UNNAMED = enum.auto()


class Judged(msgspec.Struct, frozen=True):
    """One thing that can be said of a listener's certificate, with the values of its sentence."""

    standing: Standing
    values: dict[str, str]


def judge_listener(
    listener: WinRmListener, held: Certificates, node: Subject, at: datetime.datetime | None
) -> Iterator[Judged]:
    """All that can be said of the certificate of an HTTPS listener of a node at the moment of the evidence."""
    where = {"listener": place_of(listener)}
    if not listener.certificate_thumbprint:
        yield Judged(Standing.UNNAMED, where)
        return
    where["thumbprint"] = listener.certificate_thumbprint
    certificate = held.with_thumbprint(listener.certificate_thumbprint)
    if certificate is None:
        yield Judged(Standing.NOT_HELD, where)
        return
    found = examine(certificate, at) + _named(certificate, listener, node)
    if found.faults:
        yield Judged(Standing.UNFIT, {**where, "faults": ", ".join(found.faults)})
    if found.questions:
        yield Judged(Standing.ASKED, {**where, "questions": ", ".join(found.questions)})
    if found.unseen:
        yield Judged(Standing.UNSURE, {**where, "unseen": ", ".join(found.unseen)})
    if found == Examined():
        yield Judged(Standing.GOOD, {**where, "last": certificate.not_after.date().isoformat()})


def _named(certificate: Certificate, listener: WinRmListener, node: Subject) -> Examined:
    """What speaks against the names of a certificate as those of a node."""
    if covers(certificate, node.key, *node.aliases) or {*certificate.ip_names} & {*listener.listening_on}:
        return Examined()
    if "." not in node.key and node.key in short_names(certificate):
        return Examined()  # the node's DNS suffix is not known
    shown = ", ".join(certificate.dns_names) or certificate.subject or "nobody"
    if listener.hostname and covers(certificate, listener.hostname):
        return Examined(questions=(f"is for {shown}, which is not this node's own name: is it what others call it",))
    return Examined((f"is for {shown} and not for this node",))
