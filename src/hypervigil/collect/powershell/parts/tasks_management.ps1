# Facts of how a host is managed: RDP, WinRM, what is installed, whose profiles lie there, BitLocker, PowerShell's records.

function Read-HvRdp {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services'
    $server = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
    $listener = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp'
    [ordered]@{
        deny_policy              = Get-HvRegistry $policy 'fDenyTSConnections'
        deny_local               = Get-HvRegistry $server 'fDenyTSConnections'
        nla_policy               = Get-HvRegistry $policy 'UserAuthentication'
        nla_local                = Get-HvRegistry $listener 'UserAuthentication'
        security_layer_policy    = Get-HvRegistry $policy 'SecurityLayer'
        security_layer_local     = Get-HvRegistry $listener 'SecurityLayer'
        encryption_level_policy  = Get-HvRegistry $policy 'MinEncryptionLevel'
        encryption_level_local   = Get-HvRegistry $listener 'MinEncryptionLevel'
        port                     = Get-HvRegistry $listener 'PortNumber'
        drive_redirection_policy = Get-HvRegistry $policy 'fDisableCdm'
        restricted_admin         = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' 'DisableRestrictedAdmin'
    }
}

function Read-HvWinrm {
    $running = Get-HvManagementWinrmRuns
    if (-not $running) { return [ordered]@{ running = $false } }
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'WinRM answers elevated sessions only' }
    $config = ConvertFrom-HvManagementXml (Get-HvOne (Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config))
    $service = Get-HvValue $config 'Service' -Required
    $auth = Get-HvValue $service 'Auth' -Required
    $client = Get-HvValue $config 'Client' -Required
    $clientAuth = Get-HvValue $client 'Auth' -Required
    [ordered]@{
        running                  = $true
        allow_unencrypted        = Get-HvBoolean $service 'AllowUnencrypted'
        auth_basic               = Get-HvBoolean $auth 'Basic'
        auth_kerberos            = Get-HvBoolean $auth 'Kerberos'
        auth_negotiate           = Get-HvBoolean $auth 'Negotiate'
        auth_certificate         = Get-HvBoolean $auth 'Certificate'
        auth_credssp             = Get-HvBoolean $auth 'CredSSP'
        channel_binding          = Get-HvText $auth 'CbtHardeningLevel'
        ipv4_filter              = Get-HvText $service 'IPv4Filter'
        ipv6_filter              = Get-HvText $service 'IPv6Filter'
        root_sddl                = Get-HvText $service 'RootSDDL'
        client_allow_unencrypted = Get-HvBoolean $client 'AllowUnencrypted'
        client_auth_basic        = Get-HvBoolean $clientAuth 'Basic'
        client_auth_digest       = Get-HvBoolean $clientAuth 'Digest'
        client_auth_credssp      = Get-HvBoolean $clientAuth 'CredSSP'
        trusted_hosts            = Get-HvTexts $client 'TrustedHosts'
        listeners                = Get-HvManagementListeners
    }
}

function Read-HvInstalledSoftware {
    $products = @(
        Get-HvManagementProducts 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
        Get-HvManagementProducts 'HKLM:\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
        Get-HvManagementClients 'HKLM:\SOFTWARE\Clients\StartMenuInternet' 'browser'
        Get-HvManagementClients 'HKLM:\SOFTWARE\Clients\Mail' 'mail client'
    )
    $seen = @{}
    [ordered]@{
        # Some products stand in both lists, for 64 and 32 bits.
        products = @(foreach ($product in $products) {
                $key = @($product.Values) -join "`n"
                if (-not $seen.ContainsKey($key)) { $seen[$key] = $true; $product }
            })
    }
}

function Read-HvUserProfiles {
    [ordered]@{
        profiles = @(foreach ($each in @(Get-CimInstance -ClassName Win32_UserProfile -Namespace root\cimv2)) {
                [ordered]@{
                    sid      = Get-HvText $each 'SID' -Required
                    path     = Get-HvText $each 'LocalPath' -Required
                    last_use = Get-HvMoment $each 'LastUseTime'
                    loaded   = Get-HvBoolean $each 'Loaded'
                    special  = Get-HvBoolean $each 'Special' -Required
                }
            })
    }
}

# Not by Get-BitLockerVolume, which fetches the recovery passwords as well.
function Read-HvBitlocker {
    $spaces = @(Get-CimInstance -ClassName __NAMESPACE -Namespace root\cimv2\security)
    $spaces = @(foreach ($space in $spaces) { Get-HvText $space 'Name' })
    if ($spaces -notcontains 'MicrosoftVolumeEncryption') { return [ordered]@{ installed = $false; volumes = @() } }
    $found = @(Get-CimInstance -ClassName Win32_EncryptableVolume -Namespace root\cimv2\security\MicrosoftVolumeEncryption)
    $places = @{}
    foreach ($volume in @(Get-CimInstance -ClassName Win32_Volume -Namespace root\cimv2)) {
        $places[(Get-HvText $volume 'DeviceID' -Required)] = Get-HvText $volume 'Name'
    }
    [ordered]@{
        installed = $true
        volumes   = @(foreach ($volume in $found) {
                $device = Get-HvText $volume 'DeviceID' -Required
                # A CSV volume has no letter but a folder below C:\ClusterStorage; others may have neither.
                $place = Get-HvText $volume 'DriveLetter'
                if ($null -eq $place) { $place = $places[$device] }
                if ($null -eq $place) { $place = $device }
                $type = Get-HvCode $volume 'VolumeType'
                [ordered]@{
                    mount_point       = $place.TrimEnd('\')
                    protection        = Get-HvCode $volume 'ProtectionStatus' -Required
                    volume_type       = $type
                    conversion_status = Get-HvCode $volume 'ConversionStatus'
                    encryption_method = Get-HvCode $volume 'EncryptionMethod'
                    protectors        = Get-HvManagementProtectors $volume
                    system_volume     = $type -eq 0
                }
            })
    }
}

function Read-HvPowershellLogging {
    $blocks = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging'
    $modules = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging'
    $names = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging\ModuleNames'
    $transcripts = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription'
    [ordered]@{
        script_block            = Get-HvRegistry $blocks 'EnableScriptBlockLogging'
        script_block_invocation = Get-HvRegistry $blocks 'EnableScriptBlockInvocationLogging'
        module                  = Get-HvRegistry $modules 'EnableModuleLogging'
        module_names            = @(foreach ($name in (Get-HvRegistryNames $names)) {
                $value = Get-HvRegistry $names $name
                if ($value.data -is [string]) { $value.data }
            })
        transcription           = Get-HvRegistry $transcripts 'EnableTranscripting'
        transcription_header    = Get-HvRegistry $transcripts 'EnableInvocationHeader'
        transcription_directory = Get-HvRegistry $transcripts 'OutputDirectory'
    }
}

# Whether the WinRM service runs. The WSMan: drive and Get-WSManInstance need it, and the drive offers to start it.
function Get-HvManagementWinrmRuns {
    $services = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 -Filter "Name = 'WinRM'")
    $service = Get-HvOne @($services | Where-Object -FilterScript { (Get-HvText $_ 'Name') -eq 'WinRM' })
    (Get-HvText $service 'State' -Required) -eq 'Running'
}

# Listeners, those that policy makes among them.
function Get-HvManagementListeners {
    $found = @(Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config/listener -Enumerate)
    , @(foreach ($element in $found) {
            $listener = ConvertFrom-HvManagementXml $element
            $thumbprint = Get-HvText $listener 'CertificateThumbprint'
            $addresses = Get-HvTexts $listener 'ListeningOn'
            [ordered]@{
                address                = Get-HvText $listener 'Address' -Required
                transport              = Get-HvText $listener 'Transport' -Required
                port                   = Get-HvNumber $listener 'Port' -Required
                hostname               = Get-HvText $listener 'Hostname'
                certificate_thumbprint = $(if ($null -ne $thumbprint) { $thumbprint.Replace(' ', '').ToUpperInvariant() })
                enabled                = Get-HvBoolean $listener 'Enabled'
                listening_on           = @($addresses | Where-Object -FilterScript { $null -ne $_ })
            }
        })
}

# An XML element as a dictionary: attributes and elements by their names without prefix; elements of one name are an array.
# Where a value comes from (the attribute Source, on what policy sets) is left out.
function ConvertFrom-HvManagementXml([System.Xml.XmlElement] $Element) {
    $found = [ordered]@{}
    foreach ($attribute in $Element.Attributes) {
        if ($attribute.NamespaceURI -eq '') { $found[$attribute.LocalName] = $attribute.Value }
    }
    foreach ($name in @($Element.SelectNodes('*') | ForEach-Object -Process { $_.LocalName } | Select-Object -Unique)) {
        $values = @(foreach ($child in $Element.SelectNodes("*[local-name()='$name']")) {
                $plain = @($child.Attributes | Where-Object -FilterScript {
                        $_.LocalName -ne 'Source' -and $_.NamespaceURI -eq '' })
                if ($child.SelectNodes('*').Count + $plain.Count) { ConvertFrom-HvManagementXml $child }
                else { $child.InnerText }
            })
        $found[$name] = $(if ($values.Count -eq 1) { $values[0] } else { $values })
    }
    $found
}

# What an uninstall key lists. Entries without a name are parts and updates.
function Get-HvManagementProducts([string] $Key) {
    foreach ($name in (Get-HvRegistryKeys $Key)) {
        $shown = Get-HvManagementValue "$Key\$name" 'DisplayName'
        if ($null -eq $shown) { continue }
        [ordered]@{
            name      = $shown
            version   = Get-HvManagementValue "$Key\$name" 'DisplayVersion'
            publisher = Get-HvManagementValue "$Key\$name" 'Publisher'
            kind      = 'uninstall'
        }
    }
}

# What registered itself as a browser or mail program: the name it shows is the key's unnamed value.
function Get-HvManagementClients([string] $Key, [string] $Kind) {
    foreach ($name in (Get-HvRegistryKeys $Key)) {
        $shown = Get-HvManagementValue "$Key\$name" ''
        if ($null -eq $shown) { $shown = $name }
        [ordered]@{ name = $shown; version = $null; publisher = $null; kind = $Kind }
    }
}

# The text of a registry value, $null where there is none.
function Get-HvManagementValue([string] $Key, [string] $Name) {
    $value = Get-HvRegistry $Key $Name
    if ($value.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail "$Key may not be read" }
    if ($value.data -is [string] -and $value.data.Trim() -ne '') { $value.data.Trim() }
}

# The kinds of protectors of a volume, by their ids; what they protect with is never asked for.
function Get-HvManagementProtectors($Volume) {
    $kinds = @{
        0 = 'Unknown'; 1 = 'Tpm'; 2 = 'ExternalKey'; 3 = 'RecoveryPassword'; 4 = 'TpmPin'; 5 = 'TpmStartupKey'
        6 = 'TpmPinStartupKey'; 7 = 'PublicKey'; 8 = 'Password'; 9 = 'TpmNetworkKey'; 10 = 'AdAccountOrGroup'
    }
    $answer = Get-HvOne (Invoke-CimMethod -InputObject $Volume -MethodName GetKeyProtectors `
            -Arguments @{ KeyProtectorType = [uint32] 0 })
    $status = Get-HvNumber $answer 'ReturnValue' -Required
    # FVE_E_NOT_ACTIVATED: BitLocker is not set up on it.
    if ($status -eq 2150694920) { return , @() }
    if ($status -ne 0) { Stop-HvTask -Cause unparsable -Detail "GetKeyProtectors ended with $status" }
    , @(foreach ($id in (Get-HvTexts $answer 'VolumeKeyProtectorID')) {
            $type = Get-HvOne (Invoke-CimMethod -InputObject $Volume -MethodName GetKeyProtectorType `
                    -Arguments @{ VolumeKeyProtectorID = $id })
            $number = [int] (Get-HvNumber $type 'KeyProtectorType' -Required)
            $(if ($kinds.ContainsKey($number)) { $kinds[$number] } else { "$number" })
        })
}
