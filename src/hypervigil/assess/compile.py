"""From a control's module to what the engine runs: which facts its functions ask for, and in which form."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Callable
from types import ModuleType

import msgspec

from hypervigil.evidence.fact import Fact
from hypervigil.model.context import CONTEXT, Context
from hypervigil.model.control import Control, Page, page_of
from hypervigil.model.grading import Severity
from hypervigil.model.injection import DESTINATION_ROLE, SOURCE_ROLE, Items, Maybe, Moment, Nodes, Parameters
from hypervigil.model.outcome import Outcome
from hypervigil.model.reason import Reason, Verdict
from hypervigil.model.subject import Scope, Subject


class Form(enum.Enum):
    """From where a parameter's fact is taken."""

    SUBJECT = "subject"
    NODES = "nodes"
    ITEMS = "items"
    SOURCE = "source"
    DESTINATION = "destination"


class Need(msgspec.Struct, frozen=True):
    """One parameter of a control's function: the fact that it asks for."""

    parameter: str
    fact: type[Fact]
    form: Form
    optional: bool


Extra = type[Moment] | type[Parameters] | type[Context] | type[Subject]
"""What ``assess`` may take besides facts."""


class CompiledControl(msgspec.Struct, frozen=True):
    """A control ready to run. ``applies`` and its needs are empty where the control applies to every subject.

    ``extras`` are what ``assess`` takes after its facts: the moment of the evidence, the control's parameters, the
    operator's context, the subject. ``context_optional`` is whether it decides without the last.
    """

    control: Control
    page: Page
    module: str
    assess: Callable[..., Verdict]
    needs: tuple[Need, ...]
    applies: Callable[..., Reason | None] | None
    conditions: tuple[Need, ...]
    extras: tuple[Extra, ...] = ()
    context_optional: bool = False

    @property
    def asks(self) -> dict[str, bool]:
        """What ``assess`` asks for by name, facts and then the context: whether it can do without."""
        asked: dict[str, bool] = {}
        for need in self.needs:
            name = need.fact.INFO.name
            asked[name] = need.optional and asked.get(name, True)
        if Context in self.extras:
            asked[CONTEXT] = self.context_optional
        return asked

    @property
    def parameters(self) -> type[Parameters] | None:
        """What a profile may set for this control; None where it has no parameters."""
        return next((extra for extra in self.extras if issubclass(extra, Parameters)), None)


class ControlDefinitionError(TypeError):
    """A control's module is not one: what is wrong with which part of it."""


def compile_control(module: ModuleType) -> CompiledControl:
    """Read a control's module.

    Raises:
        ControlDefinitionError: a part is missing, a parameter asks for something that is no fact, an ``info`` control
            can fail, or an applicability asks for an optional fact (its absence could then turn a verdict around) or
            for what is no fact (which may be missing, too).
    """
    control = getattr(module, "CONTROL", None)
    if not isinstance(control, Control):
        msg = f"{module.__name__} has no CONTROL"
        raise ControlDefinitionError(msg)
    if control.severity is Severity.INFO and Outcome.FAIL in control.outcomes:
        msg = f"{control.id} is info and can fail"
        raise ControlDefinitionError(msg)
    assess = getattr(module, "assess", None)
    if not callable(assess):
        msg = f"{module.__name__} has no function assess"
        raise ControlDefinitionError(msg)
    applies = getattr(module, "applies", None)
    conditions = _needs(control, applies) if applies else ()
    if any(need.optional for need in conditions):
        msg = f"{control.id}: applies() takes required facts only"
        raise ControlDefinitionError(msg)
    if applies and _extras(applies):
        msg = f"{control.id}: applies() can not take the moment, parameters, the context or the subject"
        raise ControlDefinitionError(msg)
    extras = _extras(assess)
    if len(set(extras)) != len(extras):
        msg = f"{control.id}: assess() takes the moment, its parameters, the context or the subject more than once"
        raise ControlDefinitionError(msg)
    hints = typing.get_type_hints(assess, include_extras=True)
    names = list(inspect.signature(assess).parameters)
    if any(_extra(hints.get(name)) is not None for name in names[: len(names) - len(extras)]):
        msg = f"{control.id}: assess() takes the moment, its parameters, the context and the subject after the facts"
        raise ControlDefinitionError(msg)
    needs = _needs(control, assess)
    page = page_of(module.__doc__)
    optional = any(_is_optional_context(hint) for hint in hints.values())
    return CompiledControl(control, page, module.__name__, assess, needs, applies, conditions, extras, optional)


def _needs(control: Control, function: Callable[..., object]) -> tuple[Need, ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    names = [name for name in inspect.signature(function).parameters if _extra(hints.get(name)) is None]
    return tuple(_need(control, name, hints.get(name)) for name in names)


def _extras(function: Callable[..., object]) -> tuple[Extra, ...]:
    """What a function takes besides facts: no need that a fact could meet."""
    hints = typing.get_type_hints(function, include_extras=True)
    taken = [hints.get(name) for name in inspect.signature(function).parameters]
    return tuple(kind for kind in map(_extra, taken) if kind is not None)


def _extra(hint: object) -> Extra | None:
    """What besides facts a parameter with this annotation takes; None for a fact."""
    if _is_optional_context(hint):
        return Context
    return hint if isinstance(hint, type) and issubclass(hint, (Moment, Parameters, Context, Subject)) else None


def _is_optional_context(hint: object) -> bool:
    return typing.get_origin(hint) is Maybe and typing.get_args(hint) == (Context,)


def _need(control: Control, parameter: str, hint: object) -> Need:
    optional, form, fact = False, Form.SUBJECT, hint
    while not (isinstance(fact, type) and issubclass(fact, Fact)):
        origin = typing.get_origin(fact)
        arguments = typing.get_args(fact)
        if origin is Maybe:
            optional, fact = True, arguments[0]
        elif origin is Nodes:
            form, fact = Form.NODES, arguments[0]
        elif origin is Items:
            form, fact = Form.ITEMS, arguments[0]
        elif origin is typing.Annotated and arguments[1] in (SOURCE_ROLE, DESTINATION_ROLE):
            form = Form.SOURCE if arguments[1] is SOURCE_ROLE else Form.DESTINATION
            fact = arguments[0]
        else:
            msg = f"{control.id}: parameter {parameter} asks for {hint!r}, which is no fact"
            raise ControlDefinitionError(msg)
    _check_reach(control, parameter, fact, form)
    return Need(parameter, fact, form, optional)


_REACH = {
    Scope.NODE: {Scope.NODE, Scope.CLUSTER},
    Scope.PAIR: {Scope.CLUSTER},
    Scope.CLUSTER: {Scope.CLUSTER},
    Scope.VM: {Scope.VM, Scope.NODE, Scope.CLUSTER},
}
"""Which facts a control of a scope may ask for as plain ``T``, by what the facts are about."""


def _check_reach(control: Control, parameter: str, fact: type[Fact], form: Form) -> None:
    about = fact.INFO.subject
    reach = _REACH.get(control.scope, {control.scope, Scope.NODE, Scope.CLUSTER})
    fits = {
        Form.SUBJECT: about in reach or control.scope in fact.INFO.others,
        Form.NODES: about is Scope.NODE,
        Form.ITEMS: bool(fact.INFO.item_key),
        Form.SOURCE: about is Scope.NODE and control.scope is Scope.PAIR,
        Form.DESTINATION: about is Scope.NODE and control.scope is Scope.PAIR,
    }[form]
    if not fits:
        msg = (
            f"{control.id} ({control.scope.value}): parameter {parameter} can not get {fact.INFO.name} as {form.value}"
        )
        raise ControlDefinitionError(msg)
