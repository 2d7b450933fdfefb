"""Compiled triggers are kept on disk, so that a process need not compile them anew for a second.

A file of this folder is loaded as it is into a library of C, so it counts as hostile: it is read
only from a folder and a file that are this user's own and that nobody else can write, through
handles that can't be exchanged meanwhile, and only if it is whole. In any doubt nothing is read,
and the triggers are compiled.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kouling.config import cache_folder

kept_max = 24
"""Files in the folder; of more, those that were made first are removed."""

file_bytes_max = 64 << 20
"""Bytes of a file that is read."""

private = 0o700

_digest_bytes = 32


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a name, or make it and keep it where that can be done."""
    folder = cache_folder()
    if folder is None or os.name != "posix":
        return make()
    try:
        with _own_folder(folder) as handle:
            found = _read(handle, name)
    except OSError:
        return make()
    if found is None:
        found = make()
        with contextlib.suppress(OSError), _own_folder(folder) as handle:
            _write(handle, name, found)
    return found


def forget(name: str) -> None:
    """Remove what is kept under a name and turned out to be of no use."""
    folder = cache_folder()
    if folder is not None and os.name == "posix":
        with contextlib.suppress(OSError), _own_folder(folder) as handle:
            os.unlink(name, dir_fd=handle)


def name_of(version: str, flags: int, triggers: Sequence[str]) -> str:
    """Name what triggers compile to: by a library's version, on this kind of processor."""
    parts = (version, str(flags), platform.machine(), _processor(), *triggers)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@contextlib.contextmanager
def _own_folder(folder: Path) -> Iterator[int]:
    """Open the folder, making it if need be; raise `OSError` if others could have a hand in it."""
    folder.mkdir(mode=private, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _check_own(os.fstat(handle), stat.S_ISDIR)
        yield handle
    finally:
        os.close(handle)


def _check_own(found: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    own = is_kind(found.st_mode) and found.st_uid == os.geteuid()
    if not own or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError("others can write here")


def _read(folder: int, name: str) -> bytes | None:
    """Return the content of a file that is there and whole."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        _check_own(found, stat.S_ISREG)
        data = file.read(file_bytes_max + 1) if found.st_size <= file_bytes_max else b""
    digest, content = data[:_digest_bytes], data[_digest_bytes:]
    return content if digest == _digest(name, content) else None


def _write(folder: int, name: str, content: bytes) -> None:
    """Write a file beside the others and put it in its place in one step."""
    partial = f".{name}.{os.getpid()}"
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(_digest(name, content) + content)
    os.rename(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
    made = {one: os.stat(one, dir_fd=folder).st_mtime_ns for one in os.listdir(folder)}
    for old in sorted(made, key=made.__getitem__)[:-kept_max]:
        os.unlink(old, dir_fd=folder)


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + content).digest()


def _processor() -> str:
    """Return what the processor can do, by which code is made for it."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            return next((line for line in file if line.startswith("flags")), "")
    except OSError:
        return ""
