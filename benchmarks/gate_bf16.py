"""What OpenVINO in bfloat16 saves where the processor can, and whether it reads as well.

Claim: with the extra `openvino`, on a processor that multiplies bfloat16, a card takes .85 of the
CPU or less, and as many codes are read up to look-alike letters and flagged.

Rival: the same reader by onnxruntime in float32, on the same pictures, each in a process of its
own.

Pictures: drawn by the laboratory from a seed that nobody tunes on, plain and in every disguise.
Times are processor time of one thread, decoding not included. The data folder is not needed.

Machine: stated in the results. Four minutes; with --quick half a minute.

Run: python benchmarks/gate_bf16.py
"""

import multiprocessing
import sys
import time

import cv2
from shared.options import add_quick, parser_of
from shared.results import begin, save
from tables.pictures import bf16_tables

from kouling.lab.pictures.attempt import attempts
from kouling.lab.pictures.disguises import picture_disguises
from kouling.lab.pictures.reading import readers
from kouling.lab.pictures.seeds import reported_seed
from kouling.lab.pictures.tally import Aim, added_up, tally_of
from kouling.picture.reader import bf16

each, quick_each = 8, 1
"""Cards under each disguise."""


def main() -> None:
    """Measure, print, and write the raw results."""
    parser = parser_of(__doc__)
    add_quick(parser)
    options = parser.parse_args()
    if not bf16.is_here():
        sys.exit("error: it needs the extra openvino and a processor that multiplies bfloat16")
    report = begin(quick=options.quick, seed=reported_seed)
    count = quick_each if options.quick else each
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        report["ways"] = {
            "float32": pool.apply(read_cards, (False, count)),
            "bfloat16": pool.apply(read_cards, (True, count)),
        }
    for table in bf16_tables(report).values():
        print(table)
    save("gate_bf16", report, options.json)


def read_cards(short: bool, count: int) -> list[dict[str, object]]:
    """Read cards with codes and return their counts under each disguise."""
    if not short:
        bf16.flags = frozenset()
    cv2.setNumThreads(1)
    read = readers(time.process_time)
    for attempt in attempts([], 2, 0):  # loads the networks, makes code for many lengths
        read(attempt.sample.picture, Aim.code)
    scores = [
        tally_of(one.disguise, one.aim, one.sample.code, read(one.sample.picture, one.aim))
        for one in attempts(list(picture_disguises.values()), count, reported_seed)
        if one.aim is Aim.code
    ]
    return [score._asdict() for score in added_up(scores)]


if __name__ == "__main__":
    main()
