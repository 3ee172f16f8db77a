"""The tutorial of ten minutes: it runs in both languages, and its figures and goal are published ones."""

from __future__ import annotations

import ast
import json
import re
from contextlib import chdir
from dataclasses import replace
from datetime import date

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

import sapa_analysis as sapa
from sapa_analysis.runs.key import Inputs

pytest_plugins = ["loaded", "workshop"]
START = ROOT / "notebooks/00_start.ipynb"
#: Soon computed: the nation has few figures, and no area above it.
QUICK = {"indicator": "grdp_growth", "area": "viet_nam", "as_of": "2017-06-30"}


@pytest.fixture(autouse=True)
def closed():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in json.loads(START.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def is_open(cell):
    return "hide-input" not in cell["metadata"].get("tags", [])


def lines_of(cell):
    return "".join(cell["source"]).splitlines()


# it runs --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("asked", "said", "likely", "unlikely"),
    [
        (QUICK | {"lang": "vi"}, "Số liệu gần nhất", "có khả năng hoàn thành", "khó hoàn thành"),
        (QUICK | {"lang": "en"}, "Latest figure", "likely", "unlikely"),
        ({"indicator": "upper_secondary_attainment", "lang": "en"}, "Not assessed", "likely", "unlikely"),
    ],
)
def test_it_runs_to_a_verdict_on_figures_of_ones_own(asked, said, likely, unlikely, tmp_path):
    run = sapa.runs.run_notebook("00_start", asked, tmp_path)
    assert said in " ".join(run.records["headline"])
    own = run.records["own"].set_index("scenario")
    assert own.loc["base", "status"] == "likely"
    assert own.loc["−10%", "status"] == "unlikely"
    notebook = nbformat.read(run.path, 4)
    shown = [json.dumps(cell.outputs, ensure_ascii=False) for cell in notebook.cells if "aim)" in cell.source]
    assert [f"– {word}" in lines for word, lines in zip((likely, unlikely), shown, strict=True)] == [
        True,
        True,
    ]
    prose = "\n".join(cell["source"] for cell in notebook.cells if cell["cell_type"] == "markdown")
    assert ("## What to look at next" in prose) == (asked["lang"] == "en")
    assert ("## Xem gì tiếp?" in prose) == (asked["lang"] == "vi")


@pytest.mark.slow
@pytest.mark.usefixtures("opened")
def test_its_open_cells_pasted_one_by_one_need_nothing_that_is_folded(cells, tmp_path):
    """As a reader does it, from another folder: with the values that stand there."""
    names: dict = {}
    with chdir(tmp_path):
        for cell in filter(is_open, cells):
            exec("".join(cell["source"]), names)
    [chance] = names["last"]["probability"]
    [told, *_] = sapa.plain(sapa.reporting.describe_outcome(names["outcome"], names["last"], lang="en"))
    assert told.startswith("Tourism revenue, goal for 2025 (XXIII congress): 27,000 billion VND")
    taken = pd.read_csv(ROOT / "build/start/paths.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(taken, names["fan"].to_frame(), check_dtype=False)
    odds = names["odds"].set_index(["scenario", "year"])["probability"]
    assert odds["base", 2025] == chance
    assert (odds["+10%"] > odds["base"]).all()


# how it is written ----------------------------------------------------------------------------------------


def test_its_code_is_open_and_short_but_for_the_record(cells):
    assert [is_open(cell) for cell in cells] == [True] * (len(cells) - 1) + [False]
    assert max(len(lines_of(cell)) for cell in cells) <= 8
    assert lines_of(cells[-1])[0] == "sapa.record("


def test_each_notebook_is_where_it_leads(cells):
    linked = set(re.findall(r"\]\((\d\d_\w+\.ipynb)\)", START.read_text("utf-8")))
    others = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} - {START.name}
    assert linked == others


# its figures and its goal ---------------------------------------------------------------------------------


def test_its_figures_are_those_of_the_reference_class():
    known = pd.read_csv(ROOT / "data/reference/visits.csv")
    whole = known[(known["place"] == "quang_ninh") & (known["freq"] == "A")].sort_values("period")
    mine = pd.read_csv(START.with_suffix(".csv"))
    assert [*mine.columns] == ["year", "visits", "source"]
    wanted = {"year": whole["period"].astype(int), "visits": whole["value"], "source": whole["source_url"]}
    pd.testing.assert_frame_equal(mine, pd.DataFrame(wanted).reset_index(drop=True), check_dtype=False)


def test_its_goal_is_the_one_that_the_page_of_the_last_year_states(cells):
    called = [
        call
        for cell in cells
        for call in ast.walk(ast.parse("".join(cell["source"])))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "sapa.target"
    ]
    [values] = [
        [ast.literal_eval(value) for value in (*call.args, *(k.value for k in call.keywords))]
        for call in called
    ]
    last = pd.read_csv(START.with_suffix(".csv")).iloc[-1]
    found = re.search(r"targets-(\d+)-million-tourists-in-(\d{4})", last["source"])
    assert values == ["visits", 1e6 * int(found[1]), int(found[2])]


def test_files_beside_a_notebook_that_bear_its_name_are_part_of_its_key(own_workshop):
    root, job = own_workshop.root, ("answers", {})
    before = Inputs(root).task(job, root / "out")
    own_workshop.write("notebooks/other.csv", "year,visits\n")
    assert Inputs(root).task(job, root / "out").key == before.key
    keys = {before.key}
    for text in ("year,visits\n2019,1\n", "year,visits\n2019,2\n"):
        own_workshop.write("notebooks/answers.csv", text)
        task = Inputs(root).task(job, root / "out")
        assert set(task.files) - set(before.files) == {"notebooks/answers.csv"}
        keys.add(task.key)
    assert len(keys) == 3


# what it takes from the package ---------------------------------------------------------------------------

ROOMS = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="rooms", dtype=float)


@pytest.mark.parametrize("unit", ["visits", "percent", "rooms", ""])
def test_the_unit_of_a_plain_series_is_told_and_moves_nothing(unit):
    plain, named = sapa.forecast(ROOMS, n_paths=200), sapa.forecast(ROOMS, n_paths=200, unit=unit)
    pd.testing.assert_frame_equal(plain.paths, named.paths, check_exact=True)
    assert named.observed.unit == unit
    pd.testing.assert_frame_equal(sapa.forecast(named.observed, n_paths=200, unit=unit).paths, named.paths)


def test_a_series_that_has_a_unit_takes_no_other():
    series = sapa.forecasting.exact_series(ROOMS, unit="rooms")
    with pytest.raises(sapa.SapaError, match='unit "rooms"; wanted that or none, found "beds"'):
        sapa.forecast(series, unit="beds")


@given(value=st.floats(60, 300), by=st.integers(2018, 2022), lang=st.sampled_from(["vi", "en"]))
def test_an_outcome_is_told_with_its_goal_its_figure_and_the_forecast_of_the_year_due(value, by, lang):
    fan = sapa.forecast(ROOMS, n_paths=200, unit="rooms")
    verdicts = sapa.judge_targets({"rooms": fan}, sapa.target("rooms", value, by=by))
    judged, latest, ahead = sapa.plain(sapa.reporting.describe_outcome(fan, verdicts, lang=lang))
    assert str(by) in judged
    assert ("%" in judged) == pd.notna(verdicts["probability"].item())
    assert re.search(r"\b140\b.*\b2019\b", latest)
    assert str(by if by > 2019 else 2022) in ahead
    assert "80%" in ahead


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_is_not_assessed_is_told_and_drawn_like_a_forecast(lang):
    known = replace(
        sapa.forecasting.exact_series(ROOMS.iloc[:1], unit="rooms"), as_of=date(2016, 1, 31), area="town"
    )
    goal = sapa.target("rooms", 160, by=2021)
    for outcome in (
        sapa.NotAssessed(None, "no_evidence", 3),
        sapa.NotAssessed(known, "too_few_years", 3),
        sapa.NotAssessed(known, "no_year_left", 3),
    ):
        verdicts = sapa.judge_targets({"rooms": outcome}, goal)
        told = sapa.plain(sapa.reporting.describe_outcome(outcome, verdicts, lang=lang))
        assert len(told) == (1 if outcome.observed is None else 2)
        axes = outcome.plot(goal, lang=lang)
        assert any("160" in text.get_text() for text in axes.texts)


def test_the_head_of_a_column_of_numbers_breaks_and_its_numbers_do_not():
    table = pd.DataFrame({"A head of several words": ["1,234 visits", "5 visits"]})
    html = sapa.reporting.show(table)._repr_html_()
    assert "white-space:normal" in re.search(r"<th [^>]*>", html)[0]
    assert ["white-space:nowrap" in cell for cell in re.findall(r"<td [^>]*>", html)] == [True, True]
