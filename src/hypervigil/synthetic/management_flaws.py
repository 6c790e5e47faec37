"""Flaws of the management plane: who comes in from where, what is installed, and what narrowed endpoints let through.

Each function changes a cluster, or a jump host, that is being made up; the last node where a flaw is of one node.
"""

from __future__ import annotations

import datetime

import msgspec

from hypervigil.evidence.accounts import LocalUsers, Pku2u, RemoteUac, Services
from hypervigil.evidence.bitlocker import BitLocker
from hypervigil.evidence.cluster_objects import ClusterAccess, ClusterAccessEntry, ClusterRights
from hypervigil.evidence.firewall import FirewallRule, FirewallRules
from hypervigil.evidence.host import OperatingSystem
from hypervigil.evidence.hyper_v import VmHost
from hypervigil.evidence.logons import Logon, Logons, LogonType
from hypervigil.evidence.management import Certificates, Rdp, WinRm
from hypervigil.evidence.network import Listener, Listeners
from hypervigil.evidence.powershell import PsSessionConfigurations, RoleCapabilities, VisibleCommand
from hypervigil.evidence.registry import dword
from hypervigil.evidence.software import InstalledSoftware, Software, UserProfile, UserProfiles
from hypervigil.synthetic import account_defaults as account
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from hypervigil.synthetic import host_defaults as host
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.draft import Draft
from hypervigil.synthetic.moments import AT, DOMAIN_SID

DAY = datetime.timedelta(days=1)
EVERYDAY_USER, ADMINISTRATOR = f"{DOMAIN_SID}-1212", f"{DOMAIN_SID}-1105"
BUILT_IN = 500
"""The RID of the built-in Administrator."""
LAPTOP = "10.0.77.23"
"""An address in the offices, where nobody declares a jump host."""


def rdp_open(draft: Draft) -> None:
    """RDP is let in from any address, and answers."""
    draft.change(Rdp, draft.last, deny_local=dword(0))
    rule = defaults.firewall_rule(
        "RemoteDesktop-UserMode-In-TCP",
        "TCP",
        "3389",
        display_name="Remote Desktop - User Mode (TCP-In)",
        program="%SystemRoot%\\system32\\svchost.exe",
        service="termservice",
    )
    _add_rule(draft, rule)
    _add_listener(draft, Listener(address="::", port=3389, process="svchost"))


def wac_on_node(draft: Draft) -> None:
    """The gateway of Windows Admin Center runs on a node."""
    _add_service(draft, "WindowsAdminCenter", "NT AUTHORITY\\NetworkService")
    _add_listener(draft, Listener(address="::", port=443, process="WindowsAdminCenter"))


def jea_wildcard(draft: Draft) -> None:
    """A role file lets all cmdlets of a module through."""
    held = draft.held(RoleCapabilities)
    role = held.roles[0]
    commands = (*role.visible_cmdlets, VisibleCommand(name="Hyper-V\\*", line=15))
    changed = msgspec.structs.replace(role, visible_cmdlets=commands)
    draft.change(RoleCapabilities, draft.last, roles=(changed, *held.roles[1:]))


def no_jea(draft: Draft) -> None:
    """Operators have no endpoint of their own."""
    held = draft.held(PsSessionConfigurations)
    draft.change(PsSessionConfigurations, draft.last, configurations=held.configurations[:1])


def workstation(draft: Draft) -> None:
    """Somebody without rights works at the node's desktop, in a browser that was added."""
    _add_software(draft, Software(name="Google Chrome"), Software(name="Google Chrome", kind="browser"))
    profile = UserProfile(sid=EVERYDAY_USER, path="C:\\Users\\anna", loaded=True)
    draft.change(UserProfiles, draft.last, profiles=(*draft.held(UserProfiles).profiles, profile))
    session = account.logon(
        EVERYDAY_USER,
        LogonType.INTERACTIVE,
        None,
        record_id=90_300,
        user="CONTOSO\\anna",
        elevated=False,
        time=AT - DAY / 2,
    )
    _add_logon(draft, session)


def outlook(draft: Draft) -> None:
    """Office with Outlook is installed, as on the machine where its user reads mail."""
    _add_software(
        draft,
        Software(name="Microsoft Office Professional Plus 2021 - en-us"),
        Software(name="Microsoft Outlook", kind="mail client"),
    )


def from_a_laptop(draft: Draft) -> None:
    """An administrator came over RDP from a laptop in the offices."""
    session = account.logon(
        ADMINISTRATOR,
        LogonType.REMOTE_INTERACTIVE,
        LAPTOP,
        record_id=90_310,
        user="CONTOSO\\hv-admin",
        time=AT - 2 * DAY,
    )
    _add_logon(draft, session)


def winrm_basic(draft: Draft) -> None:
    """WinRM takes names and passwords as they are."""
    draft.change(WinRm, draft.last, auth_basic=True, allow_unencrypted=True)


def certificate_ended(draft: Draft) -> None:
    """The certificate by which WinRM proves the node has ended."""
    held = draft.held(Certificates)
    ended = tuple(msgspec.structs.replace(each, not_after=AT - 5 * DAY) for each in held.certificates)
    draft.change(Certificates, draft.last, certificates=ended)


def enhanced_sessions(draft: Draft) -> None:
    """Hosts offer their clipboard and drives to whoever opens a guest's console."""
    draft.change(VmHost, enhanced_session_mode=True)


def system_volume_clear(draft: Draft) -> None:
    """The system volume is not encrypted."""
    held = draft.held(BitLocker)
    clear = host.bitlocker_volume("C:", system_volume=True)
    draft.change(BitLocker, draft.last, volumes=tuple(clear if each.system_volume else each for each in held.volumes))


def shared_volume_clear(draft: Draft) -> None:
    """The shared volume is not encrypted, as every node sees."""
    for name in draft.nodes:
        volumes = (
            each if each.system_volume else host.bitlocker_volume(each.mount_point)
            for each in draft.held(BitLocker, name).volumes
        )
        draft.change(BitLocker, name, volumes=tuple(volumes))


def desktop(draft: Draft) -> None:
    """The last node was set up with the desktop."""
    draft.change(OperatingSystem, draft.last, installation_type="Server")


def pku2u_disabled(draft: Draft) -> None:
    """A policy keeps nodes from authenticating with certificates."""
    draft.change(Pku2u, allow_online_id=dword(0))


def no_https(draft: Draft) -> None:
    """WinRM of the last node listens without a certificate only."""
    plain = management.winrm().listeners or ()
    draft.change(WinRm, draft.last, listeners=tuple(each for each in plain if each.transport == "HTTP"))


def tokens_unfiltered(draft: Draft) -> None:
    """Every local administrator has the whole token over the network."""
    draft.change(RemoteUac, draft.last, token_filter_policy=dword(1))


def password_stale(draft: Draft) -> None:
    """The password of the built-in Administrator has not been changed for a year and a half."""
    held = draft.held(LocalUsers)
    old = AT - 540 * DAY
    users = tuple(msgspec.structs.replace(u, password_last_set=old) if u.rid == BUILT_IN else u for u in held.users)
    draft.change(LocalUsers, draft.last, users=users)


def administrator_disabled(draft: Draft) -> None:
    """The account with which the others are managed is disabled on the last node."""
    users = tuple(
        msgspec.structs.replace(each, enabled=False) if each.rid == BUILT_IN else each
        for each in draft.held(LocalUsers).users
    )
    draft.change(LocalUsers, draft.last, users=users)


def everybody_in_the_cluster(draft: Draft) -> None:
    """Whoever can log on has full access to the cluster."""
    everybody = ClusterAccessEntry(sid="S-1-5-11", name="NT AUTHORITY\\Authenticated Users", rights=ClusterRights.FULL)
    draft.cluster[ClusterAccess.INFO.name] = fabric.cluster_access(everybody)


def everybody_trusted(draft: Draft) -> None:
    """The WinRM client trusts whatever host it is pointed at."""
    draft.change(WinRm, draft.last, trusted_hosts=("*",))


def _add_rule(draft: Draft, rule: FirewallRule) -> None:
    draft.change(FirewallRules, draft.last, rules=(*draft.held(FirewallRules).rules, rule))


def _add_listener(draft: Draft, listener: Listener) -> None:
    draft.change(Listeners, draft.last, listeners=(*draft.held(Listeners).listeners, listener))


def _add_service(draft: Draft, name: str, owner: str) -> None:
    draft.change(Services, draft.last, services=(*draft.held(Services).services, account.service(name, owner)))


def _add_software(draft: Draft, *products: Software) -> None:
    draft.change(InstalledSoftware, draft.last, products=(*draft.held(InstalledSoftware).products, *products))


def _add_logon(draft: Draft, row: Logon) -> None:
    draft.change(Logons, draft.last, logons=(row, *draft.held(Logons).logons))
