"""The three clusters of ``hypervigil demo``, and the waivers of the second."""

from __future__ import annotations

import datetime

from hypervigil.evidence.release import Release
from hypervigil.synthetic.cluster import Blueprint
from hypervigil.synthetic.flaws import Flaw

UPGRADE_2022 = Blueprint(
    name="UPGRADE22",
    release=Release.WS2022,
    nodes=4,
    vms=60,
    flaws=(
        Flaw.PLATFORM_NOT_CONFIGURED,
        Flaw.UNLIKE_NODE,
        Flaw.CREDSSP_MIGRATION,
        Flaw.SIGNING_DEFAULTS,
        Flaw.SIGNING_EXEMPTION,
        Flaw.SMB1_LEFT,
        Flaw.TPM_UNREADABLE,
    ),
)
"""A 2022 domain cluster that is about to be upgraded: CredSSP, one node unlike the others, SMB1 left on it."""

GOOD_2025 = Blueprint(name="GOOD25", nodes=4, vms=60, flaws=(Flaw.NTLM_OPEN, Flaw.OLD_DIALECTS))
"""A 2025 domain cluster in good state, but for two things that somebody has accepted."""

WORKGROUP_2025 = Blueprint(name="EDGE25", join="workgroup", nodes=2, vms=12, flaws=(Flaw.CLEAR_STORAGE,))
"""A 2025 workgroup cluster at the edge."""

DEMO = (UPGRADE_2022, GOOD_2025, WORKGROUP_2025)


def demo_waivers(today: datetime.date) -> str:
    """Waivers for the second cluster as TOML; they last for some months from ``today``."""
    first, second = today + datetime.timedelta(days=60), today + datetime.timedelta(days=180)
    return f"""\
# Waivers of the synthetic demo cluster GOOD25. A waiver never changes an outcome:
# it says who accepts it, and until when.

[[waivers]]
control = "SMB-014"
subject = "GOOD25-N*"
reason = "The scanner of the back office speaks SMB 2.1; its replacement is ordered."
owner = "storage team"
ticket = "DEMO-101"
expires = {first.isoformat()}
compensating_control = "Its share is on a file server of its own, outside the cluster."

[[waivers]]
control = "SMB-015"
subject = "GOOD25-N*"
reason = "NTLM is still audited; blocking it follows."
owner = "identity team"
ticket = "DEMO-102"
expires = {second.isoformat()}
"""
