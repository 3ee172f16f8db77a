"""Tables of a track record: every cell in words and units of its language, the telling row first."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import SapaError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evaluation import track_scores, verdict_scores
from sapa_analysis.evaluation.track_record import COLUMNS
from sapa_analysis.forecasting import MODELS
from sapa_analysis.pipeline import constants_used
from sapa_analysis.reporting import (
    cases_table,
    constants_table,
    nowcast_table,
    refused_table,
    scores_table,
    verdict_scores_table,
)
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.tables.record import method_named
from sapa_analysis.reporting.tables.record_basis import reason_in_words, spans
from sapa_analysis.series.seasonality import seasonal_profile

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS = "tourist_arrivals"
SNAKE = re.compile(r"[a-z]_[a-z]|nan|e\+|\{|\ue000")


def record(area, method, origin, ahead, actual, median):
    """Return a row of a track record whose intervals reach 0.2 million visits to each side."""
    ends = {
        f"{side}_{level}": median + sign * 2e5
        for level in (50, 80, 95)
        for side, sign in (("lower", -1), ("upper", 1))
    }
    row = {"area": area, "origin": origin, "year": origin + ahead, "ahead": ahead, "method": method} | ends
    more = {"known": f"{origin + ahead + 1}-02", "source": "", "scored": not np.isnan(actual), "scale": 1e6}
    return row | more | {"median": median, "actual": actual}


def records(*rows):
    return pd.DataFrame(rows)[list(COLUMNS)]


BOTH = records(
    *(record("lao_cai", "headline", 2014 + k, 1, 2e6, 1.9e6) for k in range(6)),
    *(record("lao_cai", "naive", 2014 + k, 1, 2e6, 1.2e6) for k in range(6)),
    *(record("lao_cai", name, 2014, 2, 2e6, 1e6) for name in ("headline", "naive")),
    record("viet_nam", "headline", 2018, 1, 9e7, 8e7),
    record("viet_nam", "headline", 2019, 1, np.nan, 8e7),
)


def cells(table):
    return [str(cell) for row in [table.columns, *table.to_numpy()] for cell in row]


@either
def test_every_cell_is_a_word_or_a_number_of_its_language(tables, lang):
    concept, areas = tables.indicators.loc[VISITS], tables.areas
    constants = constants_used(date(2023, 6, 30), shown=True)
    made = [
        scores_table(track_scores(BOTH), concept, areas, lang=lang),
        cases_table(BOTH, concept, areas, lang=lang),
        refused_table([("sa_pa", 2012, "naive", "too_few_years")], areas, lang=lang),
        constants_table(constants, as_of=date(2023, 6, 30), lang=lang),
        verdict_scores_table(verdict_scores(cases="open"), lang=lang),
        verdict_scores_table(verdict_scores(), lang=lang),
    ]
    assert all(len(table) for table in made)
    assert not [cell for table in made for cell in cells(table) if SNAKE.search(cell)]


@either
def test_tables_of_nothing_have_their_heads_alone(tables, lang):
    concept, areas = tables.indicators.loc[VISITS], tables.areas
    none = BOTH.iloc[:0]
    for table in (
        scores_table(track_scores(none), concept, areas, lang=lang),
        cases_table(none, concept, areas, lang=lang),
        nowcast_table(pd.DataFrame(columns=["as_of", "median", "expected"]), concept, lang=lang),
        refused_table([], areas, lang=lang),
    ):
        assert table.empty
        assert len(table.columns) >= 4


@either
def test_every_model_has_a_name(lang):
    names = [method_named(name, lang) for name in (*MODELS, "headline")]
    assert len(set(names)) == len(names)


def test_the_best_method_stands_first_and_the_one_in_use_is_marked(tables):
    table = scores_table(
        track_scores(BOTH), tables.indicators.loc[VISITS], tables.areas, method="naive", lang="en"
    )
    near = table[table["Forecasts"] == "Lào Cai province, one year ahead"]
    assert near[["Method", "Cases", "Mean miss"]].to_numpy().tolist() == [
        ["Headline method", "6", "0.1 million visits"],
        ["Last figure stays (in use)", "6", "0.8 million visits"],
    ]
    assert near["In the 80% interval"].tolist() == ["100%", "0%"]


def test_a_method_without_a_common_case_stands_on_its_own_and_nothing_is_told_twice(tables):
    table = scores_table(track_scores(BOTH), tables.indicators.loc[VISITS], tables.areas, lang="en")
    [[forecasts, *rest]] = table[table["Forecasts"].str.startswith("Viet Nam")].to_numpy().tolist()
    assert forecasts == "Viet Nam, one year ahead"  # none was further ahead
    assert rest == ["Headline method (in use)", "1 (own)", "10 million visits", "", "", "0%"]
    assert table["Forecasts"].nunique() == 3


def test_a_case_tells_its_side_of_the_interval_the_last_year_first(tables):
    given_ = [record("lao_cai", "headline", 2015, 1, actual, 1e6) for actual in (1.1e6, 1.3e6, 0.7e6)]
    rows = records(*({**row, "year": 2016 + k} for k, row in enumerate(given_)))
    table = cases_table(rows, tables.indicators.loc[VISITS], tables.areas, lang="en")
    assert table.iloc[:, :2].to_numpy().tolist() == [
        ["2018", "no, below it"], ["2017", "no, above it"], ["2016", "yes"]
    ]  # fmt: skip
    assert set(table["80% interval"]) == {"0.8 to 1.2 million visits"}
    shown = cases_table(BOTH, tables.indicators.loc[VISITS], tables.areas)
    assert len(shown) == 7  # what is not scored, further ahead or another method's is left out
    assert set(shown.columns) - set(cases_table(rows, tables.indicators.loc[VISITS], tables.areas)) == {
        "Địa bàn"
    }


def test_a_month_in_which_nothing_changed_is_left_out(tables):
    months = pd.DataFrame(
        {"as_of": [date(2022, n, 28) for n in (1, 2, 3, 4)], "n_figures": [0, 0, 1, 1],
         "median": 2e6, "lower_80": 1e6, "upper_80": 3e6, "expected": [np.nan, np.nan, np.nan, 2.5e6]}
    )  # fmt: skip
    table = nowcast_table(months, tables.indicators.loc[VISITS])
    assert table.iloc[:, 0].tolist() == ["28/01/2022", "28/3/2022", "28/4/2022"]
    assert table.iloc[:, -1].tolist() == ["", "", "2,5 triệu lượt"]
    silent = nowcast_table(months.assign(expected=np.nan), tables.indicators.loc[VISITS])
    assert silent.columns.tolist() == table.columns[:-1].tolist()


# what was refused -----------------------------------------------------------------------------------------


@given(st.sets(st.integers(1990, 2030), min_size=1))
def test_spans_hold_their_years_and_no_other(years):
    told = set()
    for span in spans(years).split(", "):
        first, _, last = span.partition("–")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == years


def test_reasons_are_grouped_over_years_and_methods(tables):
    refused = [
        ("sa_pa", year, name, "other_definition") for year in (2012, 2013) for name in ("headline", "naive")
    ]
    refused += [("sa_pa", year, "naive", "too_few_years") for year in (2014, 2016)]
    refused += [("viet_nam", 2012 + n, "naive", f"a_monthly holds {n} complete normal years by then; a profile "
                 "needs 2") for n in (0, 1)]  # fmt: skip
    table = refused_table(refused, tables.areas, lang="en")
    assert table.iloc[:, [0, 1, 3]].to_numpy().tolist() == [
        ["Sa Pa town", "2012–2013", "every method"],
        ["Sa Pa town", "2014, 2016", "Last figure stays"],
        ["Viet Nam", "2012–2013", "Last figure stays"],
    ]
    assert "monthly series" in table.iloc[2, 2]


@either
def test_every_reason_has_words_of_its_own(tables, lang):
    other = texts(lang)["record_page"]["reasons"]["other"]
    codes = ["no_evidence", "no_yearly_figure", "other_definition", "too_few_years", "no_year_left"]
    messages = [
        "consumer prices are known for 3 years; a spread of inflation needs 5",
        "tourist_arrivals of sa_pa: figures of 2 normal years; naive needs 3 (one step of each kind)",
    ]
    for covariates in (tables.covariates.iloc[:0], tables.covariates.iloc[:1]):
        with pytest.raises(SapaError) as refusal:
            seasonal_profile(covariates, field="tourism", shock_years=())
        messages.append(str(refusal.value))
    for reason in (*codes, *messages):
        assert reason_in_words(reason, lang) not in ("", other)
    assert reason_in_words("statsmodels says no", lang) == other


# constants and other scores -------------------------------------------------------------------------------


@either
def test_what_was_known_too_late_stands_first(lang):
    day = date(2023, 6, 30)
    constants = constants_used(day, shown=True)
    table = constants_table(constants, as_of=day, lang=lang)
    words = texts(lang)["shown"]
    late = int(constants["hindsight"].sum())
    assert 0 < late < len(table)
    assert table.iloc[:, 0].tolist() == [words["no"]] * late + [words["yes"]] * (len(table) - late)


def test_ours_is_worse_than_itself_by_nothing():
    table = verdict_scores_table(verdict_scores(cases="open"), lang="vi")
    ours = table[table.iloc[:, 0] == texts("vi")["record_page"]["forecasters"]["forecast"]]
    assert ours.iloc[:, 2].tolist() == [""]
    assert table.iloc[1:, 2].str.match(r"[+−]?0,\d{3} ± 0,\d{3}$").all()
