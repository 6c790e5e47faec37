# From what the hosts gave to the members of the bundle and its manifest.

# The cluster as a host sees it: @{ Key; Name; Domain }, or $null where its document is a gap or was not asked for.
function Get-HvClusterOf($Result) {
    $document = $Result.Documents['cluster']
    if ($null -eq $document -or $document.Status -ne 'known') { return $null }
    $data = ConvertFrom-Json -InputObject $document.Data
    $name = [string] $data.name
    $key = $(if ($data.id) { [string] $data.id } else { $name.ToLowerInvariant() })
    @{ Key = $key; Name = $name; Domain = ([string] $data.domain).ToLowerInvariant() }
}

# A host that gave nothing about itself, not even its name, is called by the name that it was asked for by: with the domain
# of the cluster where it has none.
function Get-HvUnheardNode([string] $Name, $Cluster) {
    $key = $Name.ToLowerInvariant()
    if (-not $key.Contains('.') -and $null -ne $Cluster -and $Cluster.Domain) { $key = "$key.$($Cluster.Domain)" }
    $short = $key.Split('.')[0]
    New-Object psobject -Property @{
        Kind = 'node'; Name = $Name.Split('.')[0]; Key = $key; Computer = $Name; Elevated = $null; Note = ''; Time = ''
        Aliases = $(if ($short -ne $key) { $short } else { '' })
    }
}

# Everything in its place: @{ Cluster; Nodes; Members; Skipped; Gaps }. $Facts are those that were asked for, in order.
function Join-HvResults([object[]] $Results, [string[]] $Facts) {
    $cluster = $null
    foreach ($result in $Results) {
        $result.Cluster = Get-HvClusterOf $result
        if ($null -eq $cluster) { $cluster = $result.Cluster }
    }
    $skipped = New-Object System.Collections.ArrayList
    $kept = @{}
    foreach ($result in $Results) {
        if ($null -eq $result.Node) { $result.Node = Get-HvUnheardNode $result.Name $cluster }
        $key = [string] $result.Node.Key
        $why = ''
        if ($null -ne $result.Cluster -and $result.Cluster.Key -ne $cluster.Key) {
            $why = "it belongs to another cluster, $($result.Cluster.Name)"
        }
        elseif ($kept.ContainsKey($key)) { $why = "it is the same host as $($kept[$key].Name)" }
        if ($why) {
            Write-Warning -Message "$($result.Name) is left out: $why."
            [void] $skipped.Add([ordered]@{ path = "nodes/$(Get-HvFolder $key)"; size = 0; why = $why })
        }
        else { $kept[$key] = $result }
    }
    $joined = @{
        Cluster = $cluster
        Results = @($kept.Keys | Sort-Object | ForEach-Object -Process { $kept[$_] })
        Skipped = $skipped
        Members = New-Object System.Collections.ArrayList
        Gaps    = @{}
    }
    Add-HvClusterMembers $joined $Facts
    foreach ($result in $joined.Results) { Add-HvNodeMembers $joined $result $Facts }
    $joined
}

# What is about the cluster: of the first host that knows it, else the gap of the first host.
function Add-HvClusterMembers($Joined, [string[]] $Facts) {
    $key = $(if ($null -ne $Joined.Cluster) { $Joined.Cluster.Key } else { '' })
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -ne 'cluster') { continue }
        $first = $null
        foreach ($result in $Joined.Results) {
            $document = Get-HvDocument $result $fact
            if ($null -eq $first) { $first = @{ Document = $document; Node = $result.Node } }
            if ($document.Status -eq 'known') { $first = @{ Document = $document; Node = $result.Node }; break }
        }
        Add-HvMember $Joined $first.Document 'cluster' $key $first.Node
    }
}

function Add-HvNodeMembers($Joined, $Result, [string[]] $Facts) {
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -eq 'cluster') { continue }
        Add-HvMember $Joined (Get-HvDocument $Result $fact) 'node' ([string] $Result.Node.Key) $Result.Node
    }
}

function Add-HvMember($Joined, $Document, [string] $Scope, [string] $Key, $Node) {
    [void] $Joined.Members.Add((New-HvMember $Document $Scope $Key ([string] $Node.Computer)))
    if ($Document.Status -eq 'gap') { $Joined.Gaps[$Document.Cause] = 1 + $Joined.Gaps[$Document.Cause] }
}

# The document of a host about a fact; where it gave none, the gap that its end makes.
function Get-HvDocument($Result, [string] $Fact) {
    $document = $Result.Documents[$Fact]
    if ($null -ne $document) { return $document }
    New-Object psobject -Property (New-HvDocument $Fact ([datetime]::UtcNow) $Result.Cause $Result.Detail)
}

function Get-HvManifest($Joined, [string[]] $Facts, [string] $Label, [datetime] $Started) {
    $iso = 'yyyy-MM-ddTHH:mm:ss.ffffffZ'
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $manifest = [ordered]@{
        format = 1; tool = "Collect-Hypervigil $HvVersion"; created = [datetime]::UtcNow.ToString($iso, $invariant)
        source = 'collector'; label = $Label; collected = $Started.ToString($iso, $invariant)
    }
    $key = ''
    if ($null -ne $Joined.Cluster) {
        $key = $Joined.Cluster.Key
        $lower = $Joined.Cluster.Name.ToLowerInvariant()
        $aliases = @($(if ($lower -ne $key) { $lower }))
        $manifest.cluster = [ordered]@{ key = $key; name = $Joined.Cluster.Name; aliases = $aliases }
    }
    $manifest.nodes = @(foreach ($result in $Joined.Results) {
            $aliases = @(([string] $result.Node.Aliases).Split(',') | Where-Object -FilterScript { $_ -ne '' })
            [ordered]@{ key = [string] $result.Node.Key; name = [string] $result.Node.Name; aliases = $aliases; cluster = $key }
        })
    $manifest.requested = $Facts
    $manifest.documents = @($Joined.Members | ForEach-Object -Process { $_.Entry })
    $manifest.skipped = $Joined.Skipped
    , (Get-HvUtf8 ((ConvertTo-HvJson $manifest) + "`n"))
}
