function Get-SmbServerConfiguration {
    # Server 2022, recorded.
    Read-Recorded 'Get-SmbServerConfiguration.server2022.1.txt'
}
