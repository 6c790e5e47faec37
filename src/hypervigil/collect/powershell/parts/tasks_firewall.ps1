# Facts of Windows Firewall, as it is in force: the active store holds what policy brings as well.

# A rule's parts are objects of their own; each kind is read once, for all rules.
function Read-HvFirewallRules {
    $directions = @{ Inbound = 1; Outbound = 2 }
    $actions = @{ NotConfigured = 0; Allow = 2; Block = 4 }
    $profiles = @{ Any = 0; Domain = 1; Private = 2; Public = 4 }
    $authentications = @{ NotRequired = 0; Required = 1; NoEncap = 2 }
    $kinds = @{ Any = 0; Wired = 1; Wireless = 2; RemoteAccess = 4 }
    $rules = @(NetSecurity\Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound)
    $parts = @{
        port           = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallPortFilter -PolicyStore ActiveStore)
        address        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallAddressFilter -PolicyStore ActiveStore)
        program        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallApplicationFilter -PolicyStore ActiveStore)
        service        = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallServiceFilter -PolicyStore ActiveStore)
        interface      = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallInterfaceFilter -PolicyStore ActiveStore)
        interface_type = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallInterfaceTypeFilter -PolicyStore ActiveStore)
        security       = Get-HvFirewallParts @(NetSecurity\Get-NetFirewallSecurityFilter -PolicyStore ActiveStore)
    }
    $names = @(foreach ($rule in $rules) { Get-HvText $rule 'Name' -Required })
    $counts = @{}
    foreach ($name in $names) { $counts[$name] = 1 + $counts[$name] }
    $seen = @{}
    [ordered]@{
        rules = @(for ($number = 0; $number -lt $rules.Count; $number++) {
                $rule = $rules[$number]
                $name = $names[$number]
                $place = [int] $seen[$name]
                $seen[$name] = $place + 1
                $own = @{}
                foreach ($kind in $parts.Keys) {
                    $own[$kind] = Get-HvFirewallPart $parts[$kind] $kind $name $place $counts[$name]
                }
                [ordered]@{
                    name             = $name
                    enabled          = 1 -eq (Get-HvCode $rule 'Enabled' -Names @{ True = 1; False = 2 } -Required)
                    direction        = Get-HvCode $rule 'Direction' -Names $directions -Required
                    action           = Get-HvCode $rule 'Action' -Names $actions -Required
                    profiles         = Get-HvCode $rule 'Profile' -Names $profiles -Required
                    group            = Get-HvText $rule 'Group'
                    display_name     = Get-HvText $rule 'DisplayName'
                    protocol         = Get-HvText $own.port 'Protocol'
                    local_ports      = Get-HvTexts $own.port 'LocalPort' -Required
                    remote_addresses = Get-HvTexts $own.address 'RemoteAddress' -Required
                    local_addresses  = Get-HvTexts $own.address 'LocalAddress' -Required
                    program          = Get-HvText $own.program 'Program'
                    service          = Get-HvText $own.service 'Service'
                    interfaces       = Get-HvTexts $own.interface 'InterfaceAlias' -Required
                    interface_types  = Get-HvCode $own.interface_type 'InterfaceType' -Names $kinds
                    authentication   = Get-HvCode $own.security 'Authentication' -Names $authentications
                }
            })
    }
}

function Read-HvFirewallProfiles {
    $actions = @{ NotConfigured = 0; Allow = 2; Block = 4 }
    $switches = @{ False = 0; True = 1; NotConfigured = 2 }
    $profiles = @(NetSecurity\Get-NetFirewallProfile -PolicyStore ActiveStore)
    if ($profiles.Count -eq 0) { Stop-HvTask -Cause unparsable -Detail 'Windows Firewall named no profile' }
    [ordered]@{
        profiles = @(foreach ($each in $profiles) {
                [ordered]@{
                    name              = Get-HvText $each 'Name' -Required
                    enabled           = Get-HvBoolean $each 'Enabled' -Required
                    default_inbound   = Get-HvCode $each 'DefaultInboundAction' -Names $actions -Required
                    default_outbound  = Get-HvCode $each 'DefaultOutboundAction' -Names $actions
                    allow_local_rules = Get-HvCode $each 'AllowLocalFirewallRules' -Names $switches
                    log_blocked       = Get-HvCode $each 'LogBlocked' -Names $switches
                }
            })
    }
}

# Parts of one kind by the rule that they belong to.
function Get-HvFirewallParts([object[]] $Objects) {
    $found = @{}
    foreach ($each in $Objects) {
        $id = Get-HvText $each 'InstanceID' -Required
        if (-not $found.ContainsKey($id)) { $found[$id] = New-Object System.Collections.ArrayList }
        [void] $found[$id].Add($each)
    }
    $found
}

# The part of a rule. One that is there twice, locally and by policy, has two of each, in the order of the rules.
function Get-HvFirewallPart([hashtable] $Parts, [string] $Kind, [string] $Rule, [int] $Place, [int] $Count) {
    $mine = @($Parts[$Rule] | Where-Object -FilterScript { $null -ne $_ })
    if ($mine.Count -eq 1) { return $mine[0] }
    if ($mine.Count -ne $Count) {
        Stop-HvTask -Cause conflicting -Detail "rule $Rule is there $Count times, its $Kind $($mine.Count) times: it changed"
    }
    $mine[$Place]
}
