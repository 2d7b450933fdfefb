"""What stands in insight's tables becomes words where it is neither a number nor a name."""

from __future__ import annotations

from kouling.gate import Evidence
from kouling.insight import Cell
from kouling.language import Language
from kouling.money import Money
from kouling.words.gate import vocabularies, words_of


def cell_of(cell: Cell, language: Language = Language.en) -> str | int | float | Money | None:
    """Return a cell as people read it; evidence in it is why something was not inspected."""
    if isinstance(cell, Evidence):
        return vocabularies[language].not_inspected.format(why=words_of(cell, language))
    return cell
