"""What an address means is judged by its path, its host and the wording together."""

from __future__ import annotations

import random
import string

import pytest

from kouling.gate.detectors import Detectors
from kouling.gate.records import Party
from kouling.gate.text.identifier import hexadecimal, in_one_case, mixed, weight_of
from kouling.gate.text.site import Lean, lean_of

letters_and_digits = string.ascii_letters + string.digits
small = string.ascii_lowercase + string.digits


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return Detectors.load()


def shared(detectors: Detectors, texts: list[str]) -> list[str]:
    return [
        text
        for text, found in zip(texts, detectors.inspect(texts), strict=True)
        if any(one.kind == "share_link" and one.party is Party.foreign for one in found)
    ]


pages = [
    "https://garden.example.com/rfc-9110-http-semantics/",
    "https://tech.example.net/ten-tips-for-sqlite-9b8c7d6e5f4a",
    "https://reading.example.org/article/6512bd43d9caa6e02c990b0a",
    "https://catalog.example.com/items/c9f0f895fb",
    "https://answers.example.com/to/Xw4QeZ",
    "https://share.example.com/docs/7b1f2a3c-4d5e-4f60-8a7b-9c0d1e2f3a4b",
    "https://me.example.site/All-tests-in-one-place-0cc175b9c0f1b6a831c399e269772661",
    "https://papers.example.edu/abs/2401.01234v2",
    "https://market.example.com/detail/9PKTQ5699M62",
    "https://video.example.com/k/20250611B07T0200",
    "https://fans.example.kr/run4fun",
    "https://journal.example.com/ps5-pro-review/",
    "https://code.example.com/v2.0.1-beta.4",
    "https://www.example.org/LICENSE_2_0.txt",
    "https://people.example.com/@mikeB87",
    "https://wiki.example.net/%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0",
    "https://blog.example.org/tag/Rust%E8%AF%AD%E8%A8%80",
    "https://zh.example.net/zh/%E5%92%96%E5%95%A1%E6%9C%BA",
    "https://docs.google.com/document/d/1aB2cD3eF4gH5iJ6kL7mN8oP9qR0sT/edit",
    "https://forms.gle/hT7kQ2wZr9XbV4LmA",
    "https://discord.gg/Yw8ZkQ3m",
    "https://www.kdocs.cn/l/cQx7Wb3LkZ9T",
    "https://arxiv.org/abs/2310.06825v1",
]


@pytest.mark.parametrize("text", pages)
def test_a_page_an_article_or_a_profile_is_a_link_and_no_more(
    detectors: Detectors, text: str
) -> None:
    assert shared(detectors, [text, f"看看 {text} 这篇", f"as written in {text} last week"]) == []


forms = {
    "https://share.{}.com/": (letters_and_digits, 11),
    "https://{}.shop/s/": (letters_and_digits, 9),
    "https://m.{}.cn/h/": (letters_and_digits, 8),
    "https://link.{}.example/a/": (letters_and_digits, 8),
    "https://app.{}.com/": (letters_and_digits, 12),
    "https://wu.gd/": (small, 9),
    "https://t.{}.cn/": (small, 10),
}


def test_share_links_of_shops_that_nobody_knows_are_found(detectors: Detectors) -> None:
    chance = random.Random(41)
    links = [
        form.format(chance.choice(("teahouse", "wanwu", "bazario")))
        + "".join(chance.choices(alphabet, k=length))
        for form, (alphabet, length) in forms.items()
        for _ in range(30)
    ]
    assert len(shared(detectors, links)) >= 0.9 * len(links)


def test_wording_makes_a_share_link_of_what_is_one_perhaps(detectors: Detectors) -> None:
    link = "https://store.example.com/detail/9PKTQ5699M62"
    assert shared(detectors, [link]) == []
    assert shared(detectors, [f"复制这条链接 {link} 打开【万物】App 领红包"]) != []


@pytest.mark.parametrize(
    ("segment", "weight"),
    [
        ("k7Qm2XvT9a", mixed),
        ("h.5xYzAbC", mixed),
        ("9PKTQ5699M62", in_one_case),
        ("c9f0f895fb", hexadecimal),
        ("6512bd43d9caa6e02c990b0a", 0.0),
        ("ten-tips-for-sqlite-9b8c7d6e5f4a", 0.0),
        ("%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0", 0.0),
        ("2310.06825v1", 0.0),
        ("library", 0.0),
        ("", 0.0),
    ],
)
def test_an_identifier_weighs_by_how_it_was_drawn(segment: str, weight: float) -> None:
    assert weight_of(segment) == weight


@pytest.mark.parametrize(
    ("host", "lean"),
    [
        ("m.teahouse.cn", Lean.links),
        ("share.teahouse.example", Lean.links),
        ("wu.gd", Lean.links),
        ("teahouse.com", Lean.neither),
        ("www.teahouse.com", Lean.neither),
        ("blog.teahouse.com", Lean.pages),
        ("someone.github.io", Lean.pages),
        ("cs.uni.edu", Lean.pages),
    ],
)
def test_a_host_leans_by_its_name(host: str, lean: Lean) -> None:
    assert lean_of(host) is lean
