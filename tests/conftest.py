"""A copy of the project that a test may damage."""

from __future__ import annotations

import csv
import gc
import io
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

#: Two workers whose linear algebra runs in two threads each would fight over two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: The workers share what they solve. The folder goes when they have ended: what a test replaced by hand must
#: never reach a reader, nor another session.
if "SAPA_STORE" not in os.environ:
    OWN_STORE = os.environ["SAPA_STORE"] = tempfile.mkdtemp(prefix="sapa-tests-")
else:
    OWN_STORE = ""

#: jsonschema works without it; importing it builds a grammar of addresses, five seconds in every worker.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

#: No clock: a test fails for what it says only. `make test` tries the same examples again and again, so more of
#: them would find little; `make test-more` tries others, many.
settings.register_profile("sapa", derandomize=True, deadline=None, max_examples=12)
settings.register_profile("quick", settings.get_profile("sapa"), max_examples=3)  # for `make test-fast`
settings.register_profile("more", deadline=None, max_examples=200, print_blob=True)
if settings.get_current_profile_name() == "default":  # none was asked for
    settings.load_profile("sapa")

#: Each look for circles of waste goes over all series that the tests share: less often than Python's own.
gc.set_threshold(50_000, 20, 20)

ROOT = Path(__file__).parents[1]

#: Files whose tests ask for the same series of the project: one worker solves them, once.
TOGETHER = (
    "reporting/test_papers.py", "reporting/test_published.py", "reporting/test_trace.py",
    "reporting/test_results_files.py", "reporting/test_check_document.py", "reporting/test_cited.py",
    "test_cli_papers.py", "pipeline/test_as_of.py",
    "evaluation/test_edition.py", "test_docs.py", "runs/test_notebook.py", "runs/test_ignores.py",
    "pipeline/test_assess.py", "pipeline/test_doubt.py", "pipeline/test_constants.py", "verdicts/test_own_plan.py",
    "pipeline/test_area.py", "pipeline/test_running_year.py",
    "forecasting/test_conditioning.py", "forecasting/test_joint.py", "reporting/test_figure_accessor.py",
    "reporting/test_figure_evidence.py", "reporting/test_figure_forecast.py", "reporting/test_figure_scenarios.py",
    "reporting/test_figure_verdicts.py", "reporting/test_sentences.py", "reporting/test_tables.py",
    "reporting/test_target_sheet.py", "series/test_diagnostics.py", "scenarios/test_scenarios.py",
    "verdicts/test_judge.py", "verdicts/test_verdict_laws.py", "verdicts/test_published.py", "verdicts/test_group.py",
)  # fmt: skip
#: Files whose tests ask for the same results on few paths: the other worker finds them, once.
QUICK = (
    "reporting/test_review_paper.py", "reporting/test_briefing_paper.py", "reporting/test_review_parts.py",
    "reporting/test_period_paper.py", "reporting/test_figure_small.py", "test_examples.py",
)  # fmt: skip
#: The files that take longest beside them, the longest first: two workers that begin with these end together.
LONGEST = (
    "runs/test_warm.py", "runs/test_kernel.py", "runs/test_stops.py", "runs/test_briefing_run.py",
    "test_communes.py", "series/test_single.py", "test_notebooks.py", "evaluation/test_track_record.py",
    "runs/test_batch.py", "evaluation/test_backtest.py", "forecasting/test_models.py",
    "evidence/test_datapackage.py", "runs/test_pool.py",
)  # fmt: skip
#: The next, of which `make test-fast` runs what needs no series of the project.
NEXT = (
    "reporting/paper/test_pdf.py", "test_cli.py", "pipeline/test_what_it_takes.py", "evidence/test_doors.py",
    "pipeline/test_peer_recovery.py", "pipeline/test_horizon.py", "runs/test_resume.py",
    "forecasting/test_origin.py", "pipeline/test_stored.py", "core/test_translation.py", "reporting/test_claims.py",
    "reporting/test_figure_style.py", "pipeline/test_edition_change.py", "pipeline/test_scenario_sweep.py",
    "pipeline/test_same_answer.py", "pipeline/test_shock_years.py", "pipeline/test_difference.py",
    "series/test_part_years.py", "pipeline/test_sensitivity.py", "scenarios/test_shipped.py", "verdicts/test_lock.py",
)  # fmt: skip


#: Whole papers, commands and processes, from end to end: `make test-long` runs them, as CI does after `make test`.
LONG = (
    "reporting/test_review_office.py", "reporting/test_office_marks.py", "reporting/test_papers.py",
    "reporting/test_review_paper.py", "reporting/test_briefing_paper.py", "reporting/test_trajectory_page.py",
    "reporting/test_targets_page.py", "reporting/test_changes.py", "reporting/test_claims.py",
    "reporting/test_trace.py", "reporting/test_check_document.py", "test_cli_papers.py", "test_cli_office.py",
    "test_communes.py", "runs/test_office_briefing.py", "runs/test_office_runs.py", "runs/test_warm.py",
    "runs/test_stops.py", "runs/test_verify.py", "runs/test_resume.py", "runs/test_notebook.py",
    "runs/test_ignores.py", "runs/test_kernel.py", "runs/test_batch.py", "pipeline/test_stored.py",
    "pipeline/test_horizon.py", "pipeline/test_same_answer.py", "pipeline/test_sensitivity.py",
    "pipeline/test_peer_recovery.py", "pipeline/test_running_year.py", "pipeline/test_as_of.py",
    "pipeline/test_edition_change.py", "pipeline/test_since_edition.py", "forecasting/test_origin.py",
    "evaluation/test_track_record.py", "evaluation/test_edition.py", "series/test_measurement.py",
    "verdicts/test_lock.py", "scenarios/test_shipped.py", "reporting/test_published.py",
    "reporting/test_review_parts.py", "reporting/test_explorer.py", "reporting/test_figure_evidence.py",
    "reporting/test_office_goals.py", "reporting/paper/test_pdf.py", "evidence/test_office_reader.py",
    "evidence/test_office_damage.py", "evidence/test_office_template.py", "pipeline/test_office_project.py",
    "core/test_streams.py", "core/test_threads.py",
)  # fmt: skip


class Scheduler(LoadScopeScheduling):
    """Hand out whole files, and those that belong together to the same worker."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0].removeprefix("tests/")
        return next((group[0] for group in (TOGETHER, QUICK) if file in group), file)


def pytest_unconfigure() -> None:
    if OWN_STORE:
        shutil.rmtree(OWN_STORE, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    return Scheduler(config, log)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the browser's tests to those who name their folder: `make test-browser`."""
    asked = any("browser" in str(word) for word in config.invocation_params.args)
    return True if collection_path.name == "browser" and not asked else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest; leave out what was not asked for; mark what is slow or long."""
    tests = Path(__file__).parent
    long = {str(tests / name) for name in LONG}
    for item in items:
        if str(item.path) in long:
            item.add_marker("long")
    others = [] if settings.get_current_profile_name() == "more" else ["more"]
    if others and config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.markexpr:
        others.append("long")  # who names a file, or marks, means all of it
    left = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]
    rank = {str(tests / name): place for place, name in enumerate([*TOGETHER, *QUICK, *LONGEST, *NEXT])}
    slow = {str(tests / name) for name in LONGEST}
    items.sort(key=lambda item: rank.get(str(item.path), len(rank)))
    for item in items:
        if str(item.path) in slow or "tables" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@dataclass(frozen=True)
class Copy:
    """A copy of `data/` and `params/`; files are named as in messages, from `data/` or `params/` on."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    def read(self, file: str) -> str:
        return (self.root / file).read_bytes().decode()

    def write(self, file: str, content: str | bytes) -> None:
        (self.root / file).write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, file: str, old: str, new: str) -> int:
        """Replace one stretch of text; return its line."""
        before, found, after = self.read(file).partition(old)
        assert found, f"{file} does not hold {old!r}"
        self.write(file, before + new + after)
        return before.count("\n") + 1

    def rows(self, file: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(file), newline="")))

    def change(self, file: str, line: int, **cells: str) -> None:
        """Change cells of the row on a line (2 is the first row; no cell of the file holds a line break)."""
        rows = self.rows(file)
        assert set(cells) <= set(rows[0])
        rows[line - 2] |= cells
        self.save(file, rows)

    def find(self, file: str, **cells: str) -> int:
        """Return the line of the first row with these cells."""
        rows = enumerate(self.rows(file), start=2)
        return next(line for line, row in rows if cells.items() <= row.items())

    def save(self, file: str, rows: list[dict[str, str]]) -> None:
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        self.write(file, text.getvalue())


def copy_project(place: Path) -> Copy:
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, place / folder)
    return Copy(place)


@pytest.fixture
def project(tmp_path: Path) -> Copy:
    return copy_project(tmp_path)


@pytest.fixture(scope="module")
def module_project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Return one copy for all tests of a module: damage it once, in a fixture."""
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project itself, for reading only."""
    return ROOT
