"""A fact that is not there, as a control and a finding see it."""

from __future__ import annotations

import msgspec

from hypervigil.model.outcome import Cause


class Missing(msgspec.Struct, frozen=True, gc=False):
    """Why a fact is not there: its name, the cause, and what the source said."""

    fact: str
    cause: Cause
    detail: str = ""
