# Classes about the platform.

function Cim-Win32_DeviceGuard {
    # Windows 10 2004, recorded; the list that its view cuts short is written out: made up from 6 on.
    $found = Read-Recorded 'Win32_DeviceGuard.win10-2004.1.txt' -With @{ AvailableSecurityProperties = [uint32[]] @(1, 2, 3, 5, 6, 7) }
    foreach ($name in 'SecurityServicesConfigured', 'SecurityServicesRunning', 'RequiredSecurityProperties') {
        $found.$name = [uint32[]] @($found.$name)
    }
    $found
}

function Cim-Win32_Tpm {
    # made up: the property and its form are those of the class; numbers as a TPM 2.0 has them
    [pscustomobject] @{ SpecVersion = '2.0, 0, 1.38' }
}

function Cim-Win32_SystemDriver {
    # made up: properties and forms of the class in Server 2019; the image of the third is not there
    [pscustomobject] @{
        Name = 'disk'; DisplayName = 'Datentr' + [char] 228 + 'gertreiber'; PathName = '\SystemRoot\System32\drivers\disk.sys'
        State = 'Running'; StartMode = 'Boot'; ServiceType = 'Kernel Driver'
    }
    [pscustomobject] @{
        Name = 'FltMgr'; DisplayName = 'FltMgr'; PathName = 'system32\drivers\fltmgr.sys'
        State = 'Running'; StartMode = 'Boot'; ServiceType = 'File System Driver'
    }
    [pscustomobject] @{
        Name = 'gone'; DisplayName = 'gone'; PathName = '\??\C:\Windows\System32\drivers\gone.sys'
        State = 'Stopped'; StartMode = 'Manual'; ServiceType = 'Kernel Driver'
    }
}

function Cim-Win32_PnPSignedDriver {
    # made up: properties and forms of the class in Server 2019
    foreach ($device in 'Netzwerkkarte 1', 'Netzwerkkarte 2') {
        [pscustomobject] @{
            InfName = 'oem5.inf'; DriverVersion = '1.2.3.4'; DriverDate = [datetime]::SpecifyKind([datetime] '2024-01-15', 'Utc'); DriverProviderName = 'Example'
            Signer = 'Microsoft Windows Hardware Compatibility Publisher'; IsSigned = $true; DeviceClass = 'NET'; DeviceName = $device
        }
    }
    [pscustomobject] @{
        InfName = $null; DriverVersion = $null; DriverDate = $null; DriverProviderName = $null; Signer = $null; IsSigned = $null
        DeviceClass = $null; DeviceName = 'Software'
    }
}

function Cim-Win32_PnPEntity {
    # made up: properties and forms of the class in Server 2019
    [pscustomobject] @{
        PNPDeviceID = 'PCI\VEN_8086&DEV_1572'; ConfigManagerErrorCode = [uint32] 39; Name = 'Netzwerkkarte'; Service = 'i40ea'
        PNPClass = 'Net'; ClassGuid = '{4D36E972-E325-11CE-BFC1-08002BE10318}'; Present = $true
    }
}
