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
    if ($Value -is [decimal] -and [decimal]::Truncate($Value) -eq $Value) { $Value = [decimal]::Truncate($Value) }
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
