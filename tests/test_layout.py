"""The house: one fact in one place, and the places in step."""

import ast
import csv
import doctest
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from types import FunctionType

import grimp
import pytest
import yaml

import sapa_analysis

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = [
    line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")
]


def plain(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def test_every_dependency_is_pinned_once():
    extras = PYPROJECT["project"]["optional-dependencies"]
    wanted = [*PYPROJECT["project"]["dependencies"], *(name for names in extras.values() for name in names)]
    pinned = [plain(line) for line in PINS]
    assert len(pinned) == len(set(pinned))
    assert {plain(name) for name in wanted} <= set(pinned)


def test_constraints_name_versions_only():
    assert not [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line)]


def test_conda_builds_the_same_from_the_same_constraints():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert environment[-1] == {"pip": ["-c constraints.txt", "-e .[dev]"]}
    lowest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"python={lowest}" in environment


def test_binder_builds_the_same_from_the_same_constraints():
    """For those who have the web: mybinder.org reads `binder/`, and nothing else of the top folder."""
    asked = (ROOT / "binder/requirements.txt").read_text().splitlines()
    assert [line for line in asked if not line.startswith("#")] == ["-c ../constraints.txt", "-e ."]
    lowest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert (ROOT / "binder/runtime.txt").read_text() == f"python-{lowest}\n"
    assert {path.name for path in (ROOT / "binder").iterdir()} == {"requirements.txt", "runtime.txt"}


def test_pyarrow_stays_out():
    assert "pyarrow" not in {plain(line) for line in PINS}


def lines_of_the_contract():
    [layers] = [c["layers"] for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    return [[name.strip() for name in line.split("|")] for line in layers]


def test_the_top_of_the_package_holds_the_rooms_and_the_command_only():
    package = ROOT / "sapa_analysis"
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    rooms = {name for line in lines_of_the_contract() for name in line}
    assert modules | folders == rooms
    assert len(rooms) <= 12


@pytest.fixture(scope="module")
def imports():
    """Return every import inside the package: importer, imported module."""
    graph = grimp.build_graph("sapa_analysis", cache_dir=None)
    modules = sorted(graph.modules)
    return [
        (module, other) for module in modules for other in graph.find_modules_directly_imported_by(module)
    ]


def room(module):
    return [*module.split("."), ""][1]


def test_rooms_import_doors_of_lower_rooms_only(imports):
    floor = {name: height for height, line in enumerate(reversed(lines_of_the_contract())) for name in line}
    crossing = [(a, b) for a, b in imports if room(a) and room(a) != room(b) and room(b)]
    assert len(crossing) > 100
    past_the_door = [f"{a} -> {b}" for a, b in crossing if b != f"sapa_analysis.{room(b)}"]
    upwards = [f"{a} -> {b}" for a, b in crossing if floor[room(a)] <= floor[room(b)]]
    assert not past_the_door
    assert not upwards


def doors():
    return sorted(path.parent for path in (ROOT / "sapa_analysis").rglob("__init__.pyi"))


@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_a_door_only_hands_on_what_its_room_defines(door):
    here = ".".join(door.relative_to(ROOT).parts)
    module = import_module(here)
    assert len((door / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 40
    for name in module.__all__:
        value = getattr(module, name)
        if isinstance(value, type | FunctionType):
            assert value.__module__.startswith(here), name


@pytest.mark.slow
@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_the_example_of_a_door_says_what_it_gives(door, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MPLBACKEND", "agg")
    result = doctest.testmod(
        import_module(".".join(door.relative_to(ROOT).parts)), optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.attempted >= 3
    assert not result.failed


def test_the_root_shows_what_a_researcher_types_first_and_the_rooms():
    rooms = {name for line in lines_of_the_contract() for name in line} - {"cli"}
    shown = set(dir(sapa_analysis)) - rooms - {"figures"}
    assert len(shown) == 28
    assert {"open_project", "forecast", "forecast_area", "assess_targets", "key_results", "cite"} <= shown


def test_a_misspelt_name_fails_at_run_time():
    with pytest.raises(AttributeError, match="forcast_area"):
        sapa_analysis.forcast_area  # noqa: B018


@pytest.mark.slow
def test_a_misspelt_name_fails_for_mypy(tmp_path):
    """The doors alone tell: what they import is not followed, which would take `make check` once more."""
    script = tmp_path / "script.py"
    script.write_text("import sapa_analysis as sapa\nsapa.forcast_area(1, 2)\nsapa.targets.load_target(3)\n")
    shown = ["sapa_analysis/__init__.pyi", "sapa_analysis/targets/__init__.pyi"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--follow-imports=skip", f"--cache-dir={tmp_path}",
         script, *shown],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert 'no attribute "forcast_area"' in checked.stdout, checked.stdout + checked.stderr
    assert 'no attribute "load_target"' in checked.stdout


def texts_in(path):
    """Yield every text of a module that is no docstring, with its line."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


@pytest.mark.parametrize("name", ["targets", "verdicts", "scenarios", "evidence", "reporting"])
def test_no_room_knows_an_indicator_by_its_id(name):
    with (ROOT / "data/indicators.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["indicator_id"] for row in csv.DictReader(file)}
    assert len(ids) > 100
    modules = list((ROOT / "sapa_analysis" / name).rglob("*.py"))
    assert modules
    found = [f"{path.relative_to(ROOT)}:{line}: {text}"
             for path in modules for line, text in texts_in(path) if text in ids]  # fmt: skip
    assert not found


def test_no_module_outgrows_a_screenful_of_screens():
    longest = {path.name: len(path.read_text(encoding="utf-8").splitlines())
               for path in (ROOT / "sapa_analysis").rglob("*.py")}  # fmt: skip
    assert not {name: lines for name, lines in longest.items() if lines > 320}


def test_the_readme_names_the_two_commands():
    for name in ("README.md", "README.vi.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "make briefing" in text
        assert "make test" in text


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.slow
def test_no_tracked_file_carries_a_path_of_a_machine_or_a_registry():
    needles = ["/" + "work/", "/" + "root/", "bash" + "_jobs", "pypi" + ".org", "python" + "hosted"]
    found = [
        f"{path.relative_to(ROOT)}: {needle}"
        for path in tracked()
        for needle in needles
        if needle.encode() in path.read_bytes()
    ]
    assert not found


@pytest.mark.slow
def test_build_stands_empty_in_the_repository():
    assert (ROOT / "build/.gitkeep").exists()
    assert [path.name for path in tracked() if path.parent.name == "build"] == [".gitkeep"]


@pytest.mark.slow
def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, sapa_analysis, sapa_analysis.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"pandas", "numpy", "matplotlib", "statsmodels", "papermill", "pandera"} & set(loaded)
