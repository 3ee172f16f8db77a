"""Corrections of the evidence: rows left out or doubted, with a reason and a guard; numbers are never edited.

A row that is left out is another place's figure under the wrong name: it is shown nowhere as this one's. A
doubted row stays a published figure and is printed with its doubt; it says nothing about level, growth or
spread of a series.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from ..core import Problem, label, read_yaml, tell, tell_invalid

Sentence = Annotated[str, StringConstraints(min_length=10)]

#: Columns of the evidence that say why a row is doubted, by language; blank where it is not.
DOUBTS = {"vi": "doubt_vi", "en": "doubt_en"}


class Match(BaseModel):
    """The one row of the evidence to which a correction applies."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    indicator_id: str
    area: str
    period: str
    value: float
    source_url: str


class Correction(BaseModel):
    """The reason why a row is left out or doubted, and until when.

    The guard: `match` must fit exactly one row. If the source was corrected or the row was removed, it fits
    none and loading fails, so that no correction outlives its cause.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    id: str
    why: Sentence
    why_vi: Sentence | None = None
    believed: Sentence
    match: Match
    action: Literal["leave_out", "doubt"]
    until: Sentence

    @model_validator(mode="after")
    def _readers_are_told(self) -> Self:
        if self.action == "doubt" and self.why_vi is None:
            raise ValueError("action doubt needs why_vi: the figure is printed with its doubt")
        return self


def read_corrections(path: Path, problems: list[Problem]) -> list[tuple[Correction, int]]:
    """Return the corrections of a YAML file with their lines.

    Parameters
    ----------
    path : pathlib.Path
        The file, `data/corrections.yml`.
    problems : list of Problem
        Is added to.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import read_corrections
    >>> correction, line = read_corrections(project_root() / "data/corrections.yml", [])[0]
    >>> correction.id, correction.match.value, line
    ('arrivals-2014-of-the-province', 1500000.0, 5)
    """
    entries, lines = read_yaml(path, problems)
    if not isinstance(entries, list | None):
        tell(problems, Problem(label(path), 1, "", "wanted a list of corrections"))
        return []
    found: list[tuple[Correction, int]] = []
    for place, entry in enumerate(entries or []):
        try:
            found.append((Correction.model_validate(entry), lines[(place,)]))
        except ValidationError as error:
            known = [*Correction.model_fields, *Match.model_fields]
            tell_invalid(error, problems, file=label(path), lines=lines, known=known, within=(place,))
    ids = [correction.id for correction, _ in found]
    twice = [(correction.id, line) for correction, line in found if ids.count(correction.id) > 1]
    tell(problems, *(Problem(label(path), line, "id", f'"{id}" stands more than once') for id, line in twice))
    return found


def apply_corrections(
    evidence: pd.DataFrame, corrections: list[tuple[Correction, int]], file: str, problems: list[Problem]
) -> pd.DataFrame:
    """Return the evidence without the rows left out, doubted ones marked; a guard that fails is a problem.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Rows of the evidence.
    corrections : list of (Correction, line)
        As `read_corrections` returns them.
    file : str
        The file of the corrections, for messages.
    problems : list of Problem
        Receives a problem for every correction that fits no row, more than one, or one that another fits.

    Returns
    -------
    pandas.DataFrame
        The rows that stay, with `doubt_vi` and `doubt_en`: why a row is doubted, blank where it is not.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import apply_corrections, read_corrections
    >>> corrections = read_corrections(project_root() / "data/corrections.yml", [])[:1]
    >>> wrong = corrections[0][0].match.model_dump()
    >>> evidence = pd.DataFrame([wrong, wrong | {"value": 700_000.0}])
    >>> apply_corrections(evidence, corrections, "data/corrections.yml", [])["value"].tolist()
    [700000.0]
    """
    keep = pd.Series(True, index=evidence.index)
    doubts = {name: pd.Series("", index=evidence.index, dtype="str") for name in DOUBTS.values()}
    taken: dict[int, str] = {}
    for correction, line in corrections:
        found = fits(evidence, correction.match.model_dump())
        if found.sum() != 1:
            fitting = f"{correction.id} fits {found.sum()} rows of the evidence, wanted 1"
            tell(problems, Problem(file, line, "match", f"guard tripped: {fitting}; take it out or mend it"))
            continue
        (row,) = found.to_numpy().nonzero()[0].tolist()
        if row in taken:
            both = f'"{taken[row]}" and "{correction.id}" correct one row; keep one of them'
            tell(problems, Problem(file, line, "match", both))
            continue
        taken[row] = correction.id
        if correction.action == "leave_out":
            keep &= ~found
        else:
            doubts["doubt_vi"][found], doubts["doubt_en"][found] = str(correction.why_vi), correction.why
    return evidence.assign(**doubts)[keep]


def is_doubted(observations: pd.DataFrame) -> pd.Series:
    """Return which observations a correction doubts; none of a table that has never met corrections.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence, or of the observations of a series.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import is_doubted
    >>> is_doubted(pd.DataFrame({"value": [13.8, 9.1], "doubt_en": ["used again", ""]})).tolist()
    [True, False]
    """
    if "doubt_en" not in observations:
        return pd.Series(False, index=observations.index)
    return observations["doubt_en"].fillna("") != ""  # rows of your own may lack the column


def fits(evidence: pd.DataFrame, match: dict[str, Any]) -> pd.Series:
    """Return which rows have all these cells."""
    found = pd.Series(True, index=evidence.index)
    for column, wanted in match.items():
        found &= evidence[column] == wanted
    return found
