"""A boundary is crossed by a declared bridge only."""

from __future__ import annotations

import pytest

from sapa_analysis import assess_indicator
from sapa_analysis.core.errors import ParamsError
from sapa_analysis.core.yearly import row_of
from sapa_analysis.pipeline import build_area

pytest_plugins = ["loaded"]


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
    with pytest.raises(ParamsError, match="wanted more than 0"):
        params.with_values(bridges=[bridge])
