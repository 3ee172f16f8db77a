"""The proof of what was run: every file of a batch or briefing against the journal, without running anything.

What differs is a problem; what the journal does not vouch for, and what has changed outside, is a notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core import Problem, SapaError, file_digests, label, package_digests, project_root, source_digest
from .batch_files import TABLES, batch_files
from .internal import INTERNAL
from .journal_line import JOURNAL, Journal, current_rows, read_journal
from .office_copy import PUBLIC_COPY
from .sums import digests_at

#: Where the journal of a briefing lies, and the notebooks of a project.
_NOTEBOOKS = "notebooks"
#: What stands for the package in a notice.
_PACKAGE = "sapa_analysis"
#: Files that file managers leave in a folder.
_OF_SYSTEMS = ("Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Verified:
    """What was found in a folder of runs.

    Attributes
    ----------
    runs : int
        Runs that the tables show.
    files : int
        Files that were compared with the journal.
    problems : list of Problem
        Files that were changed, are missing, or are in no row, and lines of the journal that were changed.
    notices : list of Problem
        What is no damage: inputs that have changed since, a line that was cut off as the process was stopped,
        what could not be checked.
    """

    runs: int = 0
    files: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)


def verify_runs(folder: Path | str, *, root: Path | str | None = None) -> Verified:
    r"""Compare every file of a batch or a briefing with what the journal of its runs says.

    Nothing is run and nothing is fetched. Copies and the files that runs wrote are compared by their hash;
    tables and page are made again from journal and copies.

    Parameters
    ----------
    folder : path
        The folder of a batch, or of a briefing.
    root : path, optional
        The project whose files are compared with those that the runs read; by default that of the current
        folder.

    Returns
    -------
    Verified
        Numbers of runs and files, problems, and notices.

    Raises
    ------
    SapaError
        When the folder holds no journal.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import verify_runs
    >>> from sapa_analysis.runs.journal_line import seal
    >>> with TemporaryDirectory() as folder:
    ...     line = seal({"run": "04-1", "status": "ok", "copy": "04-1.ipynb", "copy_sha256": "0" * 64})
    ...     _ = Path(folder, "runs.jsonl").write_text(line.replace("ok", "OK") + "\n" + line + "\n")
    ...     found = verify_runs(folder)
    >>> [(problem.file, str(problem)) for problem in found.problems]
    [('runs.jsonl', 'line 1: the line is not as it was written'), ('04-1.ipynb', 'is missing')]
    """
    place = Path(folder)
    journal_file = next(
        (found for found in (place / JOURNAL, place / _NOTEBOOKS / JOURNAL) if found.is_file()), None
    )
    if journal_file is None:
        raise SapaError(
            f"{place} holds no journal: {JOURNAL} lies neither in it nor in {_NOTEBOOKS} below it"
        )
    try:
        journal = read_journal(journal_file.read_bytes())
    except OSError as error:
        raise SapaError(f"{journal_file} cannot be read: {error.strerror or error}") from error
    return _Check(place, journal_file.parent, journal).run(root)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Check:
    """One folder, and what has been found so far."""

    def __init__(self, top: Path, folder: Path, journal: Journal) -> None:
        self.top, self.folder, self.journal = top, folder, journal
        self.rows = current_rows(journal.entries)
        plans = [entry["plan"] for entry in journal.entries if "plan" in entry]
        self.planned, rows = bool(plans), {row["run"] for row in self.rows}
        self.open = set(plans[-1]) - rows if plans else set()
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []
        self.known: set[Path] = {_plain(folder / JOURNAL)}

    def run(self, root: Path | str | None) -> Verified:
        self._lines()
        self._files()
        self._tables()
        self._others()
        self._inputs(root)
        return Verified(len(self.rows), len(self.known), self.problems, self.notices)

    def _name(self, path: Path) -> str:
        """Return the name of a file for the reader: from the folder on, where it lies in it."""
        path, top = _plain(path), _plain(self.top)
        return path.relative_to(top).as_posix() if path.is_relative_to(top) else label(path)

    def _tell(self, problems: list[Problem], path: Path, message: str, line: int = 0) -> None:
        problems.append(Problem(self._name(path), line, "", message))

    def _lines(self) -> None:
        file = self.folder / JOURNAL
        for number in self.journal.altered:
            self._tell(self.problems, file, "the line is not as it was written", number)
        if self.journal.torn:
            said = "the line was cut off as its process was stopped; its run is in no row"
            self._tell(self.notices, file, said, self.journal.torn)

    def _files(self) -> None:
        """Compare what rows name; of a file that several wrote, the last row says what it is."""
        current = {row["run"] for row in self.rows}
        newest = {entry["run"]: entry for entry in self.journal.entries if "run" in entry}
        rows = sorted(newest.values(), key=lambda row: row["run"] in current)
        named = {path: (digest, row["run"] in current) for row in rows for path, digest in _named(row)}
        for name, (digest, counts) in named.items():
            path = self.folder / name
            self.known.add(_plain(path))
            if not path.is_file():
                self._tell(self.problems if counts else self.notices, path, "is missing")
            elif not digest:
                self._tell(self.notices, path, "was not checked, because its row holds no hash")
            elif (content := self._read(path)) is not None and _sha256(content) != digest:
                self._tell(self.problems, path, "is not as it was written")

    def _read(self, path: Path) -> bytes | None:
        """Return what is in a file; None, and a problem, where it cannot be read."""
        try:
            return path.read_bytes()
        except OSError as error:
            self._tell(self.problems, path, f"cannot be read: {error.strerror or error}")
            return None

    def _tables(self) -> None:
        """Make tables and page again, but where what they are made from is no longer what it was.

        Of a batch that was stopped they may be older than its last row.
        """
        damaged = {problem.file for problem in self.problems}
        there = [name for name in TABLES if (self.folder / name).is_file()]
        if self.journal.altered:
            self._unchecked(there, JOURNAL)
            return
        lost = [row["copy"] for row in self.rows if row.get("copy")]
        lost = [name for name in lost if self._name(self.folder / name) in damaged]
        wanted = batch_files(self.folder, self.rows) if self.planned or there else {}
        if lost and wanted:
            joined = [name for name in wanted if name.startswith("results.")]
            self._unchecked([name for name in there if name in joined], lost[0])
            wanted = {name: content for name, content in wanted.items() if name not in joined}
        problems = self.notices if self.open else self.problems
        for name, content in wanted.items():
            path = self.folder / name
            self.known.add(_plain(path))
            if not path.is_file():
                self._tell(problems, path, "is missing")
            elif (found := self._read(path)) is not None and found != content:
                said = (
                    "is not what journal and copies give: changed, not renewed after a stop, or of other code"
                )
                self._tell(problems, path, said)

    def _unchecked(self, names: Sequence[str], because: str) -> None:
        for name in names:
            self.known.add(_plain(self.folder / name))
            self._tell(self.notices, self.folder / name, f"was not checked, because {because} is damaged")

    def _others(self) -> None:
        """Tell what no row names; where a row was changed or a batch was stopped, it may miss its row."""
        ends = (".ipynb", "-failed.ipynb", ".csv", ".xlsx")
        between = {self.folder / f"{run}{end}" for run in self.open for end in ends}
        read = {digest for entry in self.journal.entries for digest in entry.get("files", {}).values()}
        for path in _visible(self.top):
            if path.name == PUBLIC_COPY and (content := self._read(path)) and _sha256(content) in read:
                continue  # what the runs have read, not what they wrote
            if _plain(path) in self.known:
                continue
            problems = self.notices if self.journal.altered or path in between else self.problems
            self._tell(problems, path, "lies here and is in no row of the journal")

    def _inputs(self, root: Path | str | None) -> None:
        """Tell which files that the runs read are others by now."""
        used = {value for row in self.rows for value in row.values() if isinstance(value, str)}
        read: dict[str, str] = {}
        for entry in self.journal.entries:
            if "run" not in entry and entry.get("inputs") in used:
                read |= entry.get("files", {})
        if not read:
            return
        try:
            place = project_root(root)
        except SapaError as error:
            self.notices.append(Problem(JOURNAL, 0, "", f"inputs were not compared: {error}"))
            return
        now = {**file_digests(place), **package_digests(), **_notebooks(place)}
        read |= {
            f"{_NOTEBOOKS}/{row.get('notebook')}.ipynb": str(row.get("notebook_sha256")) for row in self.rows
        }
        now |= digests_at(place, read.keys() - now.keys())  # scenarios of the reader's own
        folders = {_folder(name) for name in read} - {_NOTEBOOKS}
        names = read.keys() | {name for name in now if _folder(name) in folders}
        told = [name for name in sorted(names) if read.get(name) != now.get(name)]
        self.notices += [Problem(name, 0, "", _since(read.get(name), now.get(name))) for name in told]
        other = {row.get("package") for row in self.rows} - {source_digest(), None, ""}
        if other and not any(name.startswith(f"{_PACKAGE}/") for name in told):
            said = "runs with other libraries, or another Python, than when it made the runs"
            self.notices.append(Problem(_PACKAGE, 0, "", said))


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _notebooks(root: Path) -> dict[str, str]:
    files = sorted((root / _NOTEBOOKS).glob("*.ipynb"))
    return {f"{_NOTEBOOKS}/{path.name}": _sha256(path.read_bytes()) for path in files}


def _since(before: str | None, after: str | None) -> str:
    if before is None:
        return "is new since the runs"
    return "is gone since the runs" if after is None else "has changed since the runs"


def _named(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every file that a row vouches for, with its hash."""
    copy = row.get("copy") or row.get("partial")
    if copy:
        yield copy, str(row.get("copy_sha256", ""))
    yield from (row.get("files") or {}).items()


def _plain(path: Path) -> Path:
    """Return a path without `..` and links, so that one file has one name."""
    return path.resolve()


def _visible(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder but hidden ones, those for the house, and folders with a journal."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _OF_SYSTEMS:
            continue
        if not path.is_dir():
            yield path
        elif path.name != INTERNAL and (path.name == _NOTEBOOKS or not (path / JOURNAL).is_file()):
            yield from _visible(path)
