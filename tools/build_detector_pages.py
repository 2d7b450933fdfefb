"""Build docs/detectors/ from the detectors' own docstrings, one page each.

Run it after changing a docstring; a test fails while a page differs from its source.
"""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

root = Path(__file__).parent.parent
gate = root / "kouling" / "gate"
sources = (gate / "detectors", gate / "picture")
pages = root / "docs" / "detectors"
headings = ("What it finds", "Why it matters", "Example", "Known misses")
optional = ("Method",)


def build() -> dict[str, str]:
    """Return every page's text by file name, the index among them."""
    found = {}
    files = [path for source in sources for path in source.glob("*.py")]
    for path in sorted(files, key=lambda path: path.stem):
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if f"{headings[0]}:" in docstring:
            found[f"{path.stem}.md"] = page_of(path.stem, docstring)
    index = "".join(f"- [{name[:-3]}]({name})\n" for name in found)
    found["README.md"] = f"# Detectors\n\nWhat the gate looks for, a page each.\n\n{index}"
    return found


def page_of(name: str, docstring: str) -> str:
    """Return a page with the agreed headings; raise `ValueError` if one is missing."""
    title, _, rest = docstring.partition("\n")
    sections = dict(_sections(rest))
    missing = [heading for heading in headings if heading not in sections]
    if missing:
        raise ValueError(f"{name}.py: its docstring lacks {', '.join(missing)}")
    shown = [heading for heading in (*headings, *optional) if heading in sections]
    body = "\n".join(f"## {heading}\n\n{_shown(heading, sections[heading])}\n" for heading in shown)
    return f"# {name}\n\n{title}\n\n{body}"


def _sections(text: str) -> list[tuple[str, str]]:
    blocks = text.strip().split("\n\n")
    sections = []
    for block in blocks:
        heading, _, body = block.partition(":\n")
        sections.append((heading.strip(), textwrap.dedent(body).strip()))
    return sections


def _shown(heading: str, body: str) -> str:
    return f"```text\n{body}\n```" if heading == "Example" else body


def main() -> None:
    """Write the pages."""
    pages.mkdir(parents=True, exist_ok=True)
    for old in pages.glob("*.md"):
        old.unlink()
    for name, text in build().items():
        (pages / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
