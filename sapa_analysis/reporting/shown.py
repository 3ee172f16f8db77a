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
table.sapa th, table.sapa td {text-align: left !important; vertical-align: top; padding: .25em .7em;
  white-space: normal; overflow-wrap: anywhere; min-width: 3.4em; max-width: 34em;}
table.sapa th.long {min-width: 19em;}
table.sapa thead th {border-bottom: 1px solid #888;}
table.sapa tr.first td {border-top: 1px solid #ddd;}
p.sapa {max-width: 52em; margin: .35em 0;}
</style>"""


class Shown:
    """A table or sentences that a notebook shows as HTML, and a console as text."""

    def __init__(self, of: pd.DataFrame | Sequence[str]) -> None:
        self._of = plain(of) if isinstance(of, pd.DataFrame) else plain(list(of))

    def __repr__(self) -> str:
        if isinstance(self._of, pd.DataFrame):
            return str(self._of.to_string(index=False))
        return "\n".join(self._of)

    def _repr_html_(self) -> str:
        if isinstance(self._of, pd.DataFrame):
            return _STYLE + _table(self._of)
        return _STYLE + "".join(f'<p class="sapa">{escape(line)}</p>' for line in self._of)


def _table(table: pd.DataFrame) -> str:
    """Return a table as HTML; what the first column repeats stands once, over all its rows."""
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in table.to_numpy().tolist()]
    long = [any(len(row[place]) > _LONG for row in cells) for place in range(table.shape[1])]
    heads = "".join(
        f'<th class="long">{escape(str(head))}</th>' if wide else f"<th>{escape(str(head))}</th>"
        for head, wide in zip(table.columns, long, strict=True)
    )
    rows = []
    for _, group in groupby(cells, key=lambda row: row[0]):
        first, *others = list(group)
        lead = f'<td rowspan="{len(others) + 1}">{escape(first[0])}</td>'
        rows.append(f'<tr class="first">{lead}{_cells(first[1:])}</tr>')
        rows += [f"<tr>{_cells(row[1:])}</tr>" for row in others]
    return f'<table class="sapa"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)


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
