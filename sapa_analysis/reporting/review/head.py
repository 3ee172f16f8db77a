"""Title and head of a review: by the area, the term and the day."""

from __future__ import annotations

import re
from datetime import date

from ...core import last_year_ended
from ...pipeline import Project, Results
from ..language import texts
from ..paper.model import Head
from ..tagged_numbers import capital, tag_quoted
from .subjects import Term, has_ended, kind_of

#: What kind of unit a name begins with.
_UNIT = re.compile(r"^(?:thị xã|tỉnh|phường|xã|huyện|thành phố) | (?:town|province|ward|commune)$")
#: What a name says of who told its goals anew; a title leaves it to the note on its source.
_RETOLD = re.compile(r",? (?:do .* nêu lại|as .* restated).*$")
#: What is written with a capital letter within a sentence, too.
_RESOLUTION = "Nghị quyết"
_COMMITTEES = {"district": "district", "commune": "commune", "province": "province"}


def title_of(project: Project, results: Results, term: Term, lang: str) -> str:
    """Return the title: the review of the congress resolution, or of the goals of an area."""
    words, papers = texts(lang)["review"]["title"], project.documents
    for name in results.verdicts["document"].unique():
        if kind_of(project, name) == "congress":
            paper = _RETOLD.sub("", str(papers.at[name, f"name_{lang}"]))
            if not paper.startswith(_RESOLUTION):
                paper = paper[:1].lower() + paper[1:]
            paper = tag_quoted(paper, f"{name}.name.{lang}")
            return str(words["ended" if term.ended else "term"]).format(document=paper)
    area = str(project.areas.at[results.params.area, f"name_{lang}"])
    return str(words["area"]).format(area=tag_quoted(area, f"{results.params.area}.name.{lang}"))


def subtitle_of(results: Results, term: Term, lang: str) -> str:
    """Return which years the review tells, and how far it looks ahead."""
    last, words = min(last_year_ended(results.params.as_of), term.end), texts(lang)["review"]["subtitle"]
    name = "results" if last == term.end else "both" if last > term.start else "one"
    name = "forecast" if last < term.start else name
    return str(words[name]).format(first=term.start, last=last, end=term.end)


def head_of(project: Project, area: str, as_of: date, lang: str) -> Head:
    """Return the head of the Party form; who issues it is left open once the area has ended."""
    words, place = texts(lang)["review"]["head"], project.areas.loc[area]
    own = bare_name(str(place[f"name_{lang}"]))
    level, above = str(place["level"]), str(place["parent"])
    left = []
    if level not in ("province", "nation") and above in project.areas.index:
        name = str(project.areas.at[above, f"name_{lang}"]).split(" (")[0]
        left.append(str(words["above"]).format(area=name.upper()))
    named = own if level == "province" else str(place[f"name_{lang}"]) if level == "commune" else own
    body = "nation" if level == "nation" else _COMMITTEES.get(level, "district")
    issuer = words["ended"] if has_ended(project, area, as_of) else words[body]
    left += [str(issuer).format(area=named.split(" (")[0].upper()), "*"]
    dated = str(words["place"]).format(area=own, year=as_of.year)
    return Head(tuple(left), (str(words["party"]),), dated)


def bare_name(name: str) -> str:
    """Return the name of an area without its kind: "Sa Pa".

    Examples
    --------
    >>> bare_name("thị xã Sa Pa"), bare_name("Sa Pa town"), bare_name("tỉnh Lào Cai (từ 01/7/2025)")
    ('Sa Pa', 'Sa Pa', 'Lào Cai')
    """
    return capital(_UNIT.sub("", name.split(" (")[0]))
