"""A model comes back from its folder as it was, or says what is wrong with it."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kouling.errors import InvalidInput, NotFound
from kouling.interest import (
    LikeMatrix,
    Model,
    ModelKind,
    Options,
    fit_model,
    load_likes,
    load_model,
    save_model,
)
from tests.interest.tastes import likes_of_groups


@pytest.fixture(scope="module")
def likes() -> LikeMatrix:
    return likes_of_groups()


@pytest.fixture(scope="module")
def model(likes: LikeMatrix) -> Model:
    return fit_model(likes, Options(kind=ModelKind.filter))


@pytest.fixture
def place(tmp_path: Path, model: Model, likes: LikeMatrix) -> Path:
    return save_model(model, tmp_path / "model", likes)


def test_a_model_comes_back_mapped_and_serves_the_same(
    model: Model, likes: LikeMatrix, place: Path
) -> None:
    back = load_model(place.parent)

    assert isinstance(back.weights, np.memmap)
    for user in range(20):
        ours, theirs = (one.recommend(likes.of(user), 10) for one in (model, back))
        assert ours.items.tolist() == theirs.items.tolist()
        assert ours.scores.tolist() == theirs.scores.tolist()
    assert load_likes(place.parent).item.tolist() == likes.item.tolist()


def test_another_model_takes_its_place_while_the_first_is_served(
    likes: LikeMatrix, place: Path
) -> None:
    first = load_model(place.parent)
    before = first.recommend(likes.of(0), 5).items.tolist()
    save_model(fit_model(likes, Options(kind=ModelKind.popularity)), place.parent)

    assert first.recommend(likes.of(0), 5).items.tolist() == before
    assert load_model(place.parent).kind is ModelKind.popularity
    assert not place.exists()


def test_a_killed_save_leaves_the_model_that_was_there(model: Model, place: Path) -> None:
    unfinished = place.parent / ".unfinished"
    shutil.copytree(place, unfinished)
    (unfinished / "weights.npy").write_bytes(b"half of it")

    assert load_model(place.parent).manifest.digests
    save_model(model, place.parent)
    assert not unfinished.exists()


def test_a_folder_without_a_model_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds no model"):
        load_model(tmp_path)
    with pytest.raises(NotFound):
        load_model(tmp_path / "nowhere")


def test_likes_that_were_not_kept_are_not_found(tmp_path: Path, model: Model) -> None:
    save_model(model, tmp_path)
    with pytest.raises(NotFound, match="no likes"):
        load_likes(tmp_path)


@pytest.mark.parametrize("name", ["weights.npy", "neighbours.npy", "popularity.npy"])
def test_a_changed_file_is_refused(place: Path, name: str) -> None:
    content = bytearray((place / name).read_bytes())
    content[-1] ^= 1
    (place / name).write_bytes(content)

    with pytest.raises(InvalidInput, match="isn't what the manifest says"):
        load_model(place.parent)


@pytest.mark.parametrize("name", ["weights.npy", "manifest.json"])
def test_a_missing_file_is_refused(place: Path, name: str) -> None:
    (place / name).unlink()
    with pytest.raises(InvalidInput, match="damaged"):
        load_model(place.parent)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"version": 1}'])
def test_a_damaged_manifest_is_refused(place: Path, content: bytes) -> None:
    (place / "manifest.json").write_bytes(content)
    with pytest.raises(InvalidInput, match="damaged"):
        load_model(place.parent)


def test_a_model_of_format_1_fades_as_it_did(tmp_path: Path, model: Model) -> None:
    chosen = msgspec.structs.replace(model.manifest.parameters, fading=0.7)
    manifest = msgspec.structs.replace(model.manifest, parameters=chosen)
    place = save_model(msgspec.structs.replace(model, manifest=manifest), tmp_path / "model")
    older = json.loads((place / "manifest.json").read_bytes()) | {"version": 1}
    older["parameters"]["recency"] = older["parameters"].pop("fading")
    (place / "manifest.json").write_text(json.dumps(older))

    assert load_model(place.parent).fading == 0.7


def test_another_format_says_what_to_do(place: Path) -> None:
    manifest = json.loads((place / "manifest.json").read_bytes()) | {"version": 0}
    (place / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InvalidInput, match="fit the model again"):
        load_model(place.parent)


@pytest.mark.parametrize("content", ["", "../elsewhere", "nowhere"])
def test_a_pointer_to_nothing_is_refused(place: Path, content: str) -> None:
    (place.parent / "current").write_text(content)
    with pytest.raises(InvalidInput, match="names no model"):
        load_model(place.parent)


def rewrite(place: Path, name: str, content: bytes) -> None:
    """Change a file, and what the manifest says of it, as whoever has the folder could."""
    (place / name).write_bytes(content)
    manifest = json.loads((place / "manifest.json").read_bytes())
    manifest["digests"][name] = hashlib.sha256(content).hexdigest()
    (place / "manifest.json").write_text(json.dumps(manifest))


def rewrite_array(place: Path, name: str, array: Any) -> None:
    with io.BytesIO() as file:
        np.save(file, array)
        rewrite(place, f"{name}.npy", file.getvalue())


wrong: list[tuple[str, Callable[[Any], Any]]] = [
    ("neighbours", lambda a: a.astype(np.int64)),
    ("neighbours", lambda a: a[:-1]),
    ("neighbours", lambda a: a[:, :-1]),
    ("neighbours", lambda a: a.reshape(-1)),
    ("neighbours", lambda a: np.full_like(a, len(a))),
    ("neighbours", lambda a: np.full_like(a, -2)),
    ("weights", lambda a: a.astype(np.float64)),
    ("weights", lambda a: a[1:]),
    ("weights", lambda a: np.full_like(a, np.inf)),
    ("popularity", lambda a: a[:, None]),
    ("popularity", lambda a: np.append(a, a)),
    ("popularity", lambda a: a.astype("U8")),
    ("popularity", lambda a: -1 - a.astype(float)),
]
wrong_likes: list[tuple[str, Callable[[Any], Any]]] = [
    ("likes_start", lambda a: a[::-1].copy()),
    ("likes_start", lambda a: a + 1),
    ("likes_start", lambda a: a[:0]),
    ("likes_start", lambda a: a.astype(float)),
    ("likes_item", lambda a: a[:-1]),
    ("likes_item", lambda a: a + 10**6),
    ("likes_item", lambda a: a - 10**6),
    ("likes_item", lambda a: a.reshape(1, -1)),
]


def test_whole_files_of_a_wrong_content_are_refused(place: Path) -> None:
    for name, change in wrong:
        before, manifest = ((place / one).read_bytes() for one in (f"{name}.npy", "manifest.json"))
        rewrite_array(place, name, change(np.load(place / f"{name}.npy")))
        with pytest.raises(InvalidInput, match="damaged"):
            load_model(place.parent)
        (place / f"{name}.npy").write_bytes(before)
        (place / "manifest.json").write_bytes(manifest)
    assert load_model(place.parent)


def test_likes_of_a_wrong_content_are_refused(place: Path) -> None:
    for name, change in wrong_likes:
        before, manifest = ((place / one).read_bytes() for one in (f"{name}.npy", "manifest.json"))
        rewrite_array(place, name, change(np.load(place / f"{name}.npy")))
        with pytest.raises(InvalidInput, match="damaged"):
            load_likes(place.parent)
        (place / f"{name}.npy").write_bytes(before)
        (place / "manifest.json").write_bytes(manifest)
    assert load_likes(place.parent)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'["one"]', b"[", b'["\xff"]'])
@pytest.mark.parametrize("name", ["users.json", "items.json"])
def test_names_of_a_wrong_content_are_refused(place: Path, name: str, content: bytes) -> None:
    rewrite(place, name, content)
    with pytest.raises(InvalidInput, match="damaged"):
        load_likes(place.parent)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff", b"PK\x03\x04", b"\x80\x04.", b"hello" * 99],
)
def test_a_file_that_is_no_array_is_refused(place: Path, content: bytes) -> None:
    rewrite(place, "weights.npy", content)
    with pytest.raises(InvalidInput, match="damaged"):
        load_model(place.parent)
