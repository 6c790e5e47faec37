"""Fuzz the signature of a bundle, which a stranger may have made: `python fuzz/fuzz_signature.py --seconds 600`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.formats.cms", "hypervigil.store.signature"):
    from hypervigil.formats.cms import parse_detached
    from hypervigil.formats.errors import FormatError
    from hypervigil.store.signature import check_signature

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.store.signing import START, YEAR, identity, signed

MANIFEST = b'{"format": 1}\n'
ROOT = identity("root", authority=True)
TRUSTED = identity("operator", ROOT)
STRANGER = identity("stranger", key=rsa.generate_private_key(65537, 2048))
GOOD = signed(MANIFEST, TRUSTED)
STATED = START + YEAR
COVERED = {info.covered for info in parse_detached(GOOD).signers} | {None}
TOKENS = [
    bytes.fromhex("06092a864886f70d010702"),  # signed-data
    bytes.fromhex("06092a864886f70d010701"),  # data
    bytes.fromhex("06092a864886f70d010903"),  # content type
    bytes.fromhex("06092a864886f70d010904"),  # message digest
    bytes.fromhex("06092a864886f70d010905"),  # signing time
    bytes.fromhex("0609608648016503040201"),  # SHA-256
    bytes.fromhex("06052b0e03021a"),  # SHA-1
    bytes.fromhex("06092a864886f70d01010b"),  # RSA with SHA-256
    bytes.fromhex("06082a8648ce3d040302"),  # ECDSA with SHA-256
    *(b"\x30\x80", b"\x00\x00", b"\x31\x00", b"\x30\x84\xff\xff\xff\xff", b"\xa0\x82", b"\x04\x00", b"\x02\x01\x01"),
]


def check(data: bytes) -> None:
    """Only the signature that was made is trusted, or one that differs in what a signature does not cover."""
    without = check_signature(data, MANIFEST, STATED, ())
    assert without.state in ("unchecked", "invalid")
    found = check_signature(data, MANIFEST, STATED, (ROOT.certificate,))
    assert found.state in ("trusted", "untrusted", "invalid")
    if found.state == "trusted":
        assert all(not signer.problem for signer in found.signers if signer.trusted_by)
        assert COVERED & {info.covered for info in parse_detached(data).signers}
    assert check_signature(data, MANIFEST + b" ", STATED, (ROOT.certificate,)).state != "trusted"


TARGET = Target(
    name="signature",
    check=check,
    allowed=(FormatError,),
    seeds=[GOOD, signed(MANIFEST, STRANGER), signed(b"", TRUSTED)],
    tokens=TOKENS,
)

if __name__ == "__main__":
    main(TARGET)
