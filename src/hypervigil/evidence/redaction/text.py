"""Free text: known names, addresses and identifiers in it are replaced, the rest is kept if it is plain enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hypervigil.evidence.redaction import windows_names as windows
from hypervigil.evidence.redaction.addresses import Addresses
from hypervigil.evidence.redaction.composed import Composed
from hypervigil.evidence.redaction.identifiers import GUID, SID, Identifiers
from hypervigil.evidence.redaction.names import Names
from hypervigil.evidence.redaction.plain_words import known_commands, plain_words

REDACTED = "[redacted text]"

_V4 = r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\w)"
_V6 = (
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?:%\w+)?(?:/\d{1,3})?(?![\w:])"
)
_FORMS = re.compile(
    "|".join(
        (
            rf"(?P<sid>{SID.pattern})",
            rf"(?P<guid>{GUID.pattern})",
            r"(?P<url>[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+)",
            r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
            r"(?P<unc>\\\\[\w.-]+\\[^\s\"'<>|,;]*)",
            r"(?P<profile>[A-Za-z]:\\Users\\[^\\\s\"'<>|]+)",
            r"(?P<mac>(?<![\w:-])[0-9A-Fa-f]{2}(?P<colon>[:-])[0-9A-Fa-f]{2}(?:(?P=colon)[0-9A-Fa-f]{2}){4}(?![\w:-]))",
            rf"(?P<v4>{_V4})",
            rf"(?P<v6>{_V6})",
            r"(?P<iqn>iqn\.\d{4}-\d{2}\.[\w.:-]*\w)",
            r"(?P<down>[\w-]+\\[\w.$-]+)",
            r"(?P<full>(?:[\w-]+\.)+[\w-]+)",
            r"(?P<digest>(?<![0-9A-Za-z])(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})(?![0-9A-Za-z]))",
        )
    ),
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+")
_HARMLESS = re.compile(r"\d{1,10}|0x[0-9a-f]{1,8}", re.IGNORECASE)
_LONG = 6
_SHORT_WITH_DIGIT = 4
_INDEXED = 4
"""A name of so many characters, or of fewer with digits and letters in it, is found inside longer words too
(``BackupHV01``); any other one only where a word begins and ends. An index finds it by its first characters."""


_LAST_LABELS = frozenset(
    (
        "com", "net", "org", "local", "lan", "int", "internal", "intern", "corp", "ad", "home", "test", "gov", "edu",
        "mil", "info", "biz", "eu", "de", "at", "ch", "fr", "nl", "uk", "us", "ca", "au", "se", "no", "fi", "dk", "pl",
        "cz", "it", "es", "pt", "jp", "cn", "in", "br",
    )
)  # fmt: skip
"""Last labels of domains that tell nothing by themselves and are words elsewhere."""
_QUERY_PARTS = re.compile(r"""(</?[\w:]+|"[^"]*"|'[^']*')""")
"""Tags as far as their names, and what is in quotes."""


class Scrubber:
    """Replaces in texts what the bundle's fields hold elsewhere."""

    def __init__(self, names: Names, identifiers: Identifiers, addresses: Addresses, composed: Composed) -> None:
        self._names = names
        self._identifiers = identifiers
        self._addresses = addresses
        self._composed = composed
        self._inside: dict[str, list[tuple[str, str]]] = {}
        self._whole: dict[str, list[tuple[str, str]]] = {}
        self._labels: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._ready = False

    def index(self) -> None:
        """Take up all names that are known now; those that are words of every message only as whole words."""
        self._ready = True
        plain = plain_words()
        for kind, name, made in self._names:
            folded = _fold(name)
            if kind == "dom" and folded in _LAST_LABELS:
                continue
            distinct = len(name) >= _LONG and name.casefold() not in plain
            mixed = len(name) >= _SHORT_WITH_DIGIT and any(map(str.isdigit, name)) and any(map(str.isalpha, name))
            if kind == "name" and not distinct and not mixed:
                continue  # a folder, a part of a certificate's subject: a word such as "disk" is no secret
            if distinct or mixed:
                self._inside.setdefault(folded[:_INDEXED], []).append((folded, made))
            else:
                self._whole.setdefault(_unit(folded, 0), []).append((folded, made))
        for known in (*self._inside.values(), *self._whole.values()):
            known.sort(key=lambda pair: -len(pair[0]))

    def label(self, text: str) -> str:
        """A text that is kept but for what is known elsewhere; before ``index``, as it is."""
        if not self._ready:
            return text
        made = self._labels.get(text)
        if made is None:
            folded = text.casefold()
            kept = folded in windows.SERVICES or folded == windows.ANY or windows.KEPT_LABEL.fullmatch(text)
            made = text if kept else "".join(piece for piece, _ in self._pieces(text))
            self._labels[text] = made
        return made

    def query(self, text: str) -> str:
        """A query in XML: tags stay, and what is in quotes is a label of its own, such as a channel."""
        return "".join(map(self._query_part, _QUERY_PARTS.split(text)))

    def _query_part(self, part: str) -> str:
        if part.startswith("<"):
            return part
        if part[:1] in ("'", '"') and part[-1] == part[0] and len(part) > 1:
            return f"{part[0]}{self.label(part[1:-1])}{part[0]}"
        return self.label(part)

    def text(self, text: str) -> str:
        """Prose: likewise, and dropped as a whole where a word is left that is no ordinary one."""
        if not self._ready:
            return text
        made = self._texts.get(text)
        if made is None:
            made = text if text in known_commands() else self._prose(text)
            self._texts[text] = made
        return made

    def found(self, text: str) -> tuple[str, ...]:
        """The known names in a text."""
        folded = _fold(text)
        return tuple(text[start:end] for start, end, _ in self._names_in(folded, 0, len(text)))

    def _prose(self, text: str) -> str:
        pieces = list(self._pieces(text))
        plain = plain_words()
        for piece, replaced in pieces:
            for word in () if replaced else _TOKEN.findall(piece):
                if word.casefold() not in plain and not _HARMLESS.fullmatch(word):
                    return REDACTED
        return "".join(piece for piece, _ in pieces)

    def _pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text with everything known replaced, piece by piece, each with whether it is a pseudonym."""
        end = 0
        for match in _FORMS.finditer(text):
            made = self._form(match)
            if made is not None:
                yield from self._named(text, end, match.start())
                yield made, True
                end = match.end()
        yield from self._named(text, end, len(text))

    def _form(self, match: re.Match[str]) -> str | None:
        """What replaces a text of a certain form; None where it only looks like one."""
        replace: dict[str | None, Callable[[str], str | None]] = {
            "sid": self._identifiers.sid,
            "guid": self._identifiers.guid,
            "url": self._composed.url,
            "mail": self._composed.account,
            "unc": self._composed.path,
            "profile": self._composed.path,
            "mac": self._identifiers.mac,
            "iqn": self._identifiers.storage_name,
            "digest": self._identifiers.digest,
            "down": self._account,
            "full": self._host,
        }
        return replace.get(match.lastgroup, self._addresses.address)(match[0])

    def _account(self, text: str) -> str | None:
        """A user below a domain, where the domain is a known one: else it may be a part of a path."""
        domain = text.partition("\\")[0]
        known = domain.casefold() in windows.AUTHORITIES or self._names.known(domain)
        return self._composed.account(text) if known else None

    def _host(self, text: str) -> str | None:
        """A host that no field names, in a domain that one does."""
        parts = text.casefold().split(".")
        known = any(".".join(parts[at:]) in self._composed.domains for at in range(len(parts)))
        return self._composed.host(text) if known else None

    def _named(self, text: str, start: int, end: int) -> Iterator[tuple[str, bool]]:
        folded = _fold(text)
        for first, last, made in self._names_in(folded, start, end):
            yield text[start:first], False
            yield made, True
            start = last
        yield text[start:end], False

    def _names_in(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Where known names are, from left to right; of several at one place the longest."""
        at = start
        while at < end:
            best: tuple[str, str] | None = None
            for name in self._inside.get(folded[at : at + _INDEXED], ()):
                if folded.startswith(name[0], at) and at + len(name[0]) <= end:
                    best = name
                    break
            if at == 0 or _boundary(folded, at):
                for name in self._whole.get(_unit(folded, at), ()):
                    last = at + len(name[0])
                    if best is not None and len(name[0]) <= len(best[0]):
                        break
                    if folded.startswith(name[0], at) and last <= end and _boundary(folded, last):
                        best = name
                        break
            if best is None:
                at += 1
            else:
                yield at, at + len(best[0]), best[1]
                at += len(best[0])


def _fold(text: str) -> str:
    """Without case, character by character, so that places stay the same."""
    return "".join(lower if len(lower := char.lower()) == 1 else char for char in text) if not text.islower() else text


def _unit(folded: str, at: int) -> str:
    """The run of letters and digits at a place, or the one other character."""
    end = at
    while end < len(folded) and folded[end].isalnum():
        end += 1
    return folded[at : max(end, at + 1)]


def _boundary(folded: str, at: int) -> bool:
    """Whether a word ends or begins at a place."""
    return not 0 < at < len(folded) or not (folded[at - 1].isalnum() and folded[at].isalnum())
