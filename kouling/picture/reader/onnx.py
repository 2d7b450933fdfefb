"""The few parts of an ONNX file that cutting a reader's last layer to fewer letters touches.

The format is a protocol buffer; what is not named here is kept as it stands. Field numbers are
those of onnx.proto, ONNX 1.x.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from numpy.typing import NDArray

_float32 = 1  # TensorProto.DataType.FLOAT
_types = descriptor_pb2.FieldDescriptorProto
_fields: dict[str, list[tuple[str, int, int, bool, str]]] = {
    "Tensor": [
        ("dims", 1, _types.TYPE_INT64, True, ""),
        ("data_type", 2, _types.TYPE_INT32, False, ""),
        ("raw_data", 9, _types.TYPE_BYTES, False, ""),
    ],
    "Value": [("type", 2, _types.TYPE_BYTES, False, "")],
    "Graph": [
        ("initializer", 5, _types.TYPE_MESSAGE, True, "Tensor"),
        ("output", 12, _types.TYPE_MESSAGE, True, "Value"),
        ("value_info", 13, _types.TYPE_MESSAGE, True, "Value"),
    ],
    "Model": [("graph", 7, _types.TYPE_MESSAGE, False, "Graph")],
}


def cut_head(model: bytes, columns: NDArray[np.intp], wide: int) -> bytes:
    """Return the model with only these columns of every weight that is `wide` columns wide.

    The last layer of a line reader has one column for each letter it knows; with fewer it is
    cheaper, and can't read any but these. Raises `ValueError` if no weight is that wide.
    """
    read = _model_class()()
    read.ParseFromString(model)
    heads = [tensor for tensor in read.graph.initializer if _width(tensor) == wide]
    if not heads:
        raise ValueError(f"no weight has {wide} columns")
    for tensor in heads:
        _cut(tensor, columns)
    for output in read.graph.output:
        output.ClearField("type")  # it names the old width
    del read.graph.value_info[:]
    written: bytes = read.SerializeToString()
    return written


def _width(tensor: Any) -> int:
    wide = tensor.data_type == _float32 and bool(tensor.dims)
    return int(tensor.dims[-1]) if wide else 0


def _cut(tensor: Any, columns: NDArray[np.intp]) -> None:
    values = np.frombuffer(tensor.raw_data, np.float32).reshape(list(tensor.dims))[..., columns]
    tensor.raw_data = np.ascontiguousarray(values).tobytes()
    tensor.dims[-1] = len(columns)


@cache
def _model_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="onnx_parts.proto", package="onnx_parts")
    for message, fields in _fields.items():
        described = file.message_type.add(name=message)
        for name, number, kind, many, of in fields:
            label = _types.LABEL_REPEATED if many else _types.LABEL_OPTIONAL
            field = described.field.add(name=name, number=number, type=kind, label=label)
            if of:
                field.type_name = f".onnx_parts.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("onnx_parts.Model"))
