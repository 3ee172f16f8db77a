"""A workbook for an office: what is public in grey, what the office is to enter in white."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...core import Target
from .carried import Carried, carried
from .layout import FORMS, GRID, LIST, words
from .model import Office
from .public_figures import Shown, indicators_of, public_figures, public_goals
from .tables import Tables
from .template_guide import write_guide
from .template_looks import new_book, saved
from .template_memory import Memory
from .template_rows import rows_of
from .template_sheets import write_figures, write_form

#: The first year of the grid, and the years before the day that it shows at most.
_FIRST, _BACK = 2015, 8


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a template holds, in the order in which it is shown.

    Attributes
    ----------
    tables : Tables
        The tables of the project.
    day : datetime.date
        What was public by then is shown.
    by : str
        The office; may be blank.
    goals : list of Target
        Targets of the area.
    indicators : list of str
        Ids of the indicators of the grid.
    years : list of int
        Columns of the grid.
    figures : dict
        What is public, by indicator and year.
    own : Carried
        What the office has entered already.
    """

    tables: Tables
    day: date
    by: str
    goals: list[Target]
    indicators: list[str]
    years: list[int]
    figures: dict[tuple[str, int], Shown]
    own: Carried


def template_file(tables: Tables, *, day: date, office: Office | None = None) -> bytes:
    """Return the bytes of a workbook in which an office enters its own figures; the same for equal content.

    Parameters
    ----------
    tables : Tables
        The evidence, the names, and the area. Of its targets the workbook shows those of the area that were
        known by the day: give those of the documents that are judged, and those for which `office` names
        who leads.
    day : datetime.date
        What was published by then is filled in, in grey. It is the day of the new workbook, unless
        `office` is known to a later one.
    office : Office, optional
        What an earlier workbook held: every row of it is carried over, with its own date
        where that is before the day.

    Returns
    -------
    bytes
        An .xlsx file without formulas.

    Examples
    --------
    >>> import io
    >>> from datetime import date
    >>> import openpyxl
    >>> from sapa_analysis.evidence import Tables, template_file
    >>> from sapa_analysis.pipeline import known_targets, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> tables = Tables(evidence=project.evidence, indicators=project.indicators, areas=project.areas,
    ...                 documents=project.documents, targets=known_targets(project, params), area="sa_pa")
    >>> book = openpyxl.load_workbook(io.BytesIO(template_file(tables, day=date(2023, 6, 30))))
    >>> book.sheetnames
    ['Hướng dẫn', 'Chỉ tiêu', 'Số liệu', 'Đánh giá', 'Nguyên nhân', 'Đề án', 'Mật', '_mau']
    >>> [cell.value for cell in book["Số liệu"][6]][:4]
    ['Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)', '%', 'đã công bố', None]
    """
    content = _content(tables, day, office)
    told = words()
    book = new_book(str(tables.areas.loc[tables.area, "name_vi"]), content.day)
    memory = Memory(tables, content.goals, day)
    write_guide(book.create_sheet(told["sheets"]["guide"]), content, memory)
    for form in FORMS:
        sheet = book.create_sheet(form.sheet) if form.sheet not in book.sheetnames else book[form.sheet]
        if form is GRID:
            write_figures(sheet, content, memory)
        elif form is not LIST:
            write_form(sheet, form, rows_of(form, content, memory), memory, content.day)
    memory.write(book)
    return saved(book)


def _content(tables: Tables, day: date, office: Office | None) -> Content:
    own_day = max(day, office.day) if office else day
    own = carried(office, tables, day=own_day)
    goals = public_goals(tables, day)
    shown = {goal.id for goal in goals} | {*own.goals}
    goals += [target for target in tables.targets if target.id in own.leads and target.id not in shown]
    wanted = [*indicators_of(tables, goals, day), *own.grid]
    indicators = list(dict.fromkeys(wanted))
    years = _years(tables, day) | {
        year for line in own.grid.values() for year in line if isinstance(year, int)
    }
    return Content(
        tables=tables, day=own_day, by=office.by if office else "", goals=goals,
        indicators=indicators, years=sorted(years), figures=public_figures(tables, indicators, day), own=own,
    )  # fmt: skip


def _years(tables: Tables, day: date) -> set[int]:
    """Return the years up to a day in which the area existed, the last ones."""
    area = tables.areas.loc[tables.area]
    first = max(_FIRST, day.year - _BACK, int((area["valid_from"] or "0001")[:4]))
    return {*range(first, min(day.year, int((area["valid_to"] or "9999")[:4])) + 1)}
