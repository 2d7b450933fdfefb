"""When the interest model is due to be fitted anew, and the process that fits it.

A fit takes seconds to minutes of all processors, so it runs beside serving, in a process of its
own that may be killed; the model in use stays whole whatever becomes of it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from kouling.child import start_python
from kouling.errors import Conflict, KoulingError, StoreError
from kouling.interest import InterestState, LikeMatrix, hand_over, worse_status

refit_likes_min, refit_share = 1_000, 0.03
"""A fit begins by itself after so many changed likes, and this part of those it has seen.

Chosen, not measured, of the 2 to 5 % that a design before it took for granted: what likes since
the fit are worth stands in docs/benchmarks.md, after a fifth of them, not after a part so small.
"""


_module = "kouling.interest.refit"


def is_due(state: InterestState, changes: int, *, again: bool) -> bool:
    """Whether enough likes changed since the fit, or there are too many to serve without one.

    `again` says that a fit was tried before: it is not tried for the latter reason alone.
    """
    waits = not state.fitted and state.fitted_likes > 0
    enough = changes >= max(refit_likes_min, refit_share * state.fitted_likes)
    return enough or (waits and not again)


class Fits:
    """Fits into a folder of models, one after the other.

    Without a folder the models are kept in one that is thrown away at the end.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder, self._scratch = folder, folder is None
        self.process: subprocess.Popen[bytes] | None = None
        """The fit that is running."""
        self.background: threading.Thread | None = None
        self._closed = False

    @property
    def begun(self) -> bool:
        """Whether any fit was begun in the background."""
        return self.background is not None

    def begin(self, refit: Callable[[], object]) -> bool:
        """Let `refit` run in the background, unless it does; say whether it was begun.

        If it fails the old model serves on; as many changes again, and a new fit is tried.
        """
        if self._closed or (self.background is not None and self.background.is_alive()):
            return False
        self.background = threading.Thread(target=_quietly, args=[refit], name="kouling-refit")
        self.background.daemon = True
        self.background.start()
        return True

    def run(self, likes: LikeMatrix) -> None:
        """Fit a model on likes and let it be the one in use.

        Raises `Conflict` if it is worse than the one before and `StoreError` if the fit dies.
        """
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="kouling-feed-"))
        with tempfile.TemporaryDirectory(prefix="kouling-fit-") as handed:
            hand_over(likes, Path(handed))
            self._run(Path(handed).resolve(), self.folder.resolve())

    def close(self) -> None:
        """End a fit that is running, and throw away models that nobody asked to keep."""
        self._closed = True
        if self.process is not None:
            self.process.kill()
        if self.background is not None:
            self.background.join()
        if self._scratch and self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, likes: Path, folder: Path) -> None:
        with tempfile.TemporaryFile() as said:
            self.process = start_python(_module, str(likes), str(folder), stderr=said)
            status = self.process.wait()
            self.process = None
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
        if status == worse_status:
            raise Conflict(words)
        if status:
            raise StoreError(
                f"the fit ended with {status}: {words[-300:]}",
                hint="the model before it serves on; look at the memory of the machine",
            )


def _quietly(refit: Callable[[], object]) -> None:
    try:
        refit()
    except KoulingError:
        return
