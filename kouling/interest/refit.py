"""The fit as a process of its own: `python -m kouling.interest.refit LIKES FOLDER`.

So serving keeps its processor, and a fit that is killed or runs out of memory takes nothing with
it: LIKES holds the likes to learn from, FOLDER the model in use, which is replaced in one step.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kouling.errors import Conflict, KoulingError
from kouling.interest.fit import fit_model
from kouling.interest.handover import take_over, worse_status
from kouling.interest.model import Model
from kouling.interest.store import load_model, save_model


def main(likes_folder: Path, folder: Path) -> int:
    """Fit on the likes that were handed over and keep the model with them."""
    likes = take_over(likes_folder)
    try:
        model = fit_model(likes, running=_running(folder))
    except Conflict as conflict:
        sys.stderr.write(str(conflict))
        return worse_status
    save_model(model, folder, likes)
    return 0


def _running(folder: Path) -> Model | None:
    try:
        return load_model(folder)
    except KoulingError:
        return None  # none yet, or one of another format: the fit begins afresh


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
