"""Counts of a review: how many groups and targets reached which level, and how likely the others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ...core import OPEN, OUTLOOKS
from ...pipeline import Project, Results, met_counts
from ...verdicts import BANDS, count_bands, count_outlooks, final_completions, group_verdicts
from ..briefing.tense import tense_of
from ..cited import figure_cited
from ..compared import only_compared
from ..language import count, texts
from ..office import added_goals, has_own, instead
from ..office_said import Committee, committee_of
from ..office_said import words_of as office_words
from ..paper.model import Block, Cell, Paragraph, Row, Table
from ..published import Cite, period_shown
from ..sentences.verdicts import met_key
from ..tagged_numbers import capital, tag, tag_quoted
from .committee import committee_intro, committee_rows
from .phrases import words_of
from .subjects import kind_of, paper_named

#: In this order stand the words for documents that are due, that are ahead, and that are partly due.
_TENSES = ("past", "ahead", "mixed")
#: Outlooks that have a row only where a goal has them.
_SOME = ("plan_only",)


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """A column of the table: the groups or the targets of a document, and whether they are due."""

    paper: str
    kind: str
    tense: str
    numbers: Mapping[str, int]
    targets: tuple[str, ...] = ()


def counts_part(project: Project, results: Results, lang: str, cite: Cite) -> list[Block]:
    """Return the counts in words and as a table, and what the authorities counted themselves."""
    words, verdicts = words_of(lang)["counts"], results.verdicts
    every = list(dict.fromkeys(verdicts["document"]))
    papers = [paper for paper in every if kind_of(project, paper) != "statement"]
    own = has_own(results)
    told = [_intro(verdicts[verdicts["document"] == paper], lang, own=own) for paper in papers]
    told += [_restated(verdicts, paper, lang) for paper in every if paper not in papers]
    told += [str(words["one"])] if verdicts["indicator_id"].duplicated().any() else []
    met = counted_elsewhere(project, results, lang, cite)
    committee = committee_of(project, results)
    table = [_table(results, papers, committee, lang)] if papers else []
    first = committee_intro(committee, verdicts, papers, lang)
    said = [*([first] if first else []), " ".join(told), *([met] if met else [])]
    return [*map(Paragraph, said), *table]


def _restated(verdicts: pd.DataFrame, paper: str, lang: str) -> str:
    n = count(int((verdicts["document"] == paper).sum()), lang, f"review.counts.{paper}.targets")
    return str(words_of(lang)["counts"]["restated"]).format(n=n, paper=paper_named(paper, lang))


def _intro(verdicts: pd.DataFrame, lang: str, *, own: bool) -> str:
    words, paper = words_of(lang)["counts"], str(verdicts["document"].iloc[0])
    known, judged = verdicts["latest"].notna(), ~verdicts["status"].isin(OPEN)
    added, compared = added_goals(verdicts), only_compared(verdicts)
    numbers = {
        "compared": compared,
        "groups": verdicts.loc[~added & (verdicts["clause"] != ""), "clause"].nunique(),
        "targets": int((~added).sum()),
        "known": int(known.sum()),
        "judged": int(judged.sum()),
    }
    shown = {name: count(n, lang, f"review.counts.{paper}.{name}") for name, n in numbers.items()}
    kind = "groups" if numbers["groups"] else "found"
    case = _told(known, judged)
    form = str(words["told"][case])
    if case == "some":
        form = instead("counts_some", form, lang, own=own)
    if compared:
        form += str(office_words(lang)["counts"]["compared_too"])
    told = form.format(unit=words["units"][kind], **shown)
    if added.any():
        n = count(int(added.sum()), lang, f"review.counts.{paper}.added")
        unit = words["units"][kind]
        told = str(texts(lang)["office"]["added"]).format(added=n, unit=unit, told=told)
    return capital(str(words["intro"][kind]).format(paper=paper_named(paper, lang), told=told, **shown))


def _told(known: pd.Series, judged: pd.Series) -> str:
    """Return the form that tells of how many targets a figure is known, and how many can be judged."""
    if not known.any():
        return "modelled" if judged.any() else "none"
    both, every = bool((known == judged).all()), bool(known.all())
    if both and every:
        return "all" if len(known) > 1 else "one"
    if not judged.any():
        return "known_only"
    return "all_known" if every else "both" if both else "some"


def counted_elsewhere(project: Project, results: Results, lang: str, cite: Cite) -> str:
    """Return the counts that the authorities published, each with the mark of its page."""
    words, parts = words_of(lang)["counts"], []
    for row in met_counts(project, results.params).to_dict("records"):
        key = met_key(row)
        shown = {
            name: tag(f"{row[column]:g}", f"{key}.{name}", int(row[column]), str(row["unit"]))
            for name, column in (("met", "value"), ("of", "of"))
        }
        name = project.indicators.at[row["indicator_id"], f"name_{lang}"]
        period = period_shown(row["period"], row["freq"], lang)
        mark = cite(figure_cited(row))
        parts.append(str(words["met_part"]).format(name=name, period=period, mark=mark, **shown))
    return str(words["met"]).format(parts="; ".join(parts)) if parts else ""


def _columns(results: Results, papers: list[str]) -> Iterator[_Column]:
    """Yield what each document counts: its groups where it has any, and its targets."""
    attained = results.attained
    for paper in papers:
        mine = results.verdicts[results.verdicts["document"] == paper]
        groups = group_verdicts(mine, attained)
        for kind, table in (("groups", groups), ("targets", mine)):
            if kind == "targets" or len(groups) < len(mine):
                bands = count_bands(table["completion"] if kind == "groups" else final_completions(table))
                bands["unknown"] = len(table) - sum(bands.values())
                numbers = bands | _outlooks_of(table, mine) | {"total": len(table)}
                targets = tuple(map(str, mine["id"])) if kind == "targets" else ()
                yield _Column(paper, kind, tense_of(mine), numbers, targets)


def _outlooks_of(table: pd.DataFrame, verdicts: pd.DataFrame) -> dict[str, int]:
    """Return the counts by outlook; goals that are only compared, or rated, are counted apart."""
    counts = count_outlooks(table["status"])
    compared = only_compared(verdicts, None if table is verdicts else table)
    return counts | {"not_assessed": counts["not_assessed"] - compared, "compared": compared}


def _table(results: Results, papers: list[str], committee: Committee, lang: str) -> Table:
    words, columns = words_of(lang)["counts"], list(_columns(results, papers))
    named = {
        name: tag_quoted(capital(str(texts(lang)["bands"][name])), f"review.bands.{name}") for name in BANDS
    }
    named["unknown"] = str(words["unknown"])
    bands = [_row(text, name, columns, lang) for name, text in named.items()]
    counted = [(each.paper, each.targets) for each in columns]
    rows = [
        *(committee_rows(committee, counted, lang) if committee else ()),
        _across(str(words["by_band"]), len(columns)),
        *bands,
        *_outlooks(columns, lang, ours=bool(committee)),
        _row(str(words["total"]), "total", columns, lang, strong=True),
    ]
    share = 0.5 / max(len(columns), 1)
    notes = (str(words["rule"]),) if any(each.kind == "groups" for each in columns) else ()
    widths = (0.5, *[share] * len(columns))
    return Table("counts", str(words["caption"]), _heads(columns, lang), tuple(rows), widths, notes)


def _outlooks(columns: list[_Column], lang: str, *, ours: bool) -> Iterator[Row]:
    """Yield the rows of the outlooks, under a head of their own for documents due and for those ahead."""
    words = words_of(lang)["counts"]
    held = [tense for tense in _TENSES if any(each.tense == tense for each in columns)]
    for tense in held:
        mine = [each for each in columns if each.tense == tense]
        head = str(words["by_outlook" if len(held) == 1 else "by_outlook_of"][tense])
        form = str(office_words(lang)["counts"]["ours"]) if ours else "{head}"
        yield _across(form.format(head=head), len(columns))
        for name in OUTLOOKS:
            if name not in _SOME or any(each.numbers[name] for each in mine):
                yield _row(str(words["outlooks"][tense][name]), name, columns, lang, tense=tense, shade=name)
        if any(each.numbers["compared"] for each in mine):
            yield _row(str(office_words(lang)["counts"]["compared"]), "compared", columns, lang, tense=tense)


def _heads(columns: list[_Column], lang: str) -> tuple[Row, ...]:
    words, top = words_of(lang)["counts"], []
    for paper in dict.fromkeys(column.paper for column in columns):
        across = sum(column.paper == paper for column in columns)
        top.append(Cell(capital(paper_named(paper, lang)), across=across, align="middle", strong=True))
    kinds = [column.kind for column in columns]
    below = tuple(Cell(str(words[kind]), align="middle", strong=True) for kind in kinds)
    return ((Cell(str(words["level"]), down=2, strong=True), *top), below)


def _across(text: str, n: int) -> Row:
    return (Cell(text, across=n + 1, strong=True),)


def _row(
    text: str,
    name: str,
    columns: list[_Column],
    lang: str,
    *,
    tense: str = "",
    shade: str = "",
    strong: bool = False,
) -> Row:
    """Return a row of counts; columns of another tense than `tense` stand blank."""
    cells = [
        Cell()
        if tense not in ("", each.tense)
        else Cell(
            count(each.numbers[name], lang, f"review.counts.{each.paper}.{each.kind}.{name}"),
            align="middle",
            strong=strong,
        )
        for each in columns
    ]
    return (Cell(text, strong=strong, shade=shade), *cells)
