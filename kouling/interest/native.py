"""Loops over arrays become machine code; nothing else in Kouling knows numba.

A loop is compiled, and numba imported, at its first call, so that `import kouling` stays quick.
The code releases the interpreter's lock: `over` runs it on parts of the rows in threads.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Made = TypeVar("Made")

options: dict[str, Any] = {"nogil": True, "fastmath": {"contract", "reassoc", "nsz", "arcp"}}
"""Sums may be taken in the order that is quickest; not-a-number still means itself."""

few_rows = 512
"""Rows for which threads are not worth starting; chosen, not measured."""


class _Loop:
    """A loop that waits to be compiled."""

    def __init__(self, loop: Callable[..., Any]) -> None:
        self.loop = loop
        functools.update_wrapper(self, loop)

    @functools.cached_property
    def compiled(self) -> Callable[..., Any]:
        """Machine code for the loop; numba sees the loops that it calls as compiled ones."""
        import numba

        scope = self.loop.__globals__
        for name in self.loop.__code__.co_names:
            if isinstance(scope.get(name), _Loop):
                scope[name] = scope[name].compiled
        try:
            made: Callable[..., Any] = numba.njit(cache=True, **options)(self.loop)
        except RuntimeError:  # neither the package nor the user's cache folder can be written
            made = numba.njit(**options)(self.loop)
        return made

    def __call__(self, *given: Any) -> Any:
        return self.compiled(*given)


class _Prefetch(_Loop):
    """The instruction that fetches memory early, for which numba has no word."""

    @functools.cached_property
    def compiled(self) -> Callable[..., Any]:
        """The instruction, as machine code takes it."""
        from llvmlite import ir
        from numba import types
        from numba.extending import intrinsic

        def begun(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, given[0])
            byte, how = ir.IntType(8).as_pointer(), ir.IntType(32)
            place = builder.bitcast(builder.gep(array.data, [given[1]]), byte)
            shape = ir.FunctionType(ir.VoidType(), [byte, how, how, how])
            order = builder.module.declare_intrinsic("llvm.prefetch", [byte], shape)
            builder.call(order, [place, how(0), how(3), how(1)])  # to read, and more than once
            return context.get_dummy_value()

        @intrinsic
        def ask(_: Any, array: Any, at: Any) -> Any:
            return types.void(array, types.intp), begun

        return ask


def native(loop: Callable[Given, Made]) -> Callable[Given, Made]:
    """Compile a loop at its first call; the result is kept on disk where that can be written.

    What is kept is found again by the loop's own file: whoever changes a loop that loops of other
    files call deletes what is kept (`__pycache__/*.nb*`).
    """
    return cast("Callable[Given, Made]", _Loop(loop))


@_Prefetch
def prefetch(array: Any, at: int) -> None:
    """Let element `at` of an array be on its way from memory; it changes nothing."""


def over(count: int, loop: Callable[[int, int], None], *, parts: int = 0) -> None:
    """Run `loop(begin, end)` over the rows 0 to `count`, its parts in as many threads as cores.

    `parts` is how many parts there are; by default a few for each core.
    """
    workers = cores()
    parts = 1 if count < few_rows else min(count, parts or 8 * workers)
    edges = pairwise(count * part // parts for part in range(parts + 1))
    if workers == 1 or parts == 1:
        for begin, end in edges:
            loop(begin, end)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(loop, begin, end) for begin, end in edges]:
            done.result()


def cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
