"""The whole flow for one set of parameters: evidence, series, forecasts, verdicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .catalogue import (
    load_areas,
    load_covariates,
    load_documents,
    load_indicators,
    read_covariates,
    read_events,
)
from .datapackage import package_text
from .errors import NoEvidenceError, ParamsError, Problem, SapaError, nearest
from .evidence import load_evidence, read_evidence
from .files import project_root
from .forecasts import forecast
from .models import HEADLINE, MODELS
from .params import Params, read_params
from .schema import NotAssessed, YearlySeries
from .series import build_series
from .targets import load_targets, read_targets
from .verdicts import Outcome, judge_targets
from .vintages import known_by


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """All tables of a project, loaded and checked once.

    Attributes
    ----------
    root : pathlib.Path
        The folder that holds `data` and `params`.
    evidence, indicators, areas, covariates, targets, documents : pandas.DataFrame
        As the loaders of the same names return them.
    """

    root: Path
    evidence: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    covariates: pd.DataFrame
    targets: pd.DataFrame
    documents: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What one run says: an outcome per indicator and a verdict per target."""

    params: Params
    outcomes: dict[str, Outcome]
    verdicts: pd.DataFrame


def load_project(root: Path | str | None = None) -> Project:
    """Return the tables of the project at or above `root` (by default, where we are).

    Raises
    ------
    SapaError
        With every problem of the first kind of table that has one; `sapa check` reports all of them.
    """
    folder = project_root(root)
    data = folder / "data"
    return Project(
        folder,
        load_evidence(data),
        load_indicators(data),
        load_areas(data),
        load_covariates(data),
        load_targets(data),
        load_documents(data),
    )


def assess_indicator(project: Project, params: Params, indicator: str) -> Outcome:
    """Return the forecast of one indicator, or why there is none.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, day, horizon, method and the rest.
    indicator : str
        An id of `indicators.csv`.

    Returns
    -------
    Forecast or NotAssessed

    Raises
    ------
    ParamsError
        When the indicator or the area is unknown.
    """
    _check_names(project, params, [indicator])
    try:
        series = _series(project, params, indicator)
    except NoEvidenceError as error:
        return NotAssessed(None, "no_yearly_figure" if error.n_known else "no_evidence", params.min_years)
    needed = max(
        params.min_years, MODELS[HEADLINE if params.method == "headline" else params.method].min_years
    )
    if len(series.observed_years) < needed:
        return NotAssessed(series, "too_few_years", needed)
    return forecast(series, params.method, horizon=params.horizon, n_paths=params.worlds, seed=params.seed)


def _series(project: Project, params: Params, indicator: str) -> YearlySeries:
    return build_series(
        project.evidence,
        indicator,
        area=params.area,
        as_of=params.as_of,
        shock_years=params.shock_years,
        indicators=project.indicators,
        covariates=project.covariates,
        n_draws=params.worlds,
        seed=params.seed,
    )


def known_targets(project: Project, params: Params, indicator: str | None = None) -> pd.DataFrame:
    """Return the targets of the chosen documents and area that were known on the day.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Day, area and documents.
    indicator : str, optional
        Only targets of this indicator.

    Returns
    -------
    pandas.DataFrame
        Rows of `schema.Targets`, in the order of `params.documents`.
    """
    known = known_by(project.targets[project.targets["area"] == params.area], params.as_of)
    chosen = known[known["document"].isin(params.documents)]
    if indicator is not None:
        chosen = chosen[chosen["indicator_id"] == indicator]
    return chosen.sort_values("document", key=lambda ids: ids.map(params.documents.index), kind="stable")


def assess_targets(project: Project, params: Params) -> Results:
    """Return the verdict on every target of the chosen documents, and the outcomes it rests on."""
    targets = known_targets(project, params)
    indicators = list(dict.fromkeys(targets["indicator_id"]))
    outcomes = {indicator: assess_indicator(project, params, indicator) for indicator in indicators}
    return Results(params, outcomes, judge(outcomes, targets, params))


def judge(outcomes: dict[str, Outcome], targets: pd.DataFrame, params: Params) -> pd.DataFrame:
    """Return the verdicts on some targets under the tolerances of `params`."""
    return judge_targets(
        outcomes, targets, about_points=params.about_points, about_relative=params.about_relative
    )


def _check_names(project: Project, params: Params, indicators: Iterable[str]) -> None:
    named: list[tuple[str, str, Collection[str]]] = [
        ("indicator", word, list(project.indicators.index)) for word in indicators
    ]
    named += [("area", params.area, list(project.areas.index))]
    named += [("documents", word, list(project.documents.index)) for word in params.documents]
    named += [("method", params.method, [*MODELS, "headline"])]
    problems = [
        Problem("parameters", 0, column, f'"{word}" is unknown; {nearest(word, known)}')
        for column, word, known in named
        if word not in known
    ]
    if problems:
        raise ParamsError(problems)


def check_project(root: Path | str | None = None) -> tuple[dict[str, int], list[Problem]]:
    """Return how many rows were read, and every problem of data and parameters at once."""
    folder, problems = project_root(root), list[Problem]()
    data = folder / "data"
    evidence, targets = read_evidence(data, problems), read_targets(data, problems)
    covariates, events = read_covariates(data, problems), read_events(data, problems)
    params = read_params(folder / "params/baseline.yml", problems)
    counts = {"observations": len(evidence), "targets": len(targets), "covariates": len(covariates)}
    problems += _package_problems(data)
    if not problems and params is not None:
        try:
            _check_names(load_project(folder), params, params.subjects)
        except SapaError as error:
            problems += error.problems
    return counts | {"events": len(events)}, problems


def _package_problems(data: Path) -> list[Problem]:
    path = data / "datapackage.json"
    if path.is_file() and path.read_text(encoding="utf-8") == package_text(data):
        return []
    return [Problem("data/datapackage.json", 0, "", "is not in step with the tables; run `sapa schema`")]
