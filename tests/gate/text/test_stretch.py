"""Long texts of every script are read to their end, and a code behind one is found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, cycle, islice

import pytest

from kouling.gate.detectors import Detectors
from kouling.gate.records import Party, Signal, text_length_max
from tests.gate.text.test_ours import mine, ring

detectors = Detectors.load(own_hosts=frozenset({"kou.example"}))
code = "k4TzW9qLb2N"

prose = {
    "English": "The baker on Mill Lane opens at six, and by noon all that is left is rye. "
    "Mr. J. B. Hale, who is 84, says he has not had a day off in 31 years.",
    "Portuguese": "Na rua de cima há um gato que só dorme ao sol. A Dona Rosa diz que ele já tem "
    "14 anos e não vai mudar.",
    "Italian": "Il treno per la costa parte alle 8 e 40, ma chi lo usa sa che non è mai in orario. "
    "Al bar si beve un caffè e si va.",
    "Polish": "W małym domu nad rzeką mieszka stary zegarmistrz. Co rano o 7 idzie po chleb, a w "
    "nocy łowi ryby i nic mu nie brak.",
    "Swedish": "På ön finns en by med nio hus, en kyrka och en bro. Om natten hör man bara vinden "
    "och ibland en båt på väg in.",
    "Turkish": "Köyün kahvesi sabah beşte açılır. Ali Bey çayı sever, oğlu ise işe gider ve ona "
    "her gün iki simit alır.",
    "Indonesian": "Di kaki bukit itu ada kebun teh yang luas. Pak Budi naik ke sana jam 5 pagi dan "
    "baru pulang kalau hari sudah gelap.",
    "Vietnamese": "Bà tôi có một khu vườn nhỏ ở ven đê. Cứ độ tháng ba, hoa xoan lại nở tím cả lối "
    "đi và ong về rất đông.",
    "Russian": "В нашем дворе растёт старая липа, и под ней по вечерам собираются соседи. Дядя "
    "Коля чинит там велосипеды уже 20 лет подряд.",
    "Ukrainian": "Бабуся щоранку годує голубів біля криниці. Узимку вона в'яже теплі шкарпетки і "
    "дарує їх усім онукам.",
    "Greek": "Στο λιμάνι οι ψαράδες απλώνουν τα δίχτυα πριν ξημερώσει. Ο παππούς λέει πάντα την "
    "ίδια ιστορία για το 1954.",
    "Hebrew": "בשוק של יום שישי מוכרים לחם חם ותפוזים. הסבתא שלי קונה שם כבר 40 שנה.",
    "Arabic": "في آخر الشارع مقهى صغير يجلس فيه الشيوخ كل مساء. يشربون الشاي ويتحدثون عن البحر.",
    "Hindi": "गाँव के पास एक पुराना कुआँ है। बच्चे शाम को वहाँ खेलते हैं और दादी उन्हें कहानी सुनाती हैं।",
    "Thai": "ที่ปลายคลองมีร้านก๋วยเตี๋ยวเก่าแก่ ลุงเจ้าของร้านเปิดตั้งแต่ตีห้า",
    "Japanese": "坂の上の小さな本屋は、雨の日だけ店先に傘を並べる。店主は八十を過ぎた。",
    "Korean": "골목 끝에 작은 떡집이 있다. 주인 할머니는 새벽 네 시에 나와 쌀을 씻는다.",
    "Chinese": "巷子口的老槐树下，常有几位老人下棋。夏天的傍晚，蝉声很响，孩子们骑着车从桥上过来。",
}

_names = ("loadItems2", "max_retry", "HttpError", "parseV2Header", "x1", "byKey")
_hex = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def _filled(lines: Iterable[str]) -> str:
    return "".join(islice(lines, 300))[:6_000]


technical = {
    "source code": _filled(
        f"    if self.{name}[{n}] != None and get{name}({n}, 'a{n}b'):  // see RFC {n}\n"
        f"        return {name.upper()}_{n} + 0x{_hex[n % 20 : n % 20 + 8]}\n"
        for n, name in zip(count(), cycle(_names))
    ),
    "CSV": _filled(
        f"{n},2026-0{n % 9 + 1}-17,SKU{n:05}B,{n * 37 % 991}.{n % 90},a{n}.jpg,{_hex[n % 16 :]}\n"
        for n in count()
    ),
    "logs": _filled(
        f"2026-03-0{n % 9 + 1}T04:1{n % 6}:0{n % 7}.{n % 900}Z INFO [worker-{n % 8}] req={_hex} "
        f"10.0.{n % 250}.7 GET /api/v2/items/{n}?page=2 200 {n % 31}ms\n"
        for n in count()
    ),
    "Markdown": _filled(
        f"## Step {n}: set `MAX_Workers{n}`\n\n| key | type | since |\n|-----|------|-------|\n"
        f"| `byKey{n}` | int64 | v1.{n}.0 |\n\n- [guide {n}](https://docs.example.org/guide/{n})\n"
        for n in count()
    ),
}

lists = {
    "links": _filled(
        f"- [tool {n}](https://github.com/someone{n}/tool-{n}) does {n} things well.\n"
        for n in count()
    ),
    "an access log": _filled(
        f"203.0.113.{n % 250} - - [0{n % 9 + 1}/Mar/2026:04:1{n % 6}] 200 "
        f"https://news.example.org/today?step={n % 5}\n"
        for n in count()
    ),
}

texts = {name: _filled(cycle([f"{one} "])) for name, one in prose.items()}
texts |= technical | lists


def held(text: str) -> list[Signal]:
    """Return what a share policy acts on: foreign codes and links, and what was not read."""
    [found] = detectors.inspect([text], ring)
    return [
        one
        for one in found
        if one.kind == "not_inspected" or (one.party is Party.foreign and one.kind != "link")
    ]


@pytest.mark.parametrize("name", texts)
def test_a_long_text_is_read_to_its_end_and_left_alone(name: str) -> None:
    assert held(texts[name]) == []


@pytest.mark.parametrize("name", texts)
@pytest.mark.parametrize("form", ["￥{}￥ 手淘", "￥ {} ￥ 打开淘宝"])
def test_a_code_behind_a_long_text_is_found(name: str, form: str) -> None:
    spelt = " ".join(code) if form.startswith("￥ ") else code
    [found] = held(f"{texts[name]}\n{form.format(spelt)}")
    assert (found.kind, found.code) == ("share_code", code)


@pytest.mark.parametrize("name", ["English", "Russian", "Chinese", "logs", "CSV", "links"])
def test_the_longest_text_is_read_to_its_end(name: str) -> None:
    text = (texts[name] * 4)[: text_length_max - 40]
    assert held(text) == []
    assert [one.code for one in held(f"{text}\n￥{code}￥ 手淘")] == [code]


@pytest.mark.parametrize("name", ["English", "Russian", "Chinese", "source code"])
def test_a_code_of_ours_in_a_long_text_is_told_to_be_ours(name: str) -> None:
    [found] = detectors.inspect([f"{texts[name]} {mine} {texts[name]}"], ring)
    assert [one.party for one in found if one.kind == "share_code"] == [Party.own]
