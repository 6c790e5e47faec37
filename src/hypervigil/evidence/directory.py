"""What the directory says of computers and accounts. Nothing reads it yet.

A null is an attribute that the reader may not see or that was not asked for; an attribute that has no value is an empty
list, or the value that the directory takes for it.
"""

from __future__ import annotations

import datetime
import enum
from typing import Annotated, ClassVar

from msgspec import Meta

from hypervigil.evidence.codes import Code, bits_of
from hypervigil.evidence.fact import Fact, FactType, Origin
from hypervigil.model.subject import Scope

_SCHEMA = "[MS-ADA2] and [MS-ADA3], attributes of the directory schema"
_UAC = "[MS-SAMR] 2.2.1.13, userAccountControl"


class UserAccountControl(Code):
    """Bits of ``userAccountControl``."""

    ACCOUNTDISABLE = 0x2
    LOCKOUT = 0x10
    PASSWD_NOTREQD = 0x20
    ENCRYPTED_TEXT_PWD_ALLOWED = 0x80
    NORMAL_ACCOUNT = 0x200
    WORKSTATION_TRUST_ACCOUNT = 0x1000
    SERVER_TRUST_ACCOUNT = 0x2000
    DONT_EXPIRE_PASSWD = 0x10000
    SMARTCARD_REQUIRED = 0x40000
    TRUSTED_FOR_DELEGATION = 0x80000
    NOT_DELEGATED = 0x100000
    USE_DES_KEY_ONLY = 0x200000
    DONT_REQ_PREAUTH = 0x400000
    PASSWORD_EXPIRED = 0x800000
    TRUSTED_TO_AUTH_FOR_DELEGATION = 0x1000000
    PARTIAL_SECRETS_ACCOUNT = 0x4000000


class EncryptionType(Code):
    """Bits of ``msDS-SupportedEncryptionTypes``."""

    DES_CBC_CRC = 0x1
    DES_CBC_MD5 = 0x2
    RC4_HMAC = 0x4
    AES128 = 0x8
    AES256 = 0x10
    AES256_SESSION_KEY = 0x20
    AES128_SHA256 = 0x40
    AES256_SHA384 = 0x80


class DirectoryObject(Fact, frozen=True, kw_only=True):
    """What computers and accounts have in common."""

    sid: Annotated[str, Meta(description="objectSid.")]
    dn: Annotated[str, Meta(description="distinguishedName.")]
    name: Annotated[str, Meta(description="sAMAccountName.")]
    user_account_control: Annotated[int, Meta(description="userAccountControl, as bits.")]
    spns: Annotated[tuple[str, ...], Meta(description="servicePrincipalName.")] = ()
    encryption_types: Annotated[
        int | None, Meta(description="msDS-SupportedEncryptionTypes, as bits; null and 0: the KDC's default applies.")
    ] = None
    password_last_set: Annotated[
        datetime.datetime | None, Meta(description="pwdLastSet; null where it is 0, never set or to be changed.")
    ] = None
    allowed_to_delegate_to: Annotated[
        tuple[str, ...] | None, Meta(description="msDS-AllowedToDelegateTo: service names of constrained delegation.")
    ] = None
    allowed_to_act: Annotated[
        tuple[str, ...] | None,
        Meta(description="SIDs that msDS-AllowedToActOnBehalfOfOtherIdentity lets delegate to this object."),
    ] = None

    def has(self, bit: UserAccountControl) -> bool:
        """Whether a bit of userAccountControl is set."""
        return bool(self.user_account_control & bit)

    @property
    def encryption(self) -> tuple[EncryptionType, ...]:
        """The encryption types as single bits; empty where the object has none of its own."""
        return bits_of(EncryptionType, self.encryption_types or 0)


class ComputerRole(enum.StrEnum):
    """What a computer object stands for in the cluster."""

    NODE = "node"
    CLUSTER_NAME = "cluster_name"
    ACCESS_POINT = "access_point"
    GATEWAY = "gateway"
    OTHER = "other"


class DirectoryComputer(DirectoryObject, frozen=True, kw_only=True):
    """A computer object: of a node, of the cluster's name (CNO) or an access point (VCO), of a gateway."""

    INFO: ClassVar[FactType] = FactType(
        name="directory_computer",
        title="Computer objects",
        subject=Scope.NODE,
        others=(Scope.ACCOUNT,),
        item_key="key",
        origin=Origin.DIRECTORY,
        reads=(),
        sources=(_SCHEMA, _UAC, "MicrosoftDocs/windowsserverdocs failover-clustering/prestage-cluster-adds.md"),
    )

    key: Annotated[str, Meta(description="Of a node its key (FQDN in lower case), of any other object its SID.")]
    role: ComputerRole
    dns_host_name: Annotated[str | None, Meta(description="dNSHostName.")] = None
    operating_system: Annotated[str | None, Meta(description="operatingSystem.")] = None
    operating_system_version: Annotated[str | None, Meta(description="operatingSystemVersion: 10.0 (26100).")] = None
    laps_expiration: Annotated[
        datetime.datetime | None, Meta(description="msLAPS-PasswordExpirationTime; no password is ever asked for.")
    ] = None
    legacy_laps_expiration: Annotated[datetime.datetime | None, Meta(description="ms-Mcs-AdmPwdExpirationTime.")] = None
    protected_from_deletion: Annotated[
        bool | None, Meta(description="Everyone is denied to delete it; null where its access list was not read.")
    ] = None


class AccountKind(enum.StrEnum):
    """What kind of account it is, by its object class."""

    USER = "user"
    COMPUTER = "computer"
    SMSA = "smsa"
    GMSA = "gmsa"
    DMSA = "dmsa"


class DmsaState(Code):
    """``msDS-DelegatedMSAState`` of a dMSA."""

    NOT_LINKED = 0
    MIGRATION_STARTED = 1
    MIGRATION_COMPLETED = 2
    STANDALONE = 3


class SupersededState(Code):
    """``msDS-SupersededServiceAccountState`` of the account that a dMSA takes over."""

    NONE = 0
    STARTED = 1
    COMPLETED = 2


class DirectoryAccount(DirectoryObject, frozen=True, kw_only=True):
    """An account that is of interest: it runs something on a node, or may do much in the domain."""

    INFO: ClassVar[FactType] = FactType(
        name="directory_account",
        title="Accounts in the directory",
        subject=Scope.ACCOUNT,
        item_key="sid",
        origin=Origin.DIRECTORY,
        reads=(),
        sources=(
            _SCHEMA,
            _UAC,
            "MicrosoftDocs/windowsserverdocs identity/ad-ds/manage/delegated-managed-service-accounts",
        ),
    )

    kind: AccountKind
    groups: Annotated[
        tuple[str, ...] | None,
        Meta(description="SIDs of all groups, at any depth, the primary one too; null where they were not resolved."),
    ] = None
    admin_count: Annotated[int | None, Meta(description="adminCount: 1 is, or was, in a protected group.")] = None
    last_logon: Annotated[
        datetime.datetime | None, Meta(description="lastLogonTimestamp: two weeks late at the most.")
    ] = None
    account_expires: Annotated[datetime.datetime | None, Meta(description="accountExpires; null for never.")] = None
    owner: Annotated[str | None, Meta(description="SID of the owner in its security descriptor.")] = None
    managed_password_days: Annotated[int | None, Meta(description="msDS-ManagedPasswordInterval of gMSA, dMSA.")] = None
    retrievers: Annotated[
        tuple[str, ...] | None, Meta(description="SIDs that msDS-GroupMSAMembership lets use a gMSA or dMSA.")
    ] = None
    host_computers: Annotated[
        tuple[str, ...] | None, Meta(description="DNs of computers an sMSA is bound to (msDS-HostServiceAccountBL).")
    ] = None
    dmsa_state: DmsaState | None = None
    dmsa_state_changed: Annotated[
        datetime.datetime | None, Meta(description="When the state was last written, by replication metadata.")
    ] = None
    precedes: Annotated[
        str | None, Meta(description="Of a dMSA: DN in msDS-ManagedAccountPrecededByLink, the account it takes over.")
    ] = None
    superseded_by: Annotated[
        str | None, Meta(description="Of an account: DN in msDS-SupersededManagedAccountLink, the dMSA.")
    ] = None
    superseded_state: SupersededState | None = None
    linked_from: Annotated[
        tuple[str, ...] | None, Meta(description="DNs of dMSAs that name it (msDS-ManagedAccountPrecededByLinkBL).")
    ] = None
    authentication_policy: Annotated[str | None, Meta(description="DN in msDS-AssignedAuthNPolicy.")] = None
    authentication_silo: Annotated[str | None, Meta(description="DN in msDS-AssignedAuthNPolicySilo.")] = None

    @property
    def enabled(self) -> bool:
        """Not disabled by userAccountControl; that it may have expired is another thing."""
        return not self.has(UserAccountControl.ACCOUNTDISABLE)
