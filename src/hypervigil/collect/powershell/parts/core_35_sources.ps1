# Where tasks read: registry, event logs, programs of Windows; and what a task may do without.

$HvRegistryTypes = @{
    String = 'REG_SZ'; ExpandString = 'REG_EXPAND_SZ'; Binary = 'REG_BINARY'; DWord = 'REG_DWORD'
    MultiString = 'REG_MULTI_SZ'; QWord = 'REG_QWORD'; None = 'REG_NONE'; Unknown = 'REG_UNKNOWN'
}

# How one value stands: there with type and data, not there, or not to be looked at.
function Get-HvRegistry {
    param([string] $Key, [string] $Name)
    try {
        $item = Get-Item -LiteralPath $Key
        if (@($item.GetValueNames()) -notcontains $Name) { return [ordered]@{ state = 'absent'; type = $null; data = $null } }
        $kind = $item.GetValueKind($Name)
        $asWritten = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
        $data = ConvertTo-HvRegistryData $kind $item.GetValue($Name, $null, $asWritten)
        [ordered]@{ state = 'present'; type = $HvRegistryTypes[[string] $kind]; data = $data }
    }
    catch [System.Management.Automation.ItemNotFoundException] {
        [ordered]@{ state = 'absent'; type = $null; data = $null }
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        [ordered]@{ state = 'denied'; type = $null; data = $null }
    }
}

# .NET reads numbers as signed ones.
function ConvertTo-HvRegistryData($Kind, $Data) {
    switch ([string] $Kind) {
        'DWord' { if ($Data -lt 0) { return [long] $Data + 4294967296 } }
        'QWord' { if ($Data -lt 0) { return [decimal] $Data + 18446744073709551616 } }
        'MultiString' { return , [string[]] @($Data) }
        'String' { return [string] $Data }
        'ExpandString' { return [string] $Data }
    }
    if ($Data -is [byte[]]) { return [System.BitConverter]::ToString($Data).Replace('-', '').ToLowerInvariant() }
    $Data
}

# Names of the keys below a key; $null where there is no such key.
function Get-HvRegistryKeys {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetSubKeyNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Names of the values in a key; $null where there is no such key.
function Get-HvRegistryNames {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetValueNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Events, newest first, bounded by days and number. None is an answer.
function Get-HvEvents {
    param([string] $Log, [string] $Provider = '', [int[]] $Id, [int] $Days = $HvOptions.Days, [int] $Most = 200)
    $filter = @{ LogName = $Log; Id = $Id; StartTime = [datetime]::Now.AddDays(-$Days) }
    if ($Provider -ne '') { $filter['ProviderName'] = $Provider }
    try { $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents $Most) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        $events = @()
    }
    , @(foreach ($each in $events) {
            [ordered]@{
                record_id = Get-HvNumber $each 'RecordId'
                id        = Get-HvNumber $each 'Id' -Required
                time      = Get-HvMoment $each 'TimeCreated' -Required
                channel   = Get-HvText $each 'LogName'
                provider  = Get-HvText $each 'ProviderName'
                data      = ConvertFrom-HvEventXml $each.ToXml()
            }
        })
}

# Data of an event by name, from EventData or UserData; what has no name is called by its place.
function ConvertFrom-HvEventXml([string] $Text) {
    $data = [ordered]@{}
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($Text)
    $place = 0
    foreach ($node in $document.SelectNodes("/*/*[local-name()='EventData']/*")) {
        $name = $node.GetAttribute('Name')
        if ($name -eq '' -or $data.Contains($name)) { $name = [string] $place }
        $data[$name] = $node.InnerText
        $place++
    }
    foreach ($node in $document.SelectNodes("/*/*[local-name()='UserData']/*/*")) { $data[$node.LocalName] = $node.InnerText }
    $data
}

# When the oldest event of a log was written; $null where the log is empty.
function Get-HvLogStart {
    param([string] $Log)
    try { $first = Get-HvOne (Get-WinEvent -LogName $Log -Oldest -MaxEvents 1) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        return $null
    }
    Get-HvMoment $first 'TimeCreated' -Required
}

# The lines of a program of Windows. Its text may be translated: read numbers, GUIDs and SIDs only.
function Invoke-HvProgram {
    param([scriptblock] $Block)
    $global:LASTEXITCODE = 0
    $lines = @(& $Block)
    $status = $global:LASTEXITCODE
    if ($status -eq 0) { return , $lines }
    $said = Format-HvDetail ($lines -join ' ')
    # ERROR_ACCESS_DENIED and ERROR_PRIVILEGE_NOT_HELD, bare or as HRESULT
    $cause = $(if (5, 1314, -2147024891, -2147023582 -contains $status) { 'access_denied' } else { 'unparsable' })
    throw (New-HvFailure $cause "it ended with status ${status}: $said")
}

# Runs a block with the name of a file in a private folder, and removes the file.
function Invoke-HvScratch {
    param([scriptblock] $Block)
    if (-not (Test-Path -LiteralPath $HvOptions.Scratch)) {
        $null = New-Item -ItemType Directory -Path $HvOptions.Scratch
    }
    $file = [System.IO.Path]::Combine($HvOptions.Scratch, [guid]::NewGuid().ToString('n'))
    try { & $Block $file }
    finally { if (Test-Path -LiteralPath $file) { Remove-Item -LiteralPath $file -Force } }
}

# A remark in the provenance of the fact.
function Add-HvRemark([string] $Text) { [void] $HvRemarks.Add((Format-HvDetail $Text)) }

# What a block gives; where it fails, $null and a remark. For a part that the fact can do without.
function Read-HvOptional {
    param([string] $What, [scriptblock] $Block)
    try { $found = & $Block }
    catch {
        $gap = Get-HvGap $_
        Add-HvRemark "without ${What}: $($gap.Cause): $($gap.Detail)"
        return $null
    }
    , $found
}

# Objects and errors of a command that goes on after an error.
function Invoke-HvLenient {
    param([scriptblock] $Block)
    $before = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    $ErrorActionPreference = 'Continue'
    try { $all = @(& $Block 2>&1) }
    finally { $global:ErrorActionPreference = $before }
    [ordered]@{
        objects = @($all | Where-Object -FilterScript { $_ -isnot [System.Management.Automation.ErrorRecord] })
        errors  = @($all | Where-Object -FilterScript { $_ -is [System.Management.Automation.ErrorRecord] })
    }
}

# In a list, in place of an item that could not be read.
function New-HvItemGap {
    param([string] $Key, [string] $Cause, [string] $Detail)
    $gap = New-Object psobject -Property @{ Key = $Key; Cause = $Cause; Detail = (Format-HvDetail $Detail) }
    $gap.PSObject.TypeNames.Insert(0, 'Hypervigil.ItemGap')
    $gap
}
