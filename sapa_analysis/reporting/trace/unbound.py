"""Numbers on paper that are bound to no result: digits outside tags that are no date, year or order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ...core import Problem
from ..language import texts
from ..paper.model import Cell, Paper, Row, Table, texts_in
from ..tagged_numbers import parts
from .printed import loose_digits

#: Signs of the text around an unbound number that its problem shows.
_AROUND = 60
#: Stands for each sign of a tagged number.
_BOUND = "\ue003"
#: The number of a row in the first column of a table: 1, 2.1.
_ORDER = re.compile(r"\d{1,2}(\.\d{1,2})*\.?")


def unbound_in(paper: Paper) -> Iterator[Problem]:
    """Yield a problem for every number of a paper that is neither tagged nor a date, a year or an order.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.reporting.paper.model import Paper, Paragraph
    >>> from sapa_analysis.reporting.trace.unbound import unbound_in
    >>> text = Paragraph("Năm 2023 tăng 14,5% so với năm 2022")
    >>> paper = Paper("review", "vi", "Báo cáo", "", date(2023, 6, 30), (text,), {})
    >>> [problem.column for problem in unbound_in(paper)]
    ['"14,5%"']
    """
    blocks = tuple(_without_order(block) if isinstance(block, Table) else block for block in paper.blocks)
    for text in texts_in(replace(paper, blocks=blocks)):
        text = _without_units(text, paper.lang)
        words = "".join(part if isinstance(part, str) else _BOUND * len(part.text) for part in parts(text))
        for found in loose_digits(words):
            shown = words.replace(_BOUND, "·").replace("\n", " ")
            start = max(shown.find(found.replace(_BOUND, "·")) - _AROUND // 2, 0)
            told = f'is bound to no result, in "{shown[start : start + _AROUND].strip()}"'
            yield Problem(paper.stem, 0, f'"{found}"'.replace(_BOUND, "·"), told)


def _without_units(text: str, lang: str) -> str:
    """Return a text without the units whose words hold a number, "per 10,000 people"."""
    for unit in _units_with_numbers(lang):
        text = text.replace(unit, "")
    return text


@cache
def _units_with_numbers(lang: str) -> tuple[str, ...]:
    return tuple(unit for unit in texts(lang)["units"].values() if any(map(str.isdigit, unit)))


def _without_order(table: Table) -> Table:
    """Return a table without the numbers of its rows, which stand in the first column."""
    rows: list[Row] = []
    covered = 0
    for row in table.rows:
        first = row[0] if row and not covered else None
        if first is not None and _ORDER.fullmatch(first.text.strip()):
            row = (Cell(), *row[1:])
        covered = max(covered, first.down if first is not None else 0) - 1
        rows.append(row)
    return replace(table, rows=tuple(rows))
