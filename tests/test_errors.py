import re

from kouling import errors
from kouling.errors import InvalidInput, KoulingError


def test_an_error_says_where_what_and_what_to_do() -> None:
    assert str(InvalidInput("no", hint="do", where="a:1")) == "a:1: no. Hint: do."
    assert str(InvalidInput("no")) == "no."


def test_the_tree_that_the_page_draws_is_the_tree() -> None:
    """Each line of the drawing names a class, indented below the one that it is a kind of."""
    drawn: dict[str, str] = {}
    path: list[str] = []
    for indent, name in re.findall(r"^([│ ├└─]*)([A-Z]\w+)(?: |$)", errors.__doc__ or "", re.M):
        if name in vars(errors):
            del path[len(indent) // 4 :]
            drawn[name] = path[-1] if path else "Exception"
            path.append(name)

    real = {
        name: kind.__mro__[1].__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, KoulingError)
    }
    assert drawn == real
