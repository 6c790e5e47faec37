"""Effective state: what several facts of a host come to together."""
