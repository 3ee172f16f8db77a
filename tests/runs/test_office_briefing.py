"""A briefing on a workbook of the office: what is marked stays in the house, and no table of the project changes."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from office import office
from office_books import CANARIES, leaks, public_rows, with_secrets, write

from sapa_analysis.cli import main
from sapa_analysis.pipeline import office_at
from sapa_analysis.runs import verify_runs
from sapa_analysis.runs.internal import INTERNAL
from sapa_analysis.runs.office_copy import PUBLIC_COPY

pytest_plugins = ["shell", "workshop"]
pytestmark = pytest.mark.slow


def digests(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("data", "params", "register", "notebooks")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def told(small, kernelless, tmp_path_factory):
    """Run the briefing of the small project on a workbook with a row for the house in every form."""
    place = tmp_path_factory.mktemp("office")
    params = small / "params/baseline.yml"
    params.write_text(
        re.sub(r"(?m)^(n_paths:\n  value: )\d+", r"\g<1>100", params.read_text("utf-8")), "utf-8"
    )
    path = with_secrets(Path(write(place / "so_lieu.xlsx", small, office(public_rows()))))
    before, out = digests(small), place / "out"
    with kernelless() as patch:
        patch.chdir(small)
        patch.setenv("SAPA_STORE", str(place / "store"))
        patch.setattr(tempfile, "tempdir", str(place / "temporary"))
        (place / "temporary").mkdir()
        asked = [
            "--office",
            path,
            "--allow-internal",
            "--as-of",
            "2023-06-30",
            "--lang",
            "vi",
            "--out",
            str(out),
        ]
        done = CliRunner().invoke(main, ["briefing", *asked])
        again = CliRunner().invoke(main, ["briefing", *asked, "--explain"])
    assert done.exit_code == 0, done.output
    return {"place": place, "path": path, "out": out, "said": done.output, "explained": again.output,
            "before": before, "root": small}  # fmt: skip


def test_no_row_for_the_house_stands_in_a_public_byte(told):
    house = told["out"] / INTERNAL
    assert leaks(house)
    assert leaks(told["place"], aside=[house, Path(told["path"])]) == []
    assert leaks(told["root"]) == []
    assert not any(canary in told["said"].encode() for canary in CANARIES)


def test_the_store_holds_what_the_runs_found(told):
    assert [*(told["place"] / "store").iterdir()]


def test_the_house_has_the_same_papers_and_no_results(told):
    public = {path.name for path in told["out"].iterdir() if re.match(r"briefing|review", path.name)}
    assert {path.name for path in (told["out"] / INTERNAL).iterdir()} == public
    assert len(public) == 7


def test_a_figure_for_the_house_has_a_sign_of_its_own(told):
    public, house = (
        (place / "review-vi.html").read_text("utf-8") for place in (told["out"], told["out"] / INTERNAL)
    )
    assert house.count("§§") > house.count("§§: ")
    assert "§§: số liệu mật của cơ quan" in house
    assert "§" in public
    assert "§§" not in public
    assert "số liệu mật" not in public


def test_the_public_copy_is_that_of_a_workbook_without_such_rows(told):
    root, place = told["root"], told["place"]
    whole = office_at(told["path"], area="sa_pa", root=root, allow_internal=True)
    assert all(getattr(whole, name)["internal"].any() for name in ("figures", "goals", "causes", "projects"))
    copy = told["out"] / PUBLIC_COPY
    assert copy.read_bytes() == Path(write(place / "public.xlsx", root, office(public_rows()))).read_bytes()
    (place / "public.xlsx").unlink()
    read = office_at(copy, area="sa_pa", root=root)
    assert read.figures["value"].tolist() == [row["value"] for row in public_rows()]


def test_the_same_command_finds_all_done(told):
    assert " done, 0 new, 0 stale, 0 failed" in told["explained"]


def test_the_proof_of_the_runs_knows_the_copy_and_leaves_the_house_alone(told):
    found = verify_runs(told["out"], root=told["root"])
    assert found.problems == []
    (told["out"] / PUBLIC_COPY).write_bytes(b"other")
    try:
        assert PUBLIC_COPY in {
            problem.file for problem in verify_runs(told["out"], root=told["root"]).problems
        }
    finally:
        write(told["out"] / PUBLIC_COPY, told["root"], office(public_rows()))


def test_no_table_of_the_project_changes(told):
    assert digests(told["root"]) == told["before"]


def test_figures_of_the_office_stand_in_the_results(told):
    results = json.loads((told["out"] / "results.json").read_text("utf-8"))
    assert "office:Số liệu của cơ quan" in json.dumps(results, ensure_ascii=False)
