"""Sentences that sum up the verdicts: counts by word, what is not assessed, how to read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...core import STATUSES
from ...evidence import is_office
from ..compared import compared_as
from ..language import count, document_name, texts
from ..office import instead, named
from ..published import day_shown, period_shown
from ..tagged_numbers import tag, tag_quoted


def describe_verdicts(verdicts: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return the counts of verdicts by document, and what is needed to judge the other targets.

    Without any verdict there is one sentence: no target was known.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    lang : str
        `vi` or `en`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_verdicts, plain
    >>> verdicts = pd.DataFrame({"document": "congress-2020", "status": ["likely", "likely", "not_assessed"],
    ...                          "reason": ["", "", "no_evidence"]})
    >>> print(*plain(describe_verdicts(verdicts, "en")))
    Of the 3 targets of the XXIII congress: 2 likely; 1 not assessed. Targets not assessed: 1; without any
    published figure: 1.
    """
    if verdicts.empty:
        return [str(texts(lang)["verdicts"]["no_target"])]
    sentences = [
        _summary(verdicts[verdicts["document"] == document], document, lang)
        for document in dict.fromkeys(verdicts["document"])
    ]
    return [*sentences, *describe_needs(verdicts, lang)]


def describe_needs(verdicts: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return how many targets are not assessed, by reason; empty if there are none."""
    parts = needs_counted(verdicts, lang)
    if not parts:
        return []
    total = count(int((verdicts["status"] == "not_assessed").sum()), lang, "needed.all")
    return [str(texts(lang)["verdicts"]["needed"]).format(n=total, parts="; ".join(parts.values()))]


def needs_counted(verdicts: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return by reason how many targets are not assessed, tagged, in the order of the texts."""
    reasons = open_reasons(verdicts).value_counts()
    forms = dict(texts(lang)["verdicts"]["unassessed"])
    own = "latest_url" in verdicts and verdicts["latest_url"].map(is_office).any()
    forms["no_evidence"] = instead("no_evidence", forms["no_evidence"], lang, own=bool(own))
    return {
        reason: str(form).format(n=count(int(reasons[reason]), lang, f"needed.{reason}"))
        for reason, form in forms.items()
        if reason in reasons
    }


def open_reasons(verdicts: pd.DataFrame) -> pd.Series:
    """Return why targets are not assessed: their reason, or `rated` where the rating is known."""
    open_ = verdicts[verdicts["status"] == "not_assessed"]
    rated = [compared_as(verdict) == "rating" for _, verdict in open_.iterrows()]
    return open_["reason"].mask(pd.Series(rated, open_.index, dtype=bool), "rated")


def describe_met_counts(counts: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> list[str]:
    """Return the published counts of targets met, each with its year, page and date; empty if there are none.

    Parameters
    ----------
    counts : pandas.DataFrame
        As `met_counts` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import met_counts, open_project
    >>> from sapa_analysis.reporting import describe_met_counts, plain
    >>> project, params = open_project(as_of="2024-01-15")
    >>> counts = met_counts(project, params).query("unit == 'groups'")
    >>> print(*plain(describe_met_counts(counts, project.indicators, lang="en")))
    Published by the authorities, by their own count and for other years or papers than ours: target groups
    of the resolution met: 18 of 25 in 2022 (Đảng bộ thị xã Sa Pa tăng cường sức lãnh đạo thực hiện Nghị
    quyết của Đảng, 2023).
    """
    if counts.empty:
        return []
    words, pages = texts(lang)["verdicts"], []
    for (title, published, cite_ok), mine in counts.groupby(
        ["source_title", "published", "cite_ok"], sort=False
    ):
        told = "; ".join(_met(row, indicators, lang) for _, row in mine.iterrows())
        key = f"{mine['indicator_id'].iloc[0]}.{mine['period'].iloc[0]}.page"
        own = "source_url" in mine and is_office(mine["source_url"].iloc[0])
        told_title = named(str(title), lang) if own else str(title)
        source = tag_quoted(told_title, key) if cite_ok == "yes" else texts(lang)["sheet"]["uncited"]
        dated = day_shown(str(published), lang)
        pages.append(words["met_page"].format(counts=told, source=source, date=dated))
    return [str(words["met"]).format(parts="; ".join(pages))]


def _met(row: pd.Series, indicators: pd.DataFrame, lang: str) -> str:
    words, key = texts(lang)["verdicts"], met_key(row)
    shown = {
        name: tag(f"{row[column]:g}", f"{key}.{name}", int(row[column]), str(row["unit"]))
        for name, column in (("met", "value"), ("of", "of"))
    }
    form = words["met_estimate" if row["kind"] == "estimate" else "met_count"]
    name = indicators.loc[row["indicator_id"], f"name_{lang}"]
    return str(form).format(name=name, period=period_shown(row["period"], row["freq"], lang), **shown)


def met_key(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return what the keys of a published count begin with."""
    return f"{row['area']}.{row['indicator_id']}.{row['period']}"


def _summary(verdicts: pd.DataFrame, document: str, lang: str) -> str:
    words = texts(lang)
    late = verdicts["overdue"].astype(bool) if "overdue" in verdicts else pd.Series(False, verdicts.index)
    past = late & verdicts["status"].isin(list(words["overdue"]))
    parts = []
    for tense, mine in (("status", verdicts[~past]), ("overdue", verdicts[past])):
        counts = mine["status"].value_counts()
        parts += [
            words["verdicts"]["count"].format(
                n=count(counts[word], lang, f"{document}.{tense}.{word}"), status=words[tense][word]
            )
            for word in STATUSES
            if word in counts
        ]
    total = count(len(verdicts), lang, f"{document}.targets")
    return str(words["verdicts"]["summary"]).format(
        n=total, document=document_name(document, lang), counts="; ".join(parts)
    )
