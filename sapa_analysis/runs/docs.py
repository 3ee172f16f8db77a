"""The generated pages of `docs/`, made from the package, the register and the shipped scores."""

from __future__ import annotations

from pathlib import Path

from ..core import load_params
from ..evaluation import score_editions, verdict_record, verdict_scores
from ..forecasting import error_record
from ..pipeline import load_project
from ..reporting import architecture_page, cite, results_page


def docs_pages(root: Path) -> dict[Path, str]:
    """Return the generated pages of `docs/`, and `CITATION.bib`, by their path.

    Parameters
    ----------
    root : pathlib.Path
        The project, with the register of issued verdicts; the last edition determines the known outcomes.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.runs import docs_pages
    >>> docs_pages(Path("/nowhere"))
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.SapaError: /nowhere lies in no project: no folder above it holds data/evidence
    and params/baseline.yml
    """
    project, baseline = load_project(root), load_params(root / "params/baseline.yml")
    issued, scores, last = {}, {}, ""
    areas = [folder.name for folder in (root / "register").iterdir() if folder.is_dir()]
    for area in sorted(areas, key=lambda area: (area != baseline.area, area)):
        name = str(project.areas.loc[area, "name_en"])
        kept = score_editions(project, baseline.with_values(area=area, as_of=baseline.editions[-1]))
        issued[name], scores[name] = kept.issued, kept.scores
        last = max(last, str(kept.issued["as_of"].max()))
    cases = {case: verdict_scores(cases=case) for case in ("all", "open")}
    results = results_page(issued, scores, cases, verdict_record(), error_record(), as_of=last)
    return {
        root / "docs/architecture.md": architecture_page(Path(__file__).parents[1]),
        root / "docs/results.md": results,
        root / "CITATION.bib": cite().bibtex,
    }
