"""SMB-010: mappings of SMB over QUIC. What is wrong with any server's certificate: tests/controls/effective."""

from __future__ import annotations

import datetime
from typing import Any

from hypervigil.controls.smb import smb_010_quic_mapping as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults, smb_defaults
from hypervigil.synthetic import management_defaults as management
from hypervigil.synthetic.moments import AT
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

WS2025 = defaults.operating_system()
PRINT = "FEDCBA98" * 5
FS = {"subject": "CN=fs", "dns_names": ("fs.contoso.com", "files.contoso.com")}


SERVER = defaults.smb_server()


def mapped(certificate: dict[str, Any] | None = None, **mapping: Any) -> tuple[Fact, ...]:
    """A 2025 node with a mapping for fs.contoso.com and its certificate, with changes; pipes are kept out."""
    held = management.certificate(PRINT, **{**FS, **(certificate or {})})
    return (
        WS2025,
        smb_defaults.smb_quic(smb_defaults.quic_mapping(**{"thumbprint": PRINT, **mapping})),
        management.certificates(management.certificate(), held),
        SERVER,
    )


def served(**server: Any) -> tuple[Fact, ...]:
    """The same, with changes to the SMB server."""
    return (*mapped()[:3], defaults.smb_server(**server))


def case(name: str, gives: Outcome, because: tuple[str, ...], node: tuple[Fact, ...], says: str = "") -> Case:
    cause = Cause.NOT_IN_SOURCE if gives is Outcome.UNKNOWN else None
    return Case(name, gives, because, node=node, collected=AT, says=says, cause=cause)


def unfit(name: str, says: str, **certificate: Any) -> Case:
    return case(name, Outcome.FAIL, ("unfit", "restricted"), mapped(certificate), says)


CASES = (
    case(
        "no mapping",
        Outcome.PASS,
        ("no_mapping",),
        (WS2025, smb_defaults.smb_quic(), management.certificates()),
    ),
    case("all in order", Outcome.PASS, ("fit", "restricted"), mapped()),
    case(
        "all in order, wildcard, store and thumbprint in other letters",
        Outcome.PASS,
        ("fit", "restricted"),
        mapped({"dns_names": ("*.contoso.com",)}, store_name="my", thumbprint=PRINT.lower()),
    ),
    unfit("expired", "expired on 2026-11-15", not_after=AT - datetime.timedelta(days=1)),
    unfit("short key", "has an RSA key of 1024 bits", key_bits=1024),
    unfit("no key", "has no private key", has_private_key=False),
    unfit("for clients", "is not meant for servers", usages=("1.3.6.1.5.5.7.3.2",)),
    unfit("no usage", "does not name server authentication", usages=()),
    unfit("SHA-1", "is signed with SHA-1 with RSA", signature_algorithm="1.2.840.113549.1.1.5"),
    unfit("key may not sign", "may not sign", key_usage=32),
    unfit("another name", "has no DNS alternative name fs.contoso.com", dns_names=("www.contoso.com",)),
    unfit("the name in its subject only", "has no DNS alternative name", subject="CN=fs.contoso.com", dns_names=()),
    unfit("an address", "has addresses among its names (192.0.2.1)", ip_names=("192.0.2.1",)),
    unfit("no subject", "has no subject", subject=""),
    unfit("not trusted", "no root", chain_trusted=False),
    case(
        "signs itself",
        Outcome.REVIEW,
        ("asked", "restricted"),
        mapped({"issuer": "CN=fs", "chain_trusted": False}),
    ),
    case(
        "key usage and length not seen",
        Outcome.UNKNOWN,
        ("unsure", "restricted"),
        mapped({"key_usage": None, "key_bits": None}),
        "how long its key is, whether its key may sign",
    ),
    case(
        "renewed: the thumbprint is not in the store",
        Outcome.FAIL,
        ("not_held", "restricted"),
        mapped(thumbprint="0" * 40),
        "0000, which the personal store does not hold",
    ),
    case(
        "in another store",
        Outcome.UNKNOWN,
        ("other_store", "restricted"),
        mapped(store_name="WebHosting"),
        "in store WebHosting",
    ),
    case(
        "not in the store, and in which it should be was not read",
        Outcome.UNKNOWN,
        ("other_store", "restricted"),
        mapped(store_name=None, thumbprint="0" * 40),
    ),
    case(
        "no client access control",
        Outcome.FAIL,
        ("fit", "open", "restricted"),
        mapped(require_client_authentication=False),
    ),
    case(
        "list of clients not asked",
        Outcome.FAIL,
        ("fit", "unlisted", "restricted"),
        mapped(skip_client_access_check=True),
    ),
    case("named pipes", Outcome.FAIL, ("fit", "pipes"), mapped(flags=("AllowNamedPipe",))),
    case(
        "named pipes, by the server's switch",
        Outcome.FAIL,
        ("fit", "pipes_by_server"),
        served(quic_restrict_named_pipes=False),
        "RestrictNamedpipeAccessViaQuic is False",
    ),
    case(
        "the server's switch was not read",
        Outcome.UNKNOWN,
        ("fit", "pipes_unseen"),
        served(quic_restrict_named_pipes=None),
    ),
    Case(
        "nobody may look at the server",
        Outcome.UNKNOWN,
        ("fit", "pipes_unseen"),
        node=mapped()[:3],
        gaps={"smb_server": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
        collected=AT,
    ),
    case("all of it is off", Outcome.PASS, ("fit", "restricted", "switched_off"), served(quic=False)),
    case(
        "a release that does not tell of clients, nor of flags",
        Outcome.UNKNOWN,
        ("fit", "unseen"),
        mapped(require_client_authentication=None, skip_client_access_check=None, flags=None),
        "RequireClientAuthentication and SkipClientCertificateAccessCheck and Flags",
    ),
    case(
        "two mappings, one of them open",
        Outcome.FAIL,
        ("fit", "pipes_unseen", "fit", "open", "pipes_unseen"),
        (
            WS2025,
            smb_defaults.smb_quic(
                smb_defaults.quic_mapping(PRINT),
                smb_defaults.quic_mapping(PRINT, name="files.contoso.com", require_client_authentication=False),
            ),
            management.certificates(management.certificate(PRINT, **FS)),
        ),
        "files.contoso.com asks clients",
    ),
    Case(
        "nobody knows when",
        Outcome.UNKNOWN,
        ("unsure", "restricted"),
        node=mapped(),
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "2019 has none",
        Outcome.NOT_APPLICABLE,
        ("too_old",),
        node=(defaults.operating_system(Release.WS2019),),
        gaps={"smb_quic": Cause.UNSUPPORTED_RELEASE},
    ),
    Case(
        "2022 has it",
        Outcome.PASS,
        ("no_mapping",),
        node=(
            defaults.operating_system(Release.WS2022),
            smb_defaults.smb_quic(release=Release.WS2022),
            management.certificates(),
        ),
    ),
    Case(
        "denied",
        Outcome.UNKNOWN,
        node=(WS2025, management.certificates()),
        gaps={"smb_quic": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "store not read",
        Outcome.UNKNOWN,
        node=mapped()[:2],
        gaps={"certificates": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
