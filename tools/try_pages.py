"""Show pages as apps make them in a browser, and print what the gate's readers make of each kind.

    python -m tools.try_pages --each 20 --seed 1
    python -m tools.try_pages --each 20 --seed 2018 --held-out

Kinds that are held out, and the reported seed, are for figures alone: nobody tunes on them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from itertools import product

from kouling.lab.pictures.browser import shown
from kouling.lab.pictures.chance import chance_of
from kouling.lab.pictures.handling import handled
from kouling.lab.pictures.pages import AppPage, held_out, page, templates
from kouling.lab.pictures.photos import Pixels
from kouling.lab.pictures.reading import readers
from kouling.lab.pictures.seeds import development_seed
from kouling.lab.pictures.tally import Aim, PictureTally, added_up, tally_of


def pictures(kinds: Sequence[str], each: int, seed: int) -> Iterator[tuple[AppPage, Pixels]]:
    """Yield pages of each kind, half of them clean, and how they arrive."""
    wanted = list(product(kinds, (False, True), range(each)))
    pages = [
        page(kind, chance_of(seed, "page", kind, clean, number), clean=clean)
        for kind, clean, number in wanted
    ]
    for place, one, pixels in zip(wanted, pages, shown(pages), strict=True):
        yield one, handled(chance_of(seed, "way", *place), pixels)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What the readers make of pages.")
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seed", type=int, default=development_seed)
    parser.add_argument("--held-out", action="store_true", help="the kinds that are kept apart")
    asked = parser.parse_args()
    kinds = [kind for kind in templates if (kind in held_out) == asked.held_out]
    read = readers(time.process_time)
    tallies = []
    for one, pixels in pictures(kinds, asked.each, asked.seed):
        aim = Aim.code if one.code else Aim.clean
        tallies.append(tally_of(one.kind, aim, one.code, read(pixels, aim)))
    for line in _table(added_up(tallies)):
        print(line)


def _table(tallies: Sequence[PictureTally]) -> Iterator[str]:
    yield f"{'kind':10} {'aim':6} {'n':>4} {'exact':>6} {'alike':>6} {'flagged':>7} unsure     ms"
    for one in tallies:
        rates = [
            one.rate(count) or 0.0 for count in (one.exact, one.alike, one.flagged, one.unsure)
        ]
        shown_rates = " ".join(f"{rate:6.3f}" for rate in rates)
        yield f"{one.disguise:10} {one.aim:6} {one.pictures:4} {shown_rates} {one.cpu_ms:6.0f}"


if __name__ == "__main__":
    main()
