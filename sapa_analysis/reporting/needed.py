"""What a target takes: tables of turned levers, of the path of a lever, and of mixes of two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..core import Target, as_targets
from .language import chance_shown, indicator_name, number, quantity, texts
from .scenario_changes import signed, target_names
from .subject import indicator_row
from .tagged_numbers import tag

Row = Mapping[Any, Any]
#: Percentages of the quantiles of past paces end here on either side; further out nothing is known.
_RAREST = 99.0
#: Years of a path that are all told.
_FIRST = 5
#: Targets that are met by less.
_LESS = ("at_most", "less_than")


def needed_table(
    needed: Iterable[pd.DataFrame],
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for print by how much a lever must be turned to bring each target at a chance.

    Parameters
    ----------
    needed : iterable of pandas.DataFrame
        One for each target, as `pipeline.what_it_takes` returns it.
    targets : iterable of Target, or pandas.DataFrame
        The targets, for their words and sense.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: target, chance, lever, what it takes, the level that this is, growth a year to it, the
        same of the baseline, how rare such a pace was elsewhere, how far the level lies from the baseline. A
        target that no lever can bring has one row, which says why.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = {"tourist_arrivals": sapa.assess_indicator(project, params, "tourist_arrivals")}
    >>> goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")
    >>> needed = sapa.what_it_takes(project, params, base, goals[1])
    >>> table = sapa.plain(sapa.reporting.needed_table([needed], goals, project.indicators, lang="en"))
    >>> list(table.columns)
    ['Goal', 'For a chance of', 'What is turned', 'It takes, of the forecast', 'That is', 'Growth a year',
     'Forecast growth', 'Slower elsewhere', 'Seen from the baseline']
    """
    words, named = texts(lang)["needed"], target_names(targets, indicators, lang)
    seen = texts(lang)["plausibility"]["words"]
    sense = {target.id: target.sense for target in as_targets(targets)}
    rows = []
    for row in _once(rows_of(needed)):
        lever = indicator_row(row["lever"], indicators) if row["lever"] else None
        told = row["reason"] == "" and not is_met(row, sense.get(row["target"], ""))
        rows.append(
            {
                words["target"]: named.get(row["target"], row["target"]),
                words["chance"]: chance_tagged(row, lang) if row["lever"] else "",
                words["lever"]: "" if lever is None else indicator_name(lever, lang),
                words["takes"]: _turned(row, lang) if told else why_none(row, lang),
                words["level"]: _level(row, lever, lang) if told and lever is not None else "",
                words["growth"]: _percent(row, "growth", lang) if told else "",
                words["baseline"]: _percent(row, "baseline_growth", lang),
                words["rarer"]: rarity(row, lang) if told else "",
                words["how_far"]: seen[row["word"]] if told else "",
            }
        )
    heads = ("target", "chance", "lever", "takes", "level", "growth", "baseline", "rarer", "how_far")
    return pd.DataFrame(rows, columns=[words[name] for name in heads])


def rows_of(frames: Iterable[pd.DataFrame]) -> list[Row]:
    """Return the rows of several frames, one below the other."""
    return [row for frame in frames for row in frame.to_dict("records")]


def _once(rows: Iterable[Row]) -> list[Row]:
    """Return rows of which a target without any lever has one, whatever the chances."""
    told = {
        (row["target"], row["lever"], row["chance"] if row["lever"] else row["reason"]): row for row in rows
    }
    return list(told.values())


def is_met(row: Row, sense: str) -> bool:
    """Return whether a target has its chance already, without any turn."""
    if row["reason"]:
        return False
    step = float(row["points"] if pd.isna(row["factor"]) else row["factor"] - 1)
    return bool(step >= 0 if sense in _LESS else step <= 0)


def why_none(row: Row, lang: str) -> str:
    """Return in words why no turn is told."""
    words = texts(lang)["needed"]
    return str(words["reasons"][row["reason"]] if row["reason"] else words["met"])


def chance_tagged(row: Row, lang: str) -> str:
    """Return the chance that is wished, tagged."""
    return tag(
        chance_shown(row["chance"], lang), f"chance_wished.{row['chance']:g}", row["chance"], "probability"
    )


def _key(row: Row, name: str) -> str:
    return f"{row['target']}.{row['lever']}.{row['chance']:g}.{name}"


def turn(row: Row, lang: str, *, place: str = "") -> str:
    """Return the turn of a lever: a factor of an amount, points of a rate."""
    words = texts(lang)["needed"]
    if pd.isna(row[f"factor{place}"]):
        return signed(row[f"points{place}"], "percentage_points", 1, lang, key=_key(row, "points"))
    value = row[f"factor{place}"]
    return str(words["times"]).format(
        factor=tag(number(value, 2, lang), _key(row, "factor"), value, "factor")
    )


def _turned(row: Row, lang: str) -> str:
    """Return the turn of a lever for a column of numbers: the number stands first."""
    if pd.isna(row["factor"]):
        return turn(row, lang)
    value = row["factor"]
    shown = tag(number(value, 2, lang), _key(row, "factor"), value, "factor")
    return str(texts(lang)["scenarios_page"]["times"]).format(factor=shown)


def _level(row: Row, lever: pd.Series, lang: str) -> str:
    return quantity(row["level"], str(lever["unit"]), int(lever["decimals"]), lang, key=_key(row, "level"))


def _percent(row: Row, column: str, lang: str) -> str:
    value = row[column]
    return "" if pd.isna(value) else quantity(value, "percent", 1, lang, key=_key(row, column))


def rarity(row: Row, lang: str, *, column: str = "rarer_than") -> str:
    """Return the share of past episodes elsewhere with less than a pace."""
    value = row[column]
    if pd.isna(value):
        return ""
    edge = "over" if value >= _RAREST else "under" if value <= 100 - _RAREST else "at"
    text = str(texts(lang)["needed"]["rarity"][edge]).format(share=f"{number(value, 0, lang)}%")
    return tag(text, f"{_key(row, column)}.{row['year']}", value, "percent")


def path_table(
    paths: Iterable[pd.DataFrame],
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for print the yearly path of a lever that brings each target.

    Parameters
    ----------
    paths : iterable of pandas.DataFrame
        One for each target, as `pipeline.path_to` returns it.
    targets : iterable of Target, or pandas.DataFrame
        The targets, for their words.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: target, lever, year, level needed, level of the baseline, growth on the year before, pace
        a year since the last year that had ended, how rare such a pace was elsewhere. Without a path, and
        of a target that has its chance already, no row.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = {"tourist_arrivals": sapa.assess_indicator(project, params, "tourist_arrivals")}
    >>> goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")
    >>> path = sapa.path_to(project, params, base, goals[1])
    >>> table = sapa.reporting.path_table([path], goals, project.indicators, lang="en")
    >>> sapa.plain(table).iloc[-1, 1:4].tolist()
    ['Tourist arrivals', '2025', '5.8 million visits']
    """
    words, named = texts(lang)["needed"], target_names(targets, indicators, lang)
    heads = [words["target"], words["lever"], texts(lang)["table"]["year"]]
    heads += [words[name] for name in ("level_of", "baseline_of", "growth_on", "pace", "rarer")]
    rows = []
    sense = {target.id: target.sense for target in as_targets(targets)}
    for row in (row for path in paths for row in _told(path)):
        if is_met(row, sense.get(row["target"], "")):
            continue
        lever, key = indicator_row(row["lever"], indicators), f"{row['target']}.{row['lever']}.{row['year']}"
        unit, decimals = str(lever["unit"]), int(lever["decimals"])
        levels = [
            quantity(row[name], unit, decimals, lang, key=f"{key}.{name}") for name in ("level", "baseline")
        ]
        paces = [
            "" if pd.isna(row[name]) else quantity(row[name], "percent", 1, lang, key=f"{key}.{name}")
            for name in ("growth", "pace")
        ]
        target = named.get(row["target"], row["target"])
        turned = indicator_name(lever, lang)
        rows.append([target, turned, str(int(row["year"])), *levels, *paces, rarity(row, lang)])
    return pd.DataFrame(rows, columns=heads)


def _told(path: pd.DataFrame) -> list[Row]:
    """Return the years of a path that are told: the first five, every fifth of the calendar, and the last."""
    rows = path[path["reason"] == ""].to_dict("records")
    last = len(rows) - 1
    return [
        row for place, row in enumerate(rows) if place < _FIRST or place == last or row["year"] % _FIRST == 0
    ]


def mixes_table(mixes: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return for print the mixes of two levers that bring a target, with a mark at the one nearest by.

    Parameters
    ----------
    mixes : pandas.DataFrame
        As `pipeline.frontier` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: of each lever its turn, with level and growth a year; the share of the baseline paths
        beyond both, and how far the mix lies from the baseline. Without a mix, no row.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = {"tourism_revenue": sapa.assess_indicator(project, params, "tourism_revenue")}
    >>> mixes = sapa.frontier(project, params, base, "congress-2020.tourism_revenue", n=3)
    >>> table = sapa.plain(sapa.reporting.mixes_table(mixes, project.indicators, lang="en"))
    >>> list(table.columns)
    ['Tourist arrivals', 'Spend per visit', 'Baseline paths beyond both', 'Seen from the baseline']
    """
    words = texts(lang)["needed"]
    found = mixes[mixes["reason"] == ""]
    if found.empty:
        return pd.DataFrame()
    levers = [indicator_row(found[f"lever_{place}"].iloc[0], indicators) for place in (1, 2)]
    heads = [indicator_name(lever, lang) for lever in levers]
    rows = []
    for row in found.to_dict("records"):
        both = [_mixed(row, place, lever, lang) for place, lever in enumerate(levers, start=1)]
        beyond = tag(
            chance_shown(row["beyond"], lang),
            f"{row['target']}.mix_{row['point']}.beyond",
            row["beyond"],
            "share",
        )
        word = texts(lang)["plausibility"]["words"][row["word"]]
        rows.append([*both, beyond, words["nearest"].format(word=word) if row["likeliest"] else word])
    return pd.DataFrame(rows, columns=[*heads, words["beyond"], words["how_far"]])


def _mixed(row: Row, place: int, lever: pd.Series, lang: str) -> str:
    """Return turn, level and growth a year of one lever of a mix."""
    end, key = f"_{place}", f"{row['target']}.mix_{row['point']}"
    told = {**row, "lever": row[f"lever{end}"]}
    level = quantity(
        row[f"level{end}"], str(lever["unit"]), int(lever["decimals"]), lang, key=f"{key}.level{end}"
    )
    growth = row[f"growth{end}"]
    pace: str = "" if pd.isna(growth) else quantity(growth, "percent", 1, lang, key=f"{key}.growth{end}")
    form = texts(lang)["needed"]["mixed" if pace else "mixed_level"]
    return str(form).format(turn=turn(told, lang, place=end), level=level, growth=pace)
