"""Tables of targets for notebooks: the targets of a document, editions side by side, scored verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd

from ..core import FIELDS, OUTLOOKS, address_problem, printable
from ..evidence import is_office
from ..pipeline import Project, Results, years_needed
from .figures.sparkline import sparkline
from .goals import due, goal, target_named, units_of, who_leads
from .lacking import WITHOUT_A_FIGURE, figures_asked
from .language import (
    chance_shown,
    day,
    document_name,
    indicator_name,
    number,
    percent,
    percent_in_steps,
    quantity,
    status,
    texts,
    what_is_needed,
)
from .office import named, notes
from .published import day_shown, figure_printed
from .sentences.plans import describe_plans
from .tagged_numbers import plain
from .verdict_tables import thin_support, verdicts_table

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

#: Tints of the outlooks, distinguishable in grey too.
_TINTS = {"likely": "#cfe2f3", "even": "#f3f3f3", "unlikely": "#fbe0c8"}
_LEFT = [
    {
        "selector": "td, th",
        "props": "text-align: left; vertical-align: top; max-width: 17em; white-space: normal",
    },
    {"selector": "caption", "props": "text-align: left; font-weight: bold"},
]


def targets_sheet(project: Project, results: Results, document: str, *, lang: str = "vi") -> Styler:
    """Return the targets of one document by field, with trend, probability, stability, pace and source.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    document : str
        An id of `documents.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas Styler
        One row per target; the verdict has the tint of its outlook only if the result is known or the
        published rules agree.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import targets_sheet
    >>> project, params = open_project(as_of="2023-06-30")
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> sheet = targets_sheet(project, results, "congress-2020", lang="en").data
    >>> sheet.loc[[1, 5], ["Goal", "Needed a year"]]
                          Goal Needed a year
    1   145 million VND (2025)  13.4% a year
    5  1 million visits (2025)  14.0% a year
    """
    verdicts = results.verdicts[results.verdicts["document"] == document]
    verdicts = verdicts.sort_values("field", key=lambda names: names.map(FIELDS.index), kind="stable")
    needed = years_needed(results.params)
    printed = plain(verdicts_table(verdicts, project.indicators, needed=needed, lang=lang))
    printed = printed.map(escape)
    units = units_of(project, results.targets, lang)
    words, leads = texts(lang)["sheet"], who_leads(project, results.targets, lang)
    led = [
        f"<br><small>{escape(plain(leads[name]))}</small>" if name in leads else "" for name in verdicts["id"]
    ]
    printed[printed.columns[1]] += led
    columns = {
        words["field"]: [texts(lang)["fields"][name] for name in verdicts["field"]],
        **{head: printed[head].to_list() for head in printed.columns[:3]},
        words["trend"]: [_spark(project, results, row, lang) for _, row in verdicts.iterrows()],
        printed.columns[3]: printed.iloc[:, 3].to_list(),
        texts(lang)["table"]["whole_year"]: [
            escape(_amount(row, "whole_year", project, lang)) for _, row in verdicts.iterrows()
        ],
        **{head: printed[head].to_list() for head in printed.columns[4:7]},
        words["rarity"]: [_rarity(row, lang) for _, row in verdicts.iterrows()],
        printed.columns[7]: [
            escape(_said(row, needed, lang, units)) + _aside(row, project, lang)
            for _, row in verdicts.iterrows()
        ],
        words["stability"]: [_stability(row, lang) for _, row in verdicts.iterrows()],
        words["source"]: [_source(row, lang) for _, row in verdicts.iterrows()],
    }
    table, chance = pd.DataFrame(columns), printed.columns[7]
    table = table.loc[:, (table != "").any() | (table.columns == chance)]
    tints = [_tint(row) for _, row in verdicts.iterrows()]
    styled = table.style.set_uuid(f"targets-{document}").hide(axis="index").set_table_styles(_LEFT)  # type: ignore[arg-type]
    styled = styled.apply(lambda _: tints, subset=[chance])
    for head, width in ((printed.columns[1], "12em"), (chance, "15em")):
        styled = styled.set_properties(subset=table.columns.intersection([head]), **{"min-width": width})
    title = str(words["title"].format(document=document_name(document, lang)))
    told = "; ".join(each.rstrip(".") for each in notes(map(str, table.to_numpy().ravel()), lang))
    return styled.set_caption(f"{title} ({told})" if told else title)


def _aside(row: pd.Series, project: Project, lang: str) -> str:
    """Return on what a probability stands, or whose plans are told beside a plan known by itself only."""
    told = [thin_support(row, lang), *plain(describe_plans(row.to_frame().T, project.areas, lang))]
    return "".join(f"<br><small>{escape(each)}</small>" for each in told if each)


def _tint(row: pd.Series) -> str:
    outlook = next(name for name, statuses in OUTLOOKS.items() if row["status"] in statuses)
    known = row["status"] in ("met", "missed")
    shown = known or row["stability_grade"] in ("stable", "fairly_stable")
    return f"background-color: {_TINTS[outlook]}" if shown and outlook in _TINTS else ""


def _spark(project: Project, results: Results, row: pd.Series, lang: str) -> str:
    outcome = results.outcomes.get(row["indicator_id"])
    title = str(texts(lang)["sheet"]["spark"]).format(name=_name(row, project, lang))
    return sparkline(outcome.observed if outcome else None, row, title=title)


def _rarity(row: pd.Series, lang: str) -> str:
    if pd.isna(row["pace_percentile"]):
        return ""
    share = percent(row["pace_percentile"] / 100, lang, f"{row['id']}.pace_percentile")
    return plain(str(texts(lang)["sheet"]["rarer"]).format(share=share))


def _stability(row: pd.Series, lang: str) -> str:
    if not row["stability_grade"]:
        return ""
    words = texts(lang)
    share = plain(percent(row["stability"], lang, f"{row['id']}.stability"))
    told = words["sheet"]["votes"].format(grade=words["stability"][row["stability_grade"]], share=share)
    votes = [vote.split() for vote in row["flips"].split("; ") if vote]
    flips = ", ".join(f"{words['rules'][rule]} {year}" for rule, year in votes)
    return f"{told}<br><small>{words['sheet']['flips'].format(flips=flips)}</small>" if flips else str(told)


def _source(row: pd.Series, lang: str) -> str:
    """Return a link to the page of the latest figure if an official paper may cite it."""
    if not row["latest_source"]:
        return ""
    dated = escape(day_shown(row["latest_published"], lang))
    if row["latest_cite_ok"] != "yes":
        return f"{texts(lang)['sheet']['uncited']}, {dated}"
    host = urlsplit(row["latest_url"]).netloc.removeprefix("www.") or row["latest_source"]
    if is_office(row["latest_url"]):
        return f"{escape(printable(named(row['latest_source'], lang)))}, {dated}"
    if address_problem(row["latest_url"]):
        return f"{escape(printable(row['latest_source']))}, {dated}"
    address, title = escape(row["latest_url"]), escape(printable(row["latest_source"]))
    return f'<a href="{address}" title="{title}">{escape(host)}</a>, {dated}'


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
