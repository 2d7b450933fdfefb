"""Pictures on the command line: a file, a folder of files, or named in a row of JSON.

A row names its pictures by paths from the input's folder, which they can't lead out of, or holds
them as `base64:…`. Nothing is decoded here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kouling.cli.rows import Row
from kouling.errors import InvalidInput
from kouling.gate import picture_bytes_max, pictures_max
from kouling.picture import form_of, head_length
from kouling.text import bytes_of

_usual = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".avif", ".heic", ".heif")
_rare = (".apng", ".bmp", ".svg", ".tif", ".tiff", ".jxl", ".jp2", ".ico", ".psd")
endings = frozenset((*_usual, *_rare))
"""How names of picture files end; what else is a picture, and which, is told by the content."""

inline = "base64:"
"""How a picture that stands in the row itself begins."""


class Folder(NamedTuple):
    """The names of picture files in a folder, as paths from there, and what was left out."""

    pictures: list[str]
    others: list[str]
    folders: list[str]


def is_pictures(input: str) -> bool:
    """Whether an input is a picture file or a folder of such."""
    path = Path(input)
    return input != "-" and (path.is_dir() or _is_picture(path))


def pictures_in(folder: Path, *, recursive: bool = False) -> Folder:
    """Return what is in a folder, in order of names; links to folders are not followed.

    Raises `InvalidInput` if no picture is there.
    """
    pictures: list[str] = []
    others: list[str] = []
    left: list[str] = []
    for at, folders, files in os.walk(folder):
        below = Path(at).relative_to(folder)
        for name in files:
            (pictures if _is_picture(Path(at) / name) else others).append(str(below / name))
        followed = [one for one in folders if recursive and not (Path(at) / one).is_symlink()]
        left += (str(below / name) for name in folders if name not in followed)
        folders[:] = followed
    if not pictures:
        hint = "add --recursive to look into its folders" if left else "name another folder"
        raise InvalidInput(f"{folder}: no pictures in it", hint=hint)
    return Folder(sorted(pictures), sorted(others), sorted(left))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in endings or bool(form_of(_head(path)))


def _head(path: Path) -> bytes:
    """Return how a file begins; nothing of what is no file or can't be read."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(head_length)
    except OSError:
        return b""


def picture_rows(names: list[str], folder: Path) -> Iterator[Row]:
    """Yield one row for each picture; its id is its path, from such a folder on."""
    for number, name in enumerate(names, 1):
        yield Row(number, {"id": shown_name(str(folder / name)), "text": "", "pictures": [name]})


def shown_name(name: str) -> str:
    r"""Return the name of a file as text, with \x.. for bytes that are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


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
