"""Likes come in, a model goes out that has chosen its own parameters on likes held out of them.

Deterministic for a seed. A fit that begins from an earlier one's parameters needs fewer tries; one
that turns out worse than the model in use is refused.
"""

from __future__ import annotations

from msgspec.structs import replace

from kouling.errors import Conflict, InvalidInput
from kouling.interest.choose import Choice, Options, choose_parameters
from kouling.interest.filter import rows_of, sort_rows
from kouling.interest.gather import Rows, no_rows
from kouling.interest.gram import counts, unordered_counts
from kouling.interest.ground import GroundPlan, prepare, solve_ease
from kouling.interest.likes import LikeMatrix, item_counts
from kouling.interest.model import Model, new_model
from kouling.interest.records import Manifest, ModelKind, Parameters

late_counts = frozenset(counts[unordered_counts:])

worse_max = 0.02
"""Relative loss on held-out likes from which a new model is refused; chosen, not measured."""


def fit_model(
    likes: LikeMatrix, options: Options | None = None, *, running: Model | None = None
) -> Model:
    """Choose parameters on held-out likes, then fit a model with them on all likes.

    With a `running` model the search begins from its parameters, and a model that is more than
    2 % worse on its held-out likes than the running one was on its own raises `Conflict`.
    """
    if not likes.items:
        raise InvalidInput("no items to fit a model on", hint="give at least one like")
    asked = options or Options()
    if running is not None and asked.warm is None:
        asked = asked._replace(warm=running.manifest.parameters)
    chosen = choose_parameters(likes, asked)
    if running is not None:
        check_not_worse(chosen, running.manifest)
    return fit_with(likes, chosen, seed=asked.seed)


def fit_with(likes: LikeMatrix, chosen: Choice, *, seed: int = 1) -> Model:
    """Fit a model with parameters that are already chosen."""
    parameters = chosen.parameters
    rows = fitted_rows(likes, parameters, seed=seed)
    manifest = Manifest(
        kind=parameters.kind,
        items=likes.items,
        users=likes.users,
        likes=len(likes),
        ordered=likes.ordered,
        parameters=replace(parameters, keep=rows.neighbours.shape[1]),
        held_out=chosen.held_out,
        evaluations=chosen.evaluations,
    )
    popularity = item_counts(likes).astype("f4")
    return new_model(manifest, rows.neighbours, rows.weights, popularity)


def fitted_rows(likes: LikeMatrix, parameters: Parameters, *, seed: int) -> Rows:
    """Return the rows of neighbours that these parameters make of these likes."""
    if parameters.kind is ModelKind.popularity or not len(likes):
        return no_rows(likes.items)
    order = parameters.trend != 0 or not late_counts.isdisjoint(parameters.terms)
    plan = GroundPlan(
        filter=parameters.kind is not ModelKind.ease,
        ease="ease" in parameters.terms,
        order=order,
        rarity=parameters.rarity,
        seed=seed,
    )
    workings = prepare(likes, plan)
    solve_ease(workings, parameters.ridge)
    return sort_rows(rows_of(workings.ground, parameters, {}))


def check_not_worse(chosen: Choice, running: Manifest) -> None:
    """Raise `Conflict` for a choice clearly worse than the running model was on its likes."""
    before = running.held_out.goodness if running.held_out else 0.0
    after = chosen.held_out.goodness
    if after < before * (1 - worse_max):
        raise Conflict(
            f"the new model reaches {after:.4f} on held-out likes, the running one {before:.4f}",
            hint="the running one stays; see whether likes were lost, or fit without it",
        )
