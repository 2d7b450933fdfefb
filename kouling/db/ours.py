"""Whether a database is Kouling's: another program's is not to be written to."""

from __future__ import annotations

from collections.abc import Iterable

from kouling.errors import StoreError

version_table = "alembic_version"
"""Where a database says which version its tables have; other programs have one, too."""

marks = frozenset({version_table, "event", "code_key"})
"""Tables that every version of Kouling has made, all of them in one transaction."""


def check_ours(names: Iterable[str], where: str) -> None:
    """Raise `StoreError` for a database that has tables, but not Kouling's."""
    found = {name for name in names if not name.startswith("sqlite_")}
    if found and not found >= marks:
        raise StoreError(
            f"the database is another program's: it has {', '.join(sorted(found)[:3])}"
            + (" and more" if len(found) > 3 else ""),
            where=where,
            hint="check the name, or give Kouling a database of its own; nothing was changed",
        )
