from __future__ import annotations

from pathlib import Path

import pytest

from kouling.errors import PolicyError
from kouling.gate.detectors import Detectors
from kouling.gate.text.packs import load_pack

FAMILY = """
version: "1"
families:
  - issuer: teahouse
    apps: [茶馆]
    codes: [{length: 12, delimiters: "¤"}]
    hosts:
      - tea.example
      - pan.tea.example/(?:s|share)/
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_bundled_pack_is_right() -> None:
    pack = load_pack()
    assert len(pack.families) > 20
    assert len({family.issuer for family in pack.families}) == len(pack.families)


def test_a_family_of_a_platforms_own_is_read(tmp_path: Path) -> None:
    (family,) = load_pack(written(tmp_path, FAMILY)).families
    assert family.issuer == "teahouse"
    assert family.codes[0].length == 12
    assert [rule.path for rule in family.hosts] == ["", "/(?:s|share)/"]


def test_a_pack_that_extends_the_bundled_one_comes_first(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path, "extends: default\n" + FAMILY.lstrip()))
    assert pack.families[0].issuer == "teahouse"
    assert len(pack.families) == len(load_pack().families) + 1


def test_a_family_added_by_a_file_names_its_issuer(tmp_path: Path) -> None:
    path = written(tmp_path, "extends: default\n" + FAMILY.lstrip())
    detectors = Detectors.load(path)
    ((signal,),) = detectors.inspect(["好茶 https://pan.tea.example/s/news"])
    assert (signal.kind, signal.issuer) == ("share_link", "teahouse")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("families: []", "1:1", "version left out"),
        ('version: "1"\nfamily: []', "2:1", "is unknown here"),
        ('version: "1"\nversion: "2"', "2:1", "stands here twice"),
        ('version: "1"\nfamilies:\n  - apps: [a]', "3:5", "issuer left out"),
        ('version: "1"\nfamilies:\n  - issuer: a', "3:5", "says nothing"),
        ('version: "1"\nfamilies: {a: b}', "2:11", "a list is wanted"),
        ('version: "1"\nmarkers: ["("]', "2:11", "not valid"),
        ('version: "1"\nmarkers: ["a*"]', "2:11", "empty"),
        ('version: "1"\nmarkers: ["a{0}b"]', "2:11", "can't run"),
        ('version: "1"\nplain_hosts: ["no host"]', "2:15", "no host"),
        ('version: "1"\nwording: {shout: [a]}', "2:11", "is unknown here"),
        ('version: "1"\nspellings: {ab: c}', "2:17", "more than one character"),
        (
            'version: "1"\nfamilies:\n  - {issuer: a, codes: [{length: 99}]}',
            "3:34",
            "no whole number",
        ),
        (
            f'version: "1"\nfamilies:\n  - {{issuer: a, codes: [{{length: {"9" * 5_000}}}]}}',
            "3:34",
            "no whole number",
        ),
        ('version: "1"\nplain_hosts: [""]', "2:15", "a text is wanted"),
        (
            'version: "1"\nfamilies:\n  - {issuer: a, hosts: [tea.example/(]}',
            "3:25",
            "not valid",
        ),
        (
            'version: "1"\nfamilies:\n  - {issuer: a, codes: [{length: 9, alphabet: x}]}',
            "3:47",
            "'x' can't stand here",
        ),
        (
            'version: "1"\nfamilies:\n  - {issuer: a, patterns: [{regex: abc}]}',
            "3:36",
            "no group",
        ),
        (
            'version: "1"\nfamilies:\n  - {issuer: a, patterns: [{regex: (abc), needs: [x]}]}',
            "3:51",
            "'x' can't stand here",
        ),
        ('version: "1"\nextends: other', "2:10", "only the bundled pack"),
        ('version: &a "1"\nextends: *a', "1:10", "anchors"),
        ('version: !!python/name:os.system "1"', "1:10", "tags"),
        ('version: "1', "1:12", "not YAML"),
        ("", "1:1", "empty"),
        ('version: "\x01"', "1:11", "forbids U+0001"),
    ],
)
def test_a_wrong_pack_says_what_where_and_what_to_do(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        load_pack(written(tmp_path, text))
    assert caught.value.where == f"{tmp_path / 'mine.yaml'}:{place}"
    assert said in caught.value.message
    assert caught.value.hint


def test_a_pack_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="can't be read"):
        load_pack(tmp_path / "missing.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(PolicyError, match="not UTF-8"):
        load_pack(latin)


def test_a_huge_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="more than 2000000 bytes"):
        load_pack(written(tmp_path, 'version: "1"\n' + "#" * 2_000_000))
