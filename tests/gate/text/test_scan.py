from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouling.errors import InvalidInput
from kouling.gate.text.packs import load_pack
from kouling.gate.text.scan import engines, matches_max, scanner, sorter
from kouling.gate.text.triggers import triggers_of

TRIGGERS = triggers_of(load_pack())
BOTH = tuple(scanner(TRIGGERS, engine) for engine in engines)
SORTERS = tuple(sorter(TRIGGERS, engine) for engine in engines)

lines = st.lists(
    st.text(st.sampled_from("aB3 ￥.:/复制口令打开😀的#%h tps"), max_size=40), max_size=8
)


@pytest.mark.parametrize("engine", engines)
def test_the_line_of_each_hit_is_reported_once_and_in_order(engine: str) -> None:
    data = "nothing\nab and ab\n\nab\n中文".encode()
    assert scanner(["ab", "中文"], engine).lines(data) == [1, 3, 4]


@pytest.mark.parametrize("engine", engines)
def test_hits_everywhere_are_still_all_reported(engine: str) -> None:
    data = b"\n".join([b"ab" * matches_max, b"clean", b"ab"])
    assert scanner(["ab"], engine).lines(data) == [0, 2]


@pytest.mark.parametrize("engine", engines)
def test_no_hit_is_an_empty_list(engine: str) -> None:
    assert scanner(["ab"], engine).lines(b"") == []
    assert scanner(["ab"], engine).lines(b"a\nb") == []


@given(lines)
def test_both_engines_flag_the_same_lines(texts: list[str]) -> None:
    data = "\n".join(texts).encode()
    assert BOTH[0].lines(data) == BOTH[1].lines(data)


@pytest.mark.parametrize("engine", engines)
def test_a_sorter_says_which_triggers_fire(engine: str) -> None:
    which = sorter(["ab", "中文", "[0-9]{3}"], engine).which
    assert which("12 中文 abab 中文".encode()) == {0, 1}
    assert which(b"") == set()
    assert sorter([], engine).which(b"ab") == set()


@given(lines)
def test_both_engines_sort_alike(texts: list[str]) -> None:
    data = " ".join(texts).encode()
    assert SORTERS[0].which(data) == SORTERS[1].which(data)


def test_an_engine_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'pcre' is not here"):
        scanner(["a"], "pcre")


def test_many_threads_scan_at_once() -> None:
    wrong: list[int] = []

    def work() -> None:
        for _ in range(300):
            if BOTH[0].lines("今天\n￥aB3dE5fG7hJ￥\n天气".encode()) != [1]:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
