"""The same items through every entry of the gate: one judge decides them all, bit for bit."""

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from typer.testing import CliRunner

from kouling import Decision, Engine, GroupId, Item, ItemId, Surface, UserId, bundled_policy
from kouling.cli import app as commands
from kouling.clock import ManualClock
from kouling.config import Settings
from kouling.db import Store
from kouling.demo import card as demo_card
from kouling.errors import InvalidInput
from kouling.gate import (
    Court,
    Gallery,
    Subject,
    SubjectKind,
    detectors_for,
    judge_items,
    pictures_max,
)
from kouling.gate.past import past_of
from kouling.gate.records import Judgement, text_length_max
from kouling.ids import random_bytes
from kouling.lab import all_disguises, sample_material
from kouling.mint import KeyRing, LiveRing, qr_png
from kouling.server import app_for
from kouling.words import Answer, answer_of
from tests.conftest import noon
from tests.picture.samples import card, png, saved
from tests.samples import foreign_text, friend, offer, seller

count = 1_000

policy = bundled_policy("moments-2018")
settings = Settings()
photo = ItemId("photo")
spam = UserId("spam")


@cache
def texts() -> tuple[str, ...]:
    """Share messages in every disguise, ordinary ones, and some odd and long ones."""
    material = sample_material()
    odd = (
        "",
        " ",
        "好\n好",
        "👨‍👩‍👧 ￥t7Xk2bQm9Ra￥",
        f"看 https://{settings.page_host}/x",
        "￥" * 9_000,
    )
    long = "今天" * 3_000 + " 复制￥t7Xk2bQm9Ra￥ " + "天气" * 3_000
    random, found = random_bytes(1), [*odd, long[:text_length_max], *material.negatives]
    for number, disguise in enumerate(cycle(all_disguises.values())):
        if len(found) == count - len(pictures()):
            return tuple(found)
        message = material.messages[number % len(material.messages)]
        found.append(disguise(random, message.text, message.codes)[0])
    raise AssertionError


@cache
def pictures() -> tuple[tuple[Surface, tuple[bytes, ...]], ...]:
    """Pictures unlike each other, so that none is known again for another."""
    return (
        (Surface.moments, (demo_card(),)),
        (Surface.moments, (qr_png("https://m.tb.cn/h.3Kx7Qd2"), png(8, 8))),
        (Surface.comment, (saved(card("周末去爬山"), "JPEG"),)),
        (Surface.interest, (b"<svg/>",)),
        (Surface.market, (png(60_000, 60_000, rows=2),)),
    )


def posted(number: int, surface: Surface, text: str, shown: Sequence[bytes] = ()) -> Item:
    """An item with what its surface needs, each by another author."""
    needs: dict[Surface, dict[str, Any]] = {
        Surface.direct: {"to": friend},
        Surface.group: {"group": GroupId("neighbours")},
        Surface.comment: {"under": photo},
    }
    return Item(
        id=ItemId(f"item-{number}"),
        author=UserId(f"user-{number}"),
        surface=surface,
        text=text,
        pictures=tuple(shown),
        **needs.get(surface, {}),
    )


@cache
def items() -> tuple[Item, ...]:
    spread = zip(cycle(Surface), texts(), strict=False)
    with_texts = [posted(number, *one) for number, one in enumerate(spread)]
    with_pictures = [
        posted(number, surface, "看图", shown)
        for number, (surface, shown) in enumerate(pictures(), len(with_texts))
    ]
    return (*with_texts, *with_pictures)


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    target = tmp_path / "shop.db"
    target.write_bytes(sqlite_template.read_bytes())
    return target


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(noon)


@pytest.fixture
def engine(path: Path, clock: ManualClock) -> Iterator[Engine]:
    with Engine.open(str(path), clock=clock, seed=1) as opened:
        opened.gate.policies.activate(policy)
        opened.gate(Item(id=photo, author=seller, surface=Surface.moments))
        yield opened


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The engine's database, as another process sees it."""
    opened = Store(str(path))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    opened = Gallery(1)
    yield opened
    opened.close()


def ring_of(store: Store, clock: ManualClock) -> KeyRing:
    return LiveRing(store, clock, settings.issuer, b"")()


def court(ring: KeyRing | None = None, gallery: Gallery | None = None) -> Court:
    return Court(detectors_for(settings.page_host), ring, policy, noon, gallery)


def decided(outcomes: Sequence[Judgement | InvalidInput]) -> list[Decision]:
    assert all(isinstance(one, Judgement) for one in outcomes)
    return [one.decision for one in outcomes if isinstance(one, Judgement)]


def encoded(decisions: Sequence[Decision]) -> list[bytes]:
    return [msgspec.json.encode(answer_of(one.item, one)) for one in decisions]


def by_command(folder: Path, rows: Sequence[dict[str, Any]], database: str = "") -> list[bytes]:
    """What `kouling gate inspect` writes for some rows, line by line."""
    (folder / "in.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    asked = ["gate", "inspect", str(folder / "in.jsonl"), "--at", noon.isoformat()]
    asked += ["--database", database, "--output", str(folder / "out.jsonl"), "--force"]
    CliRunner().invoke(commands, asked)
    return (folder / "out.jsonl").read_bytes().splitlines()


def over_http(rows: Sequence[dict[str, Any]], engine: Engine | None = None) -> list[bytes]:
    """What the server answers to some rows, one by one, as it stood in its body."""
    asked = {"items": list(rows), "at": noon.isoformat()}
    with TestClient(app_for(None if engine else policy, engine)) as client:
        body = client.post("/v1/gate/inspect", json=asked).content
    answers = msgspec.json.decode(body, type=dict[str, list[msgspec.Raw]])
    return [bytes(one) for one in answers["decisions"]]


def row_of(item: Item, inline: str = "") -> dict[str, Any]:
    held = [inline + base64.b64encode(one).decode() for one in item.pictures]
    row = {"id": item.id, "text": item.text, "surface": item.surface}
    return {**row, "pictures": held} if held else row


def test_a_thousand_items_are_decided_alike_by_every_entry(
    forgetting: Callable[[Item], Decision],
    store: Store,
    clock: ManualClock,
    gallery: Gallery,
    tmp_path: Path,
) -> None:
    """An engine that is made to forget, a batch, a file and a request: the same bytes."""
    assert len(items()) == count
    by_engine = [forgetting(one) for one in items()]

    assert decided(judge_items(items(), court(ring_of(store, clock), gallery))) == by_engine
    answers = encoded(by_engine)
    alone = encoded(decided(judge_items(items(), court(None, gallery))))
    assert by_command(tmp_path, [row_of(one, "base64:") for one in items()]) == alone
    assert over_http([row_of(one) for one in items()]) == alone
    assert over_http([row_of(one) for one in items() if not one.pictures]) == alone[: len(texts())]
    told = [msgspec.json.decode(one, type=Answer) for one in answers]
    assert {one.visibility for one in told} == {"allow", "limit"}
    assert sum(bool(one.signals) for one in told) > count / 2


@pytest.fixture
def forgetting(engine: Engine, path: Path) -> Iterator[Callable[[Item], Decision]]:
    """Gates an item as if nothing had been kept from being shown before."""
    memory = sqlite3.connect(path, isolation_level=None)
    memory.execute("PRAGMA synchronous = OFF")

    def gate(item: Item) -> Decision:
        decision = engine.gate(item)
        if decision.visibility != "allow":
            memory.execute("DELETE FROM text_band")
            memory.execute("DELETE FROM picture_mark")
        return decision

    yield gate
    memory.close()


def test_what_was_before_is_all_that_an_engine_heeds_beside(
    engine: Engine, store: Store, clock: ManualClock
) -> None:
    """Bans, copies, codes in pieces and our own codes: by the same past, the same decision."""
    own = engine.mint.render(engine.mint(offer(), sharer=seller)).text
    engine.gate.ban(Subject(SubjectKind.user, spam), "spam")
    engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud")
    halves = [f"{half}" for half in ("复制 ￥t7Xk2b", "Qm9Ra￥ 打开淘宝")]
    banned = msgspec.structs.replace(posted(3, Surface.moments, "早上好"), author=spam)
    asked = [
        posted(0, Surface.moments, own),
        posted(1, Surface.moments, foreign_text),
        posted(2, Surface.moments, foreign_text.replace("裙", "裤")),
        banned,
        posted(4, Surface.moments, "看 https://www.evil.example/x"),
        *(
            msgspec.structs.replace(posted(number, Surface.comment, half), author=friend)
            for number, half in enumerate(halves, 5)
        ),
        *islice(items(), 7, 200),
    ]
    seen = set()
    for item in asked:
        with store.read() as connection:
            ring = ring_of(store, clock)
            past = past_of(connection, court().detectors, ring, noon)
            [expected] = decided(judge_items([item], court(ring)._replace(past=past)))
        assert engine.gate(item) == expected
        seen |= {one.detector for one in expected.signals}
    assert {"banned_subject", "text_duplicate", "split_code", "share_code"} <= seen


def test_a_second_look_decides_as_a_first_one_would_have(
    path: Path, store: Store, clock: ManualClock, gallery: Gallery
) -> None:
    blind = Settings(picture_workers=0)
    asked = [one for one in items() if one.pictures and one.surface is not Surface.comment]
    with Engine.open(str(path), clock=clock, seed=1, settings=blind) as engine:
        engine.gate.policies.activate(policy)
        assert all("not-inspected" in engine.gate(one).rules for one in asked)

    with Engine.open(str(path), clock=clock, seed=1) as engine:
        again = {one.item: one for one in engine.gate.look_again()}

    expected = decided(judge_items(asked, court(ring_of(store, clock), gallery)))
    undecodable = {one.item for one in expected if "not-inspected" in one.rules}
    assert len(again) == len(asked) - len(undecodable) == 2
    for decision in expected:
        if decision.item not in undecodable:
            assert again[decision.item] == decision


bad: dict[str, dict[str, Any]] = {
    "NUL": {"text": "a\0b"},
    "too long": {"text": "x" * (text_length_max + 1)},
    "no such surface": {"surface": "nowhere"},
    "an empty picture": {"pictures": (b"",)},
    "too many pictures": {"pictures": (b"x",) * (pictures_max + 1)},
}


@pytest.mark.parametrize("kind", bad)
def test_a_bad_item_is_one_error_in_every_entry_and_its_neighbours_do_not_mind(
    engine: Engine, tmp_path: Path, kind: str
) -> None:
    wrong = msgspec.structs.replace(posted(0, Surface.moments, "好"), **bad[kind])
    good = posted(1, Surface.moments, foreign_text)

    with pytest.raises(InvalidInput):
        engine.gate(wrong)  # in its own words: it says which argument is wrong
    first, second = judge_items([wrong, good], court())
    answers = [
        [json.loads(one) for one in over_http([row_of(wrong), row_of(good)])],
        [json.loads(one) for one in by_command(tmp_path, [row_of(wrong, "base64:"), row_of(good)])],
    ]

    assert isinstance(first, InvalidInput)
    for told, neighbour in answers:
        assert (told["error"], told["hint"]) == (first.message, first.hint)
        assert neighbour == json.loads(encoded(decided([second]))[0])
