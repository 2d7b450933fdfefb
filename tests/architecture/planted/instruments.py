"""Plants for the rule on heavy libraries."""

from __future__ import annotations

from tests.architecture.planted.plant import plants

PLANTS = [
    *plants(
        "heavy_libraries",
        "gate/scan.py",
        ("a room decodes", "import cv2  #!", "import re"),
        ("lazily", "def _f():\n    from PIL import Image  #!", "def _f():\n    import re"),
        (
            "by import_module",
            "from importlib import import_module\n_X = import_module('faiss')  #!",
            "from importlib import import_module\n_X = import_module('re')",
        ),
    ),
    *plants(
        "heavy_libraries",
        "deliver/feed.py",
        ("a room draws rates", "from scipy.special import betainc  #!", "import numpy"),
    ),
    *plants(
        "heavy_libraries",
        "picture/barcode.py",
        ("one instrument takes another's", "import numba  #!", "import cv2, zxingcpp"),
    ),
    *plants(
        "heavy_libraries",
        "interest/native.py",
        ("and the other way round", "import cv2  #!", "import numba\nfrom scipy import linalg"),
    ),
    *plants(
        "heavy_libraries",
        "lab/cards.py",
        ("a bench reads for itself", "import zxingcpp  #!", "import cv2\nfrom PIL import Image"),
    ),
    *plants(
        "heavy_libraries",
        "demo.py",
        ("a shell draws", "from PIL import ImageDraw  #!", "import json"),
    ),
]
