"""The method of a review on one page, in plain words: how figures are read and what words and bands mean."""

from __future__ import annotations

from ...core import THIN_YEARS, last_year_ended
from ...pipeline import Results, constants_used
from ...targets import OWN_PACE_YEARS
from ..language import count, day, explain_words, level_shown
from ..office import has_own, instead
from ..paper.model import Block, Paragraph, Points
from ..sentences.constants import describe_constants
from .parts import chapter
from .phrases import words_of
from .said import all_due


def method_part(results: Results, lang: str, *, constants: bool = True) -> list[Block]:
    """Return the heading and the points of the method, with the words and the paces that the day uses.

    `constants` says whether the sentence on what the method's constants rest on stands there.
    """
    words, as_of, verdicts = words_of(lang)["method"], results.params.as_of, results.verdicts
    numbered = verdicts.loc[verdicts["clause"] != "", "clause"]
    own = has_own(results)
    few = verdicts["probability"].notna() & (verdicts["n_years"] < THIN_YEARS)
    late, tense = verdicts["end"] <= last_year_ended(as_of), "past" if all_due(results) else "ahead"
    points = [
        instead("method_known", words["known"], lang, own=own).format(as_of=day(as_of, lang)),
        str(words["against"]),
        str(words["band"][tense]).format(level=level_shown(80, lang)),
        *(explain_words(lang, overdue=over) for over in (False, True) if (late == over).any()),
        *([str(words["few"][tense])] if few.any() else []),
        *([str(words["groups"])] if numbered.duplicated().any() else []),
        *([_pace(lang)] if tense == "ahead" else []),
        instead("method_model", words["model"], lang, own=own),
        str(words["left_out"]),
        *(describe_constants(constants_used(as_of), as_of=as_of, lang=lang)[:1] if constants else []),
    ]
    return [chapter("method", "", lang), Points(tuple(points)), Paragraph(str(words["made"]), "note")]


def _pace(lang: str) -> str:
    years = count(OWN_PACE_YEARS, lang, "own_pace.years")
    return str(words_of(lang)["method"]["pace"]).format(years=years)
