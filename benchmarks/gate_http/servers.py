"""The servers under load, each a process on a core of its own: ours, and rspamd where it is."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.bench.gate import Gate
from benchmarks.bench.rspamd import rspamd, version
from kouling.gate import Detectors


class Server(NamedTuple):
    """A running server: its process, its port on loopback, and its name in the tables."""

    name: str
    process: int
    port: int


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
