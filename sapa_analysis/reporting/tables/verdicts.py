"""Tables of verdicts for print: one row per target, groups by verdict or completion, joint questions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...core import STATUSES, THIN_YEARS
from ...verdicts import BANDS, count_bands
from ..goals import due, goal, target_named
from ..lacking import WITHOUT_A_FIGURE, figures_asked
from ..language import (
    chance_shown,
    document_name,
    forecasts,
    level_shown,
    percent_in_steps,
    status,
    texts,
)
from ..paces import pace_needed, pace_own
from ..published import Cite, latest_shown, office_shown


def verdicts_table(
    verdicts: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    needed: int,
    lang: str = "vi",
    cite: Cite | None = None,
    units: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the verdicts as a table for print, one row per target.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    needed : int
        Years with a figure that a forecast needs (for the reasons).
    lang : {"vi", "en"}
        Language.
    cite : callable, optional
        Returns the mark of the page of a row's figure, such as " [3]".
    units : mapping of str to str, optional
        The unit in charge of each target, by its id; where no figure is known it is asked for it.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import plain, verdicts_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> visits = {"tourist_arrivals": assess_indicator(project, params, "tourist_arrivals")}
    >>> verdicts = judge(project, visits, known_targets(project, params, "tourist_arrivals"), params)
    >>> table = plain(verdicts_table(verdicts, project.indicators, needed=1, lang="en"))
    >>> table.iloc[0].to_dict()
    {'Group': '9', 'Target': 'Tourist arrivals', 'Goal': '3.5 million visits (2023)', 'Latest figure': '2.43
    million visits (to 23/12/2022)', 'Forecast (80% interval)': '3.2 million visits (2.7 to 3.8)', 'Own pace
    a year': '−0.4% a year (2017–2022; shock years: 2020–2022; 2022 not final)', 'Needed a year': '40.3% a
    year', 'Likelihood': 'unlikely (about 25%; stable)'}
    """
    heads = texts(lang)["table"]
    past = bool(verdicts.loc[verdicts["expected"].notna(), "overdue"].all() and verdicts["overdue"].any())
    expected = heads["expected_past" if past else "expected"].format(level=level_shown(80, lang))
    columns = [*(heads[name] for name in ("group", "indicator", "target", "latest")), expected]
    columns += [heads["own_pace"], heads["pace"], heads["verdict"]]
    rows = []
    for _, verdict in verdicts.iterrows():
        indicator = indicators.loc[verdict["indicator_id"]]
        rows.append(
            {
                heads["group"]: _group(verdict),
                heads["indicator"]: target_named(verdict, indicator, lang),
                heads["target"]: f"{goal(verdict, int(indicator['decimals']), lang)} ({due(verdict, lang)})",
                heads["latest"]: latest_shown(verdict, indicator, lang, cite=cite),
                expected: forecast_shown(verdict, indicator, lang, past=past),
                heads["own_pace"]: pace_own(verdict, lang),
                heads["pace"]: _pace(verdict, lang),
                heads["verdict"]: _verdict(verdict, needed, lang, units),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _group(verdict: pd.Series) -> str:
    return str(verdict["clause"]) if str(verdict["clause"]).isdigit() else ""


def _pace(verdict: pd.Series, lang: str) -> str:
    if verdict["passed"]:
        return str(texts(lang)["table"]["passed"])
    return pace_needed(verdict, lang)


def forecast_shown(verdict: pd.Series, indicator: pd.Series, lang: str, *, past: bool = False) -> str:
    """Return the forecast of the year due, and what the department expects of it."""
    told = [_forecast(verdict, indicator, lang, past=past), office_shown(verdict, lang)]
    return "; ".join(part for part in told if part)


def _forecast(verdict: pd.Series, indicator: pd.Series, lang: str, *, past: bool) -> str:
    if pd.isna(verdict["expected"]):
        return ""
    columns = {"middle": "expected", "lower": "lower_80", "upper": "upper_80"}
    shown = forecasts(
        {name: verdict[column] for name, column in columns.items()},
        verdict["unit"],
        int(indicator["decimals"]),
        lang,
        keys={name: f"{verdict['id']}.{column}" for name, column in columns.items()},
        bare=("lower", "upper"),
    )
    words = texts(lang)["table"]
    text = str(words["range"]).format(**shown)
    return str(words["modelled"]).format(range=text) if verdict["overdue"] and not past else text


def _verdict(verdict: pd.Series, needed: int, lang: str, units: Mapping[str, str] | None) -> str:
    if verdict["reason"] in WITHOUT_A_FIGURE and verdict["status"] == "not_assessed" and units is not None:
        asked = figures_asked(str(verdict["reason"]), units.get(verdict["id"], ""), lang)
        return str(texts(lang)["because"]).format(reason=asked)
    word = status(verdict, lang, needed=needed)
    if pd.isna(verdict["probability"]):
        return word
    chance = percent_in_steps(verdict["probability"], lang, verdict["id"] + ".probability")
    few = [support] if (support := thin_support(verdict, lang)) else []
    grade = [texts(lang)["stability"][verdict["stability_grade"]]] if verdict["stability_grade"] else []
    return f"{word} ({'; '.join([chance, *few, *grade])})"


def thin_support(verdict: pd.Series, lang: str) -> str:
    """Return what to say of a probability that stands on few figures, or on plans only; blank otherwise."""
    if pd.isna(verdict["probability"]) or verdict["n_years"] >= THIN_YEARS:
        return ""
    return str(texts(lang)["plans"]["level"] if verdict["level_of_plans"] else texts(lang)["table"]["few"])


def groups_table(groups: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the number of groups of each document by verdict, as a table for print.

    Parameters
    ----------
    groups : pandas.DataFrame
        As `group_verdicts` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import groups_table
    >>> groups = pd.DataFrame({"document": "plan-2019", "status": ["met", "likely", "likely", "even"]})
    >>> groups_table(groups, lang="en")
                   Likelihood  plan-2019
    0                     met          1
    1                  likely          2
    2  about as likely as not          1
    """
    counts = pd.crosstab(groups["status"], groups["document"])[list(dict.fromkeys(groups["document"]))]
    counts = counts.reindex(STATUSES).dropna(how="all")
    head = texts(lang)["table"]["verdict"]
    return _worded(counts.fillna(0).astype(int), head, texts(lang)["status"], lang)


def bands_table(groups: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the number of groups of each document by completion band, as Vietnamese reports count them.

    Parameters
    ----------
    groups, lang
        As in `groups_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import bands_table
    >>> groups = pd.DataFrame({"document": "plan-2019", "completion": [1.04, 0.95, 0.93, 0.40, None]})
    >>> bands_table(groups, lang="en")
      Latest figure of the goal  plan-2019
    0                  exceeded          1
    1                       met          0
    2                  over 90%          2
    3               90% or less          1
    """
    counts = {name: count_bands(mine["completion"]) for name, mine in groups.groupby("document", sort=False)}
    head = texts(lang)["targets_page"]["columns"]["band"]
    return _worded(pd.DataFrame(counts, index=list(BANDS)), head, texts(lang)["bands"], lang)


def _worded(counts: pd.DataFrame, head: str, words: Mapping[str, str], lang: str) -> pd.DataFrame:
    """Return counts with their words as the first column, and documents by name."""
    named = counts.set_axis([document_name(str(name), lang) for name in counts.columns], axis=1)
    said = [words[str(name)] for name in counts.index]
    return named.set_axis(range(len(said))).assign(**{head: said})[[head, *named.columns]]


def joint_table(chances: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return joint questions and their probabilities as a table for print.

    Parameters
    ----------
    chances : pandas.DataFrame
        As `joint_chances` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import joint_table
    >>> chances = pd.DataFrame([{"document": "plan-2019", "question": "most", "field": "", "n": 25,
    ...                          "wanted": 20, "n_assessed": 24, "lower": 0.31, "upper": 0.44}])
    >>> joint_table(chances, lang="en").iloc[0].to_dict()
    {'Source': 'plan-2019', 'Question': 'at least 20 of 25 groups', 'Targets or groups': 25, 'Assessed': 24,
     'Chance': '31% to 44%'}
    """
    words, heads = texts(lang)["sheet"], texts(lang)["table"]
    asked = {
        "all": lambda row: words["all"].format(field=texts(lang)["fields"][row["field"]]),
        "most": lambda row: words["most"].format(wanted=row["wanted"], n=row["n"]),
    }
    rows = [
        {
            heads["source"]: document_name(row["document"], lang),
            words["question"]: asked[row["question"]](row),
            words["n"]: row["n"],
            words["n_assessed"]: row["n_assessed"],
            words["chance"]: _bounds(row["lower"], row["upper"], lang),
        }
        for row in chances.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _bounds(lower: float, upper: float, lang: str) -> str:
    low, high = (chance_shown(chance, lang) for chance in (lower, upper))
    return low if low == high else str(texts(lang)["sheet"]["between"]).format(lower=low, upper=high)
