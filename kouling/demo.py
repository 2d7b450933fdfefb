"""The running example, "moments, 29 May": one dress shared four ways, before and after the day.

A seller shares another shop's code in a group, to a friend, in moments, as a picture and as a
comment, first on the day before a content policy takes effect and then on the day itself. Then
the seller's own code passes everywhere; a friend pastes it, buys, and the sharer earns.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from kouling.clock import ManualClock
from kouling.engine import Engine
from kouling.errors import KoulingError
from kouling.gate import Decision, Item, StatementOfReasons, Surface, bundled_policy
from kouling.ids import ConversionId, GroupId, ItemId, OfferId, UserId
from kouling.lab import printed_card
from kouling.mint import Channel, Offer, ShareCode, qr_png
from kouling.money import Money
from kouling.redeem import Redemption, Refusal
from kouling.settle import Conversion, ConversionStatus, Entry, Refund
from kouling.words import memo_of, refusal_of, words_of

seller, friend, stranger = UserId("seller"), UserId("friend"), UserId("stranger")
neighbours = GroupId("neighbours")
photo = ItemId("photo")

before = datetime(2018, 5, 28, 4, 0, tzinfo=UTC)  # noon in Beijing, the day before
foreign_link = "https://m.tb.cn/h.3Kx7Qd2"
foreign_text = f"【真丝连衣裙】{foreign_link} 復·制这段描述￥t7Xk2bQm9Ra￥后咑閞👉淘♂寳♀👈"
card_lines = ("真丝连衣裙", "复制这段描述 ￥t7Xk2bQm9Ra￥", "后打开手机淘宝")
pixel = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
dress = Offer(
    id=OfferId("dress"),
    merchant=UserId("shop"),
    title="真丝连衣裙",
    url="https://shop.example/dress",
    price=Money(19_900, "CNY"),
    rate_bps=1_000,
)


class Told(NamedTuple):
    """One item of the story: how it was shared, what was decided, and who can see it."""

    how: str
    item: Item
    decision: Decision
    seen_by: tuple[UserId, ...]


class Story(NamedTuple):
    """Everything that happened, for printing and for tests."""

    day_before: tuple[Told, ...]
    day_itself: tuple[Told, ...]
    own_code: tuple[Told, ...]
    pasted: tuple[tuple[str, Redemption | Refusal], ...]
    entries: tuple[Entry, ...]
    funnel: Any


def play(console: Console, target: str, drawing: Path | None = None) -> Story:
    """Play the story on a new database and print one table a step; return what happened.

    What the gate saw in the card is drawn into a copy of it, at `drawing`.
    """
    clock = ManualClock(before)
    with Engine.open(target, clock=clock, seed=29) as engine:
        story = tell(engine, clock)
        card = next(told.item for told in story.day_itself if told.item.pictures)
        if drawing is not None:
            drawing.write_bytes(engine.gate.annotated(card.id)[0])
    console.print(f"[b]moments, 29 May[/b]: {dress.title}, {dress.price}, shared by its seller")
    for table in _tables(story):
        console.print()
        console.print(table)
    if drawing is not None:
        console.print(f"\nThe card, with what was seen in it: [b]{drawing}[/b]")
        for signal in (seen for told in story.day_itself for seen in told.decision.signals):
            if signal.box:
                console.print(
                    f"  {signal.kind} {signal.text} at {signal.box}: left, top, right, bottom"
                )
    console.print(
        "\nTry next: [b]kouling gate inspect --input FILE[/b] on your own items"
        " (.venv/bin/kouling), or read docs/start.md."
    )
    return story


def tell(engine: Engine, clock: ManualClock) -> Story:
    """Let the story happen through the public engine."""
    engine.people.befriend(seller, friend)
    for user in (seller, friend):
        engine.people.join(user, neighbours)
    engine.gate.policies.activate(bundled_policy("moments-2018"))
    ordinary = Item(id=photo, author=seller, surface=Surface.moments, pictures=(pixel,))
    engine.gate(ordinary)
    picture = card()
    day_before = tuple(_share(engine, clock, "28", foreign_text, picture))
    clock.advance(days=1)
    day_itself = tuple(_share(engine, clock, "29", foreign_text, picture))
    code = engine.mint(dress, sharer=seller)
    own_text = engine.mint.render(code, Channel.moments).text
    own_code = tuple(_share(engine, clock, "own", own_text, None))
    engine.deliver.like(friend, own_code[0].item.id)
    engine.people.follow(friend, seller)
    pasted = tuple(_paste(engine, clock, code, own_text))
    entries = tuple(_buy(engine, clock))
    funnel = engine.insight("funnel", date(2018, 5, 29))
    return Story(day_before, day_itself, own_code, pasted, entries, funnel)


def card() -> bytes:
    """Return the card that the seller posts: the other shop's code in print.

    Without the libraries for pictures, which draw it and look into it, it is a QR picture.
    """
    try:
        return printed_card(card_lines)
    except KoulingError:
        return qr_png(foreign_link)


def _share(
    engine: Engine, clock: ManualClock, day: str, text: str, picture: bytes | None
) -> Iterator[Told]:
    ways: list[tuple[str, dict[str, Any]]] = [
        ("in a group", {"surface": Surface.group, "group": neighbours, "text": text}),
        ("to a friend", {"surface": Surface.direct, "to": friend, "text": text}),
        ("in moments", {"surface": Surface.moments, "text": text}),
        ("as a comment", {"surface": Surface.comment, "under": photo, "text": text}),
    ]
    if picture is not None:
        ways.insert(3, ("as a picture", {"surface": Surface.moments, "pictures": (picture,)}))
    for number, (how, fields) in enumerate(ways, 1):
        clock.advance(minutes=1)
        item = Item(id=ItemId(f"{day}-{number}"), author=seller, **fields)
        decision = engine.gate(item)
        yield Told(how, item, decision, tuple(_seen_by(engine, item)))


def _seen_by(engine: Engine, item: Item) -> Iterator[UserId]:
    for viewer in (seller, friend, stranger):
        if item.under is not None and viewer is stranger:
            continue  # a stranger does not see the picture, let alone what stands under it
        page = engine.deliver(viewer, item.surface, size=100, under=item.under)
        if any(place.item.id == item.id for place in page.places):
            yield viewer


def _paste(
    engine: Engine, clock: ManualClock, code: ShareCode, own_text: str
) -> Iterator[tuple[str, Redemption | Refusal]]:
    mistyped = code.code[:-1] + ("2" if code.code[-1] != "2" else "3")
    spaced = " ".join(code.code)
    for text in (foreign_text, f"〖{mistyped}〗", f"👗 {spaced} 👗", own_text):
        clock.advance(minutes=1)
        yield text, engine.redeem(text, buyer=friend)


def _buy(engine: Engine, clock: ManualClock) -> Iterator[Entry]:
    order = Conversion(id=ConversionId("order-1"), buyer=friend, offer=dress.id, amount=dress.price)
    for status in (ConversionStatus.paid, ConversionStatus.received):
        clock.advance(minutes=10)
        entry = engine.settle(Conversion(**{**_fields(order), "status": status}))
        assert entry is not None
        yield entry
    clock.advance(minutes=10)
    refund = Refund(id="refund-1", conversion=order.id, amount=Money(5_000, "CNY"))
    reversal = engine.settle.refund(refund)
    assert reversal is not None
    yield reversal


def _fields(order: Conversion) -> dict[str, Any]:
    return {name: getattr(order, name) for name in order.__struct_fields__}


def _tables(story: Story) -> Iterator[Table]:
    yield _told_table("1  28 May, the day before: another shop's code passes", story.day_before)
    yield _told_table("2  29 May, the policy is in force", story.day_itself)
    yield _told_table("3  29 May, the seller's own code passes everywhere", story.own_code)
    yield _pasted_table(story)
    yield _ledger_table(story)
    yield _funnel_table(story)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _told_table(title: str, told: tuple[Told, ...]) -> Table:
    table = _table(title, "shared", "on", "decision", "why", "who can see it")
    colours = {"allow": "green", "limit": "yellow", "drop": "red"}
    for one in told:
        visibility = one.decision.visibility
        table.add_row(
            one.how,
            one.item.surface,
            f"[{colours[visibility]}]{visibility}[/]",
            _why(one),
            ", ".join(one.seen_by),
        )
    return table


def _why(told: Told) -> str:
    if not told.decision.reasons:
        return f"no rule of {told.decision.policy_version} forbids it"
    return "\n".join(f"{one.rule}: {_about(one, told)}" for one in told.decision.reasons)


def _about(reason: StatementOfReasons, told: Told) -> str:
    """Say where in the text or in the pictures it is, else what the rule is called."""
    spans = [f"{told.item.text[a:b]} ({a}–{b})" for a, b in reason.spans if b]
    seen = [one for one in told.decision.signals if one.box and reason.pictures]
    boxes = [f"{one.text} (picture {one.picture})" for one in seen]
    return ", ".join([*spans, *boxes]) or words_of(reason.title)


def _pasted_table(story: Story) -> Table:
    table = _table("4  What a pasted text leads to", "pasted", "outcome", "leads to")
    for text, outcome in story.pasted:
        if isinstance(outcome, Refusal):
            table.add_row(text, f"[yellow]refused: {outcome.reason}[/]", refusal_of(outcome))
        else:
            traced = f"{outcome.url}\nitem {outcome.item}, traced by {outcome.traced_by}"
            table.add_row(text, f"[green]{outcome.sharer}'s code redeemed[/]", traced)
    return table


def _ledger_table(story: Story) -> Table:
    table = _table(
        "5  What the sale earns: paid, received, partly refunded",
        *("entry", "kind", "debit", "credit", "amount", "memo"),
    )
    for entry in story.entries:
        for leg in entry.postings:
            table.add_row(
                str(entry.id),
                entry.kind,
                leg.debit.name,
                leg.credit.name,
                str(leg.amount),
                memo_of(entry.memo),
            )
    return table


def _funnel_table(story: Story) -> Table:
    table = _table("6  The funnel of 29 May", *story.funnel.columns)
    for row in story.funnel.rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    return table
