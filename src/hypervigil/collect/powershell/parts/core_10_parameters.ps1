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
The deadline of every task. Left out: 120 seconds, or what the row of a task states.

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
    [ValidateRange(0, 86400)] [int] $TaskTimeoutSeconds = 0,
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
