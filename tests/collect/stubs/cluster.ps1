# What the stand-ins of module FailoverClusters give. Property names and types are those that the recorded data lists for
# the cmdlets of Server 2025; a test puts other functions of these names in their place.

# made up
function StandIn-ClusterNodes {
    foreach ($number in 1, 2) {
        [pscustomobject] @{ Name = "HV0$number"; Id = "$number"; State = [int] ($number - 1); BuildNumber = [uint32] 20348 }
    }
}

# One of Azure Stack HCI, recorded, and one made up.
function StandIn-ClusterNetworks {
    Read-Recorded 'Get-ClusterNetwork.azurestackhci.1.txt' @{ Ipv4Addresses = [string[]] @(); Ipv4PrefixLengths = [string[]] @() }
    [pscustomobject] @{
        Id = 'C39B56CD-6C81-4557-BBE0-B85D17D343A7'; Name = 'Verwaltung ' + [char] 0xfc; Role = [int] 3; Metric = [uint32] 70240
        AutoMetric = $false; Ipv4Addresses = [string[]] ('10.0.0.0', '10.0.4.0'); Ipv4PrefixLengths = [string[]] ('24', '22')
        Ipv6Addresses = [string[]] @(); Ipv6PrefixLengths = [string[]] @()
    }
}

# made up
function StandIn-ClusterInterfaces {
    $network = @(StandIn-ClusterNetworks)[1]
    [pscustomobject] @{
        Node = 'HV01'; Name = 'HV01 - Management'; Network = $network; Adapter = 'Contoso 1G'
        Ipv4Addresses = [string[]] @('10.0.0.5'); Ipv6Addresses = [string[]] @('fe80::5')
    }
    [pscustomobject] @{
        Node = 'HV02'; Name = 'HV02 - Lost'; Network = $null; Adapter = $null; Ipv4Addresses = $null; Ipv6Addresses = $null
    }
}

# made up
function StandIn-ClusterResourceType {
    param([string] $Name)
    [pscustomobject] @{ Name = $Name; Kind = 'ResourceType' }
}

# made up: ids of networks with a semicolon between them
function StandIn-ClusterParameters {
    param($Of, [string[]] $Names)
    if ($Of.PSObject.Properties['Kind']) {
        $values = [ordered] @{
            MigrationExcludeNetworks = 'c39b56cd-6c81-4557-bbe0-b85d17d343a6;C39B56CD-6C81-4557-BBE0-B85D17D343A7'
            MigrationNetworkOrder = ''; PendingTimeout = [uint32] 180000
        }
    }
    else { $values = [ordered] @{ VmID = '00000000-0000-4000-8000-00000001' + $Of.Id.Substring(32) } }
    foreach ($name in $values.Keys) {
        if ($null -ne $Names -and $Names -notcontains $name) { continue }
        [pscustomobject] @{ ClusterObject = $Of; Name = $name; IsReadOnly = $false; Value = $values[$name] }
    }
}

# One of Server 2016, recorded, and a VM made up. GroupType and Priority are made up.
function StandIn-ClusterGroups {
    Read-Recorded 'Get-ClusterGroup.server2016.1.txt' @{ GroupType = [int] 100; Priority = [uint32] 2000 }
    [pscustomobject] @{
        Name = 'HV01-guest1'; Id = '00000000-0000-4000-8000-0000000000A1'; GroupType = [int] 111
        OwnerNode = [pscustomobject] @{ Name = 'HV01'; Id = '1' }; State = [int] 0; Priority = [uint32] 3000
    }
}

# A disk of Server 2016, recorded, and the two resources of a VM made up.
function StandIn-ClusterResources {
    Read-Recorded 'Get-ClusterResource.server2016.1.txt'
    $group = [pscustomobject] @{ Name = 'HV01-guest1'; Id = '00000000-0000-4000-8000-0000000000A1' }
    foreach ($type in 'Virtual Machine Configuration', 'Virtual Machine') {
        [pscustomobject] @{
            Name = "$type HV01-guest1"; Id = '00000000-0000-4000-8000-000000000001'; OwnerGroup = $group
            ResourceType = [pscustomobject] @{ Name = $type; DisplayName = 'Virtueller Computer' }
        }
    }
}

# made up
function StandIn-ClusterOwners {
    param($Resource)
    [pscustomobject] @{ ClusterObject = $Resource; OwnerNodes = @(StandIn-ClusterNodes) }
}

# made up: SharedVolumeInfo as blogs and Get-SDDCDiagnosticInfo show it (the recorded types do not list its class)
function StandIn-ClusterVolumes {
    [pscustomobject] @{
        Name = 'Cluster Disk 2'; Id = '6e394089-145a-4279-b75d-b14015cc36e4'; State = [int] 2
        OwnerNode = [pscustomobject] @{ Name = 'HV02' }
        SharedVolumeInfo = @([pscustomobject] @{
                FriendlyVolumeName = 'C:\ClusterStorage\Volume1'; RedirectedAccess = $false; MaintenanceMode = $false
            })
    }
    [pscustomobject] @{
        Name = 'Cluster Disk 3'; Id = '6e394089-145a-4279-b75d-b14015cc36e5'; State = [int] 3; OwnerNode = $null
        SharedVolumeInfo = $null
    }
}

# A name that can be looked up, on a German host; without a SID it can not.
function New-StandInAccount {
    param([string] $Name, [string] $Sid)
    $account = [pscustomobject] @{ Value = $Name; Sid = $Sid }
    $account | Add-Member -MemberType ScriptMethod -Name Translate -Value {
        if ($this.Sid -eq '') {
            throw (New-Object System.Management.Automation.RuntimeException('(an account is not known, in the language of the host)'))
        }
        [pscustomobject] @{ Value = $this.Sid }
    } -PassThru
}

# The documentation's listing with the names of a German host; SIDs are made up where they are not well known.
function StandIn-ClusterAccess {
    $german = 'NT-AUTORIT' + [char] 0xc4 + 'T'
    $rows = @(
        @('CONTOSO\user1', 'S-1-5-21-1000000000-2000000000-3000000000-1101', 1, 2),
        @("$german\SYSTEM", 'S-1-5-18', 0, 2),
        @('VORDEFINIERT\Administratoren', 'S-1-5-32-544', 0, 2),
        @('CONTOSO\gone', '', 0, 1),
        @('S-1-5-21-1000000000-2000000000-3000000000-1999', '', 0, 1)
    )
    foreach ($row in $rows) {
        [pscustomobject] @{
            IdentityReference = New-StandInAccount $row[0] $row[1]
            AccessControlType = [System.Security.AccessControl.AccessControlType] $row[2]
            ClusterRights = ('None', 'Read', 'Full')[$row[3]]
        }
    }
}
