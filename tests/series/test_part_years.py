"""Parts of years: how unlike the profile they are, and how much lies above them in a recovering year."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factories import concepts, evidence, observation, vintage
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis.series import build_series
from sapa_analysis.series.part_years import lift_share, part_year_table, spread_of_parts
from sapa_analysis.series.statement import best_per_year, measure

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
SLOPE, SPREAD, COUNTS_AS = part_year_table().loc[0, ["slope", "spread", "years"]]
#: A year whose months are alike.
FLAT = pd.DataFrame({"share": 1 / 12, "sd": 0.0}, index=pd.RangeIndex(1, 13, name="month"))
SHOCKS = [2020, 2021, 2022]

few = settings(max_examples=min(25, settings.default.max_examples))
shares = st.floats(0.001, 1)
gaps = st.floats(0, 5)
counts = st.integers(1_000, 9_999_999)
months = st.integers(1, 11)


def so_far(year: int, month: int, value: float, **changed: object) -> dict[str, object]:
    """Return a figure of the months of a year since January."""
    printed = {"published": f"{year + month // 12}-{month % 12 + 1:02d}-20"} | changed
    return observation(f"{year}-01/{year}-{month:02d}", value, "YTD", **printed)


def read(*rows: dict[str, object], shock_years: list[int] = SHOCKS, **options: object) -> pd.DataFrame:
    given_profile = {"profile": FLAT} | options
    known = vintage(*rows, **{name: given_profile.pop(name) for name in ("indicators",) if name in options})
    return measure(known, "tourist_arrivals", "sa_pa", shock_years=shock_years, **given_profile)


def last_share(*rows: dict[str, object], **options: object) -> float:
    """Return the share of the year in the last printed part of it."""
    table = read(*rows, **options)
    parts = table[(table["basis"] == "part_year") & (table["year"] == table["year"].max())]
    return float(parts["share"].item())


# the formula ------------------------------------------------------------------------------------------------


@given(shares, gaps)
def test_the_share_lies_between_a_full_gap_and_a_normal_year(share, later):
    lifted = lift_share(share, later)
    assert share * np.exp(-later) * (1 - 1e-12) <= lifted <= share * (1 + 1e-12)
    assert 0 < lifted <= 1


@given(shares, gaps, gaps)
def test_the_deeper_the_gap_the_smaller_the_share(share, one, other):
    near, deep = sorted([one, other])
    assert lift_share(share, deep) <= lift_share(share, near)


@given(shares)
def test_without_a_gap_the_share_is_that_of_a_normal_year(share):
    assert lift_share(share, 0.0) == pytest.approx(share, rel=1e-12)


@given(st.floats(0.01, 0.99), st.floats(-3, 3), gaps, st.floats(1, 1e6))
def test_the_year_is_the_months_seen_and_a_rest_that_lies_above_them(share, x, later, normal):
    seen = normal * share * np.exp(x)
    whole = normal * (share * np.exp(x) + (1 - share) * np.exp(x + later))
    assert seen / lift_share(share, later) == pytest.approx(whole)


# which years, which figures -----------------------------------------------------------------------------------


@few
@given(counts, counts, months, st.integers(2022, 2025))
def test_a_recovering_year_is_scaled_up_by_the_line(before, value, month, year):
    share = month / 12
    gap = max(np.log(before * share / value), 0)
    lifted = last_share(observation("2019", before, digits=9), so_far(year, month, value, digits=9))
    assert lifted == pytest.approx(lift_share(share, SLOPE * gap))


@few
@given(counts, counts, months, st.sampled_from([2, 10, 1000]))
def test_the_share_has_no_unit(before, value, month, factor):
    rows = [
        [observation("2019", before * k, digits=9), so_far(2022, month, value * k, digits=9)]
        for k in (1, factor)
    ]
    one, other = (last_share(*row) for row in rows)
    assert one == pytest.approx(other)


@few
@given(counts, counts, counts, months)
def test_the_lower_the_months_the_more_the_rest_lies_above_them(before, one, other, month):
    low, high = sorted([one, other])
    found = [
        last_share(observation("2019", before, digits=9), so_far(2023, month, value, digits=9))
        for value in (low, high)
    ]
    assert found[0] <= found[1] * (1 + 1e-12)


@few
@given(counts, counts, months, st.integers(2012, 2026))
def test_without_shock_years_nothing_changes(before, value, month, year):
    rows = [observation("2011", before), so_far(year, month, value)]
    table = read(*rows, shock_years=[])
    part = table[table["basis"] == "part_year"].iloc[0]
    assert part["share"] == pytest.approx(month / 12)
    for others in ([year + 1, year + 2], [1990, 1991], [year], [year, year + 1], [year - 1, year, year + 1]):
        pd.testing.assert_frame_equal(read(*rows, shock_years=others), table, check_exact=True)


def rows_of(*years: tuple[int, float], year: int, value: float) -> list[dict[str, object]]:
    return [
        *(observation(str(past), amount, digits=9) for past, amount in years),
        so_far(year, 6, value, digits=9),
    ]


@pytest.mark.parametrize(
    ("past", "year", "value", "shocks"),
    [
        pytest.param([(2019, 100)], 2020, 25, SHOCKS, id="the break falls in this year"),
        pytest.param([(2019, 100)], 2021, 25, SHOCKS, id="the next year is a shock year too"),
        pytest.param([(2019, 100)], 2020, 25, [2020], id="break and reopening in one year"),
        pytest.param([(2019, 100)], 2019, 25, SHOCKS, id="a year before"),
        pytest.param([(2018, 100)], 2022, 25, SHOCKS, id="the last normal year is not known"),
        pytest.param([(2019, 100)], 2022, 50, SHOCKS, id="no gap"),
        pytest.param([(2019, 100)], 2023, 80, SHOCKS, id="above the level"),
        pytest.param([(2019, 100), (2023, 101)], 2024, 25, SHOCKS, id="a year before was back already"),
        pytest.param(
            [(2002, 100), (2019, 300)], 2022, 160, [2003, 2004, *SHOCKS], id="back from the last break"
        ),
    ],
)
def test_other_years_have_the_share_of_a_normal_year(past, year, value, shocks):
    assert last_share(*rows_of(*past, year=year, value=value), shock_years=shocks) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("past", "year", "shocks"),
    [
        pytest.param([(2019, 100)], 2022, SHOCKS, id="the reopening"),
        pytest.param([(2019, 100)], 2022, [2021, 2020, 2022], id="in any order"),
        pytest.param([(2019, 100), (2022, 80)], 2023, SHOCKS, id="the year after"),
        pytest.param([(2019, 100)], 2021, [2020], id="the year after a single one"),
        pytest.param([(2019, 100), (2023, 99)], 2024, SHOCKS, id="as long as it is not back"),
        pytest.param([(2002, 30), (2019, 100)], 2022, [2003, 2004, *SHOCKS], id="the last of two breaks"),
    ],
)
def test_recovering_years_lie_higher(past, year, shocks):
    found = last_share(*rows_of(*past, year=year, value=25), shock_years=shocks)
    assert found == pytest.approx(lift_share(0.5, SLOPE * np.log(2)))


@pytest.mark.parametrize("changed", [{"scale": "level"}, {"nature": "stock"}])
def test_only_amounts_of_a_year_are_scaled_up(changed):
    rows = rows_of((2019, 100), year=2022, value=25)
    kind = concepts(**changed)
    pd.testing.assert_frame_equal(read(*rows, indicators=kind), read(*rows, indicators=kind, shock_years=[]))


@few
@given(
    counts, counts, counts, st.sampled_from([2021, 2022, 2023]), st.sampled_from([[], [2020], [2020, 2021]])
)
def test_only_years_that_broke_the_indicator_count(before, whole, part, year, own):
    rows = [observation("2019", before), *([observation("2022", whole)] if year > 2022 else [])]
    rows += [observation("2018", before), so_far(2018, 6, whole), so_far(year, 6, part)]
    broke = ";".join(str(shock) for shock in own)
    # another indicator names all three, so that they are no new shocks
    mine = pd.concat(
        [concepts(broke=broke), concepts(broke="2020-2022").rename({"tourist_arrivals": "other"})]
    )
    told = read(*rows, indicators=mine)
    pd.testing.assert_frame_equal(told, read(*rows, shock_years=own), check_exact=True)


# its error ---------------------------------------------------------------------------------------------------


@few
@given(counts, st.floats(0.05, 0.9), months)
def test_the_error_is_the_spread_of_the_part_that_is_missing(before, level, month):
    value = before * level * month / 12
    rows = [observation("2019", before, digits=9), so_far(2022, month, value, digits=9)]
    table = read(*rows)
    part = table[table["basis"] == "part_year"].iloc[0]
    missing, own = SPREAD * (1 - part["share"]), 0.02
    assert part["sd"] == pytest.approx(np.hypot(missing, own), rel=1e-3)
    plain = read(*rows, shock_years=[])
    assert (plain.loc[plain["basis"] == "part_year", "sd"] < part["sd"]).all()


# how unlike the profile a place is ------------------------------------------------------------------------------


def spread(*rows: dict[str, object], shock_years: list[int] = SHOCKS) -> float:
    table = read(*rows, shock_years=shock_years)
    return spread_of_parts(
        table.assign(sd=np.hypot(table["sd"], _unlike(table))), best_per_year(table, None), shock_years
    )


def _unlike(table: pd.DataFrame) -> pd.Series:
    """Return the error of a profile that is not the own; `read` takes one that is."""
    return (SPREAD * (1 - table["share"])).where(table["basis"] == "part_year", 0.0)


def halves(apart: float, *years: int) -> list[dict[str, object]]:
    """Return whole years, and halves that lie off their share by the spread times `apart`."""
    seen = 500_000 * np.exp(apart * SPREAD / 2)
    return [
        row for year in years for row in (observation(str(year), 1_000_000), so_far(year, 6, seen, digits=9))
    ]


def test_without_a_year_of_its_own_a_place_has_the_spread_of_others():
    assert spread(observation("2018", 100), so_far(2019, 6, 60)) == SPREAD


@few
@given(st.floats(-6, 6), st.lists(st.integers(2005, 2019), min_size=1, max_size=6, unique=True))
def test_own_years_count_by_their_number(apart, years):
    figures = 2 * 0.02**2 / 0.25  # two pages of grade B, half a year missing
    own = max(0.0, (apart * SPREAD) ** 2 - figures)
    wanted = (COUNTS_AS * SPREAD**2 + len(years) * own) / (COUNTS_AS + len(years))
    assert spread(*halves(apart, *years)) ** 2 == pytest.approx(wanted, rel=1e-3)


@few
@given(st.floats(0, 6), st.floats(0, 6), st.integers(1, 4))
def test_the_more_a_place_was_unlike_the_more_it_may_be(one, other, years):
    near, far = sorted([one, other])
    few_years = range(2010, 2010 + years)
    assert spread(*halves(near, *few_years)) <= spread(*halves(far, *few_years)) * (1 + 1e-9)


def test_a_shock_year_says_nothing_of_the_months():
    assert spread(*halves(5, 2021)) == SPREAD
    assert spread(*halves(5, 2021), shock_years=[]) > 1.5 * SPREAD


def test_a_recovering_year_says_nothing_of_the_months():
    rows = [*halves(-5, 2024), observation("2019", 1_500_000)]
    assert spread(*rows, observation("2023", 1_400_000)) == SPREAD
    assert spread(*rows, observation("2023", 1_600_000)) > 1.5 * SPREAD


def test_figures_of_a_year_that_disagree_say_less_of_its_months():
    rows = halves(5, 2018)
    assert spread(*rows, observation("2018", 700_000, grade="C")) < spread(*rows)


def test_a_part_that_leaves_nothing_out_says_nothing():
    assert spread(observation("2019", 100), so_far(2019, 12, 50)) == SPREAD


# an example, and from outside ---------------------------------------------------------------------------------


def test_half_a_year_at_half_of_the_level():
    table = read(*rows_of((2019, 3_000_000), year=2022, value=750_000))
    part = table[table["basis"] == "part_year"].iloc[0]
    later = 0.27 * np.log(2)
    assert part["share"] == pytest.approx(0.453, abs=5e-4)
    assert part["implied"] == pytest.approx(750_000 * (1 + np.exp(later)), rel=1e-6)
    assert part["implied"] == pytest.approx(1_654_400, abs=50)


@pytest.mark.parametrize(
    ("day", "year", "where"), [("2022-08-01", 2022, "running"), ("2023-02-01", 2022, "table")]
)
def test_running_and_past_years_follow_the_same_line(day, year, where):
    rows = [
        *(
            observation(str(past), 3_000_000, published=f"{past + 1}-02-01")
            for past in (2016, 2017, 2018, 2019)
        ),
        observation("2021", 1_000_000, published="2022-02-01"),
        so_far(2022, 6, 750_000),
    ]
    estimates = {}
    for shocks in ((), (2020, 2021, 2022)):
        series = build_series(
            vintage(*rows, as_of=day),
            "tourist_arrivals",
            area="sa_pa",
            shock_years=shocks,
            profile=FLAT,
            n_draws=200,
        )
        table = getattr(series, where)
        estimates[shocks] = table.loc[table.index.year == year, "best"].item()
    assert estimates[()] == pytest.approx(1_500_000, rel=1e-6)
    assert estimates[(2020, 2021, 2022)] == pytest.approx(1_654_400, abs=50)


def known_of(tables, indicator, *rows):
    """Return a vintage of the shipped tables with these figures (period, value) of an indicator alone."""
    own = {"indicator_id": indicator, "unit": tables.indicators.loc[indicator, "unit"]}
    figures = [observation(when, value, "YTD" if "/" in when else "A", **own) for when, value in rows]
    return replace(tables, evidence=evidence(*figures)).as_of("2026-01-31")


@pytest.mark.parametrize(
    ("indicator", "part", "year", "wanted"),
    [
        pytest.param("land_use_revenue", "2023-01/2023-06", 2023, 522, id="did not break"),
        pytest.param("jobs_created", "2023-01/2023-06", 2023, 574, id="broke, and was not back in 2022"),
        pytest.param("jobs_created", "2021-01/2021-06", 2021, 574, id="reopened in 2021"),
        pytest.param("total_investment", "2021-01/2021-06", 2021, 574, id="reopened in 2021, too"),
        pytest.param("retail_sales", "2021-01/2021-06", 2021, 522, id="the break goes on to 2022"),
    ],
)
def test_part_years_of_shipped_indicators_follow_what_broke_them(tables, indicator, part, year, wanted):
    before = [("2018", 1000), ("2019", 1000)] + ([("2022", 600)] if year > 2022 else [])
    known = known_of(tables, indicator, *before, (part, 250))
    series = build_series(known, indicator, area="sa_pa", shock_years=SHOCKS, n_draws=200)
    assert series.observations.set_index("period").loc[part, "implied"] == pytest.approx(wanted, abs=0.5)


def test_a_year_that_broke_others_says_how_unlike_the_months_are(tables):
    rows = [("2019", 1000), ("2021", 1000), ("2021-01/2021-06", 200), ("2024-01/2024-06", 480)]
    spreads = {}
    for indicator in ("land_use_revenue", "retail_sales"):
        table = measure(known_of(tables, indicator, *rows), indicator, "sa_pa", shock_years=SHOCKS)
        spreads[indicator] = table.set_index("period").loc["2024-01/2024-06", "sd"]
    assert spreads["land_use_revenue"] > 1.5 * spreads["retail_sales"]


# what was learned ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learner():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        yield import_module("learn_part_years")


@few
@given(st.floats(0, 1), st.lists(st.floats(0.05, 0.9), min_size=2, max_size=5, unique=True))
def test_a_slope_put_into_invented_provinces_is_found_again(learner, slope, levels):
    rows = {}
    for place, level in enumerate(levels):
        rows[place, 2019] = np.full(12, 100.0)
        for year, seen in ((2022, 2), (2023, 6)):
            rest = level * np.exp(-slope * np.log(level))
            rows[place, year] = np.r_[np.full(seen, 100.0 * level), np.full(12 - seen, 100.0 * rest)]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=range(1, 13))
    table.index = pd.MultiIndex.from_tuples(table.index, names=["series_id", "year"])
    parts = learner.parts_of(table, learner.profile_of(table, [2019]))
    used = parts[
        ((parts["year"] == 2022) & (parts["seen"] == 2)) | ((parts["year"] == 2023) & (parts["seen"] == 6))
    ]
    assert learner.slope_of(used) == pytest.approx(slope, abs=1e-9)


def test_months_alike_to_the_profile_have_no_spread(learner):
    index = pd.MultiIndex.from_product([["a", "b"], learner.NORMAL_YEARS], names=["series_id", "year"])
    table = pd.DataFrame(np.outer([1, 2, 3, 4, 5, 6], np.arange(1.0, 13)), index=index, columns=range(1, 13))
    assert learner.spread_of(table, table) == pytest.approx(0, abs=1e-12)
    assert learner.spread_of(table, None) > 0.1
