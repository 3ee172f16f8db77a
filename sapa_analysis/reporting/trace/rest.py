"""What a number rests on: its figures, its pages, and what it speaks of, by its family and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core import LANGUAGES, Forecast, Target, years_of
from ...pipeline import Project, Results
from ..language import document_name, texts
from ..office_said import cell_of, committee_of, place_of
from ..paper.model import Paper
from .families import Family
from .keys import Subject
from .measurements import Measured, is_known
from .sources import Pages
from .way import Measurement, Page, Paths

#: What rests on simulated paths, and of which kinds where it is of one target or indicator.
_FROM_PATHS = ("series", "document")
_SIMULATED = ("forecast", "judgement", "pace", "difference")
#: What a key says of its number, by what follows in it.
_WHAT = {
    r"(.*\.)?(median|expected)": "middle", r"(.*\.)?lower_(?P<level>\d+)": "lower",
    r"(.*\.)?upper_(?P<level>\d+)": "upper", r"(.*\.)?probability": "chance", r"gap": "gap",
    r"completion": "completion", r"pace|pace_arithmetic": "pace", r"own_pace": "own_pace",
    r"office": "office", r"n_years": "n_years", r"\d{4}\.whole_year": "whole_year",
}  # fmt: skip
#: What a count counts, by what follows in its key.
_COUNTED = {
    r"groups\.unknown": "groups_open", r"targets\.unknown": "goals_open",
    r"groups(\..+)?": "groups", r"known|review\.fields\.\w+\.m": "with_figure",
    r"judged|targets\.judged": "judged", r"brief\.unjudged\.n|review\.wanted": "unjudged",
    r"brief\.unjudged\.silent|brief\.unknown\.\w+|review\.fields\.silent": "silent",
    r"changes\.counts\.figures": "new_figures", r"changes\.counts\.method": "by_method",
    r"constants\.used": "constants", r"constants\.hindsight": "hindsight",
    r"review\.sources\.uncited": "uncited", r"own\.used": "own_figures",
    r"changes\.counts\.own": "own_new", r"committee\.estimates": "estimates",
    r"committee\..+": "committee",
    r"(targets|goals)(\..+)?|group_\d+\..+|brief\.\w+(\.\w+)?|review\.fields\..+": "goals",
    r"unlikely|slow|(status|overdue|short|short_overdue|bands?)\..+": "goals",
}  # fmt: skip
#: Words of counts that come from simulated paths; the others count goals or published results.
_OF_PATHS = frozenset({"very_likely", "likely", "even", "unlikely", "very_unlikely"})

Figures = tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a number rests on.

    Attributes
    ----------
    row : str
        Its row in the table of its family.
    about : mapping of str to str
        By language: what it speaks of.
    measurements, pages
        As in `Way`.
    """

    row: str
    about: Mapping[str, str]
    measurements: Figures = ()
    pages: tuple[Page, ...] = ()


class Bearings:
    """Where the numbers of a run come from.

    Parameters
    ----------
    project : Project
        The tables as they were known on the day of the run.
    results : Results
        The run.
    papers : sequence of Paper
        Whose numbered sources are the marks of pages.
    """

    def __init__(self, project: Project, results: Results, papers: Sequence[Paper]) -> None:
        self.project, self.results = project, results
        self._pages, self._committee = Pages(papers), committee_of(project, results)
        names = {lang: project.indicators[f"name_{lang}"] for lang in LANGUAGES}
        self._names = {
            lang: dict(zip(told.index, map(str, told), strict=True)) for lang, told in names.items()
        }
        self._measured = Measured(project, results, self._pages)
        self._verdicts: dict[str, Mapping[Any, Any]] = {
            str(row["id"]): row for row in results.verdicts.to_dict("records")
        }
        self._targets = {target.id: target for target in [*project.targets, *results.targets]}
        for indicator in results.outcomes:
            self._measured.series(indicator)
        for target in results.targets:
            self._goal(target)
        said = project.statements[["source_title", "source_url", "published", "cite_ok"]]
        for title, url, published, cite_ok in said.drop_duplicates().itertuples(index=False):
            self._pages.page(title, url, published, cite_ok)
        self._ways: dict[str, Callable[[Subject, Any], Figures]] = {
            "series": self._series, "latest": self._latest, "figure": self._figure, "office": self._office,
            "own": self._own, "years": lambda subject, _: self._measured.years(self._indicator(subject)),
            "row": self._of_row,
            "document": lambda subject, _: self._measured.document(subject.document, self._verdicts),
            "run": lambda *_: self._measured.document("", self._verdicts),
        }  # fmt: skip

    def of(self, family: Family, subject: Subject, value: Any, paper: str) -> Found:
        """Return what a number of a family rests on."""
        if family.rests == "page":
            return self._source(subject, paper)
        figures = self._ways[family.rests](subject, value) if family.rests in self._ways else ()
        row = self._row(family, subject)
        about, pages = self._about(subject, family.kind), self._pages_of(family, subject, figures, value)
        return Found(row, about, figures, pages)

    def paths(self, family: Family, subject: Subject) -> Paths | None:
        """Return the simulated paths that a number comes from, or None for what was not simulated."""
        several = family.rests == "document"
        known = family.kind in _SIMULATED or (several and not _OF_PATHS.isdisjoint(subject.rest.split(".")))
        if family.rests not in _FROM_PATHS or not known or family.table == "register":
            return None
        params = self.results.params
        outcome = None if several else self.results.outcomes.get(self._indicator(subject))
        last = int(years_of(outcome.paths)[-1]) if isinstance(outcome, Forecast) else 0
        return Paths(params.n_paths, params.seed, params.horizon, last)

    def chance(self, family: Family, subject: Subject) -> float | None:
        """Return the probability behind a judgement."""
        of_run = (family.kind, family.table) == ("judgement", "verdicts") and subject.scenario in ("", "base")
        verdict = self._verdicts.get(subject.target) if of_run else None
        return float(verdict["probability"]) if verdict and is_known(verdict["probability"]) else None

    def _row(self, family: Family, subject: Subject) -> str:
        row = subject.target or subject.document or subject.indicator or subject.area
        return f"{subject.scenario} {row}".strip() if subject.scenario else row or family.table

    def _indicator(self, subject: Subject) -> str:
        return self._targets[subject.target].indicator_id if subject.target else subject.indicator

    def _series(self, subject: Subject, _: Any) -> Figures:
        """Return the figures of an indicator; under a scenario those of what it changes bear on it too."""
        scenario = self.project.scenarios.get(subject.scenario)
        changed = () if scenario is None else (each.indicator for each in scenario.adjustments)
        return self._measured.series(self._indicator(subject), *changed)

    def _latest(self, subject: Subject, _: Any) -> Figures:
        verdict = self._verdicts.get(subject.target)
        if verdict is None or not is_known(verdict["latest"]):
            return ()
        if str(verdict["measure"]).startswith("term"):  # all years of the term count
            return self._measured.series(verdict["indicator_id"])
        period = str(verdict["latest_period"]) or str(verdict["latest_year"])
        return self._measured.figure(
            verdict["indicator_id"], str(verdict["area"]), period, float(verdict["latest"])
        )

    def _of_row(self, subject: Subject, _: Any) -> Figures:
        named = f".{subject.rest}."  # ids of the office's rows have points in them
        return tuple(each for each in self._measured.every() if f".{each.id}." in named)

    def _figure(self, subject: Subject, value: Any) -> Figures:
        period, _, what = subject.rest.partition(".")
        exact = value if what in ("published", "met", "highest", "lowest") else None
        return self._measured.figure(subject.indicator, subject.area, period, exact)

    def _office(self, subject: Subject, value: Any) -> Figures:
        verdict = self._verdicts[subject.target]
        said = self._measured.series(verdict["indicator_id"])
        dated = (each for each in said if each.page.published == str(verdict["office_published"]))
        found = [each for each in dated if each.value == value] or [
            each for each in said if each.own and each.value == value
        ]
        return tuple(found)

    def _own(self, subject: Subject, _: Any) -> Figures:
        verdict = self._verdicts[subject.target]
        return self._measured.years(verdict["indicator_id"], str(verdict["own_pace_years"]))

    def _pages_of(self, family: Family, subject: Subject, figures: Figures, value: Any) -> tuple[Page, ...]:
        own = [each for each in figures if each.used and each.own]
        if family.rests in ("figure", "office", "row"):
            own = [each for each in figures if each.value == value] or list(figures)
        elif family.rests in ("latest", "own", "years"):
            own = own or list(figures)
        elif family.rests in ("document", "run"):
            own = []
        pages = [each.page for each in sorted(own, key=lambda each: each.page.published, reverse=True)]
        pages += self._printed_at(family, subject)
        if subject.target and family.rests not in ("office", "nothing", "printed", "cell"):
            goal = self._goal(self._targets[subject.target])
            pages = [goal, *pages] if family.rests == "goal" else [*pages, goal]
        return tuple(dict.fromkeys(pages))

    def _printed_at(self, family: Family, subject: Subject) -> list[Page]:
        """Return the page of a document that is quoted, or of an event."""
        if family.rests == "printed" and subject.document in self.project.documents.index:
            row = self.project.documents.loc[subject.document]
            title, url, day = (str(row[name]) for name in ("source_title", "source_url", "published"))
            return [self._pages.page(title, url, day, "yes")]
        if family.rests == "cell":
            return self._cell(subject)
        if family.rests == "event":
            dated, area = [*subject.rest.split("."), "", ""][1:3]
            events = self.project.events
            found = events[(events["date"] == dated) & (events["area"] == area)]
            return [
                self._pages.page(str(row["name_vi"]), str(row["source_url"]), str(row["published"]), "yes")
                for row in found.to_dict("records")
            ]
        return []

    def _cell(self, subject: Subject) -> list[Page]:
        """Return the cell of the office's workbook that a number of its text stands in, as a page."""
        said = self._committee.words.get(subject.target) if subject.target else None
        row = {"where": said.where, "published": said.published} if said else cell_of(
            self.project.office, subject.rest
        )  # fmt: skip
        return (
            []
            if row is None
            else [self._pages.page(place_of(str(row["where"])), "", row["published"], "yes")]
        )

    def _goal(self, target: Target) -> Page:
        return self._pages.page(target.source_title, target.source_url, target.published, target.cite_ok)

    def _source(self, subject: Subject, paper: str) -> Found:
        number = subject.rest.partition("sources.")[2].partition(".")[0]
        prefix = subject.rest.partition(".")[0]
        paper = paper or {"brief": "briefing"}.get(prefix, prefix)
        page = self._pages.numbered(paper, int(number)) if number.isdigit() else None
        if page is None:
            return Found(number, {})
        return Found(number, dict.fromkeys(LANGUAGES, page.title), (), (page,))

    def _about(self, subject: Subject, kind: str) -> dict[str, str]:
        return {lang: self._told(subject, kind, lang) for lang in LANGUAGES}

    def _told(self, subject: Subject, kind: str, lang: str) -> str:
        words = texts(lang)["trace"]
        scenario = self.project.scenarios.get(subject.scenario)
        what = self._counted(subject, words) if kind == "count" else ""
        told = [what or _what(subject.rest, words), _outlook(subject, lang), self._of(subject, words, lang)]
        told += [str(scenario.label[lang])] if scenario else []
        said = ", ".join(part for part in told if part)
        return said[:1].upper() + said[1:]

    def _counted(self, subject: Subject, words: Mapping[str, Any]) -> str:
        """Return what a count counts; the goals of a document without groups are counted themselves."""
        name = next((name for form, name in _COUNTED.items() if re.fullmatch(form, subject.rest)), "")
        mine = (each for each in self._targets.values() if each.document == subject.document)
        if name == "groups" and not any(each.clause for each in mine):
            name = "goals"
        return str(words["counted"][name]) if name else ""

    def _of(self, subject: Subject, words: Mapping[str, Any], lang: str) -> str:
        if subject.target:
            target = self._targets[subject.target]
            name, document = self._name(target.indicator_id, lang), document_name(target.document, lang)
            return str(words["target"]).format(name=name, end=target.end, document=document)
        if subject.document:
            return document_name(subject.document, lang)
        if not subject.indicator:
            return ""
        year = re.match(r"\d{4}(?=\.)", subject.rest)
        name = self._name(subject.indicator, lang)
        return str(words["of_year"]).format(name=name, year=year[0]) if year else name

    def _name(self, indicator: str, lang: str) -> str:
        return str(self._names[lang][indicator])


def _what(rest: str, words: Mapping[str, Any]) -> str:
    for form, name in _WHAT.items():
        if found := re.fullmatch(form, rest):
            return str(words["what"][name]).format(level=found.groupdict().get("level"))
    return ""


def _outlook(subject: Subject, lang: str) -> str:
    """Return which word or band a count of a document is of, in small letters."""
    last = subject.rest.rpartition(".")[2] if subject.document else ""
    words = texts(lang)
    return str(words["short"].get(last) or words["bands"].get(last, "")).lower()
