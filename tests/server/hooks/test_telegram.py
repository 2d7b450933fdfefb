"""Telegram, against the classes of python-telegram-bot."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import telegram
from litestar import Litestar
from litestar.testing import TestClient

from tests.samples import foreign_text
from tests.server.hooks.conftest import OtherSide, client_of, secret, to_telegram

Client = TestClient[Litestar]


def update(kind: str = "message", chat: str = "supergroup", **fields: Any) -> dict[str, Any]:
    """An update as python-telegram-bot reads and writes it."""
    message = {
        "message_id": 7,
        "date": 1_790_000_000,
        "chat": {"id": -100_200, "type": chat, "title": "t"},
        "from": {"id": 300, "is_bot": False, "first_name": "a"},
        **fields,
    }
    read = telegram.Update.de_json({"update_id": 1, kind: message}, None)
    assert read.effective_message is not None
    told: dict[str, Any] = json.loads(read.to_json())
    return told


hidden_link = [{"type": "text_link", "offset": 0, "length": 2, "url": "https://m.tb.cn/h.3Kx7Qd2"}]
option = {"persistent_id": "1", "text": "好", "voter_count": 0}
poll = {"id": "1", "question": foreign_text, "options": [option]} | {
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


@pytest.mark.parametrize(
    "told",
    [
        update(text=foreign_text),
        update("edited_message", text=foreign_text, edit_date=1_790_000_001),
        update("channel_post", chat="channel", text=foreign_text),
        update(caption=foreign_text),
        update(text="看看", entities=hidden_link),
        update(poll=poll),
    ],
    ids=["text", "edit", "channel", "caption", "link behind words", "poll"],
)
def test_an_advertisement_is_answered_with_its_deletion(
    hooked: Client, told: dict[str, Any]
) -> None:
    answer = to_telegram(hooked, told).json()

    assert answer == {"method": "deleteMessage", "chat_id": -100_200, "message_id": 7}
    taken = inspect.signature(telegram.Bot.delete_message).parameters
    assert {*answer} - {"method"} <= {*taken}


def test_one_who_writes_to_the_bot_alone_is_answered(tmp_path: Path) -> None:
    text = f"telegram: {{secret: {secret}, policy: own.yaml}}"
    (tmp_path / "own.yaml").write_text(
        Path("kouling/gate/policy/bundled/group-strict.yaml")
        .read_text("utf-8")
        .replace("direct: allow, group: drop", "direct: drop, group: drop"),
        "utf-8",
    )
    with client_of(tmp_path, text) as client:
        answer = to_telegram(client, update(chat="private", text=foreign_text)).json()

    assert answer["method"] == "sendMessage"
    assert "t7Xk2bQm9Ra" not in answer["text"]
    assert {*answer} - {"method"} <= {*inspect.signature(telegram.Bot.send_message).parameters}


@pytest.mark.parametrize(
    "told",
    [update(text="你好"), {"update_id": 5}, {"update_id": 6, "poll_answer": {"poll_id": "1"}}],
    ids=["clean", "nothing", "another kind"],
)
def test_all_else_is_answered_with_nothing(hooked: Client, told: dict[str, Any]) -> None:
    response = to_telegram(hooked, told)

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("given", ["", "another-secret-of-theirs", secret.upper()])
def test_another_secret_is_refused(hooked: Client, given: str) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": given}
    response = hooked.post("/v1/hooks/telegram", json=update(text="你好"), headers=headers)

    assert response.status_code == 401


def test_a_photo_is_fetched_with_the_token_from_the_one_host(
    tmp_path: Path, other_side: OtherSide
) -> None:
    from kouling.mint import qr_png

    token = "12345:token-of-the-bot"
    found = {"ok": True, "result": {"file_id": "big", "file_path": "photos/file 1.png"}}
    other_side.gives(f"/bot{token}/getFile?file_id=big", json.dumps(found).encode())
    picture = qr_png("https://m.tb.cn/h.3Kx7Qd2")
    other_side.gives(f"/file/bot{token}/photos/file%201.png", picture)
    sizes = [
        {"file_id": one, "file_unique_id": one, "width": 9, "height": 9} for one in ("a", "big")
    ]
    text = f"telegram: {{secret: {secret}, host: '{other_side.host}', token: '{token}'}}"

    with client_of(tmp_path, text) as client:
        answer = to_telegram(client, update(photo=sizes)).json()

    assert answer["method"] == "deleteMessage"
    assert len(other_side.asked) == 2
