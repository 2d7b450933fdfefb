"""Trials of new items, whom they reached, and the log of their steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.deliver.records import Stage, StepKind, Trial, TrialReport, TrialStep
from kouling.deliver.table.schema import (
    impression_table,
    trial_place_table,
    trial_step_table,
    trial_table,
)
from kouling.deliver.table.seen import visible_items
from kouling.deliver.trial import (
    apply,
    expires_after,
    explain,
    has_expired,
    judge,
    limit,
    pooled_mean,
    posterior_mean,
    step_of,
)
from kouling.errors import NotFound
from kouling.gate import Item, Surface, item_table
from kouling.ids import ItemId, UserId

week = timedelta(days=7)

trials_max = 500
"""Trials that compete for the places of one page, longest waiting first."""

rates_max = 1_000
"""How many of the latest trials the bar looks at."""


def queue_trial(connection: sa.Connection, item: Item, at: datetime) -> None:
    """Let a new item of the interest feed wait for its first audience."""
    if item.surface == Surface.interest:
        trial = Trial(item=item.id, author=item.author, queued_at=at)
        connection.execute(trial_table.insert(), msgspec.structs.asdict(trial))


def load_trial(connection: sa.Connection, item: ItemId) -> Trial:
    """Return an item's trial; raise `NotFound` if it has none."""
    row = connection.execute(sa.select(trial_table).where(trial_table.c.item == item)).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(f"item {item!r:.80} has no trial", hint="gate it on the interest surface")
    return _trial(found)


def report_trial(connection: sa.Connection, item: ItemId) -> TrialReport:
    """Return what a creator may know of an item's trial: its state, why, and every step."""
    trial, steps = load_trial(connection, item), load_steps(connection, item)
    return TrialReport(trial=trial, why=explain(trial, steps), steps=steps)


def load_steps(connection: sa.Connection, item: ItemId) -> tuple[TrialStep, ...]:
    """Return all steps of an item's trial, in their order."""
    step = trial_step_table.c
    query = sa.select(step.body).where(step.item == item).order_by(step.seq)
    return tuple(msgspec.json.decode(body, type=TrialStep) for body in connection.scalars(query))


def trials_waiting(connection: sa.Connection, at: datetime) -> list[Trial]:
    """Return the trials that compete for places, late ones last; hidden items are left out."""
    trial = trial_table.c
    shown = visible_items(UserId(""), at).with_only_columns(item_table.c.id)
    late = sa.and_(trial.impressions < trial.guaranteed, trial.started_at < at - expires_after)
    return trials_among(connection, trial.item.in_(shown), trials_max, sa.case((late, 1), else_=0))


def trials_among(connection: sa.Connection, clause: Any, count: int, *first: Any) -> list[Trial]:
    """Return the trials that haven't ended and fit a clause, longest waiting first.

    Where `first` is given, they go by that before anything else.
    """
    query = (
        sa.select(trial_table)
        .where(trial_table.c.ended_at.is_(None), clause)
        .order_by(*first, trial_table.c.queued_at, trial_table.c.item)
        .limit(count)
    )
    return [_trial(row) for row in connection.execute(query).mappings()]


def recent_mean(connection: sa.Connection, at: datetime) -> float:
    """Return the like rate of all trials that started in the last seven days."""
    trial = trial_table.c
    query = sa.select(sa.func.sum(trial.likes), sa.func.sum(trial.impressions)).where(
        trial.started_at >= at - week
    )
    likes, impressions = connection.execute(query).one()
    return pooled_mean(int(likes or 0), int(impressions or 0))


def weekly_users(connection: sa.Connection, at: datetime) -> int:
    """Return how many users were shown anything in the last seven days."""
    shown = impression_table.c
    query = sa.select(sa.func.count(shown.viewer.distinct())).where(shown.last_at >= at - week)
    return int(connection.execute(query).scalar_one())


def give_place(connection: sa.Connection, item: ItemId, step: TrialStep, guaranteed: int) -> None:
    """Carry out a place of a trial for a viewer, once; start the trial if it hasn't."""
    assert step.viewer is not None
    reached = trial_place_table.c
    known = sa.select(reached.liked).where(reached.item == item, reached.viewer == step.viewer)
    trial = load_trial(connection, item)
    if trial.ended_at is not None or connection.execute(known).first() is not None:
        return
    if not trial.guaranteed:
        start = step_of(trial, StepKind.start, step.at, guaranteed=guaranteed)
        trial = _do(connection, trial, start)
    step = msgspec.structs.replace(
        step, impressions=trial.impressions, likes=trial.likes, stage=trial.stage
    )
    trial = _do(connection, trial, step)
    connection.execute(
        trial_place_table.insert(), {"item": item, "viewer": step.viewer, "liked": False}
    )
    _judge(connection, trial, step.at)


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
            _judge(connection, trial, at)


def end_expired(connection: sa.Connection, at: datetime, count: int = 50) -> None:
    """End trials that have not passed a stage for 48 hours after their first audience."""
    trial = trial_table.c
    since = sa.func.coalesce(trial.passed_at, trial.started_at)
    old = sa.and_(
        trial.impressions >= trial.guaranteed,
        sa.type_coerce(since, trial.started_at.type) < at - expires_after,
    )
    for found in trials_among(connection, old, count):
        if has_expired(found, at):
            _do(connection, found, step_of(found, StepKind.end, at))


def _judge(connection: sa.Connection, trial: Trial, at: datetime) -> None:
    if trial.impressions < limit(trial):
        return
    mean = recent_mean(connection, at)
    step = judge(trial, _rates(connection, trial, mean), mean, at)
    if step is not None:
        _do(connection, trial, step)


def _rates(connection: sa.Connection, judged: Trial, mean: float) -> list[float]:
    """The posterior like rates of the latest trials that finished the same stage."""
    trial = trial_table.c
    size = trial.guaranteed * (limit(judged) / judged.guaranteed)
    query = (
        sa.select(trial.impressions, trial.likes)
        .where(trial.guaranteed > 0, trial.impressions >= sa.cast(size, sa.Integer))
        .where(trial.item != judged.item)
        .order_by(trial.started_at.desc())
        .limit(rates_max)
    )
    return [posterior_mean(row[0], row[1], mean) for row in connection.execute(query)]


def _do(connection: sa.Connection, trial: Trial, step: TrialStep) -> Trial:
    """Apply a step to a trial's row and log it."""
    after = apply(trial, step)
    mine = trial_table.c.item == trial.item
    values = {
        name: getattr(after, name)
        for name in after.__struct_fields__
        if getattr(after, name) != getattr(trial, name)
    }
    if values:
        connection.execute(trial_table.update().where(mine).values(**values))
    body = msgspec.json.encode(step).decode()
    connection.execute(trial_step_table.insert(), {"item": trial.item, "at": step.at, "body": body})
    return after


def _trial(row: Any) -> Trial:
    fields: dict[str, Any] = dict(row)
    return Trial(**{**fields, "stage": Stage(fields["stage"])})
