"""What is judged of targets under one set of parameters, kept as a few numbers and not as paths."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from ..core import Forecast, Keyed, Outcome, Params, Target, kept, years_of
from .asked import asked_of
from .assess import assess_indicator, judge
from .project import Project

#: Answers in memory: an area at some days under all variations. One has some rows.
_KEPT = 256
#: Choices that decide neither paths nor verdicts.
IDLE = {"scenarios", "links", "editions"}
#: Words of a target whose result is known.
SETTLED = ("met", "missed")
_TOLD = ["id", "document", "indicator_id", "end", "probability", "expected", "latest", "status", "reason"]


def judged(
    project: Project, params: Params, names: tuple[str, ...], goals: tuple[Target, ...]
) -> pd.DataFrame:
    """Return what is judged of targets, one row each, and the median of the last year of each indicator.

    Columns: target (its id; blank for a last year), document, indicator_id, year, probability (1 or 0 where
    the result is known), expected (median of what is judged, or the known result), word, reason, and rate
    (whether `expected` is a rate).
    """
    return _judged(asked_of(project, params, names, goals, without=IDLE)).copy()


@kept(size=_KEPT)
def _judged(asked: Keyed) -> pd.DataFrame:
    project, params, names, goals = asked.things
    # some rows are kept and not the paths behind them: those of all variations would fill the store
    project = replace(project, store=None)
    outcomes = {name: assess_indicator(project, params, name) for name in names}
    told = judge(project, outcomes, goals, params)[_TOLD]
    told = told.rename(columns={"id": "target", "end": "year", "status": "word"})
    known = told["word"].isin(SETTLED)
    told["probability"] = told["probability"].where(~known, (told["word"] == "met").astype(float))
    told["expected"] = told["expected"].where(~known, told["latest"])
    ends = pd.DataFrame([_last_year(name, outcome) for name, outcome in outcomes.items()])
    table = pd.concat([told.drop(columns="latest").astype(object), ends.astype(object)], ignore_index=True)
    numbers = {name: pd.to_numeric(table[name]) for name in ("year", "probability", "expected")}
    rates = {name: _is_rate(outcome) for name, outcome in outcomes.items()}
    return table.assign(rate=table["indicator_id"].map(rates), **numbers)


def _is_rate(outcome: Outcome) -> bool:
    return outcome.observed is not None and outcome.observed.scale in ("growth", "logit")


def _last_year(name: str, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {
        "target": "",
        "document": "",
        "indicator_id": name,
        "probability": None,
        "word": "",
    }
    if not isinstance(outcome, Forecast):
        return row | {"year": None, "expected": None, "reason": outcome.reason}
    last = float(outcome.paths.iloc[-1].median())
    return row | {"year": int(years_of(outcome.paths)[-1]), "expected": last, "reason": ""}
