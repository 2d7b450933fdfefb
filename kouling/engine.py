"""The engine: the one place that knows the order of the rooms and of the steps of each verb.

    offer ─► mint ─► gate ─► deliver ─► redeem ─► settle ─► insight

Each verb that writes is one database transaction; the same request twice gives the same answer
once. Verbs are synchronous and safe to call from many threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from kouling import deliver, eventlog, gate, insight, mint, redeem, settle
from kouling.clock import Clock, now
from kouling.config import Settings, read_settings
from kouling.db import Connection, Store
from kouling.errors import InvalidInput
from kouling.eventlog import Request, natural_key, once
from kouling.gate import Ban, Decision, Item, Policy, Subject, Surface
from kouling.ids import GroupId, ItemId, RedemptionId, UserId, check_id, random_bytes
from kouling.mint import Channel, Key, Limits, Offer, Rendering, ShareCode
from kouling.redeem import Redemption, Refusal
from kouling.settle import Balance, Conversion, Entry, Refund

T = TypeVar("T")


class Engine:
    """The whole journey of a share code over one database.

    Open it with `Engine.open`; close it, or use it in a `with` block.
    """

    def __init__(self, store: Store, settings: Settings, clock: Clock, seed: int | None) -> None:
        self.settings, self._store, self._clock = settings, store, clock
        self._detectors = gate.detectors_for(settings.page_host)
        with store.read() as connection:
            self._random = random_bytes(seed, eventlog.length(connection))
        first_secret = self._random(mint.secret_bytes)
        self._keys = mint.LiveRing(store, clock, settings.issuer, first_secret)

    @classmethod
    def open(
        cls,
        target: str,
        *,
        clock: Clock = now,
        seed: int | None = None,
        settings: Settings | None = None,
    ) -> Engine:
        """Open a database, a file path or `postgresql://…`, bringing its tables up to date.

        `clock` and `seed` make a run repeatable; settings come from the environment unless
        they are given. Raises `StoreError` when the database can't be used.
        """
        settings, store = settings or read_settings(), Store(target)
        try:
            return cls(store, settings, clock, seed)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Finish waiting writes and close the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    # The six verbs, in the order data flows.

    def mint(self, offer: Offer, *, sharer: UserId, **limits: Unpack[Limits]) -> ShareCode:
        """Return the sharer's code for an offer; the same sharer, offer and campaign give one.

        `days` and `uses_max` limit it; `parent` is the code that is re-shared.
        """
        draft = mint.draft_of(offer, sharer, self.settings, limits)
        request = Request("mint", natural_key(sharer, offer.id, draft.campaign), draft)
        ring = self._keys()
        return self._once(request, ShareCode, lambda c, at: mint.mint_code(c, draft, ring, at))

    def gate(self, item: Item) -> Decision:
        """Decide on an item before anyone sees it; the item and its decision are kept."""
        gate.check_item(item)
        (signals,) = gate.inspect([item], self._detectors, self._keys())
        request = Request("gate", natural_key(item.id), gate.request_of(item))

        def act(connection: Connection, at: datetime) -> Decision:
            policy = gate.policy_in_force(connection, at)
            past = gate.signals_of_past(connection, item, signals, self._detectors, at)
            author = gate.Author(item.author, gate.is_banned(connection, item.author, at))
            decision = gate.decide(item, (*signals, *past), author, policy, at)
            gate.store_decision(connection, item, decision)
            return decision

        return self._once(request, Decision, act)

    def deliver(
        self,
        viewer: UserId,
        surface: Surface | str,
        *,
        size: int = 20,
        cursor: str | None = None,
        under: ItemId | None = None,
    ) -> deliver.Page:
        """Return a page of what a viewer may see of a surface, and record the impressions.

        Comments are those `under` an item.
        """
        asked = deliver.ask_page(viewer, surface, size=size, cursor=cursor, under=under)
        with self._store.read() as connection:
            page = deliver.read_page(connection, asked, self._clock())
        if page.places:
            self._store.write(lambda c: deliver.add_impressions(c, page, self._clock()))
        return page

    def redeem(
        self, text: str, *, buyer: UserId, idempotency_key: str | None = None
    ) -> Redemption | Refusal:
        """Turn a pasted text into a redemption, or a refusal that says why."""
        ring, fresh_id = self._keys(), self._fresh()
        paste = redeem.read_paste(text, buyer, ring, self._detectors)

        def act(connection: Connection, at: datetime) -> Redemption | Refusal:
            states = mint.code_states(connection, paste.parsed)
            outcome = redeem.resolve(paste, states, ring, at)
            if isinstance(outcome, Refusal):
                return outcome
            visit = redeem.Visit(outcome, buyer, at, RedemptionId(fresh_id))
            return redeem.record_visit(connection, visit, redeem.windows_of(self.settings))

        request = Request("redeem", idempotency_key or fresh_id, {"text": text, "buyer": buyer})
        return self._once(request, Redemption | Refusal, act)

    def settle(self, conversion: Conversion) -> Entry:
        """Book what a sale earns: an estimate when it is paid, settled when it is received."""
        settle.check_conversion(conversion)
        request = Request("settle", natural_key(conversion.id, conversion.status), conversion)
        terms = settle.terms_of(self.settings)
        return self._once(
            request, Entry, lambda c, at: settle.settle_conversion(c, conversion, terms, at)
        )

    def insight(self, name: str, day: date) -> insight.Table:
        """Return the named table of numbers for a day (UTC)."""
        with self._store.read() as connection:
            return insight.tabulate(connection, name, day)

    # Plain verbs: inputs that are not stages, in the order of the rooms they belong to.

    def render(self, share_code: ShareCode, channel: Channel = Channel.chat) -> Rendering:
        """Write out a share code: message, link and QR picture."""
        with self._store.read() as connection:
            offer = mint.load_offer(connection, share_code.offer)
        return mint.render(share_code, offer, page_host=self.settings.page_host, channel=channel)

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

    def decision(self, item: ItemId) -> Decision:
        """Return the decision on an item that was gated."""
        with self._store.read() as connection:
            return gate.load_decision(connection, item)

    def befriend(self, user: UserId, friend: UserId) -> None:
        """Make two users friends of each other."""
        self._relate("befriend", user, friend, deliver.add_friendship)

    def follow(self, follower: UserId, followee: UserId) -> None:
        """Let one user follow another."""
        self._relate("follow", follower, followee, deliver.add_follow)

    def join(self, user: UserId, group: GroupId) -> None:
        """Take a user into a group."""
        self._relate("join", user, group, deliver.add_member)

    def like(self, user: UserId, item: ItemId) -> None:
        """Record the one like of a user for an item that it can see."""
        self._relate("like", user, item, deliver.add_like)

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

    def balances(self, owner: UserId | None = None) -> list[Balance]:
        """Return the ledger's balances, of all accounts or of one owner's."""
        with self._store.read() as connection:
            return settle.balances(connection, owner)

    def check_ledger(self) -> int:
        """Check the ledger's chain and balances; return the number of entries."""
        with self._store.read() as connection:
            return settle.check_ledger(connection)

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
    ) -> None:
        check_id(one, "user id")
        check_id(other, "id")
        if one == other:
            raise InvalidInput(f"{one!r} can't {verb} itself", hint="name two of them")
        request = Request(verb, natural_key(one, other), [one, other])
        self._once(request, None, lambda c, at: act(c, one, other, at))

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
