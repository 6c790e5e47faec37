# Facts of PowerShell's endpoints and of the JEA roles that they give. Their files are parsed; nothing in them is run.

# Not by Get-PSSessionConfiguration, which runs the text of each endpoint's file.
function Read-HvPsSessionConfigurations {
    [ordered]@{
        configurations = @(foreach ($plugin in (Get-HvPowershellEndpoints)) {
                $file = Get-HvPowershellParameter $plugin 'ConfigFilePath'
                $read = @{ Table = [ordered]@{}; Problem = $null }
                if ($null -ne $file) { $read = Get-HvPowershellTable $file }
                $table = $read.Table
                $roles = Get-HvPowershellRoles $table
                $virtual = Get-HvBoolean $plugin 'RunAsVirtualAccount'
                if ($null -eq $virtual) { $virtual = Get-HvPowershellSwitch $table 'RunAsVirtualAccount' }
                $groups = Get-HvTexts $plugin 'RunAsVirtualAccountGroups' -Separator ';'
                if ($null -eq $groups) { $groups = Get-HvPowershellTexts $table 'RunAsVirtualAccountGroups' }
                $transcripts = Get-HvPowershellText $table 'TranscriptDirectory'
                $writers = $null
                if ($null -ne $transcripts) { $writers = Get-HvPowershellFolderWriters $transcripts }
                [ordered]@{
                    name                          = Get-HvText $plugin 'Name' -Required
                    enabled                       = Get-HvBoolean $plugin 'Enabled'
                    session_type                  = Get-HvPowershellText $table 'SessionType'
                    language_mode                 = Get-HvPowershellText $table 'LanguageMode'
                    run_as_user                   = Get-HvText $plugin 'RunAsUser'
                    run_as_virtual_account        = $virtual
                    run_as_virtual_account_groups = $groups
                    group_managed_service_account = Get-HvPowershellText $table 'GroupManagedServiceAccount'
                    transcript_directory          = $transcripts
                    transcript_writable_by        = $writers
                    sddl                          = Get-HvPowershellSddl $plugin
                    roles                         = $roles.Roles
                    visible_cmdlets               = Get-HvPowershellVisible $roles.Tables 'VisibleCmdlets'
                    visible_functions             = Get-HvPowershellVisible $roles.Tables 'VisibleFunctions'
                    visible_external_commands     = Get-HvPowershellVisible $roles.Tables 'VisibleExternalCommands'
                    visible_providers             = Get-HvPowershellVisible $roles.Tables 'VisibleProviders'
                    config_file                   = $file
                    unread                        = $read.Problem
                }
            })
    }
}

function Read-HvRoleCapabilities {
    $files = @(Get-HvPowershellRoleFiles)
    $named = Read-HvOptional 'role files that endpoints name by path' { , @(Get-HvPowershellNamedFiles) }
    foreach ($file in $named) { if ($files -notcontains $file) { $files += $file } }
    [ordered]@{
        roles = @(foreach ($file in $files) {
                $read = Get-HvPowershellTable $file
                $sddl = Read-HvOptional "who may write $file" {
                    Get-HvText (Get-HvOne (Get-Acl -LiteralPath $file)) 'Sddl' -Required
                }
                $problem = $read.Problem
                if ($null -eq $sddl -and $null -eq $problem) { $problem = 'who may write it could not be read' }
                $functions = foreach ($part in (Get-HvPowershellParts $read.Table['FunctionDefinitions'])) {
                    if ($part -is [System.Management.Automation.Language.HashtableAst]) {
                        Get-HvPowershellText (Get-HvPowershellPairs $part) 'Name'
                    }
                }
                [ordered]@{
                    name                      = [System.IO.Path]::GetFileNameWithoutExtension($file)
                    path                      = $file
                    visible_cmdlets           = Get-HvPowershellCommands $read.Table 'VisibleCmdlets'
                    visible_functions         = Get-HvPowershellCommands $read.Table 'VisibleFunctions'
                    visible_external_commands = Get-HvPowershellCommands $read.Table 'VisibleExternalCommands'
                    visible_providers         = Get-HvPowershellTexts $read.Table 'VisibleProviders'
                    function_definitions      = @($functions | Where-Object -FilterScript { $null -ne $_ })
                    writable_by               = @($(if ($null -ne $sddl) { Get-HvPowershellWriters $sddl }))
                    unread                    = $problem
                }
            })
    }
}

# Plug-ins of WinRM that are PowerShell, Windows' own and others.
function Get-HvPowershellEndpoints {
    if (-not (Get-HvManagementWinrmRuns)) {
        Stop-HvTask -Cause not_collected -Detail 'the WinRM service does not run, so that no endpoint is listed'
    }
    if ($HvOptions.Elevated -eq $false) { Stop-HvTask -Cause access_denied -Detail 'WinRM answers elevated sessions only' }
    $plugins = @(Microsoft.WSMan.Management\Get-WSManInstance -ResourceURI winrm/config/plugin -Enumerate)
    if ($plugins.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'WinRM named no plug-in, not even its own' }
    , @(foreach ($each in $plugins) {
            $plugin = ConvertFrom-HvManagementXml $each
            if ((Get-HvText $plugin 'Filename') -like '*\pwrshplugin.dll') { $plugin }
        })
}

# A parameter that a plug-in is started with.
function Get-HvPowershellParameter($Plugin, [string] $Name) {
    $parameters = Get-HvValue $Plugin 'InitializationParameters'
    if ($parameters -isnot [System.Collections.IDictionary]) { return }
    $all = Get-HvValue $parameters 'Param'
    foreach ($each in @($all)) { if ((Get-HvText $each 'Name') -eq $Name) { return Get-HvText $each 'Value' } }
}

# Who may use a plug-in: the descriptor of its first resource that has one.
function Get-HvPowershellSddl($Plugin) {
    $resources = Get-HvValue $Plugin 'Resources'
    if ($resources -isnot [System.Collections.IDictionary]) { return }
    $all = Get-HvValue $resources 'Resource'
    foreach ($resource in @($all)) {
        if ($resource -isnot [System.Collections.IDictionary]) { continue }
        $securities = Get-HvValue $resource 'Security'
        foreach ($security in @($securities)) {
            if ($security -isnot [System.Collections.IDictionary]) { continue }
            $sddl = Get-HvText $security 'Sddl'
            if ($null -ne $sddl) { return $sddl }
        }
    }
}

# What RoleDefinitions gives: Roles (capabilities and files by account), Files, and Tables: the file's own and those that are
# written out in a role, both of which make commands visible.
function Get-HvPowershellRoles($Table) {
    $roles = [ordered]@{}
    $tables = @(, $Table)
    $files = @()
    foreach ($definition in (Get-HvPowershellParts $Table['RoleDefinitions'])) {
        if ($definition -isnot [System.Management.Automation.Language.HashtableAst]) { continue }
        $accounts = Get-HvPowershellPairs $definition
        foreach ($account in $accounts.Keys) {
            $names = @()
            foreach ($part in (Get-HvPowershellParts $accounts[$account])) {
                if ($part -isnot [System.Management.Automation.Language.HashtableAst]) { continue }
                $pairs = Get-HvPowershellPairs $part
                $own = Get-HvPowershellTexts $pairs 'RoleCapabilityFiles'
                $names += Get-HvPowershellTexts $pairs 'RoleCapabilities'
                $names += $own
                $files += $own
                $tables += , $pairs
            }
            $roles[$account] = @($names)
        }
    }
    @{ Roles = $roles; Files = $files; Tables = $tables }
}

# Names that any of several tables makes visible.
function Get-HvPowershellVisible($Tables, [string] $Key) {
    , @(foreach ($table in $Tables) { foreach ($entry in (Get-HvPowershellCommands $table $Key)) { $entry.name } })
}

# The role files where PowerShell looks for them: <module path>\<module>\RoleCapabilities\*.psrc.
function Get-HvPowershellRoleFiles {
    $setting = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment' 'PSModulePath'
    if ($setting.state -eq 'denied') { Stop-HvTask -Cause access_denied -Detail 'PSModulePath may not be read' }
    $places = @(([string] $setting.data).Split(';')) + "$env:ProgramFiles\WindowsPowerShell\Modules" + "$PSHOME\Modules"
    $seen = @{}
    foreach ($place in $places) {
        $folder = [System.Environment]::ExpandEnvironmentVariables($place).Trim().TrimEnd('\')
        if ($folder -eq '' -or $seen.ContainsKey($folder) -or -not [System.IO.Directory]::Exists($folder)) { continue }
        $seen[$folder] = $true
        foreach ($module in ([System.IO.Directory]::GetDirectories($folder) | Sort-Object)) {
            $roles = [System.IO.Path]::Combine($module, 'RoleCapabilities')
            if (-not [System.IO.Directory]::Exists($roles)) { continue }
            [System.IO.Directory]::GetFiles($roles, '*.psrc') | Sort-Object
        }
    }
}

# The role files that endpoints name by their paths.
function Get-HvPowershellNamedFiles {
    foreach ($plugin in (Get-HvPowershellEndpoints)) {
        $file = Get-HvPowershellParameter $plugin 'ConfigFilePath'
        if ($null -ne $file) { (Get-HvPowershellRoles (Get-HvPowershellTable $file).Table).Files }
    }
}

# The one table that a .pssc or .psrc file is: Table (values as syntax, by key), and Problem where it is not that. It is not
# even parsed where it has statements that the parser itself acts upon.
function Get-HvPowershellTable([string] $Path) {
    $failed = { param($why) @{ Table = [ordered]@{}; Problem = $why } }
    $text = Read-HvOptional "the file $Path" { [System.IO.File]::ReadAllText($Path, [System.Text.Encoding]::Default) }
    if ($null -eq $text) { return & $failed 'it could not be read' }
    if ($text.Length -gt 1000000) { return & $failed 'it is too large for a file of its kind' }
    $using = '(?im)(^|[;{}(])\s*using\s+(module|assembly|namespace|type|command)\b'
    $configuration = '(?im)(^|[;{}(])\s*configuration\s+[^\s{]+\s*\{'
    if ($text -match $using -or $text -match $configuration -or $text -match 'Import-DscResource') {
        return & $failed 'it has statements that no such file may have'
    }
    $tokens = $null
    $errors = $null
    $syntax = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    if (@($errors).Count) { return & $failed "line $($errors[0].Extent.StartLineNumber): $($errors[0].ErrorId)" }
    $parts = @(foreach ($statement in $syntax.EndBlock.Statements) { Get-HvPowershellParts $statement })
    if ($parts.Count -ne 1 -or $parts[0] -isnot [System.Management.Automation.Language.HashtableAst]) {
        return & $failed 'it is no table'
    }
    @{ Table = (Get-HvPowershellPairs $parts[0]); Problem = $null }
}

# The values of a table by key, as syntax.
function Get-HvPowershellPairs([System.Management.Automation.Language.HashtableAst] $Table) {
    $found = [ordered]@{}
    foreach ($pair in $Table.KeyValuePairs) { $found[(Get-HvPowershellLiteral $pair.Item1)] = $pair.Item2 }
    $found
}

# What a value consists of: the parts of an array, else itself.
function Get-HvPowershellParts($Syntax) {
    if ($null -eq $Syntax) { return }
    switch ($Syntax.GetType().Name) {
        'PipelineAst' {
            if ($Syntax.PipelineElements.Count -eq 1) { return Get-HvPowershellParts $Syntax.PipelineElements[0] }
        }
        'CommandExpressionAst' { return Get-HvPowershellParts $Syntax.Expression }
        'ParenExpressionAst' { return Get-HvPowershellParts $Syntax.Pipeline }
        'ConvertExpressionAst' { return Get-HvPowershellParts $Syntax.Child }
        'ArrayLiteralAst' { return $Syntax.Elements | ForEach-Object -Process { Get-HvPowershellParts $_ } }
        'ArrayExpressionAst' {
            return $Syntax.SubExpression.Statements | ForEach-Object -Process { Get-HvPowershellParts $_ }
        }
    }
    $Syntax
}

# A literal as its value; anything else as it is written.
function Get-HvPowershellLiteral($Syntax) {
    if ($Syntax -is [System.Management.Automation.Language.ConstantExpressionAst]) { return [string] $Syntax.Value }
    if ($Syntax -is [System.Management.Automation.Language.ExpandableStringExpressionAst] -and
        $Syntax.NestedExpressions.Count -eq 0) { return $Syntax.Value }
    Format-HvDetail $Syntax.Extent.Text
}

function Get-HvPowershellTexts($Table, [string] $Key) {
    , @(foreach ($part in (Get-HvPowershellParts $Table[$Key])) { Get-HvPowershellLiteral $part })
}

function Get-HvPowershellText($Table, [string] $Key) {
    $texts = Get-HvPowershellTexts $Table $Key
    if ($texts.Count -and $texts[0] -ne '') { $texts[0] }
}

function Get-HvPowershellSwitch($Table, [string] $Key) {
    switch (Get-HvPowershellText $Table $Key) {
        '$true' { $true }
        '$false' { $false }
    }
}

# Entries of a list of visible commands: name, line, and the parameters that an entry is narrowed to.
function Get-HvPowershellCommands($Table, [string] $Key) {
    , @(foreach ($part in (Get-HvPowershellParts $Table[$Key])) {
            $name = Get-HvPowershellLiteral $part
            $parameters = [ordered]@{}
            if ($part -is [System.Management.Automation.Language.HashtableAst]) {
                $pairs = Get-HvPowershellPairs $part
                $own = Get-HvPowershellText $pairs 'Name'
                if ($null -ne $own) { $name = $own }
                foreach ($parameter in (Get-HvPowershellParts $pairs['Parameters'])) {
                    if ($parameter -is [System.Management.Automation.Language.HashtableAst]) {
                        $limits = Get-HvPowershellPairs $parameter
                        $parameters[[string] (Get-HvPowershellText $limits 'Name')] = Get-HvPowershellLimit $limits
                    }
                    else { $parameters[(Get-HvPowershellLiteral $parameter)] = '' }
                }
            }
            [ordered]@{ name = $name; line = $part.Extent.StartLineNumber; parameters = $parameters }
        })
}

# What a parameter is limited to. Where both stand there, the pattern counts.
function Get-HvPowershellLimit($Limits) {
    $pattern = Get-HvPowershellText $Limits 'ValidatePattern'
    if ($null -ne $pattern) { return "ValidatePattern: $pattern" }
    $values = Get-HvPowershellTexts $Limits 'ValidateSet'
    if ($values.Count) { return 'ValidateSet: ' + ($values -join ', ') }
    ''
}

# SIDs that may change a folder or what is written into it; $null where that could not be read. Of a full path on this host
# alone: a share would be connected to, and PowerShell completes what begins elsewhere with the documents of the run-as account.
function Get-HvPowershellFolderWriters([string] $Folder) {
    if ($Folder -notmatch '^[A-Za-z]:[\\/]') {
        Add-HvRemark "without who may write into $($Folder): it is no full path of this host"
        return $null
    }
    $sddl = Read-HvOptional "who may write into $Folder" {
        Get-HvText (Get-HvOne (Get-Acl -LiteralPath $Folder)) 'Sddl' -Required
    }
    if ($null -eq $sddl) { return $null }
    , @(Get-HvPowershellWriters $sddl -Folder)
}

# SIDs that may change a file, by its descriptor ([MS-DTYP] 2.5.1): its owner, and whom an entry lets write, delete, or change
# the descriptor. The system, Administrators, the installer of Windows, and entries that are only passed on are left out. What
# a folder passes on counts, for files are made in it; not what it passes on to whoever makes them.
function Get-HvPowershellWriters([string] $Sddl, [switch] $Folder) {
    $installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
    $names = @{
        WD = 'S-1-1-0'; CO = 'S-1-3-0'; CG = 'S-1-3-1'; OW = 'S-1-3-4'; NU = 'S-1-5-2'; IU = 'S-1-5-4'; SU = 'S-1-5-6'
        AN = 'S-1-5-7'; AU = 'S-1-5-11'; SY = 'S-1-5-18'; LS = 'S-1-5-19'; NS = 'S-1-5-20'; BA = 'S-1-5-32-544'
        BU = 'S-1-5-32-545'; BG = 'S-1-5-32-546'; PU = 'S-1-5-32-547'; AO = 'S-1-5-32-548'; SO = 'S-1-5-32-549'
        PO = 'S-1-5-32-550'; BO = 'S-1-5-32-551'; RD = 'S-1-5-32-555'; NO = 'S-1-5-32-556'; HA = 'S-1-5-32-578'
        RM = 'S-1-5-32-580'; AC = 'S-1-15-2-1'
    }
    $writers = @()
    if ($Sddl -match '^O:(S-[0-9-]+|[A-Z]{2})') { $writers += $Matches[1] }
    # Up to the entries of audit; a condition of an entry may have brackets of its own.
    $own = $Sddl -creplace 'S:[A-Z]*(\((AU|AL|OU|OL|ML|RA|SP|XU|TL|FL);.*)?$', ''
    $list = $(if ($own -cmatch 'D:([A-Z_]*)(.*)$') { $Matches[1]; $Matches[2] } else { 'NO_ACCESS_CONTROL'; '' })
    if ($list[0] -like '*NO_ACCESS_CONTROL*') { $writers += 'WD' }
    foreach ($entry in [regex]::Matches($list[1], '\((?:A|XA|OA);([^;]*);([^;]*);[^;]*;[^;]*;([^;)]+)')) {
        $who = $entry.Groups[3].Value
        if ($Folder -and 'CO', 'CG', 'S-1-3-0', 'S-1-3-1' -contains $who) { continue }
        if (-not $Folder -and $entry.Groups[1].Value -match 'IO') { continue }
        if (Test-HvPowershellWrites $entry.Groups[2].Value -Folder:$Folder) { $writers += $who }
    }
    $sids = @(foreach ($each in $writers) { $(if ($names.ContainsKey($each)) { $names[$each] } else { $each }) })
    $sids | Where-Object -FilterScript { 'S-1-5-18', 'S-1-5-32-544', $installer -notcontains $_ } | Select-Object -Unique
}

# Whether rights of a file change it: write data, append, delete, write the descriptor or the owner, or what implies these. Of a
# folder, where the first two make files and folders in it, deleting what is in it as well.
function Test-HvPowershellWrites([string] $Rights, [switch] $Folder) {
    if ($Rights -match '^0x([0-9a-fA-F]{1,8})$') {
        $changing = $(if ($Folder) { 0x500D0046 } else { 0x500D0006 })
        return ([System.Convert]::ToInt64($Matches[1], 16) -band $changing) -ne 0
    }
    foreach ($right in [regex]::Matches($Rights, '[A-Z]{2}')) {
        if ('FA', 'FW', 'GA', 'GW', 'WD', 'WO', 'SD', 'DC', 'LC' -ccontains $right.Value) { return $true }
        if ($Folder -and $right.Value -ceq 'DT') { return $true }
    }
    $false
}
