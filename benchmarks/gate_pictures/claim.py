"""What the gate reads in pictures, beside other readers, and how it knows changed pictures again.

Claim: QR codes found >= .98 over all disguises at <= 30 ms, none misread; share codes on cards
exact up to look-alike letters >= .98, flagged >= .99, at <= 90 ms a picture of 1080 x 1080,
<= 30 ms without text; no false share code on 100 clean cards; changed copies of a known picture
known again >= .9, no match among 10,000 unrelated ones, a million hashes searched in <= 2 ms.

Rival: stock RapidOCR, Tesseract with its Chinese model, and OpenCV's own QR reader, on the first
few pictures under each disguise; a rival that is not installed is said to be so. RapidOCR may
live in an environment of its own: --rapidocr names its Python.

Pictures: drawn by the laboratory from a seed that nobody tunes on. Times are processor time of
one thread, decoding not included.

Machine: stated in the results. Half an hour; with --quick one minute.

Run: python -m benchmarks gate_pictures --rapidocr OTHER/bin/python
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

import cv2

from benchmarks.bench.claims import Report
from benchmarks.bench.options import add_quick
from benchmarks.bench.results import begin
from benchmarks.gate_pictures.copies import copies, search_ms
from benchmarks.gate_pictures.race import Rivals, race
from benchmarks.gate_pictures.rivals import opencv_qr, rapidocr_reader, tesseract_reader
from kouling.lab.pictures.seeds import development_seed, reported_seed
from kouling.picture.reader import bf16

each, quick_each = 40, 2
"""Pictures of each kind under each disguise, read by us."""

rival_each, quick_rival_each = 4, 1
originals_each, quick_originals_each = 20, 3
unrelated, quick_unrelated = 10_000, 100
hashes, quick_hashes = 1_000_000, 100_000


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_quick(parser)
    parser.add_argument("--rapidocr", default=sys.executable, help="Python that has RapidOCR")
    parser.add_argument("--unrelated", type=int, help="so many unrelated pictures")
    parser.add_argument(
        "--development", action="store_true", help="on the seed for tuning; nothing is kept"
    )


def measure(options: Namespace) -> Report:
    """Have all readers read, and look for known pictures among changed ones."""
    quick = options.quick
    seed = development_seed if options.development else reported_seed
    cv2.setNumThreads(1)
    if bf16.is_here():
        sys.exit("error: its figures are of onnxruntime; leave the extra openvino out")
    report = begin(quick=quick, seed=seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        rapidocr_reader(options.rapidocr) as (rapidocr, rapidocr_version),
    ):
        tesseract, tesseract_version = tesseract_reader(Path(folder))
        asked = {"RapidOCR": rapidocr, "Tesseract": tesseract}
        report["rivals"] = {
            "RapidOCR": rapidocr_version,
            "Tesseract": tesseract_version,
            "OpenCV": cv2.__version__,
        }
        rivals = Rivals(
            {name: ask for name, ask in asked.items() if ask},
            {"OpenCV": opencv_qr()},
            quick_rival_each if quick else rival_each,
        )
        report["race"] = race(quick_each if quick else each, seed, rivals)
    many, few = (quick_unrelated, quick_originals_each) if quick else (unrelated, originals_each)
    report["copies"] = copies(few, options.unrelated or many, seed)
    report["search"] = search_ms(quick_hashes if quick else hashes)
    return report


def is_kept(options: Namespace) -> bool:
    """What was seen on the seed for tuning is no claim."""
    return not options.development
