"""Trials of new items, whom they reached, and the log of their steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.db import Time
from kouling.deliver.table.schema import (
    impression_table,
    trial_place_table,
    trial_step_table,
    trial_table,
)
from kouling.deliver.trial import (
    Stage,
    StepKind,
    Trial,
    TrialReport,
    TrialStep,
    apply_step,
    expires_after,
    has_expired,
    pass_or_hold,
    pooled_mean,
    posterior_mean,
    stage_growth,
    stage_limit,
    step_of,
)
from kouling.errors import NotFound
from kouling.gate import Item, Surface, decision_table, item_table, visible_to
from kouling.ids import ItemId, UserId

week = timedelta(days=7)

trials_max = 500
"""Trials that compete for the places of one page: of each creator those that wait longest.

Chosen, not measured: with 300 of them, beside a million items, a page takes 45 ms of CPU.
"""

rates_max = 1_000
"""How many of the latest trials the bar looks at; chosen, not measured."""


def queue_trial(connection: sa.Connection, item: Item, at: datetime) -> None:
    """Let a new item of the interest feed wait for its first audience."""
    if item.surface == Surface.interest:
        trial = Trial(item=item.id, author=item.author, queued_at=at)
        connection.execute(trial_table.insert(), msgspec.structs.asdict(trial))


def load_trial(connection: sa.Connection, item: ItemId) -> Trial:
    """Return an item's trial; raise `NotFound` if it has none."""
    found = connection.execute(_trials_of, {"items": [item]}).one_or_none()
    if found is None:
        raise NotFound(f"item {item!r:.80} has no trial", hint="gate it on the interest surface")
    return _trial(found)


def report_trial(connection: sa.Connection, item: ItemId) -> TrialReport:
    """Return what a creator may know of an item's trial: its state and every step."""
    trial, steps = load_trial(connection, item), load_steps(connection, item)
    return TrialReport(trial=trial, steps=steps)


def load_steps(connection: sa.Connection, item: ItemId) -> tuple[TrialStep, ...]:
    """Return all steps of an item's trial, in their order."""
    step = trial_step_table.c
    query = sa.select(step.body).where(step.item == item).order_by(step.seq)
    return tuple(msgspec.json.decode(body, type=TrialStep) for body in connection.scalars(query))


def trials_waiting(connection: sa.Connection, at: datetime) -> list[Trial]:
    """Return the trials that compete for places, of each creator its oldest ones first.

    Left out are hidden items and those that have filled their stage and wait for the bar; late
    ones come last.
    """
    asked = {"at": at, "since": at - expires_after, "count": trials_max}
    return [_trial(row) for row in connection.execute(_waiting(), asked).all()]


def open_trials(connection: sa.Connection, items: Sequence[ItemId]) -> list[Trial]:
    """Return the trials of some items that have not ended."""
    found = connection.execute(_trials_of, {"items": items})
    return [_trial(row) for row in found if row.ended_at is None]


def recent_mean(connection: sa.Connection, at: datetime) -> float:
    """Return the like rate of all trials that started in the last seven days."""
    likes, impressions = connection.execute(_week_sums, {"since": at - week}).one()
    return pooled_mean(int(likes or 0), int(impressions or 0))


def weekly_users(connection: sa.Connection, at: datetime) -> int:
    """Return how many users were shown anything in the last seven days."""
    shown = impression_table.c
    query = sa.select(sa.func.count(shown.viewer.distinct())).where(shown.last_at >= at - week)
    return int(connection.execute(query).scalar_one())


def give_places(connection: sa.Connection, places: Sequence[tuple[ItemId, TrialStep, int]]) -> None:
    """Carry out the places of trials on a viewer's page, each trial's once.

    Each comes with the size of the first audience, if this is the place that starts its trial.
    """
    if not places:
        return
    items, viewer = [item for item, _, _ in places], places[0][1].viewer
    trials = {row.item: _trial(row) for row in connection.execute(_trials_of, {"items": items})}
    known = set(connection.scalars(_reached_by, {"by": viewer, "items": items}))
    done: list[tuple[Trial, TrialStep]] = []
    for item, step, guaranteed in places:
        trial = trials[item]
        if trial.ended_at is not None or item in known:
            continue
        if not trial.guaranteed:
            start = step_of(trial, StepKind.start, step.at, guaranteed=guaranteed)
            trial = apply_step(trial, start)
            done.append((trial, start))
        step = msgspec.structs.replace(
            step, impressions=trial.impressions, likes=trial.likes, stage=trial.stage
        )
        trial = apply_step(trial, step)
        done.append((trial, step))
        if trial.impressions >= stage_limit(
            trial
        ):  # whether it passes is told by the places before
            _keep_places(connection, done)
            done.clear()
            _pass_or_hold(connection, trial, step.at)
    _keep_places(connection, done)


def _keep_places(connection: sa.Connection, done: Sequence[tuple[Trial, TrialStep]]) -> None:
    """Keep trials after starts and places of theirs, and log these."""
    if not done:
        return
    after = {trial.item: trial for trial, _ in done}
    rows = [
        {"of": trial.item, **{name: getattr(trial, name) for name in _changed_by_places}}
        for trial in after.values()
    ]
    connection.execute(_change, rows)
    connection.execute(trial_step_table.insert(), [_step_row(t.item, step) for t, step in done])
    reached = [
        {"item": trial.item, "viewer": step.viewer, "liked": False}
        for trial, step in done
        if step.kind is StepKind.place
    ]
    connection.execute(trial_place_table.insert(), reached)


_changed_by_places = ("guaranteed", "started_at", "impressions", "alike")
_change = trial_table.update().where(trial_table.c.item == sa.bindparam("of"))


_reached, _now = trial_place_table.c, sa.bindparam("now", type_=sa.Boolean)
_turn = (
    trial_place_table.update()
    .where(
        _reached.item == sa.bindparam("of"),
        _reached.viewer == sa.bindparam("by"),
        _reached.liked != _now,
    )
    .values(liked=_now)
)


def count_like(
    connection: sa.Connection, user: UserId, item: ItemId, liked: bool, at: datetime
) -> None:
    """Count a like, or an unlike, of somebody whom the item's trial reached."""
    changed = connection.execute(_turn, {"of": item, "by": user, "now": liked})
    if changed.rowcount:
        trial = load_trial(connection, item)
        kind = StepKind.like if liked else StepKind.unlike
        trial = _do(connection, trial, step_of(trial, kind, at, viewer=user))
        if liked and trial.ended_at is None:
            _pass_or_hold(connection, trial, at)


def end_expired(connection: sa.Connection, at: datetime, count: int = 50) -> None:
    """End trials that have not passed a stage for 48 hours after their first audience."""
    asked = {"since": at - expires_after, "count": count}
    for row in connection.execute(_expired, asked).all():
        if has_expired(found := _trial(row), at):
            _do(connection, found, step_of(found, StepKind.end, at))


def _pass_or_hold(connection: sa.Connection, trial: Trial, at: datetime) -> None:
    if trial.impressions < stage_limit(trial):
        return
    mean = recent_mean(connection, at)
    step = pass_or_hold(trial, _rates(connection, trial, mean), mean, at)
    if step is not None:
        _do(connection, trial, step)


def _rates(connection: sa.Connection, filled: Trial, mean: float) -> list[float]:
    """The posterior like rates of the latest trials that finished the same stage."""
    trial = trial_table.c
    size = trial.guaranteed * (stage_limit(filled) / filled.guaranteed)
    query = (
        sa.select(trial.impressions, trial.likes)
        .where(trial.guaranteed > 0, trial.impressions >= sa.cast(size, sa.Integer))
        .where(trial.item != filled.item)
        .order_by(trial.started_at.desc())
        .limit(rates_max)
    )
    return [posterior_mean(row[0], row[1], mean) for row in connection.execute(query)]


def _do(connection: sa.Connection, trial: Trial, step: TrialStep) -> Trial:
    """Apply a step to a trial's row and log it."""
    after = apply_step(trial, step)
    values = {
        name: getattr(after, name)
        for name in after.__struct_fields__
        if getattr(after, name) != getattr(trial, name)
    }
    if values:
        connection.execute(_change, {"of": trial.item, **values})
    connection.execute(trial_step_table.insert(), _step_row(trial.item, step))
    return after


def _step_row(item: ItemId, step: TrialStep) -> dict[str, Any]:
    return {"item": item, "at": step.at, "body": msgspec.json.encode(step).decode()}


def _trial(row: Any) -> Trial:
    return Trial(**dict(zip(_columns, row, strict=True), stage=Stage(row.stage)))


_columns = tuple(trial_table.c.keys())


# Queries are made once: making them takes longer than the database does to answer.

_since: Any = sa.bindparam("since", type_=Time)
_open_ones = (
    sa.select(trial_table)
    .where(trial_table.c.ended_at.is_(None))
    .order_by(trial_table.c.queued_at, trial_table.c.item)
)
_trials_of = sa.select(trial_table).where(
    trial_table.c.item.in_(sa.bindparam("items", expanding=True))
)
_reached_by = sa.select(_reached.item).where(
    _reached.viewer == sa.bindparam("by"),
    _reached.item.in_(sa.bindparam("items", expanding=True)),
)
_week_sums = sa.select(
    sa.func.sum(trial_table.c.likes), sa.func.sum(trial_table.c.impressions)
).where(trial_table.c.started_at >= _since)
_expired = _open_ones.where(
    trial_table.c.impressions >= trial_table.c.guaranteed,
    sa.type_coerce(sa.func.coalesce(trial_table.c.passed_at, trial_table.c.started_at), Time)
    < _since,
).limit(sa.bindparam("count"))


@cache
def _waiting() -> sa.Select[Any]:
    trial = trial_table.c
    now: Any = sa.bindparam("at", type_=Time)
    shown = visible_to(UserId(""), now)
    late = sa.and_(trial.impressions < trial.guaranteed, trial.started_at < _since)
    size = sa.case(
        *((trial.stage == stage, stage_growth**stage) for stage in Stage if stage < Stage.everyone)
    )
    has_places = sa.or_(
        trial.guaranteed == 0,
        trial.stage == Stage.everyone,
        trial.impressions < trial.guaranteed * size,
    )
    turn = sa.func.row_number().over(
        partition_by=(trial.author, trial.stage), order_by=(trial.queued_at, trial.item)
    )
    return (
        sa.select(trial_table)
        .join(item_table, item_table.c.id == trial.item)
        .join(decision_table, decision_table.c.item == trial.item)
        .where(trial.ended_at.is_(None), shown, has_places)
        .order_by(sa.case((late, 1), else_=0), turn, trial.queued_at, trial.item)
        .limit(sa.bindparam("count"))
    )
