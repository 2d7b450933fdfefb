"""What fits models of the feed, keeps them and measures them: one door to `interest`."""

from kouling.deliver.interest.arrays import read_split
from kouling.deliver.interest.audience import AudienceOf, audience
from kouling.deliver.interest.choose import Chosen, Options, choose
from kouling.deliver.interest.evaluate import measure
from kouling.deliver.interest.fit import check_not_worse, fit, fit_with
from kouling.deliver.interest.likes import LikeMatrix, like_matrix
from kouling.deliver.interest.model import Model
from kouling.deliver.interest.reading import read_likes
from kouling.deliver.interest.records import Kind, Manifest, Parameters, Quality
from kouling.deliver.interest.store import load_likes, load_model, save_model

__all__ = [
    "AudienceOf",
    "Chosen",
    "Kind",
    "LikeMatrix",
    "Manifest",
    "Model",
    "Options",
    "Parameters",
    "Quality",
    "audience",
    "check_not_worse",
    "choose",
    "fit",
    "fit_with",
    "like_matrix",
    "load_likes",
    "load_model",
    "measure",
    "read_likes",
    "read_split",
    "save_model",
]
