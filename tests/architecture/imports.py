"""Who may import whom (DESIGN section 2, points 1, 2 and 5)."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from tests.architecture.source import Findings, Module, Package, area

LEAVES = (
    *("errors", "text", "address", "child", "clock", "ids", "language", "money", "config", "db"),
    *("eventlog", "document", "limits"),
)
MIGRATIONS = "migrations"

INSTRUMENTS = ("fold", "picture", "interest")
"""Pure machinery that knows no room."""

INSTRUMENTS_MAY_IMPORT = ("child", "errors", "ids", "limits")

ROOMS = ("people", "mint", "gate", "deliver", "redeem", "settle", "insight")
"""In the order data flows: each may import the ones before it."""

ENGINE = "engine"
FRONT_DOOR = ""
"""The package's own `__init__`, which shows the engine and what the rooms' front doors show."""

BENCHES = ("lab", "simulate")
"""What tries the rooms out; they never know of it."""

SHELLS = ("access", "words", "inspector", "server", "console", "cli", "demo", "__main__")

LEDGER_MAY_IMPORT = ("settle.records", "money", "ids", "errors")

JOIN = "move what is shared down, or let the engine join the two"


def _allowed() -> dict[str, frozenset[str]]:
    ground = {*LEAVES, *INSTRUMENTS}
    allowed = {leaf: {*LEAVES} for leaf in LEAVES}
    allowed["db"] |= {MIGRATIONS}
    allowed[MIGRATIONS] = {"db", "errors"}
    allowed |= {instrument: {*INSTRUMENTS_MAY_IMPORT} for instrument in INSTRUMENTS}
    allowed |= {room: {*ground, *ROOMS[:place]} for place, room in enumerate(ROOMS)}
    below_benches = {*ground, *ROOMS, ENGINE, FRONT_DOOR}
    allowed |= {ENGINE: {*ground, *ROOMS}, FRONT_DOOR: below_benches}
    allowed |= {bench: {*below_benches, *BENCHES} for bench in BENCHES}
    allowed |= {shell: {*below_benches, *BENCHES, *SHELLS} for shell in SHELLS}
    allowed["console"] = {*LEAVES}  # It knows only the HTTP API.
    return {name: frozenset(others | {name}) for name, others in allowed.items()}


ALLOWED = _allowed()


def layers(package: Package) -> Findings:
    """Import only what lies earlier in the flow, and live in a layer."""
    for module in package:
        if module.area not in ALLOWED:
            yield module.at(1, f"{module.area} is in no layer; move it into a room or list it here")
            continue
        for reference in module.references:
            if not reference.module:
                yield module.at(reference.line, "a computed import hides its target; write it out")
        for reference, target in package.within(module):
            wrong = area(target) not in ALLOWED[module.area]
            message = f"{module.name} imports {target}, which is not below it; {JOIN}"
            yield module.at(reference.line, message) if wrong else None


def circles(package: Package) -> Findings:
    """No module reaches itself by imports; lazy ones count."""
    lines = {
        (module.name, target): reference.line
        for module in package
        for reference, target in package.within(module)
        if target != module.name
    }
    graph: dict[str, set[str]] = {module.name: set() for module in package}
    for importer, target in lines:
        graph[importer].add(target)
        yield None
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        first, second = next(pairwise(circle))
        message = f"imports run in a circle: {' → '.join(circle)}; cut one of them"
        yield package.modules[first].at(lines[first, second], message)


def folders(package: Package) -> Findings:
    """The folders of a room form no circle; modules right in the room are no folder."""
    lines: dict[tuple[str, str], tuple[Module, int]] = {}
    for module in package:
        for reference, target in package.within(module):
            ends = _folder(module), _folder_of(package, target)
            if area(target) == module.area and "" not in ends and ends[0] != ends[1]:
                lines.setdefault(ends, (module, reference.line))
                yield None
    graph: dict[str, set[str]] = {}
    for importer, target in lines:
        graph.setdefault(importer, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        first, second = next(pairwise(circle))
        module, line = lines[first, second]
        message = f"folders import each other: {' → '.join(circle)}; move what both need below them"
        yield module.at(line, message)


def _folder(module: Module) -> str:
    """Name the folder of its area that a module lies in, or nothing if right in the area."""
    parts = module.name.split(".")[1:]
    return ".".join(parts[:2]) if len(parts) > 2 or (len(parts) == 2 and module.is_package) else ""


def _folder_of(package: Package, name: str) -> str:
    return _folder(package.modules[name]) if name in package.modules else ""


def front_doors(package: Package) -> Findings:
    """Enter a folder by its `__init__`; only its own modules know the others."""
    for module in package:
        for reference, target in package.within(module):
            if area(target) == module.area:
                continue
            door = f"{package.name}.{area(target)}".removesuffix(".")
            wrong = target != door
            message = f"{target} lies behind {door}; import the name from {door}, its front door"
            yield module.at(reference.line, message) if wrong else None


def ledger(package: Package) -> Findings:
    """The ledger's rules stand alone on their records, money, ids and errors."""
    allowed = [f"{package.name}.{name}" for name in LEDGER_MAY_IMPORT]
    module = package.modules.get(f"{package.name}.settle.ledger.rules")
    if module is None:
        return
    for reference, target in package.within(module):
        wrong = target not in allowed
        message = f"the ledger's rules import {target}; they may know only {', '.join(allowed)}"
        yield module.at(reference.line, message) if wrong else None
