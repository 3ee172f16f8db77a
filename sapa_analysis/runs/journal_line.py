"""Lines of a journal of runs: each is sealed with its own hash, so that an altered one is known.

A line is a JSON object in one form only: sorted keys, no spaces, UTF-8. Its field `row` is the SHA-256 of the
line without that field. There are three kinds: a run; `{"inputs": digest, "files": {path: sha256}}`, the
files behind a digest; and `{"plan": [run, ...]}`, the runs of a batch in its order, written as it starts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: File name of a journal.
JOURNAL = "runs.jsonl"
#: The field of a line that holds its hash.
SEAL = "row"
_NUMBER = (int, float, type(None))
#: What stands in the fields of a line; another version, or a hand, may have written something else.
_SHAPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("run", "notebook", "key", "status", "error", "start", "copy", "partial", "inputs"), str),
    **dict.fromkeys(("parameters", "resolved", "files"), dict),
    **dict.fromkeys(("plan", "headline", "ignored"), list),
    **dict.fromkeys(("seconds", "cpu", "peak_mb"), _NUMBER),
    "surprise": (dict, type(None)),
}


def seal(entry: Mapping[str, Any]) -> str:
    """Return an entry as a line of the journal, without line end.

    Examples
    --------
    >>> from sapa_analysis.runs.journal_line import is_sealed, seal
    >>> line = seal({"run": "04_targets-0123456789ab", "seconds": 6.5})
    >>> line[:33]
    '{"row":"c8ca4bf43476fb46e403774ef'
    >>> is_sealed(line), is_sealed(line.replace("6.5", "6.6"))
    (True, False)
    """
    bare = {name: value for name, value in entry.items() if name != SEAL}
    return _json({**bare, SEAL: hashlib.sha256(_json(bare).encode()).hexdigest()})


def _json(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def is_sealed(line: str | bytes) -> bool:
    """Return whether a line is as `seal` made it, to the letter."""
    return _entry(line.encode() if isinstance(line, str) else line) is not None


def is_shaped(entry: Mapping[str, Any]) -> bool:
    """Return whether the fields of an entry hold what such fields hold.

    Examples
    --------
    >>> from sapa_analysis.runs.journal_line import is_shaped
    >>> is_shaped({"run": "a", "seconds": 6.5}), is_shaped({"run": 5}), is_shaped({"plan": [["a"]]})
    (True, False, False)
    """
    whole = all(isinstance(entry[name], kind) for name, kind in _SHAPES.items() if name in entry)
    return whole and all(isinstance(run, str) for run in entry.get("plan", ()))


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        text = line.decode()
        entry = json.loads(text)
        return entry if isinstance(entry, dict) and is_shaped(entry) and seal(entry) == text else None
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class Journal:
    """A journal as it lies there.

    Attributes
    ----------
    entries : list of dict
        The sound lines in order.
    altered : list of int
        Numbers of the lines that are not as they were written, 1 for the first.
    torn : int
        Number of the last line, if writing it was cut off; else 0.
    size : int
        Bytes up to the end of the last line that was written whole: what lies behind is torn.
    """

    entries: list[dict[str, Any]]
    altered: list[int]
    torn: int
    size: int


def read_journal(content: bytes) -> Journal:
    r"""Return the lines of a journal.

    Only the end of a file can be torn, so a line with an end that is not sealed was altered; so was a last
    line that is whole but for one wrong byte in place of its end.

    Examples
    --------
    >>> from sapa_analysis.runs.journal_line import read_journal, seal
    >>> text = f'{seal({"run": "a"})}\n{seal({"run": "b"})}\n'
    >>> journal = read_journal(text[:-4].encode())
    >>> [entry["run"] for entry in journal.entries], journal.altered, journal.torn
    (['a'], [], 2)
    """
    *whole, rest = content.split(b"\n")
    entries, altered = [], []
    for number, line in enumerate(whole, start=1):
        entry = _entry(line)
        if entry is None:
            altered.append(number)
        else:
            entries.append(entry)
    size, torn = len(content) - len(rest), len(whole) + 1 if rest else 0
    if rest and is_sealed(rest[:-1]):
        altered, torn = [*altered, torn], 0
    return Journal(entries, altered, torn, size)


def current_rows(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the newest row of each run that counts, in order: those of the last plan, or all without one.

    Examples
    --------
    >>> from sapa_analysis.runs.journal_line import current_rows
    >>> rows = [{"run": "a", "seconds": 1}, {"run": "b", "seconds": 2}, {"run": "a", "seconds": 3}]
    >>> [row["seconds"] for row in current_rows(rows)]
    [3, 2]
    >>> [row["seconds"] for row in current_rows([*rows, {"plan": ["b", "c"]}])]
    [2]
    """
    newest: dict[str, dict[str, Any]] = {}
    plan: list[str] | None = None
    for entry in entries:
        if "run" in entry:
            newest[entry["run"]] = dict(entry)
        plan = list(entry["plan"]) if "plan" in entry else plan
    return [newest[run] for run in (newest if plan is None else plan) if run in newest]
