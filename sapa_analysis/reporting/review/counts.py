"""Counts of a review: how many groups and targets reached which level, and how likely the others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ...core import OUTLOOKS
from ...pipeline import Project, Results, met_counts
from ...verdicts import BANDS, count_bands, count_outlooks, final_completions, group_verdicts
from ..cited import figure_cited
from ..language import count, texts
from ..paper.model import Block, Cell, Paragraph, Row, Table
from ..published import Cite, period_shown
from ..sentences.verdicts import met_key
from ..tagged_numbers import capital, tag, tag_quoted
from .phrases import words_of
from .subjects import kind_of, paper_named

#: A column of the table: its document, and what it counts.
_Column = tuple[str, str, Mapping[str, int]]


def counts_part(project: Project, results: Results, lang: str, cite: Cite) -> list[Block]:
    """Return the counts in words and as a table, and what the authorities counted themselves."""
    words, verdicts = words_of(lang)["counts"], results.verdicts
    every = list(dict.fromkeys(verdicts["document"]))
    papers = [paper for paper in every if kind_of(project, paper) != "statement"]
    told = [_intro(verdicts[verdicts["document"] == paper], lang) for paper in papers]
    told += [_restated(verdicts, paper, lang) for paper in every if paper not in papers]
    told += [str(words["one"])] if verdicts["indicator_id"].duplicated().any() else []
    met = counted_elsewhere(project, results, lang, cite)
    if not papers:
        return [Paragraph(str(texts(lang)["verdicts"]["no_target"]))]
    return [Paragraph(" ".join(told)), *([Paragraph(met)] if met else []), _table(results, papers, lang)]


def _restated(verdicts: pd.DataFrame, paper: str, lang: str) -> str:
    n = count(int((verdicts["document"] == paper).sum()), lang, f"review.counts.{paper}.targets")
    return str(words_of(lang)["counts"]["restated"]).format(n=n, paper=paper_named(paper, lang))


def _intro(verdicts: pd.DataFrame, lang: str) -> str:
    words, paper = words_of(lang)["counts"], str(verdicts["document"].iloc[0])
    numbered = verdicts.loc[verdicts["clause"] != "", "clause"]
    numbers = {
        "groups": numbered.nunique(),
        "targets": len(verdicts),
        "known": int(verdicts["latest"].notna().sum()),
        "judged": int((~verdicts["status"].isin(["not_assessed", "plan_only"])).sum()),
    }
    shown = {name: count(n, lang, f"review.counts.{paper}.{name}") for name, n in numbers.items()}
    form = str(words["intro" if len(numbered) else "intro_found"])
    return capital(form.format(paper=paper_named(paper, lang), **shown))


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
                yield paper, kind, bands | count_outlooks(table["status"]) | {"total": len(table)}


def _table(results: Results, papers: list[str], lang: str) -> Table:
    words, columns = words_of(lang)["counts"], list(_columns(results, papers))
    past = bool(results.verdicts.loc[results.verdicts["expected"].notna(), "overdue"].all())
    outlooks = [name for name in OUTLOOKS if name != "plan_only" or any(c[2][name] for c in columns)]
    named = {
        name: tag_quoted(capital(str(texts(lang)["bands"][name])), f"review.bands.{name}") for name in BANDS
    }
    named["unknown"] = str(words["unknown"])
    bands = [_row(text, name, columns, lang) for name, text in named.items()]
    said = words["outlooks_past" if past else "outlooks"]
    rows = [
        _across(str(words["by_band"]), len(columns)),
        *bands,
        _across(str(words["by_outlook"]), len(columns)),
        *(_row(str(said[name]), name, columns, lang, shade=name) for name in outlooks),
        _row(str(words["total"]), "total", columns, lang, strong=True),
    ]
    share = 0.5 / max(len(columns), 1)
    notes = (str(words["rule"]),) if any(kind == "groups" for _, kind, _ in columns) else ()
    widths = (0.5, *[share] * len(columns))
    return Table("counts", str(words["caption"]), _heads(columns, lang), tuple(rows), widths, notes)


def _heads(columns: list[_Column], lang: str) -> tuple[Row, ...]:
    words, top = words_of(lang)["counts"], []
    for paper in dict.fromkeys(column[0] for column in columns):
        across = sum(column[0] == paper for column in columns)
        top.append(Cell(capital(paper_named(paper, lang)), across=across, align="middle", strong=True))
    below = tuple(Cell(str(words[kind]), align="middle", strong=True) for _, kind, _ in columns)
    return ((Cell(str(words["level"]), down=2, strong=True), *top), below)


def _across(text: str, n: int) -> Row:
    return (Cell(text, across=n + 1, strong=True),)


def _row(
    text: str, name: str, columns: list[_Column], lang: str, *, shade: str = "", strong: bool = False
) -> Row:
    cells = [
        Cell(
            count(numbers[name], lang, f"review.counts.{paper}.{kind}.{name}"), align="middle", strong=strong
        )
        for paper, kind, numbers in columns
    ]
    return (Cell(text, strong=strong, shade=shade), *cells)
