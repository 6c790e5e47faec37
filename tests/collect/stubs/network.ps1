# What the stand-ins of the network modules give. Property names and types are those of the classes (CIM.types in the
# recorded data); a test puts other functions of these names in their place.

# made up
function StandIn-Routes {
    [pscustomobject] @{
        DestinationPrefix = '0.0.0.0/0'; NextHop = '10.0.0.1'; InterfaceIndex = [uint32] 5; InterfaceAlias = 'Management'
        RouteMetric = [uint16] 256; Protocol = [uint16] 3
    }
    [pscustomobject] @{
        DestinationPrefix = 'fe80::/64'; NextHop = '::'; InterfaceIndex = [uint32] 5; InterfaceAlias = 'Management'
        RouteMetric = [uint16] 256; Protocol = [uint16] 2
    }
}

# made up: two families of one interface
function StandIn-IpInterfaces {
    [pscustomobject] @{
        InterfaceIndex = [uint32] 5; InterfaceAlias = 'Verwaltung ' + [char] 0xfc; AddressFamily = [uint16] 2
        Forwarding = [byte] 0; WeakHostReceive = [byte] 0; WeakHostSend = [byte] 1
    }
    [pscustomobject] @{
        InterfaceIndex = [uint32] 5; InterfaceAlias = 'Verwaltung ' + [char] 0xfc; AddressFamily = 'IPv6'
        Forwarding = 'Enabled'; WeakHostReceive = 'Disabled'; WeakHostSend = $null
    }
}

# made up
function StandIn-IpAddresses {
    foreach ($address in '10.0.0.5', '10.0.0.6') {
        [pscustomobject] @{
            InterfaceIndex = [uint32] 5; AddressFamily = [uint16] 2; IPAddress = $address; PrefixLength = [byte] 24
        }
    }
    [pscustomobject] @{
        InterfaceIndex = [uint32] 5; AddressFamily = [uint16] 23; IPAddress = 'fe80::1%5'; PrefixLength = [byte] 64
    }
}

# made up
function StandIn-ConnectionProfiles {
    [pscustomobject] @{ InterfaceIndex = [uint32] 5; NetworkCategory = [uint32] 2 }
}

# made up: names of MSFT_NetTCPConnection
function StandIn-Listeners {
    [pscustomobject] @{ LocalAddress = '0.0.0.0'; LocalPort = [uint16] 6600; OwningProcess = [uint32] 1200 }
    [pscustomobject] @{ LocalAddress = '::'; LocalPort = [uint16] 445; OwningProcess = [uint32] 4 }
    [pscustomobject] @{ LocalAddress = '127.0.0.1'; LocalPort = [uint16] 49152; OwningProcess = [uint32] 9999 }
}

# The documentation's listing (three sessions), recorded; the portal of the first is made up.
function StandIn-IscsiSessions {
    $lists = [System.IO.File]::ReadAllText("$Recorded/Get-IscsiSession.docs.1.txt") -split '\r?\n\s*\r?\n'
    $portal = '10.9.0.5'
    foreach ($list in $lists) {
        if ($list.Trim() -eq '') { continue }
        $found = [ordered] @{}
        foreach ($line in $list -split '\r?\n') {
            if ($line -match '^\s*([A-Za-z0-9_]+)\s*:\s*(.*?)\s*$') { $found[$Matches[1]] = ConvertFrom-RecordedText $Matches[2] }
        }
        $found['InitiatorPortalAddress'] = $portal
        $portal = $null
        [pscustomobject] $found
    }
}

# made up: a Fibre Channel port as the class has it, and an iSCSI one as the documentation prints it
function StandIn-InitiatorPorts {
    [pscustomobject] @{
        NodeAddress = '20000025B5000001'; PortAddress = '20000025B5AA0001'; ConnectionType = [uint16] 1
    }
    [pscustomobject] @{
        NodeAddress = 'iqn.1991-05.com.contoso:hv01'; PortAddress = 'ISCSI ANY PORT'; ConnectionType = 'iSCSI'
    }
}

# made up: the second as a Server 2019 has it, without OperationalState
function StandIn-Rdma {
    [pscustomobject] @{
        Name = 'SMB1'; InterfaceDescription = 'Contoso 25G'; Enabled = $true; OperationalState = $false
    }
    [pscustomobject] @{ Name = 'SMB2'; InterfaceDescription = 'Contoso 25G #2'; Enabled = $false }
}
