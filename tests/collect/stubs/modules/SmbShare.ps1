function Get-SmbServerConfiguration {
    # Server 2022, recorded.
    Read-Recorded 'Get-SmbServerConfiguration.server2022.1.txt'
}
function Get-SmbClientConfiguration {
    StandIn-SmbClient
}
function Get-SmbServerCertificateMapping {
    StandIn-SmbMappings
}
function Get-SmbClientAccessToServer {
    param([string[]] $Name)
    StandIn-SmbAccess $Name
}
function Get-SmbServerAlternativePort {
    StandIn-SmbPorts
}
function Get-SmbShare {
    StandIn-SmbShares
}
