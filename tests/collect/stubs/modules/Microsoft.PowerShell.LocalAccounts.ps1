function Get-LocalUser {
    if ($instead = Get-Instead 'Get-LocalUser') { return & $instead }
    # Server 2019, recorded: dates and SIDs as they were; JSON has a SID's parts as properties, as the object has them.
    Get-Content -LiteralPath "$Recorded/Get-LocalUser.server2019.1.json" -Raw | ConvertFrom-Json | ForEach-Object { $_ }
}
function Get-LocalGroup {
    if ($instead = Get-Instead 'Get-LocalGroup') { return & $instead }
    # made up: names of a German host; SIDs are fixed. Properties as in the reference of Microsoft.PowerShell.LocalAccounts.
    $names = [ordered] @{
        'S-1-5-32-544' = 'Administratoren'; 'S-1-5-32-546' = "G$([char] 0xe4)ste"; 'S-1-5-32-578' = 'Hyper-V-Administratoren'
        'S-1-5-32-555' = 'Remotedesktopbenutzer'; 'S-1-5-32-580' = 'Remoteverwaltungsbenutzer'
    }
    foreach ($sid in $names.Keys) { [pscustomobject] @{ Name = $names[$sid]; SID = [pscustomobject] @{ Value = $sid } } }
}
function Get-LocalGroupMember {
    param([string] $SID)
    # Server 2016, recorded: members of Administrators. The other groups are empty.
    if ($SID -eq 'S-1-5-32-544') { Import-Clixml -LiteralPath "$RecordedClixml/server2016/GetLocalGroupMember.xml" }
}
