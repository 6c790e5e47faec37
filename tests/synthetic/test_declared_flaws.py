"""What flaws of network, keys, management and logging do to a cluster of which everything is declared: exactly this."""

from __future__ import annotations

import msgspec
import pytest

from hypervigil.evidence.release import Release
from hypervigil.synthetic.cluster import Blueprint, build
from hypervigil.synthetic.flaws import Flaw
from hypervigil.synthetic.members import Guests
from tests.synthetic.findings import Change, changes, context, expected, told
from tests.synthetic.test_flaws import ALL, CLUSTER, FAIL, LAST, NA, PASS, REVIEW, TABLE, UNKNOWN

HOSTER = Blueprint(name="CL", nodes=3, vms=3, converged=True, guests=Guests.SHIELDED)
"""One guarded node with a shielded VM, two that hold the keys of VMs with a virtual TPM; a VM on each."""
ANYWHERE = msgspec.structs.replace(HOSTER, guests=Guests.VIRTUAL_TPM)
"""VMs with a virtual TPM that any node can own."""
EDGE = Blueprint(name="CL", join="workgroup", nodes=3, vms=3, converged=True)
OLD_EDGE = msgspec.structs.replace(EDGE, release=Release.WS2022)
SHIELDED_VM, LAST_VM = ("CL-VM0001",), ("CL-VM0003",)
VMS_WITH_KEYS = ("CL-VM0002", "CL-VM0003")
VMS = (*SHIELDED_VM, *VMS_WITH_KEYS)

DECLARED: list[tuple[Flaw, Blueprint, list[Change]]] = [
    (
        Flaw.TENANT_ON_MANAGEMENT_VLAN,
        HOSTER,
        [("NET-002", CLUSTER, FAIL, "vm_on_vlan elsewhere"), ("NET-003", LAST_VM, FAIL, "same_vlan")],
    ),
    (
        Flaw.TRUNK_WITH_STORAGE,
        HOSTER,
        [
            ("NET-001", CLUSTER, FAIL, "trunk" + 9 * " no_acl"),
            ("NET-002", CLUSTER, FAIL, "tenant_side elsewhere"),
            ("NET-003", LAST_VM, FAIL, "trunk"),
        ],
    ),
    (
        Flaw.VM_AMONG_NODES,
        HOSTER,
        [("NET-001", CLUSTER, FAIL, "vm_inside" + 9 * " no_acl"), ("NET-004", LAST_VM, FAIL, "inside")],
    ),
    (Flaw.GUARDS_OFF, HOSTER, [("NET-008", LAST_VM, FAIL, "spoofs no_dhcp_guard no_router_guard")]),
    (Flaw.PACKETS_FORWARDED, HOSTER, [("NET-005", LAST, FAIL, "forwards forwards forwards forwards")]),
    (Flaw.FIREWALL_OFF, HOSTER, [("MGT-002", LAST, FAIL, "anybody"), ("NET-009", LAST, FAIL, "off")]),
    (
        Flaw.MIGRATION_PORT_OPEN,
        HOSTER,
        [("NET-001", CLUSTER, PASS, "clean" + 9 * " no_acl" + " exposed"), ("NET-007", LAST, FAIL, "anybody")],
    ),
    (
        Flaw.CLIENTS_ON_STORAGE,
        HOSTER,
        [("NET-001", CLUSTER, PASS, "clean" + 6 * " no_acl"), ("NET-006", CLUSTER, FAIL, "clients")],
    ),
    (Flaw.ISCSI_WITHOUT_CHAP, HOSTER, [("NET-011", CLUSTER, FAIL, "open with_cluster masking")]),
    (Flaw.NO_HGS_FALLBACK, HOSTER, [("SHV-005", CLUSTER, FAIL, "no_fallback")]),
    (Flaw.RETIRED_ATTESTATION, HOSTER, [("SHV-004", CLUSTER, FAIL, "directory local")]),
    (Flaw.UNATTESTED_HOST, HOSTER, [("SHV-001", SHIELDED_VM, FAIL, "unguarded")]),
    (
        Flaw.GUARDIAN_KEYS_MISSING,
        HOSTER,
        [("SHV-002", VMS_WITH_KEYS, FAIL, "missing"), ("LM-010", VMS_WITH_KEYS, FAIL, "lacking")],
    ),
    (Flaw.GUARDIAN_KEYS_END, HOSTER, [("SHV-003", CLUSTER, REVIEW, "ends_soon")]),
    (Flaw.CLUSTER_CERTIFICATE_ENDED, EDGE, [("WGC-002", LAST, REVIEW, "expired")]),
    (Flaw.GUEST_WITHOUT_SECURE_BOOT, HOSTER, [("SHV-008", LAST_VM, FAIL, "off")]),
    (Flaw.UNDECLARED_DC, HOSTER, [("CLU-004", CLUSTER, REVIEW, "says_so")]),
    (
        Flaw.RDP_OPEN,
        HOSTER,
        [
            ("MGT-001", LAST, PASS, "demanded"),
            ("MGT-002", LAST, FAIL, "anybody"),
            ("NET-002", CLUSTER, FAIL, "anybody elsewhere"),
        ],
    ),
    (Flaw.WAC_ON_NODE, HOSTER, [("MGT-004", LAST, FAIL, "installed")]),
    (Flaw.JEA_WILDCARD, HOSTER, [("MGT-009", LAST, FAIL, "open_besides wildcard")]),
    (
        Flaw.NO_JEA,
        HOSTER,
        [
            ("LOG-009", LAST, PASS, "on no_jea"),
            ("MGT-008", CLUSTER, FAIL, "lacking"),
            ("MGT-009", LAST, NA, "no_endpoint"),
        ],
    ),
    (Flaw.WORKSTATION, HOSTER, [("MGT-010", LAST, FAIL, "products sessions profiles")]),
    (Flaw.OUTLOOK, HOSTER, [("MGT-010", LAST, FAIL, "products products")]),
    (Flaw.LOGON_FROM_LAPTOP, HOSTER, [("MGT-003", LAST, FAIL, "undeclared declared")]),
    (Flaw.WINRM_BASIC, HOSTER, [("MGT-006", LAST, FAIL, "basic clear_service")]),
    (Flaw.CERTIFICATE_ENDED, HOSTER, [("MGT-007", LAST, FAIL, "unfit")]),
    (Flaw.ENHANCED_SESSIONS, HOSTER, [("MGT-012", ALL, FAIL, "on")]),
    (Flaw.SYSTEM_VOLUME_CLEAR, HOSTER, [("MGT-013", LAST, FAIL, "not_encrypted")]),
    (Flaw.SHARED_VOLUME_CLEAR, HOSTER, [("MGT-018", CLUSTER, FAIL, "not_protected")]),
    (Flaw.DESKTOP, HOSTER, [("MGT-011", LAST, REVIEW, "desktop")]),
    (Flaw.PKU2U_DISABLED, EDGE, [("WGC-001", ALL, FAIL, "disabled")]),
    (Flaw.NO_HTTPS, EDGE, [("MGT-007", LAST, NA, "no_https"), ("WGC-005", LAST, FAIL, "no_https")]),
    (Flaw.TOKENS_UNFILTERED, EDGE, [("WGC-004", LAST, REVIEW, "not_needed price")]),
    (Flaw.PASSWORD_STALE, EDGE, [("WGC-009", LAST, FAIL, "stale minimum never_read")]),
    (Flaw.EVERYBODY_TRUSTED, EDGE, [("WGC-010", LAST, FAIL, "wide")]),
    (
        Flaw.LOGS_NOT_FORWARDED,
        HOSTER,
        [
            ("LOG-002", LAST, FAIL, "nothing_sent"),
            ("LOG-003", LAST, NA, "unused"),
            ("LOG-006", CLUSTER, FAIL, "only_store"),
        ],
    ),
    (Flaw.COLLECTOR_LOST, HOSTER, [("LOG-003", LAST, FAIL, "no_contact")]),
    (Flaw.CHANNEL_OFF, HOSTER, [("LOG-001", LAST, FAIL, "off")]),
    (Flaw.SECURITY_LOG_SMALL, HOSTER, [("LOG-005", LAST, FAIL, "short")]),
    (Flaw.PROCESSES_NOT_AUDITED, HOSTER, [("LOG-004", LAST, FAIL, "lacks")]),
    (Flaw.SCRIPT_BLOCKS_OFF, HOSTER, [("LOG-009", ALL, FAIL, "not_set kept")]),
    (Flaw.SYSMON_STOPPED, HOSTER, [("LOG-007", LAST, FAIL, "stopped")]),
    (Flaw.EDR_MISSING, HOSTER, [("LOG-008", CLUSTER, FAIL, "none onboarded antivirus")]),
    (Flaw.CLOCK_OFF, HOSTER, [("LOG-011", CLUSTER, FAIL, "apart drifts")]),
    (
        Flaw.ADMINISTRATOR_DISABLED,
        EDGE,
        [
            ("WGC-003", CLUSTER, FAIL, "lacking"),
            ("WGC-004", LAST, FAIL, "missing"),
            ("WGC-009", LAST, NA, "nobody"),
        ],
    ),
    (Flaw.EVERYBODY_IN_THE_CLUSTER, HOSTER, [("CLU-003", CLUSTER, FAIL, "everybody")]),
    (
        Flaw.MIGRATION_AT_THE_EDGE,
        OLD_EDGE,
        [
            ("WGC-007", CLUSTER, FAIL, "too_old"),
            ("LM-007", CLUSTER, PASS, "agree"),
            ("LM-008", ALL, PASS, "chosen"),
            ("LM-009", CLUSTER, PASS, "isolated clear_transport other_level"),
        ],
    ),
    (Flaw.CREDENTIAL_GUARD_AT_THE_EDGE, EDGE, [("WGC-008", LAST, FAIL, "did_not_start")]),
    (Flaw.QUIC_FELL_BACK, HOSTER, [("LOG-010", LAST, FAIL, "fell_back")]),
    (
        Flaw.GUARDIAN_KEYS_MISSING,
        ANYWHERE,
        [("SHV-002", VMS, FAIL, "missing"), ("LM-010", VMS, FAIL, "lacking")],
    ),
]


@pytest.mark.parametrize(
    ("flaw", "twin", "rows"),
    [pytest.param(*row, id=f"{row[0].name}-{row[1].guests.name}") for row in DECLARED],
)
def test_a_flaw_gives_the_findings_that_it_should(flaw: Flaw, twin: Blueprint, rows: list[Change]) -> None:
    assert changes(twin, flaw, known=context(twin)) == expected(rows)


def test_every_flaw_is_in_a_table() -> None:
    assert {flaw for flaw, *_ in (*TABLE, *DECLARED)} == set(Flaw)


@pytest.mark.parametrize("flaw", [Flaw.LOGS_NOT_FORWARDED, Flaw.NO_HGS_FALLBACK])
def test_what_is_not_declared_fails_nowhere_where_only_the_declaration_tells(flaw: Flaw) -> None:
    """What no host tells is asked for: who else sends, how many nodes the service has."""
    open_by_declaration = {"LOG-002", "LOG-006", "SHV-005"}
    made = [one for one in changes(HOSTER, flaw) if one[0] in open_by_declaration]
    assert made
    assert {one[2] for one in made} <= {UNKNOWN, REVIEW}


@pytest.mark.parametrize(
    ("flaw", "blueprint"),
    [
        (Flaw.NO_HGS_FALLBACK, ANYWHERE),
        (Flaw.UNATTESTED_HOST, EDGE),
        (Flaw.MIGRATION_AT_THE_EDGE, EDGE),
        (Flaw.CREDENTIAL_GUARD_AT_THE_EDGE, HOSTER),
        (Flaw.QUIC_FELL_BACK, msgspec.structs.replace(HOSTER, release=Release.WS2019)),
        (Flaw.GUARDIAN_KEYS_MISSING, EDGE),
        (Flaw.TENANT_ON_MANAGEMENT_VLAN, msgspec.structs.replace(HOSTER, converged=False)),
        (Flaw.TRUNK_WITH_STORAGE, msgspec.structs.replace(HOSTER, converged=False)),
        (Flaw.CLIENTS_ON_STORAGE, msgspec.structs.replace(HOSTER, converged=False)),
    ],
)
def test_a_flaw_of_what_is_not_there_is_refused(flaw: Flaw, blueprint: Blueprint) -> None:
    with pytest.raises(ValueError, match=f"{flaw.name} changes nothing in CL"):
        build(msgspec.structs.replace(blueprint, flaws=(flaw,)))


def test_vms_of_either_tenant_fail_by_themselves() -> None:
    """Two flaws of VLANs fall on different VMs where the last node has more than one."""
    flaws = (Flaw.TENANT_ON_MANAGEMENT_VLAN, Flaw.TRUNK_WITH_STORAGE)
    made = told(msgspec.structs.replace(HOSTER, vms=6, flaws=flaws), context(HOSTER))
    failing = {(one[1], one[3]) for one in made.values() if one[0] == "NET-003" and one[2] is FAIL}
    assert failing == {("CL-VM0003", ("trunk",)), ("CL-VM0006", ("same_vlan",))}
