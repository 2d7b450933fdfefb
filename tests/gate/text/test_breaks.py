"""Addresses that run on over the end of a line, wherever it ends."""

import pytest

from kouling.fold import fold
from kouling.gate.detectors import Detectors, detectors_for
from kouling.gate.text.breaks import run_on
from kouling.words import evidence_of

links = (
    "https://pan.baidu.com/s/1ZtoX8bQm9Ra-kLq2W",
    "https://m.tb.cn/h.3Kx7Qd2?tk=4OaXgGvWPKX",
    "http://xhslink.com/a/Xk29fQb7Lm",
)


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return detectors_for("kouling.example")


@pytest.mark.parametrize("link", links)
def test_a_share_link_broken_at_any_character_is_found_with_its_issuer(
    detectors: Detectors, link: str
) -> None:
    [[whole]] = detectors.inspect([link])
    broken = [f"看这个 {link[:at]}\n{link[at:]} 很好用" for at in range(8, len(link) - 1)]
    missed = [
        text
        for text, signals in zip(broken, detectors.inspect(broken), strict=True)
        if not any(one.issuer == whole.issuer for one in signals if one.kind != "link")
    ]
    assert missed == []


def test_the_signal_spans_both_lines_and_says_so(detectors: Detectors) -> None:
    text = "看这个 https://pan.baidu.com/\r\n  s/1ZtoX8bQm9Ra 很好用"
    [signal] = detectors.inspect([text])[0]
    assert text[signal.start : signal.end] == "https://pan.baidu.com/\r\n  s/1ZtoX8bQm9Ra"
    assert "over several lines" in evidence_of(signal)


@pytest.mark.parametrize(
    "text",
    [
        "see https://example.com\nThe next line is English",
        "https://docs.example.org/guide/\nInstall Python3 first",
        "文档在 https://github.com/foo/bar\nREADME.md 说明用法",
        "v1.2.3 of foo.bar()\nreturns x.y.z\nas in https://a.example/",
        "这句到此为止.\nSo 我们走",
    ],
)
def test_what_ends_with_its_line_is_left_as_it_is(detectors: Detectors, text: str) -> None:
    assert {one.kind for one in detectors.inspect([text])[0]} <= {"link"}


def test_several_breaks_in_a_row_are_one_reading() -> None:
    [reading] = run_on(fold("a https://pan.\nbaidu\n.com/s b"))
    assert reading.text == "https://pan.baidu.com/s"
    assert reading.span(0, len(reading.text)) == (2, 27)
