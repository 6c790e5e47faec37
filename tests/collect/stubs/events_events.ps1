# Events of boots, code integrity, failed services, logons and SMB.

function Read-RecordedEvent {
    param([string] $File, [string] $Log, [string] $Provider, [int] $Id, [long] $RecordId, $Time = [datetime]::UtcNow.AddHours(-1))
    New-StandInEvent -Log $Log -Provider $Provider -Id $Id -RecordId $RecordId -Time $Time -Xml ([System.IO.File]::ReadAllText("$Recorded/$File"))
}

# Recorded on Windows 10 2004 and Windows 11; times are new, so that they lie within the days that are asked for.
function Events-Recorded {
    Read-RecordedEvent 'Event-Kernel-Boot-156.win10-2004.1.xml' System Microsoft-Windows-Kernel-Boot 156 500
    Read-RecordedEvent 'Event-Wininit-14.win10-2004.1.xml' System Microsoft-Windows-Wininit 14 501
    Read-RecordedEvent 'Event-SCM-7000.sqlserver.1.xml' System 'Service Control Manager' 7000 502
    Read-RecordedEvent 'Event-SCM-7026.win10-2004.1.xml' System 'Service Control Manager' 7026 503 ([datetime]::UtcNow.AddHours(-2))
    $log = 'Microsoft-Windows-CodeIntegrity/Operational'
    $provider = 'Microsoft-Windows-CodeIntegrity'
    Read-RecordedEvent 'Event-CodeIntegrity-3077.win11.1.xml' $log $provider 3077 30
    Read-RecordedEvent 'Event-CodeIntegrity-3077.win11.1.xml' $log $provider 3077 29 ([datetime]::UtcNow.AddHours(-2))
    Read-RecordedEvent 'Event-CodeIntegrity-3033.win11.1.xml' $log $provider 3033 28 ([datetime]::UtcNow.AddHours(-3))
    Read-RecordedEvent 'Event-CodeIntegrity-3099.win11.1.xml' $log $provider 3099 27 ([datetime]::UtcNow.AddHours(-4))
}

# made up: ids and fields are those of the providers' manifests
function Events-MadeUp {
    foreach ($hour in 1, 2, 3) {
        New-StandInEvent -Log Security -Provider Microsoft-Windows-Security-Auditing -Id 4624 -RecordId (4000 - $hour) -Time ([datetime]::UtcNow.AddHours(-$hour)) -Data ([ordered] @{
                TargetUserSid = 'S-1-5-21-1000000000-2000000000-3000000000-1105'; TargetUserName = 'admin'; TargetDomainName = 'CONTOSO'; LogonType = '10'
                LogonProcessName = 'User32 '; AuthenticationPackageName = 'Negotiate'; LmPackageName = '-'; WorkstationName = 'HV01'; IpAddress = '10.9.0.5'
                ElevatedToken = '%%1842'; VirtualAccount = '%%1843'; RestrictedAdminMode = '%%1843'; RemoteCredentialGuard = '%%1842' })
    }
    New-StandInEvent -Log Security -Provider Microsoft-Windows-Security-Auditing -Id 4624 -RecordId 3000 -Data ([ordered] @{ TargetUserSid = 'S-1-5-18'; LogonType = '5' })
    New-StandInEvent -Log Security -Provider Microsoft-Windows-Security-Auditing -Id 4778 -RecordId 3001 -Data ([ordered] @{
            AccountName = 'admin'; AccountDomain = 'CONTOSO'; ClientName = 'JUMP01'; ClientAddress = '10.9.0.5' })
    New-StandInEvent -Log 'Microsoft-Windows-SMBServer/Audit' -Provider Microsoft-Windows-SMBServer -Id 3021 -RecordId 70 -Data ([ordered] @{
            ClientName = '\\10.1.2.3'; UserName = 'CONTOSO\scanner'; ServerRequiresSigning = 'false' })
    New-StandInEvent -Log 'Microsoft-Windows-SMBServer/Connectivity' -Provider Microsoft-Windows-SMBServer -Id 1913 -RecordId 71 -Data ([ordered] @{
            ConnectionType = '4'; ClientSocketAddress = '02001F900A0102030000000000000000'; MutualAuthentication = '1'; AccessControlCheck = '0' })
}

function Logs-Events {
    foreach ($name in 'Microsoft-Windows-Kernel-Boot/Operational', 'Microsoft-Windows-WinRM/Operational') { [pscustomobject] @{
            LogName = $name; IsEnabled = $true; LogMode = 'Circular'; MaximumSizeInBytes = 1052672; FileSize = 69632; RecordCount = 0
            OldestRecordNumber = $null; LastWriteTime = $null; SecurityDescriptor = ''; OwningProviderName = '' } }
}
