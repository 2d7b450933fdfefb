"""Pictures on the command line: a file, a folder of files, or named in a row of JSON.

A row names its pictures by paths from the input's folder, which they can't lead out of, or holds
them as `base64:…`. Nothing is decoded here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kouling.cli.rows import Row
from kouling.errors import InvalidInput
from kouling.gate import picture_bytes_max, pictures_max
from kouling.text import bytes_of

endings = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".svg", ".tif", ".tiff"})
"""How names of picture files end. What they hold is told by their content."""

inline = "base64:"
"""How a picture that stands in the row itself begins."""


def is_pictures(input: str) -> bool:
    """Whether an input is a picture file or a folder of such."""
    path = Path(input)
    return input != "-" and (path.is_dir() or path.suffix.lower() in endings)


def picture_rows(input: str) -> Iterator[Row]:
    """Yield one row for each picture: the file itself, or those of a folder by name."""
    path = Path(input)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    named = [file for file in files if file.suffix.lower() in endings]
    if not named:
        raise InvalidInput(f"{input}: no pictures in it", hint=f"they end in {', '.join(endings)}")
    for number, file in enumerate(named, 1):
        yield Row(number, {"id": file.name, "text": "", "pictures": [file.name]})


def folder_of(input: str) -> Path:
    """Return the folder from which the pictures of an input are named."""
    path = Path() if input == "-" else Path(input)
    return path if path.is_dir() else path.parent


def pictures_of(fields: dict[str, Any], folder: Path) -> tuple[bytes, ...]:
    """Return the pictures that a row names or holds; raise `InvalidInput` where it can't be."""
    named = fields.get("pictures") or []
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise InvalidInput("pictures are no list of texts", hint='write "pictures": ["card.png"]')
    if len(named) > pictures_max:
        raise InvalidInput(f"{len(named)} pictures", hint=f"at most {pictures_max} are taken")
    return tuple(_picture(one, folder) for one in named)


def _picture(named: str, folder: Path) -> bytes:
    if named.startswith(inline):
        return bytes_of(named.removeprefix(inline), "a picture", f"write {inline}iVBORw0…")
    return _file(named, folder)


def _file(named: str, folder: Path) -> bytes:
    """Read a file below the folder; links that lead out of it are not followed."""
    root, path = folder.resolve(), _resolved(folder, named)
    if path is None or not path.is_relative_to(root):
        message = f"picture {named!r:.80} lies outside of the input's folder"
        raise InvalidInput(message, hint="name it from there, without .. and links that lead out")
    if not path.is_file():
        raise InvalidInput(f"picture {named!r:.80} is no file", hint="check the path")
    try:
        with path.open("rb") as file:
            return file.read(picture_bytes_max + 1)
    except OSError:
        raise InvalidInput(f"picture {named!r:.80} can't be read", hint="check the path") from None


def _resolved(folder: Path, named: str) -> Path | None:
    """Follow a name to the file it means; None for NUL in it or links in a circle."""
    try:
        return (folder.resolve() / named).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
