"""The collector script, with its digest and the page that tells how to run and review it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from hypervigil.collect.reads import Row, table

SCRIPT = "Collect-Hypervigil.ps1"
DIGEST = f"{SCRIPT}.sha256"
PAGE = "Collect-Hypervigil.txt"

_SCRIPT = Path(__file__).parent / "powershell" / SCRIPT

_PAGE = """\
{script}: what it does, how to run it, how to review it
{line}

It reads settings of Hyper-V hosts and writes them as a bundle, a zip that "hypervigil assess" reads. It changes no
setting, installs nothing, needs no internet, and reads nothing inside a guest. What it can not read becomes a gap in
the bundle, with its cause. It runs on Windows PowerShell 5.1 of Server 2019, 2022 and 2025, Server Core too.

SHA-256 of the script: {digest}


Before it runs

Compare the digest, on the machine where it will run:

    (Get-FileHash .\\{script} -Algorithm SHA256).Hash

See what it would read. Nothing is read:

    .\\{script} -WhatIf | Format-Table Fact, Read, Properties -Wrap

"hypervigil collect reads" prints the same table, from the package: {rows} reads for {facts} facts. Where the execution
policy refuses the script, sign it as your organisation does, or start it for one run with

    powershell.exe -NoProfile -ExecutionPolicy Bypass -File .\\{script} -OutputFolder C:\\Evidence


Run it, elevated

On each node:

    .\\{script} -OutputFolder C:\\Evidence

Or from one machine, over PowerShell remoting, one session a node:

    .\\{script} -Nodes (Get-ClusterNode).Name -OutputFolder C:\\Evidence

On a machine from which hosts are managed:

    .\\{script} -Role JumpHost -OutputFolder C:\\Evidence

Without elevation it runs, and most of what decides is a gap; the summary names what was lost. All parameters:

    Get-Help .\\{script} -Full

The folder gets the zip and a transcript of what was read, nothing else.


Reads that do more than read

{effects}


Afterwards

    hypervigil collect merge C:\\Evidence\\*.zip -o cluster.zip     where each node was read by itself
    hypervigil verify cluster.zip
    hypervigil assess cluster.zip

The bundle names hosts, accounts and addresses: treat it as you treat a network plan. "hypervigil redact" makes a copy
without names.
"""


def files() -> Mapping[str, bytes]:
    """What an administrator carries to a host, by file name: the script as it is shipped, its SHA-256 in the form of
    ``sha256sum``, and the page, which is ASCII.
    """
    script = _SCRIPT.read_bytes()
    digest = hashlib.sha256(script).hexdigest()
    rows = table()
    page = _PAGE.format(
        script=SCRIPT,
        line="=" * len(f"{SCRIPT}: what it does, how to run it, how to review it"),
        digest=digest,
        rows=len(rows),
        facts=len({row.fact for row in rows}),
        effects="\n".join(_effects(rows)) or "None.",
    )
    return {
        SCRIPT: script,
        DIGEST: f"{digest} *{SCRIPT}\n".encode("ascii"),
        PAGE: page.replace("\n", "\r\n").encode("ascii"),
    }


def _effects(rows: list[Row]) -> list[str]:
    named = {f"{row.called} ({row.fact}): {row.effects}" for row in rows if row.effects != "none"}
    return [f"- {line}" for line in sorted(named)]
