"""Plants for the rules on names, leftovers and records."""

from __future__ import annotations

from tests.architecture.planted.plant import Plant, plants

JUNK_FILES = [
    Plant("banned_names", path, {path: '"""A file."""  #!'}, {good: "X = 1"})
    for path, good in [
        ("gate/utils.py", "gate/scan.py"),
        ("gate/text_helpers.py", "gate/text.py"),
        ("gate/common/__init__.py", "gate/detectors/__init__.py"),
        ("mint/base.py", "mint/base58.py"),
        ("mint/models.py", "settle/attribution.py"),
    ]
]

JUNK_NAMES = plants(
    "banned_names",
    "gate/scan.py",
    ("helper()", "def helper(): 'Do it.'  #!", "def help_author(): 'Do it.'"),
    ("_util()", "def _util(): pass  #!", "def _utility(): pass"),
    ("a method", "class A:\n    'It.'\n    def misc(self): 'Do.'  #!", "X = 1"),
    ("XManager", "class BanManager: 'It.'  #!", "class ManagedBan: 'It.'"),
    ("XService", "class BanService: 'It.'  #!", "class Servicing: 'It.'"),
    ("BaseX", "class BaseDetector: 'It.'  #!", "class Base58: 'It.'"),
    ("_XBase", "class _DetectorBase: 'It.'  #!", "class Basement: 'It.'"),
    ("models", "class models: 'It.'  #!", "class AttributionModel: 'It.'"),
)

WORDS = [
    Plant(
        "words",
        bad,
        {"gate/scan.py": f"class {bad}: 'It.'  #!"},
        {"gate/scan.py": f"class {good}: 'It.'"},
    )
    for bad, good in [
        ("Account", "Accounting"),
        ("Customer", "User"),
        ("CustomerList", "_CustomerList"),
        ("Customers", "Users"),
        ("Post", "Posting"),
        ("Verdict", "Decision"),
        ("RedPacketBonus", "RedPacket"),
        ("Hit", "White"),
        ("Dispute", "Appeal"),
        ("MoneyTransfer", "Entry"),
    ]
] + [
    Plant(
        "words",
        "an account outside the ledger",
        {"mint/payee.py": "class AccountKind: 'It.'  #!"},
        {"settle/payee.py": "class AccountKind: 'It.'"},
    )
]

IGNORES = [
    Plant("ignores", bad, {"gate/scan.py": f"X = 1  {bad}  #!"}, {"gate/scan.py": f"X = 1  {good}"})
    for bad, good in [
        ("# type: ignore", "# type: ignore[misc]  # the library has no types"),
        ("# type: ignore[misc]", "# type: ignore[misc] since the stubs are wrong"),
        ("# type: ignore reason", "# type: ignore[misc, arg-type]  # reason"),
        ("# noqa", "# noqa: E501 the address is long"),
        ("# noqa: E501", "# noqa: E501, RUF012 -- the address is long"),
        ("# type: ignore[misc]  # noqa: E501 long", "# the type is ignored"),
        ("# ruff: noqa", "# ruff is quiet"),
        ("# mypy: ignore-errors", "# mypy is quiet"),
    ]
]

LEFTOVERS = plants(
    "leftovers",
    "gate/scan.py",
    ("TODO", "X = 1  # TODO later  #!", "X = 'TODO is a word in a message'"),
    ("FIXME", "X = 1\n# FIXME  #!", "X = 1\n# Fixed."),
    ("HACK", "X = 1  # HACK: so  #!", "X = 1  # Hackers do so."),
    ("XXX", "def f(): 'XXX unclear.'  #!", "def f(): 'XXXL is a size.'"),
    (
        "NotImplementedError",
        "def _f(): raise NotImplementedError  #!",
        "def _f(): raise TypeError",
    ),
)

PRINTS = [
    *plants("prints", "gate/scan.py", ("a call", "def _f(): print(1)  #!", "X = 'print(1)'")),
    *plants("prints", "engine.py", ("handed on", "X = print  #!", "X = footprint")),
    Plant(
        "prints",
        "only a shell",
        {"db.py": "def _f(): print(1)  #!"},
        {"cli.py": "def _f(): print(1)", "server/app.py": "def _f(): print(1)"},
    ),
]

frozen = "import msgspec\nclass A(msgspec.Struct, frozen=True): 'It.'"

RECORDS = plants(
    "records",
    "mint/records.py",
    ("without frozen", "import msgspec\nclass A(msgspec.Struct): 'It.'  #!", frozen),
    (
        "with frozen=False",
        "import msgspec\nclass A(msgspec.Struct, frozen=False): 'It.'  #!",
        frozen.replace("True", "True, kw_only=True"),
    ),
    (
        "a dataclass",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A: 'It.'  #!",
        "from msgspec import Struct as S\nclass A(S, frozen=True): 'It.'",
    ),
    ("a plain class", "class A: 'It.'  #!", "class A(ValueError): 'It.'"),
    ("a tuple", "class A(tuple): 'It.'  #!", "import enum\nclass A(enum.StrEnum): 'It.'"),
    (
        "a child of a record",
        f"{frozen}\nclass B(A): 'It.'  #!",
        f"{frozen}\nclass B(A, frozen=True): 'It.'",
    ),
    (
        "a child of what is frozen by another means",
        "from json import J\nclass A(J, frozen=True): 'It.'  #!",
        "from kouling.errors import InvalidInput\nclass A(InvalidInput): 'It.'",
    ),
)

SPOKEN = [
    *plants(
        "spoken",
        "gate/scan.py",
        ("a function", "def _hits():  #!\n    pass", "def _matches():\n    pass"),
        ("a parameter", "def _f(verdict):  #!\n    pass", "def _f(decision):\n    pass"),
        ("a score that ranks nothing", "def _score():  #!\n    pass", "def _tally():\n    pass"),
    ),
    Plant(
        "spoken",
        "but what ranks has scores",
        {"interest/a.py": "def _score():\n    pass", "lab/a.py": "def _f(scores):  #!\n    pass"},
        {"interest/a.py": "def _score():\n    pass", "lab/a.py": "def _f(tallies):\n    pass"},
    ),
]

PLANTS = [
    *JUNK_FILES,
    *JUNK_NAMES,
    *WORDS,
    *SPOKEN,
    *IGNORES,
    *LEFTOVERS,
    *PRINTS,
    *RECORDS,
]
