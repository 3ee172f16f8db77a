"""The documents themselves, as known on a day: side by side, and their arithmetic."""

from __future__ import annotations

import pandas as pd

from ..core import Params
from ..evidence import known_by
from ..targets import check_documents, compare_documents
from .assess import known_targets
from .project import Project


def compare_papers(project: Project, params: Params) -> pd.DataFrame:
    """Return the first document of the parameters beside the others; see `compare_documents`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, day and documents.

    Returns
    -------
    pandas.DataFrame
        Empty where fewer than two of the documents speak of the area and were known.
    """
    targets = known_targets(project, params)
    one, *others = [name for name in params.documents if name in set(targets["document"])] or [""]
    if not others:
        return pd.DataFrame()
    return compare_documents(targets, one, others, indicators=project.indicators, relations=project.relations)


def check_papers(project: Project, params: Params) -> pd.DataFrame:
    """Return what the arithmetic of the documents of the parameters says; see `check_documents`."""
    return check_documents(
        known_targets(project, params),
        indicators=project.indicators,
        figures=known_by(project.evidence, params.as_of),
        relations=project.relations,
    )
