# What the stand-ins of module HgsClient give.

# Server 2019, recorded.
function StandIn-HgsClient {
    Read-Recorded 'Get-HgsClientConfiguration.server2019.1.txt'
}

# made up: properties of MSFT_HgsGuardian as its reference has them
function StandIn-Guardians {
    [pscustomobject] @{ Name = 'UntrustedGuardian'; HasPrivateSigningKey = $true }
    [pscustomobject] @{ Name = 'W' + [char] 0xe4 + 'chter'; HasPrivateSigningKey = $false }
}

# made up: an owner, and a guardian that is named twice
function StandIn-HgsKeyProtector {
    $owner = [pscustomobject] @{
        Name = 'owner'; EncryptionCertificate = [pscustomobject] @{ Thumbprint = ('ab' * 20) }
    }
    $guardian = [pscustomobject] @{
        Name = 'guardian'; EncryptionCertificate = [pscustomobject] @{ Thumbprint = ('CD' * 20) }
    }
    [pscustomobject] @{ Owner = $owner; Guardians = @($guardian, $guardian); RawData = [byte[]] (1..64) }
}
