"""Triggers in both dialects: append-only tables, and balances that follow from postings.

Conditions and statements are written once, in the SQL that both databases share; `NEW` means
the same in both. Only the shell around them differs.
"""

from __future__ import annotations

from alembic import op

_kind = "(SELECT kind FROM entry WHERE id = NEW.entry)"

_legs = """COALESCE((SELECT SUM(p.amount) FROM posting p JOIN entry e ON e.id = p.entry
  WHERE e.kind = '{kind}' AND e.conversion = (SELECT conversion FROM entry WHERE id = NEW.entry)
  AND p.debit = NEW.{debit} AND p.credit = NEW.{credit}), 0)"""

_reversed = _legs.format(kind="reversal", debit="debit", credit="credit")
_posted = _legs.format(kind="posted", debit="credit", credit="debit")

_held = "SELECT COALESCE(SUM(amount), 0) FROM posting WHERE entry = NEW.refers AND {side} = name"

_release = f"""UPDATE account SET
  pending_debit = pending_debit - ({_held.format(side="debit")}),
  pending_credit = pending_credit - ({_held.format(side="credit")})
  WHERE name IN (SELECT debit FROM posting WHERE entry = NEW.refers
  UNION SELECT credit FROM posting WHERE entry = NEW.refers);"""

_move = """UPDATE account SET {sums}_debit = {sums}_debit + NEW.amount WHERE name = NEW.debit;
  UPDATE account SET {sums}_credit = {sums}_credit + NEW.amount WHERE name = NEW.credit;"""


def append_only(table: str) -> None:
    """Let rows of a table be neither changed nor removed."""
    for act in ("UPDATE", "DELETE"):
        _trigger(
            f"{table}_no_{act.lower()}",
            f"BEFORE {act} ON {table}",
            body=_refuse(f"{table} is append-only"),
        )


def closed_once(table: str) -> None:
    """Let rows of a table be changed until they are closed, and never be removed."""
    _trigger(
        f"{table}_closed_once",
        f"BEFORE UPDATE ON {table}",
        "OLD.closed_at IS NOT NULL",
        body=_refuse(f"a {table} is closed once"),
    )
    _trigger(
        f"{table}_no_delete", f"BEFORE DELETE ON {table}", body=_refuse(f"{table} keeps all rows")
    )


def ledger_triggers() -> None:
    """Let an account's sums follow from entries and postings, and bound reversals."""
    _trigger(
        "entry_release", "AFTER INSERT ON entry", "NEW.kind IN ('posted', 'voided')", body=_release
    )
    _trigger(
        "posting_pending",
        "AFTER INSERT ON posting",
        f"{_kind} = 'pending'",
        body=_move.format(sums="pending"),
    )
    _trigger(
        "posting_posted",
        "AFTER INSERT ON posting",
        f"{_kind} IN ('posted', 'reversal')",
        body=_move.format(sums="posted"),
    )
    _trigger(
        "posting_bound",
        "BEFORE INSERT ON posting",
        f"{_kind} = 'reversal' AND NEW.amount + {_reversed} > {_posted}",
        body=_refuse("more is reversed than was posted"),
    )


def _refuse(message: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"SELECT RAISE(ABORT, '{message}');"
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = '23514';"


def _trigger(name: str, event: str, when: str = "", *, body: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        condition = f"WHEN {when}" if when else ""
        op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW {condition} BEGIN {body} END")
        return
    inner = f"IF {when} THEN {body} END IF;" if when else body
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {inner} RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()")
