"""Two or three sentences that answer which targets will be met: counts, then the surest by name."""

from __future__ import annotations

import pandas as pd

from ...core import OPEN, OUTLOOKS, STATUSES
from ..goals import due
from ..language import count, document_name, percent_in_steps, texts
from ..tagged_numbers import capital, tag_quoted
from .verdicts import needs_counted, open_reasons

#: With more documents than these their counts are left to a table.
_DOCUMENTS = 3
#: How many targets are named as least likely.
_LEAST = 2
_JUDGED = ("likely", "even", "unlikely")


def describe_outlook(verdicts: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> list[str]:
    """Return which targets will be met in at most three sentences: in all, by document, the surest by name.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Tagged. Counts of two or three documents stand apart; of one they are all, of more they are left to
        a table. Named are the likeliest target, if any is likely, and the two least likely.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, judge, known_targets, open_project
    >>> from sapa_analysis.reporting import describe_outlook, plain
    >>> project, params = open_project(as_of="2023-06-30", documents=["congress-2020"])
    >>> params = params.with_values(n_paths=100)
    >>> visits = {"tourist_arrivals": assess_indicator(project, params, "tourist_arrivals")}
    >>> verdicts = judge(project, visits, known_targets(project, params, "tourist_arrivals"), params)
    >>> print(*plain(describe_outlook(verdicts, project.indicators, lang="en")))
    Of the 1 targets of the XXIII congress: none likely to be met; 1 unlikely to be met. Least chance:
    tourist arrivals (2025; under 5%).
    """
    if verdicts.empty:
        return [str(texts(lang)["verdicts"]["no_target"])]
    documents = list(dict.fromkeys(verdicts["document"]))
    told = [_in_all(verdicts, documents, lang)]
    if 1 < len(documents) <= _DOCUMENTS:
        parts = [_of_document(verdicts[verdicts["document"] == name], name, lang) for name in documents]
        told.append(
            capital(texts(lang)["targets_page"]["outlook"]["by_document"].format(parts="; ".join(parts)))
        )
    return [*told, *_surest(verdicts, indicators, lang)]


def _in_all(verdicts: pd.DataFrame, documents: list[str], lang: str) -> str:
    """Return the counts by outlook of all targets, and why nothing is said of the others."""
    words = texts(lang)["targets_page"]["outlook"]
    ends = verdicts["status"].isin(["met", "missed"]) | verdicts["overdue"].astype(bool)
    forms = words["known" if ends.any() else "ahead"]
    parts = []
    for outlook in _JUDGED:
        n = int(verdicts["status"].isin(OUTLOOKS[outlook]).sum())
        if n or outlook == "likely":
            shown = count(n, lang, f"outlook.{outlook}") if n else words["none"]
            parts.append(str(forms[outlook]).format(n=shown))
    if n := int(verdicts["status"].isin(OPEN).sum()):
        parts.append(words["open"].format(n=count(n, lang, "outlook.open"), why=_why(verdicts, lang)))
    return str(words["of_one" if len(documents) == 1 else "of_several"]).format(
        n=count(len(verdicts), lang, "outlook.targets"),
        document=document_name(documents[0], lang),
        documents=count(len(documents), lang, "outlook.documents"),
        parts="; ".join(parts),
    )


def _why(verdicts: pd.DataFrame, lang: str) -> str:
    """Return the reason that keeps most targets from being assessed, with its count."""
    told, reasons = needs_counted(verdicts, lang), open_reasons(verdicts).value_counts()
    if len(told):
        return told[max(told, key=lambda reason: int(reasons[reason]))]
    plans = int((verdicts["status"] == "plan_only").sum())
    return str(texts(lang)["targets_page"]["outlook"]["plan"]).format(n=count(plans, lang, "outlook.plans"))


def _of_document(verdicts: pd.DataFrame, document: str, lang: str) -> str:
    words, short = texts(lang)["targets_page"]["outlook"], texts(lang)["short"]
    counts = verdicts.loc[~verdicts["status"].isin(OPEN), "status"].value_counts()
    parts = [
        words["count"].format(
            n=count(int(counts[status]), lang, f"{document}.status.{status}"), word=short[status].lower()
        )
        for status in STATUSES
        if status in counts
    ]
    return str(words["document" if parts else "document_none"]).format(
        document=document_name(document, lang),
        judged=count(int(counts.sum()), lang, f"{document}.judged"),
        n=count(len(verdicts), lang, f"{document}.targets"),
        counts=", ".join(parts),
    )


def _surest(verdicts: pd.DataFrame, indicators: pd.DataFrame, lang: str) -> list[str]:
    """Return the likeliest and the least likely targets, one of each indicator and year."""
    words = texts(lang)["targets_page"]["outlook"]
    known = verdicts[verdicts["probability"].notna()].sort_values("probability", kind="stable")
    low = known[known["status"].isin(OUTLOOKS["unlikely"])].drop_duplicates(["indicator_id", "end"])
    high = known[known["status"].isin(OUTLOOKS["likely"])]
    told = []
    for form, rows in (("best", high.tail(1)), ("least", low.head(_LEAST))):
        parts = [_named(row, indicators, lang) for _, row in rows.iterrows()]
        told += [str(words[form]).format(parts="; ".join(parts))] if parts else []
    return [" ".join(told)] if told else []


def _named(row: pd.Series, indicators: pd.DataFrame, lang: str) -> str:
    indicator = indicators.loc[row["indicator_id"]]
    chance = percent_in_steps(row["probability"], lang, f"{row['id']}.probability")
    return str(texts(lang)["targets_page"]["outlook"]["target"]).format(
        name=tag_quoted(str(indicator[f"name_{lang}"]), f"{row['indicator_id']}.name.{lang}"),
        due=due(row, lang), chance=chance,
    )  # fmt: skip
