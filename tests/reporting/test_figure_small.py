"""The small picture: what was published and the goals as they were printed, and nothing that covers them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from matplotlib.collections import PolyCollection

from sapa_analysis import NotAssessed, assess_indicator, forecast
from sapa_analysis.core import PlanLevel, targets_table
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import known_targets
from sapa_analysis.reporting.figures import as_svg, plot_small
from sapa_analysis.reporting.figures import draw as drawn
from sapa_analysis.reporting.figures.small import SIZE
from sapa_analysis.reporting.language import indicator_name, texts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
DAYS = ("2023-06-30", "2024-01-15", "2026-01-31")
CONCEPT = pd.Series({"unit": "tonnes", "decimals": 1, "name_vi": "sản lượng", "name_en": "output"})
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
NONE = pd.DataFrame([target()]).iloc[:0]


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def subjects(tables, params):
    """Return outcome, goals and indicator of every core subject by day, on few paths."""
    return {
        (day, subject): (
            assess_indicator(tables, few, subject),
            known_targets(tables, few, subject),
            tables.indicators.loc[subject],
        )
        for day in DAYS
        for few in [params.with_values(as_of=day, n_paths=100)]
        for subject in few.core
        if subject.startswith("touris") or day != "2024-01-15"
    }


def draw(outcome=None, targets=NONE, lang="vi", indicator=CONCEPT, **options):
    outcome = outcome or forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    return plot_small(outcome, targets, indicator, lang=lang, **options)


def goals(*rows):
    return (
        targets_table([])
        if not rows
        else pd.DataFrame([target(id=f"t{n}") | row for n, row in enumerate(rows)])
    )


def bands(ax):
    return [item for item in ax.collections if isinstance(item, PolyCollection)]


def words_on(ax):
    return [text.get_text() for text in ax.texts]


def diamonds(ax):
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "D"]


def dots(ax):
    return [
        (int(x), float(y))
        for line in ax.lines if line.get_marker() == "o"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]  # fmt: skip


def along(line):
    """Return points along a line of a picture, in pixels; marks alone are none."""
    if line.get_linestyle() == "None" or len(line.get_xdata()) < 2:
        return []
    corners = line.get_transform().transform(np.column_stack([line.get_xdata(), line.get_ydata()]))
    steps = np.linspace(0, len(corners) - 1, 200)
    return [[np.interp(at, range(len(corners)), corners[:, side]) for side in (0, 1)] for at in steps]


def boxes(ax):
    ax.figure.canvas.draw()
    return [text.get_window_extent() for text in ax.texts]


@either
def test_the_title_names_subject_and_unit(lang):
    ax = draw(lang=lang)
    assert ax.get_title(loc="left") == f"{indicator_name(CONCEPT, lang)} ({texts(lang)['units']['tonnes']})"


def test_figures_are_points_and_the_last_one_is_named():
    ax = draw()
    assert dots(ax) == list(PAST.items())
    assert words_on(ax) == ["18,5"]


def test_the_fan_starts_at_the_last_figure_and_has_two_bands():
    ax = draw()
    assert len(bands(ax)) == 2
    outer, inner = (band.get_paths()[0].vertices for band in bands(ax))
    assert [2022.0, 18.5] in outer.tolist()
    assert outer[:, 0].max() == 2025
    assert outer[:, 1].max() > inner[:, 1].max() > inner[:, 1].min() > outer[:, 1].min()


@either
def test_every_goal_is_a_diamond_with_its_number(lang):
    ax = draw(targets=goals({"end": 2023, "value": 21.25}, {"end": 2025, "value": 30.0}), lang=lang)
    assert diamonds(ax) == [(2023, 21.25), (2025, 30.0)]
    assert words_on(ax)[:2] == ["30", "21,25" if lang == "vi" else "21.25"]


def test_the_same_goal_of_two_documents_is_named_once():
    ax = draw(targets=goals({"end": 2023, "value": 25.0}, {"end": 2025, "value": 25.0}))
    assert len(diamonds(ax)) == 2
    assert words_on(ax) == ["25", "18,5"]


def test_the_sense_of_a_goal_is_told_as_its_document_says():
    ax = draw(targets=goals({"end": 2023, "value": 25.0, "sense": "less_than"}))
    assert words_on(ax)[0] == "dưới 25"


@pytest.mark.parametrize(
    ("end", "value"), [(2022, 18.5), (2022, 12.0), (2023, 19.0), (2025, 30.0), (2027, 0.5)]
)
def test_no_number_covers_another_or_leaves_the_picture(end, value):
    ax = draw(targets=goals({"end": end, "value": value}, {"end": 2025, "value": 1.06 * value}))
    found = boxes(ax)
    assert len(found) == 3
    assert not [
        pair for pair in combinations(found, 2) if pair[0].padded(-1.5).overlaps(pair[1].padded(-1.5))
    ]
    room = ax.figure.bbox
    assert all(room.x0 <= box.x0 and box.x1 <= room.x1 + 1 and box.y1 <= room.y1 for box in found)


@pytest.mark.parametrize(("day", "lang"), list(zip(DAYS, ("vi", "en", "vi"), strict=True)))
def test_every_core_subject_can_be_read(subjects, day, lang):
    for (known, _), (outcome, targets, indicator) in subjects.items():
        if known != day:
            continue
        ax = plot_small(outcome, targets, indicator, lang=lang)
        found = boxes(ax)
        assert not [
            pair for pair in combinations(found, 2) if pair[0].padded(-1.5).overlaps(pair[1].padded(-1.5))
        ]
        assert not [
            box for box in found for line in ax.lines for at in along(line) if box.padded(-1).contains(*at)
        ]
        assert all(
            text.get_fontsize() >= 7 for text in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels())
        )
        assert len(ax.get_xticks()) <= 5
        title = ax.title if ax.get_title() else ax._left_title
        assert title.get_window_extent().x1 <= ax.figure.bbox.x1
        assert title.get_window_extent().y1 <= ax.figure.bbox.y1
        plt.close(ax.figure)


def test_visits_are_in_millions_as_they_were_printed(subjects):
    ax = plot_small(*subjects["2023-06-30", "tourist_arrivals"])
    assert words_on(ax) == ["5,8", "3,5", "2,43", texts("vi")["picture_marks"]["in_progress_short"]]
    assert (2022, 2.43) in dots(ax)


def test_a_figure_of_half_a_year_or_less_is_no_point(subjects):
    assert 2021 not in dict(dots(plot_small(*subjects["2023-06-30", "tourist_arrivals"])))
    assert 2023 not in dict(dots(plot_small(*subjects["2024-01-15", "tourism_revenue"])))


def test_after_the_deadline_the_band_is_that_of_years_without_a_figure(subjects):
    outcome, targets, indicator = subjects["2026-01-31", "tourism_revenue"]
    assert isinstance(outcome, NotAssessed)
    ax = plot_small(outcome, targets, indicator)
    [outer, _] = (band.get_paths()[0].vertices for band in bands(ax))
    assert sorted(set(outer[:, 0])) == [2024.0, 2025.0]
    draws = outcome.observed.draws.loc["2025"]
    assert outer[:, 1].max() == pytest.approx(float(np.quantile(draws, 0.9)))
    assert "15.500" in words_on(ax)


def test_where_every_year_has_its_figure_there_is_no_band(subjects):
    ax = plot_small(*subjects["2026-01-31", "tourist_arrivals"])
    assert not bands(ax)
    assert words_on(ax) == ["5,8", "3,5", "gần 5"]


@either
def test_on_plans_only_the_goals_stand_alone_with_a_word_why(lang):
    outcome = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    level = PlanLevel(((2023, 20.0),), ())
    planned = replace(outcome, observed=replace(outcome.observed, plan_level=level,
                      table=outcome.observed.table.assign(basis="interpolated")))  # fmt: skip
    ax = draw(planned, goals({"end": 2023, "value": 20.0}, {"end": 2025, "value": 30.0}), lang)
    assert not bands(ax)
    assert not dots(ax)
    assert words_on(ax) == [texts(lang)["figure"]["no_figures"], "30", "20"]


@either
@pytest.mark.parametrize("seen", [True, False])
def test_what_is_not_assessed_says_so_and_has_no_band(lang, seen):
    observed = forecast(yearly(PAST, unit="tonnes"), n_paths=100, seed=1).observed if seen else None
    ax = draw(NotAssessed(observed, "too_few_years", 1), goals({"end": 2025, "value": 30.0}), lang)
    assert not bands(ax)
    assert words_on(ax)[0] == texts(lang)["figure"]["not_assessed" if seen else "no_figures"]
    assert "30" in words_on(ax)


def test_nothing_at_all_can_be_drawn():
    ax = draw(NotAssessed(None, "no_evidence", 1))
    assert not len(ax.get_xticks())
    assert words_on(ax) == [texts("vi")["figure"]["no_figures"]]


@pytest.mark.parametrize(("withheld", "last"), [(None, 2025), (2025, 2024), (2023, None)])
def test_the_band_ends_before_a_year_whose_forecast_is_withheld(withheld, last):
    verdicts = pd.DataFrame({"end": [withheld], "reason": ["too_wide"]}) if withheld else None
    ax = draw(verdicts=verdicts)
    ends = [band.get_paths()[0].vertices[:, 0].max() for band in bands(ax)]
    assert ends == ([last] * 2 if last else [])
    assert (texts("vi")["figure"]["not_assessed"] in words_on(ax)) == (last is None)


def test_a_band_that_leaves_the_picture_is_marked():
    wild = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    wild = replace(wild, paths=wild.paths * np.where(np.arange(100) < 30, 8.0, 1.0))
    assert [line for line in draw(wild).lines if line.get_gid() == "cut"]


def test_a_mean_over_a_term_is_a_line_over_its_years():
    outcome = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    rates = replace(outcome, observed=replace(outcome.observed, scale="growth"))
    term = {"measure": "term_mean_growth", "start": 2021, "end": 2025, "value": 20.0}
    ax = draw(rates, goals(term))
    [line] = [item for item in ax.collections if not isinstance(item, PolyCollection)]
    assert line.get_segments()[0].tolist() == [[2021, 20.0], [2025, 20.0]]
    assert not diamonds(draw(outcome, goals(term))), "a mean growth is no level"


def test_a_total_over_a_term_is_no_level_of_a_year():
    total = {"measure": "term_total", "start": 2021, "end": 2025, "value": 90.0}
    assert not diamonds(draw(targets=goals(total)))


def test_values_far_from_zero_have_room_and_others_start_at_zero():
    high = forecast(
        yearly({year: 95 + value / 10 for year, value in PAST.items()}, unit="tonnes"), n_paths=100, seed=1
    )
    assert draw(high).get_ylim()[0] > 80
    assert draw().get_ylim()[0] == 0


def test_every_picture_has_the_same_size_and_bytes():
    picture = drawn(
        "a", plot_small, forecast(yearly(PAST, unit="tonnes"), n_paths=100, seed=1), NONE, CONCEPT
    )
    width, height = (length / 25.4 * 72 for length in SIZE)
    assert f'width="{width:.6f}pt" height="{height:.6f}pt"' in picture.svg
    assert as_svg(draw().figure) == as_svg(draw().figure)
