"""Doubted figures weighed: what each would move if it were fitted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ..core import Params
from ..evidence import DOUBTS, is_doubted
from ..series import find_family
from .assess import assess_indicator, judge
from .known import known_targets
from .project import Project

_FIGURE = {"id": "figure", "indicator_id": "of", "value": "figure_value", "unit": "figure_unit"}
_ASIDE = ["period", "freq", "bound", "published", "source_title", "cite_ok", *DOUBTS.values()]
_GOAL = ["id", "document", "indicator_id", "measure", "sense", "value", "value_high", "unit", "printed",
         "sense_inferred", "start", "end"]  # fmt: skip
_MOVED = ["status", "status_with", "expected", "expected_with", "probability", "probability_with"]


def weigh_doubts(project: Project, params: Params, *, indicator: str | None = None) -> pd.DataFrame:
    """Return the doubted figures of the area, and what each would move if it were fitted like any other.

    A doubted figure is printed and not fitted (`data/corrections.yml`, action `doubt`). Its family is solved
    once more with it; everything else stays.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage, documents and the rest.
    indicator : str, optional
        Only figures of the family of this indicator.

    Returns
    -------
    pandas.DataFrame
        One row per doubted figure and target of its family without a result: figure (its id), of (its
        indicator), figure_value, figure_unit, period, freq, bound, published, source_title, cite_ok, doubt_vi
        and doubt_en (why); of the target what its verdict repeats; status, expected and probability as
        judged, and each as it would be (`..._with`).

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, weigh_doubts
    >>> project, params = open_project(as_of="2026-01-31")
    >>> params = params.with_values(n_paths=100, subjects={"growth": ["grdp_growth", "grdp_per_capita"]})
    >>> weighed = weigh_doubts(project, params)
    >>> told = weighed[["figure", "figure_value", "indicator_id", "end", "expected", "expected_with"]]
    >>> told.loc[2:].round()
      figure  figure_value     indicator_id   end  expected  expected_with
    2  e0260          14.0      grdp_growth  2025      10.0           14.0
    3  e0260          14.0  grdp_per_capita  2025     134.0          152.0
    """
    known = project.as_of(params.as_of)
    figures = known.evidence[is_doubted(known.evidence) & (known.evidence["area"] == params.area)]
    rows = []
    for label, figure in figures.iterrows():
        members = find_family(str(figure["indicator_id"]), known.indicators).members
        if indicator in (None, *members):
            moved = _moved(known, params, label, members)
            about = {new: figure[old] for old, new in _FIGURE.items()} | {n: figure[n] for n in _ASIDE}
            rows += [about | row for row in moved.to_dict("records")]
    columns = [*_FIGURE.values(), *_ASIDE, *_GOAL, *_MOVED]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64"})


def _moved(known: Project, params: Params, label: object, members: tuple[str, ...]) -> pd.DataFrame:
    """Return the targets of a family that have no result, judged without a doubted figure and with it."""
    goals = [goal for goal in known_targets(known, params) if goal.indicator_id in members]
    names = dict.fromkeys(goal.indicator_id for goal in goals)
    evidence = known.evidence.copy()
    evidence.loc[label, list(DOUBTS.values())] = ""
    sides = [
        judge(side, {name: assess_indicator(side, params, name) for name in names}, goals, params)
        for side in (known, replace(known, evidence=evidence))
    ]
    both = sides[0].assign(
        **{f"{name}_with": sides[1][name] for name in ("status", "expected", "probability")}
    )
    return both.loc[both[["expected", "expected_with"]].notna().any(axis=1), [*_GOAL, *_MOVED]]
