"""Loops over arrays become machine code; nothing else in Kouling knows numba.

Modules that use this are imported where their loops are wanted, so that `import kouling` stays
quick. The code releases the interpreter's lock: `over` runs it on parts of the rows in threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def native(loop: Loop) -> Loop:
    """Compile a loop at its first call; the result is kept on disk where that can be written."""
    options = {"nogil": True, "fastmath": {"contract", "reassoc", "nsz", "arcp"}}
    try:
        compiled: Loop = numba.njit(cache=True, **options)(loop)
    except RuntimeError:  # neither the package nor the user's cache folder can be written
        compiled = numba.njit(**options)(loop)
    return compiled


def over(count: int, loop: Callable[[int, int], None], *, parts: int = 0) -> None:
    """Run `loop(begin, end)` over the rows 0 to `count`, its parts in as many threads as cores.

    `parts` is how many parts there are; by default a few for each core.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = cores or 1
    parts = max(1, min(count, parts or 8 * workers))
    edges = [count * part // parts for part in range(parts + 1)]
    if workers == 1 or parts == 1:
        for begin, end in zip(edges, edges[1:], strict=False):
            loop(begin, end)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(loop, *edge) for edge in zip(edges, edges[1:], strict=False)]:
            done.result()
