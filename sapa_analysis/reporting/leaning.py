"""What a verdict leans on: its chance under other choices, in words, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..core import Target
from .language import chance_shown, number, texts
from .scenario_changes import sign, signed, target_names
from .tagged_numbers import plain, tag

Row = Mapping[Any, Any]
#: The rows of the choices as they are.
_AS_CHOSEN = "baseline"
#: A change of the chance from here on, in points, is told in a sentence.
_TOLD = 1.0


def choice_in_words(choice: str, value: str, lang: str) -> str:
    """Return a choice and its value in words.

    Examples
    --------
    >>> from sapa_analysis.reporting.leaning import choice_in_words
    >>> choice_in_words("shock_years", "2020, 2021", "en"), choice_in_words("shock_chance", "none", "en")
    ('shock years: 2020, 2021', 'no new shock')
    """
    words = texts(lang)["leaning"]
    of: dict[str, str] = words["choices"].get(choice, {})
    if value in of:
        return str(of[value])
    try:
        shown = (
            number(float(value), 0 if float(value).is_integer() else 2, lang) if choice != "seed" else value
        )
    except ValueError:
        shown = value
    return str(of.get("value", words["other"])).format(choice=choice, value=shown)


def sensitivity_table(
    sensitivity: pd.DataFrame,
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for print the chance of each target under other choices, the largest change first.

    Parameters
    ----------
    sensitivity : pandas.DataFrame
        As `pipeline.sensitivity` returns it.
    targets : iterable of Target, or pandas.DataFrame
        The targets, for their words.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: target, choice, chance, change in points, likelihood (from and to where it changes). A
        target without a number under any choice has one row.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import plain, sensitivity_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goals = known_targets(project, params, "tourist_arrivals")[:1]
    >>> leans = {"choice": ["baseline", "shock_years"], "value": ["", "2020, 2021"], "target": goals[0].id,
    ...          "probability": [0.26, 0.45], "difference": [0.0, 19.0], "word": ["unlikely", "even"],
    ...          "word_before": "unlikely", "reason": "", "moved": [0.0, 9.0]}
    >>> plain(sensitivity_table(pd.DataFrame(leans), goals, project.indicators, lang="en")).iloc[1].to_dict()
    {'Goal': 'resolution 2023: 3.5 million visits (2023)', 'Choice': 'shock years: 2020, 2021',
     'Chance': '45%', 'Change': '+19 points', 'Likelihood': 'unlikely → about as likely as not',
     'Median': '+9.0%'}
    """
    words, named = texts(lang)["leaning"], target_names(targets, indicators, lang)
    heads = [texts(lang)["scenarios"]["target"], words["choice"], words["chance"], words["change"],
             texts(lang)["table"]["verdict"], words["median"]]  # fmt: skip
    size = sensitivity["difference"].abs().fillna(sensitivity["moved"].abs()).fillna(0.0)
    first = sensitivity["choice"].ne(_AS_CHOSEN)
    order = sensitivity.assign(_first=first, _size=-size, _target=pd.factorize(sensitivity["target"])[0])
    rows = []
    silent = order[["probability", "moved"]].isna().all(axis=1).groupby(order["target"]).transform("all")
    order = order[~(silent & first)]  # where no choice has a number, one row says why
    for row in order.sort_values(["_target", "_first", "_size"], kind="stable").to_dict("records"):
        own = row["choice"] == _AS_CHOSEN
        rows.append(
            [
                named.get(row["target"], words["no_target"]),
                words["as_chosen"] if own else choice_in_words(row["choice"], row["value"], lang),
                _chance(row, lang),
                "" if own or pd.isna(row["difference"]) else _points(row, lang),
                _word(row, lang),
                "" if own or pd.isna(row["moved"]) else _moved(row, indicators, lang),
            ]
        )
    return pd.DataFrame(rows, columns=heads)


def _key(row: Row, name: str) -> str:
    return f"{row['target']}.{row['choice']}.{row['value']}.{name}"


def _chance(row: Row, lang: str) -> str:
    if pd.isna(row["probability"]):
        return _why_none(row["reason"], lang)
    return tag(
        chance_shown(row["probability"], lang), _key(row, "probability"), row["probability"], "probability"
    )


def _why_none(reason: str, lang: str) -> str:
    """Return why there is no chance, in a few words and without numbers."""
    short: dict[str, str] = texts(lang)["leaning"]["reasons"]
    return short.get(reason) or str(texts(lang)["reasons"].get(reason, "")).partition(",")[0]


def _points(row: Row, lang: str) -> str:
    text = texts(lang)["leaning"]["points"].format(points=sign(row["difference"], 0, lang))
    return tag(text, _key(row, "difference"), row["difference"], "percentage_points")


def _moved(row: Row, indicators: pd.DataFrame, lang: str) -> str:
    units = indicators["unit"] if len(indicators) else pd.Series(dtype=object)
    rate = units.get(row.get("indicator_id", ""), "") == "percent"
    return signed(row["moved"], "percentage_points" if rate else "percent", 1, lang, key=_key(row, "moved"))


def _word(row: Row, lang: str) -> str:
    words = texts(lang)["status"]
    before, after = (words.get(row[name], "") for name in ("word_before", "word"))
    return f"{before} → {after}" if before != after and before and after else after


def describe_sensitivity(
    sensitivity: pd.DataFrame,
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return a sentence for each target: which choice moves its chance most, and how many change its word.

    Parameters
    ----------
    sensitivity, targets, indicators, lang
        As in `sensitivity_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> from sapa_analysis.reporting import describe_sensitivity, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> goals = known_targets(project, params, "tourist_arrivals")[:1]
    >>> leans = {"choice": ["baseline", "shock_years"], "value": ["", "2020, 2021"], "target": goals[0].id,
    ...          "probability": [0.26, 0.45], "difference": [0.0, 19.0], "word": ["unlikely", "even"],
    ...          "word_before": "unlikely", "reason": "", "moved": [0.0, 9.0]}
    >>> print(*plain(describe_sensitivity(pd.DataFrame(leans), goals, project.indicators, lang="en")))
    resolution 2023: 3.5 million visits (2023) – the chance of 26% moves most with this choice – shock years:
    2020, 2021 (45%). The word changes under 1 of 1 other choices.
    """
    words, named = texts(lang)["leaning"], target_names(targets, indicators, lang)
    told = []
    for target, rows in sensitivity.groupby("target", sort=False):
        known = rows[rows["probability"].notna()]
        own, others = known[known["choice"] == _AS_CHOSEN], known[known["choice"] != _AS_CHOSEN]
        if own.empty or others.empty:
            continue
        largest = others.sort_values("difference", key=abs, kind="stable").to_dict("records")[-1]
        facts = {"target": named.get(str(target), ""), "base": _chance(own.iloc[0].to_dict(), lang),
                 "n": len(others)}  # fmt: skip
        if abs(largest["difference"]) < _TOLD:
            told.append(words["steady"].format(**facts))
            continue
        choice = choice_in_words(largest["choice"], largest["value"], lang)
        changed = int((others["word"] != others["word_before"]).sum())
        told.append(
            words["leans"].format(**facts, choice=choice, chance=_chance(largest, lang), changed=changed)
        )
    return told


def tornado_rows(sensitivity: pd.DataFrame, target: str | None, lang: str) -> tuple[float, list[Row]]:
    """Return the chance of a target as things stand, and the other choices, the largest change first."""
    known = sensitivity[sensitivity["probability"].notna()]
    mine = (
        known[known["target"] == (known["target"].iloc[0] if target is None else target)]
        if len(known)
        else known
    )
    own, others = mine[mine["choice"] == _AS_CHOSEN], mine[mine["choice"] != _AS_CHOSEN]
    order = others["difference"].abs().sort_values(ascending=False, kind="stable").index
    rows: list[Row] = [
        {**row, "label": plain(choice_in_words(row["choice"], row["value"], lang))}
        for row in others.loc[order].to_dict("records")
    ]
    return float(own["probability"].iloc[0]) if len(own) else float("nan"), rows
