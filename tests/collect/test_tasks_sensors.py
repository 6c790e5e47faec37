"""Tasks that read sensors: Sysmon, Defender for Endpoint, services of other products."""

from __future__ import annotations

import functools

from hypervigil.evidence.registry import dword
from hypervigil.evidence.sensors import EdrOnboarding, LaunchProtection, SysmonConfig
from tests.collect.collected import collect, fact_of
from tests.collect.collector import Run


@functools.cache
def plain() -> Run:
    return collect("sysmon_config", "edr_onboarding")


def test_sysmon_is_found_by_its_altitude_when_renamed() -> None:
    found = fact_of(plain(), SysmonConfig)
    assert (found.installed, found.driver, found.altitude) == (True, "HvSensor", "385201")
    assert found.rules_size == 3
    assert found.rules_sha256 == "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
    assert found.hashing_algorithm == dword(2)


def test_onboarding_tells_that_it_is_set_and_never_what() -> None:
    found = fact_of(plain(), EdrOnboarding)
    assert found.onboarding_state == dword(1)
    assert found.onboarding_policy is True
    assert found.last_connected is not None
    assert [(each.name, each.launch_protected) for each in found.services] == [
        ("Sense", LaunchProtection.ANTIMALWARE_LIGHT)
    ]
    assert "never read" not in plain().bundle.read_bytes().decode("latin-1")
