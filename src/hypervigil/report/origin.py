"""What a verdict rests on: whether the evidence is unchanged, and whether anybody vouches for where it comes from."""

from __future__ import annotations

from hypervigil.evidence.evidence import Evidence, Known


def integrity(evidence: Evidence) -> str:
    """Integrity and origin of the evidence, in a few sentences. A digest proves the first, a signature both."""
    if evidence.redacted:
        return f"{_REDACTED} {_vouched(evidence)}"
    return _vouched(evidence)


_REDACTED = "The evidence is redacted: names, addresses and identifiers in it were replaced, the same everywhere."


def _vouched(evidence: Evidence) -> str:
    if evidence.synthetic:
        return (
            "The evidence is made up. No machine stands behind it, so nothing here says anything about a real cluster."
        )
    if evidence.signed_by:
        return (
            f"The evidence is signed by {evidence.signed_by}. The signature covers the digest of every document: it "
            "proves that nothing was changed since, and who vouches for it."
        )
    if any(isinstance(record, Known) and record.provenance.digest for record in evidence.facts.values()):
        return (
            "The evidence is not signed. Its digests prove that no document was changed since they were taken. They do "
            "not prove where it came from: that rests on trust in whoever collected it and handed it over."
        )
    return (
        "The evidence is not signed and carries no digests: that it is unchanged, and where it came from, rests on "
        "trust in whoever collected it and handed it over."
    )
