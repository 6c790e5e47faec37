# What the stand-ins of NetSecurity share.

# Without these two options the cmdlets give other rules.
function Get-StandInFirewallOptions {
    param([string] $PolicyStore, [string] $Direction)
    if ($PolicyStore -ne 'ActiveStore' -or $Direction -ne 'Inbound') { throw "asked for $PolicyStore, $Direction" }
}

# Filters recorded on Server 2025 (an array is written with Count there), and those of OpenSSH's two rules, made up.
function Get-StandInFirewallFilters {
    param([string] $Kind, [string] $PolicyStore, [hashtable] $OfOpenSsh)
    if ($instead = Get-Instead "Filters-$Kind") { return & $instead }
    Get-StandInFirewallOptions $PolicyStore 'Inbound'
    $recorded = Get-Content -LiteralPath "$Recorded/Get-NetFirewallRuleFilters.server2025.1.json" -Raw | ConvertFrom-Json
    $known = $recorded.PSObject.Properties[$Kind]
    if ($known) {
        foreach ($each in $known.Value) {
            foreach ($property in $each.PSObject.Properties) {
                if ($property.Value -is [pscustomobject]) { $property.Value = @($property.Value.value) }
            }
            $each
        }
    }
    else {
        foreach ($each in $recorded.Port) { [pscustomobject] @{ InstanceID = $each.InstanceID; InterfaceAlias = 'Any' } }
    }
    foreach ($id in 'OpenSSH-Server-In-TCP', 'sshd') { [pscustomobject] (@{ InstanceID = $id } + $OfOpenSsh) }
}
