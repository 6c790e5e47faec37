function Get-InitiatorPort {
    StandIn-InitiatorPorts
}
