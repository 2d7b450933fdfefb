"""`kouling deliver` fits on a file, answers from the folder, and reports how good it is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from kouling import Engine
from kouling.cli import app
from kouling.errors import InvalidInput, LimitExceeded, NotFound
from tests.deliver.feed import likes, reasons, video
from tests.interest.tastes import groups, likes_of_groups, shelf


def run(*words: object) -> str:
    done = CliRunner().invoke(app, ["deliver", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("deliver")
    likes = likes_of_groups()
    lines = [f"u{u},i{item}" for u in range(likes.users) for item in likes.of(u)]
    (place / "likes.csv").write_text("user,item\n" + "\n".join(lines) + "\n")
    said = run(
        "fit", "--likes", place / "likes.csv", "--output", place / "model", "--model", "filter"
    )
    assert said.startswith(f"filter model of {len(likes):,} likes, 150 users")
    return place / "model"


def test_recommend_names_items_and_reasons(folder: Path) -> None:
    rows = json.loads(run("recommend", "--folder", folder, "--user", "u7", "-n", 5, "--json"))

    assert len(rows) == 5
    assert all(int(row["item"][1:]) // shelf == 7 % groups for row in rows)
    assert all(row["because"].startswith("i") for row in rows)


def test_similar_and_reach_speak_in_the_files_ids(folder: Path) -> None:
    similar = run("similar", "--folder", folder, "--item", "i3", "-n", 4).splitlines()
    reach = json.loads(run("reach", "--folder", folder, "--item", "i3", "--json"))

    assert all(int(line.split("\t")[0][1:]) < shelf for line in similar)
    assert int(reach[0]["user"][1:]) % groups == 0


def test_a_database_is_asked_whom_to_push_an_item_to(tmp_path: Path, folder: Path) -> None:
    database = str(tmp_path / "shop.db")
    with Engine.open(database) as engine:
        for id in ("first", "second"):
            video(engine, id)
        likes(engine, "ann", "first")
        likes(engine, "bo", "first", "second")
    asked = ("reach", "--database", database, "--item")
    (row,) = json.loads(run(*asked, "second", "--json"))

    assert row["user"] == "ann"
    assert row["score"] > 0
    assert run(*asked, "second").startswith("ann\t")
    with pytest.raises(NotFound, match="nothing"):
        run(*asked, "nothing")
    with pytest.raises(LimitExceeded):
        run(*asked, "second", "-n", 0)
    for sources in ((), ("--database", database, "--folder", folder)):
        with pytest.raises(InvalidInput, match="one of --folder and --database"):
            run("reach", "--item", "second", *sources)


def test_unknown_ids_and_empty_folders_end_with_an_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nobody"):
        run("recommend", "--folder", folder, "--user", "nobody")
    with pytest.raises(NotFound, match="holds no model"):
        run("similar", "--folder", tmp_path, "--item", "i3")


def test_a_damaged_folder_is_replaced_only_on_request(folder: Path, tmp_path: Path) -> None:
    likes = folder.parent / "likes.csv"
    (tmp_path / "current").write_text("nowhere")
    with pytest.raises(InvalidInput, match="--fresh"):
        run("fit", "--likes", likes, "--output", tmp_path, "--model", "popularity")
    run("fit", "--likes", likes, "--output", tmp_path, "--model", "popularity", "--fresh")

    assert len(run("recommend", "--folder", tmp_path, "--user", "u1", "-n", 3).splitlines()) == 3


def test_a_folder_that_cannot_be_written_is_told_before_the_fit(folder: Path) -> None:
    likes = folder.parent / "likes.csv"
    with pytest.raises(InvalidInput, match="can't hold a model"):
        run("fit", "--likes", likes, "--output", likes)
    with pytest.raises(InvalidInput, match=r"likes\.csv is no folder"):
        run("fit", "--likes", likes, "--output", likes / "below")
    with pytest.raises(InvalidInput, match="can't hold a model"):
        run("fit", "--likes", likes, "--output", "x" * 1_000)


@pytest.mark.parametrize("content", ["user,item\n", "user,thing\na,b\n", "user,item\na\n", None])
def test_likes_that_cannot_be_read_leave_no_folder(tmp_path: Path, content: str | None) -> None:
    likes, output = tmp_path / "likes.csv", tmp_path / "models" / "new"
    if content is not None:
        likes.write_text(content)
    with pytest.raises(InvalidInput):
        run("fit", "--likes", likes, "--output", output)

    assert not output.parent.exists()


def test_feedback_of_gorse_moves_into_a_database(tmp_path: Path) -> None:
    database, feedback = str(tmp_path / "shop.db"), tmp_path / "feedback.jsonl"
    with Engine.open(database) as engine:
        for name in ("a", "b"):
            video(engine, name, f"creator of {name}")
    rows = [("star", "ann", "a"), ("star", "ann", "b"), ("star", "bob", "a"), ("read", "bob", "b")]
    feedback.write_text("".join(map(exported, rows)))
    words = ("import-likes", feedback, "--database", database, "--type", "star")

    assert run(*words).splitlines() == [
        "3 likes taken in, 0 were known",
        "left out: 1 of type read; --type says which are likes",
    ]
    assert run(*words).startswith("0 likes taken in, 3 were known")
    with Engine.open(database) as engine:
        assert reasons(engine, "bob", size=4)["b"] == "because you liked a"


def exported(row: tuple[str, str, str]) -> str:
    kind, user, item = row
    at = "2024-01-02T10:00:00.123456789Z"
    known = {"FeedbackType": kind, "UserId": user, "ItemId": item, "Timestamp": at}
    return json.dumps(known) + "\n"


def test_an_import_tells_what_it_left_out_and_fails(tmp_path: Path) -> None:
    database, feedback = str(tmp_path / "shop.db"), tmp_path / "feedback.jsonl"
    feedback.write_text(exported(("like", "ann", "nothing")) + "nonsense\n")
    Engine.open(database).close()
    words = ["deliver", "import-likes", str(feedback), "--database", database]
    done = CliRunner().invoke(app, words, catch_exceptions=False)

    assert done.exit_code == 1
    assert f"error: {feedback}:2: no feedback of gorse" in done.stderr
    assert done.stdout.splitlines() == [
        "0 likes taken in, 0 were known",
        "left out: 1 like of items that their users can't see, such as nothing;"
        " gate the items and import again",
        "left out: 1 row that can't be read",
    ]
    feedback.write_text("")
    with pytest.raises(InvalidInput, match="has no feedback"):
        run("import-likes", feedback, "--database", database)
    with pytest.raises(InvalidInput, match="No such file"):
        run("import-likes", tmp_path / "nowhere", "--database", database)
    with pytest.raises(InvalidInput, match="no such file"):
        run("import-likes", feedback, "--database", tmp_path / "mistyped.db")


def test_evaluate_reports_quality_and_cost(tmp_path: Path) -> None:
    known, answers = likes_of_groups(), likes_of_groups(seed=2)
    arrays: dict[str, Any] = {}
    for name, matrix in (("train", known), ("test", answers)):
        arrays[f"{name}_user"] = np.repeat(np.arange(matrix.users), np.diff(matrix.start))
        arrays[f"{name}_item"] = matrix.item
    np.savez(tmp_path / "data.npz", **arrays, shape=[known.users, known.items], ordered=0)
    facts = json.loads(run("evaluate", tmp_path / "data.npz", "--model", "filter", "--json"))

    assert facts["model"] == "filter"
    assert 0 < facts["ndcg_at_20"] <= 1
    assert 0.4 < facts["recall_at_20"] <= 1
    assert facts["serve_p50_us"] <= facts["serve_p99_us"]
    assert facts["peak_mb"] > 0
