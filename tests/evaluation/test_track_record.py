"""The track record: only what was published then makes a forecast, only what was known by `as_of` scores it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import evidence, observation
from matplotlib.collections import LineCollection

from sapa_analysis import Forecast, assess_indicator
from sapa_analysis.core import THIN_YEARS
from sapa_analysis.core.errors import ParamsError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evaluation import (
    score_subjects,
    scores,
    track_areas,
    track_record,
    track_scores,
    with_ancestors,
)
from sapa_analysis.evaluation.track_record import COLUMNS
from sapa_analysis.evidence.vintage import known_by
from sapa_analysis.reporting import describe_record
from sapa_analysis.reporting.figures import plot_track_record
from sapa_analysis.reporting.language import day, indicator_name, texts
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
QUANTILES = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]
#: What the forecast alone decides.
SAID = ["area", "origin", "year", "ahead", "method", *QUANTILES]
ARRIVALS = "tourist_arrivals"


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def record(visits, few):
    return track_record(visits, few, ARRIVALS, first=2017)


def small(tables, *rows):
    """Return the project with this evidence alone, all of one definition."""
    return replace(tables, evidence=evidence(*rows), definitions=tables.definitions.iloc[:0])


GROWING = [observation(str(year), 1000 * 1.1 ** (year - 2008)) for year in range(2008, 2020)]


def later(table, known_day, change):
    """Return a table with the rows published after a day changed; `change` is `delete` or `alter`."""
    early = table.index.isin(known_by(table, known_day).index)
    if change == "delete":
        return table[early]
    return table.assign(value=np.where(early, table["value"], 1.37 * table["value"] + 1))


def changed(project, known_day, change):
    tables = {name: later(getattr(project, name), known_day, change) for name in ("evidence", "covariates")}
    return replace(project, **tables)


# no look-ahead --------------------------------------------------------------------------------------------


def test_a_later_day_adds_origins_and_leaves_the_earlier_ones_as_they_were(visits, few, record):
    grown = track_record(visits, few.with_values(as_of="2022-06-30"), ARRIVALS, first=2017)
    assert set(grown["origin"]) - set(record["origin"]) == {2021}
    old = grown[grown["origin"] < 2021][SAID].reset_index(drop=True)
    pd.testing.assert_frame_equal(record[SAID], old, check_exact=True)


@pytest.mark.parametrize("change", ["alter"])
def test_what_is_published_after_an_origin_changes_no_forecast_of_it(visits, few, record, change):
    then = few.with_values(as_of="2019-12-31")
    other = track_record(changed(visits, "2018-12-31", change), then, ARRIVALS, first=2017)
    before, after = (frame[frame["origin"] <= 2018][SAID].reset_index(drop=True) for frame in (record, other))
    assert set(before["origin"]) == {2017, 2018}
    pd.testing.assert_frame_equal(before, after, check_exact=True)
    late, seen = (frame.query("origin == 2019")[SAID].to_numpy() for frame in (record, other))
    assert not np.array_equal(late, seen)  # a later origin did see the change


@pytest.mark.parametrize("change", ["delete"])
def test_what_is_published_after_as_of_changes_nothing_at_all(visits, few, record, change):
    other = changed(visits, few.as_of, change)
    assert not other.evidence["value"].reset_index(drop=True).equals(visits.evidence["value"])
    again = track_record(other, few, ARRIVALS, first=2017)
    pd.testing.assert_frame_equal(record, again, check_exact=True)
    assert record.attrs == again.attrs


def test_shock_years_after_an_origin_cannot_matter(visits, few, record):
    late = record[record["origin"] >= 2019].reset_index(drop=True)
    # but for this: a break that is not over by the origin has not reopened
    other = track_record(visits, few.with_values(shock_years=[2020, 2021, 2022, 2023]), ARRIVALS, first=2019)
    closed = late["origin"] < 2022
    pd.testing.assert_frame_equal(late[closed], other[closed], check_exact=True)
    none = track_record(visits, few.with_values(shock_years=[]), ARRIVALS, first=2019)
    same = late["origin"] < 2020
    pd.testing.assert_frame_equal(late[same], none[same], check_exact=True)
    assert not late[SAID].equals(none[SAID])


# what a row holds -----------------------------------------------------------------------------------------


def test_a_row_is_the_forecast_of_that_day_by_the_pipeline(visits, few, record):
    assert list(record.columns) == list(COLUMNS)
    then = few.with_values(as_of="2019-12-31", method="naive", horizon=3)
    outcome = assess_indicator(visits, then, ARRIVALS)
    assert isinstance(outcome, Forecast)
    rows = record.query("origin == 2019 and method == 'naive'").set_index("ahead")
    said = outcome.summary()[QUANTILES].to_numpy()
    np.testing.assert_allclose(rows.loc[1:3, QUANTILES].to_numpy(dtype=float), said, rtol=1e-12)
    drawn = outcome.observed.draws.loc["2019"].to_numpy()
    np.testing.assert_allclose(
        rows.loc[0, QUANTILES].to_numpy(dtype=float), np.quantile(drawn, scores.LEVELS), rtol=1e-12
    )


def test_the_last_origin_is_the_last_31_december_by_the_day(tables, few):
    project = small(tables, *GROWING)
    days = {"2019-12-30": 2018, "2019-12-31": 2019, "2020-01-01": 2019}
    for day_, last in days.items():
        seen = track_record(project, few.with_values(as_of=day_), ARRIVALS, first=2017, methods=["naive"])
        assert seen["origin"].max() == last


def test_only_whole_years_known_by_then_are_actuals(tables, few):
    rows = [
        *GROWING[:-3],  # 2008 to 2016
        observation("2017", 2400, kind="estimate"),
        observation("2018-01/2018-06", 1300, "YTD", published="2018-07-15"),
        observation("2019", 2900, published="2020-02-01"),
        observation("2020", 9999, published="2021-08-01"),  # after as_of
    ]
    seen = track_record(small(tables, *rows), few, ARRIVALS, first=2015, methods=["naive"])
    actual = seen.drop_duplicates("year").set_index("year")["actual"].sort_index()
    assert list(actual.dropna().index) == [2015, 2016, 2019]
    assert actual[2019] == 2900
    assert set(seen.loc[seen["year"] == 2019, "known"]) == {"2020-02-01"}
    assert set(seen.loc[seen["year"] == 2020, "known"]) == {""}
    assert set(seen.loc[seen["scored"], "year"]) == {2015, 2016, 2019}


def test_the_year_just_ended_counts_only_while_its_figure_is_not_out(tables, few):
    early = [*GROWING[:-1], observation("2019", 2900, published="2019-12-28")]
    then = few.with_values(as_of="2020-06-30")
    for rows, counts in ((GROWING, True), (early, False)):
        seen = track_record(small(tables, *rows), then, ARRIVALS, first=2019, methods=["naive"])
        [row] = seen.query("origin == 2019 and ahead == 0").to_dict("records")
        assert (row["scored"], row["actual"] > 0) == (counts, True)


def test_an_origin_that_is_not_assessed_has_no_row_and_is_counted(tables, few):
    seen = track_record(small(tables, *GROWING[-4:]), few, ARRIVALS, first=2015)
    refused = seen.attrs["refused"]
    asked = {
        (origin, method) for origin in range(2015, 2021) for method in ("headline", "naive", "linear_drift")
    }
    made = set(seen[["origin", "method"]].itertuples(index=False, name=None))
    assert made | {(origin, method) for _, origin, method, _ in refused} == asked
    assert len(made) + len(refused) == len(asked)
    assert ("sa_pa", 2015, "headline", "no_evidence") in refused
    assert ("sa_pa", 2017, "naive", "too_few_years") in refused


def test_without_any_evidence_there_is_an_empty_record_of_the_same_types(visits, few, record):
    empty = track_record(visits, few.with_values(area="ban_ho_commune"), ARRIVALS, first=2020)
    assert empty.empty
    assert len(empty.attrs["refused"]) == 3
    assert empty.dtypes.to_dict() == record.dtypes.to_dict()
    assert track_scores(empty).empty


@pytest.mark.parametrize(
    "asked", [{"methods": ["naiv"]}, {"indicator": "arrival"}, {"area": "sapa"}], ids=str
)
def test_unknown_names_are_refused(visits, few, asked):
    given = {"indicator": ARRIVALS, "methods": ["naive"], "area": "sa_pa"} | asked
    with pytest.raises(ParamsError, match="unknown"):
        track_record(
            visits, few.with_values(area=given["area"]), given["indicator"], methods=given["methods"]
        )


def test_the_areas_of_an_area_are_itself_and_those_that_hold_it(visits, few, record):
    assert with_ancestors(visits, "sa_pa") == ["sa_pa", "lao_cai", "viet_nam"]
    assert with_ancestors(visits, "viet_nam") == ["viet_nam"]
    both = track_areas(visits, few, ARRIVALS, ["lao_cai", "sa_pa"], first=2020)
    assert list(dict.fromkeys(both["area"])) == ["lao_cai", "sa_pa"]
    alone = both[both["area"] == "sa_pa"].reset_index(drop=True)
    late = record[record["origin"] >= 2020].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, late, check_exact=True)


# scores ---------------------------------------------------------------------------------------------------


def case(method, origin, ahead, actual, median, half, *, scale=10.0, scored=True):
    """Return a row whose interval of every level reaches `half` to each side."""
    ends = {f"{side}_{level}": median + sign * half for level in (50, 80, 95)
            for side, sign in (("lower", -1), ("upper", 1))}  # fmt: skip
    return {"area": "sa_pa", "origin": origin, "year": origin + ahead, "ahead": ahead, "method": method,
            "median": median, **ends, "actual": actual, "known": "2020", "source": "", "scored": scored,
            "scale": scale}  # fmt: skip


def frame(*rows):
    return pd.DataFrame(rows)[list(COLUMNS)]


def score(table, method, ahead="all"):
    [row] = table[(table["method"] == method) & (table["ahead"] == ahead)].to_dict("records")
    return row


def test_scores_by_hand():
    table = track_scores(
        frame(
            case("headline", 2015, 1, 100, 90, 20),  # error 10, held
            case("headline", 2015, 2, 130, 90, 20),  # error 40, 20 beyond the interval
            case("headline", 2016, 0, 90, 95, 20),
            case("naive", 2015, 1, 100, 80, 10),
            case("naive", 2015, 2, 130, 80, 10),
            case("naive", 2016, 0, 90, 95, 20),
        )
    )
    row = score(table, "headline")
    assert (row["made"], row["n"], row["n_scaled"], row["held_80"], row["years"]) == (2, 2, 2, 1, 2)
    assert (row["first"], row["last"]) == (2015, 2015)
    assert row["MASE"] == pytest.approx((10 + 40) / 2 / 10)
    assert (row["miss"], row["own_miss"], row["own_actual"]) == (25, 25, 115)
    # Bracher et al. 2021: (|error| / 2 + sum of alpha / 2 * (width + 2 / alpha * beyond)) / 3.5
    halves = 0.25 * 40 + 0.1 * 40 + 0.025 * 40
    wis = [(5 + halves) / 3.5, (20 + halves + 3 * 20) / 3.5]
    assert row["WIS"] == pytest.approx(np.mean(wis) / 10)
    assert (row["coverage_80"], row["coverage_95"]) == (50, 50)
    assert score(table, "headline", "0")["made"] == 1
    assert score(table, "naive")["MASE"] == pytest.approx((20 + 50) / 2 / 10)


@pytest.mark.parametrize(("actual", "held"), [(100, 100), (1000, 0)])
def test_coverage_of_intervals_that_always_or_never_hold(actual, held):
    table = track_scores(frame(*(case("naive", year, 1, actual, 100, 1) for year in range(2010, 2016))))
    row = score(table, "naive")
    assert row["coverage_80"] == row["coverage_95"] == held
    assert row["held_80"] == (6 if held else 0)


def test_methods_are_compared_on_the_cases_that_all_have():
    rows = [case("headline", year, 1, 100, 100 if year > 2012 else 0, 1) for year in range(2010, 2016)]
    rows += [case("naive", year, 1, 100, 100, 1) for year in range(2013, 2016)]
    row = score(track_scores(frame(*rows)), "headline")
    assert (row["made"], row["n"], row["MASE"], row["coverage_80"]) == (6, 3, 0, 100)
    assert (row["miss"], row["own_miss"]) == (0, 50)
    assert row["held_80"] == 3


def test_what_is_not_scored_and_what_has_no_scale_does_not_enter_the_means():
    rows = [case("naive", 2010, 1, 100, 90, 5), case("naive", 2011, 1, 100, 0, 5, scale=np.nan),
            case("naive", 2012, 1, np.nan, 0, 5, scored=False)]  # fmt: skip
    row = score(track_scores(frame(*rows)), "naive")
    assert (row["made"], row["n"], row["n_scaled"], row["MASE"]) == (2, 2, 1, 1)


def test_the_scale_is_that_of_mase_and_a_gap_counts_once(tables, few):
    then = few.with_values(as_of="2019-06-30")
    seen = track_record(small(tables, *GROWING), then, ARRIVALS, first=2018, methods=["naive"])
    past = [row["value"] for row in GROWING if int(row["period"]) <= 2018]
    [found] = set(seen.loc[seen["origin"] == 2018, "scale"])
    assert found == pytest.approx(scores.mase_scale(past), rel=1e-9)
    gap = [
        observation("2010", 100),
        observation("2014", 180),
        observation("2015", 220),
        observation("2016", 250),
    ]
    then = few.with_values(as_of="2017-06-30")
    seen = track_record(small(tables, *gap), then, ARRIVALS, first=2016, methods=["naive"])
    [found] = set(seen.loc[seen["origin"] == 2016, "scale"])
    assert found == pytest.approx((20 + 40 + 30) / 3)


# the picture ----------------------------------------------------------------------------------------------


@either
def test_a_panel_per_area_a_hair_per_origin_and_the_actuals(tables, few, record, lang):
    both = pd.concat([record, record.assign(area="lao_cai")], ignore_index=True)
    concept = tables.indicators.loc[ARRIVALS]
    figure = plot_track_record(
        both, concept, tables.areas, shock_years=few.shock_years, as_of=few.as_of, lang=lang
    )
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        f"{indicator_name(concept, lang)}, {tables.areas.loc[area, f'name_{lang}']}"
        for area in ("sa_pa", "lao_cai")
    ]
    mine = record[record["method"] == "headline"]
    for ax in figure.axes:
        assert ax.get_ylabel() == texts(lang)["units"]["million_visits"]
        bare = [line for line in ax.lines if line.get_marker() == "None" and line.get_color() != "black"]
        hairs = [line for line in bare if len(line.get_xdata()) == 4]
        drawn = {tuple(line.get_ydata()) for line in hairs}
        assert drawn == {tuple(hair["median"] / 1e6) for _, hair in mine.groupby("origin")}
        assert len([item for item in ax.collections if isinstance(item, LineCollection)]) == len(drawn)
        words = {text.get_text() for text in ax.texts}
        assert {str(origin) for origin in mine["origin"]} <= words
        assert {texts(lang)["figure"]["actual"], texts(lang)["figure"]["unusual"]} <= words
        dots = next(line for line in ax.lines if line.get_marker() == "o" and line.get_color() == "black")
        known = mine.drop_duplicates("year").set_index("year")["actual"].sort_index()
        np.testing.assert_allclose(dots.get_ydata(), known / 1e6)
    assert any(day(few.as_of, lang) in text.get_text() for text in figure.axes[-1].texts)


def test_amounts_that_span_stand_on_an_axis_of_ratios(tables, record):
    concept = tables.indicators.loc[ARRIVALS]
    figure = plot_track_record(record.assign(median=record["median"] / 20), concept, tables.areas)
    assert figure.axes[0].get_yscale() == "log"
    near = record.assign(median=1e6, actual=1.2e6)
    assert plot_track_record(near, concept, tables.areas).axes[0].get_yscale() == "linear"


@either
def test_a_panel_without_actuals_says_so_and_a_picture_without_records_too(tables, record, lang):
    concept, words = tables.indicators.loc[ARRIVALS], texts(lang)["figure"]
    figure = plot_track_record(record.assign(actual=np.nan, source=""), concept, tables.areas, lang=lang)
    assert figure.axes[0].get_title(loc="right") == words["no_actual"]
    empty = plot_track_record(record.iloc[:0], concept, tables.areas, lang=lang)
    assert words["no_record"] in [text.get_text() for text in empty.axes[0].texts]


# the sentences --------------------------------------------------------------------------------------------


def concept(scale="log"):
    return pd.Series(
        {"indicator_id": ARRIVALS, "name_vi": "khách", "name_en": "visits", "decimals": 2, "scale": scale}
        | {"unit": "visits" if scale == "log" else "percent"}
    )


def many(n, years=None, *, median=95, half=20):
    """Return the scores of n cases of two methods: naive misses each by 20, the headline its first by 100."""
    rows = []
    for place in range(n):
        origin = 2010 + (place if years is None else place % years)
        rows += [case("headline", origin, 1, 100, median if place else 0, half, scale=10.0 + place),
                 case("naive", origin, 1, 100, 80, 30, scale=10.0 + place)]  # fmt: skip
    return track_scores(frame(*rows))


def described(table, *, area="sa_pa", method="headline", lang="en", scale="log"):
    return describe_record(table, concept(scale), area=area, place="X", method=method, lang=lang)


@either
@pytest.mark.parametrize("n", [2, 6])
def test_the_numbers_told_are_those_of_the_scores(lang, n):
    table = many(n)
    told = described(table, lang=lang)
    values = {
        number.key.removeprefix(f"{ARRIVALS}.sa_pa.track."): number.value for number in numbers_in(told)
    }
    mine, naive = score(table, "headline", "1"), score(table, "naive", "1")
    miss = (100 + 5 * (n - 1)) / n
    assert values == {
        "made": n, "held_80": n - 1, "expected_80": round(0.8 * n), "interval_80.level": 80,
        "own_miss": pytest.approx(miss), "own_share": pytest.approx(miss / 100), "naive_miss": 20.0,
        **({"years": n} if n < THIN_YEARS else {}),
    }  # fmt: skip
    assert (mine["made"], mine["held_80"], mine["own_miss"], naive["miss"]) == (n, n - 1, miss, 20)
    loose = " ".join(part for text in told for part in parts(text) if not isinstance(part, Number))
    assert re.findall(r"\d+", loose) == ["2010", str(2009 + n)]  # the first and the last origin
    assert len(told) == 3
    assert all(text.endswith(".") for text in told)


@either
def test_few_outcomes_are_told_to_be_few(lang):
    words = texts(lang)["record_page"]["answer"]
    for n, years, few_ in ((4, 4, True), (5, 5, False), (8, 4, True), (1, 1, True)):
        told = plain(described(many(n, years), lang=lang))[-1]
        assert (told == plain(words["few"].format(years=years))) == few_
    short = pd.concat([many(6), many(6)]).assign(n=4)
    assert plain(described(short.iloc[:4], lang=lang))[-1] == words["few_compared"].format(n=4)


@either
@pytest.mark.parametrize(
    ("median", "half", "closer"),
    [(99, 10, "closer"), (99, 1000, "closer_median"), (75, 25, "closer_band"), (70, 1, "no_closer")],
)
def test_which_is_closer_is_told_of_the_median_and_of_the_whole(lang, median, half, closer):
    rows = [case("headline", year, 1, 100, median, half) for year in range(2010, 2016)]
    rows += [case("naive", year, 1, 100, 80, 60) for year in range(2010, 2016)]
    assert (
        described(track_scores(frame(*rows)), lang=lang)[-1] == texts(lang)["record_page"]["answer"][closer]
    )


@pytest.mark.parametrize(("actual", "held"), [(100, "held"), (500, "did not hold")])
def test_a_single_forecast_is_told_as_one(actual, held):
    first, second, _ = plain(described(track_scores(frame(case("headline", 2015, 1, actual, 90, 20)))))
    assert (
        f"only one forecast made one year ahead can be compared, that of the end of 2015; its 80% interval {held} "
        in first
    )
    assert "on average" not in second


def test_a_miss_of_a_rate_is_told_in_points_without_a_share():
    told = " ".join(plain(described(many(6), scale="growth")))
    assert "missed it by 20.83 percentage points on average; leaving" in told


def test_the_common_cases_are_told_where_a_method_has_others_too():
    rows = [case("headline", year, 1, 100, 90, 20) for year in range(2010, 2016)]
    rows += [case("naive", year, 1, 100, 80, 20) for year in range(2011, 2016)]
    told = plain(described(track_scores(frame(*rows))))
    assert (
        "the cases that all methods have (5) it missed by 10 visits, leaving the last figure as it is by 20"
        in told[1]
    )


@either
def test_where_nothing_can_be_compared_that_is_told(lang):
    table = many(5)
    none = [
        texts(lang)["record_page"]["answer"]["none"].format(name=indicator_name(concept(), lang), place="X")
    ]
    assert described(table, area="lao_cai", lang=lang) == none
    assert described(table.iloc[:0], lang=lang) == none


def test_the_naive_method_is_not_compared_to_itself():
    told = described(many(6), method="naive")
    assert len(told) == 2
    assert not [n for n in numbers_in(told) if n.key.endswith(("naive_miss", "compared"))]


def test_the_scores_of_the_subjects_are_those_of_the_method_and_the_naive_one(tables, few):
    project = small(tables, *GROWING[-5:])
    found = score_subjects(project, few, [ARRIVALS, "state_budget_revenue"])
    assert found["state_budget_revenue"].empty
    alone = track_scores(track_record(project, few, ARRIVALS, methods=["headline", "naive"]))
    pd.testing.assert_frame_equal(found[ARRIVALS], alone)
    assert len(alone)
