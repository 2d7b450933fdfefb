"""One text in one view, whose spans lead back to the original.

The text of the view comes in with a way to find its origins; offsets in the original go out.
Offsets count code points and ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Callable

from kouling.errors import InvalidInput
from kouling.fold.layer import Offsets


class View:
    """One text in one view."""

    __slots__ = ("_find_origins", "_origins", "original_length", "text")

    def __init__(
        self, text: str, original_length: int, find_origins: Callable[[], Offsets | None]
    ) -> None:
        self.text = text
        self.original_length = original_length
        self._find_origins: Callable[[], Offsets | None] | None = find_origins
        self._origins: Offsets | None = None

    @property
    def origins(self) -> Offsets | None:
        """The offset in the original of each character, or None where all are in place.

        They are worked out when first asked for: most texts are looked at and let go.
        """
        if self._find_origins is not None:
            self._origins = self._find_origins()
            self._find_origins = None
        return self._origins

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original that `text[start:end]` came from.

        An empty span leads to an empty span. Raises InvalidInput unless
        0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            raise InvalidInput(f"no span {start}:{end} in a view of {len(self.text)} characters")
        if (origins := self.origins) is None:
            return start, end
        first = int(origins[start]) if start < len(origins) else self.original_length
        return (first, first) if start == end else (first, int(origins[end - 1]) + 1)

    def __repr__(self) -> str:
        return f"View({self.text!r})"
