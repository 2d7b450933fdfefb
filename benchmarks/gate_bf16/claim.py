"""What OpenVINO in bfloat16 saves where the processor can, and whether it reads as well.

Claim: with the extra `openvino`, on a processor that multiplies bfloat16, a card takes .85 of the
CPU or less, and as many codes are read up to look-alike letters and flagged.

Rival: the same reader by onnxruntime in float32, on the same pictures, each in a process of its
own.

Pictures: drawn by the laboratory from a seed that nobody tunes on, plain and in every disguise.
Times are processor time of one thread, decoding not included.

Machine: stated in the results. Four minutes; with --quick half a minute.

Run: python -m benchmarks gate_bf16
"""

import multiprocessing
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

import cv2

from benchmarks.bench.claims import Report
from benchmarks.bench.options import add_quick
from benchmarks.bench.results import begin
from kouling.lab.pictures.attempt import attempts
from kouling.lab.pictures.disguises import picture_disguises
from kouling.lab.pictures.reading import readers
from kouling.lab.pictures.seeds import reported_seed
from kouling.lab.pictures.tally import Aim, added_up, tally_of
from kouling.picture.reader import bf16

each, quick_each = 8, 1
"""Cards under each disguise."""


add_options: Callable[[ArgumentParser], None] = add_quick


def measure(options: Namespace) -> Report:
    """Read the same cards both ways."""
    if not bf16.is_here():
        sys.exit("error: it needs the extra openvino and a processor that multiplies bfloat16")
    report = begin(quick=options.quick, seed=reported_seed)
    count = quick_each if options.quick else each
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        report["ways"] = {
            "float32": pool.apply(read_cards, (False, count)),
            "bfloat16": pool.apply(read_cards, (True, count)),
        }
    return report


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
