"""What is put together of names, addresses and identifiers: taken apart, and each part replaced."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypervigil.evidence.redaction import windows_names as windows
from hypervigil.evidence.redaction.addresses import Addresses
from hypervigil.evidence.redaction.identifiers import GUID, SID, Identifiers
from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.names import Names

_PARTS = re.compile(r"[^.*]+")
_PORT = re.compile(r"(?P<host>[^:]+)(?P<rest>:\d{1,5}|,0x[0-9a-fA-F]+)")
_OCTETS = re.compile(r"(?:\d{1,3}\.){1,3}\*(?:\.\*)*")
_ENDPOINT = re.compile(r"(?P<host>.*):(?P<rest>\d+/\w+)", re.DOTALL)
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#\s@,;]*@)?(?P<host>\[[^\]\s]*\]|[^:/?#\s,;]*)(?P<rest>[^\s,;]*)"
)
_RDN = re.compile(r"(?P<before>\s*)(?P<type>[A-Za-z][\w.-]*|\d+(?:\.\d+)*)(?P<equals>\s*=\s*)(?P<value>.*)", re.DOTALL)
_RDNS = re.compile(r'((?:[^,+;"\\]|\\.|"(?:[^"\\]|\\.)*"|["\\])*)([,+;]?)', re.DOTALL)
_HEX = re.compile(r"[0-9a-fA-F]{32,128}")
_DRIVE_SHARE = re.compile(r"[a-z]\$")
_VOLUME = re.compile(r"(?:harddisk)?volume\d+|harddisk\d+|partition\d+|harddiskvolumeshadowcopy\d+", re.IGNORECASE)
_KEPT_PART = re.compile(r"[A-Za-z]:|%\w+%|[?.*]|\{?[A-Za-z]\}?")
_NUMBER = re.compile(r"\d{1,4}")
_TRUSTEE = r"(?:[A-Z]{2}|S-1-[0-9xXa-fA-F-]+)"
_SDDL = re.compile(
    rf"(?:[OG]:{_TRUSTEE}|[DS]:[A-Z_]*(?:\([A-Z]{{1,2}};[A-Z]*;(?:[A-Z]*|0x[0-9a-fA-F]+);[0-9a-fA-F-]*;[0-9a-fA-F-]*;"
    rf"{_TRUSTEE}\))*)+"
)
"""A security descriptor without conditions ([MS-DTYP] 2.5.1.1): nothing in it names anybody but its SIDs."""


class Composed:
    """Pseudonyms for texts of each kind. ``label`` replaces known names in a text that is else kept."""

    def __init__(self, names: Names, identifiers: Identifiers, addresses: Addresses) -> None:
        self._names = names
        self._identifiers = identifiers
        self._addresses = addresses
        self.label: Callable[[str], str] = str
        self.domains: set[str] = set()

    def of(self, kind: Kind) -> Callable[[str], str]:
        """What replaces a text of that kind; TEXT and LABEL are not for here."""
        special: dict[Kind, Callable[[str], str]] = {
            Kind.HOST: self.host,
            Kind.DOMAIN: self.domain,
            Kind.ACCOUNT: self.account,
            Kind.SID: self.sid,
            Kind.SDDL: self.sddl,
            Kind.GUID: self._guid,
            Kind.ADDRESS: self.address,
            Kind.MAC: self._mac,
            Kind.STORAGE_NAME: self._identifiers.storage_name,
            Kind.THUMBPRINT: self._thumbprint,
            Kind.DN: self.dn,
            Kind.SPN: self._spn,
            Kind.ENDPOINT: self._endpoint,
            Kind.URL: self.url,
            Kind.PATH: self.path,
            Kind.SHARE: self._share,
        }
        kept = {
            Kind.RESOURCE: windows.RESOURCES,
            Kind.SITE: windows.SITES,
            Kind.GUARDIAN: windows.GUARDIANS,
        }.get(kind, frozenset())
        return special.get(kind, lambda text: text if text.casefold() in kept else self.named(kind.value, text))

    def named(self, kind: str, text: str, rest: str = "") -> str:
        """A name; where it has dots, part by part, so that a computer's name stays the same with and without its
        domain. ``rest`` is what the parts behind the first dot are.
        """
        if GUID.fullmatch(text):
            return self._identifiers.guid(text)
        first = True

        def part(match: re.Match[str]) -> str:
            nonlocal first
            what, first = kind if first else rest or kind, False
            return self._names.pseudonym(what, match[0])

        return _PARTS.sub(part, text)

    def host(self, text: str) -> str:
        """A computer's name, alone or with its domain, or an address; with a port or a flag of the time service."""
        if text.casefold() in windows.HOSTS or not text:
            return text
        if SID.fullmatch(text):
            return self._identifiers.sid(text)
        bare = text.removeprefix("\\\\")
        before = text[: len(text) - len(bare)]
        if found := self._plain_address(bare):
            return before + found
        if (match := _PORT.fullmatch(bare)) and ":" not in match["host"].strip("[]").partition("]")[0][:0] + match[
            "host"
        ]:
            return before + self.host(match["host"]) + match["rest"]
        if "." in bare:
            self.domains.add(bare.partition(".")[2].casefold())
        return before + self.named("host", bare, "dom")

    def domain(self, text: str) -> str:
        """A domain, label by label: whether it is below another one is seen as before."""
        if text.casefold() in windows.DOMAINS:
            return text
        if "." in text:
            self.domains.add(text.casefold())
        return self.named("dom", text)

    def account(self, text: str) -> str:
        """A user or group, with whatever stands for its domain."""
        if SID.fullmatch(text):
            return self._identifiers.sid(text)
        domain, slash, user = text.rpartition("\\")
        if slash and domain.casefold() in windows.AUTHORITIES:
            return f"{domain}\\{self._known_account(domain.casefold(), user)}"
        if slash:
            return f"{self.domain(domain)}\\{self._user(user)}"
        user, at, domain = text.rpartition("@")
        return f"{self._user(user)}@{self.domain(domain)}" if at and user else self._user(text)

    def sddl(self, text: str) -> str:
        """A security descriptor: its SIDs are replaced and its letters stay, whatever a VM is called."""
        if _SDDL.fullmatch(text):
            return SID.sub(lambda match: self.sid(match[0]), text)
        return self.label(text)

    def sid(self, text: str) -> str:
        """A SID, with or without the asterisk that security templates write; a name where it is none."""
        bare = text.removeprefix("*")
        return (
            f"{text[: len(text) - len(bare)]}{self._identifiers.sid(bare)}"
            if SID.fullmatch(bare)
            else self.account(text)
        )

    def address(self, text: str) -> str:
        """Addresses, subnets, ranges and words for them, with commas between them."""
        return ",".join(self._one_address(part) for part in text.split(","))

    def dn(self, text: str) -> str:
        """A distinguished name, value by value; which attributes it has stays."""
        if "=" not in text:
            return self._thumbprint(text) if _HEX.fullmatch(text) else self.host(text)
        return _RDNS.sub(lambda match: self._rdn(match[1]) + match[2], text)

    def url(self, text: str) -> str:
        """A URL, or settings with URLs in them. Whoever is named before an @, and what is asked for, is left out."""
        out, end = [], 0
        for match in _URL.finditer(text):
            out.append(self.label(text[end : match.start()]))
            host = match["host"]
            out.append(f"{match['scheme']}://{self.host(host)}{self.label(match['rest'].partition('?')[0])}")
            end = match.end()
        out.append(self.label(text[end:]))
        return "".join(out)

    def path(self, text: str) -> str:
        """A path: folders that every Windows has stay, below programs' folders all but known names stays."""
        if text.casefold() in windows.PROGRAM_WORDS:
            return text
        out: list[str] = []
        unc = text.startswith("\\\\") and text[2:3] not in ("?", ".")
        seen: list[str] = []
        for piece in re.split(r"([\\/]+)", text):
            if piece and piece[0] not in "\\/":
                out.append(self._component(piece, seen, unc=unc))
                seen.append(piece.casefold())
            else:
                out.append(piece)
        return "".join(out)

    # --- parts --------------------------------------------------------------------------------------------------------

    def _plain_address(self, text: str) -> str | None:
        if _OCTETS.fullmatch(text):
            octets = text.partition("*")[0].rstrip(".").split(".")
            made = self._addresses.address(".".join((*octets, *["0"] * (4 - len(octets)))) + f"/{8 * len(octets)}")
            return None if made is None else ".".join(made.split(".")[: len(octets)]) + text[text.index("*") - 1 :]
        if text.startswith("[") and "]" in text:
            inner, _, rest = text[1:].partition("]")
            found = self._addresses.address(inner)
            return f"[{found}]{rest}" if found and (not rest or re.fullmatch(r":\d{1,5}", rest)) else None
        return self._addresses.address(text)

    def _one_address(self, text: str) -> str:
        bare = text.strip()
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :] if bare else ""
        for prefix in ("IP:", "MAC:"):
            if bare.upper().startswith(prefix):
                return f"{before}{bare[: len(prefix)]}{self._one_address(bare[len(prefix) :])}{after}"
        if not bare or bare.casefold() in windows.ADDRESS_WORDS:
            return text
        made = self._plain_address(bare) or self._addresses.range(bare) or self._identifiers.mac(bare)
        return f"{before}{made or self.host(bare)}{after}"

    def _user(self, text: str) -> str:
        bare = text.removesuffix("$")
        if bare.casefold() in windows.ACCOUNTS:
            return text
        return self.named("user", bare) + text[len(bare) :]

    def _known_account(self, authority: str, user: str) -> str:
        """An account below an authority of Windows: those of services are called as the services are."""
        return self.label(user) if authority in ("nt service", "iis apppool") else self._user(user)

    def _guid(self, text: str) -> str:
        """GUIDs alone, in braces, or after a prefix such as ``Microsoft:``; a short number (of a node) stays."""
        if GUID.fullmatch(text):
            return self._identifiers.guid(text)
        if GUID.search(text):
            return self.label(text)
        return text if _NUMBER.fullmatch(text) or not text else self._names.pseudonym("id", text)

    def _mac(self, text: str) -> str:
        return text if not text else self._identifiers.mac(text) or self._names.pseudonym("mac", text)

    def _thumbprint(self, text: str) -> str:
        bare = text.replace(" ", "")
        return self._identifiers.digest(bare) if _HEX.fullmatch(bare) else self._names.pseudonym("id", text)

    def _spn(self, text: str) -> str:
        service, slash, rest = text.partition("/")
        if not slash:
            return self.host(text)
        parts = rest.split("/")
        return f"{service}/{'/'.join(self._spn_part(part) for part in parts)}"

    def _spn_part(self, text: str) -> str:
        host, colon, port = text.partition(":")
        if not colon or text.startswith("[") or ":" in port:
            return self.host(text)
        return f"{self.host(host)}:{port if port.isdecimal() else self._names.pseudonym('name', port)}"

    def _endpoint(self, text: str) -> str:
        match = _ENDPOINT.fullmatch(text)
        return f"{self.host(match['host'])}:{match['rest']}" if match else self.host(text)

    def _share(self, text: str) -> str:
        folded = text.casefold()
        if folded in windows.SHARES or _DRIVE_SHARE.fullmatch(folded) or not text:
            return text
        if text.startswith("\\"):
            return self.path(text)
        bare = text.removesuffix("$")
        return self.named("share", bare) + text[len(bare) :]

    def _rdn(self, text: str) -> str:
        match = _RDN.fullmatch(text)
        if match is None:
            return self.named("name", text) if text.strip() else text
        value, kind = match["value"], match["type"].upper()
        return f"{match['before']}{match['type']}{match['equals']}{self._rdn_value(kind, value)}"

    def _rdn_value(self, kind: str, text: str) -> str:
        bare = text.strip()
        folded = bare.casefold()
        if not bare:
            return text
        if kind == "DC":
            return self.named("dom", bare)
        if folded in windows.CONTAINERS or folded in windows.ACCOUNTS:
            return text
        if folded.startswith(windows.SUBJECTS):
            return self.label(text)
        if SID.fullmatch(bare):
            return self._identifiers.sid(bare)
        if GUID.fullmatch(bare.strip("{}")):
            return GUID.sub(lambda match: self._identifiers.guid(match[0]), text)
        if "@" in bare:
            return self.account(bare)
        if "." in bare and " " not in bare:
            return self._plain_address(bare) or self.named("host", bare, "dom")
        unended = bare.removesuffix("$")
        return self.named("name", unended) + bare[len(unended) :]

    def _component(self, text: str, seen: list[str], *, unc: bool) -> str:
        folded = text.casefold()
        if unc and len(seen) < _UNC_PARTS:
            return self._share(text) if seen else self.host(text)
        if (
            folded in windows.PATHS
            or _KEPT_PART.fullmatch(text)
            or _VOLUME.fullmatch(text)
            or _DRIVE_SHARE.fullmatch(folded)
        ):
            return text
        if GUID.search(text):
            return GUID.sub(lambda match: self._identifiers.guid(match[0]), text)
        if seen and seen[-1] == "users":
            return self._user(text)
        if windows.SOFTWARE_ROOTS.intersection(folder.strip("%") for folder in seen[:_ROOT_WITHIN]):
            return self.label(text)
        stem, dot, extension = text.rpartition(".")
        if dot and extension.casefold() in windows.EXTENSIONS:
            return f"{self.named('name', stem)}.{extension}"
        return self.named("volume" if seen and seen[-1] == "clusterstorage" else "name", text)


_UNC_PARTS = 2
"""Server and share."""
_ROOT_WITHIN = 3
"""A software root is the first folder, after a drive or after ``\\\\Device\\\\HarddiskVolume3``."""
