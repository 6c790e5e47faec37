"""The finder of commands, on the shapes that pages use."""

from __future__ import annotations

import pytest

from tests.controls.commands import Command, commands


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Get-Tpm", [Command("Get-Tpm", ())]),
        ("Get-Tpm   # -Name is not asked for", [Command("Get-Tpm", ())]),
        ("bcdedit /set vsmlaunchtype off", []),
        (r"Set-Item WSMan:\localhost\Client\TrustedHosts -Value 'HV01, -Force'", [Command("Set-Item", ("Value",))]),
        (
            "Set-X -First a -Second:$false -Third",
            [Command("Set-X", ("First", "Second", "Third"))],
        ),
        ("(Get-Cluster).SecurityLevel = 1", [Command("Get-Cluster", ())]),
        ("(Get-X -A 1).B -contains 1", [Command("Get-X", ("A",))]),
        ("$x = Get-X -A 1; Set-X -B $x", [Command("Get-X", ("A",)), Command("Set-X", ("B",))]),
        ("Get-X |\n    Set-X -B 1", [Command("Get-X", ()), Command("Set-X", ("B",))]),
        ("Get-X -A 1\nSet-X -B 1", [Command("Get-X", ("A",)), Command("Set-X", ("B",))]),
        ("Get-X -A 1 `\n    -B 2", [Command("Get-X", ("A", "B"))]),
        ("Get-X -A 1,\n    2 -B 2", [Command("Get-X", ("A", "B"))]),
        ("Get-X | Where-Object { $_.A -eq 1 }", [Command("Get-X", ()), Command("Where-Object", ())]),
        ("Get-X | Where-Object A -EQ 1", [Command("Get-X", ()), Command("Where-Object", ("EQ",))]),
        (
            "Get-X -Filter @{ LogName = 'System'; Id = 12 } -Max 1",
            [Command("Get-X", ("Filter", "Max"))],
        ),
        ("Set-X HV02 -To (Get-X HV01 -A 1) -B", [Command("Get-X", ("A",)), Command("Set-X", ("To", "B"))]),
        ("Invoke-X -Block { Get-X -A 1 } -B", [Command("Get-X", ("A",)), Command("Invoke-X", ("Block", "B"))]),
        ("foreach ($n in Get-X -A 1) { Set-X -B $n }", [Command("Set-X", ("B",))]),
        ("Get-X 'an unclosed text", [Command("Get-X", ())]),
        (") } Get-X", [Command("Get-X", ())]),
    ],
)
def test_commands(code: str, found: list[Command]) -> None:
    assert list(commands(code)) == found
