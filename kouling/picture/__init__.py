"""Pictures: bytes that nobody trusts become hashes, barcodes and lines of text.

Hostile bytes are decoded, hashed and read in worker processes with limits (`worker`, run by
`pool`); what comes back is small and plain (`look`). This front door loads none of the heavy
libraries: they are the worker's.
"""

from kouling.picture.absent import absent_picture, is_absent
from kouling.picture.alike import alike_key, alike_letters
from kouling.picture.form import form_of, head_length
from kouling.picture.gap import Gap, GapKind, perhaps_worker
from kouling.picture.index import (
    Index,
    Neighbour,
    PictureMark,
    candidates_max,
    distance_max,
    hashes_to_keep,
)
from kouling.picture.inline import find_barcodes, read_lines
from kouling.picture.look import Cost, Imprint, Likeness, Look, Spot
from kouling.picture.message import Caption, Question, Reply
from kouling.picture.pool import Lost, Pool, Session, missing
from kouling.picture.records import Barcode, Box, Line, span_box
from kouling.picture.rota import Rota
from kouling.picture.votes import voters_to_keep

__all__ = [
    "Barcode",
    "Box",
    "Caption",
    "Cost",
    "Gap",
    "GapKind",
    "Imprint",
    "Index",
    "Likeness",
    "Line",
    "Look",
    "Lost",
    "Neighbour",
    "PictureMark",
    "Pool",
    "Question",
    "Reply",
    "Rota",
    "Session",
    "Spot",
    "absent_picture",
    "alike_key",
    "alike_letters",
    "candidates_max",
    "distance_max",
    "find_barcodes",
    "form_of",
    "hashes_to_keep",
    "head_length",
    "is_absent",
    "missing",
    "perhaps_worker",
    "read_lines",
    "span_box",
    "voters_to_keep",
]
