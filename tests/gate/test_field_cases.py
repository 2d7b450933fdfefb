"""Claims about small inputs from the field, by kind of fault; nothing where that data is not."""

import json
from pathlib import Path

import pytest

from kouling.gate import Detectors, Party, Signal

file = Path(__file__).parents[3] / "shared" / "data" / "messages" / "field_cases.jsonl"

least = {
    "long-latin-text-held": 1.0,
    "code-behind-long-latin-text": 1.0,
    "underscore-beside-code": 1.0,
    "percent-encoded-words-in-link": 1.0,
    "code-read-in-percent-encoding": 1.0,
    "article-or-profile-link": 1.0,
    "scheme-of-three-letters": 1.0,
    "ordinary-words-put-together": 1.0,
    "code-broken-over-a-line": 1.0,
    "word-put-into-code": 1.0,
    "code-in-named-parts": 1.0,
    "fillers-at-uneven-places": 1.0,
    "placeholder-in-code": 1.0,
    "capitals-and-digits-spread": 1.0,
    "copy-and-open-unknown-app": 1.0,
    "douyin-code-alone": 1.0,
    "share-link-of-a-named-app": 1.0,
    "invite-code-for-a-reward": 1.0,
    "copy-wording-in-other-languages": 1.0,
    "taobao-code-alone-odd-delimiters": 1.0,
    "links-spelt-otherwise": 1.0,
}
"""What part of each kind has to be right."""


@pytest.fixture(scope="module")
def right() -> dict[str, list[bool]]:
    if not file.is_file():
        pytest.skip("the field cases are not here")
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    found = Detectors.load().inspect([case["text"] for case in cases])
    kinds: dict[str, list[bool]] = {}
    for case, signals in zip(cases, found, strict=True):
        kinds.setdefault(case["kind"], []).append(_is_right(case, signals))
    return kinds


@pytest.mark.parametrize("kind", least)
def test_inputs_of_a_kind_are_told_right(kind: str, right: dict[str, list[bool]]) -> None:
    assert sum(right[kind]) / len(right[kind]) >= least[kind]


def _is_right(case: dict[str, str], signals: tuple[Signal, ...]) -> bool:
    shared = [
        one
        for one in signals
        if one.kind in ("share_code", "share_link") and one.party is Party.foreign
    ]
    if case["want"] == "no limit":
        return not shared and all(one.kind == "link" for one in signals)
    code = (case.get("code") or "").strip("￥")
    return any(code in one.code or code in one.text for one in shared)
