# Events about the platform.

function Events-Platform {
    # made up: the id, provider and log are those of LSA protection; the System log's oldest event is another one
    New-StandInEvent -Log System -Provider Microsoft-Windows-Wininit -Id 12 -RecordId 900 -Data @{ Level = 4 }
    New-StandInEvent -Log System -Provider Microsoft-Windows-Kernel-General -Id 12 -RecordId 1 -Time ([datetime] '2018-01-01T00:00:00Z')
}
