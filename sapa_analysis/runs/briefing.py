"""The runs of the briefing: every notebook whose results it tells, and the one that writes it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from ..core import FORMATS, USUAL_PAPERS, SapaError, load_params, project_root
from ..reporting import asked_papers, briefing_folder
from .jobs import Failure, Run, run_jobs
from .key import Job
from .notebook import headline_of
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
    jobs, executor, fresh, timeout, on_event
        As for `run_jobs`.

    Returns
    -------
    tuple of pathlib.Path and list of str
        The folder, and the headline sentences.

    Raises
    ------
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
    place, runs = briefing_jobs(root=root, as_of=as_of, lang=lang, out=out, **asked)
    results = run_jobs(
        runs, place / "notebooks", root=root, jobs=jobs, executor=executor, fresh=fresh, timeout=timeout,
        on_event=on_event,
    )  # fmt: skip
    failures = [result.error for result in results if isinstance(result, Failure)]
    if failures:
        more = [f"and {len(failures) - 1} more"] if len(failures) > 1 else []
        raise SapaError("\n".join([failures[0], *more]))
    assert isinstance(results[0], Run)
    return place, headline_of(results[0].row)


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
) -> tuple[Path, list[Job]]:
    """Return the folder of a briefing and the runs that it needs, that of `07_briefing` first.

    Parameters
    ----------
    root, as_of, lang, out, papers, formats, form, template
        As for `run_briefing`.

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
    place = briefing_folder(folder, params, out)
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
    return place, jobs
