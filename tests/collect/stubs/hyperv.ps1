# What the stand-ins of the Hyper-V cmdlets give. Types are those of module Hyper-V 2.0.0.0 (Hyper-V.types in the recorded
# data); a test puts other functions of these names in their place.

# The id of the VM with this number on the host that is asked.
function Get-StandInVmId {
    param([int] $Number)
    [guid] ('00000000-0000-4000-8000-{0:d8}{1:d4}' -f [int] ((Get-StandInNode) -replace '\D', ''), $Number)
}

# made up: no listing of Get-VMHost of any release is recorded
function StandIn-VmHost {
    [pscustomobject] @{
        Name = Get-StandInNode; FullyQualifiedDomainName = (Get-StandInNode).ToLowerInvariant() + '.contoso.com'
        VirtualMachineMigrationEnabled = $true; VirtualMachineMigrationAuthenticationType = [int] 1
        VirtualMachineMigrationPerformanceOption = [int] 2; UseAnyNetworkForMigration = $false
        MaximumVirtualMachineMigrations = [uint32] 2; MaximumStorageMigrations = [uint32] 4
        EnableEnhancedSessionMode = $false; NumaSpanningEnabled = $true
    }
}

# made up: Priority is a Nullable<Int32>
function StandIn-MigrationNetworks {
    [pscustomobject] @{ Subnet = '10.0.1.0/24'; Priority = [int] 5 }
    [pscustomobject] @{ Subnet = 'fd00:1::/64'; Priority = $null }
}

# made up
function StandIn-Vms {
    foreach ($number in 1, 2) {
        [pscustomobject] @{
            Id = Get-StandInVmId $number; Name = "$(Get-StandInNode)-guest$number"; Generation = [int] 2; Version = '12.0'
            State = [int] (2, 3)[$number - 1]; IsClustered = $true
        }
    }
}

# made up: the first VM has a protector, of which only the length counts here
function StandIn-KeyProtector {
    param($Vm)
    if ($Vm.Id -eq (Get-StandInVmId 1)) { return , [byte[]] (1..64) }
    , [byte[]] (0, 0, 0, 4)
}

# Server 2022, recorded, and two more: a private switch, and one with a team, whose members are made up.
function StandIn-VmSwitches {
    Read-Recorded 'Get-VMSwitch.server2022.1.txt'
    Read-Recorded 'Get-VMSwitch.server2022.1.txt' @{
        Name = 'K' + [char] 0xfc + 'che'; Id = [guid] '98094e00-0df1-485b-875c-9a00d9af2f76'; SwitchType = [int] 0
        AllowManagementOS = $false; NetAdapterInterfaceDescriptions = $null; EmbeddedTeamingEnabled = $false
    }
    Read-Recorded 'Get-VMSwitch.server2022.1.txt' @{
        Name = 'converged'; Id = [guid] '98094e00-0df1-485b-875c-9a00d9af2f77'; SwitchType = [int] 2
        EmbeddedTeamingEnabled = $true
        NetAdapterInterfaceDescriptions = [string[]] ('Contoso 25G, dual port', 'Contoso 25G, dual port #2')
    }
}

# made up: properties as the reference of Get-VMSwitchTeam shows them
function StandIn-VmSwitchTeams {
    param([object[]] $Switches)
    foreach ($switch in $Switches) {
        if (-not $switch.EmbeddedTeamingEnabled) { throw "$($switch.Name) has no team" }
        [pscustomobject] @{
            Name = $switch.Name; Id = $switch.Id; NetAdapterInterfaceDescription = $switch.NetAdapterInterfaceDescriptions
        }
    }
}

# The host's adapter is that of a Server 2016, recorded; what the listing lacks and the adapter of a VM are made up.
function StandIn-VmNetworkAdapters {
    $untagged = [pscustomobject] @{
        OperationMode = [int] 0; AccessVlanId = [int] 0; NativeVlanId = [int] 0; PrimaryVlanId = [int] 0
        SecondaryVlanId = [int] 0; AllowedVlanIdList = New-Object System.Collections.Generic.List[int]
    }
    Read-Recorded 'Get-VMNetworkAdapter-ManagementOS.server2016.1.txt' @{
        Id = 'Microsoft:E4F7E8B2-0000-4000-8000-000000000001\HOST'; IsExternalAdapter = $false
        VMId = [guid]::Empty; VMName = ''; SwitchId = [guid] '98094e00-0df1-485b-875c-9a00d9af2f75'; MacAddress = '00155D000001'
        VlanSetting = $untagged; IsolationSetting = [pscustomobject] @{ IsolationMode = 'None' }
        ExtendedAclList = New-Object System.Collections.Generic.List[object]
    }
    Read-Recorded 'Get-VMNetworkAdapter-ManagementOS.server2016.1.txt' @{
        Id = 'Microsoft:98094e00-0df1-485b-875c-9a00d9af2f75\UPLINK'; Name = 'uplink'; IsExternalAdapter = $true
    }
    $trunk = New-Object System.Collections.Generic.List[int]
    $trunk.Add(10)
    $trunk.Add(20)
    $acls = New-Object System.Collections.Generic.List[object]
    $acls.Add([pscustomobject] @{
            Action = 'Deny'; Direction = 'Inbound'; Weight = [int] 10; LocalIPAddress = 'ANY'; RemoteIPAddress = '10.0.0.0/8'
            LocalPort = 'ANY'; RemotePort = 'ANY'; Protocol = 'ANY'; Stateful = $false; IdleSessionTimeout = [int] 0
        })
    [pscustomobject] @{
        Id = "Microsoft:$("$(Get-StandInVmId 1)".ToUpperInvariant())\AAAAAAAA-0000-4000-8000-000000000001"
        Name = 'Network Adapter'; IsManagementOs = $false; IsExternalAdapter = $false; VMId = Get-StandInVmId 1
        VMName = "$(Get-StandInNode)-guest1"; SwitchName = 'converged'
        SwitchId = [guid] '98094e00-0df1-485b-875c-9a00d9af2f77'; MacAddress = '00155D000002'
        IPAddresses = [string[]] ('10.1.0.5', 'fe80::1'); MacAddressSpoofing = 'On'; DhcpGuard = [int] 0; RouterGuard = [int] 1
        AllowTeaming = 'Off'; PortMirroringMode = 'Source'
        VlanSetting = [pscustomobject] @{
            OperationMode = 'Trunk'; AccessVlanId = [int] 0; NativeVlanId = [int] 5; AllowedVlanIdList = $trunk
            PrimaryVlanId = [int] 0; SecondaryVlanId = [int] 0
        }
        IsolationSetting = [pscustomobject] @{
            IsolationMode = 'Vlan'; AllowUntaggedTraffic = $true; DefaultIsolationID = [int] 711; MultiTenantStack = 'Off'
        }
        ExtendedAclList = $acls
    }
}
