"""Running notebooks: the only door to papermill."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from traitlets.config import Config

from .briefing import write_briefing
from .errors import OutputError, SapaError, nearest
from .files import project_root
from .params import load_params
from .records import read_records


@dataclass(frozen=True, slots=True)
class Run:
    """One executed notebook.

    Attributes
    ----------
    notebook : str
        Name without ending, as in `notebooks/`.
    parameters : dict
        What it was run with.
    path : pathlib.Path
        The executed copy.
    records : dict
        What it handed on.
    """

    notebook: str
    parameters: dict[str, Any]
    path: Path
    records: dict[str, Any]


def run_notebook(
    name: str, parameters: Mapping[str, Any], out: Path | str, *, root: Path | str | None = None
) -> Run:
    """Execute a notebook of the project with some parameters and keep the executed copy.

    The copy is named after the notebook and its parameters, so that no run overwrites another.

    Parameters
    ----------
    name : str
        `02_trajectory`, with or without `.ipynb`.
    parameters : mapping
        Values for the notebook's parameters cell.
    out : path
        Folder for the executed copy.
    root : path, optional
        The project; where we are by default.

    Returns
    -------
    Run

    Raises
    ------
    SapaError
        When there is no such notebook, or a cell fails; the partial copy then tells where.
    OutputError
        When `out` cannot be written.
    """
    import papermill  # heavy: loaded when first needed

    folder = project_root(root)
    source = _source(folder / "notebooks", name.removesuffix(".ipynb"))
    values = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in parameters.items()
    }
    target = _prepare(Path(out)) / f"{source.stem}-{_fingerprint(values)}.ipynb"
    try:
        papermill.execute_notebook(
            source,
            target,
            values,
            cwd=str(folder),
            progress_bar=False,
            kernel_name="python3",
            config=_kernel_config(),
        )
    except papermill.PapermillExecutionError as error:
        raise SapaError(
            f"{source.stem} failed in cell {error.exec_count}: {error.ename}: {error.evalue} (see {target})"
        ) from error
    return Run(source.stem, values, target, read_records(target))


def _kernel_config() -> Config:
    """Return settings under which notebook and kernel talk over files, not over an open port."""
    transport = "tcp" if os.name == "nt" else "ipc"
    return Config({"KernelManager": {"transport": transport}})


def _source(folder: Path, name: str) -> Path:
    path = folder / f"{name}.ipynb"
    if not path.is_file():
        known = [notebook.stem for notebook in folder.glob("*.ipynb")]
        raise SapaError(f'notebook "{name}" is unknown; {nearest(name, known)}')
    return path


def _prepare(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    if not os.access(out, os.W_OK):
        raise OutputError(f"{out} cannot be written: permission denied")
    return out.resolve()


def _fingerprint(parameters: Mapping[str, Any]) -> str:
    words = "-".join(str(value) for key, value in parameters.items() if key in ("indicator", "as_of"))
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return f"{words}-{digest}" if words else digest


def run_briefing(
    out: Path | str,
    *,
    root: Path | str | None = None,
    as_of: str | None = None,
    lang: str = "vi",
    report: Callable[[str], None] = print,
) -> tuple[Path, list[str]]:
    """Run the notebooks of the briefing and write its page.

    Parameters
    ----------
    out : path
        Folder of the page; the executed notebooks go into `notebooks` below it.
    root : path, optional
        The project; where we are by default.
    as_of : str, optional
        Day whose knowledge counts; that of `params/baseline.yml` by default.
    lang : {"vi", "en"}
        Language.
    report : callable
        Receives one line per notebook.

    Returns
    -------
    tuple of pathlib.Path and list of str
        The page, and its headline sentences.

    Raises
    ------
    SapaError
        When anything fails; no page is written then.
    """
    folder = project_root(root)
    params = load_params(folder / "params/baseline.yml")
    params = params.with_values(as_of=as_of) if as_of else params
    chosen = {
        "area": params.area,
        "as_of": params.as_of,
        "horizon": params.horizon,
        "seed": params.seed,
        "lang": lang,
    }
    jobs = [("02_trajectory", {"indicator": indicator, **chosen}) for indicator in params.subjects]
    runs = []
    for place, (name, values) in enumerate([*jobs, ("04_targets", chosen)], start=1):
        report(f"[{place}/{len(jobs) + 1}] {name} {values.get('indicator', '')}".rstrip())
        runs.append(run_notebook(name, values, Path(out) / "notebooks", root=folder))
    *trajectories, targets = (run.records for run in runs)
    [page] = write_briefing(trajectories, targets, out, as_of=params.as_of, lang=lang)
    return page, targets["summary"]
