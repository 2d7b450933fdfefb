"""A model comes back from its folder as it was, or says what is wrong with it."""

import json
import shutil
from pathlib import Path

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
