"""Ways that lie beside written papers, looked up by key, by printed number or by words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core import SapaError, nearest, project_root
from ..language import number, texts
from ..office import SIGN
from .lines import page_shown, statement, way_lines
from .printed_lines import PrintedLine
from .results_files import printed_from, ways_from
from .way import Way

#: The file that holds the ways.
RESULTS = "results.json"
#: Marks of sources that stand behind a number.
_MARK = re.compile(rf"\s*\[[\d, ]+\]{SIGN}*|{SIGN}+")
_NUMBER = re.compile(r"[+−-]?\d[\d.,/]*%?")
#: Numbers that a search lists.
_LISTED = 20


def trace_number(sought: str, folder: Path | str | None = None, *, lang: str) -> list[str]:
    """Return the way back of a number in lines, or a list of those that fit; nothing is run.

    Parameters
    ----------
    sought : str
        A key, a number as it is printed, or words of what it speaks of.
    folder : path, optional
        A folder that `sapa briefing` wrote; by default the last one below `build/briefing`.
    lang : {"vi", "en"}
        Language.

    Raises
    ------
    SapaError
        When nothing fits, or the folder holds no results.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.reporting import trace_number
    >>> from sapa_analysis.reporting.trace.results_files import results_json
    >>> from sapa_analysis.reporting.trace.way import Place, Rounding, Way
    >>> way = Way("forest_cover.goal", 67.5, "percent", "goal", {"en": ("67.5%",)}, ("briefing-en",),
    ...           Rounding("as_printed"), Place("targets", "forest_cover", "value"))
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "results.json").write_text(results_json({way.key: way}, {}))
    ...     told = trace_number("67.5%", folder, lang="en")
    >>> told[:2]
    ['forest_cover.goal', '  67.5%: a goal as its document prints it.']
    """
    found = find_ways(read_results(results_folder(project_root(), folder)).ways, sought)
    return trace_lines(found[0], lang) if len(found) == 1 else hits_lines(found, lang)


def results_folder(root: Path, chosen: Path | str | None = None) -> Path:
    """Return the folder of papers asked for, or the one below `build/briefing` that was written last.

    Raises
    ------
    SapaError
        When no such folder holds results.
    """
    if chosen is not None:
        if not (Path(chosen) / RESULTS).is_file():
            raise SapaError(f'"{chosen}" holds no results.json; name a folder that sapa briefing wrote')
        return Path(chosen)
    found = sorted((root / "build/briefing").glob(f"*/{RESULTS}"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise SapaError("no briefing has been written yet; run sapa briefing first")
    return found[-1].parent


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies beside written papers.

    Attributes
    ----------
    about : mapping of str to object
        The parameters of their run.
    ways : mapping of str to Way
        The ways of their numbers.
    printed : mapping of str to list of PrintedLine
        What each of them prints, by the name of its files.
    """

    about: dict[str, Any]
    ways: dict[str, Way]
    printed: dict[str, list[PrintedLine]]


def read_results(folder: Path) -> Kept:
    """Return what lies beside the papers of a folder.

    Raises
    ------
    SapaError
        When the file is damaged, or of an older form.
    """
    file = folder / RESULTS
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Kept(dict(content["about"]), ways_from(content), printed_from(content))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SapaError(f'"{file}" is damaged or of an older form; run sapa briefing again') from error


def find_ways(ways: Mapping[str, Way], sought: str) -> list[Way]:
    """Return the numbers that a reader asks for: by key, by printed text, or by all words in any order.

    Raises
    ------
    SapaError
        When none fits; the nearest keys are named.
    """
    if not _MARK.sub("", sought).strip():
        raise SapaError("nothing was named; give a key, a number as it is printed, or words")
    if sought in ways:
        return [ways[sought]]
    asked = _folded(_MARK.sub("", sought))
    tagged = [way for way in ways.values() if way.key.partition("/")[2] == sought]
    found = tagged or _printed(ways, asked) or _range(ways, asked)
    found = found or [way for way in ways.values() if asked and _holds(way, asked)]
    if not found:
        raise SapaError(f'"{sought}" is unknown; {nearest(sought, list(ways))}')
    return found


def _printed(ways: Mapping[str, Way], asked: str) -> list[Way]:
    return [way for way in ways.values() if asked in map(_folded, _texts(way))]


def _range(ways: Mapping[str, Way], asked: str) -> list[Way]:
    """Return the two numbers of a range or a fraction as it is printed, 7,2–11,9% or 51/52, of one thing."""
    first, mark, last = asked.partition(next((sign for sign in "–-/" if sign in asked), "–"))
    if not mark:
        return []
    lower, upper = _printed(ways, first.strip()), _printed(ways, last.strip())
    of = {way.key.rpartition(".")[0] for way in lower} & {way.key.rpartition(".")[0] for way in upper}
    return [way for way in (*lower, *upper) if way.key.rpartition(".")[0] in of]


def _texts(way: Way) -> Iterator[str]:
    for printed in way.texts.values():
        yield from printed


def _holds(way: Way, asked: str) -> bool:
    told = _folded(" ".join([way.key, *_texts(way), *way.about.values()]))
    words = set(re.split(r"[\s._/()-]+", told))
    return all(word in words or (_NUMBER.fullmatch(word) and word in told) for word in asked.split())


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def trace_lines(way: Way, lang: str) -> list[str]:
    """Return the way back of a number in full: also its result, every figure it rests on, its papers."""
    words = texts(lang)["trace"]
    column = str(words["column"]).format(column=way.place.column) if way.place.column else ""
    result = str(words["result"]).format(table=way.place.table, row=way.place.row, column=column)
    lines = [way.key, *(f"  {line}" for line in way_lines(way, lang)), f"  {result}"]
    if way.said and lang != "en":
        lines.append(f"  {way.said['en']}")
    own = [each for each in way.used if each.own] or list(way.measurements[:_LISTED])
    lines += [f"  {words['own']}"] if own else []
    for each in own:
        title = page_shown(each.page, lang).partition(", http")[0]
        lines.append(f"    {each.id}  {statement(each, words, lang)}: {title}")
    others = [each.id for each in way.used if each not in own]
    lines += [f"  {words['evidence']}".format(ids=" ".join(others))] if others else []
    return [*lines, f"  {words['papers']}".format(papers=", ".join(way.papers))]


def hits_lines(found: list[Way], lang: str) -> list[str]:
    """Return one line for each of several numbers that fit."""
    words = texts(lang)["trace"]
    lines = [str(words["hits"]).format(n=number(len(found), 0, lang))]
    for way in found[:_LISTED]:
        told = next(iter(way.texts.get(lang) or next(iter(way.texts.values()))))
        lines.append(f"  {way.key}: {told}" + (f" – {way.about[lang]}" if way.about.get(lang) else ""))
    left = len(found) - _LISTED
    return [*lines, *([f"  … +{left}"] if left > 0 else [])]
