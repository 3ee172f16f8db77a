"""A document in full as a table for print: what it says beyond its figures, tasks and groups linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from ...core import address_problem, printable
from ...targets import DocumentText, Listing
from ..language import document_name, texts
from ..published import day_shown


class _Row(NamedTuple):
    part: str
    number: str = ""
    text: str = ""
    linked: str = ""


def document_table(documents: Mapping[str, DocumentText], document: str, *, lang: str = "vi") -> pd.DataFrame:
    """Return all that a document says beyond its figures, part by part.

    Parameters
    ----------
    documents : mapping of str to DocumentText
        Those known on a day: `texts` of a project narrowed by `as_of`.
    document : str
        An id of `documents.csv`. Without a text there is one row, which says so.
    lang : {"vi", "en"}
        Language. In English the words are ours; only names of groups stay as printed.

    Returns
    -------
    pandas.DataFrame
        Text: part, number, words, and the tasks or groups it is linked to. A column without a cell is left
        out.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import document_table
    >>> texts = load_project().as_of("2021").texts
    >>> document_table(texts, "congress-2020", lang="en")[["Part", "No.", "Text"]].iloc[[1, 4]]
                Part No.                                    Text
    1  Breakthroughs   1                                 Tourism
    4      Key tasks   1  Tourism as the central economic sector
    >>> document_table(texts, "resolution-2023", lang="en").iloc[0].to_list()
    ['Source', 'The text of the resolution 2023 is not held or was not known on that day.']
    """
    words, held = texts(lang)["document"], documents.get(document)
    heads = [words[name] for name in ("part", "number", "text", "linked")]
    none = _Row(words["parts"]["source"], text=words["none"].format(document=document_name(document, lang)))
    table = pd.DataFrame([none] if held is None else list(_rows(held, lang)), columns=heads)
    return table.loc[:, (table != "").any()]


def _rows(text: DocumentText, lang: str) -> Iterator[_Row]:
    words = texts(lang)["document"]
    parts = words["parts"]
    yield _Row(parts["source"], text=_source(text, lang))
    for name in ("issued_by", "theme", "general_goal"):
        if (passage := getattr(text, name)) is not None:
            yield _Row(parts[name], text=printable(passage.text(lang)))
    for name, listing in text.listings().items():
        yield from _listing(parts[name], listing, lang)
    for task in text.specific_tasks:
        links = [words["group"].format(no=link.group, words=link.task_words) for link in task.links]
        yield _Row(parts["specific_tasks"], str(task.no), printable(task.text(lang)), "; ".join(links))
    for group in text.target_groups:
        tasks = [words["task"].format(no=task.no) for task in text.tasks_of(group.no)]
        yield _Row(parts["target_groups"], str(group.no), printable(group.printed), ", ".join(tasks))
    for each in text.milestones:
        linked = "" if each.task is None else words["task"].format(no=each.task)
        yield _Row(
            parts["milestones"], words["year"].format(year=each.year), printable(each.text(lang)), linked
        )


def _listing(part: str, listing: Listing, lang: str) -> Iterator[_Row]:
    """Yield what a document counts: the number where not all are named, then the named."""
    words, named = texts(lang)["document"], len(listing.named)
    if named < listing.count:
        form = words["some_named" if named else "only_the_number"]
        said = f" ({printable(listing.printed)})" if listing.printed and lang == "vi" else ""
        yield _Row(part, text=form.format(n=listing.count, named=named) + said)
    for each in listing.named:
        linked = "" if each.task is None else words["task"].format(no=each.task)
        yield _Row(part, str(each.no), printable(each.text(lang)), linked)


def _source(text: DocumentText, lang: str) -> str:
    """Return the page of a text, the day from which it is known, and whether its wording is held."""
    source, words = text.source, texts(lang)["document"]
    page = f" ({source.url})" if source.url and not address_problem(source.url) else ""
    wording = words["as_printed" if any(part.printed for part in text.passages()) else "ours"]
    return str(words["known"]).format(
        title=printable(source.title) + page, day=day_shown(source.published, lang), wording=wording
    )
