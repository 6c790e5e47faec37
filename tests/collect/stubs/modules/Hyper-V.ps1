function Get-VMHost {
    StandIn-VmHost
}
function Get-VMMigrationNetwork {
    StandIn-MigrationNetworks
}
function Get-VM {
    StandIn-Vms
}
function Get-VMKeyProtector {
    param($VM)
    StandIn-KeyProtector $VM
}
function Get-VMSwitch {
    StandIn-VmSwitches
}
function Get-VMSwitchTeam {
    param([object[]] $VMSwitch)
    StandIn-VmSwitchTeams $VMSwitch
}
function Get-VMNetworkAdapter {
    param([switch] $All)
    StandIn-VmNetworkAdapters
}
