# Facts of the host's own certificates. Of a key nothing is read but that the store says where it is.

function Read-HvCertificates {
    $issuers = Get-HvCertificatesIssuers
    [ordered]@{
        certificates = @(foreach ($entry in Get-HvStoresCertificates 'HKLM:\SOFTWARE\Microsoft\SystemCertificates\MY') {
                $certificate = $entry.Certificate
                $extensions = Get-HvCertificatesExtensions $certificate
                $key = Get-HvValue $certificate 'PublicKey' -Required
                [ordered]@{
                    store               = 'My'
                    thumbprint          = (Get-HvText $certificate 'Thumbprint' -Required).ToUpperInvariant()
                    subject             = [string] (Get-HvText $certificate 'Subject')
                    issuer              = [string] (Get-HvText $certificate 'Issuer')
                    not_before          = Get-HvMoment $certificate 'NotBefore' -Required
                    not_after           = Get-HvMoment $certificate 'NotAfter' -Required
                    has_private_key     = $entry.HasPrivateKey
                    dns_names           = $extensions.Dns
                    ip_names            = $extensions.Ip
                    usages              = $extensions.Usages
                    key_usage           = $extensions.KeyUsage
                    key_algorithm       = Get-HvText (Get-HvValue $key 'Oid' -Required) 'Value'
                    key_bits            = Get-HvCertificatesBits $key
                    signature_algorithm = Get-HvText (Get-HvValue $certificate 'SignatureAlgorithm' -Required) 'Value'
                    chain_trusted       = Get-HvCertificatesTrust $certificate $issuers
                }
            })
    }
}

# What the extensions say: Dns and Ip of the alternative names, Usages, KeyUsage, and Aia (where issuers can be fetched).
function Get-HvCertificatesExtensions($Certificate) {
    $found = @{ Dns = @(); Ip = @(); Usages = @(); KeyUsage = $null; Aia = $false }
    $extensions = Get-HvValue $Certificate 'Extensions' -Required
    foreach ($extension in $extensions) {
        switch (Get-HvText (Get-HvValue $extension 'Oid' -Required) 'Value') {
            '2.5.29.17' {
                # A name that no client could read either is no name.
                $names = Read-HvOptional 'alternative names of a certificate' {
                    Get-HvCertificatesNames (Get-HvValue $extension 'RawData' -Required)
                }
                if ($null -ne $names) { $found.Dns = $names.Dns; $found.Ip = $names.Ip }
            }
            '2.5.29.37' {
                $usages = Get-HvValue $extension 'EnhancedKeyUsages' -Required
                $found.Usages = @(foreach ($usage in $usages) { Get-HvText $usage 'Value' })
            }
            '2.5.29.15' { $found.KeyUsage = Get-HvCode $extension 'KeyUsages' }
            '1.3.6.1.5.5.7.1.1' { $found.Aia = $true }
        }
    }
    $found
}

# Alternative names (RFC 5280 4.2.1.6) of the types dNSName and iPAddress.
function Get-HvCertificatesNames([byte[]] $Bytes) {
    $found = @{ Dns = @(); Ip = @() }
    $all = Get-HvCertificatesElement $Bytes 0
    $place = $all.Start
    while ($place -lt $all.End) {
        $name = Get-HvCertificatesElement $Bytes $place
        $place = $name.End
        $content = New-Object byte[] ($name.End - $name.Start)
        [System.Array]::Copy($Bytes, $name.Start, $content, 0, $content.Length)
        if ($name.Tag -eq 0x82) { $found.Dns += [System.Text.Encoding]::ASCII.GetString($content) }
        if ($name.Tag -eq 0x87) { $found.Ip += (New-Object System.Net.IPAddress(, $content)).ToString() }
    }
    $found
}

# The element of DER (X.690 8.1) at a place: its tag, and where its content starts and ends.
function Get-HvCertificatesElement([byte[]] $Bytes, [int] $Place) {
    $failed = 'an extension is cut off'
    if ($Place + 2 -gt $Bytes.Length) { Stop-HvTask -Cause unparsable -Detail $failed }
    [long] $length = $Bytes[$Place + 1]
    $start = $Place + 2
    if ($length -ge 0x80) {
        $digits = $length - 0x80
        if ($digits -lt 1 -or $digits -gt 4 -or $start + $digits -gt $Bytes.Length) {
            Stop-HvTask -Cause unparsable -Detail $failed
        }
        $length = 0
        for ($digit = 0; $digit -lt $digits; $digit++) { $length = $length * 256 + $Bytes[$start + $digit] }
        $start += $digits
    }
    if ($start + $length -gt $Bytes.Length) { Stop-HvTask -Cause unparsable -Detail $failed }
    @{ Tag = $Bytes[$Place]; Start = [int] $start; End = [int] ($start + $length) }
}

# The length of a public key by its bytes: of RSA the modulus (RFC 8017 A.1.1), of elliptic curves a point (SEC 1 2.3.3).
# $null for other kinds.
function Get-HvCertificatesBits($Key) {
    [byte[]] $bytes = Get-HvValue (Get-HvValue $Key 'EncodedKeyValue' -Required) 'RawData' -Required
    switch (Get-HvText (Get-HvValue $Key 'Oid' -Required) 'Value') {
        '1.2.840.113549.1.1.1' {
            $modulus = Get-HvCertificatesElement $bytes (Get-HvCertificatesElement $bytes 0).Start
            $place = $modulus.Start
            while ($place -lt $modulus.End -and $bytes[$place] -eq 0) { $place++ }
            if ($place -eq $modulus.End) { return }
            $bits = 8 * ($modulus.End - $place - 1)
            for ($first = [int] $bytes[$place]; $first -gt 0; $first = $first -shr 1) { $bits++ }
            return $bits
        }
        '1.2.840.10045.2.1' {
            # Both coordinates, or one and a sign. P-521 fills 66 bytes.
            $size = $(if ($bytes[0] -eq 4) { 4 * ($bytes.Length - 1) } else { 8 * ($bytes.Length - 1) })
            return $(if ($size -eq 528) { 521 } else { $size })
        }
    }
}

# Certificates of authorities that lie on this host: ByName (subject as in the certificate), and Roots by thumbprint. A store
# is what the machine, policy and the directory bring together.
function Get-HvCertificatesIssuers {
    $machine = 'HKLM:\SOFTWARE\Microsoft\SystemCertificates'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\SystemCertificates'
    $directory = 'HKLM:\SOFTWARE\Microsoft\EnterpriseCertificates'
    $found = @{ ByName = @{}; Roots = @{} }
    foreach ($store in "$machine\ROOT", "$machine\AuthRoot", "$policy\Root", "$directory\Root") {
        foreach ($entry in Get-HvStoresCertificates $store) {
            $found.Roots[(Get-HvText $entry.Certificate 'Thumbprint' -Required)] = $true
            Add-HvCertificatesIssuer $found.ByName $entry.Certificate
        }
    }
    foreach ($store in "$machine\CA", "$policy\CA", "$directory\CA") {
        foreach ($entry in Get-HvStoresCertificates $store) { Add-HvCertificatesIssuer $found.ByName $entry.Certificate }
    }
    $found
}

function Add-HvCertificatesIssuer([hashtable] $ByName, $Certificate) {
    $name = Get-HvCertificatesRaw (Get-HvValue $Certificate 'SubjectName' -Required)
    if (-not $ByName.ContainsKey($name)) { $ByName[$name] = New-Object System.Collections.ArrayList }
    [void] $ByName[$name].Add($Certificate)
}

function Get-HvCertificatesRaw($Name) {
    $bytes = Get-HvValue $Name 'RawData' -Required
    [System.BitConverter]::ToString($bytes)
}

# Whether a certificate leads to a root of this host. Windows is asked to build the chain only where all of it lies here,
# since it would fetch what does not; $null where something would have to be fetched. Revocation is not asked for.
function Get-HvCertificatesTrust($Certificate, [hashtable] $Issuers) {
    $policy = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509ChainPolicy -Property @{
        RevocationMode = 'NoCheck'; UrlRetrievalTimeout = [timespan]::FromSeconds(1)
    }
    $extra = Get-HvValue $policy 'ExtraStore' -Required
    $current = $Certificate
    for ($depth = 0; ; $depth++) {
        $issuer = Get-HvCertificatesRaw (Get-HvValue $current 'IssuerName' -Required)
        if ($issuer -eq (Get-HvCertificatesRaw (Get-HvValue $current 'SubjectName' -Required))) {
            if (-not $Issuers.Roots.ContainsKey((Get-HvText $current 'Thumbprint' -Required))) { return $false }
            break
        }
        if ($depth -eq 10) { return $false }
        $found = @($Issuers.ByName[$issuer] | Where-Object -FilterScript { $null -ne $_ })
        if ($found.Count -eq 0) {
            if ((Get-HvCertificatesExtensions $current).Aia) { return $null }
            return $false
        }
        foreach ($each in $found) { [void] $extra.Add($each) }
        # A root before a certificate of the same name that another authority has signed.
        $roots = @($found | Where-Object -FilterScript { $Issuers.Roots.ContainsKey((Get-HvText $_ 'Thumbprint' -Required)) })
        $current = $(if ($roots.Count) { $roots[0] } else { $found[0] })
    }
    Test-HvCertificatesChain $Certificate $policy
}

# Whether the chain of a certificate has no fault but that the certificate itself may not be valid now, which its dates tell.
function Test-HvCertificatesChain($Certificate, $Policy) {
    $chain = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Chain -ArgumentList $true -Property @{
        ChainPolicy = $Policy
    }
    $null = $chain.Build($Certificate)
    $elements = Get-HvValue $chain 'ChainElements' -Required
    $allowed = 1  # X509ChainStatusFlags.NotTimeValid
    foreach ($element in $elements) {
        $faults = Get-HvValue $element 'ChainElementStatus' -Required
        foreach ($fault in $faults) {
            if (((Get-HvCode $fault 'Status' -Required) -bor $allowed) -ne $allowed) { return $false }
        }
        $allowed = 0
    }
    $true
}
