"""The scenarios of `params/scenarios`: at every edition they do what they say, or it is said why not."""

import csv
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import years_of
from sapa_analysis.pipeline import forecast_area, what_it_takes
from sapa_analysis.scenarios import BASELINE, apply_scenario, does_not_hold

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden/scenarios-of-editions.csv"
EDITIONS = ("2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31")
PAIRS = {"sa_pa": ("low", "high"), "lao_cai": ("lao_cai_low", "lao_cai_high")}
CORE = ("grdp_growth", "grdp_per_capita", "tourist_arrivals", "spend_per_visit", "tourism_revenue",
        "international_arrivals", "state_budget_revenue")  # fmt: skip
NAMES = sorted(path.stem for path in (ROOT / "params/scenarios").glob("*.yml"))
#: Adjustments name years up to the fifth; the golden file follows them to the sixth after the origin.
FOLLOWED = 6
#: What a ratio of products may be off, as a share: growth follows revenue where the distance stays the same.
ROUNDING = 1e-12
edition = pytest.mark.parametrize("day", EDITIONS)
first = pytest.mark.parametrize("day", EDITIONS[:2])
with_a_year_ahead = pytest.mark.parametrize("day", EDITIONS[:4])  # on the fifth, town and province had ended
each_area = pytest.mark.parametrize("area", PAIRS)


@pytest.fixture(scope="session")
def ahead(tables, params):
    """Return what gives the baseline of an area and a day; each is computed once for all tests."""

    @cache
    def outcomes(area, day):
        made = forecast_area(tables, params.with_values(area=area, as_of=day))
        return {name: made[name] for name in CORE if name in made}

    return outcomes


@pytest.fixture(scope="session")
def under(ahead, tables, params):
    """Return what gives the outcomes of a scenario as pages show them, or the words why it does not hold."""

    @cache
    def outcomes(area, day, name):
        scenario = tables.scenarios[name]
        base = ahead(area, day)
        return does_not_hold(base, scenario, area=area) or apply_scenario(base, scenario, links=params.links)

    return outcomes


def paths_of(outcome):
    return outcome.paths.to_numpy() if isinstance(outcome, Forecast) else np.empty((0, 1))


def by_year(outcome):
    """Return the paths of an outcome, by year."""
    if not isinstance(outcome, Forecast):
        return {}
    return {int(year): row for year, row in zip(years_of(outcome.paths), paths_of(outcome), strict=True)}


# laws of every edition ------------------------------------------------------------------------------------


def test_the_baseline_adjusts_nothing_and_is_of_every_area(tables):
    assert (tables.scenarios[BASELINE].adjustments, tables.scenarios[BASELINE].area) == ((), "")


@edition
@each_area
def test_the_baseline_differs_from_itself_in_no_bit(ahead, under, area, day):
    for name, outcome in under(area, day, BASELINE).items():
        before = ahead(area, day)[name]
        assert isinstance(before, Forecast) == isinstance(outcome, Forecast)
        np.testing.assert_array_equal(paths_of(outcome), paths_of(before))


@with_a_year_ahead
@each_area
def test_low_base_and_high_stand_in_this_order_in_every_path_and_year(ahead, under, area, day):
    base = ahead(area, day)
    low, high = (under(area, day, name) for name in PAIRS[area])
    for name in base:
        room = ROUNDING * (1 + np.abs(paths_of(base[name])))
        assert (paths_of(low[name]) <= paths_of(base[name]) + room).all()
        assert (paths_of(base[name]) <= paths_of(high[name]) + room).all()
    for name in ("tourist_arrivals", "spend_per_visit", "tourism_revenue"):
        lower, middle, upper = (np.median(paths_of(made[name]), axis=1) for made in (low, base, high))
        assert (lower < middle).all()
        assert (middle < upper).all()


@edition
@each_area
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_changes_what_it_names_or_says_why_not(ahead, under, tables, area, day, name):
    after, before = under(area, day, name), ahead(area, day)
    if isinstance(after, str):
        assert len(after.split()) > 3
        return
    assert tables.scenarios[name].area in ("", area)
    named = {part.indicator for part in tables.scenarios[name].adjustments} & set(before)
    moved = {key for key in before if not np.array_equal(paths_of(after[key]), paths_of(before[key]))}
    forecast = {key for key in named if isinstance(before[key], Forecast)}
    assert forecast <= moved
    for key in before:
        ended = before[key].observed.ended if isinstance(before[key], Forecast) else 0
        for year, row in by_year(before[key]).items():
            if year <= ended:  # what has passed is no matter of a scenario
                np.testing.assert_array_equal(by_year(after[key])[year], row)


def test_the_days_on_which_each_scenario_holds(under):
    told = {
        name: [day for day in EDITIONS for area in PAIRS if not isinstance(under(area, day, name), str)]
        for name in NAMES
    }
    early, years = ["2023-01-15", "2023-06-30"], [day for day in EDITIONS if day < "2026"]
    assert told.pop(BASELINE) == [day for day in EDITIONS for _ in PAIRS]
    assert told.pop("foreign_fast") == told.pop("foreign_slow") == early
    assert told.pop("typhoon_year") == ["2025-06-30"]
    assert set(map(tuple, told.values())) == {tuple(years)}


def test_no_lever_is_told_for_a_year_that_has_ended(tables, params):
    chosen = params.with_values(as_of="2024-01-15", n_paths=100)
    goal = "resolution-2023.01.grdp_per_capita"
    needed = what_it_takes(tables, chosen, forecast_area(tables, chosen), goal)
    assert set(needed["reason"]) == {"ended"}


# what each of them says -----------------------------------------------------------------------------------


@first
def test_a_slow_return_of_foreign_visitors_has_fewer_visits_than_a_fast_one(ahead, under, day):
    slow, fast = under("sa_pa", day, "foreign_slow"), under("sa_pa", day, "foreign_fast")
    base = ahead("sa_pa", day)["tourist_arrivals"]
    for year, row in by_year(base).items():
        assert (by_year(slow["tourist_arrivals"])[year] < row).all()
        assert (by_year(fast["tourist_arrivals"])[year] > row).all()
        fewer, more = (by_year(made["international_arrivals"])[year] for made in (slow, fast))
        assert (fewer < more).all()


def test_a_typhoon_takes_six_percent_of_the_visits_of_2025(ahead, under):
    base, hit = ahead("sa_pa", "2025-06-30"), under("sa_pa", "2025-06-30", "typhoon_year")
    for name in ("tourist_arrivals", "tourism_revenue"):
        np.testing.assert_allclose(by_year(hit[name])[2025] / by_year(base[name])[2025], 0.94)


@with_a_year_ahead
def test_real_spending_is_that_of_2019_in_the_draw_of_each_path(under, tables, day):
    [part] = tables.scenarios["real_spend_2019"].adjustments
    fan = under("sa_pa", day, "real_spend_2019")["spend_per_visit"]
    draws = fan.observed.draws
    of_2019 = draws.to_numpy()[list(years_of(draws)).index(2019)]
    for year, row in by_year(fan).items():
        np.testing.assert_allclose(row, np.resize(of_2019, row.shape) * part.values[year])


@with_a_year_ahead
def test_the_goals_of_the_plan_are_met_in_every_path(under, tables, day):
    after = under("sa_pa", day, "plan_2025")
    goals = [
        goal
        for goal in tables.targets
        if goal.document in ("resolution-2023", "congress-2020") and goal.measure == "level"
        and goal.indicator_id in ("tourist_arrivals", "tourism_revenue", "international_arrivals", "state_budget_revenue")
    ]  # fmt: skip
    assert len(goals) == 7
    for goal in goals:
        fan = after[goal.indicator_id]
        row = by_year(fan).get(goal.end)
        if row is not None and goal.end > fan.observed.ended:
            assert (row >= goal.value).all(), goal.id
            assert (row <= 1.001 * goal.value).all(), goal.id


@with_a_year_ahead
def test_whole_years_grow_at_the_pace_of_the_quickest_quarter(under, tables, day):
    [part] = tables.scenarios["quickest_quarter"].adjustments
    row = by_year(under("sa_pa", day, "quickest_quarter")["tourist_arrivals"])
    for year in sorted(row)[1:]:
        np.testing.assert_allclose(row[year] / row[year - 1], 1 + part.values[2] / 100)


@with_a_year_ahead
def test_a_pandemic_hits_what_is_left_of_the_running_year_and_whole_years_after(ahead, under, tables, day):
    [part] = tables.scenarios["pandemic"].adjustments
    base, hit = ahead("sa_pa", day)["tourist_arrivals"], under("sa_pa", day, "pandemic")["tourist_arrivals"]
    end = pd.Timestamp(base.observed.ended + 1, 12, 31)
    left = (end - pd.Timestamp(day)).days / end.day_of_year
    shares = {base.observed.ended + place: share for place, share in part.values.items()}
    shares[base.observed.ended + 1] = 1 - left * (1 - part.values[1])
    for year, row in by_year(base).items():
        np.testing.assert_allclose(by_year(hit)[year], row * shares[year])


# the published figures ------------------------------------------------------------------------------------


def test_the_published_scenarios_are_those_of_the_golden_file(ahead, under):
    rows = []
    for area in PAIRS:
        for day in EDITIONS:
            for name in NAMES:
                after, about = under(area, day, name), {"area": area, "as_of": day, "scenario": name}
                rows += [{**about, **row} for row in _published(after, ahead(area, day))]
    if os.environ.get("SAPA_RENEW"):
        with GOLDEN.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    changed = [f"was {old}, is {new}" for old, new in zip(wanted, rows, strict=False) if old != new]
    assert not changed, "\n".join([*changed, "If this is meant: SAPA_RENEW=1 pytest tests/scenarios"])
    assert len(rows) == len(wanted)


def _published(after, before):
    if isinstance(after, str):
        return [
            {"indicator": "", "year": "", "median": "", "difference": "", "unit": "", "does_not_hold": after}
        ]
    rows = []
    for key in before:
        base = by_year(before[key])
        last = before[key].observed.ended + FOLLOWED if base else 0
        for year, row in by_year(after[key]).items():
            if year <= last:
                rate = before[key].observed.scale != "log"
                change = np.median(row - base[year]) if rate else 100 * (np.median(row / base[year]) - 1)
                shown = {"median": f"{np.median(row):.3g}", "difference": f"{round(change, 1) + 0:.1f}"}
                shown |= {"unit": "points" if rate else "percent", "does_not_hold": ""}
                rows.append({"indicator": key, "year": str(year), **shown})
    return rows
