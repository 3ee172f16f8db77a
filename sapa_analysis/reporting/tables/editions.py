"""Tables of targets for notebooks: editions side by side, and verdicts with their outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from ...pipeline import Project
from ..goals import due, goal, target_named, units_of
from ..lacking import WITHOUT_A_FIGURE, figures_asked
from ..language import (
    chance_shown,
    day,
    document_name,
    indicator_name,
    number,
    percent_in_steps,
    quantity,
    status,
    texts,
    what_is_needed,
)
from ..published import figure_printed
from ..tagged_numbers import plain


def editions_table(
    project: Project,
    issued: pd.DataFrame,
    *,
    documents: Sequence[str],
    editions: Sequence[date],
    needed: int,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the verdicts of the editions side by side, one row per target.

    Parameters
    ----------
    project : Project
        The tables.
    issued : pandas.DataFrame
        As `verdicts.read_register` returns them, of one area.
    documents : sequence of str
        The documents whose targets are shown, in this order.
    editions : sequence of datetime.date
        Vintages to show; a target not yet known at one has a blank cell there.
    needed : int
        Years with a figure that a forecast needs (for the reasons).
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import editions_table
    >>> from sapa_analysis.verdicts import REGISTER, read_register
    >>> project, days = load_project(), [date(2023, 1, 15), date(2023, 6, 30)]
    >>> said = read_register(project.root / REGISTER, area="sa_pa")
    >>> rows = editions_table(project, said, documents=["congress-2020"], editions=days, needed=1, lang="en")
    >>> rows[rows["Target"] == "Tourist arrivals"].iloc[0, 2:].to_dict()
    {'Goal': '5.8 million visits (2025)', '15/1/2023': 'about as likely as not (about 35%)',
     '30/6/2023': 'unlikely (about 25%)'}
    """
    chosen = issued[issued["document"].isin(documents) & issued["as_of"].isin(list(editions))]
    worded = {target.id: target for target in project.targets}
    targets = chosen.drop_duplicates("id").sort_values(
        "document", key=lambda names: names.map(list(documents).index), kind="stable"
    )
    targets = targets.assign(
        **{
            name: [getattr(worded.get(each), name, "") for each in targets["id"]]
            for name in ("printed", "sense_inferred")
        }
    )
    units = units_of(project, project.targets, lang)
    said = {(row["id"], row["as_of"]): _said(row, needed, lang, units) for _, row in chosen.iterrows()}
    heads = texts(lang)["table"]
    rows = [
        {
            heads["group"]: row["clause"],
            heads["indicator"]: plain(target_named(row, project.indicators.loc[row["indicator_id"]], lang)),
            heads["target"]: _goal(row, project, lang),
            **{day(edition, lang): said.get((row["id"], edition), "") for edition in editions},
        }
        for _, row in targets.iterrows()
    ]
    return pd.DataFrame(rows)


def _goal(row: pd.Series, project: Project, lang: str) -> str:
    decimals = int(project.indicators.loc[row["indicator_id"], "decimals"])
    return plain(f"{goal(row, decimals, lang)} ({due(row, lang)})")


def _said(row: pd.Series, needed: int, lang: str, units: Mapping[str, str]) -> str:
    if row["status"] == "not_assessed":
        code, unit = str(row["reason"]), units.get(row["id"], "")
        asked = figures_asked(code, unit, lang) if code in WITHOUT_A_FIGURE else ""
        return plain(what_is_needed(row, lang, needed=needed, why=asked))
    word = plain(status(row, lang))
    if pd.isna(row["probability"]):
        return word
    return f"{word} ({plain(percent_in_steps(row['probability'], lang, ''))})"


def kept_table(cases: pd.DataFrame, project: Project, *, lang: str = "vi") -> pd.DataFrame:
    """Return issued verdicts with outcome and score as a table for print.

    Parameters
    ----------
    cases : pandas.DataFrame
        As `evaluation.settle` returns them.
    project : Project
        The tables.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import kept_table
    >>> case = {"id": "congress-2020.tourist_arrivals", "document": "congress-2020", "measure": "level",
    ...         "indicator_id": "tourist_arrivals", "start": None, "end": 2025, "sense": "at_least",
    ...         "value": 5.8e6, "value_high": None, "unit": "visits", "as_of": date(2023, 6, 30),
    ...         "probability": 0.26, "outcome": 0.0, "expected": 3.9e6, "office": None, "result": None,
    ...         "brier": 0.0676}
    >>> kept_table(pd.DataFrame([case]), load_project(), lang="en").iloc[0].to_dict()
    {'Target': 'Tourist arrivals: 5.8 million visits (2025)', 'Source': 'XXIII congress',
     'Day': '30/6/2023', 'Said': '26%', 'Outcome': 'missed', 'Our median': '3.9 million visits',
     "Department's estimate": '', 'Result': '', 'Brier': '0.07'}
    """
    heads, words = texts(lang)["kept"]["columns"], texts(lang)["status"]
    rows = [
        {
            heads["target"]: f"{_name(row, project, lang)}: {_goal(row, project, lang)}",
            texts(lang)["table"]["source"]: document_name(row["document"], lang),
            heads["as_of"]: day(row["as_of"], lang),
            heads["probability"]: chance_shown(row["probability"], lang),
            heads["outcome"]: words["met" if row["outcome"] else "missed"],
            heads["expected"]: _amount(row, "expected", project, lang),
            **{heads[name]: _printed(row, name, lang) for name in ("office", "result")},
            heads["brier"]: number(row["brier"], 2, lang),
        }
        for _, row in cases.iterrows()
    ]
    return pd.DataFrame(rows, columns=None if rows else list(heads.values()))


def _name(row: pd.Series, project: Project, lang: str) -> str:
    return indicator_name(project.indicators.loc[row["indicator_id"]], lang)


def _printed(row: pd.Series, column: str, lang: str) -> str:
    """Return an amount as it was published."""
    if pd.isna(row[column]):
        return ""
    return figure_printed(row[column], row["unit"], lang, bound=str(row.get(f"{column}_bound") or "exact"))


def _amount(row: pd.Series, column: str, project: Project, lang: str) -> str:
    if pd.isna(row[column]):
        return ""
    decimals = int(project.indicators.loc[row["indicator_id"], "decimals"])
    return quantity(row[column], row["unit"], decimals, lang)
