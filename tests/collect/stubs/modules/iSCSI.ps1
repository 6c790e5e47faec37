function Get-IscsiSession {
    StandIn-IscsiSessions
}
