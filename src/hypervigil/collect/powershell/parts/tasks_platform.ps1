# Facts of the platform: VBS, Credential Guard, firmware, TPM, LSASS.

function Read-HvDeviceGuardPolicy {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard'
    $local = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    $hvci = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity'
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    [ordered]@{
        lsa_cfg_flags_policy  = Get-HvRegistry $policy 'LsaCfgFlags'
        lsa_cfg_flags_local   = Get-HvRegistry $lsa 'LsaCfgFlags'
        lsa_cfg_flags_default = Get-HvRegistry $lsa 'LsaCfgFlagsDefault'
        vbs_policy            = Get-HvRegistry $policy 'EnableVirtualizationBasedSecurity'
        vbs_local             = Get-HvRegistry $local 'EnableVirtualizationBasedSecurity'
        platform_policy       = Get-HvRegistry $policy 'RequirePlatformSecurityFeatures'
        platform_local        = Get-HvRegistry $local 'RequirePlatformSecurityFeatures'
        hvci_policy           = Get-HvRegistry $policy 'HypervisorEnforcedCodeIntegrity'
        hvci_local            = Get-HvRegistry $hvci 'Enabled'
        hvci_locked           = Get-HvRegistry $hvci 'Locked'
        locked                = Get-HvRegistry $local 'Locked'
        mandatory             = Get-HvRegistry $local 'Mandatory'
    }
}

function Read-HvDeviceGuard {
    $guard = Get-HvOne (Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\Microsoft\Windows\DeviceGuard)
    [ordered]@{
        vbs_status                     = Get-HvCode $guard 'VirtualizationBasedSecurityStatus' -Required
        services_configured            = Get-HvCodes $guard 'SecurityServicesConfigured' -Required
        services_running               = Get-HvCodes $guard 'SecurityServicesRunning' -Required
        available_properties           = Get-HvCodes $guard 'AvailableSecurityProperties' -Required
        required_properties            = Get-HvCodes $guard 'RequiredSecurityProperties'
        code_integrity_policy          = Get-HvNumber $guard 'CodeIntegrityPolicyEnforcementStatus'
        usermode_code_integrity_policy = Get-HvNumber $guard 'UsermodeCodeIntegrityPolicyEnforcementStatus'
    }
}

# Firmware that is no UEFI makes the cmdlet fail, which is an answer, too; it has no other sign of it than the exception.
function Read-HvSecureBoot {
    try { $state = $(if (Get-HvOne (SecureBoot\Confirm-SecureBootUEFI)) { 'on' } else { 'off' }) }
    catch [System.PlatformNotSupportedException] { $state = 'unsupported' }
    [ordered]@{
        state         = $state
        firmware_type = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control' 'PEFirmwareType'
    }
}

function Read-HvTpm {
    $tpm = Get-HvOne (TrustedPlatformModule\Get-Tpm)
    $present = Get-HvBoolean $tpm 'TpmPresent' -Required
    $class = $(if ($present) {
            Read-HvOptional 'the specification of the TPM' {
                Get-HvOne (Get-CimInstance -ClassName Win32_Tpm -Namespace root\cimv2\Security\MicrosoftTpm)
            }
        })
    $version = Get-HvText $tpm 'ManufacturerVersionFull20'
    [ordered]@{
        present                 = $present
        ready                   = Get-HvBoolean $tpm 'TpmReady'
        enabled                 = Get-HvBoolean $tpm 'TpmEnabled'
        activated               = Get-HvBoolean $tpm 'TpmActivated'
        owned                   = Get-HvBoolean $tpm 'TpmOwned'
        locked_out              = Get-HvBoolean $tpm 'LockedOut'
        manufacturer            = Get-HvText $tpm 'ManufacturerIdTxt'
        # A TPM 1.2 has a translated sentence there instead of a version.
        manufacturer_version_20 = $(if ($version -match '^[0-9]+(\.[0-9]+)+$') { $version })
        spec_version            = $(if ($null -ne $class) { Get-HvText $class 'SpecVersion' })
    }
}

function Read-HvLsaProtection {
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    $started = Read-HvOptional 'the start of LSASS in the System log' { Get-HvPlatformLsaStart }
    [ordered]@{
        run_as_ppl        = Get-HvRegistry $lsa 'RunAsPPL'
        run_as_ppl_policy = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\System' 'RunAsPPL'
        run_as_ppl_boot   = Get-HvRegistry $lsa 'RunAsPPLBoot'
        started_protected = $started
    }
}

# True: Wininit 12 since the last boot. False: the log reaches back to the boot and has none. Else nothing can be said.
function Get-HvPlatformLsaStart {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)
    $boot = Get-HvMoment $system 'LastBootUpTime' -Required
    $events = Get-HvEvents -Log 'System' -Provider 'Microsoft-Windows-Wininit' -Id 12 -Days 3650 -Most 1
    # The time of the boot is worked out from the clock, and moves when the clock is set.
    foreach ($event in $events) { if ($event.time -ge $boot.AddMinutes(-5)) { return $(if ($event.time -ge $boot) { $true }) } }
    $oldest = Get-HvLogStart 'System'
    if ($null -ne $oldest -and $oldest -le $boot) { return $false }
}

function Read-HvDriverInventory {
    $drivers = @(Get-CimInstance -ClassName Win32_SystemDriver -Namespace root\cimv2)
    if ($drivers.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows named no driver' }
    [ordered]@{
        drivers  = @(foreach ($driver in $drivers) { Get-HvPlatformDriver $driver })
        packages = Read-HvOptional 'driver packages' { , @(Get-HvPlatformPackages) }
    }
}

function Get-HvPlatformDriver($Driver) {
    $name = Get-HvText $Driver 'Name' -Required
    $path = Get-HvPlatformImage (Get-HvText $Driver 'PathName')
    $image = $(if ($null -ne $path) { Read-HvOptional "the image of $name" { Get-HvPlatformFile $path } })
    if ($null -eq $image) { $image = @{} }
    $altitudes = Read-HvOptional "altitudes of $name" { , @(Get-HvPlatformAltitudes $name) }
    [ordered]@{
        name          = $name
        path          = $path
        display_name  = Get-HvText $Driver 'DisplayName'
        state         = Get-HvText $Driver 'State' -Required
        start_mode    = Get-HvText $Driver 'StartMode' -Required
        service_type  = Get-HvText $Driver 'ServiceType'
        file_version  = $image['version']
        company       = $image['company']
        original_name = $image['original']
        size          = $image['size']
        sha256        = $image['sha256']
        altitudes     = @($altitudes | Where-Object -FilterScript { $null -ne $_ })
    }
}

# Paths stand there as the service control manager has them: \??\C:\..., \SystemRoot\..., system32\...
function Get-HvPlatformImage([string] $Path) {
    if ($Path -eq '') { return $null }
    $plain = $Path -replace '^\\\?\?\\', ''
    $windows = [System.Environment]::GetFolderPath('Windows')
    if ($plain -match '^(\\SystemRoot\\|%SystemRoot%\\)(.*)$') { return [System.IO.Path]::Combine($windows, $Matches[2]) }
    if ($plain -match '^system32\\') { return [System.IO.Path]::Combine($windows, $plain) }
    $plain
}

function Get-HvPlatformFile([string] $Path) {
    $item = Get-Item -LiteralPath $Path
    $info = Get-HvValue $item 'VersionInfo'
    $numbers = @('FileMajorPart', 'FileMinorPart', 'FileBuildPart', 'FilePrivatePart' | ForEach-Object -Process { Get-HvNumber $info $_ })
    @{
        size     = Get-HvNumber $item 'Length'
        version  = $(if ($numbers.Count -eq 4 -and $numbers -notcontains $null) { $numbers -join '.' })
        company  = Get-HvText $info 'CompanyName'
        original = Get-HvText $info 'OriginalFilename'
        sha256   = (Get-HvText (Get-HvOne (Get-FileHash -LiteralPath $Path -Algorithm SHA256)) 'Hash' -Required).ToLowerInvariant()
    }
}

function Get-HvPlatformAltitudes([string] $Driver) {
    $instances = "HKLM:\SYSTEM\CurrentControlSet\Services\$Driver\Instances"
    $names = Get-HvRegistryKeys $instances
    foreach ($instance in $names) {
        $altitude = Get-HvRegistry "$instances\$instance" 'Altitude'
        if ($altitude.state -eq 'present') { [string] $altitude.data }
    }
}

# One row a package, with the names of its devices.
function Get-HvPlatformPackages {
    $packages = [ordered]@{}
    foreach ($device in @(Get-CimInstance -ClassName Win32_PnPSignedDriver -Namespace root\cimv2)) {
        $version = Get-HvText $device 'DriverVersion'
        if ($null -eq $version) { continue }
        $inf = Get-HvText $device 'InfName'
        $key = "$inf|$version"
        if (-not $packages.Contains($key)) {
            $packages[$key] = [ordered]@{
                inf          = $inf
                version      = $version
                date         = Get-HvMoment $device 'DriverDate'
                provider     = Get-HvText $device 'DriverProviderName'
                signer       = Get-HvText $device 'Signer'
                signed       = Get-HvBoolean $device 'IsSigned'
                device_class = Get-HvText $device 'DeviceClass'
                devices      = @()
            }
        }
        $name = Get-HvText $device 'DeviceName'
        if ($null -ne $name -and $packages[$key]['devices'] -notcontains $name) { $packages[$key]['devices'] += $name }
    }
    $packages.Values
}
