"""The root of all errors that are not ours: the command line, an input or the place to write to is wrong."""

from __future__ import annotations


class InputError(Exception):
    """Something that the user gave can not be used. Its text names the file, the place in it, and what to do.

    Every error of that kind in every package derives from it; commands answer it with exit status 2.
    """
