"""The latest figure of the year that has not ended: it stands beside that of the last whole year."""

from __future__ import annotations

import pandas as pd

from ...core import parse_period
from ...evidence import is_office
from ...pipeline import Results
from ..as_written import written
from ..cited import figure_cited
from ..language import texts
from ..office import SIGN
from ..office_said import words_of
from ..published import Cite, figure_printed, period_shown
from ..tagged_numbers import tag_quoted


def running_figure(results: Results, indicator: str) -> pd.Series | None:
    """Return the latest figure of part of the running year, or None where none is known.

    Of figures that end on the same day it is the one of the longest time, of these the last published.
    """
    outcome, year = results.outcomes.get(indicator), results.params.as_of.year
    if outcome is None or outcome.observed is None or outcome.observed.observations.empty:
        return None
    seen = outcome.observed.observations
    mine = seen[
        (seen["indicator_id"] == indicator)
        & (seen["area"] == outcome.observed.area)
        & (seen["year"] == year)
        & (seen["basis"] == "part_year")
    ]
    if mine.empty:
        return None
    spans = [parse_period(period, freq) for period, freq in zip(mine["period"], mine["freq"], strict=True)]
    keys = [(span.end, -span.start.toordinal()) for span in spans]
    last = max(range(len(keys)), key=lambda at: (keys[at], str(mine["published"].iloc[at])))
    found: pd.Series = mine.iloc[last]
    return found


def running_told(said: pd.Series, indicator: pd.Series, lang: str, cite: Cite | None) -> str:
    """Return such a figure as a clause, with the unit that estimated it where its source names one."""
    words, key = words_of(lang)["running"], f"{indicator.name}.{said['period']}.published"
    stock, freq = str(indicator["nature"]) == "stock", str(said["freq"])
    shown = period_shown(str(said["period"]), freq, lang, through=str(said["through"]), stock=stock)
    form = "to" if said["through"] else "end" if stock else "months"
    when = str(texts(lang)["review"]["when"][form]).format(period=tag_quoted(shown, f"{key}.period"))
    own = is_office(said["source_url"])
    value = figure_printed(
        said["value"], str(said["unit"]), lang, bound=str(said["bound"]), key=key,
        written=written(said, int(indicator["decimals"])), named=str(indicator[f"name_{lang}"]),
    ) + (cite(figure_cited(said)) if cite else SIGN * own)  # fmt: skip
    estimated = said["kind"] == "estimate"
    title = str(said["source_title"])
    by = estimated and own and not title.casefold().startswith(str(texts(lang)["office"]["begins"]))
    unit = str(words["by"]).format(unit=tag_quoted(title, f"{key}.unit")) if by else ""
    return str(words["estimate" if estimated else "actual"]).format(when=when, value=value, by=unit)
