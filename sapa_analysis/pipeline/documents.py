"""Comparison and consistency checks of the documents known at a vintage."""

from __future__ import annotations

import pandas as pd

from ..core import Params
from ..targets import check_documents, compare_documents
from .assess import known_targets
from .project import Project


def compare_papers(project: Project, params: Params) -> pd.DataFrame:
    """Compare the first document of the parameters with the others; see `compare_documents`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage and documents.

    Returns
    -------
    pandas.DataFrame
        Empty if fewer than two of the documents had known targets for the area.
    """
    targets = known_targets(project, params)
    mine = {target.document for target in targets}
    one, *others = [name for name in params.documents if name in mine] or [""]
    if not others:
        return pd.DataFrame()
    return compare_documents(
        targets, one, others, indicators=project.indicators, relations=project.as_of(params.as_of).relations
    )


def check_papers(project: Project, params: Params) -> pd.DataFrame:
    """Return the findings of the consistency checks on the chosen documents; see `check_documents`."""
    known = project.as_of(params.as_of)
    return check_documents(
        known_targets(project, params),
        indicators=project.indicators,
        figures=known.evidence,
        relations=known.relations,
    )
