# Classes about profiles and volumes.

function Cim-Win32_UserProfile {
    # made up: property names and types of Win32_UserProfile.
    $moment = [datetime]::new(2026, 10, 5, 7, 30, 0, [System.DateTimeKind]::Utc)
    [pscustomobject] @{ SID = 'S-1-5-18'; LocalPath = 'C:\Windows\system32\config\systemprofile'; LastUseTime = $moment; Loaded = $true; Special = $true }
    [pscustomobject] @{
        SID = 'S-1-5-21-1000000000-2000000000-3000000000-1105'; LocalPath = "C:\Users\j$([char] 0xfc)rgen"
        LastUseTime = $null; Loaded = $false; Special = $false
    }
}

function Cim-__NAMESPACE {
    # made up: namespaces below root\cimv2\security.
    foreach ($name in 'MicrosoftTpm', 'MicrosoftVolumeEncryption') { [pscustomobject] @{ Name = $name } }
}

function Cim-Win32_EncryptableVolume {
    # Windows 10, recorded: the system volume and a stick. A CSV volume is made up.
    $recorded = Get-Content -LiteralPath "$Recorded/Win32_EncryptableVolume.win10.1.json" -Raw | ConvertFrom-Json
    foreach ($each in $recorded) { $each.volume }
    [pscustomobject] @{
        DeviceID = '\\?\Volume{00000000-0000-4000-8000-000000000001}\'; DriveLetter = $null; VolumeType = [uint32] 1
        ProtectionStatus = [uint32] 1; ConversionStatus = [uint32] 1; EncryptionMethod = [uint32] 7
    }
}

function Cim-Win32_Volume {
    # made up: a CSV volume is called by its folder.
    [pscustomobject] @{ DeviceID = '\\?\Volume{00000000-0000-4000-8000-000000000001}\'; Name = 'C:\ClusterStorage\Volume1\' }
    [pscustomobject] @{ DeviceID = '\\?\Volume{1b7897f7-3916-496c-91de-704fde33dde9}\'; Name = 'C:\' }
}

function Method-GetKeyProtectors {
    param($InputObject, [string] $Query, $Arguments)
    # made up: out-parameters as documented; the stick has BitLocker not set up (FVE_E_NOT_ACTIVATED).
    if ($Arguments.KeyProtectorType -ne 0) { throw "asked for kind $($Arguments.KeyProtectorType)" }
    switch ($InputObject.DriveLetter) {
        'C:' { return [pscustomobject] @{ ReturnValue = [uint32] 0; VolumeKeyProtectorID = @('{1}', '{3}') } }
        'E:' { return [pscustomobject] @{ ReturnValue = [uint32] 2150694920; VolumeKeyProtectorID = $null } }
    }
    [pscustomobject] @{ ReturnValue = [uint32] 0; VolumeKeyProtectorID = @('{10}') }
}

function Method-GetKeyProtectorType {
    param($InputObject, [string] $Query, $Arguments)
    # made up: the number of a kind is its id.
    [pscustomobject] @{ ReturnValue = [uint32] 0; KeyProtectorType = [uint32] $Arguments.VolumeKeyProtectorID.Trim('{}') }
}
