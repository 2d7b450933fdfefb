"""The process that fits, without the process."""

from pathlib import Path

import msgspec
import pytest

from kouling.interest import (
    LikeMatrix,
    ModelKind,
    Options,
    Quality,
    fit_model,
    hand_over,
    load_model,
    save_model,
)
from kouling.interest.handover import worse_status
from kouling.interest.refit import main
from tests.interest.tastes import likes_of_groups


def named() -> LikeMatrix:
    likes = likes_of_groups(users=60, ordered=True)
    ids = [str(number) for number in range(likes.items)]
    return msgspec.structs.replace(likes, user_ids=ids[: likes.users], item_ids=ids)


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    folder = tmp_path / "handed"
    folder.mkdir()
    hand_over(named(), folder)
    return folder


def test_a_fit_leaves_a_model_of_the_likes_it_was_handed(handed: Path, tmp_path: Path) -> None:
    assert main(handed, tmp_path / "models") == 0
    assert load_model(tmp_path / "models").manifest.likes == len(named())


def test_a_worse_model_is_told_and_the_old_one_stays(
    handed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = fit_model(named(), Options(kind=ModelKind.popularity))
    best = Quality(recall=0.99, ndcg=0.99)
    manifest = msgspec.structs.replace(model.manifest, held_out=best)
    save_model(msgspec.structs.replace(model, manifest=manifest), tmp_path / "models")

    assert main(handed, tmp_path / "models") == worse_status
    assert "the running one 0.99" in capsys.readouterr().err
    assert load_model(tmp_path / "models").kind is ModelKind.popularity


def test_a_model_that_can_not_be_read_is_replaced(handed: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").write_text("nowhere")

    assert main(handed, tmp_path / "models") == 0
    assert len(load_model(tmp_path / "models"))
