"""Workers of Dask make the runs of a batch: real processes on the loopback, one of them killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from cheap import hidden_in, rows_of
from click.testing import CliRunner

from sapa_analysis.cli import main

pytest_plugins = ["workshop"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SEEDS = [1, 2, 3, 4, 5]


@contextmanager
def started(*words, says, folder):
    """Run a command of Dask until the end; yield it and the words of the line that it says when it is ready."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
    told = folder / f"{len(list(folder.iterdir()))}.log"
    with told.open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    try:
        while says not in told.read_text():
            assert process.poll() is None, told.read_text()
            threading.Event().wait(0.05)
        yield process, next(line for line in told.read_text().splitlines() if says in line).split()
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def cluster(tmp_path_factory):
    """Start a scheduler and two workers of one thread each; return its address and the workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        _, words = stack.enter_context(
            started(
                "scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-dashboard",
                says="Scheduler at:",
                folder=folder,
            )
        )
        address = words[-1]
        local = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(folder),
        )
        workers = [
            stack.enter_context(started("worker", address, *local, says="Registered to:", folder=folder))[0]
            for _ in range(2)
        ]
        yield address, workers


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
@pytest.mark.more
def test_every_run_is_done_once_though_a_worker_is_killed(cluster, workshop, tmp_path):
    address, workers = cluster
    out, file = tmp_path / "out", tmp_path / "batch.yml"
    file.write_text(
        f"reason: x\nruns:\n  - {{notebook: waits, grid: {{seed: {SEEDS}}}}}\n  - notebook: fails\n"
    )
    command = [
        sys.executable,
        "-m",
        "sapa_analysis.cli",
        "batch",
        str(file),
        "--out",
        str(out),
        "--json",
        "--dask",
        address,
    ]
    with subprocess.Popen(
        command, cwd=workshop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        seen = []
        for line in process.stdout:
            seen.append(json.loads(line))
            if seen[-1]["event"] == "ended":
                break
        workers[0].send_signal(signal.SIGKILL)
        rest, said = process.communicate()
    seen += map(json.loads, rest.splitlines())
    assert process.returncode == 1, said
    assert "Traceback" not in said
    ended = [event for event in seen if event["event"] in ("ended", "reused")]
    assert sorted(event["parameters"].get("seed", 0) for event in ended) == [0, *SEEDS]
    rows = rows_of(out)
    assert sorted(row["parameters"]["seed"] for row in rows if row["status"] == "ok") == SEEDS
    assert [row["error"] for row in rows if row["status"] == "failed"] == [
        "fails failed in cell 2: ValueError: no good"
    ]
    assert len(list(out.glob("waits-*.ipynb"))) == len(SEEDS)
    assert hidden_in(out) == []
    assert len((out / "runs.csv").read_text().splitlines()) == len(SEEDS) + 2


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:1", 'no Dask scheduler answers at "tcp://127.0.0.1:1"'),
        ("nowhere", '"nowhere" is no address of a Dask scheduler; write for example tcp://127.0.0.1:8786'),
        ("http://127.0.0.1:8786", '"http://127.0.0.1:8786" is no address of a Dask scheduler'),
    ],
)
def test_an_address_where_nobody_answers_is_one_clear_message(
    workshop, tmp_path, monkeypatch, address, message
):
    monkeypatch.chdir(workshop)
    monkeypatch.setattr("sapa_analysis.runs.remote._PATIENCE", 1.0)
    (tmp_path / "batch.yml").write_text("reason: x\nruns:\n  - notebook: answers\n")
    words = ["batch", str(tmp_path / "batch.yml"), "--out", str(tmp_path / "out"), "--dask", address]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert result.output.startswith(f"SapaError: {message}")
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = CliRunner().invoke(main, ["batch", "x.yml", "--dask", "tcp://127.0.0.1:8786"])
    said = 'the package distributed is missing; install it with: pip install "sapa-analysis[dask]"'
    assert (result.exit_code, result.output) == (1, f"SapaError: {said}\n")
