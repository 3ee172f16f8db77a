"""Lines on what changed between two states of the project: figures, what they moved, series and targets."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from ...core import printable
from ...pipeline import Difference
from ..language import chance_shown, document_name, forecasts, indicator_name, number, quantity, texts
from ..published import day_shown, figure_printed, period_shown
from ..tagged_numbers import plain

#: An effect smaller than this in percent points, that leaves the median as printed, is none.
_POINTS = 0.5
#: Percent of the paths between the ends of an interval.
_LEVEL = 80
_CHANGES = ("added", "corrected", "withdrawn")

Row = Mapping[Hashable, Any]


def describe_difference(difference: Difference, *, lang: str = "vi") -> list[str]:
    """Return what changed between two states in lines for print.

    Parameters
    ----------
    difference : Difference
        As `pipeline.compare_states` returns it.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        A title; the changed figures by kind with their sources, each followed by the targets that it moved;
        the series and forecasts that moved; the targets that moved; and how many rows of other tables differ.

    Examples
    --------
    >>> from sapa_analysis.pipeline import compare_states, open_states
    >>> from sapa_analysis.reporting import describe_difference
    >>> day = "2023-06-30"  # the same day twice
    >>> describe_difference(compare_states(*open_states(day, day)), lang="en")
    ['Sa Pa town: from 2023-06-30 to 2023-06-30', 'no difference']
    """
    words = texts(lang)["difference"]
    area = difference.new.project.areas.loc[difference.new.params.area, f"name_{lang}"]
    title = words["title"].format(area=area, old=difference.old.name, new=difference.new.name)
    lines = [*_figures(difference, lang), *_series(difference, lang), *_targets(difference, lang)]
    if len(difference.figures) and not len(difference.series) + len(difference.targets):
        lines.append(words["unmoved"])
    if difference.others:
        tables = ", ".join(f"{words['tables'][name]} {n}" for name, n in difference.others.items())
        lines.append(words["others"].format(tables=tables))
    return [str(title), *(lines or [str(words["nothing"])])]


def _figures(difference: Difference, lang: str) -> Iterator[str]:
    words, figures = texts(lang)["difference"], difference.figures
    if figures.empty:
        return
    counts = {change: number((figures["change"] == change).sum(), 0, lang) for change in _CHANGES}
    yield words["counts"].format(**counts)
    for change in _CHANGES:
        for place, row in figures[figures["change"] == change].iterrows():
            yield f"  {_figure(difference, row.to_dict(), lang)}"
            effects = difference.effects[difference.effects["figure"] == place]
            moved = [*_effects(difference, effects, lang)]
            if not moved and not difference.left_out:
                moved = [str(words["no_effect"])]
            yield from (f"      {line}" for line in moved)
    if difference.left_out:
        yield words["left_out"].format(n=number(difference.left_out, 0, lang))


def _figure(difference: Difference, row: Row, lang: str) -> str:
    areas = [state.project.areas[f"name_{lang}"] for state in (difference.new, difference.old)]
    area = next((names[row["area"]] for names in areas if row["area"] in names.index), row["area"])
    told = texts(lang)["difference"][row["change"]].format(
        name=_name(difference, row["indicator_id"], lang),
        area=area,
        period=period_shown(
            row["period"], row["freq"], lang, through=row["new_through"] or row["old_through"]
        ),
        old=_said(difference, row, "old", lang),
        new=_said(difference, row, "new", lang),
    )
    url = f" <{row['source_url']}>" if row["source_url"] else ""
    return f"{told}; {printable(row['source_title'])}{url}"


def _said(difference: Difference, row: Row, side: str, lang: str) -> str:
    """Return what one side says of a figure; an empty text where it says nothing."""
    words = texts(lang)
    if pd.isna(row[f"{side}_value"]):
        return ""
    value = figure_printed(row[f"{side}_value"], row["unit"], lang, bound=row[f"{side}_bound"])
    published = day_shown(row[f"{side}_published"], lang) or words["difference"]["undated"]
    kind = words["kinds"][row[f"{side}_kind"]]
    return str(words["difference"]["said"]).format(value=value, kind=kind, published=published)


def _effects(difference: Difference, effects: pd.DataFrame, lang: str) -> Iterator[str]:
    words = texts(lang)["difference"]
    for row in effects.to_dict("records"):
        old, new = (_value(difference, row, row[name], lang) for name in ("without", "median"))
        if old == new and not abs(row["points"]) >= _POINTS:
            continue
        points = "–" if pd.isna(row["points"]) else number(row["points"], 0, lang)
        name = _name(difference, row["indicator_id"], lang)
        yield words["effect"].format(name=name, end=row["end"], old=old, new=new, points=points)


def _series(difference: Difference, lang: str) -> Iterator[str]:
    words, series = texts(lang)["difference"], difference.series
    if len(series):
        yield words["series"].format(level=quantity(_LEVEL, "percent", 0, lang))
    for name, rows in series.groupby("indicator_id", sort=False):
        last = rows.iloc[-1].to_dict()
        old, new = (_band(difference, last, side, lang) for side in ("old", "new"))
        first, year = rows["year"].min(), last["year"]
        span = {"years": f"{first}–{year}" if first < year else f"{year}", "last": year}
        yield f"  {words['moved'].format(name=_name(difference, str(name), lang), **span, old=old, new=new)}"


def _band(difference: Difference, row: Row, side: str, lang: str) -> str:
    words = texts(lang)["difference"]
    if pd.isna(row[f"{side}_estimate"]):
        return str(words["no_forecast"])
    names = {"middle": "estimate", "lower": "lower_80", "upper": "upper_80"}
    values = {key: row[f"{side}_{name}"] for key, name in names.items()}
    keys, decimals = dict.fromkeys(names, ""), _decimals(difference, row["indicator_id"])
    shown = forecasts(values, row["unit"], decimals, lang, keys=keys, bare=["lower", "upper"])
    return str(words["band"]).format(**{key: plain(text) for key, text in shown.items()})


def _targets(difference: Difference, lang: str) -> Iterator[str]:
    words, moved = texts(lang)["difference"], difference.targets
    if len(moved):
        yield words["targets"]
    for row in moved.to_dict("records"):
        name, document = _name(difference, row["indicator_id"], lang), document_name(row["document"], lang)
        old, new = (_target(difference, row, side, lang) for side in ("old", "new"))
        yield f"  {words['target'].format(name=name, end=row['end'], document=document, old=old, new=new)}"


def _target(difference: Difference, row: Row, side: str, lang: str) -> str:
    words = texts(lang)
    if pd.isna(row[f"{side}_status"]):
        return str(words["difference"]["absent"])
    parts = [str(words["status"][row[f"{side}_status"]])]
    if pd.notna(row[f"{side}_probability"]):
        parts[0] += f" ({chance_shown(row[f'{side}_probability'], lang)})"
    said = (
        [row[f"{each}_latest"] for each in ("old", "new")],
        [row[f"{each}_latest_period"] for each in ("old", "new")],
    )
    if any(one != other and not (pd.isna(one) and pd.isna(other)) for one, other in said):
        value = (
            "–"
            if pd.isna(row[f"{side}_latest"])
            else figure_printed(row[f"{side}_latest"], row["unit"], lang)
        )
        period = f" ({row[f'{side}_latest_period']})" if row[f"{side}_latest_period"] else ""
        parts.append(words["difference"]["latest"].format(value=f"{value}{period}"))
    return "; ".join(parts)


def _value(difference: Difference, row: Row, value: float, lang: str) -> str:
    if pd.isna(value):
        return str(texts(lang)["difference"]["no_forecast"])
    return quantity(value, row["unit"], _decimals(difference, row["indicator_id"]), lang)


def _decimals(difference: Difference, indicator: str) -> int:
    return int(difference.new.project.indicators["decimals"].get(indicator, 2))


def _name(difference: Difference, indicator: str, lang: str) -> str:
    for state in (difference.new, difference.old):
        known = state.project.indicators.to_dict("index")
        if indicator in known:
            return indicator_name(pd.Series(known[indicator]), lang)
    return indicator
