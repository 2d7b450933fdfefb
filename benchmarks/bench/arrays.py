"""The type of numpy's arrays, whatever their shape and kind."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
