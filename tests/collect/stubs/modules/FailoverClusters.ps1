function Get-Cluster {
    # Server 2016, recorded; what it does not have is made up.
    Read-Recorded 'Get-Cluster.server2016.1.txt' @{
        ClusterFunctionalLevel = 11; ClusterUpgradeVersion = 1; AdministrativeAccessPoint = 1; NetftIPSecEnabled = 1
        S2DEnabled = 0; MaximumParallelMigrations = 1; SecurityLevelForStorage = 0
    }
}
