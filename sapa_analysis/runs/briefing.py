"""The runs of the briefing: every notebook whose results it tells, and the one that writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from ..core import FORMATS, USUAL_PAPERS, Params, SapaError, load_params, project_root
from ..evidence import Office
from ..pipeline import office_at
from ..reporting import asked_papers, briefing_folder
from .internal import refuse_left, write_internal
from .jobs import Failure, Run, run_jobs
from .key import Job
from .notebook import headline_of
from .office_copy import with_office
from .work import OnEvent, silent


def run_briefing(
    *,
    root: Path | str | None = None,
    as_of: str | None = None,
    lang: str = "vi",
    out: str = "",
    papers: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    form: str = "plain",
    template: str = "",
    office: str = "",
    allow_internal: bool = False,
    jobs: int | None = None,
    executor: Executor | None = None,
    fresh: bool = False,
    timeout: float | None = None,
    on_event: OnEvent = silent,
) -> tuple[Path, list[str]]:
    """Run all notebooks of the briefing that are not done yet; `07_briefing` writes it.

    Parameters
    ----------
    root : path, optional
        The project; by default that of the current folder.
    as_of : str, optional
        The vintage; by default that of `params/baseline.yml`.
    lang : {"vi", "en"}
        Language of the notebooks and of the headline.
    out : str
        Folder of the briefing; see `briefing_folder`. The executed notebooks are kept in its `notebooks`.
    papers, formats, form, template
        As for `reporting.write_papers`; by default what that writes.
    office : str
        A workbook of the office, relative to the project unless absolute: its figures and goals count too.
    allow_internal : bool
        Whether it may hold rows that must stay in the house; else they are an error. The runs do not see
        them; papers with them are written by this process into `noi-bo` below the folder.
    jobs, executor, fresh, timeout, on_event
        As for `run_jobs`, the timeout in seconds; one more event is `internal` (files) when papers for the
        house have been written.

    Returns
    -------
    tuple of pathlib.Path and list of str
        The folder, and the headline sentences, which tell nothing of internal rows.

    Raises
    ------
    OfficeError
        With all that is wrong in the workbook.
    OutputError
        When papers for the house of another run lie in the folder, and this one writes none.
    SapaError
        When a notebook fails: with the first failure and the number of others.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs import run_briefing
    >>> with TemporaryDirectory() as folder:
    ...     run_briefing(as_of="2023-06-31", out=folder)
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      as_of: "2023-06-31" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD; found '2023-06-31'
    """
    asked: dict[str, Any] = {"papers": papers, "formats": formats, "form": form, "template": template}
    read = _internal(root, office) if office and allow_internal else None
    asked |= {"office": office, "allow_internal": allow_internal}
    place, runs = briefing_jobs(root=root, as_of=as_of, lang=lang, out=out, **asked)
    if read is None:
        refuse_left(place)
    results = run_jobs(
        runs, place / "notebooks", root=root, jobs=jobs, executor=executor, fresh=fresh, timeout=timeout,
        on_event=on_event,
    )  # fmt: skip
    failures = [result.error for result in results if isinstance(result, Failure)]
    if failures:
        more = [f"and {len(failures) - 1} more"] if len(failures) > 1 else []
        raise SapaError("\n".join([failures[0], *more]))
    assert isinstance(results[0], Run)
    if read is not None:
        written = _written(read, results[0].row["resolved"], place, root=project_root(root))
        on_event({"event": "internal", "files": written})
    return place, headline_of(results[0].row)


def _internal(root: Path | str | None, office: str) -> Office | None:
    """Return a workbook that holds rows for the house only, read whole."""
    area = load_params(project_root(root) / "params/baseline.yml").area
    read = office_at(office, area=area, root=root, allow_internal=True)
    return read if read.has_internal else None


def _written(read: Office, resolved: Mapping[str, Any], place: Path, *, root: Path) -> list[Path]:
    """Write the papers for the house with the parameters of the run that wrote the others."""
    chosen = {name: value for name, value in resolved.items() if name in Params.model_fields}
    params = load_params(root / "params/baseline.yml").with_values(**chosen)
    asked = {name: resolved[name] for name in ("papers", "formats", "form", "template")}
    return write_internal(read, params, place, root=root, **asked)


def briefing_jobs(
    *,
    root: Path | str | None = None,
    as_of: str | None = None,
    lang: str = "vi",
    out: str = "",
    papers: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    form: str = "plain",
    template: str = "",
    office: str = "",
    allow_internal: bool = False,
) -> tuple[Path, list[Job]]:
    """Return the folder of a briefing and the runs that it needs, that of `07_briefing` first.

    Parameters
    ----------
    root, as_of, lang, out, papers, formats, form, template, office, allow_internal
        As for `run_briefing`. Of a workbook with internal rows the copy without them is written.

    Examples
    --------
    >>> from sapa_analysis.runs import briefing_jobs
    >>> folder, jobs = briefing_jobs(as_of="2023-06-30")
    >>> folder.name, len(jobs), jobs[-1][0], jobs[-1][1]["indicator"]
    ('sa_pa-2023-06-30', 17, '03_scenarios', 'state_budget_revenue')
    """
    folder = project_root(root)
    params = load_params(folder / "params/baseline.yml")
    params = params.with_values(as_of=as_of) if as_of else params
    place = briefing_folder(folder, params, out, office)
    shared = {"area": params.area, "as_of": str(params.as_of), "horizon": params.horizon, "seed": params.seed}
    shared["lang"] = lang
    asked: dict[str, Any] = {"papers": list(papers or USUAL_PAPERS), "formats": list(formats or FORMATS)}
    asked |= {"form": form, "template": template}
    asked_papers(folder, **asked)
    jobs: list[Job] = [("07_briefing", {**shared, "out": str(place), **asked}), ("04_targets", shared)]
    for indicator in params.core:
        without_horizon = {name: value for name, value in shared.items() if name != "horizon"}
        jobs.append(("01_evidence", {"indicator": indicator, **without_horizon}))
        jobs += [(name, {"indicator": indicator, **shared}) for name in ("02_trajectory", "03_scenarios")]
    return place, with_office(jobs, office, place, root=folder, allow_internal=allow_internal)
