"""Commands that read the data: check, evidence, targets, and the difference of two states."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..core import SapaError, in_language
from .console import language, says_errors_plainly

#: Rows that a command prints of a longer table.
_SHOWN = 12


@click.command()
@says_errors_plainly
def check() -> None:
    """Check all data and parameters; list every problem at once."""
    from ..evidence import looks_in_words
    from ..pipeline import check_project

    counts, problems, looks = check_project()
    lang = language()
    if looks:
        head = in_language("worth a look, not wrong", lang)
        click.echo("\n".join([f"{head}:", *looks_in_words(looks, lang), ""]))
    if problems:
        raise SapaError(problems)
    read = (f"{count} {in_language(what, lang)}" for what, count in counts.items())
    click.echo(f"{in_language('sound', lang)}: {', '.join(read)}")


@click.command()
@click.argument("indicator")
@click.option("--area", default="sa_pa", show_default=True, help="An area of data/areas.csv.")
@click.option("--as-of", default=None, metavar="DATE", help="Only what was published by this day.")
@click.option("--lang", type=click.Choice(["en", "vi"]), default="en", show_default=True)
@says_errors_plainly
def evidence(indicator: str, area: str, as_of: str | None, lang: str) -> None:
    """List the published figures of INDICATOR with their sources; a statement counts once."""
    from ..core import nearest
    from ..evidence import merge_repeats
    from ..pipeline import load_project
    from ..reporting import observations_table

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


@click.command()
@click.option("--document", default=None, help="A document of data/documents.csv; all by default.")
@click.option("--area", default=None, help="An area of data/areas.csv; all by default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object per target.")
@says_errors_plainly
def targets(document: str | None, area: str | None, as_json: bool) -> None:
    """List the targets of a document with value and sense, as printed."""
    from ..core import nearest, targets_table
    from ..pipeline import load_project

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
    for row in wanted_table(project, found, lang=lang).head(_SHOWN).itertuples(index=False):
        click.echo(f"{row[0]:>3}  {row[1]}: {row[2]}; {row[3]}")
    page = wanted_page(project, params, found, lang=lang)
    for path in write_whole(
        {place / f"wanted-{lang}.html": page, place / "wanted.csv": found.to_csv(index=False)}
    ):
        click.echo(f"wrote {path}")
