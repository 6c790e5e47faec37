#Requires -Version 5.1
<#
.SYNOPSIS
Reads what hypervigil judges Hyper-V hosts by, and writes it as a bundle. Changes nothing.

.DESCRIPTION
Reads settings of this host, or of all hosts given with -Nodes, and writes a zip that 'hypervigil assess' reads, with a
transcript of what was read beside it. It installs nothing, changes no setting, and reads nothing inside a guest. Every
read is a row of reads.toml; -WhatIf lists the rows without reading.

Each fact is read by a task of its own, with a deadline. What can not be read becomes a gap with its cause in the bundle,
and never stops the rest.

Run it elevated. Without elevation many facts become gaps; the summary says which.

.PARAMETER Nodes
Hosts to read, through PowerShell remoting: one session and one pipeline each. Names with a comma between them, or an
array such as (Get-ClusterNode).Name. Left out: this host, without remoting.

.PARAMETER Role
Node: a Hyper-V host. JumpHost: a machine from which hosts are managed; Hyper-V and cluster are not asked for there.

.PARAMETER OutputFolder
An existing folder for the zip and the transcript. Left out: the current folder.

.PARAMETER Label
What the bundle is called. Left out: the name of the cluster, or of the host.

.PARAMETER Only
Names of facts to read, such as smb_server; all others are left out.

.PARAMETER Skip
Names of facts to leave out.

.PARAMETER IncludeHgsClient
Also asks the client of the Host Guardian Service for its state. That starts an attestation, over the network.

.PARAMETER Days
How far back event logs are searched, in days.

.PARAMETER TaskTimeoutSeconds
The deadline of one task, where its row states no longer one.

.PARAMETER RunTimeoutSeconds
The deadline of a host as a whole.

.PARAMETER ThrottleLimit
How many hosts are read at once.

.PARAMETER TasksAtOnce
How many tasks run at once on a host.

.PARAMETER Credential
Account for -Nodes, where it is not the one that runs this.

.PARAMETER SigningCertificateThumbprint
Signs the manifest with this certificate of Cert:\LocalMachine\My (its private key must be usable). 'hypervigil verify
--trust' checks it.

.PARAMETER MinimumFreeMB
Free space that OutputFolder must have, in megabytes.

.EXAMPLE
.\Collect-Hypervigil.ps1 -OutputFolder C:\Evidence

.EXAMPLE
.\Collect-Hypervigil.ps1 -Nodes (Get-ClusterNode).Name -OutputFolder C:\Evidence

.EXAMPLE
.\Collect-Hypervigil.ps1 -WhatIf | Format-Table Fact, Read, Properties -Wrap
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string[]] $Nodes = @(),
    [ValidateSet('Node', 'JumpHost')] [string] $Role = 'Node',
    [string] $OutputFolder = '.',
    [string] $Label = '',
    [string[]] $Only = @(),
    [string[]] $Skip = @(),
    [switch] $IncludeHgsClient,
    [ValidateRange(1, 3650)] [int] $Days = 30,
    [ValidateRange(1, 86400)] [int] $TaskTimeoutSeconds = 120,
    [ValidateRange(1, 86400)] [int] $RunTimeoutSeconds = 1800,
    [ValidateRange(1, 64)] [int] $ThrottleLimit = 16,
    [ValidateRange(1, 16)] [int] $TasksAtOnce = 4,
    [System.Management.Automation.PSCredential] $Credential,
    [string] $SigningCertificateThumbprint = '',
    [ValidateRange(0, 1000000)] [int] $MinimumFreeMB = 200,
    # What -Nodes sends to a host runs there with this: it gives its documents to the pipeline and writes nothing.
    [Parameter(DontShow = $true)] [switch] $ReturnDocuments
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Made by tools/make_collector.py from the register of facts and the rows of reads.

$HvVersion = '0.1.0'

$HvFacts = [ordered]@{
    operating_system = @{
        Function = 'Read-HvOperatingSystem'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'OperatingSystem'
        Command = 'Get-CimInstance; registry'
    }
    computer_system = @{
        Function = 'Read-HvComputerSystem'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'ComputerSystem'
        Command = 'Get-CimInstance'
    }
    device_guard_policy = @{
        Function = 'Read-HvDeviceGuardPolicy'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'DeviceGuardPolicy'
        Command = 'registry'
    }
    vms = @{
        Function = 'Read-HvVms'; Version = 1; Scope = 'node'; ItemKey = 'id'; Elevated = $true
        Timeout = 600; Roles = @('Node'); Switch = ''; Shape = 'Vm'
        Command = 'Hyper-V\Get-VM'
    }
    smb_server = @{
        Function = 'Read-HvSmbServer'; Version = 1; Scope = 'node'; ItemKey = ''; Elevated = $true
        Timeout = 0; Roles = @('Node', 'JumpHost'); Switch = ''; Shape = 'SmbServerConfiguration'
        Command = 'SmbShare\Get-SmbServerConfiguration'
    }
    cluster = @{
        Function = 'Read-HvCluster'; Version = 1; Scope = 'cluster'; ItemKey = ''; Elevated = $false
        Timeout = 0; Roles = @('Node'); Switch = ''; Shape = 'Cluster'
        Command = 'FailoverClusters\Get-Cluster'
    }
}

$HvShapes = @{
    Cluster = @{
        name = '!text'
        id = 'text|null'
        domain = 'text|null'
        security_level = 'int|null'
        security_level_for_storage = 'int|null'
        functional_level = 'int|null'
        upgrade_version = 'int|null'
        access_point = 'int|null'
        netft_ipsec = 'int|null'
        s2d_enabled = 'int|null'
        maximum_parallel_migrations = 'int|null'
        rdma_for_storage = 'int|null'
    }
    ComputerSystem = @{
        name = '!text'
        part_of_domain = '!bool'
        domain_role = '!int'
        dns_host_name = 'text|null'
        domain = 'text|null'
        manufacturer = 'text|null'
        model = 'text|null'
        hypervisor_present = 'bool|null'
    }
    DeviceGuardPolicy = @{
        lsa_cfg_flags_policy = '!@RegistryValue'
        lsa_cfg_flags_local = '!@RegistryValue'
        lsa_cfg_flags_default = '!@RegistryValue'
        vbs_policy = '!@RegistryValue'
        vbs_local = '!@RegistryValue'
        platform_policy = '!@RegistryValue'
        platform_local = '!@RegistryValue'
        hvci_policy = '!@RegistryValue'
        hvci_local = '!@RegistryValue'
        hvci_locked = '!@RegistryValue'
        locked = '!@RegistryValue'
        mandatory = '!@RegistryValue'
    }
    OperatingSystem = @{
        name = '!text'
        build_number = '!int'
        product_type = '!int'
        caption = 'text'
        sku = 'int|null'
        ubr = 'int|null'
        edition_id = 'text|null'
        installation_type = 'text|null'
        installed = 'time|null'
        last_boot = 'time|null'
    }
    RegistryValue = @{
        state = '!=present,absent,denied'
        type = 'text|null'
        data = 'int|text|text*|null'
    }
    SmbServerConfiguration = @{
        require_signing = '!bool'
        smb1_enabled = 'bool|null'
        encrypt_data = 'bool|null'
        reject_unencrypted = 'bool|null'
        spn_validation = 'int|null'
        rate_limiter = 'bool|null'
        invalid_authentication_delay_ms = 'int|null'
        audit_smb1 = 'bool|null'
        audit_signing = 'bool|null'
        audit_encryption = 'bool|null'
        audit_spn = 'bool|null'
        audit_guest = 'bool|null'
        dialect_min = 'int|null'
        dialect_max = 'int|null'
        mailslots = 'bool|null'
        ciphers = 'text*|null'
        quic = 'bool|null'
        quic_restrict_named_pipes = 'bool|null'
    }
    Vm = @{
        id = '!text'
        name = '!text'
        generation = '!int'
        version = '!text'
        state = 'int|null'
        clustered = 'bool|null'
    }
}

$HvReads = @(
    @{ Fact = 'node'; Read = 'Get-CimInstance root\cimv2:Win32_ComputerSystem'
        Properties = 'Name, DNSHostName, Domain, PartOfDomain'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'node'; Read = 'whoami.exe /groups /fo csv /nh'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'cluster'; Read = 'FailoverClusters\Get-Cluster'
        Properties = 'Name, Id, Domain, SecurityLevel, SecurityLevelForStorage, ClusterFunctionalLevel, ClusterUpgradeVersion, AdministrativeAccessPoint, NetftIPSecEnabled, S2DEnabled, MaximumParallelMigrations, UseRdmaForStorage'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'operating_system'; Read = 'Get-CimInstance root\cimv2:Win32_OperatingSystem'
        Properties = 'CSName, BuildNumber, ProductType, Caption, OperatingSystemSKU, InstallDate, LastBootUpTime'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'operating_system'; Read = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion: UBR, EditionID, InstallationType'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'computer_system'; Read = 'Get-CimInstance root\cimv2:Win32_ComputerSystem'
        Properties = 'Name, PartOfDomain, DomainRole, DNSHostName, Domain, Manufacturer, Model, HypervisorPresent'
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'vms'; Read = 'Hyper-V\Get-VM'
        Properties = 'Id, Name, Generation, Version, State, IsClustered'
        Release = '2019'; Elevated = $true; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard: LsaCfgFlags, EnableVirtualizationBasedSecurity, RequirePlatformSecurityFeatures, HypervisorEnforcedCodeIntegrity'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard: EnableVirtualizationBasedSecurity, RequirePlatformSecurityFeatures, Locked, Mandatory'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity: Enabled, Locked'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'device_guard_policy'; Read = 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa: LsaCfgFlags, LsaCfgFlagsDefault'
        Properties = ''
        Release = '2019'; Elevated = $false; Effects = 'none' },
    @{ Fact = 'smb_server'; Read = 'SmbShare\Get-SmbServerConfiguration'
        Properties = 'RequireSecuritySignature, EnableSMB1Protocol, EncryptData, RejectUnencryptedAccess, SmbServerNameHardeningLevel, EnableAuthRateLimiter, InvalidAuthenticationDelayTimeInMs, AuditSmb1Access, AuditClientDoesNotSupportSigning, AuditClientDoesNotSupportEncryption, AuditClientSpnSupport, AuditInsecureGuestLogon, Smb2DialectMin, Smb2DialectMax, EnableMailslots, EncryptionCiphers, EnableSMBQUIC, RestrictNamedpipeAccessViaQuic'
        Release = '2019'; Elevated = $true; Effects = 'none' }
)

# JSON: ConvertTo-Json of Windows PowerShell 5.1 cuts at a depth, writes dates its own way and takes arrays of one apart.

# Gives a value as JSON text. Numbers and dates do not depend on the culture; an enum is its number, a date ISO 8601 in UTC
# (one without a zone is local time, as .NET has it), a TimeSpan an ISO 8601 duration, bytes are hexadecimal.
function ConvertTo-HvJson {
    param($Value)
    $builder = New-Object System.Text.StringBuilder
    Add-HvJson $builder $Value
    $builder.ToString()
}

function Add-HvJson($Builder, $Value) {
    if ($null -eq $Value) { [void] $Builder.Append('null'); return }
    if ($Value -is [string]) { Add-HvJsonText $Builder ([string] $Value); return }
    if ($Value -is [bool]) { [void] $Builder.Append($(if ($Value) { 'true' } else { 'false' })); return }
    if ($Value -is [System.Enum]) { [void] $Builder.Append($Value.ToString('d')); return }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or $Value -is [byte] -or
        $Value -is [sbyte] -or $Value -is [int16] -or $Value -is [uint16] -or $Value -is [decimal]) {
        [void] $Builder.Append($Value.ToString([System.Globalization.CultureInfo]::InvariantCulture))
        return
    }
    if ($Value -is [double] -or $Value -is [single]) { Add-HvJsonDouble $Builder ([double] $Value); return }
    if ($Value -is [System.Collections.IDictionary]) { Add-HvJsonDictionary $Builder $Value; return }
    if ($Value -is [byte[]]) {
        Add-HvJsonText $Builder ([System.BitConverter]::ToString($Value).Replace('-', '').ToLowerInvariant())
        return
    }
    if ($Value -is [System.Collections.IEnumerable]) { Add-HvJsonArray $Builder $Value; return }
    Add-HvJsonText $Builder (ConvertTo-HvJsonScalar $Value)
}

# The text of a value that JSON has no type for.
function ConvertTo-HvJsonScalar($Value) {
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', $invariant) }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.UtcDateTime.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', $invariant)
    }
    if ($Value -is [timespan]) { return [System.Xml.XmlConvert]::ToString([timespan] $Value) }
    if ($Value -is [guid]) { return $Value.ToString('d').ToLowerInvariant() }
    if ($Value -is [char] -or $Value -is [version]) { return $Value.ToString() }
    throw (New-HvFailure 'unparsable' "a value of type $($Value.GetType().FullName) has no place in a fact")
}

function Add-HvJsonDouble($Builder, [double] $Value) {
    if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) {
        throw (New-HvFailure 'unparsable' 'a number is infinite or not a number')
    }
    # Not 'R', which .NET Framework gets wrong for some numbers.
    [void] $Builder.Append($Value.ToString('G17', [System.Globalization.CultureInfo]::InvariantCulture))
}

function Add-HvJsonDictionary($Builder, $Value) {
    [void] $Builder.Append('{')
    $first = $true
    foreach ($entry in $Value.GetEnumerator()) {
        if (-not $first) { [void] $Builder.Append(',') }
        $first = $false
        Add-HvJsonText $Builder ([string] $entry.Key)
        [void] $Builder.Append(':')
        Add-HvJson $Builder $entry.Value
    }
    [void] $Builder.Append('}')
}

function Add-HvJsonArray($Builder, $Value) {
    [void] $Builder.Append('[')
    $first = $true
    foreach ($item in $Value) {
        if (-not $first) { [void] $Builder.Append(',') }
        $first = $false
        Add-HvJson $Builder $item
    }
    [void] $Builder.Append(']')
}

# Half of a surrogate pair is no Unicode, and no JSON reader takes it: it is written as the text \uD800, so that two names
# that differ in it still differ.
function Add-HvJsonText($Builder, [string] $Text) {
    [void] $Builder.Append('"')
    if ($Text -notmatch '[\x00-\x1f"\\\x7f-\x9f\ud800-\udfff\u2028\u2029]') {
        [void] $Builder.Append($Text).Append('"')
        return
    }
    for ($i = 0; $i -lt $Text.Length; $i++) {
        $char = $Text[$i]
        $code = [int] $char
        if ($char -eq '"' -or $char -eq '\') { [void] $Builder.Append('\').Append($char) }
        elseif ([char]::IsSurrogate($char)) {
            if ([char]::IsHighSurrogate($char) -and $i + 1 -lt $Text.Length -and [char]::IsLowSurrogate($Text[$i + 1])) {
                [void] $Builder.Append($char).Append($Text[$i + 1])
                $i++
            }
            else { [void] $Builder.Append('\\u').Append($code.ToString('x4')) }
        }
        elseif ($code -lt 0x20 -or ($code -ge 0x7f -and $code -le 0x9f) -or $code -eq 0x2028 -or $code -eq 0x2029) {
            [void] $Builder.Append('\u').Append($code.ToString('x4'))
        }
        else { [void] $Builder.Append($char) }
    }
    [void] $Builder.Append('"')
}

# What kind of gap a failure makes. Nothing here looks at a message: Windows translates those.

# An error record that says by itself which gap it makes.
function New-HvFailure([string] $Cause, [string] $Detail) {
    $exception = New-Object System.InvalidOperationException($Detail)
    New-Object System.Management.Automation.ErrorRecord($exception, "HvGap.$Cause", 'NotSpecified', $null)
}

# Ends a task as a gap.
function Stop-HvTask {
    param(
        [ValidateSet('not_collected', 'access_denied', 'timed_out', 'unparsable', 'not_in_source', 'unsupported_release',
            'conflicting')]
        [string] $Cause,
        [string] $Detail
    )
    throw (New-HvFailure $Cause $Detail)
}

# The cause of a gap, and the words for it.
function Get-HvGap($Record) {
    $id = [string] $Record.FullyQualifiedErrorId
    if ($id -match '^HvGap\.([a-z_]+)') {
        return @{ Cause = $Matches[1]; Detail = (Format-HvDetail $Record.Exception.Message) }
    }
    $exceptions = @(Get-HvExceptions $Record.Exception)
    foreach ($exception in $exceptions) {
        if ($exception -is [System.Management.Automation.CommandNotFoundException]) {
            return Get-HvMissingCommand ([string] $exception.CommandName)
        }
    }
    $cause = Get-HvCauseByCode $id $exceptions
    if ($cause -eq '') { $cause = Get-HvCauseByType $exceptions }
    if ($cause -eq '') { $cause = Get-HvCauseById $id }
    if ($cause -eq '') { $cause = Get-HvCauseByCategory $Record.CategoryInfo.Category }
    @{ Cause = $cause; Detail = (Format-HvDetail $exceptions[-1].Message $id) }
}

# An exception and what it wraps, the innermost one last.
function Get-HvExceptions($Exception) {
    while ($null -ne $Exception) {
        $Exception
        $Exception = $Exception.InnerException
    }
}

# A module that is not there was not installed; a command that its module lacks belongs to another release.
function Get-HvMissingCommand([string] $Name) {
    $module, $command = $Name.Split('\', 2)
    if ($null -eq $command) { return @{ Cause = 'unsupported_release'; Detail = "this host has no command $Name" } }
    if (@(Get-Module -ListAvailable -Name $module).Count -eq 0) {
        return @{ Cause = 'not_collected'; Detail = "the PowerShell module $module is not installed on this host" }
    }
    @{ Cause = 'unsupported_release'; Detail = "the module $module of this host has no command $command" }
}

# HRESULTs and system errors, in error ids (WMI and its cmdlets put them there) and in exceptions.
function Get-HvCauseByCode([string] $Id, $Exceptions) {
    $causes = @{
        '80070005' = 'access_denied'        # E_ACCESSDENIED
        '80041003' = 'access_denied'        # WBEM_E_ACCESS_DENIED
        '80041062' = 'access_denied'        # WBEM_E_PRIVILEGE_NOT_HELD
        '80070522' = 'access_denied'        # ERROR_PRIVILEGE_NOT_HELD
        '8004100e' = 'unsupported_release'  # WBEM_E_INVALID_NAMESPACE
        '80041010' = 'unsupported_release'  # WBEM_E_INVALID_CLASS
        '8004100c' = 'unsupported_release'  # WBEM_E_NOT_SUPPORTED
        '80070102' = 'timed_out'            # WAIT_TIMEOUT
        '800705b4' = 'timed_out'            # ERROR_TIMEOUT
        '80043001' = 'timed_out'            # wbemErrTimedout
        '80338126' = 'timed_out'            # ERROR_WINRM_CANNOT_CONNECT: no answer in time
    }
    $codes = @()
    if ($Id -match '0x([0-9a-fA-F]{8})') { $codes += $Matches[1].ToLowerInvariant() }
    if ($Id -match '^Windows System Error (\d{1,5})\b') { $codes += '8007' + ([int] $Matches[1]).ToString('x4') }
    foreach ($exception in $Exceptions) {
        $codes += $exception.HResult.ToString('x8')
        foreach ($name in 'ErrorCode', 'NativeErrorCode', 'StatusCode') {
            $property = $exception.PSObject.Properties[$name]
            if ($null -eq $property -or $null -eq $property.Value) { continue }
            if ($property.Value -is [int] -or $property.Value -is [uint32]) {
                $codes += $property.Value.ToString('x8')
                if ($property.Value -gt 0 -and $property.Value -lt 65536) {
                    $codes += '8007' + $property.Value.ToString('x4')
                }
            }
        }
    }
    foreach ($code in $codes) { if ($causes.ContainsKey($code)) { return $causes[$code] } }
    ''
}

# Exceptions by type. CimException has its own numbers (MI_Result): they would mean other things as system errors.
function Get-HvCauseByType($Exceptions) {
    $cim = @{
        AccessDenied = 'access_denied'; InvalidNamespace = 'unsupported_release'; InvalidClass = 'unsupported_release'
        NotSupported = 'unsupported_release'; MethodNotFound = 'unsupported_release'
        MethodNotAvailable = 'unsupported_release'
    }
    foreach ($exception in $Exceptions) {
        if ($exception -is [System.UnauthorizedAccessException] -or $exception -is [System.Security.SecurityException]) {
            return 'access_denied'
        }
        if ($exception -is [System.TimeoutException]) { return 'timed_out' }
        if ($exception -is [System.NotImplementedException] -or $exception -is [System.PlatformNotSupportedException]) {
            return 'unsupported_release'
        }
        $native = $exception.PSObject.Properties['NativeErrorCode']
        if ($null -ne $native -and $native.Value -is [System.Enum] -and $cim.ContainsKey($native.Value.ToString())) {
            return $cim[$native.Value.ToString()]
        }
    }
    ''
}

function Get-HvCauseById([string] $Id) {
    switch -Regex ($Id) {
        '^(AccessDenied|PermissionDenied|UnauthorizedAccess)' { return 'access_denied' }
        '^(NamedParameterNotFound|ParameterNotFound)' { return 'unsupported_release' }
        '^NoMatchingLogsFound' { return 'unsupported_release' }
        '^NoMatchingProvidersFound' { return 'not_collected' }
    }
    ''
}

function Get-HvCauseByCategory($Category) {
    switch ([string] $Category) {
        'PermissionDenied' { return 'access_denied' }
        'SecurityError' { return 'access_denied' }
        'AuthenticationError' { return 'access_denied' }
        'OperationTimeout' { return 'timed_out' }
        'NotImplemented' { return 'unsupported_release' }
        'NotInstalled' { return 'not_collected' }
        'ConnectionError' { return 'not_collected' }
        'ResourceUnavailable' { return 'not_collected' }
    }
    'unparsable'
}

# One line of printable characters.
function Format-HvDetail([string] $Message, [string] $Otherwise = '') {
    $words = ($Message -replace '[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+', ' ').Trim()
    if ($words -eq '') { $words = $Otherwise }
    if ($words -eq '') { $words = 'it failed and left no message' }
    if ($words.Length -gt 300) { $words = $words.Substring(0, 297) + '...' }
    $words
}

# Properties of objects as the type that they have to have.

# The one object that a command gives.
function Get-HvOne {
    param([object[]] $Objects, [switch] $OrNone)
    $found = @($Objects | Where-Object -FilterScript { $null -ne $_ })
    if ($found.Count -eq 1) { return $found[0] }
    if ($found.Count -eq 0 -and $OrNone) { return $null }
    throw (New-HvFailure 'unparsable' "it gave $($found.Count) objects, expected one")
}

# A property as it is; $null where the object does not have it.
function Get-HvValue {
    param($Object, [string] $Name, [switch] $Required)
    $value = $null
    if ($null -eq $Object) { throw (New-HvFailure 'unparsable' "there is no object to read property $Name of") }
    if ($Object -is [System.Collections.IDictionary]) { $value = $Object[$Name] }
    else {
        $property = $Object.PSObject.Properties[$Name]
        if ($null -ne $property) { $value = $property.Value }
    }
    if ($null -eq $value) {
        if ($Required) { throw (New-HvFailure 'unparsable' "property $Name is missing or null") }
        return $null
    }
    , $value
}

function New-HvWrong([string] $Name, $Value, [string] $Expected) {
    $shown = Format-HvDetail ([string] $Value) 'blank'
    if ($shown.Length -gt 60) { $shown = $shown.Substring(0, 60) }
    New-HvFailure 'unparsable' "property $Name is $shown ($($Value.GetType().Name)), expected $Expected"
}

function Get-HvBoolean {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value -or $value -is [bool]) { return $value }
    switch ([string] $value) {
        'True' { return $true }
        'False' { return $false }
        '1' { return $true }
        '0' { return $false }
    }
    throw (New-HvWrong $Name $value 'true or false')
}

# A whole number of any width; $null where the value is none.
function ConvertTo-HvNumber($Value) {
    if ($Value -is [int] -or $Value -is [long]) { return $Value }
    if ($Value -is [System.Enum]) { return [long]::Parse($Value.ToString('d'), [cultureinfo]::InvariantCulture) }
    if ($Value -is [byte] -or $Value -is [sbyte] -or $Value -is [int16] -or $Value -is [uint16] -or
        $Value -is [uint32] -or $Value -is [uint64]) { return $Value }
    if (($Value -is [double] -or $Value -is [decimal] -or $Value -is [single]) -and
        [System.Math]::Floor([double] $Value) -eq $Value -and [System.Math]::Abs([double] $Value) -lt 9e15) {
        return [long] $Value
    }
    if ($Value -is [string] -and $Value -match '^\s*-?[0-9]{1,18}\s*$') {
        return [long]::Parse($Value.Trim(), [cultureinfo]::InvariantCulture)
    }
    $null
}

function Get-HvNumber {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $number = ConvertTo-HvNumber $value
    if ($null -eq $number) { throw (New-HvWrong $Name $value 'a whole number') }
    $number
}

function Get-HvDecimal {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -is [double] -or $value -is [single] -or $value -is [decimal]) { return [double] $value }
    $number = ConvertTo-HvNumber $value
    if ($null -eq $number) { throw (New-HvWrong $Name $value 'a number') }
    [double] $number
}

# A name in $Names counts for more than the number under it.
function ConvertTo-HvCode([string] $Name, $Value, [hashtable] $Names) {
    if ($Value -is [string] -or $Value -is [System.Enum]) {
        $text = $Value.ToString().Trim()
        if ($Names.ContainsKey($text)) { return $Names[$text] }
    }
    $number = ConvertTo-HvNumber $Value
    if ($null -eq $number) { throw (New-HvWrong $Name $Value 'a number, or a name that stands for one') }
    $number
}

function Get-HvCode {
    param($Object, [string] $Name, [hashtable] $Names = @{}, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    ConvertTo-HvCode $Name $value $Names
}

function Get-HvCodes {
    param($Object, [string] $Name, [hashtable] $Names = @{}, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    , @(foreach ($each in @($value)) { ConvertTo-HvCode $Name $each $Names })
}

function ConvertTo-HvText([string] $Name, $Value) {
    if ($Value -is [string]) { return $Value.Trim() }
    if ($Value -is [System.Enum] -or $Value -is [version] -or $Value -is [char] -or $Value -is [System.Uri] -or
        $Value -is [System.Net.IPAddress]) { return $Value.ToString() }
    if ($Value -is [guid]) { return $Value.ToString('d').ToLowerInvariant() }
    throw (New-HvWrong $Name $Value 'text')
}

function Get-HvText {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $text = ConvertTo-HvText $Name $value
    if ($text -ne '') { return $text }
    if ($Required) { throw (New-HvFailure 'unparsable' "property $Name is blank") }
    $null
}

function Get-HvTexts {
    param($Object, [string] $Name, [string] $Separator = ',', [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -is [string]) { $value = $value.Split($Separator[0]) }
    , @(foreach ($each in @($value)) {
            if ($null -ne $each) {
                $text = ConvertTo-HvText $Name $each
                if ($text -ne '') { $text }
            }
        })
}

function Get-HvGuid {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    $parsed = [guid]::Empty
    if (-not [guid]::TryParse([string] $value, [ref] $parsed)) { throw (New-HvWrong $Name $value 'a GUID') }
    $parsed.ToString('d').ToLowerInvariant()
}

# A date in UTC. DMTF text is what WMI writes: 20181123172414.000000-360, its zone in minutes.
function Get-HvMoment {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value -or $value -eq '') { return $null }
    if ($value -is [datetime]) { return $value.ToUniversalTime() }
    if ($value -is [System.DateTimeOffset]) { return $value.UtcDateTime }
    if ($value -is [string] -and $value.Trim() -match '^(\d{14})\.(\d{6})([+-])(\d{3})$') {
        $parsed = [datetime]::MinValue
        $styles = [System.Globalization.DateTimeStyles]::AssumeUniversal -bor
            [System.Globalization.DateTimeStyles]::AdjustToUniversal
        $digits = $Matches[1] + '.' + $Matches[2]
        $minutes = [int] ($Matches[3] + $Matches[4])
        if ([datetime]::TryParseExact($digits, 'yyyyMMddHHmmss.ffffff', [cultureinfo]::InvariantCulture, $styles,
                [ref] $parsed)) {
            return $parsed.AddMinutes(-$minutes)
        }
    }
    throw (New-HvWrong $Name $value 'a date')
}

function Get-HvSeconds {
    param($Object, [string] $Name, [switch] $Required)
    $value = Get-HvValue $Object $Name -Required:$Required
    if ($null -eq $value) { return $null }
    if ($value -isnot [timespan]) { throw (New-HvWrong $Name $value 'a time span') }
    if ($value.Ticks % 10000000 -eq 0) { return [long] ($value.Ticks / 10000000) }
    $value.TotalSeconds
}

# Where tasks read: registry, event logs, programs of Windows; and what a task may do without.

$HvRegistryTypes = @{
    String = 'REG_SZ'; ExpandString = 'REG_EXPAND_SZ'; Binary = 'REG_BINARY'; DWord = 'REG_DWORD'
    MultiString = 'REG_MULTI_SZ'; QWord = 'REG_QWORD'; None = 'REG_NONE'; Unknown = 'REG_UNKNOWN'
}

# How one value stands: there with type and data, not there, or not to be looked at.
function Get-HvRegistry {
    param([string] $Key, [string] $Name)
    try {
        $item = Get-Item -LiteralPath $Key
        if (@($item.GetValueNames()) -notcontains $Name) { return [ordered]@{ state = 'absent'; type = $null; data = $null } }
        $kind = $item.GetValueKind($Name)
        $asWritten = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
        $data = ConvertTo-HvRegistryData $kind $item.GetValue($Name, $null, $asWritten)
        [ordered]@{ state = 'present'; type = $HvRegistryTypes[[string] $kind]; data = $data }
    }
    catch [System.Management.Automation.ItemNotFoundException] {
        [ordered]@{ state = 'absent'; type = $null; data = $null }
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        [ordered]@{ state = 'denied'; type = $null; data = $null }
    }
}

# .NET reads numbers as signed ones.
function ConvertTo-HvRegistryData($Kind, $Data) {
    switch ([string] $Kind) {
        'DWord' { if ($Data -lt 0) { return [long] $Data + 4294967296 } }
        'QWord' { if ($Data -lt 0) { return [decimal] $Data + 18446744073709551616 } }
        'MultiString' { return , [string[]] @($Data) }
        'String' { return [string] $Data }
        'ExpandString' { return [string] $Data }
    }
    if ($Data -is [byte[]]) { return [System.BitConverter]::ToString($Data).Replace('-', '').ToLowerInvariant() }
    $Data
}

# Names of the keys below a key; $null where there is no such key.
function Get-HvRegistryKeys {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetSubKeyNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Names of the values in a key; $null where there is no such key.
function Get-HvRegistryNames {
    param([string] $Key)
    try { , [string[]] @((Get-Item -LiteralPath $Key).GetValueNames()) }
    catch [System.Management.Automation.ItemNotFoundException] { $null }
}

# Events, newest first, bounded by days and number. None is an answer.
function Get-HvEvents {
    param([string] $Log, [string] $Provider = '', [int[]] $Id, [int] $Days = $HvOptions.Days, [int] $Most = 200)
    $filter = @{ LogName = $Log; Id = $Id; StartTime = [datetime]::Now.AddDays(-$Days) }
    if ($Provider -ne '') { $filter['ProviderName'] = $Provider }
    try { $events = @(Get-WinEvent -FilterHashtable $filter -MaxEvents $Most) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        $events = @()
    }
    , @(foreach ($each in $events) {
            [ordered]@{
                record_id = Get-HvNumber $each 'RecordId'
                id        = Get-HvNumber $each 'Id' -Required
                time      = Get-HvMoment $each 'TimeCreated' -Required
                channel   = Get-HvText $each 'LogName'
                provider  = Get-HvText $each 'ProviderName'
                data      = ConvertFrom-HvEventXml $each.ToXml()
            }
        })
}

# Data of an event by name, from EventData or UserData; what has no name is called by its place.
function ConvertFrom-HvEventXml([string] $Text) {
    $data = [ordered]@{}
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.LoadXml($Text)
    $place = 0
    foreach ($node in $document.SelectNodes("/*/*[local-name()='EventData']/*")) {
        $name = $node.GetAttribute('Name')
        if ($name -eq '' -or $data.Contains($name)) { $name = [string] $place }
        $data[$name] = $node.InnerText
        $place++
    }
    foreach ($node in $document.SelectNodes("/*/*[local-name()='UserData']/*/*")) { $data[$node.LocalName] = $node.InnerText }
    $data
}

# When the oldest event of a log was written; $null where the log is empty.
function Get-HvLogStart {
    param([string] $Log)
    try { $first = Get-HvOne (Get-WinEvent -LogName $Log -Oldest -MaxEvents 1) }
    catch {
        if ($_.FullyQualifiedErrorId -notmatch '^NoMatchingEventsFound') { throw }
        return $null
    }
    Get-HvMoment $first 'TimeCreated' -Required
}

# The lines of a program of Windows. Its text may be translated: read numbers, GUIDs and SIDs only.
function Invoke-HvProgram {
    param([scriptblock] $Block)
    $global:LASTEXITCODE = 0
    $lines = @(& $Block)
    $status = $global:LASTEXITCODE
    if ($status -eq 0) { return , $lines }
    $said = Format-HvDetail ($lines -join ' ')
    # ERROR_ACCESS_DENIED and ERROR_PRIVILEGE_NOT_HELD, bare or as HRESULT
    $cause = $(if (5, 1314, -2147024891, -2147023582 -contains $status) { 'access_denied' } else { 'unparsable' })
    throw (New-HvFailure $cause "it ended with status ${status}: $said")
}

# Runs a block with the name of a file in a private folder, and removes the file.
function Invoke-HvScratch {
    param([scriptblock] $Block)
    if (-not (Test-Path -LiteralPath $HvOptions.Scratch)) {
        $null = New-Item -ItemType Directory -Path $HvOptions.Scratch
    }
    $file = [System.IO.Path]::Combine($HvOptions.Scratch, [guid]::NewGuid().ToString('n'))
    try { & $Block $file }
    finally { if (Test-Path -LiteralPath $file) { Remove-Item -LiteralPath $file -Force } }
}

# A remark in the provenance of the fact.
function Add-HvRemark([string] $Text) { [void] $HvRemarks.Add((Format-HvDetail $Text)) }

# What a block gives; where it fails, $null and a remark. For a part that the fact can do without.
function Read-HvOptional {
    param([string] $What, [scriptblock] $Block)
    try { $found = & $Block }
    catch {
        $gap = Get-HvGap $_
        Add-HvRemark "without ${What}: $($gap.Cause): $($gap.Detail)"
        return $null
    }
    , $found
}

# Objects and errors of a command that goes on after an error.
function Invoke-HvLenient {
    param([scriptblock] $Block)
    $before = $global:ErrorActionPreference
    $global:ErrorActionPreference = 'Continue'
    $ErrorActionPreference = 'Continue'
    try { $all = @(& $Block 2>&1) }
    finally { $global:ErrorActionPreference = $before }
    [ordered]@{
        objects = @($all | Where-Object -FilterScript { $_ -isnot [System.Management.Automation.ErrorRecord] })
        errors  = @($all | Where-Object -FilterScript { $_ -is [System.Management.Automation.ErrorRecord] })
    }
}

# In a list, in place of an item that could not be read.
function New-HvItemGap {
    param([string] $Key, [string] $Cause, [string] $Detail)
    $gap = New-Object psobject -Property @{ Key = $Key; Cause = $Cause; Detail = (Format-HvDetail $Detail) }
    $gap.PSObject.TypeNames.Insert(0, 'Hypervigil.ItemGap')
    $gap
}

# Whether data is what the type of its fact demands. One document of the wrong shape would make the whole bundle unreadable.

# Each type of a fact, and of what is in it, is a row of $HvShapes: field name -> what it may hold, alternatives with |
# between them, * for an array of it, ! before a field that has to be there.
#     null bool int number text time duration    as their names say (time: a DateTime; text: also a GUID)
#     =a,b                                       one of these texts
#     #0,1                                       one of these numbers
#     @Name                                      a dictionary as $HvShapes.Name demands
#     %int                                       a dictionary with any keys

# What is wrong, or nothing.
function Test-HvShape($Value, [string] $Shape, [string] $Place) {
    if ($Value -isnot [System.Collections.IDictionary]) { return "$Place is no dictionary" }
    $fields = $HvShapes[$Shape]
    foreach ($name in $Value.Keys) {
        if (-not $fields.ContainsKey([string] $name)) { return "$Place has a field $name, which $Shape does not have" }
    }
    foreach ($name in $fields.Keys) {
        $wanted = $fields[$name]
        $required = $wanted[0] -eq '!'
        if ($required) { $wanted = $wanted.Substring(1) }
        if ($Value.Contains($name)) {
            $problem = Test-HvField $Value[$name] $wanted "$Place.$name"
            if ($problem) { return $problem }
        }
        elseif ($required) { return "$Place has no field $name" }
    }
}

function Test-HvField($Value, [string] $Wanted, [string] $Place) {
    $said = ''
    foreach ($kind in $Wanted.Split('|')) {
        $problem = $(if ($kind.EndsWith('*')) { Test-HvItems $Value $kind.TrimEnd('*') $Place }
            else { Test-HvKind $Value $kind $Place })
        if (-not $problem) { return }
        # Of several alternatives, what is wrong inside one says more than that it is another one.
        if ($said -eq '' -or $kind[0] -eq '@') { $said = $problem }
    }
    if ($Wanted.Contains('|') -and -not $said.StartsWith("$Place.") -and -not $said.StartsWith("$Place[")) {
        return "$Place is a $(Get-HvTypeName $Value), expected $Wanted"
    }
    $said
}

function Test-HvItems($Value, [string] $Kind, [string] $Place) {
    if ($Value -isnot [array] -and $Value -isnot [System.Collections.IList]) {
        return "$Place is a $(Get-HvTypeName $Value), expected an array"
    }
    $number = 0
    foreach ($item in $Value) {
        $problem = Test-HvKind $item $Kind "$Place[$number]"
        if ($problem) { return $problem }
        $number++
    }
}

function Test-HvKind($Value, [string] $Kind, [string] $Place) {
    switch ($Kind[0]) {
        '@' { return Test-HvShape $Value $Kind.Substring(1) $Place }
        '=' { if ($Value -is [string] -and $Kind.Substring(1).Split(',') -ccontains $Value) { return } }
        '#' { if ((Test-HvWhole $Value) -and $Kind.Substring(1).Split(',') -contains [string] $Value) { return } }
        '%' {
            if ($Value -isnot [System.Collections.IDictionary]) { break }
            foreach ($name in $Value.Keys) {
                $problem = Test-HvField $Value[$name] $Kind.Substring(1) "$Place.$name"
                if ($problem) { return $problem }
            }
            return
        }
    }
    switch ($Kind) {
        'null' { if ($null -eq $Value) { return } }
        'bool' { if ($Value -is [bool]) { return } }
        'int' { if (Test-HvWhole $Value) { return } }
        'number' { if ((Test-HvWhole $Value) -or $Value -is [double] -or $Value -is [single]) { return } }
        'text' { if ($Value -is [string] -or $Value -is [guid] -or $Value -is [version]) { return } }
        'time' { if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) { return } }
        'duration' { if ($Value -is [timespan]) { return } }
    }
    "$Place is a $(Get-HvTypeName $Value), expected $Kind"
}

function Test-HvWhole($Value) {
    $Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or $Value -is [byte] -or
        $Value -is [int16] -or $Value -is [uint16] -or $Value -is [sbyte] -or $Value -is [System.Enum] -or
        ($Value -is [decimal] -and [decimal]::Truncate($Value) -eq $Value)
}

function Get-HvTypeName($Value) {
    if ($null -eq $Value) { return 'null' }
    $Value.GetType().Name
}

# One task in its runspace: from a function to the text of a fact, or to a gap.

# Runs the function that reads a fact, and gives one flat object: everything in it is text or a number, so that it comes
# through a remote session unchanged.
function Invoke-HvTask {
    param([string] $Fact)
    # A thread that hangs must not keep the process, and no text may depend on the culture of the host.
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    [System.Threading.Thread]::CurrentThread.CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
    Set-StrictMode -Version 2.0
    $HvRemarks = New-Object System.Collections.ArrayList
    $started = [datetime]::UtcNow
    $document = New-HvDocument $Fact $started
    try {
        $found = Get-HvFact $Fact $HvFacts[$Fact]
        $document.Data = $found.Data
        $document.Gaps = $found.Gaps
        $document.Status = 'known'
    }
    catch {
        $gap = Get-HvGap $_
        $document.Cause = $gap.Cause
        $document.Detail = $gap.Detail
        $document.Place = "$($_.InvocationInfo.ScriptLineNumber)"
    }
    $document.Remark = $HvRemarks -join '; '
    $document.Milliseconds = [int] ([datetime]::UtcNow - $started).TotalMilliseconds
    New-Object psobject -Property $document
}

# A document that is a gap until something better is known.
function New-HvDocument([string] $Fact, [datetime] $Started, [string] $Cause = '', [string] $Detail = '') {
    @{
        Kind = 'document'; Fact = $Fact; Status = 'gap'; Data = ''; Gaps = ''; Cause = $Cause; Detail = $Detail
        Remark = ''; Place = ''; Milliseconds = 0
        Time = $Started.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
    }
}

# The data of a fact as JSON, and the gaps among the items of a list.
function Get-HvFact([string] $Fact, $Row) {
    # The whole output is kept apart from what a single dictionary would be unrolled to.
    $output = @(& $Row.Function)
    if (-not $Row.ItemKey) {
        $only = Get-HvOne $output
        $problem = Test-HvShape $only $Row.Shape $Fact
        if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
        return @{ Data = (ConvertTo-HvJson $only); Gaps = '' }
    }
    $items = New-Object System.Collections.ArrayList
    $gaps = New-Object System.Collections.ArrayList
    $keys = @{}
    foreach ($each in $output) {
        if ($null -eq $each) { continue }
        if ($each.PSObject.TypeNames -contains 'Hypervigil.ItemGap') {
            $key = $each.Key
            [void] $gaps.Add([ordered]@{
                    place = $items.Count + $gaps.Count; key = $key; cause = $each.Cause; detail = $each.Detail
                })
        }
        else {
            $problem = Test-HvShape $each $Row.Shape "$Fact[$($items.Count)]"
            if ($problem) { throw (New-HvFailure 'unparsable' $problem) }
            $key = [string] $each[$Row.ItemKey]
            [void] $items.Add($each)
        }
        if ($keys.ContainsKey($key)) { throw (New-HvFailure 'unparsable' "it lists $key twice") }
        $keys[$key] = $true
    }
    if ($items.Count + $gaps.Count -eq 0 -and $Row.Elevated -and $HvOptions.Elevated -eq $false) {
        throw (New-HvFailure 'access_denied' 'it gave nothing, and it gives what there is to elevated sessions only')
    }
    @{ Data = (ConvertTo-HvJson $items); Gaps = $(if ($gaps.Count) { ConvertTo-HvJson $gaps } else { '' }) }
}

# Many tasks, each in a runspace of its own, each with its deadline.

# What a runspace starts from: the functions of this script, and the tables that they use.
function New-HvSessionState([hashtable] $Variables) {
    $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault()
    foreach ($name in $HvFunctions.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateFunctionEntry($name, $HvFunctions[$name])
        $state.Commands.Add($entry)
    }
    foreach ($name in $Variables.Keys) {
        $entry = New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry($name, $Variables[$name], '')
        $state.Variables.Add($entry)
    }
    $stop = [System.Management.Automation.ActionPreference]::Stop
    $state.Variables.Add((New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry(
                'ErrorActionPreference', $stop, '')))
    $state
}

# The functions of this script by name, as text.
function Get-HvFunctions($Ast) {
    $functions = @{}
    foreach ($found in $Ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] },
            $false)) {
        $body = $found.Body.Extent.Text
        $text = $body.Substring(1, $body.Length - 2)
        if ($null -ne $found.Parameters) {
            $text = 'param(' + (@($found.Parameters | ForEach-Object -Process { $_.Extent.Text }) -join ', ') + ")`n" + $text
        }
        $functions[$found.Name] = $text
    }
    $functions
}

# Runs jobs, $Limit of them at once, none after $Until. A job has Name, Command, Parameters and Seconds.
# Gives each job as soon as it ended, with State (done, failed, timed_out, not_started), Output, Problem and Warnings.
# A job that does not stop when told to is left behind: its thread goes with the process.
function Invoke-HvJobs {
    param([object[]] $Jobs, $State, [int] $Limit, [datetime] $Until, [string] $Activity)
    $waiting = New-Object System.Collections.Queue(, $Jobs)
    $running = New-Object System.Collections.ArrayList
    $ended = 0
    try {
        while ($waiting.Count -or $running.Count) {
            while ($waiting.Count -and $running.Count -lt $Limit) {
                $job = $waiting.Dequeue()
                if ([datetime]::UtcNow -lt $Until) { $null = $running.Add((Start-HvJob $job $State $Until)) }
                else { $ended++; Complete-HvJob $job 'not_started' }
            }
            foreach ($job in @($running)) {
                $late = [datetime]::UtcNow -ge $job.Deadline
                if (-not $job.Handle.IsCompleted -and -not $late) { continue }
                $running.Remove($job)
                $ended++
                if ($job.Handle.IsCompleted) { Receive-HvJob $job }
                else {
                    # Not Stop(): that waits for the one who does not answer.
                    $null = $job.Shell.BeginStop($null, $null)
                    Complete-HvJob $job 'timed_out'
                }
                if ($Activity) {
                    Write-Progress -Activity $Activity -Status $job.Name -PercentComplete (100 * $ended / $Jobs.Count)
                }
            }
            if ($running.Count) { [System.Threading.Thread]::Sleep(20) }
        }
    }
    finally {
        foreach ($job in $running) { $null = $job.Shell.BeginStop($null, $null) }
        if ($Activity) { Write-Progress -Activity $Activity -Completed }
    }
}

function Start-HvJob($Job, $State, [datetime] $Until) {
    $deadline = [datetime]::UtcNow.AddSeconds($Job.Seconds)
    $Job.Deadline = $(if ($deadline -lt $Until) { $deadline } else { $Until })
    $Job.Output = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none.Complete()
    $Job.Runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($State)
    $Job.Runspace.Open()
    $Job.Shell = [System.Management.Automation.PowerShell]::Create()
    $Job.Shell.Runspace = $Job.Runspace
    $null = $Job.Shell.AddCommand($Job.Command)
    foreach ($name in $Job.Parameters.Keys) { $null = $Job.Shell.AddParameter($name, $Job.Parameters[$name]) }
    $Job.Handle = $Job.Shell.BeginInvoke($none, $Job.Output)
    $Job
}

function Receive-HvJob($Job) {
    $problem = $null
    try { $null = $Job.Shell.EndInvoke($Job.Handle) }
    catch { $problem = $_ }
    Complete-HvJob $Job $(if ($null -eq $problem) { 'done' } else { 'failed' }) $problem
    $Job.Shell.Dispose()
    $Job.Runspace.Dispose()
}

function Complete-HvJob($Job, [string] $State, $Problem = $null) {
    $Job.State = $State
    $Job.Problem = $Problem
    if ($State -ne 'not_started') {
        $Job.Output = @($Job.Output.ReadAll())
        $Job.Warnings = @($Job.Shell.Streams.Warning.ReadAll() | ForEach-Object -Process { Format-HvDetail $_.Message })
    }
    $Job
}

function New-HvJob([string] $Name, [string] $Command, [hashtable] $Parameters, [int] $Seconds) {
    @{
        Name = $Name; Command = $Command; Parameters = $Parameters; Seconds = $Seconds
        Deadline = $null; Runspace = $null; Shell = $null; Handle = $null
        State = ''; Output = @(); Problem = $null; Warnings = @()
    }
}

# Everything that is read on one host.

# Gives flat objects: Kind 'node' says which host this is, then Kind 'document' for every fact in $Facts.
function Invoke-HvNode {
    param([string[]] $Facts, [hashtable] $Options, [string] $Activity = '')
    $until = [datetime]::UtcNow.AddSeconds($Options.RunTimeoutSeconds)
    $scratch = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'hypervigil-' + [guid]::NewGuid().ToString('n'))
    $Options.Scratch = $scratch
    $Options.Elevated = $null
    $state = New-HvSessionState @{
        HvFacts = $HvFacts; HvShapes = $HvShapes; HvRegistryTypes = $HvRegistryTypes; HvOptions = $Options
    }
    try {
        $node = Get-HvNode $state $Options $until
        $Options.Elevated = $node.Elevated
        New-Object psobject -Property $node
        $jobs = @(foreach ($fact in $Facts) {
                $row = $HvFacts[$fact]
                if ($row.Switch -and -not $Options[$row.Switch]) {
                    $detail = "it is read only with -$($row.Switch)"
                    New-Object psobject -Property (New-HvDocument $fact ([datetime]::UtcNow) 'not_collected' $detail)
                    continue
                }
                $seconds = [System.Math]::Max($row.Timeout, $Options.TaskTimeoutSeconds)
                New-HvJob $fact 'Invoke-HvTask' @{ Fact = $fact } $seconds
            })
        $jobs | Where-Object -FilterScript { $_ -isnot [hashtable] }
        $jobs = @($jobs | Where-Object -FilterScript { $_ -is [hashtable] })
        Invoke-HvJobs -Jobs $jobs -State $state -Limit $Options.TasksAtOnce -Until $until -Activity $Activity |
            ForEach-Object -Process { ConvertFrom-HvJob $_ $Options }
    }
    finally {
        if (Test-Path -LiteralPath $scratch) { Remove-Item -LiteralPath $scratch -Recurse -Force }
    }
}

# What a task left: its document, or the gap that its end makes.
function ConvertFrom-HvJob($Job, [hashtable] $Options) {
    $document = $(foreach ($each in $Job.Output) { if ($each.Kind -eq 'document') { $each } })
    if ($null -eq $document -or $Job.State -ne 'done') {
        $cause, $detail = $(switch ($Job.State) {
                'timed_out' { 'timed_out', "the deadline of $($Job.Seconds) s passed" }
                'not_started' { 'timed_out', "the deadline of the host, $($Options.RunTimeoutSeconds) s, passed before it began" }
                'failed' { $gap = Get-HvGap $Job.Problem; $gap.Cause, $gap.Detail }
                default { 'unparsable', 'the task ended without a result' }
            })
        $document = New-Object psobject -Property (New-HvDocument $Job.Name ([datetime]::UtcNow) $cause $detail)
    }
    $document | Add-Member -MemberType NoteProperty -Name Warnings -Value ($Job.Warnings -join '; ') -PassThru
}

# Which host this is, and whether the session is elevated. Both are read with a deadline too.
function Get-HvNode($State, [hashtable] $Options, [datetime] $Until) {
    $jobs = @(
        New-HvJob 'identity' 'Read-HvIdentity' @{} $Options.TaskTimeoutSeconds
        New-HvJob 'elevation' 'Read-HvElevation' @{} $Options.TaskTimeoutSeconds
    )
    $name = [string] $env:COMPUTERNAME
    $node = @{
        Kind = 'node'; Name = $name; Key = $name.ToLowerInvariant(); Aliases = ''; Elevated = $null; Note = ''
        Time = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.ffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
        Computer = $name
    }
    $notes = @()
    foreach ($job in @(Invoke-HvJobs -Jobs $jobs -State $State -Limit 2 -Until $Until -Activity '')) {
        if ($job.State -eq 'done' -and @($job.Output).Count -eq 1) {
            foreach ($property in $job.Output[0].PSObject.Properties) { $node[$property.Name] = $property.Value }
            continue
        }
        $why = $(if ($null -ne $job.Problem) { (Get-HvGap $job.Problem).Detail } else { $job.State })
        $notes += "$($job.Name) could not be read ($why)"
    }
    $short = $node.Key.Split('.')[0]
    $node.Aliases = @($short, $node.Name.ToLowerInvariant() | Where-Object -FilterScript { $_ -ne $node.Key } |
            Sort-Object -Unique) -join ','
    $node.Note = $notes -join '; '
    $node
}

# The key of a node is its host name, with its domain where it is in one, in lower case.
function Read-HvIdentity {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    $name = Get-HvText $system 'Name' -Required
    $key = Get-HvText $system 'DNSHostName'
    if ($null -eq $key) { $key = $name }
    $domain = Get-HvText $system 'Domain'
    if ((Get-HvBoolean $system 'PartOfDomain' -Required) -and $null -ne $domain) { $key = "$key.$domain" }
    New-Object psobject -Property @{ Name = $name; Key = $key.ToLowerInvariant() }
}

# Elevated: the token's integrity level is high (S-1-16-12288) or system (S-1-16-16384). $null: it could not be told.
function Read-HvElevation {
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $groups = (Invoke-HvProgram { whoami.exe /groups /fo csv /nh }) -join "`n"
    $elevated = $null
    if ($groups -match '"S-1-16-(12288|16384)"') { $elevated = $true }
    elseif ($groups -match '"S-1-16-\d+"') { $elevated = $false }
    New-Object psobject -Property @{ Elevated = $elevated }
}

# The bundle: one document a fact, a manifest with their digests, a zip.

function Get-HvSha256([byte[]] $Bytes) {
    # Not SHA256.Create(), which .NET Framework refuses where FIPS mode is on.
    $algorithm = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    try { [System.BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}

function Get-HvUtf8([string] $Text) { , (New-Object System.Text.UTF8Encoding($false)).GetBytes($Text) }

# The envelope of a document as text. $Document.Data is JSON already.
function ConvertTo-HvEnvelope($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $row = $HvFacts[$Document.Fact]
    $head = [ordered]@{
        fact = $Document.Fact; version = $row.Version; subject = [ordered]@{ scope = $Scope; key = $Key }
        status = $Document.Status
        provenance = [ordered]@{
            source = 'collector'; host = $Computer; command = $row.Command; collected = $Document.Time
            collector = "Collect-Hypervigil $HvVersion"; remark = $Document.Remark
        }
    }
    if ($Document.Status -eq 'gap') {
        $head.cause = $Document.Cause
        $head.detail = $Document.Detail
        return (ConvertTo-HvJson $head) + "`n"
    }
    $text = ConvertTo-HvJson $head
    $text = $text.Substring(0, $text.Length - 1) + ',"data":' + $Document.Data
    if ($Document.Gaps) { $text += ',"gaps":' + $Document.Gaps }
    $text + "}`n"
}

# A node's key as the name of a folder: itself where that is harmless on every system, else marked with a digest.
function Get-HvFolder([string] $Key) {
    if ($Key -cmatch '\A[a-z0-9][a-z0-9._-]{0,99}\z' -and $Key -cnotmatch '\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z' -and
        -not $Key.EndsWith('.')) { return $Key }
    $readable = ($Key.ToLowerInvariant() -creplace '[^a-z0-9-]+', '-').Trim('-')
    if ($readable.Length -gt 60) { $readable = $readable.Substring(0, 60) }
    if ($readable -eq '') { $readable = 'node' }
    "$readable~" + (Get-HvSha256 (Get-HvUtf8 $Key)).Substring(0, 16)
}

# A document as a member of the bundle: its entry in the manifest, and its bytes.
function New-HvMember($Document, [string] $Scope, [string] $Key, [string] $Computer) {
    $bytes = Get-HvUtf8 (ConvertTo-HvEnvelope $Document $Scope $Key $Computer)
    $path = $(if ($Scope -eq 'cluster') { "cluster/$($Document.Fact).json" }
        else { "nodes/$(Get-HvFolder $Key)/$($Document.Fact).json" })
    @{
        Path  = $path
        Bytes = $bytes
        Entry = [ordered]@{
            path = $path; fact = $Document.Fact; subject = $Key; status = $Document.Status
            sha256 = (Get-HvSha256 $bytes); size = $bytes.Length
        }
    }
}

# The zip with its manifest last. Under a temporary name first, so that nobody ever sees half of one.
function Save-HvBundle([object[]] $Members, [byte[]] $Manifest, $Certificate, [string] $Target) {
    Add-Type -AssemblyName System.IO.Compression
    $all = @($Members) + @(@{ Path = 'manifest.json'; Bytes = $Manifest })
    if ($null -ne $Certificate) {
        $all += @{ Path = 'manifest.json.p7s'; Bytes = (New-HvSignature $Manifest $Certificate) }
    }
    $temporary = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($Target),
        '.hypervigil-' + [guid]::NewGuid().ToString('n') + '.tmp')
    try {
        $file = New-Object System.IO.FileStream($temporary, [System.IO.FileMode]::CreateNew)
        try { Write-HvZip $file $all }
        finally { $file.Dispose() }
        [System.IO.File]::Move($temporary, $Target)
    }
    finally { if ([System.IO.File]::Exists($temporary)) { [System.IO.File]::Delete($temporary) } }
}

function Write-HvZip($File, [object[]] $Members) {
    $zip = New-Object System.IO.Compression.ZipArchive($File, [System.IO.Compression.ZipArchiveMode]::Create, $true)
    try {
        foreach ($member in $Members) {
            $entry = $zip.CreateEntry($member.Path, [System.IO.Compression.CompressionLevel]::Optimal)
            $entry.LastWriteTime = New-Object System.DateTimeOffset(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
            $stream = $entry.Open()
            try { $stream.Write($member.Bytes, 0, $member.Bytes.Length) }
            finally { $stream.Dispose() }
        }
    }
    finally { $zip.Dispose() }
}

# A detached CMS signature (RFC 5652) over the bytes of the manifest, with SHA-256 and the chain but its root.
function New-HvSignature([byte[]] $Bytes, $Certificate) {
    Add-Type -AssemblyName System.Security
    $content = New-Object System.Security.Cryptography.Pkcs.ContentInfo(, $Bytes)
    $signed = New-Object System.Security.Cryptography.Pkcs.SignedCms($content, $true)
    $signer = New-Object System.Security.Cryptography.Pkcs.CmsSigner($Certificate)
    $signer.DigestAlgorithm = New-Object System.Security.Cryptography.Oid('2.16.840.1.101.3.4.2.1')
    $signer.IncludeOption = [System.Security.Cryptography.X509Certificates.X509IncludeOption]::ExcludeRoot
    $signed.ComputeSignature($signer, $true)
    , $signed.Encode()
}

# Several hosts: one session and one pipeline each, so many at once, each with its deadline.

# In a runspace for each host: sends this script there and hands its objects on. Without a credential the session uses the
# account that runs this.
function Invoke-HvRemoteNode {
    param([string] $Computer, [string] $Text, [hashtable] $Parameters, $Credential)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $there = { param($Text, $Parameters) & ([scriptblock]::Create($Text)) @Parameters }
    if ($null -eq $Credential) {
        Invoke-Command -ComputerName $Computer -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
    else {
        Invoke-Command -ComputerName $Computer -Credential $Credential -ScriptBlock $there -ArgumentList $Text, $Parameters
    }
}

# The same on this host, without remoting.
function Invoke-HvThisNode {
    param([string] $Text, [hashtable] $Parameters)
    Set-StrictMode -Version 2.0
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    & ([scriptblock]::Create($Text)) @Parameters
}

# Gives one result for each name: Name, Node (or $null), Documents by fact, Cause and Detail of what failed.
function Invoke-HvNodes {
    param([string[]] $Names, [string] $Text, [hashtable] $Parameters, $Credential, [int] $Limit)
    $jobs = @(foreach ($name in $Names) {
            # A host may end a little after its own deadline; what it has read comes over then.
            $seconds = $Parameters.RunTimeoutSeconds + 60
            if ($name.Split('.')[0] -eq $env:COMPUTERNAME) {
                New-HvJob $name 'Invoke-HvThisNode' @{ Text = $Text; Parameters = $Parameters } $seconds
            }
            else {
                $all = @{ Computer = $name; Text = $Text; Parameters = $Parameters; Credential = $Credential }
                New-HvJob $name 'Invoke-HvRemoteNode' $all $seconds
            }
        })
    $state = New-HvSessionState @{}
    $rounds = [System.Math]::Ceiling($Names.Count / $Limit)
    $until = [datetime]::UtcNow.AddSeconds($rounds * ($Parameters.RunTimeoutSeconds + 90))
    Invoke-HvJobs -Jobs $jobs -State $state -Limit $Limit -Until $until -Activity "Reading $($Names.Count) hosts" |
        ForEach-Object -Process { ConvertFrom-HvNodeJob $_ }
}

function ConvertFrom-HvNodeJob($Job) {
    $result = New-HvNodeResult $Job.Name $Job.Output
    switch ($Job.State) {
        'failed' {
            $gap = Get-HvGap $Job.Problem
            # An unreachable host is not an unparsable one.
            $result.Cause = $(if ($gap.Cause -eq 'unparsable' -or $gap.Cause -eq 'unsupported_release') { 'not_collected' }
                else { $gap.Cause })
            $result.Detail = "the session to $($Job.Name) failed: $($gap.Detail)"
        }
        'timed_out' { $result.Cause = 'timed_out'; $result.Detail = "$($Job.Name) did not answer in $($Job.Seconds) s" }
        'not_started' { $result.Cause = 'timed_out'; $result.Detail = "the deadline passed before $($Job.Name) was asked" }
        'done' { $result.Cause = 'not_collected'; $result.Detail = "$($Job.Name) gave nothing about it" }
    }
    $result
}

# The objects of a host, sorted out.
function New-HvNodeResult([string] $Name, [object[]] $Objects) {
    $result = @{ Name = $Name; Node = $null; Documents = @{}; Cause = ''; Detail = '' }
    foreach ($each in $Objects) {
        if ($null -eq $each -or $null -eq $each.PSObject.Properties['Kind']) { continue }
        if ($each.Kind -eq 'node') { $result.Node = $each }
        elseif ($each.Kind -eq 'document') { $result.Documents[[string] $each.Fact] = $each }
    }
    $result
}

# From what the hosts gave to the members of the bundle and its manifest.

# The cluster as a host sees it: @{ Key; Name; Domain }, or $null where its document is a gap or was not asked for.
function Get-HvClusterOf($Result) {
    $document = $Result.Documents['cluster']
    if ($null -eq $document -or $document.Status -ne 'known') { return $null }
    $data = ConvertFrom-Json -InputObject $document.Data
    $name = [string] $data.name
    $key = $(if ($data.id) { [string] $data.id } else { $name.ToLowerInvariant() })
    @{ Key = $key; Name = $name; Domain = ([string] $data.domain).ToLowerInvariant() }
}

# A host that gave nothing about itself, not even its name, is called by the name that it was asked for by: with the domain
# of the cluster where it has none.
function Get-HvUnheardNode([string] $Name, $Cluster) {
    $key = $Name.ToLowerInvariant()
    if (-not $key.Contains('.') -and $null -ne $Cluster -and $Cluster.Domain) { $key = "$key.$($Cluster.Domain)" }
    $short = $key.Split('.')[0]
    New-Object psobject -Property @{
        Kind = 'node'; Name = $Name.Split('.')[0]; Key = $key; Computer = $Name; Elevated = $null; Note = ''; Time = ''
        Aliases = $(if ($short -ne $key) { $short } else { '' })
    }
}

# Everything in its place: @{ Cluster; Nodes; Members; Skipped; Gaps }. $Facts are those that were asked for, in order.
function Join-HvResults([object[]] $Results, [string[]] $Facts) {
    $cluster = $null
    foreach ($result in $Results) {
        $result.Cluster = Get-HvClusterOf $result
        if ($null -eq $cluster) { $cluster = $result.Cluster }
    }
    $skipped = New-Object System.Collections.ArrayList
    $kept = @{}
    foreach ($result in $Results) {
        if ($null -eq $result.Node) { $result.Node = Get-HvUnheardNode $result.Name $cluster }
        $key = [string] $result.Node.Key
        $why = ''
        if ($null -ne $result.Cluster -and $result.Cluster.Key -ne $cluster.Key) {
            $why = "it belongs to another cluster, $($result.Cluster.Name)"
        }
        elseif ($kept.ContainsKey($key)) { $why = "it is the same host as $($kept[$key].Name)" }
        if ($why) {
            Write-Warning -Message "$($result.Name) is left out: $why."
            [void] $skipped.Add([ordered]@{ path = "nodes/$(Get-HvFolder $key)"; size = 0; why = $why })
        }
        else { $kept[$key] = $result }
    }
    $joined = @{
        Cluster = $cluster
        Results = @($kept.Keys | Sort-Object | ForEach-Object -Process { $kept[$_] })
        Skipped = $skipped
        Members = New-Object System.Collections.ArrayList
        Gaps    = @{}
    }
    Add-HvClusterMembers $joined $Facts
    foreach ($result in $joined.Results) { Add-HvNodeMembers $joined $result $Facts }
    $joined
}

# What is about the cluster: of the first host that knows it, else the gap of the first host.
function Add-HvClusterMembers($Joined, [string[]] $Facts) {
    $key = $(if ($null -ne $Joined.Cluster) { $Joined.Cluster.Key } else { '' })
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -ne 'cluster') { continue }
        $first = $null
        foreach ($result in $Joined.Results) {
            $document = Get-HvDocument $result $fact
            if ($null -eq $first) { $first = @{ Document = $document; Node = $result.Node } }
            if ($document.Status -eq 'known') { $first = @{ Document = $document; Node = $result.Node }; break }
        }
        Add-HvMember $Joined $first.Document 'cluster' $key $first.Node
    }
}

function Add-HvNodeMembers($Joined, $Result, [string[]] $Facts) {
    foreach ($fact in $Facts) {
        if ($HvFacts[$fact].Scope -eq 'cluster') { continue }
        Add-HvMember $Joined (Get-HvDocument $Result $fact) 'node' ([string] $Result.Node.Key) $Result.Node
    }
}

function Add-HvMember($Joined, $Document, [string] $Scope, [string] $Key, $Node) {
    [void] $Joined.Members.Add((New-HvMember $Document $Scope $Key ([string] $Node.Computer)))
    if ($Document.Status -eq 'gap') { $Joined.Gaps[$Document.Cause] = 1 + $Joined.Gaps[$Document.Cause] }
}

# The document of a host about a fact; where it gave none, the gap that its end makes.
function Get-HvDocument($Result, [string] $Fact) {
    $document = $Result.Documents[$Fact]
    if ($null -ne $document) { return $document }
    New-Object psobject -Property (New-HvDocument $Fact ([datetime]::UtcNow) $Result.Cause $Result.Detail)
}

function Get-HvManifest($Joined, [string[]] $Facts, [string] $Label, [datetime] $Started) {
    $iso = 'yyyy-MM-ddTHH:mm:ss.ffffffZ'
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $manifest = [ordered]@{
        format = 1; tool = "Collect-Hypervigil $HvVersion"; created = [datetime]::UtcNow.ToString($iso, $invariant)
        source = 'collector'; label = $Label; collected = $Started.ToString($iso, $invariant)
    }
    $key = ''
    if ($null -ne $Joined.Cluster) {
        $key = $Joined.Cluster.Key
        $lower = $Joined.Cluster.Name.ToLowerInvariant()
        $aliases = @($(if ($lower -ne $key) { $lower }))
        $manifest.cluster = [ordered]@{ key = $key; name = $Joined.Cluster.Name; aliases = $aliases }
    }
    $manifest.nodes = @(foreach ($result in $Joined.Results) {
            $aliases = @(([string] $result.Node.Aliases).Split(',') | Where-Object -FilterScript { $_ -ne '' })
            [ordered]@{ key = [string] $result.Node.Key; name = [string] $result.Node.Name; aliases = $aliases; cluster = $key }
        })
    $manifest.requested = $Facts
    $manifest.documents = @($Joined.Members | ForEach-Object -Process { $_.Entry })
    $manifest.skipped = $Joined.Skipped
    , (Get-HvUtf8 ((ConvertTo-HvJson $manifest) + "`n"))
}

# What was read, when and with which result, for people.

function Get-HvTranscript($Joined, [string[]] $Facts, [datetime] $Started, [string] $Zip, [string] $Digest) {
    "Collect-Hypervigil $HvVersion, started $($Started.ToString('u', [cultureinfo]::InvariantCulture)) (UTC)"
    "Bundle $Zip"
    "SHA-256 $Digest"
    foreach ($skipped in $Joined.Skipped) { "Left out: $($skipped.path): $($skipped.why)" }
    foreach ($result in $Joined.Results) {
        $node = $result.Node
        ''
        "Host $($node.Key), elevated: $(Get-HvYesNo $node.Elevated)"
        if ($node.Note) { "  $($node.Note)" }
        foreach ($fact in $Facts) {
            $document = Get-HvDocument $result $fact
            $end = $(if ($document.Status -eq 'known') { 'read' } else { "gap, $($document.Cause): $($document.Detail)" })
            "  $($document.Time)  $fact, $($document.Milliseconds) ms: $end"
            foreach ($read in @($HvReads | Where-Object -FilterScript { $_.Fact -eq $fact })) { "      $($read.Read)" }
            if ($document.Remark) { "      remark: $($document.Remark)" }
            if ($null -ne $document.PSObject.Properties['Warnings'] -and $document.Warnings) {
                "      warnings: $($document.Warnings)"
            }
            if ($null -ne $document.PSObject.Properties['Place'] -and $document.Place) {
                "      line $($document.Place) of its function"
            }
        }
    }
}

function Get-HvYesNo($Value) {
    if ($null -eq $Value) { return 'could not be told' }
    if ($Value) { 'yes' } else { 'no' }
}

# Facts of the failover cluster.

function Read-HvCluster {
    $cluster = Get-HvOne (FailoverClusters\Get-Cluster)
    [ordered]@{
        name                        = Get-HvText $cluster 'Name' -Required
        id                          = Get-HvGuid $cluster 'Id'
        domain                      = Get-HvText $cluster 'Domain'
        security_level              = Get-HvCode $cluster 'SecurityLevel'
        security_level_for_storage  = Get-HvCode $cluster 'SecurityLevelForStorage'
        functional_level            = Get-HvNumber $cluster 'ClusterFunctionalLevel'
        upgrade_version             = Get-HvNumber $cluster 'ClusterUpgradeVersion'
        access_point                = Get-HvCode $cluster 'AdministrativeAccessPoint'
        netft_ipsec                 = Get-HvNumber $cluster 'NetftIPSecEnabled'
        s2d_enabled                 = Get-HvNumber $cluster 'S2DEnabled'
        maximum_parallel_migrations = Get-HvNumber $cluster 'MaximumParallelMigrations'
        rdma_for_storage            = Get-HvNumber $cluster 'UseRdmaForStorage'
    }
}

# Facts of the host itself.

function Read-HvOperatingSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root\cimv2)
    $version = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    [ordered]@{
        name              = Get-HvText $system 'CSName' -Required
        build_number      = Get-HvNumber $system 'BuildNumber' -Required
        product_type      = Get-HvCode $system 'ProductType' -Required
        caption           = Get-HvText $system 'Caption' -Required
        sku               = Get-HvNumber $system 'OperatingSystemSKU'
        ubr               = (Get-HvRegistry $version 'UBR').data
        edition_id        = (Get-HvRegistry $version 'EditionID').data
        installation_type = (Get-HvRegistry $version 'InstallationType').data
        installed         = Get-HvMoment $system 'InstallDate'
        last_boot         = Get-HvMoment $system 'LastBootUpTime'
    }
}

function Read-HvComputerSystem {
    $system = Get-HvOne (Get-CimInstance -ClassName Win32_ComputerSystem -Namespace root\cimv2)
    [ordered]@{
        name               = Get-HvText $system 'Name' -Required
        part_of_domain     = Get-HvBoolean $system 'PartOfDomain' -Required
        domain_role        = Get-HvCode $system 'DomainRole' -Required
        dns_host_name      = Get-HvText $system 'DNSHostName'
        domain             = Get-HvText $system 'Domain'
        manufacturer       = Get-HvText $system 'Manufacturer'
        model              = Get-HvText $system 'Model'
        hypervisor_present = Get-HvBoolean $system 'HypervisorPresent'
    }
}

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

# Facts of SMB, both roles.

function Read-HvSmbServer {
    $dialects = @{ None = 0; SMB202 = 0x0202; SMB210 = 0x0210; SMB300 = 0x0300; SMB302 = 0x0302; SMB311 = 0x0311 }
    $server = Get-HvOne (SmbShare\Get-SmbServerConfiguration)
    [ordered]@{
        require_signing                 = Get-HvBoolean $server 'RequireSecuritySignature' -Required
        smb1_enabled                    = Get-HvBoolean $server 'EnableSMB1Protocol'
        encrypt_data                    = Get-HvBoolean $server 'EncryptData'
        reject_unencrypted              = Get-HvBoolean $server 'RejectUnencryptedAccess'
        spn_validation                  = Get-HvCode $server 'SmbServerNameHardeningLevel'
        rate_limiter                    = Get-HvBoolean $server 'EnableAuthRateLimiter'
        invalid_authentication_delay_ms = Get-HvNumber $server 'InvalidAuthenticationDelayTimeInMs'
        audit_smb1                      = Get-HvBoolean $server 'AuditSmb1Access'
        audit_signing                   = Get-HvBoolean $server 'AuditClientDoesNotSupportSigning'
        audit_encryption                = Get-HvBoolean $server 'AuditClientDoesNotSupportEncryption'
        audit_spn                       = Get-HvBoolean $server 'AuditClientSpnSupport'
        audit_guest                     = Get-HvBoolean $server 'AuditInsecureGuestLogon'
        dialect_min                     = Get-HvCode $server 'Smb2DialectMin' -Names $dialects
        dialect_max                     = Get-HvCode $server 'Smb2DialectMax' -Names $dialects
        mailslots                       = Get-HvBoolean $server 'EnableMailslots'
        ciphers                         = Get-HvTexts $server 'EncryptionCiphers'
        quic                            = Get-HvBoolean $server 'EnableSMBQUIC'
        quic_restrict_named_pipes       = Get-HvBoolean $server 'RestrictNamedpipeAccessViaQuic'
    }
}

# The run.

# Which facts are asked for, in the order of the register.
function Select-HvFacts([string] $Role, [string[]] $Only, [string[]] $Skip) {
    foreach ($name in @($Only) + @($Skip)) {
        if (-not $HvFacts.Contains($name)) {
            throw "There is no fact $name. These can be read: $(@($HvFacts.Keys) -join ', ')."
        }
    }
    foreach ($name in $HvFacts.Keys) {
        if ($HvFacts[$name].Roles -notcontains $Role) { continue }
        if ($Only.Count -and $Only -notcontains $name) { continue }
        if ($Skip -contains $name) { continue }
        $name
    }
}

# powershell.exe -File hands over 'a,b' as one text.
function Split-HvNames([string[]] $Names) {
    foreach ($each in $Names) {
        foreach ($name in $each.Split(',')) { if ($name.Trim() -ne '') { $name.Trim() } }
    }
}

# The folder as a full path; it exists and has space.
function Resolve-HvFolder([string] $Folder, [int] $MinimumFreeMB) {
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
    if (-not [System.IO.Directory]::Exists($path)) { throw "The folder $path does not exist. Make it first, or give another." }
    $root = [System.IO.Path]::GetPathRoot($path)
    if ($root.StartsWith('\\')) {
        Write-Warning -Message "$path is a share: its free space was not looked at."
        return $path
    }
    $drive = New-Object System.IO.DriveInfo($root)
    $free = [long] ($drive.AvailableFreeSpace / 1MB)
    if ($free -lt $MinimumFreeMB) {
        throw "$root has $free MB free, $MinimumFreeMB are needed. Free some, or give another -OutputFolder."
    }
    $path
}

function Get-HvCertificate([string] $Thumbprint) {
    $certificate = Get-Item -LiteralPath "Cert:\LocalMachine\My\$($Thumbprint -replace '\s', '')"
    if (-not $certificate.HasPrivateKey) { throw "The certificate $Thumbprint has no private key on this machine." }
    $certificate
}

function Get-HvSummary($Joined, [string] $Zip, [string] $Digest, [string] $Transcript) {
    $members = @($Joined.Members)
    $known = @($members | Where-Object -FilterScript { $_.Entry.status -eq 'known' })
    $causes = @($Joined.Gaps.Keys | Sort-Object | ForEach-Object -Process { "$_ $($Joined.Gaps[$_])" })
    [pscustomobject] [ordered]@{
        Bundle = $Zip; SHA256 = $Digest; Transcript = $Transcript; Hosts = @($Joined.Results).Count
        FactsRead = $known.Count; Gaps = $members.Count - $known.Count; GapsByCause = $causes -join ', '
    }
}

# Says plainly what a session that is not elevated loses.
function Write-HvElevation($Joined, [string[]] $Facts) {
    foreach ($result in $Joined.Results) {
        if ($result.Node.Elevated -eq $true) { continue }
        $lost = @(foreach ($fact in $Facts) {
                if ($HvFacts[$fact].Elevated -and (Get-HvDocument $result $fact).Status -eq 'gap') { $fact }
            })
        if ($null -eq $result.Node.Elevated -and $lost.Count -eq 0) { continue }
        $how = $(if ($null -eq $result.Node.Elevated) { 'perhaps not elevated' } else { 'not elevated' })
        $what = $(if ($lost.Count) { "These facts need elevation and are missing: $($lost -join ', ')." }
            else { 'Nothing that was asked for is missing for that reason.' })
        Write-Warning -Message "The session on $($result.Node.Key) was $how. $what"
    }
}

$languageMode = [string] $ExecutionContext.SessionState.LanguageMode
if ($languageMode -ne 'FullLanguage') {
    throw ("PowerShell runs in $languageMode here (App Control or AppLocker). Sign this script with a certificate that the " +
        'policy trusts, and run it again.')
}
$HvScript = $MyInvocation.MyCommand.ScriptBlock
$HvFunctions = Get-HvFunctions $HvScript.Ast
$started = [datetime]::UtcNow
$facts = @(Select-HvFacts $Role @(Split-HvNames $Only) @(Split-HvNames $Skip))
$options = @{
    Role = $Role; IncludeHgsClient = [bool] $IncludeHgsClient; Days = $Days; TaskTimeoutSeconds = $TaskTimeoutSeconds
    RunTimeoutSeconds = $RunTimeoutSeconds; TasksAtOnce = $TasksAtOnce
}
if ($ReturnDocuments) { Invoke-HvNode -Facts $facts -Options $options; return }
if ($WhatIfPreference) {
    foreach ($read in $HvReads) {
        if ($facts -contains $read.Fact -or $read.Fact -eq 'node') { New-Object psobject -Property $read }
    }
    return
}

$names = @(Split-HvNames $Nodes)
$whom = $(if ($names.Count) { $names -join ', ' } else { [string] $env:COMPUTERNAME })
if (-not $PSCmdlet.ShouldProcess($whom, "Read $($facts.Count) facts")) { return }
$folder = Resolve-HvFolder $OutputFolder $MinimumFreeMB
$certificate = $(if ($SigningCertificateThumbprint) { Get-HvCertificate $SigningCertificateThumbprint })

if ($names.Count) {
    $options.Only = $facts
    $options.ReturnDocuments = $true
    $parameters = $options
    $results = @(Invoke-HvNodes -Names $names -Text $HvScript.ToString() -Parameters $parameters -Credential $Credential `
            -Limit $ThrottleLimit)
}
else {
    $objects = @(Invoke-HvNode -Facts $facts -Options $options -Activity 'Reading this host')
    $results = @(New-HvNodeResult $whom $objects)
}
$joined = Join-HvResults $results $facts
if ($Label -eq '') {
    $Label = $(if ($null -ne $joined.Cluster) { $joined.Cluster.Name }
        else { @($joined.Results | ForEach-Object -Process { $_.Node.Name }) -join ', ' })
}
$manifest = Get-HvManifest $joined $facts $Label $started
$stem = 'hypervigil-' + ($Label.ToLowerInvariant() -replace '[^a-z0-9-]+', '-').Trim('-') + '-' +
    $started.ToString('yyyyMMddTHHmmssZ', [cultureinfo]::InvariantCulture)
$zip = [System.IO.Path]::Combine($folder, "$stem.zip")
Save-HvBundle $joined.Members $manifest $certificate $zip
$digest = Get-HvSha256 ([System.IO.File]::ReadAllBytes($zip))
$transcript = [System.IO.Path]::Combine($folder, "$stem.transcript.txt")
$lines = @(Get-HvTranscript $joined $facts $started $zip $digest)
[System.IO.File]::WriteAllText($transcript, ($lines -join "`r`n") + "`r`n", (New-Object System.Text.UTF8Encoding($false)))
Write-HvElevation $joined $facts
Get-HvSummary $joined $zip $digest $transcript
