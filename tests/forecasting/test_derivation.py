"""Rules of derived forecasts, and their recomputation after a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.types import Forecast
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.forecasting.derivation import Closed, Cumulated, Grown, derive_forecast, recompute

amounts = st.floats(0.5, 2.0)
# rules between years and shares ---------------------------------------------------------------------------

paths = st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=2, max_size=4)


def frame(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, index=yearly_index(range(2023, 2023 + len(rows))))


@given(paths, st.lists(amounts, min_size=3, max_size=3))
def test_growth_of_a_level_cumulates_to_that_level(rows, last):
    level = frame(rows)
    before = pd.DataFrame([last], index=yearly_index([2022]))
    rate = Grown("level", before)({"level": level})
    base = pd.DataFrame(np.ones(level.shape) * last, index=level.index)
    back = Cumulated("rate", base)({"rate": rate})
    # sums and quotients of numbers between one half and two
    np.testing.assert_allclose(back, level, rtol=1e-12)


@given(paths, paths)
def test_closed_shares_sum_to_a_hundred_and_keep_their_proportions(one, other):
    n = min(len(one), len(other))
    shares = {"one": frame(one[:n]), "other": frame(other[:n])}
    closed = {name: Closed(name)(shares) for name in shares}
    np.testing.assert_allclose(closed["one"] + closed["other"], 100.0, rtol=1e-12)
    np.testing.assert_allclose(closed["one"] / closed["other"], shares["one"] / shares["other"], rtol=1e-12)


# recomputation --------------------------------------------------------------------------------------------


def simulated(name: str, rows, *, shocks: float = 0.0) -> Forecast:
    """Return a forecast of 2023 and after, with new shocks of one size in every path, if any."""
    quiet = frame(rows)
    shown = None if not shocks else quiet
    return Forecast(yearly({2022: 1.0}, indicator=name), quiet + shocks, "naive", without_shocks=shown)


def revenue_of(rows, other, *, shocks: float = 0.0) -> Forecast:
    parts = {"visits": simulated("visits", rows, shocks=shocks), "spend": simulated("spend", other)}
    twice = derive_forecast(
        yearly({2022: 1.0}, indicator="revenue"), parts, lambda now: now["visits"] * now["spend"]
    )
    return derive_forecast(
        yearly({2022: 1.0}, indicator="share"), {"revenue": twice}, lambda now: 100 / now["revenue"]
    )


def one_size(rows, other):
    n = min(len(rows), len(other))
    return rows[:n], other[:n]


@given(paths, paths)
def test_without_a_change_everything_is_recomputed_bit_for_bit(rows, other):
    whole = revenue_of(*one_size(rows, other), shocks=0.25)
    again = recompute(whole, lambda fan: None if fan.parts else fan)
    pd.testing.assert_frame_equal(again.paths, whole.paths, check_exact=True)
    pd.testing.assert_frame_equal(again.without_shocks, whole.without_shocks, check_exact=True)
    assert (again.method, again.scenario, again.observed) == (whole.method, whole.scenario, whole.observed)


@given(paths, paths, st.floats(0.5, 2.0))
def test_a_change_of_a_part_reaches_what_follows_from_it_with_and_without_shocks(rows, other, factor):
    whole = revenue_of(*one_size(rows, other), shocks=0.25)

    def change(fan: Forecast) -> Forecast | None:
        if fan.parts:
            return None
        if fan.observed.indicator_id == "spend":
            return replace(fan, paths=fan.paths * factor)
        return fan

    after = recompute(whole, change)
    np.testing.assert_allclose(after.paths, whole.paths / factor, rtol=1e-12)
    np.testing.assert_allclose(after.without_shocks, whole.without_shocks / factor, rtol=1e-12)


def test_a_change_may_stand_for_a_derived_quantity_itself():
    whole = revenue_of([[1.0, 2.0]], [[3.0, 4.0]])
    fixed = simulated("revenue", [[10.0, 20.0]])
    after = recompute(whole, lambda fan: fixed if fan.observed.indicator_id == "revenue" else None)
    assert after.paths.to_numpy().tolist() == [[10.0, 5.0]]
