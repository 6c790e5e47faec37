"""What the directory says of the domain, its controllers, and who may do what to objects in scope. No reader yet."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hypervigil.evidence.codes import Code
from hypervigil.evidence.fact import Fact, FactType, Origin
from hypervigil.model.subject import Scope

_LEVELS = "MicrosoftDocs/windowsserverdocs, pages on functional levels and on finding the schema version"


class FunctionalLevel(Code):
    """``msDS-Behavior-Version``: of a domain, a forest, a domain controller. 8 and 9 do not exist."""

    WINDOWS_2000 = 0
    WINDOWS_2003_INTERIM = 1
    WINDOWS_2003 = 2
    WINDOWS_2008 = 3
    WINDOWS_2008_R2 = 4
    WINDOWS_2012 = 5
    WINDOWS_2012_R2 = 6
    WINDOWS_2016 = 7
    WINDOWS_2025 = 10


class DirectoryDomain(Fact, frozen=True, kw_only=True):
    """The domain of the cluster: levels, schema, and settings that hold for all of it."""

    INFO: ClassVar[FactType] = FactType(
        name="directory_domain",
        title="Domain",
        subject=Scope.CLUSTER,
        origin=Origin.DIRECTORY,
        reads=(),
        sources=(_LEVELS, "MicrosoftDocs/windows-powershell-docs docset/winserver2025-ps/ActiveDirectory"),
    )

    dns_name: Annotated[str, Meta(description="DNS name of the domain.")]
    netbios_name: Annotated[str | None, Meta(description="NetBIOS name of the domain.")] = None
    sid: Annotated[str, Meta(description="objectSid of the domain.")]
    dn: Annotated[str, Meta(description="distinguishedName of the domain.")]
    domain_level: FunctionalLevel | None = None
    forest_level: FunctionalLevel | None = None
    schema_version: Annotated[
        int | None, Meta(description="objectVersion of the schema: 87 = 2016, 88 = 2019 and 2022, 91 = 2025.")
    ] = None
    dmsa_class: Annotated[bool | None, Meta(description="The schema has the class of dMSAs.")] = None
    dmsa_visible: Annotated[
        bool | None,
        Meta(description="The reader has shown that it may see dMSAs; where false, that none was found says nothing."),
    ] = None
    dmsa_client_switch: Annotated[
        bool | None, Meta(description="A group policy of the nodes sets DelegatedMSAEnabled; null where none was read.")
    ] = None
    kds_root_keys: Annotated[int | None, Meta(description="How many; null where the reader may not see them.")] = None
    kds_effective: Annotated[
        datetime.datetime | None, Meta(description="From when on the newest KDS root key is used.")
    ] = None
    machine_account_quota: Annotated[int | None, Meta(description="ms-DS-MachineAccountQuota; 10 unless set.")] = None
    heuristics: Annotated[str | None, Meta(description="dSHeuristics; its characters 28 and 29 are KB5008383.")] = None
    krbtgt_password_last_set: Annotated[datetime.datetime | None, Meta(description="pwdLastSet of krbtgt.")] = None
    logon_sync_days: Annotated[
        int | None, Meta(description="msDS-LogonTimeSyncInterval, days; 0: lastLogonTimestamp is not kept.")
    ] = None
    laps_schema: Annotated[bool | None, Meta(description="The schema has the attributes of Windows LAPS.")] = None


class DirectoryDc(Fact, frozen=True, kw_only=True):
    """A domain controller: its build, and what it demands of those who bind."""

    INFO: ClassVar[FactType] = FactType(
        name="directory_dcs",
        title="Domain controllers",
        subject=Scope.DC,
        item_key="fqdn",
        origin=Origin.DIRECTORY,
        reads=(),
        sources=(_LEVELS, "MicrosoftDocs/windowsserverdocs identity/ad-ds/manage/ldap-signing.md"),
    )

    fqdn: Annotated[str, Meta(description="dNSHostName in lower case.")]
    name: Annotated[str, Meta(description="Short name.")]
    operating_system: Annotated[str | None, Meta(description="operatingSystem.")] = None
    build_number: Annotated[int | None, Meta(description="From operatingSystemVersion: 26100 = 2025.")] = None
    ubr: Annotated[
        int | None, Meta(description="Update build revision, compared as a number; the directory does not hold it.")
    ] = None
    hotpatch: Annotated[bool | None, Meta(description="It takes hotpatches, whose revisions are others.")] = None
    level: Annotated[FunctionalLevel | None, Meta(description="domainControllerFunctionality.")] = None
    read_only: Annotated[bool | None, Meta(description="It is an RODC.")] = None
    global_catalog: Annotated[bool | None, Meta(description="It holds the global catalog.")] = None
    site: Annotated[str | None, Meta(description="Name of its site.")] = None
    reachable: Annotated[bool | None, Meta(description="It answered when it was asked.")] = None
    signing_required: Annotated[
        bool | None, Meta(description="An unsigned bind was refused (8); null where none was tried.")
    ] = None
    channel_binding: Annotated[
        int | None,
        Meta(description="LdapEnforceChannelBinding: 0 never, 1 when supported, 2 always; null if not known."),
    ] = None
    ldaps: Annotated[bool | None, Meta(description="TLS on port 636 works.")] = None
    utc: Annotated[datetime.datetime | None, Meta(description="currentTime of its rootDSE.")] = None


class DirectoryRight(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an access list that is of interest, where it is explicit."""

    object_dn: Annotated[str, Meta(description="distinguishedName of the object whose access list it is.")]
    object_sid: Annotated[str | None, Meta(description="SID of an account or computer; null for containers.")] = None
    object_class: Annotated[str | None, Meta(description="Last of its objectClass.")] = None
    trustee: Annotated[str, Meta(description="SID.")]
    trustee_name: Annotated[str | None, Meta(description="Name of the trustee, where it could be resolved.")] = None
    owner: Annotated[bool, Meta(description="The trustee owns the object; the rest then says nothing.")] = False
    mask: Annotated[int, Meta(description="Access mask with generic rights mapped: 0x1 create child ...")] = 0
    object_type: Annotated[str | None, Meta(description="GUID of class, attribute or right; null for all.")] = None
    inherited_type: Annotated[str | None, Meta(description="GUID of the class that inherits it; null for all.")] = None
    inherit_only: Annotated[bool, Meta(description="It holds for children only.")] = False
    inheritable: Annotated[bool, Meta(description="It is passed on to children.")] = False
    deny: bool = False
    reach: Annotated[int | None, Meta(description="How many objects inherit it.")] = None


class DirectoryAcls(Fact, frozen=True, kw_only=True):
    """Rights to create or control dMSAs, and to write accounts in scope, outside what every domain has."""

    INFO: ClassVar[FactType] = FactType(
        name="directory_acls",
        title="Access lists in the directory",
        subject=Scope.CLUSTER,
        origin=Origin.DIRECTORY,
        reads=(),
        sources=(
            "akamai/BadSuccessor",
            "JimSycurity/dMSAs",
            "[MS-ADTS] 5.1.3 (access rights of the directory)",
        ),
    )

    rights: tuple[DirectoryRight, ...]
    scanned: Annotated[int, Meta(description="Objects whose access list was read.")]
    unreadable: Annotated[int, Meta(description="Objects whose access list the reader may not see.")]
    members: Annotated[
        dict[str, tuple[str, ...]], Meta(description="Members at any depth of trustees that are groups, by SID.")
    ] = msgspec.field(default_factory=dict)
