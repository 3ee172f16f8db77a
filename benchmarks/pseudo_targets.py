"""Invented targets over the yearly sets: cases, what we and the published rules say, what opponents quote.

At every origin a target is five years old in two: its base is the value three years back, its goal that value
grown by 2, 4, ... 12 % a year for five years, due two years ahead. Training and test parts of a set are one
history here. A case is one target: series, origin, pace. Every series has up to twelve consecutive origins,
the last ones with eight years known and an outcome. Our probability is the share of paths that reach the
goal. Nothing is scored on what it was learned from: errors are those of the other three sets; base rates and
hit rates of M1 are those of M3 and the other way round, parks and countries take those of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from competitions import BUSINESS, SMOOTH, Trial, errors_from, learn_elsewhere
from learn_growth_benchmarks import paces_of

from sapa_analysis import forecast
from sapa_analysis.verdicts.progress_rules import FORECASTING, RULES, Course, Reading

PACES = (2, 4, 6, 8, 10, 12)
BACK, AHEAD = 3, 2
#: Origins of a series, and the years known at each; every third one is also asked of histories cut short.
ORIGINS, LEAST, THINNED = 12, 8, 3
#: Histories are cut to so many years; 0 is the whole history.
WHOLE, THIN = 0, (3, 4, 5)
#: Where base rates, hit rates and paces come from.
ELSEWHERE = dict.fromkeys(SMOOTH, BUSINESS) | {"m1_yearly": ("m3_yearly",), "m3_yearly": ("m1_yearly",)}
#: By how much the base year is moved.
SHIFTS = (-1, 0, 1)
#: Stability: the least share of rules and base years that say the same yes or no.
GRADES = {"agree_90": 0.9, "agree_80": 0.8, "agree_less": 0.0}

Sets = Mapping[str, Mapping[str, Trial]]


def whole_of(trial: Trial) -> pd.Series:
    """Return history and outcome as one series by year."""
    first = int(trial.history.index[0])
    values = np.append(trial.history.to_numpy(), trial.outcome)
    return pd.Series(values, index=range(first, first + len(values)))


def cases_of(name: str, series: str, values: pd.Series) -> Iterator[dict[str, object]]:
    """Yield the cases of one series; where the history is cut short, rules still see all of it."""
    last = int(values.index[-1]) - AHEAD
    first = max(int(values.index[0]) + LEAST - 1, last - ORIGINS + 1)
    for origin in range(last, first - 1, -1):
        known, came = values.loc[:origin], values[origin + AHEAD]
        goals = {pace: known[origin - BACK] * (1 + pace / 100) ** (BACK + AHEAD) for pace in PACES}
        read = {pace: rules_on(known, goal) for pace, goal in goals.items()}
        for years in (WHOLE, *THIN) if (last - origin) % THINNED == 0 else (WHOLE,):
            given = known.iloc[-years:].rename(f"{name}/{series}")
            ahead = forecast(given, horizon=AHEAD, seed=origin).paths.iloc[-1].to_numpy()
            for pace, goal in goals.items():
                case = {"set": name, "series": series, "origin": origin, "pace": pace, "years": years}
                case |= {"said": np.mean(ahead >= goal), "attained": float(came >= goal)}
                case |= {"needed": 100 * ((goal / known[origin]) ** (1 / AHEAD) - 1)}
                yield case | read[pace]


def rules_on(known: pd.Series, goal: float) -> dict[str, object]:
    """Return what each rule says, with the base year and those beside it."""
    origin = int(known.index[-1])
    found = {
        (rule, shift): RULES[rule](Course(known, origin - BACK + shift, origin + AHEAD, goal))
        for rule in FORECASTING
        for shift in SHIFTS
    }
    votes = [reading.on_track for reading in found.values() if reading.on_track is not None]
    agreeing = max(np.mean(votes), 1 - np.mean(votes)) if votes else np.nan
    return {f"{rule} {shift:+d}": told(reading) for (rule, shift), reading in found.items()} | {
        **{rule: vote(found[rule, 0]) for rule in FORECASTING},
        "agreeing": agreeing,
    }


def vote(reading: Reading) -> float:
    """Return a yes as 1, a no as 0, and where a rule does not apply NaN."""
    return np.nan if reading.on_track is None else float(reading.on_track)


def told(reading: Reading) -> str | float:
    """Return the label of a reading, NaN where the rule does not apply."""
    return np.nan if reading.on_track is None else reading.label


def all_cases(sets: Sets) -> pd.DataFrame:
    """Return the cases of all sets, each forecast with errors learned elsewhere."""
    frames = []
    for name, trials in sets.items():
        table = learn_elsewhere(sets, name)
        with errors_from(table):
            rows = [
                case for series, trial in trials.items() for case in cases_of(name, series, whole_of(trial))
            ]
        frames.append(pd.DataFrame(rows))
    return pd.concat(frames, ignore_index=True)


def graded(cases: pd.DataFrame) -> pd.Series:
    """Return the grade of stability of each case, empty where no rule applies."""
    grades = pd.Series("", cases.index)
    for name, floor in GRADES.items():
        grades[(grades == "") & (cases["agreeing"] >= floor)] = name
    return grades


# the opponents --------------------------------------------------------------------------------------------


def opponents(cases: pd.DataFrame, sets: Sets) -> pd.DataFrame:
    """Return the probability each opponent quotes in each case of one length of history; NaN for none.

    Base rates of the own set know its outcomes, which favours them; what is called elsewhere does not.
    """
    quotes = pd.DataFrame(index=cases.index)
    quotes["base_rate"] = cases.groupby("set")["attained"].transform("mean")
    quotes["base_rate_of_pace"] = cases.groupby(["set", "pace"])["attained"].transform("mean")
    quotes["base_rate_elsewhere"] = learned(cases, ["years"])
    quotes["pace_class_elsewhere"] = pd.concat(
        [kept_elsewhere(part["needed"], str(name), sets) for name, part in cases.groupby("set")]
    )
    for rule in FORECASTING:
        quotes[rule] = cases[rule]
        quotes[f"{rule}_hit_rate_elsewhere"] = learned(cases, [f"{rule} +0"])
    return quotes


def learned(cases: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return for each case the share attained elsewhere among cases that are alike in these columns."""
    found = []
    for name, part in cases.groupby("set"):
        other = cases[cases["set"].isin(ELSEWHERE[str(name)])]
        rates = other.groupby(list(columns))["attained"].mean().rename("rate").reset_index()
        found.append(part[list(columns)].merge(rates, how="left")["rate"].set_axis(part.index))
    return pd.concat(found)


def kept_elsewhere(needed: pd.Series, name: str, sets: Sets) -> pd.Series:
    """Return the share of windows elsewhere that were as fast as what is still needed, or faster."""
    parts = [paces_of(sets[other], AHEAD) for other in ELSEWHERE[name]]
    paces, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(paces)
    slower = np.append(0, np.cumsum(weights[order]))[np.searchsorted(paces[order], needed)]
    return pd.Series(1 - slower / weights.sum(), index=needed.index)
