"""Sensitivity: what the chance of a target leans on, one choice of the parameters at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ..core import Params, ParamsError, Premium, Problem, Target, nearest
from .assess import assess_indicator
from .judged import IDLE, SETTLED, judged
from .known import known_targets
from .project import Project, check_names

#: Choices that are not varied: they decide what is asked, or nothing at all.
_ASKED = ("area", "as_of", "documents", "subjects", *IDLE)
#: The row of the choices as they are.
AS_CHOSEN = "baseline"
_COLUMNS = ["choice", "value", "target", "document", "indicator_id", "year", "probability", "difference",
            "word", "word_before", "expected", "moved", "reason"]  # fmt: skip


def sensitivity(
    project: Project,
    params: Params,
    indicator: str,
    *,
    choices: Mapping[str, Sequence[Any]] | None = None,
) -> pd.DataFrame:
    """Return how the chances of an indicator's targets move when one choice is another.

    The answers of an area and day are kept for all its indicators together, in the store of the project.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Area, vintage, method and the rest: the choices as they are.
    indicator : str
        An id of `indicators.csv`.
    choices : mapping of str to sequence, optional
        Other values of parameters, by name. By default: without the last shock year, and without any; the
        slower and the faster return that the reason of `gap_closing` names; no new shock, and one twice as
        likely; two other methods; premiums twice as wide, and none; no bridges, where one lets in a known
        figure; another seed.

    Returns
    -------
    pandas.DataFrame
        One row per choice and target; the first row of each target is the choices as they are (`baseline`).
        Columns: choice (a parameter), value (`none`, `twice`, or the value itself), target (its id),
        document, indicator_id, year, probability, difference (points), word and word_before, expected (median
        of what is judged), moved (its change in percent; of a rate in points), and reason (why there is no
        probability). A target whose result is known is left out; without any other, the row is of the last
        year ahead, its target blank.

    Raises
    ------
    ParamsError
        When a name or a value is not one.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, sensitivity
    >>> project, params = open_project(as_of="2023-06-30")
    >>> leans = sensitivity(project, params.with_values(n_paths=100), "tourist_arrivals",
    ...                     choices={"shock_years": [[2020, 2021]], "gap_closing": [0.9]})
    >>> leans[leans["year"] == 2023][["choice", "value", "probability", "difference", "word"]].round(2)
            choice       value  probability  difference      word
    0     baseline                     0.27         0.0  unlikely
    1  shock_years  2020, 2021         0.65        38.0      even
    2  gap_closing         0.9         0.32         5.0  unlikely
    """
    check_names(project, params, [indicator])
    varied = _varied(project, params, choices)
    goals = _goals(project, params, indicator)
    assess_indicator(project, params, indicator)  # the paths of the choices as they are: these are kept
    base = _answer(project, params, goals, indicator)
    targets = _open(base)
    base = base.loc[targets]
    frames = [_row(base, base, AS_CHOSEN, "")]
    for name, value, other in varied:
        frames.append(_row(_answer(project, other, goals, indicator).loc[targets], base, name, value))
    place = {target: number for number, target in enumerate(targets)}
    table = pd.concat(frames, ignore_index=True)
    table = table.assign(place=table["target"].map(place), year=table["year"].astype("Int64"))
    return table.sort_values("place", kind="stable", ignore_index=True)[_COLUMNS]


def _varied(
    project: Project, params: Params, choices: Mapping[str, Sequence[Any]] | None
) -> list[tuple[str, str, Params]]:
    """Return each other choice: the parameter, its value in words, and the parameters with it."""
    if choices is None:
        found = list(_default(project, params))
    else:
        unknown = [name for name in choices if name not in type(params).model_fields]
        problems = [(name, f"unknown; {nearest(name, type(params).model_fields)}") for name in unknown]
        problems += [(name, "decides what is asked, not the answer") for name in choices if name in _ASKED]
        problems += [
            (name, f"wanted a list of other values; found {values!r}")
            for name, values in choices.items()
            if isinstance(values, str) or not isinstance(values, Sequence)
        ]
        if problems:
            raise ParamsError([Problem("parameters", 0, name, message) for name, message in problems])
        found = [(name, _words(value), value) for name, values in choices.items() for value in values]
    made = [(name, words, params.with_values(**{name: value})) for name, words, value in found]
    return [(name, words, other) for name, words, other in made if other != params]


def _default(project: Project, params: Params) -> Iterator[tuple[str, str, Any]]:
    """Yield the choices that are varied by default."""
    if len(params.shock_years) > 1:
        fewer = params.shock_years[:-1]
        yield "shock_years", _words(fewer), fewer
    yield "shock_years", "none", []
    for closing in (0.5, 0.7):  # 50 to 70 percent a year over 123 countries: params/baseline.yml
        yield "gap_closing", _words(closing), closing
    yield "shock_chance", "none", 0.0
    yield "shock_chance", "twice", min(2 * params.shock_chance, 1.0)
    for method in ("headline", "theta", "naive"):
        yield "method", method, method
    yield "premiums", "twice", {name: _twice(each) for name, each in params.premiums.items()}
    yield "premiums", "none", {}
    if _bridged(project, params):
        yield "bridges", "none", []
    yield "seed", _words(params.seed + 1), params.seed + 1


def _bridged(project: Project, params: Params) -> bool:
    """Return whether a figure that a bridge lets in is known."""
    known = project.as_of(params.as_of).evidence
    return any(
        ((known["area"] == bridge.of) & (known["indicator_id"] == bridge.indicator)).any()
        for bridge in params.bridges
    )


def _twice(premium: Premium) -> dict[str, float]:
    """Return a premium with twice the width of its steps and of its mean."""
    return premium.model_dump() | {"step": 2 * premium.step, "mean_sd": 2 * premium.mean_sd}


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in ({}, None) else str(value)


def _goals(project: Project, params: Params, indicator: str) -> tuple[Target, ...]:
    """Return the targets that are answered together: those of the core, or of an indicator outside it."""
    together = set(params.core) if indicator in params.core else {indicator}
    return tuple(goal for goal in known_targets(project, params) if goal.indicator_id in together)


def _answer(project: Project, params: Params, goals: tuple[Target, ...], indicator: str) -> pd.DataFrame:
    """Return what is judged of an indicator."""
    names = tuple(params.core) if indicator in params.core else (indicator,)
    table = judged(project, params, names, goals)
    return table[table["indicator_id"] == indicator].set_index("target", drop=False)


def _open(base: pd.DataFrame) -> list[str]:
    """Return the targets whose result is not known; what stands for the last year, if there is none."""
    left = base[~base["word"].isin(SETTLED)]
    return [target for target in left["target"] if target] or list(left["target"])


def _row(after: pd.DataFrame, before: pd.DataFrame, choice: str, value: str) -> pd.DataFrame:
    """Return the answers to one choice beside those to the choices as they are."""
    step = after["expected"] - before["expected"]
    moved = step.where(before["rate"].astype(bool), 100 * step / before["expected"].abs())
    table = after.assign(choice=choice, value=value, word_before=before["word"], moved=moved)
    return table.assign(difference=100 * (after["probability"] - before["probability"]))
