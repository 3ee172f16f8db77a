"""Targets whose judgement is another one than at an edition, and what caused it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..core import Params, Target
from ..verdicts import REGISTER, read_register
from .assess import Results, assess_indicator, judge
from .edition_causes import before_of
from .judged import SETTLED
from .known import known_targets
from .project import Project

_COLUMNS = [
    "target", "indicator_id", "end", "old_status", "old_overdue", "old_n_years", "old_probability",
    "method_status", "method_n_years", "status", "overdue", "cause", "figures",
]  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A target now and as it was known at the edition, and its verdicts then (as issued, anew) and now."""

    goal: Target
    was: Target
    issued: Row | None
    anew: Row
    now: Row

    @property
    def before(self) -> Row:
        """What was said at the edition: as issued, or by today's package where nothing was."""
        return self.issued or self.anew

    @property
    def restated(self) -> bool:
        """Whether another number is aimed at."""
        said = [(goal.value, goal.value_high, goal.sense) for goal in (self.goal, self.was)]
        return said[0] != said[1]


def changed_pairs(project: Project, params: Params, results: Results, day: date) -> list[Pair]:
    """Return the targets with another status than on a day; only they are judged anew for that day."""
    then, old = params.with_values(as_of=day), project.as_of(day)
    known = {goal.id: goal for goal in known_targets(old, then)}
    register = read_register(project.root / REGISTER, area=params.area, until=day)
    issued = _by_target(register[register["as_of"] == day])
    now = _by_target(results.verdicts)
    found = [(goal, before_of(goal, known)) for goal in results.targets]
    pairs = [
        (goal, was)
        for goal, was in found
        if was and goal.id in now and issued.get(was.id, {}).get("status") != now[goal.id]["status"]
    ]
    anew = _judged_then(old, then, [was for _, was in pairs])
    made = [Pair(goal, was, issued.get(was.id), anew[was.id], now[goal.id]) for goal, was in pairs]
    return [pair for pair in made if pair.before["status"] != pair.now["status"]]


def judgements_of(
    pairs: Iterable[Pair], moves: pd.DataFrame, figures: pd.DataFrame, area: str
) -> pd.DataFrame:
    """Return the changed judgements with what caused them; see `Changes.judgements`."""
    rows = []
    for pair in pairs:
        near = _nearest(pair, figures, area)
        parts = _parts(pair, moves, new_figures=bool(near))
        rows.append(
            {
                "target": pair.goal.id,
                "indicator_id": pair.goal.indicator_id,
                "end": pair.goal.end,
                **{f"old_{name}": pair.before[name] for name in ("status", "overdue", "n_years")},
                "old_probability": _chance(pair.before),
                "method_status": pair.anew["status"] if pair.issued else "",
                "method_n_years": pair.anew["n_years"] if pair.issued else None,
                "status": pair.now["status"],
                "overdue": pair.now["overdue"],
                "cause": _cause(pair, parts),
                "figures": ";".join(map(str, near)),
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _judged_then(old: Project, then: Params, goals: Iterable[Target]) -> dict[str, Row]:
    """Return what today's package says of targets on the day of the edition."""
    goals = list({goal.id: goal for goal in goals}.values())
    names = dict.fromkeys(goal.indicator_id for goal in goals)
    outcomes = {name: assess_indicator(old, then, name) for name in names}
    return _by_target(judge(old, outcomes, goals, then)) if goals else {}


def _by_target(verdicts: pd.DataFrame) -> dict[str, Row]:
    return {
        row["id"]: {str(name): value for name, value in row.items()} for row in verdicts.to_dict("records")
    }


def _chance(verdict: Row) -> float | None:
    """Return the probability of a verdict, 1 or 0 where the result is known; None where there is none."""
    if verdict["status"] in SETTLED:
        return float(verdict["status"] == "met")
    return None if pd.isna(verdict["probability"]) else float(verdict["probability"])


def _nearest(pair: Pair, figures: pd.DataFrame, area: str) -> list[int]:
    """Return the figures that bear on a target: its own result, its own figures, the rest; new ones first."""
    bearing = [pair.goal.id in str(names).split(";") for names in figures["targets"]]
    mine = figures[np.asarray(bearing, dtype=bool)]
    here, same = mine["area"].eq(area), mine["indicator_id"].eq(pair.goal.indicator_id)
    told = mine["period"].eq(pair.now["latest_period"]) & mine["new_value"].eq(pair.now["latest"])
    dated = mine["new_published"].where(mine["new_published"] != "", mine["old_published"])
    areas = mine["area"].map({name: place for place, name in enumerate(mine["area"].unique())})
    ranks = {"told": ~(here & same & told), "here": ~here, "same": ~same, "area": areas}
    order = pd.DataFrame({**ranks, "part": mine["freq"] != "A", "dated": dated})
    order = order.sort_values("dated", ascending=False, kind="stable")
    return [int(place) for place in order.sort_values([*ranks, "part"], kind="stable").index]


def _parts(pair: Pair, moves: pd.DataFrame, *, new_figures: bool) -> dict[str, float]:
    """Return the parts of the change of the chance by cause; two at most where a day has no chance."""
    mine = moves[(moves["target"] == pair.goal.id) & (moves["statistic"] == "probability")]
    if len(mine):
        told = mine[(mine["kind"] == "part") & mine["value"].notna()]
        return {str(name): float(value) for name, value in zip(told["part"], told["value"], strict=True)}
    before, anew, now = (_chance(row) for row in (pair.before, pair.anew, pair.now))
    rest = "data" if new_figures else "target" if pair.restated else "horizon"
    if anew is None or now is None:
        return {rest: 1.0}
    parts = {rest: now - anew}
    return parts if before is None else parts | {"method": anew - before}


def _cause(pair: Pair, parts: dict[str, float]) -> str:
    """Return what caused a change of status: the method where it alone did, else the largest other part."""
    if pair.now["status"] in SETTLED and pair.anew["status"] not in SETTLED:
        return "result"
    if pair.issued and pair.anew["status"] == pair.now["status"]:
        return "method"
    parts = {name: part for name, part in parts.items() if name != "method"}
    return max(parts, key=lambda name: parts[name] * (1 if sum(parts.values()) >= 0 else -1))
