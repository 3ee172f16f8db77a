"""Errors for the reader: every problem at once, each with its place in a file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .translation import in_language

#: Problems of one kind in one column of which each is shown; more than one further is a count.
_SHOWN = 3
#: What differs between problems of one kind: the words in quotes, numbers, and the hint.
_VARYING = re.compile(r"\"[^\"]*\"|\d[\d.,]*|; (did you mean|none of the|write one of).*")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem and its place.

    Attributes
    ----------
    file : str
        The file as the reader knows it, relative to the project (`data/evidence/tourism.csv`).
    line : int
        Line of the file, 1 for the first; 0 when the file as a whole is meant.
    column : str
        Column or key; empty when the whole line is meant.
    message : str
        What was found and what is wanted.
    """

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, lang: str) -> str:
        """Return the problem in a language.

        Parameters
        ----------
        lang : str
            `vi` or `en`.
        """
        return _told(self, f"line {self.line}" if self.line else "", self.message, lang)


def _told(problem: Problem, line: str, message: str, lang: str) -> str:
    """Return a message and its place; a column of a table bears the word that Vietnamese wants before it."""
    in_table = lang != "en" and problem.column and problem.file.endswith(".csv")
    column = in_language(f"column {problem.column}", lang) if in_table else problem.column
    where = ", ".join(part for part in (in_language(line, lang), column) if part)
    return f"{where}: {in_language(message, lang)}" if where else in_language(message, lang)


class SapaError(Exception):
    """An error meant for the reader: its text needs no traceback to be understood.

    Parameters
    ----------
    problems : str or iterable of Problem
        One sentence, or every problem found.
    """

    def __init__(self, problems: str | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(sorted(set(problems)))
        super().__init__(problems if isinstance(problems, str) else report(self.problems))

    def in_language(self, lang: str) -> str:
        """Return the text of the error, as `str` does, in a language; words of a library stay as they are.

        Parameters
        ----------
        lang : str
            `vi` or `en`.

        Examples
        --------
        >>> from sapa_analysis.core import DataError, Problem
        >>> error = DataError([Problem("data/areas.csv", 4, "parent", '"lao_cay" is no area')])
        >>> print(error.in_language("vi"))
        data/areas.csv có 1 lỗi
          dòng 4, cột parent: "lao_cay" không phải là địa bàn
        """
        return report(self.problems, lang) if self.problems else in_language(str(self), lang)


class DataError(SapaError):
    """A table other than evidence and targets (indicators, areas, events, covariates) is wrong."""


class EvidenceError(SapaError):
    """The evidence or its corrections are wrong."""


class NoEvidenceError(EvidenceError):
    """No usable evidence is known for an indicator and area on a day.

    Parameters
    ----------
    sentence : str
        What is missing.
    n_known : int
        Number of known statements that refer to no single year (holidays, term averages).
    """

    def __init__(self, sentence: str, n_known: int = 0) -> None:
        super().__init__(sentence)
        self.n_known = n_known


class TargetsError(SapaError):
    """The targets or their documents are wrong."""


class ParamsError(SapaError):
    """A parameter is unknown, ill-typed or out of range."""


class DateError(SapaError, ValueError):
    """A text is no date, or not in one of the forms that are read."""


class OfficeError(SapaError):
    """The office's workbook is wrong; its text is Vietnamese in every language, for so is the workbook.

    Parameters
    ----------
    text : str
        What a reader sees: every problem with its sheet and cell.
    problems : sequence of Problem
        The same one by one, in the order of sheets and cells; `column` is the sheet and the cell.
    """

    def __init__(self, text: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(text)
        self.problems = tuple(problems)

    def in_language(self, lang: str) -> str:
        """Return the text as it is.

        Parameters
        ----------
        lang : str
            `vi` or `en`.
        """
        return str(self)


class OutputError(SapaError):
    """A result cannot be written."""


class RegisterError(SapaError):
    """The register of issued verdicts was altered, or an operation would alter it."""


def report(problems: Iterable[Problem], lang: str = "en") -> str:
    """Return problems for a reader: by file, in the order of lines, many of one kind told once with a count.

    Parameters
    ----------
    problems : iterable of Problem
        In any order.
    lang : str
        Language of the words; see `in_language`.

    Examples
    --------
    >>> from sapa_analysis.core import Problem, report
    >>> print(report(Problem("a.csv", line, "unit", '"vists" is unknown') for line in range(2, 502)))
    a.csv has 500 problems
      line 2, unit: "vists" is unknown
      line 3, unit: "vists" is unknown
      line 4, unit: "vists" is unknown
      lines 5 to 501, unit: 497 more of this kind
    """
    problems = sorted(set(problems))
    files = sorted({problem.file for problem in problems})
    return "\n".join(_report_file(file, [p for p in problems if p.file == file], lang) for file in files)


def _report_file(file: str, problems: list[Problem], lang: str) -> str:
    count = f"{len(problems):,} problem{'s' if len(problems) > 1 else ''}"
    lines = []
    for alike in by_kind(problems):
        shown = alike if len(alike) <= _SHOWN + 1 else alike[:_SHOWN]
        lines += [(each.line, f"  {each.in_language(lang)}") for each in shown]
        if more := len(alike) - len(shown):
            span = f"lines {alike[_SHOWN].line} to {alike[-1].line}"
            rest = _told(alike[0], span, f"{more:,} more of this kind", lang)
            lines.append((shown[-1].line, f"  {rest}"))
    told = [line for _, line in sorted(lines, key=lambda each: each[0])]
    return "\n".join([in_language(f"{file} has {count}", lang), *told])


def by_kind(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return problems in groups of one column and one kind, in which only words and numbers differ.

    Parameters
    ----------
    problems : iterable of Problem
        In the order in which they are told.

    Examples
    --------
    >>> from sapa_analysis.core import Problem, by_kind
    >>> rows = [Problem("a.csv", line, "unit", f'"vists{line}" is unknown') for line in (2, 9)]
    >>> [len(alike) for alike in by_kind([*rows, Problem("a.csv", 3, "value", "a number is missing")])]
    [2, 1]
    """
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.column, _VARYING.sub("", problem.message)), []).append(problem)
    return list(kinds.values())


class Problems(list[Problem]):
    """A list of problems that knows what `tell` has put into it, however long it is."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[object] = set()
        self._counted = 0

    def told(self) -> set[object]:
        """Return the cells that have a problem, and the problems of whole lines."""
        if self._counted != len(self):
            self._told = {_told_as(problem) for problem in self}
        return self._told

    def tell(self, problem: Problem) -> None:
        """Add a problem unless its cell has one.

        Parameters
        ----------
        problem : Problem
            The problem.
        """
        told = self.told()
        if _told_as(problem) not in told:
            told.add(_told_as(problem))
            self.append(problem)
        self._counted = len(self)


def _told_as(problem: Problem) -> object:
    return (problem.file, problem.line, problem.column) if problem.column else problem


def tell(problems: list[Problem], *found: Problem) -> None:
    """Add problems to a list: none twice, and only the first problem of each cell.

    Parameters
    ----------
    problems : list of Problem
        Receives the problems.
    *found : Problem
        The problems, the most basic first.

    Examples
    --------
    >>> from sapa_analysis.core import Problem, tell
    >>> problems = []
    >>> for message in ("is not a number", "does not fit the unit"):
    ...     tell(problems, Problem("data/areas.csv", 4, "value", message))
    >>> print(*problems)
    line 4, value: is not a number
    """
    if isinstance(problems, Problems):
        for problem in found:
            problems.tell(problem)
        return
    told = {_told_as(problem) for problem in problems} if found else set()
    for problem in found:
        if _told_as(problem) not in told:
            told.add(_told_as(problem))
            problems.append(problem)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint: the nearest known word, or else the known words if there are at most 12.

    Parameters
    ----------
    word : str
        The unknown word.
    known : iterable of str
        The valid words.

    Returns
    -------
    str
        A clause that completes "... is unknown;".

    Examples
    --------
    >>> from sapa_analysis.core import nearest
    >>> nearest("visit", ["visits", "rooms"])
    'did you mean visits?'
    >>> nearest("percent", ["visits", "rooms"])
    'write one of rooms, visits'
    """
    return _nearest(word, tuple(sorted(known)))


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return (
        f"write one of {', '.join(known)}" if len(known) <= 12 else f"none of the {len(known)} known is near"
    )
