"""What was known at a vintage: targets, events, and figures of the successors of an area."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ..core import Params, Target, last_year_ended
from ..evidence import affecting
from ..scenarios import Scenario
from .project import Project


def lineage(project: Project, area: str) -> list[str]:
    """Return an area and the areas that contain it, the widest first.

    Parameters
    ----------
    project : Project
        The tables.
    area : str
        An id of `areas.csv`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import lineage, load_project
    >>> lineage(load_project(), "sa_pa")
    ['viet_nam', 'lao_cai', 'sa_pa']
    """
    found = [area]
    while parent := str(project.areas.loc[found[0], "parent"]):
        found.insert(0, parent)
    return found


def documents_of(project: Project, params: Params) -> list[str]:
    """Return the documents whose targets are judged for the area: those of the parameters, or its own.

    The documents of the parameters are some area's. For an area that none of them is of or sets a target for,
    its own count: those with a target known at the vintage that falls due in the year that has just ended or
    later, in the order of `documents.csv`.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Vintage, area and documents.

    Examples
    --------
    >>> from sapa_analysis.pipeline import documents_of, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> documents_of(project, params)
    ['resolution-2023', 'congress-2020', 'congress-2020-restated']
    >>> documents_of(project, params.with_values(area="lao_cai"))[:2]
    ['lao_cai.tourism-master-plan-2016', 'lao_cai.tourism-2021-2025']
    >>> documents_of(project, params.with_values(area="viet_nam"))
    []
    """
    chosen, papers = params.documents, project.documents
    theirs = set(papers.loc[papers.index.isin(chosen), "area"])
    mine = [target for target in project.targets if target.area == params.area]
    if params.area in theirs or any(target.document in chosen for target in mine):
        return list(chosen)
    due = last_year_ended(params.as_of)
    known = {
        t.document for t in project.as_of(params.as_of).targets if t.area == params.area and t.end >= due
    }
    return [str(name) for name in papers.index if name in known]


def known_targets(project: Project, params: Params, indicator: str | None = None) -> list[Target]:
    """Return the targets of the area, of its judged documents, that were known at the vintage.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Vintage, area and documents.
    indicator : str, optional
        Only targets of this indicator.

    Returns
    -------
    list of Target
        In the order of `documents_of`; `core.targets_table` prints them.

    Examples
    --------
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goals = known_targets(project, params, "tourist_arrivals")
    >>> [(goal.document, goal.end, goal.value) for goal in goals]
    [('resolution-2023', 2023, 3500000.0), ('congress-2020', 2025, 5800000.0)]
    """
    known = project.as_of(params.as_of).targets
    return [
        target
        for document in documents_of(project, params)
        for target in known
        if (target.area, target.document) == (params.area, document)
        and indicator in (None, target.indicator_id)
    ]


def scenarios_of(project: Project, params: Params) -> dict[str, Scenario]:
    """Return the chosen scenarios that are for the area, by name, in the order of `params.scenarios`.

    A scenario whose reasons are another area's numbers says nothing of this one. `left_out` names those that
    do not hold on the day.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area and scenarios.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, scenarios_of
    >>> project, params = open_project()
    >>> [list(scenarios_of(project, params.with_values(area=area))) for area in ("sa_pa", "lao_cai")]
    [['low', 'base', 'high'], ['lao_cai_low', 'base', 'lao_cai_high']]
    """
    chosen = {name: project.scenarios[name] for name in params.scenarios if name in project.scenarios}
    return {name: each for name, each in chosen.items() if each.area in ("", params.area)}


def known_events(project: Project, params: Params, indicator: str) -> pd.DataFrame:
    """Return the events known at the vintage that affect an indicator of the area.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Vintage and area.
    indicator : str
        An id of `indicators.csv`.

    Returns
    -------
    pandas.DataFrame
        Rows of `core.Events`, in the order of the file.

    Examples
    --------
    >>> from sapa_analysis.pipeline import known_events, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> known_events(project, params, "tourist_arrivals")[["date", "name_en"]].iloc[0].tolist()
    ['2014-09-21', 'Nội Bài–Lào Cai expressway: opens']
    """
    known = project.as_of(params.as_of).events
    return affecting(known, indicator, areas=lineage(project, params.area))


def find_successors(project: Project, area: str) -> pd.DataFrame:
    """Return the rows of `areas.csv` for the successors of an area.

    Parameters
    ----------
    project : Project
        The tables.
    area : str
        An id of `areas.csv`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import find_successors, load_project
    >>> find_successors(load_project(), "sa_pa")["name_en"].head(2).to_dict()
    {'sa_pa_ward': 'Sa Pa ward', 'ta_van_commune': 'Tả Van commune'}
    """
    became = [area in predecessors.split(";") for predecessors in project.areas["predecessors"]]
    return project.areas[became]


def successor_figures(project: Project, params: Params, indicators: Collection[str]) -> pd.DataFrame:
    """Return the known yearly figures of the successors of the area, one row per statement.

    Their boundaries differ, so these figures are shown beside the series and never enter it.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area and the day.
    indicators : collection of str
        Ids of `indicators.csv`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, successor_figures
    >>> project, params = open_project(as_of="2026-01-31")
    >>> figures = successor_figures(project, params, ["tourist_arrivals"])
    >>> figures[["name_en", "period", "value", "published"]]
              name_en period      value   published
    0      Sa Pa ward   2025  4450000.0     2026-01
    1      Sa Pa ward   2025  4300000.0  2026-01-01
    2  Tả Van commune   2025  1550000.0     2025-08
    """
    places = find_successors(project, params.area)
    known = project.as_of(params.as_of).statements
    chosen = known["area"].isin(places.index) & known["indicator_id"].isin(indicators)
    figures = known[chosen & (known["freq"] == "A")].sort_values(
        ["indicator_id", "area", "period", "published"], kind="stable", ignore_index=True
    )
    return figures.join(places[["name_vi", "name_en"]], on="area")


def met_counts(project: Project, params: Params) -> pd.DataFrame:
    """Return the known published counts of targets met in the area, as the authorities count them.

    `data/relations.yml` declares them. They speak of papers and years of their own, so they are shown beside
    our counts and never used.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        The area and the day.

    Returns
    -------
    pandas.DataFrame
        Their rows of the evidence, by period, and `of`: of how many.

    Examples
    --------
    >>> from sapa_analysis.pipeline import met_counts, open_project
    >>> for day in ("2023-06-30", "2024-01-15"):
    ...     found = met_counts(*open_project(as_of=day))
    ...     print(found[["indicator_id", "period", "value", "of"]].to_string(index=False, header=False))
            targets_met_province 2022 51.0 52
                targets_met_town 2022 63.0 65
    resolution_target_groups_met 2022 18.0 25
            targets_met_province 2022 51.0 52
                targets_met_town 2022 63.0 65
    """
    of = {count.figure: count.of for count in project.relations.met}
    known = project.as_of(params.as_of).evidence
    mine = known[known["id"].isin(list(of)) & (known["area"] == params.area)]
    counted = mine.assign(of=mine["id"].map(of).astype("int64"))
    return counted.sort_values(["period", "indicator_id"], kind="stable", ignore_index=True)
