"""Plants for the rules on who may import whom."""

from __future__ import annotations

from itertools import combinations

from tests.architecture.planted.plant import Plant, beside, plants

ROOMS = {"mint/records.py": "X = 1", "gate/records.py": "X = 1", "ids.py": "X = 1"}

WAYS = plants(
    "layers",
    "mint/codec.py",
    ("at the top", "from kouling.gate import X  #!", "from kouling.ids import X"),
    ("whole", "import kouling.gate  #!", "import kouling.ids"),
    ("renamed", "import kouling.gate as doorman  #!", "import kouling.ids as names"),
    ("relative", "from ..gate import X  #!", "from ..ids import X"),
    ("relative, whole", "from .. import gate  #!", "from . import records"),
    ("lazy", "def _f():\n    import kouling.gate  #!", "def _f():\n    import json"),
    ("in a branch", "try:\n    import kouling.gate  #!\nexcept E:\n    X = 1", "X = 1"),
    (
        "for types only",
        "if TYPE_CHECKING:\n    from kouling.gate import X  #!",
        "if TYPE_CHECKING:\n    from kouling.ids import X",
    ),
    (
        "by import_module",
        "from importlib import import_module\n_X = import_module('kouling.gate')  #!",
        "from importlib import import_module\n_X = import_module('kouling.ids')",
    ),
    (
        "by relative import_module",
        "import importlib\n_X = importlib.import_module('..gate', __package__)  #!",
        "import importlib\n_X = importlib.import_module('.records', __package__)",
    ),
    (
        "by a computed import_module",
        "import importlib\n_X = importlib.import_module('kouling.' + 'gate')  #!",
        "import importlib\n_X = importlib.import_module('json')",
    ),
    ("by __import__", "_X = __import__('kouling.gate')  #!", "_X = __import__('json')"),
    (
        "as an attribute",
        "import kouling.ids\nX = kouling.gate.Item  #!",
        "import kouling.ids\nX = kouling.ids.ItemId",
    ),
)

LAYERS = [
    *plants("layers", "money.py", ("leaf → room", "import kouling.mint  #!", "import kouling.ids")),
    *plants("layers", "ids.py", ("leaf → engine", "import kouling.engine  #!", "import enum")),
    *plants(
        "layers",
        "gate/scan.py",
        ("room → engine", "from kouling.engine import Engine  #!", "from kouling.mint import X"),
        ("room → package", "from kouling import Engine  #!", "from kouling import mint"),
        ("room → shell", "import kouling.server  #!", "import kouling.db"),
        (
            "room → package as an attribute",
            "import kouling.mint\nX = kouling.Engine  #!",
            "import kouling.mint\nX = kouling.mint.Offer",
        ),
    ),
    *plants(
        "layers", "engine.py", ("engine → shell", "import kouling.cli  #!", "import kouling.db")
    ),
    *plants(
        "layers",
        "engine/gate.py",
        ("door → bench", "import kouling.lab  #!", "import kouling.settle"),
    ),
    *plants(
        "layers",
        "fold/view.py",
        ("instrument → room", "from kouling.mint import X  #!", "from kouling.ids import X"),
        ("instrument → database", "from kouling.db import X  #!", "from kouling.errors import X"),
        ("instrument → instrument", "import kouling.picture  #!", "import kouling.ids"),
    ),
    *plants(
        "layers",
        "__init__.py",
        ("package → shell", "import kouling.cli  #!", "from kouling.engine import Engine"),
    ),
    *plants(
        "layers",
        "console/pages.py",
        ("console → engine", "import kouling.engine  #!", "import kouling.errors"),
    ),
    Plant(
        "layers",
        "leaf → migrations",
        {"migrations/env.py": "", "eventlog.py": "import kouling.migrations  #!"},
        {"migrations/env.py": "", "db.py": "import kouling.migrations"},
    ),
    *plants(
        "layers",
        "migrations/env.py",
        ("migrations → room", "from kouling.mint import X  #!", "from kouling.db import X"),
    ),
    Plant("layers", "no layer", {"extras.py": '"""A file."""  #!'}, {"eventlog.py": "X = 1"}),
]

FLOW = [
    Plant(
        "layers",
        f"{earlier} → {later}",
        {f"{later}/a.py": "", f"{earlier}/b.py": f"import kouling.{later}  #!"},
        {f"{earlier}/a.py": "", f"{later}/b.py": f"import kouling.{earlier}"},
    )
    for earlier, later in combinations(
        ("errors", "people", "mint", "gate", "deliver", "redeem", "settle", "insight", "engine"), 2
    )
] + [
    Plant(
        "layers",
        f"insight → {shell}",
        {f"{shell}/a.py": "", "insight/b.py": f"import kouling.{shell}  #!"},
        {"insight/a.py": "", f"{shell}/b.py": "import kouling.insight, kouling.engine"},
    )
    for shell in ("lab", "simulate", "words", "server", "cli", "demo")
]

CIRCLES = [
    Plant(
        "circles",
        "two modules",
        {"mint/a.py": "from kouling.mint.b import X", "mint/b.py": "import kouling.mint.a"},
        {"mint/a.py": "from kouling.mint.b import X", "mint/b.py": "X = 1"},
    ),
    Plant(
        "circles",
        "a lazy import",
        {"ids.py": "def _f():\n    import kouling.money", "money.py": "from .ids import X"},
        {"ids.py": "def _f():\n    import kouling.errors", "money.py": "from .ids import X"},
    ),
    Plant(
        "circles",
        "through the own front door",
        {
            "mint/__init__.py": "from kouling.mint.a import X",
            "mint/a.py": "from kouling.mint import Y",
        },
        {"mint/__init__.py": "from kouling.mint.a import X", "mint/a.py": "X = 1"},
    ),
    Plant(
        "circles",
        "three modules",
        {
            "gate/a.py": "from . import b",
            "gate/b.py": "import kouling.gate.c",
            "gate/c.py": "from kouling.gate.a import X",
        },
        {
            "gate/a.py": "from . import b",
            "gate/b.py": "import kouling.gate.c",
            "gate/c.py": "from kouling.ids import X",
        },
    ),
]

FOLDERS = [
    Plant(
        "folders",
        "two folders of a room",
        {
            "gate/text/a.py": "X = 1",
            "gate/text/b.py": "from kouling.gate.policy.c import X",
            "gate/policy/c.py": "X = 1",
            "gate/policy/d.py": "from kouling.gate.text.a import X  #!",
        },
        {
            "gate/text/a.py": "X = 1",
            "gate/text/b.py": "from kouling.gate.records import X",
            "gate/policy/c.py": "X = 1",
            "gate/policy/d.py": "from kouling.gate.text.a import X",
        },
    ),
    Plant(
        "folders",
        "a lazy import from a folder's own door",
        {
            "gate/text/__init__.py": "def _f():\n    from kouling.gate.policy import d",
            "gate/policy/d.py": "from kouling.gate.text.a import X  #!",
            "gate/text/a.py": "X = 1",
        },
        {
            "gate/text/__init__.py": "from kouling.gate import records",
            "gate/policy/d.py": "from kouling.gate.text.a import X",
            "gate/text/a.py": "X = 1",
        },
    ),
]

FRONT_DOORS = [
    *plants(
        "front_doors",
        "gate/decide.py",
        ("past it", "from kouling.mint.records import X  #!", "from kouling.mint import X"),
        ("past it, relative", "from ..mint.records import X  #!", "from .records import X"),
    ),
    *plants(
        "front_doors",
        "engine.py",
        ("a module through it", "from kouling.mint import records  #!", "import kouling.mint"),
        (
            "a module as an attribute",
            "import kouling.mint\nX = kouling.mint.records.X  #!",
            "import kouling.mint\nX = kouling.mint.Offer",
        ),
        (
            "a module of what was renamed",
            "from kouling import mint as m\nX = m.records.X  #!",
            "import kouling.mint as m\nX = m.Offer",
        ),
    ),
    *plants(
        "front_doors",
        "cli.py",
        (
            "past it in a shell",
            "def _f():\n    import kouling.gate.records as r  #!",
            "def _f():\n    import kouling.gate as r",
        ),
    ),
    Plant(
        "front_doors",
        "past a leaf's",
        {
            "fold/table.py": "X = 1",
            "gate/scan.py": "from kouling.fold.table import X  #!",
        },
        {"fold/table.py": "X = 1", "gate/scan.py": "from kouling.fold import fold"},
    ),
    Plant(
        "front_doors",
        "a module, where no function of its name is shown",
        {"gate/scan.py": "X = 1", "engine.py": "from kouling.gate import scan  #!"},
        {
            "gate/__init__.py": "from kouling.gate.scan import scan",
            "gate/scan.py": "X = 1",
            "engine.py": "from kouling.gate import scan",
        },
    ),
]

LEDGER = plants(
    "ledger",
    "settle/ledger/rules.py",
    ("a room", "from kouling.mint import X  #!", "from kouling.settle.records import X"),
    ("its own room", "from kouling.settle import X  #!", "from kouling.settle import records"),
    ("the database", "from kouling.db import Store  #!", "from kouling.money import Money"),
    ("the clock", "from ...clock import now  #!", "from ..records import X"),
)

PLANTS = [
    *beside(ROOMS, [*WAYS, *LAYERS]),
    *FLOW,
    *CIRCLES,
    *beside(ROOMS, FOLDERS),
    *beside(ROOMS, FRONT_DOORS),
    *beside({**ROOMS, "settle/records.py": "X = 1"}, LEDGER),
]
