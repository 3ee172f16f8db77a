"""Run the project on the lowest versions that `pyproject.toml` admits, and on the newest.

    nice -n 10 python benchmarks/bounds.py OUT.csv --python python3.11 --python /path/to/python3.13

Measured is what is committed, in a clone in a temporary folder. For each Python and each set (`lowest`,
`newest`) uv chooses the versions, from the index it is set up with, and installs them into a new environment:

- `lowest`: each library of `pyproject.toml` at the lowest release that its bound admits (`lowest-direct`),
  the extra `dev` too; what these need themselves is the newest that fits. Where two bounds do not go together
  a library comes out above its bound; that is printed.
- `newest`: no constraint but the bounds.

A library of `pyproject.toml` is taken as a wheel or not at all: a release that would have to be compiled
makes the step `install` fail. The project is built by the hatchling of the set. Then: every module is
imported, `sapa check`, all notebooks (`sapa briefing`; `quiet`: none shows a warning), and the tests of
`make test-fast`; a step that fails stops none that can still run. All that a failed step printed is kept
beside OUT, as `OUT-PYTHON-SET-STEP.log`.

OUT has one row per Python and set: failed steps (none: ok), the first failing line, seconds, the versions of
all direct dependencies. `OUT-PYTHON-SET-results.csv` are the figures of the briefing, to be compared. uv is
the one on the path, else it is installed from PyPI for the run. Needs a network and git. What came out stands
in `docs/dependencies.md`.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
#: What uv calls them.
SETS = {"lowest": "lowest-direct", "newest": "highest"}
#: No step takes as long, in seconds.
TIMEOUT = 3600
#: Imports all of the package, as an installed one.
IMPORT_ALL = """
import importlib, pkgutil, sapa_analysis
for module in pkgutil.walk_packages(sapa_analysis.__path__, "sapa_analysis."):
    importlib.import_module(module.name)
"""
#: Fails if an executed notebook below a folder shows a reader what a library had to say.
QUIET = """
import json, pathlib, sys
said = [
    f"{path.name}: {''.join(output['text'])}"
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.ipynb"))
    for cell in json.loads(path.read_text("utf-8"))["cells"]
    for output in cell.get("outputs", ())
    if output.get("name") == "stderr" and "".join(output["text"]).strip()
]
sys.exit("Error: " + "Error: ".join(said) if said else 0)
"""
#: How a line that matters begins, what says most first: of pytest, of uv, of an exception.
FAULTS = (r"E \S", r"cause: ", r"(FAILED |ERROR |[Ee]rror: |[\w.]*(Error|Warning|Exception)\b)")
#: What another environment left behind.
FOREIGN = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONWARNINGS",
    "VIRTUAL_ENV",
    "PYTEST_ADDOPTS",
    "UV_CONSTRAINT",
    "UV_PYTHON",
)


@dataclass
class Run:
    """One Python with one set of versions.

    Attributes
    ----------
    python
        Version of the interpreter.
    chosen
        `lowest` or `newest`.
    failed
        Steps that failed.
    first_line
        What the first of them said.
    seconds
        By step, in the order they ran.
    versions
        By direct dependency, as resolved.
    """

    python: str
    chosen: str
    failed: list[str] = field(default_factory=list)
    first_line: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def step(self, name: str, command: Sequence[str | Path], cwd: Path, logs: Path) -> bool:
        """Run one step; return whether it went well."""
        print(f"{self.python} {self.chosen}: {name}", end=" ", flush=True)
        start = time.monotonic()
        code, output = call(command, cwd)
        self.seconds[name] = time.monotonic() - start
        print(f"{'ok' if code == 0 else 'FAILED'}, {self.seconds[name]:.0f} s", flush=True)
        if code == 0:
            return True
        self.first_line = self.first_line or first_fault(output)
        self.failed.append(name)
        Path(f"{logs}-{self.python}-{self.chosen}-{name}.log").write_text(output, encoding="utf-8")
        return False


def call(command: Sequence[str | Path], cwd: Path) -> tuple[int, str]:
    """Return the exit code of a command and all that it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return 1, f"error: no end within {TIMEOUT} seconds"
    return done.returncode, done.stdout


def first_fault(output: str) -> str:
    """Return the first line of an output that says what failed; failing that, its last line."""
    lines = [" ".join(line.split()) for line in output.splitlines() if line.strip()] or ["no output"]
    told = [line for fault in FAULTS for line in lines if re.match(fault, line)]
    return (told or lines[-1:])[0][:300]


def bounds_of(pyproject: Path) -> dict[str, str]:
    """Return the lower bound of each direct dependency, those of the extra `dev` last."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    named = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]
    return {
        one.name: next(part.version for part in one.specifier if part.operator in (">=", "==", "~="))
        for one in named
    }


def fast_tests(makefile: Path) -> list[str]:
    """Return what `make test-fast` gives to Python."""
    found = re.search(r"^test-fast:.*\n\t\$\(BIN\)/python (.*)$", makefile.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{makefile.name} has no target test-fast that calls $(BIN)/python")
    return shlex.split(found[1])


def pins_of(file: Path) -> dict[str, str]:
    """Return the versions of a file of pins, by name in small letters."""
    pins: dict[str, str] = {}
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.strip().startswith("#"):
            one = Requirement(line)
            pins[one.name.lower()] = next(iter(one.specifier)).version
    return pins


def measure(
    interpreter: str, python: str, chosen: str, *, tree: Path, scratch: Path, uv: str, logs: Path
) -> Run:
    """Resolve, install and run one set on one Python; its environment is deleted at the end."""
    run = Run(python, chosen)
    bounds = bounds_of(tree / "pyproject.toml")
    pins, environment = scratch / f"{python}-{chosen}.txt", scratch / f"{python}-{chosen}"
    own = environment / ("Scripts" if os.name == "nt" else "bin")
    wheels = [word for name in bounds for word in ("--only-binary", name)]
    into: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", own / "python"]
    resolve = [uv, "pip", "compile", "pyproject.toml", "--extra", "dev", "--resolution", SETS[chosen]]
    resolve += ["--python", interpreter, "--quiet", "--no-header", "--output-file", str(pins)]
    if not run.step("resolve", resolve, tree, logs):
        return run
    resolved = pins_of(pins)
    run.versions = {name: resolved[name.lower()] for name in bounds}
    commands: dict[str, list[str | Path]] = {
        "environment": [uv, "venv", "--quiet", "--no-project", "--python", interpreter, environment],
        "install": [*into, *wheels, "--requirements", pins],
        "build": [*into, "--no-deps", "--no-build-isolation", tree],
    }
    for name, command in commands.items():
        if not run.step(name, command, tree, logs):
            return run
    run.step("import", [own / "python", "-P", "-c", IMPORT_ALL], scratch, logs)
    run.step("check", [own / "sapa", "check"], tree, logs)
    briefing = tree / "build/bounds"
    if run.step("notebooks", [own / "sapa", "briefing", "--out", briefing], tree, logs):
        run.step("quiet", [own / "python", "-c", QUIET, briefing], tree, logs)
        shutil.copy(briefing / "results.csv", f"{logs}-{python}-{chosen}-results.csv")
    run.step("tests", [own / "python", *fast_tests(tree / "Makefile")], tree, logs)
    shutil.rmtree(environment, ignore_errors=True)
    return run


def write(out: Path, runs: Sequence[Run]) -> None:
    """Write one row per Python and set."""
    names = list(dict.fromkeys(name for run in runs for name in run.versions))
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["python", "set", "failed", "first_line", "seconds", *names])
        for run in runs:
            spent = f"{sum(run.seconds.values()):.0f}"
            versions = [run.versions.get(name, "") for name in names]
            writer.writerow([run.python, run.chosen, " ".join(run.failed), run.first_line, spent, *versions])


def show(runs: Sequence[Run], bounds: Mapping[str, str]) -> None:
    """Print what ran as a table, then the versions, then where a lowest version lies above its bound."""
    steps = list(dict.fromkeys(step for run in runs for step in run.seconds))
    table = [["Python", "set", *(f"{step}, s" for step in steps), "result"]]
    for run in runs:
        spent = [f"{run.seconds[step]:.0f}" if step in run.seconds else "" for step in steps]
        table.append(
            [run.python, run.chosen, *spent, f"failed: {', '.join(run.failed)}" if run.failed else "ok"]
        )
    print_table(table)
    print_table(
        [
            ["library", "bound", *(f"{run.python} {run.chosen}" for run in runs)],
            *([name, bound, *(run.versions.get(name, "") for run in runs)] for name, bound in bounds.items()),
        ]
    )
    for run in runs:
        if run.first_line:
            print(f"{run.python} {run.chosen}: {run.first_line}")
        for name, version in run.versions.items() if run.chosen == "lowest" else ():
            # of stubs, 3.0.0.260204 is the first 3.0
            if Version(version).release[:3] > (*Version(bounds[name]).release, 0, 0)[:3]:
                print(f"{run.python} lowest: {name} {bounds[name]} cannot be had, {version} can")


def print_table(table: Sequence[Sequence[str]]) -> None:
    """Print rows as Markdown, the first as its head."""
    lines = [f"| {' | '.join(row)} |" for row in table]
    print("\n".join(["", lines[0], "|---" * len(table[0]) + "|", *lines[1:], ""]))


def uv_for(scratch: Path) -> str:
    """Return uv: the one on the path, else a new one from PyPI."""
    found = shutil.which("uv")
    if found:
        return found
    subprocess.run([sys.executable, "-m", "venv", str(scratch / "tools")], check=True)
    own = scratch / "tools" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(own / "python"), "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(own / "uv")


def main() -> None:
    """Run both sets on every Python given; exit with 1 if any failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="CSV to write")
    parser.add_argument(
        "--python", action="append", help="an interpreter, again for more (default: this one)"
    )
    parser.add_argument("--set", choices=SETS, action="append", help="only this set of versions")
    arguments = parser.parse_args()
    runs: list[Run] = []
    logs = arguments.out.absolute().with_suffix("")
    with tempfile.TemporaryDirectory(prefix="bounds-") as folder:
        scratch = Path(folder).resolve()
        uv, clone, tree = uv_for(scratch), scratch / "clone", scratch / "tree"
        subprocess.run(["git", "clone", "--quiet", "--depth=1", ROOT.as_uri(), str(clone)], check=True)
        for interpreter in arguments.python or [sys.executable]:
            told = subprocess.run([interpreter, "--version"], check=True, capture_output=True, text=True)
            for chosen in arguments.set or SETS:
                shutil.copytree(clone, tree)
                python = told.stdout.split()[-1]
                runs.append(
                    measure(interpreter, python, chosen, tree=tree, scratch=scratch, uv=uv, logs=logs)
                )
                shutil.rmtree(tree)
                write(arguments.out, runs)
    show(runs, bounds_of(ROOT / "pyproject.toml"))
    sys.exit(any(run.failed for run in runs))


if __name__ == "__main__":
    main()
