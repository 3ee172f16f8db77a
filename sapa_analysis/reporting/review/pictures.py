"""The few figures of a review: the core indicators, side by side, small."""

from __future__ import annotations

from ...pipeline import Project, Results, known_targets
from ..figures.small import plot_small
from ..figures.style import draw
from ..language import name_shown
from ..office import frame_note, holds_own, instead
from ..paper.model import Block, Figure, Paragraph, Strip
from ..tagged_numbers import plain
from .phrases import words_of

#: Most figures in the strip.
_MOST = 3


def pictures_of(project: Project, results: Results, lang: str) -> list[Block]:
    """Return one strip with the first indicator of each subject that has a goal; nothing where none has."""
    goals = set(results.verdicts["indicator_id"])
    first = [names[0] for names in results.params.subjects.values() if names]
    shown = [name for name in first if name in goals and name in results.outcomes][:_MOST]
    strip = [Strip(tuple(_figure(project, results, name, lang) for name in shown))] if shown else []
    framed = any(holds_own(results.outcomes[name].observed) for name in shown)
    return [*strip, *([Paragraph(frame_note(lang), "note")] if framed else [])]


def _figure(project: Project, results: Results, name: str, lang: str) -> Figure:
    concept = project.indicators.loc[name]
    title = name_shown(concept, lang)  # type: ignore[arg-type]  # ids are unique
    verdicts = results.verdicts[results.verdicts["indicator_id"] == name]
    goals = known_targets(project, results.params, name)
    picture = draw(
        plain(title), plot_small, results.outcomes[name], goals, concept, lang=lang, verdicts=verdicts
    )
    own = holds_own(results.outcomes[name].observed)
    alt = instead("picture", words_of(lang)["picture"], lang, own=own).format(name=title)
    return Figure(picture, "", alt)
