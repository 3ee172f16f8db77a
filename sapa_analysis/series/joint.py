"""Joint estimation of all series of a family in an area and the areas it lies in.

The primary quantities of a family (arrivals and spend per visit; output and population) are components of one
system, in constant prices. A derived quantity (revenue, output per head) is a formula of them, linearized
around the last result. A component of an area follows that of the area it lies in, with a premium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np
import pandas as pd

from ..core import (
    Keyed,
    NoEvidenceError,
    Params,
    Target,
    YearlySeries,
    apart,
    last_year_ended,
    one_thread,
    stream,
)
from ..evidence import Vintage, content_of
from .bridge import read_bridges
from .family import Family
from .plan import PLAN, plan_outcomes, read_plans
from .prices import PRICES_NEEDED, log_prices, prices_known
from .solution import Solved
from .statement import last_known, spoken_of
from .system import (
    Name,
    System,
    ask_all,
    components_of,
    leading,
    name_components,
    read_answers,
    solve,
    within,
)

#: Largest number of years before the origin in a system: older statements say little about today.
_SPAN = 30
#: The parameters on which joint series depend; their draws depend on their number and the seed too.
_CHOSEN = {"shock_years", "premiums", "bridges", "plans_inform"}


@one_thread
def build_joint(
    vintage: Vintage, family: Family, areas: Sequence[str], params: Params, *, targets: Sequence[Target] = ()
) -> dict[Name, YearlySeries]:
    """Return the yearly values of all members of a family in an area and those it lies in, jointly.

    Parameters
    ----------
    vintage : Vintage
        What was known.
    family : Family
        As `find_family` returns it.
    areas : sequence of str
        An area and those it lies in: the widest first, the requested area last.
    params : Params
        Shock years, premiums, bridges, which quantities plans inform, number of draws (`n_paths`; draw k
        belongs to path k) and seed.
    targets : sequence of Target
        The known targets: the yearly plans among them; see `plan.read_plans`.

    Returns
    -------
    dict
        By indicator and area, to the last ended year of which any statement speaks or to a later shock year;
        only those series that the statements determine.

    Raises
    ------
    NoEvidenceError
        When nothing of the family was published for the last of the areas by then.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> page = dict.fromkeys(sapa.core.Observations.to_schema().columns, "") | {
    ...     "area": "sa_pa", "period": "2023", "freq": "A", "digits": 3, "kind": "actual", "bound": "exact",
    ...     "grade": "B"}
    >>> visits = page | {"indicator_id": "tourist_arrivals", "unit": "visits", "value": 4e6}
    >>> receipts = page | {"indicator_id": "tourism_revenue", "unit": "billion_vnd", "value": 12_000.0}
    >>> root, nothing = sapa.core.project_root(), pd.DataFrame(columns=["series", "level"])
    >>> known = sapa.evidence.load_indicators(root / "data")
    >>> tables = sapa.evidence.Vintage(
    ...     evidence=pd.DataFrame([visits, receipts]), indicators=known, areas=nothing, covariates=nothing)
    >>> params = sapa.core.load_params(root / "params/baseline.yml").with_values(n_paths=100)
    >>> family = sapa.series.find_family("tourism_revenue", known)
    >>> joint = sapa.series.build_joint(tables, family, ["sa_pa"], params)
    >>> joint["spend_per_visit", "sa_pa"].table[["estimate", "basis"]].round(1)
          estimate         basis
    year
    2022       2.9  interpolated
    2023       3.0       implied
    """
    asked, planned = vintage.keyed(), set(params.plans_inform) & set(family.primaries)
    mine = tuple(plan for plan in targets if plan.area in areas and plan.indicator_id in planned)
    questions = ask_all(asked, family, areas, params.shock_years)
    own = [each for each in params.bridges if each.to == areas[-1] and each.indicator in family.members]
    across = tuple(content_of(asked, spoken_of(asked, each.indicator), each.of) for each in own)
    prices = prices_known(vintage.keyed("covariates"))
    key = (
        *(tuple(areas), repr(family), tuple(questions), across, repr(prices.to_dict()), mine),
        *(vintage.fingerprint("indicators", "areas"), params.model_dump_json(include=_CHOSEN)),
        vintage.day and last_year_ended(vintage.day),
    )
    question = Keyed(key, (vintage, family, areas, questions, params, mine, prices))
    draws = _drawn(Keyed((key, params.n_paths, params.seed), (question, params)))
    found = {
        name: replace(series, as_of=vintage.day, draws=draws[name])
        for name, series in _solved(question)[1].items()
    }
    return apart(found)


@lru_cache(maxsize=64)
def _drawn(asked: Keyed) -> dict[Name, pd.DataFrame]:
    """Return the draws of each series of a family."""
    question, params = asked.things
    solved, series = _solved(question)
    of = ("+".join(solved.system.areas), "+".join(solved.system.family.primaries))
    return solved.draws(series, params.n_paths, stream(params.seed, "joint series", *of))


@lru_cache(maxsize=64)
def _solved(asked: Keyed) -> tuple[Solved, dict[Name, YearlySeries]]:
    """Return the series of a family without draws; they agree until something about it is published."""
    vintage, family, areas, questions, params, mine, prices = asked.things
    statements = read_answers(vintage, family, questions)
    areas = leading(statements, family, areas)
    statements = statements[statements["area"].isin(areas)]
    planned = set(params.plans_inform) & set(family.primaries)
    mine = [target for target in mine if target.area in areas]
    if mine:
        statements = pd.concat([statements, read_plans(mine, statements, planned)])
    across = read_bridges(vintage, params.bridges, family.members, areas[-1])
    statements = pd.concat([statements, across], ignore_index=True)
    as_of, indicators = vintage.day, vintage.indicators
    own = statements[(statements["area"] == areas[-1]) & (statements["form"] != "none")]
    if own.empty:
        raise NoEvidenceError(f"no figure of {', '.join(family.primaries)} for {areas[-1]} by {as_of}", 0)
    figures = statements[~statements["indicator_id"].str.endswith(PLAN)]
    ended = int(own["year"].max()) if as_of is None else last_year_ended(as_of)
    kept = plan_outcomes(mine, figures, planned, ended)
    broken = {name: vintage.shock_years(name, params.shock_years) for name in family.primaries}
    origin = ended if as_of is None else last_known(figures, ended, {*chain(*broken.values())})
    ahead = own["indicator_id"].str.endswith(PLAN) & (own["year"] == origin + 1)
    first = int(np.clip(own["first"].min(), origin - _SPAN, origin - 1))
    years = np.arange(first, origin + 1 + int(ahead.any()), dtype=np.int64)
    logs = np.zeros(len(years))
    if len(prices) >= PRICES_NEEDED:
        logs = log_prices(prices, years) - log_prices(prices, [origin])
    used = within(statements, years)
    names = name_components(family, areas, used)
    system = System(family, tuple(areas), years, indicators, logs, used, names, vintage.real_rates)
    districts = vintage.areas.index[vintage.areas["level"].isin(["district", "commune"])]
    components = components_of(system, params.premiums, districts)
    law, state, measured = solve(system, components, broken)
    breaks = {
        name: max((year for year in own if year <= ended), default=int(years[0]))
        for name, own in broken.items()
    }
    solved = Solved(system, statements, law, state, measured, as_of, ended, breaks, kept)
    members = [(member, area) for area in areas for member in family.members]
    found = {name: solved.series(name) for name in members}
    return solved, {name: series for name, series in found.items() if series is not None}
