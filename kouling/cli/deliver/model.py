"""`kouling deliver fit` and `evaluate`: a model is fitted on a file of likes, and judged."""

from __future__ import annotations

import enum
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
import typer

from kouling.cli import screen
from kouling.errors import InvalidInput, NotFound
from kouling.interest import (
    Choice,
    LikeMatrix,
    Model,
    ModelKind,
    Options,
    check_not_worse,
    choose_parameters,
    fit_with,
    load_model,
    measure,
    read_likes,
    read_split,
    save_model,
)
from kouling.limits import memory_peak_mb

users_timed_max = 4_000
"""Users whose serving is timed, one after the other."""

rounds_timed = 5

app = typer.Typer()


class ModelChoice(enum.StrEnum):
    """The model that is fitted; `auto` takes whichever finds held-out likes best."""

    auto = "auto"
    filter = "filter"
    ease = "ease"
    blend = "blend"
    popularity = "popularity"


class TimedFit(NamedTuple):
    """A model, how it was chosen, and what that and the fit cost."""

    model: Model
    chosen: Choice
    choose_s: tuple[float, float]
    fit_s: tuple[float, float]


AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Which = Annotated[ModelChoice, typer.Option("--model", help="Kind of model; auto chooses.")]
Order = Annotated[
    bool, typer.Option("--order/--no-order", help="Use the order of likes, where it is known.")
]


@app.command("fit")
def fit_file(
    likes: Annotated[Path, typer.Option(help="CSV, JSON lines, Parquet or .npz.")],
    output: Annotated[Path, typer.Option(help="Folder for the model and its likes.")],
    model: Which = ModelChoice.auto,
    order: Order = True,
    ordered: Annotated[
        bool, typer.Option(help="The rows stand in the order in which likes were given.")
    ] = False,
    type: Annotated[
        list[str] | None, typer.Option(help="Types of feedback that are likes; default like.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option(help="Don't begin from the folder's model, nor compare with it.")
    ] = False,
) -> None:
    """Fit a model on a file of likes; it chooses its own parameters on likes held out of them."""
    _check_folder(output)  # before the fit, which takes longer; it is made when there is a model
    matrix = read_likes(likes, types=type or ("like",), ordered=ordered)
    running = None if fresh else _running(output)
    warm = running.manifest.parameters if running else None
    options = Options(kind=_kind(model), order=order, warm=warm)
    fitted = _timed_fit(matrix, options, running)
    save_model(fitted.model, output, matrix)
    held_out = fitted.chosen.held_out
    screen.put(
        f"{fitted.model.kind} model of {len(matrix):,} likes, {matrix.users:,} users,"
        f" {matrix.items:,} items in {output}; on held-out likes Recall@20 {held_out.recall:.4f},"
        f" NDCG@20 {held_out.ndcg:.4f}; chosen in {fitted.choose_s[0]:.1f} s,"
        f" fitted in {fitted.fit_s[0]:.1f} s"
    )


@app.command("evaluate")
def evaluate_file(
    data: Annotated[Path, typer.Argument(help=".npz with training and test likes.")],
    model: Which = ModelChoice.auto,
    order: Order = True,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 1,
    json: AsJson = False,
) -> None:
    """Fit on training likes alone and report how well the test likes are found."""
    known, answers = read_split(data)
    fitted = _timed_fit(known, Options(kind=_kind(model), order=order, seed=seed))
    quality = measure(fitted.model, known, answers)
    middle, late = _serving_us(fitted.model, known, answers)
    parameters = fitted.model.manifest.parameters
    held_out = fitted.chosen.held_out
    facts = {
        "model": str(fitted.model.kind),
        "order": known.ordered and order,
        "recall_at_20": round(quality.recall, 5),
        "ndcg_at_20": round(quality.ndcg, 5),
        "coverage": round(quality.coverage, 4),
        "users": quality.users,
        "held_out_recall_at_20": round(held_out.recall, 5),
        "held_out_ndcg_at_20": round(held_out.ndcg, 5),
        "evaluations": fitted.chosen.evaluations,
        "choose_wall_s": round(fitted.choose_s[0], 2),
        "choose_cpu_s": round(fitted.choose_s[1], 2),
        "fit_wall_s": round(fitted.fit_s[0], 2),
        "fit_cpu_s": round(fitted.fit_s[1], 2),
        "peak_mb": round(memory_peak_mb()),
        "serve_p50_us": round(middle, 1),
        "serve_p99_us": round(late, 1),
        "neighbours": parameters.keep,
        "parameters": msgspec.to_builtins(parameters),
    }
    _report(facts, json)


def _timed_fit(likes: LikeMatrix, options: Options, running: Model | None = None) -> TimedFit:
    begun = time.perf_counter(), time.process_time()
    chosen = choose_parameters(likes, options)
    if running is not None:
        check_not_worse(chosen, running.manifest)
    middle = time.perf_counter(), time.process_time()
    model = fit_with(likes, chosen, seed=options.seed)
    ended = time.perf_counter(), time.process_time()
    costs = [
        (to[0] - since[0], to[1] - since[1]) for since, to in ((begun, middle), (middle, ended))
    ]
    return TimedFit(model, chosen, *costs)


def _serving_us(model: Model, known: LikeMatrix, answers: LikeMatrix) -> tuple[float, float]:
    """Return the median and 99th percentile over users of microseconds for the first 20 places.

    All are served in turn several times; a user's time is the median of its own, so that what
    else runs on the machine is left out.
    """
    users = np.flatnonzero(np.diff(answers.start))
    chosen = users[:: max(1, len(users) // users_timed_max)]
    spent = np.zeros((rounds_timed, len(chosen)))
    for times in spent:
        for at, user in enumerate(chosen):
            history = known.of(user)
            begun = time.perf_counter()
            model.recommend(history, 20)
            times[at] = time.perf_counter() - begun
    found = np.percentile(np.median(spent, 0) if len(chosen) else [0.0], [50, 99]) * 1e6
    return float(found[0]), float(found[1])


def _check_folder(folder: Path) -> None:
    """Raise `InvalidInput` unless a model can be kept there; nothing is made."""
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        reason = "" if there.is_dir() else f"{there} is no folder"
        if not reason and not os.access(there, os.W_OK | os.X_OK):
            reason = f"{there} may not be written"
    except OSError as error:
        reason = error.strerror or "it can't be looked for"
    if reason:
        raise InvalidInput(f"{folder} can't hold a model: {reason}", hint="give another folder")


def _running(folder: Path) -> Model | None:
    try:
        return load_model(folder)
    except NotFound:
        return None
    except InvalidInput as error:
        raise InvalidInput(error.message, hint="fit with --fresh to replace it") from None


def _kind(wanted: ModelChoice) -> ModelKind | None:
    return None if wanted is ModelChoice.auto else ModelKind(wanted.value)


def _report(facts: dict[str, Any], json: bool) -> None:
    if json:
        screen.json_lines([facts])
        return
    for name, value in facts.items():
        sys.stdout.write(f"{name.replace('_', ' '):24}{value}\n")
