"""Writing of papers: each made once from the results, then in every format, and every number beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..core import FORMATS, USUAL_PAPERS, Params, load_params, write_whole
from ..pipeline import Project, Results
from .asked import asked_papers
from .briefing.compose import compose_briefing
from .changes import changes_since
from .paper.html import html_page
from .paper.long_sources import with_short_sources
from .paper.model import Paper
from .paper.pdf import pdf_file
from .paper.sheet import has_sheets, workbook
from .paper.word import word_file
from .period.compose import compose_period
from .review.compose import compose_review
from .trace.kept import Kept
from .trace.lines import way_lines
from .trace.merged import kept_with
from .trace.printed_lines import printed_lines
from .trace.results_files import results_csv, results_json
from .trace.results_workbook import results_xlsx
from .trace.way import Way
from .trace.ways import ways_in, ways_of


def write_papers(
    project: Project,
    results: Results,
    out: Path | str,
    *,
    papers: Sequence[str] = USUAL_PAPERS,
    formats: Sequence[str] = FORMATS,
    form: str = "plain",
    template: Path | str = "",
    internal: bool = False,
) -> list[Path]:
    """Write papers in some formats, and every number and judgement in them with its way back.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    out : path
        Folder for the files.
    papers : sequence of str
        Kind and language of each: of `core.PAPERS`.
    formats : sequence of str
        Of `core.FORMATS`. A workbook is written of papers that have an annex.
    form : {"plain", "party"}
        Form of the Vietnamese review.
    template : path, optional
        A Word file whose styles a review takes instead of the shipped ones. A briefing keeps its own, in
        which it has two pages.
    internal : bool
        Whether the papers stay in the house: every page of them says so, and no results are written.

    Returns
    -------
    list of pathlib.Path
        `KIND-LANG.FORMAT` of each, then `results.csv`, `results.json` and `results.xlsx`, which also answer
        for papers of the same run that lie in the folder already.

    Raises
    ------
    OutputError
        When the files cannot be written; either all are written or none.
    ParamsError
        With all that is wrong in what was asked for: see `asked_papers`.
    SapaError
        When a number or judgement is bound to no result, or when papers of another run would stay in the
        folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> results = sapa.assess_targets(project, params.with_values(n_paths=100))
    >>> with TemporaryDirectory() as folder:
    ...     files = sapa.write_papers(project, results, folder, papers=["briefing-vi"], formats=["pdf"])
    ...     [file.name for file in files]
    ['briefing-vi.pdf', 'results.csv', 'results.json', 'results.xlsx']
    """
    folder = Path(out)
    asked = asked_papers(project.root, papers=papers, formats=formats, form=form, template=template)
    made, ways = composed(project, results, asked.papers, form=form, internal=internal)
    writers: dict[str, Callable[[Paper], str | bytes]] = {
        "html": html_page, "docx": lambda paper: word_file(paper, None if paper.pages else asked.template),
        "pdf": pdf_file, "xlsx": workbook,
    }  # fmt: skip
    files: dict[Path, str | bytes] = {
        folder / f"{paper.stem}.{name}": writers[name](paper)
        for paper in made
        for name in asked.formats
        if name != "xlsx" or has_sheets(paper)
    }
    if internal:
        return write_whole(files)
    own = Kept(
        results.params.model_dump(mode="json"), ways, {paper.stem: printed_lines(paper) for paper in made}
    )
    kept = kept_with(folder, own, [path.name for path in files])
    files[folder / "results.csv"] = results_csv(kept.ways)
    files[folder / "results.json"] = results_json(kept.ways, kept.about, kept.printed)
    files[folder / "results.xlsx"] = results_xlsx(kept.ways)
    return write_whole(files)


def composed(
    project: Project,
    results: Results,
    papers: Sequence[str] = USUAL_PAPERS,
    *,
    form: str = "plain",
    internal: bool = False,
) -> tuple[list[Paper], dict[str, Way]]:
    """Return papers before any format is chosen, and the way of each number and judgement in them."""
    told = any(not stem.startswith("period") for stem in papers)
    changes = changes_since(project, results.params, results) if told else None
    made = []
    for stem in papers:
        kind, lang = stem.split("-")
        if kind == "briefing":
            made.append(compose_briefing(project, results, lang=lang, changes=changes))
        elif kind == "period":
            made.append(compose_period(project, results, lang=lang))
        else:
            own = form if lang == "vi" else "plain"
            made.append(compose_review(project, results, lang=lang, form=own, changes=changes))
    ways = ways_of(project, results, made)
    marked = [replace(with_short_sources(paper), internal=internal) for paper in made]
    return [replace(paper, ways=_told(paper, ways)) for paper in marked], ways


def _told(paper: Paper, ways: Mapping[str, Way]) -> dict[str, tuple[str, ...]]:
    mine = ways_in(paper, ways)
    return {key: way_lines(way, paper.lang, paper.kind) for key, way in mine.items()}


def briefing_folder(root: Path, params: Params, out: str = "", office: str = "") -> Path:
    """Return the folder of a run's briefing, one per set of parameters, so that none overwrites another.

    Parameters
    ----------
    root : path
        The project.
    params : Params
        The parameters of the run.
    out : str
        A folder, relative to the project root unless absolute; by default one below `build/briefing`, named
        after area and vintage, plus a hash if anything else differs from `params/baseline.yml`, plus the
        name of the workbook.
    office : str
        The workbook of the office that the run reads, if it reads one.

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
    name += f"-{Path(office).stem}" if office else ""
    return root / "build/briefing" / name
