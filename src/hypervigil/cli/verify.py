"""``hypervigil verify``: is a bundle still what it was?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypervigil.cli.status import ExitStatus, status

if TYPE_CHECKING:
    from hypervigil.store.signature import Signer, Vouching


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", readable=False, help="A bundle: folder or zip.")],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            metavar="CERT",
            readable=False,
            help="A certificate (PEM, DER) of the signer or of its authority.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Tell if a bundle is whole, and who vouches.

    Every document is compared with the manifest. With --trust, the bundle has to be signed, its signature has to fit,
    and a trusted certificate has to lead to the signer.

    Exit status: 0 whole; 1 something changed, is missing or was added, or the signature is not what --trust asks for;
    2 not a bundle.
    """
    from hypervigil.cli.output import console, emit_json, say
    from hypervigil.report.terminal_lines import number_of
    from hypervigil.store import verify_bundle
    from hypervigil.store.signature import read_certificates, vouching

    trusted = [certificate for file in trust or () for certificate in read_certificates(file)]
    found = verify_bundle(bundle)
    vouched = vouching(bundle, trusted)
    _same_manifest(bundle, found.manifest_sha256, vouched.manifest_sha256)
    if not found.whole or vouched.state == "invalid" or (trust and vouched.state != "trusted"):
        status.value = ExitStatus.FINDINGS
    if as_json:
        emit_json(
            {
                "bundle": found.bundle,
                "whole": found.whole,
                "tool": found.manifest.tool,
                "created": found.manifest.created,
                "synthetic": found.manifest.synthetic,
                "redacted": found.manifest.redacted,
                "documents": found.documents,
                "manifest_sha256": found.manifest_sha256,
                "differences": found.differences,
                "signature": vouched,
            }
        )
        return
    out = console()
    for difference in found.differences:
        detail = f" ({difference.detail})" if difference.detail else ""
        say(out, f"{difference.what}: {difference.document}{detail}", "red")
    manifest = found.manifest
    what = "all as they were" if found.whole else f"{len(found.differences)} not as they were"
    made = f"made {manifest.created:%Y-%m-%d %H:%M} UTC by {manifest.tool}"
    say(out, f"{bundle}: {number_of(found.documents, 'document')}, {made}, {what}.", "bold")
    if manifest.synthetic:
        say(out, "Synthetic: made up, no machine stands behind it.", "bold yellow")
    if manifest.redacted:
        say(out, "Redacted: names, addresses and identifiers were replaced.", "bold yellow")
    say(out, f"Manifest SHA-256 {found.manifest_sha256}. Digests prove integrity, not who made the bundle.")
    say(out, _said(vouched), "red" if vouched.state in ("invalid", "untrusted") else "")


def _same_manifest(bundle: Path, compared: str, vouched: str) -> None:
    """The bundle is opened twice; what was signed has to be what the documents were compared with."""
    from hypervigil.store import BundleError

    if vouched and vouched != compared:
        raise BundleError(bundle, "it changed while it was read", remedy="Try again when nothing writes to it.")


def _said(vouched: Vouching) -> str:
    """What the signature comes to, in a sentence or two."""
    names = ", ".join(signer.name for signer in vouched.signers)
    match vouched.state:
        case "absent":
            return "It is not signed."
        case "unchecked":
            return f"Signed by {names}, not checked. Name a certificate that you trust with --trust."
        case "invalid":
            return f"Its signature is not valid: {vouched.problem}."
        case "untrusted":
            return f"Signed by {names}, who is not trusted: {vouched.problem}."
        case "trusted":
            by = [f"{one.name}{_when(one)}, trusted by {one.trusted_by}" for one in vouched.signers if one.trusted_by]
            others = [one.name for one in vouched.signers if not one.trusted_by]
            also = f" Also signed by {', '.join(others)}, who is not trusted." if others else ""
            return f"Signed by {'; '.join(by)}.{also}"


def _when(signer: Signer) -> str:
    return f" on {signer.signed_at:%Y-%m-%d %H:%M} UTC by its own clock" if signer.signed_at else ""
