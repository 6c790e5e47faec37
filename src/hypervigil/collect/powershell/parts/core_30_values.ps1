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

# The bytes of hexadecimal digits, as registry values and events have them.
function ConvertFrom-HvHex([string] $Text) {
    $bytes = New-Object byte[] ([int] [System.Math]::Floor($Text.Length / 2))
    for ($i = 0; $i -lt $bytes.Count; $i++) { $bytes[$i] = [System.Convert]::ToByte($Text.Substring(2 * $i, 2), 16) }
    , $bytes
}
