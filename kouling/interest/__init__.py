"""The feed's model: likes come in, recommendations go out; it knows items and users as numbers.

A pure instrument: no room, no clock, no database. Its loops become machine code at their first
call (`native`), so importing it takes only numpy.
"""

from kouling.interest.arrays import read_split
from kouling.interest.audience import AudienceOf, audience
from kouling.interest.choose import Chosen, Options, choose
from kouling.interest.evaluate import measure
from kouling.interest.fit import check_not_worse, fit, fit_with
from kouling.interest.known import Known, in_use, known_of, matrix_of
from kouling.interest.likes import LikeMatrix, like_matrix
from kouling.interest.model import Model
from kouling.interest.names import Names
from kouling.interest.posterior import chance_above, rates_at
from kouling.interest.reach import reach
from kouling.interest.reading import read_likes
from kouling.interest.records import Kind, Manifest, Parameters, Quality
from kouling.interest.refit import hand_over
from kouling.interest.store import load_likes, load_model, save_model

__all__ = [
    "AudienceOf",
    "Chosen",
    "Kind",
    "Known",
    "LikeMatrix",
    "Manifest",
    "Model",
    "Names",
    "Options",
    "Parameters",
    "Quality",
    "audience",
    "chance_above",
    "check_not_worse",
    "choose",
    "fit",
    "fit_with",
    "hand_over",
    "in_use",
    "known_of",
    "like_matrix",
    "load_likes",
    "load_model",
    "matrix_of",
    "measure",
    "rates_at",
    "reach",
    "read_likes",
    "read_split",
    "save_model",
]
