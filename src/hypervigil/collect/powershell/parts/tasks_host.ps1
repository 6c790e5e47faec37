# Facts of the host itself.

function Read-HvOperatingSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)
    $version = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    [ordered]@{
        name              = Get-HvText $system 'CSName' -Required
        build_number      = Get-HvNumber $system 'BuildNumber' -Required
        product_type      = Get-HvCode $system 'ProductType' -Required
        caption           = Get-HvText $system 'Caption' -Required
        sku               = Get-HvNumber $system 'OperatingSystemSKU'
        ubr               = (Get-HvRegistry $version 'UBR').data
        edition_id        = (Get-HvRegistry $version 'EditionID').data
        installation_type = (Get-HvRegistry $version 'InstallationType').data
        installed         = Get-HvMoment $system 'InstallDate'
        last_boot         = Get-HvMoment $system 'LastBootUpTime'
    }
}

function Read-HvComputerSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    [ordered]@{
        name               = Get-HvText $system 'Name' -Required
        part_of_domain     = Get-HvBoolean $system 'PartOfDomain' -Required
        domain_role        = Get-HvCode $system 'DomainRole' -Required
        dns_host_name      = Get-HvText $system 'DNSHostName'
        domain             = Get-HvText $system 'Domain'
        manufacturer       = Get-HvText $system 'Manufacturer'
        model              = Get-HvText $system 'Model'
        hypervisor_present = Get-HvBoolean $system 'HypervisorPresent'
    }
}
