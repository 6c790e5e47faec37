function Get-CimInstance {
    param([string] $ClassName, [string] $Namespace, [string] $Filter, [string[]] $Property, [uint32] $OperationTimeoutSec)
    $class = Get-Command -CommandType Function -Name "Cim-$ClassName" -ListImported -ErrorAction Ignore
    if ($null -eq $class) { Stop-StandInCim 80041010 NotSpecified 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' }
    & $class
}
function Invoke-CimMethod {
    param($InputObject, [string] $Query, [string] $Namespace, [string] $MethodName, [System.Collections.IDictionary] $Arguments)
    $method = Get-Command -CommandType Function -Name "Method-$MethodName" -ListImported -ErrorAction Ignore
    if ($null -eq $method) { Stop-StandInCim 80041002 ObjectNotFound 'Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand' }
    & $method -InputObject $InputObject -Query $Query -Arguments $Arguments
}
