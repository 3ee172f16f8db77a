"""Commands that read the data: check, evidence, targets, and the difference of two states."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from ..core import SapaError, in_language
from .console import language, says_errors_plainly
from .office_option import full_path, office_options, project_with, tell_left_out

#: Rows that a command prints of a longer table.
_SHOWN = 12


@click.command()
@office_options
@says_errors_plainly
def check(office: str, allow_internal: bool) -> None:
    """Check all data and parameters, and a workbook of the office; list every problem at once."""
    from ..evidence import looks_in_words
    from ..pipeline import check_project, office_at, open_project

    counts, problems, looks = check_project(office=full_path(office), allow_internal=allow_internal)
    lang = language()
    if looks:
        head = in_language("worth a look, not wrong", lang)
        click.echo("\n".join([f"{head}:", *looks_in_words(looks, lang), ""]))
    if problems:
        raise SapaError(problems)
    if office and allow_internal:
        area = open_project()[1].area
        tell_left_out(office_at(full_path(office), area=area, allow_internal=True))
    read = (f"{count} {in_language(what, lang)}" for what, count in counts.items())
    click.echo(f"{in_language('sound', lang)}: {', '.join(read)}")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: sa_pa; all in a search]")
@click.option("--as-of", default=None, metavar="DATE", help="Only what was published by this day.")
@click.option("--lang", type=click.Choice(["en", "vi"]), default=None, help="[default: that of sapa]")
@office_options
@says_errors_plainly
def evidence(
    words: tuple[str, ...],
    area: str | None,
    as_of: str | None,
    lang: str | None,
    office: str,
    allow_internal: bool,
) -> None:
    """List published figures with their sources; a statement counts once.

    WORDS is an indicator, or words of its Vietnamese or English name, of a statement, a note or a source, or
    the id of a row. Of an indicator, what is left out or follows another definition is told with its reason,
    and which years have figures that disagree.
    """
    from ..core import nearest
    from ..evidence import find_figures, parted
    from ..reporting import describe_figures, list_figures

    project = project_with(office, area=area, as_of=as_of, allow_internal=allow_internal)
    sought, lang = " ".join(words), lang or language()
    known = project.as_of(as_of) if as_of else replace(project, evidence=parted(project.evidence)[0])
    if area is not None and area not in project.areas.index:
        raise SapaError(f'"{area}" is unknown; {nearest(area, project.areas.index)}')
    if sought in project.indicators.index:
        click.echo("\n".join(describe_figures(known, sought, area or "sa_pa", lang=lang)))
        return
    found = find_figures(known, sought)
    found = found if area is None else found[found["area"] == area]
    if found.empty and len(find_figures(project, sought)):
        raise SapaError(f'"{sought}" stands in no figure of this area that was known by then')
    if found.empty:
        raise SapaError(f'"{sought}" is unknown; {nearest(sought, project.indicators.index)}')
    click.echo("\n".join(list_figures(known, found, lang=lang)))


@click.command()
@click.option("--document", default=None, help="A document of data/documents.csv; all by default.")
@click.option("--area", default=None, help="An area of data/areas.csv; all by default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object per target.")
@office_options
@says_errors_plainly
def targets(document: str | None, area: str | None, as_json: bool, office: str, allow_internal: bool) -> None:
    """List the targets of a document with value and sense, as printed."""
    from ..core import nearest, targets_table

    project = project_with(office, area=area, allow_internal=allow_internal)
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
    from ..reporting import list_targets

    click.echo("\n".join(list_targets(project, found, lang=language())))


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge of commits and folders counts.  [default: params/baseline.yml]",
)
@click.option("--lang", type=click.Choice(["en", "vi"]), default="en", show_default=True)
@click.option("--quick", is_flag=True, help="Without the effect of each figure, which takes a second or two.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder for the tables as CSV files."
)
@says_errors_plainly
def diff(
    old: str, new: str, area: str | None, as_of: str | None, lang: str, quick: bool, out: Path | None
) -> None:
    """List the figures changed from OLD to NEW, and what each moved in series, bands and words.

    OLD and NEW are two days, or two git commits or folders that hold data/ (and params/).
    """
    from ..core import write_whole
    from ..pipeline import compare_states, open_states
    from ..reporting import describe_difference

    before, after = open_states(old, new, area=area, as_of=as_of)
    found = compare_states(before, after, most=0) if quick else compare_states(before, after)
    click.echo("\n".join(describe_difference(found, lang=lang)))
    if out:
        tables = {
            "figures": found.figures,
            "moved": found.series,
            "targets": found.targets,
            "effects": found.effects,
        }
        for path in write_whole(
            {out / f"{name}.csv": table.to_csv(index=False) for name, table in tables.items()}
        ):
            click.echo(f"wrote {path}")


@click.command()
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts.  [default: params/baseline.yml]",
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder.  [default: build/wanted/AREA-DATE]"
)
@says_errors_plainly
def wanted(area: str | None, as_of: str | None, lang: str, out: Path | None) -> None:
    """Rank the figures that would help most; write them as a page for the office and as CSV."""
    from ..core import write_whole
    from ..pipeline import open_project, wanted_figures
    from ..reporting import wanted_page, wanted_table

    chosen = {name: value for name, value in {"area": area, "as_of": as_of}.items() if value}
    project, params = open_project(**chosen)
    found = wanted_figures(project, params)
    place = out or project.root / f"build/wanted/{params.area}-{params.as_of}"
    if found.empty:
        click.echo(in_language("no target of this area, in the chosen documents, lacks a figure", lang))
    for row in wanted_table(project, found, lang=lang).head(_SHOWN).itertuples(index=False):
        click.echo(f"{row[0]:>3}  {row[1]}: {row[2]}; {row[3]}")
    page = wanted_page(project, params, found, lang=lang)
    for path in write_whole(
        {place / f"wanted-{lang}.html": page, place / "wanted.csv": found.to_csv(index=False)}
    ):
        click.echo(f"wrote {path}")
