from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from factories import concepts, evidence, observation, vintage
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import SapaError
from sapa_analysis.core.errors import NoEvidenceError
from sapa_analysis.core.types import YearlySeries
from sapa_analysis.core.yearly import row_of, years_of
from sapa_analysis.series import build_series
from sapa_analysis.series.prior import PRIORS
from sapa_analysis.series.smoother import Prior

#: A year whose months are alike.
FLAT = pd.DataFrame({"share": 1 / 12, "sd": 0.01}, index=pd.RangeIndex(1, 13, name="month"))
JANUARY_TO_JUNE = {"period": "2022-01/2022-06", "freq": "YTD"}

#: A build takes some milliseconds, and a law that fails does so on most histories.
few = settings(max_examples=min(10, settings.default.max_examples))
counts = st.integers(1_000, 9_999_999)
histories = st.dictionaries(st.integers(2008, 2022), counts, min_size=1, max_size=8)


def build(*rows: dict[str, object], **options: object) -> YearlySeries:
    chosen = {"area": "sa_pa", "profile": FLAT, "n_draws": 200} | options
    known = {name: chosen.pop(name) for name in ("as_of", "indicators", "covariates") if name in chosen}
    return build_series(vintage(*rows, **known), "tourist_arrivals", **chosen)


def yearly_rows(history: dict[int, int]) -> list[dict[str, object]]:
    return [observation(str(year), value) for year, value in history.items()]


def half_year(value: float, **changed: object) -> dict[str, object]:
    return observation("2022-01/2022-06", value, "YTD", **changed)


# which figure is the best of a year ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carries", "yields"),
    [
        pytest.param(
            observation("2022", 100, kind="estimate", grade="C", published="2022-07-01"),
            half_year(70, grade="A", published="2023-05-01"),
            id="the whole year before a part of it",
        ),
        pytest.param(
            half_year(70, published="2022-07-01"),
            observation("2022-Q1", 30, "Q", grade="A", published="2023-05-01"),
            id="the longer part before the shorter",
        ),
        pytest.param(
            observation("2022", 100, grade="C", published="2023-01-01"),
            observation("2022", 70, kind="estimate", grade="A", published="2023-05-01"),
            id="an actual before an estimate",
        ),
        pytest.param(
            observation("2022", 100, grade="A", published="2023-01-01"),
            observation("2022", 70, grade="B", published="2023-05-01"),
            id="the better grade before the worse",
        ),
        pytest.param(
            observation("2022", 100, published="2023-05-01"),
            observation("2022", 70, published="2023-01-01"),
            id="the later page before the earlier",
        ),
        pytest.param(
            observation("2022", 100, published="2023"),
            observation("2022", 70, published="2023-01-15"),
            id="a page of some day of a year counts as of its last day",
        ),
    ],
)
def test_precedence_within_a_year(carries, yields):
    alone = build(carries).table["best"].iloc[0]
    for rows in ([carries, yields], [yields, carries]):
        series = build(*rows)
        assert series.table["best"].to_list() == pytest.approx([alone])
        assert series.observations["used"].all()


@few
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(history, random):
    rows = [*yearly_rows(history), *(observation(str(year), 5_000) for year in history)]
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(build(*rows).table, build(*shuffled).table)


@few
@given(histories)
def test_every_published_year_keeps_its_figure_and_is_used_once(history):
    series = build(*yearly_rows(history))
    assert series.observed_years == sorted(history)
    own = series.table[series.table["basis"] == "year"]
    assert own["best"].to_list() == pytest.approx([history[year] for year in sorted(history)])
    assert series.observations["used"].sum() == len(history)


def test_other_areas_and_indicators_do_not_mix():
    others = [observation("2022", 7, area="sa_pa_ward"), observation("2022", 8, indicator_id="grdp")]
    assert build(observation("2022", 100), *others).observations["value"].to_list() == [100]


def test_building_leaves_the_evidence_untouched():
    table = evidence(observation("2020", 100), half_year(70))
    before = table.copy(deep=True)
    build_series(
        replace(vintage(), evidence=table), "tourist_arrivals", area="sa_pa", profile=FLAT, n_draws=10
    )
    pd.testing.assert_frame_equal(table, before)


# part of a year -------------------------------------------------------------------------------------------


@few
@given(counts, st.integers(1, 12))
def test_january_to_a_month_is_divided_by_its_share(value, month):
    series = build(observation(f"2022-01/2022-{month:02d}", value, "YTD"))
    assert series.table["estimate"].iloc[0] == pytest.approx(value * 12 / month)
    assert series.table["basis"].iloc[0] == "part_year"


@pytest.mark.parametrize(
    ("row", "factor"),
    [
        pytest.param(half_year(100), 2, id="half a year doubles"),
        pytest.param(observation("2022-Q3", 100, "Q"), 4, id="a quarter"),
        pytest.param(observation("2022-09", 100, "M"), 12, id="a month"),
        pytest.param(half_year(100, through="2022-06-15"), 12 / 5.5, id="a cut-off day"),
    ],
)
def test_a_part_of_the_year_is_scaled_by_its_share(row, factor):
    assert build(row).table["estimate"].iloc[0] == pytest.approx(100 * factor)


def test_a_part_of_the_year_is_less_certain_than_the_whole():
    assert build(half_year(50)).table["sd"].iloc[0] > build(observation("2022", 100)).table["sd"].iloc[0]


def test_the_longer_the_part_the_surer_the_year():
    spreads = [
        build(observation(f"2022-01/2022-{month:02d}", 10 * month, "YTD")).table["sd"].iloc[0]
        for month in range(1, 13)
    ]
    assert spreads == sorted(spreads, reverse=True)


def test_a_state_at_a_date_is_not_divided():
    row = observation("2022-06", 100, "M")
    series = build(row, profile=None, indicators=concepts(nature="stock"))
    assert series.table["estimate"].to_list() == pytest.approx([100])


def test_a_state_early_in_the_year_is_less_certain_than_one_late():
    early, late = (
        build(observation(f"2022-{month}", 100, "M"), profile=None, indicators=concepts(nature="stock"))
        for month in ("02", "11")
    )
    assert early.table["sd"].iloc[0] > late.table["sd"].iloc[0]


def test_part_of_a_year_needs_a_profile_or_covariates():
    with pytest.raises(SapaError, match="need a profile of the months, or covariates"):
        build(half_year(100), profile=None)


def test_whole_years_need_neither():
    assert build(observation("2022", 100), profile=None).observed_years == [2022]


# how sure -------------------------------------------------------------------------------------------------


@few
@given(counts, st.floats(1.2, 5), st.sampled_from("ABC"))
def test_figures_that_disagree_leave_the_year_less_certain_than_one_of_them(value, ratio, grade):
    one, other = (observation("2022", v, grade=grade) for v in (value, round(value * ratio) + 1))
    together = build(one, other).table["sd"].iloc[0]
    assert together > max(build(row).table["sd"].iloc[0] for row in (one, other))


@few
@given(counts, st.floats(1.3, 5))
def test_a_lone_dissenter_among_three_is_held_wrong_and_moves_the_year_less(value, ratio):
    pages = ["2023-01-01", "2023-02-01", "2023-03-01"]
    values = [value, round(value * 1.01) + 1, round(value * ratio)]
    rows = [observation("2022", v, published=page) for v, page in zip(values, pages, strict=True)]
    seen = build(*rows, *yearly_rows({2020: value, 2021: value})).observations.query("period == '2022'")
    by_value = seen.set_index("value").sort_index()
    assert by_value["wrong"].iloc[-1] == by_value["wrong"].max()
    assert by_value["weight"].iloc[-1] == by_value["weight"].min()


def test_figures_that_agree_make_the_year_surer():
    one, other = observation("2022", 100_000), observation("2022", 100_500)
    assert build(one, other).table["sd"].iloc[0] < build(one).table["sd"].iloc[0]


#: Steps of a known size, and no figure wrong: the laws of plain least squares hold.
PLAIN = Prior(0.1, 0.0, 0.0, 0.05, shock=0.5, wrong=0.0, wrong_sd=0.0)


@few
@given(histories, counts, st.integers(2008, 2022))
def test_with_steps_known_and_none_wrong_another_figure_never_widens_a_year(history, value, year):
    rows = [*yearly_rows(history), observation("2008", 5_000), observation("2022", 5_000)]
    fewer, more = (
        build(*some, prior=PLAIN).table["sd"] for some in (rows, [*rows, observation(str(year), value)])
    )
    assert (more <= fewer * (1 + 1e-9)).all()


@few
@given(histories)
def test_with_steps_known_and_none_wrong_a_worse_grade_never_narrows_a_year(history):
    rows = yearly_rows(history)
    worse = [rows[0] | {"grade": "C"}, *rows[1:]]
    before, after = (build(*some, prior=PLAIN).table["sd"] for some in (rows, worse))
    assert (after >= before * (1 - 1e-9)).all()


def test_growth_above_last_year_informs_the_level():
    both = pd.concat([concepts(), concepts("growth", "rate").rename({"tourist_arrivals": "growth"})])
    both["growth_of"] = ["", "tourist_arrivals"]
    growth = observation("2021", 20.0, indicator_id="growth", unit="percent", digits=2)
    rows = [observation("2020", 100_000), growth]
    series = build(*rows, indicators=both, as_of="2022-06-30")
    assert series.table["estimate"].iloc[1] == pytest.approx(120_000, rel=0.01)
    assert series.table["sd"].iloc[1] < PRIORS["log"].step
    assert series.observed_years == [2020]
    assert build(rows[0], as_of="2022-06-30").origin == 2020


def test_a_total_over_years_informs_each_of_them():
    rows = [*yearly_rows({2016: 100_000, 2020: 100_000}), observation("2016/2020", 560_000, "TERM", digits=3)]
    series = build(*rows)
    assert series.table["estimate"].sum() == pytest.approx(560_000, rel=0.03)
    assert series.table["estimate"].loc["2018"] > 110_000


def test_overlapping_totals_before_the_first_year_reach_back():
    totals = [
        observation("2015/2018", 400_000, "TERM", digits=3),
        observation("2017/2020", 500_000, "TERM", digits=3),
    ]
    table = build(observation("2022", 140_000), *totals).table
    assert list(years_of(table)) == list(range(2015, 2023))
    assert table["estimate"].loc["2015":"2018"].sum() == pytest.approx(400_000, rel=0.03)
    assert table["estimate"].loc["2017":"2020"].sum() == pytest.approx(500_000, rel=0.03)
    assert table["best"].notna().sum() == 1


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([observation("2022", 100)], id="one figure"),
        pytest.param([observation(str(year), 100, grade="C") for year in (2020, 2022)], id="only C"),
        pytest.param([half_year(50)], id="only part of a year"),
    ],
)
def test_thin_evidence_is_a_series_with_honest_bands(rows):
    table = build(*rows).table
    assert table["estimate"].iloc[-1] == pytest.approx(100, rel=0.05)
    assert (table["upper_95"] / table["lower_95"] > 1.1).all()


def test_an_average_over_a_term_informs_a_rate_of_growth():
    rows = [observation("2016", 10.0, digits=3), observation("2016/2020", 14.0, "TERM", digits=3)]
    table = build(*rows, indicators=concepts("growth", "rate"), as_of="2021-06-30").table
    assert table["estimate"].mean() == pytest.approx(14.0, abs=0.3)
    assert table["basis"].to_list() == ["year", *["carried_forward"] * 4]


def test_a_figure_without_a_logarithm_is_one_clear_error():
    with pytest.raises(
        SapaError, match=r"modelled on logs, and these figures have none: 0 \(2021\), -5 \(2022\)"
    ):
        build(observation("2020", 100), observation("2021", 0), observation("2022", -5))


def test_of_figures_a_factor_ten_apart_the_one_that_fits_the_years_around_it_counts():
    either = [observation("2022", 110_000), observation("2022", 1_100_000)]
    alone, among = build(*either), build(*yearly_rows({2020: 100_000, 2021: 105_000}), *either)
    assert alone.table["sd"].iloc[-1] > 0.5
    assert among.table["sd"].iloc[-1] < alone.table["sd"].iloc[-1]
    assert 90_000 < among.table["estimate"].iloc[-1] < 140_000


@few
@given(counts, st.floats(1.1, 2), st.floats(1.05, 2))
def test_the_wider_the_disagreement_the_less_certain_the_year(value, ratio, more):
    def spread(factor: float) -> float:
        other = observation("2022", value * factor, published="2023-01-01")
        return build(observation("2022", value), other).table["sd"].iloc[0]

    assert spread(ratio * more) > spread(ratio)


@few
@given(counts)
def test_the_better_the_grade_the_surer_the_year(value):
    a, b, c = (build(observation("2022", value, grade=grade)).table["sd"].iloc[0] for grade in "ABC")
    assert a < b < c


@few
@given(counts)
def test_an_estimate_is_less_certain_than_an_actual(value):
    actual, estimate = (build(observation("2022", value, kind=kind)) for kind in ("actual", "estimate"))
    assert estimate.table["sd"].iloc[0] > actual.table["sd"].iloc[0]


@few
@given(counts, st.integers(1, 5))
def test_the_fewer_the_digits_the_less_certain_the_year(value, digits):
    fewer, more = (
        build(observation("2022", value, digits=n)).table["sd"].iloc[0] for n in (digits, digits + 1)
    )
    assert fewer > more


@few
@given(counts, st.integers(1, 4))
def test_over_lies_above_the_printed_number_and_nearly_below(value, digits):
    over, exact, under = (
        build(observation("2022", value, bound=bound, digits=digits)).table["estimate"].iloc[0]
        for bound in ("over", "exact", "under")
    )
    assert under < value < over
    assert exact == pytest.approx(value)


def test_about_leaves_more_room_than_a_bare_number():
    about, exact = (build(observation("2022", 500, digits=1, bound=bound)) for bound in ("about", "exact"))
    assert about.table["sd"].iloc[0] > exact.table["sd"].iloc[0]


@few
@given(histories)
def test_the_bands_hold_the_estimate_one_inside_the_other(history):
    table = build(*yearly_rows(history), n_draws=500).table
    inside = table[["lower_95", "lower_80", "estimate", "upper_80", "upper_95"]].to_numpy()
    assert (inside[:, 1:] >= inside[:, :-1]).all()


def test_the_bands_grow_with_the_spread():
    a, c = (build(observation("2022", 100, grade=grade), n_draws=2_000).table.iloc[0] for grade in "AC")
    for level in (80, 95):
        assert c[f"upper_{level}"] - c[f"lower_{level}"] > a[f"upper_{level}"] - a[f"lower_{level}"]


def test_the_80_percent_band_holds_80_percent_of_the_draws():
    series = build(*yearly_rows({2018: 100, 2022: 150}), n_draws=4_000)
    inside = series.draws.ge(series.table["lower_80"], axis=0) & series.draws.le(
        series.table["upper_80"], axis=0
    )
    assert inside.mean(axis=1).to_list() == pytest.approx([0.8] * 5, abs=0.025)  # 4,000 draws: sd 0.006


# between figures and after the last -----------------------------------------------------------------------


@few
@given(counts, st.floats(0.7, 1.5))
def test_years_between_figures_follow_from_them(first, ratio):
    last = round(first * ratio)
    series = build(*yearly_rows({2012: first, 2016: last}))
    assert series.table["basis"].to_list() == ["year", *["interpolated"] * 3, "year"]
    even = [first * (last / first) ** (k / 4) for k in range(5)]
    assert series.table["estimate"].to_list() == pytest.approx(even, rel=0.02)


@few
@given(counts, st.integers(1, 4))
def test_a_series_ends_with_its_last_figure_whatever_the_day(value, years):
    rows = yearly_rows({2015: value, 2016: value})
    short, long = (build(*rows, as_of=f"{2018 + later}-01-15") for later in (0, years))
    assert (long.origin, long.ended, long.observed_years) == (2016, 2017 + years, [2015, 2016])
    pd.testing.assert_frame_equal(long.table, short.table)
    pd.testing.assert_frame_equal(long.draws, short.draws)


@few
@given(counts, st.integers(1, 4), st.integers(0, 3))
def test_shock_years_after_the_last_figure_are_in_the_series_less_and_less_certain(value, shocks, later):
    last = 2017 + shocks
    rows, listed = yearly_rows({2015: value, 2016: value}), range(2018, last + 5)
    series = build(*rows, as_of=f"{last + 1}-01-15", shock_years=range(2018, last + 1))
    known = build(*rows, as_of=f"{last + 1}-01-15", shock_years=listed)
    pd.testing.assert_frame_equal(known.draws, series.draws)  # a shock year that has not ended is not known
    after = series.table.loc["2017":]
    assert (series.origin, len(after), set(after["basis"])) == (last, 1 + shocks, {"carried_forward"})
    assert after["best"].isna().all()
    assert after["estimate"].is_monotonic_increasing
    assert series.table["sd"].loc["2016":].is_monotonic_increasing
    same = build(*rows, as_of=f"{last + 1 + later}-01-15", shock_years=range(2018, last + 1))
    pd.testing.assert_frame_equal(same.draws, series.draws)


def test_a_gap_is_less_certain_than_its_ends():
    spread = build(*yearly_rows({2012: 100, 2016: 150}), n_draws=2_000).table["sd"]
    assert spread.iloc[1:4].min() > spread.iloc[[0, 4]].max()


def test_a_shock_year_may_jump():
    rows = yearly_rows({2018: 100, 2019: 110, 2021: 105})
    without_shocks, shaken = (
        build(*rows, shock_years=years, n_draws=2_000).table["sd"] for years in ((), (2020, 2021))
    )
    assert shaken.loc["2020"] > 2 * without_shocks.loc["2020"]
    assert shaken.loc["2019"] == pytest.approx(without_shocks.loc["2019"], rel=0.1)


# the running year and what a day knew ---------------------------------------------------------------------


def test_the_running_year_is_known_in_part_only():
    rows = [
        *yearly_rows({2020: 90, 2021: 100}),
        observation("2022", 140, kind="estimate", published="2022-06-01"),
        observation("2022-01/2022-05", 50, "YTD", published="2022-06-01"),
        observation("2023", 200, kind="estimate", published="2022-06-01"),
    ]
    series = build(*rows, as_of="2022-06-30")
    assert (series.origin, list(years_of(series.table))) == (2021, [2020, 2021])
    assert row_of(series.running, 2022)["basis"] == "part_year"
    assert row_of(series.running, 2022)["estimate"] == pytest.approx(120)
    assert list(years_of(series.with_running())) == list(series.to_frame()["year"]) == [2020, 2021, 2022]
    assert series.observed_years == [2020, 2021]


def test_without_part_of_it_the_running_year_is_left_out():
    rows = [*yearly_rows({2020: 90}), observation("2022", 140, kind="estimate", published="2022-06-01")]
    assert list(years_of(build(*rows, as_of="2022-06-30").table)) == [2020]


def test_a_year_has_ended_on_its_last_day():
    row = observation("2022", 100, published="2022-12-30")
    assert build(row, as_of="2022-12-31").origin == 2022
    with pytest.raises(NoEvidenceError, match="known by 2022-12-30"):
        build(row, as_of="2022-12-30")


def test_a_part_of_the_running_year_alone_is_no_series():
    row = observation("2022-01/2022-05", 50, "YTD", published="2022-06-01")
    with pytest.raises(NoEvidenceError, match="a year that has ended"):
        build(row, as_of="2022-06-30")


@few
@given(histories, counts)
def test_what_was_published_later_is_not_known(history, later):
    rows = [*yearly_rows(history), observation("2008", 1_000)]
    news = observation("2022", later, published="2023-07-01", grade="A")
    before, after = (build(*known, as_of="2023-06-30") for known in (rows, [*rows, news]))
    pd.testing.assert_frame_equal(before.table, after.table)
    pd.testing.assert_frame_equal(before.draws, after.draws)


# draws ----------------------------------------------------------------------------------------------------


@few
@given(histories, st.integers(0, 1_000))
def test_the_same_seed_gives_the_same_draws(history, seed):
    rows = yearly_rows(history)
    first, second, other = (build(*rows, seed=s, n_draws=20) for s in (seed, seed, seed + 1))
    pd.testing.assert_frame_equal(first.draws, second.draws)
    assert not first.draws.equals(other.draws)
    assert first.table["estimate"].equals(other.table["estimate"])


@few
@given(histories)
def test_there_is_one_draw_of_every_year_in_every_path(history):
    series = build(*yearly_rows(history), n_draws=30)
    assert series.draws.shape == (len(series.table), 30)
    assert series.draws.index.equals(series.table.index)
    assert (series.draws > 0).all(axis=None)


# laws of scale --------------------------------------------------------------------------------------------


@few
@given(histories, st.floats(0.01, 1_000))
def test_estimates_follow_the_unit(history, factor):
    plain = build(*yearly_rows(history), as_of="2023-06-30")
    scaled = build(
        *yearly_rows({year: value * factor for year, value in history.items()}), as_of="2023-06-30"
    )
    assert scaled.table["estimate"].to_list() == pytest.approx((plain.table["estimate"] * factor).to_list())
    assert scaled.table["basis"].equals(plain.table["basis"])


@few
@given(histories, st.integers(1, 4))
def test_ten_times_the_figures_give_ten_times_the_paths(history, power):
    """A power of ten keeps the printed digits where they are, so the rounding scales too."""
    factor = 10**power
    plain = build(*yearly_rows(history), half_year(500, bound="over", digits=2))
    scaled = build(
        *yearly_rows({year: value * factor for year, value in history.items()}),
        half_year(500 * factor, bound="over", digits=2),
    )
    pd.testing.assert_series_equal(scaled.table["estimate"], plain.table["estimate"] * factor, rtol=1e-6)
    pd.testing.assert_series_equal(scaled.table["sd"], plain.table["sd"], rtol=1e-6)


@pytest.mark.parametrize("scale", ["logit", "growth", "level"])
def test_rates_stay_on_their_scale(scale):
    rows = [observation("2020", 12.5, digits=3), observation("2022", 14.5, digits=3)]
    series = build(*rows, indicators=concepts(scale=scale, nature="rate"), n_draws=2_000)
    assert series.scale == scale
    assert series.table["best"].iloc[[0, 2]].to_list() == pytest.approx([12.5, 14.5])
    assert series.table["estimate"].iloc[[0, 2]].to_list() == pytest.approx([12.5, 14.5], abs=0.1)
    if scale == "logit":
        assert ((series.draws > 0) & (series.draws < 100)).all(axis=None)


# nothing to say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "n_known"),
    [
        ([], 0),
        ([observation("2022", 100, published="2024-01-01")], 0),
        ([observation("2022", 100, published="")], 0),
        ([observation("2016/2020", 12.0, "TERM")], 1),
        ([observation("2022", 100, "YTD", published="2022-07-01")], 1),
    ],
    ids=["no row", "published later", "undated", "a term only", "a cut-off nobody tells"],
)
def test_without_a_usable_figure_there_is_no_series(rows, n_known):
    with pytest.raises(NoEvidenceError, match="no figure of tourist_arrivals for sa_pa") as caught:
        build(*rows, as_of="2023-06-30")
    assert caught.value.n_known == n_known


def test_an_undated_page_is_known_to_the_latest_edition():
    assert build(observation("2022", 100, published="")).observed_years == [2022]


def test_an_unknown_indicator_is_named():
    with pytest.raises(SapaError, match='"tourist_arrivals" is no indicator'):
        build(observation("2022", 100), indicators=concepts().rename({"tourist_arrivals": "grdp"}))
