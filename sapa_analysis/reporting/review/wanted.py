"""What is not known: the targets that cannot be assessed, by field, and who is asked for their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..lacking import WITHOUT_A_FIGURE, what_lacks, who_is_asked
from ..language import count, texts
from ..office import custom_note
from ..paper.model import Block, Cell, Paragraph, Points, Row, Table
from ..tagged_numbers import capital
from .cases import compared_only
from .fields import Field, fields_of, wanted_letter
from .parts import LETTERS, lettered
from .phrases import words_of
from .subjects import Aim, Subject


def wanted_part(subjects: Sequence[Subject], lang: str, *, ended: bool = False) -> list[Block]:
    """Return the heading and the list of targets without a judgement, by field and by unit in charge.

    Once the area has `ended`, those that took over the work of its units are asked.
    """
    words, fields = words_of(lang), fields_of(subjects)
    place = LETTERS[lang].index(wanted_letter(fields, lang))
    head = lettered(str(words["headings"]["wanted"]), place, lang)
    open_ones = [Field(field.name, tuple(filter(_open, field.subjects))) for field in fields]
    open_ones = [field for field in open_ones if field.subjects]
    limits = [*_limits(fields, lang)]
    if not open_ones:
        return [head, *([] if limits else [Paragraph(str(words["wanted"]["no"]))]), *limits]
    n = sum(len(field.subjects) for field in open_ones)
    intro = str(words["wanted"]["intro_ended" if ended else "intro"]).format(
        n=count(n, lang, "review.wanted")
    )
    return [head, Paragraph(intro), _table(open_ones, lang, ended=ended), *limits]


def _limits(fields: Sequence[Field], lang: str) -> Iterator[Block]:
    """Yield who is asked how far from a share is still good, with the goals that are only compared."""
    asked: dict[str, list[str]] = {}
    for field in fields:
        for subject in field.subjects:
            if any(compared_only(aim) == "share" for aim in subject.aims):
                asked.setdefault(who_is_asked(subject.lead.row.lead, lang), []).append(subject.name)
    words = texts(lang)["review_office"]["wanted"]
    if asked:
        n = count(sum(map(len, asked.values())), lang, "review.wanted.limits")
        yield Paragraph(str(words["limits"]).format(n=n))
        form = str(words["unit"])
        items = [form.format(unit=capital(unit), names="; ".join(names)) for unit, names in asked.items()]
        yield Points(tuple(items))


def _open(subject: Subject) -> bool:
    return any(_open_aim(aim) for aim in subject.aims)


def _table(fields: Sequence[Field], lang: str, *, ended: bool) -> Table:
    words, unit = words_of(lang)["wanted"], "unit_ended" if ended else "unit"
    heads = tuple(Cell(str(words[name]), align="middle", strong=True) for name in ("field", unit, "names"))
    rows = tuple(row for field in fields for row in _rows(field, lang))
    own = [
        subject.lead.row.own_lead for field in fields for subject in field.subjects if subject.lead.row.lead
    ]
    notes = (custom_note(words["custom_ended" if ended else "custom"], own, lang),)
    return Table("wanted", str(words["caption"]), (heads,), rows, (0.16, 0.26, 0.58), notes, named_by=1)


def _rows(field: Field, lang: str) -> list[Row]:
    asked: dict[str, list[Subject]] = {}
    for subject in field.subjects:
        lead = subject.lead.row.lead or capital(who_is_asked("", lang))
        asked.setdefault(lead, []).append(subject)
    title = Cell(str(texts(lang)["fields"].get(field.name, field.name)), down=len(asked))
    cells = [(Cell(lead), Cell(_names(mine, lang))) for lead, mine in asked.items()]
    return [(title, *cells[0]), *cells[1:]]


def _names(subjects: Sequence[Subject], lang: str) -> str:
    """Return names, each with its reason where figures are not simply missing."""
    told = []
    for subject in subjects:
        aim = next(aim for aim in subject.aims if _open_aim(aim))
        why = aim.row.why if aim.row.status == "not_assessed" else aim.row.word
        code = str(aim.verdict["reason"])
        if code in WITHOUT_A_FIGURE:
            why = "" if code == WITHOUT_A_FIGURE[0] else what_lacks(code, lang)
        told.append(subject.name + (f" ({why})" if why else ""))
    return capital("; ".join(told))


def _open_aim(aim: Aim) -> bool:
    return aim.row.status in ("not_assessed", "plan_only") and not compared_only(aim)
