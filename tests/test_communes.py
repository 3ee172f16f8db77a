"""Other areas than the town: invented communes through every notebook, in both languages, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sapa_analysis import assess_targets, write_papers
from sapa_analysis.core import ParamsError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import check_project, load_project, open_project
from sapa_analysis.pipeline.project import Project
from sapa_analysis.runs import read_batch, run_notebook

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: The kinds that differ most, and what runs on each: every notebook in both languages.
CHOSEN = {
    "thin": [("02_trajectory", "en"), ("03_scenarios", "vi"), ("04_targets", "en"), ("06_explorer", "en")],
    "no subject": [("02_trajectory", "vi"), ("04_targets", "vi")],
    "one figure": [("01_evidence", "vi"), ("01_evidence", "en")],
}


@pytest.fixture(scope="module")
def made() -> Iterator[ModuleType]:
    """Return the benchmark that invents communes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield import_module("communes")


@pytest.fixture(scope="module")
def folder(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with ten communes, one of each kind, and few paths."""
    root = tmp_path_factory.mktemp("communes") / "project"
    made.make_project(root, 10)
    params = root / "params/baseline.yml"
    text = params.read_text(encoding="utf-8").replace("  value: 5000\n", "  value: 100\n")
    params.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def project(folder: Path, made: ModuleType) -> Project:
    """Return its tables without the figures of the nation and the province, to be quick; the town's stay."""
    whole = load_project(folder)
    kept = ["sa_pa", *(each.area for each in made.communes(10))]
    mine = whole.evidence[whole.evidence["area"].isin(kept)].reset_index(drop=True)
    return replace(whole, evidence=mine, store=None)


@pytest.fixture
def few(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sapa_analysis.pipeline.open.load_project", lambda root, **_: project)
    monkeypatch.chdir(folder)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts of all pictures that are saved while the test runs."""
    found: list[str] = []
    save = Figure.savefig

    def saved(figure: Figure, *given: object, **named: object) -> None:
        save(figure, *given, **named)  # type: ignore[arg-type]
        found.extend(part.get_text() for part in figure.findobj(Text))  # type: ignore[attr-defined]

    monkeypatch.setattr(Figure, "savefig", saved)
    return found


def test_a_project_with_invented_communes_is_sound(folder, made):
    counts, problems, _ = check_project(folder)
    assert problems == []
    assert counts["targets"] > len(load_project().targets)


def test_the_same_seed_invents_the_same_figures(made, folder, tmp_path):
    for name, seed in (("again", 1), ("other", 2)):
        made.make_project(tmp_path / name, 10, seed=seed)
    written = [
        (root / "data/evidence/communes.csv").read_bytes()
        for root in (folder, tmp_path / "again", tmp_path / "other")
    ]
    assert written[0] == written[1] != written[2]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Sa Pa town", 1), ("sapa.laocai.gov.vn", 1), ("khách đến Sapa.", 1), ("sa_pa-2023", 1), ("NQ Đại hội XXIII", 1),
        ("25 nhóm chỉ tiêu", 1), ("xã Nà Giả", 0), ("Made by sapa-analysis; see `sapa wanted`", 0),
        ("import sapa_analysis as sapa; sapa.forecast_area(project)", 0),
    ],
)  # fmt: skip
def test_what_is_the_towns_is_found_and_the_softwares_name_is_not(text, hits, made):
    assert len(made.named(text)) == hits


@pytest.mark.slow
@pytest.mark.usefixtures("few", "no_kernel")
@pytest.mark.parametrize(("kind", "runs"), CHOSEN.items())
def test_no_text_on_a_commune_names_the_town(kind, runs, made, folder, drawn, tmp_path):
    each = next(each for each in made.communes(10) if each.kind.name == kind)
    jobs = [(name, dict(made.jobs_of(each, lang))[name]) for name, lang in runs]
    for name, given in jobs:
        assert run_notebook(name, given, tmp_path, root=folder).records["headline"]
    assert made.read_folder(tmp_path) == {}
    assert drawn
    assert [text for text in drawn if made.named(text)] == []


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_the_briefing_of_a_commune_names_it_and_not_the_town(made, project, tmp_path):
    """Without its record of past forecasts, which has a test of its own below and takes most of the time."""
    each = next(each for each in made.communes(10) if each.kind.name == "thin")
    opened, params = open_project(area=each.area, as_of=made.DAY)
    files = write_papers(opened, assess_targets(opened, params), tmp_path)
    assert len(files) == 13
    assert made.read_folder(tmp_path) == {}
    for lang in LANGUAGES:
        page = (tmp_path / f"briefing-{lang}.html").read_text(encoding="utf-8")
        assert each.vi.removeprefix("xã ") in page


@pytest.mark.slow
@pytest.mark.usefixtures("few", "no_kernel")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_track_record_of_a_commune_names_the_town(lang, made, folder, drawn, said_in, tmp_path):
    each = next(each for each in made.communes(10) if each.kind.name == "no goals")
    given = {"area": each.area, "indicator": "grdp_growth", "as_of": "2016-06-30", "lang": lang}
    with said_in(date(2015, 6, 30)):
        run = run_notebook("05_track_record", given, tmp_path, root=folder)
    assert len(run.records["scores"])
    assert made.read_folder(tmp_path) == {}
    assert [text for text in drawn if made.named(text)] == []


@pytest.mark.usefixtures("few")
def test_a_commune_of_which_nothing_was_known_yet_is_refused_by_its_own_name(made):
    late = next(each for each in made.communes(10) if each.kind.name == "too late")
    with pytest.raises(ParamsError, match=f"no figure of {late.area} had been published by {made.DAY}"):
        open_project(area=late.area, as_of=made.DAY)


@pytest.mark.usefixtures("few")
def test_every_notebook_is_in_the_batch_of_the_communes(made, folder):
    jobs = read_batch(folder / "communes.yml", root=folder)
    assert {name for name, _ in jobs} == {path.stem for path in NOTEBOOKS}
    # one briefing has both languages
    assert len(jobs) == 10 * (len(LANGUAGES) * (len(NOTEBOOKS) - 1) + 1)
    assert {given["area"] for _, given in jobs} == {each.area for each in made.communes(10)}
    with pytest.raises(ValueError, match="wanted 1 to 20"):
        made.communes(21)
