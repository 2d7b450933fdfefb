"""Bytes become lines of text: the encoding is given, or told from the first of them.

A mark at the beginning decides, then what most lines are valid in. Excel in China writes GBK, which
is read as GB18030, its superset. Lines that can't be read in the file's encoding stay as bytes.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO

from kouling.cli.rows.row import BadRow, line_bytes_max
from kouling.errors import InvalidInput

sample_bytes = 262_144
"""Bytes of a file by which its encoding and format are told."""

valid_part_min = 0.5
"""The part of lines beyond ASCII that must be valid UTF-8 for a file to be taken for it."""

_marks = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_common = {"gb18030": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}
"""Encodings of Han characters → the first bytes of those that texts consist of."""

_chunk_bytes = 65_536


def encoding_of(sample: bytes, name: str) -> str:
    """Return the encoding of a file that begins so; raise `InvalidInput` where it can't be told."""
    for mark, encoding in _marks:
        if sample.startswith(mark):
            return encoding
    wide = _wide_encoding(sample)
    if wide:
        return wide
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    if len(sample) >= sample_bytes:
        lines = lines[:-1] or lines  # the last may be cut within a character
    valid = sum(_is_valid(line, "utf-8") for line in lines)
    if not lines or valid >= valid_part_min * len(lines):
        return "utf-8"
    fitting = [
        encoding
        for encoding in _common
        if sum(_is_valid(line, encoding) for line in lines) > 0.95 * len(lines)
    ]
    if fitting:
        return max(fitting, key=lambda encoding: _commonness(lines, encoding))
    if valid:
        return "utf-8"  # the lines that are not will be named
    hint = "name it with --encoding, such as gb18030, big5, utf-16"
    raise BadRow("its encoding can't be told", hint=hint, where=f"{name}:1")


def checked_encoding(encoding: str) -> str:
    """Return the name of an encoding that is known; raise `InvalidInput` for another."""
    try:
        found = codecs.lookup(encoding)
        b"".decode(encoding)
    except (LookupError, ValueError, TypeError):
        hint = "name one such as utf-8, gb18030, big5, utf-16"
        raise InvalidInput(f"encoding {encoding!r:.40} is unknown", hint=hint) from None
    if not getattr(found, "_is_text_encoding", True):
        raise InvalidInput(
            f"{encoding!r:.40} is no encoding of texts", hint="name utf-8 or gb18030"
        )
    names = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030"}
    return names.get(found.name, found.name)


def lines_of(file: IO[bytes], name: str, encoding: str) -> Iterator[tuple[int, bytes]]:
    """Yield lines without their ends, numbered from 1; a longer line than allowed is cut.

    They are in UTF-8 for an encoding whose characters are not of single bytes at heart.
    """
    if encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        file = io.BufferedReader(_Transcoded(file, name, encoding))
    number = 0
    while line := file.readline(line_bytes_max + 1):
        number += 1
        rest = line
        while len(rest) > line_bytes_max and not rest.endswith(b"\n"):
            rest = file.readline(line_bytes_max + 1)
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        yield number, line.rstrip(b"\r\n")


def line_encoding(encoding: str) -> str:
    """Return the encoding of the lines that `lines_of` yields."""
    wide = encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    return "utf-8" if wide or encoding == "utf-8-sig" else encoding


class _Transcoded(io.RawIOBase):
    """A file in UTF-16 or UTF-32 as one in UTF-8."""

    def __init__(self, file: IO[bytes], name: str, encoding: str) -> None:
        self._file, self._name = file, name
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # what BufferedReader gives
        while not self._ready:
            chunk = self._file.read(_chunk_bytes)
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                message = f"not {error.encoding.upper()}: {error.reason}"
                hint = "name its encoding with --encoding"
                raise BadRow(message, hint=hint, where=f"{self._name}:1") from None
            self._ready = text.encode("utf-8", "surrogatepass")
            if not chunk:
                break
        part, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(part)] = part
        return len(part)


def _wide_encoding(sample: bytes) -> str:
    """Tell UTF-16 without a mark by where the zero bytes of ASCII characters stand."""
    if sample.count(0) < 0.02 * len(sample):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for encoding, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        whole = sample[: len(sample) // 2 * 2]
        if here > 20 * there and _is_valid(whole, encoding):
            return encoding
    return ""


def _commonness(lines: list[bytes], encoding: str) -> float:
    """Return which part of the Han characters is common, if lines are in an encoding."""
    text = b"\n".join(lines).decode(encoding, "ignore")
    han = [one.encode(encoding)[0] for one in text if "\u3400" <= one <= "\u9fff"]
    return sum(first in _common[encoding] for first in han) / max(1, len(han))


def _is_valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
