"""The pages that a paper cites: of each statement the best one, with who published it, numbered by rank."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ..core import address_problem
from ..evidence import is_confidential, is_office
from ..pipeline import Project, Results
from .language import count, texts
from .office import sign_of, source_told
from .paper.model import Paragraph, Source, Sources
from .published import Verdict, day_shown
from .tagged_numbers import tag, tag_quoted

#: Letters of a title at most.
MOST_LETTERS = 150
#: Where a page stands by what kind its publisher is of: offices, the press, copies and collections.
_KINDS = {"office": 0, "press": 1, "other": 1, "collected": 2}
_GRADES = "ABCD"
#: Languages of pages by the first part of their host or path; pages in Vietnamese have none.
_EDITIONS = {"en": "en", "fr": "fr", "fn": "fr", "de": "de", "es": "es", "ja": "ja", "ar": "ar", "it": "it"}
#: Who published a page, in brackets at the end of its title; numbers of issues and files are none.
_PUBLISHER = re.compile(r"^(?P<title>.*\S)\s*\((?P<office>(?!.*(?:\d/|/\d))[^();]+)\)$")
_VIETNAMESE = re.compile(r"[^\x00-\x7f\u2010-\u2026]")
_COLUMNS = ["source_title", "source_url", "published", "grade", "cite_ok"]
#: Pages whose rows agree in these columns print the same.
_STATEMENT = ("indicator_id", "area", "unit", "kind", "bound", "definition", "doubt_en")

#: What names a page: its address, or its title where it has none.
Name = str


@dataclass(frozen=True, slots=True)
class Cited:
    """What is known of a page."""

    title: str
    url: str
    published: str
    grade: str
    cite_ok: str

    @property
    def host(self) -> str:
        """Its host, without what says nothing."""
        return "" if address_problem(self.url) else urlsplit(self.url).netloc.removeprefix("www.").rstrip(".")

    @property
    def edition(self) -> str:
        """Its language by its address, if that is not Vietnamese."""
        first = urlsplit(self.url).path.strip("/").partition("/")[0]
        return _EDITIONS.get(self.host.partition(".")[0], "") or _EDITIONS.get(first, "")

    @property
    def kind(self) -> int:
        """Where its publisher stands: an office, the press, or who copies and collects."""
        known = _publisher(self.host).get("kind", "")
        if not self.url or is_office(self.url) or self.host.endswith(".gov.vn"):
            return 0
        if known == "collected" or self.grade in "CD":
            return 2
        return 0 if self.grade == "A" else _KINDS.get(known, 1)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Where it stands in a list: figures of the office itself first."""
        return not is_office(self.url), self.kind, _GRADES.find(self.grade)

    @property
    def weakness(self) -> tuple[bool, bool, bool, int]:
        """How little it is fit to be the first page of a statement."""
        foreign = bool(self.edition) or not _VIETNAMESE.search(self.title)
        edition = list(_EDITIONS).index(self.edition) if self.edition else 0
        return self.cite_ok != "yes", self.kind == _KINDS["collected"], foreign, edition


@dataclass(frozen=True)
class Citations:
    """What cites pages: first it records which, then it numbers those by rank.

    Attributes
    ----------
    pages : mapping of str to Cited
        What is known of each page.
    statements : mapping
        The rows of the evidence by period, frequency and value.
    numbers : mapping of str to int
        Numbers of the pages that may be cited; empty while recording.
    cited : set of str
        Pages whose mark was asked for.
    places : mapping of str to tuple of str
        The cells of the workbook behind each source of the office.
    """

    pages: Mapping[Name, Cited]
    statements: Mapping[tuple[Hashable, ...], list[dict[Any, Any]]]
    numbers: Mapping[Name, int] = field(default_factory=dict)
    cited: set[Name] = field(default_factory=set)
    places: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, verdict: Verdict) -> str:
        """Return the mark of the page of a figure: " [3]", or a dagger if it should not be cited.

        A figure of the office has its sign behind it.
        """
        page = self.page_of(verdict)
        if page not in self.pages:
            return "†" if page else ""
        self.cited.add(page)
        number, sign = self.numbers.get(page), sign_of(self.pages[page].url)
        if number is None:
            return "†" if self.pages[page].cite_ok == "no" else sign
        return " " + tag(f"[{number}]", f"sources.{number}.mark", number, "source") + sign

    def page_of(self, verdict: Verdict) -> Name:
        """Return the page to cite for a figure: its own, unless a fitter one prints the same statement."""
        own = _name(verdict["latest_source"], verdict["latest_url"])
        asked = tuple(verdict.get(f"latest{name}") for name in ("_period", "_freq", ""))
        rows = [
            (_name(row["source_title"], row["source_url"]), row) for row in self.statements.get(asked, [])
        ]
        said = [_statement(row) for page, row in rows if page == own]
        same = dict.fromkeys([own, *(page for page, row in rows if _statement(row) in said)])
        known = [page for page in same if page in self.pages]
        return min(known, key=lambda page: self.pages[page].weakness, default=own)

    def numbered(self) -> Citations:
        """Return citations that number the pages cited so far, by rank."""
        open_to_all = [page for page in self.cited if self.pages[page].cite_ok == "yes"]
        ranked = sorted(open_to_all, key=lambda page: (self.pages[page].rank, page))
        numbers = {page: place for place, page in enumerate(ranked, start=1)}
        return Citations(self.pages, self.statements, numbers, places=self.places)

    def of(self, figures: Iterable[Verdict]) -> Citations:
        """Return citations that number the pages of these figures, by rank."""
        chosen = Citations(self.pages, self.statements, places=self.places)
        for figure in figures:
            chosen(figure)
        return chosen.numbered()

    def sources(self, lang: str) -> Sources:
        """Return the numbered list."""
        return Sources(
            tuple(
                _source(n, self.pages[page], self.places.get(page, ()), lang)
                for page, n in self.numbers.items()
            )
        )

    def uncited(self, lang: str) -> list[Paragraph]:
        """Return the line on pages that were cited by a dagger; none where there are none."""
        n = sum(self.pages[page].cite_ok == "no" for page in self.cited)
        form = str(texts(lang)["cited"]["uncited"])
        return [Paragraph(form.format(n=count(n, lang, "sources.uncited")), "note")] if n else []


def citations(project: Project, results: Results) -> Citations:
    """Return citations over every page that was known on the day.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.cited import citations
    >>> project, params = open_project(as_of="2023-06-30")
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> cite = citations(project, results).of([results.verdicts.iloc[0]])
    >>> [plain(source.text)[:34] for source in cite.sources("en").items]
    ['Portal of Sa Pa town: Thị xã Sa Pa']
    """
    known = project.as_of(results.params.as_of).evidence
    rows: list[dict[Any, Any]] = known.to_dict("records")
    seen = [o.observed.observations for o in results.outcomes.values() if o.observed is not None]
    others: list[dict[Any, Any]] = [
        row for table in seen if len(table) for row in table[_COLUMNS].to_dict("records")
    ]
    others += [target.model_dump(include=set(_COLUMNS)) for target in results.targets]
    pages = _pages(others) | _pages(rows)  # what was merged has the date of another page
    statements: dict[tuple[Hashable, ...], list[dict[Any, Any]]] = defaultdict(list)
    places: dict[Name, tuple[str, ...]] = {}
    for row in rows:
        statements[row["period"], row["freq"], row["value"]].append(row)
        if is_office(row["source_url"]):
            name = _name(row["source_title"], row["source_url"])
            places[name] = (*places.get(name, ()), str(row["where"]))
    return Citations(pages, statements, places=places)


def _pages(rows: Iterable[Mapping[Any, Any]]) -> dict[Name, Cited]:
    pages: dict[Name, Cited] = {}
    for row in rows:
        page = Cited(*(str(row[name]) for name in _COLUMNS))
        if name := _name(page.title, page.url):
            pages[name] = _fuller(pages[name], page) if name in pages else page
    return pages


def figure_cited(row: Mapping[Any, Any] | pd.Series) -> dict[str, Any]:
    """Return a row of the evidence as `Citations` reads a verdict."""
    told = {"source": "source_title", "url": "source_url", "period": "period", "freq": "freq"}
    return {f"latest_{new}": row[old] for new, old in told.items()} | {"latest": row["value"]}


def _name(title: object, url: object) -> Name:
    return str(url or title or "")


def _statement(row: Mapping[str, Any]) -> tuple[Hashable, ...]:
    return tuple(row[name] for name in _STATEMENT)


def _fuller(page: Cited, other: Cited) -> Cited:
    """Return a page as the row names it that names its publisher too, with the fuller date."""
    named = other if _PUBLISHER.match(other.title) and not _PUBLISHER.match(page.title) else page
    days = [page.published, other.published]
    dated = max(days) if is_office(page.url) else max(days, key=len)
    return Cited(named.title, page.url, dated, min(page.grade, other.grade), page.cite_ok)


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


def _source(number: int, page: Cited, places: Iterable[str], lang: str) -> Source:
    words, key = texts(lang)["cited"], f"sources.{number}"
    if is_office(page.url):
        dated = day_shown(page.published, lang)
        secret = is_confidential(page.url)
        told = source_told(page.title, dated, places, lang, key=key, confidential=secret)
        return Source(number, told)
    office, title = named(page, lang)
    text = str(words["item"]).format(
        office=tag_quoted(office, f"{key}.office"),
        title=tag_quoted(title, key),
        date=day_shown(page.published, lang) or words["undated"],
    )
    return Source(number, text, "" if address_problem(page.url) else page.url)


def named(page: Cited, lang: str) -> tuple[str, str]:
    """Return who published a page, with its language where that is another, and its title without both.

    Examples
    --------
    >>> from sapa_analysis.reporting.cited import Cited, named
    >>> page = Cited("Thu ngân sách (vietnam.vn, Arabic)", "https://www.vietnam.vn/ar/a", "2025", "B", "yes")
    >>> named(page, "en")
    ('Vietnam.vn, Arabic edition', 'Thu ngân sách')
    """
    words, found = texts(lang)["cited"], _PUBLISHER.match(page.title)
    known = _publisher(page.host).get(f"name_{lang}", "")
    bare = found["title"] if found else page.title
    office = known or (found["office"].split(",")[0] if found else page.host) or str(words["office"])
    for said in (office, page.host, page.host.partition(".")[0]):
        bare = bare.removeprefix(f"{said}: ") if said else bare
    if page.edition:
        office = str(words["edition"]).format(office=office, language=words["editions"][page.edition])
    return office, shortened(bare)


@cache
def _publishers() -> dict[str, dict[str, str]]:
    content = files(__package__).joinpath("texts/publishers.csv").read_text(encoding="utf-8")
    return {row["host"]: row for row in csv.DictReader(content.splitlines())}


def _publisher(host: str) -> dict[str, str]:
    """Return what is known of the publisher of a host, by as many of its last parts as are listed."""
    return next((_publishers()[part] for part in _parts_of(host) if part in _publishers()), {})


def _parts_of(host: str) -> Iterator[str]:
    """Yield a host, then what follows each of its dots."""
    while host:
        yield host
        host = host.partition(".")[2]
