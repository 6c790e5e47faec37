function Get-VM {
    # made up: types of Microsoft.HyperV.PowerShell.VirtualMachine as in the reference of module Hyper-V 2.0.0.0
    $node = Get-StandInNode
    foreach ($number in 1, 2) {
        [pscustomobject] @{
            Id = [guid] ('00000000-0000-4000-8000-{0:d8}{1:d4}' -f [int] ($node -replace '\D', ''), $number)
            Name = "$node-guest$number"; Generation = [int] 2; Version = '12.0'; State = [int] (2, 3)[$number - 1]; IsClustered = $true
        }
    }
}
