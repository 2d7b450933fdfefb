"""Pictures through the front door: what the gate sees in them, and what it makes of it."""

import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from kouling import Engine, Visibility, bundled_policy
from kouling.clock import ManualClock
from kouling.config import Settings
from kouling.gate import Decision, Subject, SubjectKind
from kouling.ids import GroupId
from kouling.mint import qr_png
from kouling.words import evidence_of
from tests.picture.samples import card, foreign_code, foreign_lines, png, saved
from tests.samples import item, offer, seller


@pytest.fixture
def policed(sqlite_engine: Engine) -> Engine:
    sqlite_engine.gate.policies.activate(bundled_policy("moments-2018"))
    return sqlite_engine


def gate(engine: Engine, id: str, *pictures: bytes, **changes: Any) -> Decision:
    return engine.gate(item(id, "", pictures=pictures, **changes))


def kinds(decision: Decision) -> set[str]:
    return {signal.kind for signal in decision.signals}


def why(decision: Decision) -> str:
    return " ".join(words for signal in decision.signals for words in evidence_of(signal))


def test_a_code_printed_on_a_card_is_limited_with_its_place(policed: Engine) -> None:
    decision = gate(policed, "1", saved(card(*foreign_lines)))

    (signal,) = [one for one in decision.signals if one.kind == "share_code"]
    assert decision.visibility is Visibility.limit
    assert decision.rules == ("foreign-share-code",)
    assert decision.reasons[0].pictures == (1,)
    assert (signal.picture, signal.issuer, signal.code) == (1, "taobao", foreign_code)
    assert signal.box is not None
    left, top, right, bottom = signal.box
    assert 150 < left < right < 560
    assert 215 < top < bottom < 290


def test_a_link_in_a_qr_code_is_limited_without_reading_print(policed: Engine) -> None:
    decision = gate(policed, "1", qr_png("https://m.tb.cn/h.3Kx7Qd2"))

    assert decision.rules == ("foreign-share-link",)
    (signal,) = decision.signals
    assert signal.box is not None


def test_a_clean_card_passes_and_a_bare_model_name_is_only_unsure(policed: Engine) -> None:
    decision = gate(policed, "1", saved(card("周末去爬山", "iPhone15ProMax 价格 ￥5999")))

    assert decision.visibility is Visibility.allow
    assert kinds(decision) <= {"unsure"}


def test_our_own_code_on_a_card_is_ours(policed: Engine) -> None:
    code = policed.mint(offer(), sharer=seller)

    decision = gate(policed, "1", saved(card("好物分享", f"〖{code.code}〗")))

    found = [one for one in decision.signals if one.kind == "share_code"]
    assert decision.visibility is Visibility.allow
    assert [(one.party, one.code) for one in found] == [("own", code.code)]


def test_a_group_is_not_read_but_its_qr_codes_are(policed: Engine) -> None:
    in_group = {"surface": "group", "group": GroupId("neighbours")}

    read = gate(policed, "1", saved(card(*foreign_lines)), **in_group)
    scanned = gate(policed, "2", qr_png("https://m.tb.cn/h.3Kx7Qd2"), **in_group)

    assert read.signals == ()
    assert kinds(scanned) == {"share_link"}


def test_text_over_two_lines_is_read_as_one(policed: Engine) -> None:
    decision = gate(policed, "1", saved(card("复制 ￥t7Xk2b", "Qm9Ra￥ 打开手机淘宝")))

    assert foreign_code in {signal.code for signal in decision.signals}


def hidden_on_white() -> bytes:
    """White text on nothing: not to be seen on white."""
    text = card(*foreign_lines, ground="black", ink="white").convert("L")
    image = Image.new("RGBA", text.size, (255, 255, 255, 0))
    image.putalpha(text.point(lambda level: 255 if level > 200 else 0))
    return saved(image)


def hidden_in_palette() -> bytes:
    """Black text on a transparent palette colour that is black: not to be seen on black."""
    image = card(*foreign_lines, ground="white", ink="black").convert("L")
    paletted = image.point(lambda level: 0 if level < 128 else 1).convert("P")
    paletted.putpalette([0, 0, 0, 0, 0, 0])
    return saved(paletted, transparency=1)


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(card(*foreign_lines).rotate(90), "JPEG", exif=exif, quality=90)


def second_frame() -> bytes:
    frames = [card("你好"), card(*foreign_lines)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


seen_anyway: dict[str, Callable[[], bytes]] = {
    "white on transparent": hidden_on_white,
    "transparent palette": hidden_in_palette,
    "cmyk": lambda: saved(card(*foreign_lines).convert("CMYK"), "JPEG", quality=90),
    "16 bit": lambda: saved(card(*foreign_lines).convert("L").convert("I;16"), "PNG"),
    "webp": lambda: saved(card(*foreign_lines), "WEBP", quality=80),
    "turned by exif": turned,
    "second frame of a gif": second_frame,
    "far down a long picture": lambda: saved(long_picture()),
}


def long_picture() -> Image.Image:
    image = Image.new("RGB", (720, 6_000), "#a01c1c")
    image.paste(card(*foreign_lines), (0, 5_000))
    return image


@pytest.mark.parametrize("form", seen_anyway)
def test_a_code_is_seen_in_every_kind_of_picture(policed: Engine, form: str) -> None:
    picture = seen_anyway[form]()
    if form == "16 bit":
        deep = Image.open(__import__("io").BytesIO(picture))
        picture = saved(deep.point(lambda level: level * 257))

    decision = gate(policed, "1", picture)

    assert foreign_code in {signal.code for signal in decision.signals}, why(decision)


never_clean: dict[str, tuple[Callable[[], bytes], str]] = {
    "400 megapixels": (lambda: png(20_000, 20_000), "more than 40,000,000 pixels"),
    "a forged header": (lambda: png(60_000, 60_000, rows=2), "more than 40,000,000 pixels"),
    "truncated": (lambda: saved(card("好"))[:-900], "can't be decoded"),
    "no picture": (lambda: b"\x89PNG", "it is none of"),
    "svg": (
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "it is SVG, which is not decoded",
    ),
    "bmp": (lambda: saved(card("好"), "BMP"), "it is BMP, which is not decoded"),
    "tiff in a png's name": (lambda: saved(card("好"), "TIFF"), "it is TIFF, which is not decoded"),
    "an animated bomb": (lambda: animated(), "only its first 5 frames"),
    "text chunk bomb": (lambda: text_bomb(), "can't be decoded"),
}


def animated() -> bytes:
    frames = [Image.new("P", (60, 60), number % 255) for number in range(300)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)


def text_bomb() -> bytes:
    """A compressed text of 100 MB in a small PNG."""
    import zlib

    from tests.picture import samples

    small = png(8, 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"A" * 1_000_000) for _ in range(100)) + packer.flush()
    chunk = samples._chunk(b"zTXt", b"k\0\0" + data)
    return small[:33] + chunk + small[33:]


@pytest.mark.parametrize("form", never_clean)
def test_what_can_not_be_looked_into_is_never_clean(policed: Engine, form: str) -> None:
    make, reason = never_clean[form]

    decision = gate(policed, "1", make())

    assert decision.visibility is Visibility.limit
    assert decision.rules == ("not-inspected",)
    assert reason in why(decision)


def test_a_polyglot_is_what_its_content_begins_with(policed: Engine) -> None:
    picture = saved(card(*foreign_lines), "JPEG", quality=90) + b"<svg></svg>PK\x03\x04"

    assert foreign_code in {one.code for one in gate(policed, "1", picture).signals}


def overlay(image: Image.Image) -> Image.Image:
    image = image.copy()
    image.paste(card("早上好").resize((150, 150)), (540, 540))
    return image


def screenshot(image: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (720, 1400), "white")
    screen.paste(Image.new("RGB", (720, 60), "black"), (0, 0))
    screen.paste(image.resize((720, 720)), (0, 200))
    return screen


edits = {
    "smaller": lambda image: image.resize((300, 300)),
    "cropped": lambda image: image.crop((36, 36, 684, 684)),
    "with a border": lambda image: ImageOps.expand(image, 60, "white"),
    "with an overlay": overlay,
    "mirrored": ImageOps.mirror,
    "a screenshot": screenshot,
}


def photo(seed: int) -> Image.Image:
    """Something with edges and colours, as photos have."""
    chance = random.Random(seed)
    image = Image.new("RGB", (720, 720), (chance.randrange(256), 90, 160))
    for _ in range(60):
        size = chance.randrange(30, 200)
        spot = Image.effect_noise((size, size), 60).convert("RGB")
        spot = ImageOps.colorize(spot.convert("L"), "black", (255, chance.randrange(256), 80))
        image.paste(spot, (chance.randrange(680), chance.randrange(680)))
    return image


@pytest.mark.parametrize("edit", edits)
def test_a_copy_of_a_banned_picture_is_known_again(policed: Engine, edit: str) -> None:
    picture = photo(7)
    assert gate(policed, "1", saved(picture)).visibility is Visibility.allow
    policed.gate.ban(Subject(SubjectKind.picture, sha256(saved(picture)).hexdigest()), "fraud")

    copy = gate(policed, "2", saved(edits[edit](picture), "JPEG", quality=60))
    other = gate(policed, "3", saved(photo(8)))

    assert {"near_duplicate", "banned_subject"} <= kinds(copy), why(copy)
    assert "features lie alike" in why(copy)
    assert copy.rules == ("banned-subject", "copy-of-a-hidden-picture")
    assert other.visibility is Visibility.allow


def test_a_banned_picture_itself_is_banned_everywhere_until_the_ban_is_lifted(
    policed: Engine,
) -> None:
    picture = saved(photo(3))
    subject = Subject(SubjectKind.picture, sha256(picture).hexdigest())
    policed.gate.ban(subject, "fraud")
    in_group = {"surface": "group", "group": GroupId("neighbours")}

    assert gate(policed, "1", picture, **in_group).rules == ("banned-subject",)

    policed.gate.lift(subject)
    assert gate(policed, "2", picture, surface="comment", under="1").rules == ()


def test_red_packets_of_one_template_are_kept_apart(policed: Engine) -> None:
    """A banned card does not ban its template: looks and content have to agree."""
    banned, other = (
        saved(card("恭喜发财", f"口令 {code}")) for code in ("r8Kq2vBn4Ta", "m3Wd7sXc9Hp")
    )
    gate(policed, "1", banned)
    policed.gate.ban(Subject(SubjectKind.picture, sha256(banned).hexdigest()), "fraud")

    same = gate(policed, "2", saved(card("恭喜发财", "口令 r8Kq2vBn4Ta"), "JPEG", quality=70))
    another = gate(policed, "3", other)

    assert "banned_subject" in kinds(same)
    assert not {"banned_subject", "near_duplicate"} & kinds(another)
    assert "says something else" in why(another)


def test_a_limited_pictures_copy_is_limited_until_the_item_is_shown(policed: Engine) -> None:
    gate(policed, "1", saved(card(*foreign_lines)))

    copy = gate(policed, "2", saved(card(*foreign_lines).resize((400, 400)), "JPEG"))

    assert "copy-of-a-hidden-picture" in copy.rules


def test_a_limited_card_is_known_again_in_a_mirror(policed: Engine) -> None:
    other = (line.replace(foreign_code, "m3Wd7sXc9Hp") for line in foreign_lines)
    gate(policed, "1", saved(card(*foreign_lines)))

    another = gate(policed, "2", saved(ImageOps.mirror(card(*other)), "JPEG"))
    same = gate(policed, "3", saved(ImageOps.mirror(card(*foreign_lines)), "JPEG"))

    assert "near_duplicate" in kinds(same), why(same)
    assert "near_duplicate" not in kinds(another), why(another)


def test_the_same_picture_is_looked_into_once(policed: Engine) -> None:
    picture = saved(card("周末去爬山"))
    first = gate(policed, "1", picture)
    policed._runtime.gallery.pool.close()

    assert gate(policed, "2", picture).signals == first.signals


def test_gating_again_gives_the_same_answer_whatever_became_of_the_picture(
    policed: Engine,
) -> None:
    picture = saved(card("周末去爬山"))
    first = gate(policed, "1", picture)
    policed.gate.ban(Subject(SubjectKind.picture, sha256(picture).hexdigest()), "fraud")

    assert gate(policed, "1", picture) == first


def test_an_author_has_a_budget_of_pictures_a_minute(policed: Engine, clock: ManualClock) -> None:
    from kouling.gate.gallery.budget import author_pictures_max

    tiny = [saved(Image.new("RGB", (9, 9), (level, 0, 0))) for level in range(45)]
    for number in range(0, author_pictures_max, 5):
        gate(policed, f"a{number}", *tiny[number : number + 5])

    over = gate(policed, "b", *tiny[30:35])
    known = gate(policed, "c", *tiny[:5])
    clock.advance(minutes=1)
    later = gate(policed, "d", *tiny[30:35])

    assert over.visibility is Visibility.limit
    assert "budget" in why(over)
    assert known.visibility is later.visibility is Visibility.allow


@pytest.fixture
def without_workers(tmp_path: Path, clock: ManualClock) -> Iterator[Engine]:
    settings = Settings(picture_workers=0)
    with Engine.open(str(tmp_path / "none.db"), clock=clock, settings=settings) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        yield engine


def test_without_workers_a_picture_is_not_inspected_and_text_is(without_workers: Engine) -> None:
    decision = gate(without_workers, "1", saved(card("好")))

    assert decision.rules == ("not-inspected",)
    assert "no picture workers are set up" in why(decision)
    assert without_workers.gate(item("2", "你好")).visibility is Visibility.allow
