"""Results by task: what the documents chose, the targets that belong to it, and room for what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...pipeline import Project, Results, documents_of
from ...targets import DocumentText, Listing, Named, Passage
from ..language import count, texts
from ..paper.model import Block, Cell, Paragraph, Row, Table
from ..scenario_changes import inside
from ..tagged_numbers import tag_quoted
from ..target_row import TargetRow, target_rows
from .said import left_blank, name_inside, paper_named, words_of

_WIDTHS = (0.06, 0.42, 0.3, 0.22)
#: What a document chose for the whole term, before what it sets as work.
_CHOSEN = ("breakthroughs", "key_tasks", "key_areas", "solutions")
_PROJECTS = ("projects_province", "projects_town")


def tasks_part(project: Project, results: Results, lang: str) -> list[Block]:
    """Return the skeleton of the results by task: one table of all documents known on the day."""
    words = words_of("tasks", lang)
    known = project.as_of(results.params.as_of).texts
    held = [known[name] for name in documents_of(project, results.params) if name in known]
    held.sort(key=lambda text: not text.breakthroughs or not text.breakthroughs.named)  # the term first
    blocks: list[Block] = [Paragraph(told) for text in held for told in _theme(text, lang)]
    if not held:
        return [*blocks, Paragraph(words["none"]), left_blank(words["blank"])]
    rows = target_rows(project, results, lang)
    table = Table(
        name="tasks",
        caption=words["caption"],
        heads=(tuple(Cell(words["columns"][name], shade="head", strong=True)
                     for name in ("number", "text", "linked", "done")),),
        rows=tuple(row for text in held for row in _rows(text, rows, lang)),
        widths=_WIDTHS,
        notes=tuple(_notes(held, lang)),
        named_by=1,
        dense=True,
    )  # fmt: skip
    return [*blocks, table]


def _theme(text: DocumentText, lang: str) -> Iterator[str]:
    if text.theme is not None:
        theme = tag_quoted(text.theme.text(lang), f"text.{text.document}.theme.{lang}")
        yield words_of("tasks", lang)["theme"].format(paper=paper_named(text.document, lang), theme=theme)


def _notes(held: Sequence[DocumentText], lang: str) -> Iterator[str]:
    words = words_of("tasks", lang)
    yield words["linked"]
    for text in held:
        if not any(passage.printed for passage in text.passages()):
            yield words["told"].format(paper=paper_named(text.document, lang))


def _rows(text: DocumentText, targets: Sequence[TargetRow], lang: str) -> Iterator[Row]:
    """Yield the rows of a document: what it chose, its tasks, its projects, its milestones."""
    mine = [row for row in targets if row.document == text.document]
    listings = text.listings()
    for part in _CHOSEN:
        if part in listings and listings[part].named:
            yield _subhead(part, text, lang)
            yield from _named(part, listings[part], text, mine, lang)
    if text.specific_tasks:
        yield _subhead("specific_tasks", text, lang)
    for task in text.specific_tasks:
        groups = [link.group for link in task.links]
        yield _row(str(task.no), _words(task, text, f"task.{task.no}", lang), groups, text, mine, lang)
    projects = [part for part in _PROJECTS if part in listings]
    if projects:
        yield _subhead("projects", text, lang)
    for part in projects:
        yield from _named(part, listings[part], text, mine, lang)
    if text.milestones:
        yield _subhead("milestones", text, lang)
    for place, each in enumerate(text.milestones, start=1):
        groups = _groups_of_task(each.task, text)
        what = _words(each, text, f"milestone.{place}", lang)
        yield _row(str(each.year), what, groups, text, mine, lang)
    if counted := [part for part in _CHOSEN if part in listings and not listings[part].named]:
        yield _subhead("counted", text, lang)
        yield _row("", _counted(counted, text, lang), [], text, mine, lang)


def _subhead(part: str, text: DocumentText, lang: str) -> Row:
    words = words_of("tasks", lang)
    told = words["subhead"].format(part=words["parts"][part], paper=paper_named(text.document, lang))
    return (Cell(told, across=len(_WIDTHS), strong=True),)


def _named(
    part: str, listing: Listing, text: DocumentText, targets: Sequence[TargetRow], lang: str
) -> Iterator[Row]:
    """Yield a listing: how many it counts where it does not name them all, then those that it names."""
    words = words_of("tasks", lang)
    if len(listing.named) < listing.count:
        numbers = {
            "n": count(listing.count, lang, f"text.{text.document}.{part}.count"),
            "named": count(len(listing.named), lang, f"text.{text.document}.{part}.named"),
        }
        form = words["some" if listing.named else "unnamed"]
        yield _row("", form.format(part=words["parts"][part], **numbers), [], text, targets, lang)
    for each in listing.named:
        no = str(each.no)
        what = _words(each, text, f"{part}.{no}", lang)
        number = no if isinstance(each.no, int) else tag_quoted(no, f"text.{text.document}.{part}.{no}.no")
        yield _row(number, what, _groups_of_task(each.task, text), text, targets, lang, of=each)


def _groups_of_task(task: int | None, text: DocumentText) -> list[int]:
    links = [link for each in text.specific_tasks if each.no == task for link in each.links]
    return [link.group for link in links]


def _words(passage: Passage, text: DocumentText, place: str, lang: str) -> str:
    return tag_quoted(passage.text(lang), f"text.{text.document}.{place}.{lang}")


def _counted(parts: Sequence[str], text: DocumentText, lang: str) -> str:
    words, listings = words_of("tasks", lang), text.listings()
    told = [
        words["counted"].format(
            part=inside(words["parts"][part]),
            n=count(listings[part].count, lang, f"text.{text.document}.{part}.count"),
        )
        for part in parts
    ]
    return str(words["only_counted"]).format(parts="; ".join(told))


def _row(
    number: str,
    what: str,
    groups: Sequence[int],
    text: DocumentText,
    targets: Sequence[TargetRow],
    lang: str,
    *,
    of: Named | None = None,
) -> Row:
    """Return a row: the number, the words, the targets linked to them, and the cell of the office."""
    told = [_group(group, text, targets, lang) for group in groups]
    if of is not None and of.indicators:
        told.append(_goals([row for row in targets if row.indicator in of.indicators], text.document, lang))
    blank = str(texts(lang)["paper"]["blank"])
    shown = number if not number.isdigit() else _plain_number(number, text, lang)
    return Cell(shown, align="centre"), Cell(what), Cell("; ".join(filter(None, told))), Cell(blank, shade="blank")


def _plain_number(number: str, text: DocumentText, lang: str) -> str:
    """Return a year as it is, and a number of a task tagged."""
    return number if len(number) == len("2023") else tag_quoted(number, f"text.{text.document}.no.{number}")


def _group(group: int, text: DocumentText, targets: Sequence[TargetRow], lang: str) -> str:
    """Return a group and its targets with their short words; those not assessed are counted."""
    mine = [row for row in targets if row.clause == str(group)]
    if not mine:
        return ""
    no = tag_quoted(str(group), f"text.{text.document}.group.{group}")
    told = _goals(mine, f"{text.document}.group_{group}", lang)
    return str(words_of("tasks", lang)["group"]).format(no=no, targets=told)


def _goals(rows: Sequence[TargetRow], key: str, lang: str) -> str:
    words = words_of("tasks", lang)
    told = [
        words["target"].format(name=name_inside(row), word=row.short)
        for row in rows
        if row.status != "not_assessed"
    ]
    if silent := len(rows) - len(told):
        form = words["not_assessed" if told else "none_assessed"]
        told.append(form.format(n=count(silent, lang, f"tasks.{key}.not_assessed")))
    return "; ".join(told)
