"""Writing of the briefing: an HTML page and a Word file in every language, and all numbers."""

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
        The results of the run.
    out : path
        Folder for the files.
    scores : mapping of str to pandas.DataFrame, optional
        Scores of forecasts of earlier years, by indicator; see `evaluation.score_subjects`.

    Returns
    -------
    list of pathlib.Path
        `briefing-vi.html`, `briefing-vi.docx`, the same in English, `results.csv`, `results.json`.

    Raises
    ------
    OutputError
        When the files cannot be written; either all are written or none.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> results = sapa.assess_targets(project, params)
    >>> with TemporaryDirectory() as folder:
    ...     [file.name for file in sapa.write_briefing(project, results, folder)]
    ['briefing-vi.html', 'briefing-vi.docx', 'briefing-en.html', 'briefing-en.docx', 'results.csv',
     'results.json']
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
    """Return the folder of a run's briefing, one per set of parameters, so that none overwrites another.

    Parameters
    ----------
    root : path
        The project.
    params : Params
        The parameters of the run.
    out : str
        A folder, relative to the project root unless absolute; by default one below `build/briefing`, named
        after area and vintage, plus a hash if anything else differs from `params/baseline.yml`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import briefing_folder
    >>> project, params = open_project(as_of="2023-06-30")
    >>> briefing_folder(project.root, params).relative_to(project.root).as_posix()
    'build/briefing/sa_pa-2023-06-30'
    >>> briefing_folder(project.root, params, "build/mine").name
    'mine'
    """
    if out:
        return root / out
    usual = load_params(root / "params/baseline.yml")
    name = f"{params.area}-{params.as_of}"
    if params != usual.with_values(area=params.area, as_of=params.as_of):
        name += "-" + hashlib.sha256(params.model_dump_json().encode()).hexdigest()[:8]
    return root / "build/briefing" / name
