# Classes about logging.

function Cim-Win32_UTCTime {
    # made up: the time at which it is asked
    $now = [datetime]::UtcNow
    [pscustomobject] @{
        Year = [uint32] $now.Year; Month = [uint32] $now.Month; Day = [uint32] $now.Day
        Hour = [uint32] $now.Hour; Minute = [uint32] $now.Minute; Second = [uint32] $now.Second; Milliseconds = $null
    }
}
