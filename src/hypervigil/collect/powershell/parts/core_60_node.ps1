# Everything that is read on one host.

# Gives flat objects: Kind 'node' says which host this is, then Kind 'document' for every fact in $Facts.
function Invoke-HvNode {
    param([string[]] $Facts, [hashtable] $Options, [string] $Activity = '')
    $until = [datetime]::UtcNow.AddSeconds($Options.RunTimeoutSeconds)
    $scratch = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'hypervigil-' + [guid]::NewGuid().ToString('n'))
    $Options.Scratch = $scratch
    $Options.Elevated = $null
    $state = New-HvSessionState @{
        HvFacts = $HvFacts; HvShapes = $HvShapes; HvRegistryTypes = $HvRegistryTypes; HvOptions = $Options
    }
    try {
        $node = Get-HvNode $state $Options $until
        $Options.Elevated = $node.Elevated
        New-Object psobject -Property $node
        $jobs = @(foreach ($fact in $Facts) {
                $row = $HvFacts[$fact]
                if ($row.Switch -and -not $Options[$row.Switch]) {
                    $detail = "it is read only with -$($row.Switch)"
                    New-Object psobject -Property (New-HvDocument $fact ([datetime]::UtcNow) 'not_collected' $detail)
                    continue
                }
                $seconds = Get-HvDeadline $row.Timeout $Options
                New-HvJob $fact 'Invoke-HvTask' @{ Fact = $fact } $seconds
            })
        $jobs | Where-Object -FilterScript { $_ -isnot [hashtable] }
        $jobs = @($jobs | Where-Object -FilterScript { $_ -is [hashtable] })
        Invoke-HvJobs -Jobs $jobs -State $state -Limit $Options.TasksAtOnce -Until $until -Activity $Activity |
            ForEach-Object -Process { ConvertFrom-HvJob $_ $Options }
    }
    finally {
        if (Test-Path -LiteralPath $scratch) { Remove-Item -LiteralPath $scratch -Recurse -Force }
    }
}

# The seconds that a task has: those that the operator gave, else those of its row, else 120.
function Get-HvDeadline([int] $OfRow, [hashtable] $Options) {
    if ($Options.TaskTimeoutSeconds) { return $Options.TaskTimeoutSeconds }
    if ($OfRow) { return $OfRow }
    120
}

# What a task left: its document, or the gap that its end makes.
function ConvertFrom-HvJob($Job, [hashtable] $Options) {
    $document = $(foreach ($each in $Job.Output) { if ($each.Kind -eq 'document') { $each } })
    if ($null -eq $document -or $Job.State -ne 'done') {
        $cause, $detail = $(switch ($Job.State) {
                'timed_out' { 'timed_out', "the deadline of $($Job.Seconds) s passed" }
                'not_started' { 'timed_out', "the deadline of the host, $($Options.RunTimeoutSeconds) s, passed before it began" }
                'failed' { $gap = Get-HvGap $Job.Problem; $gap.Cause, $gap.Detail }
                default { 'unparsable', 'the task ended without a result' }
            })
        $document = New-Object psobject -Property (New-HvDocument $Job.Name ([datetime]::UtcNow) $cause $detail)
    }
    $document | Add-Member -MemberType NoteProperty -Name Warnings -Value ($Job.Warnings -join '; ') -PassThru
}

# Which host this is, and whether the session is elevated. Both are read with a deadline too.
function Get-HvNode($State, [hashtable] $Options, [datetime] $Until) {
    $jobs = @(
        New-HvJob 'identity' 'Read-HvIdentity' @{} (Get-HvDeadline 0 $Options)
        New-HvJob 'elevation' 'Read-HvElevation' @{} (Get-HvDeadline 0 $Options)
    )
    $name = [string] $env:COMPUTERNAME
    $node = @{
        Kind = 'node'; Name = $name; Key = $name.ToLowerInvariant(); Aliases = ''; Elevated = $null; Note = ''
        Time = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
        Computer = $name
    }
    $notes = @()
    foreach ($job in @(Invoke-HvJobs -Jobs $jobs -State $State -Limit 2 -Until $Until -Activity '')) {
        if ($job.State -eq 'done' -and @($job.Output).Count -eq 1) {
            foreach ($property in $job.Output[0].PSObject.Properties) { $node[$property.Name] = $property.Value }
            continue
        }
        $why = $(if ($null -ne $job.Problem) { (Get-HvGap $job.Problem).Detail } else { $job.State })
        $notes += "$($job.Name) could not be read ($why)"
    }
    $short = $node.Key.Split('.')[0]
    $node.Aliases = @($short, $node.Name.ToLowerInvariant() | Where-Object -FilterScript { $_ -ne $node.Key } |
            Sort-Object -Unique) -join ','
    $node.Note = $notes -join '; '
    $node
}

# The key of a node is its host name, with its domain where it is in one, in lower case.
function Read-HvIdentity {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    $name = Get-HvText $system 'Name' -Required
    $key = Get-HvText $system 'DNSHostName'
    if ($null -eq $key) { $key = $name }
    $domain = Get-HvText $system 'Domain'
    if ((Get-HvBoolean $system 'PartOfDomain' -Required) -and $null -ne $domain) { $key = "$key.$domain" }
    if ("$name$key" -notmatch '\A[\w.-]{1,300}\z') { throw (New-HvFailure 'unparsable' "$key is no host name") }
    New-Object psobject -Property @{ Name = $name; Key = $key.ToLowerInvariant() }
}

# Elevated: the token's integrity level is high (S-1-16-12288) or system (S-1-16-16384). $null: it could not be told.
function Read-HvElevation {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $groups = (Invoke-HvProgram { whoami.exe /groups /fo csv /nh }) -join "`n"
    $elevated = $null
    if ($groups -match '"S-1-16-(12288|16384)"') { $elevated = $true }
    elseif ($groups -match '"S-1-16-\d+"') { $elevated = $false }
    New-Object psobject -Property @{ Elevated = $elevated }
}
