# Classes of root\cimv2 about the host itself.

function Cim-Win32_OperatingSystem {
    # Server 2016, recorded; its name is that of the host asked.
    $found = Import-Clixml -LiteralPath "$RecordedClixml/server2016/Win32_OperatingSystem.xml"
    $found | Add-Member -MemberType NoteProperty -Name CSName -Value (Get-StandInNode) -Force
    $found
}

function Cim-Win32_ComputerSystem {
    # Server 2016, recorded; its names are those of the host asked, in a domain.
    $found = Import-Clixml -LiteralPath "$RecordedClixml/server2016/HyperV_Win32_ComputerSystem.xml"
    $with = @{
        Name = Get-StandInNode; DNSHostName = (Get-StandInNode).ToLowerInvariant(); Domain = 'contoso.com'
        PartOfDomain = $true; DomainRole = [uint16] 3
    }
    foreach ($name in $with.Keys) { $found | Add-Member -MemberType NoteProperty -Name $name -Value $with[$name] -Force }
    $found
}
