"""Judging: evidence in, findings out. Pure; everything that reads or writes is elsewhere."""
