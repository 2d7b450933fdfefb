"""The front of the picture laboratory: a plan comes in, outcomes and a contact sheet go out.

Importing it needs none of the libraries for pictures; carrying out a plan does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import NamedTuple

from kouling.errors import KoulingError
from kouling.lab.pictures.seeds import reported_seed
from kouling.lab.pictures.tally import Aim, Outcome

columns_max = 8
"""Pictures of one disguise on the contact sheet."""

libraries = ("PIL", "cv2", "onnxruntime", "zxingcpp", "cvttf_NotoSansCJK_Regular")


class PicturePlan(NamedTuple):
    """What to try: names of disguises (none means all), and how many of each kind under each."""

    disguises: tuple[str, ...] = ()
    each: int = 20
    seed: int = reported_seed


def try_picture_plan(plan: PicturePlan, clock: Callable[[], float]) -> Iterator[Outcome]:
    """Yield what came of each picture of a plan; `clock` gives processor seconds.

    Raises InvalidInput for an unknown disguise and KoulingError where the extra is missing.
    """
    _check_libraries()
    from kouling.lab.pictures.attempt import try_pictures
    from kouling.lab.pictures.disguises import chosen

    return try_pictures(chosen(plan.disguises), plan.each, plan.seed, clock)


def picture_count(plan: PicturePlan) -> int:
    """Return how many pictures a plan tries; raises as `try_picture_plan` does."""
    _check_libraries()
    from kouling.lab.pictures.attempt import attempt_count
    from kouling.lab.pictures.disguises import chosen

    return attempt_count(chosen(plan.disguises), plan.each)


def picture_sheet(outcomes: Iterable[Outcome]) -> bytes:
    """Return a contact sheet as PNG: a row a disguise, the first few pictures in each."""
    from kouling.lab.pictures.sheet import contact_sheet

    rows: dict[str, list[Outcome]] = {}
    for one in outcomes:
        row = rows.setdefault(_title(one), [])
        if len(row) < columns_max:
            row.append(one)
    return contact_sheet({name: [one.thumbnail for one in row] for name, row in rows.items()})


def printed_card(lines: Sequence[str]) -> bytes:
    """Return a card as PNG that shows lines of text; raise KoulingError without the extra."""
    _check_libraries()
    from kouling.lab.pictures.plain import drawn_card

    return drawn_card(lines)


def _title(outcome: Outcome) -> str:
    tally = outcome.tally
    if tally.aim in (Aim.clean, Aim.photo):
        return {Aim.clean: "clean cards", Aim.photo: "photos"}[tally.aim]
    return f"{tally.disguise}, {'QR' if tally.aim is Aim.payload else 'code'}"


def _check_libraries() -> None:
    if missing := [name for name in libraries if find_spec(name) is None]:
        hint = "install them with: pip install 'kouling[pictures]'"
        raise KoulingError(f"libraries for pictures are missing: {', '.join(missing)}", hint=hint)
