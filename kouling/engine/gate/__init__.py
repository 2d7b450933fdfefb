"""The door of the gate: an item becomes a decision with its reasons, before anyone sees it."""

from __future__ import annotations

from datetime import datetime

from kouling import deliver, gate
from kouling.clock import in_utc
from kouling.db import Connection
from kouling.engine.gate.policies import PoliciesDoor
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.eventlog import IdempotencyKey, Request, Written, natural_key, written
from kouling.gate import Ban, Decision, Item, Subject, Visibility
from kouling.ids import ItemId, UserId, check_id


class GateDoor:
    """Called, it decides on an item; `policies` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.policies = PoliciesDoor(runtime)

    @verb
    def __call__(self, item: Item) -> Decision:
        """Decide on an item before anyone sees it; the item and its decision are kept."""
        court = self._court()
        examination = gate.examine_posted(item, court, self._runtime.read)

        def act(connection: Connection, at: datetime) -> Written[Decision]:
            judgement = gate.conclude_posted(connection, examination, court, at)
            gate.store_decision(connection, examination.item, judgement)
            deliver.welcome(connection, item, judgement.decision)
            return Written(judgement.decision, judgement.body)

        return self._runtime.once_written(gate.request_of(examination.item), Decision, act)

    @verb
    def decision(self, item: ItemId) -> Decision:
        """Return the decision on an item that was gated."""
        with self._runtime.read() as connection:
            return gate.load_decision(connection, item)

    @verb
    def ban(
        self,
        subject: Subject,
        reason: str,
        until: datetime | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Keep a subject out, for good or until a time."""
        subject = gate.read_subject(subject.kind, subject.value)
        gate.check_reason(reason, "ban")
        until = None if until is None else in_utc(until)
        key = idempotency_key or self._runtime.fresh()
        request = Request("ban", key, [subject, reason, until])
        self._runtime.once(
            request, None, lambda c, at: gate.store_ban(c, Ban(subject, reason, at, until))
        )

    @verb
    def lift(self, subject: Subject, idempotency_key: IdempotencyKey | None = None) -> None:
        """Let a banned subject in again."""
        subject = gate.read_subject(subject.kind, subject.value)
        request = Request("lift", idempotency_key or self._runtime.fresh(), subject)
        self._runtime.once(request, None, lambda c, at: gate.lift_ban(c, subject))

    @verb
    def queue(self, after: int = 0, size: int = 50) -> gate.Queue:
        """Return items that wait for a reviewer, oldest first, from the case `after` a number."""
        with self._runtime.read() as connection:
            return gate.read_queue(connection, after, size)

    @verb
    def review(
        self, item: ItemId, visibility: Visibility | str, reason: str, *, reviewer: UserId
    ) -> Decision:
        """Close an item's case: the reviewer's decision takes the place of the gate's."""
        gate.check_reason(reason)
        check_id(reviewer, "reviewer's id")
        outcome = gate.outcome_named(visibility)
        request = Request("review", natural_key(item, reviewer), [item, reviewer, outcome, reason])

        def act(connection: Connection, at: datetime) -> Written[Decision]:
            case = gate.open_case(connection, item)
            judgement = gate.reviewed(case, outcome, reason, at)
            _replace(connection, case.decision, judgement)
            gate.close_case(connection, judgement.decision, reviewer, reason)
            return Written(judgement.decision, judgement.body)

        return self._runtime.once_written(request, Decision, act)

    @verb
    def look_again(self, count: int = 100) -> tuple[Decision, ...]:
        """Look once more into queued pictures that could not be inspected; return what changed.

        It does so for so many items, oldest first, and closes cases in which nothing else waits.
        """
        court = self._court()
        with self._runtime.read() as connection:
            found = gate.unseen_items(connection, count, court.at)
        return tuple(map(self._decide_again, gate.look_again(found, court)))

    @verb
    def annotated(self, item: ItemId) -> tuple[bytes, ...]:
        """Return an item's pictures as PNG, with the places of what was seen drawn in."""
        with self._runtime.read() as connection:
            decision = gate.load_decision(connection, item)
            pictures = gate.load_pictures(connection, [item]).get(item, ())
        return self._runtime.gallery.annotate(pictures, decision)

    def _court(self) -> gate.Court:
        """Return what items are judged by here; by which policy is asked when it is needed."""
        runtime, at = self._runtime, self._runtime.clock()
        return gate.Court(
            runtime.detectors, runtime.ring(), gate.in_force([], at), at, runtime.gallery
        )

    def _decide_again(self, again: gate.Again) -> Decision:
        before = again.unseen.decision

        def act(connection: Connection, at: datetime) -> Written[Decision]:
            now = gate.load_decision(connection, before.item)
            if now != before:
                return written(now)
            judgement = gate.decide_again(connection, again, at)
            _replace(connection, before, judgement)
            if not judgement.decision.review:
                gate.close_case(connection, judgement.decision)
            return Written(judgement.decision, judgement.body)

        return self._runtime.once_written(gate.request_again(before), Decision, act)


def _replace(connection: Connection, before: Decision, after: gate.Judgement) -> None:
    """Let a decision take the place of another in all rooms that heed it."""
    item = gate.replace_decision(connection, after)
    deliver.follow_decision(connection, item, before, after.decision)
