"""What the user's machine sets changes no picture, and no text of a picture is read as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from factories import observation, target, vintage, yearly
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

from sapa_analysis import forecast, judge_targets
from sapa_analysis.reporting.figures import (
    draw,
    plot_evidence,
    plot_forecast,
    plot_reliability,
    plot_scenarios,
    plot_track_record,
    plot_verdicts,
    style,
)
from sapa_analysis.series import build_series

#: A matplotlibrc as users have it: each line alone changed or broke a picture.
THEIRS = {
    "text.usetex": True, "text.parse_math": True, "font.family": ["STIXGeneral"], "axes.unicode_minus": False,
    "figure.dpi": 37, "savefig.dpi": 41, "savefig.transparent": True, "savefig.pad_inches": 2, "axes.prop_cycle": mpl.cycler(color="rgb"),
    "xtick.direction": "in", "xtick.minor.visible": True, "ytick.major.size": 20, "legend.loc": "center", "legend.fontsize": 30,
    "lines.marker": "s", "axes.grid.which": "both", "axes.facecolor": "black", "path.sketch": (1, 100, 2),
    "errorbar.capsize": 9, "axes.formatter.use_mathtext": True, "svg.fonttype": "none", "text.hinting": "none",
    "figure.constrained_layout.use": True, "axes.xmargin": 0.4, "hatch.linewidth": 3,
}  # fmt: skip
#: Read as a formula it fails; as it stands it is a price.
PRICE = "US$ 5_{ and $x^"
MONEY = pd.Series({"unit": "tonnes", "decimals": 0, "scale": "log", "name_vi": PRICE, "name_en": PRICE})
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
GOALS = pd.DataFrame([target(value=20.0, end=2024, unit="tonnes", document=PRICE)])
EVEN = pd.DataFrame({"share": [1 / 12] * 12, "sd": [0.05] * 12}, index=range(1, 13))
EVENT = {"date": "2020-04", "name_vi": PRICE, "name_en": PRICE, "indicator_affected": "tourist_arrivals"}
RATES = {"said": [0.15, 0.75], "attained": [0.0, 0.5]}


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def _evidence(**options):
    rows = [observation(str(year), value) for year, value in PAST.items()]
    rows[-1]["source_url"] = f"https://{PRICE.replace(' ', '')}.example/page"
    seen = build_series(vintage(*rows), "tourist_arrivals", area="sa_pa", profile=EVEN, n_draws=50)
    return plot_evidence(seen, MONEY, events=pd.DataFrame([EVENT]), **options)


def _outcome():
    return forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=100, seed=1)


def _forecast(**options):
    return plot_forecast(_outcome(), GOALS, MONEY, events=pd.DataFrame([EVENT]), **options)


def _scenarios(**options):
    outcome = _outcome()
    return plot_scenarios(
        {"base": outcome, "high": outcome}, GOALS, MONEY, {"base": "$a$", "high": PRICE}, **options
    )


def _verdicts(**options):
    rows = pd.DataFrame([target(value=20.0, end=2024, unit="tonnes", document=PRICE, id="a.1")])
    verdicts = judge_targets({"tourist_arrivals": _outcome()}, rows)
    return plot_verdicts(verdicts, pd.DataFrame([MONEY], index=["tourist_arrivals"]), **options)


def _track_record(**options):
    rows = [
        {"area": "sa_pa", "method": "headline", "origin": 2019, "year": year, "median": 12.0, "lower_80": 9.0,
         "upper_80": 16.0, "actual": 13.0, "source": PRICE} for year in (2019, 2020, 2021)
    ]  # fmt: skip
    areas = pd.DataFrame({"name_vi": PRICE, "name_en": PRICE}, index=["sa_pa"])
    return plot_track_record(pd.DataFrame(rows), MONEY, areas, **options)


def _reliability(**options):
    return plot_reliability(pd.DataFrame({"n": [2, 2], **RATES}), source=PRICE, **options)


ON_AXES = [_evidence, _forecast, _scenarios, _verdicts, _reliability]
every_picture = pytest.mark.parametrize("plot", [*ON_AXES, _track_record], ids=lambda plot: plot.__name__)


def finished(plot: Callable[..., object]) -> tuple[str, bytes, bytes]:
    """Return a picture as the briefing has it, and as a notebook shows it: drawn when its `plot_*` has ended."""
    picture = draw("", plot)
    figure, shown = plot().get_figure(root=True), io.BytesIO()
    figure.canvas.print_figure(shown, bbox_inches="tight", dpi=50, pad_inches=0.1)
    plt.close(figure)
    return picture.svg, picture.png, shown.getvalue()


@every_picture
def test_the_settings_of_the_user_change_no_picture(plot):
    ours = finished(plot)
    with mpl.rc_context(THEIRS):
        assert finished(plot) == ours
        assert {
            name: mpl.rcParams[name] for name in THEIRS
        } == THEIRS  # and a picture leaves them as they are


@settings(max_examples=min(5, settings.default.max_examples))
@given(st.sets(st.sampled_from(sorted(THEIRS)), min_size=1, max_size=3))
def test_no_setting_alone_changes_a_picture(names):
    ours = finished(_reliability)
    with mpl.rc_context({name: THEIRS[name] for name in names}):
        assert finished(_reliability) == ours


def formulas(figure: Figure) -> list[str]:
    """Return the texts of a drawn figure that matplotlib would read as formulas."""
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_parse_math() or text.get_usetex()]
    return [text.get_text() for text in texts if "$" in text.get_text() or text.get_usetex()]


@every_picture
def test_a_price_is_drawn_as_it_stands(plot):
    figure = plot(lang="en").get_figure(root=True)
    assert any(PRICE in text.get_text() for text in figure.findobj(Text))
    assert formulas(figure) == []


@pytest.mark.parametrize("plot", ON_AXES, ids=lambda plot: plot.__name__)
def test_a_price_stands_on_the_axes_of_the_user_too(plot):
    ax = plt.subplots()[1]
    assert plot(ax=ax) is ax
    assert formulas(ax.get_figure(root=True)) == []


def test_every_figure_is_made_at_one_door():
    folder = Path(style.__code__.co_filename).parent
    makers = [
        path.name
        for path in folder.glob("*.py")
        if re.search(r"plt\.(subplots|figure)\(", path.read_text("utf-8"))
    ]
    assert makers == ["style.py"]
