"""A short story with every verb, told by a process that kills itself on the way.

    python -m tests.crash.story TARGET [STEP:POINT]

tells it to a database and dies by SIGKILL before the n-th statement or commit of a step, or, when
the step has no more of them, once it is done and before anybody hears of it. Step 0 is the opening.
Every answer is printed as a line of JSON. Without arguments tasks are read as lines of JSON, and
each is told by a fork of its own, so that what is slow to load is loaded once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, NoReturn

import msgspec
import sqlalchemy as sa
from sqlalchemy import event

from kouling import ConversionStatus, Engine, Item, Refund, Surface, bundled_policy, gate
from kouling.clock import ManualClock
from kouling.config import Settings
from kouling.deliver import PastLike, Placement
from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.gate import Subject, SubjectKind
from kouling.ids import GroupId, ItemId, UserId
from kouling.mint import ShareCode
from kouling.money import Money
from kouling.redeem import Pasted
from kouling.settle import Cancellation
from tests.conftest import noon
from tests.picture.samples import png
from tests.samples import conversion, foreign_text, friend, item, offer, seller, stranger

cousin = UserId("cousin")
neighbours = GroupId("neighbours")
shown = ItemId("shown")
partner_secret = b"partner" + bytes(25)
mistyped = "￥3Kx7Qd2mT9w￥"
dot = png(8, 8)


class Task(msgspec.Struct, omit_defaults=True):
    """What to tell: to which database, from which step to which, and where to die.

    `kill` is a step and a point in it, `after` are seconds instead; `not_before` is the number
    of the step whose time has come, for a clock never goes back; `codes` are the answers of the
    minting steps before `first`; with `trace` every point is printed.
    """

    target: str
    first: int = 1
    last: int = 1_000
    kill: tuple[int, int] | None = None
    after: float | None = None
    not_before: int = 0
    codes: dict[str, ShareCode] = {}
    trace: bool = False


class Told(NamedTuple):
    """The engine, and the codes that were minted so far by the names of their steps."""

    engine: Engine
    codes: dict[str, ShareCode]

    def mint(self, name: str, **minting: Any) -> ShareCode:
        """Mint a code and remember it."""
        self.codes[name] = self.engine.mint(minting.pop("offer", offer()), **minting)
        return self.codes[name]

    def text(self, name: str) -> str:
        """Write out a code that was minted before."""
        return f"看看这条裙子 {self.engine.mint.render(self.codes[name]).link}"

    def redeem(self, text: str, buyer: UserId, key: str) -> Any:
        """Paste a text."""
        return self.engine.redeem(text, buyer=buyer, idempotency_key=key)

    def pay(self, id: str, buyer: UserId = friend) -> Any:
        """Report a sale as paid."""
        return self.engine.settle(conversion(id, buyer=buyer))

    def receive(self, id: str, buyer: UserId = friend) -> Any:
        """Report a sale as received."""
        return self.engine.settle(conversion(id, buyer=buyer, status=ConversionStatus.received))

    def refund(self, id: str, order: str, minor: int) -> Any:
        """Report a refund."""
        return self.engine.settle.refund(
            Refund(id=id, conversion=conversion(order).id, amount=Money(minor, "CNY"))
        )

    def gate_without_workers(self, it: Item) -> Any:
        """Gate an item whose pictures can't be looked into just now."""
        pool = self.engine._runtime.gallery.pool
        size, pool.size = pool.size, 0
        try:
            return self.engine.gate(it)
        finally:
            pool.size = size

    def look_again(self, id: str) -> Any:
        """Look again into what waits; told again, nothing is left, and its decision stays."""
        self.engine.gate.look_again()
        return self.engine.gate.decision(ItemId(id))

    def see(self, viewer: UserId, surface: Surface, **under: Any) -> list[ItemId]:
        """Let a viewer look at a page."""
        page = self.engine.deliver(viewer, surface, **under)
        return [place.item.id for place in page.places]


Step = tuple[str, Callable[[Told], Any]]

banned_user = Subject(SubjectKind.user, stranger)
banned_page = Subject(SubjectKind.page, "https://evil.example/")
_placement = Placement(
    id="dinner",
    advertiser=seller,
    item=ItemId(Surface.market),
    bid=Money(50, "CNY"),
    daily_budget=Money(1_000, "CNY"),
)

_past_like = PastLike(user=cousin, item=ItemId(Surface.market), at=noon - timedelta(days=9))

sharing: tuple[Step, ...] = (
    ("befriend", lambda t: t.engine.people.befriend(seller, friend)),
    ("befriend a cousin", lambda t: t.engine.people.befriend(friend, cousin)),
    ("join", lambda t: t.engine.people.join(seller, neighbours)),
    ("join too", lambda t: t.engine.people.join(friend, neighbours)),
    ("follow", lambda t: t.engine.people.follow(friend, seller)),
    ("register_issuer", lambda t: t.engine.mint.issuers.register("partner", partner_secret)),
    ("allow_hosts", lambda t: t.engine.mint.hosts.allow(offer().merchant, ["shop.example"])),
    ("activate", lambda t: t.engine.gate.policies.activate(bundled_policy("moments-2018"))),
    ("mint", lambda t: t.mint("mint", sharer=seller)),
    ("mint again", lambda t: t.mint("mint", sharer=seller)),
    (
        "re-share",
        lambda t: t.mint("re-share", sharer=friend, parent=t.codes["mint"].code, days=3),
    ),
    (
        "mint for one use",
        lambda t: t.mint("mint for one use", sharer=seller, campaign="flash", uses_max=1),
    ),
    ("gate own code", lambda t: t.engine.gate(item(shown, t.text("mint")))),
    ("gate foreign code", lambda t: t.engine.gate(item("limited", foreign_text))),
    ("gate direct", lambda t: t.engine.gate(_to_friend(surface=Surface.direct, to=friend))),
    ("gate group", lambda t: t.engine.gate(_to_friend(surface=Surface.group, group=neighbours))),
    ("gate comment", lambda t: t.engine.gate(_to_friend(surface=Surface.comment, under=shown))),
    (
        "gate picture for some",
        lambda t: t.engine.gate(item("narrow", pictures=(b"one", b"two"), audience=(friend,))),
    ),
    ("gate for review", lambda t: t.engine.gate(item("undecodable", pictures=(b"<svg/>",)))),
    ("gate without workers", lambda t: t.gate_without_workers(item("later", pictures=(dot,)))),
    (
        "review",
        lambda t: t.engine.gate.review(ItemId("undecodable"), "allow", "fine", reviewer=cousin),
    ),
    (
        "review again",
        lambda t: t.engine.gate.review(ItemId("undecodable"), "drop", "no", reviewer=seller),
    ),
    ("look_again", lambda t: t.look_again("later")),
    ("gate with another body", lambda t: t.engine.gate(item("narrow", "another text"))),
    ("deliver moments", lambda t: t.see(friend, Surface.moments)),
    ("deliver direct", lambda t: t.see(friend, Surface.direct)),
    ("deliver group", lambda t: t.see(friend, Surface.group)),
    ("deliver comments", lambda t: t.see(friend, Surface.comment, under=shown)),
    ("deliver moments again", lambda t: t.see(friend, Surface.moments)),
    ("like", lambda t: t.engine.deliver.like(friend, shown)),
    ("like what is not seen", lambda t: t.engine.deliver.like(friend, ItemId("limited"))),
    ("unlike", lambda t: t.engine.deliver.unlike(friend, shown)),
    ("like once more", lambda t: t.engine.deliver.like(friend, shown)),
    ("block", lambda t: t.engine.people.block(friend, stranger)),
    ("block another", lambda t: t.engine.people.block(friend, cousin)),
    ("unblock", lambda t: t.engine.people.unblock(friend, cousin)),
    ("gate for the feed", lambda t: t.engine.gate(_to_friend(surface=Surface.interest))),
    ("deliver the feed", lambda t: len(t.see(friend, Surface.interest)) < 2),  # seen once
    ("like on trial", lambda t: t.engine.deliver.like(friend, ItemId(Surface.interest))),
    ("gate for the market", lambda t: t.engine.gate(_to_friend(surface=Surface.market))),
    ("import_likes", lambda t: t.engine.deliver.import_likes([_past_like]).missing),
    ("label", lambda t: t.engine.deliver.label(ItemId(Surface.market), ["晚饭"])),
    ("place", lambda t: t.engine.deliver.placements.add(_placement)),
    ("deliver the market", lambda t: t.see(friend, Surface.market)),
    ("stop_placement", lambda t: t.engine.deliver.placements.stop(_placement.id)),
)

earning: tuple[Step, ...] = (
    ("redeem", lambda t: t.redeem(t.text("mint"), friend, "r-1")),
    ("redeem by the same key", lambda t: t.redeem(t.text("mint"), friend, "r-1")),
    ("redeem within the hour", lambda t: t.redeem(t.text("mint"), friend, "r-2")),
    ("redeem mistyped", lambda t: t.redeem(mistyped, friend, "r-3")),
    ("redeem foreign", lambda t: t.redeem(foreign_text, friend, "r-4")),
    ("redeem for one use", lambda t: t.redeem(t.text("mint for one use"), friend, "r-5")),
    ("redeem used up", lambda t: t.redeem(t.text("mint for one use"), cousin, "r-6")),
    ("redeem re-shared", lambda t: t.redeem(t.text("re-share"), cousin, "r-7")),
    ("redeem by another body", lambda t: t.redeem(mistyped, cousin, "r-7")),
    ("redeem many", lambda t: t.engine.redeem.many([Pasted(mistyped, friend, None, "r-9")])),
    ("identify", lambda t: t.engine.redeem.journeys.identify(UserId("visitor"), cousin)),
    ("settle paid", lambda t: t.pay("order-1")),
    ("settle received", lambda t: t.receive("order-1")),
    ("refund a part", lambda t: t.refund("back-1", "order-1", 5_000)),
    ("refund too much", lambda t: t.refund("back-2", "order-1", 19_000)),
    ("refund the rest", lambda t: t.refund("back-3", "order-1", 14_900)),
    ("settle paid, re-shared", lambda t: t.pay("order-2", cousin)),
    ("refund a part of what is pending", lambda t: t.refund("back-4", "order-2", 9_900)),
    ("settle received, the rest", lambda t: t.receive("order-2", cousin)),
    ("settle received first", lambda t: t.receive("order-3")),
    ("settle paid, to be voided", lambda t: t.pay("order-4")),
    ("refund all that is pending", lambda t: t.refund("back-5", "order-4", 19_900)),
    ("settle without a code", lambda t: t.pay("order-5", stranger)),
    ("refund before its sale", lambda t: t.refund("back-6", "order-6", 9_900)),
    ("settle what was refunded", lambda t: t.pay("order-6")),
    (
        "undo_refund",
        lambda t: t.engine.settle.sales.undo_refund("back-6", offer().merchant, "undo-1"),
    ),
    ("cancel", lambda t: t.engine.settle.cancel(Cancellation("off-1", conversion("order-6").id))),
    (
        "settle many",
        lambda t: t.engine.settle.many([conversion("order-7"), conversion("order-8")]),
    ),
    ("rotate_key", lambda t: t.engine.mint.keys.rotate()),
    ("wait for the key", lambda t: None),
    (
        "mint with the new key",
        lambda t: t.mint("mint with the new key", sharer=seller, campaign="spring"),
    ),
    ("revoke", lambda t: t.engine.mint.revoke(t.codes["mint for one use"].code)),
    ("redeem revoked", lambda t: t.redeem(t.text("mint for one use"), cousin, "r-8")),
    ("ban", lambda t: t.engine.gate.ban(banned_user, "spam")),
    ("ban a page", lambda t: t.engine.gate.ban(banned_page, "fraud", noon + timedelta(days=7))),
    ("gate of a banned author", lambda t: t.engine.gate(item("spam", author=stranger))),
    ("lift", lambda t: t.engine.gate.lift(banned_page)),
    ("accept the clock", lambda t: t.engine.database.clock(accept=True).problem),
    ("unfollow", lambda t: t.engine.people.unfollow(friend, seller)),
    ("leave", lambda t: t.engine.people.leave(friend, neighbours)),
    ("unfriend", lambda t: t.engine.people.unfriend(friend, cousin)),
    ("deliver at last", lambda t: t.see(friend, Surface.moments)),
)

steps = sharing + earning

mint_steps = frozenset({"mint", "re-share", "mint for one use", "mint with the new key"})

fresh_key_steps = frozenset(
    {
        "register_issuer",
        "allow_hosts",
        "rotate_key",
        "befriend",
        "befriend a cousin",
        "join",
        "join too",
        "follow",
        "unfollow",
        "leave",
        "unfriend",
        "block",
        "block another",
        "unblock",
        "label",
        "ban",
        "ban a page",
        "lift",
        "accept the clock",
    }
)
"""What a retry does once more, since nothing says that it is the same request."""


def _to_friend(**fields: Any) -> Item:
    return item(fields["surface"], "今晚一起吃饭吗", **fields)


def tell(task: Task) -> Iterator[tuple[str, Any]]:
    """Do the steps of a task one by one, and yield what each answered."""
    points = _Points(task)
    clock = ManualClock(_time_of(task.not_before))
    with Engine.open(task.target, clock=clock, seed=_seed(task)) as engine:
        told = Told(engine, dict(task.codes))
        points.end_step()
        for number, (name, act) in enumerate(steps, 1):
            if not task.first <= number <= task.last:
                continue
            clock.at = _time_of(max(number, task.not_before))
            points.begin_step(number)
            answer = _answer(act, told)
            points.end_step()
            yield name, answer


def _seed(task: Task) -> int:
    """Each telling has chances of its own: two of one seed would draw the same ids."""
    return zlib.crc32(msgspec.json.encode(msgspec.structs.replace(task, target="")))


def _answer(act: Callable[[Told], Any], told: Told) -> Any:
    try:
        return act(told)
    except (Conflict, InvalidInput, NotFound) as error:
        return type(error).__name__


def _time_of(step: int) -> Any:
    return noon + timedelta(minutes=step)


class _Points:
    """Counts statements and commits within a step, and dies at the one that is asked for."""

    def __init__(self, task: Task) -> None:
        self.step, self.count, self.task = 0, 0, task
        event.listen(sa.Engine, "before_cursor_execute", lambda *args: self.pass_point(args[2]))
        event.listen(sa.Engine, "commit", lambda _: self.pass_point("COMMIT"))

    def begin_step(self, number: int) -> None:
        self.step, self.count = number, 0

    def pass_point(self, statement: str) -> None:
        self.count += 1
        if self.task.trace:
            _print({"point": [self.step, self.count, statement]})
        if self.task.kill == (self.step, self.count):
            _die()

    def end_step(self) -> None:
        if self.task.kill and self.task.kill[0] == self.step:
            _die()  # the step is done, but nobody hears of it


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead")


def _print(what: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


def _play(task: Task) -> None:
    for name, answer in tell(task):
        _print({"step": name, "answer": answer})


def _fork(task: Task) -> None:
    """Let a child play a task, and print how it ended."""
    child = os.fork()
    if child == 0:
        try:
            _play(task)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if task.after is not None:
        time.sleep(task.after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    _print({"exit": os.waitstatus_to_exitcode(status)})


def main() -> None:
    """Play one task from the arguments, or many from the standard input."""
    if sys.argv[1:]:
        target, *kill = sys.argv[1:]
        point = tuple(int(number) for number in kill[0].split(":")) if kill else None
        _play(msgspec.convert({"target": target, "kill": point}, Task))
        return
    _warm_up()
    for line in sys.stdin.buffer:
        _fork(msgspec.json.decode(line, type=Task))


def _warm_up() -> None:
    """Load once what each fork would load for itself: detectors, policies, drivers."""
    loaded = gate.Detectors.load(own_hosts=frozenset({Settings().page_host}))
    gate.Detectors.load = lambda **_: loaded  # type: ignore[method-assign]  # forks share it
    import_module("sqlalchemy.dialects.postgresql.psycopg")
    import_module("psycopg")
    with TemporaryDirectory() as folder:
        for _ in tell(Task(f"{folder}/warm.db")):
            pass
    gc.freeze()


if __name__ == "__main__":
    main()
