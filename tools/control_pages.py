"""Pages of the controls: what a control's module says of itself, and what follows from its signature."""

from __future__ import annotations

import typing
from collections.abc import Sequence

import msgspec

from hypervigil.assess.compile import CompiledControl, Form, Need
from hypervigil.assess.profiles import SHIPPED, shipped_profile
from hypervigil.controls.registry import CATALOGUE
from hypervigil.model.context import CONTEXT
from hypervigil.model.control import Family
from hypervigil.model.reason import ReasonCode
from tools.fields import description
from tools.markdown import SUBJECTS, code, page, table

_FORMS = {
    Form.SUBJECT: "",
    Form.NODES: "of every node",
    Form.ITEMS: "of everything that is listed",
    Form.SOURCE: "of the source",
    Form.DESTINATION: "of the destination",
}


def control_page(compiled: CompiledControl) -> str:
    """The page of one control."""
    control = compiled.control
    return page(
        f"# {control.id}  {control.title}",
        table(
            ("", ""),
            [
                ("Family", control.family.title),
                ("Judges", f"each {SUBJECTS[control.scope]}"),
                ("Severity", control.severity.value),
                ("Confidence", control.confidence.value),
                ("Profiles", ", ".join(name for name in SHIPPED if shipped_profile(name).selects(control.id))),
                *([("Outcomes", control.only)] if control.only else []),
            ],
        ),
        compiled.page.markdown,
        "## Facts",
        _facts(compiled),
        _parameters(compiled),
        "## What it can say",
        table(("code", "outcome", "sentence"), map(_reason, control.reasons)),
        "UNKNOWN is also what a missing required fact gives, with the cause for which it is missing.",
    )


def _facts(compiled: CompiledControl) -> str:
    rows = [_need(need, "decides whether it applies") for need in compiled.conditions]
    rows += [_need(need, "may be missing" if need.optional else "required") for need in compiled.needs]
    if CONTEXT in compiled.asks:
        how = "may be missing" if compiled.context_optional else "required"
        rows.append((f"[{CONTEXT}](../context.md)", "what the operator declares", how))
    return table(("fact", "whose", "how"), rows)


def _need(need: Need, how: str) -> tuple[str, str, str]:
    name = need.fact.INFO.name
    whose = _FORMS[need.form] or f"of the {SUBJECTS[need.fact.INFO.subject]}"
    return f"[{name}](../facts/{name}.md)", whose, how


def _parameters(compiled: CompiledControl) -> str:
    kind = compiled.parameters
    if kind is None:
        return ""
    hints = typing.get_type_hints(kind, include_extras=True)
    rows = [
        (code(field.name), description(hints[field.name]), code(str(field.default)))
        for field in msgspec.structs.fields(kind)
    ]
    return "## Parameters\n\n" + table(("name", "meaning", "default"), rows)


def _reason(reason: ReasonCode) -> tuple[str, str, str]:
    leads = reason.leads
    outcome = leads.outcome.value if leads.outcome else "(remark)"
    confidence = f" ({leads.confidence.value})" if leads.confidence else ""
    return code(reason.name.lower()), outcome + confidence, leads.template


def control_index(controls: Sequence[CompiledControl]) -> str:
    """The list of all controls by family, and the ids of those that are not built yet."""
    built = {compiled.control.id for compiled in controls}
    parts = ["# Controls", f"{len(built)} of the {len(CATALOGUE)} controls of the catalogue are built."]
    for family in Family:
        own = [compiled.control for compiled in controls if compiled.control.family is family]
        later = [name for name in CATALOGUE if name.startswith(f"{family.prefix}-") and name not in built]
        rows = [(f"[{each.id}]({each.id}.md)", each.title, SUBJECTS[each.scope], each.severity.value) for each in own]
        parts += [
            f"## {family.title}",
            table(("id", "condition that should hold", "judges each", "severity"), rows),
            f"Not built yet: {', '.join(later)}." if later else "",
        ]
    return page(*parts)
