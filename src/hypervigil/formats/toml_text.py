"""TOML that people write: bytes to a table whose readers name file, line and key of whatever is wrong.

``tomllib`` decides what TOML is. It keeps no positions, so ``toml_lines`` finds them afterwards in a text that is
known to be TOML. UTF-8 is read with and without byte order mark, UTF-16 with one: Windows editors write all three.
"""

from __future__ import annotations

import datetime
import difflib
import enum
import re
import tomllib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeVar

from hypervigil.formats.errors import FormatError
from hypervigil.formats.toml_lines import Path, lines_of

_CLOSE: Final = 0.7
"""From which likeness on (0 to 1) a word is proposed for another."""

C = TypeVar("C", bound=enum.StrEnum)

MAXIMUM_SIZE: Final = 4 * 1024 * 1024
"""Bytes. A waiver is some 300 bytes, so this holds more than ten thousand of them."""


class TomlInputError(FormatError):
    """A TOML file that a person wrote is not what is asked for.

    ``file`` as it was given; ``line`` from 1, 0 where the whole file is meant; ``key`` as it is written in TOML, with
    the number of the entry in brackets (``waivers[2].expires``, from 1); ``todo`` says what to do about it.
    """

    def __init__(
        self, message: str, *, file: str, line: int = 0, key: str = "", expected: str = "", todo: str = ""
    ) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(message, place=f"{place}: {key}" if key else place, expected=expected)
        self.file = file
        self.line = line
        self.key = key
        self.todo = todo

    def __str__(self) -> str:
        return f"{super().__str__()}. {self.todo}" if self.todo else f"{super().__str__()}."

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.message, self.file, self.line, self.key, self.expected, self.todo)


def _again(message: str, file: str, line: int, key: str, expected: str, todo: str) -> TomlInputError:
    return TomlInputError(message, file=file, line=line, key=key, expected=expected, todo=todo)


class TomlTable:
    """A table of a document, read key by key. Every reader raises ``TomlInputError``.

    ``required`` keys that are absent are errors at the line of the table; readers named ``optional_...`` give None, or
    an empty tuple or mapping, for them.
    """

    def __init__(self, values: Mapping[str, object], file: str, path: Path, lines: Mapping[Path, int]) -> None:
        self._values = values
        self._lines = lines
        self.file = file
        self.path = path

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are there, in the order of the file."""
        return tuple(self._values)

    @property
    def line(self) -> int:
        """Where the table begins, from 1; of the whole document, 0."""
        return self.line_of()

    def line_of(self, *path: str | int) -> int:
        """The line of a key of this table, or of an entry of its list; the nearest one above where it is not there."""
        sought = (*self.path, *path)
        while sought and sought not in self._lines:
            sought = sought[:-1]
        return self._lines[sought] if sought else 0

    def wrong(self, message: str, *path: str | int, expected: str = "", todo: str = "") -> TomlInputError:
        """The error about a key of this table (about the table itself without one), for the caller to raise."""
        return TomlInputError(
            message,
            file=self.file,
            line=self.line_of(*path),
            key=_written((*self.path, *path)),
            expected=expected,
            todo=todo,
        )

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Nothing but the keys of ``known`` may be there: a misspelt key would otherwise do nothing, silently."""
        for key in self._values:
            if key not in known:
                raise self.wrong("this key is not known", key, expected=_one_of(known), todo=did_you_mean(key, known))

    def value(self, key: str) -> object:
        """Whatever stands at a key that is there."""
        return self._values[key]

    def text(self, key: str) -> str:
        """A text that says something; required."""
        found = self.optional_text(key)
        if found is None:
            raise self._absent(key, "a text in quotes")
        return found

    def optional_text(self, key: str) -> str | None:
        """A text that says something, without blanks around it."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong_type(value, key, expected="a text in quotes")
        if not value.strip():
            raise self.wrong("the text is empty", key, todo="Fill it in.")
        return value.strip()

    def texts(self, key: str, example: str = "SMB-*") -> tuple[str, ...]:
        """A list of texts; empty where the key is absent. Each must say something. ``example`` is for errors."""
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong_type(value, key, expected=f'a list of texts, such as ["{example}"]')
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise self._wrong_type(item, key, index, expected="a text in quotes")
            if not item.strip():
                raise self.wrong("the text is empty", key, index, todo="Fill it in, or take it out.")
        return tuple(item.strip() for item in value)

    def date(self, key: str) -> datetime.date:
        """A date without a time; required."""
        expected = "a date without quotes, such as 2027-03-31"
        value = self._values.get(key)
        if value is None:
            raise self._absent(key, expected)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self._wrong_type(value, key, expected=expected)
        return value

    def choice(self, key: str, among: type[C], *, without: Collection[C] = ()) -> C:
        """A text of a closed set, those of ``without`` excepted; required."""
        allowed = [member.value for member in among if member not in without]
        value = self.text(key)
        if value not in allowed:
            todo = did_you_mean(value, allowed)
            raise self.wrong(f'"{value}" is not possible', key, expected=_one_of(allowed), todo=todo)
        return among(value)

    def optional_choice(self, key: str, among: type[C]) -> C | None:
        """A text of a closed set."""
        return self.choice(key, among) if key in self._values else None

    def choices(self, key: str, among: type[C]) -> tuple[C, ...]:
        """A list of texts of a closed set; empty where the key is absent."""
        allowed = [member.value for member in among]
        for index, value in enumerate(self.texts(key)):
            if value not in allowed:
                todo = did_you_mean(value, allowed)
                raise self.wrong(f'"{value}" is not possible', key, index, expected=_one_of(allowed), todo=todo)
        return tuple(among(value) for value in self.texts(key))

    def optional_flag(self, key: str) -> bool | None:
        """``true`` or ``false``."""
        value = self._values.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong_type(value, key, expected="true or false, without quotes")

    def optional_number(self, key: str, least: int, most: int) -> int | None:
        """A whole number from ``least`` to ``most``."""
        value = self._values.get(key)
        return None if value is None else self._number(value, least, most, key)

    def numbers(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers from ``least`` to ``most``; empty where the key is absent."""
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong_type(value, key, expected="a list of numbers, such as [10, 20]")
        return tuple(self._number(item, least, most, key, index) for index, item in enumerate(value))

    def _number(self, value: object, least: int, most: int, *path: str | int) -> int:
        expected = f"a whole number from {least} to {most}"
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong_type(value, *path, expected=expected)
        if not least <= value <= most:
            raise self.wrong(f"{value} is out of range", *path, expected=expected)
        return value

    def optional_date(self, key: str) -> datetime.date | None:
        """A date without a time."""
        return self.date(key) if key in self._values else None

    def optional_table(self, key: str) -> TomlTable | None:
        """The table below a key, ``[key]``."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong_type(value, key, expected=f"a table that begins with [{key}]")
        return self._below(value, key)

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """The entries of an array of tables, ``[[key]]``; empty where the key is absent."""
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong_type(value, key, expected=f"entries that begin with [[{key}]]")
        found = []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self._wrong_type(item, key, index, expected=f"entries that begin with [[{key}]]")
            found.append(self._below(item, key, index))
        return tuple(found)

    def named_tables(self, key: str) -> dict[str, TomlTable]:
        """The tables below a key by their names, ``[key.name]``; empty where the key is absent."""
        value = self._values.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong_type(value, key, expected=f"tables that begin with [{key}.NAME]")
        for name, item in value.items():
            if not isinstance(item, dict):
                raise self._wrong_type(item, key, name, expected=f"a table that begins with [{key}.{_key(name)}]")
        return {name: self._below(item, key, name) for name, item in value.items()}

    def _below(self, values: Mapping[str, object], *path: str | int) -> TomlTable:
        return TomlTable(values, self.file, (*self.path, *path), self._lines)

    def _absent(self, key: str, expected: str) -> TomlInputError:
        return self.wrong("this key is missing", key, expected=expected, todo="Add it.")

    def _wrong_type(self, value: object, *path: str | int, expected: str) -> TomlInputError:
        return self.wrong(f"this is {_kind(value)}", *path, expected=expected)


def parse_toml(data: bytes, file: str) -> TomlTable:
    """The document as a table.

    ``file`` is what errors call it.

    Raises:
        TomlInputError: the bytes are no text, or the text is no TOML.
    """
    text = _decoded(data, file)
    try:
        values = tomllib.loads(text)
        lines = lines_of(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), text, file) from None
    except RecursionError:
        raise TomlInputError("lists or tables are nested too deeply", file=file, todo="Flatten them.") from None
    except ValueError:
        # The only other one: Python refuses to read integers of more than 4300 digits.
        raise TomlInputError("a number has too many digits", file=file, expected="a number of 64 bits") from None
    return TomlTable(values, file, (), lines)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the closest of the known words (of equally close ones, the first); empty if none is."""

    def likeness(each: str) -> float:
        return difflib.SequenceMatcher(None, each.casefold(), word.casefold()).ratio()

    closest = max(known, key=likeness, default="")
    return f"Did you mean {closest}?" if likeness(closest) >= _CLOSE else ""


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MAXIMUM_SIZE:
        raise TomlInputError(f"the file has {len(data)} bytes", file=file, expected=f"at most {MAXIMUM_SIZE}")
    start, encoding = 0, "utf-8"
    if data.startswith(BOM_UTF8):
        start = len(BOM_UTF8)
    elif data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        start, encoding = 2, "utf-16-le" if data.startswith(BOM_UTF16_LE) else "utf-16-be"
    elif b"\0" in data[:64]:
        raise TomlInputError(
            "the file is binary, or UTF-16 without a byte order mark",
            file=file,
            expected="UTF-8 text",
            todo="Save it as UTF-8.",
        )
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[start : start + error.start].decode(encoding, "replace")
        what = f"byte 0x{data[start + error.start]:02X} is not {encoding.upper()} text"
        raise TomlInputError(
            what, file=file, line=before.count("\n") + 1, expected="UTF-8 text", todo="Save it as UTF-8."
        ) from None


_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_HINTS: Final = (
    ("Unescaped '\\'", r"Put a text with backslashes into single quotes: 'C:\folder'."),
    ("Invalid value", 'A text needs quotes ("..."), true and false are in lower case.'),
    ("Cannot overwrite", "The key is there twice: take one out."),
    ("Cannot declare", "The table is there twice: join the two; entries of a list begin with [[two brackets]]."),
    ("Expected '='", "Write key = value."),
    ("Unterminated string", 'Close the text with ".'),
    ("Unclosed array", "Close the list with ]."),
    ("Expected newline", "Put each key on a line of its own; a date is written as 2027-03-31."),
    ("Invalid date", "Dates are written as 2027-03-31: year, month, day."),
)


def _not_toml(reason: str, text: str, file: str) -> TomlInputError:
    position = _POSITION.search(reason)
    what = reason[: position.start()] if position else reason
    line = text.rstrip().count("\n") + 1
    column = ""
    if position and position[1]:
        line, column = int(position[1]), f" (column {position[2]})"
    todo = next((hint for start, hint in _HINTS if what.startswith(start)), "")
    return TomlInputError(f"not TOML{column}: {what}", file=file, line=line, todo=todo)


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a table"),
    (datetime.datetime, "a date with a time"),
    (datetime.date, "a date"),
    (datetime.time, "a time"),
)


def _kind(value: object) -> str:
    return next(name for kind, name in _KINDS if isinstance(value, kind))


_BARE: Final = re.compile(r"[A-Za-z0-9_-]+").fullmatch


def _key(key: str) -> str:
    return key if _BARE(key) else f'"{key}"'


def _written(path: Path) -> str:
    """A path as people write it: names joined by dots, entries of lists from 1 in brackets."""
    written = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_key(part)}" for part in path)
    return written.removeprefix(".")


def _one_of(words: Collection[str]) -> str:
    return ", ".join(words) if len(words) == 1 else "one of " + ", ".join(words)
