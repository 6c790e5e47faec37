# Facts of SMB, both roles.

function Read-HvSmbServer {
    $dialects = @{ None = 0; SMB202 = 0x0202; SMB210 = 0x0210; SMB300 = 0x0300; SMB302 = 0x0302; SMB311 = 0x0311 }
    $server = Get-HvOne (SmbShare\Get-SmbServerConfiguration)
    [ordered]@{
        require_signing                 = Get-HvBoolean $server 'RequireSecuritySignature' -Required
        smb1_enabled                    = Get-HvBoolean $server 'EnableSMB1Protocol'
        encrypt_data                    = Get-HvBoolean $server 'EncryptData'
        reject_unencrypted              = Get-HvBoolean $server 'RejectUnencryptedAccess'
        spn_validation                  = Get-HvCode $server 'SmbServerNameHardeningLevel'
        rate_limiter                    = Get-HvBoolean $server 'EnableAuthRateLimiter'
        invalid_authentication_delay_ms = Get-HvNumber $server 'InvalidAuthenticationDelayTimeInMs'
        audit_smb1                      = Get-HvBoolean $server 'AuditSmb1Access'
        audit_signing                   = Get-HvBoolean $server 'AuditClientDoesNotSupportSigning'
        audit_encryption                = Get-HvBoolean $server 'AuditClientDoesNotSupportEncryption'
        audit_spn                       = Get-HvBoolean $server 'AuditClientSpnSupport'
        audit_guest                     = Get-HvBoolean $server 'AuditInsecureGuestLogon'
        dialect_min                     = Get-HvCode $server 'Smb2DialectMin' -Names $dialects
        dialect_max                     = Get-HvCode $server 'Smb2DialectMax' -Names $dialects
        mailslots                       = Get-HvBoolean $server 'EnableMailslots'
        ciphers                         = Get-HvTexts $server 'EncryptionCiphers'
        quic                            = Get-HvBoolean $server 'EnableSMBQUIC'
        quic_restrict_named_pipes       = Get-HvBoolean $server 'RestrictNamedpipeAccessViaQuic'
    }
}

function Read-HvSmbClient {
    $dialects = @{ None = 0; SMB202 = 0x0202; SMB210 = 0x0210; SMB300 = 0x0300; SMB302 = 0x0302; SMB311 = 0x0311 }
    $client = Get-HvOne (SmbShare\Get-SmbClientConfiguration)
    $blockNtlm = Get-HvBoolean $client 'BlockNTLM'
    $exceptions = Get-HvTexts $client 'BlockNTLMServerExceptionList'
    # A release that has the switch has the list: blank means that it is empty.
    if ($null -eq $exceptions -and $null -ne $blockNtlm) { $exceptions = @() }
    [ordered]@{
        require_signing        = Get-HvBoolean $client 'RequireSecuritySignature' -Required
        insecure_guest_logons  = Get-HvBoolean $client 'EnableInsecureGuestLogons'
        require_encryption     = Get-HvBoolean $client 'RequireEncryption'
        block_ntlm             = $blockNtlm
        block_ntlm_exceptions  = $exceptions
        audit_signing          = Get-HvBoolean $client 'AuditServerDoesNotSupportSigning'
        audit_encryption       = Get-HvBoolean $client 'AuditServerDoesNotSupportEncryption'
        audit_guest            = Get-HvBoolean $client 'AuditInsecureGuestLogon'
        dialect_min            = Get-HvCode $client 'Smb2DialectMin' -Names $dialects
        dialect_max            = Get-HvCode $client 'Smb2DialectMax' -Names $dialects
        mailslots              = Get-HvBoolean $client 'EnableMailslots'
        ciphers                = Get-HvTexts $client 'EncryptionCiphers'
        quic                   = Get-HvBoolean $client 'EnableSMBQUIC'
        skip_certificate_check = Get-HvBoolean $client 'SkipCertificateCheck'
    }
}

function Read-HvMailslots {
    [ordered]@{
        server_policy   = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Bowser' 'EnableMailslots'
        client_policy   = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider' 'EnableMailslots'
        misspelt_policy = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Browser' 'EnableMailslots'
    }
}

function Read-HvSmbQuic {
    $mappings = @(foreach ($mapping in @(SmbShare\Get-SmbServerCertificateMapping)) {
            $flags = Get-HvSmbFlags (Get-HvValue $mapping 'Flags')
            [ordered]@{
                name                          = Get-HvText $mapping 'Name' -Required
                thumbprint                    = (Get-HvText $mapping 'Thumbprint' -Required).ToUpperInvariant()
                subject                       = Get-HvText $mapping 'Subject'
                store_name                    = Get-HvText $mapping 'StoreName'
                type                          = Get-HvSmbName (Get-HvValue $mapping 'Type') @('QUIC')
                flags                         = $flags
                require_client_authentication = Get-HvBoolean $mapping 'RequireClientAuthentication'
                skip_client_access_check      = Get-HvBoolean $mapping 'SkipClientCertificateAccessCheck'
            }
        })
    $names = @($mappings | ForEach-Object -Process { $_.name } | Sort-Object -Unique)
    [ordered]@{
        mappings          = $mappings
        access            = Get-HvSmbAccess $names
        alternative_ports = Read-HvOptional 'alternative ports' {
            , @(foreach ($port in @(SmbShare\Get-SmbServerAlternativePort)) {
                    [ordered]@{
                        transport = Get-HvSmbName (Get-HvValue $port 'TransportType' -Required) @('TCP', 'QUIC')
                        port      = Get-HvNumber $port 'Port' -Required
                    }
                })
        }
    }
}

function Read-HvSmbShares {
    [ordered]@{
        shares = @(foreach ($share in @(SmbShare\Get-SmbShare)) {
                [ordered]@{
                    name                   = Get-HvText $share 'Name' -Required
                    scope                  = Get-HvText $share 'ScopeName'
                    path                   = Get-HvText $share 'Path'
                    special                = Get-HvBoolean $share 'Special'
                    encrypt_data           = Get-HvBoolean $share 'EncryptData'
                    continuously_available = Get-HvBoolean $share 'ContinuouslyAvailable'
                    sddl                   = Get-HvText $share 'SecurityDescriptor'
                }
            })
    }
}

# Who may connect by which certificate, of each mapping; $null and a remark where the host has no such command. With no
# mapping there is nothing to ask about.
function Get-HvSmbAccess([string[]] $Names) {
    if ($null -eq $Names -or $Names.Count -eq 0) { return , @() }
    $found = Read-HvOptional 'access control of clients' {
        , @(foreach ($entry in @(SmbShare\Get-SmbClientAccessToServer -Name $Names)) {
                [ordered]@{
                    mapping         = Get-HvText $entry 'Name' -Required
                    identifier_type = Get-HvSmbName (Get-HvValue $entry 'IdentifierType' -Required) @('SHA256', 'ISSUER')
                    identifier      = Get-HvText $entry 'Identifier' -Required
                    deny            = (Get-HvCode $entry 'AccessControlType' -Names @{ Allow = 0; Deny = 1 } -Required) -eq 1
                }
            })
    }
    , $found
}

# An enumeration as its name: the cmdlets show names where the classes have numbers, which count through $Names.
function Get-HvSmbName($Value, [string[]] $Names) {
    if ($null -eq $Value) { return $null }
    $number = ConvertTo-HvNumber $Value
    if ($Value -isnot [System.Enum] -and $null -ne $number) {
        if ($number -ge 0 -and $number -lt $Names.Count) { return $Names[$number] }
        return "$number"
    }
    ([string] $Value).Trim()
}

# Flags of a certificate mapping: 1 is AllowNamedPipe, 2 DefaultCert, 0 none.
function Get-HvSmbFlags($Value) {
    if ($null -eq $Value) { return $null }
    $number = ConvertTo-HvNumber $Value
    if ($Value -isnot [System.Enum] -and $null -ne $number) {
        $value = @(if ($number -band 1) { 'AllowNamedPipe' }; if ($number -band 2) { 'DefaultCert' }) -join ','
    }
    , @(([string] $Value).Split(',') | ForEach-Object -Process { $_.Trim() } | Where-Object -FilterScript {
            $_ -ne '' -and $_ -ne 'None'
        })
}
