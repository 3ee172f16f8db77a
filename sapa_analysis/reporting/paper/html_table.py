"""A table as the template of a page needs it: cells with their heads, rows that can stand as cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .grid import Placed, covering, is_subheading, label, labels, placed
from .html_text import Shown, plain_words, words_of
from .model import Cell, Table

if TYPE_CHECKING:
    from markupsafe import Markup

#: From this number of columns on, a table is crowded on a screen of medium width.
_MANY = 7


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of a page: its element, scope and spans, classes, the head it has on a card, its text."""

    element: str
    scope: str
    down: int
    across: int
    style: str
    label: str
    text: Markup | str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: its cells, whether it is a subheading, and what cells of rows above say of it."""

    cells: tuple[CellView, ...]
    subheading: bool = False
    above: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a page: its bodies each begin with a subheading, save the first."""

    name: str
    caption: str
    style: str
    widths: tuple[str, ...]
    heads: tuple[RowView, ...]
    bodies: tuple[tuple[RowView, ...], ...]
    notes: tuple[str, ...]


def table_view(table: Table, shown: Shown) -> TableView:
    """Return a table with every cell's head, scope and place."""
    columns = len(table.widths)
    styles = {"dense": table.dense, "many": columns >= _MANY}
    heads = placed(table.heads, columns)
    return TableView(
        name=re.sub(r"\s+", "-", words_of(table.name)),
        caption=table.caption,
        style=" ".join(["table", *(name for name, holds in styles.items() if holds)]),
        widths=tuple(f"{100 * width:.4g}%" for width in table.widths),
        heads=tuple(RowView(tuple(_head(each, shown) for each in row)) for row in heads),
        bodies=_bodies(table, shown),
        notes=table.notes,
    )


def _bodies(table: Table, shown: Shown) -> tuple[tuple[RowView, ...], ...]:
    columns, words = len(table.widths), labels(table)
    rows = placed(table.rows, columns)
    bodies: list[list[RowView]] = [[]]
    for row, places, above in zip(table.rows, rows, covering(rows), strict=True):
        if is_subheading(row, columns):
            cell = _cell(places[0], "th", "rowgroup", "", shown)
            bodies.append([RowView((cell,), subheading=True)])
            continue
        cells = tuple(_body(each, table.named_by, words, shown) for each in places)
        over = [each for each in places if _is_over(each, table.named_by)]
        bodies[-1].append(RowView(cells, above=_above([*above, *over], table.named_by, words)))
    return tuple(tuple(body) for body in bodies if body)


def _head(each: Placed, shown: Shown) -> CellView:
    scope = "colgroup" if each.across > 1 else "col"
    return _cell(each, "th" if each.cell.text else "td", scope if each.cell.text else "", "", shown)


def _body(each: Placed, named_by: int, words: Sequence[Sequence[str]], shown: Shown) -> CellView:
    if each.column == named_by and each.cell.text:
        return _cell(each, "th", "row", "", shown)
    view = _cell(each, "td", "", plain_words(label(words, each)), shown)
    return replace(view, style=f"{view.style} over".strip()) if _is_over(each, named_by) else view


def _is_over(each: Placed, named_by: int) -> bool:
    """Return whether a cell stands above the name of its row on a card: the number of a group of rows."""
    return each.down > 1 and each.column < named_by and not each.cell.shade


def _cell(each: Placed, element: str, scope: str, said: str, shown: Shown) -> CellView:
    style = f"{_style(each.cell)} first".strip() if each.column == 0 else _style(each.cell)
    return CellView(element, scope, each.down, each.across, style, said, shown(each.cell.text))


def _style(cell: Cell) -> str:
    names = (cell.align if cell.align != "left" else "", "strong" if cell.strong else "", cell.shade)
    return " ".join(name for name in names if name)


def _above(above: Sequence[Placed], named_by: int, words: Sequence[Sequence[str]]) -> str:
    """Return what cells of rows above say of a row, a line each; first what names it."""
    told = sorted(
        (each for each in above if each.cell.text.strip()), key=lambda each: each.column != named_by
    )
    lines = []
    for each in told:
        said = "" if each.column == named_by else plain_words(label(words, each))
        lines.append(": ".join(part for part in (said, plain_words(each.cell.text)) if part))
    return "\n".join(lines)
