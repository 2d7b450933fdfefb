"""Hold the `synapse` hook against a real homeserver on loopback.

In an environment of its own, since it needs some 40 packages:

    pip install matrix-synapse synapse-http-antispam
    kouling serve --port 8000 --hooks hooks.yaml       # with "synapse: {secret: SECRET}"
    python tools/try_synapse.py http://127.0.0.1:8000/v1/hooks/synapse SECRET

It starts Synapse in a temporary folder, writes two messages to a room, and exits with 1 unless the
advertisement alone is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

port = 8448
home = f"http://127.0.0.1:{port}"
advertisement = "复制这段描述￥t7Xk2bQm9Ra￥后打开👉淘♂寳♀👈"


def main(hook: str, secret: str) -> int:
    """Try both messages; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        config = _config(Path(folder), hook, secret)
        command = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as running:
            try:
                _wait()
                outcomes = _written(_token())
            finally:
                running.terminate()
    for text, (status, told) in outcomes.items():
        print(status, text, told)
    wanted = {"今天天气真好": 200, advertisement: 403}
    return int({text: status for text, (status, _) in outcomes.items()} != wanted)


def _config(folder: Path, hook: str, secret: str) -> Path:
    module = {"base_url": hook, "authorization": secret, "do_ping": True}
    module |= {"enabled_callbacks": ["check_event_for_spam"]}
    settings = {
        "server_name": "matrix.example",
        "report_stats": False,
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"]}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "home.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": "x",
        "macaroon_secret_key": "y",
        "trusted_key_servers": [],
        "modules": [{"module": "synapse_http_antispam.HTTPAntispam", "config": module}],
    }
    path = folder / "homeserver.yaml"
    path.write_text(json.dumps(settings))
    generate = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(path), "--generate-keys"]
    subprocess.run(generate, check=True, cwd=folder)
    return path


def _wait() -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{home}/health", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("Synapse has not started")


def _token() -> str:
    _, given = _asked("GET", "/_synapse/admin/v1/register", None, "")
    parts = (given["nonce"], "seller", "pw", "notadmin")
    mac = hmac.new(b"x", "\0".join(parts).encode(), hashlib.sha1).hexdigest()
    user = {"nonce": parts[0], "username": parts[1], "password": parts[2], "mac": mac}
    _, registered = _asked("POST", "/_synapse/admin/v1/register", user | {"admin": False}, "")
    return str(registered["access_token"])


def _written(token: str) -> dict[str, tuple[int, Any]]:
    _, room = _asked("POST", "/_matrix/client/v3/createRoom", {}, token)
    send = f"/_matrix/client/v3/rooms/{room['room_id']}/send/m.room.message"
    texts = ("今天天气真好", advertisement)
    return {
        text: _asked("PUT", f"{send}/{place}", {"msgtype": "m.text", "body": text}, token)
        for place, text in enumerate(texts)
    }


def _asked(method: str, path: str, body: Any, token: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(home + path, data, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
