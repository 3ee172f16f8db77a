"""What the reading of a workbook needs everywhere: names, the day, what was grey, where problems go."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from ...core import Target
from .layout import words
from .periods import day_of_serial, vietnamese
from .sheet_cells import Cell
from .spelling import folded, plain
from .tables import Tables
from .told import Told, shown_number

#: Names of which this share of the letters is alike are slips of typing; of others that share of the words.
#: So few names are all told.
_ALIKE, _SHARED, _FEW = 0.88, 0.45, 12
#: Unknown words of a kind to which the nearest known one is told.
_HINTS = 100


def as_text(cell: Cell | None) -> str:
    """Return what a cell shows, on one line."""
    if cell is None:
        return ""
    if cell.kind != "number":
        return plain(cell.text)
    if cell.shown in ("day", "month") and (day := day_of_serial(cell.number)):
        return vietnamese(day) if cell.shown == "day" else f"{day:%m/%Y}"
    if cell.shown == "percent":
        return shown_number(cell.number * 100).rstrip("0").rstrip(",") + "%"
    return f"{cell.number:f}".replace(".", ",")


def nearest_by_words(text: str, names: Iterable[str]) -> list[str]:
    """Return the name that shares the most telling words with a text, in a list; none where they are few.

    A word tells the more the fewer names have it; a short form counts as what it stands for.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.reading import nearest_by_words
    >>> names = ["tỷ lệ che phủ rừng", "tỷ lệ dân số tham gia bảo hiểm y tế", "tỷ lệ hộ nghèo"]
    >>> nearest_by_words("Tỷ lệ bao phủ BHYT", names), nearest_by_words("sản lượng ngô", names)
    (['tỷ lệ dân số tham gia bảo hiểm y tế'], [])
    """
    known = {name: _words_of(name) for name in names}
    often = Counter(word for each in known.values() for word in each)
    weight = {word: math.log(1 + len(known) / count) for word, count in often.items()}
    unknown = math.log(1 + len(known)) / 3
    mine = _words_of(text)

    def shared(name: str) -> float:
        both = sum(weight[word] for word in mine & known[name])
        own = sum(weight[word] for word in known[name]), sum(weight.get(word, unknown) for word in mine)
        return both / math.sqrt(own[0] * own[1]) if all(own) else 0.0

    best = max(known, key=shared, default="")
    return [best] if best and shared(best) >= _SHARED else []


def _words_of(text: str) -> set[str]:
    short = {folded(form): whole for form, whole in words()["short_forms"].items()}
    said = re.split(r"[\s,;:()/.-]+", folded(text))
    return {word for each in said for word in (folded(short[each]) if each in short else each).split()}


class Names:
    """Names of one kind, found without regard to case, spaces and the way an accent is put.

    Parameters
    ----------
    known : mapping of str to str
        The name by what it stands for.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._ids: dict[str, str] = {}
        for own, name in known.items():
            self._ids.setdefault(folded(name), own)
        self._names = {folded(name): name for name in known.values()}
        self._hints: dict[str, str] = {}

    def find(self, text: str) -> str | None:
        """Return what a name stands for, or None."""
        return self._ids.get(folded(text))

    def hint(self, text: str) -> str:
        """Return the nearest name as a question, or the names where they are few."""
        if text not in self._hints:
            # a hint costs milliseconds, and only the first of a kind are printed
            few = len(self._hints) < _HINTS
            self._hints[text] = self._hint(text) if few else str(words()["errors"]["none_near"])
        return self._hints[text]

    def _hint(self, text: str) -> str:
        errors = words()["errors"]
        near = (
            difflib.get_close_matches(folded(text), self._names, n=1, cutoff=_ALIKE)
            or (nearest_by_words(text, self._names) if len(self._names) > _FEW else [])
            or difflib.get_close_matches(folded(text), self._names, n=1, cutoff=0.6)
        )
        if near:
            return str(errors["did_you_mean"]).format(word=self._names[near[0]])
        if len(self._names) <= _FEW:
            return str(errors["one_of"]).format(words=", ".join(self._names.values()))
        return str(errors["none_near"])


def _by_id(names: pd.Series) -> dict[str, str]:
    return {str(own): str(name) for own, name in names.items()}


@dataclass
class Reading:
    """What the reading of a workbook needs everywhere.

    Attributes
    ----------
    told : Told
        Receives the problems.
    tables : Tables
        Of the project.
    file : str
        Name of the file.
    day : datetime.date
        To which day its figures are known.
    by : str
        Who filled it in.
    memory : dict
        What was grey: text by kind, key and head.
    """

    told: Told
    tables: Tables
    file: str
    day: date
    by: str = ""
    memory: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    indicators: Names = field(init=False)
    documents: Names = field(init=False)
    subjects: Names = field(init=False)

    def __post_init__(self) -> None:
        names = _by_id(self.tables.indicators["name_vi"])
        self.indicators = Names(names)
        self.documents = Names(_by_id(self.tables.documents["name_vi"]))
        fields = {f"field:{name}": said for name, said in words()["fields"].items()}
        self.subjects = Names({**fields, **names})
        holidays = self.tables.evidence["freq"] == "EVENT"
        self.holidays = set(self.tables.evidence.loc[holidays, "indicator_id"])

    def source(self, text: str) -> str:
        """Return the title of a source: what a cell says, else the office."""
        told = words()["sources"]
        return text or (str(told["by"]).format(by=self.by) if self.by else str(told["none"]))

    def indicator(self, name: str) -> pd.Series:
        """Return the row of an indicator."""
        found = self.tables.indicators.loc[name]
        assert isinstance(found, pd.Series)
        return found

    def goals(self) -> list[Target]:
        """Return the targets of the area."""
        return [target for target in self.tables.targets if target.area == self.tables.area]
