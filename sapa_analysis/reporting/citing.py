"""How to cite the software, and a forecast of one area and day: a sentence and an entry of BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .. import __version__
from ..core import Params, commit_of
from ..pipeline import Project
from .language import day, texts

#: As `CITATION.cff` and `LICENSE-data` have them.
AUTHOR = "The sapa-analysis team"
TITLE = "Sa Pa policy notebooks: published figures, forecasts and verdicts on targets"
RELEASED = date(2026, 11, 24)
DATA_LICENCE = "CC-BY-4.0"
#: Characters of a commit that name it.
_SHOWN = 12
#: What has a meaning of its own in BibTeX.
_SPECIAL = {ord(sign): f"\\{sign}" for sign in "&%$#_{}"}


@dataclass(frozen=True, repr=False)
class Citation:
    """How something is cited.

    Attributes
    ----------
    sentence : str
        A sentence to copy, in the language asked for.
    sources : str
        How to find the pages of the figures that are quoted: they are cited too.
    bibtex : str
        Entries of BibTeX: the software, and the forecast if there is one.
    """

    sentence: str
    sources: str
    bibtex: str

    def __repr__(self) -> str:
        return f"{self.sentence}\n{self.sources}\n\n{self.bibtex}"

    __str__ = __repr__


def cite(project: Project | None = None, params: Params | None = None, *, lang: str = "vi") -> Citation:
    """Return how to cite the software or, with a project and parameters, its forecasts of an area and day.

    Parameters
    ----------
    project : Project, optional
        The tables; the commit is that of their folder.
    params : Params, optional
        The area and the day.
    lang : {"vi", "en"}
        Language of the sentence and of the title of the forecasts.

    Returns
    -------
    Citation

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.cite(lang="en").bibtex.splitlines()[0]
    '@misc{sapa-analysis-0.2.0,'
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> print(sapa.cite(project, params, lang="en").sentence.split(" (sapa-analysis")[0])
    The sapa-analysis team (2026): Sa Pa town: forecasts and verdicts on targets, as known on 30/6/2023
    """
    words = texts(lang)["citing"]
    software = _entry(f"sapa-analysis-{__version__}", TITLE, ["code: MIT", f"data: {DATA_LICENCE}"])
    if project is None or params is None:
        said = words["software"].format(**_about(), title=TITLE)
        return Citation(said, words["sources"], software)
    name = str(project.areas.loc[params.area, f"name_{lang}"])
    title = words["title"].format(area=name[:1].upper() + name[1:], day=day(params.as_of, lang))
    commit = commit_of(project.root)
    shown = commit[:_SHOWN] + ("+changes" if commit.endswith("+changes") else "")
    made = words["made" if shown else "made_unknown"].format(**_about(), commit=shown)
    note = [f"as of {params.as_of}", f"area {params.area}", *([f"commit {shown}"] if shown else [])]
    key = f"sapa-analysis-{params.area}-{params.as_of}"
    entry = _entry(key, title, [*note, f"data: {DATA_LICENCE}"])
    said = words["forecast"].format(**_about(), title=title, made=made)
    how = words["sources_of"].format(area=params.area, as_of=params.as_of)
    return Citation(said, how, f"{software}\n{entry}")


def _about() -> Mapping[str, object]:
    return {"author": AUTHOR, "year": RELEASED.year, "version": __version__, "licence": DATA_LICENCE}


def _entry(key: str, title: str, note: list[str]) -> str:
    """Return an entry of BibTeX; braces keep the capitals of a title and the name of a team."""
    fields = {
        "author": f"{{{_escaped(AUTHOR)}}}",
        "title": f"{{{_escaped(title)}}}",
        "year": str(RELEASED.year),
        "howpublished": f"Software sapa-analysis, version {__version__}",
        "note": _escaped("; ".join(note)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"]) + "\n"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
