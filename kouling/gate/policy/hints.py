"""What helps after a mistake in a condition: the compiler's words come in, advice comes out.

Most mistakes are habits from other languages, or keys of a Chinese keyboard. Each has a hint of its
own that says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from kouling.gate.policy.words import closed

Fields = Mapping[str, Mapping[str, type]]
"""For `item`, `author` and `signal`, the fields that they have."""

_wide = {
    **dict(zip("“”‘’「」（），；：。", '""\'\'""(),;:.', strict=True)),
    **dict(zip("＝！＆｜＞＜？％＋－＃［］", "=!&|><?%+-#[]", strict=True)),
}
"""Full-width characters and quotes of a Chinese keyboard → what the language has."""

_operators = {
    "and": "write && for 'and'",
    "or": "write || for 'or'",
    "not": "write ! for 'not', as in !author.banned or !(signal.kind in [\"link\"])",
    "xor": "write != between two conditions for 'xor'",
    "is": "compare with ==",
    "equals": "compare with ==",
    "like": 'write item.text.contains("…") or item.text.matches("…")',
    "then": "leave 'if' and 'then' out: a condition is true or false by itself",
    "between": "write two comparisons joined by &&",
}
"""A word between values that is no operator → what to write."""

_functions = {
    "size(…)": "len length count size strlen",
    "startsWith": "startswith starts_with beginswith begins",
    "endsWith": "endswith ends_with ends",
    "contains": "includes include has find indexof index",
    "matches": "match search re regex regexp test fullmatch findall like",
    "exists": "any some",
    "all": "every",
}
"""What there is → how it is called elsewhere."""

_other_names = {
    "true": "True TRUE yes",
    "false": "False FALSE no",
    'an empty text, "": nothing is null here': "None NULL nil undefined none Null",
}

_no_case = 'texts are compared as they stand: write matches("(?i)…") where case does not matter'


class Mistake(NamedTuple):
    """What the compiler says of a condition, and where: an offset in its source."""

    message: str
    source: str
    offset: int


def hint_of(mistake: Mistake, fields: Fields, *, each_signal: bool) -> str:
    """Return what to write instead."""
    for pattern, hint in _hints:
        found = re.search(pattern, mistake.message)
        if found:
            return hint(found, mistake, fields, each_signal)
    return "compare it with the examples in the guide of policies"


def _of_syntax(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    source, at = mistake.source, mistake.offset
    here, before = source[at : at + 1], source[max(0, at - 1) : at]
    word, last = _word_at(source, at), _word_before(source, at)
    if here in _wide:
        return _of_wide(source, at)
    for one in (word, last):
        if one.lower() in _operators:
            return _operators[one.lower()]
    if source[at : at + 2] == "=~":
        return 'write item.text.matches("…")'
    if here == "=":
        return (
            "compare with ==, two equals signs" if before != "=" else "two equals signs are enough"
        )
    if here in "&|" and here:
        doubled = source[at + 1 : at + 2] == here
        return "remove it, or write a condition before it" if doubled else f"write {here * 2}"
    if here == ">" and source[:at].rstrip().endswith("<"):
        return "write != for unequal"
    if here == "#":
        return "a comment begins with //"
    if here in "\"'" and here:
        return (
            'write r"…", in which a backslash stands for itself'
            if "\\" in source[at:]
            else (f"close the quote with {here}")
        )
    return _of_structure(mistake, here)


def _of_wide(source: str, at: int) -> str:
    wide = re.compile(f"[{re.escape(''.join(_wide))}]+").match(source, at)
    assert wide is not None, "asked of a full-width character"
    plain = "".join(_wide[one] for one in wide[0])
    if plain in (";", ","):
        return f"remove the full-width {wide[0]}; conditions are joined by && or ||"
    return f"write {plain} for the full-width {wide[0]}"


def _of_structure(mistake: Mistake, here: str) -> str:
    source, message = mistake.source, mistake.message
    if "%" in source:
        return "write 0.8 for 80 %"
    if "missing ')'" in message or source.count("(") > source.count(")"):
        return "close the parenthesis that is open"
    if here == ")":
        return "remove this parenthesis, or open one before it"
    if here == ",":
        return 'write a list in square brackets: ["a", "b"]'
    if "<EOF>'" in message:
        return "the condition ends too early: complete what stands last"
    return "remove it, or join two conditions by && or ||"


def _of_reserved(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    if found[1] == "if":
        return "leave 'if' out: a condition is true or false by itself"
    return f"{found[1]} can't be a name; call it otherwise"


def _of_name(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    name, _, field = found[1].partition(".")
    if name == "signal" and not each_signal:
        return "under 'when:' ask of all of them: signals.exists(s, s.kind == \"…\")"
    for right, others in _functions.items():
        if name.lower() in others.split() and name != right:
            return f"write {right} for {name}"
    if name in ("lower", "upper", "casefold", "toLowerCase", "lowerAscii"):
        return _no_case
    if name in ("contains", "startsWith", "endsWith", "matches"):
        return f'ask it of a text, with one text in it: item.text.{name}("…")'
    for right, others in _other_names.items():
        if name in others.split():
            return f"write {right}"
    quoted = next((words for words in closed.values() if name in words), None)
    if quoted and not field:
        return f'put texts in quotes: "{name}"'
    owners = [owner for owner, known in fields.items() if name in known]
    if owners:
        return f"write {' or '.join(f'{owner}.{name}' for owner in owners)}"
    return _of_unknown(name, fields)


def _of_unknown(name: str, fields: Fields) -> str:
    if len(name) == 1:
        return f'name it first: signals.exists({name}, {name}.kind == "…")'
    known = ["item", "author", "signals", "signal"]
    others = {"user": "author", "sender": "author", "message": "item", "post": "item"}
    near = [others[name]] if name in others else get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]!r}"
    return "known are item, author, signals and, under 'signal:', signal; texts stand in quotes"


def _of_field(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    name, owner = found[1], found[2].lower()
    known = list(fields[owner])
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}" if near else f"{owner} has: {', '.join(known)}"


def _of_select(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    field = _word_at(mistake.source, mistake.offset + 1)
    if field in ("length", "len", "size", "count"):
        return f"write size(…) for .{field}"
    if "list" in found[1]:
        return 'ask of one of them: signals.exists(s, s.kind == "…")'
    return "a text has no fields; it has size(…), contains, startsWith, endsWith and matches"


def _of_types(found: re.Match[str], mistake: Mistake, fields: Fields, each_signal: bool) -> str:
    operator, kinds = found[1], tuple(found[2].split(", "))
    if operator == "@in" and kinds[-1] == "string":
        return 'ask item.text.contains("…") of a text, or write a list: ["a", "b"]'
    if "null_type" in kinds:
        return 'compare with an empty text, "": nothing is null here'
    if operator in ("_&&_", "_||_"):
        return "both sides must be true or false: write the whole comparison on each"
    if operator == "!_":
        return 'only what is true or false has a contrary: compare it, as in item.text == ""'
    return _of_pair(kinds)


def _of_pair(kinds: tuple[str, ...]) -> str:
    given = set(kinds)
    if given == {"double", "int"}:
        if kinds[0] == "int":
            return "compare a whole number with one, such as 1"
        return "write the number with a point: between 0.0 and 1.0"
    if "bool" in given and given & {"double", "int"} and kinds[0] == "bool":
        return "join two comparisons by &&, as in a > 0.5 && a < 0.8"
    if given == {"int", "string"} or given == {"double", "string"}:
        if kinds[0] == "string":
            return "put it in quotes, or compare size(…) with it"
        return "write the number without quotes"
    if any(one.startswith("list") for one in kinds):
        return "compare how many there are: size(…) > 0"
    if any(one.startswith("kouling.") for one in kinds):
        return "compare one of its fields, such as author.id or item.text"
    return "compare two values of one type"


def _fixed(text: str) -> Callable[..., str]:
    return lambda *_: text


_Hint = Callable[[re.Match[str], Mistake, Fields, bool], str]

_hints: tuple[tuple[str, _Hint], ...] = (
    (r"^Syntax error", _of_syntax),
    (r"^reserved identifier: (\w+)", _of_reserved),
    (r"^undeclared reference to '([^']+)'", _of_name),
    (r"^undefined field '(\w+)' not found in struct 'kouling\.(\w+)'", _of_field),
    (r"^expression of type '(.+)' cannot be the operand of a select", _of_select),
    (r"^found no matching overload for '(.+?)' applied to '\((.*)\)'", _of_types),
    (r"^a condition must be true", _fixed("end it in a comparison, such as size(signals) > 0")),
    (r"^the pattern can't be read", _fixed("use RE2 syntax, without look-ahead")),
    (r"^longer than", _fixed("make two rules of it")),
)
"""How a message begins, and what says what to do; the first that fits."""


def _word_at(source: str, at: int) -> str:
    found = re.compile(r"\w+").match(source, at)
    return found[0] if found else ""


def _word_before(source: str, at: int) -> str:
    found = re.search(r"(\w+)\W*$", source[:at])
    return found[1] if found else ""
