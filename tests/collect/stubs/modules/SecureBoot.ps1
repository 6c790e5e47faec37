# Module SecureBoot.

# Recorded in Microsoft's documentation; the file holds the one word.
function Confirm-SecureBootUEFI {
    param()
    $instead = Get-Instead 'Confirm-SecureBootUEFI'
    if ($instead) { return & $instead }
    [System.IO.File]::ReadAllText("$Recorded/Confirm-SecureBootUEFI.docs.1.txt").Trim() -eq 'True'
}
