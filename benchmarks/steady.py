"""What word steady figures of an office get: planted series for every goal, through the whole pipeline.

For each goal of the town's documents a series in equal steps is planted in place of the figures published of
that indicator: 3, 4, 5 or 8 years, up to the year before the goal is due or earlier, with or without a little
noise, printed with the digits of the indicator. Its own pace is 0.5 to 2 times the pace that the goal still
needs, which is slow, middling or fast. Two laws are counted: a pace of 1.3 times the pace needed gets no word
below "even", half of it none above. Own and needed pace are those that stand beside the word. Members of a
family (output, visits, revenue) are planted one at a time, all others of a design at once.

    python benchmarks/steady.py [--out FILE.csv] [--alone]
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from sapa_analysis.core import Params, Target, one_thread
from sapa_analysis.evidence import with_definitions
from sapa_analysis.pipeline import Project, assess_indicator, judge, known_targets, open_project
from sapa_analysis.series import find_family

#: The last year with a figure, and the day on which it is known.
DAYS = {2022: "2023-06-30", 2021: "2022-06-30"}
GOALS_OF = "2023-06-30"
FIGURES, RATIOS, LAWFUL = (3, 4, 5, 8), (0.5, 0.8, 1.0, 1.3, 1.6, 2.0), (0.5, 1.3, 2.0)
#: Standard deviation of the noise, as a share of the step.
NOISE = 0.1
#: The pace needed: points a year, those of a growth rate whose level is the goal, and percent a year.
PACES = {"points": (0.4, 1.2, 3.0), "growth": (0.05, 0.1, 0.2), "percent": (1.5, 5.0, 12.0)}
MIDDLING = 1
#: Goals of a year before are also set for this one: the further ahead, the more a slope fades.
LATER = 2025
#: Laws: the least ratio of own to needed pace that gets no word below `even`, the largest with none above.
FAST, SLOW = 1.3, 0.5
#: Ratios are of figures as printed, to a rounding error of the machine.
TINY = 1e-6
BELOW, ABOVE = ("unlikely", "very_unlikely"), ("likely", "very_likely")


@dataclass(frozen=True)
class Design:
    """How a series is planted: figures, their last year, pace needed (slow, middling, fast), ratio, noise."""

    figures: int
    last: int
    size: int
    ratio: float
    noise: float


def planted(goal: Target, concept: pd.Series, design: Design) -> dict[int, float] | None:
    """Return a steady series on the way to a goal, or None beyond the bounds of the indicator."""
    left, sign = goal.end - design.last, -1 if goal.sense in ("at_most", "less_than") else 1
    back, decimals = np.arange(design.figures - 1, -1, -1.0), int(concept["decimals"])
    if goal.measure in ("growth", "term_mean_growth"):
        if design.size != MIDDLING:
            return None  # one pace is needed: that of the goal
        values = np.full(design.figures, growth_planted(goal, design))
    elif goal.unit.startswith("percent"):
        needed = PACES["growth" if concept["scale"] == "growth" else "points"][design.size]
        wanted = needed * design.ratio * 10**decimals
        own = float(np.ceil(wanted - TINY) if design.ratio > 1 else np.floor(wanted + TINY)) / 10**decimals
        values = goal.value - sign * (needed * left + own * back)
    else:
        needed = sign * PACES["percent"][design.size] / 100
        values = goal.value / (1 + needed) ** left / (1 + needed * design.ratio) ** back
    step = np.abs(np.diff(values)).mean() or abs(values[-1]) * 0.1
    rng = np.random.default_rng(zlib.crc32(f"{goal.id} {design}".encode()))
    values = values + design.noise * step * rng.standard_normal(design.figures)
    values = np.round(values, decimals)
    if values.min() < max(concept["lower"], 0 if sign > 0 else 1e-9) or values.max() > concept["upper"]:
        return None
    return dict(zip(range(design.last - design.figures + 1, design.last + 1), values.tolist(), strict=True))


def growth_planted(goal: Target, design: Design) -> float:
    """Return the equal growth rates whose mean is `ratio` times the growth that the goal still needs."""
    if goal.measure == "growth":
        return goal.value * design.ratio
    first = int(goal.start or goal.end)
    years, done = goal.end - first + 1, min(max(design.last - first + 1, 0), design.figures)
    low, high = 0.0, 10.0 * goal.value
    for _ in range(60):
        rate = (low + high) / 2
        still = (1 + goal.value / 100) ** years / (1 + rate / 100) ** done
        needed = 100 * (still ** (1 / (years - done)) - 1)
        low, high = (rate, high) if rate < design.ratio * needed else (low, rate)
    return rate


def rows_of(figures: Mapping[str, Mapping[int, float]], indicators: pd.DataFrame, area: str) -> pd.DataFrame:
    """Return figures as rows of the evidence, each published early in June of the year after."""
    rows = []
    for name, values in figures.items():
        for year, value in values.items():
            digits = max(1, len(f"{value:.12g}".replace(".", "").strip("0")))
            rows.append({
                "id": f"office.{name}.{year}", "indicator_id": name, "area": area, "period": str(year),
                "freq": "A", "value": value, "unit": indicators.loc[name, "unit"], "kind": "actual",
                "bound": "exact", "digits": digits, "through": "", "published": f"{year + 1}-06-15",
                "grade": "A", "cite_ok": "yes", "source_title": "Số liệu của cơ quan",
                "source_url": "office:Số liệu của cơ quan", "statement": "", "note": "",
                "where": f"office:{len(rows) + 1}",
            })  # fmt: skip
    return pd.DataFrame(rows)


def with_figures(project: Project, figures: Mapping[str, Mapping[int, float]], area: str) -> Project:
    """Return a project in which planted figures stand in place of the published ones."""
    held = project.evidence
    kept = held[(held["area"] != area) | ~held["indicator_id"].isin([*figures])]
    both = pd.concat([kept.drop(columns="definition"), rows_of(figures, project.indicators, area)])
    both = both[[name for name in held.columns if name != "definition"]]
    both = both.astype({name: held.dtypes[name] for name in both.columns}).reset_index(drop=True)
    known = with_definitions(both, project.definitions, project.indicators, project.areas)
    return replace(project, evidence=known, store=None)


def cases_of(
    project: Project, params: Params, goals: Sequence[Target], design: Design
) -> Iterator[dict[str, object]]:
    """Yield the verdict on each goal whose series can be planted so."""
    params = params.with_values(as_of=DAYS[design.last])
    whole = design.size == MIDDLING and not design.noise and design.last == max(DAYS)
    joint = whole and design.ratio in LAWFUL  # a family takes a second
    chosen = {goal.id: planted(goal, project.indicators.loc[goal.indicator_id], design) for goal in goals}
    mine = [goal for goal in goals if chosen[goal.id] is not None and (whole or "later" not in goal.id)]
    core = family_names(project, params)
    groups: list[list[Target]] = [[goal] for goal in mine if joint and goal.indicator_id in core]
    for goal in (goal for goal in mine if goal.indicator_id not in core):
        fits = (group for group in groups if group[0].indicator_id not in core)
        place = next((g for g in fits if all(o.indicator_id != goal.indicator_id for o in g)), None)
        groups.append([goal]) if place is None else place.append(goal)
    for group in groups:
        figures = {goal.indicator_id: chosen[goal.id] or {} for goal in group}
        known = with_figures(project, figures, params.area).as_of(params.as_of)
        for goal in group:
            outcome = assess_indicator(known, params, goal.indicator_id)
            said = judge(known, {goal.indicator_id: outcome}, [goal], params).iloc[0]
            yield told(
                goal, project.indicators.loc[goal.indicator_id], design, said, goal.indicator_id in core
            )


def later(goal: Target) -> Target:
    """Return the same goal as an office might set it for the end of the term."""
    return goal.model_copy(update={"id": f"{goal.id}.later", "end": LATER})


def family_names(project: Project, params: Params) -> set[str]:
    """Return the indicators that are estimated and forecast jointly."""
    return {name for subject in params.core for name in find_family(subject, project.indicators).members}


def told(goal: Target, concept: pd.Series, design: Design, said: pd.Series, joint: bool) -> dict[str, object]:
    """Return one row of the table."""
    ratio = np.nan if said["pace"] in (None, 0) else float(said["own_pace"] / said["pace"])
    scale = f"{concept['scale']}, family" if joint else str(concept["scale"])
    broke = str(concept["broke"]) != ""
    fast, slow = bool(ratio >= FAST - TINY), bool(ratio <= SLOW + TINY)
    return {
        "indicator": goal.indicator_id, "measure": goal.measure, "end": goal.end, "goal": goal.value,
        "scale": scale, "broke": broke, "ahead": goal.end - design.last, **design.__dict__,
        "latest": said["latest"], "own": said["own_pace"], "needed": said["pace"], "own_to_needed": ratio,
        "expected": said["expected"], "lower": said["lower_80"], "upper": said["upper_80"],
        "probability": said["probability"], "status": said["status"], "reason": said["reason"],
        "fast": fast, "slow": slow,
        "too_low": fast and said["status"] in BELOW, "too_high": slow and said["status"] in ABOVE,
    }  # fmt: skip


@one_thread
def measure(designs: Sequence[Design], n_paths: int, alone: bool = False) -> pd.DataFrame:
    """Return every case of every design."""
    project, params = open_project(as_of=GOALS_OF)
    goals = [goal for goal in known_targets(project, params) if goal.measure != "yes_no"]
    params, core = params.with_values(n_paths=n_paths), family_names(project, params)
    if alone:
        goals = [goal for goal in goals if goal.indicator_id not in core]
    goals += [later(goal) for goal in goals if goal.end < LATER and goal.indicator_id not in core]
    project, _ = open_project()
    rows = []
    for at, design in enumerate(designs):
        rows += list(cases_of(project, params, goals, design))
        print(f"{at + 1} of {len(designs)} designs, {len(rows)} cases", flush=True)
    return pd.DataFrame(rows)


def summary(cases: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return how many judged cases each law has, how many break it, and by how much at most."""
    judged = cases[cases["reason"].fillna("") == ""]
    found = {}
    for law, broken, worst in (("fast", "too_low", "min"), ("slow", "too_high", "max")):
        held = judged[judged[law]].groupby([*by])
        found[f"{law}: cases"] = held.size()
        found[f"{law}: broken"] = held[broken].sum()
        found[f"{law}: {'least' if worst == 'min' else 'largest'}"] = held["probability"].agg(worst).round(2)
    return pd.DataFrame(found)


def all_designs() -> Iterator[Design]:
    """Yield the designs: a middling pace with every ratio, others and noise where a law holds."""
    for figures in FIGURES:
        yield from (Design(figures, 2022, MIDDLING, ratio, 0.0) for ratio in RATIOS)
        yield from (Design(figures, 2021, MIDDLING, ratio, 0.0) for ratio in LAWFUL)
        yield from (Design(figures, 2022, MIDDLING, ratio, NOISE) for ratio in LAWFUL[:2])
        yield from (Design(figures, 2022, size, ratio, 0.0) for size in (0, 2) for ratio in LAWFUL[:2])


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, help="file for all cases")
    parser.add_argument("--paths", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--alone", action="store_true", help="without families (six times as quick)")
    asked = parser.parse_args()
    designs = [*all_designs()]
    shares = [designs[at :: asked.jobs] for at in range(asked.jobs)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        parts = pool.map(partial(measure, n_paths=asked.paths, alone=asked.alone), shares)
        cases = pd.concat(parts, ignore_index=True)
    if asked.out:
        cases.to_csv(asked.out, index=False)
    for by in (
        ["scale", "broke"],
        ["scale", "figures"],
        ["scale", "ahead"],
        ["scale", "size"],
        ["scale", "noise"],
    ):
        print(summary(cases, by).to_string(), "\n")
    print(cases.groupby("reason").size().to_string())


if __name__ == "__main__":
    main()
