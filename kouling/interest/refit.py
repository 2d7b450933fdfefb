"""The fit as a process of its own: `python -m kouling.interest.refit LIKES FOLDER`.

So serving keeps its processor, and a fit that is killed or runs out of memory takes nothing with
it: LIKES holds the likes to learn from, FOLDER the model in use, which is replaced in one step.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import numpy as np

from kouling.errors import Conflict, KoulingError
from kouling.interest.fit import fit
from kouling.interest.likes import LikeMatrix
from kouling.interest.model import Model
from kouling.interest.store import load_model, save_model

refused = 3
"""What the process ends with when the model is worse than the one in use."""


def hand_over(likes: LikeMatrix, folder: Path) -> None:
    """Write likes where the process finds them."""
    np.save(folder / "start.npy", likes.start)
    np.save(folder / "item.npy", likes.item)
    ids = (likes.items, list(likes.user_ids), list(likes.item_ids))
    (folder / "ids.json").write_bytes(msgspec.json.encode(ids))


def main(likes_folder: Path, folder: Path) -> int:
    """Fit on the likes that were handed over and keep the model with them."""
    likes = _handed_over(likes_folder)
    try:
        model = fit(likes, running=_in_use(folder))
    except Conflict as conflict:
        sys.stderr.write(str(conflict))
        return refused
    save_model(model, folder, likes)
    return 0


def _handed_over(folder: Path) -> LikeMatrix:
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


def _in_use(folder: Path) -> Model | None:
    try:
        return load_model(folder)
    except KoulingError:
        return None  # none yet, or one of another format: the fit begins afresh


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
