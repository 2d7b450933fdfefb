"""Likes go from the process that serves to the one that fits, through files of a folder.

The two have one interpreter, so the files are as simple as can be; nobody else reads them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from kouling.interest.likes import LikeMatrix

worse_status = 3
"""What the process that fits ends with when its model is worse than the one in use."""


def hand_over(likes: LikeMatrix, folder: Path) -> None:
    """Write likes where the process that fits finds them."""
    np.save(folder / "start.npy", likes.start)
    np.save(folder / "item.npy", likes.item)
    ids = (likes.items, list(likes.user_ids), list(likes.item_ids))
    (folder / "ids.json").write_bytes(msgspec.json.encode(ids))


def take_over(folder: Path) -> LikeMatrix:
    """Return the likes that were handed over in a folder."""
    ids = msgspec.json.decode(
        (folder / "ids.json").read_bytes(), type=tuple[int, list[str], list[str]]
    )
    return LikeMatrix(
        start=np.load(folder / "start.npy"),
        item=np.load(folder / "item.npy"),
        items=ids[0],
        ordered=True,
        user_ids=ids[1],
        item_ids=ids[2],
    )
