"""Chances of targets under scenarios: the same paths, and those that change sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ..core import Outcome, Params, SapaError, Target, as_targets, nearest, word_of
from ..scenarios import BASELINE
from ..verdicts import attained_paths
from .assess import tolerances
from .project import Project

_COLUMNS = ["scenario", "target", "document", "indicator_id", "year", "probability", "difference", "word",
            "gained", "lost"]  # fmt: skip


def chances(
    project: Project,
    params: Params,
    by_scenario: Mapping[str, Mapping[str, Outcome]],
    targets: pd.DataFrame | Target | Iterable[Target],
    *,
    baseline: str = BASELINE,
) -> pd.DataFrame:
    """Return the chance of each target under each scenario, and how many paths change sides.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Tolerances and bands.
    by_scenario : mapping of scenario name to outcomes
        As `under_scenarios` returns them, all from the same paths.
    targets : Target, iterable of Target, or pandas.DataFrame
        Those that cannot be judged in paths are left out.
    baseline : str
        The scenario with which the others are compared.

    Returns
    -------
    pandas.DataFrame
        One row per target and scenario: scenario, target (its id), document, indicator_id, year, probability,
        difference (to the baseline, in points), word, gained and lost (paths that attain it under the
        scenario only, and in the baseline only).

    Raises
    ------
    SapaError
        When the baseline is missing.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> base = sapa.forecast_area(project, params)
    >>> more = sapa.scenario("more", tourist_arrivals={2025: "+20%"})
    >>> both = {"base": base, "more": sapa.apply_scenario(base, more)}
    >>> goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")
    >>> found = sapa.pipeline.chances(project, params, both, goals)
    >>> found[["scenario", "year", "probability", "difference", "word", "gained", "lost"]].round(2)
      scenario  year  probability  difference           word  gained  lost
    0     base  2023         0.27         0.0       unlikely       0     0
    1     more  2023         0.27         0.0       unlikely       0     0
    2     base  2025         0.02         0.0  very_unlikely       0     0
    3     more  2025         0.08         6.0  very_unlikely       6     0
    """
    if baseline not in by_scenario:
        raise SapaError(
            f'the baseline "{baseline}" is not among the scenarios; {nearest(baseline, by_scenario)}'
        )
    goals = as_targets(targets)
    attained = {
        name: attained_paths(outcomes, goals, **tolerances(params)) for name, outcomes in by_scenario.items()
    }
    base, rows = attained[baseline], []
    for goal in goals:
        for name, table in attained.items():
            if goal.id not in table or goal.id not in base:
                continue
            after, before = table[goal.id], base[goal.id]
            chance = float(after.mean())
            told = {"scenario": name, "target": goal.id, "document": goal.document, "year": goal.end}
            told |= {"indicator_id": goal.indicator_id, "probability": chance, "word": word_of(chance)}
            told |= {"difference": 100 * (chance - float(before.mean()))}
            rows.append(told | {"gained": int((after & ~before).sum()), "lost": int((before & ~after).sum())})
    return pd.DataFrame(rows, columns=_COLUMNS)
