"""Commands that run and write: notebooks, batches, the briefing, the register, generated files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ..core import in_language
from .console import language, progress, says_errors_plainly


@click.command()
@click.argument("notebook")
@click.option(
    "-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/notebooks]"
)
@says_errors_plainly
def run(notebook: str, given: tuple[tuple[str, str], ...], out: Path | None) -> None:
    """Execute one NOTEBOOK and keep the executed copy."""
    from ..core import project_root, read_scalar
    from ..runs import headline_of, run_notebook

    parameters = {name: read_scalar(value) for name, value in given}
    done = run_notebook(notebook, parameters, out or project_root() / "build/notebooks")
    click.echo("\n".join([*headline_of(done.records), f"The executed notebook lies at {done.path}"]))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="Processes.  [default: one per core]"
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/batches/FILE]"
)
@says_errors_plainly
def batch(file: Path, workers: int | None, out: Path | None) -> None:
    """Execute the notebooks that FILE lists; write one row per run, and failures to a separate file."""
    from ..core import project_root
    from ..runs import run_batch

    place = out or project_root() / "build/batches" / file.stem
    with progress() as report:
        table = run_batch(file, place, workers=workers, report=report)
    failed = table[table["status"] == "failed"]
    for row in failed.to_dict("records"):
        click.echo(in_language(f"run {row['run']} failed: {row['error']}", language()), err=True)
    click.echo(f"{len(table) - len(failed)} of {len(table)} runs done; {place / 'runs.csv'}")
    if len(failed):
        sys.exit(1)


@click.command()
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts.  [default: params/baseline.yml]",
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--out", type=click.Path(), default="", help="Folder.  [default: build/briefing/AREA-DATE]")
@says_errors_plainly
def briefing(as_of: str | None, lang: str, out: str) -> None:
    """Run the notebooks on the evidence; write the briefing as HTML and Word in both languages."""
    from ..runs import run_briefing

    place = str(Path(out).absolute()) if out else ""
    with progress() as report:
        folder, summary = run_briefing(as_of=as_of, lang=lang, out=place, report=report)
    click.echo("\n".join(["", *summary, "", f"The briefing lies at {folder / f'briefing-{lang}.html'}"]))


@click.command()
@click.argument("dates", nargs=-1, metavar="[DATE]...")
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@says_errors_plainly
def issue(dates: tuple[str, ...], area: str | None) -> None:
    """Append the verdicts of each DATE to register/, to be scored later.

    Without a date: the editions of params/baseline.yml that are missing in the register.
    """
    from ..core import today
    from ..evaluation import issue_edition, missing_editions
    from ..pipeline import open_project
    from ..verdicts import REGISTER, complete_register

    chosen = {"area": area, "as_of": max(dates, default=None)}
    project, params = open_project(**{name: value for name, value in chosen.items() if value})
    for file in complete_register(project.root / REGISTER):
        click.echo(f"completed {REGISTER}/{file}, whose issue had been cut off")
    days = dict.fromkeys(dates) or missing_editions(project, params)
    for vintage in [params.with_values(as_of=day) for day in days]:
        path = issue_edition(project, vintage, issued=today())
        click.echo(f"issued {path.relative_to(project.root)}")


@click.command()
@says_errors_plainly
def schema() -> None:
    """Write data/datapackage.json and params/schema.json from the code."""
    from ..core import params_schema, project_root, write_whole
    from ..evidence import package_text

    root = project_root()
    described = json.dumps(params_schema(), ensure_ascii=False, indent=1) + "\n"
    data = root / "data"
    for path in write_whole(
        {data / "datapackage.json": package_text(data), root / "params/schema.json": described}
    ):
        click.echo(f"wrote {path.relative_to(root)}")


@click.command()
@says_errors_plainly
def docs() -> None:
    """Write docs/architecture.md and docs/results.md from the code and the register."""
    from ..core import project_root, write_whole
    from ..runs import docs_pages

    root = project_root()
    for path in write_whole(docs_pages(root)):
        click.echo(f"wrote {path.relative_to(root)}")
