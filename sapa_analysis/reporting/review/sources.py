"""The numbered sources of a review: authorities before the press before others, only those it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ...core import address_problem
from ...pipeline import Project, Results, met_counts
from ..language import count, texts
from ..paper.model import Block, Paragraph, Source, Sources
from ..published import Verdict, day_shown
from ..tagged_numbers import tag, tag_quoted
from .parts import chapter
from .phrases import words_of

#: Hosts of authorities and party organisations.
_OFFICES = re.compile(
    r"\.gov\.vn$|(?:^|\.)(?:cpv\.org\.vn|dangcongsan\.vn|daihoidang\.vn|quochoi(?:tv)?\.vn)$"
)
#: Words of titles and hosts that give theses and collections of other people's pages away.
_SECOND_HAND = re.compile(r"123docz|luận văn|khóa luận|thesis|baomoi|pressreader|timtailieu|github|blog")
_GRADES = "ABCD"
#: What is known of a page.
_KNOWN = ("title", "url", "published", "grade", "cite_ok")
#: A publisher in brackets at the end of a title, without digits: the page names it so.
_PUBLISHER = re.compile(r"^(?P<title>.+?) \((?P<who>[^(),\d]+)\)$")

#: What names a page: its address, or its title where it has none.
Page = str


@dataclass
class Citations:
    """What cites pages: first it records which, then it numbers those by rank.

    Attributes
    ----------
    pages : dict of Page to dict
        What is known of each page: `title`, `url`, `published`, `grade`, `cite_ok`.
    numbers : dict of Page to int
        Numbers of the pages that may be cited; empty while recording.
    cited : set of Page
        Pages whose mark was asked for.
    """

    pages: Mapping[Page, Mapping[str, str]]
    numbers: Mapping[Page, int] = field(default_factory=dict)
    cited: set[Page] = field(default_factory=set)

    def __call__(self, verdict: Verdict) -> str:
        """Return the mark of the page of a figure: " [3]", or a dagger if it should not be cited."""
        page = _page(str(verdict["latest_source"]), str(verdict["latest_url"]))
        if page not in self.pages:
            return "†" if page else ""
        self.cited.add(page)
        number = self.numbers.get(page)
        if number is None:
            return "†" if self.pages[page]["cite_ok"] == "no" else ""
        return " " + tag(f"[{number}]", f"sources.{number}.mark", number, "source")

    def numbered(self) -> Citations:
        """Return citations that number the pages cited so far, by rank."""
        open_to_all = [page for page in self.cited if self.pages[page]["cite_ok"] == "yes"]
        ranked = sorted(open_to_all, key=lambda page: (_rank(self.pages[page]), page))
        return Citations(self.pages, {page: place for place, page in enumerate(ranked, start=1)})


def citations(project: Project, results: Results) -> Citations:
    """Return citations over every page that the results, the goals or the published counts stand on."""
    columns = ["source_title", "source_url", "published", "grade", "cite_ok"]
    seen = [o.observed.observations for o in results.outcomes.values() if o.observed is not None]
    frames = [table[columns] for table in [*seen, met_counts(project, results.params)] if len(table)]
    rows: list[dict[Any, Any]] = []
    rows += pd.concat(frames).drop_duplicates(columns[:2]).to_dict("records") if frames else []
    rows += [target.model_dump(include=set(columns)) for target in results.targets]
    pages: dict[Page, dict[str, str]] = {}
    for row in rows:
        known = {name: str(row[f"source_{name}" if name in ("title", "url") else name]) for name in _KNOWN}
        page = _page(known["title"], known["url"])
        if page and (page not in pages or _fuller(known, pages[page])):
            pages[page] = known
    return Citations(pages)


def _page(title: str, url: str) -> Page:
    return url or title


def _fuller(known: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether an entry of a page names its publisher where another one does not."""
    return bool(_PUBLISHER.match(known["title"])) and not _PUBLISHER.match(other["title"])


def _rank(known: Mapping[str, str]) -> tuple[int, int]:
    """Return where a page stands: authorities, the press, then theses and collections; by grade."""
    host, text = _host(known["url"]), f"{known['title']} {known['url']}".lower()
    office = known["grade"] == "A" or bool(_OFFICES.search(host)) or not known["url"]
    kind = 2 if _SECOND_HAND.search(text) or known["grade"] in "CD" else 0 if office else 1
    return kind, _GRADES.find(known["grade"])


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def sources_part(used: Citations, lang: str) -> list[Block]:
    """Return the heading, the numbered list of what was cited, and a line on pages not to be cited."""
    words = words_of(lang)["sources"]
    items = [_source(number, used.pages[page], lang) for page, number in used.numbers.items()]
    if not items:
        return []
    blocks: list[Block] = [chapter("sources", "", lang), Paragraph(str(words["intro"]), "note")]
    blocks.append(Sources(tuple(items)))
    n = sum(used.pages[page]["cite_ok"] == "no" for page in used.cited)
    if n:
        shown = count(n, lang, "review.sources.uncited")
        blocks.append(Paragraph(str(words["uncited"]).format(n=shown), "note"))
    return blocks


def _source(number: int, known: Mapping[str, str], lang: str) -> Source:
    words, key = words_of(lang)["sources"], f"sources.{number}"
    found, url = _PUBLISHER.match(known["title"]), known["url"]
    title, who = (found["title"], found["who"]) if found else (known["title"], _host(url))
    who = who or str(texts(lang)["review"]["sources"]["office"])
    item = str(words["item"]).format(
        who=tag_quoted(who, f"{key}.host"),
        title=tag_quoted(title, key),
        date=day_shown(known["published"], lang) or words["undated"],
    )
    return Source(number, item, "" if address_problem(url) else url)
