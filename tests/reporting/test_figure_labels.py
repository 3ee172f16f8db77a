"""Texts of a picture never meet, whatever the values; what shares a picture is told apart without colour."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import forecast
from sapa_analysis.core import SapaError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.figures import (
    plot_forecast,
    plot_frontier,
    plot_scenarios,
    plot_small,
    plot_track_record,
    style,
)
from sapa_analysis.reporting.figures.beside import Label, write_beside
from sapa_analysis.reporting.figures.fonts import check_font, lacking_letters, wanted_letters
from sapa_analysis.reporting.figures.foot import name_sources, sources_in
from sapa_analysis.reporting.figures.scenario_style import scenario_styles
from sapa_analysis.reporting.figures.scenarios import INK
from sapa_analysis.reporting.figures.small import SIZE
from sapa_analysis.reporting.figures.style import BLUE, FONT, GOAL, GREY, axes_of

either = pytest.mark.parametrize("lang", LANGUAGES)
FEW = settings(max_examples=min(4, settings.default.max_examples), deadline=None)
CONCEPT = pd.Series(
    {"unit": "tonnes", "decimals": 1, "scale": "log", "name_vi": "sản lượng", "name_en": "output"}
)
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
goals = st.lists(st.tuples(st.integers(2021, 2028), st.floats(0.5, 90)), max_size=7)


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def outcome(as_of: date | None = None, *, horizon: int = 3, factor: float = 1.0):
    found = forecast(yearly(PAST, unit="tonnes", as_of=as_of), horizon=horizon, n_paths=60, seed=1)
    return type(found)(found.observed, found.paths * factor, found.method)


def wanted(rows) -> pd.DataFrame:
    kept = [target(value=value, end=end, unit="tonnes", document="congress-2020") for end, value in rows]
    return pd.DataFrame(kept or [target()]).iloc[: len(kept)]


def texts_that_meet(figure) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes share more than a hair's breadth."""
    figure.canvas.draw()
    renderer, found = figure.canvas.get_renderer(), []
    for ax in figure.axes:
        legend = ax.get_legend()
        titles = [ax.title, ax._left_title, ax._right_title]
        ticks = [*ax.get_xticklabels(), *ax.get_yticklabels()] if ax.axison else []
        shown = [*ax.texts, *titles, *ticks, *(legend.get_texts() if legend else [])]
        for text in shown:
            if text.get_text().strip() and text.get_visible():
                patch = text.get_bbox_patch()
                found.append(
                    (
                        text.get_text(),
                        patch.get_window_extent() if patch else text.get_window_extent(renderer),
                    )
                )
    plt.close(figure)
    return [
        (one, other)
        for (one, box), (other, beside) in combinations(found, 2)
        if box.padded(-0.6).overlaps(beside.padded(-0.6))
    ]


@FEW
@given(goals, st.sampled_from([None, date(2023, 6, 30)]), st.integers(1, 8), st.sampled_from(LANGUAGES))
def test_no_two_texts_of_a_fan_chart_meet(rows, as_of, horizon, lang):
    ax = plot_forecast(outcome(as_of, horizon=horizon), wanted(rows), CONCEPT, lang=lang)
    assert texts_that_meet(ax.figure) == []


@FEW
@given(goals, st.lists(st.floats(0.6, 1.9), min_size=1, max_size=5), st.sampled_from(LANGUAGES))
def test_no_two_texts_of_scenarios_meet(rows, factors, lang):
    fans = {f"number {n}": outcome(date(2023, 6, 30), factor=factor) for n, factor in enumerate(factors)}
    ax = plot_scenarios({"base": outcome(date(2023, 6, 30))} | fans, wanted(rows), CONCEPT, lang=lang)
    assert texts_that_meet(ax.figure) == []


@FEW
@given(goals, st.sampled_from([None, date(2023, 6, 30)]), st.integers(1, 8), st.sampled_from(LANGUAGES))
def test_no_two_numbers_of_a_small_picture_meet(rows, as_of, horizon, lang):
    ax = plot_small(outcome(as_of, horizon=horizon), wanted(rows), CONCEPT, lang=lang)
    assert texts_that_meet(ax.figure) == []


@FEW
@given(st.lists(st.floats(1.0, 9.0), min_size=4, max_size=6), st.floats(0, 0.1), st.sampled_from(LANGUAGES))
def test_no_two_ends_of_a_track_record_meet(levels, drift, lang):
    rows = [
        {"area": "sa_pa", "method": "headline", "origin": origin, "year": origin + ahead, "ahead": ahead,
         "median": level * (1 + drift * ahead), "lower_80": 0.8 * level, "upper_80": 1.3 * level,
         "actual": 4.0 if origin + ahead <= 2022 else np.nan, "source": "laocai.gov.vn"}
        for origin, level in zip(range(2017, 2023), levels, strict=False) for ahead in range(4)
    ]  # fmt: skip
    areas = pd.DataFrame({"name_vi": "Sa Pa", "name_en": "Sa Pa"}, index=["sa_pa"])
    figure = plot_track_record(pd.DataFrame(rows), CONCEPT, areas, shock_years=[2020, 2021], lang=lang)
    told = [text.get_text() for text in figure.axes[0].texts]
    assert {str(row["origin"]) for row in rows} <= set(told)
    assert texts_that_meet(figure) == []


@FEW
@given(st.floats(1.05, 3.0), st.floats(1.05, 3.0), st.sampled_from(LANGUAGES))
def test_no_two_texts_of_a_frontier_meet(first, second, lang):
    mixes = {
        "year": 2025, "lever_1": "output", "lever_2": "price", "reason": "", "level_1": [1, (1 + first) / 2, first],
        "level_2": [second, (1 + second) / 2, 1], "factor_1": [1, (1 + first) / 2, first],
        "factor_2": [second, (1 + second) / 2, 1], "points_1": None, "points_2": None,
        "word": ["rare", "usual", "rare"], "likeliest": [False, True, False],
    }  # fmt: skip
    levers = pd.DataFrame([CONCEPT, CONCEPT], index=["output", "price"])
    ax = plot_frontier(pd.DataFrame(mixes), levers, title="đạt mục tiêu", lang=lang)
    assert texts_that_meet(ax.figure) == []


@FEW
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=60))
def test_labels_meet_nothing_and_those_without_room_are_returned(places):
    with style():
        ax = axes_of(None, figsize=(3, 2))
        labels = [Label(f"nhãn số {n}", at, BLUE) for n, at in enumerate(places)]
        left = write_beside(ax, labels, marks=places)
        written = [text.get_text() for text in ax.texts]
        assert sorted([*written, *(label.text for label in left)]) == sorted(label.text for label in labels)
        room = ax.bbox
        assert all(
            room.contains(*corner) for text in ax.texts for corner in text.get_window_extent().corners()
        )
        assert texts_that_meet(ax.figure) == []


# the year in progress ---------------------------------------------------------------------------------------


def fans(ax) -> list[np.ndarray]:
    return [item.get_paths()[0].vertices[:, 0] for item in ax.collections if hasattr(item, "get_paths")
            and type(item).__name__ in {"PolyCollection", "FillBetweenPolyCollection"}]  # fmt: skip


@either
@pytest.mark.parametrize("plot", [plot_forecast, plot_small], ids=lambda plot: plot.__name__)
def test_the_year_in_progress_stands_apart_and_the_fan_begins_after_it(plot, lang):
    known = outcome(date(2023, 6, 30))
    ax = plot(known, wanted([]), CONCEPT, lang=lang)
    assert fans(ax)
    for years in fans(ax):
        assert years.min() == 2023.5
    told = known.summary((50,)).loc["2023"].squeeze()
    [box] = [patch for patch in ax.patches if patch.get_gid() == "running box"]
    assert box.get_y() == pytest.approx(told["lower_50"])
    assert box.get_y() + box.get_height() == pytest.approx(told["upper_50"])
    assert any("2023" in text.get_text() or plot is plot_small for text in ax.texts)
    whole = plot(outcome(), wanted([]), CONCEPT, lang=lang)
    assert all(years.min() == 2022 for years in fans(whole))
    assert not [patch for patch in whole.patches if patch.get_gid() == "running box"]


def test_history_is_not_pressed_to_the_floor_eight_years_ahead():
    far = outcome(horizon=8)
    wild = far.paths * np.linspace(1, 6, 8)[:, None] ** np.linspace(0, 1, 60)
    ax = plot_forecast(type(far)(far.observed, wild, far.method), wanted([]), CONCEPT)
    middle = float(wild.median(axis=1).max())
    assert ax.get_ylim()[1] <= 2 * middle
    assert [line for line in ax.lines if line.get_gid() == "cut"]


# told apart without colour ----------------------------------------------------------------------------------


def lightness(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in mpl.colors.to_rgb(color)
    )
    seen = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * np.cbrt(seen) - 16 if seen > 0.008856 else 903.3 * seen


def test_scenarios_in_one_picture_differ_in_dash_mark_or_fill():
    listed = ["base", "low", "high", "lao_cai_low", "lao_cai_high", "foreign_fast", "foreign_slow"]
    looks = scenario_styles([*listed, *(f"own {n}" for n in range(8))])
    assert len({look.in_grey for look in looks.values()}) == len(looks)
    # what speaks of all whiskers wears the ink of none of them
    assert INK not in {look.color for look in looks.values()}
    assert all(lightness(INK) - lightness(looks[name].color) >= 15 for name in ("low", "base", "lao_cai_low"))


def test_values_goals_and_what_stands_aside_differ_in_grey():
    apart = sorted(lightness(color) for color in (BLUE, GOAL, GREY))
    marks = {BLUE: "o", GOAL: "*", GREY: "x"}
    near = [pair for pair in combinations((BLUE, GOAL, GREY), 2)
            if abs(lightness(pair[0]) - lightness(pair[1])) < 15]  # fmt: skip
    assert all(marks[one] != marks[other] for one, other in near)
    assert apart[-1] - apart[0] >= 15


# sources and font -------------------------------------------------------------------------------------------


@given(
    st.lists(st.from_regex(r"[a-z]{3,24}\.vn \(20[0-2][0-9]\)", fullmatch=True), max_size=30),
    st.integers(40, 140),
    st.sampled_from(LANGUAGES),
)
def test_sources_take_two_lines_at_most_and_the_rest_is_counted(names, width, lang):
    told = name_sources(names, date(2023, 6, 30), lang, width=width)
    lines = told.split("\n")
    assert len(lines) <= 2
    assert all(len(line) <= width for line in lines)
    joined = told.replace("\n", " ")
    kept = [name for name in names if name in joined]
    assert len(kept) == len(names) or not kept or any(f" {n} " in joined for n in range(1, len(names)))


def test_a_source_is_its_site_and_the_years_of_its_pages():
    pages = {"source_url": ["https://www.laocai.gov.vn/a", "https://laocai.gov.vn/b", ""],
             "published": ["2021-03", "2023", "2022"]}  # fmt: skip
    assert sources_in(pd.DataFrame(pages), "vi") == ["laocai.gov.vn\u00a0(2021–2023)"]


def test_the_font_of_pictures_holds_every_letter():
    assert len(wanted_letters()) > 190
    assert set("ăâđêôơưẰỆỠỰỹ–−§~≥") <= set(wanted_letters())
    assert lacking_letters(FONT) == ""
    check_font(FONT)


@pytest.mark.parametrize("family", ["cmr10", "STIXSizeOneSym"])
def test_a_font_without_vietnamese_letters_is_refused_with_what_to_do(family):
    assert "ữ" in lacking_letters(family)
    with pytest.raises(SapaError, match="DejaVu Sans has them all"):
        check_font(family)


def test_a_picture_asks_for_the_font(monkeypatch):
    monkeypatch.setattr(sys.modules["sapa_analysis.reporting.figures.style"], "FONT", "cmr10")
    with pytest.raises(SapaError, match="cmr10"):
        plot_forecast(outcome(), wanted([]), CONCEPT)


def test_the_small_picture_keeps_its_size():
    figure = plot_small(outcome(date(2023, 6, 30)), wanted([]), CONCEPT).figure
    assert tuple(figure.get_size_inches() * 25.4) == pytest.approx(SIZE)
