"""Generated pages of `docs/`: the map of the package and the results."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import FLOORS, OUTLOOKS

#: The rooms from the bottom of the flow to its top, and the command; import-linter checks the same order.
_ROOMS = (
    "core", "evidence", "series", "forecasting", "targets", "scenarios", "verdicts", "pipeline", "evaluation",
    "reporting", "runs", "cli",
)  # fmt: skip
_FORECASTERS = {
    "probability": "our probability", "forecast": "our probability", "base_rate": "base rate of the others",
    "coin": "always one half", "growth_ratio": "growth ratio", "unsd": "UNSD", "sdg_index": "SDG Index",
    "germany": "Germany",
}  # fmt: skip
#: Lengths of history, in years, that the table of coverage shows.
_HISTORIES = (1, 2, 3, 4, 8, 20)


def architecture_page(package: Path) -> str:
    """Return `docs/architecture.md`: every room and module with the first paragraph of its docstring.

    Parameters
    ----------
    package : pathlib.Path
        The folder of the package.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.reporting import architecture_page
    >>> page = architecture_page(project_root() / "sapa_analysis")
    >>> page.splitlines()[0], "## verdicts" in page
    ('# Architecture', True)
    """
    return _rendered("architecture.md.j2", rooms=[_room(package, name) for name in _ROOMS])


def _room(package: Path, name: str) -> dict[str, Any]:
    folder = package / name
    if not folder.is_dir():
        return {"name": name, "summary": _summary(folder.with_suffix(".py")), "modules": []}
    inside = [module for module in sorted(folder.rglob("*.py")) if module != folder / "__init__.py"]
    names = [
        module.relative_to(folder).with_suffix("").as_posix().removesuffix("__init__") for module in inside
    ]
    modules = list(zip(names, map(_summary, inside), strict=True))
    return {"name": name, "summary": _summary(folder / "__init__.py"), "modules": modules}


def _summary(module: Path) -> str:
    """Return the first paragraph of a module's docstring as one line."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def results_page(
    issued: Mapping[str, pd.DataFrame],
    scores: Mapping[str, pd.DataFrame],
    elsewhere: Mapping[str, pd.DataFrame],
    bins: pd.DataFrame,
    coverage: pd.DataFrame,
    *,
    as_of: str,
) -> str:
    """Return `docs/results.md`: the verdicts of each edition, their outcomes, and the limits.

    Parameters
    ----------
    issued : mapping of area name to pandas.DataFrame
        Issued verdicts as `read_register` returns them, one entry per vintage.
    scores : mapping of area name to pandas.DataFrame
        Brier scores as `brier_scores` returns them.
    elsewhere : mapping of str to pandas.DataFrame
        Brier scores on other series: `verdict_scores` by its `cases`.
    bins : pandas.DataFrame
        As `verdict_record` returns it.
    coverage : pandas.DataFrame
        As `error_record` returns it.
    as_of : str
        The date whose knowledge determines the outcomes.

    Examples
    --------
    >>> from datetime import date
    >>> import sapa_analysis as sapa
    >>> folder = sapa.pipeline.load_project().root / sapa.verdicts.REGISTER
    >>> said = {"Sa Pa": sapa.verdicts.read_register(folder, area="sa_pa", until=date(2023, 6, 30))}
    >>> scores, record = {"all": sapa.evaluation.verdict_scores()}, sapa.evaluation.verdict_record()
    >>> coverage = sapa.forecasting.error_record()
    >>> page = sapa.reporting.results_page(said, {}, scores, record, coverage, as_of="2023-06-30")
    >>> page.splitlines()[6], page.splitlines()[9]
    ('| edition | targets | with a probability | likely | even | unlikely | not assessed |',
     '| 2023-06-30 | 104 | 35 | 6 | 9 | 25 | 64 |')
    """
    return _rendered(
        "results.md.j2",
        said={
            area: {"outlooks": _outlooks(table), "congress": _congress(table)}
            for area, table in issued.items()
        },
        scores={area: _score_table(table) for area, table in scores.items()},
        elsewhere={cases.capitalize(): _score_table(table) for cases, table in elsewhere.items()},
        gap=f"{100 * float((bins['said'] - bins['attained']).abs().max()):.1f}",
        coverage=_coverage_table(coverage),
        words=", ".join(f"{_spaced(word)} from {100 * floor:.0f} %" for word, floor in FLOORS.items()),
        as_of=as_of,
    )


def _rendered(template: str, **values: Any) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # heavy: loaded when first needed

    loader = PackageLoader("sapa_analysis", "reporting/templates")
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False)
    return environment.get_template(template).render(**values).rstrip() + "\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    align = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, align, *rows])


def _outlooks(verdicts: pd.DataFrame) -> str:
    """Return the number of targets with each outlook, by edition."""
    by_status = {status: outlook for outlook, statuses in OUTLOOKS.items() for status in statuses}
    plans, rows = (verdicts["status"] == "plan_only").any(), []
    told = [name for name in OUTLOOKS if plans or name != "plan_only"]
    for day, edition in verdicts.groupby("as_of", sort=True):
        counts = edition["status"].map(by_status).value_counts()
        said = [
            len(edition),
            edition["probability"].notna().sum(),
            *(counts.get(name, 0) for name in told),
        ]
        rows.append([str(day), *map(str, said)])
    return _table(["edition", "targets", "with a probability", *map(_spaced, told)], rows)


def _congress(verdicts: pd.DataFrame) -> str:
    """Return median, interval and probability of the congress goals for the level of 2025; may be empty."""
    chosen = (verdicts["end"] == 2025) & (verdicts["measure"] == "level") & verdicts["probability"].notna()
    due = verdicts[chosen & verdicts["document"].str.startswith("congress")]
    rows = [
        [
            _spaced(f"{row['indicator_id']}, {row['unit']}"),
            str(row["as_of"]),
            _short(row["value"]),
            _short(row["expected"]),
            f"{_short(row['lower_80'])} to {_short(row['upper_80'])}",
            _percent(row["probability"]),
        ]
        for row in due.sort_values(["indicator_id", "as_of", "id"], kind="stable").to_dict("records")
    ]
    return _table(["indicator", "edition", "goal", "median", "80 %", "chance"], rows) if rows else ""


def _score_table(scores: pd.DataFrame) -> str:
    shown = scores[scores["forecaster"].isin(_FORECASTERS) & (scores["n"] > 0)]
    rows = [
        [_FORECASTERS[row["forecaster"]], f"{row['n']:,}", f"{row['brier']:.2f}", f"{row['ours']:.2f}"]
        for row in shown.to_dict("records")
    ]
    return (
        _table(["forecaster", "verdicts", "Brier score", "ours on the same"], rows) if rows else "None yet."
    )


def _coverage_table(coverage: pd.DataFrame) -> str:
    held = coverage.pivot(index=["kind", "years"], columns="set", values="held_80")
    sets = list(dict.fromkeys(coverage["set"]))
    rows = [
        [f"{kind}s, {years}", *(f"{held.loc[(kind, years), name]:.0f}" for name in sets)]
        for kind in ("amount", "rate")
        for years in _HISTORIES
    ]
    return _table(["scale, years of history", *map(_spaced, sets)], rows)


def _short(value: float) -> str:
    """Return a number with three significant digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,.12g}"


def _percent(share: float) -> str:
    return "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _spaced(words: str) -> str:
    return words.replace("_", " ")
