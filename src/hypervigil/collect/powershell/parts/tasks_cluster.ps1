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
