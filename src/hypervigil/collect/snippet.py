"""The lines that an administrator runs on a node to export what facts are read from: made from the register."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hypervigil import __version__
from hypervigil.collect.naming import FROM_FILES, file_name
from hypervigil.evidence.fact import Fact, Read
from hypervigil.evidence.host import ComputerSystem, OperatingSystem

_WIDTH = 116
_ALWAYS: tuple[type[Fact], ...] = (ComputerSystem, OperatingSystem)
"""They say which host the files are of, and when it booted: every folder needs them."""

_HEAD = f"""\
# Exports what hypervigil {__version__} reads facts from. It reads this host and writes CLIXML files to one folder; it
# changes nothing, and installs nothing. Save it as a file and run it on each node, elevated, in Windows PowerShell 5.1:
#
#   powershell.exe -NoProfile -File .\\export.ps1 -Folder C:\\Evidence\\HV01 -All
#
# Without -All it exports only what an archive of Get-SDDCDiagnosticInfo lacks. Unpack such an archive beside the
# folders of the nodes. A command that fails leaves its error in its file: send that file too.
# Then, with the folders of all nodes in one folder: hypervigil collect clixml FOLDER -o BUNDLE

param([string] $Folder, [switch] $All)

"""

_FUNCTIONS = r"""
if (-not $Folder) {
    $Folder = Join-Path -Path (Get-Location -PSProvider FileSystem).Path -ChildPath $env:COMPUTERNAME
}
$null = New-Item -ItemType Directory -Path $Folder -Force -ErrorAction Stop

# Runs one command. What it gives is exported to a file; so is the error that stops it.
function Export-HvAnswer {
    param([string] $Name, [scriptblock] $Command)
    $ErrorActionPreference = 'Stop'
    $file = Join-Path -Path $Folder -ChildPath "$Name.xml"
    try {
        $answer = @(& $Command)
        $answer | Export-Clixml -LiteralPath $file
    }
    catch {
        $_ | Export-Clixml -LiteralPath $file
    }
}

# Gives one registry value: whether it is there, was never set, or may not be looked at.
function Get-HvRegistryValue {
    param([string] $Path, [string] $Name)
    $found = [ordered]@{ Path = $Path; Name = $Name; State = 'absent'; Type = $null; Data = $null }
    try {
        $key = Get-Item -LiteralPath $Path -ErrorAction Stop
        if ($key.GetValueNames() -contains $Name) {
            $asWritten = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
            $found.Type = $key.GetValueKind($Name).ToString()
            $found.Data = $key.GetValue($Name, $null, $asWritten)
            $found.State = 'present'
        }
    }
    catch [System.Management.Automation.ItemNotFoundException] {
        $found.State = 'absent'
    }
    catch [System.Security.SecurityException], [System.UnauthorizedAccessException] {
        $found.State = 'denied'
    }
    [pscustomobject] $found
}
"""


def snippet() -> str:
    """The whole text: ASCII, so that no way of saving it can spoil it.

    With ``-All`` it exports every read of every fact in ``FROM_FILES``; without, what is needed beside an archive of
    Get-SDDCDiagnosticInfo: the facts that such an archive never holds, those that tell the host and its last boot, and
    the registry values that sharpen others.
    """
    lines = [_HEAD.rstrip("\n"), _FUNCTIONS.rstrip("\n"), ""]
    first = [(fact, number) for fact, number in _reads() if _beside_an_archive(fact, number)]
    second = [each for each in _reads() if each not in first]
    lines.append("# What an archive of Get-SDDCDiagnosticInfo does not hold, and what says which host this is.")
    lines.extend(_task(fact, number) for fact, number in first)
    lines.append("")
    lines.append("# What such an archive holds.")
    lines.append("if ($All) {")
    lines.extend(textwrap.indent(_task(fact, number), "    ") for fact, number in second)
    lines.append("}")
    lines.append("")
    lines.append('Write-Output "Written to $Folder"')
    return "\n".join(lines) + "\n"


def _reads() -> Iterator[tuple[type[Fact], int]]:
    for fact in (*_ALWAYS, *(fact for fact in FROM_FILES if fact not in _ALWAYS)):
        for number in range(len(fact.INFO.reads)):
            yield fact, number


def _beside_an_archive(fact: type[Fact], number: int) -> bool:
    return not fact.INFO.in_sddc or fact in _ALWAYS or bool(fact.INFO.reads[number].registry)


def _task(fact: type[Fact], number: int) -> str:
    read = fact.INFO.reads[number]
    body = _registry(read) if read.registry else _command(read)
    return f"Export-HvAnswer -Name '{file_name(fact, number)}' -Command {{\n{textwrap.indent(body, '    ')}\n}}"


def _command(read: Read) -> str:
    asked = f"{read.command} -ErrorAction Stop"
    if not read.properties:
        return asked
    # A line of PowerShell goes on after a pipe and after a comma.
    properties = textwrap.fill(", ".join(read.properties), _WIDTH - 12, break_long_words=False)
    first, *rest = properties.split("\n")
    selected = "\n".join([f"    Select-Object -Property {first}", *(f"        {line}" for line in rest)])
    return f"{asked} |\n{selected}"


def _registry(read: Read) -> str:
    return "\n".join(
        "Get-HvRegistryValue -Path " + _quoted("HKLM:\\" + value.key) + " -Name " + _quoted(value.name)
        for value in read.registry
    )


def _quoted(text: str) -> str:
    """A literal of PowerShell, in which nothing but the quote is special."""
    return "'" + text.replace("'", "''") + "'"
