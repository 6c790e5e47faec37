# Programs of Windows.

# made up: columns of whoami /groups /fo csv /nh are name, type, SID, attributes. $env:STANDIN_INTEGRITY is the level.
function whoami.exe {
    $level = $(if ($env:STANDIN_INTEGRITY) { $env:STANDIN_INTEGRITY } else { '12288' })
    '"Jeder","Bekannte Gruppe","S-1-1-0","Verbindliche Gruppe"'
    '"Verbindliche Beschriftung","Bezeichnung","S-1-16-{0}",""' -f $level
}
