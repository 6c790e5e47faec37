"""Where evidence comes from: folders of CLIXML, archives of Get-SDDCDiagnosticInfo. Reads files, judges nothing."""
