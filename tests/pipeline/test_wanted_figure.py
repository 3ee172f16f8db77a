"""Figures that would help most: what is put in is what an office could print, and the rank follows the band."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sapa_analysis.core import Params
from sapa_analysis.pipeline import Project, wanted_figures
from sapa_analysis.pipeline.wanted_figure import _ranked
from sapa_analysis.reporting import wanted_page, wanted_table

pytest_plugins = ["loaded"]


@pytest.fixture(scope="module")
def asked(params: Params) -> Params:
    return params.with_values(as_of="2023-06-30", n_paths=200)


@pytest.fixture(scope="module")
def income(tables: Project, asked: Params) -> pd.DataFrame:
    return wanted_figures(tables, asked, indicator="income_per_capita")


def test_a_result_of_the_last_year_narrows_a_band_that_says_nothing(income: pd.DataFrame):
    [row] = income.to_dict("records")
    assert (row["wanted"], row["period"], row["reason"]) == ("result", "2022", "too_wide")
    assert row["lower_before"] < row["lower_after"] < row["upper_after"] < row["upper_before"]
    assert 0 < row["narrowing"] < 1


def test_a_target_without_any_figure_gets_a_first_band_around_its_goal(tables: Project, asked: Params):
    [row] = wanted_figures(tables, asked, indicator="health_insurance_coverage").to_dict("records")
    assert np.isnan([row["lower_before"], row["upper_before"]]).all()
    assert row["lower_after"] < 98 < row["upper_after"]


def test_the_result_of_a_year_that_has_ended_settles_its_target(tables: Project, asked: Params):
    later = asked.with_values(as_of="2024-06-30")
    [row] = wanted_figures(tables, later, indicator="health_insurance_coverage").to_dict("records")
    assert (row["period"], row["narrowing"]) == ("2023", 1.0)


def test_what_no_figure_can_answer_asks_for_what_would(tables: Project, asked: Params):
    shares = wanted_figures(tables, asked, indicator="share_agriculture")
    rating = wanted_figures(tables, asked, indicator="party_committee_rating")
    assert [*shares["wanted"], *rating["wanted"]] == ["tolerance", "rating"]
    assert (shares["found_in_vi"] == "").all()


def test_a_target_with_enough_figures_asks_for_nothing(tables: Project, asked: Params):
    assert wanted_figures(tables, asked, indicator="tourist_arrivals").empty


def test_the_project_is_left_as_it_was(tables: Project, asked: Params):
    before = tables.fingerprint()
    wanted_figures(tables, asked, indicator="income_per_capita")
    assert tables.fingerprint() == before


def test_the_largest_gain_comes_first_and_a_figure_once():
    common = {
        "wanted": "result",
        "period": "2022",
        "freq": "A",
        "unit": "percent",
        "status": "",
        "reason": "",
    }
    band = {"lower_before": 0.0, "upper_before": 9.0, "lower_after": 1.0, "upper_after": 2.0}
    gains = [("a.1", "a", 0.2), ("b.1", "b", 0.7), ("a.2", "a", 0.5), ("c.1", "c", 0.0), ("d.1", "d", np.nan)]
    rows = [{"id": id, "indicator_id": name, "narrowing": gain, **common, **band} for id, name, gain in gains]
    ranked = _ranked(pd.DataFrame(rows))
    assert ranked["targets"].tolist() == ["b.1", "a.2;a.1", "d.1"]
    assert ranked["rank"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_holds_every_cell_of_the_table(
    tables: Project, asked: Params, income: pd.DataFrame, lang: str
):
    table = wanted_table(tables, income, lang=lang)
    page = wanted_page(tables, asked, income, lang=lang)
    assert [cell for cell in table.iloc[0] if cell not in page] == []
    assert "None" not in page
    assert "nan" not in page
