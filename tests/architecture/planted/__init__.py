"""Every plant, by the rules they break."""

from tests.architecture.planted import effects, imports, names, shape

PLANTS = [*imports.PLANTS, *effects.PLANTS, *shape.PLANTS, *names.PLANTS]
