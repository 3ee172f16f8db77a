"""Sources that the two pages cite: numbered from 1 in the order in which they are cited, offices first."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ...core import address_problem
from ..language import texts
from ..paper.model import Source, Sources
from ..published import day_shown
from ..tagged_numbers import tag, tag_quoted

_COLUMNS = ["source_title", "source_url", "published", "cite_ok"]
#: Letters of a title at most.
MOST_LETTERS = 150
#: Who published a page, in brackets at the end of its title.
_PUBLISHER = re.compile(r"^(?P<title>.*\S)\s*\((?P<office>[^()]+)\)$")


def cited_pages(counts: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the pages that may be cited, of published counts and of verdicts, each once, in their order."""
    latest = {f"latest_{name}": column for name, column in zip(
        ("source", "url", "published", "cite_ok"), _COLUMNS, strict=True)}  # fmt: skip
    told = verdicts[verdicts["latest"].notna()]
    pages = pd.concat([counts[_COLUMNS], told[list(latest)].rename(columns=latest)], ignore_index=True)
    citable = pages[(pages["cite_ok"] == "yes") & (pages["source_title"] != "")]
    page = citable["source_url"].where(citable["source_url"] != "", citable["source_title"])
    return citable[~page.duplicated()].reset_index(drop=True)


def shortened(title: str) -> str:
    """Return a title of at most so many letters as a source may take, cut between words.

    Examples
    --------
    >>> shortened("one " * 60)[-9:]
    'one one …'
    """
    if len(title) <= MOST_LETTERS:
        return title
    return f"{title[:MOST_LETTERS].rsplit(' ', 1)[0]} …"


def mark_of(pages: pd.DataFrame, title: str, url: str) -> str:
    """Return the mark of a page, such as " [3]", or of one that should not be cited."""
    column, page = ("source_url", url) if url else ("source_title", title)
    found = pages.index[pages[column] == page]
    if found.empty:
        return "†" if title else ""
    place = int(found[0]) + 1
    return " " + tag(f"[{place}]", f"sources.{place}.mark", place, "source")


def sources(pages: pd.DataFrame, lang: str) -> Sources:
    """Return the numbered list of the pages."""
    listed = enumerate(pages.to_dict("records"), start=1)
    return Sources(tuple(_source(page, place, lang) for place, page in listed))


def _source(page: dict[Any, Any], place: int, lang: str) -> Source:
    words, key = texts(lang)["brief"], f"brief.sources.{place}"
    office, title = _office(str(page["source_title"]), str(page["source_url"]), lang)
    dated = day_shown(str(page["published"]), lang)
    form = str(words["source" if dated else "source_undated"])
    text = form.format(office=tag_quoted(office, f"{key}.office"), title=tag_quoted(title, key), date=dated)
    return Source(place, text, "" if address_problem(page["source_url"]) else str(page["source_url"]))


def _office(title: str, url: str, lang: str) -> tuple[str, str]:
    """Return who published a page, and its title without it."""
    host = "" if address_problem(url) else urlsplit(url).netloc.removeprefix("www.")
    known, named = texts(lang)["brief"]["hosts"].get(host), _PUBLISHER.match(title)
    bare = shortened(named["title"] if named else title)
    return str(known or (named["office"].split(",")[0] if named else host) or bare), bare
