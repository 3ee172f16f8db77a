"""What was said beside what came: the marks of the picture."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evaluation.verification import reliability
from sapa_analysis.reporting.figures import as_svg, plot_reliability
from sapa_analysis.reporting.figures.style import draw
from sapa_analysis.reporting.language import number, texts

either = pytest.mark.parametrize("lang", LANGUAGES)
SAID = [0.05, 0.15, 0.15, 0.95, 0.95, 0.95, 0.95]
CAME = [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0]


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def bins(said=SAID, came=CAME) -> pd.DataFrame:
    return reliability(pd.DataFrame({"probability": said, "outcome": came}, dtype=float))


def marks(ax: plt.Axes) -> tuple[np.ndarray, np.ndarray]:
    """Return points and areas of the marks."""
    if not ax.collections:
        return np.empty((0, 2)), np.empty(0)
    [scatter] = ax.collections
    return np.asarray(scatter.get_offsets()), scatter.get_sizes()


def words_on(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@either
def test_each_bin_is_a_mark_at_what_was_said_and_what_came_with_its_count(lang):
    ax = plot_reliability(bins(), lang=lang)
    points, _ = marks(ax)
    assert points.tolist() == [[0.05, 0.0], [0.15, 0.5], [pytest.approx(0.95), 0.75]]
    assert words_on(ax)[:3] == ["1", "2", "4"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (
        texts(lang)["kept"]["said"],
        texts(lang)["kept"]["attained"],
    )


def test_more_cases_make_a_larger_mark():
    _, areas = marks(plot_reliability(bins()))
    assert np.diff(areas).min() > 0
    assert (areas[2] - areas[0]) == pytest.approx(3 * (areas[1] - areas[0]))


@either
def test_large_counts_are_written_as_the_language_does(lang):
    table = bins().assign(n=[12085, 1, 1])
    assert number(12085, 0, lang) in words_on(plot_reliability(table, lang=lang))


def test_on_the_diagonal_words_are_kept():
    ax = plot_reliability(bins())
    [line] = ax.lines
    assert list(line.get_xdata()) == list(line.get_ydata()) == [0, 1]
    assert ax.get_xlim() == ax.get_ylim()
    assert ax.get_aspect() == 1


@either
def test_without_a_case_it_says_so(lang):
    ax = plot_reliability(bins([], []), lang=lang)
    assert marks(ax)[0].size == 0
    assert texts(lang)["kept"]["no_case"] in words_on(ax)
    assert texts(lang)["kept"]["no_case"] not in words_on(plot_reliability(bins(), lang=lang))


def test_the_source_stands_below():
    assert "Which cases these are." in words_on(plot_reliability(bins(), source="Which cases these are."))


def test_a_picture_can_be_drawn_where_one_is_told_to_and_leaves_style_and_table_alone():
    before, table = dict(mpl.rcParams), bins()
    kept = table.copy(deep=True)
    _, ax = plt.subplots()
    assert plot_reliability(table, ax=ax) is ax
    assert dict(mpl.rcParams) == before
    pd.testing.assert_frame_equal(table, kept)


def test_drawn_for_a_page_no_figure_stays_open():
    plt.close("all")
    picture = draw("Said and came", plot_reliability, bins())
    assert picture.svg.count("<svg") == as_svg(plot_reliability(bins()).figure).count("<svg") == 1
    assert len(plt.get_fignums()) == 1  # the one of this test
