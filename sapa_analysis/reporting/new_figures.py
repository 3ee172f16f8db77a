"""New figures in words: what was published since an edition, with its page."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ..evidence import is_office
from ..pipeline import Changes
from .language import count, indicator_name, name_shown, texts
from .office import named as named_office
from .paper.model import Cell, Table
from .published import Cite, day_shown, figure_printed, period_shown
from .scenario_changes import inside
from .tagged_numbers import tag_quoted

Row = Mapping[Hashable, Any]


def figure_places(changes: Changes, target: str, indicator: str) -> list[int]:
    """Return the new figures to tell of a target: its own, else those of its family, else of other areas."""
    figures, judged = changes.figures, changes.judgements.set_index("target")["figures"]
    if target in judged.index:  # the most telling first
        places = [int(place) for place in str(judged[target]).split(";") if place]
    else:
        places = [place for place, row in _rows(figures) if target in str(row["targets"]).split(";")]
    told = dict(_rows(figures.loc[places]))
    here = [place for place in places if told[place]["area"] == changes.results.params.area]
    own = [place for place in here if told[place]["indicator_id"] == indicator]
    return own or here or places


def _rows(figures: pd.DataFrame) -> Iterator[tuple[int, Row]]:
    return zip(map(int, figures.index), figures.to_dict("records"), strict=True)


def figures_told(
    changes: Changes,
    target: str,
    indicator: str,
    lang: str,
    *,
    most: int = 1,
    rest: bool = True,
    cite: Cite | None = None,
    named: str = "",
    no_attaining: bool = False,
    own: bool = False,
) -> str:
    """Return the new figures of a target in words with the days of their pages, and how many more.

    Parameters
    ----------
    changes : Changes
        As `changes_since` returns them.
    target, indicator : str
        The target and its indicator.
    lang : {"vi", "en"}
        Language.
    most : int
        Figures told.
    rest : bool
        Whether to say how many more there are.
    cite : callable, optional
        Returns the mark of the page of a figure, as of a verdict's.
    named : {"", "site", "title"}
        How the page is named, before its day.
    no_attaining : bool
        Whether figures that attain the goal are only counted: none of them made an outlook worse.
    own : bool
        Whether the sentence says already that the figures are the office's.
    """
    places, words = figure_places(changes, target, indicator), texts(lang)["changes"]
    open_to = [place for place in places if not (no_attaining and _attains(changes, place, target))]
    if not open_to:
        return ""
    how = "own" if own else named
    told = [_figure(changes, place, indicator, lang, cite, how) for place in open_to[:most]]
    more = len(places) - len(told)
    if not (more and rest):
        return "; ".join(told)
    n = count(more, lang, f"changes.counts.{target}.beyond_{most}")
    return str(words["and_others"]).format(figures="; ".join(told), n=n)


def _attains(changes: Changes, place: int, target: str) -> bool:
    """Return whether a new figure of a target's own indicator and area attains its goal."""
    goal = next(each for each in changes.results.targets if each.id == target)
    row = changes.figures.loc[place]
    own = (row["indicator_id"], row["area"]) == (goal.indicator_id, changes.results.params.area)
    if not own or goal.measure not in ("level", "growth") or pd.isna(row["new_value"]):
        return False
    return bool(goal.attained(float(row["new_value"])).all())


def _key(changes: Changes, place: int) -> str:
    return str(changes.figures.loc[place, "ids"]).split(";")[0] or f"new-{place}"


def _figure(changes: Changes, place: int, indicator: str, lang: str, cite: Cite | None, named: str) -> str:
    row, words = dict(_rows(changes.figures.loc[[place]]))[place], texts(lang)["changes"]
    key, side = f"changes.figures.{_key(changes, place)}", _side(row)
    value = figure_printed(
        float(row[f"{side}_value"]), str(row["unit"]), lang, bound=str(row[f"{side}_bound"]), key=key
    )
    mark = _mark(row, cite)
    period = _period(changes, row, lang, key)
    name = _whose(changes, row, indicator, lang)
    said = [*_page(row, lang, key, named=named), *_state(row, side, lang, key)]
    return (
        str(words["figure_of" if name else "figure"]).format(
            name=name, value=value, period=period, said="; ".join(said)
        )
        + mark
    )


def _mark(row: Row, cite: Cite | None) -> str:
    return cite({"latest_source": row["source_title"], "latest_url": row["source_url"]}) if cite else ""


def is_own(changes: Changes, target: str, indicator: str) -> bool:
    """Return whether the figures to tell of a target are all the office's."""
    rows = dict(_rows(changes.figures.loc[figure_places(changes, target, indicator)]))
    return bool(rows) and all(is_office(row["source_url"]) for row in rows.values())


def _side(row: Row) -> str:
    return "new" if pd.notna(row["new_value"]) else "old"


def _period(changes: Changes, row: Row, lang: str, key: str) -> str:
    if row["freq"] == "A":
        return str(texts(lang)["due"]["year"]).format(end=row["period"])
    stock = str(changes.project.indicators.loc[row["indicator_id"], "nature"]) == "stock"
    through = str(row[f"{_side(row)}_through"])
    when = period_shown(str(row["period"]), str(row["freq"]), lang, through=through, stock=stock)
    return tag_quoted(when, f"{key}.period")


def _page(row: Row, lang: str, key: str, *, named: str) -> list[str]:
    """Return the page of a figure by its title, or by its site, or only its day; the office's as its own."""
    words, office = texts(lang)["changes"], texts(lang)["office"]
    date = day_shown(str(row["new_published"] or row["old_published"]), lang)
    if is_office(row["source_url"]):
        if named == "own":
            return [date]
        told = named_office(str(row["source_title"]), lang) if named == "title" else office["name"]
        return [office["dated"].format(name=tag_quoted(told, f"{key}.{named or 'page'}"), date=date)]
    dated = words["published"].format(date=date) if date else words["undated"]
    if not named:
        return [dated]
    site = urlsplit(str(row["source_url"])).netloc.removeprefix("www.") if named == "site" else ""
    return [tag_quoted(site or str(row["source_title"]), f"{key}.{named}"), date or words["undated"]]


def _state(row: Row, side: str, lang: str, key: str) -> list[str]:
    """Return whether a figure is an estimate, was corrected or was withdrawn."""
    words = texts(lang)["changes"]
    told = [words["estimate"]] if row[f"{side}_kind"] == "estimate" else []
    if row["change"] == "withdrawn":
        told.append(words["withdrawn"])
    if row["change"] == "corrected" and row["old_value"] != row["new_value"]:
        old = figure_printed(
            float(row["old_value"]), str(row["unit"]), lang, bound=str(row["old_bound"]), key=f"{key}.old"
        )
        told.append(words["corrected"].format(old=old))
    return told


def _whose(changes: Changes, row: Row, indicator: str, lang: str) -> str:
    """Return the name of a figure's indicator, and its area, where they are not those of the target."""
    here = row["area"] == changes.results.params.area
    if here and row["indicator_id"] == indicator:
        return ""
    known = changes.project.indicators.loc[row["indicator_id"]]
    name = tag_quoted(inside(indicator_name(pd.Series(known), lang)), f"{row['indicator_id']}.name.{lang}")
    area = changes.project.areas.loc[row["area"], f"name_{lang}"]
    return name if here else str(texts(lang)["changes"]["of_area"]).format(name=name, area=area)


def new_figures_table(changes: Changes, lang: str, *, cite: Cite | None = None) -> Table:
    """Return for a review the area's figures that came, went or were corrected since the last edition.

    Columns are what it is, its period, the figure, its page with the day, and on how many targets it bears.

    Parameters
    ----------
    changes : Changes
        As `changes_since` returns them.
    lang : {"vi", "en"}
        Language.
    cite : callable, optional
        Returns the mark of the page of a figure, as of a verdict's; without it the page is named.
    """
    words = texts(lang)["changes"]["figures_table"]
    names = ("indicator", "period", "value", "page", "targets")
    head = tuple(Cell(words[name], align="middle", strong=True, shade="head") for name in names)
    area, widths = changes.results.params.area, (0.28, 0.16, 0.16, 0.3, 0.1)
    mine = [(place, row) for place, row in _rows(changes.figures) if row["area"] == area]
    rows = tuple(_cells(changes, place, row, lang, cite) for place, row in mine)
    return Table(name="new-figures", caption="", heads=(head,), rows=rows, widths=widths, sheet=True)


def _cells(changes: Changes, place: int, row: Row, lang: str, cite: Cite | None) -> tuple[Cell, ...]:
    key, side = f"changes.figures.{_key(changes, place)}", _side(row)
    indicator = pd.Series(changes.project.indicators.loc[row["indicator_id"]])
    value = figure_printed(
        float(row[f"{side}_value"]), str(row["unit"]), lang, bound=str(row[f"{side}_bound"]), key=key
    )
    state = "; ".join(_state(row, side, lang, key))
    page = "; ".join(_page(row, lang, key, named="" if cite else "title"))
    mark = _mark(row, cite)
    bears = count(len(str(row["targets"]).split(";")), lang, f"changes.counts.{_key(changes, place)}.targets")
    told = (name_shown(indicator, lang), _period(changes, row, lang, key))
    return (
        *(Cell(text) for text in told),
        Cell(f"{value} ({state})" if state else value, align="right"),
        Cell(page + mark),
        Cell(bears, align="right"),
    )
