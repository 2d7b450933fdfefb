"""Plants for the rules on sizes and docstrings."""

from __future__ import annotations

from textwrap import indent

from tests.architecture.planted.plant import Plant, plants


def _lines(count: int) -> str:
    return '"""A file."""  #!' + "\nX = 1" * (count - 1)


def _function(count: int, name: str = "long") -> str:
    return f'def {name}(self):  #!\n    """Do it."""' + "\n    self.x = 1" * (count - 2)


def _verb(count: int, name: str = "long") -> str:
    return "@verb\n" + _function(count, name)


def _within(owner: str, text: str) -> str:
    return f'class {owner}:\n    """It."""\n' + indent(text, "    ")


def _taking(names: str) -> str:
    return f"def f({names}):  #!\n    'Do it.'"


six, eight, nine = "a, b, c, d, e, g", "a, b, c, d, e, g, h, i", "a, b, c, d, e, g, h, i, j"

SIZES = [
    *plants("modules", "gate/scan.py", ("at most 500 lines", _lines(501), _lines(500))),
    *plants("modules", "engine/gate.py", ("a door at most 250", _lines(251), _lines(250))),
    *plants(
        "functions",
        "gate/scan.py",
        ("at most 70 lines", _function(71), _function(70)),
        ("a method", _within("Scan", _function(71)), _within("Scan", _function(70))),
        (
            "in a branch",
            "if X:\n" + indent(_function(71), "    "),
            "if X:\n" + indent(_function(70), "    "),
        ),
    ),
    *plants(
        "verbs",
        "engine/gate.py",
        (
            "at most 15 lines of code",
            _within("GateDoor", _verb(17)),
            _within("GateDoor", _verb(16) + "\n\n    # A comment.\n    # Another."),
        ),
        (
            "a door's call, too",
            _within("GateDoor", _verb(17, "__call__")),
            _within("GateDoor", _verb(16, "__call__")),
        ),
        (
            "what is not marked is no verb",
            _within("GateDoor", _verb(17)),
            _within("GateDoor", _function(40)),
        ),
        (
            "its docstring and decorators don't count",
            _within("GateDoor", _verb(17)),
            _within("GateDoor", "@x\n" + _verb(16).replace("it.", "it.\n\n    So.\n    ")),
        ),
    ),
    *plants(
        "parameters",
        "gate/scan.py",
        ("at most 5", _taking("a, b, /, c, *, d, e, g"), _taking("a, b, /, c, *, d, e")),
        ("self is none", _taking(six), _within("A", _taking("self, a, b, c, d, e"))),
        ("a private function", _taking(six).replace("f(", "_f("), _taking("a, b, c, d, e")),
        ("a command's decorator is named so", "@commands\n" + _taking(six), "X = 1"),
    ),
    *plants(
        "parameters",
        "engine/gate.py",
        (
            "at most 8 of a verb",
            _within("GateDoor", "@verb\n" + _taking(f"self, {nine}")),
            _within("GateDoor", "@verb\n" + _taking(f"self, {eight}")),
        ),
        (
            "no more than 5 of what is no verb",
            _taking(six),
            _within("GateDoor", "@verb\n" + _taking(f"self, {six}")),
        ),
    ),
    *plants(
        "parameters",
        "cli.py",
        (
            "at most 8 of a command",
            "@app.command('x')\n" + _taking(nine),
            "@app.command('x')\n" + _taking(eight),
        ),
    ),
]

DOCSTRINGS = plants(
    "docstrings",
    "gate/scan.py",
    ("a module", "#!\nX = 1", "X = 1"),
    ("a class", "class A: x = 1  #!", "class _A: x = 1"),
    ("a function", "def f(): pass  #!", "def _f(): pass"),
    ("an async function", "async def f(): pass  #!", "async def f(): 'Do it.'"),
    (
        "a method",
        "class A:\n    'It.'\n    def f(self): pass  #!",
        "class A:\n    'It.'\n    def _f(self): pass\n    def __eq__(self, o): pass",
    ),
    (
        "an inner class",
        "class A:\n    'It.'\n    class B: pass  #!",
        "class _A:\n    class B: pass",
    ),
    ("no sentence", "def f(): 'does it'  #!", "def f(): 'Do it.'"),
    ("empty", "def f(): ' '  #!", "def f(): 'Do it?'"),
    (
        "a first line that is no sentence",
        "def f():  #!\n    '''Do it\n    and that.'''",
        "def f():\n    '''Do it.\n\n    And that.'''",
    ),
    (
        "a first line that does not stand alone",
        "def f():  #!\n    '''Do it.\n    And that.'''",
        "def f():\n    '''Do these:\n\n    This and that.'''",
    ),
    (
        "but an overload, a setter and an inner function need none",
        "def f(): pass  #!",
        "@overload\ndef f(): pass\n@f.setter\ndef f(x): pass\ndef g():\n    'Do it.'\n"
        "    def h(): pass",
    ),
)

ALEMBIC = Plant(
    "docstrings",
    "but a migration needs none",
    {"db.py": "def upgrade(): pass  #!"},
    {"migrations/a.py": "def upgrade(): pass"},
)

PLANTS = [*SIZES, *DOCSTRINGS, ALEMBIC]
