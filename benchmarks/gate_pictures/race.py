"""Our readers and the rivals read the same disguised pictures; counts go out.

Rivals are slow, so they read the first few pictures under each disguise, and ours are counted on
those, too.
"""

import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from benchmarks.gate_pictures.rivals import Ask
from kouling.gate import Detectors
from kouling.lab.pictures.attempt import Attempt, attempts
from kouling.lab.pictures.cards import cards
from kouling.lab.pictures.disguises import picture_disguises
from kouling.lab.pictures.reading import Read, readers
from kouling.lab.pictures.tally import Aim, PictureTally, Transcript, added_up, tally_of
from kouling.lab.tally import is_found
from kouling.picture.message import Question
from kouling.picture.pool import Pool

ours = "kouling"


class Rivals(NamedTuple):
    """Who reads beside us, by name, and how many pictures under each disguise."""

    print: Mapping[str, Ask]
    squares: Mapping[str, Ask]
    each: int


def race(each: int, seed: int, rivals: Rivals) -> dict[str, Any]:
    """Read all pictures of the laboratory with every reader and return their counts."""
    entrants = {ours: readers(time.process_time)}
    entrants |= {name: _rival(ask) for name, ask in {**rivals.print, **rivals.squares}.items()}
    _warm_up(entrants)
    scores: dict[str, list[PictureTally]] = {name: [] for name in entrants}
    beside: list[PictureTally] = []
    seen: dict[tuple[str, Aim], int] = {}
    for attempt in attempts(list(picture_disguises.values()), each, seed):
        key = (attempt.disguise, attempt.aim)
        seen[key] = seen.get(key, 0) + 1
        for name, read in entrants.items():
            if name == ours or (seen[key] <= rivals.each and _is_asked(name, attempt.aim, rivals)):
                score = tally_of(*_wanted(attempt), read(attempt.sample.picture, attempt.aim))
                scores[name].append(score)
                if name == ours and seen[key] <= rivals.each:
                    beside.append(score)
    scores[f"{ours}, the same pictures"] = beside
    rows = {name: [score._asdict() for score in added_up(few)] for name, few in scores.items()}
    return {"scores": rows, "worker_peak_mb": _worker_peak_mb(seed)}


def _wanted(attempt: Attempt) -> tuple[str, Aim, str]:
    return attempt.disguise, attempt.aim, attempt.sample.code or attempt.sample.payload


def _is_asked(name: str, aim: Aim, rivals: Rivals) -> bool:
    return name in (rivals.squares if aim is Aim.payload else rivals.print)


def _rival(ask: Ask) -> Read:
    """Put our text detectors behind a rival's reader, so that flags can be compared."""
    detectors = Detectors.load()

    def read(pixels: Any, aim: Aim) -> Transcript:
        texts, spent = ask(pixels)
        flagged = is_found(detectors.inspect(["\n".join(texts)]))
        return Transcript(texts, flagged, cpu_ms=spent)

    return read


def _warm_up(entrants: Mapping[str, Read]) -> None:
    """Have every reader load its models, which is not counted."""
    warm: Sequence[Attempt] = list(attempts([], 1, 0))
    for read in entrants.values():
        for attempt in warm:
            read(attempt.sample.picture, attempt.aim)


def _worker_peak_mb(seed: int) -> float:
    """Return the most memory that a worker process took for one picture of each kind.

    The kernel is asked: what a process says of itself may be the peak of who started it.
    """
    pool, others = Pool(1), _children()
    try:
        for sample in cards(5, seed):
            file = io.BytesIO()
            Image.fromarray(sample.picture).save(file, "PNG")
            with pool.session() as session:
                for step in ("open", "imprint", "barcodes", "lines"):
                    picture = file.getvalue() if step == "open" else b""
                    answer = session.ask(Question(step=step, picture=picture, lines_max=80))
                    assert not answer.refused, answer.refused
        return max(_peak_mb(pid) for pid in _children() - others)
    finally:
        pool.close()


def _children() -> set[int]:
    threads = Path("/proc/self/task").iterdir()
    return {int(pid) for one in threads for pid in (one / "children").read_text("ascii").split()}


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000
