"""Triggers in both dialects: append-only tables, and balances that follow from postings.

Conditions and statements are written once, in the SQL that both databases share; `NEW` means
the same in both. Only the shell around them differs.
"""

from __future__ import annotations

from alembic import op

_legs = """COALESCE((SELECT SUM(p.amount) FROM posting p JOIN entry e ON e.id = p.entry
  WHERE p.kind = '{kind}' AND e.conversion = (SELECT conversion FROM entry WHERE id = NEW.entry)
  AND {legs}), 0)"""

_taken_back = _legs.format(kind="reversal", legs="p.credit = NEW.credit")
_paid = _legs.format(kind="posted", legs="p.debit = NEW.credit")
_taken_from = _legs.format(kind="reversal", legs="p.debit = NEW.debit AND p.credit = NEW.credit")
_paid_to = _legs.format(kind="posted", legs="p.debit = NEW.credit AND p.credit = NEW.debit")

_held = (
    "SELECT COALESCE(SUM(amount), 0) FROM posting"
    " WHERE entry = NEW.refers AND kind = 'pending' AND {side} = account.id"
)

_release = f"""UPDATE account SET
  pending_debit = pending_debit - ({_held.format(side="debit")}),
  pending_credit = pending_credit - ({_held.format(side="credit")})
  WHERE id IN (SELECT debit FROM posting WHERE entry = NEW.refers AND kind = 'pending'
  UNION SELECT credit FROM posting WHERE entry = NEW.refers AND kind = 'pending');"""

_move = """UPDATE account SET {sums}_debit = {sums}_debit + NEW.amount WHERE id = NEW.debit;
  UPDATE account SET {sums}_credit = {sums}_credit + NEW.amount WHERE id = NEW.credit;"""


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
    """Let an account's sums follow from entries and postings, keep their order, bound reversals.

    A reversal gives a payer back at most what it paid of the sale, and takes from each payee at
    most what it got; what a sharer owes after a payout (`receivable`) got nothing itself.
    """
    _trigger(
        "entry_order",
        "BEFORE INSERT ON entry",
        "NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM entry) OR NEW.entered_at <"
        " COALESCE((SELECT entered_at FROM entry ORDER BY id DESC LIMIT 1), NEW.entered_at)",
        body=_refuse("entries are in the order of their ids and times"),
    )
    _trigger(
        "entry_release", "AFTER INSERT ON entry", "NEW.kind IN ('posted', 'voided')", body=_release
    )
    _trigger(
        "posting_pending",
        "AFTER INSERT ON posting",
        "NEW.kind = 'pending'",
        body=_move.format(sums="pending"),
    )
    _trigger(
        "posting_posted",
        "AFTER INSERT ON posting",
        "NEW.kind IN ('posted', 'reversal')",
        body=_move.format(sums="posted"),
    )
    _trigger(
        "posting_bound",
        "BEFORE INSERT ON posting",
        f"NEW.kind = 'reversal' AND (NEW.amount + {_taken_back} > {_paid}"
        " OR (SELECT kind FROM account WHERE id = NEW.debit) <> 'receivable'"
        f" AND NEW.amount + {_taken_from} > {_paid_to})",
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
