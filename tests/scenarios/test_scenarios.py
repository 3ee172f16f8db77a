"""Scenarios: the same paths, changed where and as a file says, and nowhere else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories import yearly
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import assess_indicator, forecast, under_scenarios
from sapa_analysis.core.errors import SapaError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.types import Forecast, NotAssessed
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.forecasting import Closed, derive_forecast
from sapa_analysis.pipeline import left_out
from sapa_analysis.reporting.scenario import adjustments_table
from sapa_analysis.reporting.tagged_numbers import plain
from sapa_analysis.scenarios import lever_positions
from sapa_analysis.scenarios.adjustment import Adjustment, Scenario
from sapa_analysis.scenarios.anchor import PLAUSIBLE
from sapa_analysis.scenarios.comparison import compare_scenarios
from sapa_analysis.scenarios.effect import BASELINE, apply_scenario
from sapa_analysis.scenarios.scenario_file import load_scenarios

pytest_plugins = ["loaded"]
WORDS = {"vi": "lý do", "en": "reason"}

YEARS = (2023, 2024, 2025)
paths = st.lists(st.lists(st.floats(1, 1e6), min_size=4, max_size=4), min_size=3, max_size=3)
factors = st.floats(0.05, 20)
amounts = st.floats(-1e6, 1e6)
effects = st.one_of(
    st.tuples(st.just("multiply"), factors), st.tuples(st.sampled_from(["add", "replace"]), amounts)
)


def outcome(rows, *, indicator="tourist_arrivals", scale="log"):
    observed = yearly({2021: 10.0, 2022: 12.0}, indicator=indicator, scale=scale)
    paths = pd.DataFrame(rows, index=yearly_index(YEARS[: len(rows)]), dtype=float)
    return Forecast(observed, paths, "naive")


def adjustment(effect, values, *, indicator="tourist_arrivals"):
    return Adjustment(
        indicator=indicator,
        effect=effect,
        values=values,
        bold=True,
        reason=WORDS,
        source="a page",
        quality="C",
        impact="low",
    )


def scenario(*parts, name="other"):
    return Scenario(name=name, label=WORDS, reason=WORDS, adjustments=parts)


def under(rows, *parts, scale="log"):
    """Return the paths of arrivals after some adjustments."""
    changed = apply_scenario({"tourist_arrivals": outcome(rows, scale=scale)}, scenario(*parts))
    return changed["tourist_arrivals"].paths.to_numpy()


# what a scenario does to paths ---------------------------------------------------------------------------


@given(paths)
def test_a_scenario_without_adjustments_is_the_baseline_bit_for_bit(rows):
    before = outcome(rows)
    [after] = apply_scenario({"tourist_arrivals": before}, scenario(name=BASELINE)).values()
    pd.testing.assert_frame_equal(after.paths, before.paths, check_exact=True)
    assert after.scenario == BASELINE
    assert (after.method, after.observed, after.fit_health) == (
        before.method,
        before.observed,
        before.fit_health,
    )


@given(paths)
def test_multiplying_by_one_and_adding_nothing_change_no_bit(rows):
    neutral = [adjustment("multiply", dict.fromkeys(YEARS, 1)), adjustment("add", dict.fromkeys(YEARS, 0))]
    np.testing.assert_array_equal(under(rows, *neutral), rows)


@given(paths, factors, factors, st.sampled_from(["log", "logit", "level"]))
def test_factors_compose(rows, first, second, scale):
    twice = under(
        rows, adjustment("multiply", {2024: first}), adjustment("multiply", {2024: second}), scale=scale
    )
    once = under(rows, adjustment("multiply", {2024: first * second}), scale=scale)
    np.testing.assert_allclose(twice, once, rtol=1e-14)  # two roundings instead of one


@given(paths, amounts, amounts)
def test_amounts_compose_on_a_scale_without_bounds(rows, first, second):
    twice = under(rows, adjustment("add", {2025: first}), adjustment("add", {2025: second}), scale="level")
    once = under(rows, adjustment("add", {2025: first + second}), scale="level")
    np.testing.assert_allclose(twice, once, rtol=1e-12, atol=1e-8)  # cancellation of amounts up to 1e6


def test_adjustments_act_in_the_order_in_which_they_are_written():
    double, add = adjustment("multiply", {2023: 2}), adjustment("add", {2023: 10})
    assert under([[5.0]], double, add).item() == 20
    assert under([[5.0]], add, double).item() == 30


@given(paths, st.floats(0, 1e9))
def test_a_replaced_year_has_its_value_in_every_path(rows, value):
    assert (under(rows, adjustment("replace", {2024: value}))[1] == value).all()


@given(paths, effects, st.sampled_from(YEARS))
def test_other_years_and_indicators_stay_as_they_are(rows, effect, year):
    outcomes = {name: outcome(rows, indicator=name) for name in ("tourist_arrivals", "tourism_revenue")}
    changed = apply_scenario(outcomes, scenario(adjustment(effect[0], {year: effect[1]})))
    np.testing.assert_array_equal(changed["tourism_revenue"].paths, rows)
    others = [place for place, other in enumerate(YEARS) if other != year]
    np.testing.assert_array_equal(
        changed["tourist_arrivals"].paths.to_numpy()[others], np.array(rows)[others]
    )


@given(paths, effects, st.sampled_from([1990, 2022, 2026, 2060]))
def test_a_year_outside_the_forecast_changes_no_other(rows, effect, year):
    inside = under(rows, adjustment("multiply", {2023: 2.0}))
    both = under(rows, adjustment("multiply", {2023: 2.0}), adjustment(effect[0], {year: effect[1]}))
    np.testing.assert_array_equal(both, inside)


@given(paths, st.sets(st.sampled_from([1990, 2022, 2026, 2060]), min_size=1))
def test_a_scenario_that_would_change_nothing_on_this_day_is_told(rows, years):
    with pytest.raises(SapaError, match=f"other does not hold here: it speaks of {min(years)}"):
        under(rows, adjustment("multiply", dict.fromkeys(years, 1.1)))


@pytest.mark.parametrize(("day", "holds"), [("2019-06-30", False), ("2023-06-30", True)])
def test_only_scenarios_that_hold_are_compared_and_the_others_are_named(tables, params, day, holds):
    asked = params.with_values(as_of=day, n_paths=100, subjects={"tourism": ["tourist_arrivals"]})
    outcomes = {"tourist_arrivals": assess_indicator(tables, asked, "tourist_arrivals")}
    without = left_out(tables, asked, outcomes)
    assert set(without) == set(() if holds else ("low", "high"))
    assert all(
        words == f"its reasons were known on 2023-01-15, not yet on {day}" for words in without.values()
    )
    compared = ["low", "base", "high"] if holds else ["base"]
    assert list(under_scenarios(tables, asked, outcomes)) == compared
    alone = asked.with_values(scenarios=["base", "lao_cai_low"])
    assert list(left_out(tables, alone, outcomes)) == []
    assert list(left_out(tables, alone, outcomes, elsewhere=True)) == ["lao_cai_low"]


@given(paths, effects)
def test_the_baseline_is_left_as_it_was(rows, effect):
    outcomes = {"tourist_arrivals": outcome(rows)}
    kept, part = outcomes["tourist_arrivals"], scenario(adjustment(effect[0], {2023: effect[1]}))
    before = part.model_dump()
    apply_scenario(outcomes, part)
    assert outcomes["tourist_arrivals"] is kept
    assert kept.scenario == "base"
    np.testing.assert_array_equal(kept.paths, rows)
    assert part.model_dump() == before


@given(paths, st.lists(effects, min_size=1, max_size=4), st.sampled_from([("log", np.inf), ("logit", 100)]))
def test_what_is_adjusted_stays_within_what_can_be(rows, parts, bounds):
    scale, highest = bounds
    adjusted = under(rows, *(adjustment(effect, {2023: value}) for effect, value in parts), scale=scale)[0]
    assert ((adjusted >= 0) & (adjusted <= highest)).all()


def test_growth_may_be_negative():
    assert under([[5.0]], adjustment("add", {2023: -12}), scale="growth").item() == -7


def shares_of_a_whole() -> dict[str, Forecast]:
    """Return two shares that sum to 100 in every path, with new shocks in some paths of the first."""
    raw = {
        name: replace(outcome([[value] * 3] * 3, indicator=name, scale="logit"), without_shocks=quiet)
        for name, value, quiet in (("one", 30.0, frame_of(20.0)), ("other", 60.0, None))
    }
    return {name: derive_forecast(fan.observed, raw, Closed(name)) for name, fan in raw.items()}


def frame_of(value: float) -> pd.DataFrame:
    return pd.DataFrame([[value] * 3] * 3, index=yearly_index(YEARS))


def test_adjusted_shares_keep_their_value_and_the_others_give_way_with_and_without_shocks():
    shares = shares_of_a_whole()
    after = apply_scenario(shares, scenario(adjustment("replace", {2024: 50.0}, indicator="one")))
    assert after["one"].paths.loc["2024"].to_list() == pytest.approx([50.0] * 3)
    for name in ("paths", "without_shocks"):
        both = [getattr(after[share], name) for share in shares]
        np.testing.assert_allclose(both[0] + both[1], 100.0, rtol=1e-12)
        pd.testing.assert_frame_equal(both[1].loc[["2023"]], getattr(shares["other"], name).loc[["2023"]])


def test_where_nothing_is_forecast_no_scenario_forecasts():
    nothing = NotAssessed(None, "no_evidence", 5)
    changed = apply_scenario({"tourist_arrivals": nothing}, scenario(adjustment("replace", {2023: 1})))
    assert changed["tourist_arrivals"] is nothing


# what differs ---------------------------------------------------------------------------------------------


def compared(rows, *parts, scale="log"):
    outcomes = {"tourist_arrivals": outcome(rows, scale=scale)}
    by_scenario = {name: apply_scenario(outcomes, scenario(*own, name=name))
                   for name, own in ((BASELINE, ()), ("other", parts))}  # fmt: skip
    return compare_scenarios(by_scenario, "tourist_arrivals").set_index(["scenario", "year"])


@given(paths)
def test_no_change_is_no_difference_at_all(rows):
    table = compared(rows)
    assert (table[["difference", "difference_percent"]] == 0).all(axis=None)


@given(paths, st.sampled_from([0.5, 2.0, 4.0]))
def test_a_factor_is_its_difference_in_percent_in_every_path(rows, factor):
    # powers of two are exact, so the difference of each path is exact too
    changed = compared(rows, adjustment("multiply", {2024: factor})).loc[("other", 2024)]
    assert changed["difference_percent"] == pytest.approx(100 * (factor - 1), rel=1e-12)
    assert changed["difference"] == np.median((factor - 1) * np.array(rows[1]))


def test_paths_are_compared_with_themselves_not_medians_with_medians():
    table = compared([[10.0, 50.0, 90.0]], adjustment("multiply", {2023: 2}), scale="logit")
    # 20, 100, 100: the paths change by 10, 50, 10, their median by 50
    assert table.loc[("other", 2023), ["median", "difference"]].tolist() == [100, 10]
    assert table.loc[("other", 2023), "difference_percent"] == 100


def test_a_comparison_shows_the_summary_of_each_scenario():
    rows = np.random.default_rng(1).uniform(1, 2, (3, 101))
    table = compared(rows, adjustment("multiply", {2023: 3}))
    wanted = outcome(3 * rows).summary((80,)).iloc[0]
    for column in ("median", "lower_80", "upper_80"):
        assert table.loc[("other", 2023), column] == pytest.approx(wanted[column], rel=1e-12)
    assert list(table.index) == [(name, year) for name in (BASELINE, "other") for year in YEARS]


def test_against_a_zero_no_percentage_is_invented():
    change = adjustment("add", {2023: 1})
    by_scenario = {
        name: apply_scenario({"grdp_growth": outcome([[0.0], [0.0]], indicator="grdp_growth", scale="growth")},
                             scenario(*parts, name=name))
        for name, parts in ((BASELINE, ()), ("other", [change.model_copy(update={"indicator": "grdp_growth"})]))
    }  # fmt: skip
    percent = compare_scenarios(by_scenario, "grdp_growth").query("scenario == 'other'")["difference_percent"]
    assert np.isnan(percent.iloc[0])
    assert percent.iloc[1] == 0


def test_without_a_baseline_there_is_nothing_to_compare_with():
    outcomes = {"tourist_arrivals": outcome([[1.0]])}
    with pytest.raises(SapaError, match=r'baseline "base" is not among the scenarios; did you mean bse\?'):
        compare_scenarios({"bse": outcomes}, "tourist_arrivals")


@pytest.mark.parametrize("other", [outcome([[1.0], [2.0]]), outcome([[1.0, 2.0]])], ids=["years", "paths"])
def test_other_paths_are_refused(other):
    by_scenario = {BASELINE: {"tourist_arrivals": outcome([[1.0]])}, "other": {"tourist_arrivals": other}}
    with pytest.raises(SapaError, match='scenario "other" does not hold the paths of the baseline'):
        compare_scenarios(by_scenario, "tourist_arrivals")


def test_what_is_not_forecast_is_compared_by_an_empty_table():
    nothing = {"tourist_arrivals": NotAssessed(None, "no_evidence", 5)}
    table = compare_scenarios({BASELINE: nothing, "other": nothing}, "tourist_arrivals")
    assert table.empty
    assert list(table.columns) == list(compared([[1.0]]).reset_index().columns)


# ours -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(tables):
    scenarios = load_scenarios(tables.root / "params/scenarios", indicators=tables.indicators)
    return {name: scenarios[name] for name in ("low", "base", "high")}


@pytest.fixture(scope="module")
def by_scenario(ours, outcomes):
    return {name: apply_scenario(outcomes, each) for name, each in ours.items()}


@pytest.mark.parametrize("name", ["low", "high"])
def test_revenue_is_arrivals_times_spend_in_every_path_of_a_scenario(by_scenario, name):
    revenue = by_scenario[name]["tourism_revenue"]
    product = by_scenario[name]["tourist_arrivals"].paths * revenue.parts["spend_per_visit"].paths / 1000
    np.testing.assert_allclose(revenue.paths, product, rtol=1e-12)
    assert not np.allclose(revenue.paths, by_scenario[BASELINE]["tourism_revenue"].paths)


def test_what_derives_from_others_is_not_adjusted_itself(outcomes):
    part = Adjustment(
        indicator="tourism_revenue", effect="multiply", values={2024: 1.1}, source="x", quality="C",
        impact="low", reason=dict.fromkeys(LANGUAGES, "x"),
    )  # fmt: skip
    each = Scenario(name="x", label=part.reason, reason=part.reason, adjustments=(part,))
    with pytest.raises(SapaError, match="follows from tourist_arrivals, spend_per_visit"):
        apply_scenario(outcomes, each)


# words ----------------------------------------------------------------------------------------------------

either = pytest.mark.parametrize("lang", LANGUAGES)


@either
def test_every_adjustment_is_shown_with_its_reason(ours, tables, lang):
    table = plain(adjustments_table(ours, tables.indicators, lang=lang))
    shown = set(table.to_numpy().ravel())
    for each in ours.values():
        reasons = {part.reason[lang] for part in each.adjustments} or {each.reason[lang]}
        assert {each.label[lang], *reasons} <= shown
    assert len(table) == sum(max(1, len(each.adjustments)) for each in ours.values())


def test_a_scenario_of_a_real_forecast_keeps_its_paths():
    made = forecast(
        yearly({2018: 9.0, 2019: 11.0, 2020: 10.0, 2021: 13.0, 2022: 14.0}), horizon=3, n_paths=50, seed=7
    )
    [changed] = apply_scenario(
        {"tourist_arrivals": made}, scenario(adjustment("multiply", {2024: 2}))
    ).values()
    assert changed.paths.index.equals(made.paths.index)
    np.testing.assert_array_equal(changed.paths / made.paths, [[1.0] * 50, [2.0] * 50, [1.0] * 50])


def test_differences_are_from_the_baseline_that_is_named():
    paths = {"base": 1.0, "low": 0.5, "high": 2.0}
    outcomes = {name: {"tourist_arrivals": outcome([[value]])} for name, value in paths.items()}
    for named, own in paths.items():
        table = compare_scenarios(outcomes, "tourist_arrivals", baseline=named).set_index("scenario")
        told = table["difference"].to_dict()
        assert told == {name: value - own for name, value in paths.items()}


def test_positions_of_a_lever_are_steps_that_a_reader_can_name_and_hold_the_baseline():
    amounts = lever_positions(outcome([[1.0, 2.0]]))
    points = lever_positions(outcome([[1.0, 2.0]], indicator="grdp_growth", scale="growth"))
    assert (amounts[0], amounts[-1]) == PLAUSIBLE
    assert {0.95, 1.0, 1.1} <= set(amounts)
    assert {-10.0, -0.5, 0.0, 10.0} <= set(points)
    for positions in (amounts, points):
        steps = np.diff(positions)
        np.testing.assert_allclose(steps, steps[0])
