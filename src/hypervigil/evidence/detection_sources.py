"""What detections on a Hyper-V cluster need of a node: channels, audit subcategories, producers to be switched on.

One table for the controls that ask whether a node writes, keeps and sends what detections read, and for the rules
themselves. Detections carry numbers; ``DETECTIONS`` says what each is about. Sources of names and ids:
MicrosoftDocs/Virtualization-Documentation (HyperVLogs.psm1), jdu2600/Windows10EtwEvents, the NSA's message databases in
Velocidex/evtx-data, EricZimmerman/evtx maps, and the pages of Microsoft that the controls name. An id whose channel
could not be verified is left out.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

from hypervigil.evidence.audit import AuditSetting

DETECTIONS = {
    "D01": "logs cleared",
    "D02": "logging weakened",
    "D03": "forwarding stopped",
    "D05": "passwords guessed over SMB",
    "D06": "SMB signing or the rate limiter switched off",
    "D07": "storage paths without signing",
    "D08": "SMB tampered with",
    "D09": "QUIC expected and not used",
    "D10": "drivers blocked",
    "D11": "VBS or Credential Guard off",
    "D12": "CredSSP switched on",
    "D14": "live migration with strangers",
    "D15": "migration networks changed",
    "D16": "disks of protected VMs taken",
    "D17": "memory of protected VMs saved",
    "D18": "VMs created or imported",
    "D19": "replica opened",
    "D20": "VM consoles opened",
    "D21": "administrators of hosts changed",
    "D22": "nodes joined or evicted",
    "D23": "the cluster's security level changed",
    "D24": "quorum forced",
    "D25": "CLIUSR misused",
    "D26": "RDP from elsewhere than jump hosts",
    "D27": "service and everyday accounts logged on",
    "D28": "dMSA created or linked",
    "D29": "key protectors changed",
    "D30": "attestation lost",
    "D31": "guests that crash the host",
    "D32": "port mirroring or MAC spoofing",
    "D33": "Sysmon or EDR stopped",
    "D34": "remote management from odd places",
    "D35": "NTLM where Kerberos is due",
    "D36": "the firewall opened",
    "D37": "services and tasks on one node only",
}
"""What each detection is about. D04 and D13 need no event of a channel: they compare records and settings."""


class Tier(enum.IntEnum):
    """MUST leave the host, SHOULD leave it, LOCAL: for a look on the host itself."""

    MUST = 1
    SHOULD = 2
    LOCAL = 3


class Found(enum.Enum):
    """On which nodes a channel is. Where a role or product brings it, a node that has the channel needs it."""

    EVERYWHERE = "every node of a Hyper-V cluster"
    WITH_PRODUCT = "nodes with the role or product"
    SHIELDED = "nodes that can run shielded VMs"


class Wanted(msgspec.Struct, frozen=True):
    """Events of one provider that detections read in a channel."""

    provider: str
    ids: frozenset[int]


class ChannelSource(msgspec.Struct, frozen=True, kw_only=True):
    """One channel: its exact name, how much it matters, and what reads it.

    ``off`` is whether Windows leaves it off. ``instead`` names what detections read in its place: then it is not
    needed. ``megabyte`` is whether Windows gives it about 1 MB only, which an hour can fill. ``why`` is what it is kept
    for where no detection reads it.
    """

    name: str
    tier: Tier
    found: Found = Found.EVERYWHERE
    off: bool = False
    instead: str = ""
    megabyte: bool = True
    wanted: tuple[Wanted, ...] = ()
    detections: tuple[str, ...] = ()
    why: str = ""

    @property
    def shows(self) -> str:
        """What nobody sees without it, in words."""
        return ", ".join(DETECTIONS[number] for number in self.detections) or self.why

    @property
    def demanded(self) -> bool:
        """Whether a node that has it has to record and send it."""
        return self.tier is Tier.MUST and self.found is not Found.SHIELDED

    @property
    def advised(self) -> bool:
        """Whether it should be recorded and sent, or has to where shielded VMs run."""
        return self.tier is not Tier.LOCAL and not self.demanded and not self.instead


def _channel(
    name: str, tier: int, detections: str = "", *, found: Found = Found.EVERYWHERE, **more: object
) -> ChannelSource:
    wanted = tuple(Wanted(provider, frozenset(ids)) for provider, ids in _EVENTS.get(name, {}).items())
    made = {"name": name, "tier": Tier(tier), "found": found, "wanted": wanted, "detections": detections.split()}
    return msgspec.convert({**made, **more}, ChannelSource)


_AUDITING, _EVENTLOG, _SCM = (
    "Microsoft-Windows-Security-Auditing",
    "Microsoft-Windows-Eventlog",
    "Service Control Manager",
)
_W, _HV, _TS = "Microsoft-Windows-", "Microsoft-Windows-Hyper-V-", "Microsoft-Windows-TerminalServices-"
_RDP_CORE = _W + "RemoteDesktopServices-RdpCoreTS"
_HGS = _W + "HostGuardianService-Client"

_EVENTS: dict[str, dict[str, Iterable[int]]] = {
    "Security": {
        _EVENTLOG: (1102,),
        _AUDITING: (
            *(4624, 4625, 4648, 4657, 4688, 4697, 4698, 4719, 4724, 4732, 4733, 4738, 4826),
            *(4946, 4947, 4950, 5145),
        ),
    },
    "System": {
        _EVENTLOG: (104,),
        "EventLog": (6005, 6006),
        _SCM: (7000, 7026, 7034, 7036, 7040, 7045),
        _W + "FailoverClustering": (1011, 1094, 1135, 1177, 1565, 1570, 1571, 1575),
        _W + "Wininit": (13, 15, 16),
        _W + "Kernel-Boot": (124,),
    },
    "Application": {"Application Error": (1000,)},
    _HV + "VMMS-Admin": {
        _HV + "VMMS": (
            *(13002, 16580, 18302, 18303, 18304, 19070, 19080),
            *(20400, 20402, 20403, 20407, 20413, 20418, 20419),
            *(29064, 29065, 29066, 29222, 29223, 29258, 29290, 29291),
        )
    },
    _HV + "Worker-Admin": {
        _HV + "Worker": (18510, 18539, 18540, 18550, 18560, 18572, 21118, 21120, 21122, 21124),
    },
    _HV + "High-Availability-Admin": {_HV + "High-Availability": (21122,)},
    _W + "VHDMP-Operational": {_W + "VHDMP": (1, 19)},
    _W + "SMBServer/Security": {_W + "SMBServer": (551,)},
    _W + "SMBServer/Audit": {_W + "SMBServer": (3021, 3022)},
    _W + "SMBServer/Connectivity": {_W + "SMBServer": (1913,)},
    _W + "SmbClient/Security": {_W + "SMBClient": (31012, 31013, 31016, 31018, 31019)},
    _W + "SmbClient/Audit": {_W + "SMBClient": (31998, 31999)},
    _W + "SmbClient/Connectivity": {_W + "SMBClient": (30832,)},
    _W + "CodeIntegrity/Operational": {
        _W + "CodeIntegrity": (3004, 3023, 3033, 3072, 3073, 3074, 3076, 3077, 3087, 3089, 3111),
    },
    _W + "DeviceGuard/Operational": {_W + "DeviceGuard": (7002,)},
    _W + "NTLM/Operational": {_W + "NTLM": (4020, 4021, 4022, 4023)},
    _W + "Security-Kerberos/Operational": {_W + "Security-Kerberos": (307, 308, 309)},
    _W + "PowerShell/Operational": {_W + "PowerShell": (4104,)},
    _W + "WinRM/Operational": {_W + "WinRM": (91, 169)},
    _W + "WMI-Activity/Operational": {_W + "WMI-Activity": (5857, 5858)},
    _TS + "LocalSessionManager/Operational": {_TS + "LocalSessionManager": (21, 25)},
    _TS + "RemoteConnectionManager/Operational": {_TS + "RemoteConnectionManager": (1149,)},
    _RDP_CORE + "/Operational": {_RDP_CORE: (131,)},
    _W + "Windows Defender/Operational": {_W + "Windows Defender": (5001, 5013)},
    _W + "Sysmon/Operational": {_W + "Sysmon": (1, 3, 4, 11, 13, 16, 255)},
    _W + "Windows Firewall With Advanced Security/Firewall": {
        _W + "Windows Firewall With Advanced Security": (2003, 2004)
    },
    "Microsoft-ServerManagementExperience": {"SMEGateway": (4000,)},
    _W + "Forwarding/Operational": {_W + "Forwarding": (102, 103, 105, 106)},
    _HGS + "/Operational": {_HGS: (1015, 1022, 1025, 1029, 1030, 1031, 1033, 1038, 2011, 2014)},
    _HV + "VmSwitch-Operational": {_HV + "VmSwitch": (89,)},
}
"""Ids that the detections read, by channel and provider; channels without ids count as a whole."""

_PRODUCT, _SHIELDED = Found.WITH_PRODUCT, Found.SHIELDED

CHANNEL_SOURCES: tuple[ChannelSource, ...] = (
    _channel(
        "Security",
        1,
        "D01 D02 D06 D11 D16 D21 D23 D25 D26 D27 D34 D35 D36 D37",
        megabyte=False,
    ),
    _channel("System", 1, "D01 D10 D11 D22 D23 D24 D33 D37", megabyte=False),
    _channel("Application", 2, "D31", megabyte=False),
    _channel("Setup", 3, why="roles and features installed"),
    _channel(_W + "FailoverClustering/Operational", 1, "D22"),
    _channel(_W + "FailoverClustering/Diagnostic", 3, why="the cluster log"),
    _channel(_HV + "VMMS-Admin", 1, "D14 D15 D16 D17 D18 D19"),
    _channel(_HV + "VMMS-Operational", 1, why="what the management service of Hyper-V does in detail"),
    _channel(_HV + "VMMS-Networking", 2, why="ports of virtual switches"),
    _channel(_HV + "VMMS-Storage", 2, why="disks merged"),
    _channel(_HV + "Worker-Admin", 1, "D17 D29 D31"),
    _channel(_HV + "Worker-Operational", 2, why="phases of migrations"),
    _channel(_HV + "High-Availability-Admin", 1, "D15"),
    _channel(_HV + "Hypervisor-Admin", 2, why="the hypervisor that does not start"),
    _channel(_HV + "Hypervisor-Operational", 2, "D31"),
    _channel(_HV + "VmSwitch-Operational", 2, "D32"),
    _channel(_HV + "VMSP-Admin", 2, found=_SHIELDED, why="key protectors of shielded VMs taken from the cache"),
    _channel(_W + "VHDMP-Operational", 1, "D16"),
    _channel(_HGS + "/Admin", 1, "D30", found=_SHIELDED),
    _channel(_HGS + "/Operational", 1, "D29 D30", found=_SHIELDED),
    _channel(_W + "SMBServer/Security", 1, "D05"),
    _channel(_W + "SMBServer/Audit", 1, "D07"),
    _channel(_W + "SMBServer/Connectivity", 1, "D07 D09"),
    _channel(_W + "SMBServer/Operational", 2, why="weakened settings and certificates of the SMB server"),
    _channel(_W + "SmbClient/Security", 1, "D06 D08", megabyte=False),
    _channel(_W + "SmbClient/Audit", 1, "D07"),
    _channel(_W + "SmbClient/Connectivity", 2, "D09"),
    _channel(_W + "SMBClient/Operational", 3, why="RDMA of the SMB client"),
    _channel(_W + "CodeIntegrity/Operational", 1, "D10"),
    _channel(_W + "DeviceGuard/Operational", 1, "D11"),
    _channel(_W + "Kernel-Boot/Operational", 2, "D11"),
    _channel(_W + "NTLM/Operational", 1, "D35"),
    _channel(_W + "Security-Kerberos/Operational", 2, "D28", off=True),
    _channel(_W + "PowerShell/Operational", 1, "D06 D12 D15 D16 D23 D29 D32", megabyte=False),
    _channel("Windows PowerShell", 1, why="engines of PowerShell started, old ones too", megabyte=False),
    _channel("PowerShellCore/Operational", 1, found=_PRODUCT, why="commands of PowerShell 7", megabyte=False),
    _channel(_W + "WinRM/Operational", 1, "D12 D34"),
    _channel(_W + "WMI-Activity/Operational", 2, "D34"),
    _channel(_TS + "LocalSessionManager/Operational", 1, "D26"),
    _channel(_TS + "RemoteConnectionManager/Operational", 1, "D26"),
    _channel(_RDP_CORE + "/Operational", 1, "D26"),
    _channel(_W + "TaskScheduler/Operational", 2, off=True, instead="4698 to 4702 of Security"),
    _channel(_W + "Windows Defender/Operational", 1, "D33", found=_PRODUCT),
    _channel(_W + "SENSE/Operational", 2, found=_PRODUCT, why="health of the sensor of Defender for Endpoint"),
    _channel(_W + "Sysmon/Operational", 1, "D02 D06 D11 D17 D20 D27 D33", found=_PRODUCT, megabyte=False),
    _channel(_W + "Windows Firewall With Advanced Security/Firewall", 2, "D36"),
    _channel(_W + "LAPS/Operational", 2, found=_PRODUCT, why="passwords of administrators rotated"),
    _channel("Microsoft-ServerManagementExperience", 1, "D34", found=_PRODUCT),
    _channel(_W + "Forwarding/Operational", 1, "D03"),
)
"""The channels of a node, without those of a collector."""


def channel_source(name: str) -> ChannelSource | None:
    """The row of a channel, its name in any case; None where it has none."""
    wanted = name.casefold()
    return next((source for source in CHANNEL_SOURCES if source.name.casefold() == wanted), None)


class AuditSource(msgspec.Struct, frozen=True, kw_only=True):
    """One subcategory of the audit policy: its GUID, its English name, what it should record, and the events.

    ``default`` is what a member server records when nobody has set anything; None where sources disagree.
    """

    guid: str
    name: str
    wanted: AuditSetting
    default: AuditSetting | None
    events: str


_NONE, _S, _F, _SF = (
    AuditSetting.NONE,
    AuditSetting.SUCCESS,
    AuditSetting.FAILURE,
    AuditSetting.SUCCESS_AND_FAILURE,
)
_ROWS: tuple[tuple[str, str, AuditSetting, AuditSetting | None, str], ...] = (
    ("923F", "Credential Validation", _SF, None, "4776"),
    ("9237", "Security Group Management", _S, _S, "4732, 4733"),
    ("9235", "User Account Management", _SF, _S, "4720, 4724, 4738"),
    ("9248", "Plug and Play Events", _S, _NONE, "6416"),
    ("922B", "Process Creation", _S, _NONE, "4688"),
    ("9217", "Account Lockout", _SF, _S, "4625 of locked accounts"),
    ("9249", "Group Membership", _S, _NONE, "4627"),
    ("9215", "Logon", _SF, _SF, "4624, 4625, 4648"),
    ("9216", "Logoff", _S, _S, "4634"),
    ("921C", "Other Logon/Logoff Events", _SF, _NONE, "4778, 4779, 4800 to 4803"),
    ("921B", "Special Logon", _S, _S, "4672, 4964"),
    ("9244", "Detailed File Share", _F, _NONE, "5145"),
    ("9224", "File Share", _SF, _NONE, "5140, 5142 to 5144"),
    ("9227", "Other Object Access Events", _SF, _NONE, "4698 to 4702"),
    ("9245", "Removable Storage", _SF, _NONE, "4663"),
    ("921E", "Registry", _S, _NONE, "4657, where the keys have SACLs"),
    ("922F", "Audit Policy Change", _SF, _S, "4719"),
    ("9230", "Authentication Policy Change", _S, _S, "4706, 4717"),
    ("9231", "Authorization Policy Change", _S, _NONE, "4704"),
    ("9232", "MPSSVC Rule-Level Policy Change", _SF, _NONE, "4946 to 4950"),
    ("9234", "Other Policy Change Events", _F, _NONE, "4819, 5063 to 5070"),
    ("9228", "Sensitive Privilege Use", _SF, _NONE, "4673, 4674"),
    ("9214", "Other System Events", _SF, _SF, "5024 to 5037"),
    ("9210", "Security State Change", _S, _S, "4608"),
    ("9211", "Security System Extension", _S, _NONE, "4697"),
    ("9212", "System Integrity", _SF, _SF, "5038, 6281"),
)


def subcategory_guid(digits: str) -> str:
    """The GUID of an audit subcategory, in lower case, by the four digits that tell it apart."""
    return f"0cce{digits.lower()}-69ae-11d9-bed3-505054503030"


AUDIT_SOURCES: tuple[AuditSource, ...] = tuple(
    AuditSource(guid=subcategory_guid(digits), name=name, wanted=wanted, default=default, events=events)
    for digits, name, wanted, default, events in _ROWS
)
"""What a member server should record: the union of Microsoft's baseline for Server 2025 (2602), of its list for event
forwarding, and of what the detections read. Rows of domain controllers are left out."""

ON_A_FILE_SERVER = subcategory_guid("9244")
"""Successful 5145 tells who opened which file of a share: wanted on file servers that hold VMs, loud elsewhere."""
IF_SIZE_ALLOWS = subcategory_guid("9226")
"""Filtering Platform Connection: 5156 tells every connection, and fills the log with it."""


class Producer(msgspec.Struct, frozen=True, kw_only=True):
    """A switch beside channels and subcategories without which a channel stays silent.

    ``accepted`` are the values of ``field`` in the fact of that name with which the events are written.
    """

    fact: str
    field: str
    accepted: frozenset[int]
    channel: str
    ids: tuple[int, ...]


def _producer(fact: str, field: str, channel: str, *ids: int, accepted: tuple[int, ...] = (1,)) -> Producer:
    return Producer(fact=fact, field=field, accepted=frozenset(accepted), channel=channel, ids=ids)


PRODUCERS: tuple[Producer, ...] = (
    _producer("audit_policy", "process_command_line", "Security", 4688),
    _producer("audit_policy", "ntlm_incoming", _W + "NTLM/Operational", 8002, 8003, accepted=(2,)),
    _producer("audit_policy", "ntlm_outgoing", _W + "NTLM/Operational", 8001, accepted=(1, 2)),
    _producer("powershell_logging", "script_block", _W + "PowerShell/Operational", 4104),
    _producer("smb_server", "audit_signing", _W + "SMBServer/Audit", 3021),
    _producer("smb_server", "audit_encryption", _W + "SMBServer/Audit", 3022),
    _producer("smb_server", "audit_guest", _W + "SMBServer/Audit", 3023),
    _producer("smb_server", "audit_spn", _W + "SMBServer/Audit", 3024, 3025, 3026),
    _producer("smb_client", "audit_guest", _W + "SmbClient/Audit", 31997),
    _producer("smb_client", "audit_signing", _W + "SmbClient/Audit", 31998),
    _producer("smb_client", "audit_encryption", _W + "SmbClient/Audit", 31999),
)
"""1 stands for true. Without its field, 4688 is written and has no command line."""
