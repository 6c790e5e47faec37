"""Names that Windows itself gives, and that therefore tell nothing about whose cluster it is. All in lower case."""

from __future__ import annotations

import re

AUTHORITIES = frozenset(
    (
        "nt authority", "builtin", "nt service", "nt virtual machine", "iis apppool", "window manager",
        "font driver host", "application package authority", ".",
    )
)  # fmt: skip
"""What stands before a well-known account in the place of a domain."""

ACCOUNTS = frozenset(
    (
        "system", "localsystem", "local service", "localservice", "network service", "networkservice",
        "anonymous logon", "everyone",
        "interactive", "network", "batch", "service", "dialup", "creator owner", "creator group", "self",
        "authenticated users", "remote interactive logon", "this organization", "local account", "owner rights",
        "local account and member of administrators group", "all services", "virtual machines", "restricted",
        "administrator", "guest", "defaultaccount", "wdagutilityaccount", "krbtgt", "cliusr",
        "administrators", "users", "guests", "power users", "backup operators", "replicator", "print operators",
        "remote desktop users", "network configuration operators", "performance monitor users",
        "performance log users", "distributed com users", "cryptographic operators", "event log readers",
        "certificate service dcom access", "rds remote access servers", "rds endpoint servers",
        "rds management servers", "hyper-v administrators", "access control assistance operators",
        "remote management users", "storage replica administrators", "device owners", "iis_iusrs",
        "user mode hardware operators", "openssh users", "system managed accounts group", "account operators",
        "server operators", "domain admins", "domain users", "domain guests", "domain computers",
        "domain controllers", "cert publishers", "schema admins", "enterprise admins", "enterprise domain controllers",
        "group policy creator owners", "read-only domain controllers", "cloneable domain controllers",
        "enterprise read-only domain controllers", "protected users", "key admins", "enterprise key admins",
        "ras and ias servers", "allowed rodc password replication group", "denied rodc password replication group",
        "dnsadmins", "dnsupdateproxy", "pre-windows 2000 compatible access", "windows authorization access group",
        "terminal server license servers", "incoming forest trust builders",
    )
)  # fmt: skip
"""Accounts and groups that Windows, a domain or a role of Windows makes (most of them: MicrosoftDocs/windowsserverdocs,
identity/ad-ds/manage/understand-security-identifiers), and the account of Failover Clustering. One too many keeps a
word that is in every domain anyway; one too few is replaced."""

DOMAINS = frozenset(("workgroup", "localhost", "localdomain"))
HOSTS = frozenset(
    (
        "localhost", "<local>", "<-loopback>", "local", "time.windows.com", "local cmos clock",
        "free-running system clock", "vm ic time synchronization provider",
    )
)  # fmt: skip
"""What stands in the place of a computer's name."""

_KEYWORDS = (
    "any", "localsubnet", "dns", "dhcp", "wins", "defaultgateway", "intranet", "internet", "intranetremoteaccess",
    "rmtintranet", "playtodevice", "captiveportal",
)  # fmt: skip
ADDRESS_WORDS = frozenset(
    (*(f"{word}{version}" for word in _KEYWORDS for version in ("", "4", "6")), "*", "+", "-", "local")
)
"""Words in the place of an address: of firewall rules (Set-NetFirewallRule, each also for one version of IP), of
listeners and of events."""

SHARES = frozenset(("admin$", "ipc$", "print$", "clusterstorage$", "sysvol", "netlogon", "fax$"))
RESOURCES = frozenset(("cluster group", "available storage", "cluster name", "cluster ip address"))
SITES = frozenset(("default-first-site-name",))
GUARDIANS = frozenset(("untrustedguardian",))

CONTAINERS = frozenset(
    (
        "users", "computers", "builtin", "system", "domain controllers", "managed service accounts", "program data",
        "foreignsecurityprincipals", "policies", "configuration", "schema", "services", "sites", "keys",
        "ntds quotas", "infrastructure", "lostandfound", "deleted objects", "adminsdholder", "authn policies",
        "authn silos", "authn policy configuration", "public key services", "password settings container",
    )
)  # fmt: skip
"""Containers that every domain has."""

SUBJECTS = (
    "shielded vm encryption certificate",
    "shielded vm signing certificate",
    "windows admin center",
    "microsoft",
)
"""How the common name of a certificate begins that Windows or Microsoft makes; a host's name may follow."""

SERVICES = frozenset(
    (
        "winrm", "termservice", "vmms", "vmcompute", "vmicheartbeat", "clussvc", "spooler", "lanmanserver",
        "lanmanworkstation", "mpssvc", "bfe", "windefend", "sense", "wdnissvc", "wuauserv", "remoteregistry", "w32time",
        "ntds", "netlogon", "dns", "dhcpserver", "appidsvc", "wecsvc", "eventlog", "sysmon", "sysmon64", "sysmondrv",
        "msiscsi", "smbhash", "webclient", "iphlpsvc", "kdc", "certsvc", "adfs", "sshd", "ssh-agent",
        "servermanagementgateway",
        "healthservice", "vss", "schedule", "samss", "lsass", "rpcss", "dcomlaunch", "hgclientservice", "himds",
        "gcarcservice", "extensionservice", "storagereplica", "nvspbind", "vmsmp", "vmswitch", "mssense", "svchost",
    )
)  # fmt: skip
"""Services, drivers and processes that controls look for: a VM of the same name does not take theirs away."""

KEPT_LABEL = re.compile(r"@[\w.%\\/ ()-]+,-\d+|[\w-]*Microsoft-Windows-[\w /-]+|microsoft\.[\w.]+", re.IGNORECASE)
"""Resource strings such as ``@FirewallAPI.dll,-28502``, event channels and providers, session configurations."""

ANY = "any"
"""What firewall rules say where they set no filter (Set-NetFirewallRule)."""
PROGRAM_WORDS = frozenset(("system", ANY))
"""Words in the place of a program's path: of firewall rules (Set-NetFirewallRule, Program)."""
PATHS = frozenset(
    (
        "windows", "system32", "syswow64", "sysnative", "systemroot", "program files", "program files (x86)",
        "programdata", "users", "clusterstorage", "windowspowershell", "powershell", "modules", "v1.0", "drivers",
        "driverstore", "filerepository", "system volume information", "device", "public", "default", "all users",
        "default user", "appdata", "local", "locallow", "roaming", "temp", "microsoft", "hyper-v", "virtual machines",
        "virtual hard disks", "snapshots", "documents", "desktop", "globalroot", "sysvol", "spool", "rolecapabilities",
        "systemprofile", "serviceprofiles", "localservice", "networkservice", "config", "common files", "perflogs",
    )
)  # fmt: skip
"""Components of paths that every Windows has."""

SOFTWARE_ROOTS = frozenset(
    (
        "windows", "systemroot", "windir", "program files", "program files (x86)", "programfiles", "programfiles(x86)",
        "programdata", "system32",
    )
)  # fmt: skip
"""Below these lie programs: a component is a product's name, not a person's."""

EXTENSIONS = frozenset(
    (
        "exe", "dll", "sys", "psd1", "psm1", "ps1", "psrc", "pssc", "ps1xml", "cmd", "bat", "vhd", "vhdx", "avhdx",
        "vmcx", "vmrs", "vmgs", "inf", "cat", "msc", "cpl", "xml", "json", "txt", "log", "evtx", "etl",
    )
)  # fmt: skip
