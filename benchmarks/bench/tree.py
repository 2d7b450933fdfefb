"""The kouling of another checkout is measured with these benchmarks, to compare before and after.

Nothing of the other checkout but its package `kouling` is seen: its benchmarks stay unread. What
moved between the two is asked for under each of its places, the newest first.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bench.claims import home

root = home.parent
"""The checkout that these benchmarks stand in."""


@contextmanager
def kouling_of(tree: Path) -> Iterator[None]:
    """Have this process, and those that it starts meanwhile, import that checkout's kouling."""
    package = tree.resolve() / "kouling"
    if not (package / "__init__.py").exists():
        sys.exit(f"error: no package kouling in {tree}; give the root of a checkout with --tree")
    if tree.resolve() == root:
        with _environment(PYTHONPATH=str(root)):
            yield
        return
    if "kouling" in sys.modules:
        raise RuntimeError("kouling is imported already; name its checkout first")
    with TemporaryDirectory() as folder:
        Path(folder, "kouling").symlink_to(package)
        sys.path.insert(0, folder)
        path = os.pathsep.join((folder, str(root)))
        # Safe: the working folder, with the kouling beside these benchmarks, is not seen first.
        with _environment(PYTHONPATH=path, PYTHONSAFEPATH="1"):
            yield
        sys.path.remove(folder)


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= variables
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def from_first(*places: str) -> Any:
    """Return what stands at the first `module:name` that there is in the kouling under test."""
    for place in places:
        module, _, name = place.partition(":")
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"this kouling has none of {', '.join(places)}")
