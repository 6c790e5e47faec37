# Facts of shielded VMs: the client of the Host Guardian Service, and the guardian keys that lie on the host.

# Runs only with -IncludeHgsClient: the read starts an attestation.
function Read-HvHgsClient {
    $client = Get-HvOne (HgsClient\Get-HgsClientConfiguration)
    $modes = @{ Unknown = 0; Local = 1; HostGuardianService = 2 }
    $attestation = @{ Unknown = 0; Tpm = 1; ActiveDirectory = 2; HostKey = 3 }
    $states = @{
        NotConfigured = 0; Unknown = 1; Passed = 100; Expired = 200; TransientError = 300; UnauthorizedHost = 301
        TpmError = 302; InsecureHostConfiguration = 303
    }
    $substatus = Get-HvValue $client 'AttestationSubstatus'
    if ($null -ne $substatus -and $null -eq (ConvertTo-HvNumber $substatus)) {
        $substatus = Get-HvText $client 'AttestationSubstatus'
    }
    [ordered]@{
        host_guarded                 = Get-HvBoolean $client 'IsHostGuarded' -Required
        mode                         = Get-HvCode $client 'Mode' -Names $modes -Required
        attestation_mode             = Get-HvCode $client 'AttestationOperationMode' -Names $attestation
        status                       = Get-HvCode $client 'AttestationStatus' -Names $states
        substatus                    = $substatus
        attestation_url              = Get-HvText $client 'AttestationServerUrl'
        key_protection_url           = Get-HvText $client 'KeyProtectionServerUrl'
        fallback_attestation_urls    = @(foreach ($url in (Get-HvTexts $client 'FallbackAttestationServerUrl')) { $url })
        fallback_key_protection_urls = @(foreach ($url in (Get-HvTexts $client 'FallbackKeyProtectionServerUrl')) { $url })
        fallback_in_use              = Get-HvBoolean $client 'IsFallbackInUse'
    }
}

# A host in the mode of the Host Guardian Service names no guardian whatever lies on it: the mode is in hgs_client.
function Read-HvGuardians {
    $store = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\Shielded VM Local Certificates'
    $keys = @(foreach ($entry in Get-HvStoresCertificates $store) {
            $certificate = $entry.Certificate
            [ordered]@{
                thumbprint      = Get-HvText $certificate 'Thumbprint' -Required
                subject         = [string] (Get-HvText $certificate 'Subject')
                not_after       = Get-HvMoment $certificate 'NotAfter' -Required
                has_private_key = $entry.HasPrivateKey
            }
        })
    $names = Read-HvOptional 'names of guardians' {
        , @(foreach ($guardian in @(HgsClient\Get-HgsGuardian)) { Get-HvText $guardian 'Name' -Required })
    }
    [ordered]@{
        keys  = $keys
        names = $names
    }
}
