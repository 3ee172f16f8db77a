"""Cost of papers after the analysis: composing, tracing and each writer, and how many pages they fill.

    python benchmarks/papers.py --as-of 2023-06-30 2024-01-15 2026-01-31

Times are those of one process, the second of two rounds, in seconds of processor time.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from typing import Any

from pypdf import PdfReader

import sapa_analysis as sapa
from sapa_analysis.core import USUAL_PAPERS
from sapa_analysis.pipeline import changes_since
from sapa_analysis.reporting.briefing.compose import compose_briefing
from sapa_analysis.reporting.paper.html import html_page
from sapa_analysis.reporting.paper.pdf import pdf_file
from sapa_analysis.reporting.paper.sheet import has_sheets, workbook
from sapa_analysis.reporting.paper.word import word_file
from sapa_analysis.reporting.papers import composed
from sapa_analysis.reporting.review.compose import compose_review


def timed(call: Callable[..., Any], *args: Any, **options: Any) -> tuple[float, Any]:
    """Return the processor time of the second of two calls, and what it gave."""
    call(*args, **options)
    start = time.process_time()
    given = call(*args, **options)
    return time.process_time() - start, given


def measure(day: str) -> None:
    """Print a line for each step of the papers of a day."""
    project, params = sapa.open_project(as_of=day)
    results = sapa.assess_targets(project, params)
    spent, changes = timed(changes_since, project, params, results)
    print(f"{day} changes_since {spent:.2f}")
    for compose in (compose_briefing, compose_review):
        spent, _ = timed(compose, project, results, lang="vi", changes=changes)
        print(f"{day} {compose.__name__} vi {spent:.2f}")
    spent, (papers, ways) = timed(composed, project, results, USUAL_PAPERS)
    print(f"{day} all three papers composed and traced {spent:.2f}, {len(ways)} numbers and judgements")
    for paper in papers:
        costs = {}
        costs["html"], _ = timed(html_page, paper)
        costs["docx"], _ = timed(word_file, paper)
        costs["pdf"], pdf = timed(pdf_file, paper)
        if has_sheets(paper):
            costs["xlsx"], _ = timed(workbook, paper)
        told = ", ".join(f"{name} {spent:.2f}" for name, spent in costs.items())
        print(f"{day} {paper.stem} {told}; {len(PdfReader(io.BytesIO(pdf)).pages)} pages")


def main() -> None:
    """Measure each day given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--as-of", nargs="+", default=["2023-06-30"], help="days")
    for day in parser.parse_args().as_of:
        measure(day)


if __name__ == "__main__":
    main()
