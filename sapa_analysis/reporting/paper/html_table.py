"""A table as the template of a page needs it: cells with their heads, rows that can stand as cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from .grid import Place, covering, is_subheading, label, labels, placed
from .html_text import Shown, plain_words, words_of
from .model import Cell, Row, Table

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
    return TableView(
        name=re.sub(r"\s+", "-", words_of(table.name)),
        caption=table.caption,
        style=" ".join(["table", *(name for name, holds in styles.items() if holds)]),
        widths=tuple(f"{100 * width:.4g}%" for width in table.widths),
        heads=tuple(
            RowView(tuple(_head(each, shown) for each in row)) for row in _rows(table.heads, columns)
        ),
        bodies=_bodies(table, shown),
        notes=table.notes,
    )


def _rows(rows: Sequence[Row], columns: int) -> list[list[Place]]:
    found: list[list[Place]] = [[] for _ in rows]
    for place in placed(rows, columns):
        found[place.row].append(place)
    return found


def _bodies(table: Table, shown: Shown) -> tuple[tuple[RowView, ...], ...]:
    columns, words = len(table.widths), labels(table)
    rows = _rows(table.rows, columns)
    bodies: list[list[RowView]] = [[]]
    for row, places, above in zip(table.rows, rows, covering(list(chain(*rows)), len(rows)), strict=True):
        if is_subheading(row, columns):
            cell = _cell(places[0], "th", "rowgroup", "", shown)
            bodies.append([RowView((cell,), subheading=True)])
            continue
        cells = tuple(_body(each, table.named_by, words, shown) for each in places)
        over = [each for each in places if _is_over(each, table.named_by)]
        bodies[-1].append(RowView(cells, above=_above([*above, *over], table.named_by, words)))
    return tuple(tuple(body) for body in bodies if body)


def _head(each: Place, shown: Shown) -> CellView:
    scope = "colgroup" if each.cell.across > 1 else "col"
    return _cell(each, "th" if each.cell.text else "td", scope if each.cell.text else "", "", shown)


def _body(each: Place, named_by: int, words: Sequence[Sequence[str]], shown: Shown) -> CellView:
    if each.column == named_by and each.cell.text:
        return _cell(each, "th", "row", "", shown)
    view = _cell(each, "td", "", plain_words(label(words, each)), shown)
    return replace(view, style=f"{view.style} over".strip()) if _is_over(each, named_by) else view


def _is_over(each: Place, named_by: int) -> bool:
    """Return whether a cell stands above the name of its row on a card: the number of a group of rows."""
    return each.cell.down > 1 and each.column < named_by and not each.cell.shade


def _cell(each: Place, element: str, scope: str, said: str, shown: Shown) -> CellView:
    cell = each.cell
    style = f"{_style(cell)} first".strip() if each.column == 0 else _style(cell)
    return CellView(element, scope, cell.down, cell.across, style, said, shown(cell.text))


def _style(cell: Cell) -> str:
    names = (
        cell.align if cell.align != "left" else "",
        "strong" if cell.strong else "",
        cell.shade,
        "nil" if cell.text.strip() == "–" else "",
    )
    return " ".join(name for name in names if name)


def _above(above: Sequence[Place], named_by: int, words: Sequence[Sequence[str]]) -> str:
    """Return what cells of rows above say of a row, a line each; first what names it."""
    told = [each for each in above if each.cell.text.strip()]
    lines = []
    for each in sorted(told, key=lambda each: each.column != named_by):
        said = "" if each.column == named_by else plain_words(label(words, each))
        lines.append(": ".join(part for part in (said, plain_words(each.cell.text)) if part))
    return "\n".join(lines)
