"""Progress of long work: on a terminal, and nowhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from hypervigil.cli.interrupt import heeding

T = TypeVar("T")
FEW = 3
"""Up to so many items nobody has time to look at a bar."""


@contextlib.contextmanager
def progress(title: str, items: Sequence[T]) -> Iterator[Iterable[T]]:
    """The items, with a bar on standard error while they are worked on, if that is a terminal."""
    if len(items) <= FEW or not sys.stderr.isatty():
        yield heeding(items)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar.track(heeding(items), total=len(items), description=title)


@contextlib.contextmanager
def counting(title: str) -> Iterator[Callable[[str, int, int], None] | None]:
    """Something to call with a name, its number from 1 and how many there are; None where nobody looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda _, number, total: bar.update(task, completed=number, total=total)
