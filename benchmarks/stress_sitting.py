"""A copy of the project, its commands and processes, for `stress.py`."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from runs import copy_of, sapa

ROOT = Path(__file__).resolve().parents[1]
DAY = "2023-06-30"
#: What marks the processes of one sitting: kernels inherit it.
MARK = "SAPA_STRESS"
#: Seconds after the end of a command in which its processes may still live.
GRACE = 2.0
SAYS = "import sapa_analysis as sapa\nsapa.record(headline=[f'seed {seed}'])"
WRITES = (
    "import time\nfrom pathlib import Path\nimport sapa_analysis as sapa\ntime.sleep(0.3)\n"
    "place = (Path('build') / f'written-{seed}.txt').resolve()\n_ = place.write_text(str(seed))\n"
    "sapa.record(headline=['written'], files=[str(place)])"
)


def add_notebook(project: Path, name: str, body: str) -> None:
    """Write a notebook of two cells: the parameters of `04_targets`, and a body."""
    whole = json.loads((project / "notebooks/04_targets.ipynb").read_text(encoding="utf-8"))
    tagged = next(cell for cell in whole["cells"] if "parameters" in cell["metadata"].get("tags", []))
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": body}
    content = {**whole, "cells": [{**tagged, "id": "a"}, {**cell, "id": "b"}]}
    (project / f"notebooks/{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")


class Sitting:
    """A copy of the project, a store and a folder for temporary files of its own."""

    def __init__(self, scratch: Path, name: str = "project") -> None:
        self.project = copy_of(ROOT, scratch, name)
        self.temporary = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))  # short enough for sockets
        atexit.register(shutil.rmtree, self.temporary, ignore_errors=True)
        self.mark = f"{os.getpid()}-{name.encode().hex()[:20]}"
        self.store = scratch / "store"

    def environment(self, **chosen: str | None) -> dict[str, str]:
        """Return the caller's environment, with what is chosen; None takes a name away."""
        own = {"PYTHONPATH": str(self.project), "SAPA_STORE": str(self.store), MARK: self.mark}
        own |= {"TMPDIR": str(self.temporary), "XDG_RUNTIME_DIR": ""}
        every = {**os.environ, **own, "MPLBACKEND": None, **chosen}
        return {name: value for name, value in every.items() if value is not None}

    def start(self, *words: str, **chosen: str | None) -> subprocess.Popen[str]:
        """Start a command `sapa`."""
        return subprocess.Popen(
            sapa(*words), cwd=self.project, env=self.environment(**chosen), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *words: str, **chosen: str | None) -> tuple[int, str]:
        """Run a command `sapa`; return its status and what it said."""
        with self.start(*words, **chosen) as process:
            said = process.communicate()[0]
        return process.returncode, said

    def processes(self) -> list[psutil.Process]:
        """Return the processes of the sitting that live."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def left(self) -> list[str]:
        """Return what lives or lies around although it should have ended."""
        until = time.monotonic() + GRACE
        while (alive := self.processes()) and time.monotonic() < until:
            time.sleep(0.05)
        files = [f"left: {path.name}" for path in self.temporary.iterdir()]
        return [f"alive: {process.pid} {' '.join(process.cmdline()[:4])}" for process in alive] + files


def forker_of(command: int) -> psutil.Process | None:
    """Return the process that forks kernels for a command, if it runs."""
    try:
        below = psutil.Process(command).children()
        return next((child for child in below if "runs.warm" in " ".join(child.cmdline())), None)
    except psutil.Error:
        return None


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return the rows in the journal of a folder."""
    lines = (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if "run" in row]


def batch_file(sitting: Sitting, name: str, runs: Sequence[Mapping[str, Any]]) -> Path:
    """Write a batch file, as JSON, which is YAML."""
    path = sitting.project / f"build/{name}.yml"
    path.write_text(json.dumps({"reason": "stress", "runs": [*runs]}), encoding="utf-8")
    return path
