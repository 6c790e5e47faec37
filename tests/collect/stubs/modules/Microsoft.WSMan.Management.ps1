function Get-WSManInstance {
    param([string] $ResourceURI, [switch] $Enumerate)
    if ($instead = Get-Instead 'Get-WSManInstance') { return & $instead $ResourceURI }
    switch ("$ResourceURI $Enumerate") {
        'winrm/config False' { Get-WinrmConfig }
        'winrm/config/listener True' {
            ConvertFrom-WinrmText ([System.IO.File]::ReadAllLines("$Recorded/winrm-enumerate-listener.winserver.1.txt"))
        }
        'winrm/config/plugin True' { Get-WinrmPlugins }
        default { throw "unexpected $_" }
    }
}
