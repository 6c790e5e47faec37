function Get-NetRoute {
    param([string] $PolicyStore)
    StandIn-Routes
}
function Get-NetIPInterface {
    param([string] $PolicyStore)
    StandIn-IpInterfaces
}
function Get-NetIPAddress {
    param([string] $PolicyStore)
    StandIn-IpAddresses
}
function Get-NetTCPConnection {
    param([string[]] $State)
    StandIn-Listeners
}
