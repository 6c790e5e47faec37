function Get-ScheduledTask {
    if ($instead = Get-Instead 'Get-ScheduledTask') { return & $instead }
    # made up: properties of MSFT_ScheduledTask, MSFT_TaskPrincipal2 and MSFT_TaskSettings3, enums as numbers; names as a German host has them.
    $umlaut = [char] 0xe4
    $rows = @(
        @('\Microsoft\Windows\Defrag\', 'ScheduledDefrag', 'SYSTEM', $null, 5, $true),
        @('\Microsoft\Windows\Shell\', 'FamilySafetyMonitor', $null, 'Benutzer', 4, $true),
        @('\Microsoft\Windows\Time\', 'Sync', 'LOKALER DIENST', $null, 5, $false),
        @('\Microsoft\Windows\Backup\', 'Hidden', 'svc-backup', $null, 1, $true),
        @('\', "T${umlaut}glich", 'SYSTEM', $null, 5, $true),
        @('\Contoso\', 'Cleanup', 'svc-clean', $null, 1, $false),
        @('\Contoso\', 'Rotate', 'gmsa-rotate$', $null, 1, $true),
        @('\Contoso\', 'Tray', $null, 'Administratoren', 4, $true)
    )
    foreach ($row in $rows) {
        $path, $name, $user, $group, $logon, $enabled = $row
        [pscustomobject] @{
            TaskPath = $path; TaskName = $name; Settings = [pscustomobject] @{ Enabled = $enabled }
            Principal = [pscustomobject] @{ UserId = $user; GroupId = $group; LogonType = $logon }
        }
    }
}
function Export-ScheduledTask {
    param([string] $TaskPath, [string] $TaskName)
    # made up: elements of the Task Scheduler schema.
    $users = @{
        'Hidden' = 'S-1-5-21-1000000000-2000000000-3000000000-1105'; 'Rotate' = 'S-1-5-21-1000000000-2000000000-3000000000-1106'
        'Cleanup' = 'CONTOSO\svc-clean'
    }
    '<?xml version="1.0" encoding="UTF-16"?>' + "`r`n" + '<Task version="1.2" ' +
        'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals><Principal id="Author"><UserId>' +
        $users[$TaskName] + '</UserId></Principal></Principals><Actions Context="Author"><Exec><Command>cmd.exe</Command>' +
        '<Arguments>/c secret-in-an-argument</Arguments></Exec></Actions></Task>'
}
