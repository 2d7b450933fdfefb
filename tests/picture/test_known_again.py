"""A known picture is found and laid on its copies; another product of its template is not it."""

import random
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image, ImageDraw

from kouling.picture import Index, Likeness, PictureMark, hashes_to_keep, voters_to_keep
from kouling.picture.decode import decode
from kouling.picture.fingerprint import fingerprint
from kouling.picture.likeness import Seen, likeness
from kouling.picture.look import Imprint
from tests.picture.samples import font, saved

known_count = 4


@cache
def photo(seed: int) -> Image.Image:
    """Something with edges, colours and shades, as photos have."""
    chance = random.Random(seed)
    image = Image.effect_noise((120, 90), 90).resize((600, 450), Image.Resampling.BICUBIC)
    image = Image.merge("RGB", [image.rotate(90 * turn).resize((600, 450)) for turn in range(3)])
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, side = chance.randrange(600), chance.randrange(450), chance.randrange(10, 120)
        shade = tuple(chance.randrange(256) for _ in range(3))
        draw = chance.choice((pen.ellipse, pen.rectangle))
        draw((x, y, x + side, y + side), fill=shade, outline="black")
    return image


def poster(product: int, name: str, price: str) -> Image.Image:
    """One template for every product."""
    image = Image.new("RGB", (600, 800), "#f4e4c8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((15, 15, 585, 785), outline="#e0b040", width=8)
    pen.text((40, 30), "今日爆款 品牌特卖", font=font(48), fill="#301818")
    image.paste(photo(product).resize((520, 390)), (40, 110))
    pen.text((40, 530), name, font=font(40), fill="#301818")
    pen.text((40, 600), price, font=font(60), fill="#d02010")
    pen.text((40, 710), "数量有限 先到先得 全国包邮", font=font(34), fill="#301818")
    return image


@cache
def gallery() -> tuple[Index, tuple[Imprint, ...]]:
    """A few known photos, and a poster as the last one."""
    pictures = [*map(photo, range(known_count)), poster(20, "真丝连衣裙", "￥615")]
    imprints = tuple(fingerprint(decode(saved(one)).overviews) for one in pictures)
    index = Index()
    index.add_many(
        [
            PictureMark(place, hashes_to_keep(one), voters_to_keep(one))
            for place, one in enumerate(imprints, 1)
        ]
    )
    return index, imprints


def compared(picture: bytes) -> dict[int, Likeness]:
    """Return how a picture is like the known ones that it may be, by their places."""
    index, imprints = gallery()
    overviews = decode(picture).overviews
    seen = tuple(map(Seen, overviews))
    found = index.candidates(fingerprint(overviews))
    return {one.mark - 1: likeness(seen, imprints[one.mark - 1]) for one in found}


def in_chat(image: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (540, 1_080), "#ededed")
    pen = ImageDraw.Draw(screen)
    for place, text in enumerate(("在吗", "看看这个", "真的很划算")):
        top = (100, 190, 660)[place]
        pen.rectangle((20, top, 65, top + 45), fill=("#5080a0", "#a05050", "#50a060")[place])
        pen.rounded_rectangle((80, top, 320, top + 50), 8, fill="white")
        pen.text((95, top + 6), text, font=font(26), fill="black")
    screen.paste(image.resize((300, 225)), (80, 300))
    return screen


def with_caption(image: Image.Image) -> Image.Image:
    captioned = Image.new("RGB", (600, 570), "white")
    captioned.paste(image, (0, 120))
    pen = ImageDraw.Draw(captioned)
    pen.text((40, 30), "姐妹们看看这个真的绝了", font=font(40), fill="black")
    return captioned


def collage(image: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (800, 600), "white")
    for place, one in enumerate((photo(91), photo(92), image, photo(93))):
        sheet.paste(one.resize((396, 296)), (404 * (place % 2), 304 * (place // 2)))
    return sheet


def later_frame(image: Image.Image) -> bytes:
    frames = [photo(90), photo(91), image]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def on_black(image: Image.Image) -> bytes:
    """White with the picture's darkness as transparency: on white it is white all over."""
    clear = Image.new("RGBA", image.size, "white")
    clear.putalpha(image.convert("L"))
    return saved(clear)


copies: dict[str, Callable[[Image.Image], Image.Image | bytes]] = {
    "in a chat": in_chat,
    "with a caption": with_caption,
    "in a collage": collage,
    "cropped by 30 %": lambda image: image.crop((150, 20, 570, 335)),
    "turned by 5°": lambda image: image.rotate(5, Image.Resampling.BICUBIC, fillcolor="white"),
    "a later frame": later_frame,
    "to be seen on black": on_black,
}


@pytest.mark.parametrize("edit", copies)
def test_a_copy_is_the_same_wherever_there_is_something_to_see(edit: str) -> None:
    changed = copies[edit](photo(3))
    data = changed if isinstance(changed, bytes) else saved(changed, "JPEG", quality=85)

    found = compared(data)

    assert found[3].compared > 0.4
    assert found[3].differing < 0.01
    assert all(one.differing > 0.5 for place, one in found.items() if place != 3)


@pytest.mark.parametrize(
    ("product", "name", "price"),
    [
        (20, "真丝连衣裙", "￥675"),
        (20, "真丝连衣裙", "￥392"),
        (20, "冻干咖啡粉", "￥615"),
        (21, "冻干咖啡粉", "￥392"),
    ],
)
def test_another_product_of_one_template_differs(product: int, name: str, price: str) -> None:
    for changed in (poster(product, name, price), poster(product, name, price).resize((330, 440))):
        told = compared(saved(changed, "JPEG", quality=70)).get(known_count, Likeness())

        assert told.compared < 0.3 or told.spots


def test_what_was_put_over_a_copy_is_told_by_its_place() -> None:
    changed = poster(20, "真丝连衣裙", "￥615")
    ImageDraw.Draw(changed).ellipse((400, 560, 560, 720), fill="yellow", outline="black")

    told = compared(saved(changed, "JPEG", quality=80))[known_count]

    assert told.spots
    for left, top, right, bottom in told.spots:
        assert 600 < left < right < 1_000
        assert 620 < top < bottom < 960


def test_what_is_too_small_to_be_told_apart_has_no_imprint() -> None:
    overviews = decode(saved(photo(1).resize((24, 24)))).overviews

    assert fingerprint(overviews).facets == ()
    assert compared(saved(Image.new("RGB", (300, 300), "white"))) == {}
