"""What time a host thinks it is, and where it has it from."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

_W32TIME = r"SYSTEM\CurrentControlSet\Services\W32Time"
_POLICY = r"SOFTWARE\Policies\Microsoft\W32Time"


class Clock(Fact, frozen=True, kw_only=True):
    """A host's clock at the moment it was asked, compared with that of the machine that asked, and its time service.

    ``w32tm`` translates its labels, so its lines are told apart by their order.
    """

    INFO: ClassVar[FactType] = FactType(
        name="clock",
        title="Clock",
        subject=Scope.NODE,
        reads=(
            Read(
                command=r"Get-CimInstance -ClassName Win32_UTCTime -Namespace root\cimv2",
                properties=("Year", "Month", "Day", "Hour", "Minute", "Second"),
                shapes=("Win32_UTCTime",),
            ),
            Read(
                command="w32tm.exe /query /status /verbose",
                properties=(
                    *("Leap Indicator", "Stratum", "Precision", "Root Delay", "Root Dispersion", "ReferenceId"),
                    *("Last Successful Sync Time", "Source", "Poll Interval", "Phase Offset", "ClockRate"),
                    *("State Machine", "Time Source Flags", "Server Role", "Last Sync Error"),
                    "Time since Last Good Sync Time",
                ),
            ),
            Read(
                registry=(
                    RegistryRead(field="type", key=_W32TIME + r"\Parameters", name="Type"),
                    RegistryRead(field="ntp_server", key=_W32TIME + r"\Parameters", name="NtpServer"),
                    RegistryRead(field="type_policy", key=_POLICY + r"\Parameters", name="Type"),
                    RegistryRead(field="ntp_server_policy", key=_POLICY + r"\Parameters", name="NtpServer"),
                    RegistryRead(
                        field="vm_provider_enabled",
                        key=_W32TIME + r"\TimeProviders\VMICTimeProvider",
                        name="Enabled",
                    ),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/windowsserverdocs networking/windows-time-service, page on tools and settings",
            "recorded output of w32tm /query /status on a German Windows",
        ),
    )

    utc: Annotated[datetime.datetime, Meta(description="The host's own UTC time; whole seconds.")]
    reference_utc: Annotated[
        datetime.datetime | None,
        Meta(description="UTC of the machine that asked, at the same moment; null where the host asked itself."),
    ] = None
    uncertainty_seconds: Annotated[
        float | None, Meta(description="Half the round trip and one second: how far off the comparison may be.")
    ] = None
    running: Annotated[bool | None, Meta(description="W32Time runs; where it does not, the next fields are null.")] = (
        None
    )
    leap_indicator: Annotated[int | None, Meta(description="0 no warning, 3 not synchronised.")] = None
    stratum: Annotated[int | None, Meta(description="0 unspecified, 1 primary, 2 to 15 secondary.")] = None
    source: Annotated[str | None, Meta(description="As printed: a server, or words such as Local CMOS Clock.")] = None
    phase_offset_seconds: Annotated[float | None, Meta(description="Phase Offset.")] = None
    last_sync_error: Annotated[int | None, Meta(description="Last Sync Error: 0 is success.")] = None
    since_sync_seconds: Annotated[float | None, Meta(description="Time since Last Good Sync Time.")] = None
    type: Annotated[RegistryValue, Meta(description="NoSync, NTP, NT5DS, AllSync.")]
    ntp_server: Annotated[RegistryValue, Meta(description="Servers with their flags after a comma.")]
    type_policy: Annotated[RegistryValue, Meta(description="The same by policy, which wins.")]
    ntp_server_policy: Annotated[RegistryValue, Meta(description="The same by policy, which wins.")]
    vm_provider_enabled: Annotated[RegistryValue | None, Meta(description="1: a guest takes the time of its host.")] = (
        None
    )

    @property
    def ahead_seconds(self) -> float | None:
        """How far the host's clock is ahead of that of the machine that asked; None where nothing compares them."""
        return None if self.reference_utc is None else (self.utc - self.reference_utc).total_seconds()
