"""A made-up jump host: the machine from which the made-up clusters are administered, as evidence of one host.

It is no Hyper-V host and in no cluster. Without flaws it is used for administration alone, up to date, and lets in RDP
from workstations of administrators only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypervigil.evidence.evidence import Evidence
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.firewall import FirewallRules
from hypervigil.evidence.registry import dword
from hypervigil.evidence.release import Release
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.assembly import as_evidence
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.flaws import Flaw

NAME, RELEASE = "JUMP01", Release.WS2025
LEVEL = 33_158
"""Its update level, newer than that of the nodes."""
WORKSTATIONS = "10.0.8.0/28"
"""Where administrators sit."""


def build_jump_host(flaws: Sequence[Flaw] = ()) -> Evidence:
    """The evidence of the jump host.

    Raises:
        ValueError: a flaw that changes nothing there, or of something that only a node of a cluster has.
    """
    draft = Draft(
        release=RELEASE,
        domain=True,
        nodes={NAME: {fact.INFO.name: fact for fact in _facts()}},
        cluster={},
        vms={NAME: {}},
        elsewhere={},
        gaps={NAME: {}},
    )
    for flaw in flaws:
        before = draft.copy()
        msg = f"{flaw.name} changes nothing on {NAME}"
        try:
            flaw.change(draft)
        except KeyError as error:
            raise ValueError(msg) from error
        if draft == before:
            raise ValueError(msg)
    return as_evidence(draft, NAME)


def _facts() -> Iterator[Fact]:
    yield defaults.operating_system(RELEASE, name=NAME, ubr=LEVEL, installation_type="Server")
    yield defaults.computer_system(name=NAME, dns_host_name=NAME, hypervisor_present=False)
    yield account.services()
    yield account.logons()
    yield management.rdp(deny_local=dword(0))
    yield management.installed_software("Windows Admin Center tools for failover clusters")
    yield management.user_profiles()
    yield fabric.firewall_profiles()
    rule = defaults.firewall_rule(
        "RemoteDesktop-UserMode-In-TCP",
        "TCP",
        "3389",
        program="%SystemRoot%\\system32\\svchost.exe",
        service="termservice",
        remote_addresses=(WORKSTATIONS,),
    )
    yield FirewallRules(rules=(rule,))
