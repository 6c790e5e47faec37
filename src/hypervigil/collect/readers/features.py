"""windows_features."""

from __future__ import annotations

from collections.abc import Sequence

from hypervigil.collect.readers import fields
from hypervigil.evidence.features import InstallState, WindowsFeature, WindowsFeatures


def windows_features(features: Sequence[object]) -> WindowsFeatures:
    """From the objects of Get-WindowsFeature.

    Raises:
        UnreadableError: there is none (every server has features to list), or a property is of another type.
    """
    found = fields.records(features)
    if not found:
        raise fields.UnreadableError("it holds no feature, expected the whole list")
    return WindowsFeatures(
        features=tuple(
            WindowsFeature(
                name=fields.text(feature, "Name"),
                installed=fields.boolean(feature, "Installed"),
                install_state=fields.code_or_none(feature, "InstallState", InstallState),
            )
            for feature in found
        )
    )
