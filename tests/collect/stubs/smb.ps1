# What the stand-ins of module SmbShare give; a test puts other functions of these names in their place.

# Windows 11 24H2, whose classes are those of Server 2025: recorded.
function StandIn-SmbClient {
    Read-Recorded 'Get-SmbClientConfiguration.win11-24h2.1.txt'
}

# Server 2025, recorded as a table; RequireClientAuthentication and SkipClientCertificateAccessCheck are made up.
function StandIn-SmbMappings {
    foreach ($line in [System.IO.File]::ReadAllLines("$Recorded/Get-SmbServerCertificateMapping.server2025.1.txt")) {
        if ($line -notmatch '^(\S+)\s+(CN=\S+)\s+([0-9A-F]{40})\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$') { continue }
        [pscustomobject] @{
            Name = $Matches[1]; Subject = $Matches[2]; Thumbprint = $Matches[3]; DisplayName = $Matches[4]
            StoreName = $Matches[5]; Type = $Matches[6]; Flags = $Matches[7]
            RequireClientAuthentication = $true; SkipClientCertificateAccessCheck = $false
        }
    }
}

# made up: names and types of MSFT_SmbServerCertificateMappingAccessControlEntry (23H2)
function StandIn-SmbAccess {
    param([string[]] $Names)
    foreach ($name in $Names) {
        [pscustomobject] @{
            Name = $name; IdentifierType = 'ISSUER'; Identifier = 'CN=Contoso CA'; AccessControlType = 'Allow'; Description = ''
        }
    }
}

# made up: names as the reference of Get-SmbServerAlternativePort has them
function StandIn-SmbPorts {
    [pscustomobject] @{ TransportType = 'QUIC'; Port = [uint16] 8443; PortType = 'Alternative' }
}

# Server 2025, recorded, and one made up that Windows makes itself.
function StandIn-SmbShares {
    Read-Recorded 'Get-SmbShare.server2025.1.txt'
    [pscustomobject] @{
        Name = 'IPC$'; ScopeName = '*'; Path = ''; Special = $true; EncryptData = $false
        ContinuouslyAvailable = $false; SecurityDescriptor = $null
    }
}
