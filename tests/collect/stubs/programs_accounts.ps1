# Programs of Windows that tell about accounts.

# Server 2025, recorded, in UTF-16 as Windows writes it; a right that a local account holds by name is added (made up).
function secedit.exe {
    $target = $args[[array]::IndexOf($args, '/cfg') + 1]
    $text = [System.IO.File]::ReadAllText("$Recorded/secedit-export.server2025.1.inf").Replace("`r", '').Replace("`n", "`r`n")
    $text = $text.Replace('[Version]', "SeDenyNetworkLogonRight = Guest,*S-1-5-114`r`n[Version]")
    [System.IO.File]::WriteAllText($target, $text, [System.Text.Encoding]::Unicode)
}
