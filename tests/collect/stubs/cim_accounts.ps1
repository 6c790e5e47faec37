# Classes of root\cimv2 about accounts and what runs as them.

function Cim-Win32_Service {
    # made up: property names and types of Win32_Service (types recorded for Server 2019); State and StartMode as the class has them.
    $german = "NT-AUTORIT$([char] 0xc4)T"
    $rows = @(
        @('vmms', 'Hyper-V-Verwaltung', 'LocalSystem', 'Running', 'Auto', 'C:\Windows\system32\vmms.exe', 1200),
        @('ClusSvc', 'Clusterdienst', 'LocalSystem', 'Running', 'Auto', 'C:\Windows\Cluster\clussvc.exe -s', 1204),
        @('WinRM', 'Windows-Remoteverwaltung', 'NT AUTHORITY\NetworkService', 'Running', 'Auto',
            'C:\Windows\System32\svchost.exe -k NetworkService -p', 1208),
        @('Dnscache', 'DNS-Client', "$german\Netzwerkdienst", 'Running', 'Auto', 'C:\Windows\system32\svchost.exe -k n', 1212),
        @('SQLAgent', 'SQL Agent', 'NT SERVICE\TrustedInstaller', 'Stopped', 'Manual', '"C:\Program Files\SQL\agent.exe" -i X', 0),
        @('Backup', 'Sicherung', 'CONTOSO\svc-backup', 'Running', 'Auto',
            'C:\Program Files\Backup Agent\agent.exe /password secret-in-an-argument', 1216),
        @('Monitor', 'Monitor', 'CONTOSO\gmsa-mon$', 'Stopped', 'Disabled', '"C:\Monitor\m.exe"', 0),
        @('Local', 'Local', '.\sshd', 'Stopped', 'Manual', 'C:\local\l.exe', 0),
        @('PerUser_1a2b3', 'Per user', $null, 'Stopped', 'Manual', $null, 0)
    )
    foreach ($row in $rows) {
        $found = [ordered] @{}
        $names = 'Name', 'DisplayName', 'StartName', 'State', 'StartMode', 'PathName'
        for ($place = 0; $place -lt 6; $place++) { $found[$names[$place]] = $row[$place] }
        $found['ProcessId'] = [uint32] $row[6]
        [pscustomobject] $found
    }
}

function Cim-Win32_SystemAccount {
    # made up: Name and SID of Win32_SystemAccount on a German host.
    $accounts = [ordered] @{ 'SYSTEM' = 'S-1-5-18'; 'LOKALER DIENST' = 'S-1-5-19'; 'NETZWERKDIENST' = 'S-1-5-20'; 'Jeder' = 'S-1-1-0' }
    foreach ($name in $accounts.Keys) { [pscustomobject] @{ Name = $name; SID = $accounts[$name]; Domain = (Get-StandInNode) } }
}

function Method-GetOwnerSid {
    param($InputObject, [string] $Query, $Arguments)
    # made up: out-parameters of Win32_Process.GetOwnerSid.
    $owners = @{ '1212' = 'S-1-5-20'; '1216' = 'S-1-5-21-1000000000-2000000000-3000000000-1105' }
    if ($Query -match 'ProcessId = (\d+)$' -and $owners.ContainsKey($Matches[1])) {
        return [pscustomobject] @{ Sid = $owners[$Matches[1]]; ReturnValue = [uint32] 0 }
    }
    [pscustomobject] @{ Sid = $null; ReturnValue = [uint32] 2 }
}
