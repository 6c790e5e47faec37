"""Pseudonyms for what is told apart by number: SIDs, GUIDs, MAC addresses, digests, storage names.

Each is a keyed digest of the original in the original's form. Nothing is remembered for it, so the same key gives the
same pseudonym in every bundle.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid

SID = re.compile(r"(?<![\w-])S-1-\d+(?:-\d+)*(?![\w-])", re.IGNORECASE)
GUID = re.compile(r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F-])")
MAC = re.compile(r"(?<![\w:-])[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2}){4}(?![\w:-])")
_BARE_MAC = re.compile(r"[0-9a-fA-F]{12}")
_DOTTED_MAC = re.compile(r"[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}")
_HEX = re.compile(r"[0-9a-fA-F]+")
_IQN = re.compile(r"(iqn\.1991-05\.com\.microsoft):(.+)", re.IGNORECASE | re.DOTALL)

_DOMAIN_SIDS = "S-1-5-21"
_DOMAIN_PARTS = 3
_VM_SIDS = ("S-1-5-83-1", "S-1-12-1")
"""SIDs whose last four numbers are a GUID: of a VM (NT VIRTUAL MACHINE) and of an object in Entra ID."""
_KEPT_SIDS = re.compile(
    r"S-1-(?:[0-4](?:-\d+)*|5|5-(?:[1-9]|1\d|20|33|113|114|1000)|5-(?:32|64|65|80|90|96)(?:-\d+)*|5-83-0|15(?:-\d+)*|16-\d+|18-\d+)",
    re.IGNORECASE,
)
"""Well-known SIDs ([MS-DTYP] 2.4.2.4); 80 are services, by a digest of their name."""
_NOTHING = frozenset(("00000000-0000-0000-0000-000000000000", "000000000000", "ffffffffffff"))
_MICROSOFTS_IQN = "iqn.1991-05.com.microsoft"


class Identifiers:
    """Makes pseudonyms with one key, and remembers what it replaced."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.replaced: dict[tuple[str, str], str] = {}

    def sid(self, text: str) -> str:
        """A SID: the part of its machine or domain is replaced, the RID stays; a well-known one is kept."""
        upper = text.upper()
        if _KEPT_SIDS.fullmatch(upper):
            return text
        parts = upper.split("-")
        for prefix in _VM_SIDS:
            if upper.startswith(f"{prefix}-") and len(parts) == prefix.count("-") + 1 + 4:
                return self._noted("sid", text, f"{prefix}-{self._guid_numbers(parts[-4:])}")
        kept = _DOMAIN_SIDS.count("-") + 1
        if upper.startswith(f"{_DOMAIN_SIDS}-"):
            whose = parts[kept : kept + _DOMAIN_PARTS]
            numbers = self._numbers("sid", "-".join(whose), len(whose))
            return self._noted("sid", text, "-".join((_DOMAIN_SIDS, *numbers, *parts[kept + _DOMAIN_PARTS :])))
        return self._noted("sid", text, "-".join((*parts[:4], *self._numbers("sid", upper, len(parts) - 4))))

    def guid(self, text: str) -> str:
        """A GUID, in lower case; the one of zeros is kept."""
        lower = text.lower()
        if lower in _NOTHING:
            return text
        return self._noted("guid", lower, str(uuid.UUID(bytes=self._bytes("guid", lower, 16), version=4)))

    def mac(self, text: str) -> str | None:
        """A MAC address in the spelling of the original, locally administered; None where it is none."""
        if not (MAC.fullmatch(text) or _BARE_MAC.fullmatch(text) or _DOTTED_MAC.fullmatch(text)):
            return None
        digits = "".join(c for c in text if c.isalnum()).lower()
        if digits in _NOTHING:
            return text
        made = f"02{self._bytes('mac', digits, 5).hex()}"
        made = made if text == text.lower() and text != text.upper() else made.upper()
        left = iter(made)
        return self._noted("mac", text, "".join(next(left) if c.isalnum() else c for c in text))

    def eui64(self, interface: int) -> int:
        """The lower half of an IPv6 address that was made from a MAC address, made from that one's pseudonym."""
        raw = interface.to_bytes(8, "big")
        mac = self.mac(bytes((raw[0] ^ 2, *raw[1:3], *raw[5:])).hex())
        made = bytes.fromhex(mac or "")
        return int.from_bytes(bytes((made[0] ^ 2, *made[1:3], 0xFF, 0xFE, *made[3:])), "big")

    def digest(self, text: str) -> str:
        """Hexadecimal digits of the same number, in the case of the original."""
        made = self._bytes("hex", text.lower(), (len(text) + 1) // 2).hex()[: len(text)]
        made = made if text == text.lower() and text != text.upper() else made.upper()
        return self._noted("digest", text, made)

    def storage_name(self, text: str) -> str:
        """An IQN keeps its form, and Microsoft's keeps its authority; of any other name hexadecimal digits are left."""
        if text.lower().startswith("iqn."):
            name = self._bytes("iqn", text.lower(), 8).hex()
            authority = _MICROSOFTS_IQN if _IQN.fullmatch(text) else "iqn.2000-01.invalid"
            return self._noted("storage_name", text, f"{authority}:{name}")
        prefix, dot, rest = text.rpartition(".")
        plain = rest.replace(":", "").replace("-", "")
        if _HEX.fullmatch(plain):
            left = iter(self._bytes("wwn", plain.lower(), len(plain)).hex())
            made = "".join(c if c in ":-" else next(left) for c in rest)
            return self._noted("storage_name", text, prefix + dot + (made if rest == rest.lower() else made.upper()))
        return self._noted("storage_name", text, self._bytes("storage", text.lower(), 8).hex()) if text else text

    def number(self, what: str, text: str) -> int:
        """256 bits for a text, the same for the same key."""
        return int.from_bytes(self._bytes(what, text, 32), "big")

    def _guid_numbers(self, numbers: list[str]) -> str:
        """Four numbers of 32 bits that are a GUID (little-endian), with that GUID replaced."""
        try:
            raw = b"".join(int(number).to_bytes(4, "little") for number in numbers)
        except OverflowError:
            return "-".join(self._numbers("sid", "-".join(numbers), len(numbers)))
        made = uuid.UUID(self.guid(str(uuid.UUID(bytes_le=raw)))).bytes_le
        return "-".join(str(int.from_bytes(made[at : at + 4], "little")) for at in range(0, 16, 4))

    def _numbers(self, what: str, text: str, count: int) -> list[str]:
        """Numbers of 32 bits."""
        raw = self._bytes(what, text, max(4 * count, 1))
        return [str(int.from_bytes(raw[at : at + 4], "big")) for at in range(0, 4 * count, 4)]

    def _bytes(self, what: str, text: str, length: int) -> bytes:
        message = f"{what}\n{text}".encode("utf-8", "surrogatepass")
        made = hmac.new(self._key, message, hashlib.sha512).digest()
        while len(made) < length:
            made += hmac.new(self._key, made + message, hashlib.sha512).digest()
        return made[:length]

    def _noted(self, kind: str, original: str, made: str) -> str:
        self.replaced[kind, original] = made
        return made
