"""The two pages in one language: their parts in order, with headings, and how much of them has room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ...pipeline import Project, Results
from ..changes import Changes, changes_title, describe_changes
from ..cited import Citations
from ..language import texts
from ..office import front_note
from ..paper.model import Block, Heading, Paragraph, Points
from ..target_row import TargetRow
from .answer import Counted, answer_blocks
from .matters import matters_table, most_with_room
from .notice import boundary_notice, bridges_used, has_ended
from .pictures import pictures
from .room import room_left, room_on_first
from .unknown import Asked, asked, units_with_room, unknown_table

#: Lines of what changed at most.
MOST_CHANGES = 5
_PARTS = ("answer", "matters", "pictures", "changes", "unknown")
_PLACES = ("I", "II", "III", "IV", "V")


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What every language is made of."""

    project: Project
    results: Results
    counted: Counted
    changes: Changes | None
    pages: Citations


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The pages in one language.

    Attributes
    ----------
    given : Given
    lang : {"vi", "en"}
    rows : mapping of str to TargetRow
        The row of each target by its id.
    picked : pandas.DataFrame
        The verdicts of the table of targets.
    cite : Citations
        Marks the pages that are cited.
    units : int
        How many of the units that are asked are listed.
    """

    given: Given
    lang: str
    rows: Mapping[str, TargetRow]
    picked: pd.DataFrame
    cite: Citations
    units: int = 0

    def targets_with_room(self) -> int:
        """Return how many targets have room on the first page."""
        front = [*self._notices(), *self._answer("V")]
        return most_with_room(self.given.results, self.rows, room_on_first(front, headings=2), self.lang)

    def units_with_room(self) -> int:
        """Return how many of the units that are asked have room on what is left of both pages."""
        parts = self._parts(drawn=False)
        first = [*self._notices(), *_joined(parts, ("answer", "matters"))]
        after = [*_joined(parts, ("changes",)), *parts.get("unknown", [])[:1], *self._sources()]
        return units_with_room(
            self._asked(),
            room_left(first, _joined(parts, ("pictures",)), after),
            self.lang,
            ended=self._ended,
        )

    def blocks(self) -> tuple[Block, ...]:
        """Return all blocks."""
        return (*self._notices(), *_joined(self._parts(drawn=True), _PARTS), *self._sources())

    def _parts(self, *, drawn: bool) -> dict[str, list[Block]]:
        """Return the blocks of every part that has any, its heading first."""
        given, lang = self.given, self.lang
        made: dict[str, list[Block]] = {
            "answer": [],
            "matters": [*matters_table(given.results, self.picked, self.rows, lang)],
            "pictures": pictures(given.project, given.results, self.rows, lang, drawn=drawn),
            "changes": self._changes(),
            "unknown": [*unknown_table(self._asked(), self.units, lang, ended=self._ended)],
        }
        held = [name for name in _PARTS if made[name] or name == "answer"]
        places = dict(zip(held, _PLACES, strict=False))
        made["answer"] = self._answer(places.get("unknown", ""))
        return {name: [self._heading(name, places[name]), *made[name]] for name in held}

    def _answer(self, place: str) -> list[Block]:
        given = self.given
        return answer_blocks(
            given.project, given.results, given.counted, self.rows, self.cite, place, self.lang,
            ended=self._ended,
        )  # fmt: skip

    @property
    def _ended(self) -> bool:
        return has_ended(self.given.project, self.given.results.params)

    def _asked(self) -> list[Asked]:
        return asked(self.given.project, self.given.results, self.rows, self.lang)

    def _changes(self) -> list[Block]:
        if self.given.changes is None:
            return [Paragraph(str(texts(self.lang)["brief"]["changes"]["first"]))]
        return [Points(tuple(describe_changes(self.given.changes, self.lang, MOST_CHANGES)))]

    def _sources(self) -> list[Block]:
        heading = Heading(str(texts(self.lang)["paper"]["sources"]))
        return [heading, self.cite.sources(self.lang)] if self.cite.numbers else []

    def _heading(self, name: str, place: str) -> Heading:
        words, changes = texts(self.lang)["brief"], self.given.changes
        since = changes_title(changes, self.lang) if name == "changes" and changes is not None else ""
        return Heading(str(words["head"]).format(place=place, title=since or words["heads"][name]))

    def _notices(self) -> list[Block]:
        project, results = self.given.project, self.given.results
        bridged = bridges_used(project, results, self.lang)
        told = [Paragraph(text, "notice") for text in boundary_notice(project, results, bridged, self.lang)]
        return [*told, *front_note(project, results, self.lang)]


def _joined(parts: Mapping[str, list[Block]], names: Iterable[str]) -> list[Block]:
    return [block for name in names for block in parts.get(name, [])]
