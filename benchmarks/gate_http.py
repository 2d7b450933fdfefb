"""How many messages a second the gate decides over HTTP, on one core.

Claim: at least 60,000 messages a second in batches of 50, and 5,000 one by one.

Rival: rspamd with the same patterns, one message a request as it knows no other, where it is
installed (apt-get install rspamd): one worker on the same core, under the same load.

Messages: ordinary lines of the corpora cut to 140 characters, one in a hundred with a made-up
share code in a disguise. The server runs on one core; the load comes from this process on another,
over loopback, by some connections that always have one request under way; rspamd closes its own
after each answer. Rounds are interleaved, every figure is the median of its rounds; each answer is
checked for its status.

Machine: stated in the results. About a minute; with --quick a few seconds.

Run: python benchmarks/gate_http.py --data ../shared/data
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any, NamedTuple

from shared.data import load_data
from shared.options import add_quick, checked, parser_of
from shared.results import begin, save
from speed.gate import Gate
from speed.messages import ordinary_messages
from speed.rspamd import cpu_of, rspamd, version
from tables.http import tables

from kouling.gate import Detectors

batches = (1, 50, 500)
connections = 8
messages_count = 50_000
requests_max = 4_000
"""Different requests of one kind; they come again and again."""

seconds_per_round, quick_seconds = 3.0, 0.5
rounds, quick_rounds = 5, 3


class Server(NamedTuple):
    """A running server: its process, its port on loopback, and its name in the tables."""

    name: str
    process: int
    port: int


class Load(NamedTuple):
    """Whole requests to a server, each holding so many messages."""

    server: Server
    batch: int
    requests: Sequence[bytes]


class Round(NamedTuple):
    """What one round brought."""

    requests: int
    wall_seconds: float
    cpu_seconds: float


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    data = load_data(options.data)
    report = begin(quick=options.quick, connections=connections)
    report["data"] = data.facts
    messages = ordinary_messages(line.text for line in data.corpus["all"])[:messages_count]
    cores = sorted(os.sched_getaffinity(0))
    report["own_core"] = len(cores) > 1
    with contextlib.ExitStack() as stack:
        with on_core(cores[-1]):
            kouling = stack.enter_context(running_kouling())
            rspamd = stack.enter_context(running_rspamd())
        loads = [Load(kouling, batch, inspect_requests(messages, batch)) for batch in batches]
        if isinstance(rspamd, Server):
            loads.append(Load(rspamd, 1, check_requests(messages)))
        report["rspamd"] = rspamd if isinstance(rspamd, str) else rspamd.name
        with on_core(cores[0]):
            report["race"] = race(loads, quick=options.quick)
    for table in tables(report).values():
        print(table)
    save("gate_http", report, options.json)


# The load.


def race(loads: Sequence[Load], *, quick: bool) -> list[dict[str, Any]]:
    """Put each load on its server in interleaved rounds, after one that counts for nothing."""
    seconds = quick_seconds if quick else seconds_per_round
    for load in loads:
        run(load, quick_seconds)
    runs: list[list[Round]] = [[] for _ in loads]
    alone: list[list[float]] = [[] for _ in loads]
    for _ in range(quick_rounds if quick else rounds):
        for place, load in enumerate(loads):
            runs[place].append(run(load, seconds))
            alone[place] += waits(load, seconds / 4)
    return [_figures(*row) for row in zip(loads, runs, alone, strict=True)]


def run(load: Load, seconds: float) -> Round:
    """Keep all connections busy for some time, reading their answers in turn."""
    with contextlib.ExitStack() as stack:
        lines = [
            stack.enter_context(contextlib.closing(Line(load.server))) for _ in range(connections)
        ]
        requests = cycle(load.requests)
        cpu, start = cpu_of(load.server.process), time.perf_counter()
        for line in lines:
            line.send(next(requests))
        count = 0
        while time.perf_counter() - start < seconds:
            for line in lines:
                line.read()
                line.send(next(requests))
            count += len(lines)
        for line in lines:
            line.read()
        wall = time.perf_counter() - start
        return Round(count + len(lines), wall, cpu_of(load.server.process) - cpu)


def waits(load: Load, seconds: float) -> list[float]:
    """Return how long one connection alone waits for each of its answers, in seconds."""
    found, end = [], time.perf_counter() + seconds
    with contextlib.closing(Line(load.server)) as line:
        for request in cycle(load.requests):
            start = time.perf_counter()
            if start > end:
                return found
            line.send(request)
            line.read()
            found.append(time.perf_counter() - start)
    return found


class Line:
    """A connection to a server, opened again where the server closes it after an answer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.socket = self._opened()

    def send(self, request: bytes) -> None:
        """Send one whole request."""
        self.socket.sendall(request)

    def read(self) -> bytes:
        """Read one whole answer and return its body; end the run if it is no good one."""
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        length = re.search(rb"\r\ncontent-length: *([0-9]+)", head)
        if length is None or b" 200 " not in head[:13]:
            sys.exit(f"error: the server answered {data[:500]!r}")
        whole = end + 4 + int(length[1])
        while len(data) < whole:
            data += self._more()
        if b"\r\nconnection: close" in head:
            self.socket.close()
            self.socket = self._opened()
        return data[end + 4 : whole]

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def _opened(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _more(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            sys.exit("error: the server closed a connection")
        return data


def inspect_requests(messages: Sequence[str], batch: int) -> list[bytes]:
    """Return whole requests to inspect the messages, so many in each."""
    items = [{"id": str(number), "text": text} for number, text in enumerate(messages)]
    groups = (items[start : start + batch] for start in range(0, len(items), batch))
    bodies = (json.dumps({"items": group}, ensure_ascii=False) for group in groups)
    head = "POST /v1/gate/inspect HTTP/1.1\r\nContent-Type: application/json"
    return [_request(head, body) for body in islice(bodies, requests_max)]


def check_requests(messages: Sequence[str]) -> list[bytes]:
    """Return whole requests to rspamd, one for each message."""
    head = "POST /checkv2 HTTP/1.1"
    mail = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return [_request(head, mail + text) for text in messages[:requests_max]]


def _request(head: str, body: str) -> bytes:
    data = body.encode()
    more = f"Host: 127.0.0.1\r\nConnection: keep-alive\r\nContent-Length: {len(data)}\r\n\r\n"
    return f"{head}\r\n{more}".encode() + data


# The servers.


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this process, and those it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def running_kouling() -> Iterator[Server]:
    """Run `kouling serve` on a free port of loopback."""
    command = [sys.executable, "-m", "kouling", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        port = re.search(r"http://127\.0\.0\.1:([0-9]+)", said)
        if port is None:
            sys.exit(f"error: the server did not start: {said}{process.stderr.read()}")
        yield Server("kouling serve", process.pid, int(port[1]))
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def running_rspamd() -> Iterator[Server | str]:
    """Run rspamd with the patterns of the gate, or give the reason why there is none."""
    program = shutil.which("rspamd")
    if program is None:
        yield "rspamd is not installed (apt-get install rspamd)"
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        rspamd(program, folder, Gate(Detectors.load())) as server,
    ):
        if isinstance(server, str):
            yield server
        else:
            yield Server(f"rspamd {version(program)}", server.process, server.port)


def _figures(load: Load, runs: Sequence[Round], alone: Sequence[float]) -> dict[str, Any]:
    wall = statistics.median(one.requests * load.batch / one.wall_seconds for one in runs)
    cpu = statistics.median(one.requests * load.batch / one.cpu_seconds for one in runs)
    return {
        "server": load.server.name,
        "batch": load.batch,
        "messages_per_wall_second": round(wall),
        "messages_per_cpu_second": round(cpu),
        "alone_p50_ms": round(1_000 * statistics.median(alone), 3),
        "alone_p99_ms": round(1_000 * statistics.quantiles(alone, n=100)[98], 3),
        "runs": [one._asdict() for one in runs],
    }


def _options() -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_quick(parser)
    return checked(parser.parse_args())


if __name__ == "__main__":
    main()
