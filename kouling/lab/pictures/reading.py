"""Pixels come in, what the gate's readers make of them goes out, with the time it took.

They are called here as a worker calls them, without its process: what is read in the laboratory
was drawn by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kouling.gate import Detectors, picture_text
from kouling.lab.pictures.photos import Pixels
from kouling.lab.pictures.tally import Aim, Transcript
from kouling.lab.tally import is_found
from kouling.picture import Line, Look, find_barcodes, read_lines

Clock = Callable[[], float]
"""Processor seconds so far."""

Read = Callable[[Pixels, Aim], Transcript]


def readers(clock: Clock) -> Read:
    """Return our own readers: of QR codes for a payload, of print otherwise."""
    detectors = Detectors.load()

    def read(pixels: Pixels, aim: Aim) -> Transcript:
        start = clock()
        look, texts = (_seen if aim is Aim.payload else _read)(pixels)
        signals = picture_text(look, 1, detectors, None)
        spent = 1_000 * (clock() - start)
        unsure = any(signal.kind == "unsure" for signal in signals)
        return Transcript(texts, is_found([signals]), unsure, spent)

    return read


def _seen(pixels: Pixels) -> tuple[Look, tuple[str, ...]]:
    codes = find_barcodes(pixels)
    return Look(barcodes=codes), tuple(one.text for one in codes)


def _read(pixels: Pixels) -> tuple[Look, tuple[str, ...]]:
    lines = read_lines(pixels)
    return Look(lines=lines), tuple(_texts(lines))


def _texts(lines: Sequence[Line]) -> Iterator[str]:
    """Yield all lines as the first reader has them, then with those that the better one read."""
    yield from (line.text for line in lines)
    if any(line.second for line in lines):
        yield from (line.second or line.text for line in lines)
