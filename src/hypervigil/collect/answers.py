"""What documents answer: the objects (or the failure) that each of them holds for each read of each fact."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterator, Sequence

import msgspec

from hypervigil.collect.documents import Document
from hypervigil.collect.failures import Failure, activity_of, failure_of, is_error_record
from hypervigil.collect.naming import FROM_FILES, Place
from hypervigil.collect.readers.fields import UnreadableError, value_of
from hypervigil.collect.readers.platform import is_protected_process_event
from hypervigil.collect.readers.registry_values import is_registry_row, place, place_of
from hypervigil.evidence.evidence import Skipped
from hypervigil.evidence.register import BY_NAME
from hypervigil.formats.clixml import PSObject
from hypervigil.model.outcome import Cause

_CLAIMS = ("PSComputerName", "__SERVER", "ComputerName")
"""Properties in which an object names the host that it comes from."""
_ALSO_READ = frozenset(
    name.casefold()
    for name in (*_CLAIMS, "Type", "CurrentTimeZone", "VMId", "InstanceID", "Profiles", "RuleGroup", "Path", "State")
)
"""Properties that no command is asked for, and that whole exports have: other names for the same, and circumstances."""
_EVENT = "System.Diagnostics.Eventing.Reader.EventLogRecord"


class Answer(msgspec.Struct, frozen=True):
    """What one document says to one read: objects, or why there are none."""

    place: Place
    document: Document
    objects: tuple[object, ...] = ()
    failure: Failure | None = None

    @property
    def file(self) -> str:
        """The path of the document in its source."""
        return self.document.member.path


@functools.cache
def _by_shape() -> dict[str, Place]:
    return {
        shape: Place(fact.INFO.name, number)
        for fact in FROM_FILES
        for number, read in enumerate(fact.INFO.reads)
        for shape in read.shapes
    }


@functools.cache
def _by_registry_value() -> dict[tuple[str, str], tuple[Place, ...]]:
    found: dict[tuple[str, str], tuple[Place, ...]] = {}
    for fact in FROM_FILES:
        for number, read in enumerate(fact.INFO.reads):
            for value in read.registry:
                where = place(value)
                found[where] = (*found.get(where, ()), Place(fact.INFO.name, number))
    return found


def shape_of(value: object) -> Place | None:
    """The read that an object answers by what it is: a CIM class, a .NET type, or one that Select-Object cut down."""
    if not isinstance(value, PSObject):
        return None
    known = _by_shape()
    if value.cim_class is not None:
        return known.get(value.cim_class)
    for name in value.type_names:
        bare = name.removeprefix("Deserialized.").removeprefix("Selected.").removeprefix("Deserialized.")
        if bare == _EVENT:
            # Any event of any log has this type.
            return known.get(bare) if is_protected_process_event(value) else None
        if bare in known:
            return known[bare]
    return None


def answers_of(document: Document) -> tuple[list[Answer], Skipped | None]:
    """What a document answers; and the document as one that was not read, as far as it answers nothing.

    What its objects are decides first, then its name.
    """
    if document.damage and document.named is not None:
        return [_failed(document, document.named, Failure(Cause.UNPARSABLE, document.damage))], None
    collected: dict[Place, list[object]] = {}
    failures: list[Answer] = []
    strangers = 0
    objects = list(_flat(document.objects))
    document = msgspec.structs.replace(document, objects=())  # an answer keeps what it is made from, not the whole
    for value in objects:
        if isinstance(value, PSObject) and is_error_record(value):
            where = document.named or _by_activity(value)
            if where is None:
                strangers += 1
            else:
                failures.append(_failed(document, where, failure_of(value)))
            continue
        places = _places(document, value)
        for each in places:
            collected.setdefault(each, []).append(_trimmed(value, each))
        strangers += not places
    if not objects and document.named is not None:
        collected[document.named] = []
    found = [Answer(each, document, tuple(values)) for each, values in collected.items()]
    answers = [_checked(answer) for answer in found] + [f for f in failures if f.place not in collected]
    if not strangers:
        return answers, None
    what = "nothing that a fact is read from" if not answers else f"{strangers} objects of another kind as well"
    return answers, Skipped(document.member.path, document.member.size, f"it is CLIXML and holds {what}")


def _flat(objects: Sequence[object]) -> Iterator[object]:
    for value in objects:
        if isinstance(value, list):
            yield from value
        elif isinstance(value, PSObject) and isinstance(value.value, list):
            yield from value.value
        elif value is not None:
            yield value


def _places(document: Document, value: object) -> tuple[Place, ...]:
    if is_registry_row(value) and isinstance(value, PSObject):
        try:
            return _by_registry_value().get(place_of(value), ())
        except UnreadableError:
            return () if document.named is None else (document.named,)
    where = shape_of(value)
    if where is None and document.named is not None:
        where = document.named
    return () if where is None else (where,)


def _checked(answer: Answer) -> Answer:
    """A file that is called like one thing and holds another is no evidence of the former."""
    read = BY_NAME[answer.place.fact].INFO.reads[answer.place.read]
    for value in answer.objects:
        kind = value.cim_class if isinstance(value, PSObject) else None
        if kind is not None and read.shapes and kind not in read.shapes:
            problem = f"its name promises {read.command}, it holds {kind}"
            return _failed(answer.document, answer.place, Failure(Cause.UNPARSABLE, problem))
    return answer


def _failed(document: Document, where: Place, failure: Failure) -> Answer:
    return Answer(where, document, (), failure)


def _trimmed(value: object, where: Place) -> object:
    """Without the properties that nobody reads: whole exports of a large cluster would not fit into memory."""
    read = BY_NAME[where.fact].INFO.reads[where.read]
    if not isinstance(value, PSObject) or not read.properties:
        return value
    kept = {name.casefold() for name in read.properties} | _ALSO_READ
    return PSObject(
        value.type_names,
        value.to_string,
        value.value,
        {name: each for name, each in value.adapted.items() if name.casefold() in kept},
        {name: each for name, each in value.extended.items() if name.casefold() in kept},
    )


def _by_activity(record: PSObject) -> Place | None:
    """The read of the cmdlet that failed, where only one read uses it."""
    cmdlet = activity_of(record).casefold()
    places = [
        Place(fact.INFO.name, number)
        for fact in FROM_FILES
        for number, read in enumerate(fact.INFO.reads)
        if cmdlet and read.command.split(maxsplit=1)[:1] and read.command.split(maxsplit=1)[0].casefold() == cmdlet
    ]
    return places[0] if len(places) == 1 else None


def hosts_named(answer: Answer) -> set[str]:
    """The hosts that the objects say they come from, as they write them; addresses and ``localhost`` say nothing.

    The machine that an event names is not among them: it is what the host was called when the event was written.
    """
    own = ("CSName",) if answer.place.fact == "operating_system" else ()
    names: set[str] = set()
    for value in answer.objects:
        if isinstance(value, PSObject):
            for name in (*_CLAIMS, *own):
                written = value_of(value, name)
                if isinstance(written, str) and is_host_name(written):
                    names.add(written.strip())
    return names


def is_host_name(written: str) -> bool:
    """Whether a text names a host, rather than this one or an address."""
    name = written.strip().casefold()
    if not name or name in (".", "localhost"):
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False
