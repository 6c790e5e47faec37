"""The program: ``hypervigil``, or ``python -m hypervigil``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Ctrl-C is answered in the same way while the program is still being loaded."""
    try:
        from hypervigil.cli.interrupt import watch  # noqa: PLC0415  this one is light

        watch()
        from hypervigil.cli.main import main as command_line  # noqa: PLC0415  that loading is what takes time
    except KeyboardInterrupt:
        sys.stderr.write("hypervigil: stopped.\n")
        sys.exit(130)
    command_line()


if __name__ == "__main__":
    main()
