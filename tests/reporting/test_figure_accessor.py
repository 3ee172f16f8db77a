"""`.plot()` of a series, a forecast and a scenario: attached to the types of core from above."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from sapa_analysis import SapaError, forecast, forecast_area

pytest_plugins = ["loaded"]
mpl.use("agg")
PLAIN = pd.Series([1.0, 1.1, 1.25, 1.3, 1.42], index=range(2015, 2020), name="visits")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def base(tables, params):
    return forecast_area(tables, params)


def title(axes) -> str:
    return axes.get_title(loc="left")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_plain_series_and_its_forecast_draw_themselves_under_their_name(lang):
    fan = forecast(PLAIN, horizon=2, n_paths=100, seed=1)
    assert title(fan.plot(lang=lang)) == title(fan.observed.plot(lang=lang)) == "Visits"


def test_an_indicator_draws_itself_under_its_own_name_and_unit(base):
    fan = base["tourist_arrivals"]
    assert title(fan.plot(lang="en")) == "Tourist arrivals"
    assert fan.observed.plot(lang="en").get_ylabel() == "million visits"


def test_a_scenario_draws_itself_beside_the_baseline(base, tables):
    axes = tables.scenarios["low"].plot(base, "tourist_arrivals", lang="en")
    assert {"Baseline", "Low scenario"} <= {text.get_text() for text in axes.texts}


def test_a_scenario_refuses_an_indicator_without_an_outcome(base, tables):
    with pytest.raises(SapaError, match='"tourist_arivals" has no outcome; did you mean tourist_arrivals'):
        tables.scenarios["low"].plot(base, "tourist_arivals")
