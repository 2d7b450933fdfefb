"""The benchmark scripts start, say what they miss, score tiny examples right, and feed the page."""

import importlib
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kouling.gate import Party, Signal, Surface, read_policy
from kouling.gate.text.packs import load_pack

folder = Path(__file__).parent.parent / "benchmarks"
scripts = (
    "deliver_freshness.py",
    "deliver_quality.py",
    "gate_accuracy.py",
    "gate_http.py",
    "gate_inspect.py",
    "gate_speed.py",
)
module_lines_max = 500

Module = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def module() -> Iterator[Module]:
    """Import a module as a script does: with the folder of the scripts on the path."""
    sys.path.insert(0, str(folder))
    yield importlib.import_module
    sys.path.remove(str(folder))


def _run(script: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / script), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("script", scripts)
def test_help_states_the_claim_and_the_rival(script: str) -> None:
    done = _run(script, "--help")

    assert done.returncode == 0
    assert all(word in done.stdout for word in ("Claim:", "Rival", "Machine:", "--data", "--json"))


@pytest.mark.parametrize("script", scripts)
def test_missing_data_end_the_run_with_a_clear_message(script: str) -> None:
    done = _run(script, "--data", "/nowhere")

    assert done.returncode != 0
    assert done.stderr.startswith("error: ")
    assert "--data" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_named_is_asked_for(
    module: Module,
) -> None:
    options = module("shared.options")

    with pytest.raises(SystemExit, match="use --data"):
        options.checked(options.parser_of("any").parse_args([]))


def test_no_module_of_the_benchmarks_is_too_long() -> None:
    lengths = {
        path.name: len(path.read_text("utf-8").splitlines()) for path in folder.rglob("*.py")
    }

    assert max(lengths.values()) <= module_lines_max


def test_the_tables_of_the_page_are_what_the_raw_results_say(module: Module) -> None:
    page = module("tables.page")
    text = page.page.read_text("utf-8")

    assert text == page.filled(text), "run python benchmarks/write_tables.py"
    assert len(re.findall("<!-- end -->", text)) == len(re.findall(r"<!-- \w+: ", text))


def test_the_page_shows_every_table(module: Module) -> None:
    page = module("tables.page")
    marks = set(re.findall(r"<!-- (\w+): ([\w ]+) -->", page.page.read_text("utf-8")))
    made = {(script, name) for script in page.makers for name in page.tables_of(script)}

    assert marks == made


def test_a_table_is_aligned_and_its_figures_stand_to_the_right(module: Module) -> None:
    table = module("tables.markdown").table(["a", "figure"], [["好", "1"], ["b", "23"]])

    assert table.splitlines() == [
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
    module: Module, spans: list[tuple[int, int]], right: bool
) -> None:
    message = module("shared.data").Message(1, "abcCODE1ghijCODE1", "x", ("CODE1",))
    signals = tuple(_found(*span) for span in spans)

    assert module("shared.scoring").score_of([message], [signals]).exact == right


def test_f1_and_ratio_are_right_at_the_edges(module: Module) -> None:
    union, scoring = module("accuracy.union"), module("shared.scoring")

    assert union.f1(found=8, alarms=2, positives=10) == pytest.approx(0.8)
    assert union.f1(found=0, alarms=0, positives=10) == 0
    assert scoring.ratio(3, 4) == 0.75
    assert scoring.ratio(0, 0) == 1


def test_the_greedy_union_takes_what_helps_and_leaves_what_alarms(module: Module) -> None:
    found = [0b0011, 0b0100, 0b1000, 0b1111]
    alarms = [0b0000, 0b0000, 0b0111, 0b1111]

    assert module("accuracy.union").greedy_union(found, alarms, positives=4) == [0, 1]


def test_the_greedy_union_takes_one_regex_that_finds_all(module: Module) -> None:
    union = module("accuracy.union")

    assert union.greedy_union([0b0111, 0b1111, 0b1000], [0, 0, 0], positives=4) == [1]


def test_only_foreign_codes_and_share_links_count(module: Module) -> None:
    def counts(kind: str, party: Party) -> bool:
        one = Signal(detector="any", kind=kind, party=party)
        return bool(module("shared.scoring").is_found([one]))

    assert counts("share_code", Party.foreign)
    assert counts("share_link", Party.foreign)
    assert not counts("share_code", Party.own)
    assert not counts("share_link", Party.partner)
    assert not counts("link", Party.foreign)


def test_each_group_is_split_in_file_order_with_the_larger_part_tuned(module: Module) -> None:
    data = module("shared.data")
    messages = [data.Message(line, str(line), "ab"[line % 2]) for line in range(8)]
    parts = data.split(messages)

    assert [one.line for one in parts["tuned"]] == [0, 1, 2, 3, 4, 5]
    assert [one.line for one in parts["held_out"]] == [6, 7]
    assert data.parts_of(list("abcdefghi"))["tuned"] == list("abcde")


def test_measure_counts_messages_codes_and_alarms(module: Module) -> None:
    data, measure = module("shared.data"), module("accuracy.measure").measure
    message = data.Message
    texts = [
        message(1, "open CODE1 now", "x", ("CODE1",)),
        message(2, "open XXXCODE2 now", "x", ("CODE2",)),
        message(3, "nothing", "y", ("thing",)),
    ]
    lines = [data.CorpusLine("c", line, text) for line, text in enumerate(["CODE3", "-", "-"])]
    negatives = [message(1, "CODE9", "n"), message(2, "-", "n")]
    whole = data.Data({"all": texts}, {"all": negatives}, {"all": lines}, None, {})
    finder = module("accuracy.finders").regex_finder("one", [re.compile(r"X*CODE\d")])

    found = measure(finder, whole, "all", {data.digest("CODE3"): "genuine"})

    assert found["found"] == [2, 3]
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall_by_family_mean"] == 0.5
    assert found["codes_exact"] == [1, 3]
    assert found["corpora"]["pooled"]["hits"] == 1
    assert found["corpora"]["pooled"]["false"] == 0
    assert measure(finder, whole, "all", {})["corpora"]["c"]["per_100k"] == 33333.3


def test_the_rival_is_scored_under_the_same_disguises(module: Module) -> None:
    message = module("shared.data").Message(
        1, "take ￥aB1cD2eF3gH￥ now", "x", ("￥aB1cD2eF3gH￥",)
    )
    rival = module("accuracy.finders").regex_finder("rival", [re.compile("￥[A-Za-z0-9]{11}￥")])

    report = module("accuracy.disguised").disguised([rival], [message], [])["rival"]

    assert report["tricks"]["plain"] == {
        "found": [1, 1],
        "codes_exact": [1, 1],
        "alarms_on_negatives": [0, 0],
    }
    assert report["tricks"]["full width"]["found"] == [0, 1]
    assert report["research_pooled"]["found"][0] < report["research_pooled"]["found"][1] <= 10


@pytest.mark.parametrize("readers", [0, 1, 4])
def test_the_policy_of_the_speed_report_has_twenty_rules_for_all_surfaces(
    module: Module, readers: int
) -> None:
    policy = read_policy(module("speed.rules").policy_text(readers))

    assert len(policy.rules) == 20
    assert all(set(rule.outcome) == set(Surface) for rule in policy.rules)
    assert (not any(policy.readers_on.values())) == (readers == 0)


def test_made_up_families_are_a_pack_over_the_bundled_one(module: Module, tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(module("speed.packs").pack_text(3), "utf-8")

    assert len(load_pack(file).families) == len(load_pack().families) + 3


def test_a_race_counts_messages_in_each_process(module: Module) -> None:
    race = module("speed.race")
    entrant = race.Entrant("nothing", 10, ["一"] * 400, list, len)

    (found,) = race.race([entrant], race.Effort(0.01, 2), processes=2)

    assert [run["messages"] for run in found["runs"]] == [400, 400]
    assert all(len(run["cpu_seconds"]) == 2 for run in found["runs"])


def test_categories_are_written_out_for_re(module: Module) -> None:
    money = re.compile(module("speed.entrants").for_re(r"[\p{Sc}%][0-9]"))

    assert all(money.fullmatch(text) for text in ("￥5", "€5", "$5", "%5"))
    assert money.fullmatch("a5") is None


def test_one_message_in_a_hundred_gets_a_code(module: Module) -> None:
    speed = module("speed.messages")
    messages = speed.ordinary_messages(["a" * 200, "b"])
    changed = [one for one in messages if one not in ("a" * speed.message_length, "b")]

    assert len(messages) == speed.message_count
    assert len(changed) == speed.message_count // 100
    assert messages == speed.ordinary_messages(["a" * 200, "b"])
    assert speed.with_code("text", random.Random(1)) != "text"


def test_the_signals_of_an_output_line_are_read_back(module: Module) -> None:
    row = {"detector": "d", "kind": "share_code", "party": "foreign", "start": 1, "end": 3}

    assert module("gate_inspect").signals_of({"signals": [row]}) == (
        Signal(detector="d", kind="share_code", party=Party.foreign, start=1, end=3),
    )
