"""Sensors on a host: Sysmon and EDR. That a service runs is in ``services``; here is whether it is set up."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.events import Event
from hypervigil.evidence.fact import EventRead, Fact, FactType, Read, RegistryRead
from hypervigil.evidence.registry import RegistryValue
from hypervigil.model.subject import Scope

SYSMON_ALTITUDE = "385201"
"""Altitude of Sysmon's minifilter unless someone changed it; by it a renamed driver is found."""

_SYSMON = r"SYSTEM\CurrentControlSet\Services\<driver>"
_MDE = r"SOFTWARE\Microsoft\Windows Advanced Threat Protection"
_MDE_POLICY = r"SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection"


class SysmonEvent(Event, frozen=True, kw_only=True):
    """The newest event of one id in Sysmon's log."""

    state: Annotated[str | None, Meta(description="State of 4: Started, Stopped.")] = None
    configuration_hash: Annotated[str | None, Meta(description="ConfigurationFileHash of 16.")] = None


class SysmonConfig(Fact, frozen=True, kw_only=True):
    """Sysmon's driver, the digest of its rules, and what it recorded of late.

    The compiled rules are not decoded: that events of an id are there proves that the rules record them. ``recorded``
    has the newest event of each id of the last 7 days.
    """

    INFO: ClassVar[FactType] = FactType(
        name="sysmon_config",
        title="Sysmon",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=(
                    RegistryRead(field="altitude", key=_SYSMON + r"\Instances\<instance>", name="Altitude"),
                    RegistryRead(field="rules", key=_SYSMON + r"\Parameters", name="Rules"),
                    RegistryRead(field="hashing_algorithm", key=_SYSMON + r"\Parameters", name="HashingAlgorithm"),
                    RegistryRead(field="options", key=_SYSMON + r"\Parameters", name="Options"),
                    RegistryRead(field="config_file", key=_SYSMON + r"\Parameters", name="ConfigFile"),
                    RegistryRead(field="config_hash", key=_SYSMON + r"\Parameters", name="ConfigHash"),
                )
            ),
            Read(
                command=r"Get-CimInstance -ClassName Win32_Service -Namespace root\cimv2",
                properties=("Name", "PathName"),
            ),
            Read(
                events=(
                    EventRead(
                        log="Microsoft-Windows-Sysmon/Operational",
                        provider="Microsoft-Windows-Sysmon",
                        ids=(1, 3, 4, 6, 7, 11, 16, 22, 255),
                        fields=("State", "ConfigurationFileHash"),
                        days=7,
                        most=1,
                    ),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/sysinternals sysinternals/downloads/sysmon.md",
            "SigmaHQ/sigma rules on Sysmon's altitude",
        ),
    )

    installed: Annotated[bool, Meta(description="A driver with Sysmon's name or altitude is registered.")]
    driver: Annotated[str | None, Meta(description="Name of the driver's service, SysmonDrv unless renamed.")] = None
    service: Annotated[str | None, Meta(description="Name of the service, Sysmon or Sysmon64 unless renamed.")] = None
    image: Annotated[
        str | None, Meta(description="Path of the service's program: in System32 where it is a feature of Windows.")
    ] = None
    altitude: Annotated[str | None, Meta(description="Altitude of its minifilter.")] = None
    rules_sha256: Annotated[str | None, Meta(description="Of the compiled rules; null where there are none.")] = None
    rules_size: Annotated[int | None, Meta(description="Bytes of the compiled rules.")] = None
    hashing_algorithm: RegistryValue | None = None
    options: Annotated[RegistryValue | None, Meta(description="Bits whose meaning is unverified.")] = None
    config_file: Annotated[RegistryValue | None, Meta(description="Path given when it was configured.")] = None
    config_hash: Annotated[RegistryValue | None, Meta(description="Hash of the configuration file.")] = None
    recorded: Annotated[
        tuple[SysmonEvent, ...] | None, Meta(description="Null where the log is absent or could not be read.")
    ] = None


class LaunchProtection(Code):
    """``LaunchProtected`` of a service: whether it runs as a protected process."""

    NONE = 0
    WINDOWS = 1
    WINDOWS_LIGHT = 2
    ANTIMALWARE_LIGHT = 3


class SensorService(msgspec.Struct, frozen=True, kw_only=True):
    """A service of a known security product."""

    name: str
    launch_protected: Annotated[
        LaunchProtection | None, Meta(description="Null where the value is absent, which is none.")
    ] = None


class SenseEvent(Event, frozen=True, kw_only=True):
    """The newest event of one id of Defender for Endpoint's sensor."""


class EdrOnboarding(Fact, frozen=True, kw_only=True):
    """Whether Defender for Endpoint is onboarded, and which security products protect their service.

    Other products keep what they are onboarded to in their own files, which are not read.
    """

    INFO: ClassVar[FactType] = FactType(
        name="edr_onboarding",
        title="EDR onboarding",
        subject=Scope.NODE,
        reads=(
            Read(
                registry=(
                    RegistryRead(field="onboarding_state", key=_MDE + r"\Status", name="OnboardingState"),
                    RegistryRead(field="last_connected", key=_MDE + r"\Status", name="LastConnected"),
                    RegistryRead(field="onboarding_policy", key=_MDE_POLICY, name="OnboardingInfo"),
                    RegistryRead(field="passive_mode", key=_MDE_POLICY, name="ForceDefenderPassiveMode"),
                    RegistryRead(
                        field="services", key=r"SYSTEM\CurrentControlSet\Services\<service>", name="LaunchProtected"
                    ),
                )
            ),
            Read(
                events=(
                    EventRead(
                        log="Microsoft-Windows-SENSE/Operational",
                        provider="Microsoft-Windows-SENSE",
                        ids=(1, 5, 6, 7, 10, 11, 15, 20, 84),
                        days=30,
                        most=1,
                    ),
                )
            ),
        ),
        sources=(
            "MicrosoftDocs/windows-itpro-docs and defender-docs, pages on onboarding and on SENSE events",
            "MicrosoftDocs/win32 desktop-src, protected anti-malware services (LaunchProtected)",
        ),
    )

    onboarding_state: Annotated[RegistryValue, Meta(description="1: onboarded to Defender for Endpoint.")]
    last_connected: Annotated[
        datetime.datetime | None, Meta(description="LastConnected, a FILETIME; null where absent or not readable.")
    ] = None
    onboarding_policy: Annotated[
        bool | None, Meta(description="OnboardingInfo is set by policy; what it says is a secret and never read.")
    ] = None
    passive_mode: Annotated[RegistryValue, Meta(description="1: Defender Antivirus is to run in passive mode.")]
    services: Annotated[
        tuple[SensorService, ...], Meta(description="Services of known products that are registered on the host.")
    ] = ()
    recorded: Annotated[
        tuple[SenseEvent, ...] | None, Meta(description="Newest of each id; null where the log is absent.")
    ] = None
