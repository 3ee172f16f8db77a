"""What a notebook may be given: declared once, shown in its first cell, and refused all at once."""

from __future__ import annotations

import ast
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa_analysis import open_project
from sapa_analysis.core import in_language, load_params
from sapa_analysis.core.errors import ParamsError, SapaError
from sapa_analysis.core.params import Params
from sapa_analysis.evidence import load_areas, load_indicators
from sapa_analysis.pipeline import open as open_module
from sapa_analysis.pipeline.notebook_parameters import (
    CHOICES,
    NAMES,
    Parameters,
    check_values,
    declaration,
    given_choices,
)
from sapa_analysis.pipeline.parameters_cell import injected_names, names_of

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOUND = {
    "indicator": "tourist_arrivals", "area": "sa_pa", "as_of": "2023-06-30", "horizon": 3, "seed": 7,
    "lang": "vi", "out": "",
}  # fmt: skip
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def refused(values: dict[str, Any], *, root: Path | None = None) -> dict[str, str]:
    """Return what is said against some values, by name."""
    with pytest.raises(ParamsError) as caught:
        check_values(values, NAMES, root=root)
    told = caught.value.problems
    assert {problem.file for problem in told} == {"parameters"}
    found = {problem.column: problem.message for problem in told}
    assert len(found) == len(told)
    return found


def parameters_cell(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    [cell] = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return "".join(cell["source"])


# values ---------------------------------------------------------------------------------------------------


@settings(max_examples=min(20, settings.default.max_examples))
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "indicator": st.sampled_from(sorted(load_indicators(ROOT / "data").index)),
            "area": st.sampled_from(sorted(load_areas(ROOT / "data").index)),
            "as_of": st.dates(dt.date(1990, 1, 1), dt.date(2200, 12, 31)).map(str),
            "horizon": st.integers(0, 30),
            "seed": st.integers(0),
            "lang": st.sampled_from(["vi", "en"]),
            "out": st.text(),
        },
    )
)
def test_sound_values_are_taken_as_they_are(values):
    taken = check_values(values, NAMES, root=ROOT)
    for name, value in values.items():
        assert getattr(taken, name) == (dt.date.fromisoformat(value) if name == "as_of" else value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("horizn", "did you mean horizon?"),
        ("Lang", "did you mean lang?"),
        ("asof", "did you mean as_of?"),
        ("methods", "did you mean method?"),
        ("colour", f"none of the {len(NAMES)} known is near"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name, hint):
    assert refused({name: 3}) == {name: f"unknown; {hint}"}


def test_in_a_session_the_nearest_of_all_parameters_is_told():
    with pytest.raises(ParamsError, match="horizn: unknown; did you mean horizon"):
        open_project(as_of="2023-06-30", horizn=2)


def test_a_name_that_this_notebook_does_not_take_is_unknown_to_it():
    with pytest.raises(ParamsError, match=r"indicator: unknown; write one of area, lang"):
        check_values({"indicator": "tourist_arrivals"}, ["area", "lang"])


@pytest.mark.parametrize("name", ["horizon", "seed"])
@pytest.mark.parametrize("value", ["3", "three", True, False, 3.0, 3.5, None, [3], float("nan")], ids=repr)
def test_only_a_whole_number_is_a_whole_number(name, value):
    found = refused({name: value})
    assert found[name].startswith(f"found {value!r}; wanted a whole number, ")
    assert list(found) == [name]


@pytest.mark.parametrize("name", ["indicator", "area", "lang", "out"])
@pytest.mark.parametrize("value", [3, 3.5, True, None, ["vi"], b"vi", Path("vi")], ids=repr)
def test_only_text_is_text(name, value):
    found = refused({name: value})
    assert found[name].startswith(f"found {value!r}; wanted text")
    assert list(found) == [name]


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("horizon", -2, "0 to 30 years"),
        ("horizon", 200, "0 to 30 years"),
        ("horizon", -1, "0 to 30 years"),
        ("horizon", 31, "0 to 30 years"),
        ("seed", -1, "0 or more"),
    ],
)
def test_a_number_out_of_bounds_is_refused_with_its_bounds(name, value, wanted):
    assert refused({name: value}) == {name: f"found {value}; wanted a whole number, {wanted}"}


@pytest.mark.parametrize("value", ["fr", "VI", "", "vi "])
def test_an_unknown_language_is_refused_with_the_known_ones(value):
    assert refused({"lang": value}) == {"lang": f"found {value!r}; wanted text, vi or en"}


@pytest.mark.parametrize("value", ["soon", "2023-02-30", "30/6/2023", "2023-13", "", "2023-6-30"])
def test_what_is_no_day_is_refused(value):
    found = refused({"as_of": value})
    assert list(found) == ["as_of"]
    assert found["as_of"].startswith(f'"{value}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD')


@pytest.mark.parametrize("value", [True, 2023.5, None, ["2023-06-30"]], ids=repr)
def test_a_day_is_text_or_a_year(value):
    assert list(refused({"as_of": value})) == ["as_of"]


@pytest.mark.parametrize(
    ("value", "day"), [(2023, (2023, 12, 31)), ("2023", (2023, 12, 31)), ("2024-02", (2024, 2, 29))]
)
def test_an_incomplete_day_means_its_last(value, day):
    assert check_values({"as_of": value}, NAMES).as_of == dt.date(*day)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("indicator", "tourist_arival", "did you mean tourist_arrivals?"),
        ("indicator", "", ""),
        ("area", "sapa", "did you mean sa_pa?"),
        ("area", "SA_PA", ""),
    ],
)
def test_with_a_project_an_unknown_id_is_refused(name, value, hint):
    found = refused({name: value}, root=ROOT)
    assert list(found) == [name]
    assert found[name].startswith(f'"{value}" is unknown; {hint}')
    assert getattr(check_values({name: value}, NAMES), name) == value  # without one, nobody can know


def test_everything_wrong_is_told_at_once():
    wrong = {
        "indicator": "tourist_arival", "area": "sapa", "as_of": "soon", "horizon": 200, "seed": "7",
        "lang": "fr", "office": 5, "out": 3, "horizn": 1,
    }  # fmt: skip
    assert set(refused(wrong, root=ROOT)) == set(wrong)


@given(st.sets(st.sampled_from(NAMES), min_size=1))
def test_what_is_wrong_with_one_value_does_not_depend_on_the_others(names):
    wrong = {
        "indicator": 1, "area": 2, "as_of": "soon", "horizon": 31, "seed": -1, "lang": "fr", "office": 5, "out": 3,
        "papers": "briefing-fr", "formats": "odt", "form": "state", "template": 4, **WRONG,
    }  # fmt: skip
    mixed = SOUND | {name: wrong[name] for name in names}
    assert refused(mixed, root=ROOT) == {
        column: said for name in names for column, said in refused({name: wrong[name]}, root=ROOT).items()
    }


def test_values_are_left_untouched():
    given_values = dict(SOUND)
    check_values(given_values, NAMES, root=ROOT)
    assert given_values == SOUND


# choices of baseline.yml ----------------------------------------------------------------------------------

#: Each choice wrong in its own way.
WRONG = {
    "n_paths": 50, "method": "thet", "min_years": 0, "shock_years": "2020, soon", "gap_closing": 1, "shock_chance": "0,04",
    "premiums": {"grpd": {"step": 0.1, "mean_sd": 0.1, "memory": 0, "shock": 0, "bridge": 0}}, "bridges": "none",
    "plans_inform": "grdp, grdp", "about_relative": 1, "widest_points": 0, "widest_factor": 1,
    "subjects": {"growth": []}, "documents": "", "editions": "2024, 2023", "scenarios": "hihg",
    "links": "[{of: grpd, to: grdp, elasticity: 0.1, sd: 0, low: 0, high: 1}]",
}  # fmt: skip
#: What papermill (-p, -y), `sapa run` and grids may give for a choice, and what all of it means.
WRITTEN = [
    ("n_paths", [500], 500),
    ("method", ["theta"], "theta"),
    ("min_years", [3], 3),
    ("shock_years", ["2020, 2021", "2020;2021", "[2020, 2021]", [2020, 2021], (2020, 2021)], [2020, 2021]),
    ("shock_years", [2020, "2020", "[2020]"], [2020]),
    ("shock_years", ["", "[]", []], []),
    ("gap_closing", [0.4], 0.4),
    ("links", ["[]", []], []),
    ("shock_chance", [0, 0.0], 0.0),
    ("premiums", ["{}", {}], {}),
    ("bridges", ["[]", []], []),
    ("plans_inform", ["", []], []),
    ("plans_inform", ["grdp,population", "[grdp, population]", "grdp\npopulation"], ["grdp", "population"]),
    ("about_relative", [0, 0.0], 0.0),
    ("widest_points", [30, 30.0], 30.0),
    ("widest_factor", [3], 3.0),
    ("subjects", ["{growth: [grdp_growth]}", {"growth": ["grdp_growth"]}], {"growth": ["grdp_growth"]}),
    ("documents", ["congress-2020", ["congress-2020"]], ["congress-2020"]),
    ("editions", ["2023-01-15, 2023-06", ["2023-01-15", dt.date(2023, 6, 30)]], [dt.date(2023, 1, 15), dt.date(2023, 6, 30)]),
    ("scenarios", ["low", "base, low", ["base", "low"]], ["base", "low"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "forms", "meant"), WRITTEN, ids=lambda value: str(value)[:20])
def test_every_way_of_writing_a_choice_reaches_the_same_value(params, name, forms, meant):
    for form in forms:
        assert getattr(check_values({name: form}, NAMES, root=ROOT), name) == meant
        assert getattr(params.with_values(**{name: form}), name) == meant


def test_there_is_a_right_and_a_wrong_value_of_every_choice():
    assert {name for name, _, _ in WRITTEN} == set(WRONG) == set(CHOICES)


@pytest.mark.parametrize("name", CHOICES)
def test_none_leaves_a_choice_as_it_is_and_a_wrong_value_is_told(name):
    assert name not in check_values({name: None}, NAMES, root=ROOT).model_fields_set
    told = refused({name: WRONG[name]}, root=ROOT)
    assert [column.partition(".")[0] for column in told] == [name]
    assert not any(in_language(message, "vi") == message for message in told.values())


@pytest.mark.parametrize(
    ("values", "column", "message"),
    [
        ({"n_paths": 50}, "n_paths", "found 50; wanted a whole number, 100 to 100,000"),
        ({"gap_closing": 1}, "gap_closing", "found 1; wanted a number, more than 0, less than 1"),
        ({"shock_chance": "0,04"}, "shock_chance", "found '0,04'; wanted a number, 0 to 1"),
        ({"shock_years": "2020, 2500"}, "shock_years", "found 2500; wanted a list of whole numbers, 1900 to 2100"),
        ({"shock_years": True}, "shock_years", "found True; wanted a list of whole numbers, 1900 to 2100"),
        ({"documents": ["congress-2021"]}, "documents", '"congress-2021" is unknown; did you mean congress-2020?'),
        ({"documents": ""}, "documents", "wanted at least 1 of them; found []"),
        ({"method": "thet"}, "method", '"thet" is unknown; did you mean theta?'),
        ({"scenarios": "hihg"}, "scenarios", '"hihg" is unknown; did you mean high?'),
        ({"subjects": {"growth": ["gdrp"]}}, "subjects", '"gdrp" is unknown; did you mean grdp?'),
        ({"premiums": "{grdp: {step: -1, mean_sd: 0, memory: 0, shock: 0, bridge: 0}}"}, "premiums.grdp.step", "wanted more than 0.0; found -1"),
        ({"premiums": "{grdp"}, "premiums", "found '{grdp'; wanted names with values"),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_told_with_what_was_wanted(values, column, message):
    assert refused(values, root=ROOT) == {column: message}


# the parameters cell --------------------------------------------------------------------------------------


def test_there_are_notebooks():
    assert NOTEBOOKS


@every_notebook
def test_the_parameters_cell_declares_type_default_bounds_and_meaning(path):
    """Line by line `name: type = default  # bounds: meaning`, in the one order of all; a line says what None is."""
    lines = parameters_cell(path).splitlines()
    names = names_of(path)
    assert lines.pop(0).startswith("# Tham số: ")
    said = [place for place, line in enumerate(lines) if line.startswith("# ")]
    assert said == [place for place, name in enumerate(names) if name in CHOICES][:1]
    for place in said:
        assert "None leaves each as it is in params/baseline.yml" in lines.pop(place)
    for name, line in zip(names, lines, strict=True):
        kind, meaning = declaration(name)
        code, _, comment = line.partition("  # ")
        assert code.startswith(f"{name}: {kind} = ")
        assert comment == meaning
        default = ast.literal_eval(code.partition(" = ")[2])
        assert default is None if name in CHOICES else type(default).__name__ == kind
    assert names == [name for name in NAMES if name in names]


@every_notebook
def test_the_defaults_of_a_notebook_are_sound_and_those_of_the_baseline(path):
    code = ast.parse(parameters_cell(path)).body
    defaults = {ast.unparse(line.target): ast.literal_eval(line.value) for line in code}
    check_values(defaults, NAMES, root=ROOT)
    baseline = load_params(ROOT / "params/baseline.yml").model_dump(mode="json")
    shared = set(given_choices(defaults)) & set(Params.model_fields)
    assert {name: defaults[name] for name in shared} == {name: baseline[name] for name in shared}


@every_notebook
def test_a_notebook_hands_every_parameter_to_the_check(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    calls = [
        call
        for source in code
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "sapa.open_project"
    ]
    [given_values] = [{word.arg: ast.unparse(word.value) for word in call.keywords} for call in calls]
    assert given_values == {name: name for name in names_of(path)}


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_meaning(name):
    kind, meaning = declaration(name)
    assert kind in ("int", "float", "str", "list", "dict")
    assert len(meaning) > 10


def test_the_bounds_shown_are_those_applied():
    assert declaration("horizon")[1].startswith("0 to 30 years: ")
    assert declaration("seed")[1].startswith("0 or more: ")
    assert declaration("lang")[1].startswith("vi or en: ")
    assert declaration("n_paths")[1].startswith("100 to 100,000: ")
    assert declaration("gap_closing")[1].startswith("more than 0, less than 1: ")
    assert declaration("shock_years")[1].startswith("1900 to 2100: ")
    with pytest.raises(KeyError):
        declaration("horizn")


def test_every_choice_of_the_file_is_a_parameter_of_a_notebook_as_it_is_declared_there():
    """But for `editions`, which steers what is issued and moves nothing that a notebook shows."""
    taken = {name for path in NOTEBOOKS for name in names_of(path)}
    assert taken == {*NAMES} - {"editions"}
    for name, field in Params.model_fields.items():
        mine = Parameters.model_fields[name]
        assert (mine.annotation, mine.metadata, mine.description) == (
            field.annotation, field.metadata, field.description
        )  # fmt: skip


@every_notebook
def test_no_cell_gives_a_parameter_another_value(path):
    """Else running the first cells again would open another project."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assigned = {
        node.id for source in code[1:] for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }  # fmt: skip
    assert not assigned & set(names_of(path))


def test_names_are_read_from_the_tagged_cell_only(tmp_path):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["a = 1"]},
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["b: int = 1\n", "c = 'x'"]},
        {"cell_type": "code", "metadata": {}, "source": ["d = 1"]},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    assert names_of(path) == ["b", "c"]
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells[::2]}))
    assert names_of(path) == []


# opening the project --------------------------------------------------------------------------------------


@pytest.fixture
def here(monkeypatch):
    monkeypatch.chdir(ROOT / "tests")


def test_outside_a_kernel_nothing_is_injected():
    assert injected_names() == []


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ([], []),
        (["area = 'sa_pa'"], []),
        (["area = 'sa_pa'", "# Parameters\narea = 'x'\nhorizn = 3\n"], ["area", "horizn"]),
        (["# Parameters\na = 1", "# Parameters\nb: int = 2"], ["b"]),
    ],
)
def test_in_a_kernel_the_names_of_the_injected_cell_are_known(monkeypatch, cells, names):
    class Shell:
        user_ns = {"In": cells}  # noqa: RUF012

    monkeypatch.setattr("IPython.get_ipython", lambda: Shell())
    assert injected_names() == names


@pytest.mark.usefixtures("here", "opened")
def test_a_project_opens_with_the_baseline_and_what_was_given():
    project, params = open_project(**SOUND)
    baseline = load_params(ROOT / "params/baseline.yml")
    assert project.root == ROOT
    assert params == baseline.with_values(as_of="2023-06-30", horizon=3, seed=7)


@pytest.mark.usefixtures("here")
def test_an_injected_name_that_the_notebook_does_not_take_is_refused_with_the_nearest(monkeypatch):
    monkeypatch.setattr(open_module, "injected_names", lambda: ["horizn", "area"])
    with pytest.raises(ParamsError) as caught:
        open_project(area="sa_pa", horizon=3)
    [problem] = caught.value.problems
    assert (problem.column, problem.message) == ("horizn", "unknown; did you mean horizon?")


@pytest.mark.usefixtures("here")
def test_an_injected_name_and_ill_values_are_told_together(monkeypatch):
    monkeypatch.setattr(open_module, "injected_names", lambda: ["horizn"])
    with pytest.raises(ParamsError) as caught:
        open_project(area="sapa", horizon=31)
    assert {problem.column for problem in caught.value.problems} == {"horizn", "area", "horizon"}


def test_a_name_that_no_notebook_takes_is_named_with_the_nearest():
    with pytest.raises(ParamsError) as caught:
        open_project(as_off="2023-06-30", areaa="sa_pa")
    assert [(problem.column, problem.message) for problem in caught.value.problems] == [
        ("areaa", "unknown; did you mean area?"),
        ("as_off", "unknown; did you mean as_of?"),
    ]


@pytest.mark.usefixtures("here", "opened")
def test_an_area_without_any_figure_is_one_clear_error(tables):
    bare = sorted(set(tables.areas.index) - set(tables.evidence["area"]))
    assert bare
    with pytest.raises(ParamsError) as caught:
        open_project(area=bare[0])
    [problem] = caught.value.problems
    assert problem.column == "area"
    start, _, named = problem.message.partition("; areas with figures: ")
    assert start == f'no figure of "{bare[0]}" has been published'
    assert named.split(", ") == sorted(set(tables.evidence["area"]))


@pytest.mark.usefixtures("here", "opened")
def test_a_day_before_the_first_figure_is_one_clear_error_and_the_day_it_names_opens():
    with pytest.raises(ParamsError) as caught:
        open_project(area="sa_pa", as_of="1990-01-01")
    [problem] = caught.value.problems
    assert problem.column == "as_of"
    assert problem.message.startswith("no figure of sa_pa had been published by 1990-01-01; the first is of ")
    first = dt.date.fromisoformat(problem.message.rpartition(" ")[2])
    assert open_project(area="sa_pa", as_of=str(first))[1].as_of == first
    with pytest.raises(ParamsError, match="no figure of sa_pa had been published"):
        open_project(area="sa_pa", as_of=str(first - dt.timedelta(days=1)))


@pytest.mark.usefixtures("here")
def test_an_area_whose_pages_bear_no_date_is_one_clear_error(tables, monkeypatch):
    undated = replace(tables, evidence=tables.evidence.assign(published=""))
    monkeypatch.setattr("sapa_analysis.pipeline.open.load_project", lambda root, **_: undated)
    with pytest.raises(ParamsError, match="by 2023-06-30; no page of it bears a date"):
        open_project(area="sa_pa", as_of="2023-06-30")


# files that are no notebook ---------------------------------------------------------------------------------

WHOLE = (ROOT / "notebooks/04_targets.ipynb").read_text(encoding="utf-8")


def said_of(folder: Path, text: str) -> list[tuple[int, str]]:
    """Return what is said against a file, each problem with its line."""
    path = folder / "mine.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SapaError) as caught:
        names_of(path)
    assert {problem.file for problem in caught.value.problems} == {"mine.ipynb"}
    return [
        (problem.line, f"{problem.column} {problem.message}".strip()) for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("magic", "names"),
    [
        ("%matplotlib inline\n", []), ("!ls\n", []), ("?print\n", []), ("files = !ls\n", ["files"]),
        ("%load_ext autoreload\n%autoreload 2\n", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{magic}{cell}", "{cell}\n{magic}"])
def test_a_magic_in_a_parameters_cell_is_taken(tmp_path, magic, names, form):
    cells = json.loads(WHOLE)
    [cell] = [cell for cell in cells["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    cell["source"] = form.format(magic=magic, cell="".join(cell["source"]))
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(cells), encoding="utf-8")
    known = names_of(ROOT / "notebooks/04_targets.ipynb")
    assert names_of(path) == ([*names, *known] if form.startswith("{magic}") else [*known, *names])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%%time\nseed: int = 1", "parameters cell %%time hides the names below it; take it away"),
        ("lang = 'vi'\nseed: int = = 1", "parameters cell is not Python in its line 2"),
        ("seed = (1,", "parameters cell is not Python in its line 1"),
        ("seed = 1\0", "parameters cell is not Python in its line 1"),
    ],
)
def test_a_parameters_cell_that_cannot_be_read_is_one_clear_error(tmp_path, source, said):
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source, "outputs": []}
    text = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})
    assert said_of(tmp_path, text) == [(0, said)]


@pytest.mark.parametrize("inside", ["", '    "'])
def test_marks_of_a_merge_are_told_with_their_lines(tmp_path, inside):
    lines = WHOLE.splitlines()
    lines[5:5] = [f"{inside}<<<<<<< HEAD", '"a": 1,', "=======", '"a": 2,', f"{inside}>>>>>>> theirs"]
    told = said_of(tmp_path, "\n".join(lines))
    assert [line for line, _ in told] == [6, 10]
    assert all("a mark of a merge" in said for _, said in told)


@given(st.integers(1, len(WHOLE.rstrip()) - 1))
def test_a_notebook_that_breaks_off_is_told_with_its_line(tmp_path_factory, end):
    [(line, said)] = said_of(tmp_path_factory.mktemp("half"), WHOLE[:end])
    assert said == "is no notebook: its JSON breaks off or is wrong here"
    assert 1 <= line <= WHOLE[:end].count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "null", "[]", "3", '"text"', "{}", '{"nbformat": 3, "metadata": {}, "worksheets": []}', "[" * 100_000 + "]" * 100_000,
        '{"nbformat": 4, "metadata": {}, "cells": {}}', '{"nbformat": 4, "metadata": {}, "cells": [1]}',
        '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": ""}]}',
        '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": 3}]}',
        '{"nbformat": 4, "cells": []}',
    ],
    ids=range(12),
)  # fmt: skip
def test_another_file_is_no_notebook(tmp_path, text):
    [(_, said)] = said_of(tmp_path, text)
    assert said.startswith("is no notebook of format 4")


def test_a_file_that_is_no_text_or_empty_is_told(tmp_path):
    assert said_of(tmp_path, " ") == [(0, "the file is empty")]
    (tmp_path / "mine.ipynb").write_bytes(b'{"cells":\n\xff}')
    with pytest.raises(SapaError, match="line 2: byte 0xff is not UTF-8"):
        names_of(tmp_path / "mine.ipynb")
