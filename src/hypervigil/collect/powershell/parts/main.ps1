# The run.

# Which facts are asked for, in the order of the register.
function Select-HvFacts([string] $Role, [string[]] $Only, [string[]] $Skip) {
    foreach ($name in @($Only) + @($Skip)) {
        if (-not $HvFacts.Contains($name)) {
            throw "There is no fact $name. These can be read: $(@($HvFacts.Keys) -join ', ')."
        }
    }
    foreach ($name in $HvFacts.Keys) {
        if ($HvFacts[$name].Roles -notcontains $Role) { continue }
        if ($Only.Count -and $Only -notcontains $name) { continue }
        if ($Skip -contains $name) { continue }
        $name
    }
}

# powershell.exe -File hands over 'a,b' as one text.
function Split-HvNames([string[]] $Names) {
    foreach ($each in $Names) {
        foreach ($name in $each.Split(',')) { if ($name.Trim() -ne '') { $name.Trim() } }
    }
}

# The folder as a full path; it exists and has space.
function Resolve-HvFolder([string] $Folder, [int] $MinimumFreeMB) {
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
    if (-not [System.IO.Directory]::Exists($path)) { throw "The folder $path does not exist. Make it first, or give another." }
    $root = [System.IO.Path]::GetPathRoot($path)
    if ($root.StartsWith('\\')) {
        Write-Warning -Message "$path is a share: its free space was not looked at."
        return $path
    }
    $drive = New-Object System.IO.DriveInfo($root)
    $free = [long] ($drive.AvailableFreeSpace / 1MB)
    if ($free -lt $MinimumFreeMB) {
        throw "$root has $free MB free, $MinimumFreeMB are needed. Free some, or give another -OutputFolder."
    }
    $path
}

function Get-HvCertificate([string] $Thumbprint) {
    $certificate = Get-Item -LiteralPath "Cert:\LocalMachine\My\$($Thumbprint -replace '\s', '')"
    if (-not $certificate.HasPrivateKey) { throw "The certificate $Thumbprint has no private key on this machine." }
    $certificate
}

function Get-HvSummary($Joined, [string] $Zip, [string] $Digest, [string] $Transcript) {
    $members = @($Joined.Members)
    $known = @($members | Where-Object -FilterScript { $_.Entry.status -eq 'known' })
    $causes = @($Joined.Gaps.Keys | Sort-Object | ForEach-Object -Process { "$_ $($Joined.Gaps[$_])" })
    [pscustomobject] [ordered]@{
        Bundle = $Zip; SHA256 = $Digest; Transcript = $Transcript; Hosts = @($Joined.Results).Count
        FactsRead = $known.Count; Gaps = $members.Count - $known.Count; GapsByCause = $causes -join ', '
    }
}

# Says plainly what a session that is not elevated loses.
function Write-HvElevation($Joined, [string[]] $Facts) {
    foreach ($result in $Joined.Results) {
        if ($result.Node.Elevated -eq $true) { continue }
        $lost = @(foreach ($fact in $Facts) {
                if ($HvFacts[$fact].Elevated -and (Get-HvDocument $result $fact).Status -eq 'gap') { $fact }
            })
        if ($null -eq $result.Node.Elevated -and $lost.Count -eq 0) { continue }
        $how = $(if ($null -eq $result.Node.Elevated) { 'perhaps not elevated' } else { 'not elevated' })
        $what = $(if ($lost.Count) { "These facts need elevation and are missing: $($lost -join ', ')." }
            else { 'Nothing that was asked for is missing for that reason.' })
        Write-Warning -Message "The session on $($result.Node.Key) was $how. $what"
    }
}

$languageMode = [string] $ExecutionContext.SessionState.LanguageMode
if ($languageMode -ne 'FullLanguage') {
    throw ("PowerShell runs in $languageMode here (App Control or AppLocker). Sign this script with a certificate that the " +
        'policy trusts, and run it again.')
}
$HvScript = $MyInvocation.MyCommand.ScriptBlock
$HvFunctions = Get-HvFunctions $HvScript.Ast
$started = [datetime]::UtcNow
$facts = @(Select-HvFacts $Role @(Split-HvNames $Only) @(Split-HvNames $Skip))
$options = @{
    Role = $Role; IncludeHgsClient = [bool] $IncludeHgsClient; Days = $Days; TaskTimeoutSeconds = $TaskTimeoutSeconds
    RunTimeoutSeconds = $RunTimeoutSeconds; TasksAtOnce = $TasksAtOnce
}
if ($ReturnDocuments) { Invoke-HvNode -Facts $facts -Options $options; return }
if ($WhatIfPreference) {
    foreach ($read in $HvReads) {
        if ($facts -contains $read.Fact -or $read.Fact -eq 'node') { New-Object psobject -Property $read }
    }
    return
}

$names = @(Split-HvNames $Nodes)
$whom = $(if ($names.Count) { $names -join ', ' } else { [string] $env:COMPUTERNAME })
if (-not $PSCmdlet.ShouldProcess($whom, "Read $($facts.Count) facts")) { return }
$folder = Resolve-HvFolder $OutputFolder $MinimumFreeMB
$certificate = $(if ($SigningCertificateThumbprint) { Get-HvCertificate $SigningCertificateThumbprint })

if ($names.Count) {
    $options.Only = $facts
    $options.ReturnDocuments = $true
    $parameters = $options
    $results = @(Invoke-HvNodes -Names $names -Text $HvScript.ToString() -Parameters $parameters -Credential $Credential `
            -Limit $ThrottleLimit)
}
else {
    $objects = @(Invoke-HvNode -Facts $facts -Options $options -Activity 'Reading this host')
    $results = @(New-HvNodeResult $whom $objects)
}
$joined = Join-HvResults $results $facts
if ($Label -eq '') {
    $Label = $(if ($null -ne $joined.Cluster) { $joined.Cluster.Name }
        else { @($joined.Results | ForEach-Object -Process { $_.Node.Name }) -join ', ' })
}
$manifest = Get-HvManifest $joined $facts $Label $started
$stem = 'hypervigil-' + ($Label.ToLowerInvariant() -replace '[^a-z0-9-]+', '-').Trim('-') + '-' +
    $started.ToString('yyyyMMddTHHmmssZ', [cultureinfo]::InvariantCulture)
$zip = [System.IO.Path]::Combine($folder, "$stem.zip")
Save-HvBundle $joined.Members $manifest $certificate $zip
$digest = Get-HvSha256 ([System.IO.File]::ReadAllBytes($zip))
$transcript = [System.IO.Path]::Combine($folder, "$stem.transcript.txt")
$lines = @(Get-HvTranscript $joined $facts $started $zip $digest)
[System.IO.File]::WriteAllText($transcript, ($lines -join "`r`n") + "`r`n", (New-Object System.Text.UTF8Encoding($false)))
Write-HvElevation $joined $facts
Get-HvSummary $joined $zip $digest $transcript
