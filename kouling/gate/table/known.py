"""Pictures that are kept from being shown, as an index of looks asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from kouling.gate.records import Subject, SubjectKind, Visibility
from kouling.gate.table.bans import banned
from kouling.gate.table.schema import decision_table, picture_look_table, picture_mark_table
from kouling.picture import Look, PictureMark

marks_max = 1_000
"""Marks that are read at once, of some 5 kB each."""

_known_pictures = (
    sa.select(
        picture_mark_table.c.seq,
        picture_mark_table.c.picture,
        decision_table.c.visibility,
        picture_look_table.c.body,
    )
    .join(picture_look_table, picture_look_table.c.sha256 == picture_mark_table.c.picture)
    .outerjoin(decision_table, decision_table.c.item == picture_mark_table.c.item)
    .where(picture_mark_table.c.seq.in_(sa.bindparam("marks", expanding=True)))
)


def marks_after(connection: sa.Connection, newest: int) -> list[PictureMark]:
    """Return the next marks of pictures kept from being shown, in order, `marks_max` at most."""
    mark = picture_mark_table.c
    query = sa.select(mark.seq, mark.hashes, mark.voters).where(mark.seq > newest)
    rows = connection.execute(query.order_by(mark.seq).limit(marks_max))
    return [PictureMark(row.seq, row.hashes, row.voters) for row in rows]


class MarkedPicture(NamedTuple):
    """A picture that is kept from being shown: by its item's decision, or by a ban."""

    mark: int
    sha256: str
    look: Look
    is_banned: bool


def known_pictures(
    connection: sa.Connection, marks: Sequence[int], at: datetime
) -> list[MarkedPicture]:
    """Return those marked pictures that are kept from being shown at that time."""
    rows = connection.execute(_known_pictures, {"marks": list(marks)}).all()
    subjects = {Subject(SubjectKind.picture, row.picture) for row in rows}
    bans = {subject.value for subject in banned(connection, subjects, at)}
    return [
        MarkedPicture(
            row.seq, row.picture, msgspec.msgpack.decode(row.body, type=Look), row.picture in bans
        )
        for row in rows
        if row.picture in bans or row.visibility in (Visibility.limit, Visibility.drop)
    ]
