# Facts out of event logs: boots, code integrity, services and devices that failed, logons, SMB.

# Events of several logs, newest first within each, with how far each search reaches. A log that could not be searched is a
# remark; where none could, its failure is that of the task.
function Find-HvEvents([hashtable[]] $Reads) {
    $events = New-Object System.Collections.ArrayList
    $windows = New-Object System.Collections.ArrayList
    $failure = $null
    foreach ($read in $Reads) {
        try {
            $found = Get-HvEvents -Log $read.Log -Provider $read.Provider -Id $read.Id -Days $read.Days -Most $read.Most
            $oldest = Get-HvLogStart $read.Log
        }
        catch {
            if ($null -eq $failure) { $failure = $_ }
            $gap = Get-HvGap $_
            Add-HvRemark "without the log $($read.Log): $($gap.Cause): $($gap.Detail)"
            continue
        }
        foreach ($event in $found) { [void] $events.Add($event) }
        $days = [System.Math]::Min($read.Days, $HvOptions.Days)
        [void] $windows.Add([ordered]@{
                channel = $read.Log; since = [datetime]::UtcNow.AddDays(-$days); oldest = $oldest; complete = $found.Count -lt $read.Most
            })
    }
    if ($windows.Count -eq 0 -and $null -ne $failure) { throw $failure }
    @{ Events = $events; Windows = @($windows) }
}

# Where an event stands and when it was written.
function New-HvEventRow($Event) {
    [ordered]@{
        record_id = $Event.record_id; channel = $Event.channel; provider = $Event.provider; id = $Event.id; time = $Event.time
    }
}

# Rows that say the same become one, with their number and the time of the oldest; the newest comes first.
function Group-HvEventRows($Rows) {
    $groups = [ordered]@{}
    foreach ($row in $Rows) {
        $key = ($row.Keys | Where-Object -FilterScript { $_ -ne 'record_id' -and $_ -ne 'time' -and $_ -ne 'activity_id' } |
                ForEach-Object -Process { "$_=$($row[$_])" }) -join "`n"
        if ($groups.Contains($key)) {
            $groups[$key]['count']++
            $groups[$key]['first'] = $row['time']
            continue
        }
        $row['count'] = 1
        $row['first'] = $null
        $groups[$key] = $row
    }
    $groups.Values
}

# A number as an event writes it: with 0x before it, or negative for an unsigned one.
function Get-HvEventNumber($Data, [string] $Name) {
    $text = Get-HvText $Data $Name
    if ($text -match '^0x([0-9A-Fa-f]{1,16})$') { return [System.Convert]::ToInt64($Matches[1], 16) }
    if ($text -notmatch '^-?[0-9]{1,18}$') { return $null }
    $number = [long] $text
    if ($number -lt 0 -and $number -ge -2147483648) { return $number + 4294967296 }
    $number
}

# Text of an event; a dash and nothing are none.
function Get-HvEventText($Data, [string] $Name) {
    $text = Get-HvText $Data $Name
    if ($null -eq $text) { return $null }
    $text = $text.Trim()
    if ($text -ne '' -and $text -ne '-') { $text }
}

function Get-HvEventBoolean($Data, [string] $Name) {
    $text = Get-HvEventText $Data $Name
    if ($text -eq '%%1842' -or $text -eq 'true' -or $text -eq '1') { return $true }
    if ($text -eq '%%1843' -or $text -eq 'false' -or $text -eq '0') { return $false }
}

function Get-HvEventsLastBoot {
    Get-HvMoment (Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)) 'LastBootUpTime'
}

function Read-HvBootEvents {
    $boot = 'Microsoft-Windows-Kernel-Boot'
    $found = Find-HvEvents @(
        @{ Log = 'System'; Provider = $boot; Id = 124, 153, 156; Days = 180; Most = 200 }
        @{ Log = "$boot/Operational"; Provider = $boot; Id = @(51); Days = 180; Most = 200 }
        @{ Log = 'System'; Provider = 'Microsoft-Windows-Wininit'; Id = 12, 13, 14, 15, 16, 17; Days = 180; Most = 200 }
    )
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['reason'] = Get-HvEventNumber $data 'EnableDisableReason'
        $row['policy'] = Get-HvEventNumber $data 'VsmPolicy'
        $row['phase'] = Get-HvEventNumber $data 'Phase'
        $row['level'] = Get-HvEventNumber $data 'Level'
        $row['config'] = Get-HvEventNumber $data 'Config'
        $row['is_test_config'] = Get-HvEventNumber $data 'IsTestConfig'
        $row['is_auto_enabled'] = Get-HvEventNumber $data 'IsAutoEnabled'
        $row['tpm_pcr_mask'] = Get-HvEventNumber $data 'TpmPcrMask'
        $row['cached_copy_status'] = Get-HvEventNumber $data 'CachedCopyStatus'
        $unsealing = Get-HvEventNumber $data 'UnsealingCachedCopyStatus'
        $row['unsealing_status'] = $(if ($null -ne $unsealing) { $unsealing } else { Get-HvEventNumber $data 'PrimaryBlobUnsealStatus' })
        $row['key_generation_status'] = Get-HvEventNumber $data 'KeyGenerationAndSaveStatus'
        $row['sealing_status'] = Get-HvEventNumber $data 'SealingStatus'
        $row
    }
    [ordered]@{ events = @($rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Read-HvCodeIntegrityEvents {
    $found = Find-HvEvents @(
        @{
            Log = 'Microsoft-Windows-CodeIntegrity/Operational'; Provider = 'Microsoft-Windows-CodeIntegrity'; Days = 90; Most = 3000
            Id = @(3001, 3004, 3021, 3022, 3023, 3033, 3034, 3063, 3065, 3066, 3072, 3073, 3074, 3076, 3077, 3082, 3083, 3084, 3085, 3086,
                3087, 3089, 3099, 3104, 3111)
        })
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['file'] = Get-HvEventsEither (Get-HvEventText $data 'FileNameBuffer') (Get-HvEventText $data 'File Name')
        $row['process'] = Get-HvEventsEither (Get-HvEventText $data 'ProcessNameBuffer') (Get-HvEventText $data 'Process Name')
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['hvci_failures'] = Get-HvEventNumber $data 'HVCIAuditFailures'
        $row['requested_level'] = Get-HvEventsEither (Get-HvEventNumber $data 'RequestedPolicy') (
            Get-HvEventNumber $data 'Requested Signing Level')
        $row['validated_level'] = Get-HvEventsEither (Get-HvEventNumber $data 'ValidatedPolicy') (
            Get-HvEventNumber $data 'Validated Signing Level')
        $row['policy_name'] = Get-HvEventsEither (Get-HvEventText $data 'PolicyName') (Get-HvEventText $data 'PolicyNameBuffer')
        $row['policy_id'] = Get-HvEventsGuid (Get-HvEventText $data 'PolicyGUID')
        $row['policy_options'] = Get-HvEventNumber $data 'Options'
        $row['publisher'] = Get-HvEventText $data 'PublisherName'
        $row['issuer'] = Get-HvEventText $data 'IssuerName'
        $row
    }
    [ordered]@{ events = @(Group-HvEventRows $rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Get-HvEventsEither($First, $Second) {
    if ($null -ne $First) { $First } else { $Second }
}

function Get-HvEventsGuid([string] $Text) {
    if ($Text -match '^\{?([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?$') { $Matches[1].ToLowerInvariant() }
}

function Read-HvPnpProblems {
    [ordered]@{
        devices = @(foreach ($device in @(Get-CimInstance -ClassName Win32_PnPEntity -Namespace root\cimv2 -Filter 'ConfigManagerErrorCode <> 0')) {
                [ordered]@{
                    device_id  = Get-HvText $device 'PNPDeviceID' -Required
                    code       = Get-HvCode $device 'ConfigManagerErrorCode' -Required
                    name       = Get-HvText $device 'Name'
                    service    = Get-HvText $device 'Service'
                    pnp_class  = Get-HvText $device 'PNPClass'
                    class_guid = Get-HvGuid $device 'ClassGuid'
                    present    = Get-HvBoolean $device 'Present'
                }
            })
    }
}

function Read-HvServiceFailures {
    $found = Find-HvEvents @(
        @{ Log = 'System'; Provider = 'Service Control Manager'; Id = 7000, 7001, 7009, 7026; Days = 90; Most = 1000 })
    $rows = foreach ($event in $found.Events) {
        $row = New-HvEventRow $event
        $row['parameters'] = @(foreach ($name in 'param1', 'param2', 'param3') {
                $text = Get-HvText $event.data $name
                if ($null -ne $text) { $text }
            })
        $row
    }
    [ordered]@{ events = @($rows); windows = $found.Windows; last_boot = Get-HvEventsLastBoot }
}

function Read-HvDriverBlocklist {
    $path = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('Windows'), 'System32\CodeIntegrity\driversipolicy.p7b')
    $there = Test-Path -LiteralPath $path
    $item = $(if ($there) { Get-Item -LiteralPath $path })
    $loaded = Read-HvOptional 'policies that were loaded' {
        , @((Find-HvEvents @(
                    @{
                        Log = 'Microsoft-Windows-CodeIntegrity/Operational'; Provider = 'Microsoft-Windows-CodeIntegrity'; Id = @(3099)
                        Days = 365; Most = 100
                    })).Events | ForEach-Object -Process {
                $row = New-HvEventRow $_
                $row['policy_id'] = Get-HvEventsGuid (Get-HvEventText $_.data 'PolicyGUID')
                $row['policy_name'] = Get-HvEventText $_.data 'PolicyNameBuffer'
                $row['options'] = Get-HvEventNumber $_.data 'Options'
                $row
            })
    }
    [ordered]@{
        enabled      = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\CI\Config' 'VulnerableDriverBlocklistEnable'
        file_present = $there
        file_size    = $(if ($there) { Get-HvNumber $item 'Length' })
        file_sha256  = $(if ($there) {
                (Get-HvText (Get-HvOne (Get-FileHash -LiteralPath $path -Algorithm SHA256)) 'Hash' -Required).ToLowerInvariant()
            })
        file_written = $(if ($there) { Get-HvMoment $item 'LastWriteTimeUtc' })
        loaded       = $loaded
    }
}

function Read-HvLogons {
    $security = 'Microsoft-Windows-Security-Auditing'
    $sessions = 'Microsoft-Windows-TerminalServices-LocalSessionManager'
    $connections = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager'
    $found = Find-HvEvents @(
        @{ Log = 'Security'; Provider = $security; Id = @(4624); Days = 30; Most = 20000 }
        @{ Log = 'Security'; Provider = $security; Id = 4648, 4778, 4779; Days = 30; Most = 2000 }
        @{ Log = "$sessions/Operational"; Provider = $sessions; Id = 21, 24, 25; Days = 30; Most = 2000 }
        @{ Log = "$connections/Operational"; Provider = $connections; Id = @(1149); Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-WinRM/Operational'; Provider = 'Microsoft-Windows-WinRM'; Id = @(91); Days = 30; Most = 2000 }
    )
    $logons = @(foreach ($event in $found.Events) { if ($event.id -eq 4624) { Get-HvEventsLogon $event } })
    $traces = @(foreach ($event in $found.Events) { if ($event.id -ne 4624) { Get-HvEventsTrace $event } })
    [ordered]@{ logons = @(Group-HvEventRows $logons); traces = @(Group-HvEventRows $traces); windows = $found.Windows }
}

# Nothing for accounts of Windows itself.
function Get-HvEventsLogon($Event) {
    $data = $Event.data
    $sid = Get-HvText $data 'TargetUserSid'
    if ($null -eq $sid -or $sid -match '^S-1-5-(18|19|20|90-0-.*|96-0-.*)$') { return }
    $row = New-HvEventRow $Event
    $row['sid'] = $sid
    $row['user'] = Get-HvEventsAccount $data 'TargetDomainName' 'TargetUserName'
    $row['logon_type'] = Get-HvEventNumber $data 'LogonType'
    $row['address'] = Get-HvEventText $data 'IpAddress'
    $row['workstation'] = Get-HvEventText $data 'WorkstationName'
    $row['package'] = Get-HvEventText $data 'AuthenticationPackageName'
    $row['ntlm'] = Get-HvEventText $data 'LmPackageName'
    $row['process'] = Get-HvEventText $data 'LogonProcessName'
    $row['elevated'] = Get-HvEventBoolean $data 'ElevatedToken'
    $row['virtual_account'] = Get-HvEventBoolean $data 'VirtualAccount'
    $row['restricted_admin'] = Get-HvEventBoolean $data 'RestrictedAdminMode'
    $row['remote_credential_guard'] = Get-HvEventBoolean $data 'RemoteCredentialGuard'
    $row
}

function Get-HvEventsAccount($Data, [string] $Domain, [string] $User) {
    $name = Get-HvEventText $Data $User
    if ($null -eq $name) { return $null }
    $place = Get-HvEventText $Data $Domain
    if ($null -ne $place) { "$place\$name" } else { $name }
}

function Get-HvEventsTrace($Event) {
    $data = $Event.data
    $row = New-HvEventRow $Event
    $row['sid'] = $(if ($Event.id -eq 4648) { Get-HvEventText $data 'SubjectUserSid' })
    $row['user'] = $null
    $row['address'] = $null
    switch ($Event.id) {
        4648 {
            $row['user'] = Get-HvEventsAccount $data 'TargetDomainName' 'TargetUserName'
            $row['address'] = Get-HvEventText $data 'IpAddress'
        }
        1149 {
            $row['user'] = Get-HvEventsAccount $data 'Param2' 'Param1'
            $row['address'] = Get-HvEventText $data 'Param3'
        }
        { $_ -eq 4778 -or $_ -eq 4779 } {
            $row['user'] = Get-HvEventsAccount $data 'AccountDomain' 'AccountName'
            $row['address'] = Get-HvEventText $data 'ClientAddress'
        }
        { $_ -eq 21 -or $_ -eq 24 -or $_ -eq 25 } {
            $row['user'] = Get-HvEventText $data 'User'
            $row['address'] = Get-HvEventText $data 'Address'
        }
    }
    $row['client'] = Get-HvEventText $data 'ClientName'
    $row['target'] = Get-HvEventText $data 'TargetServerName'
    $row['process'] = Get-HvEventText $data 'ProcessName'
    $row['resource'] = Get-HvEventText $data 'resourceUri'
    $row
}

function Read-HvSmbEvents {
    $server = 'Microsoft-Windows-SMBServer'
    $client = 'Microsoft-Windows-SMBClient'
    $found = Find-HvEvents @(
        @{ Log = "$server/Security"; Provider = $server; Id = @(551); Days = 30; Most = 2000 }
        @{ Log = "$server/Connectivity"; Provider = $server; Id = 1913, 4000; Days = 30; Most = 2000 }
        @{
            Log = "$server/Audit"; Provider = $server; Days = 30; Most = 2000
            Id = 3000, 3002, 3007, 3008, 3009, 3021, 3022, 3023, 3024, 3025, 3026, 3027
        }
        @{ Log = 'Microsoft-Windows-SmbClient/Connectivity'; Provider = $client; Id = @(30832); Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-SmbClient/Audit'; Provider = $client; Id = 31997, 31998, 31999, 32000, 32002; Days = 30; Most = 2000 }
        @{ Log = 'Microsoft-Windows-SmbClient/Security'; Provider = $client; Id = 31013, 31017, 31018, 31022; Days = 30; Most = 2000 }
    )
    $rows = foreach ($event in $found.Events) {
        $data = $event.data
        $row = New-HvEventRow $event
        $row['peer'] = Get-HvEventsEither (Get-HvEventText $data 'ClientName') (Get-HvEventText $data 'ServerName')
        $row['address'] = Get-HvEventsEither (Get-HvEventsEither (Get-HvEventsAddress (Get-HvEventText $data 'ClientAddress')) (
                Get-HvEventsAddress (Get-HvEventText $data 'ClientSocketAddress'))) (
            Get-HvEventsAddress (Get-HvEventText $data 'RemoteAddress'))
        $row['user'] = Get-HvEventText $data 'UserName'
        $row['share'] = Get-HvEventText $data 'ShareName'
        $row['status'] = Get-HvEventNumber $data 'Status'
        $row['connection_type'] = Get-HvEventNumber $data 'ConnectionType'
        $row['mutual_authentication'] = Get-HvEventNumber $data 'MutualAuthentication'
        $row['access_control_check'] = Get-HvEventNumber $data 'AccessControlCheck'
        $row['required'] = $null
        foreach ($name in 'ServerRequiresSigning', 'ServerRequiresEncryption', 'ClientRequireSigning', 'ClientRequireEncryption') {
            if ($null -eq $row['required']) { $row['required'] = Get-HvEventBoolean $data $name }
        }
        $row['signing_used'] = Get-HvEventBoolean $data 'SigningUsed'
        $row['encryption_used'] = Get-HvEventBoolean $data 'EncyptionUsed'
        $row['spn'] = Get-HvEventText $data 'SPN'
        $row
    }
    [ordered]@{ events = @(Group-HvEventRows $rows); windows = $found.Windows }
}

# An address as text stays so; as the bytes of a socket address it is decoded: family 2 is IPv4, 23 IPv6.
function Get-HvEventsAddress([string] $Text) {
    if ($Text -eq '') { return $null }
    if ($Text -notmatch '^([0-9A-Fa-f]{2}){16,64}$') { return $Text }
    $bytes = ConvertFrom-HvHex $Text
    $family = $bytes[0] + 256 * $bytes[1]
    if ($family -eq 2) { return $bytes[4..7] -join '.' }
    if ($family -eq 23 -and $bytes.Count -ge 24) { return (New-Object System.Net.IPAddress(, [byte[]] $bytes[8..23])).ToString() }
}
