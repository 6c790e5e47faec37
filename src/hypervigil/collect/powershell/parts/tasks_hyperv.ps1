# Facts of Hyper-V: settings of the host and of its VMs, and what running guests say of themselves.

function Read-HvVmHost {
    $settings = Get-HvOne (Hyper-V\Get-VMHost)
    $ways = @{ CredSSP = 0; Kerberos = 1 }
    $transports = @{ TCPIP = 0; Compression = 1; SMB = 2 }
    [ordered]@{
        migration_enabled          = Get-HvBoolean $settings 'VirtualMachineMigrationEnabled' -Required
        migration_authentication   = Get-HvCode $settings 'VirtualMachineMigrationAuthenticationType' -Names $ways -Required
        migration_performance      = Get-HvCode $settings 'VirtualMachineMigrationPerformanceOption' -Names $transports -Required
        any_network_for_migration  = Get-HvBoolean $settings 'UseAnyNetworkForMigration' -Required
        maximum_migrations         = Get-HvNumber $settings 'MaximumVirtualMachineMigrations'
        maximum_storage_migrations = Get-HvNumber $settings 'MaximumStorageMigrations'
        enhanced_session_mode      = Get-HvBoolean $settings 'EnableEnhancedSessionMode'
        numa_spanning              = Get-HvBoolean $settings 'NumaSpanningEnabled'
        fqdn                       = Get-HvText $settings 'FullyQualifiedDomainName'
    }
}

function Read-HvMigrationNetworks {
    [ordered]@{
        networks = @(foreach ($network in Get-HvHypervList (Hyper-V\Get-VMMigrationNetwork)) {
                [ordered]@{
                    subnet   = Get-HvText $network 'Subnet' -Required
                    priority = Get-HvNumber $network 'Priority'
                }
            })
    }
}

function Read-HvVms {
    foreach ($vm in @(Hyper-V\Get-VM)) {
        [ordered]@{
            id         = Get-HvGuid $vm 'Id' -Required
            name       = Get-HvText $vm 'Name' -Required
            generation = Get-HvNumber $vm 'Generation' -Required
            version    = Get-HvText $vm 'Version' -Required
            state      = Get-HvCode $vm 'State'
            clustered  = Get-HvBoolean $vm 'IsClustered'
        }
    }
}

function Read-HvVmSecurity {
    $realized = @{}
    foreach ($system in Get-HvHypervSystems) { $realized[(Get-HvGuid $system 'VirtualSystemIdentifier' -Required)] = $null }
    foreach ($each in @(Get-CimInstance -ClassName Msvm_SecuritySettingData -Namespace root\virtualization\v2)) {
        # Settings of checkpoints begin with the id of the checkpoint, defaults with "Microsoft:Definition".
        $start = (Get-HvText $each 'InstanceID' -Required) -replace '^Microsoft:([0-9A-Fa-f-]{36})(\\.*)?$', '$1'
        if ($realized.ContainsKey($start.ToLowerInvariant())) { $realized[$start.ToLowerInvariant()] = $each }
    }
    $guarded = @(foreach ($id in @($realized.Keys)) {
            if ($null -ne $realized[$id] -and (Get-HvBoolean $realized[$id] 'TpmEnabled' -Required)) { $id }
        })
    $protectors = Get-HvHypervProtectors $guarded
    foreach ($id in @($realized.Keys | Sort-Object)) {
        $each = $realized[$id]
        if ($null -eq $each) {
            New-HvItemGap -Key $id -Cause not_in_source -Detail 'Msvm_SecuritySettingData has no instance of this VM'
            continue
        }
        [ordered]@{
            id                          = $id
            tpm_enabled                 = Get-HvBoolean $each 'TpmEnabled' -Required
            shielded                    = Get-HvBoolean $each 'ShieldingRequested' -Required
            encrypt_state_and_migration = Get-HvBoolean $each 'EncryptStateAndVmMigrationTraffic' -Required
            vbs_opt_out                 = Get-HvBoolean $each 'VirtualizationBasedSecurityOptOut' -Required
            ksd_enabled                 = Get-HvBoolean $each 'KsdEnabled'
            data_protection             = Get-HvBoolean $each 'DataProtectionRequested'
            bind_to_host_tpm            = Get-HvBoolean $each 'BindToHostTpm'
            protector_thumbprints       = $protectors[$id]
        }
    }
}

function Read-HvVmFirmware {
    foreach ($system in Get-HvHypervSystems) {
        $secureBoot = $null
        $template = $null
        if ((Get-HvText $system 'VirtualSystemSubType') -ne 'Microsoft:Hyper-V:SubType:1') {
            $secureBoot = Get-HvBoolean $system 'SecureBootEnabled'
            if ($null -ne (Get-HvText $system 'SecureBootTemplateId')) { $template = Get-HvGuid $system 'SecureBootTemplateId' }
        }
        [ordered]@{
            id          = Get-HvGuid $system 'VirtualSystemIdentifier' -Required
            secure_boot = $secureBoot
            template_id = $template
        }
    }
}

function Read-HvVmSwitches {
    $types = @{ Private = 0; Internal = 1; External = 2 }
    $switches = @(Get-HvHypervList (Hyper-V\Get-VMSwitch))
    $teamed = @(foreach ($each in $switches) { if (Get-HvBoolean $each 'EmbeddedTeamingEnabled') { $each } })
    $members = @{}
    if ($teamed.Count) {
        foreach ($team in @(Hyper-V\Get-VMSwitchTeam -VMSwitch $teamed)) {
            $members[(Get-HvGuid $team 'Id' -Required)] = Get-HvTexts $team 'NetAdapterInterfaceDescription' -Separator "`n"
        }
    }
    [ordered]@{
        switches = @(foreach ($each in $switches) {
                $id = Get-HvGuid $each 'Id' -Required
                # An internal or private switch has no adapter. A description may hold a comma.
                $adapters = Get-HvTexts $each 'NetAdapterInterfaceDescriptions' -Separator "`n"
                [ordered]@{
                    id                  = $id
                    name                = Get-HvText $each 'Name' -Required
                    type                = Get-HvCode $each 'SwitchType' -Names $types -Required
                    allow_management_os = Get-HvBoolean $each 'AllowManagementOS' -Required
                    adapters            = @(foreach ($name in $adapters) { $name })
                    embedded_teaming    = Get-HvBoolean $each 'EmbeddedTeamingEnabled'
                    team_adapters       = @(foreach ($name in $members[$id]) { $name })
                }
            })
    }
}

function Read-HvVmNetworkAdapters {
    [ordered]@{
        adapters = @(foreach ($adapter in Get-HvHypervList (Hyper-V\Get-VMNetworkAdapter -All)) {
                # The external port of a switch is the uplink, which vm_switches tells.
                if (-not (Get-HvBoolean $adapter 'IsExternalAdapter')) { Get-HvHypervAdapter $adapter }
            })
    }
}

function Read-HvGuestIdentity {
    foreach ($exchange in @(Get-CimInstance -ClassName Msvm_KvpExchangeComponent -Namespace root\virtualization\v2)) {
        $id = Get-HvGuid $exchange 'SystemName' -Required
        $said = Get-HvHypervSaid $id (Get-HvValue $exchange 'GuestIntrinsicExchangeItems')
        $product = $said['ProductType']
        [ordered]@{
            id           = $id
            fqdn         = $said['FullyQualifiedDomainName']
            os_name      = $said['OSName']
            os_version   = $said['OSVersion']
            product_type = $(if ($product -match '^[0-9]{1,9}$') { [int] $product })
        }
    }
}

# Objects as they are. Without elevation Hyper-V leaves out what it does not show: then none is not an answer.
function Get-HvHypervList([object[]] $Objects) {
    if ($null -ne $Objects -and $Objects.Count) { return $Objects }
    if ($HvOptions.Elevated -eq $false) {
        Stop-HvTask -Cause access_denied -Detail 'it gave nothing, and it gives what there is to elevated sessions only'
    }
}

# The settings that VMs run with: none of checkpoints, of planned VMs or of templates.
function Get-HvHypervSystems {
    $filter = "VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'"
    $wanted = 'InstanceID', 'VirtualSystemIdentifier', 'VirtualSystemType', 'VirtualSystemSubType', 'SecureBootEnabled',
    'SecureBootTemplateId'
    foreach ($system in @(Get-CimInstance -ClassName Msvm_VirtualSystemSettingData -Namespace root\virtualization\v2 `
                -Filter $filter -Property $wanted)) {
        if ((Get-HvText $system 'VirtualSystemType') -eq 'Microsoft:Hyper-V:System:Realized') { $system }
    }
}

# Thumbprints by VM id: what the key protectors name. Only VMs with a virtual TPM have one that matters, and the cmdlets
# take one VM a call; no class gives protectors of all VMs. After three VMs in a row that can not be read (the module is
# missing, say) the others are not tried.
function Get-HvHypervProtectors([string[]] $Ids) {
    $found = @{}
    if (@($Ids).Count -eq 0) { return $found }
    $vms = @{}
    $listed = Read-HvOptional 'key protectors' { Hyper-V\Get-VM }
    foreach ($vm in @($listed | Where-Object -FilterScript { $null -ne $_ })) { $vms[(Get-HvGuid $vm 'Id' -Required)] = $vm }
    $failed = 0
    foreach ($id in @($Ids | Sort-Object)) {
        if (-not $vms.ContainsKey($id)) { continue }
        $found[$id] = Read-HvOptional "the key protector of $id" { Get-HvHypervThumbprints $vms[$id] }
        $failed = $(if ($null -eq $found[$id]) { $failed + 1 } else { 0 })
        if ($failed -eq 3) {
            Add-HvRemark 'the key protectors of other VMs were not tried'
            break
        }
    }
    $found
}

# What the key protector of one VM names. The bytes of the protector stay in here.
function Get-HvHypervThumbprints($Vm) {
    [byte[]] $bytes = Hyper-V\Get-VMKeyProtector -VM $Vm
    # Without a protector there are four bytes.
    if ($null -eq $bytes -or $bytes.Count -lt 16) { return , @() }
    $protector = Get-HvOne (HgsClient\ConvertTo-HgsKeyProtector -Bytes $bytes)
    $owner = Get-HvValue $protector 'Owner' -Required
    $others = Get-HvValue $protector 'Guardians'
    $thumbprints = @(foreach ($guardian in @($owner) + @($others)) {
            if ($null -eq $guardian) { continue }
            $certificate = Get-HvValue $guardian 'EncryptionCertificate' -Required
            # The class has bytes where the module shows a certificate.
            if ($certificate -is [array]) {
                $certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, [byte[]] $certificate)
            }
            Get-HvText $certificate 'Thumbprint' -Required
        })
    , @($thumbprints | ForEach-Object -Process { $_.ToUpperInvariant() } | Sort-Object -Unique)
}

function Get-HvHypervAdapter($Adapter) {
    $isHost = Get-HvBoolean $Adapter 'IsManagementOs' -Required
    $vlan = Get-HvHypervPart (Get-HvValue $Adapter 'VlanSetting')
    # What the mode does not use is 0, or left from before.
    $mode = Get-HvCode $vlan 'OperationMode' -Names @{ Untagged = 0; Access = 1; Trunk = 2; Private = 3 }
    $isolation = Get-HvHypervPart (Get-HvValue $Adapter 'IsolationSetting')
    $acls = Get-HvValue $Adapter 'ExtendedAclList'
    $onOff = @{ On = 0; Off = 1 }
    [ordered]@{
        id                     = Get-HvText $Adapter 'Id' -Required
        name                   = Get-HvText $Adapter 'Name' -Required
        vm_id                  = $(if (-not $isHost) { Get-HvGuid $Adapter 'VMId' -Required })
        vm_name                = $(if (-not $isHost) { Get-HvText $Adapter 'VMName' })
        switch_name            = Get-HvText $Adapter 'SwitchName'
        switch_id              = Get-HvGuid $Adapter 'SwitchId'
        mac_address            = Get-HvText $Adapter 'MacAddress'
        ip_addresses           = @(foreach ($address in (Get-HvTexts $Adapter 'IPAddresses')) { $address })
        vlan_mode              = $mode
        access_vlan            = $(if ($mode -eq 1) { Get-HvNumber $vlan 'AccessVlanId' })
        native_vlan            = $(if ($mode -eq 2) { Get-HvNumber $vlan 'NativeVlanId' })
        allowed_vlans          = @(if ($mode -eq 2) { foreach ($number in (Get-HvCodes $vlan 'AllowedVlanIdList')) { $number } })
        primary_vlan           = $(if ($mode -eq 3) { Get-HvNumber $vlan 'PrimaryVlanId' })
        secondary_vlan         = $(if ($mode -eq 3) { Get-HvNumber $vlan 'SecondaryVlanId' })
        isolation_mode         = Get-HvText $isolation 'IsolationMode'
        default_isolation_id   = Get-HvNumber $isolation 'DefaultIsolationID'
        allow_untagged_traffic = Get-HvBoolean $isolation 'AllowUntaggedTraffic'
        multi_tenant_stack     = Get-HvHypervOnOff (Get-HvCode $isolation 'MultiTenantStack' -Names $onOff)
        mac_spoofing           = Get-HvHypervOnOff (Get-HvCode $Adapter 'MacAddressSpoofing' -Names $onOff)
        dhcp_guard             = Get-HvHypervOnOff (Get-HvCode $Adapter 'DhcpGuard' -Names $onOff)
        router_guard           = Get-HvHypervOnOff (Get-HvCode $Adapter 'RouterGuard' -Names $onOff)
        mirroring              = Get-HvCode $Adapter 'PortMirroringMode' -Names @{ None = 0; Destination = 1; Source = 2 }
        teaming                = Get-HvHypervOnOff (Get-HvCode $Adapter 'AllowTeaming' -Names $onOff)
        acls                   = @(foreach ($acl in $acls) { Get-HvHypervAcl $acl })
    }
}

function Get-HvHypervAcl($Acl) {
    [ordered]@{
        action         = Get-HvText $Acl 'Action' -Required
        direction      = Get-HvText $Acl 'Direction' -Required
        weight         = Get-HvNumber $Acl 'Weight' -Required
        local_address  = Get-HvText $Acl 'LocalIPAddress'
        remote_address = Get-HvText $Acl 'RemoteIPAddress'
        local_port     = Get-HvText $Acl 'LocalPort'
        remote_port    = Get-HvText $Acl 'RemotePort'
        protocol       = Get-HvText $Acl 'Protocol'
    }
}

# An object in an object; where there is none, one without properties.
function Get-HvHypervPart($Part) {
    if ($null -eq $Part) { return @{} }
    $Part
}

# Microsoft.HyperV.PowerShell.OnOffState counts On as 0.
function Get-HvHypervOnOff($Code) {
    if ($null -eq $Code) { return $null }
    if ($Code -ne 0 -and $Code -ne 1) { Stop-HvTask -Cause unparsable -Detail "a switch is $Code, expected On (0) or Off (1)" }
    $Code -eq 0
}

# What a guest says, of the four names that a fact is read from. All of it is the guest's own text: it is never run,
# resolved or believed, and no longer than it has to be. Of items that are no XML, the first is remarked on, and the rest
# of that guest is left out.
function Get-HvHypervSaid([string] $Id, $Items) {
    $longest = @{ FullyQualifiedDomainName = 255; OSName = 256; OSVersion = 64; ProductType = 16 }
    $wanted = @($longest.Keys) -join '|'
    $said = @{}
    foreach ($item in @($Items | Select-Object -First 100)) {
        if ($item -isnot [string] -or $item.Length -gt 65536 -or $item -notmatch $wanted) { continue }
        $pair = Read-HvOptional "what the guest $Id says" { Get-HvHypervItem $item }
        if ($null -eq $pair) { break }
        $name = $pair['Name']
        if ($null -eq $name -or -not $longest.ContainsKey($name) -or $said.ContainsKey($name)) { continue }
        $data = ([string] $pair['Data']).Trim()
        if ($data.Length -gt $longest[$name]) { $data = $data.Substring(0, $longest[$name]) }
        if ($data -ne '') { $said[$name] = $data }
    }
    $said
}

# Name and Data of an embedded Msvm_KvpExchangeDataItem: <INSTANCE><PROPERTY NAME="Data"><VALUE>...</VALUE></PROPERTY>.
function Get-HvHypervItem([string] $Text) {
    $settings = New-Object System.Xml.XmlReaderSettings
    $settings.DtdProcessing = [System.Xml.DtdProcessing]::Prohibit
    $settings.XmlResolver = $null
    # A guest may have put characters into a value that XML does not have.
    $settings.CheckCharacters = $false
    $reader = [System.Xml.XmlReader]::Create((New-Object System.IO.StringReader($Text)), $settings)
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.Load($reader)
    $pair = @{}
    foreach ($property in $document.SelectNodes('/INSTANCE/PROPERTY')) {
        $name = $property.GetAttribute('NAME')
        $value = $property.SelectSingleNode('VALUE')
        if (($name -eq 'Name' -or $name -eq 'Data') -and $null -ne $value) { $pair[$name] = $value.InnerText }
    }
    $pair
}
