"""Exit statuses, and the one that the running command has come to."""

from __future__ import annotations

import enum


class ExitStatus(enum.IntEnum):
    """What a pipeline can rely on.

    STOPPED is what shells give a program that SIGINT (2) has ended: 128 and the signal's number.
    """

    NOTHING = 0
    FINDINGS = 1
    WRONG_INPUT = 2
    TOO_THIN = 3
    OUR_ERROR = 70
    STOPPED = 130


class Status:
    """The status that a command has decided on. Kept apart from output: a pipe closed early does not change it."""

    def __init__(self) -> None:
        self.value: int = ExitStatus.NOTHING


status = Status()
