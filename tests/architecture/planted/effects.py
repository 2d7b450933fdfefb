"""Plants for the rules on SQL, time, chance, environment and work at import."""

from __future__ import annotations

from tests.architecture.planted.plant import Plant, plants

SQL_PLACES = [
    Plant(
        "sql", f"SQLAlchemy in {path}", {path: "import sqlalchemy  #!"}, {home: "import sqlalchemy"}
    )
    for path, home in [
        ("mint/codec.py", "mint/table.py"),
        ("gate/detectors/table.py", "gate/table.py"),
        ("server/table.py", "settle/table.py"),
        ("engine.py", "db.py"),
        ("cli.py", "eventlog.py"),
        ("ids.py", "migrations/env.py"),
    ]
]

SQL_TEXT = plants(
    "sql",
    "settle/payout.py",
    ("a part of SQLAlchemy", "from sqlalchemy.dialects.sqlite import insert  #!", "X = 1"),
    ("lazy", "def _f():\n    from sqlalchemy import select  #!", "def _f():\n    import json"),
    ("query", "X = 'SELECT 1'  #!", "X = 'Select one'"),
    ("small query", "X = 'select id from items where a = 1'  #!", "X = 'select one from the list'"),
    ("insert", "X = 'INSERT OR IGNORE INTO entries VALUES (1)'  #!", "X = 'INSERT'"),
    ("formatted insert", "X = f'insert into {Y} values (1)'  #!", "X = f'insert {Y}'"),
    ("formatted update", "X = f'update {Y} set a = 1'  #!", "X = f'update {Y}'"),
    ("update", "X = 'UPDATE entries SET a = 1'  #!", "X = 'update the set of rules'"),
    ("delete", "X = 'DELETE FROM entries'  #!", "X = 'delete it'"),
    ("table", "X = '\\n  CREATE TABLE entries (id)'  #!", "X = 'create a table of codes'"),
    ("pragma", "X = 'PRAGMA synchronous=FULL'  #!", "X = 'pragmatic'"),
    ("common table", "X = 'WITH a AS (SELECT 1)'  #!", "X = 'WITH a smile'"),
    ("not in prose", "X = 'SELECT 1'  #!", 'def f():\n    """SELECT is no query here."""'),
)

DRIVERS = [
    Plant(
        "drivers", text, {"mint/table.py": f"{text}  #!"}, {"db.py": text, "migrations/a.py": text}
    )
    for text in ("import sqlite3", "from psycopg import Connection", "import alembic.command")
]

OUTSIDE_WORLD = [
    Plant("outside_world", f"not {home}: {text}", {"gate/decide.py": text}, {f"{home}.py": text})
    for home, text in [
        ("clock", "from datetime import datetime\nX = datetime.now()  #!"),
        ("clock", "from datetime import datetime as d\nX = d.utcnow  #!"),
        ("clock", "import datetime\nX = datetime.date.today()  #!"),
        ("clock", "import datetime as dt\nX = dt.datetime.today()  #!"),
        ("clock", "import time\nX = time.time()  #!"),
        ("clock", "import time\nX = lambda: time.monotonic()  #!"),
        ("clock", "def _f():\n    from time import time_ns as t  #!"),
        ("demo", "import time\nX = time.perf_counter()  #!"),
        ("cli", "from time import perf_counter  #!"),
        ("ids", "import random  #!"),
        ("ids", "from secrets import token_bytes  #!"),
        ("ids", "def _f():\n    import uuid  #!"),
        ("ids", "import os\nX = os.urandom(8)  #!"),
        ("ids", "import numpy as np\nX = np.random.default_rng(1)  #!"),
        ("ids", "from numpy.random import default_rng  #!"),
        ("config", "import os\nX = os.environ['HOME']  #!"),
        ("config", "from os import getenv  #!"),
    ]
] + plants(
    "outside_world",
    "mint/table.py",
    (
        "the database's clock",
        "from sqlalchemy import func\nX = func.now()  #!",
        "from sqlalchemy import func\nX = func.count()",
    ),
    (
        "but reckoning with times is free",
        "from time import time  #!",
        "from datetime import datetime\nX = datetime.fromisoformat('2018-05-29')\nimport os.path",
    ),
)

IMPORT_CALLS = plants(
    "import_time",
    "gate/scan.py",
    ("a call", "X = []\nX.append(1)  #!", "X = [1]"),
    ("a loop", "for _i in ():  #!\n    X = 1", "X = [i for i in ()]"),
    ("a while", "while 0:  #!\n    X = 1", "def _f():\n    while 0:\n        f()"),
    ("a with", "with X:  #!\n    Y = 1", "def _f():\n    with X:\n        f()"),
    ("a file", "X = open('a').read()  #!", "X = lambda: open('a').read()"),
    ("a path's file", "X = len(P.read_bytes())  #!", "X = len(P.parts)"),
    ("a connection", "X: int = connect('a')  #!", "def _f():\n    return connect('a')"),
    ("in a branch", "if X:\n    f()  #!", "if TYPE_CHECKING:\n    f()"),
    ("in an else", "if TYPE_CHECKING:\n    X = 1\nelse:\n    f()  #!", "if X:\n    Y = 1"),
    (
        "in a try",
        "try:\n    f()  #!\nexcept E:\n    X = 1",
        "try:\n    X = 1\nexcept E:\n    X = 2",
    ),
    ("in an except", "try:\n    X = 1\nexcept E:\n    f()  #!", "def _f():\n    f()"),
    ("in a class", "class _A:\n    f()  #!", "class _A:\n    x = f()"),
    ("a script", "main()  #!", "if __name__ == '__main__':\n    main()"),
)

IMPORT_PLACES = [
    Plant(
        "import_time",
        "a shell lists its parts, no more; a migration runs",
        {"cli.py": "app.run(x)  #!"},
        {"cli.py": "app.add_typer(x)", "migrations/env.py": "run()"},
    ),
    Plant(
        "import_time",
        "a room lists no parts",
        {"gate/scan.py": "app.add_typer(x)  #!"},
        {"server/app.py": "app.add_typer(x)"},
    ),
]

PLANTS = [*SQL_PLACES, *SQL_TEXT, *DRIVERS, *OUTSIDE_WORLD, *IMPORT_CALLS, *IMPORT_PLACES]
