"""Results in the form of the Integrated Assessment Modeling Consortium, which pyam reads."""

from __future__ import annotations

import pandas as pd

from ..core import Problem, SapaError

#: Columns of the form, in its order.
IAMC_COLUMNS = ("model", "scenario", "region", "variable", "unit", "year", "value")
#: What else may tell two numbers apart: pyam takes further columns as they are.
_MORE = ("as_of", "run")
#: What becomes part of the name of a variable, from its left.
_NAMED = ("indicator", "target", "statistic")


def to_iamc(table: pd.DataFrame, *, model: str = "sapa-analysis") -> pd.DataFrame:
    """Return a long table of results in the IAMC form: one row per number, each once.

    Parameters
    ----------
    table : pandas.DataFrame
        As `key_results` or `sweep` return it, or as `results.csv` of a batch holds it: area, as_of, scenario,
        indicator, year, statistic, value, unit, and target where rows are of targets.
    model : str
        What made the numbers.

    Returns
    -------
    pandas.DataFrame
        model, scenario, region (the area), variable (`indicator|statistic`, of a target
        `indicator|target|statistic`), unit, year, value, then as_of, and of a batch run.

    Raises
    ------
    SapaError
        When a column is missing, or two rows give different values of one number.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> outcome = sapa.assess_indicator(project, params.with_values(n_paths=100), "grdp_growth")
    >>> form = sapa.to_iamc(sapa.key_results(params, [outcome]))
    >>> form.loc[form["variable"] == "grdp_growth|median", ["region", "unit", "year", "value"]].round(1)
       region     unit  year  value
    0   sa_pa  percent  2023   10.9
    7   sa_pa  percent  2024   11.0
    14  sa_pa  percent  2025   10.6
    """
    wanted = ["area", "scenario", "indicator", "statistic", "year", "value", "unit"]
    if missing := [name for name in wanted if name not in table.columns]:
        raise SapaError([Problem("results", 0, "", f'column "{name}" is missing') for name in missing])
    parts = table[[name for name in _NAMED if name in table.columns]].itertuples(index=False)
    names = ["|".join(part for part in row if isinstance(part, str) and part) for row in parts]
    form = table.rename(columns={"area": "region"}).assign(model=model, variable=names)
    form = form[[*IAMC_COLUMNS, *(name for name in _MORE if name in table.columns)]].drop_duplicates()
    told = [name for name in form.columns if name != "value"]
    if (twice := form.duplicated(told)).any():
        first = form.loc[twice, told].iloc[0].astype(str)
        raise SapaError(f"{', '.join(first)} has two values; leave one of them out")
    return form
