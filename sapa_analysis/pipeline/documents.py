"""Comparison and consistency checks of the documents known at a vintage."""

from __future__ import annotations

import pandas as pd

from ..core import Params
from ..targets import check_documents, compare_documents
from .known import known_targets
from .project import Project


def compare_papers(project: Project, params: Params) -> pd.DataFrame:
    """Compare the first judged document of the area with the others; see `compare_documents`.

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

    Examples
    --------
    >>> from sapa_analysis.pipeline import compare_papers, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> compared = compare_papers(project, params)
    >>> visits = compared[compared["indicator_id_one"] == "tourist_arrivals"]
    >>> visits[["relation", "value_one", "end_one", "value_other", "end_other", "pace"]].round(1)
                relation  value_one  end_one  value_other  end_other  pace
    13        other_year  3500000.0     2023    5800000.0       2025  28.7
    14  other_definition  3500000.0     2023    1000000.0       2025   NaN
    """
    targets = known_targets(project, params)
    one, *others = list(dict.fromkeys(target.document for target in targets)) or [""]
    if not others:
        return pd.DataFrame()
    return compare_documents(
        targets, one, others, indicators=project.indicators, relations=project.as_of(params.as_of).relations
    )


def check_papers(project: Project, params: Params) -> pd.DataFrame:
    """Return the findings of the consistency checks on the chosen documents; see `check_documents`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Which documents are looked at, and as of which day.

    Examples
    --------
    >>> from sapa_analysis.pipeline import check_papers, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> found = check_papers(project, params)
    >>> found["finding"].value_counts().to_dict()
    {'consistent': 8, 'tension': 6}
    >>> found.loc[found["finding"] == "tension", "check"].unique().tolist()
    ['spend_per_visit', 'revenue_in_retail', 'revenue_in_grdp']
    """
    known = project.as_of(params.as_of)
    return check_documents(
        known_targets(project, params),
        indicators=project.indicators,
        figures=known.evidence,
        relations=known.relations,
    )
