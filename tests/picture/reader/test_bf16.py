"""OpenVINO in bfloat16, where the extra and the processor are there for it."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from kouling.picture.message import Question, Reply
from kouling.picture.pool import Pool
from kouling.picture.reader import bf16, networks
from tests.picture.samples import card, foreign_code, foreign_lines, saved


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


def lines_of(pool: Pool, image: Image.Image) -> Reply:
    with pool.session() as session:
        session.ask(Question(step="open", picture=saved(image)))
        answer = session.ask(Question(step="lines", lines_max=20))
    assert not answer.refused
    return answer


def test_without_the_processor_or_the_library_the_networks_run_in_float32(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bf16, "is_here", lambda: False)
    monkeypatch.setattr(bf16, "run_of", None)
    network = networks.network_of(networks.file_of("tiny/rec/rec.onnx").read_bytes())
    assert network(np.zeros((1, 3, 48, 64), np.float32)).shape[0] == 1


@pytest.mark.skipif(not bf16.is_here(), reason="needs the extra openvino and bfloat16")
def test_a_worker_reads_codes_in_bfloat16_and_lines_of_any_length_within_its_memory(
    pool: Pool,
) -> None:
    read = lines_of(pool, card(*foreign_lines)).lines
    assert any(foreign_code in line.second for line in read)
    for length in range(1, 30):
        answer = lines_of(pool, card("券￥a1B2" * length, side=1080))
        assert answer.cost.memory_mb < 600


@pytest.mark.skipif(not bf16.is_here(), reason="needs the extra openvino and bfloat16")
def test_bfloat16_says_what_float32_says_up_to_its_precision() -> None:
    model = networks.file_of("tiny/det/det.onnx").read_bytes()
    picture = np.asarray(card(*foreign_lines).resize((448, 448)), np.float32)
    batch = (picture.transpose(2, 0, 1)[None] / 127.5 - 1).astype(np.float32)
    exact, short = networks.run_of(model)(batch), bf16.run_of(model)(batch)
    assert np.abs(exact - short).mean() < 0.01
    assert not np.array_equal(exact, short)
