function Get-WindowsFeature {
    StandIn-WindowsFeatures
}
