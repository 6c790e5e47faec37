"""Stand-ins for the cmdlets of a Windows Server, for the engine that runs the snippet in tests.

Values come from recorded outputs where the shared data has them (the 2025 listings of Get-Tpm and Win32_DeviceGuard,
the 24H2 listings of the SMB configurations); the rest is made up. Only the parameters that the lines may use are
declared, so that a call with another one fails.
"""

from __future__ import annotations

import json
from typing import Any

from tests.collect import clixml_files
from tests.shared import shared_data


def literal(value: Any) -> str:
    """A value as PowerShell writes it."""
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return f"@({', '.join(literal(each) for each in value)})"
    return "'" + str(value).replace("'", "''") + "'"


def custom_object(properties: dict[str, Any]) -> str:
    """An object with these properties."""
    entries = "; ".join(f"'{name}' = {literal(value)}" for name, value in properties.items())
    return f"[pscustomobject]@{{ {entries} }}"


def listing(name: str) -> dict[str, Any]:
    """The properties of a recorded ``Format-List``, typed by how they print."""
    found: dict[str, Any] = {}
    for line in shared_data("recorded", name).read_text(encoding="utf-8").splitlines():
        key, colon, written = line.partition(":")
        if colon:
            text = written.strip()
            typed: Any = {"True": True, "False": False, "": None, "{}": []}.get(text, text)
            found[key.strip()] = int(text) if text.isdecimal() else typed
    return found


BOOT = "[datetime]::new(2026, 11, 11, 3, 10, 0, [DateTimeKind]::Utc)"

SYSTEM = (
    "[pscustomobject]@{ CSName = 'HV01'; Caption = 'Microsoft Windows Server 2025 Datacenter'; BuildNumber = '26100'; "
    f"ProductType = [uint32] 3; OperatingSystemSKU = [uint32] 8; InstallDate = {BOOT}; LastBootUpTime = {BOOT} }}"
)
COMPUTER = custom_object(clixml_files.COMPUTER)


def cim() -> str:
    """Get-CimInstance for the classes that facts are read from."""
    guard = custom_object(json.loads(shared_data("recorded", "Win32_DeviceGuard.server2025.1.json").read_text()))
    return f"""
function Get-CimInstance {{
    [CmdletBinding()] param([string] $ClassName, [string] $Namespace)
    switch ("$Namespace|$ClassName") {{
        'root\\cimv2|Win32_OperatingSystem' {{ {SYSTEM} }}
        'root\\cimv2|Win32_ComputerSystem' {{ {COMPUTER} }}
        'root\\Microsoft\\Windows\\DeviceGuard|Win32_DeviceGuard' {{ {guard} }}
        'root\\cimv2\\Security\\MicrosoftTpm|Win32_Tpm' {{ [pscustomobject]@{{ SpecVersion = '2.0, 0, 1.59' }} }}
        default {{ throw "no class $_" }}
    }}
}}
"""


def platform() -> str:
    """Secure Boot, TPM, and the event log of a host with LSA protection."""
    return f"""
function Confirm-SecureBootUEFI {{ [CmdletBinding()] param() $true }}
function Get-Tpm {{ [CmdletBinding()] param() {custom_object(listing("Get-Tpm.server2025.1.txt"))} }}
function Get-WinEvent {{
    [CmdletBinding()] param([hashtable] $FilterHashtable, [string[]] $LogName, [long] $MaxEvents, [switch] $Oldest)
    if ($MaxEvents -ne 1) {{ throw 'not bounded' }}
    if ($Oldest) {{
        [pscustomobject]@{{ LogName = $LogName[0]; TimeCreated = ({BOOT}).AddDays(-90); RecordId = [long] 1 }}
    }}
    else {{
        [pscustomobject]@{{
            ProviderName = $FilterHashtable.ProviderName; Id = $FilterHashtable.Id; RecordId = [long] 77
            TimeCreated = ({BOOT}).AddSeconds(20)
        }}
    }}
}}
"""


def firewall() -> str:
    """Two rules, one of which is outbound and filtered out by the call."""
    return """
enum Enabled { True = 1; False = 2 }
enum Direction { Inbound = 1; Outbound = 2 }
enum Action { Allow = 2; Block = 4 }
function Get-NetFirewallRule {
    [CmdletBinding()] param([string] $PolicyStore, [Direction[]] $Direction)
    [pscustomobject]@{
        Name = 'FPS-SMB-In-TCP'; DisplayName = 'File sharing'; Group = '@FirewallAPI.dll,-28502'
        Enabled = [Enabled]::True; Direction = [Direction]::Inbound; Action = [Action]::Allow
        Profile = 'Domain, Private'
    }
}
function Get-NetFirewallPortFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; Protocol = 'TCP'; LocalPort = '445' }
    [pscustomobject]@{ InstanceID = 'CoreNet-DNS-Out-UDP'; Protocol = 'UDP'; LocalPort = 'Any' }
}
function Get-NetFirewallAddressFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{
        InstanceID = 'FPS-SMB-In-TCP'; RemoteAddress = @('LocalSubnet', '10.0.0.0/255.0.0.0'); LocalAddress = 'Any'
    }
}
function Get-NetFirewallApplicationFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; Program = 'System' }
}
function Get-NetFirewallServiceFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; Service = 'Any' }
}
function Get-NetFirewallInterfaceFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; InterfaceAlias = @('Management') }
}
function Get-NetFirewallInterfaceTypeFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; InterfaceType = 'Wired, RemoteAccess' }
}
function Get-NetFirewallSecurityFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    [pscustomobject]@{ InstanceID = 'FPS-SMB-In-TCP'; Authentication = 'NotRequired' }
}
"""


def hyper_v() -> str:
    """A host with one migration network and two VMs."""
    return """
function Get-VMHost {
    [CmdletBinding()] param()
    [pscustomobject]@{
        Name = 'HV01'; FullyQualifiedDomainName = 'hv01.contoso.com'; VirtualMachineMigrationEnabled = $true
        VirtualMachineMigrationAuthenticationType = 'Kerberos'
        VirtualMachineMigrationPerformanceOption = 'Compression'
        UseAnyNetworkForMigration = $false; MaximumVirtualMachineMigrations = [uint32] 2
        MaximumStorageMigrations = [uint32] 2; EnableEnhancedSessionMode = $false; NumaSpanningEnabled = $true
    }
}
function Get-VMMigrationNetwork {
    [CmdletBinding()] param()
    [pscustomobject]@{ Subnet = '10.0.1.0/24'; Priority = $null }
}
function Get-VM {
    [CmdletBinding()] param()
    foreach ($number in 1, 2) {
        [pscustomobject]@{
            Id = [guid] "00000000-0000-0000-0000-00000000000$number"; Name = "vm$number"; Generation = 2
            Version = '12.0'; State = 'Running'; IsClustered = $true
        }
    }
}
"""


def roles() -> str:
    """SMB, RDMA, features and the cluster."""
    server = custom_object(listing("Get-SmbServerConfiguration.win11-24h2.1.txt"))
    client = custom_object(listing("Get-SmbClientConfiguration.win11-24h2.1.txt"))
    return f"""
function Get-SmbServerConfiguration {{ [CmdletBinding()] param() {server} }}
function Get-SmbClientConfiguration {{ [CmdletBinding()] param() {client} }}
function Get-NetAdapterRdma {{ [CmdletBinding()] param() }}
function Get-WindowsFeature {{
    [CmdletBinding()] param()
    [pscustomobject]@{{ Name = 'FS-SMB1'; Installed = $false; InstallState = 'Removed' }}
    [pscustomobject]@{{ Name = 'Hyper-V'; Installed = $true; InstallState = 'Installed' }}
}}
enum ClusterNodeState {{ Unknown = -1; Up = 0; Down = 1; Paused = 2; Joining = 3 }}
function Get-Cluster {{
    [CmdletBinding()] param()
    [pscustomobject]@{{
        Name = 'CL01'; Id = 'af5881ef-0ff7-4b5c-bfed-098decbbf762'; Domain = 'contoso.com'; SecurityLevel = [uint32] 1
        SecurityLevelForStorage = [uint32] 0; ClusterFunctionalLevel = [uint32] 12; ClusterUpgradeVersion = [uint32] 8
        AdministrativeAccessPoint = 'ActiveDirectoryAndDns'; NetftIPSecEnabled = [uint32] 1; S2DEnabled = 1
        MaximumParallelMigrations = [uint32] 1
    }}
}}
function Get-ClusterNode {{
    [CmdletBinding()] param()
    foreach ($name in 'HV01', 'HV02') {{
        [pscustomobject]@{{ Name = $name; Id = '1'; State = [ClusterNodeState]::Up; BuildNumber = [uint32] 26100 }}
    }}
}}
"""


def broken() -> str:
    """Cmdlets that fail in the ways that a host shows: denied, not of this platform, no such class, nothing found."""
    return """
function Fail([string] $Exception, [string] $Message, [string] $Id, [string] $Category, $Cmdlet) {
    $thrown = New-Object -TypeName $Exception -ArgumentList $Message
    $record = [System.Management.Automation.ErrorRecord]::new($thrown, $Id, $Category, $null)
    $Cmdlet.ThrowTerminatingError($record)
}
function Confirm-SecureBootUEFI {
    [CmdletBinding()] param()
    Fail System.PlatformNotSupportedException 'Das Cmdlet gibt es hier nicht.' GetFWVarFailed NotImplemented $PSCmdlet
}
function Get-Tpm {
    [CmdletBinding()] param()
    Fail System.UnauthorizedAccessException 'Zugriff verweigert.' TpmError PermissionDenied $PSCmdlet
}
function Get-WinEvent {
    [CmdletBinding()] param([hashtable] $FilterHashtable, [string[]] $LogName, [long] $MaxEvents, [switch] $Oldest)
    if ($Oldest) {
        $start = [datetime]::new(2026, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)
        [pscustomobject]@{ LogName = 'System'; RecordId = [long] 1; TimeCreated = $start }
    }
    else {
        Fail System.Exception 'Es wurden keine Ereignisse gefunden.' NoMatchingEventsFound ObjectNotFound $PSCmdlet
    }
}
function Get-NetFirewallRule {
    [CmdletBinding()] param([string] $PolicyStore, [string] $Direction)
    Write-Error -Message 'Zeit.' -Category OperationTimeout -ErrorId 'HRESULT 0x80131505'
}
"""
