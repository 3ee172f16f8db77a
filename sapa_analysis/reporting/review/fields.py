"""Results by field: what was reached of each target, in sentences that follow from its case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ...core import FIELDS, FROM_WORST, last_year_ended
from ...pipeline import Results
from ..language import count, texts
from ..office import SIGN, has_own, instead
from ..office_said import Committee
from ..office_said import words_of as office_words
from ..paper.model import Block, Paragraph, Points
from ..tagged_numbers import capital, plain, tag
from .cases import JOINED, JOINED_OF_OFFICE, case_of, compared_only
from .committee import committee_points, compared_points
from .field_points import by_word, due_told, in_points, unjudged
from .parts import LETTERS, Variety, lettered
from .phrases import against, goals_told, needed, own, when, words_of
from .subjects import Aim, Subject

#: Most sentences in a paragraph.
_LONGEST = 5
#: What the names of forms for several subjects begin with.
_SEVERAL = "many"
#: From so many subjects of one case in a field on, they share a sentence.
_MANY = 2


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field of policy with its subjects."""

    name: str
    subjects: tuple[Subject, ...]

    @property
    def told(self) -> bool:
        """Whether anything can be said of one of its subjects."""
        return any(case_of(subject, 0) or subject.running for subject in self.subjects)


def fields_of(subjects: Sequence[Subject]) -> list[Field]:
    """Return the fields that have a subject, in the order of the fields."""
    found = [Field(name, tuple(s for s in subjects if s.lead.row.field == name)) for name in FIELDS]
    return [field for field in found if field.subjects]


def wanted_letter(fields: Sequence[Field], lang: str) -> str:
    """Return the letter of the list of what is wanted, which follows the fields."""
    told = sum(field.told for field in fields)
    return LETTERS[lang][told + (told < len(fields))]


def fields_part(
    results: Results,
    subjects: Sequence[Subject],
    lang: str,
    *,
    committee: Committee | None = None,
    told_by_office: Mapping[str, list[Block]] = MappingProxyType({}),
) -> list[Block]:
    """Return a heading, sentences and judgements for each field; fields without a figure share one sentence.

    Parameters
    ----------
    results : Results
        The results of the run.
    subjects : sequence of Subject
        As `subjects_of` returns them.
    lang : {"vi", "en"}
        Language.
    committee : Committee, optional
        The committee's judgements and the departments' estimates are told where it is given, before ours.
    told_by_office : mapping of str to list of Block
        What the office wrote of the results of a field.
    """
    fields, variety, own = fields_of(subjects), Variety(), has_own(results)
    blocks: list[Block] = []
    letter, ended = wanted_letter(fields, lang), last_year_ended(results.params.as_of)
    told = [field for field in fields if field.told]
    for place, field in enumerate(told):
        title = str(texts(lang)["fields"].get(field.name, field.name))
        joined = JOINED if committee is None else (*JOINED, *JOINED_OF_OFFICE)
        opening = _opening(field, lang, variety, own=own)
        apart = committee is not None and in_points(field.subjects)
        left = Field(field.name, unjudged(field.subjects)) if apart else field
        sentences = [opening, *_sentences(left, ended, lang, variety, joined)]
        blocks += [lettered(title, place, lang), *_paragraphs(sentences)]
        blocks += told_by_office.get(field.name, [])
        blocks += _judgements(field, letter, lang, committee, apart=apart)
    silent = [field for field in fields if not field.told]
    blocks += _silent(silent, len(told), letter, lang) if silent else []
    seen = {field.name for field in told}
    return [*blocks, *(block for name, mine in told_by_office.items() if name not in seen for block in mine)]


def _paragraphs(sentences: Sequence[str]) -> list[Block]:
    """Return sentences in paragraphs of about the same length, none longer than a reader holds."""
    n = -(-len(sentences) // _LONGEST)
    size = -(-len(sentences) // n)
    return [Paragraph(" ".join(sentences[at : at + size])) for at in range(0, len(sentences), size)]


def _silent(fields: Sequence[Field], place: int, letter: str, lang: str) -> Iterator[Block]:
    names = [str(texts(lang)["fields"].get(field.name, field.name)) for field in fields]
    title = "; ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])
    n = sum(len(field.subjects) for field in fields)
    yield lettered(title, place, lang)
    form = str(words_of(lang)["opening"]["none" if len(fields) > 1 else "none_one"])
    yield Paragraph(form.format(n=count(n, lang, "review.fields.silent"), letter=letter))


def _opening(field: Field, lang: str, variety: Variety, *, own: bool) -> str:
    words, known = words_of(lang)["opening"], sum(subject.known for subject in field.subjects)
    if len(field.subjects) == known == 1:
        return variety.note(instead("opening_one", words["one"], lang, own=own))
    numbers = {"n": len(field.subjects), "m": known}
    told = {name: count(n, lang, f"review.fields.{field.name}.{name}") for name, n in numbers.items()}
    case = "all" if known == len(field.subjects) else "some"
    forms = words[case] | (texts(lang)["office"]["opening"][case] if own else {})
    return variety.say(f"opening.{case}", forms, told)


def _sentences(
    field: Field, ended: int, lang: str, variety: Variety, joining: Sequence[str]
) -> Iterator[str]:
    """Yield a sentence for each subject, and one for several in the same simple case."""
    cases: dict[tuple[str, int], list[Subject]] = {}
    for subject in (part for whole in field.subjects for part in whole.by_figure()):
        case = case_of(subject, ended)
        end = subject.lead.row.end if case == "overdue" else 0
        cases.setdefault((case, end), []).append(subject)
    joined = {key: mine for key, mine in cases.items() if key[0] in joining and len(mine) >= _MANY}
    for (case, end), mine in cases.items():
        for subject in mine if (case, end) not in joined else ():
            if case:
                yield _smooth(_with_newest(_sentence(subject, case, lang, variety), subject))
            elif subject.running:
                yield capital(f"{subject.name}: {subject.running}.")
    for (case, end), mine in joined.items():
        items = "; ".join(_item(each, lang) for each in mine)
        yield _smooth(variety.say(case, _forms(case, lang, many=True), {"items": items, "end": end}))


def _with_newest(sentence: str, subject: Subject) -> str:
    """Return a sentence with the latest figure of the running year, where there is one."""
    return f"{sentence.removesuffix('.')}; {subject.running}." if subject.running else sentence


def _smooth(sentence: str) -> str:
    """Return a sentence without the doubled word of a name that ends with "năm" before a year."""
    return sentence.replace("trong năm năm ", "trong năm ").replace("mỗi năm năm ", "mỗi năm, năm ")


def _sentence(subject: Subject, case: str, lang: str, variety: Variety) -> str:
    aim, words = subject.lead, words_of(lang)
    shown = next((each for each in subject.aims if each.known), aim) if not aim.known else aim
    judged = next((each for each in subject.aims if each.row.band), aim) if case == "model_only" else aim
    told = {
        "name": subject.name,
        "value": shown.row.latest,
        "when": when(shown, subject.indicator, lang) if shown.known else "",
        "against": against(subject.aims, lang),
        "goals": goals_told(subject.aims, lang),
        "end": judged.row.end,
        "band": judged.row.band,
        "needed": needed(aim, lang),
        "own": own(aim, lang),
        "doubt": words["doubt"].get(str(aim.verdict["latest_doubt"]), ""),
    }
    return variety.say(case, _forms(case, lang, own=SIGN in shown.row.latest), told)


def _forms(case: str, lang: str, *, many: bool = False, own: bool = False) -> dict[str, str]:
    """Return the forms of a case for one subject, or for several in one sentence.

    Of a figure of the office (`own`) no form says that it was published.
    """
    every = [words_of(lang)["sentences"], office_words(lang)["sentences"]]
    every += [texts(lang)["office"]["sentences"]] if own else []
    forms: dict[str, str] = {}
    for words in every:
        forms |= words.get(case, {})
    return {name: form for name, form in forms.items() if name.startswith(_SEVERAL) == many}


def _item(subject: Subject, lang: str) -> str:
    aim = subject.lead
    told = {"name": subject.name, "value": aim.row.latest, "when": when(aim, subject.indicator, lang)}
    item = str(words_of(lang)["item"]).format(**told, against=against(subject.aims, lang))
    return f"{item}, {subject.running}" if subject.running else item


def _judgements(
    field: Field, letter: str, lang: str, committee: Committee | None = None, *, apart: bool = False
) -> list[Block]:
    """Return the goals of a field by their judgement, the best first; each year due carries its judgement.

    Told `apart`, each goal has a line of its own with its figures.
    """
    words = words_of(lang)["judged"]
    aims = [(subject, aim) for subject in field.subjects for aim in subject.aims]
    first = [] if committee is None else committee_points(aims, committee, lang)
    said = list(dict.fromkeys(plain(aim.row.word) for _, aim in aims if aim.row.status != "not_assessed"))
    rank = {plain(aim.row.word): -FROM_WORST.index(aim.row.status) for _, aim in aims}
    said.sort(key=lambda word: rank[word])
    last = compared_points(aims, lang)
    silent = [s for s, aim in aims if aim.row.status == "not_assessed" and not compared_only(aim)]
    if n := len({subject.indicator.name for subject in silent}):
        key = f"review.fields.{field.name}.not_assessed"
        last.append(capital(str(words["unassessed"]).format(n=count(n, lang, key), letter=letter)))
    if apart:
        told = by_word(aims, said, lang, ours=bool(first))
        return [*_points(first), *told, *_points(last)]
    if not said and len(last) <= bool(n) and not first:
        return []
    return _points([*first, *(_judged(word, aims, lang, ours=bool(first)) for word in said), *last])


def _points(items: Sequence[str]) -> list[Block]:
    return [Points(tuple(items))] if items else []


def _judged(word: str, aims: Sequence[tuple[Subject, Aim]], lang: str, *, ours: bool) -> str:
    words = words_of(lang)["judged"]
    mine = [(subject, aim) for subject, aim in aims if plain(aim.row.word) == word]
    names = []
    for subject in dict.fromkeys(subject for subject, _ in mine):
        own_aims = [aim for other, aim in mine if other is subject]
        names.append(str(words["name"]).format(name=subject.name, due=", ".join(_dues(own_aims, lang))))
    first = mine[0][1].row
    shown = tag(word if ours else capital(word), f"{first.id}.word", first.status, "judgement")
    form = office_words(lang)["points"]["ours"] if ours else words["part"]
    return str(form).format(word=shown, names="; ".join(names))


def _dues(aims: Sequence[Aim], lang: str) -> list[str]:
    """Return when goals are due, each year once."""
    return list({plain(due): due for due in (due_told(aim, lang) for aim in aims)}.values())
