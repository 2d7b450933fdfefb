"""rspamd over loopback HTTP with the patterns of the gate, where it is installed."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.bench.gate import Gate, items_of
from benchmarks.gate_speed.race import timed

requests_per_round = 1_000


def beside_rspamd(gate: Gate, messages: Sequence[str], rounds: int) -> dict[str, Any]:
    """Return what rspamd and the gate take for the same messages, in alternating rounds."""
    program = shutil.which("rspamd")
    if program is None:
        return {"skipped": "rspamd is not installed (apt-get install rspamd)"}
    texts = messages[:requests_per_round]
    items = items_of(texts)
    groups = [items[start : start + 100] for start in range(0, len(items), 100)]
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder, rspamd(program, folder, gate) as server:
        if isinstance(server, str):
            return {"skipped": server}
        _ask(server, texts[:100])
        for _ in range(rounds):
            theirs.append(_ask(server, texts))
            ours.append(timed(gate.decide, groups)[0])
    cpu, wall = (statistics.median(one[place] for one in theirs) for place in (0, 1))
    return {
        "version": version(program),
        "requests_per_round": len(texts),
        "rspamd_messages_per_cpu_second": round(len(texts) / cpu),
        "rspamd_messages_per_wall_second": round(len(texts) / wall),
        "kouling_messages_per_cpu_second": round(len(texts) / statistics.median(ours)),
    }


class Rspamd(NamedTuple):
    """A running rspamd: its process and its port on loopback."""

    process: int
    port: int


@contextlib.contextmanager
def rspamd(program: str, folder: str, gate: Gate) -> Iterator[Rspamd | str]:
    """Run rspamd on loopback with our patterns; give a reason instead where it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = Path(folder) / "rspamd.conf"
    config.write_text(_rspamd_config(folder, port, gate), "utf-8")
    process = subprocess.Popen(
        [program, "-c", str(config), "-i", "-f"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Rspamd(process.pid, port) if _answers(port) else "rspamd did not answer in 60 s"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def version(program: str) -> str:
    """Return what the program says of its version."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return " ".join(re.findall(r"[0-9]+(?:\.[0-9]+)+", said.stdout)[:1])


def _rspamd_config(folder: str, port: int, gate: Gate) -> str:
    rules = "\n".join(
        f"P{place} {{ re = {json.dumps('/' + trigger.replace('/', chr(92) + '/') + '/{sa_body}u')}"
        "; score = 1; }"
        for place, trigger in enumerate(gate.triggers)
    )
    return f"""
options {{
  filters = "regexp"; tempdir = "{folder}"; hs_cache_dir = "{folder}"; pidfile = "{folder}/pid";
  control_socket = "{folder}/control mode=0600"; dns {{ nameserver = ["127.0.0.1:9"] }}
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "error" }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; keepalive = true }}
worker "hs_helper" {{ count = 1; cache_dir = "{folder}" }}
metric "default" {{ actions {{ reject = 1000 }} }}
regexp {{ {rules} }}
"""


def _answers(port: int) -> bool:
    for _ in range(120):
        time.sleep(0.5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/ping")
            if connection.getresponse().status == 200:
                time.sleep(3)  # its helper compiles the patterns for Hyperscan meanwhile
                return True
    return False


def _ask(server: Rspamd, texts: Sequence[str]) -> tuple[float, float]:
    """Return the CPU time that rspamd took for the texts, and the wall time."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    cpu, wall = cpu_of(server.process), time.perf_counter()
    for text in texts:
        connection.request("POST", "/checkv2", body=(head + text).encode())
        connection.getresponse().read()
    return cpu_of(server.process) - cpu, time.perf_counter() - wall


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process and its children have taken."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(path.parent.name) == process or int(fields[1]) == process:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
