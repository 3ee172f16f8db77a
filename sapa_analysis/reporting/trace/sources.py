"""Pages behind results, with their numbers among the sources of each paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...evidence import is_office
from ..paper.model import Paper, Source, Sources
from ..tagged_numbers import plain
from .way import Page


@dataclass(frozen=True, slots=True)
class _Listed:
    """A source as a kind of paper lists it."""

    paper: str
    number: int
    text: str
    url: str


class Pages:
    """The pages of a run; the same page is always the same object."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._listed = list(_sources_of(papers))
        self._pages: dict[tuple[str, str, str], Page] = {}

    def page(self, title: str, url: str, published: str, cite_ok: str) -> Page:
        """Return a page with its numbers among the sources."""
        asked = (title, url, published)
        if asked not in self._pages:
            self._pages[asked] = Page(title, url, published, cite_ok, tuple(self._marks(title, url)))
        return self._pages[asked]

    def _marks(self, title: str, url: str) -> Iterator[tuple[str, int]]:
        for paper in dict.fromkeys(each.paper for each in self._listed):
            mine = [each for each in self._listed if each.paper == paper]
            if is_office(url):
                mine = [each for each in mine if not each.url]
            titled = [each for each in mine if title and title in each.text and url in (each.url, "")]
            found = titled or [each for each in mine if url and each.url == url]
            found = found or [each for each in mine if title and title in each.text]
            if found:
                yield paper, found[0].number

    def numbered(self, paper: str, number: int) -> Page | None:
        """Return the page that a kind of paper lists under a number, among those asked for so far."""
        known = (page for page in self._pages.values() if (paper, number) in page.marks)
        page = next(known, None)
        if page is not None:
            return page
        said = next((each for each in self._listed if (each.paper, each.number) == (paper, number)), None)
        return None if said is None else Page(said.text, said.url, "", "", ((paper, number),))


def _sources_of(papers: Iterable[Paper]) -> Iterator[_Listed]:
    """Yield the sources of each kind of paper, as its first language lists them."""
    seen = set()
    for paper in papers:
        for item in listed_in(paper):
            if (paper.kind, item.number) not in seen:
                seen.add((paper.kind, item.number))
                yield _Listed(paper.kind, item.number, plain(item.text), item.url)


def listed_in(paper: Paper) -> Iterator[Source]:
    """Yield the numbered sources of a paper."""
    for block in paper.blocks:
        if isinstance(block, Sources):
            yield from block.items
