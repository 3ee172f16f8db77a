from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import observation, vintage
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from sapa_analysis import NotAssessed, YearlySeries, assess_indicator
from sapa_analysis.core.params import LANGUAGES, Params
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project
from sapa_analysis.reporting.figures import as_svg, plot_evidence
from sapa_analysis.reporting.language import indicator_name, texts
from sapa_analysis.series import build_series, find_conflicts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS = pd.Series({"unit": "tonnes", "decimals": 0, "name_vi": "sản lượng", "name_en": "output"})
GROWTH = pd.Series({
    **VISITS, "unit": "percent", "scale": "growth", "nature": "rate", "field": "economy", "growth_of": "", "prices": "",
    "steps": "",
})  # fmt: skip
EVEN = pd.DataFrame({"share": [1 / 12] * 12, "sd": [0.05] * 12}, index=range(1, 13))


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def series(*rows: dict, **options: object) -> YearlySeries:
    return build_series(vintage(*rows, **options), "tourist_arrivals", area="sa_pa", profile=EVEN, n_draws=50)


def growth(*rows: dict) -> YearlySeries:
    concept = pd.DataFrame([GROWTH], index=["tourist_arrivals"])
    return build_series(
        vintage(*rows, indicators=concept), "tourist_arrivals", area="sa_pa", n_draws=50
    )  # fmt: skip


def marks(ax: plt.Axes, marker: str) -> list[Line2D]:
    """Return the marks of a shape that stand for figures."""
    return [line for line in ax.lines if line.get_marker() == marker and line.get_linestyle() == "None"]


def points(lines: list[Line2D]) -> list[tuple[float, float]]:
    return sorted((x, y) for line in lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True))


def stems(ax: plt.Axes) -> list[np.ndarray]:
    collections = [item for item in ax.collections if isinstance(item, LineCollection)]
    return [segment for item in collections for segment in item.get_segments()]


def words_on(ax: plt.Axes) -> str:
    return " | ".join(text.get_text() for text in ax.texts)


def test_the_shape_tells_the_grade():
    ax = plot_evidence(
        series(*(observation(f"{2018 + k}", 10.0 + k, grade=grade) for k, grade in enumerate("ABC"))), VISITS
    )
    for k, shape in enumerate("os^"):
        assert points(marks(ax, shape)) == [(2018 + k, 10.0 + k)]


def test_an_actual_is_filled_and_an_estimate_hollow():
    ax = plot_evidence(series(observation("2019", 10.0), observation("2020", 11.0, kind="estimate")), VISITS)
    faces = {line.get_ydata()[0]: mpl.colors.to_hex(line.get_markerfacecolor()) for line in marks(ax, "s")}
    assert faces[11.0] == "#ffffff"
    assert faces[10.0] != "#ffffff"


def test_a_part_of_a_year_is_smaller_and_its_stem_ends_at_what_it_implies():
    ax = plot_evidence(series(observation("2019", 10.0), observation("2020-01/2020-06", 6.0, "YTD")), VISITS)
    size = {line.get_ydata()[0]: line.get_markersize() for line in marks(ax, "s")}
    assert size[6.0] < size[10.0]
    [[(x, foot), (_, top)]] = stems(ax)
    assert (foot, top) == (6.0, pytest.approx(12.0))
    assert 2019.65 < x < 2020.35


def test_figures_of_parts_stand_in_the_order_in_which_the_parts_end():
    rows = [observation("2020-Q1", 3.0, "Q"), observation("2020-01/2020-06", 6.0, "YTD"),
            observation("2020-01/2020-10", 9.0, "YTD")]  # fmt: skip
    ax = plot_evidence(series(*rows), VISITS)
    assert [y for _, y in points(marks(ax, "s"))] == [3.0, 6.0, 9.0]


def test_every_published_figure_of_a_year_or_its_parts_is_drawn_where_it_was_printed():
    rows = [observation("2019", 10.0), observation("2020", 12.0, bound="over"), observation("2020", 14.0),
            observation("2021-05", 2.0, "M"), observation("2021-04-28/2021-05-03", 1.0, "EVENT")]  # fmt: skip
    ax = plot_evidence(series(*rows), VISITS)
    assert sorted(y for _, y in points(marks(ax, "s"))) == [1.0, 2.0, 10.0, 12.0, 14.0]


def test_figures_of_one_year_stand_side_by_side_around_it():
    rows = [observation("2020", value) for value in (10.0, 12.0, 14.0)]
    ax = plot_evidence(series(observation("2019", 9.0), *rows), VISITS)
    xs = [x for x, y in points(marks(ax, "s")) if y > 9]
    assert len(set(xs)) == 3
    assert np.mean(xs) == pytest.approx(2020)


def test_a_conflict_is_bracketed_and_told():
    observed = series(observation("2019", 500.0), observation("2020", 500.0), observation("2020", 950.0))
    ax = plot_evidence(observed, VISITS, conflicts=find_conflicts(observed))
    assert "500–950" in words_on(ax)
    assert [500, 500, 950, 950] in [list(line.get_ydata()) for line in ax.lines]
    assert "500–950" not in words_on(plot_evidence(observed, VISITS))


def test_an_average_over_a_term_is_a_bar_over_its_years():
    observed = growth(observation("2020", 7.0), observation("2016/2020", 12.3, "TERM"))
    ax = plot_evidence(observed, GROWTH)
    assert any({12.3} == set(bar[:, 1]) and bar[0, 0] < 2016 and bar[1, 0] > 2020 for bar in stems(ax))
    assert "12,3" in words_on(ax)


@either
def test_a_total_over_a_term_is_counted_and_not_drawn(lang):
    observed = series(observation("2020", 7.0), observation("2016/2020", 90.0, "TERM"))
    ax = plot_evidence(observed, VISITS, lang=lang)
    assert texts(lang)["evidence"]["totals"].format(n=1) in words_on(ax)
    assert ax.get_ylim()[1] < 90


@either
def test_few_figures_before_a_long_gap_are_counted_and_not_drawn(lang):
    rows = [observation(str(year), 10.0) for year in (1995, *range(2015, 2023))]
    ax = plot_evidence(series(*rows), VISITS, lang=lang)
    assert texts(lang)["evidence"]["earlier"].format(n=1, year=2015) in words_on(ax)
    assert ax.get_xlim()[0] > 2000


def test_many_figures_before_a_long_gap_are_drawn():
    ax = plot_evidence(series(observation("2005", 10.0), observation("2015", 12.0)), VISITS)
    assert points(marks(ax, "s")) == [(2005, 10.0), (2015, 12.0)]
    assert ax.get_xlim()[0] < 2005


def test_a_fall_lies_below_a_zero_that_is_in_the_picture():
    ax = plot_evidence(growth(observation("2019", 8.0), observation("2020", -6.0)), GROWTH)
    low, high = ax.get_ylim()
    assert low < -6 < 0 < 8 < high


@either
def test_names_units_kinds_and_grades_are_told(lang):
    ax = plot_evidence(series(observation("2020", 1.0)), VISITS, lang=lang)
    assert ax.get_title(loc="left") == indicator_name(VISITS, lang)
    assert ax.get_ylabel() == texts(lang)["units"]["tonnes"]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert set(texts(lang)["kinds"].values()) <= set(labels)
    assert {texts(lang)["evidence"]["grade"].format(grade=grade) for grade in "ABC"} <= set(labels)
    assert "example.org" in words_on(ax)


def test_a_picture_can_be_drawn_where_one_is_told_to_and_leaves_the_style_alone():
    before = dict(mpl.rcParams)
    _, ax = plt.subplots()
    assert plot_evidence(series(observation("2020", 1.0)), VISITS, ax=ax) is ax
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("area", "as_of"),
    [("sa_pa", "2023-06-30"), pytest.param("lao_cai", "2026-01-31", marks=pytest.mark.more)],
)
def test_every_indicator_with_a_series_can_be_drawn(
    area: str, as_of: str, tables: Project, params: Params, results: Results
):
    chosen = params.with_values(as_of=as_of, area=area)
    assessed = results.outcomes if chosen == params else {}
    mine = tables.evidence.query("area == @area")["indicator_id"].unique()
    for indicator in mine:
        outcome = assessed.get(indicator) or assess_indicator(tables, chosen, indicator)
        if outcome.observed is None:
            assert isinstance(outcome, NotAssessed)
            continue
        ax = plot_evidence(
            outcome.observed, tables.indicators.loc[indicator], conflicts=find_conflicts(outcome.observed)
        )
        low, high = ax.get_ylim()
        assert all(low <= y <= high for marker in "os^" for _, y in points(marks(ax, marker)))
        plt.close(ax.figure)


def test_the_same_picture_is_the_same_bytes():
    rows = observation("2020", 1.0), observation("2021-01/2021-06", 1.0, "YTD")
    assert as_svg(plot_evidence(series(*rows), VISITS).figure) == as_svg(
        plot_evidence(series(*rows), VISITS).figure
    )


def test_growth_rates_that_inform_a_level_are_not_drawn_on_its_axis(tables, params):
    concept = tables.indicators.loc["tourist_arrivals"]
    observed = assess_indicator(
        tables, params.with_values(area="lao_cai", as_of="2026-01-31"), "tourist_arrivals"
    ).observed
    alone = replace(observed, observations=observed.observations.query("indicator_id == 'tourist_arrivals'"))
    assert len(alone.observations) < len(observed.observations)
    both, own = (as_svg(plot_evidence(seen, concept).figure) for seen in (observed, alone))
    assert both == own
