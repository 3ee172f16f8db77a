"""What the office's workbook says in words: its texts as papers quote them, and the committee's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from ..core import printable
from ..evidence import Office
from ..pipeline import Project, Results
from .language import count, texts
from .office import without_marks
from .paper.pdf import without_shapeless
from .tagged_numbers import tag, tag_quoted

#: The committee's words in the order in which papers count them; `open` is no judgement yet.
JUDGED = ("exceeded", "met", "expected", "hard", "missed", "open")
#: What each word says of the goal: attained or about to be, or not.
_SIDES = {
    "exceeded": "likely",
    "met": "likely",
    "expected": "likely",
    "hard": "unlikely",
    "missed": "unlikely",
}
#: What stands for marks that the font lacks, as offices paste them, and for any other letter.
_LIKE = dict.fromkeys("✓✔☑", "√") | dict.fromkeys("➢❖◆★☐", "•")
_OTHER = "□"


def words_of(lang: str) -> dict[str, Any]:
    """Return the words of what only the office can say."""
    return dict(texts(lang)["review_office"])


@dataclass(frozen=True, slots=True)
class Judged:
    """The standing committee's judgement of a target: a word of `JUDGED`, its day, its note, its cell."""

    word: str
    published: str
    note: str
    where: str


@dataclass(frozen=True, slots=True, eq=False)
class Committee:
    """The standing committee's own judgements, as far as a day knows them.

    Attributes
    ----------
    body : str
        Which committee it is: a key of the texts `review_office.bodies`.
    words : mapping of str to Judged
        By target. A judgement is that of every target of its indicator, year and measure.
    others : tuple of str
        Indicators judged for a year in which no target of the run is due.
    """

    body: str = "district"
    words: Mapping[str, Judged] = field(default_factory=lambda: MappingProxyType({}))
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)

    def named(self, lang: str) -> str:
        """Return the committee's name as a sentence begins with it."""
        return str(words_of(lang)["bodies"][self.body])

    def word(self, target: str, lang: str, *, inside: bool = False) -> str:
        """Return the committee's tagged word on a target, as `inside` a sentence; blank where it has none."""
        if target not in self.words:
            return ""
        name = self.words[target].word
        said = str(words_of(lang)["judged"][name])
        return tag(said.lower() if inside else said, f"{target}.committee", name, "judgement")

    def counted(self, targets: Sequence[str]) -> dict[str, int]:
        """Return how many of some targets have each word; those without one are `open`."""
        said = [self.words[name].word if name in self.words else "open" for name in targets]
        return {word: said.count(word) for word in JUDGED}

    def opposes(self, target: str, outlook: str) -> bool:
        """Return whether the committee sees a goal attained that we see missed, or the other way round.

        Examples
        --------
        >>> from sapa_analysis.reporting.office_said import Committee, Judged
        >>> committee = Committee(words={"a": Judged("met", "2023-06-15", "", "E5:5")})
        >>> [committee.opposes("a", outlook) for outlook in ("unlikely", "even", "likely")]
        [True, False, False]
        """
        mine = _SIDES.get(self.words[target].word, "") if target in self.words else ""
        return {mine, outlook} == {"likely", "unlikely"}


def committee_of(project: Project, results: Results) -> Committee:
    """Return the committee's judgements that were known on the day of a run; of several the latest."""
    office = project.as_of(results.params.as_of).office
    level = str(project.areas.at[results.params.area, "level"])
    body = level if level in ("province", "nation", "commune") else "district"
    if office is None or office.judgements.empty:
        return Committee(body)
    measures = {target.id: target.measure for target in results.targets}
    words: dict[str, Judged] = {}
    others: list[str] = []
    verdicts = results.verdicts
    for row in office.judgements.sort_values("published", kind="stable").to_dict("records"):
        mine = verdicts[
            verdicts["indicator_id"].eq(row["indicator_id"]) & verdicts["end"].eq(int(row["end"]))
        ]
        if measure := measures.get(str(row["target"]), ""):
            mine = mine[mine["measure"] == measure]
        told = Judged(*(str(row[name] or "") for name in ("judged", "published", "note", "where")))
        words |= dict.fromkeys(map(str, mine["id"]), told)
        others += [] if len(mine) else [str(row["indicator_id"])]
    return Committee(body, words, tuple(dict.fromkeys(others)))


def counts_told(committee: Committee, targets: Sequence[str], document: str, lang: str) -> str:
    """Return how many targets of a document have which word of the committee: "đạt 30, khó đạt 2"."""
    words = words_of(lang)
    told = [
        str(words["counted"]).format(
            word=words["judged"][word].lower(), n=count(n, lang, f"committee.{document}.{word}")
        )
        for word, n in committee.counted(targets).items()
        if n and word != "open"
    ]
    return ", ".join(told)


# texts and cells ------------------------------------------------------------------------------------------


def quoted(row: Mapping[Any, Any] | pd.Series, table: str, column: str) -> str:
    """Return a text of the office; each number in it is tagged with the cell it stands in.

    It is as it was written, but for letters that the font of the papers lacks, and for marks that papers use
    themselves; see `without_marks`.

    Examples
    --------
    >>> from sapa_analysis.reporting.office_said import quoted
    >>> from sapa_analysis.reporting.tagged_numbers import numbers_in
    >>> row = {"text": "Thiếu 12 giáo viên", "where": "so_lieu.xlsx, trang Nguyên nhân, ô C5:5"}
    >>> [number.key for number in numbers_in([quoted(row, "causes", "text")])]
    ['office.causes.5.text.1']
    """
    text = "" if pd.isna(row[column]) else str(row[column])
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    text = without_marks(without_shapeless(printable(text), _LIKE, _OTHER))
    return tag_quoted(text, f"office.{table}.{_number(row)}.{column}")


def cell_of(office: Office | None, key: str) -> Mapping[Any, Any] | None:
    """Return the row of the workbook that a key of `quoted` names; None where there is none."""
    _, table, number, *_ = [*key.split("."), "", "", ""]
    if office is None or table not in ("judgements", "causes", "projects"):
        return None
    return next((row for row in getattr(office, table).to_dict("records") if _number(row) == number), None)


def _number(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the number of the line of the sheet in which a row stands."""
    return str(row["where"]).rpartition(":")[2]


def place_of(where: str) -> str:
    """Return a cell in words, without the number of its line: "so_lieu.xlsx, trang Nguyên nhân, ô C5"."""
    return where.rpartition(":")[0] or where
