"""The guard over `kouling/`: its rules hold, and each of them is shown to catch its fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.architecture.guard import RULES, Survey, survey
from tests.architecture.planted import PLANTS
from tests.architecture.planted.plant import Plant, marked, write

KOULING = Path(__file__).parent.parent / "kouling"
modules_min = 20

by_claim = pytest.mark.parametrize(
    "plant", PLANTS, ids=lambda plant: f"{plant.rule}: {plant.claim}"
)
by_rule = pytest.mark.parametrize("rule", [rule.__name__ for rule in RULES])


@pytest.fixture(scope="module")
def real() -> Survey:
    return survey(KOULING)


@by_rule
def test_kouling_keeps_the_rule(real: Survey, rule: str) -> None:
    violations = real.reports[rule].violations
    assert not violations, "\n" + "\n".join(violations)


@by_rule
def test_the_rule_looked_at_something(real: Survey, rule: str) -> None:
    assert real.reports[rule].examined > 0


def test_the_guard_saw_every_module(real: Survey) -> None:
    found = {
        Path(folder, name).relative_to(KOULING.parent)
        for folder, _, names in os.walk(KOULING)
        for name in names
        if name.endswith(".py")
    }
    assert found == real.seen
    assert len(found) >= modules_min


@by_claim
def test_a_planted_fault_is_caught_by_its_rule_alone(plant: Plant, tmp_path: Path) -> None:
    root = write(tmp_path, plant.bad)
    caught = {
        rule: report.violations
        for rule, report in survey(root).reports.items()
        if report.violations
    }
    assert list(caught) == [plant.rule], caught
    [violation] = caught[plant.rule]
    assert violation.startswith(marked(root, plant.bad) or "kouling/")


@by_claim
def test_its_clean_twin_passes(plant: Plant, tmp_path: Path) -> None:
    reports = survey(write(tmp_path, plant.good)).reports
    found = [violation for report in reports.values() for violation in report.violations]
    assert found == []


@by_rule
def test_every_rule_has_a_plant(rule: str) -> None:
    assert rule in {plant.rule for plant in PLANTS}


def test_a_file_that_cannot_be_parsed_is_an_error(tmp_path: Path) -> None:
    root = write(tmp_path, {"gate/scan.py": "def"})
    with pytest.raises(SyntaxError):
        survey(root)


def test_an_empty_folder_is_seen_as_empty(tmp_path: Path) -> None:
    seen, reports = survey(tmp_path)
    assert seen == set()
    assert {report.examined for report in reports.values()} == {0}
