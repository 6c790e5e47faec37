"""The error that every format reader of this package raises, and nothing else.

A reader takes bytes that someone else made. Whatever is wrong with them, the caller gets a `FormatError`: what is
wrong, where in the input, and what was expected there. Low-level errors (`ValueError`, `struct.error`,
`UnicodeDecodeError` ...) stay inside the reader.
"""

from hypervigil.model.errors import InputError


class FormatError(InputError):
    """Bytes are not what the format allows.

    `message`   what is wrong, in words.
    `place`     where: "line 3, column 7", "byte 18", or a path of names; empty where the whole input is meant.
    `expected`  what would have been right there; empty where the message says it already.
    """

    def __init__(self, message: str, *, place: str = "", expected: str = "") -> None:
        super().__init__(message, place, expected)
        self.message = message
        self.place = place
        self.expected = expected

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        return f"{place}{self.message}{expected}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.place, self.expected)


def _rebuild(kind: type[FormatError], message: str, place: str, expected: str) -> FormatError:
    """Pickling calls this: keyword-only arguments do not survive `Exception.__reduce__`."""
    return kind(message, place=place, expected=expected)
