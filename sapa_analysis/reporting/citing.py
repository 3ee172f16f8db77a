"""How to cite the software, and a forecast of one area and day: a sentence and an entry of BibTeX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from ..core import Params, commit_of, package_version
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
    software = _entry(f"sapa-analysis-{package_version()}", TITLE, ["code: MIT", f"data: {DATA_LICENCE}"])
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


def about_results(
    runs: Sequence[Mapping[str, Any]],
    results: pd.DataFrame,
    names: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> pd.DataFrame:
    """Return what a workbook of key results says of itself, as a table of two columns.

    Parameters
    ----------
    runs : sequence of mapping
        Rows of the journal: notebook, resolved parameters, version, commit and key of each run.
    results : pandas.DataFrame
        As `key_results` returns them; their indicators are named.
    names : mapping of str to (str, str)
        Vietnamese and English name of an indicator by its id.

    Returns
    -------
    pandas.DataFrame
        In the language of the runs, in English where they have several.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import about_results
    >>> run = {"notebook": "02_trajectory", "version": "0.2.0", "commit": "6fb6a99cb516", "key": "5204",
    ...        "resolved": {"area": "sa_pa", "as_of": "2023-06-30", "lang": "en"}}
    >>> about_results([run], pd.DataFrame({"indicator": []})).iloc[2:5].values.tolist()
    [['Area', 'sa_pa'], ['As of', '2023-06-30'], ['Version', '0.2.0']]
    """
    spoken = {str((run.get("resolved") or {}).get("lang", "en")) for run in runs}
    words = texts(spoken.pop() if len(spoken) == 1 else "en")["citing"]
    heads, asked = words["about"], [run.get("resolved") or {} for run in runs]
    area, day_known = (_each(choice.get(name) for choice in asked) for name in ("area", "as_of"))
    told = [(heads["what"], words["long"])]
    told += [(heads["notebook"], _each(run.get("notebook") for run in runs))]
    told += [(heads["area"], area), (heads["as_of"], day_known)]
    told += [(heads[name], _each(run.get(name) for run in runs)) for name in ("version", "commit", "key")]
    told += [
        (heads["cite"], words["software"].format(**_about(), title=TITLE)),
        (heads["sources"], words["sources"]),
    ]
    told += [(column, said) for column, said in words["columns"].items()]
    ids = [each for each in dict.fromkeys(results["indicator"]) if each in names]
    told += [(each, " | ".join(names[each])) for each in ids]
    return pd.DataFrame(told, columns=[heads["head"], heads["value"]])


def _each(values: Iterable[Any]) -> str:
    return ", ".join(dict.fromkeys(str(value) for value in values if value))


def _about() -> Mapping[str, object]:
    return {"author": AUTHOR, "year": RELEASED.year, "version": package_version(), "licence": DATA_LICENCE}


def _entry(key: str, title: str, note: list[str]) -> str:
    """Return an entry of BibTeX; braces keep the capitals of a title and the name of a team."""
    fields = {
        "author": f"{{{_escaped(AUTHOR)}}}",
        "title": f"{{{_escaped(title)}}}",
        "year": str(RELEASED.year),
        "howpublished": f"Software sapa-analysis, version {package_version()}",
        "note": _escaped("; ".join(note)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"]) + "\n"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
