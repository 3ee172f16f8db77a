"""Tables and sentences as a notebook shows them: text on the left, cells that wrap, no numbers of rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from .tagged_numbers import plain

_STYLE = """<style>
table.sapa {border-collapse: collapse; margin: .4em 0 1em 0;}
table.sapa th, table.sapa td {text-align: left !important; vertical-align: top; padding: .25em .7em;
  white-space: normal; overflow-wrap: break-word; max-width: 34em;}
table.sapa thead th {border-bottom: 1px solid #888;}
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
            return _STYLE + str(self._of.to_html(index=False, border=0, classes="sapa", na_rep=""))
        return _STYLE + "".join(f'<p class="sapa">{escape(line)}</p>' for line in self._of)


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
    >>> "<td>3.5 million</td>" in show(pd.DataFrame({"Visits": ["3.5 million"]}))._repr_html_()
    True
    """
    return Shown(of)
