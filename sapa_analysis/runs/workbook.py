"""A table as a workbook: the same table gives the same bytes."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from ..core import without_clock

#: Rows of a sheet below its header: a sheet of Excel has 2^20 rows.
_MOST_ROWS = 2**20 - 1
#: Excel's zero of time stands where a workbook tells when it was made.
_UNDATED = datetime(1980, 1, 1)
#: Width of a column in characters, from its longest value of the first rows.
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 40, 200


def workbook(table: pd.DataFrame, title: str = "results", about: pd.DataFrame | None = None) -> bytes:
    """Return the bytes of an XLSX file with a table, its header fixed and with filters.

    Rows beyond what a sheet takes stand in further sheets.

    Parameters
    ----------
    table : pandas.DataFrame
        Text and numbers; what is not known is left blank.
    title : str
        Name of the sheet.
    about : pandas.DataFrame, optional
        What the workbook says of itself; its last sheet, `about`.

    Examples
    --------
    >>> import pandas as pd
    >>> from io import BytesIO
    >>> from sapa_analysis.runs.workbook import workbook
    >>> table = pd.DataFrame({"indicator": ["tourist_arrivals"], "year": [2025], "value": [5.8e6]})
    >>> content = workbook(table)
    >>> pd.read_excel(BytesIO(content)).equals(table.astype({"value": int})), content == workbook(table)
    (True, True)
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _UNDATED
    for number, first in enumerate(range(0, max(len(table), 1), _MOST_ROWS), 1):
        _fill(
            book.create_sheet(title if number == 1 else f"{title} {number}"), table.iloc[first:][:_MOST_ROWS]
        )
    if about is not None:
        _fill(book.create_sheet("about"), about)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).save()  # `Workbook.save` would write the time
    return without_clock(made.getvalue())


def _fill(sheet: Any, part: pd.DataFrame) -> None:
    from openpyxl.utils import get_column_letter

    names = [str(name) for name in part.columns]
    sheet.freeze_panes = "A2"
    if names:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(part) + 1}"
    for place, name in enumerate(names, 1):
        longest = max(map(len, map(str, (name, *part.iloc[:_LOOKED_AT, place - 1]))))
        width = min(max(_NARROWEST, longest) + 2, _WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in (names, *part.itertuples(index=False, name=None)):
        sheet.append([*_cells(row, sheet)])


def _cells(row: Sequence[Any], sheet: Any) -> Iterator[Any]:
    """Yield values as cells: text that begins like a formula is text."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    for value in row:
        if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
            yield None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield value
        else:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
            cell.data_type = "s"
            yield cell
