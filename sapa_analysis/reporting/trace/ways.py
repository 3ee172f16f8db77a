"""The way back of every number and judgement of some papers; one without a way stops the build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core import Problem, SapaError
from ...evidence import is_office
from ...pipeline import Project, Results
from ..paper.model import Paper, texts_in
from ..tagged_numbers import Number, parts
from .composers import FAMILIES_OF_COMPOSERS
from .families import Family, family_of, kind_by_unit, said_of
from .keys import Names, Subject
from .rest import Bearings, Found
from .rounding import rounding_of
from .unbound import unbound_in
from .way import Place, Way

#: What rests on what a key names somewhere in it.
_NAMED = ("series", "printed", "nothing")
#: What is told of a key that nothing answers for.
_NO_FAMILY = "no family of keys answers for this number; its composer lists it in KEYS"


@dataclass(slots=True)
class _Seen:
    """A key as the papers print it."""

    value: Any
    unit: str
    texts: dict[str, dict[str, None]] = field(default_factory=dict)
    papers: dict[str, None] = field(default_factory=dict)
    lang: str = ""

    def add(self, number: Number, paper: Paper) -> None:
        """Add one more place where it is printed."""
        self.texts.setdefault(paper.lang, {})[number.text] = None
        self.papers[paper.stem] = None
        self.lang = self.lang or paper.lang


def ways_of(
    project: Project,
    results: Results,
    papers: Iterable[Paper],
    lang: str = "",
    *,
    families: Sequence[Mapping[str, str]] = FAMILIES_OF_COMPOSERS,
) -> dict[str, Way]:
    """Return the way of every number and judgement of some papers, by key in order.

    A key of a numbered source begins with the kind of its paper, as each paper numbers its own:
    `briefing/sources.3.mark`; see `ways_in`.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The run that the papers were made from.
    papers : iterable of Paper
        All papers that are written side by side.
    lang : str
        Only papers of this language; all by default.
    families : sequence of mapping of str to str
        What composers say of the keys that only they make: prefix to a plain sentence.

    Raises
    ------
    SapaError
        With every key that no family answers for, every key with two values, and every number in a text that
        is neither tagged nor a date, a year or a number of order.
    """
    chosen = [paper for paper in papers if lang in ("", paper.lang)]
    seen, problems = _seen(chosen)
    bearings = Bearings(project.as_of(results.params.as_of), results, chosen)
    names = Names.of(project, results.targets)
    ways = {}
    for key in sorted(seen):
        way = _way(key, seen[key], bearings, names, families)
        if way is None:
            problems += [Problem(paper, 0, key, _NO_FAMILY) for paper in seen[key].papers]
        else:
            ways[key] = way
    if problems:
        raise SapaError(problems)
    return ways


def ways_in(paper: Paper, ways: Mapping[str, Way]) -> dict[str, Way]:
    """Return the ways of one paper, by the keys as they are tagged in it."""
    mine = {}
    for key, way in ways.items():
        if paper.stem in way.papers:
            mine[key.removeprefix(f"{paper.kind}/")] = way
    return mine


def _seen(papers: Iterable[Paper]) -> tuple[dict[str, _Seen], list[Problem]]:
    seen: dict[str, _Seen] = {}
    problems: list[Problem] = []
    for paper in papers:
        for text in texts_in(paper):
            for part in parts(text):
                if isinstance(part, Number):
                    problems += _noted(seen, part, paper)
        problems += unbound_in(paper)
    return seen, problems


def _noted(seen: dict[str, _Seen], number: Number, paper: Paper) -> Iterator[Problem]:
    key = f"{paper.kind}/{number.key}" if number.key.startswith("sources.") else number.key
    known = seen.setdefault(key, _Seen(number.value, number.unit))
    if (known.value, known.unit) != (number.value, number.unit) and known.value == known.value:
        one, other = f"{known.value!r} {known.unit}", f"{number.value!r} {number.unit}"
        yield Problem(paper.stem, 0, key, f'it stands for "{one}" and for "{other}"')
    known.add(number, paper)


def _way(
    key: str, seen: _Seen, bearings: Bearings, names: Names, families: Sequence[Mapping[str, str]]
) -> Way | None:
    plain, paper = _own_key(key)
    subject, said = names.subject(plain), ""
    family = family_of(subject)
    if family is not None and subject.kind in ("", "area") and family.rests in _NAMED:
        subject = names.named_anywhere(plain) or subject
    elif family is None and (said := said_of(plain, families)):
        family, subject = _by_composer(plain, seen, subject, names)
    if family is None:
        return None
    found = bearings.of(family, subject, seen.value, paper)
    text = next(iter(seen.texts[seen.lang]))
    return Way(
        key=key,
        value=seen.value,
        unit=seen.unit,
        kind=_kind(family, seen.unit, found),
        texts={lang: tuple(texts) for lang, texts in seen.texts.items()},
        papers=tuple(seen.papers),
        rounding=rounding_of(family.kind, seen.value, seen.unit, text, seen.lang),
        place=Place("scenarios" if subject.scenario else family.table, found.row, subject.rest),
        paths=bearings.paths(family, subject),
        chance=bearings.chance(family, subject),
        about=found.about,
        said={"en": said} if said else {},
        measurements=found.measurements,
        pages=found.pages,
    )


def _kind(family: Family, unit: str, found: Found) -> str:
    """Return the kind of a number; a figure that only the office has is none that was published."""
    if (family.kind, unit) == ("quoted", "count"):
        return "count"
    own = family.kind == "published" and found.pages[:1] and is_office(found.pages[0].url)
    return "own" if own else family.kind


def _own_key(key: str) -> tuple[str, str]:
    """Return a key as it is tagged, and the kind of its paper where it is about the paper's own sources."""
    paper, _, rest = key.partition("/")
    return (rest, paper) if rest.startswith("sources.") else (key, "")


def _by_composer(key: str, seen: _Seen, subject: Subject, names: Names) -> tuple[Family, Subject]:
    """Return the family of a key that only its composer knows: what it names is what it rests on."""
    kind, named = kind_by_unit(seen.unit), names.named_anywhere(key)
    if kind in ("quoted", "mark", "date"):
        return Family(kind, "paper", "nothing"), named or subject
    rests = {"target": "series", "indicator": "series", "document": "document"}
    return Family(kind, "run", rests.get(named.kind, "run") if named else "run"), named or subject
