"""The constants behind an edition: none forgotten, none before its day, each in words."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapa_analysis
from sapa_analysis.core import LANGUAGES, load_params, shipped_table
from sapa_analysis.pipeline import constants_used
from sapa_analysis.reporting import describe_constants, plain
from sapa_analysis.reporting.language import texts
from sapa_analysis.reporting.paper.model import texts_in

pytest_plugins = ["loaded"]
PACKAGE = Path(sapa_analysis.__file__).parent
TABLE = shipped_table("pipeline", "constants.csv").fillna("").astype(str)
DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
#: Parameters that rest on figures; the others are choices, tolerances, and limits of the page.
INFORMED = {"gap_closing", "shock_chance", "shock_years", "bridges", "links"}


def wheres(start):
    return {where for where in TABLE["where"] if where.startswith(start)}


# laws -----------------------------------------------------------------------------------------------------


@given(DAYS, DAYS)
def test_with_time_constants_leave_hindsight_and_never_enter_it(one, other):
    early, late = (constants_used(day).set_index("name")["hindsight"] for day in sorted((one, other)))
    assert set(early.index) <= set(late.index)
    assert not (late[early.index] & ~early).any()


@given(DAYS)
def test_what_is_known_by_the_day_is_no_hindsight(day):
    used = constants_used(day, shown=True)
    assert (used["hindsight"] == (used["known_from"] > day.isoformat())).all()
    assert set(constants_used(day)["use"]) == {"figures"}


@given(DAYS, st.sampled_from(LANGUAGES))
def test_every_constant_in_hindsight_is_named_and_no_other(day, lang):
    used = constants_used(day)
    told = plain(describe_constants(used, as_of=day, lang=lang))[0]
    for row in used.to_dict("records"):
        assert (texts(lang)["constants"]["names"][row["name"]] in told) == row["hindsight"], row["name"]
    assert str(len(used)) in told


# the table ------------------------------------------------------------------------------------------------


def test_every_shipped_table_is_a_constant_and_every_file_is_shipped():
    shipped = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("*/data/*.csv")}
    assert {where for where in TABLE["where"] if where.endswith(".csv")} == shipped - {
        "pipeline/data/constants.csv"
    }


def test_every_informed_parameter_is_a_constant(tables):
    params = load_params(tables.root / "params/baseline.yml")
    wanted = INFORMED | {f"premiums.{name}" for name in params.premiums}
    assert wheres("params/") == {f"params/baseline.yml {name}" for name in wanted}


@pytest.mark.parametrize("where", sorted(where for where in TABLE["where"] if ".py " in where))
def test_every_constant_of_a_module_stands_there(where):
    file, name = where.split()
    assert hasattr(import_module("sapa_analysis." + file.removesuffix(".py").replace("/", ".")), name)


def test_names_are_unique_days_are_days_and_every_row_says_what_it_rests_on():
    assert TABLE["name"].is_unique
    assert TABLE["where"].is_unique
    assert [str(date.fromisoformat(day)) for day in TABLE["known_from"] if day] == [
        day for day in TABLE["known_from"] if day
    ]
    assert set(TABLE["basis"]) == {"learned", "judged"}
    assert set(TABLE["use"]) == {"figures", "shown"}
    assert (TABLE["learned_on"] != "").all()
    assert (TABLE.loc[TABLE["basis"] == "learned", "known_from"] != "").all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_constant_has_its_words(lang):
    assert list(texts(lang)["constants"]["names"]) == TABLE["name"].to_list()


def test_the_bridge_of_the_ward_is_used_once_there_is_a_ward():
    assert "ward_bridge" not in set(constants_used(date(2025, 6, 30))["name"])
    assert constants_used(date(2025, 8, 1)).set_index("name").loc["ward_bridge", "hindsight"]


def test_the_review_says_it_in_both_languages(papers, params):
    for lang in LANGUAGES:
        told = describe_constants(constants_used(params.as_of), as_of=params.as_of, lang=lang)
        assert set(told) & set(texts_in(papers[f"review-{lang}"]))
