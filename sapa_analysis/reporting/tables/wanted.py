"""Table of the figures that would help most: what is wanted, what it would do, who has it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...core import Params
from ...pipeline import Project
from ..goals import units_of
from ..lacking import request
from ..language import day, forecasts, indicator_name, number, texts
from ..published import period_shown
from ..tagged_numbers import capital, plain
from ..templating import filled


def wanted_table(project: Project, wanted: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the figures that would help most as a table for print, the most helpful first.

    Parameters
    ----------
    project : Project
        The tables.
    wanted : pandas.DataFrame
        As `pipeline.wanted_figures` returns it.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: rank, indicator, the figure wanted, what it would do to the 80 % band, who is
        asked, where it probably stands.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, wanted_figures
    >>> from sapa_analysis.reporting import wanted_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> wanted = wanted_figures(project, params.with_values(n_paths=200), indicator="income_per_capita")
    >>> wanted_table(project, wanted, lang="en").iloc[0][["Figure wanted", "Asked for it"]].tolist()
    ['result of 2022', 'The regional Statistics Office is asked to supply them']
    """
    heads = texts(lang)["wanted"]["columns"]
    units = {id: plain(unit) for id, unit in units_of(project, project.targets, lang).items()}
    rows = [
        {
            heads["rank"]: str(row["rank"]),
            heads["indicator"]: indicator_name(project.indicators.loc[row["indicator_id"]], lang),
            heads["wanted"]: _figure(row, lang),
            heads["effect"]: _effect(row, int(project.indicators.loc[row["indicator_id"], "decimals"]), lang),
            heads["lead"]: capital(request(units.get(row["targets"].split(";")[0], ""), lang)),
            heads["found_in"]: _whereabouts(row, lang),
        }
        for row in wanted.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(heads.values()))


def wanted_page(project: Project, params: Params, wanted: pd.DataFrame, *, lang: str = "vi") -> str:
    """Return the figures that would help most as a self-contained HTML page for the office.

    Parameters
    ----------
    project, params : Project, Params
        The tables; area and day.
    wanted : pandas.DataFrame
        As `pipeline.wanted_figures` returns it.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import wanted_page
    >>> project, params = open_project(as_of="2023-06-30")
    >>> nothing = pd.DataFrame(columns=["rank", "indicator_id", "wanted", "period", "targets"])
    >>> page = wanted_page(project, params, nothing, lang="en")
    >>> page[page.index("<title>"):page.index("</title>")]
    '<title>Figures wanted: Sa Pa town'
    """
    words, table = texts(lang)["wanted"], wanted_table(project, wanted, lang=lang)
    area = str(project.areas.at[params.area, f"name_{lang}"])
    return filled(
        "wanted.html.j2",
        lang=lang,
        title=words["title"].format(area=area),
        as_of=words["as_of"].format(day=day(params.as_of, lang)),
        intro=list(words["intro"].values()) if len(table) else [words["nothing"]],
        heads=list(table.columns),
        rows=table.to_numpy().tolist(),
    )


def _figure(row: Mapping[Any, Any], lang: str) -> str:
    period = period_shown(row["period"], row["freq"], lang)
    return str(texts(lang)["wanted"]["figures"][row["wanted"]]).format(period=period)


def _effect(row: Mapping[Any, Any], decimals: int, lang: str) -> str:
    """Return what a figure does to the band of its target, with its unit."""
    words = texts(lang)["wanted"]
    if row["wanted"] in words["effects"]:
        return str(words["effects"][row["wanted"]])
    if np.isnan(row["upper_after"]):
        return str(words["effects"]["settles"])
    before, after = (_band(row, when, decimals, lang) for when in ("before", "after"))
    shrinks = number(100 * row["narrowing"], 0, lang)
    form = words["effects"]["narrows" if np.isfinite(row["upper_before"]) else "gives"]
    return str(form).format(before=before, after=after, share=shrinks)


def _band(row: Mapping[Any, Any], when: str, decimals: int, lang: str) -> str:
    """Return a band with the digits that it has, one number where it is one; blank without one."""
    ends = {end: float(row[f"{end}_{when}"]) for end in ("lower", "upper")}
    if not np.isfinite(list(ends.values())).all():
        return ""
    shown = forecasts(
        ends, row["unit"], decimals, lang, keys=dict(zip(ends, ends, strict=True)), bare=["lower"]
    )
    lower, upper = (plain(text) for text in shown.values())
    if ends["upper"] - ends["lower"] < 10.0**-decimals:
        return upper
    return str(texts(lang)["wanted"]["band"]).format(lower=lower, upper=upper)


def _whereabouts(row: Mapping[Any, Any], lang: str) -> str:
    names, places = row[f"found_in_{lang}"], row["look_for"]
    return f"{names} ({places})" if names else ""
