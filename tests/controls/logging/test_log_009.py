"""LOG-009: script blocks, and transcripts of JEA."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.logging import log_009_script_blocks as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.powershell import PsSessionConfigurations, SessionConfiguration
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import logging_defaults as logging
from hypervigil.synthetic import management_defaults as management
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

STOCK = SessionConfiguration(name="microsoft.powershell", enabled=True)
TEXT = RegistryValue(RegistryState.PRESENT, "REG_SZ", "1")


def jea(**changes: Any) -> SessionConfiguration:
    return management.session_configuration("Operators", **changes)


def node(*endpoints: SessionConfiguration, **changes: RegistryValue) -> tuple[Fact, ...]:
    return (
        logging.powershell_logging(**changes),
        PsSessionConfigurations(configurations=(STOCK, *endpoints)),
    )


CASES = (
    Case(
        "on, and transcripts",
        Outcome.PASS,
        ("on", "kept"),
        node=node(jea()),
        says="Operators writes transcripts to C:\\ProgramData\\JEA\\Transcripts.",
    ),
    Case("on, and no JEA", Outcome.PASS, ("on", "no_jea"), node=node()),
    Case(
        "as every release comes",
        Outcome.FAIL,
        ("not_set", "no_jea"),
        node=node(script_block=ABSENT, transcription=ABSENT),
    ),
    Case("switched off by policy", Outcome.FAIL, ("off", "no_jea"), node=node(script_block=dword(0))),
    Case("another number", Outcome.REVIEW, ("odd", "no_jea"), node=node(script_block=dword(2)), says="is 2,"),
    Case("a text", Outcome.REVIEW, ("odd", "no_jea"), node=node(script_block=TEXT)),
    Case(
        "the policy could not be looked at",
        Outcome.UNKNOWN,
        ("denied", "kept"),
        node=node(jea(), script_block=DENIED),
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "an endpoint without transcripts",
        Outcome.FAIL,
        ("on", "no_transcripts"),
        node=node(jea(transcript_directory=None), transcription=ABSENT),
    ),
    Case(
        "an endpoint without, where transcription is switched off",
        Outcome.FAIL,
        ("on", "no_transcripts"),
        node=node(jea(transcript_directory=None), transcription=dword(0)),
    ),
    Case(
        "an endpoint without, where a policy has all of PowerShell write transcripts",
        Outcome.REVIEW,
        ("on", "policy_transcripts"),
        node=node(jea(transcript_directory=None)),
        says="(C:\\ProgramData\\Transcripts)",
    ),
    Case(
        "the same, with no directory in the policy",
        Outcome.REVIEW,
        ("on", "policy_transcripts"),
        node=node(jea(transcript_directory=None), transcription_directory=ABSENT),
        says="(in each user's documents)",
    ),
    Case(
        "an endpoint without, and the policy could not be looked at",
        Outcome.UNKNOWN,
        ("on", "policy_unseen"),
        node=node(jea(transcript_directory=None), transcription=DENIED),
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "an endpoint that is off",
        Outcome.PASS,
        ("on", "no_jea"),
        node=node(jea(transcript_directory=None, enabled=False), transcription=ABSENT),
    ),
    Case(
        "a file that was not read",
        Outcome.UNKNOWN,
        ("on", "file_unread"),
        node=node(SessionConfiguration(name="x", enabled=True, unread="it could not be read")),
        cause=Cause.UNPARSABLE,
    ),
    Case(
        "endpoints were not listed",
        Outcome.UNKNOWN,
        ("on", "endpoints_unseen"),
        node=node()[:1],
        gaps={"ps_session_configurations": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "endpoints were not listed, and script blocks are not recorded",
        Outcome.FAIL,
        ("not_set", "endpoints_unseen"),
        node=(logging.powershell_logging(script_block=ABSENT),),
        gaps={"ps_session_configurations": Cause.ACCESS_DENIED},
    ),
    Case(
        "no policies were read",
        Outcome.UNKNOWN,
        node=node(jea())[1:],
        gaps={"powershell_logging": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
