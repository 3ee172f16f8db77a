"""Tables and sentences as a notebook shows them: text on the left, cells that wrap, no numbers of rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import pandas as pd

from .tagged_numbers import plain

#: Letters of a cell from which its column is wide.
_LONG = 60
_STYLE = """<style>
table.sapa {border-collapse: collapse; margin: .4em 0 1em 0;}
table.sapa th, table.sapa td {text-align: left !important; vertical-align: top; padding: .25em .6em;
  white-space: normal; max-width: 34em;}
table.sapa tbody tr {background: none !important;}
table.sapa th.long {min-width: 15em;}
table.sapa td.long {overflow-wrap: anywhere;}
table.sapa thead th {border-bottom: 1px solid #888;}
table.sapa tr.first td {border-top: 1px solid #ccc;}
p.sapa {max-width: 52em; margin: .35em 0;}
</style>"""


class Shown:
    """A table or sentences that a notebook shows as HTML, and a console as text."""

    def __init__(self, of: pd.DataFrame | Sequence[str]) -> None:
        self._of = plain(of) if isinstance(of, pd.DataFrame) else plain(list(of))

    def __repr__(self) -> str:
        if isinstance(self._of, pd.DataFrame):
            return str(self._of.to_string(index=False)) if len(self._of) else "–"
        return "\n".join(self._of)

    def _repr_html_(self) -> str:
        if isinstance(self._of, pd.DataFrame):
            return _STYLE + (_table(self._of) if len(self._of) else '<p class="sapa">–</p>')
        return _STYLE + "".join(f'<p class="sapa">{escape(line)}</p>' for line in self._of)


def _table(table: pd.DataFrame) -> str:
    """Return a table as HTML; what the first column repeats stands once, over all its rows."""
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in table.to_numpy().tolist()]
    long = [any(len(row[place]) > _LONG for row in cells) for place in range(table.shape[1])]
    heads = "".join(_cell("th", str(head), wide) for head, wide in zip(table.columns, long, strict=True))
    rows = []
    for _, group in groupby(cells, key=lambda row: row[0]):
        same = list(group)
        for place, row in enumerate(same):
            lead = _cell("td", row[0], long[0], f' rowspan="{len(same)}"') if place == 0 else ""
            others = (_cell("td", cell, wide) for cell, wide in zip(row[1:], long[1:], strict=True))
            first = "" if place else ' class="first"'
            rows.append(f"<tr{first}>{lead}{''.join(others)}</tr>")
    return f'<table class="sapa"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _cell(tag: str, text: str, long: bool, more: str = "") -> str:
    name = ' class="long"' if long else ""
    return f"<{tag}{name}{more}>{escape(text)}</{tag}>"


def show(of: pd.DataFrame | Sequence[str]) -> Shown:
    """Return a table or sentences as the last line of a notebook's cell shows them.

    Parameters
    ----------
    of : pandas.DataFrame or sequence of str
        With or without tags.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import show
    >>> show(["One sentence.", "Another."])
    One sentence.
    Another.
    >>> "3.5 million</td>" in show(pd.DataFrame({"Visits": ["3.5 million"]}))._repr_html_()
    True
    """
    return Shown(of)
