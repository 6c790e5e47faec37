# What was read, when and with which result, for people.

function Get-HvTranscript($Joined, [string[]] $Facts, [datetime] $Started, [string] $Zip, [string] $Digest) {
    $reads = @{}
    foreach ($read in $HvReads) { $reads[$read.Fact] = @($reads[$read.Fact]) + @("      $($read.Read)") }
    "Collect-Hypervigil $HvVersion, started $($Started.ToString('u', [cultureinfo]::InvariantCulture)) (UTC)"
    "Bundle $Zip"
    "SHA-256 $Digest"
    foreach ($skipped in $Joined.Skipped) { "Left out: $($skipped.path): $($skipped.why)" }
    foreach ($result in $Joined.Results) {
        $node = $result.Node
        ''
        "Host $($node.Key), elevated: $(Get-HvYesNo $node.Elevated)"
        if ($node.Note) { "  $($node.Note)" }
        foreach ($fact in $Facts) {
            $document = Get-HvDocument $result $fact
            $end = $(if ($document.Status -eq 'known') { 'read' } else { "gap, $($document.Cause): $($document.Detail)" })
            "  $($document.Time)  $fact, $($document.Milliseconds) ms: $end"
            $reads[$fact] | Where-Object -FilterScript { $_ }
            if ($document.Remark) { "      remark: $($document.Remark)" }
            if ($null -ne $document.PSObject.Properties['Warnings'] -and $document.Warnings) {
                "      warnings: $($document.Warnings)"
            }
            if ($null -ne $document.PSObject.Properties['Place'] -and $document.Place) {
                "      line $($document.Place) of its function"
            }
        }
    }
}

function Get-HvYesNo($Value) {
    if ($null -eq $Value) { return 'could not be told' }
    if ($Value) { 'yes' } else { 'no' }
}
