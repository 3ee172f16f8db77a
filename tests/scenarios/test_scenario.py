from __future__ import annotations

import pytest

pytest_plugins = ["loaded"]


@pytest.mark.parametrize("name", ["low", "base", "high"])
def test_a_scenario_is_short_in_print_and_whole_in_its_tables(tables, name):
    scenario = tables.scenarios[name]
    assert repr(scenario) == str(scenario)
    assert repr(scenario).startswith(f"<Scenario {name}: ")
    assert len(scenario.summary()) == len(scenario.adjustments)
    long = scenario.to_frame()
    assert len(long) == sum(len(adjustment.values) for adjustment in scenario.adjustments)
    for adjustment, (_, row) in zip(scenario.adjustments, scenario.summary().iterrows(), strict=True):
        assert (row["first_year"], row["last_year"]) == (min(adjustment.values), max(adjustment.values))
