"""Reading CSV tables so that every problem is shown with its line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from .errors import Problem, Problems, nearest, tell
from .files import label, read_text
from .row_problem import problem_at
from .table_terms import FORMS_IN_WORDS
from .text import OFFICE, address_problem, text_problem

#: Characters of a cell; the longest of ours has 600.
_LONGEST_CELL = 100_000
_TOO_LONG = f"a cell is longer than {_LONGEST_CELL:,} characters; a quote before it may have no partner"
_NO_ROW = "the row that starts here is no CSV row: a quote in it has no partner, or stands inside a cell"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
#: 12.085 is twelve thousand in Vietnam and twelve elsewhere; 0.085 can only be a fraction.
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2}([.,])[0-9]{3}(\1[0-9]{3})*")
#: With a decimal comma these have one reading: 96,8 and 1.234,5 and 1.234.567.
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_POINTS_AND_COMMA = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+")
_POINTS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3}){2,}")


def read_table(path: Path, schema: type[pa.DataFrameModel], problems: list[Problem]) -> pd.DataFrame:
    """Return the rows of a CSV file, typed, and add every problem.

    Parameters
    ----------
    path : pathlib.Path
        The file: one header line, cells between commas; or as Excel saves it in Vietnam, between semicolons
        with decimal commas. Rows of blank cells are passed over.
    schema : pandera DataFrameModel
        The declared columns.
    problems : list of Problem
        Receives what is wrong.

    Returns
    -------
    pandas.DataFrame
        The declared columns plus `where`, the file and line of each row. A row with a problem stays,
        so that its other cells are checked too; a number that cannot be read is NA.

    Examples
    --------
    >>> from sapa_analysis.core import Areas, project_root, read_table
    >>> problems = []
    >>> areas = read_table(project_root() / "data/areas.csv", Areas, problems)
    >>> areas.loc[0, ["area", "level", "where"]].tolist(), problems
    (['viet_nam', 'nation', 'data/areas.csv:2'], [])
    """
    table, found = _checked(read_text(path, problems) or "", label(path), schema)
    tell(problems, *found)
    return table.copy()


@lru_cache(maxsize=256)
def _checked(
    text: str, file: str, schema: type[pa.DataFrameModel]
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return the typed rows of a file's text and its problems; the same text is checked once."""
    found = Problems()
    rows = _records(text, file, schema, found) if text else {}
    return check_rows(rows, file, schema, found), tuple(found)


def check_frame(
    frame: pd.DataFrame, name: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> pd.DataFrame:
    """Return a table that is not a file, checked and typed like one whose first row is on line 2.

    Parameters
    ----------
    frame, name
        The table, and what messages call it.
    schema : type of pandera.DataFrameModel
        What is declared of its columns.
    problems : list of Problem
        Is added to.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import Covariates, check_frame
    >>> row = dict.fromkeys(Covariates.to_schema().columns, "")
    >>> row |= {"period": "2024", "unit": "percent", "published": "2025-01-06"}
    >>> problems = []
    >>> frame = pd.DataFrame([row | {"value": 3.6}, row | {"value": "3,6"}])
    >>> check_frame(frame, "my prices", Covariates, problems)["value"].tolist()
    [3.6, nan]
    >>> print(problems[0].file, problems[0])
    my prices line 3, value: "3,6" is not a number; write 3.6 (decimal point, no thousands mark)
    """
    cells = frame.drop(columns="where", errors="ignore").astype(object)
    header = [str(column) for column in cells.columns]
    if not _header_is_sound(header, name, schema, problems):
        return check_rows({}, name, schema, problems)
    rows = (dict(zip(header, map(_as_text, row), strict=True)) for row in cells.to_numpy())
    return check_rows(dict(enumerate(rows, start=2)), name, schema, problems)


def own_frame(frame: pd.DataFrame, schema: type[pa.DataFrameModel], problems: list[Problem]) -> pd.DataFrame:
    """Return an overlay, checked as `check_frame` does; rows of a workbook keep their `where`.

    Those of a workbook have a column `internal`, which goes: no declared table has it.

    Parameters
    ----------
    frame, schema, problems
        As `check_frame` takes them.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import Covariates, own_frame
    >>> row = dict.fromkeys(Covariates.to_schema().columns, "") | {"value": 3.6, "internal": False}
    >>> row |= {"period": "2024", "unit": "percent", "published": "2025-01-06", "where": "mine.xlsx, F7:7"}
    >>> problems = []
    >>> own_frame(pd.DataFrame([row]), Covariates, problems)["where"].tolist()
    ['mine.xlsx, F7:7']
    >>> problems[0].file, problems[0].line
    ('mine.xlsx, F7', 7)
    """
    if "internal" not in frame:
        return check_frame(frame, "overlay", schema, problems)
    found, places = Problems(), frame["where"].tolist()
    table = check_frame(frame.drop(columns="internal"), "overlay", schema, found)
    for each in found:
        told = problem_at(places[each.line - 2], each.column, each.message) if each.line > 1 else each
        tell(problems, told)
    return table.assign(where=pd.Series(places, dtype="str")) if len(table) == len(frame) else table


def _as_text(cell: Any) -> str:
    """Return a cell as a CSV file would hold it; three decimals get a fourth: they are no thousand."""
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell)
    if pd.isna(cell):
        return ""
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    plain = isinstance(cell, float) and not cell.is_integer()
    text = np.format_float_positional(cell) if plain else str(int(cell) if isinstance(cell, float) else cell)
    return text + "0" * (len(text.partition(".")[2]) == 3)


def check_rows(
    rows: Mapping[int, Mapping[str, str]], file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> pd.DataFrame:
    """Return rows of text, by line number, as a typed table with `where`, and add every problem."""
    columns = schema.to_schema().columns
    text = pd.DataFrame(list(rows.values()), index=list(rows), columns=list(columns), dtype="str")
    text = text.apply(lambda cells: cells.str.strip())
    for name in columns:
        tell(problems, *_text_problems(text[name], file))
    typed = {name: _typed(text[name], column, file, problems) for name, column in columns.items()}
    table = pd.DataFrame(typed)
    tell(problems, *_schema_problems(table, file, schema))
    where = pd.Series([f"{file}:{line}" for line in table.index], table.index, dtype="str")
    return table.assign(where=where).reset_index(drop=True)


def _text_problems(cells: pd.Series, file: str) -> Iterator[Problem]:
    """Yield the cells that cannot be printed, and in a column of addresses those that are none."""
    name = str(cells.name)
    unwritten = OFFICE if not file.endswith(".csv") else "\0"  # a row of a file has a page
    for line, text in zip(cells.index.tolist(), cells.tolist(), strict=True):
        message = "" if text.isprintable() and "\ufffd" not in text else text_problem(text)
        if name == "source_url" and text and not text.startswith(unwritten):
            message = message or address_problem(text)
        if message:
            yield Problem(file, line, name, message)


def _typed(cells: pd.Series, column: Any, file: str, problems: list[Problem]) -> pd.Series:
    dtype = str(column.dtype).lower()
    if dtype not in ("float64", "int64"):
        return cells
    numbers = []
    for line, text in zip(cells.index.tolist(), cells.tolist(), strict=True):
        blank = text == "" and column.nullable
        message = "" if blank else _number_problem(text, whole=dtype == "int64")
        if message:
            tell(problems, Problem(file, line, column.name, message))
        numbers.append(np.nan if blank or message else float(text))
    return pd.Series(numbers, cells.index).astype("Int64" if dtype == "int64" else "float64")


def _number_problem(text: str, *, whole: bool) -> str:
    if not text:
        return "a number is missing"
    if _AMBIGUOUS.fullmatch(text):
        return f'"{text}" may have a thousands mark; write {_readings(text)}'
    if not _NUMBER.fullmatch(text):
        mark, other = (".", ",") if text.rfind(".") > text.rfind(",") else (",", ".")
        plain = re.sub(r"\s", "", text).replace(other, "").replace(mark, ".")
        hint = f"; write {plain} (decimal point, no thousands mark)" if _NUMBER.fullmatch(plain) else ""
        return f'"{text}" is not a number{hint}'
    if whole and not (float(text).is_integer() and abs(float(text)) < 2**53):
        return f'"{text}" is not a whole number'
    return ""


def _readings(text: str) -> str:
    plain = re.sub("[.,]", "", text)
    one_mark = len(text) - len(plain) == 1
    return f"{plain}, or {text.replace(',', '.')}0 when the decimal is meant" if one_mark else plain


def _records(
    text: str, file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> dict[int, dict[str, str]]:
    # as Excel saves it in Vietnam: semicolons between cells, a comma before decimals
    marked = _parted_by_semicolons(text, schema)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=";" if marked else ",")
    numbers = {name for name, column in schema.to_schema().columns.items() if "str" not in str(column.dtype)}
    rows: dict[int, dict[str, str]] = {}
    line = 1
    try:
        header = [name.strip() for name in next(reader)]
        if not _header_is_sound(header, file, schema, problems):
            return {}
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if max(map(len, row)) > _LONGEST_CELL:
                    tell(problems, Problem(file, line, "", _TOO_LONG))
                elif len(row) != len(header):
                    message = f"{len(row)} cells under {len(header)} columns; quote cells that hold a comma"
                    tell(problems, Problem(file, line, "", message))
                else:
                    rows[line] = dict(zip(header, row, strict=True))
                for name in numbers if marked and line in rows else ():
                    rows[line][name] = _with_decimal_point(rows[line][name])
            line = reader.line_num + 1
    except csv.Error as error:
        told = _TOO_LONG if "field limit" in str(error) else _NO_ROW
        tell(problems, Problem(file, line, "", told))
    if not rows and all(problem.file != file for problem in problems):
        tell(problems, Problem(file, 0, "", "the file holds no row under its header"))
    return rows


def _parted_by_semicolons(text: str, schema: type[pa.DataFrameModel]) -> bool:
    header = text.partition("\n")[0]
    names = {name.strip().strip('"') for name in header.split(";")}
    return len(names) > 1 and "," not in header and bool(names & set(schema.to_schema().columns))


def _with_decimal_point(text: str) -> str:
    """Return a number with a decimal comma as one with a point, where it can be read in one way only."""
    if _POINTS_AND_COMMA.fullmatch(text) or (_COMMA.fullmatch(text) and not _AMBIGUOUS.fullmatch(text)):
        return text.replace(".", "").replace(",", ".")
    return text.replace(".", "") if _POINTS.fullmatch(text) else text


def _header_is_sound(
    header: list[str], file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> bool:
    wanted = list(schema.to_schema().columns)
    missing = set(wanted) - set(header)
    unknown = [name for name in header if name not in wanted]
    wrong = [f'column "{name}" is unknown; {nearest(name, missing or wanted)}' for name in unknown]
    wrong += [f'column "{name}" stands twice' for name in set(header) if header.count(name) > 1]
    wrong += [f'column "{name}" is missing' for name in missing]
    tell(problems, *(Problem(file, 1, "", message) for message in wrong))
    return not wrong


def _schema_problems(table: pd.DataFrame, file: str, schema: type[pa.DataFrameModel]) -> list[Problem]:
    dtypes = {name: str(column.dtype) for name, column in schema.to_schema().columns.items()}
    filled = table.fillna({name: 0 for name, dtype in dtypes.items() if dtype == "int64"})
    try:
        schema.validate(filled.astype(dtypes), lazy=True)
    except pa.errors.SchemaErrors as error:
        return [_schema_problem(case, file, schema) for case in error.failure_cases.to_dict("records")]
    return []


def _schema_problem(case: Mapping[Any, Any], file: str, schema: type[pa.DataFrameModel]) -> Problem:
    column = schema.to_schema().columns[case["column"]]
    found, check = f'"{case["failure_case"]}"', str(case["check"])
    allowed = [set(c.statistics["allowed_values"]) for c in column.checks if c.name == "isin"]
    if "unique" in check:
        message = f"{found} stands more than once"
    elif allowed:
        message = f"{found} is unknown; {nearest(str(case['failure_case']), allowed[0])}"
    else:
        what = "a blank cell" if case["failure_case"] == "" else found
        message = f"{what} does not fit; wanted {_wanted(column)}"
    return Problem(file, int(case["index"]), str(case["column"]), message)


def _wanted(column: Any) -> str:
    """Return what a declared column holds, and in which form, in words."""
    forms = []
    for check in column.checks:
        given = check.statistics or {}
        if "pattern" in given:
            forms += [words for form, words in FORMS_IN_WORDS.items() if form in str(given["pattern"])][:1]
        if "min_value" in given and given.get("max_value") is not None:
            unit = " letters" if check.name == "str_length" else ""
            forms.append(f"{given['min_value']} to {given['max_value']}{unit}")
        elif "min_value" in given:
            forms.append(f"at least {given['min_value']} letters")
    return f"{column.description} ({', '.join(forms)})" if forms else str(column.description)
