function Get-NetConnectionProfile {
    StandIn-ConnectionProfiles
}
