"""Plants for the rules on front doors and the judge."""

from __future__ import annotations

from tests.architecture.planted.plant import Plant

USER = {"engine/gate.py": "from kouling.gate import Item\nX = Item"}
ITEM = {"gate/item.py": "class Item:\n    'It.'"}
DOOR = "from kouling.gate.item import Item\n"


def _many(count: int) -> tuple[str, str]:
    names = [f"a{number}" for number in range(count)]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"__all__ = [{listed}]", "from kouling.gate import " + ", ".join(names)


def _sized(count: int) -> dict[str, str]:
    door, user = _many(count)
    return {"gate/__init__.py": f'"""A door."""  #!\n{door}', "engine/gate.py": user}


PLANTS = [
    Plant("door_sizes", "at most 50 names", _sized(51), _sized(50)),
    Plant(
        "door_names",
        "a name that hides a module",
        {
            **ITEM,
            "gate/__init__.py": 'from kouling.gate.item import item\n__all__ = ["item"]  #!',
            "engine/gate.py": "from kouling.gate import item",
        },
        {**ITEM, **USER, "gate/__init__.py": f'{DOOR}__all__ = ["Item"]'},
    ),
    Plant(
        "door_uses",
        "a name that nobody takes",
        {
            **ITEM,
            "gate/__init__.py": f'{DOOR}__all__ = ["Item"]  #!',
            "gate/decide.py": "from kouling.gate.item import Item",
        },
        {**ITEM, **USER, "gate/__init__.py": f'{DOOR}__all__ = ["Item"]'},
    ),
    Plant(
        "class_names",
        "two classes of one name",
        {"gate/a.py": "class Item:\n    'It.'", "mint/a.py": "class Item:  #!\n    'It.'"},
        {"gate/a.py": "class Item:\n    'It.'", "mint/a.py": "class _Item:\n    'It.'"},
    ),
    Plant(
        "one_judge",
        "decide past the judge",
        {
            "gate/decide.py": "def decide():\n    'Do it.'",
            "gate/again.py": "from kouling.gate.decide import decide  #!",
        },
        {
            "gate/decide.py": "def decide():\n    'Do it.'\ndef visible():\n    'Do it.'",
            "gate/judge.py": "from kouling.gate.decide import decide",
            "gate/again.py": "from kouling.gate.decide import visible",
        },
    ),
    Plant(
        "one_judge",
        "decide as an attribute",
        {
            "gate/decide.py": "def decide():\n    'Do it.'",
            "gate/again.py": "import kouling.gate.decide as d\nX = d.decide  #!",
        },
        {
            "gate/decide.py": "def decide():\n    'Do it.'",
            "gate/judge.py": "import kouling.gate.decide as d\nX = d.decide",
        },
    ),
]
