"""MGT-003: from where nodes were administered."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any

from hypervigil.controls.management import mgt_003_only_jump_hosts as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.events import LogWindow
from hypervigil.evidence.logons import Logon, Logons, LogonType, Trace
from hypervigil.model.context import Context, ExpectedNode, HostKind, JumpHost, WacGateway
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic.moments import AT, DOMAIN_SID
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

SINCE = AT - datetime.timedelta(days=30)


def jump(*addresses: str, name: str = "JUMP01") -> JumpHost:
    return JumpHost(
        name=name, kind=HostKind.JUMP_HOST, addresses=tuple(ipaddress.ip_network(address) for address in addresses)
    )


def declares(*hosts: JumpHost, **changes: Any) -> Context:
    return Context(file="context.toml", jump_hosts=hosts, **changes)


KNOWN = declares(jump("10.0.9.5"), expected_nodes=(ExpectedNode(name="HV01"), ExpectedNode(name="hv02.contoso.com")))


def row(address: str | None, logon_type: LogonType = LogonType.NETWORK, **changes: Any) -> Logon:
    given = {"user": "CONTOSO\\jdoe", **changes}
    return account.logon(f"{DOMAIN_SID}-1234", logon_type, address, **given)


def trace(event_id: int, address: str) -> Trace:
    return Trace(record_id=7, channel="x", provider="y", id=event_id, time=AT, user="CONTOSO\\jdoe", address=address)


def seen(*rows: Logon, **changes: Any) -> tuple[Logons, ...]:
    """Logons of the whole window."""
    window = LogWindow(channel="Security", since=SINCE, oldest=SINCE - datetime.timedelta(days=60))
    return (Logons(**{"logons": rows, "windows": (window,), **changes}),)


FROM_JUMP = row("10.0.9.5")

CASES = (
    Case(
        "from the jump host alone",
        Outcome.PASS,
        ("declared",),
        node=seen(FROM_JUMP, row("10.0.9.5", LogonType.REMOTE_INTERACTIVE)),
        context=KNOWN,
        says="Since 2026-10-17 administrative logons came from declared places alone: 10.0.9.5.",
    ),
    Case(
        "from a gateway of Windows Admin Center",
        Outcome.PASS,
        ("declared",),
        node=seen(row("::ffff:10.0.9.9")),
        context=declares(wac_gateways=(WacGateway(name="WAC01", addresses=(ipaddress.ip_network("10.0.9.9"),)),)),
    ),
    Case("nobody came", Outcome.PASS, ("nobody",), node=seen(), context=KNOWN),
    Case("nobody came, and nobody declares anything", Outcome.PASS, ("nobody",), node=seen(), context=None),
    Case(
        "without rights, by programs, at the console",
        Outcome.PASS,
        ("nobody",),
        node=seen(
            row("10.0.0.7", elevated=False),
            row("10.0.0.8", user="CONTOSO\\BACKUP01$"),
            row(None, LogonType.INTERACTIVE),
        ),
        context=KNOWN,
    ),
    Case(
        "other nodes for people, known by their computer account and by CLIUSR",
        Outcome.PASS,
        ("between_nodes", "declared"),
        node=seen(
            FROM_JUMP,
            row("10.0.9.12"),
            row("10.0.9.12", user="CONTOSO\\HV02$"),
            row("10.20.10.12"),
            row("10.20.10.12", user="HV01\\CLIUSR"),
        ),
        context=KNOWN,
        says="10.0.9.12 (CONTOSO\\jdoe over the network, once on 2026-11-15); 10.20.10.12",
    ),
    Case(
        "the node itself, by its own address",
        Outcome.PASS,
        ("nobody", "between_nodes"),
        node=seen(row("10.0.9.11"), row("10.0.9.11", user="CONTOSO\\HV01$")),
        context=declares(jump("10.0.9.5")),
    ),
    Case(
        "over RDP from somewhere else",
        Outcome.FAIL,
        ("undeclared", "declared"),
        node=seen(FROM_JUMP, row("10.0.0.7", LogonType.REMOTE_INTERACTIVE, count=3)),
        context=KNOWN,
        says="10.0.0.7 (CONTOSO\\jdoe over RDP, 3 times, last on 2026-11-15)",
    ),
    Case("over the network with rights", Outcome.FAIL, ("undeclared",), node=seen(row("10.0.0.7")), context=KNOWN),
    Case("over IPv6", Outcome.FAIL, ("undeclared",), node=seen(row("2001:db8::7")), context=KNOWN),
    Case(
        "there are none by declaration, and somebody came",
        Outcome.FAIL,
        ("undeclared",),
        node=seen(FROM_JUMP),
        context=declares(),
    ),
    Case(
        "RDP from node to node",
        Outcome.FAIL,
        ("undeclared",),
        node=seen(row("10.0.9.12", LogonType.REMOTE_INTERACTIVE), row("10.0.9.12", user="CONTOSO\\HV02$")),
        context=KNOWN,
    ),
    Case(
        "a session that the Security log has lost, in a short log: the failure stands",
        Outcome.FAIL,
        ("undeclared", "short"),
        node=seen(
            traces=(trace(21, "10.0.0.7"),),
            windows=(LogWindow(channel="Security", since=SINCE, oldest=AT - datetime.timedelta(days=2)),),
        ),
        context=KNOWN,
    ),
    Case(
        "from somewhere else, and the Security log was not searched",
        Outcome.FAIL,
        ("undeclared", "log_silent"),
        node=seen(traces=(trace(25, "10.0.0.7"),), windows=()),
        context=KNOWN,
    ),
    Case(
        "nobody declares anything",
        Outcome.REVIEW,
        ("none_declared",),
        node=seen(FROM_JUMP),
        says="came from 10.0.9.5 (CONTOSO\\jdoe over the network",
    ),
    Case(
        "gateways are declared, jump hosts are not",
        Outcome.REVIEW,
        ("none_declared",),
        node=seen(FROM_JUMP),
        context=Context(file="context.toml", wac_gateways=()),
    ),
    Case(
        "a computer was seen there, and the nodes are not declared",
        Outcome.REVIEW,
        ("perhaps_node",),
        node=seen(row("10.0.9.12"), row("10.0.9.12", user="CONTOSO\\HV02$")),
        context=declares(jump("10.0.9.5")),
        says="accounts (hv02)",
    ),
    Case(
        "a computer was seen there that is no declared node",
        Outcome.FAIL,
        ("undeclared",),
        node=seen(row("10.0.0.7"), row("10.0.0.7", user="CONTOSO\\LAPTOP7$")),
        context=KNOWN,
    ),
    Case(
        "a jump host is declared without an address",
        Outcome.REVIEW,
        ("without_address",),
        node=seen(row("10.0.0.7")),
        context=declares(jump("10.0.9.5"), jump(name="PAW07"), expected_nodes=()),
        says="PAW07 is declared without an address",
    ),
    Case(
        "from the same link, and by a name",
        Outcome.REVIEW,
        ("unplaced",),
        node=seen(row("fe80::1%12"), row(None, workstation="LAPTOP7")),
        context=KNOWN,
        says="LAPTOP7 (CONTOSO\\jdoe",
    ),
    Case(
        "a connection from somewhere else that became no session",
        Outcome.REVIEW,
        ("connected",),
        node=seen(traces=(trace(1149, "10.0.0.7"), trace(1149, "10.0.9.5"))),
        context=KNOWN,
        says="(10.0.0.7)",
    ),
    Case(
        "a connection, and nobody declares anything",
        Outcome.REVIEW,
        ("connected",),
        node=seen(traces=(trace(1149, "10.0.9.5"),)),
    ),
    Case(
        "six days of logons",
        Outcome.REVIEW,
        ("short", "declared"),
        node=seen(
            FROM_JUMP, windows=(LogWindow(channel="Security", since=SINCE, oldest=AT - datetime.timedelta(days=6)),)
        ),
        context=KNOWN,
        says="since 2026-11-10 only, for 6 days",
    ),
    Case(
        "seven days of logons",
        Outcome.PASS,
        ("declared",),
        node=seen(
            FROM_JUMP, windows=(LogWindow(channel="Security", since=SINCE, oldest=AT - datetime.timedelta(days=7)),)
        ),
        context=KNOWN,
    ),
    Case(
        "more logons than were read: the oldest of them tells since when",
        Outcome.REVIEW,
        ("short", "declared"),
        node=seen(FROM_JUMP, windows=(LogWindow(channel="Security", since=SINCE, oldest=SINCE, complete=False),)),
        context=KNOWN,
        says="for 1 days",
    ),
    Case(
        "rights were not read",
        Outcome.UNKNOWN,
        ("tokens_unseen",),
        node=seen(row("10.0.0.7", elevated=None)),
        context=KNOWN,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the Security log was not searched",
        Outcome.UNKNOWN,
        ("log_silent",),
        node=seen(windows=()),
        context=KNOWN,
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case("denied", Outcome.UNKNOWN, gaps={"logons": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED, context=KNOWN),
    Case(
        "many places are cut short",
        Outcome.FAIL,
        ("undeclared",),
        node=seen(*(row(f"10.0.1.{place}") for place in range(8))),
        context=KNOWN,
        says="and 2 more",
    ),
)
