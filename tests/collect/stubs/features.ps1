# Server 2016, recorded: all 263 roles and features. The file is read as XML, since Import-Clixml makes CIM objects of a part
# of it, which this engine has no library for.
function StandIn-WindowsFeatures {
    $document = New-Object System.Xml.XmlDocument
    $document.Load("$RecordedClixml/server2016/GetWindowsFeature.xml")
    foreach ($feature in $document.SelectNodes("/*/*[local-name()='Obj']")) {
        $found = @{}
        foreach ($name in 'Name', 'Installed') {
            $found[$name] = $feature.SelectSingleNode("*[local-name()='Props']/*[@N='$name']").InnerText
        }
        $state = $feature.SelectSingleNode("*[local-name()='Props']/*[@N='InstallState']/*[local-name()='I32']").InnerText
        [pscustomobject] @{ Name = $found.Name; Installed = [bool]::Parse($found.Installed); InstallState = [int] $state }
    }
}
