"""Sentences on what it takes: the rise that a goal asks for, and how far it lies from the forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from ..language import number
from ..paces import pace_base, pace_needed
from ..tagged_numbers import tag
from ..target_row import TargetRow
from .needed_table import Plan
from .said import aim_of, alone, bare_goal, name_inside, name_of, once, vary, verdict_of, words_of

#: A goal is at the middle of its forecast, or below it, from this chance on.
_EVEN = 0.5
#: Most paces from plan to goal that the sentence names.
_MOST = 3
#: Decimals of a distance, at most.
_MOST_PLACES = 4
#: From here on a goal is told as so many times the forecast.
_TIMES = 1.95


def conditions(
    rows: Sequence[TargetRow], verdicts: pd.DataFrame, lang: str, *, paces_told: bool = False
) -> list[str]:
    """Return for each goal ahead what it takes; those at or beyond their goal together in the last sentence.

    The distance is that of the goal from the middle of the forecast: as much more than forecast gives an even
    chance. Where a table tells the paces, only the distance is told.
    """
    words, told = words_of("needed", lang), list[str]()
    there, seen = list[TargetRow](), dict[str, int]()
    for row in once(rows, verdicts):
        verdict = verdict_of(row, verdicts)
        if pd.isna(verdict["expected"]) or pd.isna(verdict["probability"]):
            continue
        if _is_there(verdict):
            there.append(row)
            continue
        form = _form(verdict, paces_told=paces_told)
        place = seen[form] = seen.get(form, -1) + 1
        told.append(_sentence(vary(words[form], place), row, verdict, lang))
    if there:
        names = "; ".join(dict.fromkeys(name_inside(row) for row in there))
        told.append(words["there"].format(names=names))
    return told


def _aim(verdict: pd.Series) -> float:
    """Return the nearest value that attains the goal."""
    if verdict["sense"] == "between" and verdict["expected"] > verdict["value_high"]:
        return float(verdict["value_high"])
    return float(verdict["value"])


def _is_there(verdict: pd.Series) -> bool:
    """Return whether the middle of the forecast attains the goal, both as they are printed.

    Half of the possible results or more then attain it, so that no goal is there and called unlikely.
    """
    return bool(verdict["probability"] >= _EVEN)


def _form(verdict: pd.Series, *, paces_told: bool) -> str:
    told = paces_told or pd.isna(verdict["pace"])
    if verdict["measure"] == "term_total":
        return "of_total"
    if verdict["measure"] == "term_mean_growth":
        return "of_term" if told else "mean"
    if told or verdict["measure"] != "level" or verdict["pace_unit"] != "percent_a_year":
        return "apart"
    return "one_year" if verdict["pace_years"] == 1 else "years"


def _sentence(form: str, row: TargetRow, verdict: pd.Series, lang: str) -> str:
    facts = {"name": name_of(row), "inside": name_inside(row), "end": row.end, "apart": _apart(verdict, lang)}
    facts |= {"goal": aim_of(row), "bare": bare_goal(row), "years": _term(verdict)}
    if pd.notna(verdict["pace"]):
        facts["pace"] = alone(row.needed_pace)
        facts["rise"] = tag(
            f"{number(verdict['pace'], 1, lang)}%", f"{row.id}.pace", verdict["pace"], verdict["pace_unit"]
        )
        facts["before"] = _start(row, verdict, lang)
    return form.format(**facts)


def _term(verdict: pd.Series) -> str:
    return "" if pd.isna(verdict["start"]) else f"{int(verdict['start'])}–{verdict['end']}"


def _start(row: TargetRow, verdict: pd.Series, lang: str) -> str:
    """Return the year from which a goal asks for a rise, with its base where that was not published."""
    before, told = str(row.end - int(verdict["pace_years"])), {**verdict.to_dict(), "id": row.id}
    base = pace_base(pd.Series(told), row.decimals, lang)
    if base is None:
        return before
    return str(words_of("needed", lang)["base"]).format(year=before, value=base.value)


def _apart(verdict: pd.Series, lang: str) -> str:
    """Return how far the goal lies from the forecast: percent of an amount, points of a rate."""
    aim, expected, key = _aim(verdict), float(verdict["expected"]), f"to_goal.{verdict.name}"
    words = words_of("needed", lang)
    form = words["more" if _more_is_wanted(verdict) else "less"]
    if str(verdict["unit"]).startswith("percent"):
        points = abs(aim - expected)
        text = words["points"].format(points=number(points, _places(points, 1), lang))
        return str(form).format(by=tag(text, key, points, "percentage_points"))
    ratio = aim / expected
    if ratio >= _TIMES:
        return str(words["times"]).format(by=tag(number(ratio, 1, lang), key, ratio, "ratio"))
    share = 100 * abs(ratio - 1)
    return str(form).format(by=tag(f"{number(share, _places(share, 0), lang)}%", key, share, "percent"))


def _more_is_wanted(verdict: pd.Series) -> bool:
    """Return whether the result must be higher than forecast."""
    if verdict["sense"] in ("at_least", "more_than", "at_most", "less_than"):
        return verdict["sense"] in ("at_least", "more_than")
    return _aim(verdict) > float(verdict["expected"])


def _places(distance: float, usual: int) -> int:
    """Return the decimals of a distance: more than usual only where it would read as none."""
    return next((n for n in range(usual, _MOST_PLACES) if round(distance, n)), _MOST_PLACES)


def from_plan(plans: Mapping[str, Plan], rows: Sequence[TargetRow], lang: str) -> Iterator[str]:
    """Yield what is left to do after a year that meets its plan, the steepest first."""
    steep = sorted(
        (row for row in rows if row.id in plans and plans[row.id].pace["pace_unit"] == "percent_a_year"),
        key=lambda row: -plans[row.id].pace["pace"],
    )[:_MOST]
    if not steep:
        return
    words, first = words_of("needed", lang), plans[steep[0].id].row
    parts = [
        words["from_plan_item"].format(name=name_inside(row), pace=pace_needed(plans[row.id].pace, lang))
        for row in steep
    ]
    yield words["from_plan"].format(plan_year=first.end, year=steep[0].end, parts="; ".join(parts))
