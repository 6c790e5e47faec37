"""Roles and features of a host."""

from __future__ import annotations

import functools
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Read
from hypervigil.model.subject import Scope


class InstallState(Code):
    """``InstallState`` of Get-WindowsFeature."""

    AVAILABLE = 0
    INSTALLED = 1
    REMOVED = 5


class WindowsFeature(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One role or feature."""

    name: Annotated[str, Meta(description="Name such as FS-SMB1: the same in every language.")]
    installed: bool
    install_state: InstallState | None = None


class WindowsFeatures(Fact, frozen=True, kw_only=True, gc=True, dict=True):
    """Which roles and features a host has."""

    INFO: ClassVar[FactType] = FactType(
        name="windows_features",
        title="Roles and features",
        subject=Scope.NODE,
        in_sddc=True,
        reads=(
            Read(
                command="Get-WindowsFeature",
                properties=("Name", "Installed", "InstallState"),
                shapes=("Microsoft.Windows.ServerManager.Commands.Feature",),
            ),
        ),
        sources=("MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/ServerManager/Get-WindowsFeature.md",),
    )

    features: tuple[WindowsFeature, ...]

    def installed(self, name: str) -> bool | None:
        """Whether the feature is installed; None where the list does not have it."""
        return self._installed.get(name)

    @functools.cached_property
    def _installed(self) -> dict[str, bool]:
        """By name; of several with one name, the first counts."""
        return {feature.name: feature.installed for feature in reversed(self.features)}
