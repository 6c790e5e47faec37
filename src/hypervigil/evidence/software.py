"""What is installed on a host, and whose profiles lie there: whether it is used as a workstation."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.fact import Fact, FactType, Read, RegistryRead
from hypervigil.model.subject import Scope

_WIN32 = "MicrosoftDocs/win32 desktop-src/"
_UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_UNINSTALL_32 = r"SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall"


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """One installed product."""

    name: str
    version: str | None = None
    publisher: str | None = None
    kind: Annotated[str, Meta(description="uninstall, mail client, browser, app package.")] = "uninstall"


class InstalledSoftware(Fact, frozen=True, kw_only=True):
    """Installed products, registered browsers and mail clients."""

    INFO: ClassVar[FactType] = FactType(
        name="installed_software",
        title="Installed software",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                registry=tuple(
                    RegistryRead(field="products", key=key + r"\<product>", name=name)
                    for key, names in (
                        (_UNINSTALL, ("DisplayName", "DisplayVersion", "Publisher")),
                        (_UNINSTALL_32, ("DisplayName", "DisplayVersion", "Publisher")),
                        (r"SOFTWARE\Clients\StartMenuInternet", ("(default)",)),
                        (r"SOFTWARE\Clients\Mail", ("(default)",)),
                    )
                    for name in names
                )
            ),
        ),
        sources=(_WIN32 + "Msi/uninstall-registry-key.md",),
    )

    products: tuple[Software, ...]


class UserProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One user profile that lies on a host."""

    sid: str
    path: str
    last_use: Annotated[datetime.datetime | None, Meta(description="LastUseTime.")] = None
    loaded: bool | None = None
    special: Annotated[bool, Meta(description="Of a system account.")] = False


class UserProfiles(Fact, frozen=True, kw_only=True):
    """Profiles of accounts that have logged on interactively."""

    INFO: ClassVar[FactType] = FactType(
        name="user_profiles",
        title="User profiles",
        subject=Scope.NODE,
        elevated=False,
        reads=(
            Read(
                command=r"Get-CimInstance -Namespace root\cimv2 -ClassName Win32_UserProfile",
                properties=("SID", "LocalPath", "LastUseTime", "Loaded", "Special"),
                shapes=("Win32_UserProfile",),
            ),
        ),
        sources=("MicrosoftDocs/win32 desktop-src/CIMWin32Prov/win32-userprofile.md",),
    )

    profiles: tuple[UserProfile, ...]
