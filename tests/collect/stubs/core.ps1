# What the stand-ins use. The harness sets $Recorded and $RecordedClixml to the folders of recorded data.

# An object out of a recorded list: lines of "Name : value". True, False and whole numbers get their types, {a, b} is an array.
function Read-Recorded {
    param([string] $File, [hashtable] $With = @{})
    $found = [ordered]@{}
    foreach ($line in [System.IO.File]::ReadAllLines("$Recorded/$File")) {
        if ($line -notmatch '^\s*([A-Za-z0-9_]+)\s*:\s*(.*?)\s*$') { continue }
        $found[$Matches[1]] = ConvertFrom-RecordedText $Matches[2]
    }
    foreach ($name in $With.Keys) { $found[$name] = $With[$name] }
    [pscustomobject] $found
}

function ConvertFrom-RecordedText {
    param([string] $Text)
    if ($Text -eq '') { return $null }
    if ($Text -eq 'True') { return $true }
    if ($Text -eq 'False') { return $false }
    if ($Text -match '^\d{1,9}$') { return [int] $Text }
    if ($Text -match '^\{(.*)\}$') { return , @($Matches[1].Split(',') | ForEach-Object { ConvertFrom-RecordedText $_.Trim() }) }
    $Text
}

# The host that is asked.
function Get-StandInNode {
    if ($env:STANDIN_NODE) { return $env:STANDIN_NODE }
    'HV01'
}

# An event as Get-WinEvent gives it. $Data is an ordered dictionary: EventData by name.
function New-StandInEvent {
    param([string] $Log, [string] $Provider, [int] $Id, [long] $RecordId = 1, $Time = [datetime]::UtcNow.AddHours(-1),
        $Data = @{}, [string] $Xml = '')
    if ($Xml -eq '') {
        $items = foreach ($name in $Data.Keys) {
            '<Data Name="' + [System.Security.SecurityElement]::Escape($name) + '">' +
                [System.Security.SecurityElement]::Escape([string] $Data[$name]) + '</Data>'
        }
        $Xml = '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System/><EventData>' + ($items -join '') +
            '</EventData></Event>'
    }
    $event = [pscustomobject] @{
        LogName = $Log; ProviderName = $Provider; Id = $Id; RecordId = $RecordId; TimeCreated = $Time; Xml = $Xml
    }
    $event | Add-Member -MemberType ScriptMethod -Name ToXml -Value { $this.Xml } -PassThru
}

# Stops as a CIM cmdlet stops: its error id carries the HRESULT.
function Stop-StandInCim {
    param([string] $HResult, [string] $Category, [string] $Command)
    $exception = New-Object System.InvalidOperationException('(a message in the language of the host)')
    throw (New-Object System.Management.Automation.ErrorRecord($exception, "HRESULT 0x$HResult,$Command", $Category, $null))
}
