import base64
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from kouling.cli import app
from kouling.cli.gate.pictures import pictures_in
from kouling.errors import InvalidInput
from kouling.gate import picture_bytes_max
from kouling.mint import qr_png

link = "https://m.tb.cn/h.3Kx7Qd2"


def inspect(folder: Path, input: str, *options: str) -> tuple[Result, list[dict[str, Any]]]:
    output = folder / "out.jsonl"
    arguments = ["gate", "inspect", "--input", str(folder / input), "--output", str(output)]
    result = CliRunner().invoke(app, [*arguments, *options])
    lines = output.read_text("utf-8").splitlines() if output.exists() else []
    return result, [json.loads(line) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shots = tmp_path / "shots"
    shots.mkdir()
    (shots / "code.png").write_bytes(qr_png(link))
    (shots / "wrong.png").write_bytes(b"<svg></svg>")
    (shots / "notes.txt").write_text("not a picture")
    (tmp_path / "secret.png").write_bytes(qr_png("secret"))
    return tmp_path


def test_a_folder_of_pictures_is_answered_by_name(folder: Path) -> None:
    result, answers = inspect(folder, "shots", "--annotate", str(folder / "seen"))

    assert result.exit_code == 0, result.output
    assert [answer["id"] for answer in answers] == ["code.png", "wrong.png"]
    assert [answer["rules"] for answer in answers] == [["foreign-share-link"], ["not-inspected"]]
    assert [answer.get("review") for answer in answers] == [None, ["not-inspected"]]
    assert answers[0]["signals"][0]["picture"] == 1
    assert answers[0]["signals"][0]["box"] == [32, 32, 232, 232]
    with Image.open(folder / "seen" / "code.png-1.png") as seen:
        assert seen.width == 264


def test_names_say_nothing_of_what_files_hold(folder: Path) -> None:
    """Content decides: a wrong ending hides nothing, and lets nothing in."""
    files = {
        "jpeg.png": qr_jpeg(),
        "png.svg": qr_png(link),
        "png.bmp": qr_png(link),
        "bmp.png": b"BM" + bytes(60),
        "empty.png": b"",
        "page.jpg": b"<!doctype html><svg></svg>",
    }
    (folder / "named").mkdir()
    for name, data in files.items():
        (folder / "named" / name).write_bytes(data)
    (folder / "named" / "folder.png").mkdir()

    result, answers = inspect(folder, "named")

    found = {answer["id"]: answer.get("rules") or answer["error"] for answer in answers}
    assert found == {
        "jpeg.png": ["foreign-share-link"],
        "png.svg": ["foreign-share-link"],
        "png.bmp": ["foreign-share-link"],
        "bmp.png": ["not-inspected"],
        "page.jpg": ["not-inspected"],
        "empty.png": "picture 1 has 0 bytes",
    }
    assert "1 line could not be read" in str(result.exception)
    assert "left out, folders: folder.png; --recursive looks into them" in result.stderr


def saved_as(form: str) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(qr_png(link))).convert("RGB").save(out, form)
    return out.getvalue()


heic = b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf" + bytes(40)


def test_every_picture_of_a_folder_is_answered_whatever_it_is_called(tmp_path: Path) -> None:
    files = {
        "a.avif": saved_as("AVIF"),
        "b.jfif": saved_as("JPEG"),
        "noending": saved_as("WEBP"),
        "c.HEIC": heic,
        "renamed.dat": heic,
        "drawing": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "notes": b"no picture",
    }
    (tmp_path / "in" / "sub" / "deep").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "sub" / "deep" / "d.png").write_bytes(qr_png(link))
    (tmp_path / "in" / "link").symlink_to(tmp_path)

    result, answers = inspect(tmp_path, "in")
    found = {answer["id"]: answer["rules"] for answer in answers}
    assert found == {
        "a.avif": ["foreign-share-link"],
        "b.jfif": ["foreign-share-link"],
        "noending": ["foreign-share-link"],
        "c.HEIC": ["not-inspected"],
        "renamed.dat": ["not-inspected"],
        "drawing": ["not-inspected"],
    }
    said = {answer["id"]: answer["signals"][0]["evidence"][0] for answer in answers}
    assert said["c.HEIC"] == "picture 1: it is HEIC, which is not decoded"
    assert "left out, no pictures: notes" in result.stderr
    assert "left out, folders: link, sub; --recursive looks into them" in result.stderr

    below = pictures_in(tmp_path / "in", recursive=True)
    assert below.pictures == sorted([*found, "sub/deep/d.png"])
    assert below.folders == ["link"]


def test_folders_of_a_folder_are_looked_into_if_asked(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "deep" / "d.png").write_bytes(qr_png(link))
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    result, answers = inspect(tmp_path, "in", "--recursive")
    assert [(answer["id"], answer["visibility"]) for answer in answers] == [
        ("sub/deep/d.png", "limit")
    ]
    assert "left out, folders: link; links are not followed" in result.stderr


def test_pictures_of_several_folders_keep_their_names_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(qr_png(link))
    _, answers = inspect(tmp_path, "one", str(tmp_path / "two"))
    ids = {answer["id"] for answer in answers}
    assert ids == {str(tmp_path / name / "a.png") for name in ("one", "two")}


def test_a_folder_of_folders_alone_says_how_to_look_into_them(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    result, _ = inspect(tmp_path, "in")
    assert "--recursive" in str(result.exception)


def test_a_name_that_is_no_text_is_a_row_like_others(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/\xff.png")).write_bytes(qr_png(link))
    _, answers = inspect(tmp_path, "in")
    assert [(answer["id"], answer["visibility"]) for answer in answers] == [("\\xff.png", "limit")]


def qr_jpeg() -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(qr_png(link))).convert("L").save(out, "JPEG")
    return out.getvalue()


def test_a_file_that_is_too_large_is_not_read_whole(folder: Path) -> None:
    with (folder / "shots" / "large.png").open("wb") as file:
        file.truncate(10 * picture_bytes_max)  # takes no room on the disk

    _, answers = inspect(folder, "shots")

    assert [answer["id"] for answer in answers] == ["code.png", "large.png", "wrong.png"]
    assert answers[1]["error"] == f"picture 1 has {picture_bytes_max + 1} bytes"


def test_one_picture_is_answered(folder: Path) -> None:
    _, answers = inspect(folder, "shots/code.png")

    assert [answer["visibility"] for answer in answers] == ["limit"]


def test_rows_name_pictures_or_hold_them(folder: Path) -> None:
    held = "base64:" + base64.b64encode(qr_png(link)).decode()
    rows = [{"id": 1, "pictures": ["shots/code.png"]}, {"id": 2, "text": "看", "pictures": [held]}]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    result, answers = inspect(folder, "in.jsonl")

    assert result.exit_code == 0, result.output
    assert [answer["rules"] for answer in answers] == [["foreign-share-link"]] * 2


bad = {
    "up and out": (["../secret.png"], "lies outside"),
    "absolute": (["/etc/passwd"], "lies outside"),
    "by a link": (["out.png"], "lies outside"),
    "nowhere": (["none.png"], "is no file"),
    "a folder": (["."], "is no file"),
    "with NUL": (["a\0b.png"], "lies outside"),
    "no base64": (["base64:%%%"], "no base64"),
    "empty": (["base64:"], "0 bytes"),
    "too many": (["code.png"] * 10, "10 pictures"),
    "no list": ("code.png", "no list"),
    "a number": ([1], "no list"),
}


@pytest.mark.parametrize("kind", bad)
def test_a_picture_that_can_not_be_had_is_named_and_the_next_row_is_answered(
    folder: Path, kind: str
) -> None:
    pictures, message = bad[kind]
    (folder / "shots" / "out.png").symlink_to(folder / "secret.png")
    rows = [{"pictures": pictures}, {"pictures": ["code.png"]}]
    (folder / "shots" / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    result, (wrong, good) = inspect(folder, "shots/in.jsonl")

    assert message in wrong["error"]
    assert good["visibility"] == "limit"
    assert isinstance(result.exception, InvalidInput)


def test_a_folder_without_pictures_is_a_clear_error(tmp_path: Path) -> None:
    result, _ = inspect(tmp_path, ".")

    assert isinstance(result.exception, InvalidInput)
    assert "no pictures in it" in str(result.exception)
