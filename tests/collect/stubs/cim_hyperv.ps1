# Classes of root\virtualization\v2, of the two VMs that Get-VM lists. Property names and types are those of the classes
# (CIM.types in the recorded data); all values are made up.

function Get-StandInVmPrefix {
    param([int] $Number)
    'Microsoft:' + "$(Get-StandInVmId $Number)".ToUpperInvariant()
}

# made up: a second-generation VM, a first-generation one, a checkpoint of the first, a template
function Cim-Msvm_VirtualSystemSettingData {
    foreach ($number in 1, 2) {
        [pscustomobject] @{
            InstanceID = Get-StandInVmPrefix $number; VirtualSystemIdentifier = "$(Get-StandInVmId $number)".ToUpperInvariant()
            VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'
            VirtualSystemSubType = "Microsoft:Hyper-V:SubType:$(3 - $number)"; SecureBootEnabled = $number -eq 1
            SecureBootTemplateId = ('1734C6E8-3154-4DDA-BA5F-A874CC483422', '')[$number - 1]
        }
    }
    [pscustomobject] @{
        InstanceID = 'Microsoft:AAAAAAAA-0000-4000-8000-00000000000A'
        VirtualSystemIdentifier = "$(Get-StandInVmId 1)".ToUpperInvariant()
        VirtualSystemType = 'Microsoft:Hyper-V:Snapshot:Realized'; VirtualSystemSubType = 'Microsoft:Hyper-V:SubType:2'
        SecureBootEnabled = $false; SecureBootTemplateId = $null
    }
    [pscustomobject] @{
        InstanceID = 'Microsoft:Definition\System\Default'; VirtualSystemIdentifier = $null
        VirtualSystemType = 'Microsoft:Hyper-V:System:Definition'; VirtualSystemSubType = 'Microsoft:Hyper-V:SubType:2'
        SecureBootEnabled = $true; SecureBootTemplateId = $null
    }
}

# made up: of each of the same
function Cim-Msvm_SecuritySettingData {
    $starts = (Get-StandInVmPrefix 1), (Get-StandInVmPrefix 2), 'Microsoft:AAAAAAAA-0000-4000-8000-00000000000A',
    'Microsoft:Definition\BBBBBBBB-0000-4000-8000-00000000000B'
    foreach ($start in $starts) {
        $first = $start -eq $starts[0]
        [pscustomobject] @{
            InstanceID = "$start\CCCCCCCC-0000-4000-8000-00000000000C"; TpmEnabled = $first; KsdEnabled = $false
            ShieldingRequested = $false; DataProtectionRequested = $false; EncryptStateAndVmMigrationTraffic = $first
            VirtualizationBasedSecurityOptOut = -not $first; BindToHostTpm = $false
        }
    }
}

# An embedded instance as vmms writes it: CIM-XML.
function New-StandInKvpItem {
    param([string] $Name, [string] $Data)
    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Caption" TYPE="string"></PROPERTY>' +
    '<PROPERTY NAME="Data" TYPE="string"><VALUE>' + [System.Security.SecurityElement]::Escape($Data) +
    '</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>' + [System.Security.SecurityElement]::Escape($Name) +
    '</VALUE></PROPERTY><PROPERTY NAME="Source" TYPE="uint16"><VALUE>2</VALUE></PROPERTY></INSTANCE>'
}

# made up: a domain controller that runs, and a VM that is off
function Cim-Msvm_KvpExchangeComponent {
    [pscustomobject] @{
        SystemName = "$(Get-StandInVmId 1)".ToUpperInvariant()
        GuestIntrinsicExchangeItems = [string[]] (
            (New-StandInKvpItem 'FullyQualifiedDomainName' 'dc01.contoso.com'),
            (New-StandInKvpItem 'OSName' 'Windows Server 2025 Datacenter'), (New-StandInKvpItem 'OSVersion' '10.0.26100'),
            (New-StandInKvpItem 'ProductType' '2'), (New-StandInKvpItem 'NetworkAddressIPv4' '10.1.0.5')
        )
    }
    [pscustomobject] @{ SystemName = "$(Get-StandInVmId 2)".ToUpperInvariant(); GuestIntrinsicExchangeItems = $null }
}
