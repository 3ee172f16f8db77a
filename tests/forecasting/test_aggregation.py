"""Areas that make up another add up to it in every path; a boundary is crossed by a declared bridge only."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sapa_analysis import assess_indicator, forecast
from sapa_analysis.core.errors import ParamsError, SapaError
from sapa_analysis.core.types import NotAssessed, row_of
from sapa_analysis.forecasting.aggregation import add_up, adds, total_of
from sapa_analysis.pipeline import build_area

pytest_plugins = ["loaded"]

AMOUNT = pd.Series(
    {"indicator_id": "population", "scale": "log", "nature": "stock", "unit": "persons"}, name="population"
)


def fan(*values):
    return forecast(pd.Series(values, index=range(2020, 2020 + len(values))), horizon=2, n_paths=50, seed=1)


def test_parts_add_up_to_the_whole_in_every_path_and_keep_their_proportions():
    parts = {"a": fan(10, 11, 12), "b": fan(30, 31, 33)}
    whole = fan(50, 52, 55)
    found = add_up(parts, AMOUNT, whole=whole)
    np.testing.assert_allclose(total_of(found, whole).paths, whole.paths, rtol=1e-12)
    np.testing.assert_allclose(
        found["a"].paths / found["b"].paths, parts["a"].paths / parts["b"].paths, rtol=1e-12
    )


def test_without_a_forecast_of_the_whole_it_is_the_sum_of_its_parts():
    parts = {"a": fan(10, 11, 12), "b": fan(30, 31, 33)}
    found = add_up(parts, AMOUNT)
    np.testing.assert_allclose(
        total_of(found, parts["a"]).paths, parts["a"].paths + parts["b"].paths, rtol=1e-12
    )


def test_every_part_without_a_forecast_is_named_at_once():
    parts = {"a": NotAssessed(None, "no_evidence", 1), "b": NotAssessed(None, "too_few_years", 1)}
    with pytest.raises(SapaError, match=r"a \(no_evidence\), b \(too_few_years\), the whole \(no_evidence\)"):
        add_up(parts, AMOUNT, whole=NotAssessed(None, "no_evidence", 1))


@pytest.mark.parametrize("indicator", ["tourist_arrivals", "grdp_per_capita", "grdp_growth", "poverty_rate"])
def test_visits_and_rates_do_not_add(tables, indicator):
    concept = tables.indicators.loc[indicator]
    assert not adds(concept)
    with pytest.raises(SapaError, match="does not add over areas"):
        add_up({"a": fan(1, 2, 3)}, concept)


@pytest.mark.parametrize("indicator", ["population", "state_budget_revenue", "grdp", "tourism_revenue"])
def test_people_and_money_add(tables, indicator):
    assert adds(tables.indicators.loc[indicator])


def test_the_ward_speaks_of_the_town_through_the_declared_bridge_only(tables, params):
    last = params.with_values(as_of="2026-01-31", n_paths=100)
    bridged = build_area(tables, last)["sa_pa"]["tourism_revenue"]
    apart = build_area(tables, last.with_values(bridges=[]))["sa_pa"]["tourism_revenue"]
    assert "tourism_revenue.bridge" in {name for name, _, _ in bridged.support}
    assert not [name for name, _, _ in apart.support if name.endswith(".bridge")]
    with_it, without = (row_of(series.table, 2025) for series in (bridged, apart))
    assert with_it["sd"] < 0.5 * without["sd"]
    # the ward's own 19,521 and 19,000, times the factor
    assert with_it["lower_80"] < 1.05 * 19_300 < with_it["upper_80"]
    assert with_it["basis"] != "year"


def test_a_bridge_between_unknown_places_or_of_an_unknown_indicator_is_refused_with_every_fault(
    tables, params
):
    bridge = {"indicator": "tourist_arrival", "of": "sapa_ward", "to": "sa_pa", "factor": 1.1, "sd": 0.1}
    with pytest.raises(ParamsError) as refused:
        assess_indicator(tables, params.with_values(bridges=[bridge]), "tourist_arrivals")
    assert "did you mean tourist_arrivals?" in str(refused.value)
    assert "did you mean sa_pa_ward?" in str(refused.value)


def test_an_unsound_bridge_is_refused_with_its_fault(params):
    bridge = {"indicator": "tourist_arrivals", "of": "sa_pa_ward", "to": "sa_pa", "factor": -1, "sd": 0.1}
    with pytest.raises(ParamsError, match="greater than 0"):
        params.with_values(bridges=[bridge])
