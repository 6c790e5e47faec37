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
