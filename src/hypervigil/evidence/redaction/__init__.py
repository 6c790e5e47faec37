"""Redaction: evidence that can be shown to others, and judged with the same result."""

from hypervigil.evidence.redaction.redact import Redacted, RedactionError, Replacement, Residue, redact

__all__ = ["Redacted", "RedactionError", "Replacement", "Residue", "redact"]
