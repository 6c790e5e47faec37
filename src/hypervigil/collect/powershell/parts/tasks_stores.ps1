# Certificate stores as they lie in the registry: for stores that a service has for itself, and without opening a store,
# which would make one that is not there.

# The certificates of a store (a key with a key Certificates below it): Certificate (X509Certificate2, the public part) and
# HasPrivateKey (whether the entry says where its key is; the key itself is elsewhere). None where there is no such store.
function Get-HvStoresCertificates([string] $Store) {
    foreach ($name in (Get-HvRegistryKeys "$Store\Certificates")) {
        $blob = Get-HvRegistry "$Store\Certificates\$name" 'Blob'
        if ($blob.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail "$Store may not be read" }
        if ($blob.state -ne 'present' -or $blob.type -ne 'REG_BINARY') { continue }
        $properties = Get-HvStoresProperties (ConvertFrom-HvHex $blob.data)
        if ($null -eq $properties -or -not $properties.ContainsKey(32)) {
            Stop-HvTask -Cause unparsable -Detail "the entry $name of $Store is no certificate"
        }
        [byte[]] $bytes = $properties[32]
        # A file with keys in it would be imported by what opens a certificate.
        $kind = [System.Security.Cryptography.X509Certificates.X509Certificate2]::GetCertContentType($bytes)
        if ([string] $kind -ne 'Cert') { Stop-HvTask -Cause unparsable -Detail "the entry $name of $Store is a $kind" }
        New-Object psobject -Property @{
            Certificate   = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $bytes)
            HasPrivateKey = $properties.ContainsKey(2)
        }
    }
}

# The properties of an entry by their ids (CERT_..._PROP_ID of wincrypt.h; 2 is CERT_KEY_PROV_INFO, 32 the encoded
# certificate): each is its id, a 1, its length, all of 32 bits, and its bytes. $null where that does not come out even.
function Get-HvStoresProperties([byte[]] $Bytes) {
    $properties = @{}
    $place = 0
    while ($place + 12 -le $Bytes.Count) {
        $id = [System.BitConverter]::ToInt32($Bytes, $place)
        $length = [System.BitConverter]::ToInt32($Bytes, $place + 8)
        $place += 12
        if ($length -lt 0 -or $length -gt $Bytes.Count - $place) { return $null }
        $value = New-Object byte[] $length
        # What says where the key is, is not kept.
        if ($id -eq 32) { [System.Array]::Copy($Bytes, $place, $value, 0, $length) }
        $properties[$id] = $value
        $place += $length
    }
    if ($place -ne $Bytes.Count) { return $null }
    $properties
}
