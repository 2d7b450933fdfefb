"""`kouling settle` on a database that an earlier version has written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kouling import Engine
from kouling.cli import app
from kouling.errors import InvalidInput, LedgerError
from tests.samples import item
from tests.settle.test_charge import charged_before


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["settle", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_charges_that_are_missing_are_found_and_posted(tmp_path: Path) -> None:
    database = str(tmp_path / "shop.db")
    with Engine.open(database) as engine:
        for id in ("lamp", "silk"):
            engine.gate(item(id, id, surface="market"))
        charged_before(engine, 4)

    with pytest.raises(LedgerError, match=r"charges.post"):
        run("ledger", "verify", "--database", database)
    assert run("charge", "post", "--database", database) == "8 charges posted\n"
    assert run("charge", "post", "--database", database) == "0 charges posted\n"
    head = run("ledger", "head", "--database", database).strip()
    verified = run("ledger", "verify", "--database", database)
    assert verified == f"4 entries, all in order; head {head}\n"
    assert run("ledger", "verify", "--database", database, "--since", head) == verified
    with pytest.raises(LedgerError, match="entry 4"):
        run("ledger", "verify", "--database", database, "--since", f"4:{'0' * 64}")
    with pytest.raises(InvalidInput, match="is no head"):
        run("ledger", "verify", "--database", database, "--since", "4:beef")
    with pytest.raises(InvalidInput, match="no such file"):
        run("ledger", "verify", "--database", str(tmp_path / "mistyped.db"))
