"""Check of an edited document: numbers that match no result, figure or goal, with the nearest ones."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from ...core import project_root
from ...evidence import is_office
from ...pipeline import load_project
from ..language import texts
from .alignment import aligned, paper_of
from .document_text import Line, document_lines
from .edits import Edited, Token, edited_figures, is_same, phrases
from .kept import read_results, results_folder
from .known import ENOUGH, Known, KnownNumbers, known_numbers, known_value
from .printed import Printed, digits_of, figures_in, spans
from .printed_lines import PrintedLine, one_line
from .way import Way

#: What words in common count, against a distance of the whole value.
_WORDS = 0.8
#: Signs before and behind a number of a new text in which its words are sought.
_BEFORE, _BEHIND = 160, 80
#: Signs around a number that are shown.
_AROUND = 45
_WORD = re.compile(r"[^\W\d_]{3,}")
#: Letters that only Vietnamese has; a document with many of them is Vietnamese.
_VIETNAMESE = re.compile("[ăâđêôơưạ-ỹ]", re.IGNORECASE)
#: The number of a row.
_ORDER = re.compile(r"\d{1,3}(\.\d{1,2})*\.?")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A number of a document that is not what its paper prints there, and matches nothing known.

    Attributes
    ----------
    text : str
        The number.
    place : str
        As in `Line`.
    around : str
        The words around it.
    nearest : tuple of Known
        What is nearest by value and by words.
    stood : str
        The number that the paper prints in its place, with its unit; blank where it prints none.
    """

    text: str
    place: str
    around: str
    nearest: tuple[Known, ...]
    stood: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a document found.

    Attributes
    ----------
    compared : int
        Numbers that were compared.
    unmatched : tuple of Unmatched
        Those that match nothing, in the order of the document.
    paper : str
        The paper that the document was made from, by the name of its files; blank where it comes from none,
        and every number was compared by its value alone.
    office : bool
        Whether figures of an office bear on the run: of these only those that it used are known.
    """

    compared: int
    unmatched: tuple[Unmatched, ...]
    paper: str = ""
    office: bool = False

    def lines(self, lang: str) -> list[str]:
        """Return what was found in lines for a reader.

        Parameters
        ----------
        lang : str
            `vi` or `en`.
        """
        words = texts(lang)["trace"]
        own = [str(texts(lang)["office"]["compared"])] if self.office else []
        how = str(words["by_place" if self.paper else "by_value"]).format(paper=self.paper)
        if not self.unmatched:
            form = words["matched" if self.compared else "nothing"]
            return [str(form).format(n=self.compared), *([how, *own] if self.compared else [])]
        lines = [str(words["unmatched"]).format(n=len(self.unmatched), of=self.compared)]
        for each in self.unmatched:
            place = words["places"][each.place]
            lines.append(str(words["stands"]).format(number=each.text, place=place, text=each.around))
            lines += [str(words["stood"]).format(number=each.stood)] if each.stood else []
            near = [str(words["near_one"]).format(text=one.text, about=one.about) for one in each.nearest]
            lines += [str(words["near"]).format(found="; ".join(near))] if near else []
        return [*lines, how, *own]


def check_document(path: Path | str, folder: Path | str | None = None, *, lang: str) -> Checked:
    """Return the numbers of a Word file that its paper does not print in their place.

    A document that was made from a paper of the run is set against it, paragraph by paragraph and cell by
    cell: a number must be what stood there. In new text it must be a result, figure or goal that the words
    around it speak of. Of a document that comes from no paper of the run every number is compared by value.

    Both the Vietnamese and the English form of a number are read. Days, years, marks of sources and numbers
    of order are no figures. A number of three digits or more may be another rounding of a known one.

    Parameters
    ----------
    path : path
        A .docx, edited or not.
    folder : path, optional
        A folder that `sapa briefing` wrote; by default the last one below `build/briefing`.
    lang : {"vi", "en"}
        Language of what is told of the nearest numbers.

    Raises
    ------
    SapaError
        When the file is no sound .docx, or the folder holds no results.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import docx
    >>> from sapa_analysis.reporting import check_document
    >>> from sapa_analysis.reporting.trace.results_files import results_json
    >>> paper = docx.Document()
    >>> _ = paper.add_paragraph("Mục tiêu năm 2023: 3,5 triệu lượt khách; cả năm ước đạt 3,77777 triệu lượt.")
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "results.json").write_text(results_json({}, {"as_of": "2023-06-30"}))
    ...     paper.save(Path(folder, "mine.docx"))
    ...     checked = check_document(Path(folder, "mine.docx"), folder, lang="en")
    >>> checked.compared, [each.text for each in checked.unmatched]
    (2, ['3,77777 triệu lượt'])
    """
    lines = document_lines(Path(path))
    root = project_root()
    kept = read_results(results_folder(root, folder))
    known_then = load_project(root).as_of(str(kept.about["as_of"]))
    checked = check_lines(lines, known_numbers(kept.ways, known_then, lang), kept.printed, kept.ways)
    own = any(is_office(each.page.url) for way in kept.ways.values() for each in way.measurements)
    return replace(checked, office=own)


def check_lines(
    lines: Sequence[Line],
    known: KnownNumbers,
    papers: Mapping[str, Sequence[PrintedLine]] = MappingProxyType({}),
    ways: Mapping[str, Way] = MappingProxyType({}),
) -> Checked:
    """Return what the check of a document finds, from its paragraphs, what is known, and the papers."""
    texts_read = [line.text for line in lines]
    paper = paper_of(texts_read, papers)
    marked = sum(len(_VIETNAMESE.findall(text)) for text in texts_read)
    lang = paper.rpartition("-")[2] or ("vi" if marked > len(lines) else "en")
    stood = aligned(texts_read, papers[paper]) if paper else [None] * len(lines)
    original = _Original(known, ways, lang, _phrases_of(papers) if paper else frozenset())
    compared, unmatched = 0, []
    for line, old in zip(lines, stood, strict=True):
        figures = _figures(line, old, lang)
        compared += len(figures)
        if not paper:
            doubtful = [Edited(each, None) for each in figures if not known.match(each)]
        elif old is None:
            doubtful = [Edited(each, None) for each in figures if not original.tells(each, line)]
        else:
            doubtful = [each for each in original.edited(line, old) if each.figure in figures]
        around = dict(spans(line.text, figures))
        unmatched += [_told(each, line, old, around[each.figure], known) for each in doubtful]
    return Checked(compared, tuple(unmatched), paper)


def _phrases_of(papers: Mapping[str, Sequence[PrintedLine]]) -> frozenset[tuple[Token, ...]]:
    told = ((line.text, stem.rpartition("-")[2]) for stem, own in papers.items() for line in own)
    return frozenset(phrase for text, lang in told for _, around in phrases(text, lang) for phrase in around)


@dataclass(frozen=True, slots=True)
class _Original:
    """What numbers of an edited paper are set against: all that is known, and the phrases of all papers."""

    known: KnownNumbers
    ways: Mapping[str, Way]
    lang: str
    phrases: frozenset[tuple[Token, ...]]

    def edited(self, line: Line, old: PrintedLine) -> list[Edited]:
        """Return the numbers of a paragraph that its paper does not print there, nor are known where new."""
        if one_line(line.text) == old.text:
            return []
        before = figures_in(old.text, self.lang)
        own = [self.ways[key] for key in old.keys if key in self.ways]
        return [
            each
            for each in edited_figures(line.text, old.text, self.lang)
            if not (self._fits(each, line, before) if each.stood is None else _is_value(each, own))
        ]

    def _fits(self, each: Edited, line: Line, before: Sequence[Printed]) -> bool:
        return any(is_same(each.figure, stood) for stood in before) or self.tells(each.figure, line)

    def tells(self, figure: Printed, line: Line) -> bool:
        """Return whether a number of a new text is known and the words around it speak of it."""
        around = dict(phrases(line.text, self.lang)).get(figure, frozenset())
        return bool(around & self.phrases) or self.known.fits(figure, _context(line, figure))


def _figures(line: Line, old: PrintedLine | None, lang: str) -> list[Printed]:
    if line.first and _ORDER.fullmatch(line.text) and not (old is not None and old.keys):
        return []
    return figures_in(line.text, lang)


def _is_value(each: Edited, own: Sequence[Way]) -> bool:
    """Return whether a figure is the value of the number that stood there, rounded otherwise."""
    figure, stood = each.figure, each.stood
    read, step = figure.readings[0]
    if stood is None or digits_of(read, step) < ENOUGH:
        return False
    mine = (way for way in own if any(stood.text in text for told in way.texts.values() for text in told))
    values = (known_value("", "", way.value, way.unit) for way in mine)
    return KnownNumbers([value for value in values if value is not None], ()).match(figure)


def _context(line: Line, figure: Printed) -> str:
    """Return the words that say what a number of a new text is."""
    if line.row:
        return line.row
    return line.text[max(figure.start - _BEFORE, 0) : figure.end + _BEHIND]


def _nearest(figure: Printed, around: str, known: Sequence[Known]) -> tuple[Known, ...]:
    """Return what is nearest with the words around counted in, then what is nearest by value alone."""
    words = set(map(str.lower, _WORD.findall(around)))
    common = {about: _common(words, about) for about in {each.about for each in known}}
    apart = [each.distance(figure) for each in known]
    places = range(len(known))
    first = min(places, key=lambda place: apart[place] - _WORDS * common[known[place].about], default=None)
    if first is None:
        return ()
    others = (place for place in places if not _is_one(known[place], known[first]))
    second = min(others, key=apart.__getitem__, default=None)
    return (known[first], *(() if second is None else (known[second],)))


def _common(words: set[str], about: str) -> float:
    own = set(map(str.lower, _WORD.findall(about)))
    return len(words & own) / len(own) if own else 0.0


def _is_one(known: Known, other: Known) -> bool:
    """Return whether two known numbers are one to a reader: of one text, or of one value in two languages."""
    return known.text == other.text or (
        math.isclose(known.full, other.full, rel_tol=1e-9) and known.sort == other.sort
    )


def _told(each: Edited, line: Line, old: PrintedLine | None, around: str, known: KnownNumbers) -> Unmatched:
    figure, stood = each.figure, each.stood
    before = "" if stood is None or old is None else _with_unit(stood, old.text)
    nearest = () if before else _nearest(figure, around, known.all)
    return Unmatched(_with_unit(figure, line.text), line.place, _shown(figure, line), nearest, before)


def _with_unit(figure: Printed, text: str) -> str:
    """Return a figure with the word behind it."""
    behind = re.match(r"\s?(%|[^\W\d]+(?: (?:đồng|lượt|khách|tỷ|VND|visits|USD))?)", text[figure.end :])
    return figure.text + (behind[0] if behind else "")


def _shown(figure: Printed, line: Line) -> str:
    start, end = max(figure.start - _AROUND, 0), figure.end + _AROUND
    before = "…" if start else ""
    return before + line.text[start:end].strip() + ("…" if end < len(line.text) else "")
