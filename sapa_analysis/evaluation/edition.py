"""Editions: verdicts of official dates, issued into the register and scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from ..core import Outcome, Params
from ..pipeline import Project, Results, assess_targets, constants_used, judge
from ..verdicts import PLAN_KINDS, REGISTER, issue_verdicts, plan_pairs, read_register
from .verification import brier_scores, reliability, settle


def judge_edition(project: Project, params: Params) -> Results:
    """Return the verdicts on every target of the area known at the vintage, from all documents.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area and vintage; the documents of `params` come first.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, subjects={"output": ["handicraft_output"]})
    >>> goals = [goal for goal in project.targets if goal.indicator_id == "handicraft_output"]
    >>> small = replace(project, targets=goals)  # one indicator, to be quick
    >>> verdicts = sapa.evaluation.judge_edition(small, params).verdicts
    >>> verdicts[["document", "end", "value", "expected", "status"]].round(1)
              document   end  value  expected         status
    0  resolution-2023  2023  260.0     222.2  very_unlikely
    """
    mine = [target.document for target in project.targets if target.area == params.area]
    documents = list(dict.fromkeys([*params.documents, *mine]))
    return assess_targets(project, params.with_values(documents=documents))


def plan_record(
    project: Project, params: Params, *, known: Mapping[str, Outcome] | None = None
) -> pd.DataFrame:
    """Return the yearly plans of the area with their known outcomes; see `verdicts.plan_pairs`.

    Parameters
    ----------
    project, params, known
        As in `assess_targets`.

    Examples
    --------
    >>> from sapa_analysis.evaluation import plan_record
    >>> from sapa_analysis.pipeline import forecast_area, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> pairs = plan_record(project, params, known=forecast_area(project, params))
    >>> pairs[["id", "plan", "outcome", "ratio"]].round(2)
                               id       plan    outcome  ratio
    0  plan-2018.tourist_arrivals  2500000.0  2500000.0    1.0
    """
    setters = project.documents[project.documents["kind"].isin(PLAN_KINDS)].index
    mine = [
        target.document
        for target in project.targets
        if target.area == params.area and target.document in setters
    ]
    if not mine:
        return plan_pairs(judge(project, {}, [], params), [], project.documents)
    plans = params.with_values(documents=list(dict.fromkeys(mine)))
    results = assess_targets(project, plans, known=known)
    return plan_pairs(results.verdicts, results.targets, project.documents)


def missing_editions(project: Project, params: Params) -> list[date]:
    """Return the editions of the parameters that are missing in the register for the area.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area, and the days of all editions.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.evaluation import missing_editions
    >>> from sapa_analysis.pipeline import open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> missing_editions(project, params.with_values(editions=[date(2023, 6, 30), date(2023, 9, 30)]))
    [datetime.date(2023, 9, 30)]
    """
    issued = read_register(project.root / REGISTER, area=params.area)
    return [day for day in params.editions if day not in set(issued["as_of"])]


def issue_edition(project: Project, params: Params, *, issued: date) -> Path:
    """Append the verdicts of one vintage to the project's register; see `verdicts.issue_verdicts`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area and the day of the edition.
    issued : datetime.date
        The day on which it is written down.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> with TemporaryDirectory() as folder:
    ...     goals = [goal for goal in project.targets if goal.indicator_id == "forest_cover"]
    ...     small = replace(project, root=Path(folder), targets=goals)
    ...     file = sapa.evaluation.issue_edition(small, params, issued=date(2023, 7, 1))
    ...     file.relative_to(folder).as_posix(), len(sapa.verdicts.read_register(file.parents[1]))
    ('register/sa_pa/2023-06-30.csv', 1)
    """
    results = judge_edition(project, params)
    return issue_verdicts(
        project.root / REGISTER,
        results.verdicts,
        results.readings,
        area=params.area,
        as_of=params.as_of,
        issued=issued,
        constants=constants_used(params.as_of),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The verdicts issued up to a date, with their outcomes and scores.

    Attributes
    ----------
    issued : pandas.DataFrame
        Every verdict of the register up to the date; see `verdicts.read_register`.
    cases : pandas.DataFrame
        Those with a probability and an outcome known by the date; see `evaluation.settle`.
    scores : pandas.DataFrame
        Their Brier scores; see `evaluation.brier_scores`.
    bins : pandas.DataFrame
        Share attained by stated probability; see `evaluation.reliability`.
    """

    issued: pd.DataFrame
    cases: pd.DataFrame
    scores: pd.DataFrame
    bins: pd.DataFrame


def score_editions(project: Project, params: Params) -> Kept:
    """Return the verdicts issued for an area up to a date, scored by the outcomes known then.

    Parameters
    ----------
    project : Project
        The tables; the register is in its root folder.
    params : Params
        Area and date (`as_of`).

    Examples
    --------
    >>> from dataclasses import replace
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2026-01-31")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> goals = [goal for goal in project.targets if goal.indicator_id == "tourist_arrivals"]
    >>> small = replace(project, targets=goals)  # outcomes of one indicator, to be quick
    >>> kept = sapa.evaluation.score_editions(small, params)
    >>> kept.cases[["document", "end", "as_of", "probability", "outcome", "brier"]].tail(3).round(2)
             document   end       as_of  probability  outcome  brier
    7       plan-2024  2024  2024-01-15          0.3      1.0   0.49
    8  statement-2014  2023  2024-01-15          1.0      1.0   0.00
    9  statement-2014  2024  2024-01-15          0.3      0.0   0.09
    """
    issued = read_register(project.root / REGISTER, area=params.area, until=params.as_of)
    cases = settle(issued, judge_edition(project, params).verdicts)
    return Kept(issued, cases, brier_scores(cases), reliability(cases))
