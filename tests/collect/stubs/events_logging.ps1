# Logs and events about logging.

# Recorded on Server 2025; sizes and times beyond what was recorded are made up.
function Logs-Logging {
    foreach ($file in 'Get-WinEvent-ListLog.server2025.1.json', 'Get-WinEvent-ListLog.server2025.2.json', 'Get-WinEvent-ListLog.server2025.3.json') {
        $log = [System.IO.File]::ReadAllText("$Recorded/$file") | ConvertFrom-Json
        $log | Add-Member -MemberType NoteProperty -Name FileSize -Value 1118208
        $log | Add-Member -MemberType NoteProperty -Name OldestRecordNumber -Value 1
        $log | Add-Member -MemberType NoteProperty -Name LastWriteTime -Value ([datetime]::SpecifyKind([datetime] '2026-11-20T10:00:00', 'Utc'))
        $log | Add-Member -MemberType NoteProperty -Name SecurityDescriptor -Value 'O:BAG:SYD:(A;;0x7;;;BA)'
        $log | Add-Member -MemberType NoteProperty -Name OwningProviderName -Value 'Example'
        $log
    }
    [pscustomobject] @{ LogName = 'Microsoft-Windows-Forwarding/Operational'; IsEnabled = $true; LogMode = 'Circular'; MaximumSizeInBytes = 1052672
        FileSize = 69632; RecordCount = 2; OldestRecordNumber = 1; LastWriteTime = $null; SecurityDescriptor = ''; OwningProviderName = '' }
}

function Events-Logging {
    # made up: ids and fields are those of the provider's manifest
    $log = 'Microsoft-Windows-Forwarding/Operational'
    New-StandInEvent -Log $log -Provider Microsoft-Windows-Forwarding -Id 100 -RecordId 8 -Data ([ordered] @{ Id = 'Hyper-V'; Query = '<QueryList/>' })
    New-StandInEvent -Log $log -Provider Microsoft-Windows-Forwarding -Id 105 -RecordId 7 -Time ([datetime]::UtcNow.AddHours(-2)) -Data ([ordered] @{
            SubscriptionManagerAddress = 'http://wec.contoso.com:5985/wsman'; ErrorCode = '2150859027' })
    New-StandInEvent -Log 'Microsoft-Windows-PowerShell/Operational' -Provider Microsoft-Windows-PowerShell -Id 4104 -RecordId 1 -Time ([datetime] '2026-01-01T00:00:00Z')
}
