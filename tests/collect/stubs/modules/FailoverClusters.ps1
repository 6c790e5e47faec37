function Get-Cluster {
    # Server 2016, recorded; what it does not have is made up.
    Read-Recorded 'Get-Cluster.server2016.1.txt' @{
        ClusterFunctionalLevel = 11; ClusterUpgradeVersion = 1; AdministrativeAccessPoint = 1; NetftIPSecEnabled = 1
        S2DEnabled = 0; MaximumParallelMigrations = 1; SecurityLevelForStorage = 0
    }
}
function Get-ClusterNode {
    StandIn-ClusterNodes
}
function Get-ClusterNetwork {
    StandIn-ClusterNetworks
}
function Get-ClusterNetworkInterface {
    StandIn-ClusterInterfaces
}
function Get-ClusterResourceType {
    param([string] $Name)
    StandIn-ClusterResourceType $Name
}
function Get-ClusterParameter {
    param([Parameter(ValueFromPipeline = $true)] $InputObject, [string[]] $Name)
    process { StandIn-ClusterParameters $InputObject $Name }
}
function Get-ClusterGroup {
    StandIn-ClusterGroups
}
function Get-ClusterResource {
    StandIn-ClusterResources
}
function Get-ClusterOwnerNode {
    param([Parameter(ValueFromPipeline = $true)] $InputObject)
    process { StandIn-ClusterOwners $InputObject }
}
function Get-ClusterSharedVolume {
    StandIn-ClusterVolumes
}
function Get-ClusterAccess {
    StandIn-ClusterAccess
}
