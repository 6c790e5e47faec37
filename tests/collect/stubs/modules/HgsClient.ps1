function Get-HgsClientConfiguration {
    StandIn-HgsClient
}
function Get-HgsGuardian {
    StandIn-Guardians
}
function ConvertTo-HgsKeyProtector {
    param([byte[]] $Bytes)
    StandIn-HgsKeyProtector
}
