# One task in its runspace: from a function to the text of a fact, or to a gap.

# Runs the function that reads a fact, and gives one flat object: everything in it is text or a number, so that it comes
# through a remote session unchanged.
function Invoke-HvTask {
    param([string] $Fact)
    # A thread that hangs must not keep the process, and no text may depend on the culture of the host.
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
    Set-StrictMode -Version 2.0
    $HvRemarks = New-Object System.Collections.ArrayList
    $started = [datetime]::UtcNow
    $document = New-HvDocument $Fact $started
    try {
        $found = Get-HvFact $Fact $HvFacts[$Fact]
        $document.Data = $found.Data
        $document.Gaps = $found.Gaps
        $document.Status = 'known'
    }
    catch {
        $gap = Get-HvGap $_
        $document.Cause = $gap.Cause
        $document.Detail = $gap.Detail
        $document.Place = "$($_.InvocationInfo.ScriptLineNumber)"
    }
    $document.Remark = $HvRemarks -join '; '
    $document.Milliseconds = [int] ([datetime]::UtcNow - $started).TotalMilliseconds
    New-Object psobject -Property $document
}

# A document that is a gap until something better is known.
function New-HvDocument([string] $Fact, [datetime] $Started, [string] $Cause = '', [string] $Detail = '') {
    @{
        Kind = 'document'; Fact = $Fact; Status = 'gap'; Data = ''; Gaps = ''; Cause = $Cause; Detail = $Detail
        Remark = ''; Place = ''; Milliseconds = 0
        Time = $Started.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
    }
}

# The data of a fact as JSON, and the gaps among the items of a list.
function Get-HvFact([string] $Fact, $Row) {
    # The whole output is kept apart from what a single dictionary would be unrolled to.
    $output = @(& $Row.Function)
    if (-not $Row.ItemKey) {
        $only = Get-HvOne $output
        $problem = Test-HvShape $only $Row.Shape $Fact
        if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
        return @{ Data = (ConvertTo-HvJson $only); Gaps = '' }
    }
    $items = New-Object System.Collections.ArrayList
    $gaps = New-Object System.Collections.ArrayList
    $keys = @{}
    foreach ($each in $output) {
        if ($null -eq $each) { continue }
        if ($each.PSObject.TypeNames -contains 'Hypervigil.ItemGap') {
            $key = $each.Key
            [void] $gaps.Add([ordered]@{
                    place = $items.Count + $gaps.Count; key = $key; cause = $each.Cause; detail = $each.Detail
                })
        }
        else {
            $problem = Test-HvShape $each $Row.Shape "$Fact[$($items.Count)]"
            if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
            $key = [string] $each[$Row.ItemKey]
            [void] $items.Add($each)
        }
        if ($keys.ContainsKey($key)) { throw (New-HvFailure 'unparsable' "it lists $key twice") }
        $keys[$key] = $true
    }
    if ($items.Count + $gaps.Count -eq 0 -and $Row.Elevated -and $HvOptions.Elevated -eq $false) {
        throw (New-HvFailure 'access_denied' 'it gave nothing, and it gives what there is to elevated sessions only')
    }
    @{ Data = (ConvertTo-HvJson $items); Gaps = $(if ($gaps.Count) { ConvertTo-HvJson $gaps } else { '' }) }
}
