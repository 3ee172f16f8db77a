"""Tables and sentences as a notebook shows them: text left, numbers right, a long rest folded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

import pandas as pd

from .language import number, texts
from .tagged_numbers import plain

#: Letters of a cell from which its column is wide, and up to which a cell can be a number with its unit.
_LONG, _SHORT = 60, 26
#: Wide columns from which each of them is less wide, so that a table keeps its place.
_FULL = 3
#: Rows that stand open; a rest of a row or two is not worth a click.
_OPEN, _FEW = 12, 3
#: Significant digits of a number that comes without its indicator's.
_DIGITS = 4
_NUMBER = re.compile(r"[~≈<>≤≥±+−-]?\s?\d[\d.,]*(?![\d/-])")
#: What Markdown would read as a sign: anywhere, and where it begins a line.
_MARKDOWN = re.compile(r"[\\`*_~$<>|\[\]#&]|^[-+=](?=\s|$)")
#: A page as its title and its address.
_PAGE = re.compile(r"(?s)(?P<title>.+) <(?P<address>https?://[^\s<>]+)>")
_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s/<>()]+)(?:/[^\s<>()]*[^\s<>().,;])?")
_RIGHT, _LEFT = "text-align:right;white-space:nowrap;", "text-align:left;white-space:normal;"
_STYLE = """
table.sapa {border-collapse: collapse; margin: .4em 0 .2em 0;}
table.sapa th, table.sapa td {padding: .25em .7em; max-width: 36em;}
table.sapa th {font-weight: 600; color: var(--jp-ui-font-color2, #444);}
table.sapa th.long {min-width: 17em;}
table.sapa.full th.long {min-width: 11em;}
table.sapa td.long {overflow-wrap: anywhere;}
table.sapa td.answer {font-weight: 600;}
table.sapa thead th {border-bottom: 1px solid #888;}
table.sapa tbody tr {background: none !important;}
table.sapa tr.first td {border-top: 1px solid #ddd;}
table.sapa th.answer, table.sapa td.answer {position: sticky; left: 0;
  background: var(--jp-layout-color0, white);}
.jp-OutputArea-child:has(style.sapa-page) {display: none;}
.jp-Placeholder-contentContainer {border-color: transparent !important; background: none !important;
  opacity: .6;}
details.sapa {margin: .2em 0 1em 0;}
details.sapa summary {color: var(--jp-content-link-color, #0b5394); cursor: pointer; padding: .2em .7em;}
"""


class Shown:
    """A table or sentences that a notebook shows as a page does, and a console as text."""

    def __init__(
        self, of: pd.DataFrame | Sequence[str], lang: str, answer: str, rows: int, lead: bool, empty: str
    ) -> None:
        self._of = plain(of) if isinstance(of, pd.DataFrame) else plain(list(of))
        self._lang, self._answer, self._rows, self._lead, self._empty = lang, answer, rows, lead, empty
        if isinstance(self._of, pd.DataFrame) and answer:
            self._of = self._of[[answer, *(name for name in self._of.columns if name != answer)]]

    def __repr__(self) -> str:
        if isinstance(self._of, pd.DataFrame):
            return str(self._of.to_string(index=False)) if len(self._of) else self._empty
        return "\n".join(self._of) or self._empty

    def _repr_html_(self) -> str | None:
        if not isinstance(self._of, pd.DataFrame):
            return None
        if self._of.empty:
            return f"<p>{escape(self._empty)}</p>"
        return _tables(self._of, self._lang, self._answer, self._rows)

    def _repr_markdown_(self) -> str | None:
        if isinstance(self._of, pd.DataFrame):
            return None
        lines = [_as_markdown(line) for line in self._of if line] or [_as_markdown(self._empty)]
        if self._lead:
            lines[0] = f"**{lines[0]}**"
        if len(lines) <= self._rows + _FEW:
            return "\n\n".join(lines)
        said = _more("more_sentences", len(lines) - self._rows, self._lang)
        rest = f'<details class="sapa"><summary>{said}</summary>\n\n'
        return "\n\n".join([*lines[: self._rows], rest, *lines[self._rows :], "</details>"])


def _as_markdown(line: str) -> str:
    """Return a sentence as the Markdown that reads as it."""
    found = " ".join(line.split())
    number_first = re.match(r"\d+(?=[.)](\s|$))", found)
    if number_first:
        return f"{number_first[0]}\\{_MARKDOWN.sub(_escaped, found[number_first.end() :])}"
    return _MARKDOWN.sub(_escaped, found)


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _tables(table: pd.DataFrame, lang: str, answer: str, rows: int) -> str:
    """Return a table as HTML: its first rows, and the rest folded below."""
    cells = [[_cell(value, lang) for value in row] for row in table.to_numpy(dtype=object).tolist()]
    heads = [str(name) for name in table.columns]
    bounds = [word for word in texts(lang)["bounds"].values() if word]
    looks = [
        _look(head, [_seen(cell, bounds) for cell in column], head == answer)
        for head, column in zip(heads, zip(*cells, strict=True), strict=True)
    ]
    if rows and len(cells) <= rows + _FEW:
        return _html(heads, cells, looks)
    said = _more("more" if rows else "all", len(cells) - rows, lang)
    first = _html(heads, cells[:rows], looks) if rows else ""
    rest = _html(heads, cells[rows:], looks)
    return f'{first}<details class="sapa"><summary>{said}</summary>{rest}</details>'


def _more(form: str, n: int, lang: str) -> str:
    return escape(str(texts(lang)["shown"][form]).format(n=number(n, 0, lang)))


def _cell(value: object, lang: str) -> str:
    """Return a value as text; a number that comes raw gets few digits, never an exponent."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(texts(lang)["shown"]["yes" if value else "no"])
    if isinstance(value, float) and value:
        decimals = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
        return number(value, min(decimals, 3), lang)
    return number(value, 0, lang) if isinstance(value, float) else str(value)


def _seen(cell: str, bounds: Sequence[str]) -> str:
    """Return what is seen of a cell, without the word before a number that is a bound."""
    page = _PAGE.fullmatch(cell)
    bound = next((word for word in bounds if cell.startswith(word)), "")
    return page["title"] if page else cell.removeprefix(bound)


def _look(head: str, column: Iterable[str], answers: bool) -> tuple[str, str]:
    """Return the class and the style of a column."""
    filled = [_ADDRESS.sub(r"\1", cell) for cell in column if cell]
    numbers = bool(filled) and all(len(cell) <= _SHORT and _NUMBER.match(cell) for cell in filled)
    long = any(len(cell) > _LONG for cell in (head, *filled))
    names = [name for name, holds in (("answer", answers), ("long", long)) if holds]
    return (f' class="{" ".join(names)}"' if names else ""), (_RIGHT if numbers else _LEFT)


def _html(heads: Sequence[str], cells: Sequence[Sequence[str]], looks: Sequence[tuple[str, str]]) -> str:
    """Return rows as a table; what the first column repeats stands once, over all its rows."""
    head = "".join(
        f'<th{name} style="{style.replace("nowrap", "normal")}vertical-align:bottom;">{escape(text)}</th>'
        for text, (name, style) in zip(heads, looks, strict=True)
    )
    rows = []
    for _, group in groupby(cells, key=lambda row: row[0]):
        same = list(group)
        for place, row in enumerate(same):
            first = "" if place else ' class="first"'
            span = f' rowspan="{len(same)}"' if len(same) > 1 else ""
            lead = "" if place else _td(row[0], looks[0], span)
            others = (_td(cell, look) for cell, look in zip(row[1:], looks[1:], strict=True))
            rows.append(f"<tr{first}>{lead}{''.join(others)}</tr>")
    full = " full" if sum("long" in name for name, _ in looks) >= _FULL else ""
    return f'<table class="sapa{full}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _td(text: str, look: tuple[str, str], more: str = "") -> str:
    name, style = look
    return f'<td{name}{more} style="{style}vertical-align:top;">{_linked(text)}</td>'


def _linked(text: str) -> str:
    """Return a text as HTML; a page is a link with its title, an address one with the name of its site."""
    if page := _PAGE.fullmatch(text):
        return f'<a href="{escape(page["address"])}">{escape(page["title"])}</a>'
    told, end = "", 0
    for found in _ADDRESS.finditer(text):
        told += f'{escape(text[end : found.start()])}<a href="{escape(found[0])}">{escape(found[1])}</a>'
        end = found.end()
    return told + escape(text[end:])


def show(
    of: pd.DataFrame | Sequence[str],
    *,
    lang: str = "vi",
    answer: str = "",
    rows: int = _OPEN,
    lead: bool = False,
    empty: str = "–",
) -> Shown:
    """Return a table or sentences as the last line of a notebook's cell shows them.

    Parameters
    ----------
    of : pandas.DataFrame or sequence of str
        With or without tags. Cells are text; a raw number gets four digits. An address is a link, and a page
        that is written `title <address>` one with its title.
    lang : {"vi", "en"}
        Language of the few words around a table, and of raw numbers.
    answer : str, optional
        Column of a table that the reader came for: it stands first and stays in sight.
    rows : int
        Rows of a table, or sentences, that stand open; a longer rest is folded and opens with a click. With
        0 all are folded.
    lead : bool
        Whether the first sentence is the answer and stands in bold.
    empty : str
        What is said of no row or sentence.

    Returns
    -------
    Shown
        HTML of a table, Markdown of sentences, text in a console.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import show
    >>> show(["One sentence.", "Another."], lead=True)
    One sentence.
    Another.
    >>> table = pd.DataFrame({"Goal": ["Visits", "Forest"], "Chance": ["27 %", "81 %"]})
    >>> show(table, answer="Chance")
    Chance   Goal
      27 % Visits
      81 % Forest
    """
    return Shown(of, lang, answer, rows, lead, empty)


class PageStyle:
    """How a notebook looks: its tables, and which language of its text is seen."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __repr__(self) -> str:
        return ""

    def _repr_html_(self) -> str:
        [other] = {"vi", "en"} - {self._lang}
        hidden = f'.jp-RenderedMarkdown div[lang="{other}"] {{display: none;}}'
        return f'<style class="sapa-page">{_STYLE}{hidden}</style>'


def page_style(lang: str) -> PageStyle:
    """Return what a notebook's first cell ends with: the look of tables, and the language that is read.

    The text of a notebook stands in both languages, each in `<div lang="...">`; the other is hidden.

    Parameters
    ----------
    lang : {"vi", "en"}
        Language that is read.

    Examples
    --------
    >>> from sapa_analysis.reporting import page_style
    >>> 'div[lang="en"] {display: none;}' in page_style("vi")._repr_html_()
    True
    """
    return PageStyle(lang)
