"""The command `sapa`. Heavy modules are loaded by the command that needs them."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Any, TextIO

import click
from click.core import ParameterSource

from . import __version__
from .core import SapaError, in_language

#: `\b` keeps the lines of a paragraph apart.
_EXAMPLES = """\b
sapa check                          is every table and parameter sound?
sapa evidence tourist_arrivals      what has been published, by whom?
sapa targets --document congress-2020
sapa run 02_trajectory -p indicator tourism_revenue
sapa batch params/batches/core.yml  many runs, one row each
sapa briefing                       run the notebooks, write HTML and Word
sapa issue 2026-01-31               append the verdicts of a day to register/
"""


def _says_errors_plainly(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (SapaError, ValueError) as error:
            lang = _language()
            said = error.in_language(lang) if isinstance(error, SapaError) else in_language(str(error), lang)
            click.echo(f"{in_language(type(error).__name__, lang)}: {said}", err=True)
            sys.exit(1)

    return wrapped


def _language() -> str:
    """Return the language asked for: that of the command where it names one, else that of `sapa`."""
    context = click.get_current_context()
    own = context.get_parameter_source("lang") is ParameterSource.COMMANDLINE
    return str((context if own else context.find_root()).params["lang"])


class _Console(click.Group):
    """The commands, with an output that reaches every console, file and pipe."""

    _lang = "en"

    def invoke(self, context: click.Context) -> Any:
        """Run a command, and keep the language for what happens after it."""
        self._lang = context.params["lang"]
        return super().invoke(context)

    def main(self, *given: Any, **options: Any) -> Any:
        """Run a command; that its output cannot be written is one clear error."""
        _show_everything(sys.stdout)
        try:
            return super().main(*given, **options)
        except OSError as error:
            what = error.filename or "the output"
            said = f"{what} cannot be written or read: {error.strerror or error}"
            head, said = (in_language(text, self._lang) for text in ("OutputError", said))
            click.echo(f"{head}: {said}", err=True)
            _let_go_of(sys.stdout)
            sys.exit(1)


def _show_everything(stream: TextIO) -> None:
    """Let a stream take every letter.

    Files and pipes get UTF-8, as all our files. A console, and who asks for an encoding in PYTHONIOENCODING,
    read no other: what that one lacks becomes a question mark.
    """
    if isinstance(stream, io.TextIOWrapper):
        chosen = stream.isatty() or os.environ.get("PYTHONIOENCODING")
        stream.reconfigure(encoding=None if chosen else "utf-8", errors="replace")


def _let_go_of(stream: TextIO) -> None:
    """Send nowhere what a stream still holds, so that Python does not try to write it again at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@click.group(
    cls=_Console,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--lang", type=click.Choice(["en", "vi"]), default="en", envvar="SAPA_LANG", show_envvar=True)
@click.version_option(__version__, message="sapa %(version)s")
def main(lang: str) -> None:
    """Show published figures, forecasts and verdicts on targets for Sa Pa.

    Run it inside the project's folder, or any folder below it.
    """


@main.command()
@_says_errors_plainly
def check() -> None:
    """Check all data and parameters; list every problem at once."""
    from .evidence import looks_in_words
    from .pipeline import check_project

    counts, problems, looks = check_project()
    lang = _language()
    if looks:
        head = in_language("worth a look, not wrong", lang)
        click.echo("\n".join([f"{head}:", *looks_in_words(looks, lang), ""]))
    if problems:
        raise SapaError(problems)
    read = (f"{count} {in_language(what, lang)}" for what, count in counts.items())
    click.echo(f"{in_language('sound', lang)}: {', '.join(read)}")


@main.command()
@click.argument("indicator")
@click.option("--area", default="sa_pa", show_default=True, help="An area of data/areas.csv.")
@click.option("--as-of", default=None, metavar="DATE", help="Only what was published by this day.")
@click.option("--lang", type=click.Choice(["en", "vi"]), default="en", show_default=True)
@_says_errors_plainly
def evidence(indicator: str, area: str, as_of: str | None, lang: str) -> None:
    """List the published figures of INDICATOR with their sources; a statement counts once."""
    from .core import nearest
    from .evidence import merge_repeats
    from .pipeline import load_project
    from .reporting import observations_table

    project = load_project()
    for word, known in ((indicator, project.indicators.index), (area, project.areas.index)):
        if word not in known:
            raise SapaError(f'"{word}" is unknown; {nearest(word, known)}')
    mine = project.as_of(as_of).evidence.query("indicator_id == @indicator and area == @area")
    merged = merge_repeats(mine)
    known_on = f" known by {as_of}" if as_of else ""
    click.echo(
        f"{indicator}, {area}: {len(merged)} statements{known_on}, on {int(merged['n_pages'].sum())} pages"
    )
    for row in observations_table(merged, lang=lang).itertuples(index=False):
        period, value, unit, kind, published, grade, source = row
        click.echo(f"{period:<29}{value:>14} {unit:<12} {kind:<9} {grade}  {published:<11} {source}")


@main.command()
@click.option("--document", default=None, help="A document of data/documents.csv; all by default.")
@click.option("--area", default=None, help="An area of data/areas.csv; all by default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object per target.")
@_says_errors_plainly
def targets(document: str | None, area: str | None, as_json: bool) -> None:
    """List the targets of a document with value and sense, as printed."""
    from .core import nearest, targets_table
    from .pipeline import load_project

    project = load_project()
    found = targets_table(project.targets)
    for column, word, known in (
        ("document", document, project.documents.index),
        ("area", area, project.areas.index),
    ):
        if word is not None and word not in known:
            raise SapaError(f'{column} "{word}" is unknown; {nearest(word, known)}')
        found = found if word is None else found[found[column] == word]
    if as_json:
        rows = json.loads(found.drop(columns="where").to_json(orient="records"))
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in found.to_dict("records"):
        due = f"{row['start']}-{row['end']}" if row["measure"].startswith("term") else str(row["end"])
        high = f" to {row['value_high']:,.10g}" if row["sense"] == "between" else ""
        goal = f"{row['sense']:<10} {row['value']:,.10g}{high} {row['unit']}"
        click.echo(f"{row['id']:<58} {due:<10} {row['measure']:<17} {goal}")


@main.command()
@click.argument("notebook")
@click.option(
    "-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/notebooks]"
)
@_says_errors_plainly
def run(notebook: str, given: tuple[tuple[str, str], ...], out: Path | None) -> None:
    """Execute one NOTEBOOK and keep the executed copy."""
    from .core import project_root, read_scalar
    from .runs import headline_of, run_notebook

    parameters = {name: read_scalar(value) for name, value in given}
    done = run_notebook(notebook, parameters, out or project_root() / "build/notebooks")
    click.echo("\n".join([*headline_of(done.records), f"The executed notebook lies at {done.path}"]))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="Processes.  [default: one per core]"
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/batches/FILE]"
)
@_says_errors_plainly
def batch(file: Path, workers: int | None, out: Path | None) -> None:
    """Execute the notebooks that FILE lists; write one row per run, and failures to a separate file."""
    from .core import project_root
    from .runs import run_batch

    place = out or project_root() / "build/batches" / file.stem
    with _progress() as report:
        table = run_batch(file, place, workers=workers, report=report)
    failed = table[table["status"] == "failed"]
    for row in failed.to_dict("records"):
        click.echo(in_language(f"run {row['run']} failed: {row['error']}", _language()), err=True)
    click.echo(f"{len(table) - len(failed)} of {len(table)} runs done; {place / 'runs.csv'}")
    if len(failed):
        sys.exit(1)


@main.command()
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts.  [default: params/baseline.yml]",
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--out", type=click.Path(), default="", help="Folder.  [default: build/briefing/AREA-DATE]")
@_says_errors_plainly
def briefing(as_of: str | None, lang: str, out: str) -> None:
    """Run the notebooks on the evidence; write the briefing as HTML and Word in both languages."""
    from .runs import run_briefing

    place = str(Path(out).absolute()) if out else ""
    with _progress() as report:
        folder, summary = run_briefing(as_of=as_of, lang=lang, out=place, report=report)
    click.echo("\n".join(["", *summary, "", f"The briefing lies at {folder / f'briefing-{lang}.html'}"]))


@main.command()
@click.argument("dates", nargs=-1, metavar="[DATE]...")
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@_says_errors_plainly
def issue(dates: tuple[str, ...], area: str | None) -> None:
    """Append the verdicts of each DATE to register/, to be scored later.

    Without a date: the editions of params/baseline.yml that are missing in the register.
    """
    from .core import today
    from .evaluation import issue_edition, missing_editions
    from .pipeline import open_project
    from .verdicts import REGISTER, complete_register

    chosen = {"area": area, "as_of": max(dates, default=None)}
    project, params = open_project(**{name: value for name, value in chosen.items() if value})
    for file in complete_register(project.root / REGISTER):
        click.echo(f"completed {REGISTER}/{file}, whose issue had been cut off")
    days = dict.fromkeys(dates) or missing_editions(project, params)
    for vintage in [params.with_values(as_of=day) for day in days]:
        path = issue_edition(project, vintage, issued=today())
        click.echo(f"issued {path.relative_to(project.root)}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """Yield a callback that reports finished runs: a bar on a terminal, otherwise one line each."""
    with ExitStack() as open_bar:
        bars: list[Any] = []

        def report(done: int, total: int, name: str) -> None:
            if not sys.stderr.isatty():
                click.echo(f"[{done}/{total}] {name}")
                return
            if not bars:
                bar = click.progressbar(length=total, item_show_func=lambda name: name or "", file=sys.stderr)
                bars.append(open_bar.enter_context(bar))
            bars[0].update(1, name)

        yield report


@main.command()
@_says_errors_plainly
def schema() -> None:
    """Write data/datapackage.json and params/schema.json from the code."""
    from .core import params_schema, project_root, write_whole
    from .evidence import package_text

    root = project_root()
    described = json.dumps(params_schema(), ensure_ascii=False, indent=1) + "\n"
    data = root / "data"
    for path in write_whole(
        {data / "datapackage.json": package_text(data), root / "params/schema.json": described}
    ):
        click.echo(f"wrote {path.relative_to(root)}")


@main.command()
@_says_errors_plainly
def docs() -> None:
    """Write docs/architecture.md and docs/results.md from the code and the register."""
    from .core import project_root, write_whole
    from .runs import docs_pages

    root = project_root()
    for path in write_whole(docs_pages(root)):
        click.echo(f"wrote {path.relative_to(root)}")


if __name__ == "__main__":
    main()
