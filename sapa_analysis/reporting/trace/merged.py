"""Results of papers that are written again into a folder, with those of the papers that stay there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...core import FORMATS, LANGUAGES, PAPERS, SapaError
from .kept import RESULTS, Kept, read_results
from .printed_lines import PrintedLine
from .way import Page, Way

_OTHER_RUN = 'the folder "{at}" holds {files} of another run; write them again too, or choose another folder'


def kept_with(folder: Path, now: Kept, names: Iterable[str]) -> Kept:
    """Return what results files tell once some papers are written: also of papers that stay in the folder.

    Parameters
    ----------
    folder : path
        The folder.
    now : Kept
        The run, with the ways and lines of the papers that are written.
    names : iterable of str
        The files that are written.

    Raises
    ------
    SapaError
        When files stay that were made by another run, or from other figures: their numbers would answer for
        nothing.
    """
    before = _read(folder)
    if before is None:
        return now
    known = {stem for way in before.ways.values() for stem in way.papers}
    staying = sorted(_staying(folder, known, frozenset(names)))
    if not staying:
        return now
    stems = {name.rpartition(".")[0] for name in staying}
    if before.about != now.about or _differ(before.ways, now.ways, stems):
        raise SapaError(_OTHER_RUN.format(at=folder, files=", ".join(staying)))
    left = stems - set(now.printed)
    printed: dict[str, list[PrintedLine]] = {
        stem: lines for stem, lines in before.printed.items() if stem in left
    } | now.printed
    return Kept(now.about, _joined(before.ways, now.ways, left), printed)


def _read(folder: Path) -> Kept | None:
    """Return what lies in a folder, or None where nothing of a run does that could be read."""
    if not (folder / RESULTS).is_file():
        return None
    try:
        return read_results(folder)
    except SapaError:
        return None


def _staying(folder: Path, stems: Iterable[str], written: frozenset[str]) -> Iterator[str]:
    for stem in stems:
        for name in (f"{stem}.{each}" for each in FORMATS):
            if name not in written and (folder / name).is_file():
                yield name


def _differ(before: Mapping[str, Way], now: Mapping[str, Way], stems: set[str]) -> bool:
    """Return whether a number of the papers that stay has another value now."""
    staying = ((key, way) for key, way in before.items() if stems & set(way.papers))
    return any(_told(way) != _told(now[key]) for key, way in staying if key in now)


def _told(way: Way) -> tuple[Any, str]:
    unknown = isinstance(way.value, float) and math.isnan(way.value)
    return None if unknown else way.value, way.unit


def _joined(before: Mapping[str, Way], now: Mapping[str, Way], left: set[str]) -> dict[str, Way]:
    """Return the ways of the papers that are written, and of those that are left."""
    ways = dict(now)
    for key, old in before.items():
        papers = tuple(stem for stem in old.papers if stem in left)
        if papers and key in now:
            ways[key] = _both(now[key], old, papers)
        elif papers:
            ways[key] = replace(old, papers=papers, texts=_texts_of(old, papers))
    kinds = {stem.partition("-")[0] for way in ways.values() for stem in way.papers}
    marks = _marks((*before.values(), *now.values()), kinds)
    return {key: _marked(ways[key], marks) for key in sorted(ways)}


def _both(now: Way, old: Way, papers: Sequence[str]) -> Way:
    texts = dict(now.texts)
    for lang, told in _texts_of(old, papers).items():
        new = texts.get(lang, ())
        texts[lang] = told if set(new) <= set(told) else tuple(dict.fromkeys((*new, *told)))
    order = {lang: texts[lang] for lang in LANGUAGES if lang in texts}
    return replace(now, texts=order, papers=tuple(sorted({*now.papers, *papers}, key=PAPERS.index)))


def _texts_of(way: Way, papers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    langs = {stem.rpartition("-")[2] for stem in papers}
    return {lang: told for lang, told in way.texts.items() if lang in langs}


# the numbers of a page among the sources of each paper ----------------------------------------------------

_Marks = Mapping[tuple[str, str, str], Mapping[str, int]]


def _name(page: Page) -> tuple[str, str, str]:
    return page.title, page.url, page.published


def _marks(ways: Iterable[Way], kinds: set[str]) -> _Marks:
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for way in ways:
        for page in (*way.pages, *(each.page for each in way.measurements)):
            found.setdefault(_name(page), {}).update(mark for mark in page.marks if mark[0] in kinds)
    return found


def _marked(way: Way, marks: _Marks) -> Way:
    def told(page: Page) -> Page:
        return replace(page, marks=tuple(marks[_name(page)].items()))

    figures = tuple(replace(each, page=told(each.page)) for each in way.measurements)
    return replace(way, pages=tuple(map(told, way.pages)), measurements=figures)
