"""Files that commands open by a name: one that can't be opened is a clear error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kouling.errors import InvalidInput


@contextlib.contextmanager
def opened(path: str, mode: str) -> Iterator[IO[bytes]]:
    """Open a file, or standard input or output for `-`; raise `InvalidInput` if it can't be."""
    if path == "-":
        yield sys.stdin.buffer if mode == "rb" else sys.stdout.buffer
        return
    try:
        file = Path(path).open(mode)  # noqa: SIM115 - closed below, after the caller's use
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it can't be opened"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None
    with file:
        yield file
