"""Files beside the papers: every number with its way back, for tables (CSV) and for programs (JSON)."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from ...evidence import is_office
from .printed_lines import PrintedLine
from .way import Measurement, Page, Paths, Place, Rounding, Way

#: Columns of the table of results.
COLUMNS = ("key", "value", "unit", "text_vi", "text_en", "kind", "rounding", "source", "papers")
#: By it Excel knows that the file is UTF-8.
_BOM = "\ufeff"
#: How a text begins that a spreadsheet would compute.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def results_rows(ways: Mapping[str, Way]) -> list[dict[str, Any]]:
    """Return one row per number with the columns `COLUMNS`, in the order of the keys."""
    return [_row(way) for way in ways.values()]


def _row(way: Way) -> dict[str, Any]:
    row = {"key": way.key, "value": None if _is_nan(way.value) else way.value, "unit": way.unit}
    row |= {f"text_{lang}": " | ".join(way.texts.get(lang, ())) for lang in ("vi", "en")}
    return row | {
        "kind": way.kind,
        "rounding": rounding_told(way.rounding),
        "source": " | ".join(page_told(page, _places(way, page)) for page in way.pages),
        "papers": "; ".join(way.papers),
    }


def rounding_told(rounding: Rounding) -> str:
    """Return a rounding in plain English words: as printed, exact, word, in steps of five points.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.results_files import rounding_told
    >>> from sapa_analysis.reporting.trace.way import Rounding
    >>> rounding_told(Rounding("to", 0.1, "million_visits")), rounding_told(Rounding("as_printed"))
    ('to 0.1 million visits', 'as printed')
    """
    words = {
        "as_printed": "as printed",
        "five_points": "in steps of five points",
        "to": f"to {rounding.to:.12g} {rounding.unit.replace('_', ' ')}".rstrip(),
    }
    return words.get(rounding.how, rounding.how)


#: Stands in place of the address of a figure that only the office has.
OWN = "the office's own figure, not published"


def page_told(page: Page, places: Sequence[str] = ()) -> str:
    """Return a page as title; day; address, without what is not known of it.

    The office has no address: the cells of its workbook stand there.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.results_files import page_told
    >>> from sapa_analysis.reporting.trace.way import Page
    >>> page_told(Page("Báo cáo 215", "office:Báo cáo 215", "2023-06-15", "yes"), ["so_lieu.xlsx, ô F12"])
    "Báo cáo 215; 2023-06-15; the office's own figure, not published; so_lieu.xlsx, ô F12"
    """
    address = [OWN, *places] if is_office(page.url) else [page.url]
    return "; ".join(part for part in (page.title, page.published, *address) if part)


def _places(way: Way, page: Page) -> list[str]:
    """Return the cells behind a figure of the office, without the row that ends each."""
    mine = (each for each in way.measurements if each.page == page) if way.kind == "own" else ()
    value = [each for each in mine if each.value == way.value]
    return list(dict.fromkeys(each.where.rpartition(":")[0] for each in value))


def results_csv(ways: Mapping[str, Way]) -> str:
    """Return every number as CSV with comma and point; the same results give the same bytes.

    It begins with a byte-order mark, so that Excel reads its letters. A text that a spreadsheet would compute
    has an apostrophe before it; a number with its sign has none.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in results_rows(ways):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return _BOM + buffer.getvalue()


def _harmless(value: Any) -> Any:
    computed = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if computed and not value[1:2].isdigit() else value


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def results_json(
    ways: Mapping[str, Way],
    about: Mapping[str, Any],
    printed: Mapping[str, Sequence[PrintedLine]] = MappingProxyType({}),
) -> str:
    """Return every way as JSON for programs, without any clock.

    Parameters
    ----------
    ways : mapping of str to Way
        As `ways_of` returns them.
    about : mapping of str to object
        The parameters of the run.
    printed : mapping of str to sequence of PrintedLine
        What each paper prints, by the name of its files.
    """
    pages = _numbered(page for way in ways.values() for page in _pages(way))
    rests = _numbered(way.measurements for way in ways.values())
    figures = {each.id: each for figures in rests for each in figures}
    content = {
        "about": about,
        "papers": sorted({paper for way in ways.values() for paper in way.papers}),
        "numbers": [_number(way, pages, rests) for way in ways.values()],
        "rests": [_rest(figures) for figures in rests],
        "evidence": {name: _figure(figures[name], pages) for name in sorted(figures)},
        "pages": [asdict(page) for page in pages],
        "printed": {stem: [_line(line) for line in lines] for stem, lines in sorted(printed.items())},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _line(line: PrintedLine) -> list[str]:
    """Return a printed text and the keys of its numbers, parted by spaces."""
    return [line.text, " ".join(line.keys)]


def _pages(way: Way) -> Iterator[Page]:
    yield from way.pages
    yield from (each.page for each in way.measurements)


def _numbered(things: Iterator[Any]) -> dict[Any, int]:
    """Return different things with their places."""
    return {thing: place for place, thing in enumerate(dict.fromkeys(things))}


def _number(way: Way, pages: Mapping[Page, int], rests: Mapping[Any, int]) -> dict[str, Any]:
    row = {name: value for name, value in _row(way).items() if name not in ("source", "papers", "rounding")}
    return row | {
        "texts": {lang: list(texts) for lang, texts in way.texts.items()},
        "papers": list(way.papers),
        "rounding": asdict(way.rounding),
        "place": asdict(way.place),
        "paths": None if way.paths is None else asdict(way.paths),
        "chance": way.chance,
        "about": dict(way.about),
        "said": dict(way.said),
        "rests": rests[way.measurements],
        "pages": [pages[page] for page in way.pages],
    }


def _rest(figures: tuple[Measurement, ...]) -> dict[str, str]:
    """Return what a number rests on: ids of the evidence in one line each."""
    chosen = {
        "own": [each.id for each in figures if each.used and each.own],
        "others": [each.id for each in figures if each.used and not each.own],
        "own_aside": [each.id for each in figures if not each.used and each.own],
        "others_aside": [each.id for each in figures if not each.used and not each.own],
    }
    return {name: " ".join(ids) for name, ids in chosen.items()}


def _figure(figure: Measurement, pages: Mapping[Page, int]) -> dict[str, Any]:
    names = ("indicator", "area", "period", "freq", "value", "unit", "kind", "bound", "through")
    where = {"where": figure.where} if figure.where else {}
    return {name: getattr(figure, name) for name in names} | {"page": pages[figure.page]} | where


def ways_from(content: Mapping[str, Any]) -> dict[str, Way]:
    """Return the ways that `results_json` wrote, from its parsed content."""
    pages = [Page(**{**page, "marks": tuple(map(tuple, page["marks"]))}) for page in content["pages"]]
    figures = content["evidence"]
    rests = [tuple(_figures_from(rest, figures, pages)) for rest in content["rests"]]
    return {row["key"]: _way_from(row, rests, pages) for row in content["numbers"]}


def printed_from(content: Mapping[str, Any]) -> dict[str, list[PrintedLine]]:
    """Return what each paper prints, from the parsed content of results; older ones do not tell it."""
    return {
        stem: [PrintedLine(text, tuple(keys.split())) for text, keys in lines]
        for stem, lines in content.get("printed", {}).items()
    }


def _figures_from(rest: Mapping[str, str], known: Any, pages: list[Page]) -> Iterator[Measurement]:
    for name, ids in rest.items():
        for each in ids.split():
            row = {**known[each], "page": pages[known[each]["page"]]}
            yield Measurement(id=each, own=name.startswith("own"), used=not name.endswith("aside"), **row)


def _way_from(row: Mapping[str, Any], rests: list[tuple[Measurement, ...]], pages: list[Page]) -> Way:
    return Way(
        key=row["key"],
        value=row["value"],
        unit=row["unit"],
        kind=row["kind"],
        texts={lang: tuple(texts) for lang, texts in row["texts"].items()},
        papers=tuple(row["papers"]),
        rounding=Rounding(**row["rounding"]),
        place=Place(**row["place"]),
        paths=Paths(**row["paths"]) if row["paths"] else None,
        chance=row["chance"],
        about=row["about"],
        said=row["said"],
        measurements=rests[row["rests"]],
        pages=tuple(pages[place] for place in row["pages"]),
    )
