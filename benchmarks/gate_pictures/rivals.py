"""Other readers of QR codes and print, each asked about the same pictures as ours.

A reader that is not installed gives no row but a reason. CPU time counts children, too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Answer(NamedTuple):
    """The texts that a reader found, and what it took."""

    texts: tuple[str, ...]
    cpu_ms: float


Ask = Callable[[Pixels], Answer]

_rapidocr = """
import json, sys, time
import cv2, logging
logging.disable(logging.CRITICAL)
import rapidocr
from importlib.metadata import version
cv2.setNumThreads(1)
threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 1,
           "EngineConfig.onnxruntime.inter_op_num_threads": 1, "Global.log_level": "critical"}
engine = rapidocr.RapidOCR(params=threads)
print(json.dumps(version("rapidocr")), flush=True)
for line in sys.stdin:
    picture = cv2.imread(line.strip())
    start = time.process_time()
    found = engine(picture).txts or ()
    spent = 1000 * (time.process_time() - start)
    print(json.dumps([list(found), spent]), flush=True)
"""


def opencv_qr() -> Ask:
    """Return OpenCV's own reader of QR codes."""
    detector = cv2.QRCodeDetector()

    def ask(pixels: Pixels) -> Answer:
        bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        start = time.process_time()
        try:
            text = detector.detectAndDecode(bgr)[0]
        except cv2.error:
            text = ""
        return Answer((text,) if text else (), 1_000 * (time.process_time() - start))

    return ask


@contextmanager
def rapidocr_reader(python: str) -> Iterator[tuple[Ask | None, str]]:
    """Start stock RapidOCR in a process of that interpreter; without it, say so."""
    asked = subprocess.run([python, "-c", "import rapidocr"], capture_output=True, check=False)
    if asked.returncode:
        yield None, "not installed"
        return
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [python, "-c", _rapidocr],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        version = _next_json(process.stdout)
        with tempfile.TemporaryDirectory() as folder:
            yield _asked_by_file(process.stdin, process.stdout, Path(folder)), version
    finally:
        process.stdin.close()
        process.wait(60)


def tesseract_reader(folder: Path) -> tuple[Ask | None, str]:
    """Return Tesseract with its Chinese and English models; without it, say so."""
    program = shutil.which("tesseract")
    if program is None:
        return None, "not installed"
    said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True)
    if "chi_sim" not in said.stdout:
        return None, "not installed: no model chi_sim"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)

    def ask(pixels: Pixels) -> Answer:
        file = folder / "tesseract.png"
        cv2.imwrite(str(file), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        before = os.times()
        done = subprocess.run(
            [program, str(file), "-", "-l", "chi_sim+eng", "--psm", "11"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
        after = os.times()
        spent = after.children_user + after.children_system
        spent -= before.children_user + before.children_system
        return Answer(tuple(filter(None, done.stdout.splitlines())), 1_000 * spent)

    return ask, version.stdout.split("\n")[0].partition(" ")[2]


def _asked_by_file(questions: IO[str], answers: IO[str], folder: Path) -> Ask:
    def ask(pixels: Pixels) -> Answer:
        file = folder / "picture.png"
        cv2.imwrite(str(file), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        questions.write(f"{file}\n")
        questions.flush()
        texts, spent = _next_json(answers)
        return Answer(tuple(texts), spent)

    return ask


def _next_json(lines: IO[str]) -> Any:
    """Return the next line that is JSON; libraries print what they like between."""
    for line in lines:
        try:
            return json.loads(line)
        except ValueError:
            continue
    sys.exit("error: the rival ended early")
