"""The report of a part of a year as a paper: a few sentences, then the table of all goals of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from ...core import last_year_ended
from ...pipeline import Project, Results
from ..cited import Citations, citations, figure_cited
from ..language import count, day, number, quantity, texts
from ..office import SIGN, front_note, has_own, instead, notes
from ..paper.model import Block, Cell, Heading, Paper, Paragraph, Row, Table
from ..published import figure_printed, period_shown
from ..review.said import bare_goal, name_inside, name_of, once, paper_named, vary, verdict_of
from ..scenario_changes import sign
from ..subject import indicator_row
from ..tagged_numbers import tag, tag_quoted
from ..target_row import TargetRow, target_rows
from .figures import SoFar, left_a_month, so_far

_COLUMNS = ("name", "goal", "done", "of_plan", "growth", "office", "forecast", "left")
_WIDTHS = (0.22, 0.11, 0.14, 0.08, 0.09, 0.11, 0.14, 0.11)


@dataclass(frozen=True, slots=True)
class _Goal:
    """A goal of the running year, and what was published of the year's months."""

    row: TargetRow
    verdict: pd.Series
    concept: pd.Series
    done: SoFar | None
    mark: str = ""


def compose_period(project: Project, results: Results, *, lang: str) -> Paper:
    """Return the report of the months of the running year that have ended.

    Told are the goals due in the running year: the figure of its months as printed, in percent of the goal
    and against the same months before, what the department and the model expect of the year, and what each
    month that is left must bring. What nobody has published is left to the office.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.period.compose import compose_period
    >>> project, params = open_project(as_of="2023-06-30")
    >>> paper = compose_period(project, assess_targets(project, params.with_values(n_paths=100)), lang="en")
    >>> paper.stem, plain(paper.title)
    ('period-en', 'Report on the goals of 2023 after 6 months')
    """
    words, as_of = texts(lang)["period"], results.params.as_of
    year = last_year_ended(as_of) + 1
    goals = _goals(project, results, year, lang)
    cite = citations(project, results).of(figure_cited(goal.done.row) for goal in goals if goal.done)
    goals = [_marked(goal, cite) for goal in goals]
    cut_off, months = str(words["cut_off"]).format(as_of=day(as_of, lang)), _months_ended(as_of)
    title = words["title" if months else "title_year"]
    own = any(SIGN in goal.mark for goal in goals)
    blocks: list[Block] = [*front_note(project, results, lang), _opening(goals, year, lang, own=own)]
    blocks += [Paragraph(line) for line in _sentences(goals, results, lang)]
    blocks.append(Paragraph(words["blank"], "blank"))
    shown = [goal for goal in goals if not _is_silent(goal)]
    blocks += [_table(shown, lang)] if shown else []
    blocks += _silent([goal for goal in goals if _is_silent(goal)], lang, own=has_own(results))
    blocks += _sources(cite, lang)
    return Paper(
        kind="period",
        lang=lang,
        title=title.format(year=year, n=count(months, lang, "period.title")),
        subtitle=cut_off,
        cut_off=cut_off,
        as_of=as_of,
        blocks=tuple(blocks),
        words={name: str(text) for name, text in texts(lang)["paper"].items()},
    )


def _months_ended(as_of: date) -> int:
    """Return how many months of the running year have ended."""
    return (as_of + timedelta(days=1)).month - 1


def _goals(project: Project, results: Results, year: int, lang: str) -> list[_Goal]:
    known, area = project.as_of(results.params.as_of), results.params.area
    verdicts = results.verdicts.set_index("id")
    return [
        _Goal(
            row,
            verdict_of(row, verdicts),
            indicator_row(row.indicator, project.indicators),
            so_far(known, row.indicator, area, year),
        )
        for row in target_rows(project, results, lang)
        if row.end == year
    ]


def _marked(goal: _Goal, cite: Citations) -> _Goal:
    return replace(goal, mark=cite(figure_cited(goal.done.row))) if goal.done else goal


def _sources(cite: Citations, lang: str) -> list[Block]:
    heading = Heading(str(texts(lang)["paper"]["sources"]))
    listed: list[Block] = [heading, cite.sources(lang)] if cite.numbers else []
    return [*listed, *cite.uncited(lang)]


def _opening(goals: list[_Goal], year: int, lang: str, *, own: bool) -> Paragraph:
    words = texts(lang)["period"]
    if not goals:
        return Paragraph(words["none"].format(year=year))
    papers = {goal.row.document for goal in goals}
    told = instead("period_opening", words["opening"], lang, own=own).format(
        year=year,
        paper=paper_named(papers.pop(), lang) if len(papers) == 1 else words["several"],
        n=count(len(goals), lang, "period.counts.n"),
        known=count(sum(goal.done is not None for goal in goals), lang, "period.counts.known"),
    )
    return Paragraph(told[:1].upper() + told[1:])


def _sentences(goals: list[_Goal], results: Results, lang: str) -> Iterator[str]:
    """Yield for each goal with a figure of the year's months what was done and what is left."""
    words, ended = texts(lang)["period"], _months_ended(results.params.as_of)
    first = {row.id for row in once([goal.row for goal in goals], results.verdicts.set_index("id"))}
    told = [(goal, goal.done) for goal in goals if goal.done is not None and goal.row.id in first]
    for place, (goal, done) in enumerate(told):
        begun = vary(words["sentences"], place).format(
            name=name_of(goal.row), inside=name_inside(goal.row), value=_value(done, lang) + goal.mark,
            when=_when(done, goal, lang, "in_sentence"),
        )  # fmt: skip
        shown = {"of_plan": _of_plan(goal, done, lang), "growth": _growth(goal, done, lang)}
        parts = [words["parts"][name].format(shown=text) for name, text in shown.items() if text]
        yield "; ".join([", ".join([begun, *parts]), *_outlook(goal, done, ended, lang)]) + "."


def _outlook(goal: _Goal, done: SoFar, months_ended: int, lang: str) -> Iterator[str]:
    """Yield what is expected of the year, and what each month that is left must bring."""
    words = texts(lang)["period"]
    if goal.row.office:
        yield words["office"].format(office=goal.row.office)
    if goal.row.band:
        yield words["forecast"].format(band=goal.row.band)
    if left := _left(goal, done, lang):
        if done.month == months_ended:
            months = count(12 - done.month, lang, f"period.months.{goal.row.id}")
            yield words["left"].format(left=left, months=months)
        else:
            since = tag_quoted(str(done.month), f"period.since.{goal.row.id}")
            yield words["left_since"].format(left=left, since=since)


def _value(done: SoFar, lang: str) -> str:
    row = done.row
    key = f"{row['indicator_id']}.{row['period']}.published"
    return figure_printed(row["value"], str(row["unit"]), lang, bound=str(row["bound"]), key=key)


def _when(done: SoFar, goal: _Goal, lang: str, place: str) -> str:
    row, stock = done.row, goal.concept["nature"] == "stock"
    told = period_shown(str(row["period"]), str(row["freq"]), lang, through=str(row["through"]), stock=stock)
    told = tag_quoted(told, f"{row['indicator_id']}.{row['period']}.published.period")
    form = str(texts(lang)["period"]["estimated"][place])
    return form.format(when=told) if row["kind"] == "estimate" else told


def _is_amount(goal: _Goal) -> bool:
    return goal.verdict["measure"] == "level" and not str(goal.verdict["unit"]).startswith("percent")


def _of_plan(goal: _Goal, done: SoFar, lang: str) -> str:
    if not _is_amount(goal):
        return ""
    share = float(done.row["value"] / goal.verdict["value"])
    return tag(f"{number(100 * share, 1, lang)}%", f"period.of_plan.{goal.row.id}", share, "share")


def _growth(goal: _Goal, done: SoFar, lang: str) -> str:
    if done.growth is None or not _is_amount(goal):
        return ""
    return tag(f"{sign(done.growth, 1, lang)}%", f"period.growth.{goal.row.id}", done.growth, "percent")


def _left(goal: _Goal, done: SoFar, lang: str) -> str:
    """Return what each month that is left must bring, of an amount that adds up by months."""
    if not _is_amount(goal) or goal.concept["nature"] != "flow":
        return ""
    left = left_a_month(float(goal.verdict["value"]), float(done.row["value"]), done.month)
    if left is None:
        return ""
    unit, decimals = str(goal.verdict["unit"]), int(goal.concept["decimals"])
    return quantity(left, unit, decimals, lang, key=f"period.a_month.{goal.row.id}")


def _table(goals: list[_Goal], lang: str) -> Table:
    words = texts(lang)["period"]["table"]
    rows: list[Row] = []
    for name in dict.fromkeys(goal.row.field for goal in goals):
        rows.append((Cell(texts(lang)["fields"][name], across=len(_COLUMNS), strong=True),))
        rows += [_cells(goal, lang) for goal in goals if goal.row.field == name]
    return Table(
        name="period",
        caption=words["caption"].format(year=goals[0].row.end),
        heads=(tuple(Cell(words["columns"][name], strong=True, shade="head") for name in _COLUMNS),),
        rows=tuple(rows),
        widths=_WIDTHS,
        notes=(*words["notes"].values(), *_signs(rows, lang)),
        dense=True,
        sheet=True,
    )


def _signs(rows: list[Row], lang: str) -> list[str]:
    return notes((cell.text for row in rows for cell in row), lang)


def _is_silent(goal: _Goal) -> bool:
    """Return whether nothing of the year is known of a goal: no figure, no estimate, no judgement."""
    return goal.done is None and not goal.row.office and goal.row.status == "not_assessed"


def _silent(goals: list[_Goal], lang: str, *, own: bool) -> Iterator[Paragraph]:
    """Yield one line on the goals of which nothing of the year is known, for the units in charge."""
    words = texts(lang)["period"]
    if goals:
        told = [(name_inside(goal.row), bare_goal(goal.row)) for goal in goals]
        names = "; ".join(words["silent_goal"].format(name=name, goal=aim) for name, aim in told)
        n = count(len(goals), lang, "period.counts.silent")
        form = instead("period_silent", words["silent"], lang, own=own)
        yield Paragraph(form.format(n=n, names=names))


def _cells(goal: _Goal, lang: str) -> Row:
    words, row, done = texts(lang)["period"]["table"], goal.row, goal.done
    judged = words["judged"].format(band=row.band, word=row.short) if row.band else row.short
    value = of_plan = growth = left = ""
    if done is not None:
        value = words["dated"].format(
            value=_value(done, lang) + goal.mark, when=_when(done, goal, lang, "in_cell")
        )
        of_plan, growth, left = (each(goal, done, lang) for each in (_of_plan, _growth, _left))
    return (
        Cell(name_of(row)),
        Cell(row.goal, align="right"),
        Cell(value, shade="" if value else "blank"),
        Cell(of_plan, align="right"),
        Cell(growth, align="right", shade="" if growth or not _is_amount(goal) else "blank"),
        Cell(row.office, shade="" if row.office else "blank"),
        Cell(judged, shade=row.outlook),
        Cell(left, align="right"),
    )
