"""The interest model: likes come in, recommendations go out; users and items are numbers here.

A pure instrument: no room, no clock, no database. `fit_model` learns a `Model` from a file's
likes, `state_of` puts the likes since on top of it. Its loops become machine code at their first
call (`native`), so importing it takes only numpy.
"""

from kouling.interest.choose import Choice, Options, choose_parameters
from kouling.interest.evaluate import measure
from kouling.interest.fit import check_not_worse, fit_model, fit_with
from kouling.interest.handover import hand_over, worse_status
from kouling.interest.likes import LikeMatrix, like_matrix
from kouling.interest.model import Model
from kouling.interest.names import Names
from kouling.interest.npz import read_split
from kouling.interest.posterior import chance_above, rates_at
from kouling.interest.reach import reach_by_likers, reach_by_model
from kouling.interest.reading import read_likes
from kouling.interest.records import Manifest, ModelKind, Parameters, Quality
from kouling.interest.state import InterestState, matrix_of, model_in_use, state_of
from kouling.interest.store import load_likes, load_model, save_model

__all__ = [
    "Choice",
    "InterestState",
    "LikeMatrix",
    "Manifest",
    "Model",
    "ModelKind",
    "Names",
    "Options",
    "Parameters",
    "Quality",
    "chance_above",
    "check_not_worse",
    "choose_parameters",
    "fit_model",
    "fit_with",
    "hand_over",
    "like_matrix",
    "load_likes",
    "load_model",
    "matrix_of",
    "measure",
    "model_in_use",
    "rates_at",
    "reach_by_likers",
    "reach_by_model",
    "read_likes",
    "read_split",
    "save_model",
    "state_of",
    "worse_status",
]
