"""Readers of file and wire formats: bytes in, typed values out, no I/O. Every error is an `errors.FormatError`."""
