# Facts of a host's networks: routes, interfaces, who listens, block storage, RDMA.

function Read-HvRoutes {
    [ordered]@{
        routes = @(foreach ($route in @(NetTCPIP\Get-NetRoute -PolicyStore ActiveStore)) {
                [ordered]@{
                    destination     = Get-HvText $route 'DestinationPrefix' -Required
                    next_hop        = Get-HvText $route 'NextHop' -Required
                    interface_index = Get-HvNumber $route 'InterfaceIndex' -Required
                    interface_alias = Get-HvText $route 'InterfaceAlias'
                    metric          = Get-HvNumber $route 'RouteMetric'
                    protocol        = Get-HvCode $route 'Protocol'
                }
            })
    }
}

function Read-HvIpInterfaces {
    $families = @{ IPv4 = 2; IPv6 = 23 }
    $onOff = @{ Disabled = 0; Enabled = 1 }
    $addresses = @{}
    foreach ($address in @(NetTCPIP\Get-NetIPAddress -PolicyStore ActiveStore)) {
        $family = Get-HvCode $address 'AddressFamily' -Names $families -Required
        $place = "$(Get-HvNumber $address 'InterfaceIndex' -Required) $family"
        # The zone after % is the number of the interface.
        $text = (Get-HvText $address 'IPAddress' -Required).Split('%')[0]
        if (-not $addresses.ContainsKey($place)) { $addresses[$place] = New-Object System.Collections.ArrayList }
        [void] $addresses[$place].Add("$text/$(Get-HvNumber $address 'PrefixLength' -Required)")
    }
    $categories = Get-HvNetworkCategories
    $router = Get-HvRegistry 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters' 'IPEnableRouter'
    [ordered]@{
        interfaces       = @(foreach ($interface in @(NetTCPIP\Get-NetIPInterface -PolicyStore ActiveStore)) {
                $index = Get-HvNumber $interface 'InterfaceIndex' -Required
                $family = Get-HvCode $interface 'AddressFamily' -Names $families -Required
                [ordered]@{
                    index             = $index
                    alias             = Get-HvText $interface 'InterfaceAlias' -Required
                    family            = $family
                    forwarding        = Get-HvNetworkOnOff (Get-HvCode $interface 'Forwarding' -Names $onOff -Required)
                    weak_host_receive = Get-HvNetworkOnOff (Get-HvCode $interface 'WeakHostReceive' -Names $onOff)
                    weak_host_send    = Get-HvNetworkOnOff (Get-HvCode $interface 'WeakHostSend' -Names $onOff)
                    addresses         = @(foreach ($address in $addresses["$index $family"]) { $address })
                    network_category  = $categories["$index"]
                }
            })
        ip_enable_router = $router
    }
}

function Read-HvListeners {
    $processes = @{}
    $listed = Read-HvOptional 'names of processes' {
        , @(Get-CimInstance -ClassName Win32_Process -Namespace root\cimv2 -Property ProcessId, Name)
    }
    foreach ($process in $listed) {
        # As Get-Process shows it.
        $processes["$(Get-HvNumber $process 'ProcessId' -Required)"] = (Get-HvText $process 'Name') -replace '\.exe$', ''
    }
    [ordered]@{
        listeners = @(foreach ($connection in @(NetTCPIP\Get-NetTCPConnection -State Listen)) {
                $owner = Get-HvNumber $connection 'OwningProcess'
                [ordered]@{
                    address = Get-HvText $connection 'LocalAddress' -Required
                    port    = Get-HvNumber $connection 'LocalPort' -Required
                    process = $(if ($null -ne $owner) { $processes["$owner"] })
                }
            })
    }
}

# Asking for sessions starts the service MSiSCSI, so it is asked only where that runs.
function Read-HvIscsiSessions {
    $service = @(Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2 -Filter "Name = 'MSiSCSI'" |
            Where-Object -FilterScript { (Get-HvText $_ 'Name') -eq 'MSiSCSI' })
    $runs = $service.Count -gt 0 -and (Get-HvText $service[0] 'State' -Required) -eq 'Running'
    $sessions = @()
    if ($runs) {
        $sessions = @(foreach ($session in @(iSCSI\Get-IscsiSession)) {
                [ordered]@{
                    target         = Get-HvText $session 'TargetNodeAddress' -Required
                    portal         = Get-HvText $session 'InitiatorPortalAddress'
                    authentication = Get-HvText $session 'AuthenticationType' -Required
                    connected      = Get-HvBoolean $session 'IsConnected'
                    persistent     = Get-HvBoolean $session 'IsPersistent'
                    header_digest  = Get-HvBoolean $session 'IsHeaderDigest'
                    data_digest    = Get-HvBoolean $session 'IsDataDigest'
                }
            })
    }
    [ordered]@{
        service_running = $runs
        sessions        = $sessions
    }
}

function Read-HvFcPorts {
    $types = @{ Other = 0; 'Fibre Channel' = 1; iSCSI = 2; SAS = 3 }
    [ordered]@{
        ports = @(foreach ($port in @(Storage\Get-InitiatorPort)) {
                [ordered]@{
                    node_address    = Get-HvText $port 'NodeAddress' -Required
                    port_address    = Get-HvText $port 'PortAddress'
                    connection_type = Get-HvCode $port 'ConnectionType' -Names $types
                }
            })
    }
}

function Read-HvRdma {
    [ordered]@{
        adapters = @(foreach ($adapter in @(NetAdapter\Get-NetAdapterRdma)) {
                [ordered]@{
                    name                  = Get-HvText $adapter 'Name' -Required
                    interface_description = Get-HvText $adapter 'InterfaceDescription'
                    enabled               = Get-HvBoolean $adapter 'Enabled' -Required
                    operational           = Get-HvBoolean $adapter 'OperationalState'
                }
            })
    }
}

# Network categories by the number of the interface, as text. The service that knows them may be off.
function Get-HvNetworkCategories {
    $categories = @{}
    $profiles = Read-HvOptional 'network categories' { , @(NetConnection\Get-NetConnectionProfile) }
    foreach ($each in $profiles) {
        $category = Get-HvCode $each 'NetworkCategory' -Names @{ Public = 0; Private = 1; DomainAuthenticated = 2 }
        $categories["$(Get-HvNumber $each 'InterfaceIndex' -Required)"] = $category
    }
    $categories
}

# MSFT_NetIPInterface counts Disabled as 0, Enabled as 1.
function Get-HvNetworkOnOff($Code) {
    if ($null -eq $Code) { return $null }
    if ($Code -ne 0 -and $Code -ne 1) {
        Stop-HvTask -Cause unparsable -Detail "a switch is $Code, expected Disabled (0) or Enabled (1)"
    }
    $Code -eq 1
}
