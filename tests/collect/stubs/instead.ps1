# A test that wants another answer of a cmdlet defines the function Instead-<cmdlet>.

function Get-Instead {
    param([string] $Name)
    Get-Command -CommandType Function -Name "Instead-$Name" -ListImported -ErrorAction Ignore
}
