"""The house: one fact in one place, and the places in step."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = [
    line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")
]


def plain(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def test_every_dependency_is_pinned_once():
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["project"]["optional-dependencies"]["dev"]
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


def test_pyarrow_stays_out():
    assert "pyarrow" not in {plain(line) for line in PINS}


def test_every_module_has_its_line_in_the_layers():
    [layers] = [c["layers"] for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    listed = [name.strip() for line in layers for name in line.split("|")]
    package = ROOT / "sapa_analysis"
    modules = [path.stem for path in package.glob("*.py") if path.stem != "__init__"]
    modules += [path.parent.name for path in package.glob("*/__init__.py")]
    assert sorted(listed) == sorted(modules)


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


def test_no_tracked_file_carries_a_path_of_a_machine_or_a_registry():
    needles = ["/" + "work/", "/" + "root/", "bash" + "_jobs", "pypi" + ".org", "python" + "hosted"]
    found = [
        f"{path.relative_to(ROOT)}: {needle}"
        for path in tracked()
        for needle in needles
        if needle.encode() in path.read_bytes()
    ]
    assert not found


def test_build_stands_empty_in_the_repository():
    assert (ROOT / "build/.gitkeep").exists()
    assert [path.name for path in tracked() if path.parent.name == "build"] == [".gitkeep"]


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, sapa_analysis, sapa_analysis.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"pandas", "numpy", "matplotlib", "statsmodels", "papermill", "pandera"} & set(loaded)


def test_every_public_name_is_there():
    import sapa_analysis

    for name in sapa_analysis.__all__:
        assert getattr(sapa_analysis, name).__doc__
