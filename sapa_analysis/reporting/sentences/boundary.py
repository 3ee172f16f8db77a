"""Sentences about the end of an area, and about the figures of those that followed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ...core import Bridge, last_day
from ..language import day, number, percent, texts
from ..tagged_numbers import tag


def describe_boundary(
    area: pd.Series,
    successors: pd.DataFrame,
    as_of: date,
    *,
    lang: str = "vi",
    bridged: Mapping[str, Bridge] | None = None,
) -> list[str]:
    """Return a sentence if the area no longer exists at a date, with its successors; otherwise empty.

    Parameters
    ----------
    area : pandas.Series
        A row of `areas.csv`.
    successors : pandas.DataFrame
        The rows of its successors.
    as_of : datetime.date
        The vintage.
    lang : {"vi", "en"}
        Language.
    bridged : mapping of str to Bridge, optional
        The bridges over which figures of a successor were used all the same, by the indicator's name.
    """
    if not area["valid_to"] or last_day(area["valid_to"]) >= as_of:
        return []
    words = texts(lang)["boundary"]
    names = ", ".join(successors[f"name_{lang}"])
    ended = day(last_day(area["valid_to"]), lang)
    told = str(words["ended"]).format(area=area[f"name_{lang}"], ended=ended, successors=names)
    parts = [_bridge(name, bridge, successors, lang) for name, bridge in (bridged or {}).items()]
    return [told, *([str(words["bridged"]).format(parts="; ".join(parts))] if parts else [])]


def _bridge(name: str, bridge: Bridge, successors: pd.DataFrame, lang: str) -> str:
    key = f"bridges.{bridge.indicator}"
    of = successors.loc[bridge.of, f"name_{lang}"] if bridge.of in successors.index else bridge.of
    factor = tag(number(bridge.factor, 2, lang), f"{key}.factor", bridge.factor, "factor")
    error = percent(bridge.sd, lang, f"{key}.sd")
    return str(texts(lang)["boundary"]["bridge"]).format(indicator=name, area=of, factor=factor, error=error)
