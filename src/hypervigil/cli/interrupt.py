"""Ctrl-C that is not lost: the exception that it raises can meet C code that drops it, and nobody hears of it then.

So the handler also notes that it was asked for, and what takes long or writes looks at the note.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class _Note:
    def __init__(self) -> None:
        self.asked = False


_note = _Note()


def watch() -> None:
    """Note Ctrl-C from now on, beside the KeyboardInterrupt that it raises; left alone where it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _answer)


def _answer(number: int, frame: FrameType | None) -> None:
    _note.asked = True
    signal.default_int_handler(number, frame)


def heed() -> None:
    """Stop here if somebody asked for it.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, and what it raised then was lost.
    """
    if _note.asked:
        raise KeyboardInterrupt


def heeding(items: Iterable[T]) -> Iterator[T]:
    """The items; between them it is looked whether to stop."""
    for item in items:
        heed()
        yield item
