# Classes of root\cimv2 that facts of networks are read from.

# made up: names and types of Win32_Process
function Cim-Win32_Process {
    [pscustomobject] @{ ProcessId = [uint32] 4; Name = 'System' }
    [pscustomobject] @{ ProcessId = [uint32] 1200; Name = 'vmms.exe' }
}
