from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from matplotlib.lines import Line2D

from sapa_analysis import NotAssessed, forecast, judge_targets
from sapa_analysis.core.likelihood import STATUSES
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project
from sapa_analysis.reporting.figures import as_svg, plot_verdicts
from sapa_analysis.reporting.figures.verdicts import _MARKS
from sapa_analysis.reporting.language import document_name, texts
from sapa_analysis.reporting.tagged_numbers import plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
CONCEPTS = pd.DataFrame(
    {"unit": "tonnes", "decimals": 0, "name_vi": "sản lượng", "name_en": "output"},
    index=["tourist_arrivals", "unseen"],
)
PAST = {year: 10.0 + year - 2015 for year in range(2015, 2023)}
NONE = texts("vi")["picture_verdicts"]["others"]


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def judged(*targets: dict) -> pd.DataFrame:
    outcome = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)
    rows = [{**row, "id": f"{row['document']}.{k}", "unit": "tonnes"} for k, row in enumerate(targets)]
    return judge_targets({"tourist_arrivals": outcome}, pd.DataFrame(rows))


def words_on(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def dots(ax: plt.Axes) -> list[Line2D]:
    """Return the marks on the axis, top row first."""
    found = [line for line in ax.lines if line.get_marker() in ("o", ">")]
    return sorted(found, key=lambda line: line.get_ydata()[0])


def words_marked(ax: plt.Axes) -> list[str]:
    """Return the marks of the verdicts, top row first."""
    shapes = [line for line in ax.lines if line.get_marker() in {shape for shape, _ in _MARKS.values()}]
    return [line.get_marker() for line in sorted(shapes, key=lambda line: line.get_ydata()[0])]


def test_each_row_stands_at_the_percent_of_its_goal_in_the_order_given():
    ax = plot_verdicts(judged(*(target(value=value) for value in (34.0, 17.0, 20.0))), CONCEPTS)
    assert [dot.get_xdata()[0] for dot in dots(ax)] == pytest.approx([50, 100, 85])
    assert {"50% (2022)", "100% (2022)", "85% (2022)"} <= set(words_on(ax))


def test_what_falls_short_never_reads_a_hundred_percent():
    ax = plot_verdicts(judged(target(value=17.05)), CONCEPTS)
    assert "99,7% (2022)" in words_on(ax)


def test_what_lies_beyond_the_axis_is_an_arrow_at_its_edge_with_its_number():
    ax = plot_verdicts(judged(target(value=5.0)), CONCEPTS)
    [dot] = dots(ax)
    assert dot.get_marker() == ">"
    assert dot.get_xdata()[0] == ax.get_xlim()[1]
    assert "340% (2022)" in words_on(ax)


def test_a_target_is_held_against_the_figure_of_its_own_year():
    due, later = judged(target(end=2020, value=20.0)), judged(target(end=2025, value=20.0))
    assert dots(plot_verdicts(due, CONCEPTS))[0].get_xdata()[0] == pytest.approx(100 * PAST[2020] / 20.0)
    assert dots(plot_verdicts(later, CONCEPTS))[0].get_xdata()[0] == pytest.approx(100 * PAST[2022] / 20.0)


def test_the_goal_is_a_line_at_a_hundred_percent():
    ax = plot_verdicts(judged(target()), CONCEPTS)
    assert any(list(line.get_xdata()) == [100, 100] for line in ax.lines)


@either
@pytest.mark.parametrize("status", STATUSES)
def test_every_word_stands_beside_its_own_mark(status, lang):
    verdicts = judged(target()).assign(status=status)
    ax = plot_verdicts(verdicts, CONCEPTS, lang=lang)
    assert words_marked(ax) == [_MARKS[status][0]]
    assert texts(lang)["status"][status] in [words.replace("\n", " ") for words in words_on(ax)]


def test_marks_of_different_words_differ_in_shape_or_in_grey():
    assert set(_MARKS) == set(STATUSES)
    assert len(set(_MARKS.values())) == len(STATUSES)
    greys = {shade for _, shade in _MARKS.values()}
    assert all(len(set(mpl.colors.to_rgb(shade))) == 1 for shade in greys)


@either
def test_targets_without_a_figure_are_counted_and_have_no_row(lang):
    unseen = [target(indicator_id="unseen") for _ in range(7)]
    words = texts(lang)["picture_verdicts"]
    some = plot_verdicts(judged(target(), *unseen), CONCEPTS, lang=lang)
    assert len(words_marked(some)) == 1
    assert words["others"].format(n=7) in words_on(some)
    none = plot_verdicts(judged(*unseen), CONCEPTS, lang=lang)
    assert words_marked(none) == []
    assert words["all_others"].format(n=7) in words_on(none)


def test_a_target_whose_percent_means_nothing_tells_its_latest_figure():
    ax = plot_verdicts(judged(target(sense="about", tolerance=1.0)), CONCEPTS)
    assert dots(ax) == []
    assert "17 tấn (2022)" in words_on(ax)


@either
def test_each_document_and_each_group_is_named_once(lang):
    rows = [target(document=name, clause=clause) for name, clause in
            (("congress-2020", "1"), ("congress-2020", "1"), ("congress-2020", "2"), ("resolution-2023", "1"))]  # fmt: skip
    words = words_on(plot_verdicts(judged(*rows), CONCEPTS, lang=lang))
    for document in ("congress-2020", "resolution-2023"):
        assert words.count(document_name(document, lang)) == 1
    assert (words.count("1"), words.count("2")) == (2, 1)


def test_the_height_grows_with_the_rows():
    heights = [plot_verdicts(judged(*[target()] * n), CONCEPTS).figure.get_figheight() for n in (1, 2, 10)]
    assert np.diff(heights) == pytest.approx([heights[1] - heights[0], 8 * (heights[1] - heights[0])])
    assert heights[1] > heights[0]


def test_no_target_at_all_can_be_drawn():
    assert as_svg(plot_verdicts(judged(target()).iloc[:0], CONCEPTS).figure).count("<svg") == 1


def test_nothing_is_judged_without_a_forecast_but_the_figure_is_shown():
    outcome = NotAssessed(yearly({2022: 17.0}, unit="tonnes"), "too_few_years", 5)
    verdicts = judge_targets({"tourist_arrivals": outcome}, pd.DataFrame([target(value=20.0, unit="tonnes")]))
    ax = plot_verdicts(verdicts, CONCEPTS)
    assert [dot.get_xdata()[0] for dot in dots(ax)] == pytest.approx([85])
    assert words_marked(ax) == [_MARKS["not_assessed"][0]]


def test_a_picture_can_be_drawn_where_one_is_told_to_and_leaves_the_style_alone():
    before = dict(mpl.rcParams)
    _, ax = plt.subplots()
    assert plot_verdicts(judged(target()), CONCEPTS, ax=ax) is ax
    assert dict(mpl.rcParams) == before


@either
def test_the_verdicts_of_the_project_are_drawn_without_marks_and_within_their_rows(
    lang: str, results: Results, tables: Project
):
    ax = plot_verdicts(results.verdicts, tables.indicators, lang=lang)
    known = results.verdicts["latest"].notna() | results.verdicts["probability"].notna()
    known |= results.verdicts["status"] == "plan_only"
    assert len(words_marked(ax)) == known.sum()
    assert words_on(ax) == plain(words_on(ax))
    assert max(words.count("\n") for words in words_on(ax)) <= 2


@either
@pytest.mark.parametrize(("day", "drawn"), [("2023-01-15", 1), ("2026-01-31", 0)])
def test_a_plan_known_by_itself_is_drawn_with_its_word_and_not_counted_away(
    tables, results_of, lang, day, drawn
):
    verdicts = results_of(day).verdicts
    plans = verdicts["status"] == "plan_only"
    assert plans.sum() == drawn
    assert verdicts.loc[plans, ["latest", "probability"]].isna().all(axis=None)
    ax = plot_verdicts(verdicts, tables.indicators, lang=lang)
    assert words_marked(ax).count(_MARKS["plan_only"][0]) == drawn
    said = [words.replace("\n", " ") for words in words_on(ax)]
    assert said.count(texts(lang)["status"]["plan_only"]) == drawn
    hidden = (verdicts["latest"].isna() & verdicts["probability"].isna() & ~plans).sum()
    assert any(texts(lang)["picture_verdicts"]["others"].format(n=hidden) in words for words in said)
