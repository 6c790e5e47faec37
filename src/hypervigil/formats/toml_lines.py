"""In which line of a TOML text each key and each entry of a list stands.

The text is known to be TOML (``tomllib`` has accepted it), so nothing is checked here: the walk goes from token to
token and needs to know only where a string ends.
"""

from __future__ import annotations

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]
"""Keys, and indexes of list entries from 0: ``("waivers", 1, "expires")``."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\[\s\S])*?"{3,5}'
    r"|'''[\s\S]*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\r\n]+")


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of every key, table and list entry. A table that has several headers stands at its first.

    ``text`` must be TOML; of one that is not, the lines are of no use.
    """
    walk = _Walk(text)
    walk.document()
    return walk.lines


class _Walk:
    """The place in the text, and what has been found so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}
        self._counted_to = 0
        self._line = 1

    def document(self) -> None:
        table: Path = ()
        self._blank()
        while self.at < len(self.text):
            if self._next("[["):
                table = self._entry(self._key_path())
                self._next("]]")
            elif self._next("["):
                table = self._open(self._key_path())
                self._note(table)
                self._next("]")
            else:
                self._pair(table)
            self._blank()

    def _pair(self, table: Path) -> None:
        path = self._open(self._key_path(), table)
        self._note(path, table)
        self._next("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._list(path)
        elif self._next("{"):
            while not self._next("}") and self.at < len(self.text):
                self._pair(path)
                self._next(",")
        else:
            found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self.at = found.end() if found else len(self.text)

    def _list(self, path: Path) -> None:
        index = 0
        self._blank()
        while not self._next("]") and self.at < len(self.text):
            self._note((*path, index))
            self._value((*path, index))
            self._next(",")
            self._blank()
            index += 1

    def _key_path(self) -> Path:
        """One key, or several joined by dots."""
        parts: list[str] = []
        while True:
            self._blank()
            found = _STRING.match(self.text, self.at)
            if found:
                parts.append(_unquoted(found[0]))
            else:
                found = _BARE_KEY.match(self.text, self.at)
                parts.append(found[0] if found else "")
            self.at = found.end() if found else len(self.text)
            if not self._next("."):
                return tuple(parts)

    def _open(self, keys: Path, table: Path = ()) -> Path:
        """The path that ``keys`` below ``table`` lead to; an array of tables stands for its last entry so far."""
        path = table
        for key in keys[:-1]:
            path = (*path, key)
            if path in self._entries:
                path = (*path, self._entries[path])
        return (*path, *keys[-1:])

    def _entry(self, keys: Path) -> Path:
        path = self._open(keys)
        self._note(path)
        self._entries[path] = self._entries.get(path, -1) + 1
        entry = (*path, self._entries[path])
        self._note(entry)
        return entry

    def _note(self, path: Path, below: Path = ()) -> None:
        """The path stands here, and so do the tables on its way that nothing has named before."""
        line = self._line_here()
        for length in range(len(below) + 1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _next(self, token: str) -> bool:
        """Whether the token comes next; goes behind it, over blanks and comments before it."""
        self._blank()
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False


def _unquoted(string: str) -> str:
    return str(tomllib.loads(f"k = {string}")["k"])
