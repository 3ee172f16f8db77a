"""Check of an edited document: numbers that match no result, figure or goal, with the nearest ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core import project_root
from ...pipeline import load_project
from ..language import texts
from .document_text import Line, document_lines
from .kept import read_results, results_folder
from .known import Known, KnownNumbers, known_numbers
from .printed import Printed, figures_in, spans

#: What words in common count, against a distance of the whole value.
_WORDS = 0.8
#: Signs around a number that are shown.
_AROUND = 45
_WORD = re.compile(r"[^\W\d_]{3,}")
#: Letters that only Vietnamese has; a document with many of them is Vietnamese.
_VIETNAMESE = re.compile("[ăâđêôơưạ-ỹ]", re.IGNORECASE)
#: The number of a row.
_ORDER = re.compile(r"\d{1,3}(\.\d{1,2})*\.?")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A number of a document that matches nothing known.

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
    """

    text: str
    place: str
    around: str
    nearest: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a document found.

    Attributes
    ----------
    compared : int
        Numbers that were compared.
    unmatched : tuple of Unmatched
        Those that match nothing known, in the order of the document.
    """

    compared: int
    unmatched: tuple[Unmatched, ...]

    def lines(self, lang: str) -> list[str]:
        """Return what was found in lines for a reader."""
        words = texts(lang)["trace"]
        if not self.unmatched:
            form = words["matched" if self.compared else "nothing"]
            return [str(form).format(n=self.compared)]
        lines = [str(words["unmatched"]).format(n=len(self.unmatched), of=self.compared)]
        for each in self.unmatched:
            place = words["places"][each.place]
            lines.append(str(words["stands"]).format(number=each.text, place=place, text=each.around))
            near = [str(words["near_one"]).format(text=one.text, about=one.about) for one in each.nearest]
            lines += [str(words["near"]).format(found="; ".join(near))] if near else []
        return lines


def check_document(path: Path | str, folder: Path | str | None = None, *, lang: str) -> Checked:
    """Return the numbers of a Word file that match no result of a run, and no figure or goal of its day.

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
    about, ways = read_results(results_folder(root, folder))
    known_then = load_project(root).as_of(str(about["as_of"]))
    return check_lines(lines, known_numbers(ways, known_then, lang))


def check_lines(lines: Sequence[Line], known: KnownNumbers) -> Checked:
    """Return what the check of a document finds, from its paragraphs and what is known."""
    marked = sum(len(_VIETNAMESE.findall(line.text)) for line in lines)
    written = "vi" if marked > len(lines) else "en"
    compared, unmatched = 0, []
    for line in lines:
        figures = _figures(line, written)
        compared += len(figures)
        for figure, around in spans(line.text, figures):
            if not known.match(figure):
                nearest = _nearest(figure, around, known.all)
                unmatched.append(Unmatched(_told(figure, line), line.place, _shown(figure, line), nearest))
    return Checked(compared, tuple(unmatched))


def _figures(line: Line, lang: str) -> list[Printed]:
    if line.first and _ORDER.fullmatch(line.text):
        return []
    return figures_in(line.text, lang)


def _nearest(figure: Printed, around: str, known: Sequence[Known]) -> tuple[Known, ...]:
    """Return what is nearest with the words around counted in, then what is nearest by value alone."""
    words = set(map(str.lower, _WORD.findall(around)))
    common = {about: _common(words, about) for about in {each.about for each in known}}
    apart = [each.distance(figure) for each in known]
    places = range(len(known))
    first = min(places, key=lambda place: apart[place] - _WORDS * common[known[place].about], default=None)
    if first is None:
        return ()
    others = (place for place in places if known[place].text != known[first].text)
    second = min(others, key=apart.__getitem__, default=None)
    return (known[first], *(() if second is None else (known[second],)))


def _common(words: set[str], about: str) -> float:
    own = set(map(str.lower, _WORD.findall(about)))
    return len(words & own) / len(own) if own else 0.0


def _told(figure: Printed, line: Line) -> str:
    """Return a figure with the word behind it."""
    behind = re.match(r"\s?(%|[^\W\d]+(?: (?:đồng|lượt|khách|tỷ|VND|visits|USD))?)", line.text[figure.end :])
    return figure.text + (behind[0] if behind else "")


def _shown(figure: Printed, line: Line) -> str:
    start, end = max(figure.start - _AROUND, 0), figure.end + _AROUND
    before = "…" if start else ""
    return before + line.text[start:end].strip() + ("…" if end < len(line.text) else "")
