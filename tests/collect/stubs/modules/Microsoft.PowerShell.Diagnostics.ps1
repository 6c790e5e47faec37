function Get-WinEvent {
    param([hashtable] $FilterHashtable, [string] $LogName, [long] $MaxEvents = [long]::MaxValue, [switch] $Oldest, [string[]] $ListLog)
    $log = $(if ($FilterHashtable) { $FilterHashtable.LogName } elseif ($ListLog) { $ListLog[0] } else { $LogName })
    $functions = @(Microsoft.PowerShell.Management\Get-ChildItem -Path 'Function:\Events-*')
    $events = @($functions | ForEach-Object { & $_.ScriptBlock } | Where-Object { $_.LogName -eq $log })
    $logs = @(Microsoft.PowerShell.Management\Get-ChildItem -Path 'Function:\Logs-*' | ForEach-Object { & $_.ScriptBlock })
    $named = @($logs | Where-Object { $_.LogName -eq $log })
    if ($events.Count + $named.Count -eq 0) {
        $exception = New-Object System.Exception('(no such log, in the language of the host)')
        throw (New-Object System.Management.Automation.ErrorRecord($exception, 'NoMatchingLogsFound,Microsoft.PowerShell.Commands.GetWinEventCommand', 'ObjectNotFound', $log))
    }
    if ($ListLog -and $named.Count) { return $named }
    if ($ListLog) {
        # made up: a log that is known by its events alone
        return [pscustomobject] @{
            LogName = $log; IsEnabled = $true; LogMode = 'Circular'; MaximumSizeInBytes = 20971520; FileSize = 69632
            RecordCount = $events.Count; OldestRecordNumber = 1; LastWriteTime = $null; SecurityDescriptor = ''; OwningProviderName = ''
        }
    }
    if ($FilterHashtable) {
        foreach ($key in $FilterHashtable.Keys) {
            if ('LogName', 'ProviderName', 'Id', 'StartTime', 'EndTime', 'Level' -notcontains $key) { throw "a filter with $key" }
        }
        if ($FilterHashtable.ContainsKey('ProviderName')) { $events = @($events | Where-Object { $_.ProviderName -eq $FilterHashtable.ProviderName }) }
        if ($FilterHashtable.ContainsKey('Id')) { $events = @($events | Where-Object { $FilterHashtable.Id -contains $_.Id }) }
        if ($FilterHashtable.ContainsKey('StartTime')) { $events = @($events | Where-Object { $_.TimeCreated -ge $FilterHashtable.StartTime }) }
    }
    if ($events.Count -eq 0) {
        $exception = New-Object System.Exception('(no such event, in the language of the host)')
        throw (New-Object System.Management.Automation.ErrorRecord($exception, 'NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand', 'ObjectNotFound', $log))
    }
    $events | Sort-Object -Property TimeCreated -Descending:(-not $Oldest) | Select-Object -First ([int] [math]::Min($MaxEvents, 100000))
}
