"""Who else than Windows Event Forwarding may send the events of a node: agents, declared or known by their service."""

from __future__ import annotations

import msgspec

from hypervigil.evidence.accounts import Services
from hypervigil.model.context import Context
from hypervigil.model.injection import Maybe
from hypervigil.model.missing import Missing

KNOWN = {
    "Winlogbeat": "winlogbeat",
    "Elastic Agent": "Elastic Agent",
    "NXLog": "nxlog",
    "Splunk Universal Forwarder": "SplunkForwarder",
    "Wazuh": "WazuhSvc",
    "Fluent Bit": "fluent-bit",
    "Cribl Edge": "CriblEdge",
    "Velociraptor": "Velociraptor",
    "Snare": "SnareAgent",
}
"""Services of agents that send event channels. Only Wazuh's name was read at its source (wazuh, ``src/win32``): so one
that runs is a question, never an answer. Sense (Defender for Endpoint) sends no channels and is not here."""


class Senders(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of other senders. One of ``may_send``, ``none``, ``unseen`` holds, or nothing is known.

    ``shown`` is a clause about them. ``unseen`` are declared agents whose services could not be looked at; ``missing``
    says why, or why nothing is declared.
    """

    may_send: bool = False
    none: bool = False
    unseen: str = ""
    shown: str = ""
    missing: Missing | None = None


def other_senders(services: Maybe[Services], context: Maybe[Context]) -> Senders:
    """What services and declaration say of agents."""
    logs = context.value.logs if context.value else None
    declared = None if logs is None else logs.agents
    if declared is None:
        return _guessed(services, context)
    if not declared:
        return Senders(none=True, shown="no agent is declared to send")
    if services.value is None:
        return Senders(unseen=", ".join(declared), missing=services.missing)
    running = [name for name in declared if _runs(services.value, name)]
    if running:
        return Senders(may_send=True, shown=f"The declared agent {', '.join(running)} runs")
    return Senders(none=True, shown=f"the declared agent {', '.join(declared)} does not run")


def _guessed(services: Maybe[Services], context: Maybe[Context]) -> Senders:
    running = [name for name, service in KNOWN.items() if services.value and _runs(services.value, service)]
    if running:
        return Senders(may_send=True, shown=f"{', '.join(running)} runs")
    return Senders(missing=context.missing)


def _runs(services: Services, name: str) -> bool:
    service = services.named(name)
    return service is not None and service.state.casefold() == "running"
