"""Tables for a working annex: two documents side by side, and consistency checks of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...core import SapaError
from ...targets import FIELDS, NUMBERS, Relations
from ..goals import due, goal
from ..language import (
    count,
    document_name,
    name_shown,
    quantity,
    texts,
)
from ..office import instead
from ..paces import pace_needed

Row = Mapping[Any, Any]


def describe_comparisons(
    compared: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return two documents side by side as a table for print.

    Parameters
    ----------
    compared : pandas.DataFrame
        As `compare_documents` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell: indicator, both goals, relation, pace and explanation.

    Examples
    --------
    >>> from sapa_analysis.pipeline import compare_papers, open_project
    >>> from sapa_analysis.reporting import describe_comparisons, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> compared = compare_papers(project, params).query("indicator_id_one == 'tourist_arrivals'")
    >>> table = plain(describe_comparisons(compared, project.indicators, lang="en"))
    >>> table.iloc[0].to_list()
    ['Tourist arrivals', '3.5 million visits (2023; resolution 2023)',
     '5.8 million visits (2025; XXIII congress)', 'another time', '28.7% a year',
     'From the goal for 2023 to that for 2025 takes 28.7% a year.']
    """
    words = texts(lang)["comparisons"]
    heads = words["columns"]
    rows = [
        {
            heads["indicator"]: _own_name(row, indicators, lang),
            heads["one"]: _goal(row, "one", indicators, lang),
            heads["other"]: _goal(row, "other", indicators, lang),
            heads["relation"]: words["relations"][row["relation"]],
            heads["pace"]: _pace(row, lang),
            heads["why"]: _explain(row, indicators, lang),
        }
        for row in compared.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(heads.values()))


def _side(row: Row, side: str) -> pd.Series | None:
    """Return one of the two targets of a row, or None if the row lacks it."""
    if pd.isna(row[f"id_{side}"]):
        return None
    return pd.Series({name: row[f"{name}_{side}"] for name in FIELDS}, dtype=object)


def _sides(row: Row) -> dict[str, pd.Series]:
    found = {side: _side(row, side) for side in ("one", "other")}
    return {side: target for side, target in found.items() if target is not None}


def _own_name(row: Row, indicators: pd.DataFrame, lang: str) -> str:
    first = next(iter(_sides(row).values()))
    return name_shown(indicators.loc[first["indicator_id"]], lang)


def _goal(row: Row, side: str, indicators: pd.DataFrame, lang: str) -> str:
    target = _side(row, side)
    if target is None:
        return ""
    decimals = int(indicators.loc[target["indicator_id"], "decimals"])
    return str(texts(lang)["comparisons"]["goal"]).format(
        goal=goal(target, decimals, lang),
        due=due(target, lang),
        document=document_name(target["document"], lang),
    )


def _pace(row: Row, lang: str) -> str:
    if pd.isna(row["pace"]):
        return ""
    told = {"id": f"{row['id_one']}.to.{row['id_other']}", "pace": row["pace"]}
    return pace_needed(pd.Series(told | {"pace_unit": row["pace_unit"], "unit": row["unit_one"]}), lang)


def _explain(row: Row, indicators: pd.DataFrame, lang: str) -> str:
    sides = _sides(row)
    years = [target["end"] for target in sides.values()]
    shown = {"early": min(years), "late": max(years), "pace": _pace(row, lang)}
    for side, target in sides.items():
        shown[side] = document_name(target["document"], lang)
        shown[f"indicator_{side}"] = name_shown(indicators.loc[target["indicator_id"]], lang)
    return str(texts(lang)["comparisons"]["notes"][row["note"]]).format(**shown)


def describe_consistency(
    found: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    relations: Relations | None = None,
    lang: str = "vi",
    own: bool = False,
) -> pd.DataFrame:
    """Return the findings of the consistency checks as a table for print.

    Parameters
    ----------
    found : pandas.DataFrame
        As `check_documents` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    relations : Relations, optional
        As `load_relations` returns them; with them, declared checks without words of their own are told in
        the general words of their section.
    lang : {"vi", "en"}
        Language.
    own : bool
        Whether figures of the office are among those compared with, so that not all were published.

    Returns
    -------
    pandas.DataFrame
        Tagged text in every cell: check, indicator, documents, finding and explanation.

    Raises
    ------
    SapaError
        When a check has no words.

    Examples
    --------
    >>> from sapa_analysis.pipeline import check_papers, open_project
    >>> from sapa_analysis.reporting import describe_consistency, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> found = check_papers(project, params).query("check == 'growth_per_head'")
    >>> table = describe_consistency(found, project.indicators, relations=project.relations, lang="en")
    >>> plain(table).iloc[0].to_list()
    ['Growth and GRDP per head', 'GRDP per capita', 'XXIII congress; resolution 2023', 'consistent',
     'From 118 million VND in 2023, growth of 14.5% a year gives 154.7 million VND in 2025 with a constant
     population and 151.1 million VND with one that grows by 1.2% a year (constant prices). The goal of 145
     million VND is lower: the growth goal already implies it; the two would ask the same only if the
     population grew by 3.3% a year.']
    """
    words = texts(lang)["consistency"]
    heads = words["columns"]
    declared = {check.check: (section, check) for section, _, check in (relations or Relations()).declared()}
    rows = []
    for row in found.to_dict("records"):
        section, check = declared.get(row["check"], ("", None))
        roles = check.indicators() if check else {}
        named: dict[str, Any] = {role: indicators.loc[name] for role, name in roles.items()}
        rows.append({
            heads["check"]: words["checks"].get(row["check"]) or words["checks"].get(section, row["check"]),
            heads["indicator"]: name_shown(indicators.loc[row["indicator_id"]], lang),
            heads["documents"]: "; ".join(document_name(name, lang) for name in row["documents"].split(";")),
            heads["finding"]: words["findings"][row["finding"]],
            heads["why"]: _why(row, section, named, lang, own=own),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(heads.values()))


def _why(row: Row, section: str, named: Mapping[str, Any], lang: str, *, own: bool) -> str:
    notes = texts(lang)["consistency"]["notes"]
    form = notes.get(row["check"], {}).get(row["note"]) or notes.get(section, {}).get(row["note"])
    if form is None:
        raise SapaError(f'the check "{row["check"]}" has no words for {row["note"]} in {lang}; hand over the '
                        "relations that declare it, or add it to reporting/texts")  # fmt: skip
    shown = {name: _number(row, name, named, lang) for name in NUMBERS if np.isfinite(row[name])}
    names = {f"{role}_name": name_shown(indicator, lang) for role, indicator in named.items()}
    known = instead("consistency_known", texts(lang)["consistency"]["known"], lang, own=own)
    return str(form).format(year=row["year"], since=row["since"], known=known, **shown, **names)


def _number(row: Row, name: str, named: Mapping[str, Any], lang: str) -> str:
    unit, decimals, role = NUMBERS[name]
    key = f"{row['check']}.{row['targets'].partition(';')[0]}.{name}"
    if unit == "count":
        return count(int(row[name]), lang, key)
    own = str(named[role]["unit"]) if role in named else unit or row["unit"]
    return quantity(row[name], own, decimals, lang, key=key)
