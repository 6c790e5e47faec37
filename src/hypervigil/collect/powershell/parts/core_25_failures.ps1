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
