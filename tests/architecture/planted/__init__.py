"""Every plant, by the rules they break."""

from tests.architecture.planted import (
    doors,
    effects,
    imports,
    instruments,
    migrations,
    names,
    sentences,
    shape,
)

PLANTS = [
    *imports.PLANTS,
    *doors.PLANTS,
    *migrations.PLANTS,
    *instruments.PLANTS,
    *effects.PLANTS,
    *shape.PLANTS,
    *names.PLANTS,
    *sentences.PLANTS,
]
