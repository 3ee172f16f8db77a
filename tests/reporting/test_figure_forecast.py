from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from factories import target, yearly
from matplotlib.collections import LineCollection, PolyCollection

from sapa_analysis import NotAssessed, forecast
from sapa_analysis.core import PlanLevel, targets_table
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import known_targets
from sapa_analysis.reporting.figures import as_svg, plot_forecast
from sapa_analysis.reporting.goals import goal
from sapa_analysis.reporting.language import indicator_name, texts
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
CONCEPT = pd.Series({"unit": "tonnes", "decimals": 1, "name_vi": "sản lượng", "name_en": "output"})
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
NONE = pd.DataFrame([target()]).iloc[:0]


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def draw(outcome=None, targets: pd.DataFrame = NONE, lang: str = "vi", **options: object) -> plt.Axes:
    outcome = outcome or forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    return plot_forecast(outcome, targets, CONCEPT, lang=lang, **options)


def stars(ax: plt.Axes) -> list[tuple[float, float]]:
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "*"]


def bands(ax: plt.Axes) -> list[PolyCollection]:
    return [item for item in ax.collections if isinstance(item, PolyCollection)]


def words_on(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@either
def test_a_picture_names_its_subject_and_unit(lang):
    ax = draw(lang=lang)
    assert ax.get_title(loc="left") == indicator_name(CONCEPT, lang)
    assert ax.get_ylabel() == texts(lang)["units"]["tonnes"]


@either
def test_a_picture_says_what_was_used_and_where_from(lang):
    ax = draw(lang=lang)
    assert any("example.org" in words for words in words_on(ax))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [texts(lang)["bases"]["year"]]


@either
def test_a_fan_has_three_bands_and_a_median(lang):
    ax = draw(lang=lang)
    assert len(bands(ax)) == 3
    assert texts(lang)["figure"]["median"] in words_on(ax)


def test_the_bands_lie_one_inside_the_other():
    spans = [band.get_paths()[0].get_extents() for band in bands(draw())]
    outer = sorted(spans, key=lambda box: box.height, reverse=True)
    for wide, narrow in pairwise(outer):
        assert wide.y0 <= narrow.y0
        assert narrow.y1 <= wide.y1


@either
def test_every_target_has_one_star_at_its_year_and_value(lang):
    goals = pd.DataFrame(
        [target(value=20.0, end=2023, unit="tonnes"), target(value=30.0, end=2025, unit="tonnes")]
    )
    ax = draw(targets=goals, lang=lang)
    assert sorted(stars(ax)) == [(2023, 20), (2025, 30)]
    for _, row in goals.iterrows():
        assert any(words.endswith(plain(goal(row, 1, lang))) for words in words_on(ax))


@pytest.mark.parametrize("end", [2022, 2023, 2025, 2027, 2031])
def test_the_label_of_a_target_lies_inside_the_axes(end):
    goals = pd.DataFrame([target(value=200_000.0, end=end, unit="tonnes", document="congress-2020-restated")])
    seen = yearly({2022: 17e4, 2023: 18e4}, unit="tonnes")
    ax = draw(forecast(seen, horizon=8, n_paths=50, seed=1), goals)
    ax.figure.canvas.draw()
    [label] = [text for text in ax.texts if text.get_text().endswith(plain(goal(goals.iloc[0], 1, "vi")))]
    box, frame = label.get_window_extent(), ax.get_window_extent()
    assert frame.x0 < box.x0 < box.x1 < frame.x1


def test_a_target_over_a_term_is_a_line_over_its_years():
    goals = pd.DataFrame([target("term_mean_growth", value=13.0, start=2021, end=2025, unit="tonnes")])
    ax = draw(targets=goals)
    assert stars(ax) == []
    lines = [item.get_segments()[0] for item in ax.collections if isinstance(item, LineCollection)]
    assert any(set(line[:, 1]) == {13.0} and line[0, 0] < 2021 and line[1, 0] > 2025 for line in lines)


def test_every_star_and_the_median_lie_inside_the_picture():
    goals = pd.DataFrame([target(value=80.0, end=2025, unit="tonnes")])
    ax = draw(targets=goals)
    low, high = ax.get_ylim()
    assert low <= 0 < 80 < high
    assert ax.get_xlim()[0] < 2016 < 2025 < ax.get_xlim()[1]


@either
@pytest.mark.parametrize(
    "seen", [None, yearly({2021: 17.0, 2022: 18.5}, unit="tonnes")], ids=["nothing", "two figures"]
)
def test_what_is_not_assessed_says_so_and_draws_no_fan(lang, seen):
    goals = pd.DataFrame([target(value=20.0, unit="tonnes")])
    ax = draw(NotAssessed(seen, "too_few_years", 5), goals, lang)
    assert ax.get_title(loc="right") == texts(lang)["figure"]["not_assessed"]
    assert bands(ax) == []
    assert stars(ax) == [(2025, 20)]


def test_nothing_at_all_can_be_drawn():
    ax = draw(NotAssessed(None, "no_evidence", 5))
    assert texts("vi")["figure"]["no_figures"] in " ".join(words_on(ax))
    assert as_svg(ax.figure).count("<svg") == 1


def test_a_picture_can_be_drawn_where_one_is_told_to():
    _, ax = plt.subplots()
    assert draw(ax=ax) is ax


def test_the_style_of_the_suite_does_not_leak():
    before = dict(mpl.rcParams)
    draw()
    assert dict(mpl.rcParams) == before


def test_the_same_picture_is_the_same_bytes():
    assert as_svg(draw().figure) == as_svg(draw().figure)


def test_a_picture_carries_no_clock_and_no_link():
    svg = as_svg(draw().figure)
    assert "<dc:date>" not in svg
    assert "<script" not in svg


@either
def test_every_subject_can_be_drawn(lang, outcomes, tables, params):
    # as pages show them: test_briefing
    for subject, outcome in outcomes.items():
        targets = targets_table(known_targets(tables, params, subject))
        ax = plot_forecast(outcome, targets, tables.indicators.loc[subject], lang=lang)
        assert len(stars(ax)) == (~targets["measure"].str.startswith("term")).sum()
        plt.close(ax.figure)


def test_visits_are_drawn_in_millions(outcomes, tables):
    subject = "tourist_arrivals"
    ax = plot_forecast(outcomes[subject], NONE, tables.indicators.loc[subject], lang="en")
    assert ax.get_ylabel() == "million visits"
    assert ax.get_ylim()[1] < 100


def test_a_foot_names_no_sources_where_none_may_be_cited():
    observed = yearly(PAST, unit="tonnes")
    observed.observations["cite_ok"] = "no"
    ax = draw(forecast(observed, horizon=3, n_paths=100, seed=1))
    assert not [
        text for text in ax.texts if texts("vi")["figure"]["sources"].split("{")[0] in text.get_text()
    ]


# what is not told is not drawn ----------------------------------------------------------------------------


def said_of(*ends: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(ends, columns=["end", "reason"])


@either
@pytest.mark.parametrize(("withheld", "last"), [(None, 2025), (2025, 2024), (2024, 2023)])
def test_the_fan_ends_before_a_year_whose_forecast_is_withheld(lang, withheld, last):
    verdicts = said_of((withheld, "too_wide")) if withheld else said_of((2025, ""))
    ax = draw(lang=lang, verdicts=verdicts)
    assert {max(band.get_paths()[0].vertices[:, 0]) for band in bands(ax)} == {last}
    assert texts(lang)["figure"]["median"] in words_on(ax)
    assert ax.get_title(loc="right") == ""


@either
def test_without_any_year_left_there_is_no_fan_and_a_word_why(lang):
    ax = draw(lang=lang, verdicts=said_of((2023, "too_wide")))
    assert bands(ax) == []
    assert texts(lang)["figure"]["median"] not in words_on(ax)
    assert ax.get_title(loc="right") == texts(lang)["reasons"]["too_wide"]


@either
@pytest.mark.parametrize(
    ("verdicts", "whiskers"),
    [(None, [2025]), (said_of((2023, "own_plan"), (2025, "")), [2025]),
     (said_of((2023, "own_plan"), (2025, "too_wide")), []),
     (said_of((2023, "own_plan"), (2023, ""), (2025, "too_wide")), [2023])],
)  # fmt: skip
def test_on_plans_only_a_plan_is_a_mark_and_another_goal_has_a_whisker(lang, verdicts, whiskers):
    outcome = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    series = replace(outcome.observed, plan_level=PlanLevel(((2023, 19.0),)))
    shared = {"indicator_id": "output", "unit": "tonnes"}
    goals = pd.DataFrame([target(**shared, id="p", end=2023, value=19.0), target(**shared, value=25.0)])
    ax = draw(replace(outcome, observed=series), goals, lang, verdicts=verdicts)
    assert bands(ax) == []
    assert sorted(stars(ax)) == [(2023, 19.0), (2025, 25.0)]
    assert ax.get_title(loc="right") == texts(lang)["plans"]["level"]
    summary = outcome.summary((80,))
    spans = {seg[0, 0]: tuple(seg[:, 1]) for item in ax.collections if isinstance(item, LineCollection)
             for seg in item.get_segments() if seg[0, 0] == seg[-1, 0] > 2022}  # fmt: skip
    assert list(spans) == whiskers
    for year in whiskers:
        assert spans[year] == pytest.approx(tuple(summary.loc[str(year), ["lower_80", "upper_80"]].squeeze()))


@either
def test_the_page_draws_no_fan_of_the_budget_while_only_its_plan_is_known(tables, results_of, lang):
    budget = "state_budget_revenue"
    for day, whiskers in (("2023-01-15", 0), ("2023-06-30", 1), ("2026-01-31", None)):
        found = results_of(day)
        verdicts = found.verdicts[found.verdicts["indicator_id"] == budget]
        goals = known_targets(tables.as_of(day), found.params, budget)
        concept = tables.indicators.loc[budget]
        ax = plot_forecast(found.outcomes[budget], goals, concept, lang=lang, verdicts=verdicts)
        if whiskers is not None:
            assert bands(ax) == []
            assert (
                sum(text == texts(lang)["figure"]["band"].format(level=80) for text in words_on(ax))
                == whiskers
            )
        else:
            assert texts(lang)["plans"]["level"] != ax.get_title(loc="right")
        plt.close("all")


@pytest.mark.parametrize("size", [1.0, 0.1, 0.004])
def test_no_two_ticks_of_a_small_area_read_the_same(size):
    small = {year: size * value for year, value in PAST.items()}
    ax = draw(NotAssessed(yearly(small, unit="tonnes"), "too_few_years", 9))
    ax.figure.canvas.draw()
    said = [label.get_text() for label in ax.get_yticklabels()]
    assert len(said) == len(set(said)) > 2
    assert size < 1 or all("," not in label for label in said)


@either
def test_a_picture_without_anything_invents_no_scale(lang):
    ax = draw(NotAssessed(None, "no_evidence", 1), lang=lang)
    assert (len(ax.get_xticks()), len(ax.get_yticks())) == (0, 0)


def cuts(ax):
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in ax.lines
        if line.get_gid() == "cut"
    ]


@either
def test_a_band_that_leaves_the_picture_is_marked_as_cut_and_says_how_far_it_goes(lang):
    fan = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=200, seed=1)
    wide = fan.paths.copy()
    wide.iloc[-1, :8] = 500.0  # only the 95 % band reaches so far
    ax = draw(type(fan)(fan.observed, wide, fan.method), lang=lang)
    assert cuts(ax) == [(2025.0, 1.0)]  # at the upper edge, in the year whose band leaves
    told = texts(lang)["figure"]["band_cut"].format(level=95, value="").strip()
    [label] = [words for words in words_on(ax) if words.startswith(told)]
    assert "500" in label


@either
def test_every_band_has_its_name_and_a_whole_fan_no_mark(lang):
    ax = draw(forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=200, seed=1), lang=lang)
    assert {"95%", "80%", "50%", texts(lang)["figure"]["median"]} <= set(words_on(ax))
    assert cuts(ax) == []
