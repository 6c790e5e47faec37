# Roles and features.

function Read-HvWindowsFeatures {
    $features = @(ServerManager\Get-WindowsFeature)
    if ($features.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'it gave no feature, and Windows Server has some' }
    [ordered]@{
        features = @(foreach ($feature in $features) {
                [ordered]@{
                    name          = Get-HvText $feature 'Name' -Required
                    installed     = Get-HvBoolean $feature 'Installed' -Required
                    install_state = Get-HvCode $feature 'InstallState' -Names @{ Available = 0; Installed = 1; Removed = 5 }
                }
            })
    }
}
