"""The briefing: contents made from the results, then a page and a Word file in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ...core import LANGUAGES, Params, load_params, write_whole
from ...pipeline import Project, Results
from .contents import compose
from .numbers import as_csv, as_json, rows_of
from .page import page
from .word import document


def write_briefing(
    project: Project, results: Results, out: Path | str, *, scores: Mapping[str, pd.DataFrame] | None = None
) -> list[Path]:
    """Write the briefing in every language as HTML and Word, and every number it shows as CSV and JSON.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        What the run says.
    out : path
        Folder of the files.
    scores : mapping of str to pandas.DataFrame, optional
        How forecasts of earlier years fared, by indicator; see `evaluation.score_subjects`.

    Returns
    -------
    list of pathlib.Path
        `briefing-vi.html`, `briefing-vi.docx`, the same in English, `results.csv`, `results.json`.

    Raises
    ------
    OutputError
        When they cannot be written; all are written or none.
    """
    folder, params = Path(out), results.params
    briefings = [compose(project, results, lang=lang, scores=scores) for lang in LANGUAGES]
    rows = rows_of(briefings)
    files: dict[Path, str | bytes] = {}
    for contents in briefings:
        files[folder / f"briefing-{contents.lang}.html"] = page(contents)
        files[folder / f"briefing-{contents.lang}.docx"] = document(contents, as_of=params.as_of)
    files[folder / "results.csv"] = as_csv(rows, LANGUAGES)
    files[folder / "results.json"] = as_json(rows, params.model_dump(mode="json"))
    return write_whole(files)


def briefing_folder(root: Path, params: Params, out: str = "") -> Path:
    """Return where the briefing of a run lies: one folder per set of parameters, so none overwrites another.

    Parameters
    ----------
    root : path
        The project.
    params : Params
        What the run was made with.
    out : str
        A folder, from the project's root if it is relative; by default one below `build/briefing`, named
        after area and day, and a hash where anything else differs from `params/baseline.yml`.
    """
    if out:
        return root / out
    usual = load_params(root / "params/baseline.yml")
    name = f"{params.area}-{params.as_of}"
    if params != usual.with_values(area=params.area, as_of=params.as_of):
        name += "-" + hashlib.sha256(params.model_dump_json().encode()).hexdigest()[:8]
    return root / "build/briefing" / name
