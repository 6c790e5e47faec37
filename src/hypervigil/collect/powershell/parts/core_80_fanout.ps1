# Several hosts: one session and one pipeline each, so many at once, each with its deadline.

# In a runspace for each host: sends this script there and hands its objects on. Without a credential the session uses the
# account that runs this.
function Invoke-HvRemoteNode {
    param([string] $Computer, [string] $Text, [hashtable] $Parameters, $Credential)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $there = { param($Text, $Parameters) & ([scriptblock]::Create($Text)) @Parameters }
    if ($null -eq $Credential) {
        Invoke-Command -ComputerName $Computer -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
    else {
        Invoke-Command -ComputerName $Computer -Credential $Credential -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
}

# The same on this host, without remoting.
function Invoke-HvThisNode {
    param([string] $Text, [hashtable] $Parameters)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    & ([scriptblock]::Create($Text)) @Parameters
}

# Gives one result for each name: Name, Node (or $null), Documents by fact, Cause and Detail of what failed.
function Invoke-HvNodes {
    param([string[]] $Names, [string] $Text, [hashtable] $Parameters, $Credential, [int] $Limit)
    $jobs = @(foreach ($name in $Names) {
            # A host may end a little after its own deadline; what it has read comes over then.
            $seconds = $Parameters.RunTimeoutSeconds + 30
            if ($name.Split('.')[0] -eq $env:COMPUTERNAME) {
                New-HvJob $name 'Invoke-HvThisNode' @{ Text = $Text; Parameters = $Parameters } $seconds
            }
            else {
                $all = @{ Computer = $name; Text = $Text; Parameters = $Parameters; Credential = $Credential }
                New-HvJob $name 'Invoke-HvRemoteNode' $all $seconds
            }
        })
    $state = New-HvSessionState @{}
    $rounds = [System.Math]::Ceiling($Names.Count / $Limit)
    $until = [datetime]::UtcNow.AddSeconds($rounds * ($Parameters.RunTimeoutSeconds + 60))
    Invoke-HvJobs -Jobs $jobs -State $state -Limit $Limit -Until $until -Activity "Reading $($Names.Count) hosts" |
        ForEach-Object -Process { ConvertFrom-HvNodeJob $_ }
}

function ConvertFrom-HvNodeJob($Job) {
    $result = New-HvNodeResult $Job.Name $Job.Output
    switch ($Job.State) {
        'failed' {
            $gap = Get-HvGap $Job.Problem
            # An unreachable host is not an unparsable one.
            $result.Cause = $(if ($gap.Cause -eq 'unparsable' -or $gap.Cause -eq 'unsupported_release') { 'not_collected' }
                else { $gap.Cause })
            $result.Detail = "the session to $($Job.Name) failed: $($gap.Detail)"
        }
        'timed_out' { $result.Cause = 'timed_out'; $result.Detail = "$($Job.Name) did not answer in $($Job.Seconds) s" }
        'not_started' { $result.Cause = 'timed_out'; $result.Detail = "the deadline passed before $($Job.Name) was asked" }
        'done' { $result.Cause = 'not_collected'; $result.Detail = "$($Job.Name) gave nothing about it" }
    }
    $result
}

# The objects of a host, sorted out.
function New-HvNodeResult([string] $Name, [object[]] $Objects) {
    $result = @{ Name = $Name; Node = $null; Documents = @{}; Cause = ''; Detail = '' }
    foreach ($each in $Objects) {
        if ($null -eq $each -or $null -eq $each.PSObject.Properties['Kind']) { continue }
        if ($each.Kind -eq 'node') { $result.Node = $each }
        elseif ($each.Kind -eq 'document') { $result.Documents[[string] $each.Fact] = $each }
    }
    $result
}
