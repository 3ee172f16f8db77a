"""The same answer on every machine: byte for byte for any number of threads, to 1e-9 on another processor."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[1] / "answers.py"
#: An old processor whose kernels every later one of its kind can run.
OLD_KIND = {"x86_64": "Nehalem", "AMD64": "Nehalem", "aarch64": "ARMV8", "arm64": "ARMV8"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return what answers in a process of its own, with settings of the environment."""

    def ask(folder: Path = SCRIPT.parent, **settings: str) -> dict[str, np.ndarray]:
        file = tmp_path_factory.mktemp("answers") / "all.npz"
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
        subprocess.run([sys.executable, SCRIPT, file], env=kept | settings, cwd=folder, check=True)
        with np.load(file) as found:
            return {name: found[name] for name in found.files}

    return ask


@pytest.fixture(scope="module")
def one(asked):
    """Return the answers with one thread."""
    return asked(OPENBLAS_NUM_THREADS="1")


def differing(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    """Return the names of the answers that differ in a byte."""
    assert one["chances"].size >= 5
    assert other.keys() == one.keys()
    return [name for name in one if one[name].tobytes() != other[name].tobytes()]


@pytest.mark.more
def test_the_number_of_threads_changes_no_byte(asked, one):
    assert differing(one, asked(OPENBLAS_NUM_THREADS="2")) == []


def test_a_wheel_elsewhere_in_another_zone_and_locale_with_more_threads_changes_no_byte(
    asked, one, root, tmp_path
):
    make = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(make, cwd=root, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    site, project = tmp_path / "site", tmp_path / "dự án của văn phòng"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    for folder in ("data", "params"):
        shutil.copytree(root / folder, project / folder)
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "12", "SAPA_FROM": str(site)}
    assert differing(one, asked(project, OPENBLAS_NUM_THREADS="4", PYTHONPATH=str(site), **elsewhere)) == []


@pytest.mark.more
def test_another_processor_gives_the_same_paths(asked, one):
    other = asked(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE=OLD_KIND.get(platform.machine(), ""))
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, rtol=1e-9, atol=0, equal_nan=True, err_msg=name)
