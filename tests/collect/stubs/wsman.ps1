# What Get-WSManInstance gives, out of what winrm.cmd prints: "Name = value" is an element with text, four more blanks are a level.

function ConvertFrom-WinrmText {
    param([string[]] $Lines)
    $document = New-Object System.Xml.XmlDocument
    $open = @{ 0 = $document }
    foreach ($line in $Lines) {
        if ($line -notmatch '^( *)([A-Za-z0-9]+)(?: = (.*?))?\s*$') { continue }
        $level, $name, $value = ($Matches[1].Length / 4), $Matches[2], $Matches[3]
        # winrm.cmd prints elements of one name as one line.
        foreach ($text in $(if ($name -eq 'ListeningOn') { $value -split ', ' } else { "$value" })) {
            $element = $document.CreateElement('cfg', $name, 'http://schemas.microsoft.com/wbem/wsman/1/config')
            if ($text) { $element.InnerText = $text }
            $null = $open[[int] $level].AppendChild($element)
            $open[[int] $level + 1] = $element
        }
    }
    $document.DocumentElement
}

# The service as a Windows Server has it, the client as Windows 7 with WMF 5.1 has it; both recorded.
function Get-WinrmConfig {
    $client = @([System.IO.File]::ReadAllLines("$Recorded/winrm-get-config.win7-wmf5.1.txt"))
    $end = [array]::IndexOf($client, '    Service')
    $service = @([System.IO.File]::ReadAllLines("$Recorded/winrm-get-config-service.winserver.1.txt"))
    ConvertFrom-WinrmText (@($client[0..($end - 1)]) + @($service | ForEach-Object { "    $_" }))
}

# A plug-in as RegisterPSSessionConfiguration writes it (PowerShell/PowerShell, CustomShellCommands.cs).
function New-WinrmPlugin {
    param([string] $Name, [string] $Attributes, [hashtable] $Parameters = @{}, [string] $Sddl, [string] $Dll = '%windir%\system32\pwrshplugin.dll')
    $items = foreach ($key in $Parameters.Keys) {
        '<Param Name="{0}" Value="{1}"/>' -f $key, [System.Security.SecurityElement]::Escape($Parameters[$key])
    }
    $security = $(if ($Sddl) { "<Security Uri=""http://schemas.microsoft.com/powershell/$Name"" ExactMatch=""true"" Sddl=""$Sddl""/>" })
    ([xml] ('<PlugInConfiguration xmlns="http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration" ' +
            "Name=""$Name"" Filename=""$Dll"" SDKVersion=""2"" XmlRenderingType=""text"" xml:lang=""en-US"" RunAsPassword="""" " +
            "$Attributes><InitializationParameters>$items</InitializationParameters><Resources><Resource " +
            "ResourceUri=""http://schemas.microsoft.com/powershell/$Name"" SupportsOptions=""true"" ExactMatch=""true"">" +
            "$security<Capability Type=""Shell""/></Resource></Resources><Quotas MaxShells=""300""/></PlugInConfiguration>")).DocumentElement
}

# What a host has after installation, an endpoint for JEA, one that runs as somebody, and one that is no PowerShell.
# $env:STANDIN_PSSC is the configuration file of the JEA endpoint.
function Get-WinrmPlugins {
    $default = 'O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)'
    New-WinrmPlugin -Name 'microsoft.powershell' -Attributes 'Enabled="true" RunAsUser=""' -Parameters @{ PSVersion = '5.1' } -Sddl $default
    New-WinrmPlugin -Name 'microsoft.powershell32' -Attributes 'Enabled="false"' -Sddl $default -Dll '%windir%\syswow64\pwrshplugin.dll'
    New-WinrmPlugin -Name 'WMI Provider' -Attributes 'Enabled="true"' -Dll '%systemroot%\system32\WsmWmiPl.dll'
    New-WinrmPlugin -Name 'legacy' -Attributes 'Enabled="true" RunAsUser="CONTOSO\svc-jea"' -Sddl 'O:NSG:BAD:P(A;;GA;;;AU)'
    New-WinrmPlugin -Name "Betreuer-M$([char] 0xfc)nchen" -Sddl 'O:NSG:BAD:P(A;;GX;;;S-1-5-21-1-2-3-1110)' `
        -Attributes 'Enabled="true" RunAsVirtualAccount="true" RunAsVirtualAccountGroups="Hyper-V Administrators;Users"' `
        -Parameters @{ PSVersion = '5.1'; ConfigFilePath = "$env:STANDIN_PSSC" }
}
