"""Makes docs/report.png, the picture in the README: the report of the demo, rendered in headless Chromium."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.browser import chromium_page  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "hypervigil", "demo", "-o", folder], check=True, capture_output=True)
        with chromium_page(1180, 1380) as page:
            page.get(Path(folder, "report.html").as_uri())
            page.save_screenshot(str(REPOSITORY / "docs" / "report.png"))


if __name__ == "__main__":
    main()
