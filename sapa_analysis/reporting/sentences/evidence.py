"""Sentences about the evidence: what has been published, where it disagrees, what is missing."""

from __future__ import annotations

import pandas as pd

from ...core import YearlySeries, years_of, years_text
from ...evidence import is_office, merge_repeats
from ..language import count, name_shown, percent, quantity, texts
from ..office import end_sign
from ..tables.evidence import span
from ..tagged_numbers import capital

#: Of more years than this that disagree, only the years are told.
_RANGES = 3


def describe_published(
    evidence: pd.DataFrame,
    covered: pd.DataFrame,
    indicator: pd.Series,
    area: pd.Series,
    *,
    observed: YearlySeries | None = None,
    conflicts: pd.DataFrame | None = None,
    lang: str = "vi",
) -> list[str]:
    """Return how much has been published of an indicator, where it disagrees, and what is missing.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Rows of the evidence of the indicator and area, one per page.
    covered : pandas.DataFrame
        As `evidence.coverage` returns it for the area.
    indicator, area : pandas.Series
        Their rows of `indicators.csv` and `areas.csv`.
    observed : YearlySeries, optional
        The series; none if no year has a figure.
    conflicts : pandas.DataFrame, optional
        As `series.find_conflicts` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Two or three sentences, their counts tagged: the figures by grade; unless there are none, the years
        that disagree or are missing; of how many indicators with a target the area has no figure.

    Examples
    --------
    >>> from sapa_analysis.evidence import coverage
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import describe_published, plain
    >>> project, params = open_project(as_of="2023-06-30", n_paths=100)
    >>> known = project.as_of(params.as_of)
    >>> cover = known.evidence.query("indicator_id == 'forest_cover' and area == 'sa_pa'")
    >>> covered = coverage(known, known.targets, area="sa_pa")
    >>> concept, town = project.indicators.loc["forest_cover"], project.areas.loc["sa_pa"]
    >>> observed = assess_indicator(project, params, "forest_cover").observed
    >>> for line in plain(describe_published(cover, covered, concept, town, observed=observed, lang="en")):
    ...     print(line)
    Forest cover: 3 published figures for 2005 to 2022, on 2 pages: 1 of grade A (official document), 2 of
    grade B (press quoting officials).
    No two figures of a whole year disagree. Only 2022 has a figure that the series uses.
    Sa Pa town: 43 of the 62 indicators with a target have no published figure.
    """
    words = texts(lang)["evidence_page"]
    last = _area(covered, area, lang)
    if evidence.empty:
        return [str(words["nothing"]).format(name=name_shown(indicator, lang)), last]
    first = _figures(evidence, indicator, lang)
    if observed is None:
        return [first, str(words["not_yearly"]), last]
    said = [_disagreement(observed, conflicts, indicator, lang), _missing(observed, evidence, lang)]
    return [first, " ".join(said), last]


def describe_telling(telling: tuple[int, float] | None, indicator: str, *, lang: str = "vi") -> list[str]:
    """Return which year's figure would tell most, if it could be supplied.

    Parameters
    ----------
    telling : tuple of int and float, or None
        As `series.most_telling_year` returns it: the year, and the share of the uncertainty that would go.
    indicator : str
        Its id, for the tag of the share.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        One sentence; none without a year.

    Examples
    --------
    >>> from sapa_analysis.reporting import describe_telling, plain
    >>> print(*plain(describe_telling((2015, 0.364), "tourist_arrivals", lang="en")))
    The number that would tell most, if it could be supplied: that of the whole year 2015 (36% of the
    uncertainty of the last ten years would go).
    """
    if telling is None:
        return []
    share = percent(telling[1], lang, f"{indicator}.telling")
    return [str(texts(lang)["evidence"]["telling"]).format(year=telling[0], share=share)]


def _figures(evidence: pd.DataFrame, indicator: pd.Series, lang: str) -> str:
    """Return how many figures there are, of which years and grades, and on how many pages."""
    words, own = texts(lang)["evidence_page"], str(indicator["indicator_id"])
    known, office = merge_repeats(evidence), evidence["source_url"].map(is_office).astype(bool)
    ends = [span(*row) for row in known[["period", "freq"]].itertuples(index=False)]
    first, last = min(start.year for start, _ in ends), max(end.year for _, end in ends)
    grades = [
        words["by_grade"].format(
            n=count(int(n), lang, f"{own}.grade_{grade}"), grade=grade, meaning=words["grades"][grade]
        )
        for grade, n in known["grade"].value_counts().sort_index().items()
    ]
    pages = evidence.loc[~office, "source_url"].nunique()
    told = words["figures"].format(
        name=name_shown(indicator, lang),
        figures=_counted("figure", len(known), f"{own}.statements", lang),
        years=words["counted"]["year" if first == last else "years"].format(first=first, last=last),
        pages=_counted("page", pages, f"{own}.pages", lang),
        grades=", ".join(grades),
    )
    ours = int(known["source_url"].map(is_office).astype(bool).sum())
    among = words["among"].format(n=count(ours, lang, f"{own}.office")) if ours else ""
    return f"{told} {among}".strip()


def _counted(thing: str, n: int, key: str, lang: str) -> str:
    form = texts(lang)["evidence_page"]["counted"][thing if n == 1 else f"{thing}s"]
    return str(form).format(n=count(n, lang, key))


def _disagreement(
    observed: YearlySeries, conflicts: pd.DataFrame | None, indicator: pd.Series, lang: str
) -> str:
    words, own = texts(lang)["evidence_page"], str(indicator["indicator_id"])
    if conflicts is None or conflicts.empty:
        return str(words["agree"])
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    years = [
        words["disagreement"].format(
            year=row["year"],
            **{end: quantity(row[end], unit, decimals, lang, key=f"{own}.{row['year']}.{end}")
               + end_sign(observed, row["year"], row[end])
               for end in ("lowest", "highest")},
        )
        for row in conflicts.to_dict("records")
    ]  # fmt: skip
    told = "; ".join(years) if len(years) <= _RANGES else years_text(map(int, conflicts["year"]))
    form = "disagree" if len(years) > 1 else "disagree_one"
    return str(words[form]).format(n=count(len(years), lang, f"{own}.conflicts"), years=told)


def _missing(observed: YearlySeries, evidence: pd.DataFrame, lang: str) -> str:
    """Return the years without a figure; of some only figures of another definition may be known."""
    words, own = texts(lang)["evidence_page"], observed.observed_years
    first, last = int(years_of(observed.table)[0]), observed.origin
    missing = [year for year in range(first, last + 1) if year not in own]
    if not missing:
        return str(words["complete" if first < last else "only"]).format(first=first, last=last)
    apart = evidence.loc[evidence["definition"] != "", ["period", "freq"]].itertuples(index=False)
    form = "missing_apart" if {span(*row)[1].year for row in apart} & set(missing) else "missing"
    return str(words[form]).format(years=years_text(missing))


def _area(covered: pd.DataFrame, area: pd.Series, lang: str) -> str:
    words, goals = texts(lang)["evidence_page"], covered[covered["n_targets"] > 0]
    counts = {"n": len(goals), "none": int((goals["n_statements"] == 0).sum())}
    shown = {name: count(n, lang, f"coverage.{name}") for name, n in counts.items()}
    form = "area" if counts["none"] else "area_all" if counts["n"] else "area_none"
    return str(words[form]).format(area=capital(str(area[f"name_{lang}"])), **shown)
