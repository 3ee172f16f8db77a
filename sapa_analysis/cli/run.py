"""Commands that run notebooks: one, a batch, the briefing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from ..core import in_language
from .console import language, says_errors_plainly
from .office_option import full_path, office_options
from .told import tell_plan, telling

#: How a batch file is written, and what a status means; `\b` keeps the lines of a paragraph apart.
FORMAT = """\b
FILE is YAML:
  reason: what the batch is for
  runs:
    - notebook: [02_trajectory, 03_scenarios]  # one or several
      parameters: {lang: vi}  # for all runs of the entry
      grid:  # every combination is run
        area: [sa_pa, lao_cai]
        as_of: [2023-01-15, 2023-06-30]
        shock_years: [[2020, 2021], [2020, 2021, 2022]]  # any choice of params/baseline.yml
      exclude:  # but for those in which all these values stand
        - {area: lao_cai, as_of: 2023-01-15}
      include:  # and these runs too, with the parameters
        - {area: viet_nam, horizon: 2}

Any parameter of the notebooks may stand in parameters and grid; exclude and include may name the notebook.

\b
Status: 0 all runs are done; 1 a run failed, or the input or the folder is wrong; 2 the words of the
command are wrong; 130 stopped by Ctrl-C, 143 by SIGTERM. The same command then makes what is missing.
"""

#: How choices are given to one run.
CHOICES = """\b
A list is written "a, b", a mapping as YAML, a scenario of your own as the path of its file in the project:
  sapa run 02_trajectory -p shock_years "2020, 2021" -p method theta
  sapa run 03_scenarios -p scenarios "low, build/scenarios/mine.yml"
"""

#: What is printed by default, and how less is asked for.
PRINTED = """\b
Files are KIND-LANG.FORMAT: briefing-vi.pdf, review-vi.docx. Beside them lie results.csv, .xlsx and .json with
every number and where it is from: sapa trace KEY.
  sapa briefing --kind review --lang vi --format docx,xlsx --form party
"""

_jobs = click.option(
    "--jobs",
    "--workers",
    "jobs",
    type=click.IntRange(1, 64),
    default=None,
    help="Runs at once.  [default: one per core]",
)
_fresh = click.option("--fresh", is_flag=True, help="Run anew what is done already.")
_explain = click.option(
    "--explain", is_flag=True, help="Run nothing; tell why each run that is not done is not."
)
_timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    metavar="S",
    help="Seconds that a run may take.",
)


@click.command(epilog=CHOICES)
@click.argument("notebook")
@click.option(
    "-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/notebooks]"
)
@_fresh
@_explain
@_timeout
@office_options
@says_errors_plainly
def run(
    notebook: str,
    given: tuple[tuple[str, str], ...],
    out: Path | None,
    office: str,
    allow_internal: bool,
    fresh: bool,
    explain: bool,
    timeout: float | None,
) -> None:
    """Execute one NOTEBOOK and keep the executed copy; one that stands there already is the result.

    What a notebook takes, the choices of params/baseline.yml among it: papermill --help-notebook
    notebooks/NOTEBOOK.ipynb
    """
    with telling() as told:
        from ..core import project_root, read_scalar
        from ..runs import headline_of, plan_jobs, run_notebook, with_office

        parameters = {name: read_scalar(value) for name, value in given}
        place = out or project_root() / "build/notebooks"
        given_office = full_path(office), place
        jobs = with_office([(notebook, parameters)], *given_office, allow_internal=allow_internal)
        if explain:
            tell_plan(plan_jobs(jobs, place), why=True)
            return
        done = run_notebook(*jobs[0], place, fresh=fresh, timeout=timeout, on_event=_notices(told))
    click.echo("\n".join([*headline_of(done.row), f"The executed notebook lies at {done.path}"]))


def _notices(told: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """Return a teller of notices and stops only: one run needs no line of progress."""
    return lambda event: told(event) if event["event"] in ("notice", "stopped") else None


@click.command(epilog=FORMAT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/batches/FILE]"
)
@_jobs
@_fresh
@_explain
@click.option(
    "--dry-run", is_flag=True, help="Run nothing; tell how many runs there are and how many are done."
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first run that fails.")
@_timeout
@office_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each event, on the output.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    default=None,
    help="Let the workers of this Dask scheduler run; tcp://HOST:PORT.",
)
@says_errors_plainly
def batch(
    file: Path,
    out: Path | None,
    jobs: int | None,
    fresh: bool,
    explain: bool,
    dry_run: bool,
    fail_fast: bool,
    timeout: float | None,
    office: str,
    allow_internal: bool,
    as_json: bool,
    dask: str | None,
) -> None:
    """Execute the notebooks that FILE lists and that are not done yet; write one row per run.

    Each run is kept as it ends. A batch that is stopped goes on where it was when the command is given again.
    """
    with telling(as_json=as_json) as told, ExitStack() as stack:
        from ..core import project_root
        from ..runs import dask_executor, plan_jobs, read_batch, run_batch, with_office

        place = out or project_root() / "build/batches" / file.stem
        asked: dict[str, Any] = {"office": full_path(office), "allow_internal": allow_internal}
        if explain or dry_run:
            runs = with_office(read_batch(file), out=place, **asked)
            tell_plan(plan_jobs(runs, place), why=explain, as_json=as_json)
            return
        executor = stack.enter_context(dask_executor(dask)) if dask else None
        table = run_batch(
            file, place, jobs=jobs, executor=executor, fresh=fresh, timeout=timeout, fail_fast=fail_fast,
            on_event=told, **asked,
        )  # fmt: skip
    failed = table[table["status"] == "failed"]
    if not as_json:
        done = f"{len(table) - len(failed)} of {told.runs} runs done; {place / 'runs.csv'}"
        click.echo(in_language(done, language()))
    if len(failed):
        sys.exit(1)


def _stems(kinds: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Return the papers of these kinds and languages; of what is not asked for, those of a usual briefing."""
    from ..core import PAPERS, USUAL_PAPERS

    usual = {stem.split("-")[0] for stem in USUAL_PAPERS}
    chosen = []
    for stem in PAPERS:
        kind, lang = stem.split("-")
        spoken = (
            lang in languages if languages else stem in USUAL_PAPERS or (kind not in usual and lang == "vi")
        )
        if kind in (kinds or usual) and spoken:
            chosen.append(stem)
    return chosen


@click.command(epilog=PRINTED)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["briefing", "review", "period"]),
    multiple=True,
    help="What is written.  [default: briefing and review]",
)
@click.option(
    "--form",
    type=click.Choice(["plain", "party"]),
    default="plain",
    show_default=True,
    help="Form of the Vietnamese review; party: guide 36-HD/VPTW.",
)
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts.  [default: params/baseline.yml]",
)
@click.option(
    "--lang",
    "languages",
    type=click.Choice(["vi", "en"]),
    multiple=True,
    help="Language.  [default: the briefing in both, the review in vi]",
)
@click.option(
    "--format",
    "formats",
    default="",
    metavar="LIST",
    help="Of html, docx, pdf, xlsx, with commas.  [default: all]",
)
@click.option(
    "--template",
    type=click.Path(),
    default="",
    help="Word file whose styles are used.  [default: the shipped one]",
)
@click.option(
    "--out",
    type=click.Path(),
    default="",
    help="Folder.  [default: build/briefing/AREA-DATE, with a workbook AREA-DATE-FILE]",
)
@_jobs
@_fresh
@_explain
@office_options
@says_errors_plainly
def briefing(
    kinds: tuple[str, ...],
    form: str,
    as_of: str | None,
    languages: tuple[str, ...],
    formats: str,
    template: str,
    out: str,
    jobs: int | None,
    fresh: bool,
    explain: bool,
    office: str,
    allow_internal: bool,
) -> None:
    """Run the notebooks on the evidence; write the briefing and the mid-term review.

    The briefing has two pages, for leaders; the review is for the file, with an annex that is a workbook too.
    With --allow-internal the same papers with all rows of the workbook lie in noi-bo below the folder.
    """
    with telling() as told:
        from ..core import read_words
        from ..runs import briefing_jobs, plan_jobs, run_briefing

        place = str(Path(out).absolute()) if out else ""
        asked: dict[str, Any] = {
            "as_of": as_of, "lang": (languages or ("vi",))[0], "out": place,
            "papers": _stems(kinds, languages), "formats": read_words(formats), "form": form,
            "template": str(Path(template).absolute()) if template else "",
            "office": full_path(office), "allow_internal": allow_internal,
        }  # fmt: skip
        if explain:
            folder, runs = briefing_jobs(**asked)
            tell_plan(plan_jobs(runs, folder / "notebooks"), why=True)
            return
        folder, summary = run_briefing(**asked, jobs=jobs, fresh=fresh, on_event=told)
    papers = [str(path) for stem in asked["papers"] for path in sorted(folder.glob(f"{stem}.*"))]
    click.echo("\n".join(["", *summary, "", in_language("The papers:", language()), *papers]))
    for message in told.notices:
        told.say(message, err=True)
    if told.internal:
        head = in_language("The papers for the house only:", language())
        click.echo("\n".join(["", head, *map(str, told.internal)]))
