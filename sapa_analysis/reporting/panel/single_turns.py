"""Each lever turned a little, alone: what a notebook tells before anybody has touched a lever."""

from __future__ import annotations

from collections.abc import Mapping

from ...core import LANGUAGES, Forecast, Outcome, Params
from ...pipeline import Project
from ...scenarios import BASELINE, Scenario, in_points, turn_levers
from ..language import indicator_name
from ..subject import indicator_row
from .desk import Desk, last_year
from .view import turns_offered

#: How far a lever is turned: an amount by a tenth, a rate by a point.
_FACTOR, _POINTS = 1.1, 1.0


def single_turns(
    project: Project, params: Params, outcomes: Mapping[str, Outcome], indicator: str
) -> dict[str, Scenario]:
    """Return for each lever of an indicator the scenario that turns it alone, and the baseline first.

    An amount is turned by 10 percent, a rate or a growth by a point, in every year ahead.

    Parameters
    ----------
    project, params, outcomes, indicator
        As in `scenario_panel`.

    Returns
    -------
    dict of str to Scenario
        By the id of the lever, labelled in both languages; only the baseline where nothing is forecast.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30", n_paths=1_000)
    >>> given = project, params, sapa.forecast_area(project, params), "grdp_growth"
    >>> turned = sapa.reporting.single_turns(*given)
    >>> [scenario.label["en"] for scenario in turned.values()]
    ['Baseline scenario', 'GRDP growth +1.0 points', 'Tourist arrivals +10%', 'Spend per visit +10%']
    """
    desk, base = Desk(project, params, outcomes), {BASELINE: project.scenarios[BASELINE]}
    if indicator not in desk.offered():
        return base
    levers = desk.levers(indicator)
    return base | {name: _turned(name, fan, project) for name, fan in levers.items()}


def _turned(name: str, fan: Forecast, project: Project) -> Scenario:
    turn = _POINTS if in_points(fan) else _FACTOR
    scenario = turn_levers({name: fan}, {name: turn}, shape="step", until=last_year(fan), name=name)
    row = indicator_row(name, project.indicators)
    said = {lang: {value: text for text, value in turns_offered(fan, lang)}[turn] for lang in LANGUAGES}
    label = {lang: f"{indicator_name(row, lang)} {said[lang]}" for lang in LANGUAGES}
    return scenario.model_copy(update={"label": label})
