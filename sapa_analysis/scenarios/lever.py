"""What a user can turn: the indicators that follow from no others, and the one that a word means."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ..core import nearest, parse_formula, primaries_of, project_root
from ..evidence import load_indicators
from .adjustment import ANYWHERE, Scenario


def known_indicators() -> pd.DataFrame:
    """Return the indicators of the project at hand."""
    return load_indicators(project_root() / "data")


def hint(word: str, indicators: pd.DataFrame | None, here: Collection[str] = ()) -> str:
    """Return a clause about an unknown indicator: the one that is meant, or what can be turned instead.

    A word that is part of several names means the first of them in `indicators.csv`. Where nothing follows
    from that one, and it is no goal either, it is no lever.

    Parameters
    ----------
    word : str
        The unknown name.
    indicators : pandas.DataFrame, optional
        As `load_indicators` returns them.
    here : collection of str
        The names that can be adjusted, where it is known: those of the forecasts at hand.

    Examples
    --------
    >>> from sapa_analysis.scenarios.lever import hint, known_indicators
    >>> hint("arrivals", known_indicators()), hint("visit", None, ["visits", "rooms"])
    ('did you mean tourist_arrivals?', 'did you mean visits?')
    >>> hint("length_of_stay", known_indicators())
    'there is no such lever: nothing follows from average_stay; its field has tourist_arrivals,
    spend_per_visit, international_share'
    """
    names = list(here) or ([] if indicators is None else list(indicators.index))
    tokens = word.lower().replace(" ", "_").split("_")
    among, near = _among(tokens, names), nearest(word, names)
    if indicators is None:
        return f"did you mean {among[0]}?" if among else near
    if not among:
        ours = not near.endswith("?") and any(name in indicators.index for name in here)
        known = _among(tokens, list(indicators.index)) if ours else []
        return (_no_lever(known[0], indicators) if known else "") or near
    if near.endswith("?") and not any(_stands_in(tokens, name.split("_")) for name in among):
        return near
    return _no_lever(among[0], indicators) or f"did you mean {among[0]}?"


def _among(tokens: list[str], names: list[str]) -> list[str]:
    """Return the names in which words stand, then those that end as they do."""
    found = [name for name in names if _stands_in(tokens, name.split("_"))]
    return found + [name for name in names if len(tokens) > 1 and tokens[-1] == name.split("_")[-1]]


def _no_lever(meant: str, indicators: pd.DataFrame) -> str:
    """Return what can be turned instead of what moves nothing; blank for a lever or a goal."""
    turned = levers(indicators)
    field, goals = indicators["field"].astype(str), set(indicators.index[indicators["goal"] == "yes"])
    if meant not in indicators.index or meant in turned or meant in goals:
        return ""
    others = ", ".join(name for name in turned if field[name] == field[meant])
    return f"there is no such lever: nothing follows from {meant}; its field has {others or 'none'}"


def wrong_names(scenario: Scenario, indicators: pd.DataFrame, areas: pd.DataFrame) -> list[str]:
    """Return a line about each name in a scenario that is no area, no indicator, or none to be adjusted.

    Parameters
    ----------
    scenario : Scenario
        The assumptions.
    indicators, areas : pandas.DataFrame
        As `load_indicators` and `load_areas` return them.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project = sapa.pipeline.load_project()
    >>> slip = sapa.scenario("slip", area="sa_pha", arrivals="+5%", tourism_revenue="+5%")
    >>> print(*sapa.scenarios.wrong_names(slip, project.indicators, project.areas), sep=chr(10))
    "sa_pha" is unknown; did you mean sa_pa?
    "arrivals" is unknown; did you mean tourist_arrivals?
    tourism_revenue is derived; adjust what it follows from
    """
    found = []
    if scenario.area and scenario.area not in areas.index:
        found.append(f'"{scenario.area}" is unknown; {nearest(scenario.area, [*areas.index, ANYWHERE])}')
    for name in dict.fromkeys(part.indicator for part in scenario.adjustments):
        if name not in indicators.index:
            found.append(f'"{name}" is unknown; {hint(name, indicators)}')
        elif indicators["role"][name] == "derived":
            found.append(f"{name} is derived; adjust what it follows from")
    return found


def levers(indicators: pd.DataFrame) -> list[str]:
    """Return the indicators from which others follow, in the order of `indicators.csv`.

    Examples
    --------
    >>> from sapa_analysis.scenarios.lever import known_indicators, levers
    >>> levers(known_indicators())[:3]
    ['tourist_arrivals', 'spend_per_visit', 'grdp']
    """
    formulas = {
        str(name): parse_formula(text) for name, text in indicators["formula"].items() if str(text).strip()
    }
    parts = set(primaries_of(formulas, formulas))
    return [str(name) for name in indicators.index if name in parts]


def _stands_in(tokens: list[str], name: list[str]) -> bool:
    """Return whether words stand side by side in a name."""
    return any(name[n : n + len(tokens)] == tokens for n in range(len(name) - len(tokens) + 1))
