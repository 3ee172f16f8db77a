"""Difference of two states of a project: which figures changed, and what each moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from ..core import Forecast, Outcome, Params, years_of
from ..series import find_family
from .assess import assess_indicator, assess_targets, judge
from .changed_figures import ABOUT, changed_figures
from .known import known_targets, lineage
from .project import Project
from .state import State

#: Numbers are compared as they are printed: with the decimals of the indicator, and at most these digits.
_DIGITS = 4
_NUMBERS = ["estimate", "lower_80", "upper_80"]
_LATEST = ["latest", "latest_period", "latest_bound", "latest_kind"]
#: Columns of a target that are told of each side.
_OF_TARGET = ["probability", "status", "expected", *_LATEST]
_EFFECT = ["figure", "id", "indicator_id", "end", "unit", "without", "median", "by", "points"]
#: Tables beside the evidence whose rows are counted where they differ.
_OTHERS = ("indicators", "areas", "covariates", "documents", "events")


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What differs between two states of a project.

    Attributes
    ----------
    old, new : State
        The two states.
    figures : pandas.DataFrame
        The changed figures of the area, of those that hold it and of those bridged to it: change (added,
        corrected, withdrawn), what it is about, what each side says, and the source.
    series : pandas.DataFrame
        Years of series and forecasts that moved: indicator_id, unit, year, then basis (of the series, or
        `forecast`), estimate (a forecast's median), lower_80 and upper_80 of each side (`old_...`,
        `new_...`; blank where it has none), and figures (rows of `figures` of the same family, a ;-list).
    targets : pandas.DataFrame
        Targets whose chance (in whole percent), word or latest figure moved: id, document, indicator_id, end,
        value, unit, and of each side probability, status, expected and the latest figure as printed.
    effects : pandas.DataFrame
        What each changed figure moved in `new`, had it stayed as in `old`: figure (row of `figures`), id of
        the target, indicator_id, end, unit, the median without and with the change, by (their difference) and
        points (that of the probability, in percent).
    left_out : int
        Changed figures whose effect was not computed, for there were more than `most`.
    others : dict of str to int
        Rows of other tables, targets and parameters that differ, by name; none where it is the same.
    """

    old: State
    new: State
    figures: pd.DataFrame
    series: pd.DataFrame
    targets: pd.DataFrame
    effects: pd.DataFrame
    left_out: int
    others: dict[str, int]


def compare_states(old: State, new: State, *, most: int = 30) -> Difference:
    """Return the changed figures between two states of an area, and what they moved.

    Each state is assessed once. For the effect of a figure the new state is assessed again without that
    change, its family only: about two seconds for a figure of tourism, one for another.

    Parameters
    ----------
    old, new : State
        As `open_states` returns them.
    most : int
        Changed figures of families with a target up to which the effect of each is computed; with more of
        them none is.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from sapa_analysis.pipeline import compare_states, open_states
    >>> states = []
    >>> for state in open_states("2023-01-15", "2023-06-30"):
    ...     params = state.params.with_values(n_paths=100, subjects={"output": ["handicraft_output"]})
    ...     mine = state.project.evidence.query("indicator_id == 'handicraft_output'")
    ...     goals = [goal for goal in state.project.targets if goal.indicator_id == "handicraft_output"]
    ...     states.append(replace(state, project=replace(state.project, evidence=mine, targets=goals),
    ...                           params=params))  # one indicator, to be quick
    >>> found = compare_states(*states)
    >>> found.figures[["change", "period", "new_value", "new_published"]]
      change           period  new_value new_published
    0  added  2022-01/2022-10      178.6    2023-01-30
    >>> found.targets[["end", "value", "old_status", "new_status"]]
        end  value    old_status     new_status
    0  2023  260.0  not_assessed  very_unlikely
    >>> found.effects[["figure", "end", "without", "median"]].round(0)
       figure   end  without  median
    0       0  2023      NaN   222.0
    """
    areas = _areas(new)
    figures = changed_figures(old.project.evidence, new.project.evidence, areas)
    before, after = (_assessed(state, figures) for state in (old, new))
    series = _moved_series(_years(before[0]), _years(after[0]), new.project, figures)
    judged = _moved_targets(before[1], after[1])
    telling = _telling(new, figures)
    computed = telling if len(telling) <= most else []
    effects = [_effects(new, old, figures.iloc[number]) for number in computed]
    told = pd.concat(effects, ignore_index=True)[_EFFECT] if effects else pd.DataFrame(columns=_EFFECT)
    return Difference(
        old, new, figures, series, judged, told, len(telling) - len(computed), _other_differences(old, new)
    )


def _areas(state: State) -> list[str]:
    """Return the areas whose figures inform the area: those that hold it, it, and those bridged to it."""
    held = lineage(state.project, state.params.area)
    bridged = [bridge.of for bridge in state.params.bridges if bridge.to in held]
    return list(dict.fromkeys([*held, *bridged]))


def _assessed(state: State, figures: pd.DataFrame) -> tuple[dict[str, Outcome], pd.DataFrame]:
    """Return the outcomes of the core, of all targets and of all changed figures, and the verdicts."""
    results = assess_targets(state.project, state.params)
    known = state.project.indicators.index
    more = [
        name for name in figures["indicator_id"].unique() if name in known and name not in results.outcomes
    ]
    others = {name: assess_indicator(state.project, state.params, name) for name in more}
    return results.outcomes | others, results.verdicts


def _years(outcomes: dict[str, Outcome]) -> pd.DataFrame:
    """Return every year of every series and forecast in one table."""
    tables = []
    for name, outcome in outcomes.items():
        observed = outcome.observed
        if observed is None:
            continue
        past = observed.table[[*_NUMBERS, "basis"]]
        parts = [past]
        if isinstance(outcome, Forecast):
            parts.append(
                outcome.summary((80,)).rename(columns={"median": "estimate"}).assign(basis="forecast")
            )
        table = pd.concat(parts)
        tables.append(table.assign(indicator_id=name, unit=observed.unit, year=years_of(table)))
    columns = ["indicator_id", "unit", "year", "basis", *_NUMBERS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _moved_series(
    old: pd.DataFrame, new: pd.DataFrame, project: Project, figures: pd.DataFrame
) -> pd.DataFrame:
    key = ["indicator_id", "unit", "year"]
    sides = [side.set_index(key).add_prefix(f"{name}_") for name, side in (("old", old), ("new", new))]
    both = sides[0].join(sides[1], how="outer").reset_index()
    decimals = both["indicator_id"].map(project.indicators["decimals"]).fillna(0)
    moved = pd.Series(False, both.index)
    for name in _NUMBERS:
        one, other = (_as_printed(both[f"{side}_{name}"], decimals) for side in ("old", "new"))
        moved |= (one != other) & ~(one.isna() & other.isna())
    found = both[moved].reset_index(drop=True)
    members = {name: _members(name, project) for name in found["indicator_id"].unique()}
    behind = [figures.index[figures["indicator_id"].isin(members[name])] for name in found["indicator_id"]]
    found["figures"] = [";".join(map(str, numbers)) for numbers in behind]
    order = found["indicator_id"].map(
        {name: place for place, name in enumerate(new["indicator_id"].unique())}
    )
    return (
        found.assign(order=order)
        .sort_values(["order", "year"], kind="stable", ignore_index=True)
        .drop(columns="order")
    )


def _as_printed(values: pd.Series, decimals: pd.Series) -> pd.Series:
    """Return numbers rounded as they are printed."""
    pairs = zip(values.astype(float), decimals.astype(int), strict=True)
    return pd.Series([round(float(f"{value:.{_DIGITS}g}"), places) for value, places in pairs], values.index)


def _members(indicator: str, project: Project) -> tuple[str, ...]:
    known = indicator in project.indicators.index
    return find_family(indicator, project.indicators).members if known else (indicator,)


def _moved_targets(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    about = ["id", "document", "indicator_id", "end", "value", "unit"]
    sides = [
        side[[*about, *_OF_TARGET]].set_index(about).add_prefix(f"{name}_")
        for name, side in (("old", old), ("new", new))
    ]
    both = sides[0].join(sides[1], how="outer", sort=False).reset_index()
    told = ["status", "probability", *_LATEST]
    printed = [both[[f"{side}_{name}" for name in told]].set_axis(told, axis=1) for side in ("old", "new")]
    one, other = (side.assign(probability=side["probability"].astype(float).round(2)) for side in printed)
    same = (one == other) | (one.isna() & other.isna())
    found = both[~same.all(axis=1)]
    order = [*dict.fromkeys([*new["id"], *old["id"]])]
    return found.sort_values("id", key=lambda ids: ids.map(order.index), kind="stable", ignore_index=True)


def _telling(new: State, figures: pd.DataFrame) -> list[int]:
    """Return the changed figures of families that have a target of the area."""
    goals = {target.indicator_id for target in known_targets(new.project, new.params)}
    families = {name: _members(name, new.project) for name in figures["indicator_id"].unique()}
    return [
        int(number)
        for number, name in zip(figures.index, figures["indicator_id"], strict=True)
        if goals & set(families[name])
    ]


def _effects(new: State, old: State, figure: pd.Series) -> pd.DataFrame:
    """Return by how much a changed figure moved the targets of its family."""
    members = _members(figure["indicator_id"], new.project)
    params = new.params.with_values(subjects=_narrowed(new.params, members))
    goals = [goal for goal in known_targets(new.project, params) if goal.indicator_id in members]
    projects = (new.project, _without(new.project, old.project, figure))
    names = dict.fromkeys(goal.indicator_id for goal in goals)
    verdicts = [
        judge(
            project, {name: assess_indicator(project, params, name) for name in names}, goals, params
        ).set_index("id")
        for project in projects
    ]
    table = pd.DataFrame({"figure": figure.name, "without": verdicts[1]["expected"]}, index=verdicts[0].index)
    table = table.join(verdicts[0][["indicator_id", "end", "unit"]]).assign(median=verdicts[0]["expected"])
    table["by"] = table["median"] - table["without"]
    table["points"] = 100 * (verdicts[0]["probability"] - verdicts[1]["probability"])
    return table[table[["without", "median"]].notna().any(axis=1)].reset_index()


def _narrowed(params: Params, members: Iterable[str]) -> dict[str, list[str]]:
    """Return subjects of the members only, or what stands for none."""
    kept = [name for name in params.core if name in set(members)]
    return {"changed": kept or params.core[:1]}


def _without(new: Project, old: Project, figure: pd.Series) -> Project:
    """Return the new state with one figure as it was in the old one."""
    rest = new.evidence[~_says(new.evidence, figure, figure["new_value"])]
    was = old.evidence[_says(old.evidence, figure, figure["old_value"])]
    return replace(new, evidence=pd.concat([rest, was], ignore_index=True), store=None)


def _says(evidence: pd.DataFrame, figure: pd.Series, value: float) -> pd.Series:
    same = evidence["value"] == value
    for name in ABOUT:
        same &= evidence[name] == figure[name]
    return same


def _other_differences(old: State, new: State) -> dict[str, int]:
    found = {name: _rows_apart(getattr(old.project, name), getattr(new.project, name)) for name in _OTHERS}
    goals = [{repr(target) for target in state.project.targets} for state in (old, new)]
    found["targets"] = len(goals[0] ^ goals[1])
    values = [state.params.model_dump(exclude={"as_of"}) for state in (old, new)]
    found["parameters"] = sum(values[0][name] != values[1][name] for name in values[0])
    return {name: n for name, n in found.items() if n}


def _rows_apart(old: pd.DataFrame, new: pd.DataFrame) -> int:
    """Return how many rows, whatever their line, stand in one table only."""
    rows = [
        set(side.drop(columns="where", errors="ignore").astype("str").itertuples(name=None))
        for side in (old, new)
    ]
    return len(rows[0] ^ rows[1])
