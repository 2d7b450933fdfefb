"""The chart of recall."""

from xml.etree import ElementTree

from kouling.lab import (
    Tally,
    recall_svg,
)


def test_the_picture_tells_a_screen_reader_what_its_bars_show() -> None:
    svg = recall_svg([Tally("a<b", 4, 3, rival_found=1), Tally("nothing")])
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    described = [root.find(f"{space}{name}") for name in ("title", "desc")]
    assert [one.attrib["id"] for one in described if one is not None] == ["title", "desc"]
    assert root.attrib["aria-labelledby"] == "title desc"
    assert described[1] is not None
    assert described[1].text == "a<b: gate 75%, rival 25%"
