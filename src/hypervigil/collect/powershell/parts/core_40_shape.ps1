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
    foreach ($name in $Value.PSBase.Keys) {
        if (-not $fields.ContainsKey([string] $name)) { return "$Place has a field $name, which $Shape does not have" }
    }
    foreach ($name in $fields.PSBase.Keys) {
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
        $problem = $(if ($kind[0] -ne '%' -and $kind.EndsWith('*')) { Test-HvItems $Value $kind.TrimEnd('*') $Place }
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
            foreach ($name in $Value.PSBase.Keys) {
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
