"""What a cluster is: typed facts with provenance. Pure: bytes and files are for ``store`` and ``collect``."""
