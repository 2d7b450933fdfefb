"""The readers, called in this process: for pixels that one drew oneself, never for given bytes.

Each loads its libraries at its first call.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kouling.picture.records import Barcode, Line


def find_barcodes(pixels: NDArray[np.uint8]) -> tuple[Barcode, ...]:
    """Return the QR codes in a picture, rows of RGB, as a worker finds them."""
    from kouling.picture import barcode

    return barcode.find(pixels)


def read_lines(pixels: NDArray[np.uint8]) -> tuple[Line, ...]:
    """Return the printed lines in a picture, rows of RGB, as a worker reads them."""
    from kouling.picture import reader

    return tuple(reader.read(pixels).lines)
