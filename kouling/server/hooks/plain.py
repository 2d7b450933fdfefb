"""HTML becomes the text that a reader sees, with the addresses that its links and pictures hide."""

from __future__ import annotations

from html.parser import HTMLParser

_breaks = frozenset(["br", "p", "div", "li", "tr", "blockquote", "h1", "h2", "h3"])
_unseen = frozenset(["script", "style", "template"])


def plain_text(html: str) -> str:
    """Return the text of HTML; the address of a link stands behind its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts).strip()


def pictures_in_html(html: str) -> tuple[str, ...]:
    """Return the addresses of the pictures that HTML shows, but for emoji."""
    reader = _Reader()
    reader.feed(html)
    return tuple(reader.pictures)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.pictures: list[str] = []
        self._unseen, self._links = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _unseen
        if tag in _breaks:
            self.parts.append("\n")
        given = dict(attrs)
        if tag == "a":
            self._links.append(given.get("href") or "")
        if tag == "img" and "emoji" not in (given.get("class") or "").split():
            self.pictures.append(given.get("src") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _unseen and self._unseen > 0
        if tag == "a" and self._links:
            self._add_address(self._links.pop())

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)

    def close(self) -> None:
        """Read what is left; a link that is never closed leads somewhere all the same."""
        super().close()
        for address in self._links:
            self._add_address(address)

    def _add_address(self, address: str) -> None:
        if address and address not in "".join(self.parts[-3:]):
            self.parts.append(f" {address} ")
