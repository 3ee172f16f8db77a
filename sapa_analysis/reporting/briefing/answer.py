"""The answer of the first page: a row of counts for each document, and sentences that can be read out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ...core import FROM_WORST, OUTLOOKS
from ...pipeline import Project, Results, met_counts
from ...verdicts import count_outlooks, group_verdicts
from ..cited import Citations, figure_cited
from ..compared import only_compared
from ..language import count, day, texts
from ..office_said import committee_of, counts_told
from ..paper.model import Block, Paragraph, Tile, Tiles
from ..published import period_shown
from ..sentences.verdicts import met_key
from ..tagged_numbers import capital, tag
from ..target_row import TargetRow, status_on_paper
from .names import full_name, indicator_inside, row_of
from .tense import tense_of

#: Documents with a row of counts, and targets named as furthest behind, at most.
MOST_DOCUMENTS, MOST_BEHIND = 4, 3


@dataclass(frozen=True, slots=True)
class Count:
    """The outlooks of the groups of a document, as the document counts them."""

    document: str
    numbered: bool
    total: int
    outlooks: Mapping[str, int]
    tense: str
    compared: int = 0

    @property
    def judged(self) -> int:
        """How many could be judged."""
        return self.total - self.outlooks["not_assessed"] - self.outlooks["plan_only"]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The counts of every document of a run, in its order, and those that the authorities published."""

    documents: list[Count]
    met: pd.DataFrame


def count_all(project: Project, results: Results) -> Counted:
    """Return all counts of the answer."""
    documents = [
        _count(str(document), mine, results.attained)
        for document, mine in results.verdicts.groupby("document", sort=False)
    ]
    return Counted(documents, met_counts(project, results.params))


def answer_blocks(
    project: Project,
    results: Results,
    counted: Counted,
    rows: Mapping[str, TargetRow],
    cite: Citations,
    place: str,
    lang: str,
    *,
    ended: bool = False,
) -> list[Block]:
    """Return the answer: the rows of counts, then the sentences.

    Parameters
    ----------
    project, results
        As in `compose_briefing`.
    counted : Counted
        As `count_all` returns it.
    rows : mapping of str to TargetRow
        The row of each target by its id.
    cite : Citations
        Marks the pages that are cited.
    place : str
        Which section names the units that are asked; blank if there is none.
    lang : {"vi", "en"}
        Language.
    ended : bool
        Whether the area no longer exists, so that others hold its figures.
    """
    if not counted.documents:
        as_of = day(results.params.as_of, lang)
        return [Paragraph(str(texts(lang)["brief"]["answer"]["no_target"]).format(as_of=as_of))]
    said = (
        *behind_sentence(project, results, rows, lang),
        *unjudged_sentence(results.verdicts, place, lang, ended=ended),
        *met_sentence(project, counted.met, cite, lang),
        *other_documents(counted.documents, lang),
    )
    first = [*committee_sentence(project, results, lang), *likely_sentence(counted.documents, lang)]
    grouped = any(each.numbered for each in counted.documents)
    rule = [Paragraph(str(texts(lang)["brief"]["tiles"]["rule"]), "note")] if grouped else []
    return [
        *tiles(counted.documents, lang),
        *rule,
        *(Paragraph(told, "lead") for told in first),
        *map(Paragraph, said),
    ]


def _count(document: str, verdicts: pd.DataFrame, attained: pd.DataFrame) -> Count:
    groups = group_verdicts(verdicts, attained)
    numbered = bool(verdicts["clause"].ne("").any())
    return Count(document, numbered, len(groups), count_outlooks(groups["status"]), tense_of(verdicts),
                 only_compared(verdicts, groups if numbered else None))  # fmt: skip


def tiles(counts: list[Count], lang: str) -> list[Tiles]:
    """Return the rows of counts, with plans without another level only where any document has some."""
    if not counts:
        return []
    largest = _with_a_row(counts)
    plans = any(each.outlooks["plan_only"] for each in largest)
    shown = [outlook for outlook in OUTLOOKS if plans or outlook != "plan_only"]
    return [Tiles(tuple(_tile(each, shown, lang) for each in counts if each in largest))]


def _with_a_row(counts: list[Count]) -> list[Count]:
    """Return the documents with the most goals, none of a single goal unless all are."""
    several = [each for each in counts if each.total > 1] or counts
    return sorted(several, key=lambda each: -each.total)[:MOST_DOCUMENTS]


def _tile(each: Count, shown: list[str], lang: str) -> Tile:
    words, key = texts(lang)["brief"], f"{each.document}.groups"
    kind = "groups" if each.numbered else "goals"
    title = str(words["tiles"][kind]).format(
        n=count(each.total, lang, key), document=capital(full_name(each.document, lang))
    )
    told = words["outlooks"][each.tense]
    every = each.compared == each.outlooks["not_assessed"]
    own = texts(lang)["review_office"]["counts"]["tile" if every else "tile_some"]
    return Tile(
        title,
        tuple(
            (
                outlook,
                count(each.outlooks[outlook], lang, f"{key}.{outlook}"),
                str(own if outlook == "not_assessed" and each.compared else told[outlook]),
            )
            for outlook in shown
        ),
    )


def other_documents(counts: list[Count], lang: str) -> list[str]:
    """Return how many goals stand in further documents, so that all of them add up; none if none do."""
    shown = _with_a_row(counts)
    rest = [each for each in counts if each not in shown]
    if not rest:
        return []
    n = count(sum(each.total for each in rest), lang, "brief.other_documents")
    return [str(texts(lang)["brief"]["tiles"]["rest"]).format(n=n)]


def committee_sentence(project: Project, results: Results, lang: str) -> list[str]:
    """Return the sentence on the standing committee's own judgements; none where it has judged nothing."""
    committee, verdicts, words = (
        committee_of(project, results),
        results.verdicts,
        texts(lang)["review_office"],
    )
    told = []
    for document, mine in verdicts.groupby("document", sort=False):
        targets = [str(name) for name in mine["id"]]
        if said := counts_told(committee, targets, str(document), lang):
            paper = full_name(str(document), lang)
            told.append(str(words["counts"]["of_paper"]).format(paper=paper, counts=said))
    if not told:
        return []
    return [str(words["counts"]["brief"]).format(body=committee.named(lang), papers="; ".join(told))]


def likely_sentence(counts: list[Count], lang: str) -> list[str]:
    """Return the sentence on how many are likely, of the documents with a row of counts."""
    told: list[str] = []
    before = ("", "")
    with_a_row = _with_a_row(counts)
    for each in (each for each in counts if each in with_a_row):
        said = (each.tense, _how_many(each.outlooks["likely"])) if each.judged else ("", "nothing")
        told.append(_likely(each, said, first=not told, same=said == before, lang=lang))
        before = said
    return [capital(f"{'; '.join(told)}.")] if told else []


def _how_many(n: int) -> str:
    return {0: "none", 1: "one"}.get(n, "some")


def _likely(each: Count, said: tuple[str, str], *, first: bool, same: bool, lang: str) -> str:
    words, key = texts(lang)["brief"]["answer"], f"{each.document}.groups"
    unit, document = words["groups" if each.numbered else "goals"], full_name(each.document, lang)
    if not each.judged:
        return str(words["nothing"]).format(document=document, unit=unit)
    short = words["group"] if each.numbered else words["goals"]
    form = words[said[0]][said[1]]
    if same:  # not the same phrase twice in a row
        form = words["same_none" if said[1] == "none" else "same"]
    likely = count(each.outlooks["likely"], lang, f"{key}.likely")
    return str(words["first" if first else "next"]).format(
        n=count(each.judged, lang, f"{key}.judged"),
        unit=unit,
        document=document,
        said=str(form).format(likely=likely, unit=short),
    )


def behind_sentence(
    project: Project, results: Results, rows: Mapping[str, TargetRow], lang: str
) -> list[str]:
    """Return the sentence on the targets furthest behind, each indicator once; none if none is unlikely."""
    worst = furthest_behind(results.verdicts)
    if worst.empty:
        return []
    words, inside = texts(lang)["brief"]["answer"], []
    for place, (_, verdict) in enumerate(worst.iterrows()):
        row = rows[verdict["id"]]
        figure = row.band or row.latest
        kind = "another" if place else _figure_kind(verdict, row)
        name = indicator_inside(row_of(project.indicators, verdict["indicator_id"]), lang)
        inside.append(str(words[kind]).format(name=name, due=row.due, goal=row.goal, figure=figure))
    form = str(words["behind_more" if len(inside) > 1 else "behind"])
    return [form.format(first=inside[0], others=f" {words['and']} ".join(inside[1:]))]


def furthest_behind(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts furthest behind, the worst first: of years ahead, or of the last year due."""
    if verdicts.empty:
        return verdicts
    told = verdicts.assign(told=verdicts.apply(status_on_paper, axis="columns"))
    behind = told[
        told["told"].isin(OUTLOOKS["unlikely"]) & (told["lower_80"].notna() | told["latest"].notna())
    ]
    ahead = behind[~behind["overdue"].astype(bool)]
    left = ahead if len(ahead) else behind[behind["end"] == behind["end"].max()]
    ranked = left.assign(rank=left["told"].map(FROM_WORST.index)).sort_values(
        ["rank", "probability"], kind="stable"
    )
    return ranked.drop_duplicates("indicator_id").head(MOST_BEHIND)


def _figure_kind(verdict: pd.Series, row: TargetRow) -> str:
    return "known" if not row.band else "modelled" if verdict["overdue"] else "forecast"


def unjudged_sentence(verdicts: pd.DataFrame, place: str, lang: str, *, ended: bool = False) -> list[str]:
    """Return how many targets cannot be judged, and that the units in charge hold their figures."""
    open_ = verdicts[verdicts["status"] == "not_assessed"] if len(verdicts) else verdicts
    if open_.empty:
        return []
    silent, compared = int(open_["reason"].eq("no_evidence").sum()), only_compared(open_)
    if compared:
        shown = {"n": compared, "total": len(verdicts), "left": len(open_) - compared}
        told = {name: count(n, lang, f"brief.unjudged.{name}") for name, n in shown.items()}
        forms = texts(lang)["review_office"]["counts"]
        return [str(forms["brief_some" if shown["left"] else "brief_compared"]).format(**told)]
    kind = (
        "unjudged_other"
        if not silent or not place
        else "unjudged_all"
        if silent == len(open_)
        else "unjudged"
    )
    shown = {"n": len(open_), "total": len(verdicts), "silent": silent}
    told = {name: count(n, lang, f"brief.unjudged.{name}") for name, n in shown.items()}
    words = texts(lang)["brief"]["answer"]
    holders = words["holders_ended" if ended else "holders"]
    return [str(words[kind]).format(place=place, holders=holders, **told)]


def met_sentence(project: Project, counts: pd.DataFrame, cite: Citations, lang: str) -> list[str]:
    """Return in one line what the authorities published of targets met, with the marks of their pages."""
    if counts.empty:
        return []
    words, parts = texts(lang)["brief"]["answer"], []
    marks = [cite(figure_cited(row)) for _, row in counts.iterrows()]
    for place, (_, row) in enumerate(counts.iterrows()):
        key = met_key(row)
        shown = {
            name: tag(f"{row[column]:g}", f"{key}.{name}", int(row[column]), str(row["unit"]))
            for name, column in (("met", "value"), ("of", "of"))
        }
        form = str(words["met_estimate" if row["kind"] == "estimate" else "met_of"])
        name = indicator_inside(row_of(project.indicators, row["indicator_id"]), lang)
        period = period_shown(row["period"], row["freq"], lang)
        mark = "" if marks[place] in marks[place + 1 :] else marks[place]  # once, behind the last of its page
        parts.append(form.format(name=name, period=period, **shown) + mark)
    return [str(words["met"]).format(parts="; ".join(parts))]
