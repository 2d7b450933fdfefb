"""An output file that is written beside its place and put there when it is whole.

So an earlier result stays until then, and nothing that is read can be written over. What was
answered before an interruption stays in a file beside the output, from which the same command goes
on with `--resume`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from kouling.cli.answers.journal import AnsweredRow, ToldAnswer
from kouling.cli.answers.report import write_report
from kouling.cli.answers.summary import Summary
from kouling.cli.answers.table import check_excel, write_csv, write_xlsx
from kouling.errors import InvalidInput

Write = Callable[[Path, Path, Summary], None]
"""Makes an output of a journal and a summary."""

_written: dict[str, Write | None] = {
    "": None,
    ".jsonl": None,
    ".ndjson": None,
    ".json": None,
    ".csv": write_csv,
    ".xlsx": write_xlsx,
    ".html": write_report,
    ".htm": write_report,
}
"""How an output's name ends → what writes it; None for JSON lines."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of an output: its path, and what may happen to what is there already.

    `inputs` are all files that are read, `run` what makes two runs the same.
    """

    path: str
    force: bool
    resume: bool
    inputs: tuple[str, ...]
    run: tuple[str, ...]


class Output:
    """An output while it is written: `write` lines of answers, then `finish`.

    `done` is how many rows an interrupted run has answered, which `summary` counts already.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted, self._stream = wanted, wanted.path == "-"
        self.done, self.summary = 0, Summary()
        self.path = Path(wanted.path)
        self._file: IO[bytes] = sys.stdout.buffer
        self._part: Path | None = None
        if self._stream:
            self._write_last: Write | None = None
            _check_no_resume(wanted)
            return
        self._write_last = _written_as(self.path)
        if self.path.exists() and not self.path.is_file():
            self._file = _opened(self.path, "wb")  # a device or a pipe: there is nothing to keep
            return
        self._open_part()

    @property
    def is_journal(self) -> bool:
        """Whether lines of a journal are wanted, of which the output is made in the end."""
        return self._write_last is not None

    def write(self, lines: bytes) -> None:
        """Write lines; raise `InvalidInput` that says how to go on where there is no more room."""
        with self._failing():
            self._file.write(lines)
            self._file.flush()

    def finish(self) -> None:
        """Put the output in its place."""
        if self._part is None:
            return
        with self._failing():
            os.fsync(self._file.fileno())
            self._file.close()
            whole = self._part
            if self._write_last is not None:
                whole = self._part.with_suffix(".made")
                self._write_last(self._part, whole, self.summary)
            os.replace(whole, self.path)
            self._part.unlink(missing_ok=True)

    def close(self) -> None:
        """Close what is open; of an output to which nothing was written nothing is left."""
        if not self._stream:
            with contextlib.suppress(OSError):
                self._file.close()
        if self._part is not None and not self.summary.count:
            self._part.unlink(missing_ok=True)

    def left(self) -> str:
        """Say what there is of an output that was not finished, and how to go on."""
        count = self.summary.count
        if self._part is None:
            return f"{count:,} rows were answered"
        if not count:
            return "nothing was answered"
        return f"{count:,} rows are answered in {self._part}; go on with --resume"

    def _open_part(self) -> None:
        wanted = self._wanted
        _check_apart(self.path, wanted.inputs)
        if self.path.exists() and not wanted.force:
            message = f"{self.path} is there already, and is kept"
            raise InvalidInput(message, hint="name another, or give --force to replace it")
        self.path = self.path.resolve()
        self._part = self.path.with_name(f"{self.path.name}.{_fingerprint(wanted)}.part")
        _check_apart(self._part, wanted.inputs)
        if wanted.resume:
            _check_no_stream(wanted)
            self._read_part(self._part)
        elif self._part.exists() and not wanted.force:
            message = f"{self._part} is left of such a run that was interrupted"
            raise InvalidInput(message, hint="go on with --resume, or give --force to begin anew")
        self._file = _opened(self._part, "ab" if wanted.resume else "wb")

    def _read_part(self, part: Path) -> None:
        """Count what an interrupted run has answered, and cut off a line that is not whole."""
        if not part.exists():
            others = [one.name for one in part.parent.glob(f"{self.path.name}.*.part")]
            told = f"; {others[0]} is of a run with other files or options" if others else ""
            message = f"there is nothing to go on from: {part.name} is not there{told}"
            raise InvalidInput(message, hint="run it without --resume")
        kind: Any = AnsweredRow if self.is_journal else ToldAnswer
        decoder, whole = msgspec.json.Decoder(kind), 0
        with part.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                told = decoder.decode(line)
                self.summary.add(told.answer if isinstance(told, AnsweredRow) else told)
                whole += len(line)
        os.truncate(part, whole)
        self.done = self.summary.count

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:  # whoever read on has enough
            raise
        except OSError as error:
            reason = error.strerror or "it can't be written"
            raise InvalidInput(
                f"{self._wanted.path}: {reason}; {self.left()}",
                hint="make room, or write elsewhere",
            ) from None


def _written_as(path: Path) -> Write | None:
    ending = path.suffix.lower()
    if path.exists() and not path.is_file():
        return None
    if ending not in _written:
        known = ", ".join(filter(None, _written))
        message = f"{path}: no output is written as {ending!r}"
        raise InvalidInput(message, hint=f"end its name in one of {known}")
    if ending == ".xlsx":
        check_excel()
    return _written[ending]


def _check_apart(path: Path, inputs: Iterable[str]) -> None:
    """Raise `InvalidInput` if an output is one of the files that are read, by whatever name."""
    for name in inputs:
        same = Path(name).resolve() == path.resolve()
        if same or (path.exists() and Path(name).exists() and path.samefile(name)):
            raise InvalidInput(f"{path} is read, too ({name})", hint="write to another file")


def _check_no_resume(wanted: Wanted) -> None:
    if wanted.resume:
        raise InvalidInput("--resume goes on with a file", hint="give --output, too")


def _check_no_stream(wanted: Wanted) -> None:
    if "-" in wanted.inputs:
        message = "what came over standard input can't be read again"
        raise InvalidInput(message, hint="save it to a file, and begin anew")


def _opened(path: Path, mode: str) -> IO[bytes]:
    try:
        return path.open(mode)
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        raise InvalidInput(f"{path}: {reason}", hint="check the path") from None


def _fingerprint(wanted: Wanted) -> str:
    """Return what names a run: the same files, as they are, asked about in the same way."""
    digest = hashlib.sha256(msgspec.json.encode(wanted.run))
    for name in wanted.inputs:
        path = Path(name)
        state = path.stat() if path.exists() else None
        known = (state.st_size, state.st_mtime_ns) if state else ()
        digest.update(msgspec.json.encode((str(path.resolve()), known)))
    return digest.hexdigest()[:8]
