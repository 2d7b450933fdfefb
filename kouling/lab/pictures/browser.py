"""Pages become pixels: a browser without a screen shows several at a time.

Debian's `chromium` is used, or any other browser of its kind that is named.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from kouling.errors import KoulingError
from kouling.lab.pictures.pages import AppPage, height, width
from kouling.lab.pictures.photos import Pixels

pages_per_shot = 8
"""Pages shown one above the other: a browser's picture can't be of any height."""

shot_seconds_max = 60
"""How long a browser may take for one."""

scale = 2
"""Pixels of the picture for one of CSS."""


def shown(pages: Sequence[AppPage], browser: str = "chromium") -> Iterator[Pixels]:
    """Yield each page as a browser shows it; raise `KoulingError` if there is none."""
    program = shutil.which(browser)
    if program is None:
        raise KoulingError(f"there is no {browser} here", hint="apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, len(pages), pages_per_shot):
            some = pages[first : first + pages_per_shot]
            sheet = _shot(program, Path(folder), "".join(page.html for page in some), len(some))
            for number in range(len(some)):
                yield sheet[number * height * scale : (number + 1) * height * scale]


def _shot(program: str, folder: Path, html: str, count: int) -> Pixels:
    page, picture = folder / "page.html", folder / "page.png"
    page.write_text(f'<meta charset="utf-8"><body style="margin:0">{html}', "utf-8")
    command = [
        *(program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *(f"--force-device-scale-factor={scale}", f"--window-size={width},{height * count}"),
        *(f"--user-data-dir={folder / 'profile'}", f"--screenshot={picture}", page.as_uri()),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=shot_seconds_max)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        raise KoulingError(f"the browser showed nothing: {error}", hint="try it by hand") from None
    return np.asarray(Image.open(picture).convert("RGB"))
