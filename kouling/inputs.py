"""Plain verbs: what comes in from outside and is no stage of the journey.

Friends, likes, bans, refunds, policies, keys; in the order of the rooms they belong to. Each
that writes is one database transaction, and the same request twice gives the same answer once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from kouling import deliver, gate, mint, settle
from kouling.db import Connection
from kouling.errors import InvalidInput
from kouling.eventlog import Request, natural_key, once
from kouling.gate import Ban, Decision, Policy, Subject, Visibility
from kouling.ids import GroupId, ItemId, UserId, check_id
from kouling.mint import Key
from kouling.questions import Questions
from kouling.settle import Entry, Refund

T = TypeVar("T")


class Inputs(Questions):
    """The plain verbs over one open database; `Engine` adds the six stages."""

    def revoke(self, code: str) -> None:
        """Revoke a share code for good."""
        request = Request("revoke", natural_key(code), code)
        self._once(request, None, lambda c, at: mint.revoke_code(c, code, at))

    def register_issuer(self, issuer: str, secret: bytes) -> None:
        """Let a partner's codes be recognized by their issuer's name."""
        self._add_key(issuer, secret, timedelta(), None)

    def rotate_key(self, idempotency_key: str | None = None) -> None:
        """Mint with a new key from a minute on; codes of the old keys stay good."""
        secret = self._random(mint.secret_bytes)
        self._add_key(self.settings.issuer, secret, mint.key_lead, idempotency_key or self._fresh())

    def allow_hosts(
        self, merchant: UserId, hosts: Iterable[str], idempotency_key: str | None = None
    ) -> None:
        """Set the hosts that a merchant's offers may lead to."""
        names = sorted(set(hosts))
        request = Request("allow_hosts", idempotency_key or self._fresh(), [merchant, names])
        self._once(request, None, lambda c, at: mint.allow_hosts(c, merchant, names))

    def activate(self, policy: Policy) -> None:
        """Put a policy in force from its date on."""
        request = Request("activate", natural_key(policy.version, policy.sha256), policy.source)
        self._once(request, None, lambda c, at: gate.store_policy(c, policy, at))

    def ban(
        self,
        subject: Subject,
        reason: str,
        until: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Keep a subject out, for good or until a time."""
        request = Request("ban", idempotency_key or self._fresh(), [subject, reason, until])
        self._once(request, None, lambda c, at: gate.store_ban(c, Ban(subject, reason, at, until)))

    def lift(self, subject: Subject, idempotency_key: str | None = None) -> None:
        """Let a banned subject in again."""
        request = Request("lift", idempotency_key or self._fresh(), subject)
        self._once(request, None, lambda c, at: gate.lift_ban(c, subject))

    def review(
        self, item: ItemId, visibility: Visibility | str, reason: str, *, reviewer: UserId
    ) -> Decision:
        """Close an item's case: the reviewer's decision takes the place of the gate's."""
        gate.check_reason(reason)
        check_id(reviewer, "reviewer's id")
        outcome = gate.outcome_named(visibility)
        request = Request("review", natural_key(item, reviewer), [item, reviewer, outcome, reason])

        def act(connection: Connection, at: datetime) -> Decision:
            case = gate.open_case(connection, item)
            decision = gate.reviewed(case, outcome, reason, at)
            _replace(connection, case.decision, decision)
            gate.close_case(connection, decision, reviewer, reason)
            return decision

        return self._once(request, Decision, act)

    def look_again(self, count: int = 100) -> tuple[Decision, ...]:
        """Look once more into queued pictures that could not be inspected; return what changed.

        It does so for so many items, oldest first, and closes cases in which nothing else waits.
        """
        with self._store.read() as connection:
            found = gate.unseen_items(connection, count)
        again = gate.look_again(found, self._gallery, self._detectors, self._keys(), self._clock())
        return tuple(map(self._decide_again, again))

    def befriend(self, user: UserId, friend: UserId) -> None:
        """Make two users friends of each other."""
        self._relate("befriend", user, friend, deliver.add_friendship)

    def follow(self, follower: UserId, followee: UserId) -> None:
        """Let one user follow another."""
        self._relate("follow", follower, followee, deliver.add_follow)

    def join(self, user: UserId, group: GroupId) -> None:
        """Take a user into a group."""
        self._relate("join", user, group, deliver.add_member)

    def block(self, user: UserId, blocked: UserId) -> None:
        """Keep two users' public items from each other, until `unblock`."""
        self._relate("block", user, blocked, deliver.add_block, key=self._fresh())

    def unblock(self, user: UserId, blocked: UserId) -> None:
        """Take a block back."""
        self._relate("unblock", user, blocked, deliver.remove_block, key=self._fresh())

    def like(self, user: UserId, item: ItemId) -> None:
        """Record the one like of a user for an item that it can see; the feed heeds it at once."""
        self._relate("like", user, item, deliver.add_like, key=deliver.like_key)

    def unlike(self, user: UserId, item: ItemId) -> None:
        """Take a like back, as if it had never been."""
        self._relate("unlike", user, item, deliver.remove_like, key=deliver.unlike_key)

    def import_likes(self, likes: Iterable[deliver.PastLike]) -> deliver.LikeImport:
        """Take in likes that were given elsewhere, with their own times; twice is as once.

        They are written 1,000 at a time; what a crash or an error keeps from being written is
        taken in when all are imported again.
        """
        return self._surfaces.import_likes(likes)

    def refit(self) -> bool:
        """Fit the interest feed anew on all likes; False if there are none yet.

        It also happens by itself, in the background, after enough new likes.
        """
        return self._surfaces.refit()

    def label(
        self, item: ItemId, labels: Iterable[str], idempotency_key: str | None = None
    ) -> None:
        """Set the labels by which an item of the market is found."""
        names = deliver.check_labels(labels)
        request = Request("label", idempotency_key or self._fresh(), [item, names])
        self._once(request, None, lambda c, at: deliver.set_labels(c, item, names))

    def place(self, placement: deliver.Placement) -> None:
        """Put up a paid placement in the market."""
        deliver.check_placement(placement)
        request = Request("place", natural_key(placement.id), placement)
        self._once(request, None, lambda c, at: deliver.add_placement(c, placement, at))

    def stop_placement(self, placement: str) -> None:
        """End a paid placement for good."""
        request = Request("stop_placement", natural_key(placement), placement)
        self._once(request, None, lambda c, at: deliver.stop_placement(c, placement, at))

    def post_charges(self) -> int:
        """Post charges for paid places that have no entry, and return how many there were.

        Before it took them, an earlier version left such. 100 are posted at a time; what a crash
        keeps from being posted is posted when it is asked for again.
        """
        return settle.post_missing(self._store, self.settings.issuer, self._clock)

    def refund(self, refund: Refund) -> Entry:
        """Book a refund: it voids an estimate, or takes back what was settled."""
        settle.check_refund(refund)
        request, terms = (
            Request("refund", natural_key(refund.id), refund),
            settle.terms_of(self.settings),
        )
        return self._once(
            request, Entry, lambda c, at: settle.refund_conversion(c, refund, terms, at)
        )

    def _once(
        self, request: Request, answer_type: Any, act: Callable[[Connection, datetime], T]
    ) -> T:
        return self._store.write(
            lambda c: once(c, request, self._clock, answer_type, lambda at: act(c, at))
        )

    def _relate(
        self,
        verb: str,
        one: str,
        other: str,
        act: Callable[[Connection, Any, Any, datetime], None],
        key: str | Callable[[Connection, Any, Any], str] = "",
    ) -> None:
        check_id(one, "user id")
        check_id(other, "id")
        if one == other:
            raise InvalidInput(f"{one!r} can't {verb} itself", hint="name two of them")

        def write(connection: Connection) -> None:
            found = key if isinstance(key, str) else key(connection, one, other)
            request = Request(verb, found or natural_key(one, other), [one, other])
            once(connection, request, self._clock, None, lambda at: act(connection, one, other, at))

        self._store.write(write)

    def _decide_again(self, again: gate.Again) -> Decision:
        before = again.unseen.decision

        def act(connection: Connection, at: datetime) -> Decision:
            if gate.load_decision(connection, before.item) != before:
                return gate.load_decision(connection, before.item)
            decision = gate.decide_again(connection, again, at)
            _replace(connection, before, decision, again.looks)
            if not decision.review:
                gate.close_case(connection, decision)
            return decision

        return self._once(gate.request_again(before), Decision, act)

    def _fresh(self) -> str:
        return self._random(16).hex()

    def _add_key(self, issuer: str, secret: bytes, lead: timedelta, key: str | None) -> None:
        mint.check_secret(secret)
        digest = sha256(secret).hexdigest()
        body = issuer if key else [issuer, digest]
        request = Request("add_key", key or natural_key(issuer, digest), body)

        def act(connection: Connection, at: datetime) -> None:
            made = Key(issuer=issuer, secret=secret, mints_from=at + lead)
            mint.add_key(connection, made, self.settings.issuer)

        self._once(request, None, act)
        self._keys.refresh()


def _replace(
    connection: Connection, before: Decision, after: Decision, looks: gate.Looks | None = None
) -> None:
    """Let a decision take the place of another in all rooms that heed it."""
    item = gate.replace_decision(connection, after, looks)
    deliver.follow_decision(connection, item, before, after)
