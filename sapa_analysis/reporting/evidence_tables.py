"""Results as tables for a reader: words of one language, numbers with their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..core import THIN_YEARS
from .language import (
    due,
    goal,
    indicator_name,
    level_shown,
    name_shown,
    number,
    pace,
    percent,
    percent_in_steps,
    quantity,
    status,
    texts,
)

#: What stands behind a latest figure that is no result of a whole year.
_STARS = {"year_estimate": "**", "part_year": "*"}


def verdicts_table(
    verdicts: pd.DataFrame, indicators: pd.DataFrame, *, needed: int, lang: str = "vi"
) -> pd.DataFrame:
    """Return the verdicts as a table for print, one row per target.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    needed : int
        Years with a figure that a forecast needs (for the reasons).
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Marked text in every cell.
    """
    heads = texts(lang)["table"]
    expected = heads["expected"].format(level=level_shown(80, lang))
    columns = [*(heads[name] for name in ("group", "indicator", "target", "latest")), expected]
    columns += [heads["pace"], heads["verdict"]]
    rows = []
    for _, verdict in verdicts.iterrows():
        indicator = indicators.loc[verdict["indicator_id"]]
        rows.append(
            {
                heads["group"]: _group(verdict, lang),
                heads["indicator"]: name_shown(indicator, lang),
                heads["target"]: f"{goal(verdict, int(indicator['decimals']), lang)} ({due(verdict, lang)})",
                heads["latest"]: _latest(verdict, indicator, lang),
                expected: _expected(verdict, indicator, lang),
                heads["pace"]: "" if verdict["measure"] == "growth" else pace(verdict, lang),
                heads["verdict"]: _verdict(verdict, needed, lang),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _group(verdict: pd.Series, lang: str) -> str:
    return str(verdict["clause"]) if str(verdict["clause"]).isdigit() else ""


def _latest(verdict: pd.Series, indicator: pd.Series, lang: str) -> str:
    if pd.isna(verdict["latest"]):
        return ""
    own, year = verdict["indicator_id"], verdict["latest_year"]
    key = f"{own}.{year}.best"
    value = quantity(verdict["latest"], verdict["unit"], int(indicator["decimals"]), lang, key=key)
    star = _STARS.get(verdict["latest_basis"], "")
    share = (
        ""
        if pd.isna(verdict["completion"])
        else f"; {percent(verdict['completion'], lang, verdict['id'] + '.completion')}"
    )
    return f"{value}{star} ({year}{share})"


def _expected(verdict: pd.Series, indicator: pd.Series, lang: str) -> str:
    if pd.isna(verdict["expected"]):
        return ""
    middle, low, high = (
        quantity(
            verdict[column],
            verdict["unit"],
            int(indicator["decimals"]),
            lang,
            key=f"{verdict['id']}.{column}",
        )
        for column in ("expected", "lower_80", "upper_80")
    )
    return f"{middle} ({low} – {high})"


def _verdict(verdict: pd.Series, needed: int, lang: str) -> str:
    word = status(verdict, lang, needed=needed)
    if pd.isna(verdict["probability"]):
        return word
    chance = percent_in_steps(verdict["probability"], lang, verdict["id"] + ".probability")
    few = [texts(lang)["table"]["few"]] if verdict["n_years"] < THIN_YEARS else []
    grade = [texts(lang)["stability"][verdict["stability_grade"]]] if verdict["stability_grade"] else []
    return f"{word} ({'; '.join([chance, *few, *grade])})"


def observations_table(observations: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return published figures as a table for print: value as printed, period, kind, date, grade, source.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence, one per statement or page.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell, newest period last.
    """
    heads, words = texts(lang)["table"], texts(lang)
    ordered = observations.sort_values(["period", "published"], kind="stable")
    return pd.DataFrame(
        {
            heads["period"]: [_period(row, lang) for row in ordered.to_dict("records")],
            heads["value"]: [
                f"{words['bounds'][bound]}{_as_printed(value, lang)}"
                for bound, value in zip(ordered["bound"], ordered["value"], strict=True)
            ],
            heads["unit"]: [words["units"][unit] for unit in ordered["unit"]],
            heads["kind"]: [words["kinds"][kind] for kind in ordered["kind"]],
            heads["published"]: [text or "–" for text in ordered["published"]],
            heads["grade"]: ordered["grade"].to_list(),
            heads["source"]: [
                title if url == "" else f"{title} <{url}>"
                for title, url in zip(ordered["source_title"], ordered["source_url"], strict=True)
            ],
        }
    )


def _period(row: Mapping[Any, Any], lang: str) -> str:
    """Return a period as printed, with its cut-off day, or with a word where no page tells it."""
    if row["freq"] == "YTD" and "/" not in row["period"]:
        return str(texts(lang)["table"]["running"]).format(year=row["period"])
    return f"{row['period']} (→ {row['through']})" if row["through"] else str(row["period"])


def _as_printed(value: float, lang: str) -> str:
    mark = texts(lang)["decimal"]
    text = number(value, 4, lang).rstrip("0")
    return text.removesuffix(mark)


def coverage_table(covered: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return what has been published of each indicator as a table for print.

    Parameters
    ----------
    covered : pandas.DataFrame
        As `evidence.coverage` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.
    """
    heads, kinds = texts(lang)["evidence"]["columns"], texts(lang)["kinds"]
    columns = ["n_targets", "n_statements", "n_pages", "n_years", "first_year", "last_year", "best_grade"]
    table = covered[columns].astype(object).where(covered[columns].notna(), "")
    table.insert(0, "indicator", [indicator_name(indicators.loc[name], lang) for name in covered.index])
    table["kinds"] = [
        ", ".join(kinds[kind] for kind in filter(None, text.split(";"))) for text in covered["kinds"]
    ]
    return table.rename(columns=heads).reset_index(drop=True)


def conflicts_table(conflicts: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the years in which figures disagree as a table for print.

    Parameters
    ----------
    conflicts : pandas.DataFrame
        As `series.find_conflicts` returns them; it may be empty.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.
    """
    heads, unit, decimals = (
        texts(lang)["evidence"]["columns"],
        str(indicator["unit"]),
        int(indicator["decimals"]),
    )
    rows = [
        {
            heads["year"]: row["year"],
            **{
                heads[name]: quantity(row[name], unit, decimals, lang)
                for name in ("lowest", "highest", "used")
            },
            heads["n_statements"]: row["n_statements"],
            heads["difference"]: quantity(row["difference"], row["difference_unit"], 1, lang),
        }
        for row in conflicts.to_dict("records")
    ]
    return pd.DataFrame(rows)


def weights_table(observations: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return what the series made of each statement as a table for print.

    Parameters
    ----------
    observations : pandas.DataFrame
        As in `YearlySeries`.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.
    """
    heads, own = texts(lang)["evidence"]["columns"], texts(lang)["table"]
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    used = observations[observations["used"]].sort_values(["year", "period"], kind="stable")
    rows = [
        {
            own["period"]: _period(row, lang),
            own["value"]: quantity(row["value"], row["unit"], 4, lang),
            own["grade"]: row["grade"],
            heads["implied"]: quantity(row["implied"], unit, decimals, lang) if row["basis"] else "",
            heads["weight"]: number(row["weight"], 2, lang),
            heads["residual"]: number(row["residual"], 1, lang),
            heads["wrong"]: f"{number(100 * row['wrong'], 0, lang)}%",
        }
        for row in used.to_dict("records")
    ]
    return pd.DataFrame(rows)
