"""The door of the gate: an item becomes a decision with its reasons, before anyone sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from kouling import deliver, gate, settle
from kouling.db import Connection
from kouling.engine.gate.policies import PoliciesDoor
from kouling.engine.runtime import Runtime
from kouling.engine.verb import verb
from kouling.errors import InvalidInput
from kouling.eventlog import IdempotencyKey, Request, Written
from kouling.gate import Decision, Item, Policy, Subject, SubjectKind, Visibility
from kouling.ids import ItemId, UserId


class GateDoor:
    """Called, it decides on an item; `policies` stand behind it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.policies = PoliciesDoor(runtime)

    @verb
    def __call__(self, item: Item, policy: Policy | None = None) -> Decision:
        """Decide on an item before anyone sees it; the item and its decision are kept.

        `policy` decides from its date on in place of the one in force, for a place with a policy
        of its own.
        """
        court = self._court()
        examination = gate.examine_posted(item, court, self._runtime.read, policy)

        def act(connection: Connection, at: datetime) -> Written[Decision]:
            judgement = gate.conclude_posted(connection, examination, court, at, policy)
            deliver.welcome(connection, item, judgement.decision)
            return Written(judgement.decision, judgement.body)

        return self._runtime.once_written(examination.request, Decision, act)

    @verb
    def inspect(
        self,
        items: Sequence[Item | InvalidInput],
        at: datetime | None = None,
        policy: Policy | None = None,
    ) -> list[Decision | InvalidInput]:
        """Decide on items as the database stands, keeping nothing; errors stand in their places.

        `at` is the time to decide as of, now unless given; `policy` decides from its date on in
        place of the one in force. Bans and what was not shown before are those of now.
        """
        court = self._court()._replace(at=at or self._runtime.clock())
        return gate.inspect_items(items, court, self._runtime.read, policy)

    @verb
    def issuers(self) -> tuple[str, ...]:
        """List the issuers whose codes can be told: of the packs, of partners, and our own."""
        ring = self._runtime.ring()
        return tuple(sorted({*self._runtime.detectors.issuers, *(k.issuer for k in ring.keys)}))

    @verb
    def decision(self, item: ItemId) -> Decision:
        """Return the decision on an item that was gated."""
        with self._runtime.read() as connection:
            return gate.items.load_decision(connection, item)

    @verb
    def ban(
        self,
        subject: Subject,
        reason: str,
        until: datetime | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> None:
        """Keep a subject out, for good or until a time."""
        ban = gate.read_ban(subject, reason, until)
        key = idempotency_key or self._runtime.fresh()
        request = Request("ban", key, [ban.subject, ban.reason, ban.until])
        self._runtime.once(request, None, lambda c, at: gate.bans.store_ban(c, ban, at))

    @verb
    def lift(self, subject: Subject, idempotency_key: IdempotencyKey | None = None) -> None:
        """Let a banned subject in again."""
        subject = gate.read_subject(subject.kind, subject.value)
        request = Request("lift", idempotency_key or self._runtime.fresh(), subject)

        def act(connection: Connection, at: datetime) -> None:
            gate.bans.lift_ban(connection, subject)
            if subject.kind is SubjectKind.user:
                settle.release_held(connection, UserId(subject.value), at)

        self._runtime.once(request, None, act)

    @verb
    def bans(self, size: int = 50) -> list[gate.Ban]:
        """List the bans that hold now, by kind and subject."""
        with self._runtime.read() as connection:
            return gate.bans.list_bans(connection, self._runtime.clock(), size)

    @verb
    def items(self, after: ItemId | None = None, size: int = 50) -> list[gate.GatedItem]:
        """List items, the newest first, from behind the one `after` which they begin."""
        with self._runtime.read() as connection:
            return gate.items.list_items(connection, after, size)

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
        ruling = gate.read_ruling(item, visibility, reason, reviewer)
        return self._revised(ruling.request, partial(gate.rule_on, ruling))

    @verb
    def look_again(self, count: int = 100) -> tuple[Decision, ...]:
        """Look once more into queued pictures that could not be inspected; return what changed.

        It does so for so many items, oldest first, and closes cases in which nothing else waits.
        """
        found = gate.look_again(self._runtime.read, self._court(), count)
        return tuple(
            self._revised(again.request, partial(gate.decide_again, again)) for again in found
        )

    @verb
    def annotated(self, item: ItemId) -> tuple[bytes, ...]:
        """Return an item's pictures as PNG, with the places of what was seen drawn in."""
        with self._runtime.read() as connection:
            decision = gate.items.load_decision(connection, item)
            pictures = gate.load_pictures(connection, [item]).get(item, ())
        return self._runtime.gallery.annotate(pictures, decision)

    def _revised(
        self, request: Request, revise: Callable[[Connection, datetime], gate.Revision]
    ) -> Decision:
        """Let a decision take the place of another, in the other rooms that heed it, too."""

        def act(connection: Connection, at: datetime) -> Written[Decision]:
            item, before, judgement = revise(connection, at)
            deliver.follow_decision(connection, item, before, judgement.decision)
            return Written(judgement.decision, judgement.body)

        return self._runtime.once_written(request, Decision, act)

    def _court(self) -> gate.Court:
        """Return what items are judged by here; by which policy is asked when it is needed."""
        runtime = self._runtime
        return gate.Court.open(runtime.detectors, runtime.ring(), runtime.clock(), runtime.gallery)
