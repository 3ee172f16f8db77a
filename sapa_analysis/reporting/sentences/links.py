"""Sentences about links: what follows tourism under a scenario, how far, and what does not and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...core import Link, Params
from ...scenarios import elasticities
from ..language import count, level_shown, number, percent, texts
from ..tagged_numbers import tag

#: The change for which a link is told, as a share.
_SHOWN = 0.1
#: Quantiles that are told: the middle, and the ends of an 80 % interval.
_QUANTILES, _LEVEL = (0.5, 0.1, 0.9), 80
#: Draws from which the quantiles are read.
_DRAWS = 10_000


def describe_links(
    params: Params, record: pd.DataFrame, areas: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi"
) -> list[str]:
    """Return what follows another quantity under a scenario, how far, and what does not follow and why.

    Parameters
    ----------
    params : Params
        Area and links.
    record : pandas.DataFrame
        What no link reaches, as `pipeline.unlinked_record` returns it.
    areas, indicators : pandas.DataFrame
        As `load_areas` and `load_indicators` return them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Tagged sentences: one or two per link, then one per indicator that no link reaches.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, unlinked_record
    >>> from sapa_analysis.reporting import describe_links, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> record = unlinked_record(project, params.with_values(n_paths=100))
    >>> told = describe_links(params, record, project.areas, project.indicators, lang="en")
    >>> print(*plain(told))
    When a scenario adds 10% to tourism revenue, GRDP of Sa Pa town is taken to come 1.1% higher (80%
    interval: 0.3% to 2.5%). How far it follows is not known: every simulated path has a value of its own, the
    same in every scenario. What this was measured on, and why it is so wide, stands with the parameter links.
    No link leads from tourism revenue to state budget revenue in the area: published figures do not bound how
    far it would follow. In Lào Cai province, from 2017 to 2018 tourism revenue moved by +32% and state budget
    revenue in the area by +14%; from 2019 to 2022 tourism revenue moved by −15% and state budget revenue in
    the area by +13%. Sa Pa town has no published figure of state budget revenue in the area for a whole year.
    """
    words = texts(lang)["links"]
    links = [link for link in params.links if link.area in ("", params.area)]
    area = str(areas.loc[params.area, f"name_{lang}"])
    if not links:
        return [str(words["none"]).format(area=area)]
    told = [_moved(link, area, indicators, lang) for link in links]
    told.append(str(words["basis"]))
    for _, rows in record.groupby(["indicator_id", "of"], sort=False):
        told.append(_unlinked(rows, params.area, areas, indicators, lang))
    return told


def _moved(link: Link, area: str, indicators: pd.DataFrame, lang: str) -> str:
    """Return by how much the amount that follows moves with a change of the other one."""
    draws = np.quantile(elasticities(link, _DRAWS), _QUANTILES)
    key = f"links.{link.of}.{link.to}"
    shown = {
        name: tag(f"{number(100 * value, 1, lang)}%", f"{key}.{name}", float(value), "share")
        for name, value in zip(("middle", "low", "high"), (1 + _SHOWN) ** draws - 1, strict=True)
    }
    level = str(indicators.loc[link.to, "growth_of"]) or link.to
    return str(texts(lang)["links"]["moved"]).format(
        change=percent(_SHOWN, lang, f"{key}.change"), of=_name(link.of, indicators, lang),
        to=_name(level, indicators, lang), area=area, level=level_shown(_LEVEL, lang), **shown,
    )  # fmt: skip


def _unlinked(rows: pd.DataFrame, here: str, areas: pd.DataFrame, indicators: pd.DataFrame, lang: str) -> str:
    """Return that an indicator does not follow, with the two steps that speak for the most and the least."""
    words, first = texts(lang)["links"], rows.iloc[0]
    names = {
        "of": _name(first["of"], indicators, lang),
        "indicator": _name(first["indicator_id"], indicators, lang),
    }
    key = f"links.{first['of']}.{first['indicator_id']}"
    said = [str(words["unlinked"]).format(**names)]
    known = rows[(rows["area"] != "") & (rows["of_ratio"] != 1)]
    if len(known) > 1:
        moved = np.log(known[["of_ratio", "to_ratio"]].to_numpy(dtype=float))
        pulls = moved[:, 1] / moved[:, 0]
        steps = known.iloc[sorted({int(pulls.argmin()), int(pulls.argmax())})]
        parts = "; ".join(_step(row, names, key, lang) for row in steps.to_dict("records"))
        where = str(areas.loc[known["area"].iloc[0], f"name_{lang}"])
        said.append(str(words["steps"]).format(area=where, parts=parts, **names))
    n = int(first["n_own"])
    form = "own_none" if n == 0 else "own_one" if n == 1 else "own"
    if first["area"] != here:
        area = str(areas.loc[here, f"name_{lang}"])
        said.append(str(words[form]).format(area=area, n=count(n, lang, f"{key}.n_own"), **names))
    return " ".join(said)


def _step(row: dict[Any, Any], names: dict[str, str], key: str, lang: str) -> str:
    years = {name: tag(str(row[name]), f"{key}.{name}", int(row[name]), "years") for name in ("start", "end")}
    changes = {
        name: _signed(row[f"{name}_ratio"] - 1, lang, f"{key}.{row['end']}.{name}") for name in ("of", "to")
    }
    return str(texts(lang)["links"]["step"]).format(
        of=names["of"],
        indicator=names["indicator"],
        of_change=changes["of"],
        to_change=changes["to"],
        **years,
    )


def _signed(share: float, lang: str, key: str) -> str:
    return ("+" if share > 0 else "") + percent(share, lang, key)


def _name(indicator: str, indicators: pd.DataFrame, lang: str) -> str:
    return str(indicators.loc[indicator, f"name_{lang}"])
