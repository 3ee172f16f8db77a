"""Sentences about published figures that are worth a look: what stands out, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ...core import Problem, in_language
from ..language import texts
from ..tagged_numbers import capital

#: A number as our messages write it; how the place of a cell of a workbook of the office ends.
_NUMBER, _CELL = re.compile(r"\d[\d,]*(?:\.\d+)?"), re.compile(r"(, ô [A-Z]+\d+):\d+")


def describe_looks(looks: Iterable[Problem], *, lang: str = "vi") -> list[str]:
    """Return what is worth a look in published figures, each with its row or its cell.

    Parameters
    ----------
    looks : iterable of Problem
        As `pipeline.look_at` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        One sentence each, by file and row.

    Examples
    --------
    >>> from sapa_analysis.core import Problem
    >>> from sapa_analysis.reporting import describe_looks
    >>> jump = Problem("data/evidence/tourism.csv", 174, "value", "2.7 is a jump from 1.5 in 2015")
    >>> print(*describe_looks([jump], lang="en"))
    2.7 is a jump from 1.5 in 2015 (tourism.csv, row 174).
    """
    form = str(texts(lang)["evidence_page"]["looks"]["told"])
    return [form.format(told=capital(_told(look, lang)), place=_place(look, lang)) for look in sorted(looks)]


def _told(look: Problem, lang: str) -> str:
    words, told = texts(lang)["evidence_page"]["looks"], in_language(look.message, lang).replace("\xa0", ",")
    if look.column != "value":
        column = words["columns"].get(look.column, look.column)
        return str(words["column"]).format(column=column, told=told)
    marks = str.maketrans({",": texts(lang)["thousands"], ".": texts(lang)["decimal"]})
    return _NUMBER.sub(lambda number: number[0].translate(marks), _CELL.sub(r"\1", told))


def _place(look: Problem, lang: str) -> str:
    """Return where a look is: the file and its row, or the cell of a workbook."""
    if not look.file.endswith(".csv"):
        return look.file
    return str(texts(lang)["evidence_page"]["looks"]["row"]).format(file=Path(look.file).name, line=look.line)
