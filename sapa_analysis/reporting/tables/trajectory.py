"""Tables of one indicator for its notebook: goals, years, correlated indicators, methods."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from ...core import YearlySeries, years_of
from ..language import document_name, forecasts, indicator_name, level_shown, number, reason, texts
from ..published import office_shown
from ..sentences.answer import in_order
from ..subject import indicator_row
from ..tagged_numbers import plain
from .verdicts import verdicts_table

#: A line never breaks within an interval.
_TOGETHER = "\N{NO-BREAK SPACE}"
_IN_BRACKETS = re.compile(r"\([^()]*\)")
#: What opens the years that a pace is of.
_BRACKET = " ("
#: A middle with its unit, and its interval: a line breaks before the bracket only.
_RANGE = re.compile(r"[\d−][^:;(]*(?= \()|\([^()]*\)")
#: What `compare_methods` says of a method that is refused: the code of the reason, and the years it needs.
_REFUSED = ", needs "


def indicator_goals_table(
    verdicts: pd.DataFrame, indicators: pd.DataFrame, *, needed: int, lang: str = "vi"
) -> pd.DataFrame:
    """Return the goals of one indicator with their words as a table for print.

    Parameters
    ----------
    verdicts, indicators, needed, lang
        As in `verdicts_table`; every verdict is of the same indicator.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: the word, the goal, who set it, the forecast with its interval, the pace needed,
        that shown, and of a goal that is due the latest figure; by the year due, those that are assessed
        first. What differs by nothing but who set it is one row. What the department expects is left out,
        and columns that are blank throughout.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import indicator_goals_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> visits = {"tourist_arrivals": assess_indicator(project, params, "tourist_arrivals")}
    >>> verdicts = judge(project, visits, known_targets(project, params, "tourist_arrivals"), params)
    >>> table = indicator_goals_table(verdicts, project.indicators, needed=1, lang="en")
    >>> table.iloc[0, [1, 2, 4, 5]].tolist()
    ['3.5 million visits (2023)', 'resolution 2023', '40.3% a year', '−0.4% a year']
    """
    if verdicts.empty:
        return pd.DataFrame()
    words, ordered = texts(lang), in_order(verdicts)
    table = plain(verdicts_table(ordered, indicators, needed=needed, lang=lang))
    _, _, target, latest, expected, own_pace, pace, verdict = table.columns
    dash, unassessed = str(words["because"]).format(reason=""), words["status"]["not_assessed"]
    table[verdict] = [f"{unassessed} {word}" if word.startswith(dash) else word for word in table[verdict]]
    office = [plain(office_shown(row, lang)) for row in ordered.to_dict("records")]
    table[expected] = [
        cell.removesuffix(told).removesuffix("; ") for cell, told in zip(table[expected], office, strict=True)
    ]
    for head, parts in ((expected, _RANGE), (verdict, _IN_BRACKETS)):
        table[head] = [
            parts.sub(lambda found: found[0].replace(" ", _TOGETHER), cell) for cell in table[head]
        ]
    set_by, same = words["trajectory_page"]["columns"]["set_by"], [expected, pace, own_pace, latest]
    table[set_by] = [document_name(name, lang) for name in ordered["document"]]
    table[own_pace] = [own.partition(_BRACKET)[0] for own in table[own_pace]]
    due = ordered["overdue"] | ordered["status"].isin(["met", "missed"])
    table[latest] = [cell if past else "" for cell, past in zip(table[latest], due, strict=True)]
    once = table.groupby([verdict, target, *same], sort=False)[set_by].agg(", ".join).reset_index()
    shown: pd.DataFrame = once[[verdict, target, set_by, *same]]
    return shown.loc[:, (shown != "").any()]


def said_table(editions: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the verdicts of the editions on one indicator one below the other, the last edition first.

    Parameters
    ----------
    editions : pandas.DataFrame
        As `editions_table` returns them, of one indicator; it may be empty.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: the goal, the day, and what was said on it. A goal that was not yet known on a day
        has no row of it; of those that differ by nothing but who set them there is one.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import said_table
    >>> beside = pd.DataFrame({"Group": ["9"], "Target": ["Visits"], "Goal": ["3.5 million visits (2023)"],
    ...                        "15/1/2023": ["likely (about 70%)"], "30/6/2023": ["unlikely (about 25%)"]})
    >>> said_table(beside, lang="en").to_numpy().tolist()
    [['3.5 million visits (2023)', '30/6/2023', 'unlikely (about 25%)'],
     ['3.5 million visits (2023)', '15/1/2023', 'likely (about 70%)']]
    """
    heads = [texts(lang)["table"]["target"], texts(lang)["kept"]["columns"]["as_of"]]
    heads += [texts(lang)["table"]["verdict"]]
    rows = [
        (goal, day, said)
        for _, _, goal, *spoken in editions.itertuples(index=False)
        for day, said in reversed(list(zip(editions.columns[3:], spoken, strict=True)))
        if said
    ]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=heads)


def years_table(observed: YearlySeries | None, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the estimate of each year as a table for print, the last year first.

    Parameters
    ----------
    observed : YearlySeries or None
        The series; None where there is none.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: year, estimate with its unit, 80 % interval in the same unit, and what the
        estimate rests on. The running year stands first, if part of it has been observed.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import years_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> table = years_table(visits.observed, project.indicators.loc["tourist_arrivals"], lang="en")
    >>> table.iloc[4, [0, 1, 3]].tolist()
    ['2019', '3.22 million visits', 'whole year']
    """
    if observed is None:
        return pd.DataFrame()
    words, own = texts(lang), texts(lang)["trajectory_page"]
    table, rows = observed.with_running(), []
    for year, row in zip(years_of(table), table.to_dict("records"), strict=True):
        form = str(own["running"] if year > observed.origin else "{basis}")
        rows.append(
            {
                words["table"]["year"]: str(year),
                **_banded(row, "estimate", own["columns"]["estimate"], indicator, lang),
                own["columns"]["basis"]: form.format(basis=words["bases"][row["basis"]]),
            }
        )
    return pd.DataFrame(rows[::-1])


def _banded(row: Any, middle: str, head: str, indicator: pd.Series, lang: str) -> dict[str, str]:
    """Return a middle with its unit, and its 80 % interval without and in one line, by their heads."""
    words = texts(lang)["trajectory_page"]
    columns = {"middle": middle, "lower": "lower_80", "upper": "upper_80"}
    shown = forecasts(
        {name: row[column] for name, column in columns.items()},
        str(indicator["unit"]),
        int(indicator["decimals"]),
        lang,
        keys=columns,
        bare=("lower", "upper"),
    )
    interval = str(words["interval"]).format(**shown).replace(" ", _TOGETHER)
    named = str(words["columns"]["interval"]).format(level=level_shown(80, lang))
    return {head: plain(shown["middle"]), plain(named): plain(interval)}


def methods_table(methods: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the forecasts of several methods for the last year as a table for print.

    Parameters
    ----------
    methods : pandas.DataFrame
        As `pipeline.compare_methods` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: method, median with its unit, 80 % interval in the same unit; and, where there is
        one, why a method is refused or of what its fit warned. Without any forecast, no row.

    Examples
    --------
    >>> from sapa_analysis.pipeline import compare_methods, open_project
    >>> from sapa_analysis.reporting import methods_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> compared = compare_methods(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> methods_table(compared, project.indicators.loc["tourist_arrivals"], lang="en").iloc[0, :2].tolist()
    ['Main method', '3.5 million visits']
    """
    told = methods[methods["refused"] == ""]
    if told.empty:
        return pd.DataFrame()
    words = texts(lang)["trajectory_page"]
    heads = words["columns"]
    median = str(heads["median"]).format(year=told["year"].iloc[0])
    rows = []
    for method, row in methods.iterrows():
        shown = {} if row["refused"] else _banded(row, "median", median, indicator, lang)
        rows.append({heads["method"]: words["methods"][method], **shown, heads["remark"]: _remark(row, lang)})
    table = pd.DataFrame(rows).fillna("")
    table = table[[name for name in table.columns if name != heads["remark"]] + [heads["remark"]]]
    return table.loc[:, (table != "").any()]


def _remark(row: pd.Series, lang: str) -> str:
    """Return why a method is refused, or of what its fit warned."""
    words = texts(lang)["trajectory_page"]
    if row["refused"]:
        code, _, needed = str(row["refused"]).partition(_REFUSED)
        if code == "too_few_years":
            return str(words["refused_method"]).format(needed=needed)
        return plain(reason(code, lang, "", needed=int(needed)))
    known = {"converge": "not_settled", "starting": "other_start"}
    told = []
    for warning in filter(None, row["fit_health"].split("; ")):
        word = next((words["fit"][name] for part, name in known.items() if part in warning), "")
        told.append(str(word or words["fit"]["other"].format(text=warning)))
    return "; ".join(dict.fromkeys(told))


def correlations_table(
    correlations: pd.DataFrame, indicators: pd.DataFrame, *, of: str, lang: str = "vi"
) -> pd.DataFrame:
    """Return with which indicators one moves from year to year as a table for print, the closest first.

    Parameters
    ----------
    correlations : pandas.DataFrame
        As `pipeline.correlations_of` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    of : str
        An id of `indicators.csv`. For one that is computed from others, these are compared.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: both indicators, the correlation, and the years that it is of. Without a
        correlation of the indicator, no row.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import correlations_table
    >>> found = pd.DataFrame([["tourist_arrivals", "spend_per_visit", 6, -0.86, -0.32]],
    ...                      columns=["first", "second", "n", "raw", "correlation"])
    >>> correlations_table(found, load_project().indicators, of="spend_per_visit", lang="en").iloc[0].tolist()
    ['Spend per visit', 'Tourist arrivals', '−0.32', '6']
    """
    words, own = texts(lang)["trajectory_page"], _moving(of, indicators)
    rows = []
    for row in correlations.to_dict("records"):
        pair = sorted((row["first"], row["second"]), key=lambda name: name not in own)
        if pair[0] in own:
            rows.append((pair, row))
    rows.sort(key=lambda found: (own.index(found[0][0]), -abs(found[1]["correlation"])))
    heads = [words["columns"][name] for name in ("moving", "with", "correlation", "n_years")]
    return pd.DataFrame([[*_names(pair, indicators, lang), *_moved(row, lang)] for pair, row in rows],
                        columns=heads)  # fmt: skip


def _names(pair: list[str], indicators: pd.DataFrame, lang: str) -> list[str]:
    return [indicator_name(indicator_row(name, indicators), lang) for name in pair]


def _moved(row: Any, lang: str) -> list[str]:
    """Return the correlation and its years; what too few years tell nothing of is taken as none."""
    shown = number(row["correlation"], 2, lang)
    if pd.isna(row["raw"]):
        shown = str(texts(lang)["trajectory_page"]["unmeasured"]).format(zero=number(0, 0, lang))
    return [shown, number(row["n"], 0, lang)]


def _moving(of: str, indicators: pd.DataFrame) -> list[str]:
    """Return an indicator, those that it is computed from, and the growth of these."""
    row = indicator_row(of, indicators)
    own = [of, str(row.get("growth_of", "")), *re.findall(r"[a-z_]\w*", str(row.get("formula", "")))]
    grown = indicators.index[indicators["growth_of"].isin(own) & (indicators["growth_of"] != "")]
    return [name for name in dict.fromkeys([*own, *grown]) if name]
