"""The same answer on every machine: byte for byte for any number of threads, to 1e-9 on another processor."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[1] / "answers.py"
#: An old processor whose kernels every later one of its kind can run.
OLD_KIND = {"x86_64": "Nehalem", "AMD64": "Nehalem", "aarch64": "ARMV8", "arm64": "ARMV8"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return what answers in a process of its own, with settings of the environment."""

    def ask(**settings: str) -> dict[str, np.ndarray]:
        file = tmp_path_factory.mktemp("answers") / "all.npz"
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
        subprocess.run([sys.executable, SCRIPT, file], env=kept | settings, cwd=SCRIPT.parent, check=True)
        with np.load(file) as found:
            return {name: found[name] for name in found.files}

    return ask


@pytest.fixture(scope="module")
def one(asked):
    """Return the answers with one thread."""
    return asked(OPENBLAS_NUM_THREADS="1")


@pytest.mark.parametrize("threads", ["2", "4"])
def test_the_number_of_threads_changes_no_byte(asked, one, threads):
    other = asked(OPENBLAS_NUM_THREADS=threads)
    assert one["chances"].size >= 5
    assert other.keys() == one.keys()
    assert [name for name in one if one[name].tobytes() != other[name].tobytes()] == []


def test_another_processor_gives_the_same_paths(asked, one):
    other = asked(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE=OLD_KIND.get(platform.machine(), ""))
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, rtol=1e-9, atol=0, equal_nan=True, err_msg=name)
