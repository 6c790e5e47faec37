"""The task that reads roles and features."""

from __future__ import annotations

from hypervigil.evidence.features import InstallState, WindowsFeature, WindowsFeatures
from tests.collect.task_runs import run_tasks


def test_features_of_a_recorded_host() -> None:
    found = run_tasks(WindowsFeatures).fact(WindowsFeatures)
    assert len(found.features) == 263
    assert found.features[0] == WindowsFeature(
        name="AD-Certificate", installed=False, install_state=InstallState.AVAILABLE
    )
    assert found.installed("FS-SMB1") is True
    assert found.installed("Hyper-V") is False
    assert {feature.install_state for feature in found.features} == set(InstallState)


def test_names_of_states_and_nothing() -> None:
    stub = """
function StandIn-WindowsFeatures {
    foreach ($state in 'Removed', 'Available', 7, $null) {
        [pscustomobject] @{ Name = "f$state"; Installed = $false; InstallState = $state }
    }
}
"""
    features = run_tasks(WindowsFeatures, stubs=[stub]).fact(WindowsFeatures).features
    assert [feature.install_state for feature in features] == [5, 0, 7, None]
    none = run_tasks(WindowsFeatures, stubs=["function StandIn-WindowsFeatures { }"])
    assert none.gap(WindowsFeatures)[0] == "unparsable"
