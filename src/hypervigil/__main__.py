"""``python -m hypervigil``."""

from hypervigil.cli import main

if __name__ == "__main__":
    main()
