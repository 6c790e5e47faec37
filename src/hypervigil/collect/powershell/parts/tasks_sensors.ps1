# Sensors that watch the host: Sysmon, Defender for Endpoint, and services of other products.

function Read-HvSysmonConfig {
    $services = 'HKLM:\SYSTEM\CurrentControlSet\Services'
    $driver = $null
    $altitude = $null
    $names = Get-HvRegistryKeys $services
    foreach ($name in $names) {
        $own = Read-HvOptional "altitudes of $name" { Get-HvPlatformAltitudes $name }
        if (@($own) -contains '385201') { $driver = $name; $altitude = '385201'; break }
        if ($name -eq 'SysmonDrv') { $driver = $name; $altitude = $(if (@($own).Count) { @($own)[0] }) }
    }
    $recorded = Read-HvOptional 'what Sysmon recorded' { , @(Get-HvSensorsNewest 'Microsoft-Windows-Sysmon/Operational' 'Microsoft-Windows-Sysmon' 7 @(
                1, 3, 4, 6, 7, 11, 16, 22, 255) { param($row, $data)
                $row['state'] = Get-HvEventText $data 'State'
                $row['configuration_hash'] = Get-HvEventText $data 'ConfigurationFileHash'
            }) }
    if ($null -eq $driver) { return [ordered]@{ installed = $false; recorded = $recorded } }
    $parameters = "$services\$driver\Parameters"
    $rules = Get-HvRegistry $parameters 'Rules'
    $bytes = $(if ($rules.state -eq 'present' -and $rules.type -eq 'REG_BINARY') { ConvertFrom-HvHex $rules.data })
    $program = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 | Where-Object -FilterScript {
            (Get-HvText $_ 'Name') -match '^Sysmon(64)?$' })
    [ordered]@{
        installed         = $true
        driver            = $driver
        service           = $(if ($program.Count) { Get-HvText $program[0] 'Name' })
        image             = $(if ($program.Count) { Get-HvText $program[0] 'PathName' })
        altitude          = $altitude
        rules_sha256      = $(if ($null -ne $bytes) { Get-HvSha256 $bytes })
        rules_size        = $(if ($null -ne $bytes) { $bytes.Count })
        hashing_algorithm = Get-HvRegistry $parameters 'HashingAlgorithm'
        options           = Get-HvRegistry $parameters 'Options'
        config_file       = Get-HvRegistry $parameters 'ConfigFile'
        config_hash       = Get-HvRegistry $parameters 'ConfigHash'
        recorded          = $recorded
    }
}

# The newest event of each id.
function Get-HvSensorsNewest([string] $Log, [string] $Provider, [int] $Days, [int[]] $Ids, [scriptblock] $More) {
    foreach ($id in $Ids) {
        $found = Get-HvEvents -Log $Log -Provider $Provider -Id @($id) -Days $Days -Most 1
        foreach ($event in $found) {
            $row = New-HvEventRow $event
            $null = & $More $row $event.data
            $row
        }
    }
}

function Read-HvEdrOnboarding {
    $status = 'HKLM:\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Status'
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection'
    $names = Get-HvRegistryNames $policy
    $services = @(foreach ($name in @(Get-HvSensorsServices)) {
            $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$name"
            if (-not (Test-Path -LiteralPath $key)) { continue }
            [ordered]@{ name = $name; launch_protected = (Get-HvRegistry $key 'LaunchProtected').data }
        })
    [ordered]@{
        onboarding_state  = Get-HvRegistry $status 'OnboardingState'
        last_connected    = Get-HvSensorsFileTime (Get-HvRegistry $status 'LastConnected').data
        # What the value says is a secret: only whether it is there is asked.
        onboarding_policy = $names -contains 'OnboardingInfo'
        passive_mode      = Get-HvRegistry $policy 'ForceDefenderPassiveMode'
        services          = $services
        recorded          = Read-HvOptional 'the log of the sensor' { , @(Get-HvSensorsNewest 'Microsoft-Windows-SENSE/Operational' `
                    'Microsoft-Windows-SENSE' 30 @(1, 5, 6, 7, 10, 11, 15, 20, 84) { param($row, $data) }) }
    }
}

function Get-HvSensorsFileTime($Number) {
    if ($Number -is [long] -or $Number -is [int] -or $Number -is [decimal]) {
        if ($Number -gt 0 -and $Number -lt 2650467743999999999) { [datetime]::FromFileTimeUtc([long] $Number) }
    }
}

# Services of known security products, by name: the same in every language.
function Get-HvSensorsServices {
    'WinDefend', 'WdNisSvc', 'MdCoreSvc', 'Sense', 'CSFalconService', 'SentinelAgent', 'SentinelStaticEngine', 'CbDefense'
    'CarbonBlack', 'Parity', 'cyserver', 'CyveraService', 'Sophos MCS Agent', 'Sophos Endpoint Defense Service', 'SntpService'
    'hmpalertsvc', 'xagt', 'mfemms', 'mfefire', 'masvc', 'macmnsvc', 'ElasticEndpoint', 'ds_agent', 'TMBMServer', 'ntrtscan'
    'tmlisten', 'Trend Micro Endpoint Basecamp', 'ekrn', 'EraAgentSvc', 'CylanceSvc', 'CyOptics', 'EPSecurityService'
    'EPProtectedService', 'EPRedline', 'EPIntegrationService', 'fshoster', 'fsulhoster', 'CybereasonActiveProbe', 'CybereasonCRS'
    'Tanium Client', 'hurukai', 'HuntressAgent', 'MBAMService'
}
