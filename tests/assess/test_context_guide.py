"""The guide to the context: its examples can be read and come out as it says, and it leaves out no key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hypervigil.assess.context_conflicts import compare_context
from hypervigil.assess.context_file import KEYS, parse_context
from hypervigil.model.context import GatewayAuthentication, HostKind, Purpose, ShieldedBackup, Tenancy, TierZeroRole
from tests.assess.contradicted import interfaces, routes
from tests.assess.planted import evidence

GUIDE = (Path(__file__).parents[2] / "docs" / "context.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_can_be_read(text: str) -> None:
    assert parse_context(text.encode(), "context.toml").networks


def test_the_example_comes_out_as_it_says() -> None:
    bundle = evidence(
        {
            "HV01": (interfaces("10.20.30.5/24", "10.1.0.5/24"), routes("0.0.0.0/0", "10.1.0.1")),
            "HV02": (interfaces("10.20.30.6/24", "10.1.0.6/24"), routes("0.0.0.0/0", "10.20.30.1")),
        }
    )
    (conflict,) = compare_context(parse_context(EXAMPLES[-1].encode(), "context.toml"), bundle, bundle.nodes).conflicts
    assert f"{conflict.severity.value}: {conflict.reason.text}\n    ({conflict.place})" in GUIDE


def test_the_guide_names_every_key_and_every_word() -> None:
    words = {
        word
        for kind in (Purpose, Tenancy, HostKind, GatewayAuthentication, TierZeroRole, ShieldedBackup)
        for word in kind
    }
    for word in (*KEYS, *words):
        assert re.search(rf"`\[*{word}\]*`", GUIDE), word
