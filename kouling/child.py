"""Python processes that do a part of the work, and load nothing that lies about where they run.

A child runs one module of Kouling. It finds the libraries where its parent found them, those in
the working folder and beside the parent's script left out: a `numpy.py` that lies there, in
a folder of users' files, say, must not run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

_program = """
import importlib.util, json, runpy, sys
home, sys.path[:] = json.loads(sys.argv.pop(1))
spec = importlib.util.spec_from_file_location("kouling", home + "/__init__.py")
sys.modules["kouling"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["kouling"])
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""
# Kouling is found by its own folder, so nothing that lies beside that can be imported either.


def start_python(module: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a process that runs a module of Kouling; `options` are those of `Popen`.

    Its folder is the root: what names a file in its arguments has to name all of the way.
    """
    # -I leaves out the working folder and the environment, by which files are compiled elsewhere.
    compiled = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    compiled += ["-B"] if sys.dont_write_bytecode else []
    places = json.dumps([os.path.dirname(os.path.abspath(__file__)), search_path()])
    command = [sys.executable, "-I", *compiled, "-c", _program, places, module]
    options = {"stdin": subprocess.DEVNULL, "cwd": os.path.abspath(os.sep), **options}
    return subprocess.Popen([*command, *arguments], **options)


def search_path() -> list[str]:
    """Return where a child looks for libraries."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    unwanted = {os.getcwd(), os.path.dirname(os.path.realpath(script)) if script else ""}
    places = [place for place in sys.path if os.path.isabs(place)]
    return [place for place in places if os.path.realpath(place) not in unwanted]
