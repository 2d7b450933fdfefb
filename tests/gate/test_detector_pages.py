import runpy
from pathlib import Path

import pytest

root = Path(__file__).parent.parent.parent
tool = runpy.run_path(str(root / "tools" / "build_detector_pages.py"))


def test_the_pages_are_those_of_the_docstrings() -> None:
    pages = {path.name: path.read_text("utf-8") for path in (root / "docs/detectors").glob("*.md")}

    assert pages == tool["build"](), "run tools/build_detector_pages.py"


def test_every_detector_has_a_page() -> None:
    wanted = {"share_code", "share_link", "link", "split_code", "text_duplicate", "banned_subject"}

    assert wanted <= {Path(name).stem for name in tool["build"]()}


def test_a_docstring_without_a_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks Known misses"):
        tool["page_of"](
            "x", "X.\n\nWhat it finds:\n    A\n\nWhy it matters:\n    B\n\nExample:\n    C"
        )
