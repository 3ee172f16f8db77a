"""Published figures as lines of text: of one indicator with all that is to be said, or of a search."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..core import NoEvidenceError
from ..evidence import is_doubted, is_office, known_by, left_out, merge_repeats
from ..pipeline import Project
from ..series import build_series, find_conflicts
from .language import indicator_name, texts
from .tables.evidence import by_period, observations_table
from .tables.series import conflicts_table

#: Draws of a series of which only the disagreement is told.
_DRAWS = 10


def describe_figures(project: Project, indicator: str, area: str, *, lang: str = "en") -> list[str]:
    """Return the figures of an indicator of an area, and what is left out, otherwise counted or disputed.

    Parameters
    ----------
    project : Project
        The tables, narrowed to a day or not.
    indicator, area : str
        Ids of `indicators.csv` and `areas.csv`.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import describe_figures
    >>> lines = describe_figures(load_project().as_of("2023-06-30"), "forest_cover", "sa_pa")
    >>> lines[0], lines[-2]
    ('forest_cover, sa_pa: 3 statements known by 2023-06-30, on 3 pages',
     'Of another definition, apart from the series:')
    """
    known = project.evidence.query("indicator_id == @indicator and area == @area")
    merged, words = merge_repeats(known), texts(lang)["lines"]
    day = str(words["known_by"]).format(day=project.day) if project.day else ""
    own = merged["source_url"].map(is_office).astype(bool)
    counts = {"statements": len(merged), "day": day, "pages": int(merged.loc[~own, "n_pages"].sum())}
    head = str(words["head"]).format(indicator=indicator, area=area, **counts)
    head += str(texts(lang)["office"]["among"]).format(n=int(own.sum())) if own.any() else ""
    return [head, *_rows(merged, lang), *_remarks(project, known, indicator, area, lang)]


def list_figures(project: Project, found: pd.DataFrame, *, lang: str = "en") -> list[str]:
    """Return the figures that a search found, by indicator and area.

    Parameters
    ----------
    project : Project
        The tables.
    found : pandas.DataFrame
        Rows of the evidence, as `evidence.find_figures` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.evidence import find_figures
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import list_figures
    >>> project = load_project()
    >>> list_figures(project, find_figures(project, "537/QĐ-UBND"))[0]
    'forest_cover (Forest cover), lao_cai: 1'
    """
    lines = []
    for (indicator, area), rows in found.groupby(["indicator_id", "area"], sort=False):
        name = indicator_name(_concept(project, str(indicator)), lang)
        merged = merge_repeats(rows)
        lines += [f"{indicator} ({name}), {area}: {len(merged)}", *_rows(merged, lang)]
    return lines


def _rows(merged: pd.DataFrame, lang: str) -> Iterator[str]:
    ordered = by_period(merged)
    for id, row in zip(
        ordered["id"], observations_table(merged, lang=lang).itertuples(index=False), strict=True
    ):
        period, value, kind, grade, published, source = row
        yield f"{id}  {period:<21} {value:>25}  {kind:<26} {grade}  {published:<11} {source}"


def _remarks(project: Project, known: pd.DataFrame, indicator: str, area: str, lang: str) -> Iterator[str]:
    """Yield what is left out, doubted or of another definition, and which years disagree, each with why."""
    words = texts(lang)["lines"]
    gone = known_by(left_out(project.root / "data"), project.day)
    gone = gone[(gone["indicator_id"] == indicator) & (gone["area"] == area)]
    if len(gone):
        yield str(words["left_out"])
        for row in gone.to_dict("records"):
            yield f"  {row['id']} {row['correction']}: {row['period']}, {row['value']:,.10g}; {row['why']}"
    doubted = merge_repeats(known[is_doubted(known)])
    if len(doubted):
        yield str(words["doubted"])
        for row in doubted.to_dict("records"):
            yield f"  {row['id']}: {row['period']}, {row['value']:,.10g}; {row[f'doubt_{lang}']}"
    try:
        series = build_series(project, indicator, area=area, n_draws=_DRAWS)
    except NoEvidenceError:
        series = None
    conflicts = pd.DataFrame() if series is None else find_conflicts(series)
    if len(conflicts):
        yield str(words["disagree"])
        table = conflicts_table(conflicts, _concept(project, indicator), observed=series, lang=lang)
        heads = texts(lang)["evidence"]["columns"]
        for row in table.to_dict("records"):
            shown = {name: row[heads[name]] for name in ("year", "lowest", "highest", "used")}
            yield "  " + str(words["conflict"]).format(**shown)
    others = project.definitions[project.definitions["definition"].isin(known["definition"])]
    if len(others):
        yield str(words["otherwise"])
        for row in others.to_dict("records"):
            yield f"  {row['definition']}: {row[f'name_{lang}']}; {row[f'reason_{lang}']}"


def _concept(project: Project, indicator: str) -> pd.Series:
    return pd.Series(project.indicators.loc[indicator])
