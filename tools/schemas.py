"""JSON schemas: of the data of each fact, and of the JSON report."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact
from hypervigil.report import json_model
from tools.fields import types_below
from tools.markdown import MADE_BY

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def fact_schema(fact: type[Fact]) -> str:
    """The schema of what stands as ``data`` in a document of this fact; of one item where a document holds a list."""
    made = msgspec.json.schema(fact)
    codes = {each.__name__: each for each in types_below(fact) if issubclass(each, Code)}
    for name, definition in made["$defs"].items():
        if name in codes:
            _name_codes(definition, codes[name])
    return _written({"title": f"{fact.INFO.name}, version {fact.INFO.version}", **made})


def report_schema() -> str:
    """The schema of ``hypervigil assess --format json``."""
    return _written(json_model.schema())


def _name_codes(definition: Schema, codes: type[Code]) -> None:
    """A code is any whole number, as the reader takes it; those that are known have names."""
    del definition["enum"]
    known = [{"const": int(member), "title": member.name} for member in codes]
    definition["anyOf"] = [*known, {"type": "integer", "title": "a code that has no name yet"}]


def _written(schema: Schema) -> str:
    whole = {"$schema": _DRAFT, "$comment": MADE_BY} | {key: schema[key] for key in schema if key != "$schema"}
    return json.dumps(_plain(whole), indent=2, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    """Descriptions are docstrings: without the indent of the code and its double backticks."""
    if isinstance(value, dict):
        return {
            key: inspect.cleandoc(each).replace("``", "`")
            if key == "description" and isinstance(each, str)
            else _plain(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
