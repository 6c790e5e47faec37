"""The clusters of ``hypervigil demo``, the waivers of the second, and what is declared of two of them."""

from __future__ import annotations

import datetime

from hypervigil.evidence.release import Release
from hypervigil.synthetic import jump_host
from hypervigil.synthetic.cluster import Blueprint
from hypervigil.synthetic.declared import declared
from hypervigil.synthetic.flaws import Flaw
from hypervigil.synthetic.members import Guests

UPGRADE_2022 = Blueprint(
    name="UPGRADE22",
    release=Release.WS2022,
    nodes=4,
    vms=24,
    flaws=(
        Flaw.PLATFORM_NOT_CONFIGURED,
        Flaw.UNLIKE_NODE,
        Flaw.CREDSSP_MIGRATION,
        Flaw.SERVER_SIGNING_DEFAULTS,
        Flaw.SIGNING_EXEMPTION,
        Flaw.SMB1_LEFT,
        Flaw.TPM_UNREADABLE,
    ),
)
"""A 2022 domain cluster that is about to be upgraded: live migration with CredSSP, VBS on one node only, relayable SMB
servers; that node also has SMB1 left, an exemption from signing, and a TPM that nobody could read."""

GOOD_2025 = Blueprint(name="GOOD25", nodes=4, vms=24, converged=True, flaws=(Flaw.NTLM_OPEN, Flaw.OLD_DIALECTS))
"""A 2025 domain cluster in good state, but for two things on one node that somebody has accepted."""

WORKGROUP_2025 = Blueprint(name="EDGE25", join="workgroup", nodes=2, vms=12, flaws=(Flaw.CLEAR_STORAGE,))
"""A 2025 workgroup cluster at the edge whose storage traffic goes in clear text."""

HOSTER_2025 = Blueprint(
    name="HOSTER25",
    nodes=4,
    vms=12,
    converged=True,
    guests=Guests.SHIELDED,
    flaws=(
        Flaw.NO_HGS_FALLBACK,
        Flaw.GUARDIAN_KEYS_MISSING,
        Flaw.TENANT_ON_MANAGEMENT_VLAN,
        Flaw.TRUNK_WITH_STORAGE,
        Flaw.PACKETS_FORWARDED,
        Flaw.RDP_OPEN,
        Flaw.WAC_ON_NODE,
        Flaw.JEA_WILDCARD,
        Flaw.WORKSTATION,
        Flaw.LOGON_FROM_LAPTOP,
        Flaw.LOGS_NOT_FORWARDED,
        Flaw.EDR_MISSING,
    ),
)
"""A hoster's 2025 cluster with VMs of two tenants: two guarded nodes for shielded VMs, whose Host Guardian Service has
no fallback, and two nodes for VMs with a virtual TPM. One of the latter was never finished: it has no guardian keys,
forwards packets and no logs, has no EDR sensor, lets RDP in from anywhere, and somebody uses it as a workstation."""

JUMP_HOST_FLAWS = (Flaw.OUTLOOK,)
"""What is wrong with the machine from which the hoster's cluster is administered."""

DEMO = (UPGRADE_2022, GOOD_2025, WORKGROUP_2025, HOSTER_2025)


def demo_contexts() -> dict[Blueprint, str]:
    """What is declared of the good cluster and of the hoster's, as TOML; of the others nobody has declared anything.

    One of the hoster's VMs is a domain controller, among those of tenants.
    """
    return {
        GOOD_2025: declared(GOOD_2025),
        HOSTER_2025: declared(HOSTER_2025, tier0=(f"{HOSTER_2025.name}-VM0003",), besides=(jump_host.NAME,)),
    }


def demo_waivers(today: datetime.date) -> str:
    """Waivers for the second cluster as TOML; they last for some months from ``today``."""
    first, second = today + datetime.timedelta(days=60), today + datetime.timedelta(days=180)
    return f"""\
# Waivers of the synthetic demo cluster GOOD25. A waiver never changes an outcome:
# it says who accepts it, and until when.

[[waivers]]
control = "SMB-014"
subject = "GOOD25-N04"
reason = "The tape library that fetches its jobs from this node speaks SMB 2.1; its replacement is ordered."
owner = "storage team"
ticket = "DEMO-101"
expires = {first.isoformat()}
compensating_control = "The firewall of the node lets SMB in from the tape library's address only."

[[waivers]]
control = "SMB-015"
subject = "GOOD25-N04"
reason = "The tape library is reached with NTLM; the other nodes block it. Goes away with the library."
owner = "identity team"
ticket = "DEMO-102"
expires = {second.isoformat()}
"""
