# Facts of the platform: VBS, Credential Guard, firmware, TPM, LSASS.

function Read-HvDeviceGuardPolicy {
    $policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard'
    $local = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard'
    $hvci = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity'
    $lsa = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa'
    [ordered]@{
        lsa_cfg_flags_policy  = Get-HvRegistry $policy 'LsaCfgFlags'
        lsa_cfg_flags_local   = Get-HvRegistry $lsa 'LsaCfgFlags'
        lsa_cfg_flags_default = Get-HvRegistry $lsa 'LsaCfgFlagsDefault'
        vbs_policy            = Get-HvRegistry $policy 'EnableVirtualizationBasedSecurity'
        vbs_local             = Get-HvRegistry $local 'EnableVirtualizationBasedSecurity'
        platform_policy       = Get-HvRegistry $policy 'RequirePlatformSecurityFeatures'
        platform_local        = Get-HvRegistry $local 'RequirePlatformSecurityFeatures'
        hvci_policy           = Get-HvRegistry $policy 'HypervisorEnforcedCodeIntegrity'
        hvci_local            = Get-HvRegistry $hvci 'Enabled'
        hvci_locked           = Get-HvRegistry $hvci 'Locked'
        locked                = Get-HvRegistry $local 'Locked'
        mandatory             = Get-HvRegistry $local 'Mandatory'
    }
}
