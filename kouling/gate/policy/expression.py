"""What a condition says, as a tree: read from the expression that CEL checked, never from its text.

CEL writes a checked expression out as `cel.expr.CheckedExpr` (https://github.com/cel-expr/cel-spec,
proto/cel/expr); its parts come in, small records come out. Macros such as `exists` are loops in
it. A part that is not known here is a `Composite`, of which nothing but its parts is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory


class Literal(NamedTuple):
    """A constant; `place` is where it stands in the source, in code points."""

    value: bool | int | float | str
    place: int = 0


class Variable(NamedTuple):
    """What stands under a name: a fact, or what a loop gives one."""

    name: str


class FieldOf(NamedTuple):
    """A field of something, or the question whether it has that field (`is_test`)."""

    of: Expression
    name: str
    is_test: bool = False


class Call(NamedTuple):
    """A function or operator, such as `contains` or `_&&_`; the text it is asked of comes first."""

    function: str
    arguments: tuple[Expression, ...]


class Listing(NamedTuple):
    """A list that is written out."""

    elements: tuple[Expression, ...]


class Loop(NamedTuple):
    """A macro such as `exists`: from `start` on, each `element` of `over` makes a new `result`.

    `step` gives it while `goes_on` holds, and `value` is what comes out; all three may name it.
    """

    over: Expression
    element: str
    result: str
    start: Expression
    goes_on: Expression
    step: Expression
    value: Expression


class Composite(NamedTuple):
    """Whatever else: a map, a message, a constant of a rare type."""

    parts: tuple[Expression, ...] = ()


Expression = Literal | Variable | FieldOf | Call | Listing | Loop | Composite


def expression_of(compiled: Any) -> Expression:
    """Return the tree of a condition that CEL compiled and checked."""
    packed = any_pb2.Any.FromString(compiled.serialize())
    checked = _schema()["Checked"].FromString(packed.value)
    return _read(checked.expr, {one.key: one.value for one in checked.source_info.positions})


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that one is made of."""
    match expression:
        case FieldOf(of=of):
            return (of,)
        case Call(arguments=parts) | Listing(elements=parts) | Composite(parts=parts):
            return parts
        case Loop():
            loop = expression
            return (loop.over, loop.start, loop.goes_on, loop.step, loop.value)
    return ()


def all_in(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of."""
    yield expression
    for part in parts_of(expression):
        yield from all_in(part)


def names_read(expression: Expression) -> frozenset[str]:
    """Return what an expression may read, such as `item.text`, or `item` where all of it is used.

    Names that loops give are among them.
    """
    match expression:
        case Variable(name=name):
            return frozenset((name,))
        case FieldOf(of=Variable(name=name), name=field):
            return frozenset((f"{name}.{field}",))
    return frozenset().union(*map(names_read, parts_of(expression)))


def _read(written: bytes, places: dict[int, int]) -> Expression:
    node = _schema()["Expr"].FromString(written)
    kind = node.WhichOneof("kind")
    if kind == "const":
        return _literal(node.const, places.get(node.id, 0))
    return _readers[kind](getattr(node, kind), places) if kind in _readers else Composite()


def _literal(const: Any, place: int) -> Expression:
    kind = const.WhichOneof("kind")
    return Literal(getattr(const, kind), place) if kind else Composite()


def _variable(node: Any, places: dict[int, int]) -> Expression:
    return Variable(node.name)


def _member(node: Any, places: dict[int, int]) -> Expression:
    return FieldOf(_read(node.operand, places), node.field, node.test_only)


def _call(node: Any, places: dict[int, int]) -> Expression:
    written = [node.target, *node.args] if node.target else node.args
    return Call(node.function, tuple(_read(part, places) for part in written))


def _listing(node: Any, places: dict[int, int]) -> Expression:
    elements = tuple(_read(part, places) for part in node.elements)
    return Composite(elements) if node.optional_indices else Listing(elements)


def _struct(node: Any, places: dict[int, int]) -> Expression:
    written = (part for entry in node.entries for part in (entry.map_key, entry.value))
    return Composite(tuple(_read(part, places) for part in written if part))


def _loop(node: Any, places: dict[int, int]) -> Expression:
    over, start, goes_on, step, value = (
        _read(part, places)
        for part in (
            node.iter_range,
            node.accu_init,
            node.loop_condition,
            node.loop_step,
            node.result,
        )
    )
    if node.iter_var2:
        return Composite((over, start, goes_on, step, value))
    return Loop(over, node.iter_var, node.accu_var, start, goes_on, step, value)


_readers = {
    "ident": _variable,
    "select": _member,
    "call": _call,
    "list": _listing,
    "struct": _struct,
    "comprehension": _loop,
}

_messages = {
    "Checked": "4 expr bytes, 5 source_info Source",
    "Source": "4 positions *Place",
    "Place": "1 key int64, 2 value int32",
    "Expr": "2 id int64, 3 kind.const Const, 4 kind.ident Ident, 5 kind.select Select,"
    " 6 kind.call Call, 7 kind.list List, 8 kind.struct Struct, 9 kind.comprehension Loop",
    "Const": "2 kind.bool bool, 3 kind.int int64, 5 kind.double double, 6 kind.string string",
    "Ident": "1 name string",
    "Select": "1 operand bytes, 2 field string, 3 test_only bool",
    "Call": "1 target bytes, 2 function string, 3 args *bytes",
    "List": "1 elements *bytes, 2 optional_indices *int32",
    "Struct": "2 entries *Entry",
    "Entry": "3 map_key bytes, 4 value bytes",
    "Loop": "1 iter_var string, 2 iter_range bytes, 3 accu_var string, 4 accu_init bytes,"
    " 5 loop_condition bytes, 6 loop_step bytes, 7 result bytes, 8 iter_var2 string",
}
"""What is read of the messages: number, name and type of each field, `*` for many.

Expressions within others are bytes here: protobuf reads no message that is nested too deep.
"""

_types = {"bool": 8, "int32": 5, "int64": 3, "double": 1, "string": 9, "bytes": 12}


@cache
def _schema() -> dict[str, Any]:
    """Return the messages as classes."""
    file = descriptor_pb2.FileDescriptorProto(name="checked", package="checked", syntax="proto3")
    for name, fields in _messages.items():
        message = file.message_type.add(name=name)
        if "kind." in fields:
            message.oneof_decl.add(name="kind")
        for field in fields.split(", "):
            _declare(message, *field.split())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"checked.{name}"))
        for name in _messages
    }


def _declare(message: Any, number: str, name: str, kind: str) -> None:
    plain = kind.removeprefix("*")
    field = message.field.add(
        name=name.removeprefix("kind."), number=int(number), label=3 if kind != plain else 1
    )
    if plain in _types:
        field.type = _types[plain]
    else:
        field.type, field.type_name = 11, f".checked.{plain}"
    if name.startswith("kind."):
        field.oneof_index = 0
