"""What scenarios change: one sentence for each that moves a word or a chance, and a line for the rest.

Chances themselves are not told: whether they rise or fall, and which word becomes which.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...core import THIN_YEARS
from ...pipeline import Project, Results, chances, under_scenarios
from ...scenarios import BASELINE, Adjustment, Scenario
from ..language import name_shown, number, texts
from ..scenario_changes import inside
from ..subject import indicator_row
from ..tagged_numbers import tag, tag_quoted
from ..target_row import TargetRow
from .said import aim_of, name_inside, once, words_of

#: A chance that moves by fewer points than this, and keeps its word, is not told.
LEAST_POINTS = 5.0


def scenario_effects(project: Project, results: Results, rows: Sequence[TargetRow], lang: str) -> list[str]:
    """Return a sentence for each scenario that changes something, what it assumes and what it moves.

    The last line is on the rest. The list is empty where no scenario is chosen or nothing is ahead.
    """
    words, params = words_of("scenario_effects", lang), results.params
    by_scenario = under_scenarios(project, params, results.outcomes)
    if len(by_scenario) < 2 or BASELINE not in by_scenario:
        return []
    found = chances(project, params, by_scenario, results.targets)
    base = found[found["scenario"] == BASELINE].set_index("target")
    verdicts, told = results.verdicts.set_index("id"), list[str]()
    by_id = {row.id: row for row in once(rows, verdicts)}
    found = found[found["target"].isin(list(by_id))]
    if found.loc[found["scenario"] != BASELINE, "difference"].abs().max() == 0:
        return []
    for name in by_scenario:
        moved = [
            _moved(by_id[row["target"]], pd.Series(row), base.loc[row["target"]], verdicts, lang)
            for row in found[found["scenario"] == name].to_dict("records")
            if name != BASELINE and tells(pd.Series(row), base.loc[row["target"]], verdicts)
        ]
        if moved:
            scenario = project.scenarios[name]
            told.append(words["sentence"].format(
                label=tag_quoted(scenario.label[lang], f"assumed.{name}.label"),
                assumed=_assumed(project, scenario, lang), moved="; ".join(moved),
            ))  # fmt: skip
    return [*told, words["rest" if told else "none"]]


def tells(row: pd.Series, base: pd.Series, verdicts: pd.DataFrame) -> bool:
    """Return whether the chance of a target moves enough to be told: by its word, or by `LEAST_POINTS`."""
    words = {_word(each, verdicts) for each in (row, base)}
    return len(words) > 1 or abs(row["difference"]) >= LEAST_POINTS


def _word(row: pd.Series, verdicts: pd.DataFrame) -> str:
    """Return a word as papers tell it: on few figures never stronger than `unlikely`."""
    target = row.get("target", row.name)
    few = row["word"] == "very_unlikely" and int(verdicts["n_years"][target]) < THIN_YEARS
    return "unlikely" if few else str(row["word"])


def _moved(row: TargetRow, under: pd.Series, base: pd.Series, verdicts: pd.DataFrame, lang: str) -> str:
    words, named = words_of("scenario_effects", lang), texts(lang)["changes"]["words"]
    old, new = _word(base, verdicts), _word(under, verdicts)
    form = words["up" if under["difference"] > 0 else "down"]
    after = "" if old == new else words["other_word"]
    shown = {
        place: tag(str(named[word]), f"{scenario}.{row.id}.word", word, "judgement")
        for place, word, scenario in (("old_word", old, BASELINE), ("new_word", new, under["scenario"]))
    }
    told = str(form).format(name=name_inside(row), goal=aim_of(row), end=row.end)
    return told + str(after).format(**shown)


def _assumed(project: Project, scenario: Scenario, lang: str) -> str:
    parts = [_assumption(project, scenario.name, part, lang) for part in scenario.adjustments]
    return "; ".join(part for part in parts if part)


def _assumption(project: Project, name: str, part: Adjustment, lang: str) -> str:
    """Return what a scenario assumes of an indicator, in its numbers where they are one a year."""
    words = words_of("scenario_effects", lang)
    concept = indicator_row(part.indicator, project.indicators)
    what, values = inside(name_shown(concept, lang)), set(part.values.values())
    if part.effect != "add_growth" or len(values) != 1:
        return str(words["assumed_other"]).format(name=what)
    points = values.pop()
    text = tag(
        number(abs(points), 1, lang), f"assumed.{name}.{part.indicator}", abs(points), "percentage_points"
    )
    return str(words["assumed_more" if points > 0 else "assumed_less"]).format(name=what, points=text)
