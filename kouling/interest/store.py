"""A model is kept in a folder of plain arrays, with a manifest that names and checks each.

    FOLDER/current            the name of the model in use, replaced in one step
    FOLDER/<name>/manifest.json, neighbours.npy, weights.npy, popularity.npy
    FOLDER/<name>/likes_start.npy, likes_item.npy, users.json, items.json   if likes are kept too

A model is written beside the one in use and named when it is whole: a killed fit leaves a folder
that nothing points to, which the next save clears away. Arrays are read by mapping the files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from kouling.errors import InvalidInput, NotFound, StoreError
from kouling.interest.arrays import Array
from kouling.interest.likes import LikeMatrix
from kouling.interest.model import Model, new_model
from kouling.interest.records import Manifest, format_version

array_names = ("neighbours", "weights", "popularity")
pointer = "current"
manifest_name = "manifest.json"
unfinished = ".unfinished"


def save_model(model: Model, folder: Path, likes: LikeMatrix | None = None) -> Path:
    """Write a model, and the likes it was fitted on if given, and make it the folder's own.

    Returns where it stands. Other models of the folder are removed; whoever has their files
    mapped keeps them. Raises `StoreError` where it can't be written.
    """
    try:
        return _saved(model, folder, likes)
    except OSError as error:
        raise StoreError(
            f"{folder} can't hold a model: {error.strerror or error}",
            hint="give a folder that can be written, with room",
        ) from None


def _saved(model: Model, folder: Path, likes: LikeMatrix | None) -> Path:
    place = folder / unfinished
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    arrays = {name: getattr(model, name) for name in array_names}
    texts: dict[str, list[str]] = {}
    if likes is not None:
        arrays |= {"likes_start": likes.start, "likes_item": likes.item}
        texts = {"users": list(likes.user_ids), "items": list(likes.item_ids)}
    digests = {f"{name}.npy": _write_array(place, name, array) for name, array in arrays.items()}
    for name, ids in texts.items():
        digests[f"{name}.json"] = _write(place / f"{name}.json", msgspec.json.encode(ids))
    manifest = msgspec.structs.replace(model.manifest, digests=digests)
    name = _write(place / manifest_name, msgspec.json.encode(manifest))[:16]
    shutil.rmtree(folder / name, ignore_errors=True)
    place.rename(folder / name)
    _write(folder / f"{pointer}{unfinished}", name.encode())
    os.replace(folder / f"{pointer}{unfinished}", folder / pointer)  # in one step
    _clear(folder, name)
    return folder / name


def load_model(folder: Path) -> Model:
    """Return the model of a folder, its arrays mapped and checked against the manifest.

    Raises `NotFound` where there is none, `InvalidInput` for one that is damaged or of another
    format.
    """
    place = _place(folder)
    manifest = _manifest(place)
    arrays = {name: _array(place, manifest, name) for name in array_names}
    _check_model(place, manifest, **arrays)
    return new_model(manifest, *arrays.values())


def load_likes(folder: Path) -> LikeMatrix:
    """Return the likes that are kept beside a model; raise `NotFound` if none are."""
    place = _place(folder)
    manifest = _manifest(place)
    if "likes_item.npy" not in manifest.digests:
        raise NotFound(f"no likes are kept in {folder}", hint="save the model with its likes")
    likes = LikeMatrix(
        start=_array(place, manifest, "likes_start"),
        item=_array(place, manifest, "likes_item"),
        items=manifest.items,
        ordered=manifest.ordered,
        user_ids=_ids(place, manifest, "users"),
        item_ids=_ids(place, manifest, "items"),
    )
    _check_likes(place, likes)
    return likes


def _place(folder: Path) -> Path:
    try:
        name = (folder / pointer).read_text("utf-8").strip()
    except OSError:
        raise NotFound(f"{folder} holds no model", hint="fit one into it") from None
    except UnicodeDecodeError:
        name = ""
    if not name.isalnum() or not (folder / name).is_dir():
        raise _damaged(folder / pointer, "it names no model")
    return folder / name


def _manifest(place: Path) -> Manifest:
    path = place / manifest_name
    try:
        text = msgspec.json.decode(path.read_bytes())
        version = text.get("version")
        if version == 1:  # it called the fading recency
            text["parameters"]["fading"] = text["parameters"].pop("recency", 0.0)
        if version in (1, format_version):
            return msgspec.convert(text | {"version": format_version}, Manifest)
    except (OSError, ValueError, AttributeError, LookupError, TypeError) as error:
        raise _damaged(path, str(error)) from None
    raise InvalidInput(
        f"{place} has format {version!r:.20}, this version reads 1 to {format_version}",
        hint="fit the model again",
    )


def _array(place: Path, manifest: Manifest, name: str) -> Array:
    path = _checked(place, manifest, f"{name}.npy")
    try:
        found: Array = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, str(error)) from None
    return found


def _ids(place: Path, manifest: Manifest, name: str) -> list[str]:
    path = _checked(place, manifest, f"{name}.json")
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[str])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from None


def _check_model(
    place: Path, manifest: Manifest, neighbours: Array, weights: Array, popularity: Array
) -> None:
    """Check what loops over arrays take for granted, whoever wrote the files and the manifest."""
    _check(place, "neighbours", neighbours, np.int32, 2)
    _check(place, "weights", weights, np.float32, 2)
    _check(place, "popularity", popularity, popularity.dtype, 1)
    sizes = {len(neighbours), len(weights), len(popularity), manifest.items}
    if len(sizes) > 1 or neighbours.shape != weights.shape:
        raise _damaged(place / manifest_name, "the arrays are of another size")
    if not _within(neighbours, -1, manifest.items - 1):
        raise _damaged(place / "neighbours.npy", "it names items that there are not")
    if popularity.dtype.kind not in "iuf" or not _within(popularity, 0, np.inf):
        raise _damaged(place / "popularity.npy", "it counts less than nothing")
    if not np.isfinite(weights).all():
        raise _damaged(place / "weights.npy", "it holds what is no number")


def _check_likes(place: Path, likes: LikeMatrix) -> None:
    start, item = likes.start, likes.item
    for name, array in (("likes_start", start), ("likes_item", item)):
        if array.ndim != 1 or array.dtype.kind not in "iu":
            raise _damaged(place / f"{name}.npy", "it is no list of whole numbers")
    ends = not len(start) or start[0] != 0 or start[-1] != len(item)
    if ends or (np.diff(start.astype(np.int64)) < 0).any():
        raise _damaged(place / "likes_start.npy", "it is in no order")
    if not _within(item, 0, likes.items - 1):
        raise _damaged(place / "likes_item.npy", "it names items that there are not")
    for name, ids, count in (
        ("users", likes.user_ids, likes.users),
        ("items", likes.item_ids, likes.items),
    ):
        if len(ids) not in (0, count):
            raise _damaged(place / f"{name}.json", f"it has {len(ids):,} names for {count:,}")


def _check(place: Path, name: str, array: Array, kind: Any, dimensions: int) -> None:
    if array.dtype != kind or array.ndim != dimensions:
        raise _damaged(place / f"{name}.npy", "it is an array of another kind")


def _within(array: Array, least: float, most: float) -> bool:
    return not array.size or bool(array.min() >= least and array.max() <= most)


def _checked(place: Path, manifest: Manifest, name: str) -> Path:
    path = place / name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _damaged(path, str(error)) from None
    if digest != manifest.digests.get(name):
        raise _damaged(path, "it isn't what the manifest says")
    return path


def _damaged(path: Path, why: str) -> InvalidInput:
    return InvalidInput(f"{path} is damaged: {why:.200}", hint="fit the model again")


def _write_array(place: Path, name: str, array: Array) -> str:
    path = place / f"{name}.npy"
    with path.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> str:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(content).hexdigest()


def _clear(folder: Path, name: str) -> None:
    """Remove the models that are not in use."""
    for other in folder.iterdir():
        if other.name != name and (other / manifest_name).exists():
            shutil.rmtree(other, ignore_errors=True)
