"""The inputs of `doors.py`: faults crossed with the columns and keys that the project declares."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import sapa_analysis as sapa

Row = dict[str, str]
Prepare = Callable[[Path], None]
#: The file of each declared table in which faults are put.
FILES = {
    **{name: f"data/{name}.csv" for name in ("indicators", "areas", "events", "documents", "targets")},
    "evidence": "data/evidence/tourism.csv",
    "covariates": "data/covariates/viet_nam_cpi_index_annual.csv",
}
#: The function of the package that reads each of them.
LOADERS: dict[str, Callable[[Path], Any]] = {
    name: (lambda root, name=name: getattr(sapa.evidence, f"load_{name}")(root / "data")) for name in FILES
} | {
    "targets": lambda root: sapa.targets.load_targets(root / "data"),
    "params": lambda root: sapa.core.load_params(root / "params/baseline.yml"),
    "scenarios": lambda root: sapa.scenarios.load_scenarios(root / "params/scenarios"),
    "relations": lambda root: sapa.targets.load_relations(root / "data"),
    "corrections": lambda root: sapa.evidence.load_evidence(root / "data"),
    "batch": lambda root: sapa.runs.read_batch(root / "params/batches/core.yml", root=root),
    "register": lambda root: sapa.verdicts.read_index(root / "register"),
}  # fmt: skip
YAML_FILES = {
    "params": "params/baseline.yml",
    "scenarios": "params/scenarios/high.yml",
    "relations": "data/relations.yml",
    "corrections": "data/corrections.yml",
    "batch": "params/batches/core.yml",
}
#: What each loader makes of the small project: a sound input gives the same.
BASE: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Input:
    """One knock: what is prepared, which door, and what is right.

    Attributes
    ----------
    right : {"refused", "right", "told"}
        Refused (or accepted, if `expected` holds); accepted, and `expected` holds; refused or warned of.
    call : callable
        Takes the folder of the project, returns what the door made of it.
    prepare : callable or None
        Changes the copy; None needs no copy.
    names : tuple of str
        What a refusal or warning must name: file, line, column or parameter, and what was found. Forms that
        are as good stand side by side, parted by |.
    limit : int
        Seconds of the processor within which the door must answer.
    most_lines : int
        Most lines of a refusal; 0 for any number.
    in_files : bool
        `sapa check` should see it too: it is asked where the loader saw no fault.
    checked : bool
        `sapa check` is asked in any case.
    """

    door: str
    kind: str
    description: str
    right: str
    call: Callable[[Path], Any]
    prepare: Prepare | None = None
    names: tuple[str, ...] = ()
    expected: Callable[[Any], bool] | None = None
    limit: int = 10
    most_lines: int = 0
    in_files: bool = False
    checked: bool = False


def seen(loaded: Any) -> str:
    """Return all that a loader returned as text, but for the lines of its rows."""
    if isinstance(loaded, pd.DataFrame):
        return str(loaded.drop(columns="where", errors="ignore").to_csv(index=False))
    if isinstance(loaded, list | tuple):
        return "\n".join(map(seen, loaded))
    if isinstance(loaded, dict):
        return "\n".join(f"{key}: {seen(value)}" for key, value in loaded.items())
    return repr(loaded.model_dump(exclude={"where"}) if hasattr(loaded, "model_dump") else loaded)


def same(name: str) -> Callable[[Any], bool]:
    """Return a test whether a loader made of its input what it makes of the small project."""
    return lambda loaded: seen(loaded) == BASE[name]


def holds(*words: str, without: str = "\0") -> Callable[[Any], bool]:
    """Return a test whether all of these texts were loaded, and one was not."""
    return lambda loaded: all(word in seen(loaded) for word in words) and without not in seen(loaded)


def row_of(file: str, line: int) -> tuple[str, str]:
    """Return how a refusal names a row, or how a warning may: by the short name of the file, and the line."""
    stem = Path(file).stem
    return f"{file}|{stem} ", f"line {line}|{stem} {line}"


def anything(_: Any) -> bool:
    """Accept whatever was loaded."""
    return True


def put(file: str, content: bytes | str) -> Prepare:
    """Return what writes a file of the copy, which until then shares it with all others."""
    return changed(file, lambda _: content.encode() if isinstance(content, str) else content)


def changed(file: str, change: Callable[[bytes], bytes]) -> Prepare:
    """Return what changes the bytes of a file."""

    def prepare(root: Path) -> None:
        path = root / file
        content = change(path.read_bytes() if path.exists() else b"")
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return prepare


def reworded(file: str, change: Callable[[str], str]) -> Prepare:
    """Return what changes the text of a file."""
    return changed(file, lambda content: change(content.decode()).encode())


def removed(*files: str) -> Prepare:
    """Return what deletes files."""
    return lambda root: [(root / file).unlink() for file in files] and None


def in_turn(*parts: Prepare) -> Prepare:
    """Return what prepares one thing after another."""
    return lambda root: [part(root) for part in parts] and None


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    """Return rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def retabled(file: str, change: Callable[[list[list[str]]], list[list[str]]]) -> Prepare:
    """Return what changes the rows of a CSV file, the header among them."""
    return reworded(file, lambda text: as_csv(change(list(csv.reader(io.StringIO(text, newline=""))))))


def with_cells(file: str, cells: Mapping[tuple[int, str], str]) -> Prepare:
    """Return what writes cells of a CSV file: by row, 0 for the first under the header, and column."""

    def change(rows: list[list[str]]) -> list[list[str]]:
        for (row, column), text in cells.items():
            rows[row + 1][rows[0].index(column)] = text
        return rows

    return retabled(file, change)


def with_rows(file: str, *new: Row) -> Prepare:
    """Return what adds rows to a CSV file."""
    return retabled(file, lambda rows: [*rows, *([row[column] for column in rows[0]] for row in new)])


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def thin(path: Path) -> None:
    """Leave of a table the rows of visits to the town, and the first that shows something new in a column."""
    rows = read_rows(path)
    told: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        new = {(name,
            cell if name in ("freq", "kind", "bound", "measure", "sense") else str(bool(cell))) for name,
            cell in row.items()} - told  # fmt: skip
        visits = row["indicator_id"] == "tourist_arrivals" and row["area"] == "sa_pa"
        if new or visits:
            kept.append(row)
            told |= new
    path.write_text(as_csv([list(rows[0]), *(list(row.values()) for row in kept)]), encoding="utf-8")


def warm(base: Path) -> None:
    """Read all files once, and use what the inputs use."""
    for name, load in LOADERS.items():
        BASE[name] = seen(load(base))
    visits = pd.Series(VISITS, index=range(2015, 2020), name="visits", dtype=float)
    goals = pd.DataFrame([GOAL])
    for method in sapa.forecasting.MODELS:
        sapa.forecast(pd.Series(GROWING), method, horizon=2, n_paths=100, seed=1)
    sapa.judge_targets({"visits": sapa.forecast(visits, horizon=2, n_paths=100, seed=1)}, goals)


VISITS = [100, 110, 119, 132, 140]
GROWING = dict(zip(range(2010, 2020), (100.0, 104, 111, 115, 124, 131, 135, 146, 151, 160), strict=True))
GOAL = {"id": "mine", "indicator_id": "visits", "area": "town", "unit": "visits", "measure": "level",
    "sense": "at_least", "end": 2021, "value": 160.0}  # fmt: skip
#: Values that no parameter takes, but for those of `SOUND`.
NO_VALUES: dict[str, Any] = {"nothing": None, "word": "many-things", "not a number": math.nan,
    "infinity": math.inf, "negative": -1, "huge": 10**30, "truth": True, "empty list": [],
    "mapping": {"a": 1}}  # fmt: skip
SOUND = {
    ("seed", "huge"),
    ("shock_years", "empty list"),
    ("bridges", "empty list"),
    ("plans_inform", "empty list"),
}
#: Words for which only the tables, not the parameters alone, know that they are none.
WORDS_LATER = {("area", "word"), ("method", "word")}
