# The bundle: one document a fact, a manifest with their digests, a zip.

function Get-HvSha256([byte[]] $Bytes) {
    # Not SHA256.Create(), which .NET Framework refuses where FIPS mode is on.
    $algorithm = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    try { [System.BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}

function Get-HvUtf8([string] $Text) { , (New-Object System.Text.UTF8Encoding($false)).GetBytes($Text) }

# The envelope of a document as text. $Document.Data is JSON already.
function ConvertTo-HvEnvelope($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $row = $HvFacts[$Document.Fact]
    $head = [ordered]@{
        fact = $Document.Fact; version = $row.Version; subject = [ordered]@{ scope = $Scope; key = $Key }
        status = $Document.Status
        provenance = [ordered]@{
            source = 'collector'; host = $Computer; command = $row.Command; collected = $Document.Time
            collector = "Collect-Hypervigil $HvVersion"; remark = $Document.Remark
        }
    }
    if ($Document.Status -eq 'gap') {
        $head.cause = $Document.Cause
        $head.detail = $Document.Detail
        return (ConvertTo-HvJson $head) + "`n"
    }
    $text = ConvertTo-HvJson $head
    $text = $text.Substring(0, $text.Length - 1) + ',"data":' + $Document.Data
    if ($Document.Gaps) { $text += ',"gaps":' + $Document.Gaps }
    $text + "}`n"
}

# A node's key as the name of a folder: itself where that is harmless on every system, else marked with a digest.
function Get-HvFolder([string] $Key) {
    if ($Key -cmatch '\A[a-z0-9][a-z0-9._-]{0,99}\z' -and $Key -cnotmatch '\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z' -and
        -not $Key.EndsWith('.')) { return $Key }
    $readable = ($Key.ToLowerInvariant() -creplace '[^a-z0-9-]+', '-').Trim('-')
    if ($readable.Length -gt 60) { $readable = $readable.Substring(0, 60) }
    if ($readable -eq '') { $readable = 'node' }
    "$readable~" + (Get-HvSha256 (Get-HvUtf8 $Key)).Substring(0, 16)
}

# A document as a member of the bundle: its entry in the manifest, and its bytes.
function New-HvMember($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $bytes = Get-HvUtf8 (ConvertTo-HvEnvelope $Document $Scope $Key $Computer)
    $path = $(if ($Scope -eq 'cluster') { "cluster/$($Document.Fact).json" }
        else { "nodes/$(Get-HvFolder $Key)/$($Document.Fact).json" })
    @{
        Path  = $path
        Bytes = $bytes
        Entry = [ordered]@{
            path = $path; fact = $Document.Fact; subject = $Key; status = $Document.Status
            sha256 = (Get-HvSha256 $bytes); size = $bytes.Length
        }
    }
}

# The zip with its manifest last. Under a temporary name first, so that nobody ever sees half of one.
function Save-HvBundle([object[]] $Members, [byte[]] $Manifest, $Certificate, [string] $Target) {
    Add-Type -AssemblyName System.IO.Compression
    $all = @($Members) + @(@{ Path = 'manifest.json'; Bytes = $Manifest })
    if ($null -ne $Certificate) {
        $all += @{ Path = 'manifest.json.p7s'; Bytes = (New-HvSignature $Manifest $Certificate) }
    }
    $temporary = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($Target),
        '.hypervigil-' + [guid]::NewGuid().ToString('n') + '.tmp')
    try {
        $file = New-Object System.IO.FileStream($temporary, [System.IO.FileMode]::CreateNew)
        try { Write-HvZip $file $all }
        finally { $file.Dispose() }
        [System.IO.File]::Move($temporary, $Target)
    }
    finally { if ([System.IO.File]::Exists($temporary)) { [System.IO.File]::Delete($temporary) } }
}

function Write-HvZip($File, [object[]] $Members) {
    $zip = New-Object System.IO.Compression.ZipArchive($File, [System.IO.Compression.ZipArchiveMode]::Create, $true)
    try {
        foreach ($member in $Members) {
            $entry = $zip.CreateEntry($member.Path, [System.IO.Compression.CompressionLevel]::Optimal)
            $entry.LastWriteTime = New-Object System.DateTimeOffset(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
            $stream = $entry.Open()
            try { $stream.Write($member.Bytes, 0, $member.Bytes.Length) }
            finally { $stream.Dispose() }
        }
    }
    finally { $zip.Dispose() }
}

# A detached CMS signature (RFC 5652) over the bytes of the manifest, with SHA-256 and the chain but its root.
function New-HvSignature([byte[]] $Bytes, $Certificate) {
    Add-Type -AssemblyName System.Security
    $content = New-Object System.Security.Cryptography.Pkcs.ContentInfo(, $Bytes)
    $signed = New-Object System.Security.Cryptography.Pkcs.SignedCms($content, $true)
    $signer = New-Object System.Security.Cryptography.Pkcs.CmsSigner($Certificate)
    $signer.DigestAlgorithm = New-Object System.Security.Cryptography.Oid('2.16.840.1.101.3.4.2.1')
    $signer.IncludeOption = [System.Security.Cryptography.X509Certificates.X509IncludeOption]::ExcludeRoot
    $signed.ComputeSignature($signer, $true)
    , $signed.Encode()
}
