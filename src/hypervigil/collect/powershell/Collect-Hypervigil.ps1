#Requires -Version 5.1
<#
.SYNOPSIS
Reads what hypervigil judges Hyper-V hosts by, and writes it as a bundle. Changes nothing.

.DESCRIPTION
Reads settings of this host, or of all hosts given with -Nodes, and writes a zip that 'hypervigil assess' reads, with a
transcript of what was read beside it. It installs nothing, changes no setting, and reads nothing inside a guest. Every
read is a row of reads.toml; -WhatIf lists the rows without reading.

Each fact is read by a task of its own, with a deadline. What can not be read becomes a gap with its cause in the bundle,
and never stops the rest.

Run it elevated. Without elevation many facts become gaps; the summary says which.

.PARAMETER Nodes
Hosts to read, through PowerShell remoting: one session and one pipeline each. Names with a comma between them, or an
array such as (Get-ClusterNode).Name. Left out: this host, without remoting.

.PARAMETER Role
Node: a Hyper-V host. JumpHost: a machine from which hosts are managed; Hyper-V and cluster are not asked for there.

.PARAMETER OutputFolder
An existing folder for the zip and the transcript. Left out: the current folder.

.PARAMETER Label
What the bundle is called. Left out: the name of the cluster, or of the host.

.PARAMETER Only
Names of facts to read, such as smb_server; all others are left out.

.PARAMETER Skip
Names of facts to leave out.

.PARAMETER IncludeHgsClient
Also asks the client of the Host Guardian Service for its state. That starts an attestation, over the network.

.PARAMETER Days
How far back event logs are searched, in days.

.PARAMETER TaskTimeoutSeconds
The deadline of every task. Left out: 120 seconds, or what the row of a task states.

.PARAMETER RunTimeoutSeconds
The deadline of a host as a whole.

.PARAMETER ThrottleLimit
How many hosts are read at once.

.PARAMETER TasksAtOnce
How many tasks run at once on a host.

.PARAMETER Credential
Account for -Nodes, where it is not the one that runs this.

.PARAMETER SigningCertificateThumbprint
Signs the manifest with this certificate of Cert:\LocalMachine\My (its private key must be usable). 'hypervigil verify
--trust' checks it.

.PARAMETER MinimumFreeMB
Free space that OutputFolder must have, in megabytes.

.EXAMPLE
.\Collect-Hypervigil.ps1 -OutputFolder C:\Evidence

.EXAMPLE
.\Collect-Hypervigil.ps1 -Nodes (Get-ClusterNode).Name -OutputFolder C:\Evidence

.EXAMPLE
.\Collect-Hypervigil.ps1 -WhatIf | Format-Table Fact, Read, Properties -Wrap
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string[]] $Nodes = @(),
    [ValidateSet('Node', 'JumpHost')] [string] $Role = 'Node',
    [string] $OutputFolder = '.',
    [string] $Label = '',
    [string[]] $Only = @(),
    [string[]] $Skip = @(),
    [switch] $IncludeHgsClient,
    [ValidateRange(1, 3650)] [int] $Days = 30,
    [ValidateRange(0, 86400)] [int] $TaskTimeoutSeconds = 0,
    [ValidateRange(1, 86400)] [int] $RunTimeoutSeconds = 1800,
    [ValidateRange(1, 64)] [int] $ThrottleLimit = 16,
    [ValidateRange(1, 16)] [int] $TasksAtOnce = 4,
    [System.Management.Automation.PSCredential] $Credential,
    [string] $SigningCertificateThumbprint = '',
    [ValidateRange(0, 1000000)] [int] $MinimumFreeMB = 200,
    # What -Nodes sends to a host runs there with this: it gives its documents to the pipeline and writes nothing.
    [Parameter(DontShow = $true)] [switch] $ReturnDocuments
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Made by tools/make_collector.py from the register of facts and the rows of reads.

$HvVersion = '0.1.0'

$HvFacts = [ordered]@{
    operating_system = @{
        Function = 'Read-HvOperatingSystem'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'OperatingSystem'
        Command = 'Get-CimInstance; registry'
    }
    computer_system = @{
        Function = 'Read-HvComputerSystem'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'ComputerSystem'
        Command = 'Get-CimInstance'
    }
    device_guard = @{
        Function = 'Read-HvDeviceGuard'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'DeviceGuard'
        Command = 'Get-CimInstance'
    }
    device_guard_policy = @{
        Function = 'Read-HvDeviceGuardPolicy'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'DeviceGuardPolicy'
        Command = 'registry'
    }
    secure_boot = @{
        Function = 'Read-HvSecureBoot'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SecureBoot'
        Command = 'SecureBoot\Confirm-SecureBootUEFI; registry'
    }
    tpm = @{
        Function = 'Read-HvTpm'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Tpm'
        Command = 'TrustedPlatformModule\Get-Tpm; Get-CimInstance'
    }
    lsa_protection = @{
        Function = 'Read-HvLsaProtection'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'LsaProtection'
        Command = 'registry; Get-CimInstance; Get-WinEvent'
    }
    wdigest = @{
        Function = 'Read-HvWdigest'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'WDigest'
        Command = 'registry'
    }
    bitlocker = @{
        Function = 'Read-HvBitlocker'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 300; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'BitLocker'
        Command = 'Get-CimInstance; Invoke-CimMethod'
    }
    boot_events = @{
        Function = 'Read-HvBootEvents'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'BootEvents'
        Command = 'Get-WinEvent; Get-CimInstance'
    }
    code_integrity_events = @{
        Function = 'Read-HvCodeIntegrityEvents'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'CodeIntegrityEvents'
        Command = 'Get-WinEvent; Get-CimInstance'
    }
    pnp_problems = @{
        Function = 'Read-HvPnpProblems'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'PnpProblems'
        Command = 'Get-CimInstance'
    }
    service_failures = @{
        Function = 'Read-HvServiceFailures'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'ServiceFailures'
        Command = 'Get-WinEvent; Get-CimInstance'
    }
    driver_inventory = @{
        Function = 'Read-HvDriverInventory'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 600; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'DriverInventory'
        Command = 'Get-CimInstance; Get-Item; Get-FileHash; registry'
    }
    driver_blocklist = @{
        Function = 'Read-HvDriverBlocklist'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'DriverBlocklist'
        Command = 'registry; Test-Path; Get-Item; Get-FileHash; Get-WinEvent'
    }
    windows_features = @{
        Function = 'Read-HvWindowsFeatures'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 300; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'WindowsFeatures'
        Command = 'ServerManager\Get-WindowsFeature'
    }
    vm_host = @{
        Function = 'Read-HvVmHost'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'VmHost'
        Command = 'Hyper-V\Get-VMHost'
    }
    migration_networks = @{
        Function = 'Read-HvMigrationNetworks'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'MigrationNetworks'
        Command = 'Hyper-V\Get-VMMigrationNetwork'
    }
    vm_switches = @{
        Function = 'Read-HvVmSwitches'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'VmSwitches'
        Command = 'Hyper-V\Get-VMSwitch; Hyper-V\Get-VMSwitchTeam'
    }
    vm_network_adapters = @{
        Function = 'Read-HvVmNetworkAdapters'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'VmNetworkAdapters'
        Command = 'Hyper-V\Get-VMNetworkAdapter'
    }
    vms = @{
        Function = 'Read-HvVms'; Version = 1; Scope = 'node'; ItemKey = 'id'; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'Vm'
        Command = 'Hyper-V\Get-VM'
    }
    vm_security = @{
        Function = 'Read-HvVmSecurity'; Version = 1; Scope = 'node'; ItemKey = 'id'; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'VmSecurity'
        Command = 'Get-CimInstance; Hyper-V\Get-VM; Hyper-V\Get-VMKeyProtector; HgsClient\ConvertTo-HgsKeyProtector'
    }
    vm_firmware = @{
        Function = 'Read-HvVmFirmware'; Version = 1; Scope = 'node'; ItemKey = 'id'; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'VmFirmware'
        Command = 'Get-CimInstance'
    }
    guest_identity = @{
        Function = 'Read-HvGuestIdentity'; Version = 1; Scope = 'node'; ItemKey = 'id'; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'GuestIdentity'
        Command = 'Get-CimInstance'
    }
    hgs_client = @{
        Function = 'Read-HvHgsClient'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = 'IncludeHgsClient'; Shape = 'HgsClient'
        Command = 'HgsClient\Get-HgsClientConfiguration'
    }
    guardians = @{
        Function = 'Read-HvGuardians'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'Guardians'
        Command = 'registry; HgsClient\Get-HgsGuardian'
    }
    smb_server = @{
        Function = 'Read-HvSmbServer'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbServerConfiguration'
        Command = 'SmbShare\Get-SmbServerConfiguration'
    }
    smb_client = @{
        Function = 'Read-HvSmbClient'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbClientConfiguration'
        Command = 'SmbShare\Get-SmbClientConfiguration'
    }
    smb_shares = @{
        Function = 'Read-HvSmbShares'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbShares'
        Command = 'SmbShare\Get-SmbShare'
    }
    smb_quic = @{
        Function = 'Read-HvSmbQuic'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbQuic'
        Command = 'SmbShare\Get-SmbServerCertificateMapping; SmbShare\Get-SmbClientAccessToServer; SmbShare\Get-SmbServerAlternativePort'
    }
    smb_events = @{
        Function = 'Read-HvSmbEvents'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbEvents'
        Command = 'Get-WinEvent'
    }
    rdma = @{
        Function = 'Read-HvRdma'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'Rdma'
        Command = 'NetAdapter\Get-NetAdapterRdma'
    }
    mailslots = @{
        Function = 'Read-HvMailslots'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Mailslots'
        Command = 'registry'
    }
    firewall_rules = @{
        Function = 'Read-HvFirewallRules'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 600; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'FirewallRules'
        Command = 'NetSecurity\Get-NetFirewallRule; NetSecurity\Get-NetFirewallPortFilter; NetSecurity\Get-NetFirewallAddressFilter; NetSecurity\Get-NetFirewallApplicationFilter; NetSecurity\Get-NetFirewallServiceFilter; NetSecurity\Get-NetFirewallInterfaceFilter; NetSecurity\Get-NetFirewallInterfaceTypeFilter; NetSecurity\Get-NetFirewallSecurityFilter'
    }
    firewall_profiles = @{
        Function = 'Read-HvFirewallProfiles'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'FirewallProfiles'
        Command = 'NetSecurity\Get-NetFirewallProfile'
    }
    ip_interfaces = @{
        Function = 'Read-HvIpInterfaces'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'IpInterfaces'
        Command = 'NetTCPIP\Get-NetIPInterface; NetTCPIP\Get-NetIPAddress; NetConnection\Get-NetConnectionProfile; registry'
    }
    routes = @{
        Function = 'Read-HvRoutes'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Routes'
        Command = 'NetTCPIP\Get-NetRoute'
    }
    listeners = @{
        Function = 'Read-HvListeners'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Listeners'
        Command = 'NetTCPIP\Get-NetTCPConnection; Get-CimInstance'
    }
    iscsi_sessions = @{
        Function = 'Read-HvIscsiSessions'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'IscsiSessions'
        Command = 'Get-CimInstance; iSCSI\Get-IscsiSession'
    }
    fc_ports = @{
        Function = 'Read-HvFcPorts'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'FcPorts'
        Command = 'Storage\Get-InitiatorPort'
    }
    services = @{
        Function = 'Read-HvServices'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Services'
        Command = 'Get-CimInstance; Microsoft.PowerShell.LocalAccounts\Get-LocalUser; Invoke-CimMethod'
    }
    scheduled_tasks = @{
        Function = 'Read-HvScheduledTasks'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'ScheduledTasks'
        Command = 'ScheduledTasks\Get-ScheduledTask; ScheduledTasks\Export-ScheduledTask; Get-CimInstance'
    }
    local_groups = @{
        Function = 'Read-HvLocalGroups'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'LocalGroups'
        Command = 'Microsoft.PowerShell.LocalAccounts\Get-LocalGroup; Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember; New-Object'
    }
    local_users = @{
        Function = 'Read-HvLocalUsers'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'LocalUsers'
        Command = 'Microsoft.PowerShell.LocalAccounts\Get-LocalUser'
    }
    user_rights = @{
        Function = 'Read-HvUserRights'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'UserRights'
        Command = 'secedit.exe; Microsoft.PowerShell.LocalAccounts\Get-LocalUser; Microsoft.PowerShell.LocalAccounts\Get-LocalGroup'
    }
    password_policy = @{
        Function = 'Read-HvPasswordPolicy'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'PasswordPolicy'
        Command = 'secedit.exe'
    }
    remote_uac = @{
        Function = 'Read-HvRemoteUac'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'RemoteUac'
        Command = 'registry'
    }
    pku2u = @{
        Function = 'Read-HvPku2u'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Pku2u'
        Command = 'registry'
    }
    laps = @{
        Function = 'Read-HvLaps'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Laps'
        Command = 'registry'
    }
    logons = @{
        Function = 'Read-HvLogons'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 600; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Logons'
        Command = 'Get-WinEvent'
    }
    rdp = @{
        Function = 'Read-HvRdp'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Rdp'
        Command = 'registry'
    }
    winrm = @{
        Function = 'Read-HvWinrm'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'WinRm'
        Command = 'Get-CimInstance; Microsoft.WSMan.Management\Get-WSManInstance'
    }
    certificates = @{
        Function = 'Read-HvCertificates'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Certificates'
        Command = 'registry'
    }
    ps_session_configurations = @{
        Function = 'Read-HvPsSessionConfigurations'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'PsSessionConfigurations'
        Command = 'Get-CimInstance; Microsoft.WSMan.Management\Get-WSManInstance; Get-Acl'
    }
    role_capabilities = @{
        Function = 'Read-HvRoleCapabilities'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'RoleCapabilities'
        Command = 'registry; Get-Acl; Get-CimInstance; Microsoft.WSMan.Management\Get-WSManInstance'
    }
    installed_software = @{
        Function = 'Read-HvInstalledSoftware'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'InstalledSoftware'
        Command = 'registry'
    }
    user_profiles = @{
        Function = 'Read-HvUserProfiles'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'UserProfiles'
        Command = 'Get-CimInstance'
    }
    event_channels = @{
        Function = 'Read-HvEventChannels'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'EventChannels'
        Command = 'Get-WinEvent'
    }
    event_forwarding = @{
        Function = 'Read-HvEventForwarding'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'EventForwarding'
        Command = 'registry; Get-WinEvent; Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember'
    }
    audit_policy = @{
        Function = 'Read-HvAuditPolicy'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'AuditPolicy'
        Command = 'auditpol.exe; registry'
    }
    powershell_logging = @{
        Function = 'Read-HvPowershellLogging'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'PowerShellLogging'
        Command = 'registry'
    }
    sysmon_config = @{
        Function = 'Read-HvSysmonConfig'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 300; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SysmonConfig'
        Command = 'registry; Get-CimInstance; Get-WinEvent'
    }
    edr_onboarding = @{
        Function = 'Read-HvEdrOnboarding'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'EdrOnboarding'
        Command = 'registry; Test-Path; Get-WinEvent'
    }
    clock = @{
        Function = 'Read-HvClock'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'Clock'
        Command = 'Get-CimInstance; w32tm.exe; registry'
    }
    cluster = @{
        Function = 'Read-HvCluster'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'Cluster'
        Command = 'FailoverClusters\Get-Cluster'
    }
    cluster_nodes = @{
        Function = 'Read-HvClusterNodes'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'ClusterNodes'
        Command = 'FailoverClusters\Get-ClusterNode'
    }
    cluster_networks = @{
        Function = 'Read-HvClusterNetworks'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'ClusterNetworks'
        Command = 'FailoverClusters\Get-ClusterNetwork; FailoverClusters\Get-ClusterNetworkInterface; FailoverClusters\Get-ClusterResourceType; FailoverClusters\Get-ClusterParameter'
    }
    cluster_groups = @{
        Function = 'Read-HvClusterGroups'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'ClusterGroups'
        Command = 'FailoverClusters\Get-ClusterGroup; FailoverClusters\Get-ClusterResource; FailoverClusters\Get-ClusterOwnerNode; FailoverClusters\Get-ClusterParameter'
    }
    cluster_volumes = @{
        Function = 'Read-HvClusterVolumes'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'ClusterVolumes'
        Command = 'FailoverClusters\Get-ClusterSharedVolume'
    }
    cluster_access = @{
        Function = 'Read-HvClusterAccess'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'ClusterAccess'
        Command = 'FailoverClusters\Get-ClusterAccess'
    }
    cluster_certificates = @{
        Function = 'Read-HvClusterCertificates'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'ClusterCertificates'
        Command = 'registry'
    }
}

$HvShapes = @{
    AlternativePort = @{
        transport = '!text'
        port = '!int'
    }
    AuditPolicy = @{
        subcategories = '!%int'
        options = '%int'
        force_subcategories = '!@RegistryValue'
        process_command_line = '!@RegistryValue'
        ntlm_incoming = '!@RegistryValue'
        ntlm_outgoing = '!@RegistryValue'
    }
    BitLocker = @{
        installed = 'bool'
        volumes = '!@BitLockerVolume*'
    }
    BitLockerVolume = @{
        mount_point = '!text'
        protection = '!int'
        volume_type = 'int|null'
        conversion_status = 'int|null'
        encryption_method = 'int|null'
        protectors = 'text*'
        system_volume = 'bool'
    }
    BootEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        status = 'int|null'
        reason = 'int|null'
        policy = 'int|null'
        phase = 'int|null'
        level = 'int|null'
        config = 'int|null'
        is_test_config = 'int|null'
        is_auto_enabled = 'int|null'
        tpm_pcr_mask = 'int|null'
        cached_copy_status = 'int|null'
        unsealing_status = 'int|null'
        key_generation_status = 'int|null'
        sealing_status = 'int|null'
    }
    BootEvents = @{
        events = '!@BootEvent*'
        windows = '!@LogWindow*'
        last_boot = 'time|null'
    }
    Certificate = @{
        store = '!text'
        thumbprint = '!text'
        subject = '!text'
        issuer = '!text'
        not_before = '!time'
        not_after = '!time'
        has_private_key = '!bool'
        dns_names = 'text*'
        ip_names = 'text*'
        usages = 'text*'
        key_usage = 'int|null'
        key_algorithm = 'text|null'
        key_bits = 'int|null'
        signature_algorithm = 'text|null'
        chain_trusted = 'bool|null'
    }
    Certificates = @{
        certificates = '!@Certificate*'
    }
    Clock = @{
        utc = '!time'
        reference_utc = 'time|null'
        uncertainty_seconds = 'number|null'
        running = 'bool|null'
        leap_indicator = 'int|null'
        stratum = 'int|null'
        source = 'text|null'
        phase_offset_seconds = 'number|null'
        last_sync_error = 'int|null'
        since_sync_seconds = 'number|null'
        type = '!@RegistryValue'
        ntp_server = '!@RegistryValue'
        type_policy = '!@RegistryValue'
        ntp_server_policy = '!@RegistryValue'
        vm_provider_enabled = '@RegistryValue|null'
    }
    Cluster = @{
        name = '!text'
        id = 'text|null'
        domain = 'text|null'
        security_level = 'int|null'
        security_level_for_storage = 'int|null'
        functional_level = 'int|null'
        upgrade_version = 'int|null'
        access_point = 'int|null'
        netft_ipsec = 'int|null'
        s2d_enabled = 'int|null'
        maximum_parallel_migrations = 'int|null'
        rdma_for_storage = 'int|null'
    }
    ClusterAccess = @{
        entries = '!@ClusterAccessEntry*'
    }
    ClusterAccessEntry = @{
        sid = 'text|null'
        name = '!text'
        rights = '!int'
        deny = 'bool'
    }
    ClusterCertificates = @{
        certificates = '!@ServiceCertificate*'
    }
    ClusterGroup = @{
        id = '!text'
        name = '!text'
        group_type = '!int'
        owner_node = 'text|null'
        state = 'int|null'
        vm_id = 'text|null'
        possible_owners = 'text*|null'
        priority = 'int|null'
    }
    ClusterGroups = @{
        groups = '!@ClusterGroup*'
    }
    ClusterInterface = @{
        node = '!text'
        network_id = 'text|null'
        network = 'text|null'
        adapter = 'text|null'
        addresses = 'text*'
    }
    ClusterNetwork = @{
        id = '!text'
        name = '!text'
        role = '!int'
        subnets = 'text*'
        metric = 'int|null'
        auto_metric = 'bool|null'
    }
    ClusterNetworks = @{
        networks = '!@ClusterNetwork*'
        interfaces = '@ClusterInterface*'
        migration_excluded = 'text*|null'
        migration_order = 'text*|null'
    }
    ClusterNode = @{
        name = '!text'
        id = 'text|null'
        state = 'int|null'
        build_number = 'int|null'
    }
    ClusterNodes = @{
        nodes = '!@ClusterNode*'
    }
    ClusterVolume = @{
        id = '!text'
        name = '!text'
        path = 'text|null'
        owner_node = 'text|null'
        redirected = 'bool|null'
    }
    ClusterVolumes = @{
        volumes = '!@ClusterVolume*'
    }
    CodeIntegrityEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        count = 'int'
        first = 'time|null'
        file = 'text|null'
        process = 'text|null'
        status = 'int|null'
        hvci_failures = 'int|null'
        requested_level = 'int|null'
        validated_level = 'int|null'
        policy_name = 'text|null'
        policy_id = 'text|null'
        policy_options = 'int|null'
        publisher = 'text|null'
        issuer = 'text|null'
        activity_id = 'text|null'
    }
    CodeIntegrityEvents = @{
        events = '!@CodeIntegrityEvent*'
        windows = '!@LogWindow*'
        last_boot = 'time|null'
    }
    ComputerSystem = @{
        name = '!text'
        part_of_domain = '!bool'
        domain_role = '!int'
        dns_host_name = 'text|null'
        domain = 'text|null'
        manufacturer = 'text|null'
        model = 'text|null'
        hypervisor_present = 'bool|null'
    }
    DeviceGuard = @{
        vbs_status = '!int'
        services_configured = '!int*'
        services_running = '!int*'
        available_properties = '!int*'
        required_properties = 'int*|null'
        code_integrity_policy = 'int|null'
        usermode_code_integrity_policy = 'int|null'
    }
    DeviceGuardPolicy = @{
        lsa_cfg_flags_policy = '!@RegistryValue'
        lsa_cfg_flags_local = '!@RegistryValue'
        lsa_cfg_flags_default = '!@RegistryValue'
        vbs_policy = '!@RegistryValue'
        vbs_local = '!@RegistryValue'
        platform_policy = '!@RegistryValue'
        platform_local = '!@RegistryValue'
        hvci_policy = '!@RegistryValue'
        hvci_local = '!@RegistryValue'
        hvci_locked = '!@RegistryValue'
        locked = '!@RegistryValue'
        mandatory = '!@RegistryValue'
    }
    Driver = @{
        name = '!text'
        path = 'text|null'
        display_name = 'text|null'
        state = '!text'
        start_mode = '!text'
        service_type = 'text|null'
        file_version = 'text|null'
        company = 'text|null'
        original_name = 'text|null'
        size = 'int|null'
        sha256 = 'text|null'
        altitudes = 'text*'
    }
    DriverBlocklist = @{
        enabled = '!@RegistryValue'
        file_present = '!bool'
        file_size = 'int|null'
        file_sha256 = 'text|null'
        file_written = 'time|null'
        loaded = '@LoadedPolicy*|null'
    }
    DriverInventory = @{
        drivers = '!@Driver*'
        packages = '@DriverPackage*|null'
    }
    DriverPackage = @{
        inf = 'text|null'
        version = 'text|null'
        date = 'time|null'
        provider = 'text|null'
        signer = 'text|null'
        signed = 'bool|null'
        device_class = 'text|null'
        devices = 'text*'
    }
    EdrOnboarding = @{
        onboarding_state = '!@RegistryValue'
        last_connected = 'time|null'
        onboarding_policy = 'bool|null'
        passive_mode = '!@RegistryValue'
        services = '@SensorService*'
        recorded = '@SenseEvent*|null'
    }
    EventChannel = @{
        name = '!text'
        enabled = '!bool'
        mode = 'int|null'
        maximum_size = '!int'
        file_size = 'int|null'
        records = 'int|null'
        oldest_record = 'int|null'
        oldest_time = 'time|null'
        last_write = 'time|null'
        sddl = 'text|null'
        owning_provider = 'text|null'
    }
    EventChannels = @{
        channels = '!@EventChannel*'
        absent = 'text*'
    }
    EventForwarding = @{
        subscription_managers = '!text*'
        events = '@ForwardingEvent*'
        window = '@LogWindow|null'
        log_readers = 'text*|null'
    }
    FcPorts = @{
        ports = '!@InitiatorPort*'
    }
    FirewallProfile = @{
        name = '!text'
        enabled = '!bool'
        default_inbound = '!int'
        default_outbound = 'int|null'
        allow_local_rules = 'int|null'
        log_blocked = 'int|null'
    }
    FirewallProfiles = @{
        profiles = '!@FirewallProfile*'
    }
    FirewallRule = @{
        name = '!text'
        enabled = '!bool'
        direction = '!int'
        action = '!int'
        profiles = 'int'
        group = 'text|null'
        display_name = 'text|null'
        protocol = 'text|null'
        local_ports = 'text*'
        remote_addresses = 'text*'
        local_addresses = 'text*'
        program = 'text|null'
        service = 'text|null'
        interfaces = 'text*'
        interface_types = 'int|null'
        authentication = 'int|null'
    }
    FirewallRules = @{
        rules = '!@FirewallRule*'
    }
    ForwardingEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        subscription = 'text|null'
        query = 'text|null'
        manager = 'text|null'
        error = 'int|null'
        status = 'text|null'
    }
    GroupMember = @{
        sid = '!text'
        name = 'text|null'
        kind = 'text|null'
        source = 'text|null'
    }
    GuardianKey = @{
        thumbprint = '!text'
        subject = '!text'
        not_after = '!time'
        has_private_key = '!bool'
    }
    Guardians = @{
        keys = '!@GuardianKey*'
        names = 'text*|null'
    }
    GuestIdentity = @{
        id = '!text'
        fqdn = 'text|null'
        os_name = 'text|null'
        os_version = 'text|null'
        product_type = 'int|null'
    }
    HgsClient = @{
        host_guarded = '!bool'
        mode = '!int'
        attestation_mode = 'int|null'
        status = 'int|null'
        substatus = 'int|text|null'
        attestation_url = 'text|null'
        key_protection_url = 'text|null'
        fallback_attestation_urls = 'text*'
        fallback_key_protection_urls = 'text*'
        fallback_in_use = 'bool|null'
    }
    InitiatorPort = @{
        node_address = '!text'
        port_address = 'text|null'
        connection_type = 'int|null'
    }
    InstalledSoftware = @{
        products = '!@Software*'
    }
    IpInterface = @{
        index = '!int'
        alias = '!text'
        family = '!int'
        forwarding = '!bool'
        weak_host_receive = 'bool|null'
        weak_host_send = 'bool|null'
        addresses = 'text*'
        network_category = 'int|null'
    }
    IpInterfaces = @{
        interfaces = '!@IpInterface*'
        ip_enable_router = '@RegistryValue|null'
    }
    IscsiSession = @{
        target = '!text'
        portal = 'text|null'
        authentication = '!text'
        connected = 'bool|null'
        persistent = 'bool|null'
        header_digest = 'bool|null'
        data_digest = 'bool|null'
    }
    IscsiSessions = @{
        service_running = '!bool'
        sessions = '@IscsiSession*'
    }
    Laps = @{
        csp_backup_directory = '!@RegistryValue'
        csp_post_authentication_actions = '!@RegistryValue'
        csp_account_name = '!@RegistryValue'
        gpo_backup_directory = '!@RegistryValue'
        gpo_post_authentication_actions = '!@RegistryValue'
        gpo_account_name = '!@RegistryValue'
        local_backup_directory = '!@RegistryValue'
        local_post_authentication_actions = '!@RegistryValue'
        local_account_name = '!@RegistryValue'
        legacy_enabled = '!@RegistryValue'
    }
    Listener = @{
        address = '!text'
        port = '!int'
        process = 'text|null'
    }
    Listeners = @{
        listeners = '!@Listener*'
    }
    LoadedPolicy = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        policy_id = 'text|null'
        policy_name = 'text|null'
        options = 'int|null'
    }
    LocalGroup = @{
        sid = '!text'
        name = 'text|null'
        members = '@GroupMember*'
        unread = 'int'
    }
    LocalGroups = @{
        groups = '!@LocalGroup*'
    }
    LocalUser = @{
        sid = '!text'
        name = '!text'
        enabled = '!bool'
        password_last_set = 'time|null'
        password_expires = 'time|null'
        password_required = 'bool|null'
        last_logon = 'time|null'
    }
    LocalUsers = @{
        users = '!@LocalUser*'
    }
    LogWindow = @{
        channel = '!text'
        since = '!time'
        oldest = 'time|null'
        complete = 'bool'
    }
    Logon = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        count = 'int'
        first = 'time|null'
        sid = '!text'
        user = 'text|null'
        logon_type = '!int'
        address = 'text|null'
        workstation = 'text|null'
        package = 'text|null'
        ntlm = 'text|null'
        process = 'text|null'
        elevated = 'bool|null'
        virtual_account = 'bool|null'
        restricted_admin = 'bool|null'
        remote_credential_guard = 'bool|null'
    }
    Logons = @{
        logons = '!@Logon*'
        traces = '@Trace*'
        windows = '!@LogWindow*'
    }
    LsaProtection = @{
        run_as_ppl = '!@RegistryValue'
        run_as_ppl_policy = '!@RegistryValue'
        run_as_ppl_boot = '!@RegistryValue'
        started_protected = 'bool|null'
    }
    Mailslots = @{
        server_policy = '!@RegistryValue'
        client_policy = '!@RegistryValue'
        misspelt_policy = '!@RegistryValue'
    }
    MigrationNetwork = @{
        subnet = '!text'
        priority = 'int|null'
    }
    MigrationNetworks = @{
        networks = '!@MigrationNetwork*'
    }
    NetworkAdapter = @{
        id = '!text'
        name = '!text'
        vm_id = 'text|null'
        vm_name = 'text|null'
        switch_name = 'text|null'
        switch_id = 'text|null'
        mac_address = 'text|null'
        ip_addresses = 'text*'
        vlan_mode = 'int|null'
        access_vlan = 'int|null'
        native_vlan = 'int|null'
        allowed_vlans = 'int*'
        primary_vlan = 'int|null'
        secondary_vlan = 'int|null'
        isolation_mode = 'text|null'
        default_isolation_id = 'int|null'
        allow_untagged_traffic = 'bool|null'
        multi_tenant_stack = 'bool|null'
        mac_spoofing = 'bool|null'
        dhcp_guard = 'bool|null'
        router_guard = 'bool|null'
        mirroring = 'int|null'
        teaming = 'bool|null'
        acls = '@PortAcl*'
    }
    OperatingSystem = @{
        name = '!text'
        build_number = '!int'
        product_type = '!int'
        caption = 'text'
        sku = 'int|null'
        ubr = 'int|null'
        edition_id = 'text|null'
        installation_type = 'text|null'
        installed = 'time|null'
        last_boot = 'time|null'
    }
    PasswordPolicy = @{
        minimum_length = 'int|null'
        maximum_age_days = 'int|null'
        minimum_age_days = 'int|null'
        history = 'int|null'
        complexity = 'bool|null'
        lockout_threshold = 'int|null'
    }
    Pku2u = @{
        allow_online_id = '!@RegistryValue'
    }
    PnpProblem = @{
        device_id = '!text'
        code = '!int'
        name = 'text|null'
        service = 'text|null'
        pnp_class = 'text|null'
        class_guid = 'text|null'
        present = 'bool|null'
    }
    PnpProblems = @{
        devices = '!@PnpProblem*'
    }
    PortAcl = @{
        action = '!text'
        direction = '!text'
        weight = '!int'
        local_address = 'text|null'
        remote_address = 'text|null'
        local_port = 'text|null'
        remote_port = 'text|null'
        protocol = 'text|null'
    }
    PowerShellLogging = @{
        script_block = '!@RegistryValue'
        script_block_invocation = '!@RegistryValue'
        module = '!@RegistryValue'
        module_names = 'text*'
        transcription = '!@RegistryValue'
        transcription_header = '!@RegistryValue'
        transcription_directory = '!@RegistryValue'
    }
    PsSessionConfigurations = @{
        configurations = '!@SessionConfiguration*'
    }
    QuicAccess = @{
        mapping = '!text'
        identifier_type = '!text'
        identifier = '!text'
        deny = '!bool'
    }
    QuicMapping = @{
        name = '!text'
        thumbprint = '!text'
        subject = 'text|null'
        store_name = 'text|null'
        type = 'text|null'
        flags = 'text*|null'
        require_client_authentication = 'bool|null'
        skip_client_access_check = 'bool|null'
    }
    Rdma = @{
        adapters = '!@RdmaAdapter*'
    }
    RdmaAdapter = @{
        name = '!text'
        interface_description = 'text|null'
        enabled = '!bool'
        operational = 'bool|null'
    }
    Rdp = @{
        deny_policy = '!@RegistryValue'
        deny_local = '!@RegistryValue'
        nla_policy = '!@RegistryValue'
        nla_local = '!@RegistryValue'
        security_layer_policy = '!@RegistryValue'
        security_layer_local = '!@RegistryValue'
        encryption_level_policy = '!@RegistryValue'
        encryption_level_local = '!@RegistryValue'
        port = '!@RegistryValue'
        drive_redirection_policy = '!@RegistryValue'
        restricted_admin = '!@RegistryValue'
    }
    RegistryValue = @{
        state = '!=present,absent,denied'
        type = 'text|null'
        data = 'int|text|text*|null'
    }
    RemoteUac = @{
        token_filter_policy = '!@RegistryValue'
    }
    RoleCapabilities = @{
        roles = '!@RoleCapability*'
    }
    RoleCapability = @{
        name = '!text'
        path = '!text'
        visible_cmdlets = '@VisibleCommand*'
        visible_functions = '@VisibleCommand*'
        visible_external_commands = '@VisibleCommand*'
        visible_providers = 'text*'
        function_definitions = 'text*'
        writable_by = 'text*'
        unread = 'text|null'
    }
    Route = @{
        destination = '!text'
        next_hop = '!text'
        interface_index = '!int'
        interface_alias = 'text|null'
        metric = 'int|null'
        protocol = 'int|null'
    }
    Routes = @{
        routes = '!@Route*'
    }
    ScheduledTask = @{
        path = '!text'
        name = '!text'
        user = 'text|null'
        user_sid = 'text|null'
        group = 'text|null'
        logon_type = 'int|null'
        enabled = 'bool|null'
    }
    ScheduledTasks = @{
        tasks = '!@ScheduledTask*'
    }
    SecureBoot = @{
        state = '!=on,off,unsupported'
        firmware_type = '@RegistryValue|null'
    }
    SenseEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
    }
    SensorService = @{
        name = '!text'
        launch_protected = 'int|null'
    }
    Service = @{
        name = '!text'
        display_name = 'text|null'
        account = 'text|null'
        account_sid = 'text|null'
        state = '!text'
        start_mode = '!text'
        path = 'text|null'
    }
    ServiceCertificate = @{
        store = '!text'
        thumbprint = '!text'
        subject = '!text'
        issuer = 'text|null'
        not_before = 'time|null'
        not_after = '!time'
    }
    ServiceFailure = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        parameters = '!text*'
    }
    ServiceFailures = @{
        events = '!@ServiceFailure*'
        windows = '!@LogWindow*'
        last_boot = 'time|null'
    }
    Services = @{
        services = '!@Service*'
    }
    SessionConfiguration = @{
        name = '!text'
        enabled = 'bool|null'
        session_type = 'text|null'
        language_mode = 'text|null'
        run_as_user = 'text|null'
        run_as_virtual_account = 'bool|null'
        run_as_virtual_account_groups = 'text*'
        group_managed_service_account = 'text|null'
        transcript_directory = 'text|null'
        transcript_writable_by = 'text*|null'
        sddl = 'text|null'
        roles = '%text*'
        visible_cmdlets = 'text*'
        visible_functions = 'text*'
        visible_external_commands = 'text*'
        visible_providers = 'text*'
        config_file = 'text|null'
        unread = 'text|null'
    }
    SmbClientConfiguration = @{
        require_signing = '!bool'
        insecure_guest_logons = 'bool|null'
        require_encryption = 'bool|null'
        block_ntlm = 'bool|null'
        block_ntlm_exceptions = 'text*|null'
        audit_signing = 'bool|null'
        audit_encryption = 'bool|null'
        audit_guest = 'bool|null'
        dialect_min = 'int|null'
        dialect_max = 'int|null'
        mailslots = 'bool|null'
        ciphers = 'text*|null'
        quic = 'bool|null'
        skip_certificate_check = 'bool|null'
    }
    SmbEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        count = 'int'
        first = 'time|null'
        peer = 'text|null'
        address = 'text|null'
        user = 'text|null'
        share = 'text|null'
        status = 'int|null'
        connection_type = 'int|null'
        mutual_authentication = 'int|null'
        access_control_check = 'int|null'
        required = 'bool|null'
        signing_used = 'bool|null'
        encryption_used = 'bool|null'
        spn = 'text|null'
    }
    SmbEvents = @{
        events = '!@SmbEvent*'
        windows = '!@LogWindow*'
    }
    SmbQuic = @{
        mappings = '!@QuicMapping*'
        access = '@QuicAccess*|null'
        alternative_ports = '@AlternativePort*|null'
    }
    SmbServerConfiguration = @{
        require_signing = '!bool'
        smb1_enabled = 'bool|null'
        encrypt_data = 'bool|null'
        reject_unencrypted = 'bool|null'
        spn_validation = 'int|null'
        rate_limiter = 'bool|null'
        invalid_authentication_delay_ms = 'int|null'
        audit_smb1 = 'bool|null'
        audit_signing = 'bool|null'
        audit_encryption = 'bool|null'
        audit_spn = 'bool|null'
        audit_guest = 'bool|null'
        dialect_min = 'int|null'
        dialect_max = 'int|null'
        mailslots = 'bool|null'
        ciphers = 'text*|null'
        quic = 'bool|null'
        quic_restrict_named_pipes = 'bool|null'
    }
    SmbShare = @{
        name = '!text'
        scope = 'text|null'
        path = 'text|null'
        special = 'bool|null'
        encrypt_data = 'bool|null'
        continuously_available = 'bool|null'
        sddl = 'text|null'
    }
    SmbShares = @{
        shares = '!@SmbShare*'
    }
    Software = @{
        name = '!text'
        version = 'text|null'
        publisher = 'text|null'
        kind = 'text'
    }
    SysmonConfig = @{
        installed = '!bool'
        driver = 'text|null'
        service = 'text|null'
        image = 'text|null'
        altitude = 'text|null'
        rules_sha256 = 'text|null'
        rules_size = 'int|null'
        hashing_algorithm = '@RegistryValue|null'
        options = '@RegistryValue|null'
        config_file = '@RegistryValue|null'
        config_hash = '@RegistryValue|null'
        recorded = '@SysmonEvent*|null'
    }
    SysmonEvent = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        state = 'text|null'
        configuration_hash = 'text|null'
    }
    Tpm = @{
        present = '!bool'
        ready = 'bool|null'
        enabled = 'bool|null'
        activated = 'bool|null'
        owned = 'bool|null'
        locked_out = 'bool|null'
        manufacturer = 'text|null'
        manufacturer_version_20 = 'text|null'
        spec_version = 'text|null'
    }
    Trace = @{
        record_id = '!int'
        channel = '!text'
        provider = '!text'
        id = '!int'
        time = '!time'
        count = 'int'
        first = 'time|null'
        sid = 'text|null'
        user = 'text|null'
        address = 'text|null'
        client = 'text|null'
        target = 'text|null'
        process = 'text|null'
        resource = 'text|null'
    }
    UserProfile = @{
        sid = '!text'
        path = '!text'
        last_use = 'time|null'
        loaded = 'bool|null'
        special = 'bool'
    }
    UserProfiles = @{
        profiles = '!@UserProfile*'
    }
    UserRights = @{
        rights = '!%text*'
    }
    VisibleCommand = @{
        name = '!text'
        line = 'int'
        parameters = '%text'
    }
    Vm = @{
        id = '!text'
        name = '!text'
        generation = '!int'
        version = '!text'
        state = 'int|null'
        clustered = 'bool|null'
    }
    VmFirmware = @{
        id = '!text'
        secure_boot = 'bool|null'
        template_id = 'text|null'
    }
    VmHost = @{
        migration_enabled = '!bool'
        migration_authentication = '!int'
        migration_performance = '!int'
        any_network_for_migration = '!bool'
        maximum_migrations = 'int|null'
        maximum_storage_migrations = 'int|null'
        enhanced_session_mode = 'bool|null'
        numa_spanning = 'bool|null'
        fqdn = 'text|null'
    }
    VmNetworkAdapters = @{
        adapters = '!@NetworkAdapter*'
    }
    VmSecurity = @{
        id = '!text'
        tpm_enabled = '!bool'
        shielded = '!bool'
        encrypt_state_and_migration = '!bool'
        vbs_opt_out = '!bool'
        ksd_enabled = 'bool|null'
        data_protection = 'bool|null'
        bind_to_host_tpm = 'bool|null'
        protector_thumbprints = 'text*|null'
    }
    VmSwitch = @{
        id = '!text'
        name = '!text'
        type = '!int'
        allow_management_os = '!bool'
        adapters = 'text*'
        embedded_teaming = 'bool|null'
        team_adapters = 'text*'
    }
    VmSwitches = @{
        switches = '!@VmSwitch*'
    }
    WDigest = @{
        use_logon_credential = '!@RegistryValue'
        is_cred_guard_enabled = '!@RegistryValue'
    }
    WinRm = @{
        running = '!bool'
        allow_unencrypted = 'bool|null'
        auth_basic = 'bool|null'
        auth_kerberos = 'bool|null'
        auth_negotiate = 'bool|null'
        auth_certificate = 'bool|null'
        auth_credssp = 'bool|null'
        channel_binding = 'text|null'
        ipv4_filter = 'text|null'
        ipv6_filter = 'text|null'
        root_sddl = 'text|null'
        client_allow_unencrypted = 'bool|null'
        client_auth_basic = 'bool|null'
        client_auth_digest = 'bool|null'
        client_auth_credssp = 'bool|null'
        trusted_hosts = 'text*|null'
        listeners = '@WinRmListener*|null'
    }
    WinRmListener = @{
        address = '!text'
        transport = '!text'
        port = '!int'
        hostname = 'text|null'
        certificate_thumbprint = 'text|null'
        enabled = 'bool|null'
        listening_on = 'text*'
    }
    WindowsFeature = @{
        name = '!text'
        installed = '!bool'
        install_state = 'int|null'
    }
    WindowsFeatures = @{
        features = '!@WindowsFeature*'
    }
}

$HvReads = @(
    @{ Fact = 'node'; Read = 'Get-CimInstance root\cimv2:Win32_ComputerSystem'
        Properties = 'Name, DNSHostName, Domain, PartOfDomain'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'node'; Read = 'whoami.exe /groups /fo csv /nh'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'services'; Read = 'Get-CimInstance root\cimv2:Win32_Service'
        Properties = 'Name, DisplayName, StartName, State, StartMode, PathName, ProcessId'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'services'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalUser'
        Properties = 'Name, SID, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'services'; Read = 'Invoke-CimMethod -Query -Namespace -MethodName'
        Properties = 'Sid'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'scheduled_tasks'; Read = 'ScheduledTasks\Get-ScheduledTask'
        Properties = 'TaskPath, TaskName, Principal, UserId, LogonType, GroupId, Settings, Enabled'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'scheduled_tasks'; Read = 'ScheduledTasks\Export-ScheduledTask -TaskPath -TaskName'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'scheduled_tasks'; Read = 'Get-CimInstance root\cimv2:Win32_SystemAccount'
        Properties = 'Name, SID'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'local_groups'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalGroup'
        Properties = 'Name, SID, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'local_groups'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID'
        Properties = 'SID, Value, Name, ObjectClass, PrincipalSource'
        Release = '2019'; Elevated = $false; Effects = 'Windows looks up the names of domain members, at a domain controller where it does not remember them' },
    @{ Fact = 'local_groups'; Read = 'New-Object -TypeName -ArgumentList'
        Properties = 'objectSid, ADsPath, Class'
        Release = '2019'; Elevated = $false; Effects = 'Windows looks up the names of domain members, at a domain controller where it does not remember them' },
    @{ Fact = 'local_users'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalUser'
        Properties = 'SID, Value, Name, Enabled, PasswordLastSet, PasswordExpires, PasswordRequired, LastLogon'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'user_rights'; Read = 'secedit.exe /export /cfg $template /areas SECURITYPOLICY USER_RIGHTS /quiet'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'writes the template to a file in a private folder, which is removed' },
    @{ Fact = 'user_rights'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalUser'
        Properties = 'Name, SID, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'user_rights'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalGroup'
        Properties = 'Name, SID, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'password_policy'; Read = 'secedit.exe /export /cfg $template /areas SECURITYPOLICY USER_RIGHTS /quiet'
        Properties = 'MinimumPasswordLength, MaximumPasswordAge, MinimumPasswordAge, PasswordHistorySize, PasswordComplexity, LockoutBadCount'
        Release = '2019'; Elevated = $true; Effects = 'writes the template to a file in a private folder, which is removed' },
    @{ Fact = 'pku2u'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\pku2u: AllowOnlineID'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'remote_uac'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System: LocalAccountTokenFilterPolicy'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'wdigest'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest: UseLogonCredential, IsCredGuardEnabled'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'laps'; Read = 'HKLM:\SOFTWARE\Microsoft\Policies\LAPS: BackupDirectory, PostAuthenticationActions, AdministratorAccountName'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'laps'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS: BackupDirectory, PostAuthenticationActions, AdministratorAccountName'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'laps'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config: BackupDirectory, PostAuthenticationActions, AdministratorAccountName'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'laps'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft Services\AdmPwd: AdmPwdEnabled'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\MY\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\MY\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, Subject, Issuer, NotBefore, NotAfter, PublicKey, Oid, Value, EncodedKeyValue, SignatureAlgorithm, Extensions, RawData, EnhancedKeyUsages, KeyUsages, SubjectName, IssuerName, ExtraStore, ChainElements, ChainElementStatus, Status'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\ROOT\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\ROOT\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\AuthRoot\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\AuthRoot\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\CA\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\CA\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates\Root\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates\Root\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates\CA\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates\CA\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates\Root\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates\Root\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates\CA\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates\CA\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, SubjectName, IssuerName, RawData'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'cluster'; Read = 'FailoverClusters\Get-Cluster'
        Properties = 'Name, Id, Domain, SecurityLevel, SecurityLevelForStorage, ClusterFunctionalLevel, ClusterUpgradeVersion, AdministrativeAccessPoint, NetftIPSecEnabled, S2DEnabled, MaximumParallelMigrations, UseRdmaForStorage'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_nodes'; Read = 'FailoverClusters\Get-ClusterNode'
        Properties = 'Name, Id, State, BuildNumber'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_networks'; Read = 'FailoverClusters\Get-ClusterNetwork'
        Properties = 'Id, Name, Role, Metric, AutoMetric, Ipv4Addresses, Ipv4PrefixLengths, Ipv6Addresses, Ipv6PrefixLengths'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_networks'; Read = 'FailoverClusters\Get-ClusterNetworkInterface'
        Properties = 'Node, Network, Id, Name, Adapter, Ipv4Addresses, Ipv6Addresses'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_networks'; Read = 'FailoverClusters\Get-ClusterResourceType -Name'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_networks'; Read = 'FailoverClusters\Get-ClusterParameter'
        Properties = 'Name, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_groups'; Read = 'FailoverClusters\Get-ClusterGroup'
        Properties = 'Id, Name, GroupType, OwnerNode, State, Priority'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_groups'; Read = 'FailoverClusters\Get-ClusterResource'
        Properties = 'Name, OwnerGroup, ResourceType'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_groups'; Read = 'FailoverClusters\Get-ClusterOwnerNode'
        Properties = 'ClusterObject, OwnerNodes, Name'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_groups'; Read = 'FailoverClusters\Get-ClusterParameter -Name'
        Properties = 'ClusterObject, Name, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_volumes'; Read = 'FailoverClusters\Get-ClusterSharedVolume'
        Properties = 'Id, Name, OwnerNode, SharedVolumeInfo, FriendlyVolumeName, RedirectedAccess'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_access'; Read = 'FailoverClusters\Get-ClusterAccess'
        Properties = 'IdentityReference, Value, AccessControlType, ClusterRights'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster_certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc\SystemCertificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'cluster_certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc\SystemCertificates\<store>\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'cluster_certificates'; Read = 'HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc\SystemCertificates\<store>\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, Subject, Issuer, NotBefore, NotAfter'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'boot_events'; Read = 'Get-WinEvent System Microsoft-Windows-Kernel-Boot 124, 153, 156'
        Properties = 'Status, EnableDisableReason, VsmPolicy, Phase'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'boot_events'; Read = 'Get-WinEvent Microsoft-Windows-Kernel-Boot/Operational Microsoft-Windows-Kernel-Boot 51'
        Properties = 'TpmPcrMask, CachedCopyStatus, UnsealingCachedCopyStatus, PrimaryBlobUnsealStatus, KeyGenerationAndSaveStatus, SealingStatus'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'boot_events'; Read = 'Get-WinEvent System Microsoft-Windows-Wininit 12, 13, 14, 15, 16, 17'
        Properties = 'Level, Config, IsTestConfig, IsAutoEnabled'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'boot_events'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'code_integrity_events'; Read = 'Get-WinEvent Microsoft-Windows-CodeIntegrity/Operational Microsoft-Windows-CodeIntegrity 3001, 3004, 3021, 3022, 3023, 3033, 3034, 3063, 3065, 3066, 3072, 3073, 3074, 3076, 3077, 3082, 3083, 3084, 3085, 3086, 3087, 3089, 3099, 3104, 3111'
        Properties = 'FileNameBuffer, File Name, ProcessNameBuffer, Process Name, Status, HVCIAuditFailures, RequestedPolicy, Requested Signing Level, ValidatedPolicy, Validated Signing Level, PolicyName, PolicyNameBuffer, PolicyGUID, Options, PublisherName, IssuerName'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'code_integrity_events'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'pnp_problems'; Read = 'Get-CimInstance root\cimv2:Win32_PnPEntity -Filter'
        Properties = 'PNPDeviceID, ConfigManagerErrorCode, Name, Service, PNPClass, ClassGuid, Present'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'service_failures'; Read = 'Get-WinEvent System Service Control Manager 7000, 7001, 7009, 7026'
        Properties = 'param1, param2, param3'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'service_failures'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'driver_blocklist'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\CI\Config: VulnerableDriverBlocklistEnable'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'driver_blocklist'; Read = 'Test-Path -LiteralPath'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_blocklist'; Read = 'Get-Item -LiteralPath'
        Properties = 'Length, LastWriteTimeUtc'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_blocklist'; Read = 'Get-FileHash -LiteralPath -Algorithm'
        Properties = 'Hash'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_blocklist'; Read = 'Get-WinEvent Microsoft-Windows-CodeIntegrity/Operational Microsoft-Windows-CodeIntegrity 3099'
        Properties = 'PolicyGUID, PolicyNameBuffer, Options'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'logons'; Read = 'Get-WinEvent Security Microsoft-Windows-Security-Auditing 4624'
        Properties = 'TargetUserSid, TargetDomainName, TargetUserName, LogonType, IpAddress, WorkstationName, AuthenticationPackageName, LmPackageName, LogonProcessName, ElevatedToken, VirtualAccount, RestrictedAdminMode, RemoteCredentialGuard'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'logons'; Read = 'Get-WinEvent Security Microsoft-Windows-Security-Auditing 4648, 4778, 4779'
        Properties = 'SubjectUserSid, TargetDomainName, TargetUserName, TargetServerName, ProcessName, IpAddress, AccountDomain, AccountName, ClientName, ClientAddress'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'logons'; Read = 'Get-WinEvent Microsoft-Windows-TerminalServices-LocalSessionManager/Operational Microsoft-Windows-TerminalServices-LocalSessionManager 21, 24, 25'
        Properties = 'User, Address'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'logons'; Read = 'Get-WinEvent Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational Microsoft-Windows-TerminalServices-RemoteConnectionManager 1149'
        Properties = 'Param1, Param2, Param3'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'logons'; Read = 'Get-WinEvent Microsoft-Windows-WinRM/Operational Microsoft-Windows-WinRM 91'
        Properties = 'resourceUri'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SMBServer/Security Microsoft-Windows-SMBServer 551'
        Properties = 'Status, ClientAddress, UserName, ClientName, SPN'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SMBServer/Connectivity Microsoft-Windows-SMBServer 1913, 4000'
        Properties = 'ConnectionType, ClientSocketAddress, MutualAuthentication, AccessControlCheck, ShareName, ClientAddress, ClientName, SigningUsed, EncyptionUsed'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SMBServer/Audit Microsoft-Windows-SMBServer 3000, 3002, 3007, 3008, 3009, 3021, 3022, 3023, 3024, 3025, 3026, 3027'
        Properties = 'ClientName, UserName, ServerRequiresSigning, ServerRequiresEncryption, ClientSocketAddress, Status, SPN'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SmbClient/Connectivity Microsoft-Windows-SMBClient 30832'
        Properties = 'ServerName, ConnectionType, RemoteAddress'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SmbClient/Audit Microsoft-Windows-SMBClient 31997, 31998, 31999, 32000, 32002'
        Properties = 'ServerName, ClientRequireSigning, ClientRequireEncryption'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_events'; Read = 'Get-WinEvent Microsoft-Windows-SmbClient/Security Microsoft-Windows-SMBClient 31013, 31017, 31018, 31022'
        Properties = 'ServerName, UserName, Status'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'windows_features'; Read = 'ServerManager\Get-WindowsFeature'
        Properties = 'Name, Installed, InstallState'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallRule -PolicyStore -Direction'
        Properties = 'Name, DisplayName, Group, Enabled, Direction, Action, Profile'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallPortFilter -PolicyStore'
        Properties = 'InstanceID, Protocol, LocalPort'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallAddressFilter -PolicyStore'
        Properties = 'InstanceID, RemoteAddress, LocalAddress'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallApplicationFilter -PolicyStore'
        Properties = 'InstanceID, Program'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallServiceFilter -PolicyStore'
        Properties = 'InstanceID, Service'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallInterfaceFilter -PolicyStore'
        Properties = 'InstanceID, InterfaceAlias'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallInterfaceTypeFilter -PolicyStore'
        Properties = 'InstanceID, InterfaceType'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_rules'; Read = 'NetSecurity\Get-NetFirewallSecurityFilter -PolicyStore'
        Properties = 'InstanceID, Authentication'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'firewall_profiles'; Read = 'NetSecurity\Get-NetFirewallProfile -PolicyStore'
        Properties = 'Name, Enabled, DefaultInboundAction, DefaultOutboundAction, AllowLocalFirewallRules, LogBlocked'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'operating_system'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'CSName, BuildNumber, ProductType, Caption, OperatingSystemSKU, InstallDate, LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'operating_system'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion: UBR, EditionID, InstallationType'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'computer_system'; Read = 'Get-CimInstance root\cimv2:Win32_ComputerSystem'
        Properties = 'Name, PartOfDomain, DomainRole, DNSHostName, Domain, Manufacturer, Model, HypervisorPresent'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'vm_host'; Read = 'Hyper-V\Get-VMHost'
        Properties = 'VirtualMachineMigrationEnabled, VirtualMachineMigrationAuthenticationType, VirtualMachineMigrationPerformanceOption, UseAnyNetworkForMigration, MaximumVirtualMachineMigrations, MaximumStorageMigrations, EnableEnhancedSessionMode, NumaSpanningEnabled, FullyQualifiedDomainName'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'migration_networks'; Read = 'Hyper-V\Get-VMMigrationNetwork'
        Properties = 'Subnet, Priority'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vms'; Read = 'Hyper-V\Get-VM'
        Properties = 'Id, Name, Generation, Version, State, IsClustered'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_security'; Read = 'Get-CimInstance root\virtualization\v2:Msvm_VirtualSystemSettingData -Filter -Property'
        Properties = 'VirtualSystemIdentifier, VirtualSystemType'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_security'; Read = 'Get-CimInstance root\virtualization\v2:Msvm_SecuritySettingData'
        Properties = 'InstanceID, TpmEnabled, ShieldingRequested, EncryptStateAndVmMigrationTraffic, VirtualizationBasedSecurityOptOut, KsdEnabled, DataProtectionRequested, BindToHostTpm'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_security'; Read = 'Hyper-V\Get-VM'
        Properties = 'Id'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_security'; Read = 'Hyper-V\Get-VMKeyProtector -VM'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_security'; Read = 'HgsClient\ConvertTo-HgsKeyProtector -Bytes'
        Properties = 'Owner, Guardians, EncryptionCertificate, Thumbprint'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_firmware'; Read = 'Get-CimInstance root\virtualization\v2:Msvm_VirtualSystemSettingData -Filter -Property'
        Properties = 'VirtualSystemIdentifier, VirtualSystemType, VirtualSystemSubType, SecureBootEnabled, SecureBootTemplateId'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_switches'; Read = 'Hyper-V\Get-VMSwitch'
        Properties = 'Id, Name, SwitchType, AllowManagementOS, NetAdapterInterfaceDescriptions, EmbeddedTeamingEnabled'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_switches'; Read = 'Hyper-V\Get-VMSwitchTeam -VMSwitch'
        Properties = 'Id, NetAdapterInterfaceDescription'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'vm_network_adapters'; Read = 'Hyper-V\Get-VMNetworkAdapter -All'
        Properties = 'Id, Name, IsManagementOs, IsExternalAdapter, VMId, VMName, SwitchName, SwitchId, MacAddress, IPAddresses, VlanSetting, OperationMode, AccessVlanId, NativeVlanId, AllowedVlanIdList, PrimaryVlanId, SecondaryVlanId, IsolationSetting, IsolationMode, DefaultIsolationID, AllowUntaggedTraffic, MultiTenantStack, MacAddressSpoofing, DhcpGuard, RouterGuard, PortMirroringMode, AllowTeaming, ExtendedAclList, Action, Direction, Weight, LocalIPAddress, RemoteIPAddress, LocalPort, RemotePort, Protocol'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'guest_identity'; Read = 'Get-CimInstance root\virtualization\v2:Msvm_KvpExchangeComponent'
        Properties = 'SystemName, GuestIntrinsicExchangeItems'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'event_channels'; Read = 'Get-WinEvent -ListLog -LogName -Oldest -MaxEvents'
        Properties = 'LogName, IsEnabled, LogMode, MaximumSizeInBytes, FileSize, RecordCount, OldestRecordNumber, LastWriteTime, SecurityDescriptor, OwningProviderName'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'event_forwarding'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager: all names'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'event_forwarding'; Read = 'Get-WinEvent Microsoft-Windows-Forwarding/Operational Microsoft-Windows-Forwarding 100, 101, 102, 103, 104, 105, 106, 107'
        Properties = 'Id, Query, Status, ErrorCode, SubscriptionManagerAddress'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'event_forwarding'; Read = 'Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID'
        Properties = 'SID'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'audit_policy'; Read = 'auditpol.exe /backup /file:'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'writes its answer to a file in a private folder, which is removed' },
    @{ Fact = 'audit_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa: SCENoApplyLegacyAuditPolicy'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'audit_policy'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit: ProcessCreationIncludeCmdLine_Enabled'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'audit_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0: AuditReceivingNTLMTraffic, RestrictSendingNTLMTraffic'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'clock'; Read = 'Get-CimInstance root\cimv2:Win32_UTCTime'
        Properties = 'Year, Month, Day, Hour, Minute, Second'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'clock'; Read = 'w32tm.exe /query /status /verbose'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'clock'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters: Type, NtpServer'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'clock'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\W32Time\Parameters: Type, NtpServer'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'clock'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider: Enabled'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'rdp'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services: fDenyTSConnections, UserAuthentication, SecurityLayer, MinEncryptionLevel, fDisableCdm'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'rdp'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server: fDenyTSConnections'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'rdp'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp: UserAuthentication, SecurityLayer, MinEncryptionLevel, PortNumber'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'rdp'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa: DisableRestrictedAdmin'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'winrm'; Read = 'Get-CimInstance root\cimv2:Win32_Service -Filter'
        Properties = 'Name, State'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'winrm'; Read = 'Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI -Enumerate'
        Properties = 'Service, Auth, Client, AllowUnencrypted, Basic, Kerberos, Negotiate, Certificate, CredSSP, CbtHardeningLevel, IPv4Filter, IPv6Filter, RootSDDL, Digest, TrustedHosts, CertificateThumbprint, Address, Transport, Port, Hostname, Enabled, ListeningOn'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'installed_software'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall: DisplayName, DisplayVersion, Publisher, the keys below'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'installed_software'; Read = 'HKLM:\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall: DisplayName, DisplayVersion, Publisher, the keys below'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'installed_software'; Read = 'HKLM:\SOFTWARE\Clients\StartMenuInternet: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'installed_software'; Read = 'HKLM:\SOFTWARE\Clients\Mail: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'user_profiles'; Read = 'Get-CimInstance root\cimv2:Win32_UserProfile'
        Properties = 'SID, LocalPath, LastUseTime, Loaded, Special'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'bitlocker'; Read = 'Get-CimInstance root\cimv2\security:__NAMESPACE'
        Properties = 'Name'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'bitlocker'; Read = 'Get-CimInstance root\cimv2\security\MicrosoftVolumeEncryption:Win32_EncryptableVolume'
        Properties = 'DeviceID, DriveLetter, VolumeType, ProtectionStatus, ConversionStatus, EncryptionMethod'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'bitlocker'; Read = 'Get-CimInstance root\cimv2:Win32_Volume'
        Properties = 'DeviceID, Name'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'bitlocker'; Read = 'Invoke-CimMethod -InputObject -MethodName -Arguments'
        Properties = 'ReturnValue, VolumeKeyProtectorID, KeyProtectorType'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'powershell_logging'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging: EnableScriptBlockLogging, EnableScriptBlockInvocationLogging'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'powershell_logging'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging: EnableModuleLogging'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'powershell_logging'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging\ModuleNames: all names'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'powershell_logging'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription: EnableTranscripting, EnableInvocationHeader, OutputDirectory'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'routes'; Read = 'NetTCPIP\Get-NetRoute -PolicyStore'
        Properties = 'DestinationPrefix, NextHop, InterfaceIndex, InterfaceAlias, RouteMetric, Protocol'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'ip_interfaces'; Read = 'NetTCPIP\Get-NetIPInterface -PolicyStore'
        Properties = 'InterfaceIndex, InterfaceAlias, AddressFamily, Forwarding, WeakHostReceive, WeakHostSend'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'ip_interfaces'; Read = 'NetTCPIP\Get-NetIPAddress -PolicyStore'
        Properties = 'InterfaceIndex, AddressFamily, IPAddress, PrefixLength'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'ip_interfaces'; Read = 'NetConnection\Get-NetConnectionProfile'
        Properties = 'InterfaceIndex, NetworkCategory'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'ip_interfaces'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters: IPEnableRouter'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'listeners'; Read = 'NetTCPIP\Get-NetTCPConnection -State'
        Properties = 'LocalAddress, LocalPort, OwningProcess'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'listeners'; Read = 'Get-CimInstance root\cimv2:Win32_Process -Property'
        Properties = 'ProcessId, Name'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'iscsi_sessions'; Read = 'Get-CimInstance root\cimv2:Win32_Service -Filter'
        Properties = 'Name, State'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'iscsi_sessions'; Read = 'iSCSI\Get-IscsiSession'
        Properties = 'TargetNodeAddress, InitiatorPortalAddress, AuthenticationType, IsConnected, IsPersistent, IsHeaderDigest, IsDataDigest'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'fc_ports'; Read = 'Storage\Get-InitiatorPort'
        Properties = 'NodeAddress, PortAddress, ConnectionType'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'rdma'; Read = 'NetAdapter\Get-NetAdapterRdma'
        Properties = 'Name, InterfaceDescription, Enabled, OperationalState'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard: LsaCfgFlags, EnableVirtualizationBasedSecurity, RequirePlatformSecurityFeatures, HypervisorEnforcedCodeIntegrity'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard: EnableVirtualizationBasedSecurity, RequirePlatformSecurityFeatures, Locked, Mandatory'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity: Enabled, Locked'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa: LsaCfgFlags, LsaCfgFlagsDefault'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard'; Read = 'Get-CimInstance root\Microsoft\Windows\DeviceGuard:Win32_DeviceGuard'
        Properties = 'VirtualizationBasedSecurityStatus, SecurityServicesConfigured, SecurityServicesRunning, AvailableSecurityProperties, RequiredSecurityProperties, CodeIntegrityPolicyEnforcementStatus, UsermodeCodeIntegrityPolicyEnforcementStatus'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'secure_boot'; Read = 'SecureBoot\Confirm-SecureBootUEFI'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'secure_boot'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control: PEFirmwareType'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'tpm'; Read = 'TrustedPlatformModule\Get-Tpm'
        Properties = 'TpmPresent, TpmReady, TpmEnabled, TpmActivated, TpmOwned, LockedOut, ManufacturerIdTxt, ManufacturerVersionFull20'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'tpm'; Read = 'Get-CimInstance root\cimv2\Security\MicrosoftTpm:Win32_Tpm'
        Properties = 'SpecVersion'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'lsa_protection'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa: RunAsPPL, RunAsPPLBoot'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'lsa_protection'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\System: RunAsPPL'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'lsa_protection'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'lsa_protection'; Read = 'Get-WinEvent System Microsoft-Windows-Wininit 12'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'Get-CimInstance root\cimv2:Win32_SystemDriver'
        Properties = 'Name, DisplayName, PathName, State, StartMode, ServiceType'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'Get-CimInstance root\cimv2:Win32_PnPSignedDriver'
        Properties = 'InfName, DriverVersion, DriverDate, DriverProviderName, Signer, IsSigned, DeviceClass, DeviceName'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'Get-Item -LiteralPath'
        Properties = 'VersionInfo, Length, FileMajorPart, FileMinorPart, FileBuildPart, FilePrivatePart, CompanyName, OriginalFilename'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'Get-FileHash -LiteralPath -Algorithm'
        Properties = 'Hash'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Instances: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'driver_inventory'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Instances\*: Altitude'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'ps_session_configurations'; Read = 'Get-CimInstance root\cimv2:Win32_Service -Filter'
        Properties = 'Name, State'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'ps_session_configurations'; Read = 'Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI -Enumerate'
        Properties = 'Name, Filename, Enabled, RunAsUser, RunAsVirtualAccount, RunAsVirtualAccountGroups, InitializationParameters, Param, Value, Resources, Resource, Security, Sddl'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'ps_session_configurations'; Read = 'Get-Acl -LiteralPath'
        Properties = 'Sddl'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'role_capabilities'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment: PSModulePath'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'role_capabilities'; Read = 'Get-Acl -LiteralPath'
        Properties = 'Sddl'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'role_capabilities'; Read = 'Get-CimInstance root\cimv2:Win32_Service -Filter'
        Properties = 'Name, State'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'role_capabilities'; Read = 'Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI -Enumerate'
        Properties = 'Name, Filename, InitializationParameters, Param, Value'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Instances: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Instances\*: Altitude'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Parameters: Rules, HashingAlgorithm, Options, ConfigFile, ConfigHash'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'Get-CimInstance root\cimv2:Win32_Service'
        Properties = 'Name, PathName'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'sysmon_config'; Read = 'Get-WinEvent Microsoft-Windows-Sysmon/Operational Microsoft-Windows-Sysmon 1, 3, 4, 6, 7, 11, 16, 22, 255'
        Properties = 'State, ConfigurationFileHash'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'edr_onboarding'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status: OnboardingState, LastConnected'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'edr_onboarding'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection: all names, ForceDefenderPassiveMode'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'edr_onboarding'; Read = 'Test-Path -LiteralPath'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'edr_onboarding'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Services\*: LaunchProtected'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'edr_onboarding'; Read = 'Get-WinEvent Microsoft-Windows-SENSE/Operational Microsoft-Windows-SENSE 1, 5, 6, 7, 10, 11, 15, 20, 84'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'hgs_client'; Read = 'HgsClient\Get-HgsClientConfiguration'
        Properties = 'IsHostGuarded, Mode, AttestationOperationMode, AttestationStatus, AttestationSubstatus, AttestationServerUrl, KeyProtectionServerUrl, FallbackAttestationServerUrl, FallbackKeyProtectionServerUrl, IsFallbackInUse'
        Release = '2019'; Elevated = $true; Effects = 'may start an attestation: the host asks the Host Guardian Service, over the network' },
    @{ Fact = 'guardians'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\Shielded VM Local Certificates\Certificates: the keys below'
        Properties = ''
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'guardians'; Read = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\Shielded VM Local Certificates\Certificates\<thumbprint>: Blob'
        Properties = 'Thumbprint, Subject, NotAfter'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'guardians'; Read = 'HgsClient\Get-HgsGuardian'
        Properties = 'Name'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_server'; Read = 'SmbShare\Get-SmbServerConfiguration'
        Properties = 'RequireSecuritySignature, EnableSMB1Protocol, EncryptData, RejectUnencryptedAccess, SmbServerNameHardeningLevel, EnableAuthRateLimiter, InvalidAuthenticationDelayTimeInMs, AuditSmb1Access, AuditClientDoesNotSupportSigning, AuditClientDoesNotSupportEncryption, AuditClientSpnSupport, AuditInsecureGuestLogon, Smb2DialectMin, Smb2DialectMax, EnableMailslots, EncryptionCiphers, EnableSMBQUIC, RestrictNamedpipeAccessViaQuic'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_client'; Read = 'SmbShare\Get-SmbClientConfiguration'
        Properties = 'RequireSecuritySignature, EnableInsecureGuestLogons, RequireEncryption, BlockNTLM, BlockNTLMServerExceptionList, AuditServerDoesNotSupportSigning, AuditServerDoesNotSupportEncryption, AuditInsecureGuestLogon, Smb2DialectMin, Smb2DialectMax, EnableMailslots, EncryptionCiphers, EnableSMBQUIC, SkipCertificateCheck'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'mailslots'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Bowser: EnableMailslots'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'mailslots'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider: EnableMailslots'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'mailslots'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Browser: EnableMailslots'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'smb_quic'; Read = 'SmbShare\Get-SmbServerCertificateMapping'
        Properties = 'Name, Thumbprint, Subject, StoreName, Type, Flags, RequireClientAuthentication, SkipClientCertificateAccessCheck'
        Release = '2022'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_quic'; Read = 'SmbShare\Get-SmbClientAccessToServer -Name'
        Properties = 'Name, IdentifierType, Identifier, AccessControlType'
        Release = '2022'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_quic'; Read = 'SmbShare\Get-SmbServerAlternativePort'
        Properties = 'TransportType, Port'
        Release = '2025'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'smb_shares'; Read = 'SmbShare\Get-SmbShare'
        Properties = 'Name, ScopeName, Path, Special, EncryptData, ContinuouslyAvailable, SecurityDescriptor'
        Release = '2019'; Elevated = $true; Effects = 'none' }
)

# JSON: ConvertTo-Json of Windows PowerShell 5.1 cuts at a depth, writes dates its own way and takes arrays of one apart.

# Gives a value as JSON text. Numbers and dates do not depend on the culture; an enum is its number, a date ISO 8601 in UTC
# (one without a zone is local time, as .NET has it), a TimeSpan an ISO 8601 duration, bytes are hexadecimal.
function ConvertTo-HvJson {
    param($Value)
    $builder = New-Object System.Text.StringBuilder
    Add-HvJson $builder $Value
    $builder.ToString()
}

function Add-HvJson($Builder, $Value) {
    if ($null -eq $Value) { [void] $Builder.Append('null'); return }
    if ($Value -is [string]) { Add-HvJsonText $Builder ([string] $Value); return }
    if ($Value -is [bool]) { [void] $Builder.Append($(if ($Value) { 'true' } else { 'false' })); return }
    if ($Value -is [decimal] -and [decimal]::Truncate($Value) -eq $Value) { $Value = [decimal]::Truncate($Value) }
    if ($Value -is [System.Enum]) { [void] $Builder.Append($Value.ToString('d')); return }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or $Value -is [byte] -or
        $Value -is [sbyte] -or $Value -is [int16] -or $Value -is [uint16] -or $Value -is [decimal]) {
        [void] $Builder.Append($Value.ToString([System.Globalization.CultureInfo]::InvariantCulture))
        return
    }
    if ($Value -is [double] -or $Value -is [single]) { Add-HvJsonDouble $Builder ([double] $Value); return }
    if ($Value -is [System.Collections.IDictionary]) { Add-HvJsonDictionary $Builder $Value; return }
    if ($Value -is [byte[]]) {
        Add-HvJsonText $Builder ([System.BitConverter]::ToString($Value).Replace('-', '').ToLowerInvariant())
        return
    }
    if ($Value -is [System.Collections.IEnumerable]) { Add-HvJsonArray $Builder $Value; return }
    Add-HvJsonText $Builder (ConvertTo-HvJsonScalar $Value)
}

# The text of a value that JSON has no type for.
function ConvertTo-HvJsonScalar($Value) {
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', $invariant) }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.UtcDateTime.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', $invariant)
    }
    if ($Value -is [timespan]) { return [System.Xml.XmlConvert]::ToString([timespan] $Value) }
    if ($Value -is [guid]) { return $Value.ToString('d').ToLowerInvariant() }
    if ($Value -is [char] -or $Value -is [version]) { return $Value.ToString() }
    throw (New-HvFailure 'unparsable' "a value of type $($Value.GetType().FullName) has no place in a fact")
}

function Add-HvJsonDouble($Builder, [double] $Value) {
    if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) {
        throw (New-HvFailure 'unparsable' 'a number is infinite or not a number')
    }
    # Not 'R', which .NET Framework gets wrong for some numbers.
    [void] $Builder.Append($Value.ToString('G17', [System.Globalization.CultureInfo]::InvariantCulture))
}

function Add-HvJsonDictionary($Builder, $Value) {
    [void] $Builder.Append('{')
    $first = $true
    foreach ($entry in $Value.GetEnumerator()) {
        if (-not $first) { [void] $Builder.Append(',') }
        $first = $false
        Add-HvJsonText $Builder ([string] $entry.Key)
        [void] $Builder.Append(':')
        Add-HvJson $Builder $entry.Value
    }
    [void] $Builder.Append('}')
}

function Add-HvJsonArray($Builder, $Value) {
    [void] $Builder.Append('[')
    $first = $true
    foreach ($item in $Value) {
        if (-not $first) { [void] $Builder.Append(',') }
        $first = $false
        Add-HvJson $Builder $item
    }
    [void] $Builder.Append(']')
}

# Half of a surrogate pair is no Unicode, and no JSON reader takes it: it is written as the text \uD800, so that two names
# that differ in it still differ.
function Add-HvJsonText($Builder, [string] $Text) {
    [void] $Builder.Append('"')
    if ($Text -notmatch '[\x00-\x1f"\\\x7f-\x9f\ud800-\udfff\u2028\u2029]') {
        [void] $Builder.Append($Text).Append('"')
        return
    }
    for ($i = 0; $i -lt $Text.Length; $i++) {
        $char = $Text[$i]
        $code = [int] $char
        if ($char -eq '"' -or $char -eq '\') { [void] $Builder.Append('\').Append($char) }
        elseif ([char]::IsSurrogate($char)) {
            if ([char]::IsHighSurrogate($char) -and $i + 1 -lt $Text.Length -and [char]::IsLowSurrogate($Text[$i + 1])) {
                [void] $Builder.Append($char).Append($Text[$i + 1])
                $i++
            }
            else { [void] $Builder.Append('\\u').Append($code.ToString('x4')) }
        }
        elseif ($code -lt 0x20 -or ($code -ge 0x7f -and $code -le 0x9f) -or $code -eq 0x2028 -or $code -eq 0x2029) {
            [void] $Builder.Append('\u').Append($code.ToString('x4'))
        }
        else { [void] $Builder.Append($char) }
    }
    [void] $Builder.Append('"')
}

# What kind of gap a failure makes. Nothing here looks at a message: Windows translates those.

# An error record that says by itself which gap it makes.
function New-HvFailure([string] $Cause, [string] $Detail) {
    $exception = New-Object System.InvalidOperationException($Detail)
    New-Object System.Management.Automation.ErrorRecord($exception, "HvGap.$Cause", 'NotSpecified', $null)
}

# Ends a task as a gap.
function Stop-HvTask {
    param(
        [ValidateSet('not_collected', 'access_denied', 'timed_out', 'unparsable', 'not_in_source', 'unsupported_release',
            'conflicting')]
        [string] $Cause,
        [string] $Detail
    )
    throw (New-HvFailure $Cause $Detail)
}

# The cause of a gap, and the words for it.
function Get-HvGap($Record) {
    $id = [string] $Record.FullyQualifiedErrorId
    if ($id -match '^HvGap\.([a-z_]+)') {
        return @{ Cause = $Matches[1]; Detail = (Format-HvDetail $Record.Exception.Message) }
    }
    $exceptions = @(Get-HvExceptions $Record.Exception)
    foreach ($exception in $exceptions) {
        if ($exception -is [System.Management.Automation.CommandNotFoundException]) {
            return Get-HvMissingCommand ([string] $exception.CommandName)
        }
    }
    $cause = Get-HvCauseByCode $id $exceptions
    if ($cause -eq '') { $cause = Get-HvCauseByType $exceptions }
    if ($cause -eq '') { $cause = Get-HvCauseById $id }
    if ($cause -eq '') { $cause = Get-HvCauseByCategory $Record.CategoryInfo.Category }
    @{ Cause = $cause; Detail = (Format-HvDetail $exceptions[-1].Message $id) }
}

# An exception and what it wraps, the innermost one last.
function Get-HvExceptions($Exception) {
    while ($null -ne $Exception) {
        $Exception
        $Exception = $Exception.InnerException
    }
}

# A module that is not there was not installed; a command that its module lacks belongs to another release.
function Get-HvMissingCommand([string] $Name) {
    $module, $command = $Name.Split('\', 2)
    if ($null -eq $command) { return @{ Cause = 'unsupported_release'; Detail = "this host has no command $Name" } }
    if (@(Get-Module -ListAvailable -Name $module).Count -eq 0) {
        return @{ Cause = 'not_collected'; Detail = "the PowerShell module $module is not installed on this host" }
    }
    @{ Cause = 'unsupported_release'; Detail = "the module $module of this host has no command $command" }
}

# HRESULTs and system errors, in error ids (WMI and its cmdlets put them there) and in exceptions.
function Get-HvCauseByCode([string] $Id, $Exceptions) {
    $causes = @{
        '80070005' = 'access_denied'        # E_ACCESSDENIED
        '80041003' = 'access_denied'        # WBEM_E_ACCESS_DENIED
        '80041062' = 'access_denied'        # WBEM_E_PRIVILEGE_NOT_HELD
        '80070522' = 'access_denied'        # ERROR_PRIVILEGE_NOT_HELD
        '8004100e' = 'unsupported_release'  # WBEM_E_INVALID_NAMESPACE
        '80041010' = 'unsupported_release'  # WBEM_E_INVALID_CLASS
        '8004100c' = 'unsupported_release'  # WBEM_E_NOT_SUPPORTED
        '80070102' = 'timed_out'            # WAIT_TIMEOUT
        '800705b4' = 'timed_out'            # ERROR_TIMEOUT
        '80043001' = 'timed_out'            # wbemErrTimedout
        '80338126' = 'timed_out'            # ERROR_WINRM_CANNOT_CONNECT: no answer in time
    }
    $codes = @()
    if ($Id -match '0x([0-9a-fA-F]{8})') { $codes += $Matches[1].ToLowerInvariant() }
    if ($Id -match '^Windows System Error (\d{1,5})\b') { $codes += '8007' + ([int] $Matches[1]).ToString('x4') }
    foreach ($exception in $Exceptions) {
        $codes += $exception.HResult.ToString('x8')
        foreach ($name in 'ErrorCode', 'NativeErrorCode', 'StatusCode') {
            $property = $exception.PSObject.Properties[$name]
            if ($null -eq $property -or $null -eq $property.Value) { continue }
            if ($property.Value -is [int] -or $property.Value -is [uint32]) {
                $codes += $property.Value.ToString('x8')
                if ($property.Value -gt 0 -and $property.Value -lt 65536) {
                    $codes += '8007' + $property.Value.ToString('x4')
                }
            }
        }
    }
    foreach ($code in $codes) { if ($causes.ContainsKey($code)) { return $causes[$code] } }
    ''
}

# Exceptions by type. CimException has its own numbers (MI_Result): they would mean other things as system errors.
function Get-HvCauseByType($Exceptions) {
    $cim = @{
        AccessDenied = 'access_denied'; InvalidNamespace = 'unsupported_release'; InvalidClass = 'unsupported_release'
        NotSupported = 'unsupported_release'; MethodNotFound = 'unsupported_release'
        MethodNotAvailable = 'unsupported_release'
    }
    foreach ($exception in $Exceptions) {
        if ($exception -is [System.UnauthorizedAccessException] -or $exception -is [System.Security.SecurityException]) {
            return 'access_denied'
        }
        if ($exception -is [System.TimeoutException]) { return 'timed_out' }
        if ($exception -is [System.NotImplementedException] -or $exception -is [System.PlatformNotSupportedException]) {
            return 'unsupported_release'
        }
        $native = $exception.PSObject.Properties['NativeErrorCode']
        if ($null -ne $native -and $native.Value -is [System.Enum] -and $cim.ContainsKey($native.Value.ToString())) {
            return $cim[$native.Value.ToString()]
        }
    }
    ''
}

function Get-HvCauseById([string] $Id) {
    switch -Regex ($Id) {
        '^(AccessDenied|PermissionDenied|UnauthorizedAccess)' { return 'access_denied' }
        '^(NamedParameterNotFound|ParameterNotFound)' { return 'unsupported_release' }
        '^NoMatchingLogsFound' { return 'unsupported_release' }
        '^NoMatchingProvidersFound' { return 'not_collected' }
    }
    ''
}

function Get-HvCauseByCategory($Category) {
    switch ([string] $Category) {
        'PermissionDenied' { return 'access_denied' }
        'SecurityError' { return 'access_denied' }
        'AuthenticationError' { return 'access_denied' }
        'OperationTimeout' { return 'timed_out' }
        'NotImplemented' { return 'unsupported_release' }
        'NotInstalled' { return 'not_collected' }
        'ConnectionError' { return 'not_collected' }
        'ResourceUnavailable' { return 'not_collected' }
    }
    'unparsable'
}

# One line of printable characters.
function Format-HvDetail([string] $Message, [string] $Otherwise = '') {
    $words = ($Message -replace '[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+', ' ').Trim()
    if ($words -eq '') { $words = $Otherwise }
    if ($words -eq '') { $words = 'it failed and left no message' }
    if ($words.Length -gt 300) { $words = $words.Substring(0, 297) + '...' }
    $words
}

# Properties of objects as the type that they have to have.

# The one object that a command gives.
function Get-HvOne {
    param([object[]] $Objects, [switch] $OrNone)
    $found = @($Objects | Where-Object -FilterScript { $null -ne $_ })
    if ($found.Count -eq 1) { return $found[0] }
    if ($found.Count -eq 0 -and $OrNone) { return $null }
    throw (New-HvFailure 'unparsable' "it gave $($found.Count) objects, expected one")
}

# A property as it is; $null where the object does not have it.
function Get-HvValue {
    param($Object, [string] $Name, [switch] $Required)
    $value = $null
    if ($null -eq $Object) { throw (New-HvFailure 'unparsable' "there is no object to read property $Name of") }
    if ($Object -is [System.Collections.IDictionary]) { $value = $Object[$Name] }
    else {
        $property = $Object.PSObject.Properties[$Name]
        if ($null -ne $property) { $value = $property.Value }
    }
    if ($null -eq $value) {
        if ($Required) { throw (New-HvFailure 'unparsable' "property $Name is missing or null") }
        return $null
    }
    , $value
}

function New-HvWrong([string] $Name, $Value, [string] $Expected) {
    $shown = Format-HvDetail ([string] $Value) 'blank'
    if ($shown.Length -gt 60) { $shown = $shown.Substring(0, 60) }
    New-HvFailure 'unparsable' "property $Name is $shown ($($Value.GetType().Name)), expected $Expected"
}

function Get-HvBoolean {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value -or $value -is [bool]) { return $value }
    switch ([string] $value) {
        'True' { return $true }
        'False' { return $false }
        '1' { return $true }
        '0' { return $false }
    }
    throw (New-HvWrong $Name $value 'true or false')
}

# A whole number of any width; $null where the value is none.
function ConvertTo-HvNumber($Value) {
    if ($Value -is [int] -or $Value -is [long]) { return $Value }
    if ($Value -is [System.Enum]) { return [long]::Parse($Value.ToString('d'), [cultureinfo]::InvariantCulture) }
    if ($Value -is [byte] -or $Value -is [sbyte] -or $Value -is [int16] -or $Value -is [uint16] -or
        $Value -is [uint32] -or $Value -is [uint64]) { return $Value }
    if (($Value -is [double] -or $Value -is [decimal] -or $Value -is [single]) -and
        [System.Math]::Floor([double] $Value) -eq $Value -and [System.Math]::Abs([double] $Value) -lt 9e15) {
        return [long] $Value
    }
    if ($Value -is [string] -and $Value -match '^\s*-?[0-9]{1,18}\s*$') {
        return [long]::Parse($Value.Trim(), [cultureinfo]::InvariantCulture)
    }
    $null
}

function Get-HvNumber {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $number = ConvertTo-HvNumber $value
    if ($null -eq $number) { throw (New-HvWrong $Name $value 'a whole number') }
    $number
}

function Get-HvDecimal {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -is [double] -or $value -is [single] -or $value -is [decimal]) { return [double] $value }
    $number = ConvertTo-HvNumber $value
    if ($null -eq $number) { throw (New-HvWrong $Name $value 'a number') }
    [double] $number
}

# A name in $Names counts for more than the number under it.
function ConvertTo-HvCode([string] $Name, $Value, [hashtable] $Names) {
    if ($Value -is [string] -or $Value -is [System.Enum]) {
        $text = $Value.ToString().Trim()
        if ($Names.ContainsKey($text)) { return $Names[$text] }
    }
    $number = ConvertTo-HvNumber $Value
    if ($null -eq $number) { throw (New-HvWrong $Name $Value 'a number, or a name that stands for one') }
    $number
}

function Get-HvCode {
    param($Object, [string] $Name, [hashtable] $Names = @{}, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    ConvertTo-HvCode $Name $value $Names
}

function Get-HvCodes {
    param($Object, [string] $Name, [hashtable] $Names = @{}, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    , @(foreach ($each in @($value)) { ConvertTo-HvCode $Name $each $Names })
}

function ConvertTo-HvText([string] $Name, $Value) {
    if ($Value -is [string]) { return $Value.Trim() }
    if ($Value -is [System.Enum] -or $Value -is [version] -or $Value -is [char] -or $Value -is [System.Uri] -or
        $Value -is [System.Net.IPAddress]) { return $Value.ToString() }
    if ($Value -is [guid]) { return $Value.ToString('d').ToLowerInvariant() }
    throw (New-HvWrong $Name $Value 'text')
}

function Get-HvText {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $text = ConvertTo-HvText $Name $value
    if ($text -ne '') { return $text }
    if ($Required) { throw (New-HvFailure 'unparsable' "property $Name is blank") }
    $null
}

function Get-HvTexts {
    param($Object, [string] $Name, [string] $Separator = ',', [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -is [string]) { $value = $value.Split($Separator[0]) }
    , @(foreach ($each in @($value)) {
            if ($null -ne $each) {
                $text = ConvertTo-HvText $Name $each
                if ($text -ne '') { $text }
            }
        })
}

function Get-HvGuid {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $parsed = [guid]::Empty
    if (-not [guid]::TryParse([string] $value, [ref] $parsed)) { throw (New-HvWrong $Name $value 'a GUID') }
    $parsed.ToString('d').ToLowerInvariant()
}

# A date in UTC. DMTF text is what WMI writes: 20181123172414.000000-360, its zone in minutes.
function Get-HvMoment {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value -or $value -eq '') { return $null }
    if ($value -is [datetime]) { return $value.ToUniversalTime() }
    if ($value -is [System.DateTimeOffset]) { return $value.UtcDateTime }
    if ($value -is [string] -and $value.Trim() -match '^(\d{14})\.(\d{6})([+-])(\d{3})$') {
        $parsed = [datetime]::MinValue
        $styles = [System.Globalization.DateTimeStyles]::AssumeUniversal -bor
            [System.Globalization.DateTimeStyles]::AdjustToUniversal
        $digits = $Matches[1] + '.' + $Matches[2]
        $minutes = [int] ($Matches[3] + $Matches[4])
        if ([datetime]::TryParseExact($digits, 'yyyyMMddHHmmss.ffffff', [cultureinfo]::InvariantCulture, $styles,
                [ref] $parsed)) {
            return $parsed.AddMinutes(-$minutes)
        }
    }
    throw (New-HvWrong $Name $value 'a date')
}

function Get-HvSeconds {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -isnot [timespan]) { throw (New-HvWrong $Name $value 'a time span') }
    if ($value.Ticks % 10000000 -eq 0) { return [long] ($value.Ticks / 10000000) }
    $value.TotalSeconds
}

# The bytes of hexadecimal digits, as registry values and events have them.
function ConvertFrom-HvHex([string] $Text) {
    $bytes = New-Object byte[] ([int] [System.Math]::Floor($Text.Length / 2))
    for ($i = 0; $i -lt $bytes.Count; $i++) { $bytes[$i] = [System.Convert]::ToByte($Text.Substring(2 * $i, 2), 16) }
    , $bytes
}

# Where tasks read: registry, event logs, programs of Windows; and what a task may do without.

$HvRegistryTypes = @{
    String = 'REG_SZ'; ExpandString = 'REG_EXPAND_SZ'; Binary = 'REG_BINARY'; DWord = 'REG_DWORD'
    MultiString = 'REG_MULTI_SZ'; QWord = 'REG_QWORD'; None = 'REG_NONE'; Unknown = 'REG_UNKNOWN'
}

# How one value stands: there with type and data, not there, or not to be looked at.
function Get-HvRegistry {
    param([string] $Key, [string] $Name)
    try {
        $item = Get-Item -LiteralPath $Key
        if (@($item.GetValueNames()) -notcontains $Name) { return [ordered]@{ state = 'absent'; type = $null; data = $null } }
        $kind = $item.GetValueKind($Name)
        $asWritten = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
        $data = ConvertTo-HvRegistryData $kind $item.GetValue($Name, $null, $asWritten)
        [ordered]@{ state = 'present'; type = $HvRegistryTypes[[string] $kind]; data = $data }
    }
    catch [System.Management.Automation.ItemNotFoundException] {
        [ordered]@{ state = 'absent'; type = $null; data = $null }
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        [ordered]@{ state = 'denied'; type = $null; data = $null }
    }
}

# .NET reads numbers as signed ones.
function ConvertTo-HvRegistryData($Kind, $Data) {
    switch ([string] $Kind) {
        'DWord' { if ($Data -lt 0) { return [long] $Data + 4294967296 } }
        'QWord' { if ($Data -lt 0) { return [decimal] $Data + 18446744073709551616 } }
        'MultiString' { return , [string[]] @($Data) }
        'String' { return [string] $Data }
        'ExpandString' { return [string] $Data }
    }
    if ($Data -is [byte[]]) { return [System.BitConverter]::ToString($Data).Replace('-', '').ToLowerInvariant() }
    $Data
}

# Names of the keys below a key; $null where there is no such key.
function Get-HvRegistryKeys {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetSubKeyNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Names of the values in a key; $null where there is no such key.
function Get-HvRegistryNames {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetValueNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Events, newest first, bounded by days and number. None is an answer.
function Get-HvEvents {
    param([string] $Log, [string] $Provider = '', [int[]] $Id, [int] $Days = $HvOptions.Days, [int] $Most = 200)
    $filter = @{ LogName = $Log; Id = $Id; StartTime = [datetime]::Now.AddDays(-$Days) }
    if ($Provider -ne '') { $filter['ProviderName'] = $Provider }
    try { $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents $Most) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        $events = @()
    }
    , @(foreach ($each in $events) {
            [ordered]@{
                record_id = Get-HvNumber $each 'RecordId'
                id        = Get-HvNumber $each 'Id' -Required
                time      = Get-HvMoment $each 'TimeCreated' -Required
                channel   = Get-HvText $each 'LogName'
                provider  = Get-HvText $each 'ProviderName'
                data      = ConvertFrom-HvEventXml $each.ToXml()
            }
        })
}

# Data of an event by name, from EventData or UserData; what has no name is called by its place.
function ConvertFrom-HvEventXml([string] $Text) {
    $data = [ordered]@{}
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($Text)
    $place = 0
    foreach ($node in $document.SelectNodes("/*/*[local-name()='EventData']/*")) {
        $name = $node.GetAttribute('Name')
        if ($name -eq '' -or $data.Contains($name)) { $name = [string] $place }
        $data[$name] = $node.InnerText
        $place++
    }
    foreach ($node in $document.SelectNodes("/*/*[local-name()='UserData']/*/*")) { $data[$node.LocalName] = $node.InnerText }
    $data
}

# When the oldest event of a log was written; $null where the log is empty.
function Get-HvLogStart {
    param([string] $Log)
    try { $first = Get-HvOne (Get-WinEvent -LogName $Log -Oldest -MaxEvents 1) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        return $null
    }
    Get-HvMoment $first 'TimeCreated' -Required
}

# The lines of a program of Windows. Its text may be translated: read numbers, GUIDs and SIDs only.
function Invoke-HvProgram {
    param([scriptblock] $Block)
    $global:LASTEXITCODE = 0
    $lines = @(& $Block)
    $status = $global:LASTEXITCODE
    if ($status -eq 0) { return , $lines }
    $said = Format-HvDetail ($lines -join ' ')
    # ERROR_ACCESS_DENIED and ERROR_PRIVILEGE_NOT_HELD, bare or as HRESULT
    $cause = $(if (5, 1314, -2147024891, -2147023582 -contains $status) { 'access_denied' } else { 'unparsable' })
    throw (New-HvFailure $cause "it ended with status ${status}: $said")
}

# Runs a block with the name of a file in a private folder, and removes the file.
function Invoke-HvScratch {
    param([scriptblock] $Block)
    if (-not (Test-Path -LiteralPath $HvOptions.Scratch)) {
        $null = New-Item -ItemType Directory -Path $HvOptions.Scratch
    }
    $file = [System.IO.Path]::Combine($HvOptions.Scratch, [guid]::NewGuid().ToString('n'))
    try { & $Block $file }
    finally { if (Test-Path -LiteralPath $file) { Remove-Item -LiteralPath $file -Force } }
}

# A remark in the provenance of the fact.
function Add-HvRemark([string] $Text) { [void] $HvRemarks.Add((Format-HvDetail $Text)) }

# What a block gives; where it fails, $null and a remark. For a part that the fact can do without.
function Read-HvOptional {
    param([string] $What, [scriptblock] $Block)
    try { $found = & $Block }
    catch {
        $gap = Get-HvGap $_
        Add-HvRemark "without ${What}: $($gap.Cause): $($gap.Detail)"
        return $null
    }
    , $found
}

# Objects and errors of a command that goes on after an error.
function Invoke-HvLenient {
    param([scriptblock] $Block)
    $before = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    $ErrorActionPreference = 'Continue'
    try { $all = @(& $Block 2>&1) }
    finally { $global:ErrorActionPreference = $before }
    [ordered]@{
        objects = @($all | Where-Object -FilterScript { $_ -isnot [System.Management.Automation.ErrorRecord] })
        errors  = @($all | Where-Object -FilterScript { $_ -is [System.Management.Automation.ErrorRecord] })
    }
}

# In a list, in place of an item that could not be read.
function New-HvItemGap {
    param([string] $Key, [string] $Cause, [string] $Detail)
    $gap = New-Object psobject -Property @{ Key = $Key; Cause = $Cause; Detail = (Format-HvDetail $Detail) }
    $gap.PSObject.TypeNames.Insert(0, 'Hypervigil.ItemGap')
    $gap
}

# Whether data is what the type of its fact demands. One document of the wrong shape would make the whole bundle unreadable.

# Each type of a fact, and of what is in it, is a row of $HvShapes: field name -> what it may hold, alternatives with |
# between them, * for an array of it, ! before a field that has to be there.
#     null bool int number text time duration    as their names say (time: a DateTime; text: also a GUID)
#     =a,b                                       one of these texts
#     #0,1                                       one of these numbers
#     @Name                                      a dictionary as $HvShapes.Name demands
#     %int                                       a dictionary with any keys

# What is wrong, or nothing.
function Test-HvShape($Value, [string] $Shape, [string] $Place) {
    if ($Value -isnot [System.Collections.IDictionary]) { return "$Place is no dictionary" }
    $fields = $HvShapes[$Shape]
    foreach ($name in $Value.PSBase.Keys) {
        if (-not $fields.ContainsKey([string] $name)) { return "$Place has a field $name, which $Shape does not have" }
    }
    foreach ($name in $fields.PSBase.Keys) {
        $wanted = $fields[$name]
        $required = $wanted[0] -eq '!'
        if ($required) { $wanted = $wanted.Substring(1) }
        if ($Value.Contains($name)) {
            $problem = Test-HvField $Value[$name] $wanted "$Place.$name"
            if ($problem) { return $problem }
        }
        elseif ($required) { return "$Place has no field $name" }
    }
}

function Test-HvField($Value, [string] $Wanted, [string] $Place) {
    $said = ''
    foreach ($kind in $Wanted.Split('|')) {
        $problem = $(if ($kind[0] -ne '%' -and $kind.EndsWith('*')) { Test-HvItems $Value $kind.TrimEnd('*') $Place }
            else { Test-HvKind $Value $kind $Place })
        if (-not $problem) { return }
        # Of several alternatives, what is wrong inside one says more than that it is another one.
        if ($said -eq '' -or $kind[0] -eq '@') { $said = $problem }
    }
    if ($Wanted.Contains('|') -and -not $said.StartsWith("$Place.") -and -not $said.StartsWith("$Place[")) {
        return "$Place is a $(Get-HvTypeName $Value), expected $Wanted"
    }
    $said
}

function Test-HvItems($Value, [string] $Kind, [string] $Place) {
    if ($Value -isnot [array] -and $Value -isnot [System.Collections.IList]) {
        return "$Place is a $(Get-HvTypeName $Value), expected an array"
    }
    $number = 0
    foreach ($item in $Value) {
        $problem = Test-HvKind $item $Kind "$Place[$number]"
        if ($problem) { return $problem }
        $number++
    }
}

function Test-HvKind($Value, [string] $Kind, [string] $Place) {
    switch ($Kind[0]) {
        '@' { return Test-HvShape $Value $Kind.Substring(1) $Place }
        '=' { if ($Value -is [string] -and $Kind.Substring(1).Split(',') -ccontains $Value) { return } }
        '#' { if ((Test-HvWhole $Value) -and $Kind.Substring(1).Split(',') -contains [string] $Value) { return } }
        '%' {
            if ($Value -isnot [System.Collections.IDictionary]) { break }
            foreach ($name in $Value.PSBase.Keys) {
                $problem = Test-HvField $Value[$name] $Kind.Substring(1) "$Place.$name"
                if ($problem) { return $problem }
            }
            return
        }
    }
    switch ($Kind) {
        'null' { if ($null -eq $Value) { return } }
        'bool' { if ($Value -is [bool]) { return } }
        'int' { if (Test-HvWhole $Value) { return } }
        'number' { if ((Test-HvWhole $Value) -or $Value -is [double] -or $Value -is [single]) { return } }
        'text' { if ($Value -is [string] -or $Value -is [guid] -or $Value -is [version]) { return } }
        'time' { if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) { return } }
        'duration' { if ($Value -is [timespan]) { return } }
    }
    "$Place is a $(Get-HvTypeName $Value), expected $Kind"
}

function Test-HvWhole($Value) {
    $Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or $Value -is [byte] -or
        $Value -is [int16] -or $Value -is [uint16] -or $Value -is [sbyte] -or $Value -is [System.Enum] -or
        ($Value -is [decimal] -and [decimal]::Truncate($Value) -eq $Value)
}

function Get-HvTypeName($Value) {
    if ($null -eq $Value) { return 'null' }
    $Value.GetType().Name
}

# One task in its runspace: from a function to the text of a fact, or to a gap.

# Runs the function that reads a fact, and gives one flat object: everything in it is text or a number, so that it comes
# through a remote session unchanged.
function Invoke-HvTask {
    param([string] $Fact)
    # A thread that hangs must not keep the process, and no text may depend on the culture of the host.
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
    Set-StrictMode -Version 2.0
    $HvRemarks = New-Object System.Collections.ArrayList
    $started = [datetime]::UtcNow
    $document = New-HvDocument $Fact $started
    try {
        $found = Get-HvFact $Fact $HvFacts[$Fact]
        $document.Data = $found.Data
        $document.Gaps = $found.Gaps
        $document.Status = 'known'
    }
    catch {
        $gap = Get-HvGap $_
        $document.Cause = $gap.Cause
        $document.Detail = $gap.Detail
        $document.Place = "$($_.InvocationInfo.ScriptLineNumber)"
    }
    $document.Remark = $HvRemarks -join '; '
    $document.Milliseconds = [int] ([datetime]::UtcNow - $started).TotalMilliseconds
    New-Object psobject -Property $document
}

# A document that is a gap until something better is known.
function New-HvDocument([string] $Fact, [datetime] $Started, [string] $Cause = '', [string] $Detail = '') {
    @{
        Kind = 'document'; Fact = $Fact; Status = 'gap'; Data = ''; Gaps = ''; Cause = $Cause; Detail = $Detail
        Remark = ''; Place = ''; Milliseconds = 0
        Time = $Started.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
    }
}

# The data of a fact as JSON, and the gaps among the items of a list.
function Get-HvFact([string] $Fact, $Row) {
    # The whole output is kept apart from what a single dictionary would be unrolled to.
    $output = @(& $Row.Function)
    if (-not $Row.ItemKey) {
        $only = Get-HvOne $output
        $problem = Test-HvShape $only $Row.Shape $Fact
        if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
        return @{ Data = (ConvertTo-HvJson $only); Gaps = '' }
    }
    $items = New-Object System.Collections.ArrayList
    $gaps = New-Object System.Collections.ArrayList
    $keys = @{}
    foreach ($each in $output) {
        if ($null -eq $each) { continue }
        if ($each.PSObject.TypeNames -contains 'Hypervigil.ItemGap') {
            $key = $each.Key
            [void] $gaps.Add([ordered]@{
                    place = $items.Count + $gaps.Count; key = $key; cause = $each.Cause; detail = $each.Detail
                })
        }
        else {
            $problem = Test-HvShape $each $Row.Shape "$Fact[$($items.Count)]"
            if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
            $key = [string] $each[$Row.ItemKey]
            [void] $items.Add($each)
        }
        if ($keys.ContainsKey($key)) { throw (New-HvFailure 'unparsable' "it lists $key twice") }
        $keys[$key] = $true
    }
    if ($items.Count + $gaps.Count -eq 0 -and $Row.Elevated -and $HvOptions.Elevated -eq $false) {
        throw (New-HvFailure 'access_denied' 'it gave nothing, and it gives what there is to elevated sessions only')
    }
    @{ Data = (ConvertTo-HvJson $items); Gaps = $(if ($gaps.Count) { ConvertTo-HvJson $gaps } else { '' }) }
}

# Many tasks, each in a runspace of its own, each with its deadline.

# What a runspace starts from: what powershell.exe starts from, the functions of this script, and the tables that they use.
function New-HvSessionState([hashtable] $Variables) {
    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
    foreach ($name in $HvFunctions.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateFunctionEntry($name, $HvFunctions[$name])
        $state.Commands.Add($entry)
    }
    foreach ($name in $Variables.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry($name, $Variables[$name], '')
        $state.Variables.Add($entry)
    }
    $state.ImportPSModule([string[]] 'Microsoft.PowerShell.Management')
    $stop = [System.Management.Automation.ActionPreference]::Stop
    $state.Variables.Add((New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry(
                'ErrorActionPreference', $stop, '')))
    $state
}

# The functions of this script by name, as text.
function Get-HvFunctions($Ast) {
    $functions = @{}
    foreach ($found in $Ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] },
            $false)) {
        $body = $found.Body.Extent.Text
        $text = $body.Substring(1, $body.Length - 2)
        if ($null -ne $found.Parameters) {
            $text = 'param(' + (@($found.Parameters | ForEach-Object -Process { $_.Extent.Text }) -join ', ') + ")`n" + $text
        }
        $functions[$found.Name] = $text
    }
    $functions
}

# Runs jobs, $Limit of them at once, none after $Until. A job has Name, Command, Parameters and Seconds.
# Gives each job as soon as it ended, with State (done, failed, timed_out, not_started), Output, Problem and Warnings.
# A job that does not stop when told to is left behind: its thread goes with the process.
function Invoke-HvJobs {
    param([object[]] $Jobs, $State, [int] $Limit, [datetime] $Until, [string] $Activity)
    $waiting = New-Object System.Collections.Queue(, $Jobs)
    $running = New-Object System.Collections.ArrayList
    $ended = 0
    try {
        while ($waiting.Count -or $running.Count) {
            while ($waiting.Count -and $running.Count -lt $Limit) {
                $job = $waiting.Dequeue()
                if ([datetime]::UtcNow -ge $Until) { $ended++; Complete-HvJob $job 'not_started'; continue }
                try {
                    Start-HvJob $job $State $Until
                    $null = $running.Add($job)
                }
                catch { $ended++; Complete-HvJob $job 'failed' $_ }
            }
            foreach ($job in @($running)) {
                $late = [datetime]::UtcNow -ge $job.Deadline
                if (-not $job.Handle.IsCompleted -and -not $late) { continue }
                $running.Remove($job)
                $ended++
                if ($job.Handle.IsCompleted) { Receive-HvJob $job }
                else {
                    # Not Stop(): that waits for the one who does not answer.
                    $null = $job.Shell.BeginStop($null, $null)
                    Complete-HvJob $job 'timed_out'
                }
                if ($Activity) {
                    Write-Progress -Activity $Activity -Status $job.Name -PercentComplete (100 * $ended / $Jobs.Count)
                }
            }
            if ($running.Count) { [System.Threading.Thread]::Sleep(20) }
        }
    }
    finally {
        foreach ($job in $running) { $null = $job.Shell.BeginStop($null, $null) }
        if ($Activity) { Write-Progress -Activity $Activity -Completed }
    }
}

function Start-HvJob($Job, $State, [datetime] $Until) {
    $deadline = [datetime]::UtcNow.AddSeconds($Job.Seconds)
    $Job.Deadline = $(if ($deadline -lt $Until) { $deadline } else { $Until })
    $Job.Output = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none.Complete()
    $Job.Runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($State)
    $Job.Runspace.Open()
    $Job.Shell = [System.Management.Automation.PowerShell]::Create()
    $Job.Shell.Runspace = $Job.Runspace
    $null = $Job.Shell.AddCommand($Job.Command)
    foreach ($name in $Job.Parameters.Keys) { $null = $Job.Shell.AddParameter($name, $Job.Parameters[$name]) }
    $Job.Handle = $Job.Shell.BeginInvoke($none, $Job.Output)
}

function Receive-HvJob($Job) {
    $problem = $null
    try { $null = $Job.Shell.EndInvoke($Job.Handle) }
    catch { $problem = $_ }
    Complete-HvJob $Job $(if ($null -eq $problem) { 'done' } else { 'failed' }) $problem
    $Job.Shell.Dispose()
    $Job.Runspace.Dispose()
}

function Complete-HvJob($Job, [string] $State, $Problem = $null) {
    $Job.State = $State
    $Job.Problem = $Problem
    $output = @()
    if ($null -ne $Job.Handle) {
        $output = @($Job.Output.ReadAll())
        $Job.Warnings = @($Job.Shell.Streams.Warning.ReadAll() | ForEach-Object -Process { Format-HvDetail $_.Message })
    }
    $Job.Output = $output
    $Job
}

function New-HvJob([string] $Name, [string] $Command, [hashtable] $Parameters, [int] $Seconds) {
    @{
        Name = $Name; Command = $Command; Parameters = $Parameters; Seconds = $Seconds
        Deadline = $null; Runspace = $null; Shell = $null; Handle = $null
        State = ''; Output = @(); Problem = $null; Warnings = @()
    }
}

# Everything that is read on one host.

# Gives flat objects: Kind 'node' says which host this is, then Kind 'document' for every fact in $Facts.
function Invoke-HvNode {
    param([string[]] $Facts, [hashtable] $Options, [string] $Activity = '')
    $until = [datetime]::UtcNow.AddSeconds($Options.RunTimeoutSeconds)
    $scratch = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'hypervigil-' + [guid]::NewGuid().ToString('n'))
    $Options.Scratch = $scratch
    $Options.Elevated = $null
    $state = New-HvSessionState @{
        HvFacts = $HvFacts; HvShapes = $HvShapes; HvRegistryTypes = $HvRegistryTypes; HvOptions = $Options
    }
    try {
        $node = Get-HvNode $state $Options $until
        $Options.Elevated = $node.Elevated
        New-Object psobject -Property $node
        $jobs = @(foreach ($fact in $Facts) {
                $row = $HvFacts[$fact]
                if ($row.Switch -and -not $Options[$row.Switch]) {
                    $detail = "it is read only with -$($row.Switch)"
                    New-Object psobject -Property (New-HvDocument $fact ([datetime]::UtcNow) 'not_collected' $detail)
                    continue
                }
                $seconds = Get-HvDeadline $row.Timeout $Options
                New-HvJob $fact 'Invoke-HvTask' @{ Fact = $fact } $seconds
            })
        $jobs | Where-Object -FilterScript { $_ -isnot [hashtable] }
        $jobs = @($jobs | Where-Object -FilterScript { $_ -is [hashtable] })
        Invoke-HvJobs -Jobs $jobs -State $state -Limit $Options.TasksAtOnce -Until $until -Activity $Activity |
            ForEach-Object -Process { ConvertFrom-HvJob $_ $Options }
    }
    finally {
        if (Test-Path -LiteralPath $scratch) { Remove-Item -LiteralPath $scratch -Recurse -Force }
    }
}

# The seconds that a task has: those that the operator gave, else those of its row, else 120.
function Get-HvDeadline([int] $OfRow, [hashtable] $Options) {
    if ($Options.TaskTimeoutSeconds) { return $Options.TaskTimeoutSeconds }
    if ($OfRow) { return $OfRow }
    120
}

# What a task left: its document, or the gap that its end makes.
function ConvertFrom-HvJob($Job, [hashtable] $Options) {
    $document = $(foreach ($each in $Job.Output) { if ($each.Kind -eq 'document') { $each } })
    if ($null -eq $document -or $Job.State -ne 'done') {
        $cause, $detail = $(switch ($Job.State) {
                'timed_out' { 'timed_out', "the deadline of $($Job.Seconds) s passed" }
                'not_started' { 'timed_out', "the deadline of the host, $($Options.RunTimeoutSeconds) s, passed before it began" }
                'failed' { $gap = Get-HvGap $Job.Problem; $gap.Cause, $gap.Detail }
                default { 'unparsable', 'the task ended without a result' }
            })
        $document = New-Object psobject -Property (New-HvDocument $Job.Name ([datetime]::UtcNow) $cause $detail)
    }
    $document | Add-Member -MemberType NoteProperty -Name Warnings -Value ($Job.Warnings -join '; ') -PassThru
}

# Which host this is, and whether the session is elevated. Both are read with a deadline too.
function Get-HvNode($State, [hashtable] $Options, [datetime] $Until) {
    $jobs = @(
        New-HvJob 'identity' 'Read-HvIdentity' @{} (Get-HvDeadline 0 $Options)
        New-HvJob 'elevation' 'Read-HvElevation' @{} (Get-HvDeadline 0 $Options)
    )
    $name = [string] $env:COMPUTERNAME
    $node = @{
        Kind = 'node'; Name = $name; Key = $name.ToLowerInvariant(); Aliases = ''; Elevated = $null; Note = ''
        Time = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
        Computer = $name
    }
    $notes = @()
    foreach ($job in @(Invoke-HvJobs -Jobs $jobs -State $State -Limit 2 -Until $Until -Activity '')) {
        if ($job.State -eq 'done' -and @($job.Output).Count -eq 1) {
            foreach ($property in $job.Output[0].PSObject.Properties) { $node[$property.Name] = $property.Value }
            continue
        }
        $why = $(if ($null -ne $job.Problem) { (Get-HvGap $job.Problem).Detail } else { $job.State })
        $notes += "$($job.Name) could not be read ($why)"
    }
    $short = $node.Key.Split('.')[0]
    $node.Aliases = @($short, $node.Name.ToLowerInvariant() | Where-Object -FilterScript { $_ -ne $node.Key } |
            Sort-Object -Unique) -join ','
    $node.Note = $notes -join '; '
    $node
}

# The key of a node is its host name, with its domain where it is in one, in lower case.
function Read-HvIdentity {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    $name = Get-HvText $system 'Name' -Required
    $key = Get-HvText $system 'DNSHostName'
    if ($null -eq $key) { $key = $name }
    $domain = Get-HvText $system 'Domain'
    if ((Get-HvBoolean $system 'PartOfDomain' -Required) -and $null -ne $domain) { $key = "$key.$domain" }
    if ("$name$key" -notmatch '\A[\w.-]{1,300}\z') { throw (New-HvFailure 'unparsable' "$key is no host name") }
    New-Object psobject -Property @{ Name = $name; Key = $key.ToLowerInvariant() }
}

# Elevated: the token's integrity level is high (S-1-16-12288) or system (S-1-16-16384). $null: it could not be told.
function Read-HvElevation {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $groups = (Invoke-HvProgram { whoami.exe /groups /fo csv /nh }) -join "`n"
    $elevated = $null
    if ($groups -match '"S-1-16-(12288|16384)"') { $elevated = $true }
    elseif ($groups -match '"S-1-16-\d+"') { $elevated = $false }
    New-Object psobject -Property @{ Elevated = $elevated }
}

# The bundle: one document a fact, a manifest with their digests, a zip.

function Get-HvSha256([byte[]] $Bytes) {
    # Not SHA256.Create(), which .NET Framework refuses where FIPS mode is on.
    $algorithm = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    try { [System.BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}

function Get-HvUtf8([string] $Text) { , (New-Object System.Text.UTF8Encoding($false)).GetBytes($Text) }

# The envelope of a document as text. $Document.Data is JSON already.
function ConvertTo-HvEnvelope($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $row = $HvFacts[$Document.Fact]
    $head = [ordered]@{
        fact = $Document.Fact; version = $row.Version; subject = [ordered]@{ scope = $Scope; key = $Key }
        status = $Document.Status
        provenance = [ordered]@{
            source = 'collector'; host = $Computer; command = $row.Command; collected = $Document.Time
            collector = "Collect-Hypervigil $HvVersion"; remark = $Document.Remark
        }
    }
    if ($Document.Status -eq 'gap') {
        $head.cause = $Document.Cause
        $head.detail = $Document.Detail
        return (ConvertTo-HvJson $head) + "`n"
    }
    $text = ConvertTo-HvJson $head
    $text = $text.Substring(0, $text.Length - 1) + ',"data":' + $Document.Data
    if ($Document.Gaps) { $text += ',"gaps":' + $Document.Gaps }
    $text + "}`n"
}

# A node's key as the name of a folder: itself where that is harmless on every system, else marked with a digest.
function Get-HvFolder([string] $Key) {
    if ($Key -cmatch '\A[a-z0-9][a-z0-9._-]{0,99}\z' -and $Key -cnotmatch '\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z' -and
        -not $Key.EndsWith('.')) { return $Key }
    $readable = ($Key.ToLowerInvariant() -creplace '[^a-z0-9-]+', '-').Trim('-')
    if ($readable.Length -gt 60) { $readable = $readable.Substring(0, 60) }
    if ($readable -eq '') { $readable = 'node' }
    "$readable~" + (Get-HvSha256 (Get-HvUtf8 $Key)).Substring(0, 16)
}

# A document as a member of the bundle: its entry in the manifest, and its bytes.
function New-HvMember($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $bytes = Get-HvUtf8 (ConvertTo-HvEnvelope $Document $Scope $Key $Computer)
    $path = $(if ($Scope -eq 'cluster') { "cluster/$($Document.Fact).json" }
        else { "nodes/$(Get-HvFolder $Key)/$($Document.Fact).json" })
    @{
        Path  = $path
        Bytes = $bytes
        Entry = [ordered]@{
            path = $path; fact = $Document.Fact; subject = $Key; status = $Document.Status
            sha256 = (Get-HvSha256 $bytes); size = $bytes.Length
        }
    }
}

# The zip with its manifest last. Under a temporary name first, so that nobody ever sees half of one.
function Save-HvBundle([object[]] $Members, [byte[]] $Manifest, $Certificate, [string] $Target) {
    Add-Type -AssemblyName System.IO.Compression
    $all = @($Members) + @(@{ Path = 'manifest.json'; Bytes = $Manifest })
    if ($null -ne $Certificate) {
        $all += @{ Path = 'manifest.json.p7s'; Bytes = (New-HvSignature $Manifest $Certificate) }
    }
    $temporary = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($Target),
        '.hypervigil-' + [guid]::NewGuid().ToString('n') + '.tmp')
    try {
        $file = New-Object System.IO.FileStream($temporary, [System.IO.FileMode]::CreateNew)
        try { Write-HvZip $file $all }
        finally { $file.Dispose() }
        [System.IO.File]::Move($temporary, $Target)
    }
    finally { if ([System.IO.File]::Exists($temporary)) { [System.IO.File]::Delete($temporary) } }
}

function Write-HvZip($File, [object[]] $Members) {
    $zip = New-Object System.IO.Compression.ZipArchive($File, [System.IO.Compression.ZipArchiveMode]::Create, $true)
    try {
        foreach ($member in $Members) {
            $entry = $zip.CreateEntry($member.Path, [System.IO.Compression.CompressionLevel]::Optimal)
            $entry.LastWriteTime = New-Object System.DateTimeOffset(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
            $stream = $entry.Open()
            try { $stream.Write($member.Bytes, 0, $member.Bytes.Length) }
            finally { $stream.Dispose() }
        }
    }
    finally { $zip.Dispose() }
}

# A detached CMS signature (RFC 5652) over the bytes of the manifest, with SHA-256 and the chain but its root.
function New-HvSignature([byte[]] $Bytes, $Certificate) {
    Add-Type -AssemblyName System.Security
    $content = New-Object System.Security.Cryptography.Pkcs.ContentInfo(, $Bytes)
    $signed = New-Object System.Security.Cryptography.Pkcs.SignedCms($content, $true)
    $signer = New-Object System.Security.Cryptography.Pkcs.CmsSigner($Certificate)
    $signer.DigestAlgorithm = New-Object System.Security.Cryptography.Oid('2.16.840.1.101.3.4.2.1')
    $signer.IncludeOption = [System.Security.Cryptography.X509Certificates.X509IncludeOption]::ExcludeRoot
    $signed.ComputeSignature($signer, $true)
    , $signed.Encode()
}

# Several hosts: one session and one pipeline each, so many at once, each with its deadline.

# In a runspace for each host: sends this script there and hands its objects on. Without a credential the session uses the
# account that runs this.
function Invoke-HvRemoteNode {
    param([string] $Computer, [string] $Text, [hashtable] $Parameters, $Credential)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $there = { param($Text, $Parameters) & ([scriptblock]::Create($Text)) @Parameters }
    if ($null -eq $Credential) {
        Invoke-Command -ComputerName $Computer -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
    else {
        Invoke-Command -ComputerName $Computer -Credential $Credential -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
}

# The same on this host, without remoting.
function Invoke-HvThisNode {
    param([string] $Text, [hashtable] $Parameters)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    & ([scriptblock]::Create($Text)) @Parameters
}

# Gives one result for each name: Name, Node (or $null), Documents by fact, Cause and Detail of what failed.
function Invoke-HvNodes {
    param([string[]] $Names, [string] $Text, [hashtable] $Parameters, $Credential, [int] $Limit)
    $jobs = @(foreach ($name in $Names) {
            # A host may end a little after its own deadline; what it has read comes over then.
            $seconds = $Parameters.RunTimeoutSeconds + 30
            if ($name.Split('.')[0] -eq $env:COMPUTERNAME) {
                New-HvJob $name 'Invoke-HvThisNode' @{ Text = $Text; Parameters = $Parameters } $seconds
            }
            else {
                $all = @{ Computer = $name; Text = $Text; Parameters = $Parameters; Credential = $Credential }
                New-HvJob $name 'Invoke-HvRemoteNode' $all $seconds
            }
        })
    $state = New-HvSessionState @{}
    $rounds = [System.Math]::Ceiling($Names.Count / $Limit)
    $until = [datetime]::UtcNow.AddSeconds($rounds * ($Parameters.RunTimeoutSeconds + 60))
    Invoke-HvJobs -Jobs $jobs -State $state -Limit $Limit -Until $until -Activity "Reading $($Names.Count) hosts" |
        ForEach-Object -Process { ConvertFrom-HvNodeJob $_ }
}

function ConvertFrom-HvNodeJob($Job) {
    $result = New-HvNodeResult $Job.Name $Job.Output
    switch ($Job.State) {
        'failed' {
            $gap = Get-HvGap $Job.Problem
            # An unreachable host is not an unparsable one.
            $result.Cause = $(if ($gap.Cause -eq 'unparsable' -or $gap.Cause -eq 'unsupported_release') { 'not_collected' }
                else { $gap.Cause })
            $result.Detail = "the session to $($Job.Name) failed: $($gap.Detail)"
        }
        'timed_out' { $result.Cause = 'timed_out'; $result.Detail = "$($Job.Name) did not answer in $($Job.Seconds) s" }
        'not_started' { $result.Cause = 'timed_out'; $result.Detail = "the deadline passed before $($Job.Name) was asked" }
        'done' { $result.Cause = 'not_collected'; $result.Detail = "$($Job.Name) gave nothing about it" }
    }
    $result
}

# The objects of a host, sorted out.
function New-HvNodeResult([string] $Name, [object[]] $Objects) {
    $result = @{ Name = $Name; Node = $null; Documents = @{}; Cause = ''; Detail = '' }
    foreach ($each in $Objects) {
        if ($null -eq $each -or $null -eq $each.PSObject.Properties['Kind']) { continue }
        if ($each.Kind -eq 'node') { $result.Node = $each }
        elseif ($each.Kind -eq 'document') { $result.Documents[[string] $each.Fact] = $each }
    }
    $result
}

# From what the hosts gave to the members of the bundle and its manifest.

# The cluster as a host sees it: @{ Key; Name; Domain }, or $null where its document is a gap or was not asked for.
function Get-HvClusterOf($Result) {
    $document = $Result.Documents['cluster']
    if ($null -eq $document -or $document.Status -ne 'known') { return $null }
    $data = ConvertFrom-Json -InputObject $document.Data
    $name = [string] $data.name
    $key = $(if ($data.id) { [string] $data.id } else { $name.ToLowerInvariant() })
    @{ Key = $key; Name = $name; Domain = ([string] $data.domain).ToLowerInvariant() }
}

# A host that gave nothing about itself, not even its name, is called by the name that it was asked for by: with the domain
# of the cluster where it has none.
function Get-HvUnheardNode([string] $Name, $Cluster) {
    $key = $Name.ToLowerInvariant()
    if (-not $key.Contains('.') -and $null -ne $Cluster -and $Cluster.Domain) { $key = "$key.$($Cluster.Domain)" }
    $short = $key.Split('.')[0]
    New-Object psobject -Property @{
        Kind = 'node'; Name = $Name.Split('.')[0]; Key = $key; Computer = $Name; Elevated = $null; Note = ''; Time = ''
        Aliases = $(if ($short -ne $key) { $short } else { '' })
    }
}

# Everything in its place: @{ Cluster; Nodes; Members; Skipped; Gaps }. $Facts are those that were asked for, in order.
function Join-HvResults([object[]] $Results, [string[]] $Facts) {
    $cluster = $null
    foreach ($result in $Results) {
        $result.Cluster = Get-HvClusterOf $result
        if ($null -eq $cluster) { $cluster = $result.Cluster }
    }
    $skipped = New-Object System.Collections.ArrayList
    $kept = @{}
    foreach ($result in $Results) {
        if ($null -eq $result.Node) { $result.Node = Get-HvUnheardNode $result.Name $cluster }
        $key = [string] $result.Node.Key
        $why = ''
        if ($null -ne $result.Cluster -and $result.Cluster.Key -ne $cluster.Key) {
            $why = "it belongs to another cluster, $($result.Cluster.Name)"
        }
        elseif ($kept.ContainsKey($key)) { $why = "it is the same host as $($kept[$key].Name)" }
        if ($why) {
            Write-Warning -Message "$($result.Name) is left out: $why."
            [void] $skipped.Add([ordered]@{ path = "nodes/$(Get-HvFolder $key)"; size = 0; why = $why })
        }
        else { $kept[$key] = $result }
    }
    $joined = @{
        Cluster = $cluster
        Results = @($kept.Keys | Sort-Object | ForEach-Object -Process { $kept[$_] })
        Skipped = $skipped
        Members = New-Object System.Collections.ArrayList
        Gaps    = @{}
    }
    Add-HvClusterMembers $joined $Facts
    foreach ($result in $joined.Results) { Add-HvNodeMembers $joined $result $Facts }
    $joined
}

# What is about the cluster: of the first host that knows it, else the gap of the first host.
function Add-HvClusterMembers($Joined, [string[]] $Facts) {
    $key = $(if ($null -ne $Joined.Cluster) { $Joined.Cluster.Key } else { '' })
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -ne 'cluster') { continue }
        $first = $null
        foreach ($result in $Joined.Results) {
            $document = Get-HvDocument $result $fact
            if ($null -eq $first) { $first = @{ Document = $document; Node = $result.Node } }
            if ($document.Status -eq 'known') { $first = @{ Document = $document; Node = $result.Node }; break }
        }
        Add-HvMember $Joined $first.Document 'cluster' $key $first.Node
    }
}

function Add-HvNodeMembers($Joined, $Result, [string[]] $Facts) {
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -eq 'cluster') { continue }
        Add-HvMember $Joined (Get-HvDocument $Result $fact) 'node' ([string] $Result.Node.Key) $Result.Node
    }
}

function Add-HvMember($Joined, $Document, [string] $Scope, [string] $Key, $Node) {
    [void] $Joined.Members.Add((New-HvMember $Document $Scope $Key ([string] $Node.Computer)))
    if ($Document.Status -eq 'gap') { $Joined.Gaps[$Document.Cause] = 1 + $Joined.Gaps[$Document.Cause] }
}

# The document of a host about a fact; where it gave none, the gap that its end makes.
function Get-HvDocument($Result, [string] $Fact) {
    $document = $Result.Documents[$Fact]
    if ($null -ne $document) { return $document }
    New-Object psobject -Property (New-HvDocument $Fact ([datetime]::UtcNow) $Result.Cause $Result.Detail)
}

function Get-HvManifest($Joined, [string[]] $Facts, [string] $Label, [datetime] $Started) {
    $iso = 'yyyy-MM-ddTHH:mm:ss.ffffffZ'
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $manifest = [ordered]@{
        format = 1; tool = "Collect-Hypervigil $HvVersion"; created = [datetime]::UtcNow.ToString($iso, $invariant)
        source = 'collector'; label = $Label; collected = $Started.ToString($iso, $invariant)
    }
    $key = ''
    if ($null -ne $Joined.Cluster) {
        $key = $Joined.Cluster.Key
        $lower = $Joined.Cluster.Name.ToLowerInvariant()
        $aliases = @($(if ($lower -ne $key) { $lower }))
        $manifest.cluster = [ordered]@{ key = $key; name = $Joined.Cluster.Name; aliases = $aliases }
    }
    $manifest.nodes = @(foreach ($result in $Joined.Results) {
            $aliases = @(([string] $result.Node.Aliases).Split(',') | Where-Object -FilterScript { $_ -ne '' })
            [ordered]@{ key = [string] $result.Node.Key; name = [string] $result.Node.Name; aliases = $aliases; cluster = $key }
        })
    $manifest.requested = $Facts
    $manifest.documents = @($Joined.Members | ForEach-Object -Process { $_.Entry })
    $manifest.skipped = $Joined.Skipped
    , (Get-HvUtf8 ((ConvertTo-HvJson $manifest) + "`n"))
}

# What was read, when and with which result, for people.

function Get-HvTranscript($Joined, [string[]] $Facts, [datetime] $Started, [string] $Zip, [string] $Digest) {
    $reads = @{}
    foreach ($read in $HvReads) { $reads[$read.Fact] = @($reads[$read.Fact]) + @("      $($read.Read)") }
    "Collect-Hypervigil $HvVersion, started $($Started.ToString('u', [cultureinfo]::InvariantCulture)) (UTC)"
    "Bundle $Zip"
    "SHA-256 $Digest"
    foreach ($skipped in $Joined.Skipped) { "Left out: $($skipped.path): $($skipped.why)" }
    foreach ($result in $Joined.Results) {
        $node = $result.Node
        ''
        "Host $($node.Key), elevated: $(Get-HvYesNo $node.Elevated)"
        if ($node.Note) { "  $($node.Note)" }
        foreach ($fact in $Facts) {
            $document = Get-HvDocument $result $fact
            $end = $(if ($document.Status -eq 'known') { 'read' } else { "gap, $($document.Cause): $($document.Detail)" })
            "  $($document.Time)  $fact, $($document.Milliseconds) ms: $end"
            $reads[$fact] | Where-Object -FilterScript { $_ }
            if ($document.Remark) { "      remark: $($document.Remark)" }
            if ($null -ne $document.PSObject.Properties['Warnings'] -and $document.Warnings) {
                "      warnings: $($document.Warnings)"
            }
            if ($null -ne $document.PSObject.Properties['Place'] -and $document.Place) {
                "      line $($document.Place) of its function"
            }
        }
    }
}

function Get-HvYesNo($Value) {
    if ($null -eq $Value) { return 'could not be told' }
    if ($Value) { 'yes' } else { 'no' }
}

# Facts of accounts: services, scheduled tasks, local groups and users, user rights, and the policies about them.

function Read-HvServices {
    $services = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2)
    if ($services.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows named no service' }
    $sids = Get-HvAccountsOfServices $services
    [ordered]@{
        services = @(foreach ($service in $services) {
                $account = Get-HvText $service 'StartName'
                [ordered]@{
                    name         = Get-HvText $service 'Name' -Required
                    display_name = Get-HvText $service 'DisplayName'
                    account      = $account
                    account_sid  = $(if ($null -ne $account) { $sids[$account] })
                    state        = Get-HvText $service 'State' -Required
                    start_mode   = Get-HvText $service 'StartMode' -Required
                    path         = Get-HvAccountsProgram (Get-HvText $service 'PathName')
                }
            })
    }
}

function Read-HvScheduledTasks {
    $logons = @{
        None = 0; Password = 1; S4U = 2; Interactive = 3; Group = 4; ServiceAccount = 5; InteractiveOrPassword = 6
    }
    $system = Get-HvAccountsOfSystem
    [ordered]@{
        tasks = @(foreach ($task in @(ScheduledTasks\Get-ScheduledTask)) {
                $path = Get-HvText $task 'TaskPath' -Required
                $name = Get-HvText $task 'TaskName' -Required
                $principal = Get-HvValue $task 'Principal' -Required
                $user = Get-HvText $principal 'UserId'
                $logon = Get-HvCode $principal 'LogonType' -Names $logons
                $sid = $(if ($null -ne $user -and $logon -eq 5) { Get-HvAccountsSid $user $system })
                # Windows brings about 200 tasks that run as the system or as whoever is logged on.
                if ($path -like '\Microsoft\Windows\*' -and ($null -eq $user -or $null -ne $sid)) { continue }
                if ($null -ne $user -and $null -eq $sid) {
                    $definition = Get-HvAccountsOfTask $path $name
                    $sid = $(if ($null -ne $definition) { Get-HvAccountsSid $definition @{} })
                    # A name stands there with its domain, which Principal leaves out.
                    if ($null -ne $definition -and $null -eq $sid) { $user = $definition }
                }
                [ordered]@{
                    path       = $path
                    name       = $name
                    user       = $user
                    user_sid   = $sid
                    group      = Get-HvText $principal 'GroupId'
                    logon_type = $logon
                    enabled    = Get-HvBoolean (Get-HvValue $task 'Settings' -Required) 'Enabled'
                }
            })
    }
}

function Read-HvLocalGroups {
    $wanted = 'S-1-5-32-544', 'S-1-5-32-578', 'S-1-5-32-555', 'S-1-5-32-580'
    $groups = @(foreach ($group in @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroup)) {
            $sid = Get-HvAccountsSidOf $group
            if ($wanted -notcontains $sid) { continue }
            $name = Get-HvText $group 'Name' -Required
            $found = Read-HvOptional "Get-LocalGroupMember for $sid" {
                , @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID $sid)
            }
            # It fails as a whole where one member's account is gone.
            if ($null -eq $found) { $found = Get-HvAccountsByAdsi $name }
            else { $found = @{ Members = @(foreach ($each in $found) { Get-HvAccountsMember $each }); Unread = 0 } }
            [ordered]@{ sid = $sid; name = $name; members = $found.Members; unread = $found.Unread }
        })
    if ($groups.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'none of the four groups was among the local ones' }
    [ordered]@{ groups = $groups }
}

function Read-HvLocalUsers {
    [ordered]@{
        users = @(foreach ($user in @(Microsoft.PowerShell.LocalAccounts\Get-LocalUser)) {
                [ordered]@{
                    sid               = Get-HvAccountsSidOf $user
                    name              = Get-HvText $user 'Name' -Required
                    enabled           = Get-HvBoolean $user 'Enabled' -Required
                    password_last_set = Get-HvMoment $user 'PasswordLastSet'
                    password_expires  = Get-HvMoment $user 'PasswordExpires'
                    password_required = Get-HvBoolean $user 'PasswordRequired'
                    last_logon        = Get-HvMoment $user 'LastLogon'
                }
            })
    }
}

function Read-HvUserRights {
    $section = Get-HvAccountsSection (Get-HvAccountsTemplate) 'Privilege Rights'
    $names = Get-HvAccountsByName
    $rights = [ordered]@{}
    foreach ($right in $section.Keys) {
        $holders = @(foreach ($holder in (Get-HvTexts $section $right)) {
                # An asterisk stands before a SID; local accounts may stand there by name.
                if ($holder[0] -eq '*') { $holder.Substring(1) }
                elseif ($names.ContainsKey($holder)) { $names[$holder] }
                else { $holder }
            })
        if ($holders.Count) { $rights[$right] = $holders }
    }
    [ordered]@{ rights = $rights }
}

function Read-HvPasswordPolicy {
    $section = Get-HvAccountsSection (Get-HvAccountsTemplate) 'System Access'
    [ordered]@{
        minimum_length    = Get-HvNumber $section 'MinimumPasswordLength'
        maximum_age_days  = Get-HvNumber $section 'MaximumPasswordAge'
        minimum_age_days  = Get-HvNumber $section 'MinimumPasswordAge'
        history           = Get-HvNumber $section 'PasswordHistorySize'
        complexity        = Get-HvBoolean $section 'PasswordComplexity'
        lockout_threshold = Get-HvNumber $section 'LockoutBadCount'
    }
}

function Read-HvPku2u {
    [ordered]@{ allow_online_id = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\pku2u' 'AllowOnlineID' }
}

function Read-HvRemoteUac {
    $policies = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
    [ordered]@{ token_filter_policy = Get-HvRegistry $policies 'LocalAccountTokenFilterPolicy' }
}

function Read-HvWdigest {
    $provider = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest'
    [ordered]@{
        use_logon_credential  = Get-HvRegistry $provider 'UseLogonCredential'
        is_cred_guard_enabled = Get-HvRegistry $provider 'IsCredGuardEnabled'
    }
}

function Read-HvLaps {
    $csp = 'HKLM:\SOFTWARE\Microsoft\Policies\LAPS'
    $gpo = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS'
    $local = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config'
    [ordered]@{
        csp_backup_directory              = Get-HvRegistry $csp 'BackupDirectory'
        csp_post_authentication_actions   = Get-HvRegistry $csp 'PostAuthenticationActions'
        csp_account_name                  = Get-HvRegistry $csp 'AdministratorAccountName'
        gpo_backup_directory              = Get-HvRegistry $gpo 'BackupDirectory'
        gpo_post_authentication_actions   = Get-HvRegistry $gpo 'PostAuthenticationActions'
        gpo_account_name                  = Get-HvRegistry $gpo 'AdministratorAccountName'
        local_backup_directory            = Get-HvRegistry $local 'BackupDirectory'
        local_post_authentication_actions = Get-HvRegistry $local 'PostAuthenticationActions'
        local_account_name                = Get-HvRegistry $local 'AdministratorAccountName'
        legacy_enabled                    = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft Services\AdmPwd' 'AdmPwdEnabled'
    }
}

# The program of a command line. What follows it may hold a secret.
function Get-HvAccountsProgram([string] $Line) {
    if ($Line -match '^\s*"([^"]+)"') { return $Matches[1] }
    if ($Line -match '^\s*(.+?\.(exe|sys|dll|com|cmd|bat))(?=\s|$)') { return $Matches[1] }
    if ($Line -match '^\s*(\S+)') { return $Matches[1] }
}

# SIDs of the accounts that services run as, by account. Nothing is looked up at a domain controller: they are names that are
# the same in every language, virtual accounts, local users, and else the owner of the service's process.
function Get-HvAccountsOfServices([object[]] $Services) {
    $users = Get-HvAccountsUsers
    $sids = @{}
    foreach ($service in $Services) {
        $account = Get-HvText $service 'StartName'
        if ($null -eq $account -or $sids.ContainsKey($account)) { continue }
        $sid = Get-HvAccountsSid $account $users
        $process = Get-HvNumber $service 'ProcessId'
        if ($null -eq $sid -and $process) { $sid = Get-HvAccountsOfProcess $process }
        if ($null -ne $sid) { $sids[$account] = $sid }
    }
    $sids
}

# The SID of an account by its name; $null where this host alone can not tell. $Names: further names with their SIDs.
function Get-HvAccountsSid([string] $Name, [hashtable] $Names) {
    $fixed = @{
        'LocalSystem' = 'S-1-5-18'; 'NT AUTHORITY\SYSTEM' = 'S-1-5-18'
        'NT AUTHORITY\LocalService' = 'S-1-5-19'; 'NT AUTHORITY\LOCAL SERVICE' = 'S-1-5-19'
        'NT AUTHORITY\NetworkService' = 'S-1-5-20'; 'NT AUTHORITY\NETWORK SERVICE' = 'S-1-5-20'
    }
    if ($Name -match '^S-1-[0-9]+(-[0-9]+)+$') { return $Name }
    if ($fixed.ContainsKey($Name)) { return $fixed[$Name] }
    $domain, $account = $Name.Split('\', 2)
    if ($null -eq $account) { return $Names[$domain] }
    if ($domain -eq 'NT SERVICE') { return Get-HvAccountsOfVirtual $account }
    if ($domain -eq '.' -or $domain -eq $env:COMPUTERNAME) { return $Names[$account] }
}

# The SID of a service's own account: SHA-1 of its name in capitals as UTF-16.
function Get-HvAccountsOfVirtual([string] $Service) {
    # Not SHA1.Create(), which .NET Framework refuses where FIPS mode is on.
    $algorithm = New-Object System.Security.Cryptography.SHA1CryptoServiceProvider
    $digest = $algorithm.ComputeHash([System.Text.Encoding]::Unicode.GetBytes($Service.ToUpperInvariant()))
    $algorithm.Dispose()
    $parts = foreach ($place in 0, 4, 8, 12, 16) { [System.BitConverter]::ToUInt32($digest, $place) }
    'S-1-5-80-' + ($parts -join '-')
}

function Get-HvAccountsOfProcess([long] $Process) {
    $owner = Read-HvOptional "the owner of process $Process" {
        Get-HvOne (Invoke-CimMethod -Query "SELECT * FROM Win32_Process WHERE ProcessId = $Process" -Namespace root\cimv2 `
                -MethodName GetOwnerSid)
    }
    if ($null -eq $owner) { return }
    $sid = Get-HvText $owner 'Sid'
    if ($sid -match '^S-1-[0-9]+(-[0-9]+)+$') { $sid }
}

# SIDs of Windows' own accounts by the names that this host's language gives them.
function Get-HvAccountsOfSystem {
    $found = @{}
    $accounts = Read-HvOptional 'names of system accounts' {
        , @(Get-CimInstance -ClassName Win32_SystemAccount -Namespace root\cimv2)
    }
    foreach ($account in $accounts) { $found[(Get-HvText $account 'Name' -Required)] = Get-HvText $account 'SID' -Required }
    $found
}

# SIDs of local users by name.
function Get-HvAccountsUsers {
    $found = @{}
    $users = Read-HvOptional 'SIDs of local users' { , @(Microsoft.PowerShell.LocalAccounts\Get-LocalUser) }
    foreach ($user in $users) { $found[(Get-HvText $user 'Name' -Required)] = Get-HvAccountsSidOf $user }
    $found
}

# SIDs of local users and groups by name.
function Get-HvAccountsByName {
    $found = Get-HvAccountsUsers
    $groups = Read-HvOptional 'SIDs of local groups' { , @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroup) }
    foreach ($group in $groups) { $found[(Get-HvText $group 'Name' -Required)] = Get-HvAccountsSidOf $group }
    $found
}

function Get-HvAccountsSidOf($Principal) { Get-HvText (Get-HvValue $Principal 'SID' -Required) 'Value' -Required }

# The account of a task as it was registered: a SID, or a name with its domain.
function Get-HvAccountsOfTask([string] $Path, [string] $Name) {
    $text = Read-HvOptional "the definition of task $Path$Name" {
        [string] (ScheduledTasks\Export-ScheduledTask -TaskPath $Path -TaskName $Name)
    }
    if (-not $text) { return }
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($text)
    $user = $document.SelectSingleNode("/*/*[local-name()='Principals']/*/*[local-name()='UserId']")
    if ($null -ne $user -and $user.InnerText.Trim() -ne '') { $user.InnerText.Trim() }
}

# A member as Get-LocalGroupMember gives it. Windows translates ObjectClass: only the English words are taken.
function Get-HvAccountsMember($Member) {
    $sources = @{ Unknown = 0; Local = 1; ActiveDirectory = 2; AzureAD = 3; MicrosoftAccount = 4 }
    $kind = Get-HvText $Member 'ObjectClass'
    $source = Get-HvCode $Member 'PrincipalSource' -Names $sources
    [ordered]@{
        sid    = Get-HvAccountsSidOf $Member
        name   = Get-HvText $Member 'Name'
        kind   = $(if ('User', 'Group' -contains $kind) { $kind })
        source = @($sources.Keys | Where-Object -FilterScript { $sources[$_] -eq $source }) -join ''
    }
}

# Members by the WinNT provider of ADSI, which gives those whose account is gone, too.
function Get-HvAccountsByAdsi([string] $Group) {
    $entry = New-Object -TypeName System.DirectoryServices.DirectoryEntry -ArgumentList "WinNT://./$Group,group"
    $unread = 0
    $members = @(foreach ($each in @($entry.psbase.Invoke('Members'))) {
            $member = Read-HvOptional "a member of $Group" { Get-HvAccountsOfAdsi $each }
            if ($null -eq $member) { $unread++ } else { $member }
        })
    @{ Members = $members; Unread = $unread }
}

function Get-HvAccountsOfAdsi($Member) {
    $values = @{}
    foreach ($name in 'objectSid', 'ADsPath', 'Class') {
        $values[$name] = $Member.GetType().InvokeMember($name, 'GetProperty', $null, $Member, $null)
    }
    # WinNT://DOMAIN/name, WinNT://DOMAIN/HOST/name, or WinNT://S-1-5-... where the account is gone
    $parts = ([string] $values.ADsPath).Substring('WinNT://'.Length).Split('/')
    [ordered]@{
        sid    = ConvertFrom-HvAccountsSid $values.objectSid
        name   = $(if ($parts.Count -gt 1) { $parts[-2] + '\' + $parts[-1] })
        kind   = $(if ('User', 'Group' -contains $values.Class) { [string] $values.Class })
        source = $null
    }
}

# A binary SID ([MS-DTYP] 2.4.2.2) as text.
function ConvertFrom-HvAccountsSid([byte[]] $Bytes) {
    $text = 'S-' + $Bytes[0] + '-' + (($Bytes[2] * [long] 1099511627776) + ($Bytes[3] * [long] 4294967296) +
        ($Bytes[4] * [long] 16777216) + ($Bytes[5] * 65536) + ($Bytes[6] * 256) + $Bytes[7])
    for ($part = 0; $part -lt $Bytes[1]; $part++) { $text += '-' + [System.BitConverter]::ToUInt32($Bytes, 8 + 4 * $part) }
    $text
}

# The security settings in force as lines of a template. Two tasks read it and may run at once: the first one that gets here
# exports it for both.
function Get-HvAccountsTemplate {
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'secedit.exe needs an elevated session' }
    [System.Threading.Monitor]::Enter($HvOptions)
    try {
        if ($null -eq $HvOptions['SecurityTemplate']) {
            $HvOptions['SecurityTemplate'] = Invoke-HvScratch {
                param($template)
                $null = Invoke-HvProgram { secedit.exe /export /cfg $template /areas SECURITYPOLICY USER_RIGHTS /quiet }
                , [System.IO.File]::ReadAllLines($template, [System.Text.Encoding]::Unicode)
            }
        }
    }
    finally { [System.Threading.Monitor]::Exit($HvOptions) }
    , $HvOptions['SecurityTemplate']
}

# "name = value" in one section of a template.
function Get-HvAccountsSection([string[]] $Lines, [string] $Section) {
    $found = $null
    $inside = $false
    foreach ($line in $Lines) {
        if ($line -match '^\s*\[(.+)\]\s*$') {
            $inside = $Matches[1] -eq $Section
            if ($inside) { $found = [ordered]@{} }
        }
        elseif ($inside -and $line -match '^\s*([^=]+?)\s*=\s*(.*?)\s*$') { $found[$Matches[1]] = $Matches[2] }
    }
    if ($null -eq $found) { Stop-HvTask -Cause unparsable -Detail "the exported template has no section $Section" }
    $found
}

# Facts of the host's own certificates. Of a key nothing is read but that the store says where it is.

function Read-HvCertificates {
    $issuers = Get-HvCertificatesIssuers
    [ordered]@{
        certificates = @(foreach ($entry in Get-HvStoresCertificates 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\MY') {
                $certificate = $entry.Certificate
                $extensions = Get-HvCertificatesExtensions $certificate
                $key = Get-HvValue $certificate 'PublicKey' -Required
                [ordered]@{
                    store               = 'My'
                    thumbprint          = (Get-HvText $certificate 'Thumbprint' -Required).ToUpperInvariant()
                    subject             = [string] (Get-HvText $certificate 'Subject')
                    issuer              = [string] (Get-HvText $certificate 'Issuer')
                    not_before          = Get-HvMoment $certificate 'NotBefore' -Required
                    not_after           = Get-HvMoment $certificate 'NotAfter' -Required
                    has_private_key     = $entry.HasPrivateKey
                    dns_names           = $extensions.Dns
                    ip_names            = $extensions.Ip
                    usages              = $extensions.Usages
                    key_usage           = $extensions.KeyUsage
                    key_algorithm       = Get-HvText (Get-HvValue $key 'Oid' -Required) 'Value'
                    key_bits            = Get-HvCertificatesBits $key
                    signature_algorithm = Get-HvText (Get-HvValue $certificate 'SignatureAlgorithm' -Required) 'Value'
                    chain_trusted       = Get-HvCertificatesTrust $certificate $issuers
                }
            })
    }
}

# What the extensions say: Dns and Ip of the alternative names, Usages, KeyUsage, and Aia (where issuers can be fetched).
function Get-HvCertificatesExtensions($Certificate) {
    $found = @{ Dns = @(); Ip = @(); Usages = @(); KeyUsage = $null; Aia = $false }
    $extensions = Get-HvValue $Certificate 'Extensions' -Required
    foreach ($extension in $extensions) {
        switch (Get-HvText (Get-HvValue $extension 'Oid' -Required) 'Value') {
            '2.5.29.17' {
                # A name that no client could read either is no name.
                $names = Read-HvOptional 'alternative names of a certificate' {
                    Get-HvCertificatesNames (Get-HvValue $extension 'RawData' -Required)
                }
                if ($null -ne $names) { $found.Dns = $names.Dns; $found.Ip = $names.Ip }
            }
            '2.5.29.37' {
                $usages = Get-HvValue $extension 'EnhancedKeyUsages' -Required
                $found.Usages = @(foreach ($usage in $usages) { Get-HvText $usage 'Value' })
            }
            '2.5.29.15' { $found.KeyUsage = Get-HvCode $extension 'KeyUsages' }
            '1.3.6.1.5.5.7.1.1' { $found.Aia = $true }
        }
    }
    $found
}

# Alternative names (RFC 5280 4.2.1.6) of the types dNSName and iPAddress.
function Get-HvCertificatesNames([byte[]] $Bytes) {
    $found = @{ Dns = @(); Ip = @() }
    $all = Get-HvCertificatesElement $Bytes 0
    $place = $all.Start
    while ($place -lt $all.End) {
        $name = Get-HvCertificatesElement $Bytes $place
        $place = $name.End
        $content = New-Object byte[] ($name.End - $name.Start)
        [System.Array]::Copy($Bytes, $name.Start, $content, 0, $content.Length)
        if ($name.Tag -eq 0x82) { $found.Dns += [System.Text.Encoding]::ASCII.GetString($content) }
        if ($name.Tag -eq 0x87) { $found.Ip += (New-Object System.Net.IPAddress(, $content)).ToString() }
    }
    $found
}

# The element of DER (X.690 8.1) at a place: its tag, and where its content starts and ends.
function Get-HvCertificatesElement([byte[]] $Bytes, [int] $Place) {
    $failed = 'an extension is cut off'
    if ($Place + 2 -gt $Bytes.Length) { Stop-HvTask -Cause unparsable -Detail $failed }
    [long] $length = $Bytes[$Place + 1]
    $start = $Place + 2
    if ($length -ge 0x80) {
        $digits = $length - 0x80
        if ($digits -lt 1 -or $digits -gt 4 -or $start + $digits -gt $Bytes.Length) {
            Stop-HvTask -Cause unparsable -Detail $failed
        }
        $length = 0
        for ($digit = 0; $digit -lt $digits; $digit++) { $length = $length * 256 + $Bytes[$start + $digit] }
        $start += $digits
    }
    if ($start + $length -gt $Bytes.Length) { Stop-HvTask -Cause unparsable -Detail $failed }
    @{ Tag = $Bytes[$Place]; Start = [int] $start; End = [int] ($start + $length) }
}

# The length of a public key by its bytes: of RSA the modulus (RFC 8017 A.1.1), of elliptic curves a point (SEC 1 2.3.3).
# $null for other kinds.
function Get-HvCertificatesBits($Key) {
    [byte[]] $bytes = Get-HvValue (Get-HvValue $Key 'EncodedKeyValue' -Required) 'RawData' -Required
    switch (Get-HvText (Get-HvValue $Key 'Oid' -Required) 'Value') {
        '1.2.840.113549.1.1.1' {
            $modulus = Get-HvCertificatesElement $bytes (Get-HvCertificatesElement $bytes 0).Start
            $place = $modulus.Start
            while ($place -lt $modulus.End -and $bytes[$place] -eq 0) { $place++ }
            if ($place -eq $modulus.End) { return }
            $bits = 8 * ($modulus.End - $place - 1)
            for ($first = [int] $bytes[$place]; $first -gt 0; $first = $first -shr 1) { $bits++ }
            return $bits
        }
        '1.2.840.10045.2.1' {
            # Both coordinates, or one and a sign. P-521 fills 66 bytes.
            $size = $(if ($bytes[0] -eq 4) { 4 * ($bytes.Length - 1) } else { 8 * ($bytes.Length - 1) })
            return $(if ($size -eq 528) { 521 } else { $size })
        }
    }
}

# Certificates of authorities that lie on this host: ByName (subject as in the certificate), and Roots by thumbprint. A store
# is what the machine, policy and the directory bring together.
function Get-HvCertificatesIssuers {
    $machine = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates'
    $directory = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates'
    $found = @{ ByName = @{}; Roots = @{} }
    foreach ($store in "$machine\ROOT", "$machine\AuthRoot", "$policy\Root", "$directory\Root") {
        foreach ($entry in Get-HvStoresCertificates $store) {
            $found.Roots[(Get-HvText $entry.Certificate 'Thumbprint' -Required)] = $true
            Add-HvCertificatesIssuer $found.ByName $entry.Certificate
        }
    }
    foreach ($store in "$machine\CA", "$policy\CA", "$directory\CA") {
        foreach ($entry in Get-HvStoresCertificates $store) { Add-HvCertificatesIssuer $found.ByName $entry.Certificate }
    }
    $found
}

function Add-HvCertificatesIssuer([hashtable] $ByName, $Certificate) {
    $name = Get-HvCertificatesRaw (Get-HvValue $Certificate 'SubjectName' -Required)
    if (-not $ByName.ContainsKey($name)) { $ByName[$name] = New-Object System.Collections.ArrayList }
    [void] $ByName[$name].Add($Certificate)
}

function Get-HvCertificatesRaw($Name) {
    $bytes = Get-HvValue $Name 'RawData' -Required
    [System.BitConverter]::ToString($bytes)
}

# Whether a certificate leads to a root of this host. Windows is asked to build the chain only where all of it lies here,
# since it would fetch what does not; $null where something would have to be fetched. Revocation is not asked for.
function Get-HvCertificatesTrust($Certificate, [hashtable] $Issuers) {
    $policy = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509ChainPolicy -Property @{
        RevocationMode = 'NoCheck'; UrlRetrievalTimeout = [timespan]::FromSeconds(1)
    }
    $extra = Get-HvValue $policy 'ExtraStore' -Required
    $current = $Certificate
    for ($depth = 0; ; $depth++) {
        $issuer = Get-HvCertificatesRaw (Get-HvValue $current 'IssuerName' -Required)
        if ($issuer -eq (Get-HvCertificatesRaw (Get-HvValue $current 'SubjectName' -Required))) {
            if (-not $Issuers.Roots.ContainsKey((Get-HvText $current 'Thumbprint' -Required))) { return $false }
            break
        }
        if ($depth -eq 10) { return $false }
        $found = @($Issuers.ByName[$issuer] | Where-Object -FilterScript { $null -ne $_ })
        if ($found.Count -eq 0) {
            if ((Get-HvCertificatesExtensions $current).Aia) { return $null }
            return $false
        }
        foreach ($each in $found) { [void] $extra.Add($each) }
        # A root before a certificate of the same name that another authority has signed.
        $roots = @($found | Where-Object -FilterScript { $Issuers.Roots.ContainsKey((Get-HvText $_ 'Thumbprint' -Required)) })
        $current = $(if ($roots.Count) { $roots[0] } else { $found[0] })
    }
    Test-HvCertificatesChain $Certificate $policy
}

# Whether the chain of a certificate has no fault but that the certificate itself may not be valid now, which its dates tell.
function Test-HvCertificatesChain($Certificate, $Policy) {
    $chain = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Chain -ArgumentList $true -Property @{
        ChainPolicy = $Policy
    }
    $null = $chain.Build($Certificate)
    $elements = Get-HvValue $chain 'ChainElements' -Required
    $allowed = 1  # X509ChainStatusFlags.NotTimeValid
    foreach ($element in $elements) {
        $faults = Get-HvValue $element 'ChainElementStatus' -Required
        foreach ($fault in $faults) {
            if (((Get-HvCode $fault 'Status' -Required) -bor $allowed) -ne $allowed) { return $false }
        }
        $allowed = 0
    }
    $true
}

# Facts of the failover cluster.

function Read-HvCluster {
    $cluster = Get-HvOne (FailoverClusters\Get-Cluster)
    [ordered]@{
        name                        = Get-HvText $cluster 'Name' -Required
        id                          = Get-HvGuid $cluster 'Id'
        domain                      = Get-HvText $cluster 'Domain'
        security_level              = Get-HvCode $cluster 'SecurityLevel'
        security_level_for_storage  = Get-HvCode $cluster 'SecurityLevelForStorage'
        functional_level            = Get-HvNumber $cluster 'ClusterFunctionalLevel'
        upgrade_version             = Get-HvNumber $cluster 'ClusterUpgradeVersion'
        access_point                = Get-HvCode $cluster 'AdministrativeAccessPoint'
        netft_ipsec                 = Get-HvNumber $cluster 'NetftIPSecEnabled'
        s2d_enabled                 = Get-HvNumber $cluster 'S2DEnabled'
        maximum_parallel_migrations = Get-HvNumber $cluster 'MaximumParallelMigrations'
        rdma_for_storage            = Get-HvNumber $cluster 'UseRdmaForStorage'
    }
}

function Read-HvClusterNodes {
    $nodes = @(FailoverClusters\Get-ClusterNode)
    if ($nodes.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'it gave no node, and a cluster has at least one' }
    [ordered]@{
        nodes = @(foreach ($node in $nodes) {
                [ordered]@{
                    name         = Get-HvText $node 'Name' -Required
                    id           = Get-HvText $node 'Id'
                    state        = Get-HvCode $node 'State' -Names @{ Unknown = -1; Up = 0; Down = 1; Paused = 2; Joining = 3 }
                    build_number = Get-HvNumber $node 'BuildNumber'
                }
            })
    }
}

function Read-HvClusterNetworks {
    $roles = @{ None = 0; Cluster = 1; Client = 2; ClusterAndClient = 3 }
    $migration = Get-HvClusterMigration
    [ordered]@{
        networks           = @(foreach ($network in @(FailoverClusters\Get-ClusterNetwork)) {
                $subnets4 = Get-HvClusterSubnets (Get-HvTexts $network 'Ipv4Addresses') (Get-HvCodes $network 'Ipv4PrefixLengths')
                $subnets6 = Get-HvClusterSubnets (Get-HvTexts $network 'Ipv6Addresses') (Get-HvCodes $network 'Ipv6PrefixLengths')
                [ordered]@{
                    id          = Get-HvGuid $network 'Id' -Required
                    name        = Get-HvText $network 'Name' -Required
                    role        = Get-HvCode $network 'Role' -Names $roles -Required
                    subnets     = @($subnets4) + @($subnets6)
                    metric      = Get-HvNumber $network 'Metric'
                    auto_metric = Get-HvBoolean $network 'AutoMetric'
                }
            })
        interfaces         = @(foreach ($interface in @(FailoverClusters\Get-ClusterNetworkInterface)) {
                $network = Get-HvValue $interface 'Network'
                $addresses4 = Get-HvTexts $interface 'Ipv4Addresses'
                $addresses6 = Get-HvTexts $interface 'Ipv6Addresses'
                [ordered]@{
                    node       = Get-HvText $interface 'Node' -Required
                    network_id = $(if ($null -ne $network) { Get-HvGuid $network 'Id' })
                    network    = $(if ($null -ne $network) { Get-HvText $network 'Name' })
                    adapter    = Get-HvText $interface 'Adapter'
                    addresses  = @(foreach ($address in @($addresses4) + @($addresses6)) { if ($null -ne $address) { $address } })
                }
            })
        migration_excluded = $migration['MigrationExcludeNetworks']
        migration_order    = $migration['MigrationNetworkOrder']
    }
}

# Each cmdlet is asked once, and gets all VM resources through the pipeline: the cluster service answers it for each of them.
function Read-HvClusterGroups {
    $groups = @(FailoverClusters\Get-ClusterGroup)
    $machines = @(FailoverClusters\Get-ClusterResource | Where-Object -FilterScript {
            (Get-HvClusterName (Get-HvValue $_ 'ResourceType' -Required)) -eq 'Virtual Machine'
        })
    $owners = Get-HvClusterOwners $machines
    $vms = Get-HvClusterVms $machines
    $machineOf = @{}
    foreach ($machine in $machines) {
        $group = Get-HvClusterName (Get-HvValue $machine 'OwnerGroup')
        if ($null -ne $group) { $machineOf[$group] = Get-HvText $machine 'Name' -Required }
    }
    [ordered]@{
        groups = @(foreach ($group in $groups) {
                $name = Get-HvText $group 'Name' -Required
                $vm = $null
                $possible = $null
                if ($machineOf.ContainsKey($name)) {
                    $vm = $vms[$machineOf[$name]]
                    $possible = $owners[$machineOf[$name]]
                }
                [ordered]@{
                    id              = Get-HvGuid $group 'Id' -Required
                    name            = $name
                    group_type      = Get-HvCode $group 'GroupType' -Required
                    owner_node      = Get-HvClusterName (Get-HvValue $group 'OwnerNode')
                    state           = Get-HvCode $group 'State' -Names @{
                        Unknown = -1; Online = 0; Offline = 1; Failed = 2; PartialOnline = 3; Pending = 4
                    }
                    vm_id           = $vm
                    possible_owners = $possible
                    priority        = Get-HvNumber $group 'Priority'
                }
            })
    }
}

function Read-HvClusterVolumes {
    [ordered]@{
        volumes = @(foreach ($volume in @(FailoverClusters\Get-ClusterSharedVolume)) {
                $parts = Get-HvValue $volume 'SharedVolumeInfo'
                # A volume that is offline has none; a disk with several partitions has one for each.
                if ($null -eq $parts) { $parts = @(@{}) }
                foreach ($part in $parts) {
                    [ordered]@{
                        id         = Get-HvGuid $volume 'Id' -Required
                        name       = Get-HvText $volume 'Name' -Required
                        path       = Get-HvText $part 'FriendlyVolumeName'
                        owner_node = Get-HvClusterName (Get-HvValue $volume 'OwnerNode')
                        redirected = Get-HvBoolean $part 'RedirectedAccess'
                    }
                }
            })
    }
}

function Read-HvClusterAccess {
    [ordered]@{
        entries = @(foreach ($rule in @(FailoverClusters\Get-ClusterAccess)) {
                $identity = Get-HvValue $rule 'IdentityReference' -Required
                $name = Get-HvText $identity 'Value' -Required
                [ordered]@{
                    sid    = Get-HvClusterSid $identity $name
                    name   = $name
                    rights = Get-HvCode $rule 'ClusterRights' -Names @{ None = 0; Read = 1; Full = 2 } -Required
                    deny   = (Get-HvCode $rule 'AccessControlType' -Names @{ Allow = 0; Deny = 1 } -Required) -eq 1
                }
            })
    }
}

# The service's own stores lie in the registry. What is there about a key is where the key is, and that is not looked at.
function Read-HvClusterCertificates {
    $stores = 'HKLM:\SOFTWARE\Microsoft\Cryptography\Services\ClusSvc\SystemCertificates'
    [ordered]@{
        certificates = @(foreach ($store in (Get-HvRegistryKeys $stores)) {
                foreach ($entry in Get-HvStoresCertificates "$stores\$store") {
                    $certificate = $entry.Certificate
                    [ordered]@{
                        store      = $store
                        thumbprint = Get-HvText $certificate 'Thumbprint' -Required
                        subject    = [string] (Get-HvText $certificate 'Subject')
                        issuer     = Get-HvText $certificate 'Issuer'
                        not_before = Get-HvMoment $certificate 'NotBefore'
                        not_after  = Get-HvMoment $certificate 'NotAfter' -Required
                    }
                }
            })
    }
}

# The name of a node, group or type that an object refers to; $null where there is none.
function Get-HvClusterName($Object) {
    if ($null -eq $Object) { return $null }
    if ($Object -is [string]) { return $Object.Trim() }
    Get-HvText $Object 'Name' -Required
}

# Subnets in CIDR form out of two lists of the same length.
function Get-HvClusterSubnets($Addresses, $Lengths) {
    if (@($Addresses).Count -ne @($Lengths).Count) {
        Stop-HvTask -Cause unparsable -Detail 'a network has not as many prefix lengths as addresses'
    }
    for ($i = 0; $i -lt @($Addresses).Count; $i++) {
        if ($null -ne @($Addresses)[$i]) { "$(@($Addresses)[$i])/$(@($Lengths)[$i])" }
    }
}

# MigrationExcludeNetworks and MigrationNetworkOrder of the resource type of VMs: ids of networks. A cluster without Hyper-V
# does not have the type.
function Get-HvClusterMigration {
    $found = Read-HvOptional 'the networks of live migration' {
        $ids = @{}
        foreach ($parameter in @(FailoverClusters\Get-ClusterResourceType -Name 'Virtual Machine' |
                    FailoverClusters\Get-ClusterParameter)) {
            $name = Get-HvText $parameter 'Name' -Required
            if ($name -ne 'MigrationExcludeNetworks' -and $name -ne 'MigrationNetworkOrder') { continue }
            $ids[$name] = @(foreach ($id in (Get-HvTexts $parameter 'Value' -Separator ';')) { Get-HvGuid @{ Id = $id } 'Id' })
        }
        $ids
    }
    if ($null -eq $found) { return @{} }
    $found
}

# Names of the nodes that can own each VM resource, by the resource's name. A resource that is not in it could not be read.
function Get-HvClusterOwners([object[]] $Machines) {
    $owners = @{}
    if ($null -eq $Machines -or $Machines.Count -eq 0) { return $owners }
    $answer = Invoke-HvLenient { $Machines | FailoverClusters\Get-ClusterOwnerNode }
    foreach ($list in $answer.objects) {
        $nodes = Get-HvValue $list 'OwnerNodes' -Required
        $name = Get-HvClusterName (Get-HvValue $list 'ClusterObject' -Required)
        $owners[$name] = @(foreach ($node in $nodes) { Get-HvClusterName $node })
    }
    Get-HvClusterErrors 'possible owners' $answer.errors
    $owners
}

# The id of the VM of each VM resource, by the resource's name.
function Get-HvClusterVms([object[]] $Machines) {
    $ids = @{}
    if ($null -eq $Machines -or $Machines.Count -eq 0) { return $ids }
    $answer = Invoke-HvLenient { $Machines | FailoverClusters\Get-ClusterParameter -Name VmID }
    foreach ($parameter in $answer.objects) {
        $ids[(Get-HvClusterName (Get-HvValue $parameter 'ClusterObject' -Required))] = Get-HvGuid $parameter 'Value' -Required
    }
    Get-HvClusterErrors 'VM ids' $answer.errors
    $ids
}

# What single resources did not tell, as one remark; gives nothing.
function Get-HvClusterErrors([string] $What, [object[]] $Errors) {
    if ($null -eq $Errors -or $Errors.Count -eq 0) { return }
    $gap = Get-HvGap $Errors[0]
    Add-HvRemark "without ${What} of $($Errors.Count) resources: $($gap.Cause): $($gap.Detail)"
}

# The SID of a name, by the host's own look-up. $null and a remark where it has none (an account that was deleted).
function Get-HvClusterSid($Identity, [string] $Name) {
    if ($Name -match '^S-1-[0-9-]+$') { return $Name }
    $sid = Read-HvOptional "the SID of $Name" { $Identity.Translate([System.Security.Principal.SecurityIdentifier]) }
    if ($null -ne $sid) { Get-HvText $sid 'Value' -Required }
}

# Facts out of event logs: boots, code integrity, services and devices that failed, logons, SMB.

# Events of several logs, newest first within each, with how far each search reaches. A log that could not be searched is a
# remark; where none could, its failure is that of the task.
function Find-HvEvents([hashtable[]] $Reads) {
    $events = New-Object System.Collections.ArrayList
    $windows = New-Object System.Collections.ArrayList
    $failure = $null
    foreach ($read in $Reads) {
        try {
            $found = Get-HvEvents -Log $read.Log -Provider $read.Provider -Id $read.Id -Days $read.Days -Most $read.Most
            $oldest = Get-HvLogStart $read.Log
        }
        catch {
            if ($null -eq $failure) { $failure = $_ }
            $gap = Get-HvGap $_
            Add-HvRemark "without the log $($read.Log): $($gap.Cause): $($gap.Detail)"
            continue
        }
        foreach ($event in $found) { [void] $events.Add($event) }
        $days = [System.Math]::Min($read.Days, $HvOptions.Days)
        [void] $windows.Add([ordered]@{
                channel = $read.Log; since = [datetime]::UtcNow.AddDays(-$days); oldest = $oldest; complete = $found.Count -lt $read.Most
            })
    }
    if ($windows.Count -eq 0 -and $null -ne $failure) { throw $failure }
    @{ Events = $events; Windows = @($windows) }
}

# Where an event stands and when it was written.
function New-HvEventRow($Event) {
    [ordered]@{
        record_id = $Event.record_id; channel = $Event.channel; provider = $Event.provider; id = $Event.id; time = $Event.time
    }
}

# Rows that say the same become one, with their number and the time of the oldest; the newest comes first.
function Group-HvEventRows($Rows) {
    $groups = [ordered]@{}
    foreach ($row in $Rows) {
        $key = ($row.Keys | Where-Object -FilterScript { $_ -ne 'record_id' -and $_ -ne 'time' -and $_ -ne 'activity_id' } |
                ForEach-Object -Process { "$_=$($row[$_])" }) -join "`n"
        if ($groups.Contains($key)) {
            $groups[$key]['count']++
            $groups[$key]['first'] = $row['time']
            continue
        }
        $row['count'] = 1
        $row['first'] = $null
        $groups[$key] = $row
    }
    $groups.Values
}

# A number as an event writes it: with 0x before it, or negative for an unsigned one.
function Get-HvEventNumber($Data, [string] $Name) {
    $text = Get-HvText $Data $Name
    if ($text -match '^0x([0-9A-Fa-f]{1,16})$') { return [System.Convert]::ToInt64($Matches[1], 16) }
    if ($text -notmatch '^-?[0-9]{1,18}$') { return $null }
    $number = [long] $text
    if ($number -lt 0 -and $number -ge -2147483648) { return $number + 4294967296 }
    $number
}

# Text of an event; a dash and nothing are none.
function Get-HvEventText($Data, [string] $Name) {
    $text = Get-HvText $Data $Name
    if ($null -eq $text) { return $null }
    $text = $text.Trim()
    if ($text -ne '' -and $text -ne '-') { $text }
}

function Get-HvEventBoolean($Data, [string] $Name) {
    $text = Get-HvEventText $Data $Name
    if ($text -eq '%%1842' -or $text -eq 'true' -or $text -eq '1') { return $true }
    if ($text -eq '%%1843' -or $text -eq 'false' -or $text -eq '0') { return $false }
}

function Get-HvEventsLastBoot {
    Get-HvMoment (Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)) 'LastBootUpTime'
}

function Read-HvBootEvents {
    $boot = 'Microsoft-Windows-Kernel-Boot'
    $found = Find-HvEvents @(
        @{ Log = 'System'; Provider = $boot; Id = 124, 153, 156; Days = 180; Most = 200 }
        @{ Log = "$boot/Operational"; Provider = $boot; Id = @(51); Days = 180; Most = 200 }
        @{ Log = 'System'; Provider = 'Microsoft-Windows-Wininit'; Id = 12, 13, 14, 15, 16, 17; Days = 180; Most = 200 }
    )
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['reason'] = Get-HvEventNumber $data 'EnableDisableReason'
        $row['policy'] = Get-HvEventNumber $data 'VsmPolicy'
        $row['phase'] = Get-HvEventNumber $data 'Phase'
        $row['level'] = Get-HvEventNumber $data 'Level'
        $row['config'] = Get-HvEventNumber $data 'Config'
        $row['is_test_config'] = Get-HvEventNumber $data 'IsTestConfig'
        $row['is_auto_enabled'] = Get-HvEventNumber $data 'IsAutoEnabled'
        $row['tpm_pcr_mask'] = Get-HvEventNumber $data 'TpmPcrMask'
        $row['cached_copy_status'] = Get-HvEventNumber $data 'CachedCopyStatus'
        $unsealing = Get-HvEventNumber $data 'UnsealingCachedCopyStatus'
        $row['unsealing_status'] = $(if ($null -ne $unsealing) { $unsealing } else { Get-HvEventNumber $data 'PrimaryBlobUnsealStatus' })
        $row['key_generation_status'] = Get-HvEventNumber $data 'KeyGenerationAndSaveStatus'
        $row['sealing_status'] = Get-HvEventNumber $data 'SealingStatus'
        $row
    }
    [ordered]@{ events = @($rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Read-HvCodeIntegrityEvents {
    $found = Find-HvEvents @(
        @{
            Log = 'Microsoft-Windows-CodeIntegrity/Operational'; Provider = 'Microsoft-Windows-CodeIntegrity'; Days = 90; Most = 3000
            Id = @(3001, 3004, 3021, 3022, 3023, 3033, 3034, 3063, 3065, 3066, 3072, 3073, 3074, 3076, 3077, 3082, 3083, 3084, 3085, 3086,
                3087, 3089, 3099, 3104, 3111)
        })
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['file'] = Get-HvEventsEither (Get-HvEventText $data 'FileNameBuffer') (Get-HvEventText $data 'File Name')
        $row['process'] = Get-HvEventsEither (Get-HvEventText $data 'ProcessNameBuffer') (Get-HvEventText $data 'Process Name')
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['hvci_failures'] = Get-HvEventNumber $data 'HVCIAuditFailures'
        $row['requested_level'] = Get-HvEventsEither (Get-HvEventNumber $data 'RequestedPolicy') (
            Get-HvEventNumber $data 'Requested Signing Level')
        $row['validated_level'] = Get-HvEventsEither (Get-HvEventNumber $data 'ValidatedPolicy') (
            Get-HvEventNumber $data 'Validated Signing Level')
        $row['policy_name'] = Get-HvEventsEither (Get-HvEventText $data 'PolicyName') (Get-HvEventText $data 'PolicyNameBuffer')
        $row['policy_id'] = Get-HvEventsGuid (Get-HvEventText $data 'PolicyGUID')
        $row['policy_options'] = Get-HvEventNumber $data 'Options'
        $row['publisher'] = Get-HvEventText $data 'PublisherName'
        $row['issuer'] = Get-HvEventText $data 'IssuerName'
        $row
    }
    [ordered]@{ events = @(Group-HvEventRows $rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Get-HvEventsEither($First, $Second) {
    if ($null -ne $First) { $First } else { $Second }
}

function Get-HvEventsGuid([string] $Text) {
    if ($Text -match '^\{?([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?$') { $Matches[1].ToLowerInvariant() }
}

function Read-HvPnpProblems {
    [ordered]@{
        devices = @(foreach ($device in @(Get-CimInstance -ClassName Win32_PnPEntity -Namespace root\cimv2 -Filter 'ConfigManagerErrorCode <> 0')) {
                [ordered]@{
                    device_id  = Get-HvText $device 'PNPDeviceID' -Required
                    code       = Get-HvCode $device 'ConfigManagerErrorCode' -Required
                    name       = Get-HvText $device 'Name'
                    service    = Get-HvText $device 'Service'
                    pnp_class  = Get-HvText $device 'PNPClass'
                    class_guid = Get-HvGuid $device 'ClassGuid'
                    present    = Get-HvBoolean $device 'Present'
                }
            })
    }
}

function Read-HvServiceFailures {
    $found = Find-HvEvents @(
        @{ Log = 'System'; Provider = 'Service Control Manager'; Id = 7000, 7001, 7009, 7026; Days = 90; Most = 1000 })
    $rows = foreach ($event in $found.Events) {
        $row = New-HvEventRow $event
        $row['parameters'] = @(foreach ($name in 'param1', 'param2', 'param3') {
                $text = Get-HvText $event.data $name
                if ($null -ne $text) { $text }
            })
        $row
    }
    [ordered]@{ events = @($rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Read-HvDriverBlocklist {
    $path = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('Windows'), 'System32\CodeIntegrity\driversipolicy.p7b')
    $there = Test-Path -LiteralPath $path
    $item = $(if ($there) { Get-Item -LiteralPath $path })
    $loaded = Read-HvOptional 'policies that were loaded' {
        , @((Find-HvEvents @(
                    @{
                        Log = 'Microsoft-Windows-CodeIntegrity/Operational'; Provider = 'Microsoft-Windows-CodeIntegrity'; Id = @(3099)
                        Days = 365; Most = 100
                    })).Events | ForEach-Object -Process {
                $row = New-HvEventRow $_
                $row['policy_id'] = Get-HvEventsGuid (Get-HvEventText $_.data 'PolicyGUID')
                $row['policy_name'] = Get-HvEventText $_.data 'PolicyNameBuffer'
                $row['options'] = Get-HvEventNumber $_.data 'Options'
                $row
            })
    }
    [ordered]@{
        enabled      = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\CI\Config' 'VulnerableDriverBlocklistEnable'
        file_present = $there
        file_size    = $(if ($there) { Get-HvNumber $item 'Length' })
        file_sha256  = $(if ($there) {
                (Get-HvText (Get-HvOne (Get-FileHash -LiteralPath $path -Algorithm SHA256)) 'Hash' -Required).ToLowerInvariant()
            })
        file_written = $(if ($there) { Get-HvMoment $item 'LastWriteTimeUtc' })
        loaded       = $loaded
    }
}

function Read-HvLogons {
    $security = 'Microsoft-Windows-Security-Auditing'
    $sessions = 'Microsoft-Windows-TerminalServices-LocalSessionManager'
    $connections = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager'
    $found = Find-HvEvents @(
        @{ Log = 'Security'; Provider = $security; Id = @(4624); Days = 30; Most = 20000 }
        @{ Log = 'Security'; Provider = $security; Id = 4648, 4778, 4779; Days = 30; Most = 2000 }
        @{ Log = "$sessions/Operational"; Provider = $sessions; Id = 21, 24, 25; Days = 30; Most = 2000 }
        @{ Log = "$connections/Operational"; Provider = $connections; Id = @(1149); Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-WinRM/Operational'; Provider = 'Microsoft-Windows-WinRM'; Id = @(91); Days = 30; Most = 2000 }
    )
    $logons = @(foreach ($event in $found.Events) { if ($event.id -eq 4624) { Get-HvEventsLogon $event } })
    $traces = @(foreach ($event in $found.Events) { if ($event.id -ne 4624) { Get-HvEventsTrace $event } })
    [ordered]@{ logons = @(Group-HvEventRows $logons); traces = @(Group-HvEventRows $traces); windows = $found.Windows }
}

# Nothing for accounts of Windows itself.
function Get-HvEventsLogon($Event) {
    $data = $Event.data
    $sid = Get-HvText $data 'TargetUserSid'
    if ($null -eq $sid -or $sid -match '^S-1-5-(18|19|20|90-0-.*|96-0-.*)$') { return }
    $row = New-HvEventRow $Event
    $row['sid'] = $sid
    $row['user'] = Get-HvEventsAccount $data 'TargetDomainName' 'TargetUserName'
    $row['logon_type'] = Get-HvEventNumber $data 'LogonType'
    $row['address'] = Get-HvEventText $data 'IpAddress'
    $row['workstation'] = Get-HvEventText $data 'WorkstationName'
    $row['package'] = Get-HvEventText $data 'AuthenticationPackageName'
    $row['ntlm'] = Get-HvEventText $data 'LmPackageName'
    $row['process'] = Get-HvEventText $data 'LogonProcessName'
    $row['elevated'] = Get-HvEventBoolean $data 'ElevatedToken'
    $row['virtual_account'] = Get-HvEventBoolean $data 'VirtualAccount'
    $row['restricted_admin'] = Get-HvEventBoolean $data 'RestrictedAdminMode'
    $row['remote_credential_guard'] = Get-HvEventBoolean $data 'RemoteCredentialGuard'
    $row
}

function Get-HvEventsAccount($Data, [string] $Domain, [string] $User) {
    $name = Get-HvEventText $Data $User
    if ($null -eq $name) { return $null }
    $place = Get-HvEventText $Data $Domain
    if ($null -ne $place) { "$place\$name" } else { $name }
}

function Get-HvEventsTrace($Event) {
    $data = $Event.data
    $row = New-HvEventRow $Event
    $row['sid'] = $(if ($Event.id -eq 4648) { Get-HvEventText $data 'SubjectUserSid' })
    $row['user'] = $null
    $row['address'] = $null
    switch ($Event.id) {
        4648 {
            $row['user'] = Get-HvEventsAccount $data 'TargetDomainName' 'TargetUserName'
            $row['address'] = Get-HvEventText $data 'IpAddress'
        }
        1149 {
            $row['user'] = Get-HvEventsAccount $data 'Param2' 'Param1'
            $row['address'] = Get-HvEventText $data 'Param3'
        }
        { $_ -eq 4778 -or $_ -eq 4779 } {
            $row['user'] = Get-HvEventsAccount $data 'AccountDomain' 'AccountName'
            $row['address'] = Get-HvEventText $data 'ClientAddress'
        }
        { $_ -eq 21 -or $_ -eq 24 -or $_ -eq 25 } {
            $row['user'] = Get-HvEventText $data 'User'
            $row['address'] = Get-HvEventText $data 'Address'
        }
    }
    $row['client'] = Get-HvEventText $data 'ClientName'
    $row['target'] = Get-HvEventText $data 'TargetServerName'
    $row['process'] = Get-HvEventText $data 'ProcessName'
    $row['resource'] = Get-HvEventText $data 'resourceUri'
    $row
}

function Read-HvSmbEvents {
    $server = 'Microsoft-Windows-SMBServer'
    $client = 'Microsoft-Windows-SMBClient'
    $found = Find-HvEvents @(
        @{ Log = "$server/Security"; Provider = $server; Id = @(551); Days = 30; Most = 2000 }
        @{ Log = "$server/Connectivity"; Provider = $server; Id = 1913, 4000; Days = 30; Most = 2000 }
        @{
            Log = "$server/Audit"; Provider = $server; Days = 30; Most = 2000
            Id = 3000, 3002, 3007, 3008, 3009, 3021, 3022, 3023, 3024, 3025, 3026, 3027
        }
        @{ Log = 'Microsoft-Windows-SmbClient/Connectivity'; Provider = $client; Id = @(30832); Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-SmbClient/Audit'; Provider = $client; Id = 31997, 31998, 31999, 32000, 32002; Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-SmbClient/Security'; Provider = $client; Id = 31013, 31017, 31018, 31022; Days = 30; Most = 2000 }
    )
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['peer'] = Get-HvEventsEither (Get-HvEventText $data 'ClientName') (Get-HvEventText $data 'ServerName')
        $row['address'] = Get-HvEventsEither (Get-HvEventsEither (Get-HvEventsAddress (Get-HvEventText $data 'ClientAddress')) (
                Get-HvEventsAddress (Get-HvEventText $data 'ClientSocketAddress'))) (
            Get-HvEventsAddress (Get-HvEventText $data 'RemoteAddress'))
        $row['user'] = Get-HvEventText $data 'UserName'
        $row['share'] = Get-HvEventText $data 'ShareName'
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['connection_type'] = Get-HvEventNumber $data 'ConnectionType'
        $row['mutual_authentication'] = Get-HvEventNumber $data 'MutualAuthentication'
        $row['access_control_check'] = Get-HvEventNumber $data 'AccessControlCheck'
        $row['required'] = $null
        foreach ($name in 'ServerRequiresSigning', 'ServerRequiresEncryption', 'ClientRequireSigning', 'ClientRequireEncryption') {
            if ($null -eq $row['required']) { $row['required'] = Get-HvEventBoolean $data $name }
        }
        $row['signing_used'] = Get-HvEventBoolean $data 'SigningUsed'
        $row['encryption_used'] = Get-HvEventBoolean $data 'EncyptionUsed'
        $row['spn'] = Get-HvEventText $data 'SPN'
        $row
    }
    [ordered]@{ events = @(Group-HvEventRows $rows); windows = $found.Windows }
}

# An address as text stays so; as the bytes of a socket address it is decoded: family 2 is IPv4, 23 IPv6.
function Get-HvEventsAddress([string] $Text) {
    if ($Text -eq '') { return $null }
    if ($Text -notmatch '^([0-9A-Fa-f]{2}){16,64}$') { return $Text }
    $bytes = ConvertFrom-HvHex $Text
    $family = $bytes[0] + 256 * $bytes[1]
    if ($family -eq 2) { return $bytes[4..7] -join '.' }
    if ($family -eq 23 -and $bytes.Count -ge 24) { return (New-Object System.Net.IPAddress(, [byte[]] $bytes[8..23])).ToString() }
}

# Roles and features.

function Read-HvWindowsFeatures {
    $features = @(ServerManager\Get-WindowsFeature)
    if ($features.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'it gave no feature, and Windows Server has some' }
    [ordered]@{
        features = @(foreach ($feature in $features) {
                [ordered]@{
                    name          = Get-HvText $feature 'Name' -Required
                    installed     = Get-HvBoolean $feature 'Installed' -Required
                    install_state = Get-HvCode $feature 'InstallState' -Names @{ Available = 0; Installed = 1; Removed = 5 }
                }
            })
    }
}

# Facts of Windows Firewall, as it is in force: the active store holds what policy brings as well.

# A rule's parts are objects of their own; each kind is read once, for all rules.
function Read-HvFirewallRules {
    $directions = @{ Inbound = 1; Outbound = 2 }
    $actions = @{ NotConfigured = 0; Allow = 2; Block = 4 }
    $profiles = @{ Any = 0; Domain = 1; Private = 2; Public = 4 }
    $authentications = @{ NotRequired = 0; Required = 1; NoEncap = 2 }
    $kinds = @{ Any = 0; Wired = 1; Wireless = 2; RemoteAccess = 4 }
    $rules = @(NetSecurity\Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound)
    $parts = @{
        port           = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallPortFilter -PolicyStore ActiveStore)
        address        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallAddressFilter -PolicyStore ActiveStore)
        program        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallApplicationFilter -PolicyStore ActiveStore)
        service        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallServiceFilter -PolicyStore ActiveStore)
        interface      = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallInterfaceFilter -PolicyStore ActiveStore)
        interface_type = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallInterfaceTypeFilter -PolicyStore ActiveStore)
        security       = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallSecurityFilter -PolicyStore ActiveStore)
    }
    $names = @(foreach ($rule in $rules) { Get-HvText $rule 'Name' -Required })
    $counts = @{}
    foreach ($name in $names) { $counts[$name] = 1 + $counts[$name] }
    $seen = @{}
    [ordered]@{
        rules = @(for ($number = 0; $number -lt $rules.Count; $number++) {
                $rule = $rules[$number]
                $name = $names[$number]
                $place = [int] $seen[$name]
                $seen[$name] = $place + 1
                $own = @{}
                foreach ($kind in $parts.Keys) {
                    $own[$kind] = Get-HvFirewallPart $parts[$kind] $kind $name $place $counts[$name]
                }
                [ordered]@{
                    name             = $name
                    enabled          = 1 -eq (Get-HvCode $rule 'Enabled' -Names @{ True = 1; False = 2 } -Required)
                    direction        = Get-HvCode $rule 'Direction' -Names $directions -Required
                    action           = Get-HvCode $rule 'Action' -Names $actions -Required
                    profiles         = Get-HvCode $rule 'Profile' -Names $profiles -Required
                    group            = Get-HvText $rule 'Group'
                    display_name     = Get-HvText $rule 'DisplayName'
                    protocol         = Get-HvText $own.port 'Protocol'
                    local_ports      = Get-HvTexts $own.port 'LocalPort' -Required
                    remote_addresses = Get-HvTexts $own.address 'RemoteAddress' -Required
                    local_addresses  = Get-HvTexts $own.address 'LocalAddress' -Required
                    program          = Get-HvText $own.program 'Program'
                    service          = Get-HvText $own.service 'Service'
                    interfaces       = Get-HvTexts $own.interface 'InterfaceAlias' -Required
                    interface_types  = Get-HvCode $own.interface_type 'InterfaceType' -Names $kinds
                    authentication   = Get-HvCode $own.security 'Authentication' -Names $authentications
                }
            })
    }
}

function Read-HvFirewallProfiles {
    $actions = @{ NotConfigured = 0; Allow = 2; Block = 4 }
    $switches = @{ False = 0; True = 1; NotConfigured = 2 }
    $profiles = @(NetSecurity\Get-NetFirewallProfile -PolicyStore ActiveStore)
    if ($profiles.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows Firewall named no profile' }
    [ordered]@{
        profiles = @(foreach ($each in $profiles) {
                [ordered]@{
                    name              = Get-HvText $each 'Name' -Required
                    enabled           = Get-HvBoolean $each 'Enabled' -Required
                    default_inbound   = Get-HvCode $each 'DefaultInboundAction' -Names $actions -Required
                    default_outbound  = Get-HvCode $each 'DefaultOutboundAction' -Names $actions
                    allow_local_rules = Get-HvCode $each 'AllowLocalFirewallRules' -Names $switches
                    log_blocked       = Get-HvCode $each 'LogBlocked' -Names $switches
                }
            })
    }
}

# Parts of one kind by the rule that they belong to.
function Get-HvFirewallParts([object[]] $Objects) {
    $found = @{}
    foreach ($each in $Objects) {
        $id = Get-HvText $each 'InstanceID' -Required
        if (-not $found.ContainsKey($id)) { $found[$id] = New-Object System.Collections.ArrayList }
        [void] $found[$id].Add($each)
    }
    $found
}

# The part of a rule. One that is there twice, locally and by policy, has two of each, in the order of the rules.
function Get-HvFirewallPart([hashtable] $Parts, [string] $Kind, [string] $Rule, [int] $Place, [int] $Count) {
    $mine = @($Parts[$Rule] | Where-Object -FilterScript { $null -ne $_ })
    if ($mine.Count -eq 1) { return $mine[0] }
    if ($mine.Count -ne $Count) {
        Stop-HvTask -Cause conflicting -Detail "rule $Rule is there $Count times, its $Kind $($mine.Count) times: it changed"
    }
    $mine[$Place]
}

# Facts of the host itself.

function Read-HvOperatingSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)
    $version = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    [ordered]@{
        name              = Get-HvText $system 'CSName' -Required
        build_number      = Get-HvNumber $system 'BuildNumber' -Required
        product_type      = Get-HvCode $system 'ProductType' -Required
        caption           = Get-HvText $system 'Caption' -Required
        sku               = Get-HvNumber $system 'OperatingSystemSKU'
        ubr               = (Get-HvRegistry $version 'UBR').data
        edition_id        = (Get-HvRegistry $version 'EditionID').data
        installation_type = (Get-HvRegistry $version 'InstallationType').data
        installed         = Get-HvMoment $system 'InstallDate'
        last_boot         = Get-HvMoment $system 'LastBootUpTime'
    }
}

function Read-HvComputerSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    [ordered]@{
        name               = Get-HvText $system 'Name' -Required
        part_of_domain     = Get-HvBoolean $system 'PartOfDomain' -Required
        domain_role        = Get-HvCode $system 'DomainRole' -Required
        dns_host_name      = Get-HvText $system 'DNSHostName'
        domain             = Get-HvText $system 'Domain'
        manufacturer       = Get-HvText $system 'Manufacturer'
        model              = Get-HvText $system 'Model'
        hypervisor_present = Get-HvBoolean $system 'HypervisorPresent'
    }
}

# Facts of Hyper-V: settings of the host and of its VMs, and what running guests say of themselves.

function Read-HvVmHost {
    $settings = Get-HvOne (Hyper-V\Get-VMHost)
    $ways = @{ CredSSP = 0; Kerberos = 1 }
    $transports = @{ TCPIP = 0; Compression = 1; SMB = 2 }
    [ordered]@{
        migration_enabled          = Get-HvBoolean $settings 'VirtualMachineMigrationEnabled' -Required
        migration_authentication   = Get-HvCode $settings 'VirtualMachineMigrationAuthenticationType' -Names $ways -Required
        migration_performance      = Get-HvCode $settings 'VirtualMachineMigrationPerformanceOption' -Names $transports -Required
        any_network_for_migration  = Get-HvBoolean $settings 'UseAnyNetworkForMigration' -Required
        maximum_migrations         = Get-HvNumber $settings 'MaximumVirtualMachineMigrations'
        maximum_storage_migrations = Get-HvNumber $settings 'MaximumStorageMigrations'
        enhanced_session_mode      = Get-HvBoolean $settings 'EnableEnhancedSessionMode'
        numa_spanning              = Get-HvBoolean $settings 'NumaSpanningEnabled'
        fqdn                       = Get-HvText $settings 'FullyQualifiedDomainName'
    }
}

function Read-HvMigrationNetworks {
    [ordered]@{
        networks = @(foreach ($network in Get-HvHypervList (Hyper-V\Get-VMMigrationNetwork)) {
                [ordered]@{
                    subnet   = Get-HvText $network 'Subnet' -Required
                    priority = Get-HvNumber $network 'Priority'
                }
            })
    }
}

function Read-HvVms {
    foreach ($vm in @(Hyper-V\Get-VM)) {
        [ordered]@{
            id         = Get-HvGuid $vm 'Id' -Required
            name       = Get-HvText $vm 'Name' -Required
            generation = Get-HvNumber $vm 'Generation' -Required
            version    = Get-HvText $vm 'Version' -Required
            state      = Get-HvCode $vm 'State'
            clustered  = Get-HvBoolean $vm 'IsClustered'
        }
    }
}

function Read-HvVmSecurity {
    $realized = @{}
    foreach ($system in Get-HvHypervSystems) { $realized[(Get-HvGuid $system 'VirtualSystemIdentifier' -Required)] = $null }
    foreach ($each in @(Get-CimInstance -ClassName Msvm_SecuritySettingData -Namespace root\virtualization\v2)) {
        # Settings of checkpoints begin with the id of the checkpoint, defaults with "Microsoft:Definition".
        $start = (Get-HvText $each 'InstanceID' -Required) -replace '^Microsoft:([0-9A-Fa-f-]{36})(\\.*)?$', '$1'
        if ($realized.ContainsKey($start.ToLowerInvariant())) { $realized[$start.ToLowerInvariant()] = $each }
    }
    $guarded = @(foreach ($id in @($realized.Keys)) {
            if ($null -ne $realized[$id] -and (Get-HvBoolean $realized[$id] 'TpmEnabled' -Required)) { $id }
        })
    $protectors = Get-HvHypervProtectors $guarded
    foreach ($id in @($realized.Keys | Sort-Object)) {
        $each = $realized[$id]
        if ($null -eq $each) {
            New-HvItemGap -Key $id -Cause not_in_source -Detail 'Msvm_SecuritySettingData has no instance of this VM'
            continue
        }
        [ordered]@{
            id                          = $id
            tpm_enabled                 = Get-HvBoolean $each 'TpmEnabled' -Required
            shielded                    = Get-HvBoolean $each 'ShieldingRequested' -Required
            encrypt_state_and_migration = Get-HvBoolean $each 'EncryptStateAndVmMigrationTraffic' -Required
            vbs_opt_out                 = Get-HvBoolean $each 'VirtualizationBasedSecurityOptOut' -Required
            ksd_enabled                 = Get-HvBoolean $each 'KsdEnabled'
            data_protection             = Get-HvBoolean $each 'DataProtectionRequested'
            bind_to_host_tpm            = Get-HvBoolean $each 'BindToHostTpm'
            protector_thumbprints       = $protectors[$id]
        }
    }
}

function Read-HvVmFirmware {
    foreach ($system in Get-HvHypervSystems) {
        $secureBoot = $null
        $template = $null
        if ((Get-HvText $system 'VirtualSystemSubType') -ne 'Microsoft:Hyper-V:SubType:1') {
            $secureBoot = Get-HvBoolean $system 'SecureBootEnabled'
            if ($null -ne (Get-HvText $system 'SecureBootTemplateId')) { $template = Get-HvGuid $system 'SecureBootTemplateId' }
        }
        [ordered]@{
            id          = Get-HvGuid $system 'VirtualSystemIdentifier' -Required
            secure_boot = $secureBoot
            template_id = $template
        }
    }
}

function Read-HvVmSwitches {
    $types = @{ Private = 0; Internal = 1; External = 2 }
    $switches = @(Get-HvHypervList (Hyper-V\Get-VMSwitch))
    $teamed = @(foreach ($each in $switches) { if (Get-HvBoolean $each 'EmbeddedTeamingEnabled') { $each } })
    $members = @{}
    if ($teamed.Count) {
        foreach ($team in @(Hyper-V\Get-VMSwitchTeam -VMSwitch $teamed)) {
            $members[(Get-HvGuid $team 'Id' -Required)] = Get-HvTexts $team 'NetAdapterInterfaceDescription' -Separator "`n"
        }
    }
    [ordered]@{
        switches = @(foreach ($each in $switches) {
                $id = Get-HvGuid $each 'Id' -Required
                # An internal or private switch has no adapter. A description may hold a comma.
                $adapters = Get-HvTexts $each 'NetAdapterInterfaceDescriptions' -Separator "`n"
                [ordered]@{
                    id                  = $id
                    name                = Get-HvText $each 'Name' -Required
                    type                = Get-HvCode $each 'SwitchType' -Names $types -Required
                    allow_management_os = Get-HvBoolean $each 'AllowManagementOS' -Required
                    adapters            = @(foreach ($name in $adapters) { $name })
                    embedded_teaming    = Get-HvBoolean $each 'EmbeddedTeamingEnabled'
                    team_adapters       = @(foreach ($name in $members[$id]) { $name })
                }
            })
    }
}

function Read-HvVmNetworkAdapters {
    [ordered]@{
        adapters = @(foreach ($adapter in Get-HvHypervList (Hyper-V\Get-VMNetworkAdapter -All)) {
                # The external port of a switch is the uplink, which vm_switches tells.
                if (-not (Get-HvBoolean $adapter 'IsExternalAdapter')) { Get-HvHypervAdapter $adapter }
            })
    }
}

function Read-HvGuestIdentity {
    foreach ($exchange in @(Get-CimInstance -ClassName Msvm_KvpExchangeComponent -Namespace root\virtualization\v2)) {
        $id = Get-HvGuid $exchange 'SystemName' -Required
        $said = Get-HvHypervSaid $id (Get-HvValue $exchange 'GuestIntrinsicExchangeItems')
        $product = $said['ProductType']
        [ordered]@{
            id           = $id
            fqdn         = $said['FullyQualifiedDomainName']
            os_name      = $said['OSName']
            os_version   = $said['OSVersion']
            product_type = $(if ($product -match '^[0-9]{1,9}$') { [int] $product })
        }
    }
}

# Objects as they are. Without elevation Hyper-V leaves out what it does not show: then none is not an answer.
function Get-HvHypervList([object[]] $Objects) {
    if ($null -ne $Objects -and $Objects.Count) { return $Objects }
    if ($HvOptions.Elevated -eq $false) {
        Stop-HvTask -Cause access_denied -Detail 'it gave nothing, and it gives what there is to elevated sessions only'
    }
}

# The settings that VMs run with: none of checkpoints, of planned VMs or of templates.
function Get-HvHypervSystems {
    $filter = "VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'"
    $wanted = 'InstanceID', 'VirtualSystemIdentifier', 'VirtualSystemType', 'VirtualSystemSubType', 'SecureBootEnabled',
    'SecureBootTemplateId'
    foreach ($system in @(Get-CimInstance -ClassName Msvm_VirtualSystemSettingData -Namespace root\virtualization\v2 `
                -Filter $filter -Property $wanted)) {
        if ((Get-HvText $system 'VirtualSystemType') -eq 'Microsoft:Hyper-V:System:Realized') { $system }
    }
}

# Thumbprints by VM id: what the key protectors name. Only VMs with a virtual TPM have one that matters, and the cmdlets
# take one VM a call; no class gives protectors of all VMs. After three VMs in a row that can not be read (the module is
# missing, say) the others are not tried.
function Get-HvHypervProtectors([string[]] $Ids) {
    $found = @{}
    if (@($Ids).Count -eq 0) { return $found }
    $vms = @{}
    $listed = Read-HvOptional 'key protectors' { Hyper-V\Get-VM }
    foreach ($vm in @($listed | Where-Object -FilterScript { $null -ne $_ })) { $vms[(Get-HvGuid $vm 'Id' -Required)] = $vm }
    $failed = 0
    foreach ($id in @($Ids | Sort-Object)) {
        if (-not $vms.ContainsKey($id)) { continue }
        $found[$id] = Read-HvOptional "the key protector of $id" { Get-HvHypervThumbprints $vms[$id] }
        $failed = $(if ($null -eq $found[$id]) { $failed + 1 } else { 0 })
        if ($failed -eq 3) {
            Add-HvRemark 'the key protectors of other VMs were not tried'
            break
        }
    }
    $found
}

# What the key protector of one VM names. The bytes of the protector stay in here.
function Get-HvHypervThumbprints($Vm) {
    [byte[]] $bytes = Hyper-V\Get-VMKeyProtector -VM $Vm
    # Without a protector there are four bytes.
    if ($null -eq $bytes -or $bytes.Count -lt 16) { return , @() }
    $protector = Get-HvOne (HgsClient\ConvertTo-HgsKeyProtector -Bytes $bytes)
    $owner = Get-HvValue $protector 'Owner' -Required
    $others = Get-HvValue $protector 'Guardians'
    $thumbprints = @(foreach ($guardian in @($owner) + @($others)) {
            if ($null -eq $guardian) { continue }
            $certificate = Get-HvValue $guardian 'EncryptionCertificate' -Required
            # The class has bytes where the module shows a certificate.
            if ($certificate -is [array]) {
                $certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, [byte[]] $certificate)
            }
            Get-HvText $certificate 'Thumbprint' -Required
        })
    , @($thumbprints | ForEach-Object -Process { $_.ToUpperInvariant() } | Sort-Object -Unique)
}

function Get-HvHypervAdapter($Adapter) {
    $isHost = Get-HvBoolean $Adapter 'IsManagementOs' -Required
    $vlan = Get-HvHypervPart (Get-HvValue $Adapter 'VlanSetting')
    # What the mode does not use is 0, or left from before.
    $mode = Get-HvCode $vlan 'OperationMode' -Names @{ Untagged = 0; Access = 1; Trunk = 2; Private = 3 }
    $isolation = Get-HvHypervPart (Get-HvValue $Adapter 'IsolationSetting')
    $acls = Get-HvValue $Adapter 'ExtendedAclList'
    $onOff = @{ On = 0; Off = 1 }
    [ordered]@{
        id                     = Get-HvText $Adapter 'Id' -Required
        name                   = Get-HvText $Adapter 'Name' -Required
        vm_id                  = $(if (-not $isHost) { Get-HvGuid $Adapter 'VMId' -Required })
        vm_name                = $(if (-not $isHost) { Get-HvText $Adapter 'VMName' })
        switch_name            = Get-HvText $Adapter 'SwitchName'
        switch_id              = Get-HvGuid $Adapter 'SwitchId'
        mac_address            = Get-HvText $Adapter 'MacAddress'
        ip_addresses           = @(foreach ($address in (Get-HvTexts $Adapter 'IPAddresses')) { $address })
        vlan_mode              = $mode
        access_vlan            = $(if ($mode -eq 1) { Get-HvNumber $vlan 'AccessVlanId' })
        native_vlan            = $(if ($mode -eq 2) { Get-HvNumber $vlan 'NativeVlanId' })
        allowed_vlans          = @(if ($mode -eq 2) { foreach ($number in (Get-HvCodes $vlan 'AllowedVlanIdList')) { $number } })
        primary_vlan           = $(if ($mode -eq 3) { Get-HvNumber $vlan 'PrimaryVlanId' })
        secondary_vlan         = $(if ($mode -eq 3) { Get-HvNumber $vlan 'SecondaryVlanId' })
        isolation_mode         = Get-HvText $isolation 'IsolationMode'
        default_isolation_id   = Get-HvNumber $isolation 'DefaultIsolationID'
        allow_untagged_traffic = Get-HvBoolean $isolation 'AllowUntaggedTraffic'
        multi_tenant_stack     = Get-HvHypervOnOff (Get-HvCode $isolation 'MultiTenantStack' -Names $onOff)
        mac_spoofing           = Get-HvHypervOnOff (Get-HvCode $Adapter 'MacAddressSpoofing' -Names $onOff)
        dhcp_guard             = Get-HvHypervOnOff (Get-HvCode $Adapter 'DhcpGuard' -Names $onOff)
        router_guard           = Get-HvHypervOnOff (Get-HvCode $Adapter 'RouterGuard' -Names $onOff)
        mirroring              = Get-HvCode $Adapter 'PortMirroringMode' -Names @{ None = 0; Destination = 1; Source = 2 }
        teaming                = Get-HvHypervOnOff (Get-HvCode $Adapter 'AllowTeaming' -Names $onOff)
        acls                   = @(foreach ($acl in $acls) { Get-HvHypervAcl $acl })
    }
}

function Get-HvHypervAcl($Acl) {
    [ordered]@{
        action         = Get-HvText $Acl 'Action' -Required
        direction      = Get-HvText $Acl 'Direction' -Required
        weight         = Get-HvNumber $Acl 'Weight' -Required
        local_address  = Get-HvText $Acl 'LocalIPAddress'
        remote_address = Get-HvText $Acl 'RemoteIPAddress'
        local_port     = Get-HvText $Acl 'LocalPort'
        remote_port    = Get-HvText $Acl 'RemotePort'
        protocol       = Get-HvText $Acl 'Protocol'
    }
}

# An object in an object; where there is none, one without properties.
function Get-HvHypervPart($Part) {
    if ($null -eq $Part) { return @{} }
    $Part
}

# Microsoft.HyperV.PowerShell.OnOffState counts On as 0.
function Get-HvHypervOnOff($Code) {
    if ($null -eq $Code) { return $null }
    if ($Code -ne 0 -and $Code -ne 1) { Stop-HvTask -Cause unparsable -Detail "a switch is $Code, expected On (0) or Off (1)" }
    $Code -eq 0
}

# What a guest says, of the four names that a fact is read from. All of it is the guest's own text: it is never run,
# resolved or believed, and no longer than it has to be. Of items that are no XML, the first is remarked on, and the rest
# of that guest is left out.
function Get-HvHypervSaid([string] $Id, $Items) {
    $longest = @{ FullyQualifiedDomainName = 255; OSName = 256; OSVersion = 64; ProductType = 16 }
    $wanted = @($longest.Keys) -join '|'
    $said = @{}
    foreach ($item in @($Items | Select-Object -First 100)) {
        if ($item -isnot [string] -or $item.Length -gt 65536 -or $item -notmatch $wanted) { continue }
        $pair = Read-HvOptional "what the guest $Id says" { Get-HvHypervItem $item }
        if ($null -eq $pair) { break }
        $name = $pair['Name']
        if ($null -eq $name -or -not $longest.ContainsKey($name) -or $said.ContainsKey($name)) { continue }
        $data = ([string] $pair['Data']).Trim()
        if ($data.Length -gt $longest[$name]) { $data = $data.Substring(0, $longest[$name]) }
        if ($data -ne '') { $said[$name] = $data }
    }
    $said
}

# Name and Data of an embedded Msvm_KvpExchangeDataItem: <INSTANCE><PROPERTY NAME="Data"><VALUE>...</VALUE></PROPERTY>.
function Get-HvHypervItem([string] $Text) {
    $settings = New-Object System.Xml.XmlReaderSettings
    $settings.DtdProcessing = [System.Xml.DtdProcessing]::Prohibit
    $settings.XmlResolver = $null
    # A guest may have put characters into a value that XML does not have.
    $settings.CheckCharacters = $false
    $reader = [System.Xml.XmlReader]::Create((New-Object System.IO.StringReader($Text)), $settings)
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.Load($reader)
    $pair = @{}
    foreach ($property in $document.SelectNodes('/INSTANCE/PROPERTY')) {
        $name = $property.GetAttribute('NAME')
        $value = $property.SelectSingleNode('VALUE')
        if (($name -eq 'Name' -or $name -eq 'Data') -and $null -ne $value) { $pair[$name] = $value.InnerText }
    }
    $pair
}

# Facts of logging: audit policy, event channels and where they are sent, the clock.

function Read-HvEventChannels {
    $channels = @()
    $absent = @()
    foreach ($name in @(Get-HvLoggingNames)) {
        $log = Get-HvLoggingChannel $name
        if ($null -eq $log) { $absent += $name; continue }
        $records = Get-HvNumber $log 'RecordCount'
        $channels += [ordered]@{
            name            = Get-HvText $log 'LogName' -Required
            enabled         = Get-HvBoolean $log 'IsEnabled' -Required
            mode            = Get-HvCode $log 'LogMode' -Names @{ Circular = 0; AutoBackup = 1; Retain = 2 }
            maximum_size    = Get-HvNumber $log 'MaximumSizeInBytes' -Required
            file_size       = Get-HvNumber $log 'FileSize'
            records         = $records
            oldest_record   = Get-HvNumber $log 'OldestRecordNumber'
            oldest_time     = $(if ($records -gt 0) { Read-HvOptional "the oldest event of $name" { Get-HvLogStart $name } })
            last_write      = Get-HvMoment $log 'LastWriteTime'
            sddl            = Get-HvText $log 'SecurityDescriptor'
            owning_provider = Get-HvText $log 'OwningProviderName'
        }
    }
    [ordered]@{ channels = $channels; absent = $absent }
}

# One channel; $null where the host has none of that name.
function Get-HvLoggingChannel([string] $Name) {
    try { Get-HvOne (Get-WinEvent -ListLog $Name) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingLogsFound') { throw }
        $null
    }
}

function Read-HvEventForwarding {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager'
    $log = 'Microsoft-Windows-Forwarding/Operational'
    $found = Read-HvOptional "the log $log" {
        $events = Get-HvEvents -Log $log -Provider 'Microsoft-Windows-Forwarding' -Id 100, 101, 102, 103, 104, 105, 106, 107 -Days 30 -Most 500
        [ordered]@{ events = $events; oldest = Get-HvLogStart $log }
    }
    $readers = Read-HvOptional 'the group Event Log Readers' {
        , @(foreach ($member in @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID 'S-1-5-32-573')) {
                Get-HvText $member 'SID' -Required
            })
    }
    [ordered]@{
        subscription_managers = @(foreach ($name in @(Get-HvRegistryNames $policy)) {
                if ($null -ne $name) { [string] (Get-HvRegistry $policy $name).data }
            })
        events                = @(if ($null -ne $found) { foreach ($event in $found.events) { ConvertTo-HvForwardingEvent $event } })
        window                = $(if ($null -ne $found) {
                [ordered]@{
                    channel  = $log
                    since    = [datetime]::UtcNow.AddDays(-30)
                    oldest   = $found.oldest
                    complete = @($found.events).Count -lt 500
                }
            })
        log_readers           = $readers
    }
}

function ConvertTo-HvForwardingEvent($Event) {
    [ordered]@{
        record_id    = $Event.record_id
        channel      = $Event.channel
        provider     = $Event.provider
        id           = $Event.id
        time         = $Event.time
        subscription = Get-HvText $Event.data 'Id'
        query        = Get-HvText $Event.data 'Query'
        manager      = Get-HvText $Event.data 'SubscriptionManagerAddress'
        error        = Get-HvNumber $Event.data 'ErrorCode'
        status       = Get-HvText $Event.data 'Status'
    }
}

# The columns have translated headings; their order is the same: computer, target, subcategory, GUID, inclusion, exclusion, value.
function Read-HvAuditPolicy {
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    $lines = Invoke-HvScratch {
        param($file)
        $null = Invoke-HvProgram { auditpol.exe /backup "/file:$file" }
        , [System.IO.File]::ReadAllLines($file)
    }
    $subcategories = [ordered]@{}
    $options = [ordered]@{}
    foreach ($line in $lines) {
        $parts = $line.Split(',')
        if ($parts.Count -lt 7) { continue }
        $value = $parts[6].Trim()
        if ($value -notmatch '^[0-9]+$') { continue }
        if ($parts[3] -match '^\{([0-9A-Fa-f-]{36})\}$') {
            # Rows of single users have their name or SID as target; System is written in English everywhere.
            if ($parts[1] -eq 'System') { $subcategories[$Matches[1].ToLowerInvariant()] = [int] $value }
        }
        elseif ($parts[2] -match '^Option:(\w+)$') { $options[$Matches[1]] = [int] $value }
    }
    if ($subcategories.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'auditpol.exe /backup wrote no row of a subcategory' }
    [ordered]@{
        subcategories        = $subcategories
        options              = $options
        force_subcategories  = Get-HvRegistry $lsa 'SCENoApplyLegacyAuditPolicy'
        process_command_line = Get-HvRegistry 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit' 'ProcessCreationIncludeCmdLine_Enabled'
        ntlm_incoming        = Get-HvRegistry "$lsa\MSV1_0" 'AuditReceivingNTLMTraffic'
        ntlm_outgoing        = Get-HvRegistry "$lsa\MSV1_0" 'RestrictSendingNTLMTraffic'
    }
}

function Read-HvClock {
    $service = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\W32Time\Parameters'
    $now = Get-HvOne (Get-CimInstance -ClassName Win32_UTCTime -Namespace root\cimv2)
    $utc = New-Object System.DateTime (
        (Get-HvNumber $now 'Year' -Required), (Get-HvNumber $now 'Month' -Required), (Get-HvNumber $now 'Day' -Required),
        (Get-HvNumber $now 'Hour' -Required), (Get-HvNumber $now 'Minute' -Required), (Get-HvNumber $now 'Second' -Required),
        [System.DateTimeKind]::Utc)
    $status = Read-HvOptional 'w32tm.exe /query /status' { ConvertFrom-HvClockStatus (Invoke-HvProgram { w32tm.exe /query /status /verbose }) }
    if ($null -eq $status) { $status = @{} }
    [ordered]@{
        utc                  = $utc
        running              = $(if ($status.Count) { $true })
        leap_indicator       = $status['leap']
        stratum              = $status['stratum']
        source               = $status['source']
        phase_offset_seconds = $status['phase']
        last_sync_error      = $status['error']
        since_sync_seconds   = $status['since']
        type                 = Get-HvRegistry "$service\Parameters" 'Type'
        ntp_server           = Get-HvRegistry "$service\Parameters" 'NtpServer'
        type_policy          = Get-HvRegistry $policy 'Type'
        ntp_server_policy    = Get-HvRegistry $policy 'NtpServer'
        vm_provider_enabled  = Get-HvRegistry "$service\TimeProviders\VMICTimeProvider" 'Enabled'
    }
}

# Labels are translated, so lines are told apart by their order; of each value, the number at its beginning is taken.
function ConvertFrom-HvClockStatus($Lines) {
    $values = @(foreach ($line in $Lines) {
            $place = ([string] $line).IndexOf(': ')
            if ($place -gt 0) { ([string] $line).Substring($place + 2).Trim() }
        })
    if ($values.Count -lt 9) { Stop-HvTask -Cause unparsable -Detail "w32tm.exe wrote $($values.Count) values, 9 or more were expected" }
    @{
        leap    = Get-HvClockNumber $values[0]
        stratum = Get-HvClockNumber $values[1]
        source  = $values[7]
        phase   = $(if ($values.Count -gt 9) { Get-HvClockNumber $values[9] -Fraction })
        error   = $(if ($values.Count -gt 14) { Get-HvClockNumber $values[14] })
        since   = $(if ($values.Count -gt 15) { Get-HvClockNumber $values[15] -Fraction })
    }
}

function Get-HvClockNumber([string] $Text, [switch] $Fraction) {
    if ($Text -notmatch '^[+-]?[0-9]+([.,][0-9]+)?') { return $null }
    $number = [double]::Parse($Matches[0].Replace(',', '.'), [System.Globalization.CultureInfo]::InvariantCulture)
    if ($Fraction) { return $number }
    [long] $number
}

# The channels that detections need: those of the register of facts, which a test compares with these.
function Get-HvLoggingNames {
    'Security'
    'System'
    'Application'
    'Setup'
    'ForwardedEvents'
    'Microsoft-Windows-FailoverClustering/Operational'
    'Microsoft-Windows-FailoverClustering/Diagnostic'
    'Microsoft-Windows-Hyper-V-VMMS-Admin'
    'Microsoft-Windows-Hyper-V-VMMS-Operational'
    'Microsoft-Windows-Hyper-V-VMMS-Networking'
    'Microsoft-Windows-Hyper-V-VMMS-Storage'
    'Microsoft-Windows-Hyper-V-Worker-Admin'
    'Microsoft-Windows-Hyper-V-Worker-Operational'
    'Microsoft-Windows-Hyper-V-High-Availability-Admin'
    'Microsoft-Windows-Hyper-V-Hypervisor-Admin'
    'Microsoft-Windows-Hyper-V-Hypervisor-Operational'
    'Microsoft-Windows-Hyper-V-VmSwitch-Operational'
    'Microsoft-Windows-Hyper-V-VMSP-Admin'
    'Microsoft-Windows-VHDMP-Operational'
    'Microsoft-Windows-HostGuardianService-Client/Admin'
    'Microsoft-Windows-HostGuardianService-Client/Operational'
    'Microsoft-Windows-SMBServer/Security'
    'Microsoft-Windows-SMBServer/Audit'
    'Microsoft-Windows-SMBServer/Connectivity'
    'Microsoft-Windows-SMBServer/Operational'
    'Microsoft-Windows-SmbClient/Security'
    'Microsoft-Windows-SmbClient/Audit'
    'Microsoft-Windows-SmbClient/Connectivity'
    'Microsoft-Windows-SMBClient/Operational'
    'Microsoft-Windows-CodeIntegrity/Operational'
    'Microsoft-Windows-DeviceGuard/Operational'
    'Microsoft-Windows-Kernel-Boot/Operational'
    'Microsoft-Windows-NTLM/Operational'
    'Microsoft-Windows-Security-Kerberos/Operational'
    'Microsoft-Windows-PowerShell/Operational'
    'Windows PowerShell'
    'PowerShellCore/Operational'
    'Microsoft-Windows-WinRM/Operational'
    'Microsoft-Windows-WMI-Activity/Operational'
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational'
    'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational'
    'Microsoft-Windows-TaskScheduler/Operational'
    'Microsoft-Windows-Windows Defender/Operational'
    'Microsoft-Windows-SENSE/Operational'
    'Microsoft-Windows-Sysmon/Operational'
    'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'
    'Microsoft-Windows-LAPS/Operational'
    'Microsoft-ServerManagementExperience'
    'Microsoft-Windows-Forwarding/Operational'
    'Microsoft-Windows-EventCollector/Operational'
}

# Facts of how a host is managed: RDP, WinRM, what is installed, whose profiles lie there, BitLocker, PowerShell's records.

function Read-HvRdp {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services'
    $server = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
    $listener = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
    [ordered]@{
        deny_policy              = Get-HvRegistry $policy 'fDenyTSConnections'
        deny_local               = Get-HvRegistry $server 'fDenyTSConnections'
        nla_policy               = Get-HvRegistry $policy 'UserAuthentication'
        nla_local                = Get-HvRegistry $listener 'UserAuthentication'
        security_layer_policy    = Get-HvRegistry $policy 'SecurityLayer'
        security_layer_local     = Get-HvRegistry $listener 'SecurityLayer'
        encryption_level_policy  = Get-HvRegistry $policy 'MinEncryptionLevel'
        encryption_level_local   = Get-HvRegistry $listener 'MinEncryptionLevel'
        port                     = Get-HvRegistry $listener 'PortNumber'
        drive_redirection_policy = Get-HvRegistry $policy 'fDisableCdm'
        restricted_admin         = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' 'DisableRestrictedAdmin'
    }
}

function Read-HvWinrm {
    $running = Get-HvManagementWinrmRuns
    if (-not $running) { return [ordered]@{ running = $false } }
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'WinRM answers elevated sessions only' }
    $config = ConvertFrom-HvManagementXml (Get-HvOne (Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config))
    $service = Get-HvValue $config 'Service' -Required
    $auth = Get-HvValue $service 'Auth' -Required
    $client = Get-HvValue $config 'Client' -Required
    $clientAuth = Get-HvValue $client 'Auth' -Required
    [ordered]@{
        running                  = $true
        allow_unencrypted        = Get-HvBoolean $service 'AllowUnencrypted'
        auth_basic               = Get-HvBoolean $auth 'Basic'
        auth_kerberos            = Get-HvBoolean $auth 'Kerberos'
        auth_negotiate           = Get-HvBoolean $auth 'Negotiate'
        auth_certificate         = Get-HvBoolean $auth 'Certificate'
        auth_credssp             = Get-HvBoolean $auth 'CredSSP'
        channel_binding          = Get-HvText $auth 'CbtHardeningLevel'
        ipv4_filter              = Get-HvText $service 'IPv4Filter'
        ipv6_filter              = Get-HvText $service 'IPv6Filter'
        root_sddl                = Get-HvText $service 'RootSDDL'
        client_allow_unencrypted = Get-HvBoolean $client 'AllowUnencrypted'
        client_auth_basic        = Get-HvBoolean $clientAuth 'Basic'
        client_auth_digest       = Get-HvBoolean $clientAuth 'Digest'
        client_auth_credssp      = Get-HvBoolean $clientAuth 'CredSSP'
        trusted_hosts            = Get-HvTexts $client 'TrustedHosts'
        listeners                = Get-HvManagementListeners
    }
}

function Read-HvInstalledSoftware {
    $products = @(
        Get-HvManagementProducts 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
        Get-HvManagementProducts 'HKLM:\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
        Get-HvManagementClients 'HKLM:\SOFTWARE\Clients\StartMenuInternet' 'browser'
        Get-HvManagementClients 'HKLM:\SOFTWARE\Clients\Mail' 'mail client'
    )
    $seen = @{}
    [ordered]@{
        # Some products stand in both lists, for 64 and 32 bits.
        products = @(foreach ($product in $products) {
                $key = @($product.Values) -join "`n"
                if (-not $seen.ContainsKey($key)) { $seen[$key] = $true; $product }
            })
    }
}

function Read-HvUserProfiles {
    [ordered]@{
        profiles = @(foreach ($each in @(Get-CimInstance -ClassName Win32_UserProfile -Namespace root\cimv2)) {
                [ordered]@{
                    sid      = Get-HvText $each 'SID' -Required
                    path     = Get-HvText $each 'LocalPath' -Required
                    last_use = Get-HvMoment $each 'LastUseTime'
                    loaded   = Get-HvBoolean $each 'Loaded'
                    special  = Get-HvBoolean $each 'Special' -Required
                }
            })
    }
}

# Not by Get-BitLockerVolume, which fetches the recovery passwords as well.
function Read-HvBitlocker {
    $spaces = @(Get-CimInstance -ClassName __NAMESPACE -Namespace root\cimv2\security)
    $spaces = @(foreach ($space in $spaces) { Get-HvText $space 'Name' })
    if ($spaces -notcontains 'MicrosoftVolumeEncryption') { return [ordered]@{ installed = $false; volumes = @() } }
    $found = @(Get-CimInstance -ClassName Win32_EncryptableVolume -Namespace root\cimv2\security\MicrosoftVolumeEncryption)
    $places = @{}
    foreach ($volume in @(Get-CimInstance -ClassName Win32_Volume -Namespace root\cimv2)) {
        $places[(Get-HvText $volume 'DeviceID' -Required)] = Get-HvText $volume 'Name'
    }
    [ordered]@{
        installed = $true
        volumes   = @(foreach ($volume in $found) {
                $device = Get-HvText $volume 'DeviceID' -Required
                # A CSV volume has no letter but a folder below C:\ClusterStorage; others may have neither.
                $place = Get-HvText $volume 'DriveLetter'
                if ($null -eq $place) { $place = $places[$device] }
                if ($null -eq $place) { $place = $device }
                $type = Get-HvCode $volume 'VolumeType'
                [ordered]@{
                    mount_point       = $place.TrimEnd('\')
                    protection        = Get-HvCode $volume 'ProtectionStatus' -Required
                    volume_type       = $type
                    conversion_status = Get-HvCode $volume 'ConversionStatus'
                    encryption_method = Get-HvCode $volume 'EncryptionMethod'
                    protectors        = Get-HvManagementProtectors $volume
                    system_volume     = $type -eq 0
                }
            })
    }
}

function Read-HvPowershellLogging {
    $blocks = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging'
    $modules = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging'
    $names = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging\ModuleNames'
    $transcripts = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription'
    [ordered]@{
        script_block            = Get-HvRegistry $blocks 'EnableScriptBlockLogging'
        script_block_invocation = Get-HvRegistry $blocks 'EnableScriptBlockInvocationLogging'
        module                  = Get-HvRegistry $modules 'EnableModuleLogging'
        module_names            = @(foreach ($name in (Get-HvRegistryNames $names)) {
                $value = Get-HvRegistry $names $name
                if ($value.data -is [string]) { $value.data }
            })
        transcription           = Get-HvRegistry $transcripts 'EnableTranscripting'
        transcription_header    = Get-HvRegistry $transcripts 'EnableInvocationHeader'
        transcription_directory = Get-HvRegistry $transcripts 'OutputDirectory'
    }
}

# Whether the WinRM service runs. The WSMan: drive and Get-WSManInstance need it, and the drive offers to start it.
function Get-HvManagementWinrmRuns {
    $services = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 -Filter "Name = 'WinRM'")
    $service = Get-HvOne @($services | Where-Object -FilterScript { (Get-HvText $_ 'Name') -eq 'WinRM' })
    (Get-HvText $service 'State' -Required) -eq 'Running'
}

# Listeners, those that policy makes among them.
function Get-HvManagementListeners {
    $found = @(Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config/listener -Enumerate)
    , @(foreach ($element in $found) {
            $listener = ConvertFrom-HvManagementXml $element
            $thumbprint = Get-HvText $listener 'CertificateThumbprint'
            $addresses = Get-HvTexts $listener 'ListeningOn'
            [ordered]@{
                address                = Get-HvText $listener 'Address' -Required
                transport              = Get-HvText $listener 'Transport' -Required
                port                   = Get-HvNumber $listener 'Port' -Required
                hostname               = Get-HvText $listener 'Hostname'
                certificate_thumbprint = $(if ($null -ne $thumbprint) { $thumbprint.Replace(' ', '').ToUpperInvariant() })
                enabled                = Get-HvBoolean $listener 'Enabled'
                listening_on           = @($addresses | Where-Object -FilterScript { $null -ne $_ })
            }
        })
}

# An XML element as a dictionary: attributes and elements by their names without prefix; elements of one name are an array.
# Where a value comes from (the attribute Source, on what policy sets) is left out.
function ConvertFrom-HvManagementXml([System.Xml.XmlElement] $Element) {
    $found = [ordered]@{}
    foreach ($attribute in $Element.Attributes) {
        if ($attribute.NamespaceURI -eq '') { $found[$attribute.LocalName] = $attribute.Value }
    }
    foreach ($name in @($Element.SelectNodes('*') | ForEach-Object -Process { $_.LocalName } | Select-Object -Unique)) {
        $values = @(foreach ($child in $Element.SelectNodes("*[local-name()='$name']")) {
                $plain = @($child.Attributes | Where-Object -FilterScript {
                        $_.LocalName -ne 'Source' -and $_.NamespaceURI -eq '' })
                if ($child.SelectNodes('*').Count + $plain.Count) { ConvertFrom-HvManagementXml $child }
                else { $child.InnerText }
            })
        $found[$name] = $(if ($values.Count -eq 1) { $values[0] } else { $values })
    }
    $found
}

# What an uninstall key lists. Entries without a name are parts and updates.
function Get-HvManagementProducts([string] $Key) {
    foreach ($name in (Get-HvRegistryKeys $Key)) {
        $shown = Get-HvManagementValue "$Key\$name" 'DisplayName'
        if ($null -eq $shown) { continue }
        [ordered]@{
            name      = $shown
            version   = Get-HvManagementValue "$Key\$name" 'DisplayVersion'
            publisher = Get-HvManagementValue "$Key\$name" 'Publisher'
            kind      = 'uninstall'
        }
    }
}

# What registered itself as a browser or mail program: the name it shows is the key's unnamed value.
function Get-HvManagementClients([string] $Key, [string] $Kind) {
    foreach ($name in (Get-HvRegistryKeys $Key)) {
        $shown = Get-HvManagementValue "$Key\$name" ''
        if ($null -eq $shown) { $shown = $name }
        [ordered]@{ name = $shown; version = $null; publisher = $null; kind = $Kind }
    }
}

# The text of a registry value, $null where there is none.
function Get-HvManagementValue([string] $Key, [string] $Name) {
    $value = Get-HvRegistry $Key $Name
    if ($value.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail "$Key may not be read" }
    if ($value.data -is [string] -and $value.data.Trim() -ne '') { $value.data.Trim() }
}

# The kinds of protectors of a volume, by their ids; what they protect with is never asked for.
function Get-HvManagementProtectors($Volume) {
    $kinds = @{
        0 = 'Unknown'; 1 = 'Tpm'; 2 = 'ExternalKey'; 3 = 'RecoveryPassword'; 4 = 'TpmPin'; 5 = 'TpmStartupKey'
        6 = 'TpmPinStartupKey'; 7 = 'PublicKey'; 8 = 'Password'; 9 = 'TpmNetworkKey'; 10 = 'AdAccountOrGroup'
    }
    $answer = Get-HvOne (Invoke-CimMethod -InputObject $Volume -MethodName GetKeyProtectors `
            -Arguments @{ KeyProtectorType = [uint32] 0 })
    $status = Get-HvNumber $answer 'ReturnValue' -Required
    # FVE_E_NOT_ACTIVATED: BitLocker is not set up on it.
    if ($status -eq 2150694920) { return , @() }
    if ($status -ne 0) { Stop-HvTask -Cause unparsable -Detail "GetKeyProtectors ended with $status" }
    , @(foreach ($id in (Get-HvTexts $answer 'VolumeKeyProtectorID')) {
            $type = Get-HvOne (Invoke-CimMethod -InputObject $Volume -MethodName GetKeyProtectorType `
                    -Arguments @{ VolumeKeyProtectorID = $id })
            $number = [int] (Get-HvNumber $type 'KeyProtectorType' -Required)
            $(if ($kinds.ContainsKey($number)) { $kinds[$number] } else { "$number" })
        })
}

# Facts of a host's networks: routes, interfaces, who listens, block storage, RDMA.

function Read-HvRoutes {
    [ordered]@{
        routes = @(foreach ($route in @(NetTCPIP\Get-NetRoute -PolicyStore ActiveStore)) {
                [ordered]@{
                    destination     = Get-HvText $route 'DestinationPrefix' -Required
                    next_hop        = Get-HvText $route 'NextHop' -Required
                    interface_index = Get-HvNumber $route 'InterfaceIndex' -Required
                    interface_alias = Get-HvText $route 'InterfaceAlias'
                    metric          = Get-HvNumber $route 'RouteMetric'
                    protocol        = Get-HvCode $route 'Protocol'
                }
            })
    }
}

function Read-HvIpInterfaces {
    $families = @{ IPv4 = 2; IPv6 = 23 }
    $onOff = @{ Disabled = 0; Enabled = 1 }
    $addresses = @{}
    foreach ($address in @(NetTCPIP\Get-NetIPAddress -PolicyStore ActiveStore)) {
        $family = Get-HvCode $address 'AddressFamily' -Names $families -Required
        $place = "$(Get-HvNumber $address 'InterfaceIndex' -Required) $family"
        # The zone after % is the number of the interface.
        $text = (Get-HvText $address 'IPAddress' -Required).Split('%')[0]
        if (-not $addresses.ContainsKey($place)) { $addresses[$place] = New-Object System.Collections.ArrayList }
        [void] $addresses[$place].Add("$text/$(Get-HvNumber $address 'PrefixLength' -Required)")
    }
    $categories = Get-HvNetworkCategories
    $router = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters' 'IPEnableRouter'
    [ordered]@{
        interfaces       = @(foreach ($interface in @(NetTCPIP\Get-NetIPInterface -PolicyStore ActiveStore)) {
                $index = Get-HvNumber $interface 'InterfaceIndex' -Required
                $family = Get-HvCode $interface 'AddressFamily' -Names $families -Required
                [ordered]@{
                    index             = $index
                    alias             = Get-HvText $interface 'InterfaceAlias' -Required
                    family            = $family
                    forwarding        = Get-HvNetworkOnOff (Get-HvCode $interface 'Forwarding' -Names $onOff -Required)
                    weak_host_receive = Get-HvNetworkOnOff (Get-HvCode $interface 'WeakHostReceive' -Names $onOff)
                    weak_host_send    = Get-HvNetworkOnOff (Get-HvCode $interface 'WeakHostSend' -Names $onOff)
                    addresses         = @(foreach ($address in $addresses["$index $family"]) { $address })
                    network_category  = $categories["$index"]
                }
            })
        ip_enable_router = $router
    }
}

function Read-HvListeners {
    $processes = @{}
    $listed = Read-HvOptional 'names of processes' {
        , @(Get-CimInstance -ClassName Win32_Process -Namespace root\cimv2 -Property ProcessId, Name)
    }
    foreach ($process in $listed) {
        # As Get-Process shows it.
        $processes["$(Get-HvNumber $process 'ProcessId' -Required)"] = (Get-HvText $process 'Name') -replace '\.exe$', ''
    }
    [ordered]@{
        listeners = @(foreach ($connection in @(NetTCPIP\Get-NetTCPConnection -State Listen)) {
                $owner = Get-HvNumber $connection 'OwningProcess'
                [ordered]@{
                    address = Get-HvText $connection 'LocalAddress' -Required
                    port    = Get-HvNumber $connection 'LocalPort' -Required
                    process = $(if ($null -ne $owner) { $processes["$owner"] })
                }
            })
    }
}

# Asking for sessions starts the service MSiSCSI, so it is asked only where that runs.
function Read-HvIscsiSessions {
    $service = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 -Filter "Name = 'MSiSCSI'" |
            Where-Object -FilterScript { (Get-HvText $_ 'Name') -eq 'MSiSCSI' })
    $runs = $service.Count -gt 0 -and (Get-HvText $service[0] 'State' -Required) -eq 'Running'
    $sessions = @()
    if ($runs) {
        $sessions = @(foreach ($session in @(iSCSI\Get-IscsiSession)) {
                [ordered]@{
                    target         = Get-HvText $session 'TargetNodeAddress' -Required
                    portal         = Get-HvText $session 'InitiatorPortalAddress'
                    authentication = Get-HvText $session 'AuthenticationType' -Required
                    connected      = Get-HvBoolean $session 'IsConnected'
                    persistent     = Get-HvBoolean $session 'IsPersistent'
                    header_digest  = Get-HvBoolean $session 'IsHeaderDigest'
                    data_digest    = Get-HvBoolean $session 'IsDataDigest'
                }
            })
    }
    [ordered]@{
        service_running = $runs
        sessions        = $sessions
    }
}

function Read-HvFcPorts {
    $types = @{ Other = 0; 'Fibre Channel' = 1; iSCSI = 2; SAS = 3 }
    [ordered]@{
        ports = @(foreach ($port in @(Storage\Get-InitiatorPort)) {
                [ordered]@{
                    node_address    = Get-HvText $port 'NodeAddress' -Required
                    port_address    = Get-HvText $port 'PortAddress'
                    connection_type = Get-HvCode $port 'ConnectionType' -Names $types
                }
            })
    }
}

function Read-HvRdma {
    [ordered]@{
        adapters = @(foreach ($adapter in @(NetAdapter\Get-NetAdapterRdma)) {
                [ordered]@{
                    name                  = Get-HvText $adapter 'Name' -Required
                    interface_description = Get-HvText $adapter 'InterfaceDescription'
                    enabled               = Get-HvBoolean $adapter 'Enabled' -Required
                    operational           = Get-HvBoolean $adapter 'OperationalState'
                }
            })
    }
}

# Network categories by the number of the interface, as text. The service that knows them may be off.
function Get-HvNetworkCategories {
    $categories = @{}
    $profiles = Read-HvOptional 'network categories' { , @(NetConnection\Get-NetConnectionProfile) }
    foreach ($each in $profiles) {
        $category = Get-HvCode $each 'NetworkCategory' -Names @{ Public = 0; Private = 1; DomainAuthenticated = 2 }
        $categories["$(Get-HvNumber $each 'InterfaceIndex' -Required)"] = $category
    }
    $categories
}

# MSFT_NetIPInterface counts Disabled as 0, Enabled as 1.
function Get-HvNetworkOnOff($Code) {
    if ($null -eq $Code) { return $null }
    if ($Code -ne 0 -and $Code -ne 1) {
        Stop-HvTask -Cause unparsable -Detail "a switch is $Code, expected Disabled (0) or Enabled (1)"
    }
    $Code -eq 1
}

# Facts of the platform: VBS, Credential Guard, firmware, TPM, LSASS.

function Read-HvDeviceGuardPolicy {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard'
    $local = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    $hvci = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity'
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    [ordered]@{
        lsa_cfg_flags_policy  = Get-HvRegistry $policy 'LsaCfgFlags'
        lsa_cfg_flags_local   = Get-HvRegistry $lsa 'LsaCfgFlags'
        lsa_cfg_flags_default = Get-HvRegistry $lsa 'LsaCfgFlagsDefault'
        vbs_policy            = Get-HvRegistry $policy 'EnableVirtualizationBasedSecurity'
        vbs_local             = Get-HvRegistry $local 'EnableVirtualizationBasedSecurity'
        platform_policy       = Get-HvRegistry $policy 'RequirePlatformSecurityFeatures'
        platform_local        = Get-HvRegistry $local 'RequirePlatformSecurityFeatures'
        hvci_policy           = Get-HvRegistry $policy 'HypervisorEnforcedCodeIntegrity'
        hvci_local            = Get-HvRegistry $hvci 'Enabled'
        hvci_locked           = Get-HvRegistry $hvci 'Locked'
        locked                = Get-HvRegistry $local 'Locked'
        mandatory             = Get-HvRegistry $local 'Mandatory'
    }
}

function Read-HvDeviceGuard {
    $guard = Get-HvOne (Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard)
    [ordered]@{
        vbs_status                     = Get-HvCode $guard 'VirtualizationBasedSecurityStatus' -Required
        services_configured            = Get-HvCodes $guard 'SecurityServicesConfigured' -Required
        services_running               = Get-HvCodes $guard 'SecurityServicesRunning' -Required
        available_properties           = Get-HvCodes $guard 'AvailableSecurityProperties' -Required
        required_properties            = Get-HvCodes $guard 'RequiredSecurityProperties'
        code_integrity_policy          = Get-HvNumber $guard 'CodeIntegrityPolicyEnforcementStatus'
        usermode_code_integrity_policy = Get-HvNumber $guard 'UsermodeCodeIntegrityPolicyEnforcementStatus'
    }
}

# Firmware that is no UEFI makes the cmdlet fail, which is an answer, too; it has no other sign of it than the exception.
function Read-HvSecureBoot {
    try { $state = $(if (Get-HvOne (SecureBoot\Confirm-SecureBootUEFI)) { 'on' } else { 'off' }) }
    catch [System.PlatformNotSupportedException] { $state = 'unsupported' }
    [ordered]@{
        state         = $state
        firmware_type = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control' 'PEFirmwareType'
    }
}

function Read-HvTpm {
    $tpm = Get-HvOne (TrustedPlatformModule\Get-Tpm)
    $present = Get-HvBoolean $tpm 'TpmPresent' -Required
    $class = $(if ($present) {
            Read-HvOptional 'the specification of the TPM' {
                Get-HvOne (Get-CimInstance -ClassName Win32_Tpm -Namespace root\cimv2\Security\MicrosoftTpm)
            }
        })
    $version = Get-HvText $tpm 'ManufacturerVersionFull20'
    [ordered]@{
        present                 = $present
        ready                   = Get-HvBoolean $tpm 'TpmReady'
        enabled                 = Get-HvBoolean $tpm 'TpmEnabled'
        activated               = Get-HvBoolean $tpm 'TpmActivated'
        owned                   = Get-HvBoolean $tpm 'TpmOwned'
        locked_out              = Get-HvBoolean $tpm 'LockedOut'
        manufacturer            = Get-HvText $tpm 'ManufacturerIdTxt'
        # A TPM 1.2 has a translated sentence there instead of a version.
        manufacturer_version_20 = $(if ($version -match '^[0-9]+(\.[0-9]+)+$') { $version })
        spec_version            = $(if ($null -ne $class) { Get-HvText $class 'SpecVersion' })
    }
}

function Read-HvLsaProtection {
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    $started = Read-HvOptional 'the start of LSASS in the System log' { Get-HvPlatformLsaStart }
    [ordered]@{
        run_as_ppl        = Get-HvRegistry $lsa 'RunAsPPL'
        run_as_ppl_policy = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\System' 'RunAsPPL'
        run_as_ppl_boot   = Get-HvRegistry $lsa 'RunAsPPLBoot'
        started_protected = $started
    }
}

# True: Wininit 12 since the last boot. False: the log reaches back to the boot and has none. Else nothing can be said.
function Get-HvPlatformLsaStart {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)
    $boot = Get-HvMoment $system 'LastBootUpTime' -Required
    $events = Get-HvEvents -Log 'System' -Provider 'Microsoft-Windows-Wininit' -Id 12 -Days 3650 -Most 1
    # The time of the boot is worked out from the clock, and moves when the clock is set.
    foreach ($event in $events) { if ($event.time -ge $boot.AddMinutes(-5)) { return $(if ($event.time -ge $boot) { $true }) } }
    $oldest = Get-HvLogStart 'System'
    if ($null -ne $oldest -and $oldest -le $boot) { return $false }
}

function Read-HvDriverInventory {
    $drivers = @(Get-CimInstance -ClassName Win32_SystemDriver -Namespace root\cimv2)
    if ($drivers.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows named no driver' }
    [ordered]@{
        drivers  = @(foreach ($driver in $drivers) { Get-HvPlatformDriver $driver })
        packages = Read-HvOptional 'driver packages' { , @(Get-HvPlatformPackages) }
    }
}

function Get-HvPlatformDriver($Driver) {
    $name = Get-HvText $Driver 'Name' -Required
    $path = Get-HvPlatformImage (Get-HvText $Driver 'PathName')
    $image = $(if ($null -ne $path) { Read-HvOptional "the image of $name" { Get-HvPlatformFile $path } })
    if ($null -eq $image) { $image = @{} }
    $altitudes = Read-HvOptional "altitudes of $name" { , @(Get-HvPlatformAltitudes $name) }
    [ordered]@{
        name          = $name
        path          = $path
        display_name  = Get-HvText $Driver 'DisplayName'
        state         = Get-HvText $Driver 'State' -Required
        start_mode    = Get-HvText $Driver 'StartMode' -Required
        service_type  = Get-HvText $Driver 'ServiceType'
        file_version  = $image['version']
        company       = $image['company']
        original_name = $image['original']
        size          = $image['size']
        sha256        = $image['sha256']
        altitudes     = @($altitudes | Where-Object -FilterScript { $null -ne $_ })
    }
}

# Paths stand there as the service control manager has them: \??\C:\..., \SystemRoot\..., system32\...
function Get-HvPlatformImage([string] $Path) {
    if ($Path -eq '') { return $null }
    $plain = $Path -replace '^\\\?\?\\', ''
    $windows = [System.Environment]::GetFolderPath('Windows')
    if ($plain -match '^(\\SystemRoot\\|%SystemRoot%\\)(.*)$') { return [System.IO.Path]::Combine($windows, $Matches[2]) }
    if ($plain -match '^system32\\') { return [System.IO.Path]::Combine($windows, $plain) }
    $plain
}

function Get-HvPlatformFile([string] $Path) {
    $item = Get-Item -LiteralPath $Path
    $info = Get-HvValue $item 'VersionInfo'
    $numbers = @('FileMajorPart', 'FileMinorPart', 'FileBuildPart', 'FilePrivatePart' | ForEach-Object -Process { Get-HvNumber $info $_ })
    @{
        size     = Get-HvNumber $item 'Length'
        version  = $(if ($numbers.Count -eq 4 -and $numbers -notcontains $null) { $numbers -join '.' })
        company  = Get-HvText $info 'CompanyName'
        original = Get-HvText $info 'OriginalFilename'
        sha256   = (Get-HvText (Get-HvOne (Get-FileHash -LiteralPath $Path -Algorithm SHA256)) 'Hash' -Required).ToLowerInvariant()
    }
}

function Get-HvPlatformAltitudes([string] $Driver) {
    $instances = "HKLM:\SYSTEM\CurrentControlSet\Services\$Driver\Instances"
    $names = Get-HvRegistryKeys $instances
    foreach ($instance in $names) {
        $altitude = Get-HvRegistry "$instances\$instance" 'Altitude'
        if ($altitude.state -eq 'present') { [string] $altitude.data }
    }
}

# One row a package, with the names of its devices.
function Get-HvPlatformPackages {
    $packages = [ordered]@{}
    foreach ($device in @(Get-CimInstance -ClassName Win32_PnPSignedDriver -Namespace root\cimv2)) {
        $version = Get-HvText $device 'DriverVersion'
        if ($null -eq $version) { continue }
        $inf = Get-HvText $device 'InfName'
        $key = "$inf|$version"
        if (-not $packages.Contains($key)) {
            $packages[$key] = [ordered]@{
                inf          = $inf
                version      = $version
                date         = Get-HvMoment $device 'DriverDate'
                provider     = Get-HvText $device 'DriverProviderName'
                signer       = Get-HvText $device 'Signer'
                signed       = Get-HvBoolean $device 'IsSigned'
                device_class = Get-HvText $device 'DeviceClass'
                devices      = @()
            }
        }
        $name = Get-HvText $device 'DeviceName'
        if ($null -ne $name -and $packages[$key]['devices'] -notcontains $name) { $packages[$key]['devices'] += $name }
    }
    $packages.Values
}

# Facts of PowerShell's endpoints and of the JEA roles that they give. Their files are parsed; nothing in them is run.

# Not by Get-PSSessionConfiguration, which runs the text of each endpoint's file.
function Read-HvPsSessionConfigurations {
    [ordered]@{
        configurations = @(foreach ($plugin in (Get-HvPowershellEndpoints)) {
                $file = Get-HvPowershellParameter $plugin 'ConfigFilePath'
                $read = @{ Table = [ordered]@{}; Problem = $null }
                if ($null -ne $file) { $read = Get-HvPowershellTable $file }
                $table = $read.Table
                $roles = Get-HvPowershellRoles $table
                $virtual = Get-HvBoolean $plugin 'RunAsVirtualAccount'
                if ($null -eq $virtual) { $virtual = Get-HvPowershellSwitch $table 'RunAsVirtualAccount' }
                $groups = Get-HvTexts $plugin 'RunAsVirtualAccountGroups' -Separator ';'
                if ($null -eq $groups) { $groups = Get-HvPowershellTexts $table 'RunAsVirtualAccountGroups' }
                $transcripts = Get-HvPowershellText $table 'TranscriptDirectory'
                $writers = $null
                if ($null -ne $transcripts) { $writers = Get-HvPowershellFolderWriters $transcripts }
                [ordered]@{
                    name                          = Get-HvText $plugin 'Name' -Required
                    enabled                       = Get-HvBoolean $plugin 'Enabled'
                    session_type                  = Get-HvPowershellText $table 'SessionType'
                    language_mode                 = Get-HvPowershellText $table 'LanguageMode'
                    run_as_user                   = Get-HvText $plugin 'RunAsUser'
                    run_as_virtual_account        = $virtual
                    run_as_virtual_account_groups = $groups
                    group_managed_service_account = Get-HvPowershellText $table 'GroupManagedServiceAccount'
                    transcript_directory          = $transcripts
                    transcript_writable_by        = $writers
                    sddl                          = Get-HvPowershellSddl $plugin
                    roles                         = $roles.Roles
                    visible_cmdlets               = Get-HvPowershellVisible $roles.Tables 'VisibleCmdlets'
                    visible_functions             = Get-HvPowershellVisible $roles.Tables 'VisibleFunctions'
                    visible_external_commands     = Get-HvPowershellVisible $roles.Tables 'VisibleExternalCommands'
                    visible_providers             = Get-HvPowershellVisible $roles.Tables 'VisibleProviders'
                    config_file                   = $file
                    unread                        = $read.Problem
                }
            })
    }
}

function Read-HvRoleCapabilities {
    $files = @(Get-HvPowershellRoleFiles)
    $named = Read-HvOptional 'role files that endpoints name by path' { , @(Get-HvPowershellNamedFiles) }
    foreach ($file in $named) { if ($files -notcontains $file) { $files += $file } }
    [ordered]@{
        roles = @(foreach ($file in $files) {
                $read = Get-HvPowershellTable $file
                $sddl = Read-HvOptional "who may write $file" {
                    Get-HvText (Get-HvOne (Get-Acl -LiteralPath $file)) 'Sddl' -Required
                }
                $problem = $read.Problem
                if ($null -eq $sddl -and $null -eq $problem) { $problem = 'who may write it could not be read' }
                $functions = foreach ($part in (Get-HvPowershellParts $read.Table['FunctionDefinitions'])) {
                    if ($part -is [System.Management.Automation.Language.HashtableAst]) {
                        Get-HvPowershellText (Get-HvPowershellPairs $part) 'Name'
                    }
                }
                [ordered]@{
                    name                      = [System.IO.Path]::GetFileNameWithoutExtension($file)
                    path                      = $file
                    visible_cmdlets           = Get-HvPowershellCommands $read.Table 'VisibleCmdlets'
                    visible_functions         = Get-HvPowershellCommands $read.Table 'VisibleFunctions'
                    visible_external_commands = Get-HvPowershellCommands $read.Table 'VisibleExternalCommands'
                    visible_providers         = Get-HvPowershellTexts $read.Table 'VisibleProviders'
                    function_definitions      = @($functions | Where-Object -FilterScript { $null -ne $_ })
                    writable_by               = @($(if ($null -ne $sddl) { Get-HvPowershellWriters $sddl }))
                    unread                    = $problem
                }
            })
    }
}

# Plug-ins of WinRM that are PowerShell, Windows' own and others.
function Get-HvPowershellEndpoints {
    if (-not (Get-HvManagementWinrmRuns)) {
        Stop-HvTask -Cause not_collected -Detail 'the WinRM service does not run, so that no endpoint is listed'
    }
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'WinRM answers elevated sessions only' }
    $plugins = @(Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config/plugin -Enumerate)
    if ($plugins.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'WinRM named no plug-in, not even its own' }
    , @(foreach ($each in $plugins) {
            $plugin = ConvertFrom-HvManagementXml $each
            if ((Get-HvText $plugin 'Filename') -like '*\pwrshplugin.dll') { $plugin }
        })
}

# A parameter that a plug-in is started with.
function Get-HvPowershellParameter($Plugin, [string] $Name) {
    $parameters = Get-HvValue $Plugin 'InitializationParameters'
    if ($parameters -isnot [System.Collections.IDictionary]) { return }
    $all = Get-HvValue $parameters 'Param'
    foreach ($each in @($all)) { if ((Get-HvText $each 'Name') -eq $Name) { return Get-HvText $each 'Value' } }
}

# Who may use a plug-in: the descriptor of its first resource that has one.
function Get-HvPowershellSddl($Plugin) {
    $resources = Get-HvValue $Plugin 'Resources'
    if ($resources -isnot [System.Collections.IDictionary]) { return }
    $all = Get-HvValue $resources 'Resource'
    foreach ($resource in @($all)) {
        if ($resource -isnot [System.Collections.IDictionary]) { continue }
        $securities = Get-HvValue $resource 'Security'
        foreach ($security in @($securities)) {
            if ($security -isnot [System.Collections.IDictionary]) { continue }
            $sddl = Get-HvText $security 'Sddl'
            if ($null -ne $sddl) { return $sddl }
        }
    }
}

# What RoleDefinitions gives: Roles (capabilities and files by account), Files, and Tables: the file's own and those that are
# written out in a role, both of which make commands visible.
function Get-HvPowershellRoles($Table) {
    $roles = [ordered]@{}
    $tables = @(, $Table)
    $files = @()
    foreach ($definition in (Get-HvPowershellParts $Table['RoleDefinitions'])) {
        if ($definition -isnot [System.Management.Automation.Language.HashtableAst]) { continue }
        $accounts = Get-HvPowershellPairs $definition
        foreach ($account in $accounts.Keys) {
            $names = @()
            foreach ($part in (Get-HvPowershellParts $accounts[$account])) {
                if ($part -isnot [System.Management.Automation.Language.HashtableAst]) { continue }
                $pairs = Get-HvPowershellPairs $part
                $own = Get-HvPowershellTexts $pairs 'RoleCapabilityFiles'
                $names += Get-HvPowershellTexts $pairs 'RoleCapabilities'
                $names += $own
                $files += $own
                $tables += , $pairs
            }
            $roles[$account] = @($names)
        }
    }
    @{ Roles = $roles; Files = $files; Tables = $tables }
}

# Names that any of several tables makes visible.
function Get-HvPowershellVisible($Tables, [string] $Key) {
    , @(foreach ($table in $Tables) { foreach ($entry in (Get-HvPowershellCommands $table $Key)) { $entry.name } })
}

# The role files where PowerShell looks for them: <module path>\<module>\RoleCapabilities\*.psrc.
function Get-HvPowershellRoleFiles {
    $setting = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment' 'PSModulePath'
    if ($setting.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail 'PSModulePath may not be read' }
    $places = @(([string] $setting.data).Split(';')) + "$env:ProgramFiles\WindowsPowerShell\Modules" + "$PSHOME\Modules"
    $seen = @{}
    foreach ($place in $places) {
        $folder = [System.Environment]::ExpandEnvironmentVariables($place).Trim().TrimEnd('\')
        if ($folder -eq '' -or $seen.ContainsKey($folder) -or -not [System.IO.Directory]::Exists($folder)) { continue }
        $seen[$folder] = $true
        foreach ($module in ([System.IO.Directory]::GetDirectories($folder) | Sort-Object)) {
            $roles = [System.IO.Path]::Combine($module, 'RoleCapabilities')
            if (-not [System.IO.Directory]::Exists($roles)) { continue }
            [System.IO.Directory]::GetFiles($roles, '*.psrc') | Sort-Object
        }
    }
}

# The role files that endpoints name by their paths.
function Get-HvPowershellNamedFiles {
    foreach ($plugin in (Get-HvPowershellEndpoints)) {
        $file = Get-HvPowershellParameter $plugin 'ConfigFilePath'
        if ($null -ne $file) { (Get-HvPowershellRoles (Get-HvPowershellTable $file).Table).Files }
    }
}

# The one table that a .pssc or .psrc file is: Table (values as syntax, by key), and Problem where it is not that. It is not
# even parsed where it has statements that the parser itself acts upon.
function Get-HvPowershellTable([string] $Path) {
    $failed = { param($why) @{ Table = [ordered]@{}; Problem = $why } }
    $text = Read-HvOptional "the file $Path" { [System.IO.File]::ReadAllText($Path, [System.Text.Encoding]::Default) }
    if ($null -eq $text) { return & $failed 'it could not be read' }
    if ($text.Length -gt 1000000) { return & $failed 'it is too large for a file of its kind' }
    $using = '(?im)(^|[;{}(])\s*using\s+(module|assembly|namespace|type|command)\b'
    $configuration = '(?im)(^|[;{}(])\s*configuration\s+[^\s{]+\s*\{'
    if ($text -match $using -or $text -match $configuration -or $text -match 'Import-DscResource') {
        return & $failed 'it has statements that no such file may have'
    }
    $tokens = $null
    $errors = $null
    $syntax = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    if (@($errors).Count) { return & $failed "line $($errors[0].Extent.StartLineNumber): $($errors[0].ErrorId)" }
    $parts = @(foreach ($statement in $syntax.EndBlock.Statements) { Get-HvPowershellParts $statement })
    if ($parts.Count -ne 1 -or $parts[0] -isnot [System.Management.Automation.Language.HashtableAst]) {
        return & $failed 'it is no table'
    }
    @{ Table = (Get-HvPowershellPairs $parts[0]); Problem = $null }
}

# The values of a table by key, as syntax.
function Get-HvPowershellPairs([System.Management.Automation.Language.HashtableAst] $Table) {
    $found = [ordered]@{}
    foreach ($pair in $Table.KeyValuePairs) { $found[(Get-HvPowershellLiteral $pair.Item1)] = $pair.Item2 }
    $found
}

# What a value consists of: the parts of an array, else itself.
function Get-HvPowershellParts($Syntax) {
    if ($null -eq $Syntax) { return }
    switch ($Syntax.GetType().Name) {
        'PipelineAst' {
            if ($Syntax.PipelineElements.Count -eq 1) { return Get-HvPowershellParts $Syntax.PipelineElements[0] }
        }
        'CommandExpressionAst' { return Get-HvPowershellParts $Syntax.Expression }
        'ParenExpressionAst' { return Get-HvPowershellParts $Syntax.Pipeline }
        'ConvertExpressionAst' { return Get-HvPowershellParts $Syntax.Child }
        'ArrayLiteralAst' { return $Syntax.Elements | ForEach-Object -Process { Get-HvPowershellParts $_ } }
        'ArrayExpressionAst' {
            return $Syntax.SubExpression.Statements | ForEach-Object -Process { Get-HvPowershellParts $_ }
        }
    }
    $Syntax
}

# A literal as its value; anything else as it is written.
function Get-HvPowershellLiteral($Syntax) {
    if ($Syntax -is [System.Management.Automation.Language.ConstantExpressionAst]) { return [string] $Syntax.Value }
    if ($Syntax -is [System.Management.Automation.Language.ExpandableStringExpressionAst] -and
        $Syntax.NestedExpressions.Count -eq 0) { return $Syntax.Value }
    Format-HvDetail $Syntax.Extent.Text
}

function Get-HvPowershellTexts($Table, [string] $Key) {
    , @(foreach ($part in (Get-HvPowershellParts $Table[$Key])) { Get-HvPowershellLiteral $part })
}

function Get-HvPowershellText($Table, [string] $Key) {
    $texts = Get-HvPowershellTexts $Table $Key
    if ($texts.Count -and $texts[0] -ne '') { $texts[0] }
}

function Get-HvPowershellSwitch($Table, [string] $Key) {
    switch (Get-HvPowershellText $Table $Key) {
        '$true' { $true }
        '$false' { $false }
    }
}

# Entries of a list of visible commands: name, line, and the parameters that an entry is narrowed to.
function Get-HvPowershellCommands($Table, [string] $Key) {
    , @(foreach ($part in (Get-HvPowershellParts $Table[$Key])) {
            $name = Get-HvPowershellLiteral $part
            $parameters = [ordered]@{}
            if ($part -is [System.Management.Automation.Language.HashtableAst]) {
                $pairs = Get-HvPowershellPairs $part
                $own = Get-HvPowershellText $pairs 'Name'
                if ($null -ne $own) { $name = $own }
                foreach ($parameter in (Get-HvPowershellParts $pairs['Parameters'])) {
                    if ($parameter -is [System.Management.Automation.Language.HashtableAst]) {
                        $limits = Get-HvPowershellPairs $parameter
                        $parameters[[string] (Get-HvPowershellText $limits 'Name')] = Get-HvPowershellLimit $limits
                    }
                    else { $parameters[(Get-HvPowershellLiteral $parameter)] = '' }
                }
            }
            [ordered]@{ name = $name; line = $part.Extent.StartLineNumber; parameters = $parameters }
        })
}

# What a parameter is limited to. Where both stand there, the pattern counts.
function Get-HvPowershellLimit($Limits) {
    $pattern = Get-HvPowershellText $Limits 'ValidatePattern'
    if ($null -ne $pattern) { return "ValidatePattern: $pattern" }
    $values = Get-HvPowershellTexts $Limits 'ValidateSet'
    if ($values.Count) { return 'ValidateSet: ' + ($values -join ', ') }
    ''
}

# SIDs that may change a folder or what is written into it; $null where that could not be read. Of a full path on this host
# alone: a share would be connected to, and PowerShell completes what begins elsewhere with the documents of the run-as account.
function Get-HvPowershellFolderWriters([string] $Folder) {
    if ($Folder -notmatch '^[A-Za-z]:[\\/]') {
        Add-HvRemark "without who may write into $($Folder): it is no full path of this host"
        return $null
    }
    $sddl = Read-HvOptional "who may write into $Folder" {
        Get-HvText (Get-HvOne (Get-Acl -LiteralPath $Folder)) 'Sddl' -Required
    }
    if ($null -eq $sddl) { return $null }
    , @(Get-HvPowershellWriters $sddl -Folder)
}

# SIDs that may change a file, by its descriptor ([MS-DTYP] 2.5.1): its owner, and whom an entry lets write, delete, or change
# the descriptor. The system, Administrators, the installer of Windows, and entries that are only passed on are left out. What
# a folder passes on counts, for files are made in it; not what it passes on to whoever makes them.
function Get-HvPowershellWriters([string] $Sddl, [switch] $Folder) {
    $installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
    $names = @{
        WD = 'S-1-1-0'; CO = 'S-1-3-0'; CG = 'S-1-3-1'; OW = 'S-1-3-4'; NU = 'S-1-5-2'; IU = 'S-1-5-4'; SU = 'S-1-5-6'
        AN = 'S-1-5-7'; AU = 'S-1-5-11'; SY = 'S-1-5-18'; LS = 'S-1-5-19'; NS = 'S-1-5-20'; BA = 'S-1-5-32-544'
        BU = 'S-1-5-32-545'; BG = 'S-1-5-32-546'; PU = 'S-1-5-32-547'; AO = 'S-1-5-32-548'; SO = 'S-1-5-32-549'
        PO = 'S-1-5-32-550'; BO = 'S-1-5-32-551'; RD = 'S-1-5-32-555'; NO = 'S-1-5-32-556'; HA = 'S-1-5-32-578'
        RM = 'S-1-5-32-580'; AC = 'S-1-15-2-1'
    }
    $writers = @()
    if ($Sddl -match '^O:(S-[0-9-]+|[A-Z]{2})') { $writers += $Matches[1] }
    # Up to the entries of audit; a condition of an entry may have brackets of its own.
    $own = $Sddl -creplace 'S:[A-Z]*(\((AU|AL|OU|OL|ML|RA|SP|XU|TL|FL);.*)?$', ''
    $list = $(if ($own -cmatch 'D:([A-Z_]*)(.*)$') { $Matches[1]; $Matches[2] } else { 'NO_ACCESS_CONTROL'; '' })
    if ($list[0] -like '*NO_ACCESS_CONTROL*') { $writers += 'WD' }
    foreach ($entry in [regex]::Matches($list[1], '\((?:A|XA|OA);([^;]*);([^;]*);[^;]*;[^;]*;([^;)]+)')) {
        $who = $entry.Groups[3].Value
        if ($Folder -and 'CO', 'CG', 'S-1-3-0', 'S-1-3-1' -contains $who) { continue }
        if (-not $Folder -and $entry.Groups[1].Value -match 'IO') { continue }
        if (Test-HvPowershellWrites $entry.Groups[2].Value -Folder:$Folder) { $writers += $who }
    }
    $sids = @(foreach ($each in $writers) { $(if ($names.ContainsKey($each)) { $names[$each] } else { $each }) })
    $sids | Where-Object -FilterScript { 'S-1-5-18', 'S-1-5-32-544', $installer -notcontains $_ } | Select-Object -Unique
}

# Whether rights of a file change it: write data, append, delete, write the descriptor or the owner, or what implies these. Of a
# folder, where the first two make files and folders in it, deleting what is in it as well.
function Test-HvPowershellWrites([string] $Rights, [switch] $Folder) {
    if ($Rights -match '^0x([0-9a-fA-F]{1,8})$') {
        $changing = $(if ($Folder) { 0x500D0046 } else { 0x500D0006 })
        return ([System.Convert]::ToInt64($Matches[1], 16) -band $changing) -ne 0
    }
    foreach ($right in [regex]::Matches($Rights, '[A-Z]{2}')) {
        if ('FA', 'FW', 'GA', 'GW', 'WD', 'WO', 'SD', 'DC', 'LC' -ccontains $right.Value) { return $true }
        if ($Folder -and $right.Value -ceq 'DT') { return $true }
    }
    $false
}

# Sensors that watch the host: Sysmon, Defender for Endpoint, and services of other products.

function Read-HvSysmonConfig {
    $services = 'HKLM:\SYSTEM\CurrentControlSet\Services'
    $driver = $null
    $altitude = $null
    $names = Get-HvRegistryKeys $services
    foreach ($name in $names) {
        $own = Read-HvOptional "altitudes of $name" { Get-HvPlatformAltitudes $name }
        if (@($own) -contains '385201') { $driver = $name; $altitude = '385201'; break }
        if ($name -eq 'SysmonDrv') { $driver = $name; $altitude = $(if (@($own).Count) { @($own)[0] }) }
    }
    $recorded = Read-HvOptional 'what Sysmon recorded' { , @(Get-HvSensorsNewest 'Microsoft-Windows-Sysmon/Operational' 'Microsoft-Windows-Sysmon' 7 @(
                1, 3, 4, 6, 7, 11, 16, 22, 255) { param($row, $data)
                $row['state'] = Get-HvEventText $data 'State'
                $row['configuration_hash'] = Get-HvEventText $data 'ConfigurationFileHash'
            }) }
    if ($null -eq $driver) { return [ordered]@{ installed = $false; recorded = $recorded } }
    $parameters = "$services\$driver\Parameters"
    $rules = Get-HvRegistry $parameters 'Rules'
    $bytes = $(if ($rules.state -eq 'present' -and $rules.type -eq 'REG_BINARY') { ConvertFrom-HvHex $rules.data })
    $program = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 | Where-Object -FilterScript {
            (Get-HvText $_ 'Name') -match '^Sysmon(64)?$' })
    [ordered]@{
        installed         = $true
        driver            = $driver
        service           = $(if ($program.Count) { Get-HvText $program[0] 'Name' })
        image             = $(if ($program.Count) { Get-HvText $program[0] 'PathName' })
        altitude          = $altitude
        rules_sha256      = $(if ($null -ne $bytes) { Get-HvSha256 $bytes })
        rules_size        = $(if ($null -ne $bytes) { $bytes.Count })
        hashing_algorithm = Get-HvRegistry $parameters 'HashingAlgorithm'
        options           = Get-HvRegistry $parameters 'Options'
        config_file       = Get-HvRegistry $parameters 'ConfigFile'
        config_hash       = Get-HvRegistry $parameters 'ConfigHash'
        recorded          = $recorded
    }
}

# The newest event of each id.
function Get-HvSensorsNewest([string] $Log, [string] $Provider, [int] $Days, [int[]] $Ids, [scriptblock] $More) {
    foreach ($id in $Ids) {
        $found = Get-HvEvents -Log $Log -Provider $Provider -Id @($id) -Days $Days -Most 1
        foreach ($event in $found) {
            $row = New-HvEventRow $event
            $null = & $More $row $event.data
            $row
        }
    }
}

function Read-HvEdrOnboarding {
    $status = 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
    $names = Get-HvRegistryNames $policy
    $services = @(foreach ($name in @(Get-HvSensorsServices)) {
            $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
            if (-not (Test-Path -LiteralPath $key)) { continue }
            [ordered]@{ name = $name; launch_protected = (Get-HvRegistry $key 'LaunchProtected').data }
        })
    [ordered]@{
        onboarding_state  = Get-HvRegistry $status 'OnboardingState'
        last_connected    = Get-HvSensorsFileTime (Get-HvRegistry $status 'LastConnected').data
        # What the value says is a secret: only whether it is there is asked.
        onboarding_policy = $names -contains 'OnboardingInfo'
        passive_mode      = Get-HvRegistry $policy 'ForceDefenderPassiveMode'
        services          = $services
        recorded          = Read-HvOptional 'the log of the sensor' { , @(Get-HvSensorsNewest 'Microsoft-Windows-SENSE/Operational' `
                    'Microsoft-Windows-SENSE' 30 @(1, 5, 6, 7, 10, 11, 15, 20, 84) { param($row, $data) }) }
    }
}

function Get-HvSensorsFileTime($Number) {
    if ($Number -is [long] -or $Number -is [int] -or $Number -is [decimal]) {
        if ($Number -gt 0 -and $Number -lt 2650467743999999999) { [datetime]::FromFileTimeUtc([long] $Number) }
    }
}

# Services of known security products, by name: the same in every language.
function Get-HvSensorsServices {
    'WinDefend', 'WdNisSvc', 'MdCoreSvc', 'Sense', 'CSFalconService', 'SentinelAgent', 'SentinelStaticEngine', 'CbDefense'
    'CarbonBlack', 'Parity', 'cyserver', 'CyveraService', 'Sophos MCS Agent', 'Sophos Endpoint Defense Service', 'SntpService'
    'hmpalertsvc', 'xagt', 'mfemms', 'mfefire', 'masvc', 'macmnsvc', 'ElasticEndpoint', 'ds_agent', 'TMBMServer', 'ntrtscan'
    'tmlisten', 'Trend Micro Endpoint Basecamp', 'ekrn', 'EraAgentSvc', 'CylanceSvc', 'CyOptics', 'EPSecurityService'
    'EPProtectedService', 'EPRedline', 'EPIntegrationService', 'fshoster', 'fsulhoster', 'CybereasonActiveProbe', 'CybereasonCRS'
    'Tanium Client', 'hurukai', 'HuntressAgent', 'MBAMService'
}

# Facts of shielded VMs: the client of the Host Guardian Service, and the guardian keys that lie on the host.

# Runs only with -IncludeHgsClient: the read starts an attestation.
function Read-HvHgsClient {
    $client = Get-HvOne (HgsClient\Get-HgsClientConfiguration)
    $modes = @{ Unknown = 0; Local = 1; HostGuardianService = 2 }
    $attestation = @{ Unknown = 0; Tpm = 1; ActiveDirectory = 2; HostKey = 3 }
    $states = @{
        NotConfigured = 0; Unknown = 1; Passed = 100; Expired = 200; TransientError = 300; UnauthorizedHost = 301
        TpmError = 302; InsecureHostConfiguration = 303
    }
    $substatus = Get-HvValue $client 'AttestationSubstatus'
    if ($null -ne $substatus -and $null -eq (ConvertTo-HvNumber $substatus)) {
        $substatus = Get-HvText $client 'AttestationSubstatus'
    }
    [ordered]@{
        host_guarded                 = Get-HvBoolean $client 'IsHostGuarded' -Required
        mode                         = Get-HvCode $client 'Mode' -Names $modes -Required
        attestation_mode             = Get-HvCode $client 'AttestationOperationMode' -Names $attestation
        status                       = Get-HvCode $client 'AttestationStatus' -Names $states
        substatus                    = $substatus
        attestation_url              = Get-HvText $client 'AttestationServerUrl'
        key_protection_url           = Get-HvText $client 'KeyProtectionServerUrl'
        fallback_attestation_urls    = @(foreach ($url in (Get-HvTexts $client 'FallbackAttestationServerUrl')) { $url })
        fallback_key_protection_urls = @(foreach ($url in (Get-HvTexts $client 'FallbackKeyProtectionServerUrl')) { $url })
        fallback_in_use              = Get-HvBoolean $client 'IsFallbackInUse'
    }
}

# A host in the mode of the Host Guardian Service names no guardian whatever lies on it: the mode is in hgs_client.
function Read-HvGuardians {
    $store = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\Shielded VM Local Certificates'
    $keys = @(foreach ($entry in Get-HvStoresCertificates $store) {
            $certificate = $entry.Certificate
            [ordered]@{
                thumbprint      = Get-HvText $certificate 'Thumbprint' -Required
                subject         = [string] (Get-HvText $certificate 'Subject')
                not_after       = Get-HvMoment $certificate 'NotAfter' -Required
                has_private_key = $entry.HasPrivateKey
            }
        })
    $names = Read-HvOptional 'names of guardians' {
        , @(foreach ($guardian in @(HgsClient\Get-HgsGuardian)) { Get-HvText $guardian 'Name' -Required })
    }
    [ordered]@{
        keys  = $keys
        names = $names
    }
}

# Facts of SMB, both roles.

function Read-HvSmbServer {
    $dialects = @{ None = 0; SMB202 = 0x0202; SMB210 = 0x0210; SMB300 = 0x0300; SMB302 = 0x0302; SMB311 = 0x0311 }
    $server = Get-HvOne (SmbShare\Get-SmbServerConfiguration)
    [ordered]@{
        require_signing                 = Get-HvBoolean $server 'RequireSecuritySignature' -Required
        smb1_enabled                    = Get-HvBoolean $server 'EnableSMB1Protocol'
        encrypt_data                    = Get-HvBoolean $server 'EncryptData'
        reject_unencrypted              = Get-HvBoolean $server 'RejectUnencryptedAccess'
        spn_validation                  = Get-HvCode $server 'SmbServerNameHardeningLevel'
        rate_limiter                    = Get-HvBoolean $server 'EnableAuthRateLimiter'
        invalid_authentication_delay_ms = Get-HvNumber $server 'InvalidAuthenticationDelayTimeInMs'
        audit_smb1                      = Get-HvBoolean $server 'AuditSmb1Access'
        audit_signing                   = Get-HvBoolean $server 'AuditClientDoesNotSupportSigning'
        audit_encryption                = Get-HvBoolean $server 'AuditClientDoesNotSupportEncryption'
        audit_spn                       = Get-HvBoolean $server 'AuditClientSpnSupport'
        audit_guest                     = Get-HvBoolean $server 'AuditInsecureGuestLogon'
        dialect_min                     = Get-HvCode $server 'Smb2DialectMin' -Names $dialects
        dialect_max                     = Get-HvCode $server 'Smb2DialectMax' -Names $dialects
        mailslots                       = Get-HvBoolean $server 'EnableMailslots'
        ciphers                         = Get-HvTexts $server 'EncryptionCiphers'
        quic                            = Get-HvBoolean $server 'EnableSMBQUIC'
        quic_restrict_named_pipes       = Get-HvBoolean $server 'RestrictNamedpipeAccessViaQuic'
    }
}

function Read-HvSmbClient {
    $dialects = @{ None = 0; SMB202 = 0x0202; SMB210 = 0x0210; SMB300 = 0x0300; SMB302 = 0x0302; SMB311 = 0x0311 }
    $client = Get-HvOne (SmbShare\Get-SmbClientConfiguration)
    $blockNtlm = Get-HvBoolean $client 'BlockNTLM'
    $exceptions = Get-HvTexts $client 'BlockNTLMServerExceptionList'
    # A release that has the switch has the list: blank means that it is empty.
    if ($null -eq $exceptions -and $null -ne $blockNtlm) { $exceptions = @() }
    [ordered]@{
        require_signing        = Get-HvBoolean $client 'RequireSecuritySignature' -Required
        insecure_guest_logons  = Get-HvBoolean $client 'EnableInsecureGuestLogons'
        require_encryption     = Get-HvBoolean $client 'RequireEncryption'
        block_ntlm             = $blockNtlm
        block_ntlm_exceptions  = $exceptions
        audit_signing          = Get-HvBoolean $client 'AuditServerDoesNotSupportSigning'
        audit_encryption       = Get-HvBoolean $client 'AuditServerDoesNotSupportEncryption'
        audit_guest            = Get-HvBoolean $client 'AuditInsecureGuestLogon'
        dialect_min            = Get-HvCode $client 'Smb2DialectMin' -Names $dialects
        dialect_max            = Get-HvCode $client 'Smb2DialectMax' -Names $dialects
        mailslots              = Get-HvBoolean $client 'EnableMailslots'
        ciphers                = Get-HvTexts $client 'EncryptionCiphers'
        quic                   = Get-HvBoolean $client 'EnableSMBQUIC'
        skip_certificate_check = Get-HvBoolean $client 'SkipCertificateCheck'
    }
}

function Read-HvMailslots {
    [ordered]@{
        server_policy   = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Bowser' 'EnableMailslots'
        client_policy   = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider' 'EnableMailslots'
        misspelt_policy = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Browser' 'EnableMailslots'
    }
}

function Read-HvSmbQuic {
    $mappings = @(foreach ($mapping in @(SmbShare\Get-SmbServerCertificateMapping)) {
            $flags = Get-HvSmbFlags (Get-HvValue $mapping 'Flags')
            [ordered]@{
                name                          = Get-HvText $mapping 'Name' -Required
                thumbprint                    = (Get-HvText $mapping 'Thumbprint' -Required).ToUpperInvariant()
                subject                       = Get-HvText $mapping 'Subject'
                store_name                    = Get-HvText $mapping 'StoreName'
                type                          = Get-HvSmbName (Get-HvValue $mapping 'Type') @('QUIC')
                flags                         = $flags
                require_client_authentication = Get-HvBoolean $mapping 'RequireClientAuthentication'
                skip_client_access_check      = Get-HvBoolean $mapping 'SkipClientCertificateAccessCheck'
            }
        })
    $names = @($mappings | ForEach-Object -Process { $_.name } | Sort-Object -Unique)
    [ordered]@{
        mappings          = $mappings
        access            = Get-HvSmbAccess $names
        alternative_ports = Read-HvOptional 'alternative ports' {
            , @(foreach ($port in @(SmbShare\Get-SmbServerAlternativePort)) {
                    [ordered]@{
                        transport = Get-HvSmbName (Get-HvValue $port 'TransportType' -Required) @('TCP', 'QUIC')
                        port      = Get-HvNumber $port 'Port' -Required
                    }
                })
        }
    }
}

function Read-HvSmbShares {
    [ordered]@{
        shares = @(foreach ($share in @(SmbShare\Get-SmbShare)) {
                [ordered]@{
                    name                   = Get-HvText $share 'Name' -Required
                    scope                  = Get-HvText $share 'ScopeName'
                    path                   = Get-HvText $share 'Path'
                    special                = Get-HvBoolean $share 'Special'
                    encrypt_data           = Get-HvBoolean $share 'EncryptData'
                    continuously_available = Get-HvBoolean $share 'ContinuouslyAvailable'
                    sddl                   = Get-HvText $share 'SecurityDescriptor'
                }
            })
    }
}

# Who may connect by which certificate, of each mapping; $null and a remark where the host has no such command. With no
# mapping there is nothing to ask about.
function Get-HvSmbAccess([string[]] $Names) {
    if ($null -eq $Names -or $Names.Count -eq 0) { return , @() }
    $found = Read-HvOptional 'access control of clients' {
        , @(foreach ($entry in @(SmbShare\Get-SmbClientAccessToServer -Name $Names)) {
                [ordered]@{
                    mapping         = Get-HvText $entry 'Name' -Required
                    identifier_type = Get-HvSmbName (Get-HvValue $entry 'IdentifierType' -Required) @('SHA256', 'ISSUER')
                    identifier      = Get-HvText $entry 'Identifier' -Required
                    deny            = (Get-HvCode $entry 'AccessControlType' -Names @{ Allow = 0; Deny = 1 } -Required) -eq 1
                }
            })
    }
    , $found
}

# An enumeration as its name: the cmdlets show names where the classes have numbers, which count through $Names.
function Get-HvSmbName($Value, [string[]] $Names) {
    if ($null -eq $Value) { return $null }
    $number = ConvertTo-HvNumber $Value
    if ($Value -isnot [System.Enum] -and $null -ne $number) {
        if ($number -ge 0 -and $number -lt $Names.Count) { return $Names[$number] }
        return "$number"
    }
    ([string] $Value).Trim()
}

# Flags of a certificate mapping: 1 is AllowNamedPipe, 2 DefaultCert, 0 none.
function Get-HvSmbFlags($Value) {
    if ($null -eq $Value) { return $null }
    $number = ConvertTo-HvNumber $Value
    if ($Value -isnot [System.Enum] -and $null -ne $number) {
        $value = @(if ($number -band 1) { 'AllowNamedPipe' }; if ($number -band 2) { 'DefaultCert' }) -join ','
    }
    , @(([string] $Value).Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript {
            $_ -ne '' -and $_ -ne 'None'
        })
}

# Certificate stores as they lie in the registry: for stores that a service has for itself, and without opening a store,
# which would make one that is not there.

# The certificates of a store (a key with a key Certificates below it): Certificate (X509Certificate2, the public part) and
# HasPrivateKey (whether the entry says where its key is; the key itself is elsewhere). None where there is no such store.
function Get-HvStoresCertificates([string] $Store) {
    foreach ($name in (Get-HvRegistryKeys "$Store\Certificates")) {
        $blob = Get-HvRegistry "$Store\Certificates\$name" 'Blob'
        if ($blob.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail "$Store may not be read" }
        if ($blob.state -ne 'present' -or $blob.type -ne 'REG_BINARY') { continue }
        $properties = Get-HvStoresProperties (ConvertFrom-HvHex $blob.data)
        if ($null -eq $properties -or -not $properties.ContainsKey(32)) {
            Stop-HvTask -Cause unparsable -Detail "the entry $name of $Store is no certificate"
        }
        [byte[]] $bytes = $properties[32]
        # A file with keys in it would be imported by what opens a certificate.
        $kind = [System.Security.Cryptography.X509Certificates.X509Certificate2]::GetCertContentType($bytes)
        if ([string] $kind -ne 'Cert') { Stop-HvTask -Cause unparsable -Detail "the entry $name of $Store is a $kind" }
        New-Object psobject -Property @{
            Certificate   = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $bytes)
            HasPrivateKey = $properties.ContainsKey(2)
        }
    }
}

# The properties of an entry by their ids (CERT_..._PROP_ID of wincrypt.h; 2 is CERT_KEY_PROV_INFO, 32 the encoded
# certificate): each is its id, a 1, its length, all of 32 bits, and its bytes. $null where that does not come out even.
function Get-HvStoresProperties([byte[]] $Bytes) {
    $properties = @{}
    $place = 0
    while ($place + 12 -le $Bytes.Count) {
        $id = [System.BitConverter]::ToInt32($Bytes, $place)
        $length = [System.BitConverter]::ToInt32($Bytes, $place + 8)
        $place += 12
        if ($length -lt 0 -or $length -gt $Bytes.Count - $place) { return $null }
        $value = New-Object byte[] $length
        # What says where the key is, is not kept.
        if ($id -eq 32) { [System.Array]::Copy($Bytes, $place, $value, 0, $length) }
        $properties[$id] = $value
        $place += $length
    }
    if ($place -ne $Bytes.Count) { return $null }
    $properties
}

# The run.

# Which facts are asked for, in the order of the register.
function Select-HvFacts([string] $Role, [string[]] $Only, [string[]] $Skip) {
    foreach ($name in @($Only) + @($Skip)) {
        if (-not $HvFacts.Contains($name)) {
            throw "There is no fact $name. These can be read: $(@($HvFacts.Keys) -join ', ')."
        }
    }
    foreach ($name in $HvFacts.Keys) {
        if ($HvFacts[$name].Roles -notcontains $Role) { continue }
        if ($Only.Count -and $Only -notcontains $name) { continue }
        if ($Skip -contains $name) { continue }
        $name
    }
}

# powershell.exe -File hands over 'a,b' as one text.
function Split-HvNames([string[]] $Names) {
    foreach ($each in $Names) {
        foreach ($name in $each.Split(',')) { if ($name.Trim() -ne '') { $name.Trim() } }
    }
}

# The folder as a full path; it exists and has space.
function Resolve-HvFolder([string] $Folder, [int] $MinimumFreeMB) {
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
    if (-not [System.IO.Directory]::Exists($path)) { throw "The folder $path does not exist. Make it first, or give another." }
    $root = [System.IO.Path]::GetPathRoot($path)
    if ($root.StartsWith('\\')) {
        Write-Warning -Message "$path is a share: its free space was not looked at."
        return $path
    }
    $drive = New-Object System.IO.DriveInfo($root)
    $free = [long] ($drive.AvailableFreeSpace / 1MB)
    if ($free -lt $MinimumFreeMB) {
        throw "$root has $free MB free, $MinimumFreeMB are needed. Free some, or give another -OutputFolder."
    }
    $path
}

function Get-HvCertificate([string] $Thumbprint) {
    $certificate = Get-Item -LiteralPath "Cert:\LocalMachine\My\$($Thumbprint -replace '\s', '')"
    if (-not $certificate.HasPrivateKey) { throw "The certificate $Thumbprint has no private key on this machine." }
    $certificate
}

function Get-HvSummary($Joined, [string] $Zip, [string] $Digest, [string] $Transcript) {
    $members = @($Joined.Members)
    $known = @($members | Where-Object -FilterScript { $_.Entry.status -eq 'known' })
    $causes = @($Joined.Gaps.Keys | Sort-Object | ForEach-Object -Process { "$_ $($Joined.Gaps[$_])" })
    [pscustomobject] [ordered]@{
        Bundle = $Zip; SHA256 = $Digest; Transcript = $Transcript; Hosts = @($Joined.Results).Count
        FactsRead = $known.Count; Gaps = $members.Count - $known.Count; GapsByCause = $causes -join ', '
    }
}

# Says plainly what a session that is not elevated loses.
function Write-HvElevation($Joined, [string[]] $Facts) {
    foreach ($result in $Joined.Results) {
        if ($result.Node.Elevated -eq $true) { continue }
        $lost = @(foreach ($fact in $Facts) {
                if ($HvFacts[$fact].Elevated -and (Get-HvDocument $result $fact).Status -eq 'gap') { $fact }
            })
        if ($null -eq $result.Node.Elevated -and $lost.Count -eq 0) { continue }
        $how = $(if ($null -eq $result.Node.Elevated) { 'perhaps not elevated' } else { 'not elevated' })
        $what = $(if ($lost.Count) { "These facts need elevation and are missing: $($lost -join ', ')." }
            else { 'Nothing that was asked for is missing for that reason.' })
        Write-Warning -Message "The session on $($result.Node.Key) was $how. $what"
    }
}

$languageMode = [string] $ExecutionContext.SessionState.LanguageMode
if ($languageMode -ne 'FullLanguage') {
    throw ("PowerShell runs in $languageMode here (App Control or AppLocker). Sign this script with a certificate that the " +
        'policy trusts, and run it again.')
}
$HvScript = $MyInvocation.MyCommand.ScriptBlock
$HvFunctions = Get-HvFunctions $HvScript.Ast
$started = [datetime]::UtcNow
$facts = @(Select-HvFacts $Role @(Split-HvNames $Only) @(Split-HvNames $Skip))
$options = @{
    Role = $Role; IncludeHgsClient = [bool] $IncludeHgsClient; Days = $Days; TaskTimeoutSeconds = $TaskTimeoutSeconds
    RunTimeoutSeconds = $RunTimeoutSeconds; TasksAtOnce = $TasksAtOnce
}
if ($ReturnDocuments) { Invoke-HvNode -Facts $facts -Options $options; return }
if ($WhatIfPreference) {
    foreach ($read in $HvReads) {
        if ($facts -contains $read.Fact -or $read.Fact -eq 'node') { New-Object psobject -Property $read }
    }
    return
}

$names = @(Split-HvNames $Nodes)
$whom = $(if ($names.Count) { $names -join ', ' } else { [string] $env:COMPUTERNAME })
if (-not $PSCmdlet.ShouldProcess($whom, "Read $($facts.Count) facts")) { return }
$folder = Resolve-HvFolder $OutputFolder $MinimumFreeMB
$certificate = $(if ($SigningCertificateThumbprint) { Get-HvCertificate $SigningCertificateThumbprint })

if ($names.Count) {
    $options.Only = $facts
    $options.ReturnDocuments = $true
    $parameters = $options
    $results = @(Invoke-HvNodes -Names $names -Text $HvScript.ToString() -Parameters $parameters -Credential $Credential `
            -Limit $ThrottleLimit)
}
else {
    $objects = @(Invoke-HvNode -Facts $facts -Options $options -Activity 'Reading this host')
    $results = @(New-HvNodeResult $whom $objects)
}
$joined = Join-HvResults $results $facts
if ($Label -eq '') {
    $Label = $(if ($null -ne $joined.Cluster) { $joined.Cluster.Name }
        else { @($joined.Results | ForEach-Object -Process { $_.Node.Name }) -join ', ' })
}
$manifest = Get-HvManifest $joined $facts $Label $started
$stem = 'hypervigil-' + ($Label.ToLowerInvariant() -replace '[^a-z0-9-]+', '-').Trim('-') + '-' +
    $started.ToString('yyyyMMddTHHmmssZ', [cultureinfo]::InvariantCulture)
$zip = [System.IO.Path]::Combine($folder, "$stem.zip")
Save-HvBundle $joined.Members $manifest $certificate $zip
$digest = Get-HvSha256 ([System.IO.File]::ReadAllBytes($zip))
$transcript = [System.IO.Path]::Combine($folder, "$stem.transcript.txt")
$lines = @(Get-HvTranscript $joined $facts $started $zip $digest)
[System.IO.File]::WriteAllText($transcript, ($lines -join "`r`n") + "`r`n", (New-Object System.Text.UTF8Encoding($false)))
Write-HvElevation $joined $facts
Get-HvSummary $joined $zip $digest $transcript
