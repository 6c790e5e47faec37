# made up: the descriptor of a role file that an administrator made below Program Files (Sddl as Get-Acl gives it), and one that
# users may write.
function Get-Acl {
    param([string] $LiteralPath)
    if ($instead = Get-Instead 'Get-Acl') { return & $instead $LiteralPath }
    $installer = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
    $writer = $(if ($LiteralPath -match '[\\/]open[\\/]') { '(A;ID;0x1301bf;;;BU)' })
    [pscustomobject] @{
        Sddl = "O:BAG:S-1-5-21-1-2-3-513D:AI(A;ID;FA;;;$installer)(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)$writer(A;OICIIOID;GA;;;CO)"
    }
}
