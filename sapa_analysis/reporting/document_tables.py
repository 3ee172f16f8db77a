"""A document in full as a table for print: what it says beyond its figures, tasks and groups linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ..core import address_problem, printable
from ..targets import DocumentText, Listing, Passage
from .language import document_name, texts
from .published import day_shown

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_LEFT = [
    {"selector": "td, th", "props": "text-align: left; vertical-align: top; white-space: normal"},
    {"selector": "caption", "props": "text-align: left; font-weight: bold"},
]


class _Row(NamedTuple):
    part: str
    number: str = ""
    text: str = ""
    linked: str = ""


def document_table(documents: Mapping[str, DocumentText], document: str, *, lang: str = "vi") -> Styler:
    """Return all that a document says beyond its figures, part by part.

    Parameters
    ----------
    documents : mapping of str to DocumentText
        Those known on a day: `texts` of a project narrowed by `as_of`.
    document : str
        An id of `documents.csv`. Without a text the table has no row, and its caption says so.
    lang : {"vi", "en"}
        Language. In English our words stand above the printed ones, which stay Vietnamese.

    Returns
    -------
    pandas Styler
        Text as HTML in every cell; what follows in the same part leaves the first cell blank.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import document_table
    >>> texts = load_project().as_of("2021").texts
    >>> document_table(texts, "congress-2020", lang="en").data[["Part", "No.", "Text"]].iloc[[1, 4]]
                Part No.                                    Text
    1  Breakthroughs   1                                 Tourism
    4      Key tasks   1  Tourism as the central economic sector
    >>> len(document_table(texts, "resolution-2023", lang="en").data)
    0
    """
    words, held = texts(lang)["document"], documents.get(document)
    heads = [words[name] for name in ("part", "number", "text", "linked")]
    rows = [] if held is None else list(_rows(held, lang))
    table = pd.DataFrame(rows, columns=heads)
    table[heads[0]] = table[heads[0]].where(table[heads[0]] != table[heads[0]].shift(), "")
    styled = table.style.set_uuid(f"documents-{document}").hide(axis="index").set_table_styles(_LEFT)  # type: ignore[arg-type]
    styled = styled.set_properties(subset=[heads[0], heads[3]], **{"min-width": "10em"})
    caption = words["none" if held is None else "title"]
    return styled.set_caption(caption.format(document=document_name(document, lang)))


def _rows(text: DocumentText, lang: str) -> Iterator[_Row]:
    words = texts(lang)["document"]
    parts = words["parts"]
    yield _Row(parts["source"], text=_source(text, lang))
    for name in ("issued_by", "theme", "general_goal"):
        if (passage := getattr(text, name)) is not None:
            yield _Row(parts[name], text=_shown(passage, lang))
    for name, listing in text.listings().items():
        yield from _listing(parts[name], listing, lang)
    for task in text.specific_tasks:
        links = [words["group"].format(no=link.group, words=link.task_words) for link in task.links]
        groups = escape("; ".join(links), quote=False)
        yield _Row(parts["specific_tasks"], str(task.no), _shown(task, lang), groups)
    for group in text.target_groups:
        tasks = [words["task"].format(no=task.no) for task in text.tasks_of(group.no)]
        yield _Row(parts["target_groups"], str(group.no), escape(group.printed), ", ".join(tasks))
    for each in text.milestones:
        linked = "" if each.task is None else words["task"].format(no=each.task)
        yield _Row(parts["milestones"], words["year"].format(year=each.year), _shown(each, lang), linked)


def _listing(part: str, listing: Listing, lang: str) -> Iterator[_Row]:
    """Yield what a document counts: the number where not all are named, then the named."""
    words, named = texts(lang)["document"], len(listing.named)
    if named < listing.count:
        form = words["some_named" if named else "only_the_number"]
        said = f"<br><small>{escape(listing.printed)}</small>" if listing.printed else ""
        yield _Row(part, text=form.format(n=listing.count, named=named) + said)
    for each in listing.named:
        linked = "" if each.task is None else words["task"].format(no=each.task)
        yield _Row(part, str(each.no), _shown(each, lang), linked)


def _shown(passage: Passage, lang: str) -> str:
    """Return the words in a language; in English with those of the document below, where we hold them."""
    said = escape(printable(passage.text(lang)))
    if lang == "vi" or not passage.printed:
        return said
    return f"{said}<br><small>{escape(printable(passage.printed))}</small>"


def _source(text: DocumentText, lang: str) -> str:
    """Return the page of a text, the day from which it is known, and whether its wording is held."""
    source, words = text.source, texts(lang)["document"]
    title = escape(printable(source.title))
    if source.url and not address_problem(source.url):
        title = f'<a href="{escape(source.url)}">{title}</a>'
    wording = words["as_printed" if any(part.printed for part in text.passages()) else "ours"]
    return str(words["known"]).format(title=title, day=day_shown(source.published, lang), wording=wording)
