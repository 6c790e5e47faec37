# Facts of Hyper-V: settings of the host and of its VMs, nothing of a guest.

function Read-HvVms {
    foreach ($vm in @(Hyper-V\Get-VM)) {
        [ordered]@{
            id         = Get-HvGuid $vm 'Id' -Required
            name       = Get-HvText $vm 'Name' -Required
            generation = Get-HvNumber $vm 'Generation' -Required
            version    = Get-HvText $vm 'Version' -Required
            state      = Get-HvCode $vm 'State'
            clustered  = Get-HvBoolean $vm 'IsClustered'
        }
    }
}
