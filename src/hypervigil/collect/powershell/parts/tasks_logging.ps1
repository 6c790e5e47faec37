# Facts of logging: audit policy, event channels and where they are sent, the clock.

function Read-HvEventChannels {
    $channels = @()
    $absent = @()
    foreach ($name in @(Get-HvLoggingNames)) {
        $log = Get-HvLoggingChannel $name
        if ($null -eq $log) { $absent += $name; continue }
        $records = Get-HvNumber $log 'RecordCount'
        $channels += [ordered]@{
            name            = Get-HvText $log 'LogName' -Required
            enabled         = Get-HvBoolean $log 'IsEnabled' -Required
            mode            = Get-HvCode $log 'LogMode' -Names @{ Circular = 0; AutoBackup = 1; Retain = 2 }
            maximum_size    = Get-HvNumber $log 'MaximumSizeInBytes' -Required
            file_size       = Get-HvNumber $log 'FileSize'
            records         = $records
            oldest_record   = Get-HvNumber $log 'OldestRecordNumber'
            oldest_time     = $(if ($records -gt 0) { Read-HvOptional "the oldest event of $name" { Get-HvLogStart $name } })
            last_write      = Get-HvMoment $log 'LastWriteTime'
            sddl            = Get-HvText $log 'SecurityDescriptor'
            owning_provider = Get-HvText $log 'OwningProviderName'
        }
    }
    [ordered]@{ channels = $channels; absent = $absent }
}

# One channel; $null where the host has none of that name.
function Get-HvLoggingChannel([string] $Name) {
    try { Get-HvOne (Get-WinEvent -ListLog $Name) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingLogsFound') { throw }
        $null
    }
}

function Read-HvEventForwarding {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager'
    $log = 'Microsoft-Windows-Forwarding/Operational'
    $found = Read-HvOptional "the log $log" {
        $events = Get-HvEvents -Log $log -Provider 'Microsoft-Windows-Forwarding' -Id 100, 101, 102, 103, 104, 105, 106, 107 -Days 30 -Most 500
        [ordered]@{ events = $events; oldest = Get-HvLogStart $log }
    }
    $readers = Read-HvOptional 'the group Event Log Readers' {
        , @(foreach ($member in @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID 'S-1-5-32-573')) {
                Get-HvText $member 'SID' -Required
            })
    }
    [ordered]@{
        subscription_managers = @(foreach ($name in @(Get-HvRegistryNames $policy)) {
                if ($null -ne $name) { [string] (Get-HvRegistry $policy $name).data }
            })
        events                = @(if ($null -ne $found) { foreach ($event in $found.events) { ConvertTo-HvForwardingEvent $event } })
        window                = $(if ($null -ne $found) {
                [ordered]@{
                    channel  = $log
                    since    = [datetime]::UtcNow.AddDays(-30)
                    oldest   = $found.oldest
                    complete = @($found.events).Count -lt 500
                }
            })
        log_readers           = $readers
    }
}

function ConvertTo-HvForwardingEvent($Event) {
    [ordered]@{
        record_id    = $Event.record_id
        channel      = $Event.channel
        provider     = $Event.provider
        id           = $Event.id
        time         = $Event.time
        subscription = Get-HvText $Event.data 'Id'
        query        = Get-HvText $Event.data 'Query'
        manager      = Get-HvText $Event.data 'SubscriptionManagerAddress'
        error        = Get-HvNumber $Event.data 'ErrorCode'
        status       = Get-HvText $Event.data 'Status'
    }
}

# The columns have translated headings; their order is the same: computer, target, subcategory, GUID, inclusion, exclusion, value.
function Read-HvAuditPolicy {
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    $lines = Invoke-HvScratch {
        param($file)
        $null = Invoke-HvProgram { auditpol.exe /backup "/file:$file" }
        , [System.IO.File]::ReadAllLines($file)
    }
    $subcategories = [ordered]@{}
    $options = [ordered]@{}
    foreach ($line in $lines) {
        $parts = $line.Split(',')
        if ($parts.Count -lt 7) { continue }
        $value = $parts[6].Trim()
        if ($value -notmatch '^[0-9]+$') { continue }
        if ($parts[3] -match '^\{([0-9A-Fa-f-]{36})\}$') {
            # Rows of single users have their name or SID as target; System is written in English everywhere.
            if ($parts[1] -eq 'System') { $subcategories[$Matches[1].ToLowerInvariant()] = [int] $value }
        }
        elseif ($parts[2] -match '^Option:(\w+)$') { $options[$Matches[1]] = [int] $value }
    }
    if ($subcategories.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'auditpol.exe /backup wrote no row of a subcategory' }
    [ordered]@{
        subcategories        = $subcategories
        options              = $options
        force_subcategories  = Get-HvRegistry $lsa 'SCENoApplyLegacyAuditPolicy'
        process_command_line = Get-HvRegistry 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit' 'ProcessCreationIncludeCmdLine_Enabled'
        ntlm_incoming        = Get-HvRegistry "$lsa\MSV1_0" 'AuditReceivingNTLMTraffic'
        ntlm_outgoing        = Get-HvRegistry "$lsa\MSV1_0" 'RestrictSendingNTLMTraffic'
    }
}

function Read-HvClock {
    $service = 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\W32Time\Parameters'
    $now = Get-HvOne (Get-CimInstance -ClassName Win32_UTCTime -Namespace root\cimv2)
    $utc = New-Object System.DateTime (
        (Get-HvNumber $now 'Year' -Required), (Get-HvNumber $now 'Month' -Required), (Get-HvNumber $now 'Day' -Required),
        (Get-HvNumber $now 'Hour' -Required), (Get-HvNumber $now 'Minute' -Required), (Get-HvNumber $now 'Second' -Required),
        [System.DateTimeKind]::Utc)
    $status = Read-HvOptional 'w32tm.exe /query /status' { ConvertFrom-HvClockStatus (Invoke-HvProgram { w32tm.exe /query /status /verbose }) }
    if ($null -eq $status) { $status = @{} }
    [ordered]@{
        utc                  = $utc
        running              = $(if ($status.Count) { $true })
        leap_indicator       = $status['leap']
        stratum              = $status['stratum']
        source               = $status['source']
        phase_offset_seconds = $status['phase']
        last_sync_error      = $status['error']
        since_sync_seconds   = $status['since']
        type                 = Get-HvRegistry "$service\Parameters" 'Type'
        ntp_server           = Get-HvRegistry "$service\Parameters" 'NtpServer'
        type_policy          = Get-HvRegistry $policy 'Type'
        ntp_server_policy    = Get-HvRegistry $policy 'NtpServer'
        vm_provider_enabled  = Get-HvRegistry "$service\TimeProviders\VMICTimeProvider" 'Enabled'
    }
}

# Labels are translated, so lines are told apart by their order; of each value, the number at its beginning is taken.
function ConvertFrom-HvClockStatus($Lines) {
    $values = @(foreach ($line in $Lines) {
            $place = ([string] $line).IndexOf(': ')
            if ($place -gt 0) { ([string] $line).Substring($place + 2).Trim() }
        })
    if ($values.Count -lt 9) { Stop-HvTask -Cause unparsable -Detail "w32tm.exe wrote $($values.Count) values, 9 or more were expected" }
    @{
        leap    = Get-HvClockNumber $values[0]
        stratum = Get-HvClockNumber $values[1]
        source  = $values[7]
        phase   = $(if ($values.Count -gt 9) { Get-HvClockNumber $values[9] -Fraction })
        error   = $(if ($values.Count -gt 14) { Get-HvClockNumber $values[14] })
        since   = $(if ($values.Count -gt 15) { Get-HvClockNumber $values[15] -Fraction })
    }
}

function Get-HvClockNumber([string] $Text, [switch] $Fraction) {
    if ($Text -notmatch '^[+-]?[0-9]+([.,][0-9]+)?') { return $null }
    $number = [double]::Parse($Matches[0].Replace(',', '.'), [System.Globalization.CultureInfo]::InvariantCulture)
    if ($Fraction) { return $number }
    [long] $number
}

# The channels that detections need: those of the register of facts, which a test compares with these.
function Get-HvLoggingNames {
    'Security'
    'System'
    'Application'
    'Setup'
    'ForwardedEvents'
    'Microsoft-Windows-FailoverClustering/Operational'
    'Microsoft-Windows-FailoverClustering/Diagnostic'
    'Microsoft-Windows-Hyper-V-VMMS-Admin'
    'Microsoft-Windows-Hyper-V-VMMS-Operational'
    'Microsoft-Windows-Hyper-V-VMMS-Networking'
    'Microsoft-Windows-Hyper-V-VMMS-Storage'
    'Microsoft-Windows-Hyper-V-Worker-Admin'
    'Microsoft-Windows-Hyper-V-Worker-Operational'
    'Microsoft-Windows-Hyper-V-High-Availability-Admin'
    'Microsoft-Windows-Hyper-V-Hypervisor-Admin'
    'Microsoft-Windows-Hyper-V-Hypervisor-Operational'
    'Microsoft-Windows-Hyper-V-VmSwitch-Operational'
    'Microsoft-Windows-Hyper-V-VMSP-Admin'
    'Microsoft-Windows-VHDMP-Operational'
    'Microsoft-Windows-HostGuardianService-Client/Admin'
    'Microsoft-Windows-HostGuardianService-Client/Operational'
    'Microsoft-Windows-SMBServer/Security'
    'Microsoft-Windows-SMBServer/Audit'
    'Microsoft-Windows-SMBServer/Connectivity'
    'Microsoft-Windows-SMBServer/Operational'
    'Microsoft-Windows-SmbClient/Security'
    'Microsoft-Windows-SmbClient/Audit'
    'Microsoft-Windows-SmbClient/Connectivity'
    'Microsoft-Windows-SMBClient/Operational'
    'Microsoft-Windows-CodeIntegrity/Operational'
    'Microsoft-Windows-DeviceGuard/Operational'
    'Microsoft-Windows-Kernel-Boot/Operational'
    'Microsoft-Windows-NTLM/Operational'
    'Microsoft-Windows-Security-Kerberos/Operational'
    'Microsoft-Windows-PowerShell/Operational'
    'Windows PowerShell'
    'PowerShellCore/Operational'
    'Microsoft-Windows-WinRM/Operational'
    'Microsoft-Windows-WMI-Activity/Operational'
    'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational'
    'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational'
    'Microsoft-Windows-TaskScheduler/Operational'
    'Microsoft-Windows-Windows Defender/Operational'
    'Microsoft-Windows-SENSE/Operational'
    'Microsoft-Windows-Sysmon/Operational'
    'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'
    'Microsoft-Windows-LAPS/Operational'
    'Microsoft-ServerManagementExperience'
    'Microsoft-Windows-Forwarding/Operational'
    'Microsoft-Windows-EventCollector/Operational'
}
