"""Commands that write what is kept: the register, generated files."""

from __future__ import annotations

import json

import click

from .console import says_errors_plainly


@click.command()
@click.argument("dates", nargs=-1, metavar="[DATE]...")
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--office", type=click.Path(), default="", metavar="FILE", help="Refused: the register is public."
)
@says_errors_plainly
def issue(dates: tuple[str, ...], area: str | None, office: str) -> None:
    """Append the verdicts of each DATE to register/, to be scored later.

    Without a date: the editions of params/baseline.yml that are missing in the register.
    """
    from ..core import SapaError, today
    from ..evaluation import issue_edition, missing_editions
    from ..pipeline import open_project
    from ..verdicts import REGISTER, complete_register

    if office:
        raise SapaError(
            "the register is public and nothing in it can be taken back, so it takes no verdict on figures "
            "of the office; write a briefing on them instead: sapa briefing --office"
        )
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
    """Write docs/architecture.md, docs/results.md and CITATION.bib from the code and the register."""
    from ..core import project_root, write_whole
    from ..runs import docs_pages

    root = project_root()
    for path in write_whole(docs_pages(root)):
        click.echo(f"wrote {path.relative_to(root)}")
