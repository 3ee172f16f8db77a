"""The chain of a register: its index, its head, and whether the folder holds just what they name.

`index.csv` lists the entries; the hash in `chain` of each takes in the one before. `head.csv` repeats the
last line: it anchors the end of the chain. An issue writes, in this order, a copy of the entry
(`.pending.csv`), the head, the entry and the index, and removes the copy. Killed before the head, it issued
nothing; killed after it, it left all that is needed to complete the issue.

Noticed are: an entry altered, dropped, moved, repeated, lost or added; an index or a head that is gone; last
entries dropped, with their files or without. Not noticed are: a register deleted as a whole, and one whose
index, head and files somebody rewrote so that they agree. Only the history that git keeps shows those.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..core import Problem, read_text, tell
from .entry import check_entry, csv_rows, csv_text, digest

#: The folder of the register, relative to the project root, and its files beside those of the entries.
REGISTER, INDEX, HEAD, PENDING, LOCK = "register", "index.csv", "head.csv", ".pending.csv", ".lock"
COLUMNS = ("entry", "area", "as_of", "issued", "file", "sha256", "chain")
_README = "README.md"
_AREA = re.compile(r"\w[\w-]*")
_RESTORE = "restore it from the history that git keeps"


@dataclass(slots=True)
class Chain:
    """What a register was found to hold.

    Attributes
    ----------
    rows : list of dict
        The lines of the index, in order.
    problems : list of Problem
        Everything that is wrong, but for an issue that was cut off.
    unfinished : dict of path to str
        What is still to be written of an issue that was cut off.
    cut_off : list of Problem
        The problem that tells so.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unfinished: dict[Path, str] = field(default_factory=dict)
    cut_off: list[Problem] = field(default_factory=list)


def name_of(file: str) -> str:
    """Return how a reader knows a file of the register."""
    return f"{REGISTER}/{file}"


def is_area(text: str) -> bool:
    """Return whether a text can name an area, and so a folder of the register."""
    return bool(_AREA.fullmatch(text))


def link(row: dict[str, str], before: str) -> str:
    """Return the hash of an entry that takes in the hash of the entry before."""
    text = "\n".join([before, *(row[name] for name in COLUMNS[:-1])])
    return hashlib.sha256(text.encode()).hexdigest()


def index_text(rows: list[dict[str, str]]) -> str:
    """Return the text of an index; that of a head is the index of the last row alone."""
    return csv_text(COLUMNS, rows)


def look(folder: Path) -> Chain:
    """Return what a register holds, with every problem at once."""
    chain = Chain()
    problems = chain.problems
    found = _files(folder, problems)
    entries = found - {INDEX, HEAD, _README}
    if found <= {_README}:
        return chain
    ends = _lines(folder, HEAD, problems) if HEAD in found else []
    head_is_broken = any(problem.file == name_of(HEAD) for problem in problems)
    before = len(problems)
    lines = _lines(folder, INDEX, problems) if INDEX in found else []
    if lines is None:
        return chain
    chain.rows = [row for _, row in lines]
    _check_rows(folder, lines, {problem.line for problem in problems[before:]}, problems)
    if INDEX in found or ends:
        faulty = {problem.line for problem in problems[before:]}
        if not head_is_broken:
            _check_end(folder, chain, ends or [], found, [row for line, row in lines if line in faulty])
    if INDEX not in found and not chain.unfinished:
        what = f"is missing, while {len(entries)} files of entries stand in the folder; {_RESTORE}"
        chain.problems = [*problems[:before], Problem(name_of(INDEX), 0, "", what)]
        return chain
    named = {cell for row in chain.rows for cell in row.values()} | {end["file"] for _, end in ends or []}
    for stray in sorted(entries - named):
        what = f"no line of {name_of(INDEX)} names this file; delete it, or restore the line"
        tell(problems, Problem(name_of(stray), 0, "", what))
    return chain


def _files(folder: Path, problems: list[Problem]) -> set[str]:
    """Return the files in the folder; names with a dot in front are the system's, or ours while writing."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            below = os.path.relpath(error.filename, folder).replace(os.sep, "/")
            name = REGISTER if below == "." else name_of(below)
            tell(problems, Problem(name, 0, "", f"cannot be read: {error.strerror or error}"))

    found = set[str]()
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(place, name) for name in names if not name.startswith(".")]
        found |= {path.relative_to(folder).as_posix() for path in paths}
    return found


def _text(folder: Path, file: str, problems: list[Problem]) -> str | None:
    found: list[Problem] = []
    text = read_text(folder / file, found)
    tell(problems, *(Problem(name_of(file), told.line, "", told.message) for told in found))
    return text


def _lines(folder: Path, file: str, problems: list[Problem]) -> list[tuple[int, dict[str, str]]] | None:
    text = _text(folder, file, problems)
    return None if text is None else csv_rows(text, COLUMNS, name_of(file), problems)


def _check_rows(
    folder: Path, lines: list[tuple[int, dict[str, str]]], broken: set[int], problems: list[Problem]
) -> None:
    """Check every line against the one before and against its file; one fault is told once."""
    expected: int = 1
    before: str | None = ""
    for place, (line, row) in enumerate(lines):
        if repeated := next((above for above, other in lines[:place] if other == row), 0):
            what = f"stands on line {repeated} already; delete the line that repeats it"
            tell(problems, Problem(name_of(INDEX), line, "entry", f'"{row["entry"]}" {what}'))
            continue
        number, in_order = row["entry"], row["entry"] == str(expected)
        if taken := next((above for above, other in lines[:place] if other["file"] == row["file"]), 0):
            what = f'"{row["file"]}" stands on line {taken} already; {_RESTORE}'
            tell(problems, Problem(name_of(INDEX), line, "file", what))
        elif line not in broken:
            for column, message in _row_problems(row, expected, before):
                tell(problems, Problem(name_of(INDEX), line, column, message))
            if not _file_problems(row):
                _check_file(folder, row, line, problems)
        following = lines[place + 1][1]["entry"] if place + 1 < len(lines) else ""
        goes_on = re.fullmatch("[0-9]{1,6}", number) and following == str(int(number) + 1)
        expected = int(number) + 1 if goes_on else expected + 1
        before = row["chain"] if in_order and line not in broken else None


def _row_problems(row: dict[str, str], expected: int, before: str | None) -> list[tuple[str, str]]:
    if row["entry"] != str(expected):
        what = f'"{row["entry"]}" stands where {expected} was; an entry was dropped or moved'
        return [("entry", what), *_cell_problems(row)]
    if found := _cell_problems(row):
        return found
    if before is not None and row["chain"] != link(row, before):
        return [("chain", "does not follow from this entry and the one before; one of them was altered")]
    return []


def _cell_problems(row: dict[str, str]) -> list[tuple[str, str]]:
    days = [
        (name, f'"{row[name]}" is not a date; write YYYY-MM-DD')
        for name in ("as_of", "issued")
        if not _is_day(row[name])
    ]
    return days or _file_problems(row)


def _is_day(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _file_problems(row: dict[str, str]) -> list[tuple[str, str]]:
    stem = re.escape(f"{row['area']}/{row['as_of']}")
    if is_area(row["area"]) and re.fullmatch(rf"{stem}(-[0-9]+)?\.csv", row["file"]):
        return []
    wanted = "wanted a file of the register, AREA/AS_OF.csv or AREA/AS_OF-2.csv and so on"
    return [("file", f'found "{row["file"]}"; {wanted}')]


def _check_file(folder: Path, row: dict[str, str], line: int, problems: list[Problem]) -> None:
    told: list[Problem] = []
    text = _text(folder, row["file"], told)
    if text is None:
        found = f"{row['file']} {told[0].message}; {_RESTORE}"
        tell(problems, Problem(name_of(INDEX), line, "file", found))
    elif digest(text) != row["sha256"]:
        found = f"{row['file']} was altered after it had been issued; {_RESTORE}"
        tell(problems, Problem(name_of(INDEX), line, "sha256", found))
    else:
        check_entry(text, name_of(row["file"]), problems)


def _check_end(
    folder: Path,
    chain: Chain,
    ends: list[tuple[int, dict[str, str]]],
    found: set[str],
    faulty: list[dict[str, str]],
) -> None:
    """Compare the ends of index and head: they agree, an issue was cut off, or entries are gone."""
    rows, head = chain.rows, name_of(HEAD)
    if HEAD not in found or len(ends) != 1:
        state = "is missing" if HEAD not in found else f"holds {len(ends)} entries and not one"
        what = f"{state}, so last entries could have been dropped unseen; {_RESTORE}"
        tell(chain.problems, Problem(head, 0, "", what))
        return
    line, end = ends[0]
    same = [place for place, row in enumerate(rows) if row["entry"] == end["entry"]]
    if not same:
        _check_ahead(folder, chain, line, end, found)
    elif rows[same[-1]] != end and rows[same[-1]] not in faulty:
        what = f"is not entry {end['entry']} of {name_of(INDEX)}; {_RESTORE}"
        tell(chain.problems, Problem(head, line, "", what))
    elif same[-1] < len(rows) - 1:
        chain.unfinished = {folder / HEAD: index_text(rows[-1:])}
        what = f"stops at entry {end['entry']}, while {name_of(INDEX)} goes on; `sapa issue` brings it up"
        chain.cut_off = [Problem(head, line, "", what)]


def _check_ahead(folder: Path, chain: Chain, line: int, end: dict[str, str], found: set[str]) -> None:
    before = chain.rows[-1]["chain"] if chain.rows else ""
    text = None
    if not _row_problems(end, len(chain.rows) + 1, before):
        text = _text(folder, end["file"] if end["file"] in found else PENDING, [])
    if text is None or digest(text) != end["sha256"]:
        what = f"ends with entry {len(chain.rows)}, {name_of(HEAD)} with {end['entry']}: some were dropped"
        tell(chain.problems, Problem(name_of(INDEX), 0, "", f"{what}; {_RESTORE}"))
        return
    missing = {} if end["file"] in found else {folder / end["file"]: text}
    chain.unfinished = missing | {folder / INDEX: index_text([*chain.rows, end])}
    what = f"entry {end['entry']} is not in {name_of(INDEX)}: its issue was cut off, or the line was deleted"
    chain.cut_off = [Problem(name_of(HEAD), line, "", f"{what}; `sapa issue` writes it there")]
