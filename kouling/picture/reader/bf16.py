"""The networks by OpenVINO in bfloat16, on processors that multiply such numbers by themselves.

A number in bfloat16 has 8 bits of precision, half the size, and the range of a float32 (Kalamkar
et al., A Study of BFLOAT16 for Deep Learning Training, 2019). It needs the extra `openvino`; what
is read is as exact, up to single letters either way.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

flags = frozenset({"amx_bf16", "avx512_bf16"})
"""What a processor says of itself that multiplies bfloat16, as Linux names it."""

memory = 1_200_000_000
"""Bytes of address space that it takes for code made for each length of line.

Less than 300 MB of it is ever touched.
"""

Floats = NDArray[np.float32]


@cache
def is_here() -> bool:
    """Whether OpenVINO is installed and the processor multiplies bfloat16."""
    return importlib.util.find_spec("openvino") is not None and bool(flags & _processor_flags())


def load_library() -> None:
    """Load OpenVINO if it is to be used, before a process limits its memory."""
    if is_here():
        _core().get_property("CPU", "FULL_DEVICE_NAME")  # which loads the part for processors


def run_of(model: bytes) -> Callable[[Floats], Floats]:
    """Return what runs a network made from the bytes of an ONNX file, on one thread."""
    core = _core()
    options = {
        "INFERENCE_PRECISION_HINT": "bf16",
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
    }
    request = core.compile_model(core.read_model(model), "CPU", options).create_infer_request()

    def run(batch: Floats) -> Floats:
        # The answer lies in memory that the next run writes to.
        return np.array(request.infer({0: batch}, share_inputs=True)[0], np.float32)

    return run


@cache
def _core() -> Any:
    import openvino  # of an extra of its own

    return openvino.Core()


def _processor_flags() -> frozenset[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:  # not Linux
        return frozenset()
    said = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(said.partition(":")[2].split())
