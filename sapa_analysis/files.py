"""Reading tables and YAML so that every problem has a line, and writing whole files or none."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import yaml

from .errors import OutputError, Problem, SapaError, nearest

#: What marks a project: the tables and the parameters lie side by side.
_MARKS = ("data/evidence", "params/baseline.yml")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_VIETNAMESE_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")


def project_root(start: Path | str | None = None) -> Path:
    """Return the folder of the project: the nearest at or above `start`, else the package's own.

    papermill, JupyterLab and the shell start in different folders; all of them ask here.

    Parameters
    ----------
    start : path, optional
        Where to look from; the current folder by default.

    Returns
    -------
    pathlib.Path
        A folder that holds `data/evidence` and `params/baseline.yml`.

    Raises
    ------
    SapaError
        When neither `start` nor the package lies in a project.
    """
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if all((folder / mark).exists() for mark in _MARKS):
            return folder
    raise SapaError(f"{here} lies in no project: no folder above it holds {' and '.join(_MARKS)}")


def label(path: Path) -> str:
    """Return the name by which a reader knows a file: from `data/` or `params/` on, else its last part."""
    parts = path.parts
    for top in ("data", "params"):
        if top in parts[:-1]:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(top) :])
    return path.name


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return a file as NFC text, or None and a problem; a byte-order mark is accepted."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem(label(path), 0, "", f"cannot be read: {error.strerror or error}"))
        return None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        found = path.read_bytes()[error.start]
        problems.append(Problem(label(path), line, "", f"byte 0x{found:02x} is not UTF-8; save the file as UTF-8"))
        return None
    if not text.strip():
        problems.append(Problem(label(path), 0, "", "the file is empty; wanted a header line and rows"))
        return None
    return unicodedata.normalize("NFC", text)


def read_table(path: Path, schema: type[pa.DataFrameModel], problems: list[Problem]) -> pd.DataFrame:
    """Return the sound rows of a CSV file, typed, and add every problem of the others.

    Parameters
    ----------
    path : pathlib.Path
        The file: UTF-8, comma, one header line.
    schema : pandera DataFrameModel
        The declared columns.
    problems : list of Problem
        Receives what is wrong; rows with a problem are not returned.

    Returns
    -------
    pandas.DataFrame
        The declared columns plus `where`, the file and line of each row.
    """
    text = read_text(path, problems)
    return check_rows(_records(text, label(path), schema, problems) if text else {}, label(path), schema, problems)


def check_rows(
    rows: Mapping[int, Mapping[str, str]], file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> pd.DataFrame:
    """Return the sound ones of rows of text, by line number, as a typed table with `where`."""
    found: list[Problem] = []
    columns = schema.to_schema().columns
    cells = {line: {name: row.get(name, "").strip() for name in columns} for line, row in rows.items()}
    typed = {
        name: [_cell(row[name], str(column.dtype), bool(column.nullable), Problem(file, line, name, ""), found)
               for line, row in cells.items()]
        for name, column in columns.items()
    }  # fmt: skip
    sound = _sound(_frame(typed, list(cells), schema), found)
    found += _schema_problems(sound, file, schema)
    sound = _sound(sound, found)
    problems += found
    return sound.assign(where=[f"{file}:{line}" for line in sound.index]).reset_index(drop=True)


def _sound(frame: pd.DataFrame, found: list[Problem]) -> pd.DataFrame:
    return frame.drop(index=[line for line in {problem.line for problem in found} if line in frame.index])


def _frame(typed: Mapping[str, list[Any]], lines: list[int], schema: type[pa.DataFrameModel]) -> pd.DataFrame:
    dtypes = {name: str(column.dtype) for name, column in schema.to_schema().columns.items()}
    series = {
        name: pd.Series(cells, index=lines, dtype="Int64" if dtypes[name].lower() == "int64" else None)
        for name, cells in typed.items()
    }
    for name, dtype in dtypes.items():
        series[name] = series[name].astype("float64" if dtype == "float64" else "Int64" if "nt64" in dtype else "str")
    return pd.DataFrame(series)


def _cell(text: str, dtype: str, nullable: bool, place: Problem, found: list[Problem]) -> Any:
    if "float" not in dtype and "nt64" not in dtype:
        return text
    if text == "" and nullable:
        return None
    message = _number_problem(text)
    if not message and "nt64" in dtype and not float(text).is_integer():
        message = f'"{text}" is not a whole number'
    if message:
        found.append(Problem(place.file, place.line, place.column, message))
        return 0
    return float(text) if "float" in dtype else int(float(text))


def _number_problem(text: str) -> str:
    if _VIETNAMESE_THOUSANDS.fullmatch(text):
        plain = text.replace(".", "")
        decimal = f", or {text}0 when the decimal is meant" if text.count(".") == 1 else ""
        return f'"{text}" may be a Vietnamese thousand; write {plain}{decimal}'
    if _NUMBER.fullmatch(text):
        return ""
    repaired = text.replace(".", "").replace(",", ".")
    hint = f"; write {repaired} (decimal point, no thousands mark)" if _NUMBER.fullmatch(repaired) else ""
    return f'"{text}" is not a number{hint}' if text else "a number is missing"


def _records(
    text: str, file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> dict[int, dict[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[int, dict[str, str]] = {}
    try:
        header = next(reader)
        if not _header_is_sound(header, file, schema, problems):
            return {}
        line = reader.line_num + 1
        for row in reader:
            if len(row) != len(header) and row:
                message = f"{len(row)} cells under {len(header)} columns; quote cells that hold a comma"
                problems.append(Problem(file, line, "", message))
            elif row:
                rows[line] = dict(zip(header, row, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, "", f"not a CSV row: {error}"))
    return rows


def _header_is_sound(
    header: list[str], file: str, schema: type[pa.DataFrameModel], problems: list[Problem]
) -> bool:
    wanted = list(schema.to_schema().columns)
    missing = set(wanted) - set(header)
    wrong = [f'column "{name}" is unknown; {nearest(name, missing or wanted)}' for name in header if name not in wanted]
    wrong += [f'column "{name}" stands twice' for name in set(header) if header.count(name) > 1]
    wrong += [f'column "{name}" is missing' for name in wanted if name in missing]
    problems += [Problem(file, 1, "", message) for message in wrong]
    return not wrong


def _schema_problems(frame: pd.DataFrame, file: str, schema: type[pa.DataFrameModel]) -> list[Problem]:
    typed = frame.astype({name: str(column.dtype) for name, column in schema.to_schema().columns.items()})
    try:
        schema.validate(typed, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.dropna(subset=["index"])
        return [_schema_problem(case, file, schema) for case in cases.to_dict("records")]
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
        message = f"{found} does not fit; wanted {column.description} ({check})"
    return Problem(file, int(case["index"]), str(case["column"]), message)


class _LinedLoader(yaml.SafeLoader):
    """A safe loader: builds plain values only, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping after refusing repeated keys."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key_node, _ in node.value:
            if keys.count(key_node.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f'the key "{key_node.value}" stands twice', key_node.start_mark
                )
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, problems: list[Problem]) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    """Return a YAML file as plain values, and the line of each key.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    problems : list of Problem
        Receives what is wrong: broken syntax, repeated keys, tags that would build objects.

    Returns
    -------
    tuple
        The values (None when there is a problem) and a map from key path to line.
    """
    text = read_text(path, problems)
    if text is None:
        return None, {}
    try:
        root = yaml.compose(text, Loader=_LinedLoader)
        lines: dict[tuple[str | int, ...], int] = {}
        _note_lines(root, (), lines)
        return yaml.load(text, Loader=_LinedLoader), lines  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problems.append(Problem(label(path), line, "", f"not plain YAML: {error.problem}"))
        return None, {}


def _note_lines(node: yaml.Node | None, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> None:
    if node is None:
        return
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, key.value)] = key.start_mark.line + 1
            _note_lines(value, (*path, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _note_lines(value, (*path, place), lines)


def write_whole(contents: Mapping[Path, str | bytes]) -> list[Path]:
    """Write all files or none: each is prepared beside its place, then all are moved in.

    Parameters
    ----------
    contents : mapping of path to str or bytes
        What to write; text becomes UTF-8 with LF line ends.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OutputError
        When a folder or file cannot be written; nothing is left behind.
    """
    prepared: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            prepared[path] = _beside(path)
            prepared[path].write_bytes(data)
        for path, temporary in prepared.items():
            os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        for temporary in prepared.values():
            temporary.unlink(missing_ok=True)
    return list(prepared)


def _beside(path: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    os.chmod(name, 0o644)
    return Path(name)
