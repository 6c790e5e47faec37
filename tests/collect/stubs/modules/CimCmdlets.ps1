function Get-CimInstance {
    param([string] $ClassName, [string] $Namespace, [string] $Filter, [string[]] $Property, [uint32] $OperationTimeoutSec)
    $class = Get-Command -CommandType Function -Name "Cim-$ClassName" -ListImported -ErrorAction Ignore
    if ($null -eq $class) { Stop-StandInCim 80041010 NotSpecified 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' }
    & $class
}
