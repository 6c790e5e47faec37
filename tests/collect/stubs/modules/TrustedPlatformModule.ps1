# Module TrustedPlatformModule.

# Recorded in Microsoft's documentation for Server 2019 to 2025.
function Get-Tpm {
    param()
    Read-Recorded 'Get-Tpm.server2025.1.txt'
}
