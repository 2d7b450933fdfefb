"""What a file holds is told by its first bytes; its name counts where both would fit.

What is none of the known formats is refused by its own name, never read as lines of text.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import IO

import msgspec

from kouling.cli.rows.row import BadRow, Format, known_formats
from kouling.cli.rows.table import dialect_of, text_names

_endings = {
    ".jsonl": Format.jsonl,
    ".ndjson": Format.jsonl,
    ".json": Format.json,
    ".csv": Format.csv,
    ".tsv": Format.tsv,
    ".tab": Format.tsv,
}

packed = (b"PK\x03\x04", b"PAR1")
"""How files begin that are read from their end."""

_foreign = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)", "save it as .xlsx or .csv"),
    (b"%PDF", "a PDF", "copy its texts into a text file"),
    (b"SQLite format 3", "a SQLite database", "name a database of Kouling's with --database"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"BZh", "compressed (bzip2)", "unpack it first"),
    (b"\xfd7zXZ", "compressed (xz)", "unpack it first"),
    (b"(\xb5/\xfd", "compressed (zstd)", "unpack it first"),
    (b"Rar!", "an archive (RAR)", "unpack it first"),
    (b"7z\xbc\xaf", "an archive (7z)", "unpack it first"),
    (b"ORC", "an ORC file", "save it as Parquet or CSV"),
    (b"ARROW1", "an Arrow file", "save it as Parquet or CSV"),
    (b"\x89PNG", "a picture", "let its name end in .png"),
    (b"\xff\xd8\xff", "a picture", "let its name end in .jpg"),
    (b"GIF8", "a picture", "let its name end in .gif"),
    (b"{\\rtf", "an RTF document", "save it as text or .csv"),
)

_markup = ("<!doctype html", "<html", "<table", "<?xml", "<workbook")


def format_of(sample: bytes, encoding: str, name: str) -> Format:
    """Return the format of a text that begins with a sample; refuse one of no known format."""
    text = sample.decode(encoding, "replace").lstrip("\ufeff")
    by_name = _endings.get(Path(name).suffix.lower())
    start = text.lstrip()
    if start[:20].lower().startswith(_markup):
        raise _unknown(name, "a page of HTML or XML", "save it as .xlsx or .csv")
    if start.startswith("{"):
        return _object_format(start, by_name)
    if start.startswith("[") and (by_name is Format.json or _is_array(start)):
        return Format.json
    if by_name in (Format.csv, Format.tsv):
        return Format.csv
    if by_name is not None:
        return by_name
    return Format.csv if _is_table(text) else Format.text


def binary_format(file: IO[bytes], sample: bytes, name: str) -> Format | None:
    """Return the format of a file that holds no text, None for a text; refuse an unknown one."""
    if sample.startswith(b"PAR1"):
        return Format.parquet
    if sample.startswith(b"PK\x03\x04"):
        return _zipped(file, name)
    for mark, what, hint in _foreign:
        if sample.startswith(mark):
            raise _unknown(name, what, hint)
    return None


def check_text(sample: bytes, encoding: str, name: str) -> None:
    """Raise `BadRow` for bytes that are no text in any encoding: they hold many zeros."""
    if not encoding.startswith(("utf-16", "utf-32")) and sample.count(0) > 0.1 * len(sample):
        raise _unknown(name, "no text", "check the path")


def _zipped(file: IO[bytes], name: str) -> Format:
    """Tell what an archive is by the names in it."""
    try:
        names = zipfile.ZipFile(file).namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        raise _unknown(name, "a damaged or cut archive", "fetch it once more") from None
    file.seek(0)
    if any(one.startswith("xl/") for one in names):
        return Format.xlsx
    kinds = {"word/": "a Word document", "ppt/": "a presentation", "content.xml": "OpenDocument"}
    what = next((kinds[part] for part in kinds for one in names if one.startswith(part)), "")
    raise _unknown(name, what or "an archive (ZIP)", "save it as .xlsx or .csv, or unpack it")


def _unknown(name: str, what: str, hint: str) -> BadRow:
    hint = f"{hint}; read are {known_formats}"
    return BadRow(f"the file is {what}, which is not read", hint=hint, where=f"{name}:1")


def _object_format(start: str, by_name: Format | None) -> Format:
    """Tell lines of objects from one object over many lines."""
    first = start.partition("\n")[0]
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, RecursionError):
        return Format.json if by_name is Format.json else Format.jsonl
    return Format.jsonl


def _is_array(start: str) -> bool:
    """Say whether a text that begins with a bracket is JSON, and no line such as `[smile] hi`."""
    inner = start[1:].lstrip()
    return inner[:1] in ("{", "]", '"')


def _is_table(text: str) -> bool:
    """Say whether a text has a first line that names columns, one of them for texts."""
    lines = text.split("\n", 2)
    if len(lines) < 2:
        return False
    dialect = dialect_of(text)
    header = next(csv.reader(io.StringIO(lines[0]), delimiter=dialect), [])
    names = [cell.strip().lower() for cell in header]
    return len(names) > 1 and any(name in text_names for name in names)
