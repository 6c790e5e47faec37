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
