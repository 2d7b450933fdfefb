"""Read a pack file into records, or say what is wrong with it and where."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
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


def load_pack(*paths: Path) -> Pack:
    """Return the packs of files as one, the first before the others; or the bundled one.

    The bundled one comes last where any of them extends it. Raises PolicyError with file, line and
    column where a file is wrong.
    """
    read = [_read(path) for path in paths or (bundled_path(),)]
    packs = [pack for pack, _ in read]
    if any(extends for _, extends in read):
        packs.append(_read(bundled_path())[0])
    return reduce(_joined, packs)


def bundled_path() -> Path:
    """Return where the bundled pack lies."""
    return Path(str(files("kouling.gate.text.packs").joinpath("default.yaml")))


def _read(path: Path) -> tuple[Pack, bool]:
    """Return the pack of a file, and whether it extends the bundled one."""
    node = read_document(read_file(path), str(path))
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
    if "extends" in fields and fields["extends"].text() != "default":
        raise fields["extends"].error("only the bundled pack can be extended", "write 'default'")
    return pack, "extends" in fields


def _joined(first: Pack, second: Pack) -> Pack:
    """Join two packs; the families of the first come first, so they win."""
    spellings = {
        plain: second.spellings.get(plain, "") + first.spellings.get(plain, "")
        for plain in {**second.spellings, **first.spellings}
    }
    return msgspec.structs.replace(
        second,
        version=f"{first.version} over {second.version}",
        spellings=spellings,
        wording=_merged(first.wording, second.wording),
        inducement=_merged(first.inducement, second.inducement),
        markers=(*first.markers, *second.markers),
        plain_hosts=(*first.plain_hosts, *second.plain_hosts),
        families=(*first.families, *second.families),
    )


def _merged(
    first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    return {kind: first.get(kind, ()) + second.get(kind, ()) for kind in {**first, **second}}


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
    needs: tuple[str, ...] = ()
    if node.is_mapping:
        fields = node.fields(("host",), ("needs",))
        node, needs = fields["host"], _needs(fields)
    host, slash, path = node.text().partition("/")
    name = _host(node, host, "write 'm.example.com' or 'm.example.com/s/'")
    if path:
        _compiled(node, path)
    return HostRule(name, slash + path if path else "", needs)


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
    return CodePattern(regex, _needs(fields))


def _needs(fields: dict[str, Node]) -> tuple[str, ...]:
    return tuple(need.choice(wording_kinds) for need in _items(fields, "needs"))


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
