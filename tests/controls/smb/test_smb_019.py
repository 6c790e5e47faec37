"""SMB-019: mailslots and NetBIOS ports."""

from __future__ import annotations

from hypervigil.controls.smb import smb_019_mailslots_netbios as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.firewall import RuleAction, RuleDirection
from hypervigil.evidence.registry import ABSENT, DENIED, RegistryState, RegistryValue, dword
from hypervigil.evidence.release import Release
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic.defaults import firewall_rule
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2025, SERVER = defaults.operating_system(), defaults.smb_server()
NO_POLICY, CLOSED = defaults.mailslots(), defaults.firewall_rules()
NAME, DATAGRAM = (
    firewall_rule("FPS-NB_Name-In-UDP", "UDP", "137"),
    firewall_rule("FPS-NB_Datagram-In-UDP", "UDP", "138"),
)
SESSION = firewall_rule("FPS-NB_Session-In-TCP", "TCP", "139")
BLOCKS = {"action": RuleAction.BLOCK}

CASES = (
    Case(
        "default of 2025, and values of recorded Windows 11 24H2 listings (EnableMailslots False)",
        Outcome.PASS,
        ("off_and_closed",),
        node=(WS2025, SERVER, NO_POLICY, CLOSED),
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "switched off by policy too",
        Outcome.PASS,
        ("off_and_closed",),
        node=(WS2025, SERVER, defaults.mailslots(server_policy=dword(0), client_policy=dword(0)), CLOSED),
    ),
    Case(
        "switched on in the server",
        Outcome.FAIL,
        ("mailslots_on",),
        node=(WS2025, defaults.smb_server(mailslots=True), NO_POLICY, CLOSED),
    ),
    Case(
        "a policy that waits for a restart does not undo the switch",
        Outcome.FAIL,
        ("mailslots_on",),
        node=(WS2025, defaults.smb_server(mailslots=True), defaults.mailslots(server_policy=dword(0)), CLOSED),
    ),
    *(
        Case(
            f"policy of the {role} on",
            Outcome.FAIL,
            ("policy_on",),
            node=(WS2025, SERVER, defaults.mailslots(**{f"{role}_policy": dword(1)}), CLOSED),
            says=f"of the SMB {role} on",
            confidence=Confidence.SECONDARY,
        )
        for role in ("server", "client")
    ),
    *(
        Case(
            f"policy of the {role} not readable",
            Outcome.UNKNOWN,
            ("policy_refused",),
            node=(WS2025, SERVER, defaults.mailslots(**{f"{role}_policy": DENIED}), CLOSED),
            cause=Cause.ACCESS_DENIED,
            says=f"of the SMB {role} could not",
        )
        for role in ("server", "client")
    ),
    *(
        Case(
            f"policy with the value {value.shown}",
            Outcome.REVIEW,
            ("odd_policy",),
            node=(WS2025, SERVER, defaults.mailslots(client_policy=value), CLOSED),
            says=value.shown,
            confidence=Confidence.UNVERIFIED,
        )
        for value in (dword(2), RegistryValue(RegistryState.PRESENT, "REG_SZ", "1"))
    ),
    Case(
        "the OSConfig baseline wrote the wrong key",
        Outcome.PASS,
        ("off_and_closed", "misspelt"),
        node=(WS2025, SERVER, defaults.mailslots(misspelt_policy=dword(0)), CLOSED),
        says="EnableMailslots 0 stands below the key Browser",
    ),
    Case(
        "the wrong key switches nothing on",
        Outcome.PASS,
        ("off_and_closed", "misspelt"),
        node=(WS2025, SERVER, defaults.mailslots(misspelt_policy=dword(1)), CLOSED),
    ),
    *(
        Case(
            f"nothing to say of a wrong key that is {value.shown}",
            Outcome.PASS,
            ("off_and_closed",),
            node=(WS2025, SERVER, defaults.mailslots(misspelt_policy=value), CLOSED),
        )
        for value in (ABSENT, DENIED)
    ),
    *(
        Case(
            f"{rule.name} is open",
            Outcome.FAIL,
            ("netbios_open",),
            node=(WS2025, SERVER, NO_POLICY, defaults.firewall_rules(rule)),
            says=f"{rule.name} ({rule.protocol} {rule.local_ports[0]})",
        )
        for rule in (NAME, DATAGRAM, SESSION)
    ),
    Case(
        "the whole old group",
        Outcome.FAIL,
        ("netbios_open",),
        node=(WS2025, SERVER, NO_POLICY, defaults.firewall_rules(NAME, DATAGRAM, SESSION)),
        says="(UDP 137), FPS-NB_Datagram-In-UDP (UDP 138), FPS-NB_Session-In-TCP (TCP 139).",
    ),
    Case(
        "a range that holds two of the ports",
        Outcome.FAIL,
        ("netbios_open",),
        node=(WS2025, SERVER, NO_POLICY, defaults.firewall_rules(firewall_rule("Old", "UDP", "100-200"))),
        says="Old (UDP 137, UDP 138)",
    ),
    Case(
        "rules that do not count: disabled, outbound, the other protocol, SMB itself",
        Outcome.PASS,
        ("off_and_closed",),
        node=(
            WS2025,
            SERVER,
            NO_POLICY,
            defaults.firewall_rules(
                firewall_rule("A", "UDP", "137", enabled=False),
                firewall_rule("B", "UDP", "138", direction=RuleDirection.OUTBOUND),
                firewall_rule("C", "TCP", "137"),
                firewall_rule("D", "UDP", "139"),
                firewall_rule("E", "TCP", "445"),
                firewall_rule("F", "TCP", "139", **BLOCKS),
            ),
        ),
    ),
    Case(
        "rules for every port are not judged",
        Outcome.PASS,
        ("off_and_closed", "opens_all"),
        node=(
            WS2025,
            SERVER,
            NO_POLICY,
            defaults.firewall_rules(firewall_rule("App1", "Any"), firewall_rule("App2", "UDP", "Any")),
        ),
        says="2 rules open every port",
    ),
    Case(
        "a rule for every port next to one that names NetBIOS",
        Outcome.FAIL,
        ("netbios_open", "opens_all"),
        node=(WS2025, SERVER, NO_POLICY, defaults.firewall_rules(NAME, firewall_rule("App1", "Any"))),
    ),
    Case(
        "allowed and blocked",
        Outcome.REVIEW,
        ("blocked_too",),
        node=(
            WS2025,
            SERVER,
            NO_POLICY,
            defaults.firewall_rules(SESSION, firewall_rule("No NetBIOS", "TCP", "137-139", **BLOCKS)),
        ),
        says="FPS-NB_Session-In-TCP",
    ),
    Case(
        "one blocked as well, one not",
        Outcome.FAIL,
        ("netbios_open", "blocked_too"),
        node=(
            WS2025,
            SERVER,
            NO_POLICY,
            defaults.firewall_rules(NAME, SESSION, firewall_rule("No NetBIOS", "TCP", "139", **BLOCKS)),
        ),
    ),
    Case(
        "a disabled block, and one for every port, prove nothing",
        Outcome.FAIL,
        ("netbios_open",),
        node=(
            WS2025,
            SERVER,
            NO_POLICY,
            defaults.firewall_rules(
                SESSION,
                firewall_rule("Off", "TCP", "139", enabled=False, **BLOCKS),
                firewall_rule("One program", "TCP", "Any", **BLOCKS),
            ),
        ),
    ),
    Case(
        "both fail",
        Outcome.FAIL,
        ("mailslots_on", "policy_on", "netbios_open", "misspelt"),
        node=(
            WS2025,
            defaults.smb_server(mailslots=True),
            defaults.mailslots(client_policy=dword(1), misspelt_policy=dword(0)),
            defaults.firewall_rules(SESSION),
        ),
    ),
    Case(
        "SMB server not seen, all else clean",
        Outcome.UNKNOWN,
        ("server_unseen",),
        node=(WS2025, NO_POLICY, CLOSED),
        gaps={"smb_server": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "SMB server not seen, policy off: the policy proves nothing that runs",
        Outcome.UNKNOWN,
        ("server_unseen",),
        node=(WS2025, defaults.mailslots(server_policy=dword(0)), CLOSED),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "SMB server not seen, policy on: the failure stands",
        Outcome.FAIL,
        ("server_unseen", "policy_on"),
        node=(WS2025, defaults.mailslots(server_policy=dword(1)), CLOSED),
    ),
    Case(
        "a 2025 source without the switch",
        Outcome.UNKNOWN,
        ("switch_unseen",),
        node=(WS2025, defaults.smb_server(mailslots=None), NO_POLICY, CLOSED),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "rules not seen",
        Outcome.UNKNOWN,
        ("firewall_unseen",),
        node=(WS2025, SERVER, NO_POLICY),
        gaps={"firewall_rules": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "neither seen",
        Outcome.UNKNOWN,
        ("server_unseen", "firewall_unseen"),
        node=(WS2025, NO_POLICY),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "rules not seen, mailslots on",
        Outcome.FAIL,
        ("mailslots_on", "firewall_unseen"),
        node=(WS2025, defaults.smb_server(mailslots=True), NO_POLICY),
    ),
    *(
        Case(
            f"{release.title} has neither the switch nor the group",
            Outcome.NOT_APPLICABLE,
            ("before_2025",),
            node=(
                defaults.operating_system(release),
                defaults.smb_server(release),
                NO_POLICY,
                defaults.firewall_rules(NAME, DATAGRAM, SESSION),
            ),
            says=release.title,
        )
        for release in (Release.WS2016, Release.WS2019, Release.WS2022, Release.WS23H2)
    ),
    Case(
        "a newer build that no table has",
        Outcome.PASS,
        ("off_and_closed",),
        node=(defaults.operating_system(build_number=29000), SERVER, NO_POLICY, CLOSED),
    ),
    Case(
        "policies not collected",
        Outcome.UNKNOWN,
        node=(WS2025, SERVER, CLOSED),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "release not known",
        Outcome.UNKNOWN,
        node=(SERVER, NO_POLICY, CLOSED),
        gaps={"operating_system": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
)
