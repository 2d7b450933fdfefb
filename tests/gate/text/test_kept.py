"""Compiled triggers kept on disk: used again when they are whole and this user's own alone."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kouling.gate.text import kept as keeping
from kouling.gate.text import scan
from kouling.gate.text.kept import kept, name_of
from kouling.gate.text.packs import load_pack
from kouling.gate.text.scan import HyperscanScanner, HyperscanSorter, why_not

pytestmark = pytest.mark.skipif(
    not scan.has_hyperscan or os.name != "posix", reason="nothing is kept on this machine"
)
triggers = ["ab+c", "淘宝", "[0-9]{5}"]
text = "xx\nabbbc\nnothing\n打开淘宝\n12345".encode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "kouling"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often anything is compiled."""
    counts: list[int] = []
    compile_ = scan._compiled

    def counted(triggers: list[str], flags: int) -> object:
        counts.append(len(triggers))
        return compile_(triggers, flags)

    monkeypatch.setattr(scan, "_compiled", counted)
    return counts


def scanned() -> list[int]:
    return HyperscanScanner(triggers).lines(text)


def test_what_is_compiled_once_is_loaded_again(folder: Path, compiled: list[int]) -> None:
    assert [scanned() for _ in range(3)] == [[1, 3, 4]] * 3
    assert len(compiled) == 1
    assert {oct(stat.S_IMODE(one.stat().st_mode)) for one in folder.iterdir()} == {"0o600"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_other_triggers_and_flags_are_kept_apart(folder: Path, compiled: list[int]) -> None:
    assert scanned() == [1, 3, 4]
    assert HyperscanScanner(["nothing"]).lines(text) == [2]
    assert HyperscanSorter(triggers).which("淘宝 abc".encode()) == {0, 1}
    assert len(compiled) == len(list(folder.iterdir())) == 3
    assert name_of("1", 0, ["a", "b"]) != name_of("1", 0, ["b", "a"]) != name_of("2", 0, ["b", "a"])


@pytest.mark.parametrize("place", ["first", "digest", "middle", "last", "cut", "empty", "longer"])
def test_a_damaged_file_is_not_loaded_but_made_anew(
    folder: Path, compiled: list[int], place: str
) -> None:
    scanned()
    (file,) = folder.iterdir()
    data = bytearray(file.read_bytes())
    at = {"first": 0, "digest": 31, "middle": len(data) // 2, "last": -1}.get(place)
    if at is not None:
        data[at] ^= 1
    spoilt = {"cut": data[:-9], "empty": bytearray(), "longer": data + b"x"}
    file.write_bytes(spoilt.get(place, data))

    assert scanned() == [1, 3, 4]
    assert len(compiled) == 2
    assert scanned() == [1, 3, 4]
    assert len(compiled) == 2


def test_a_whole_file_of_another_content_is_not_used(folder: Path, compiled: list[int]) -> None:
    scanned()
    (file,) = folder.iterdir()
    for content in (b"", b"hello", file.read_bytes()[32:-1], b"\0" * 5_000):
        file.write_bytes(keeping._digest(file.name, content) + content)
        assert scanned() == [1, 3, 4]


def _exchange(folder: Path, file: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.write_bytes(file.read_bytes())
    elsewhere.chmod(0o600)
    file.unlink()
    file.symlink_to(elsewhere)


def _link_folder(folder: Path, _file: Path) -> None:
    folder.rename(folder.parent / "elsewhere")
    folder.symlink_to(folder.parent / "elsewhere")


def _make_pipe(_folder: Path, file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder, _: folder.chmod(0o770),
        lambda folder, _: folder.chmod(0o707),
        lambda _, file: file.chmod(0o602),
        _exchange,
        _link_folder,
        _make_pipe,
    ],
    ids=["group", "others", "file", "link", "linked folder", "pipe"],
)
def test_what_others_could_have_written_is_not_read(
    folder: Path, compiled: list[int], spoil: object
) -> None:
    scanned()
    (file,) = folder.iterdir()
    spoil(folder, file)  # type: ignore[operator]  # one of the functions above

    assert scanned() == [1, 3, 4]
    assert len(compiled) == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give away")
def test_a_folder_of_another_user_is_not_used(folder: Path, compiled: list[int]) -> None:
    scanned()
    os.chown(folder, 12_345, 12_345)

    assert scanned() == [1, 3, 4]
    assert len(compiled) == 2


def test_where_nothing_can_be_kept_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kouling").write_text("a file")
    for home in (str(tmp_path), "relative", "/dev/null/none"):
        monkeypatch.setenv("XDG_CACHE_HOME", home)
        assert kept("name", lambda: b"made") == b"made"


def test_few_files_are_kept(folder: Path) -> None:
    for number in range(keeping.kept_max + 5):
        kept(f"{number}", lambda: b"x")
    assert len(list(folder.iterdir())) == keeping.kept_max
    assert f"{keeping.kept_max + 4}" in {one.name for one in folder.iterdir()}


def test_many_may_keep_at_once(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: kept("same", lambda: b"x" * 50_000), range(40))) == {
            b"x" * 50_000
        }
    assert [one.name for one in folder.iterdir()] == ["same"]


def test_hyperscan_runs_each_regex_of_the_bundled_pack() -> None:
    """It is not asked at each start, since nobody changes that pack but its authors."""
    pack = load_pack()
    regexes = [*pack.markers, *(p.regex for family in pack.families for p in family.patterns)]
    assert [why_not(regex) for regex in regexes] == [""] * len(regexes)
    assert len(regexes) > 10
