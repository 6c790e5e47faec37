"""Which host the files of a folder come from, and that they all come from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from hypervigil.collect.answers import Answer, hosts_named, is_host_name
from hypervigil.collect.errors import MixedEvidenceError
from hypervigil.collect.failures import Failure
from hypervigil.collect.naming import Place
from hypervigil.collect.readers.fields import value_of
from hypervigil.evidence.host import ComputerSystem, OperatingSystem
from hypervigil.formats.clixml import PSObject
from hypervigil.model.outcome import Cause

_COMPUTER = ComputerSystem.INFO.name
_SYSTEM = OperatingSystem.INFO.name
_NETBIOS = 15
"""A NetBIOS name is the first 15 characters of the host name."""

REMEDY = "Put the files of each host into a folder of its own."


class Host(msgspec.Struct, frozen=True):
    """A host and what its files answer. ``said`` tells whether a file says its name, or only the folder does."""

    name: str
    said: bool
    folders: tuple[str, ...]
    answers: Mapping[Place, tuple[Answer, ...]]


def same_host(one: str, other: str) -> bool:
    """Whether two names can be of one host: the first label counts, and that only as far as NetBIOS goes."""
    a, b = short_name(one), short_name(other)
    return a == b or (min(len(a), len(b)) == _NETBIOS and a[:_NETBIOS] == b[:_NETBIOS])


def short_name(name: str) -> str:
    """The first label in lower case."""
    return name.strip().partition(".")[0].casefold()


def host_of(source: Path, folder: str, answers: Sequence[Answer], otherwise: str) -> Host:
    """The host that a folder's answers come from. What says that it comes from another one becomes a failure.

    Win32_ComputerSystem says it best, then Win32_OperatingSystem, then what the other objects say of themselves. Where
    none of them says anything, the host is called ``otherwise``.

    Raises:
        MixedEvidenceError: two files that say which host this is disagree.
    """
    for spoken in (_computer_names(answers), _system_names(answers), _claims(answers)):
        if spoken:
            name = _agreed(source, spoken)
            return Host(name, True, (folder,), _by_place(_of_host(answers, name)))
    return Host(otherwise, False, (folder,), _by_place(answers))


def merged(source: Path, hosts: Iterable[Host]) -> list[Host]:
    """The hosts, those that are the same one put together.

    Raises:
        MixedEvidenceError: two hosts of one name are in different domains.
    """
    found: list[Host] = []
    for host in hosts:
        twin = next((number for number, other in enumerate(found) if same_host(host.name, other.name)), None)
        if twin is None:
            found.append(host)
        else:
            found[twin] = _joined(source, found[twin], host)
    return found


def _joined(source: Path, one: Host, other: Host) -> Host:
    domains = {domain: answer for host in (one, other) for domain, answer in _domains(host)}
    if len(domains) > 1:
        files = " and ".join(sorted(answer.file for answer in domains.values()))
        raise MixedEvidenceError(
            source,
            f"two hosts are called {one.name}, in the domains {' and '.join(sorted(domains))}",
            place=files,
            remedy="Collect them one by one.",
        )
    answers = {
        place: (*one.answers.get(place, ()), *other.answers.get(place, ()))
        for place in sorted({*one.answers, *other.answers}, key=lambda place: (place.fact, place.read))
    }
    name = one.name if one.said or not other.said else other.name
    return Host(name, one.said or other.said, (*one.folders, *other.folders), answers)


def _domains(host: Host) -> list[tuple[str, Answer]]:
    return [
        (domain.casefold(), answer)
        for answer in host.answers.get(Place(_COMPUTER, 0), ())
        for value in answer.objects
        if isinstance(value, PSObject) and isinstance(domain := value_of(value, "Domain"), str)
    ]


def _by_place(answers: Sequence[Answer]) -> dict[Place, tuple[Answer, ...]]:
    found: dict[Place, tuple[Answer, ...]] = {}
    for answer in answers:
        found[answer.place] = (*found.get(answer.place, ()), answer)
    return found


Spoken = list[tuple[str, Answer]]


def _computer_names(answers: Sequence[Answer]) -> Spoken:
    return _property(answers, _COMPUTER, "Name") or _property(answers, _COMPUTER, "DNSHostName")


def _system_names(answers: Sequence[Answer]) -> Spoken:
    return _property(answers, _SYSTEM, "CSName")


def _property(answers: Sequence[Answer], fact: str, name: str) -> Spoken:
    return [
        (written.strip(), answer)
        for answer in answers
        if answer.place == Place(fact, 0)
        for value in answer.objects
        if isinstance(value, PSObject) and isinstance(written := value_of(value, name), str) and is_host_name(written)
    ]


def _claims(answers: Sequence[Answer]) -> Spoken:
    return [(name, answer) for answer in answers for name in sorted(hosts_named(answer))]


def _agreed(source: Path, spoken: Spoken) -> str:
    name, first = spoken[0]
    for other, answer in spoken[1:]:
        if not same_host(name, other):
            raise MixedEvidenceError(
                source,
                f"{first.file} is of {name}, {answer.file} is of {other}",
                expected="the files of one host in one folder",
                remedy=REMEDY,
            )
    return name


def _of_host(answers: Sequence[Answer], name: str) -> list[Answer]:
    found = []
    for answer in answers:
        strangers = sorted(other for other in hosts_named(answer) if not same_host(other, name))
        if strangers:
            detail = f"{answer.file} says that it comes from {strangers[0]}, the files beside it come from {name}"
            found.append(Answer(answer.place, answer.document, (), Failure(Cause.CONFLICTING, detail)))
        else:
            found.append(answer)
    return found
