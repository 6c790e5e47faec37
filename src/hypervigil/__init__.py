"""hypervigil judges Hyper-V failover clusters: evidence in, explained findings out."""

__version__ = "0.1.0"
