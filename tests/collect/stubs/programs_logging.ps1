# Programs about logging.

# Recorded on a German Server 2022, as auditpol /backup writes it.
function auditpol.exe {
    $file = ($args | Where-Object { $_ -like '/file:*' }).Substring(6)
    [System.IO.File]::WriteAllText($file, [System.IO.File]::ReadAllText("$Recorded/auditpol-backup.server2022-de.1.csv"))
}

# Recorded on a German Windows; what /verbose adds is made up, its order is that of Microsoft's documentation.
function w32tm.exe {
    [System.IO.File]::ReadAllLines("$Recorded/w32tm-query-status.win-de.1.txt") | Where-Object { $_ -ne '' }
    ''
    'Phasenversatz: 0.0011834s'
    'Taktfrequenz: 0.0156250s'
    'Zustandscomputer: 2 (Synchronisierung)'
    'Zeitquellenflags: 0 (Keine)'
    'Serverrolle: 0 (Keine)'
    'Letzter Synchronisierungsfehler: 0 (Der Befehl wurde erfolgreich ausgef' + [char] 252 + 'hrt.)'
    'Zeit seit der letzten erfolgr. Synchronisierung: 512.5000000s'
}
