"""Read a pack file into records, or say what is wrong with it and where."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import msgspec
import re2

from kouling.address import host_name
from kouling.document import Node, read_document, read_file
from kouling.errors import InvalidInput
from kouling.gate.text.packs.records import (
    CodePattern,
    CodeShape,
    Family,
    HostRule,
    Pack,
    alphabets,
    inducement_kinds,
    wording_kinds,
)
from kouling.gate.text.scan import why_not

code_length_min = 5
"""Characters of the shortest share code; shorter ones can't be told from words."""

code_length_max = 24
"""Characters of the longest share code."""

families_max = 5_000
"""Families in a pack."""

_keys = ("extends", "spellings", "wording", "inducement", "markers", "plain_hosts", "families")


def load_pack(path: Path | None = None) -> Pack:
    """Return the pack of a file, or the bundled one.

    Raises PolicyError with file, line and column where the file is wrong.
    """
    path = path or bundled_path()
    return _pack(read_document(read_file(path), str(path)))


def bundled_path() -> Path:
    """Return where the bundled pack lies."""
    return Path(str(files("kouling.gate.text.packs").joinpath("default.yaml")))


def _pack(node: Node) -> Pack:
    fields = node.fields(required=("version",), optional=_keys)
    families = _items(fields, "families")
    if len(families) > families_max:
        raise fields["families"].error(f"more than {families_max} families", "split the pack")
    pack = Pack(
        version=fields["version"].text(),
        spellings=_spellings(fields),
        wording=_phrases(fields, "wording", wording_kinds),
        inducement=_phrases(fields, "inducement", inducement_kinds),
        markers=tuple(_regex(value) for value in _items(fields, "markers")),
        plain_hosts=tuple(_host_name(value) for value in _items(fields, "plain_hosts")),
        families=tuple(_family(value) for value in families),
    )
    if "extends" not in fields:
        return pack
    if fields["extends"].text() != "default":
        raise fields["extends"].error("only the bundled pack can be extended", "write 'default'")
    return _joined(load_pack(), pack)


def _joined(bundled: Pack, own: Pack) -> Pack:
    """Join two packs; the families of the platform's own come first, so they win."""
    spellings = {
        plain: bundled.spellings.get(plain, "") + own.spellings.get(plain, "")
        for plain in {**bundled.spellings, **own.spellings}
    }
    return msgspec.structs.replace(
        bundled,
        version=f"{own.version} over {bundled.version}",
        spellings=spellings,
        wording=_merged(own.wording, bundled.wording),
        inducement=_merged(own.inducement, bundled.inducement),
        markers=(*own.markers, *bundled.markers),
        plain_hosts=(*own.plain_hosts, *bundled.plain_hosts),
        families=(*own.families, *bundled.families),
    )


def _merged(
    own: Mapping[str, tuple[str, ...]], bundled: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    return {kind: own.get(kind, ()) + bundled.get(kind, ()) for kind in {**own, **bundled}}


def _items(fields: dict[str, Node], key: str) -> list[Node]:
    return fields[key].items() if key in fields else []


def _texts(fields: dict[str, Node], key: str) -> tuple[str, ...]:
    return fields[key].texts() if key in fields else ()


def _spellings(fields: dict[str, Node]) -> dict[str, str]:
    if "spellings" not in fields:
        return {}
    found = {}
    for plain, value in fields["spellings"].pairs().items():
        if len(plain) != 1:
            message = f"{plain!r:.60} is more than one character"
            raise value.error(message, "spell one character at a time")
        found[plain] = value.text()
    return found


def _phrases(
    fields: dict[str, Node], key: str, kinds: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    if key not in fields:
        return {}
    return {kind: value.texts() for kind, value in fields[key].fields((), kinds).items()}


def _family(node: Node) -> Family:
    fields = node.fields(("issuer",), ("apps", "codes", "hosts", "patterns"))
    if len(fields) == 1:
        hint = "add apps, codes, hosts or patterns"
        raise node.error("the family says nothing but its issuer", hint)
    return Family(
        issuer=fields["issuer"].text(),
        apps=_texts(fields, "apps"),
        codes=tuple(_shape(value) for value in _items(fields, "codes")),
        hosts=tuple(_host_rule(value) for value in _items(fields, "hosts")),
        patterns=tuple(_pattern(value) for value in _items(fields, "patterns")),
    )


def _shape(node: Node) -> CodeShape:
    fields = node.fields(("length",), ("alphabet", "delimiters"))
    return CodeShape(
        length=fields["length"].whole(code_length_min, code_length_max),
        alphabet=fields["alphabet"].choice(alphabets) if "alphabet" in fields else alphabets[0],
        delimiters=frozenset(fields["delimiters"].text() if "delimiters" in fields else ""),
    )


def _host_name(node: Node) -> str:
    return _host(node, node.text(), "write a host such as 'm.example.com'")


def _host_rule(node: Node) -> HostRule:
    host, slash, path = node.text().partition("/")
    name = _host(node, host, "write 'm.example.com' or 'm.example.com/s/'")
    if path:
        _compiled(node, path)
    return HostRule(name, slash + path if path else "")


def _host(node: Node, text: str, hint: str) -> str:
    """Return a host in the normal form in which addresses have theirs."""
    try:
        name = host_name(text)
    except InvalidInput:
        name = ""
    if "." not in name:
        raise node.error(f"{text!r:.60} is no host", hint)
    return name


def _pattern(node: Node) -> CodePattern:
    fields = node.fields(("regex",), ("needs",))
    regex = _regex(fields["regex"])
    if re2.compile(regex).groups < 1:
        hint = "put what is the code in parentheses"
        raise fields["regex"].error("the regex has no group", hint)
    return CodePattern(regex, tuple(need.choice(wording_kinds) for need in _items(fields, "needs")))


def _regex(node: Node) -> str:
    """Return a regex that both engines run and that doesn't match the empty text."""
    text = node.text()
    compiled = _compiled(node, text)
    # A test asks the same of the bundled pack, which nobody need wait for at each start.
    reason = "" if node.file == str(bundled_path()) else why_not(text)
    if reason:
        message = f"Hyperscan can't run the regex {text!r:.60}: {reason}"
        raise node.error(message, "write it another way")
    if compiled.fullmatch(""):
        message = f"the regex {text!r:.60} matches the empty text"
        raise node.error(message, "make it match something")
    return text


def _compiled(node: Node, regex: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        message = f"the regex {regex!r:.60} is not valid: {reason}"
        raise node.error(message, "use RE2 syntax") from None
