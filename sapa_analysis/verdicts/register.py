"""The register of issued verdicts: append-only, hashed, scored later.

A register is a folder: one file of verdicts per entry, `index.csv`, in which the hash of each entry includes
the hash of the previous entry, and `head.csv`, the last line of the index once more. What is noticed when
entries are altered, deleted or reordered, and what is not, stands in `chain`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd

from ..core import OutputError, Problem, RegisterError, held, last_year_ended, loader, read_text, write_whole
from .chain import HEAD, INDEX, LOCK, PENDING, Chain, index_text, is_area, link, look, name_of
from .entry import ADDED, KEPT, TOLD, digest, entry_table, entry_text

#: A verdict issued more than this many days after its vintage counts as issued in hindsight.
_HINDSIGHT_DAYS = 31


def issue_verdicts(
    folder: Path | str,
    verdicts: pd.DataFrame,
    readings: pd.DataFrame,
    *,
    area: str,
    as_of: date,
    issued: date,
    constants: pd.DataFrame | None = None,
) -> Path:
    """Append the verdicts of one vintage to the register and return the path of their file.

    One process at a time reads, extends and writes a register; the others wait, for 30 seconds at most. An
    issue that was cut off is completed first.

    Parameters
    ----------
    folder : path
        The register.
    verdicts, readings : pandas.DataFrame
        As `judge_targets` and `read_rules` return them.
    area : str
        The area of the targets.
    as_of : datetime.date
        The vintage: the date whose knowledge counts.
    issued : datetime.date
        The day of issue, in Viet Nam: see `core.today`.
    constants : pandas.DataFrame, optional
        The constants behind the verdicts, name and known_from, as `pipeline.constants_used` returns them;
        every row of the entry carries them.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    RegisterError
        When the register is not valid, when `issued` is before `as_of` or before the day of issue of the last
        entry, or when the last entry of that area and vintage is identical.
    OutputError
        When the register cannot be written, or another process holds it; then nothing is written.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import issue_verdicts, judge_targets, read_register, read_rules
    >>> goals = pd.DataFrame([{"id": "plan.visits", "indicator_id": "visits", "area": "town",
    ...                        "unit": "visits", "measure": "level", "sense": "at_least", "end": 2021,
    ...                        "value": 160.0}])
    >>> verdicts, readings = judge_targets({}, goals), read_rules({}, goals)
    >>> with TemporaryDirectory() as folder:
    ...     file = issue_verdicts(folder, verdicts, readings, area="town", as_of=date(2020, 1, 15),
    ...                           issued=date(2020, 1, 20))
    ...     file.name, read_register(folder)[["id", "reason"]].to_dict("records")
    ('2020-01-15.csv', [{'id': 'plan.visits', 'reason': 'no_evidence'}])
    """
    if not is_area(area):
        raise RegisterError(f'"{area}" is no area: it names the folder of the entry, in letters and digits')
    if issued < as_of:
        raise RegisterError(f"issued {issued} lies before the day of the verdicts, {as_of}")
    folder = Path(folder)
    text = entry_text(verdicts, readings, constants)
    with held(folder / LOCK):
        rows = _completed(folder).rows
        before = [row for row in rows if (row["area"], row["as_of"]) == (area, str(as_of))]
        _refuse(rows, before, area=area, as_of=as_of, issued=issued, sha256=digest(text))
        file = f"{area}/{as_of}{f'-{len(before) + 1}' if before else ''}.csv"
        row = {"entry": str(len(rows) + 1), "area": area, "as_of": str(as_of), "issued": str(issued)}
        row |= {"file": file, "sha256": digest(text)}
        row["chain"] = link(row, rows[-1]["chain"] if rows else "")
        # in this order: from the head on, what stands there is enough to complete the issue
        contents = {folder / PENDING: text, folder / HEAD: index_text([row]), folder / file: text}
        write_whole(contents | {folder / INDEX: index_text([*rows, row])})
        _remove(folder / PENDING)
    return folder / file


def _refuse(
    rows: list[dict[str, str]],
    before: list[dict[str, str]],
    *,
    area: str,
    as_of: date,
    issued: date,
    sha256: str,
) -> None:
    problems = []
    if before and before[-1]["sha256"] == sha256:
        said = f"the verdicts of {area} on {as_of} stand there already, with the same words"
        problems.append(Problem(name_of(before[-1]["file"]), 0, "", said))
    if rows and str(issued) < rows[-1]["issued"]:
        said = f"entry {rows[-1]['entry']} was issued on {rows[-1]['issued']}; {issued} lies before that day"
        problems.append(Problem(name_of(INDEX), 0, "issued", f"{said}: is the clock right?"))
    if problems:
        raise RegisterError(problems)


def _completed(folder: Path) -> Chain:
    """Return a sound register, after writing what an issue that was cut off left to write."""
    chain = look(folder)
    if chain.problems:
        raise RegisterError([*chain.problems, *chain.cut_off])
    for prepared in folder.rglob(".*.csv.????????"):  # by a process that was killed before it moved them in
        _remove(prepared)
    if chain.unfinished:
        write_whole(chain.unfinished)
        _remove(folder / PENDING)
    return look(folder) if chain.unfinished else chain


def _remove(path: Path) -> None:
    with suppress(OSError):  # it disturbs nobody: the next issue overwrites or removes it
        path.unlink()


def complete_register(folder: Path | str) -> list[str]:
    """Complete an issue that was cut off, and return the entries that are now written down.

    An issue is cut off when its process is killed between two files; `read_index` tells it.

    Parameters
    ----------
    folder : path
        The folder `register` of the project.

    Returns
    -------
    list of str
        The entries that are now written down.

    Raises
    ------
    RegisterError
        When something else is wrong with the register.
    OutputError
        When the register cannot be written.

    Examples
    --------
    >>> import shutil
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.verdicts import REGISTER, complete_register
    >>> with TemporaryDirectory() as place:
    ...     folder = Path(shutil.copytree(project_root() / REGISTER, Path(place, REGISTER)))
    ...     lines = (folder / "index.csv").read_text().splitlines(keepends=True)
    ...     _ = (folder / "index.csv").write_text("".join(lines[:-1]))
    ...     done = complete_register(folder)
    ...     done == [lines[-1].split(",")[4]], complete_register(folder)
    (True, [])
    """
    folder = Path(folder)
    if not look(folder).unfinished:
        return []
    with held(folder / LOCK):
        before = look(folder)
        if not before.unfinished:
            return []
        return [row["file"] for row in _completed(folder).rows[-1:]]


@loader(RegisterError)
def read_index(folder: Path, problems: list[Problem]) -> list[dict[str, str]]:
    """Return the entries of a register in order, after checking hashes, chain, end and files.

    The days of issue may run backwards: until the day was taken from Viet Nam it was that of each machine's
    clock, and what was issued then stays valid. `issue_verdicts` adds no such entry.

    Parameters
    ----------
    folder : path
        The register; a missing folder counts as empty.
    problems : list of Problem, optional
        Receives every entry that was altered, lost, moved or repeated, every file that no entry names, and an
        issue that was cut off.

    Raises
    ------
    RegisterError
        With every problem, when no list was given.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.verdicts import REGISTER, read_index
    >>> entries = read_index(project_root() / REGISTER)
    >>> [(entry["entry"], entry["area"], entry["as_of"]) for entry in entries[:2]]
    [('1', 'sa_pa', '2023-01-15'), ('2', 'sa_pa', '2023-06-30')]
    """
    chain = look(folder)
    if (chain.problems or chain.cut_off) and (folder / LOCK).exists():
        with suppress(OutputError), held(folder / LOCK):  # perhaps somebody is just issuing
            chain = look(folder)
    problems += [*chain.problems, *chain.cut_off]
    return chain.rows


def read_register(folder: Path | str, *, area: str | None = None, until: date | None = None) -> pd.DataFrame:
    """Return every verdict of a register.

    Parameters
    ----------
    folder : path
        The register; a missing folder counts as empty.
    area : str, optional
        Only this area.
    until : datetime.date, optional
        Only entries whose `as_of` is not later.

    Returns
    -------
    pandas.DataFrame
        The columns `KEPT`, `ADDED` (blank in entries before decision 76) and `TOLD` (blank before decision
        89), and overdue (whether the year due had ended), entry, as_of, issued, hindsight (whether it was
        issued more than 31 days after `as_of`). Where an area and vintage was issued more than once, the
        first issue: only that one is scored.

    Raises
    ------
    RegisterError
        As `read_index`.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.verdicts import REGISTER, read_register
    >>> issued = read_register(project_root() / REGISTER, area="sa_pa", until=date(2023, 6, 30))
    >>> issued.loc[issued["id"] == "congress-2020.tourist_arrivals", ["as_of", "probability", "status"]]
              as_of  probability    status
    53   2023-01-15       0.3365      even
    155  2023-06-30       0.2610  unlikely
    """
    folder = Path(folder)
    first = {(row["area"], row["as_of"]): row for row in reversed(read_index(folder))}
    chosen = [row for row in first.values() if area in (None, row["area"])]
    chosen = [row for row in chosen if until is None or date.fromisoformat(row["as_of"]) <= until]
    frames = [_entry(folder, row) for row in sorted(chosen, key=lambda row: (row["area"], row["as_of"]))]
    columns = [*KEPT, *ADDED, *TOLD, "overdue", "entry", "as_of", "issued", "hindsight"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _entry(folder: Path, row: dict[str, str]) -> pd.DataFrame:
    table = entry_table(read_text(folder / row["file"], []) or "")
    as_of, issued = (date.fromisoformat(row[name]) for name in ("as_of", "issued"))
    late = (issued - as_of).days > _HINDSIGHT_DAYS
    overdue = table["end"] <= last_year_ended(as_of)
    table = table.assign(overdue=overdue, entry=int(row["entry"]), hindsight=late)
    return table.assign(as_of=as_of, issued=issued)
