"""Labels and words that the market is searched by, checked before anything is looked up."""

from __future__ import annotations

from collections.abc import Iterable

from kouling.deliver.market.words import plain
from kouling.errors import InvalidInput, LimitExceeded
from kouling.gate import check_text

labels_max = 20
"""Labels of an item."""

label_length_max = 40
"""Characters in a label."""

query_length_max = 200
"""Characters in a search of the market."""


def check_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return labels in their normal form and in order, each once.

    Raises `InvalidInput` for what is no label. Width, case, disguise and blanks around make no
    other label.
    """
    if isinstance(labels, str):
        raise InvalidInput(f"labels {labels!r:.60} are one text", hint="give a list of them")
    found = []
    for label in labels:
        is_text = isinstance(label, str)
        if not is_text or not 0 < len(label) <= label_length_max or not label.isprintable():
            raise InvalidInput(
                f"label {label!r:.60} can't be used",
                hint=f"give 1 to {label_length_max} printable characters",
            )
        found.append(_normal(label))
    if len(set(found)) > labels_max:
        raise LimitExceeded(f"{len(set(found))} labels", hint=f"give up to {labels_max}")
    return tuple(sorted(set(found)))


def _normal(label: str) -> str:
    name = " ".join(plain(label).split())
    if not name:
        raise InvalidInput(f"label {label!r:.60} is blank", hint="name what the item is")
    return name[:label_length_max]


def check_query(query: str) -> None:
    """Raise `InvalidInput` for what is no search, `LimitExceeded` for one that is too long."""
    if not isinstance(query, str):
        raise InvalidInput(f"{query!r:.60} is no search", hint="give a text")
    check_text(query)
    if len(query) > query_length_max:
        raise LimitExceeded(
            f"a search of {len(query)} characters", hint=f"up to {query_length_max} are taken"
        )
