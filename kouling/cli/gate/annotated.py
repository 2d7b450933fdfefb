"""Copies of pictures with what was seen in them, each under a name of its own."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from kouling.cli import screen
from kouling.errors import InvalidInput
from kouling.gate import Decision, Item
from kouling.inspector import Inspector

name_length_max = 80
"""Characters of an item's id in the name of a copy."""

_unspecial = re.compile(r"[^\w.-]")


class Annotations:
    """Draws into copies of pictures; nothing that is there already is written over."""

    def __init__(self, folder: Path | None, inspector: Inspector) -> None:
        self._folder, self._inspector = folder, inspector
        if folder is not None and folder.exists() and not folder.is_dir():
            raise InvalidInput(f"{folder} is no folder", hint="name one for the copies")

    def draw(self, item: Item, decision: Decision) -> None:
        """Write a copy of each picture that could be looked into, with what was seen in it."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            drawn = self._inspector.annotated(item, decision)
        except InvalidInput as error:
            screen.complain(error)
            return
        stem = _unspecial.sub("_", item.id)[:name_length_max]
        for place, picture in enumerate(drawn, 1):
            self._write(self._folder, f"{stem}-{place}", picture)

    def _write(self, folder: Path, name: str, picture: bytes) -> None:
        for number in count(1):
            path = folder / (f"{name}.png" if number == 1 else f"{name}-{number}.png")
            try:
                with path.open("xb") as file:
                    file.write(picture)
                return
            except FileExistsError:
                continue
            except OSError as error:
                reason = error.strerror or "it can't be written"
                raise InvalidInput(f"{path}: {reason}", hint="check the folder") from None
