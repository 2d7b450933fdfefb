"""Claims start, say what they miss, score tiny examples right, and feed the pages."""

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench.claims import home, load, names, sentence, tables_of
from benchmarks.bench.data import CorpusLine, Data, Message, digest, load_data, parts_of, split
from benchmarks.bench.labels import is_found, ratio, score_of
from benchmarks.bench.markdown import table
from benchmarks.bench.messages import message_count, message_length, ordinary_messages, with_code
from benchmarks.bench.page import filled, pages
from benchmarks.bench.results import last
from benchmarks.bench.rules import policy_text
from benchmarks.bench.run import listing
from benchmarks.gate_accuracy.disguised import disguised
from benchmarks.gate_accuracy.figures import figures_of
from benchmarks.gate_accuracy.finders import regex_finder
from benchmarks.gate_accuracy.union import f1, greedy_union
from benchmarks.gate_inspect.claim import signals_of
from benchmarks.gate_speed.entrants import for_re
from benchmarks.gate_speed.packs import pack_text
from benchmarks.gate_speed.race import Effort, Entrant, race
from kouling.gate import Party, Signal, Surface, read_policy
from kouling.gate.text.packs import load_pack

module_lines_max = 500
on_data = (
    "deliver_freshness",
    "deliver_quality",
    "gate_accuracy",
    "gate_http",
    "gate_inspect",
    "gate_speed",
)
by_name = pytest.mark.parametrize("name", names())

_mark = re.compile(r"<!-- (\w+): ([\w ]+) -->")


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=home.parent
    )


@by_name
def test_a_claim_states_what_is_claimed_the_rival_and_the_machine(name: str) -> None:
    text = load(name).text

    assert all(word in text for word in ("Claim", "Rival", "Machine:"))
    assert f"Run: python -m benchmarks {name}" in text


def test_help_of_a_claim_tells_of_it_and_of_its_options() -> None:
    done = _run("gate_speed", "--help")

    assert done.returncode == 0
    assert load("gate_speed").text in done.stdout
    assert all(word in done.stdout for word in ("--data", "--json", "--quick", "--tree"))


@pytest.mark.parametrize("name", on_data)
def test_missing_data_end_the_run_with_a_clear_message(name: str) -> None:
    done = _run(name, "--data", "/nowhere")

    assert done.returncode != 0
    assert done.stderr.startswith("error: ")
    assert "--data" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_named_is_asked_for() -> None:
    with pytest.raises(SystemExit, match="use --data"):
        load_data(None)


def test_without_a_name_every_claim_is_listed_with_its_line() -> None:
    lines = listing().splitlines()

    assert all(f"{name:17}  {sentence(name)}" in lines for name in names())


def test_a_name_that_is_none_is_answered_by_those_there_are() -> None:
    done = _run("gate_spede")

    assert done.returncode != 0
    assert done.stderr.startswith("error: there is no claim gate_spede; there are deliver_")


def test_another_checkout_is_measured_by_these_benchmarks(tmp_path: Path) -> None:
    package = tmp_path / "kouling"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    code = f"""
from pathlib import Path
from benchmarks.bench.tree import from_first, kouling_of
with kouling_of(Path({str(tmp_path)!r})):
    import kouling, subprocess, sys
    there = [sys.executable, "-c", "import kouling, benchmarks; print(benchmarks.__file__)"]
    print(Path(kouling.__file__).resolve())
    print(subprocess.run(there, capture_output=True, text=True, check=True, cwd="/").stdout)
    print(from_first("kouling.engine:Engine", "kouling:__name__"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=home.parent
    )

    assert done.stdout.split() == [
        str((package / "__init__.py").resolve()),
        str(home / "__init__.py"),
        "kouling",
    ]


def test_no_module_of_the_benchmarks_is_too_long() -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in home.rglob("*.py")}

    assert max(lengths.values()) <= module_lines_max


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_the_tables_of_a_page_are_what_the_raw_results_say(page: Path) -> None:
    text = page.read_text("utf-8")

    assert text == filled(text), "run python -m benchmarks page"
    assert len(re.findall("<!-- end -->", text)) == len(_mark.findall(text))


def test_the_pages_show_every_table() -> None:
    marks = {found for page in pages() for found in _mark.findall(page.read_text("utf-8"))}
    reports = {name: last(name) for name in names()}
    made = {
        (name, shown)
        for name, report in reports.items()
        if report is not None
        for shown in tables_of(name, report)
    }

    assert marks == made | {("bench", "claims")}


def test_a_table_is_aligned_and_its_figures_stand_to_the_right() -> None:
    lines = table(["a", "figure"], [["好", "1"], ["b", "23"]]).splitlines()

    assert lines == [
        "| a   | figure |",
        "| --- | -----: |",
        "| 好  |      1 |",
        "| b   |     23 |",
    ]


def _found(start: int, end: int) -> Signal:
    return Signal(detector="any", kind="share_code", party=Party.foreign, start=start, end=end)


@pytest.mark.parametrize(
    ("spans", "right"),
    [
        ([(3, 8)], True),
        ([(1, 10)], True),
        ([(0, 8)], False),
        ([(3, 11)], False),
        ([(4, 8)], False),
        ([(0, 2), (2, 9)], True),
        ([(12, 17)], True),
        ([], False),
    ],
)
def test_a_span_may_have_two_characters_more_on_either_side(
    spans: list[tuple[int, int]], right: bool
) -> None:
    message = Message(1, "abcCODE1ghijCODE1", "x", ("CODE1",))
    signals = tuple(_found(*span) for span in spans)

    assert score_of([message], [signals]).exact == right


def test_f1_and_ratio_are_right_at_the_edges() -> None:
    assert f1(found=8, alarms=2, positives=10) == pytest.approx(0.8)
    assert f1(found=0, alarms=0, positives=10) == 0
    assert ratio(3, 4) == 0.75
    assert ratio(0, 0) == 1


def test_the_greedy_union_takes_what_helps_and_leaves_what_alarms() -> None:
    found = [0b0011, 0b0100, 0b1000, 0b1111]
    alarms = [0b0000, 0b0000, 0b0111, 0b1111]

    assert greedy_union(found, alarms, positives=4) == [0, 1]


def test_the_greedy_union_takes_one_regex_that_finds_all() -> None:
    assert greedy_union([0b0111, 0b1111, 0b1000], [0, 0, 0], positives=4) == [1]


def test_only_foreign_codes_and_share_links_count() -> None:
    def counts(kind: str, party: Party) -> bool:
        one = Signal(detector="any", kind=kind, party=party)
        return bool(is_found([one]))

    assert counts("share_code", Party.foreign)
    assert counts("share_link", Party.foreign)
    assert not counts("share_code", Party.own)
    assert not counts("share_link", Party.partner)
    assert not counts("link", Party.foreign)


def test_each_group_is_split_in_file_order_with_the_larger_part_tuned() -> None:
    messages = [Message(line, str(line), "ab"[line % 2]) for line in range(8)]
    parts = split(messages)

    assert [one.line for one in parts["tuned"]] == [0, 1, 2, 3, 4, 5]
    assert [one.line for one in parts["held_out"]] == [6, 7]
    assert parts_of(list("abcdefghi"))["tuned"] == list("abcde")


def test_measure_counts_messages_codes_and_alarms() -> None:
    texts = [
        Message(1, "open CODE1 now", "x", ("CODE1",)),
        Message(2, "open XXXCODE2 now", "x", ("CODE2",)),
        Message(3, "nothing", "y", ("thing",)),
    ]
    lines = [CorpusLine("c", line, text) for line, text in enumerate(["CODE3", "-", "-"])]
    negatives = [Message(1, "CODE9", "n"), Message(2, "-", "n")]
    whole = Data({"all": texts}, {"all": negatives}, {"all": lines}, (), {})
    finder = regex_finder("one", [re.compile(r"X*CODE\d")])

    found = figures_of(finder, whole, "all", {digest("CODE3"): "genuine"})

    assert found["found"] == [2, 3]
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall_by_family_mean"] == 0.5
    assert found["codes_exact"] == [1, 3]
    assert found["corpora"]["pooled"]["hits"] == 1
    assert found["corpora"]["pooled"]["false"] == 0
    assert figures_of(finder, whole, "all", {})["corpora"]["c"]["per_100k"] == 33333.3


def test_the_rival_is_scored_under_the_same_disguises() -> None:
    message = Message(1, "take ￥aB1cD2eF3gH￥ now", "x", ("￥aB1cD2eF3gH￥",))
    rival = regex_finder("rival", [re.compile("￥[A-Za-z0-9]{11}￥")])

    report = disguised([rival], [message], [])["rival"]

    assert report["tricks"]["plain"] == {
        "found": [1, 1],
        "codes_exact": [1, 1],
        "alarms_on_negatives": [0, 0],
    }
    assert report["tricks"]["full width"]["found"] == [0, 1]
    assert report["research_pooled"]["found"][0] < report["research_pooled"]["found"][1] <= 10


@pytest.mark.parametrize("readers", [0, 1, 4])
def test_the_policy_of_the_speed_report_has_twenty_rules_for_all_surfaces(readers: int) -> None:
    policy = read_policy(policy_text(readers))

    assert len(policy.rules) == 20
    assert all(set(rule.outcome) == set(Surface) for rule in policy.rules)
    assert (not any(policy.readers_on.values())) == (readers == 0)


def test_made_up_families_are_a_pack_over_the_bundled_one(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(pack_text(3), "utf-8")

    assert len(load_pack(file).families) == len(load_pack().families) + 3


def test_a_race_counts_messages_in_each_process() -> None:
    entrant = Entrant("nothing", 10, ["一"] * 400, list, len)

    (found,) = race([entrant], Effort(0.01, 2), processes=2)

    assert [run["messages"] for run in found["runs"]] == [400, 400]
    assert all(len(run["cpu_seconds"]) == 2 for run in found["runs"])


def test_categories_are_written_out_for_re() -> None:
    money = re.compile(for_re(r"[\p{Sc}%][0-9]"))

    assert all(money.fullmatch(text) for text in ("￥5", "€5", "$5", "%5"))
    assert money.fullmatch("a5") is None


def test_one_message_in_a_hundred_gets_a_code() -> None:
    messages = ordinary_messages(["a" * 200, "b"])
    changed = [one for one in messages if one not in ("a" * message_length, "b")]

    assert len(messages) == message_count
    assert len(changed) == message_count // 100
    assert messages == ordinary_messages(["a" * 200, "b"])
    assert with_code("text", random.Random(1)) != "text"


def test_the_signals_of_an_output_line_are_read_back() -> None:
    row = {"detector": "d", "kind": "share_code", "party": "foreign", "start": 1, "end": 3}

    assert signals_of({"signals": [row]}) == (
        Signal(detector="d", kind="share_code", party=Party.foreign, start=1, end=3),
    )
