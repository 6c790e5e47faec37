# Many tasks, each in a runspace of its own, each with its deadline.

# What a runspace starts from: what powershell.exe starts from, the functions of this script, and the tables that they use.
function New-HvSessionState([hashtable] $Variables) {
    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
    foreach ($name in $HvFunctions.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateFunctionEntry($name, $HvFunctions[$name])
        $state.Commands.Add($entry)
    }
    foreach ($name in $Variables.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry($name, $Variables[$name], '')
        $state.Variables.Add($entry)
    }
    $state.ImportPSModule([string[]] 'Microsoft.PowerShell.Management')
    $stop = [System.Management.Automation.ActionPreference]::Stop
    $state.Variables.Add((New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry(
                'ErrorActionPreference', $stop, '')))
    $state
}

# The functions of this script by name, as text.
function Get-HvFunctions($Ast) {
    $functions = @{}
    foreach ($found in $Ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] },
            $false)) {
        $body = $found.Body.Extent.Text
        $text = $body.Substring(1, $body.Length - 2)
        if ($null -ne $found.Parameters) {
            $text = 'param(' + (@($found.Parameters | ForEach-Object -Process { $_.Extent.Text }) -join ', ') + ")`n" + $text
        }
        $functions[$found.Name] = $text
    }
    $functions
}

# Runs jobs, $Limit of them at once, none after $Until. A job has Name, Command, Parameters and Seconds.
# Gives each job as soon as it ended, with State (done, failed, timed_out, not_started), Output, Problem and Warnings.
# A job that does not stop when told to is left behind: its thread goes with the process.
function Invoke-HvJobs {
    param([object[]] $Jobs, $State, [int] $Limit, [datetime] $Until, [string] $Activity)
    $waiting = New-Object System.Collections.Queue(, $Jobs)
    $running = New-Object System.Collections.ArrayList
    $ended = 0
    try {
        while ($waiting.Count -or $running.Count) {
            while ($waiting.Count -and $running.Count -lt $Limit) {
                $job = $waiting.Dequeue()
                if ([datetime]::UtcNow -ge $Until) { $ended++; Complete-HvJob $job 'not_started'; continue }
                try {
                    Start-HvJob $job $State $Until
                    $null = $running.Add($job)
                }
                catch { $ended++; Complete-HvJob $job 'failed' $_ }
            }
            foreach ($job in @($running)) {
                $late = [datetime]::UtcNow -ge $job.Deadline
                if (-not $job.Handle.IsCompleted -and -not $late) { continue }
                $running.Remove($job)
                $ended++
                if ($job.Handle.IsCompleted) { Receive-HvJob $job }
                else {
                    # Not Stop(): that waits for the one who does not answer.
                    $null = $job.Shell.BeginStop($null, $null)
                    Complete-HvJob $job 'timed_out'
                }
                if ($Activity) {
                    Write-Progress -Activity $Activity -Status $job.Name -PercentComplete (100 * $ended / $Jobs.Count)
                }
            }
            if ($running.Count) { [System.Threading.Thread]::Sleep(20) }
        }
    }
    finally {
        foreach ($job in $running) { $null = $job.Shell.BeginStop($null, $null) }
        if ($Activity) { Write-Progress -Activity $Activity -Completed }
    }
}

function Start-HvJob($Job, $State, [datetime] $Until) {
    $deadline = [datetime]::UtcNow.AddSeconds($Job.Seconds)
    $Job.Deadline = $(if ($deadline -lt $Until) { $deadline } else { $Until })
    $Job.Output = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none.Complete()
    $Job.Runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($State)
    $Job.Runspace.Open()
    $Job.Shell = [System.Management.Automation.PowerShell]::Create()
    $Job.Shell.Runspace = $Job.Runspace
    $null = $Job.Shell.AddCommand($Job.Command)
    foreach ($name in $Job.Parameters.Keys) { $null = $Job.Shell.AddParameter($name, $Job.Parameters[$name]) }
    $Job.Handle = $Job.Shell.BeginInvoke($none, $Job.Output)
}

function Receive-HvJob($Job) {
    $problem = $null
    try { $null = $Job.Shell.EndInvoke($Job.Handle) }
    catch { $problem = $_ }
    Complete-HvJob $Job $(if ($null -eq $problem) { 'done' } else { 'failed' }) $problem
    $Job.Shell.Dispose()
    $Job.Runspace.Dispose()
}

function Complete-HvJob($Job, [string] $State, $Problem = $null) {
    $Job.State = $State
    $Job.Problem = $Problem
    $output = @()
    if ($null -ne $Job.Handle) {
        $output = @($Job.Output.ReadAll())
        $Job.Warnings = @($Job.Shell.Streams.Warning.ReadAll() | ForEach-Object -Process { Format-HvDetail $_.Message })
    }
    $Job.Output = $output
    $Job
}

function New-HvJob([string] $Name, [string] $Command, [hashtable] $Parameters, [int] $Seconds) {
    @{
        Name = $Name; Command = $Command; Parameters = $Parameters; Seconds = $Seconds
        Deadline = $null; Runspace = $null; Shell = $null; Handle = $null
        State = ''; Output = @(); Problem = $null; Warnings = @()
    }
}
