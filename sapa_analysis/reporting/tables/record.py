"""Tables of a track record: methods side by side, one forecast after the other, a year as it went by."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ..language import day, number, quantity, texts
from ..published import day_shown
from ..sentences.track_record import miss_shown
from ..tagged_numbers import capital

#: Years ahead that are shown: the next year, and one to three together.
_AHEAD = ("1", "all")
#: What follows the last digit of a quantity.
_UNIT = re.compile(r"\D*$")


def method_named(method: str, lang: str) -> str:
    """Return the name of a forecasting method in words.

    Examples
    --------
    >>> from sapa_analysis.reporting.tables.record import method_named
    >>> method_named("naive", "en"), method_named("headline", "en")
    ('Last figure stays', 'Headline method')
    """
    return str(texts(lang)["record_page"]["methods"][method])


def place_named(area: str, areas: pd.DataFrame, lang: str) -> str:
    """Return the name of an area, with a capital first letter.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting.tables.record import place_named
    >>> place_named("lao_cai", load_project().areas, "vi")
    'Tỉnh Lào Cai'
    """
    return capital(str(areas.loc[area, f"name_{lang}"]))


def scores_table(
    scores: pd.DataFrame,
    indicator: pd.Series,
    areas: pd.DataFrame,
    *,
    method: str = "headline",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the methods of a track record side by side as a table for print, the best of each group first.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `evaluation.track_scores` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    areas : pandas.DataFrame
        As `load_areas` returns them, for the names.
    method : str
        The method in use, which is marked.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text: which forecasts (area, one year or one to three years ahead), method, cases that all methods
        have (where there is none, its own, as marked), mean miss in the unit of the indicator, MASE, WIS,
        share in the 80 % interval. Ordered by WIS, without it the method in use first.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import scores_table
    >>> project = load_project()
    >>> scores = pd.DataFrame({"area": "sa_pa", "ahead": "1", "method": ["naive", "headline"], "made": 6,
    ...                        "n": 6, "miss": [4e5, 3e5], "MASE": [1.5, 1.2], "WIS": [1.1, 0.8],
    ...                        "coverage_80": [50.0, 83.3]})
    >>> visits = project.indicators.loc["tourist_arrivals"]
    >>> scores_table(scores, visits, project.areas, lang="en").iloc[0].tolist()
    ['Sa Pa town, one year ahead', 'Headline method (in use)', '6', '0.3 million visits', '1.20', '0.80',
     '83%']
    """
    words = texts(lang)["record_page"]
    heads = [str(head).format(level=number(80, 0, lang)) for head in words["scores"].values()]
    made = scores.pivot_table(index="area", columns="ahead", values="made", aggfunc="sum")
    same = [area for area, row in made.iterrows() if row.get("all") == row.get("1")]  # nothing further ahead
    shown = scores[scores["ahead"].isin(_AHEAD) & ~(scores["ahead"].eq("all") & scores["area"].isin(same))]
    ordered = shown.assign(
        _area=pd.factorize(shown["area"])[0],
        _ahead=shown["ahead"].map({n: i for i, n in enumerate(_AHEAD)}),
        _other=shown["method"] != method,
    ).sort_values(["_area", "_ahead", "WIS", "_other"], kind="stable")
    rows = [
        [
            f"{place_named(row['area'], areas, lang)}, {words['ahead'][row['ahead']]}",
            str(words["in_use"] if row["method"] == method else "{method}").format(
                method=method_named(row["method"], lang)
            ),
            *_scored(row, indicator, lang),
        ]
        for row in ordered.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=heads)


def _scored(row: dict[Any, Any], indicator: pd.Series, lang: str) -> list[str]:
    """Return cases, miss, MASE, WIS and share held; of a method's own cases where none is common to all."""
    n, miss, held = row["n"], row["miss"], row["coverage_80"]
    told = number(n, 0, lang)
    if not n:
        n, miss, held = row["made"], row["own_miss"], 100 * row["held_80"] / row["made"]
        told = str(texts(lang)["record_page"]["own_cases"]).format(n=number(n, 0, lang))
    relative = ["" if pd.isna(row[name]) else number(row[name], 2, lang) for name in ("MASE", "WIS")]
    return [told, miss_shown(miss, indicator, lang), *relative, f"{number(held, 0, lang)}%"]


def cases_table(
    records: pd.DataFrame,
    indicator: pd.Series,
    areas: pd.DataFrame,
    *,
    method: str = "headline",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what a method said one year ahead and what came as a table for print, the last year first.

    Parameters
    ----------
    records : pandas.DataFrame
        As `evaluation.track_areas` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    areas : pandas.DataFrame
        As `load_areas` returns them, for the names.
    method : str
        The method whose forecasts are shown.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text, one row per forecast with a figure to compare: year, whether the figure lay inside the 80 %
        interval, area (where there are several), median, interval, figure, when it was published. The first
        area's rows come first.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import cases_table
    >>> project = load_project()
    >>> said = {"area": "lao_cai", "method": "headline", "year": 2016, "ahead": 1, "scored": True,
    ...         "median": 2.02e6, "lower_80": 1.73e6, "upper_80": 2.33e6, "actual": 2.7e6, "known": "2017-02"}
    >>> visits = project.indicators.loc["tourist_arrivals"]
    >>> cases_table(pd.DataFrame([said]), visits, project.areas, lang="en").iloc[0].tolist()
    ['2016', 'no, above it', '2.02 million visits', '1.73 to 2.33 million visits', '2.7 million visits',
     '2/2017']
    """
    words = texts(lang)["record_page"]
    heads = [str(head).format(level=number(80, 0, lang)) for head in words["cases"].values()]
    mine = records[(records["method"] == method) & (records["ahead"] == 1) & records["scored"].astype(bool)]
    ordered = mine.assign(_area=pd.factorize(mine["area"])[0], _last=-mine["year"])
    rows = [
        [
            str(row["year"]),
            words["came"][_side(row)],
            place_named(row["area"], areas, lang),
            _amount(row["median"], indicator, lang),
            _band(row, indicator, lang),
            _amount(row["actual"], indicator, lang),
            day_shown(row["known"], lang),
        ]
        for row in ordered.sort_values(["_area", "_last"], kind="stable").to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=heads)
    return table if mine["area"].nunique() > 1 else table.drop(columns=heads[2])


def _side(row: dict[Any, Any]) -> str:
    if row["actual"] > row["upper_80"]:
        return "above"
    return "below" if row["actual"] < row["lower_80"] else "inside"


def _amount(value: float, indicator: pd.Series, lang: str) -> str:
    return quantity(value, str(indicator["unit"]), int(indicator["decimals"]), lang)


def _band(row: dict[Any, Any], indicator: pd.Series, lang: str) -> str:
    """Return an interval, its unit once where both ends have the same."""
    lower, upper = (_amount(row[name], indicator, lang) for name in ("lower_80", "upper_80"))
    unit = _UNIT.findall(upper)[0]
    return str(texts(lang)["record_page"]["band"]).format(lower=lower.removesuffix(unit), upper=upper)


def nowcast_table(months: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return how the forecast of a year moved during it as a table for print.

    Parameters
    ----------
    months : pandas.DataFrame
        As `pipeline.nowcast_year` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text: day, median, 80 % interval, number of figures of a part of the year, and the department's own
        estimate if it gave any. A month in which nothing changed has no row.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import nowcast_table
    >>> months = pd.DataFrame({"as_of": [date(2022, 5, 31), date(2022, 6, 30)], "n_figures": [0, 1],
    ...                        "median": [2.32e6, 1.59e6], "lower_80": [1.42e6, 1.29e6],
    ...                        "upper_80": [3.37e6, 2.01e6], "expected": [None, 2e6]})
    >>> visits = load_project().indicators.loc["tourist_arrivals"]
    >>> nowcast_table(months, visits, lang="en").iloc[1].tolist()
    ['30/6/2022', '1.59 million visits', '1.29 to 2.01 million visits', '1', '2 million visits']
    """
    words = texts(lang)["record_page"]
    heads = [str(head).format(level=number(80, 0, lang)) for head in words["nowcast"].values()]
    rows: list[list[str]] = []
    for row in months.to_dict("records"):
        told = [
            _amount(row["median"], indicator, lang),
            _band(row, indicator, lang),
            number(row["n_figures"], 0, lang),
            "" if pd.isna(row["expected"]) else _amount(row["expected"], indicator, lang),
        ]
        if not rows or rows[-1][1:] != told:
            rows.append([day(row["as_of"], lang), *told])
    table = pd.DataFrame(rows, columns=heads)
    return table if (table[heads[-1]] != "").any() else table[heads[:-1]]
