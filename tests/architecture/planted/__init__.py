"""Every plant, by the rules they break."""

from tests.architecture.planted import (
    doors,
    effects,
    imports,
    migrations,
    names,
    sentences,
    shape,
)

PLANTS = [
    *imports.PLANTS,
    *doors.PLANTS,
    *migrations.PLANTS,
    *effects.PLANTS,
    *shape.PLANTS,
    *names.PLANTS,
    *sentences.PLANTS,
]
