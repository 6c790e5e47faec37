"""What of a cluster without flaws stays open, in one place: by its control, and why.

``UNDECLARED`` goes away with a context, ``UNDECIDED`` does not: there the evidence of hosts never decides.
"""

from __future__ import annotations

from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Outcome
from hypervigil.synthetic.cluster import Blueprint
from hypervigil.synthetic.members import Guests

UNDECLARED = {
    "CLU-004": "which guests are tier 0",
    "LM-009": "whether the network of live migration is isolated",
    "LOG-005": "how far back the channels have to reach",
    "LOG-006": "how long events are kept elsewhere",
    "MGT-002": "which machines administrators come from",
    "MGT-003": "which machines administrators come from",
    "MGT-019": "which machines are jump hosts",
    "NET-001": "which networks are tenants', so that a knock from there proves something",
    "NET-002": "which network is for management",
    "NET-006": "which network is for storage",
    "SHV-003": "where copies of guardian keys lie",
    "SHV-005": "how many nodes the Host Guardian Service has",
    "SHV-006": "how shielded VMs are backed up",
    "SHV-007": "from whom VMs are shielded",
    "SHV-009": "which VMs are operated from the host",
}
"""What an operator of a well-kept cluster has to declare, by the control that asks for it."""

UNDECIDED = {
    "CLU-002": "nothing that was verified says which functional level 23H2 brings",
    "LM-010": "whether a Host Guardian Service releases the key of a shielded VM to a node, only that service knows",
    "NET-001": "the hosts have their networks on ports of physical switches, and nobody knocked from the tenants' side",
    "NET-002": "routers and their lists are seen by no host; without a virtual adapter, nor is the VLAN",
    "NET-004": "a shielded VM tells its host no address, for shielding blocks the data exchange",
    "NET-006": "the made-up network without a switch in common has no network for storage that could be declared",
    "PLT-021": "nothing that was verified says when the support of 23H2 ends",
    "SHV-002": "whether a Host Guardian Service releases the key of a shielded VM to a node, only that service knows",
    "WGC-003": "whether a password is the same on other nodes, or used for something else, no host can tell",
}


def unavoidable(blueprint: Blueprint) -> dict[str, Outcome]:
    """The controls that stay open on a cluster without flaws of which everything is declared, and how."""
    made = {"NET-002": Outcome.REVIEW}
    if blueprint.release is Release.WS23H2:
        made |= {"PLT-021": Outcome.REVIEW, "CLU-002": Outcome.UNKNOWN}
    if blueprint.join == "workgroup":
        made["WGC-003"] = Outcome.REVIEW
    if not blueprint.converged:
        made |= {"NET-001": Outcome.REVIEW, "NET-006": Outcome.REVIEW}
    if blueprint.guests is Guests.SHIELDED:
        made |= {"LM-010": Outcome.REVIEW, "SHV-002": Outcome.REVIEW, "NET-004": Outcome.UNKNOWN}
    return made
