function Get-NetFirewallRule {
    param([string] $PolicyStore, [string] $Direction)
    # Recorded as full objects: the rules of OpenSSH, of about 2020. The others are those that filters were recorded of on
    # Server 2025; their own values are made up, enums as numbers.
    if ($instead = Get-Instead 'Get-NetFirewallRule') { return & $instead }
    Get-StandInFirewallOptions $PolicyStore $Direction
    Get-Content -LiteralPath "$Recorded/Get-NetFirewallRule.unknown.1.json" -Raw | ConvertFrom-Json | ForEach-Object { $_ }
    foreach ($id in 'WINRM-HTTP-In-TCP', 'RemoteDesktop-UserMode-In-TCP', 'NETDIS-LLMNR-In-UDP', 'RRAS-GRE-In', 'FPS-ICMP4-ERQ-In') {
        [pscustomobject] @{
            Name = $id; InstanceID = $id; DisplayName = "Regel f$([char] 0xfc)r $id"; Group = '@FirewallAPI.dll,-30267'
            Enabled = $(if ($id -like 'R*') { 2 } else { 1 }); Direction = 1; Action = $(if ($id -eq 'RRAS-GRE-In') { 4 } else { 2 })
            Profile = $(if ($id -eq 'WINRM-HTTP-In-TCP') { 3 } else { 0 })
        }
    }
}
function Get-NetFirewallPortFilter {
    param([string] $PolicyStore)
    Get-StandInFirewallFilters 'Port' $PolicyStore @{ Protocol = 'TCP'; LocalPort = '22'; RemotePort = 'Any'; IcmpType = 'Any' }
}
function Get-NetFirewallAddressFilter {
    param([string] $PolicyStore)
    Get-StandInFirewallFilters 'Address' $PolicyStore @{ LocalAddress = 'Any'; RemoteAddress = @('10.0.0.0/255.255.255.0', '10.1.0.9') }
}
function Get-NetFirewallApplicationFilter {
    param([string] $PolicyStore)
    Get-StandInFirewallFilters 'Application' $PolicyStore @{ Program = '%SystemRoot%\System32\OpenSSH\sshd.exe' }
}
function Get-NetFirewallServiceFilter {
    param([string] $PolicyStore)
    Get-StandInFirewallFilters 'Service' $PolicyStore @{ Service = 'sshd' }
}
function Get-NetFirewallInterfaceFilter {
    param([string] $PolicyStore)
    # made up: of this kind nothing was recorded (InterfaceAlias of MSFT_NetInterfaceFilter is an array of texts).
    Get-StandInFirewallFilters 'Interface' $PolicyStore @{ InterfaceAlias = @('Management', "M$([char] 0xfc)nchen") }
}
function Get-NetFirewallInterfaceTypeFilter {
    param([string] $PolicyStore)
    Get-StandInFirewallFilters 'InterfaceType' $PolicyStore @{ InterfaceType = 'Wired' }
}
function Get-NetFirewallSecurityFilter {
    param([string] $PolicyStore)
    # made up: Authentication as the reference of New-NetFirewallRule has it.
    Get-StandInFirewallFilters 'Security' $PolicyStore @{ Authentication = 'Required' } | ForEach-Object {
        $_ | Select-Object -Property InstanceID, @{ n = 'Authentication'; e = {
                if ($_.PSObject.Properties['Authentication']) { $_.Authentication } else { 'NotRequired' } } }
    }
}
function Get-NetFirewallProfile {
    param([string] $PolicyStore)
    # Server 2025, recorded.
    if ($instead = Get-Instead 'Get-NetFirewallProfile') { return & $instead }
    Get-StandInFirewallOptions $PolicyStore 'Inbound'
    Get-Content -LiteralPath "$Recorded/Get-NetFirewallProfile.server2025.1.json" -Raw | ConvertFrom-Json | ForEach-Object { $_ }
}
