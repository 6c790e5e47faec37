# Facts of accounts: services, scheduled tasks, local groups and users, user rights, and the policies about them.

function Read-HvServices {
    $services = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2)
    if ($services.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows named no service' }
    $sids = Get-HvAccountsOfServices $services
    [ordered]@{
        services = @(foreach ($service in $services) {
                $account = Get-HvText $service 'StartName'
                [ordered]@{
                    name         = Get-HvText $service 'Name' -Required
                    display_name = Get-HvText $service 'DisplayName'
                    account      = $account
                    account_sid  = $(if ($null -ne $account) { $sids[$account] })
                    state        = Get-HvText $service 'State' -Required
                    start_mode   = Get-HvText $service 'StartMode' -Required
                    path         = Get-HvAccountsProgram (Get-HvText $service 'PathName')
                }
            })
    }
}

function Read-HvScheduledTasks {
    $logons = @{
        None = 0; Password = 1; S4U = 2; Interactive = 3; Group = 4; ServiceAccount = 5; InteractiveOrPassword = 6
    }
    $system = Get-HvAccountsOfSystem
    [ordered]@{
        tasks = @(foreach ($task in @(ScheduledTasks\Get-ScheduledTask)) {
                $path = Get-HvText $task 'TaskPath' -Required
                $name = Get-HvText $task 'TaskName' -Required
                $principal = Get-HvValue $task 'Principal' -Required
                $user = Get-HvText $principal 'UserId'
                $logon = Get-HvCode $principal 'LogonType' -Names $logons
                $sid = $(if ($null -ne $user -and $logon -eq 5) { Get-HvAccountsSid $user $system })
                # Windows brings about 200 tasks that run as the system or as whoever is logged on.
                if ($path -like '\Microsoft\Windows\*' -and ($null -eq $user -or $null -ne $sid)) { continue }
                if ($null -ne $user -and $null -eq $sid) {
                    $definition = Get-HvAccountsOfTask $path $name
                    $sid = $(if ($null -ne $definition) { Get-HvAccountsSid $definition @{} })
                    # A name stands there with its domain, which Principal leaves out.
                    if ($null -ne $definition -and $null -eq $sid) { $user = $definition }
                }
                [ordered]@{
                    path       = $path
                    name       = $name
                    user       = $user
                    user_sid   = $sid
                    group      = Get-HvText $principal 'GroupId'
                    logon_type = $logon
                    enabled    = Get-HvBoolean (Get-HvValue $task 'Settings' -Required) 'Enabled'
                }
            })
    }
}

function Read-HvLocalGroups {
    $wanted = 'S-1-5-32-544', 'S-1-5-32-578', 'S-1-5-32-555', 'S-1-5-32-580'
    $groups = @(foreach ($group in @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroup)) {
            $sid = Get-HvAccountsSidOf $group
            if ($wanted -notcontains $sid) { continue }
            $name = Get-HvText $group 'Name' -Required
            $found = Read-HvOptional "Get-LocalGroupMember for $sid" {
                , @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID $sid)
            }
            # It fails as a whole where one member's account is gone.
            if ($null -eq $found) { $found = Get-HvAccountsByAdsi $name }
            else { $found = @{ Members = @(foreach ($each in $found) { Get-HvAccountsMember $each }); Unread = 0 } }
            [ordered]@{ sid = $sid; name = $name; members = $found.Members; unread = $found.Unread }
        })
    if ($groups.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'none of the four groups was among the local ones' }
    [ordered]@{ groups = $groups }
}

function Read-HvLocalUsers {
    [ordered]@{
        users = @(foreach ($user in @(Microsoft.PowerShell.LocalAccounts\Get-LocalUser)) {
                [ordered]@{
                    sid               = Get-HvAccountsSidOf $user
                    name              = Get-HvText $user 'Name' -Required
                    enabled           = Get-HvBoolean $user 'Enabled' -Required
                    password_last_set = Get-HvMoment $user 'PasswordLastSet'
                    password_expires  = Get-HvMoment $user 'PasswordExpires'
                    password_required = Get-HvBoolean $user 'PasswordRequired'
                    last_logon        = Get-HvMoment $user 'LastLogon'
                }
            })
    }
}

function Read-HvUserRights {
    $section = Get-HvAccountsSection (Get-HvAccountsTemplate) 'Privilege Rights'
    $names = Get-HvAccountsByName
    $rights = [ordered]@{}
    foreach ($right in $section.Keys) {
        $holders = @(foreach ($holder in (Get-HvTexts $section $right)) {
                # An asterisk stands before a SID; local accounts may stand there by name.
                if ($holder[0] -eq '*') { $holder.Substring(1) }
                elseif ($names.ContainsKey($holder)) { $names[$holder] }
                else { $holder }
            })
        if ($holders.Count) { $rights[$right] = $holders }
    }
    [ordered]@{ rights = $rights }
}

function Read-HvPasswordPolicy {
    $section = Get-HvAccountsSection (Get-HvAccountsTemplate) 'System Access'
    [ordered]@{
        minimum_length    = Get-HvNumber $section 'MinimumPasswordLength'
        maximum_age_days  = Get-HvNumber $section 'MaximumPasswordAge'
        minimum_age_days  = Get-HvNumber $section 'MinimumPasswordAge'
        history           = Get-HvNumber $section 'PasswordHistorySize'
        complexity        = Get-HvBoolean $section 'PasswordComplexity'
        lockout_threshold = Get-HvNumber $section 'LockoutBadCount'
    }
}

function Read-HvPku2u {
    [ordered]@{ allow_online_id = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\pku2u' 'AllowOnlineID' }
}

function Read-HvRemoteUac {
    $policies = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
    [ordered]@{ token_filter_policy = Get-HvRegistry $policies 'LocalAccountTokenFilterPolicy' }
}

function Read-HvWdigest {
    $provider = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest'
    [ordered]@{
        use_logon_credential  = Get-HvRegistry $provider 'UseLogonCredential'
        is_cred_guard_enabled = Get-HvRegistry $provider 'IsCredGuardEnabled'
    }
}

function Read-HvLaps {
    $csp = 'HKLM:\SOFTWARE\Microsoft\Policies\LAPS'
    $gpo = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS'
    $local = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config'
    [ordered]@{
        csp_backup_directory              = Get-HvRegistry $csp 'BackupDirectory'
        csp_post_authentication_actions   = Get-HvRegistry $csp 'PostAuthenticationActions'
        csp_account_name                  = Get-HvRegistry $csp 'AdministratorAccountName'
        gpo_backup_directory              = Get-HvRegistry $gpo 'BackupDirectory'
        gpo_post_authentication_actions   = Get-HvRegistry $gpo 'PostAuthenticationActions'
        gpo_account_name                  = Get-HvRegistry $gpo 'AdministratorAccountName'
        local_backup_directory            = Get-HvRegistry $local 'BackupDirectory'
        local_post_authentication_actions = Get-HvRegistry $local 'PostAuthenticationActions'
        local_account_name                = Get-HvRegistry $local 'AdministratorAccountName'
        legacy_enabled                    = Get-HvRegistry 'HKLM:\SOFTWARE\Policies\Microsoft Services\AdmPwd' 'AdmPwdEnabled'
    }
}

# The program of a command line. What follows it may hold a secret.
function Get-HvAccountsProgram([string] $Line) {
    if ($Line -match '^\s*"([^"]+)"') { return $Matches[1] }
    if ($Line -match '^\s*(.+?\.(exe|sys|dll|com|cmd|bat))(?=\s|$)') { return $Matches[1] }
    if ($Line -match '^\s*(\S+)') { return $Matches[1] }
}

# SIDs of the accounts that services run as, by account. Nothing is looked up at a domain controller: they are names that are
# the same in every language, virtual accounts, local users, and else the owner of the service's process.
function Get-HvAccountsOfServices([object[]] $Services) {
    $users = Get-HvAccountsUsers
    $sids = @{}
    foreach ($service in $Services) {
        $account = Get-HvText $service 'StartName'
        if ($null -eq $account -or $sids.ContainsKey($account)) { continue }
        $sid = Get-HvAccountsSid $account $users
        $process = Get-HvNumber $service 'ProcessId'
        if ($null -eq $sid -and $process) { $sid = Get-HvAccountsOfProcess $process }
        if ($null -ne $sid) { $sids[$account] = $sid }
    }
    $sids
}

# The SID of an account by its name; $null where this host alone can not tell. $Names: further names with their SIDs.
function Get-HvAccountsSid([string] $Name, [hashtable] $Names) {
    $fixed = @{
        'LocalSystem' = 'S-1-5-18'; 'NT AUTHORITY\SYSTEM' = 'S-1-5-18'
        'NT AUTHORITY\LocalService' = 'S-1-5-19'; 'NT AUTHORITY\LOCAL SERVICE' = 'S-1-5-19'
        'NT AUTHORITY\NetworkService' = 'S-1-5-20'; 'NT AUTHORITY\NETWORK SERVICE' = 'S-1-5-20'
    }
    if ($Name -match '^S-1-[0-9]+(-[0-9]+)+$') { return $Name }
    if ($fixed.ContainsKey($Name)) { return $fixed[$Name] }
    $domain, $account = $Name.Split('\', 2)
    if ($null -eq $account) { return $Names[$domain] }
    if ($domain -eq 'NT SERVICE') { return Get-HvAccountsOfVirtual $account }
    if ($domain -eq '.' -or $domain -eq $env:COMPUTERNAME) { return $Names[$account] }
}

# The SID of a service's own account: SHA-1 of its name in capitals as UTF-16.
function Get-HvAccountsOfVirtual([string] $Service) {
    # Not SHA1.Create(), which .NET Framework refuses where FIPS mode is on.
    $algorithm = New-Object System.Security.Cryptography.SHA1CryptoServiceProvider
    $digest = $algorithm.ComputeHash([System.Text.Encoding]::Unicode.GetBytes($Service.ToUpperInvariant()))
    $algorithm.Dispose()
    $parts = foreach ($place in 0, 4, 8, 12, 16) { [System.BitConverter]::ToUInt32($digest, $place) }
    'S-1-5-80-' + ($parts -join '-')
}

function Get-HvAccountsOfProcess([long] $Process) {
    $owner = Read-HvOptional "the owner of process $Process" {
        Get-HvOne (Invoke-CimMethod -Query "SELECT * FROM Win32_Process WHERE ProcessId = $Process" -Namespace root\cimv2 `
                -MethodName GetOwnerSid)
    }
    if ($null -eq $owner) { return }
    $sid = Get-HvText $owner 'Sid'
    if ($sid -match '^S-1-[0-9]+(-[0-9]+)+$') { $sid }
}

# SIDs of Windows' own accounts by the names that this host's language gives them.
function Get-HvAccountsOfSystem {
    $found = @{}
    $accounts = Read-HvOptional 'names of system accounts' {
        , @(Get-CimInstance -ClassName Win32_SystemAccount -Namespace root\cimv2)
    }
    foreach ($account in $accounts) { $found[(Get-HvText $account 'Name' -Required)] = Get-HvText $account 'SID' -Required }
    $found
}

# SIDs of local users by name.
function Get-HvAccountsUsers {
    $found = @{}
    $users = Read-HvOptional 'SIDs of local users' { , @(Microsoft.PowerShell.LocalAccounts\Get-LocalUser) }
    foreach ($user in $users) { $found[(Get-HvText $user 'Name' -Required)] = Get-HvAccountsSidOf $user }
    $found
}

# SIDs of local users and groups by name.
function Get-HvAccountsByName {
    $found = Get-HvAccountsUsers
    $groups = Read-HvOptional 'SIDs of local groups' { , @(Microsoft.PowerShell.LocalAccounts\Get-LocalGroup) }
    foreach ($group in $groups) { $found[(Get-HvText $group 'Name' -Required)] = Get-HvAccountsSidOf $group }
    $found
}

function Get-HvAccountsSidOf($Principal) { Get-HvText (Get-HvValue $Principal 'SID' -Required) 'Value' -Required }

# The account of a task as it was registered: a SID, or a name with its domain.
function Get-HvAccountsOfTask([string] $Path, [string] $Name) {
    $text = Read-HvOptional "the definition of task $Path$Name" {
        [string] (ScheduledTasks\Export-ScheduledTask -TaskPath $Path -TaskName $Name)
    }
    if (-not $text) { return }
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($text)
    $user = $document.SelectSingleNode("/*/*[local-name()='Principals']/*/*[local-name()='UserId']")
    if ($null -ne $user -and $user.InnerText.Trim() -ne '') { $user.InnerText.Trim() }
}

# A member as Get-LocalGroupMember gives it. Windows translates ObjectClass: only the English words are taken.
function Get-HvAccountsMember($Member) {
    $sources = @{ Unknown = 0; Local = 1; ActiveDirectory = 2; AzureAD = 3; MicrosoftAccount = 4 }
    $kind = Get-HvText $Member 'ObjectClass'
    $source = Get-HvCode $Member 'PrincipalSource' -Names $sources
    [ordered]@{
        sid    = Get-HvAccountsSidOf $Member
        name   = Get-HvText $Member 'Name'
        kind   = $(if ('User', 'Group' -contains $kind) { $kind })
        source = @($sources.Keys | Where-Object -FilterScript { $sources[$_] -eq $source }) -join ''
    }
}

# Members by the WinNT provider of ADSI, which gives those whose account is gone, too.
function Get-HvAccountsByAdsi([string] $Group) {
    $entry = New-Object -TypeName System.DirectoryServices.DirectoryEntry -ArgumentList "WinNT://./$Group,group"
    $unread = 0
    $members = @(foreach ($each in @($entry.psbase.Invoke('Members'))) {
            $member = Read-HvOptional "a member of $Group" { Get-HvAccountsOfAdsi $each }
            if ($null -eq $member) { $unread++ } else { $member }
        })
    @{ Members = $members; Unread = $unread }
}

function Get-HvAccountsOfAdsi($Member) {
    $values = @{}
    foreach ($name in 'objectSid', 'ADsPath', 'Class') {
        $values[$name] = $Member.GetType().InvokeMember($name, 'GetProperty', $null, $Member, $null)
    }
    # WinNT://DOMAIN/name, WinNT://DOMAIN/HOST/name, or WinNT://S-1-5-... where the account is gone
    $parts = ([string] $values.ADsPath).Substring('WinNT://'.Length).Split('/')
    [ordered]@{
        sid    = ConvertFrom-HvAccountsSid $values.objectSid
        name   = $(if ($parts.Count -gt 1) { $parts[-2] + '\' + $parts[-1] })
        kind   = $(if ('User', 'Group' -contains $values.Class) { [string] $values.Class })
        source = $null
    }
}

# A binary SID ([MS-DTYP] 2.4.2.2) as text.
function ConvertFrom-HvAccountsSid([byte[]] $Bytes) {
    $text = 'S-' + $Bytes[0] + '-' + (($Bytes[2] * [long] 1099511627776) + ($Bytes[3] * [long] 4294967296) +
        ($Bytes[4] * [long] 16777216) + ($Bytes[5] * 65536) + ($Bytes[6] * 256) + $Bytes[7])
    for ($part = 0; $part -lt $Bytes[1]; $part++) { $text += '-' + [System.BitConverter]::ToUInt32($Bytes, 8 + 4 * $part) }
    $text
}

# The security settings in force as lines of a template. Two tasks read it and may run at once: the first one that gets here
# exports it for both.
function Get-HvAccountsTemplate {
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'secedit.exe needs an elevated session' }
    [System.Threading.Monitor]::Enter($HvOptions)
    try {
        if ($null -eq $HvOptions['SecurityTemplate']) {
            $HvOptions['SecurityTemplate'] = Invoke-HvScratch {
                param($template)
                $null = Invoke-HvProgram { secedit.exe /export /cfg $template /areas SECURITYPOLICY USER_RIGHTS /quiet }
                , [System.IO.File]::ReadAllLines($template, [System.Text.Encoding]::Unicode)
            }
        }
    }
    finally { [System.Threading.Monitor]::Exit($HvOptions) }
    , $HvOptions['SecurityTemplate']
}

# "name = value" in one section of a template.
function Get-HvAccountsSection([string[]] $Lines, [string] $Section) {
    $found = $null
    $inside = $false
    foreach ($line in $Lines) {
        if ($line -match '^\s*\[(.+)\]\s*$') {
            $inside = $Matches[1] -eq $Section
            if ($inside) { $found = [ordered]@{} }
        }
        elseif ($inside -and $line -match '^\s*([^=]+?)\s*=\s*(.*?)\s*$') { $found[$Matches[1]] = $Matches[2] }
    }
    if ($null -eq $found) { Stop-HvTask -Cause unparsable -Detail "the exported template has no section $Section" }
    $found
}
