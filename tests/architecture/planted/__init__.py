"""Every plant, by the rules they break."""

from tests.architecture.planted import doors, effects, imports, names, shape

PLANTS = [*imports.PLANTS, *doors.PLANTS, *effects.PLANTS, *shape.PLANTS, *names.PLANTS]
