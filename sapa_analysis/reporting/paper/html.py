"""A paper as one HTML page that asks nothing of any server and prints as it should."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..tagged_numbers import numbers_in
from ..templating import filled
from .html_table import table_view
from .html_text import Shown, plain_words, shown_with, words_of
from .model import Block, Figure, Heading, Paper, Source, Sources, Strip, Table, Turn, texts_in

if TYPE_CHECKING:
    from markupsafe import Markup

_COUNTERS = re.compile(r"\{(page|pages)\}")
#: Letters that stand in a string of a style sheet as they are, beside those outside ASCII.
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:-()")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two turns: the name of its pages, and views of its blocks by kind."""

    page: str
    blocks: tuple[tuple[str, Any], ...]


def html_page(paper: Paper) -> str:
    r"""Return a paper as a self-contained HTML page, the same bytes from the same paper.

    Every number and judgement is a `<data>` element with its key. Where the paper knows its way back, a click
    or a key shows it. Without script the page reads in full.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.reporting.paper.html import html_page
    >>> from sapa_analysis.reporting.paper.model import Paper, Paragraph
    >>> from sapa_analysis.reporting.tagged_numbers import tag
    >>> text = f"The town had {tag('2.5 million', 'visits.2022', 2500000, 'visits')} visits."
    >>> words = {"page": "Page {page} of {pages}"}
    >>> paper = Paper("briefing", "en", "Targets", "30/6/2023", date(2023, 6, 30), (Paragraph(text),), words)
    >>> page = html_page(paper)
    >>> page[page.index("The town"):page.index("</p>\n</section>")]
    'The town had <data value="2500000" data-key="visits.2022">2.5 million</data> visits.'
    """
    sources = (source for block in paper.blocks if isinstance(block, Sources) for source in block.items)
    shown = shown_with({source.number for source in sources})
    script = "" if not (ways := _ways(paper)) else filled("paper.js")
    return filled(
        "paper.html.j2",
        paper=paper,
        words={name: words_of(paper.words.get(name, "")) for name in ("draft", "way", "close")},
        title=plain_words(paper.title),
        shown=shown,
        sections=list(_sections(paper, shown)),
        mark=css_string(plain_words(paper.mark)) if paper.internal else "",
        foot={"left": css_string(plain_words(paper.cut_off)), "right": _pages(paper.words.get("page", ""))},
        ways=ways,
        script=_markup(script),
        policy=_policy(script),
    )


def _sections(paper: Paper, shown: Shown) -> Iterator[Section]:
    """Yield the sections of a paper; a turn without anything after it makes none."""
    page, level = "upright", 1
    views: list[tuple[str, Any]] = []
    for place, block in enumerate(_with_title(paper)):
        if isinstance(block, Turn):
            if views:
                yield Section(page, tuple(views))
            page, views = "across" if block.landscape else "upright", []
            continue
        if isinstance(block, Heading):
            level = min(block.level + 1, level + 1, 4)  # a level left out would break the outline
        views.append(_view(block, place, level, shown))
    if views:
        yield Section(page, tuple(views))


def _with_title(paper: Paper) -> Iterator[Block]:
    """Yield the blocks of a paper; sources without a heading of their own get one."""
    before, title = None, paper.words.get("sources", "")
    for block in paper.blocks:
        if isinstance(block, Sources) and title and not isinstance(before, Heading):
            yield Heading(title)
        yield block
        before = block


def _view(block: Block, place: int, level: int, shown: Shown) -> tuple[str, Any]:
    """Return the kind of a block, and what the template needs of it."""
    match block:
        case Heading():
            return "heading", {"level": level, "text": block.text}
        case Table():
            return "table", table_view(block, shown)
        case Figure():
            return "figure", _figure(block, f"f{place}")
        case Strip():
            figures = [_figure(figure, f"f{place}-{number}") for number, figure in enumerate(block.figures)]
            return "strip", figures
        case Sources():
            return "sources", [(source, *_link(source)) for source in block.items]
    return type(block).__name__.lower(), block


def _figure(figure: Figure, prefix: str) -> dict[str, Any]:
    return {
        "svg": embedded(figure.picture.svg, prefix),
        "alt": plain_words(figure.alt or figure.picture.title),
        "caption": figure.caption,
        "lines": figure.lines,
    }


def _link(source: Source) -> tuple[str, str]:
    """Return the address of a source and its host; blank where it is no address of a web page."""
    url = words_of(source.url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    host = (parts.hostname or "").removeprefix("www.")
    return (url, host) if parts.scheme in ("http", "https") and host else ("", "")


def _ways(paper: Paper) -> Markup | str:
    """Return the ways back of the numbers on the paper as JSON; a line said twice stands once."""
    keys = dict.fromkeys(number.key for number in numbers_in(texts_in(paper)))
    told = {key: [words_of(line) for line in paper.ways[key]] for key in keys if paper.ways.get(key)}
    if not told:
        return ""
    places = {line: place for place, line in enumerate(dict.fromkeys(chain(*told.values())))}
    ways = {words_of(key): [places[line] for line in lines] for key, lines in told.items()}
    return json_island({"lines": list(places), "ways": ways})


def json_island(value: Mapping[str, Any]) -> Markup:
    r"""Return JSON for the inside of a script element: nothing in it can end the element or open another.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.html import json_island
    >>> print(json_island({"line": "</script> & more"}))
    {"line":"\u003c/script\u003e \u0026 more"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    unsafe = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
    return _markup(text.translate(unsafe))


def _pages(form: str) -> Markup:
    """Return "Trang {page}/{pages}" as the content of a margin box."""
    pieces = _COUNTERS.split(form)  # words and names of counters by turns
    told = [f"counter({piece})" if place % 2 else css_string(piece) for place, piece in enumerate(pieces)]
    return _markup(" ".join(told))


def css_string(text: str) -> Markup:
    r"""Return a text as a string of a style sheet inside a page.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.html import css_string
    >>> print(css_string('Trang 1 "</style>'))
    "Trang 1 \22 \3c \2f style\3e "
    """
    signs = (sign if sign in _SAFE or ord(sign) > 127 else f"\\{ord(sign):x} " for sign in words_of(text))
    return _markup(f'"{"".join(signs)}"')


def _policy(script: str) -> str:
    """Return what a page may do: show itself, and run its own script only."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    runs = f"'sha256-{digest}'" if script else "'none'"
    rules = ("default-src 'none'", "style-src 'unsafe-inline'", f"script-src {runs}", "base-uri 'none'")
    return "; ".join((*rules, "form-action 'none'"))


def _markup(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)


_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_NAMES = re.compile(r'(\bid="|href="#|url\(#)')
_SIZE = re.compile(r'(<svg\b[^>]*?)\s(?:width="[^"]*"\s*height="[^"]*"|height="[^"]*"\s*width="[^"]*")')


def embedded(svg: str, prefix: str) -> Markup:
    """Return an SVG for a page: no prologue, no metadata, the size of its place, names that are its own.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.html import embedded
    >>> print(embedded('<?xml version="1.0"?><svg><g id="a"/><use href="#a"/></svg>', "f1"))
    <svg aria-hidden="true" focusable="false"><g id="f1-a"/><use href="#f1-a"/></svg>
    """
    from markupsafe import Markup

    inner = _COMMENT.sub("", _METADATA.sub("", svg[svg.index("<svg") :]))
    named = _NAMES.sub(lambda found: f"{found[1]}{prefix}-", _SIZE.sub(r"\1", inner, count=1))
    return Markup(named.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1).strip())
