"""Runs, batches and commands on a workbook of the office."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from office import DAY, office
from office_books import CANARIES, columns_of, public_rows, visits, with_secrets, write

from sapa_analysis.cli import main
from sapa_analysis.core import ParamsError, SapaError
from sapa_analysis.evidence import is_office
from sapa_analysis.evidence.office.layout import GOALS
from sapa_analysis.pipeline import load_project, office_at
from sapa_analysis.runs import plan_jobs, read_batch, run_batch, run_notebook, with_office
from sapa_analysis.runs.internal import INTERNAL
from sapa_analysis.runs.key import Inputs

pytest_plugins = ["shell", "workshop"]
pytestmark = pytest.mark.slow


@pytest.fixture
def book(workshop, tmp_path):
    return write(tmp_path / "so_lieu.xlsx", workshop, office(public_rows()))


def test_the_workbook_is_an_input_of_a_run(workshop, book, tmp_path):
    job = ("answers", {"office": book, "as_of": "2023-06-30"})
    plain, first = (
        Inputs(workshop).task(each, tmp_path) for each in (("answers", {"as_of": "2023-06-30"}), job)
    )
    write(Path(book), workshop, office([*public_rows(), visits(2019, 3.3e6)]))
    second = Inputs(workshop).task(job, tmp_path)
    assert len({plain.key, first.key, second.key}) == 3
    assert set(second.files) - set(plain.files) == {book}


@pytest.mark.usefixtures("no_kernel")
def test_a_run_on_a_day_before_a_part_of_the_workbook_is_told_so(workshop, tmp_path):
    events, rows = [], [*public_rows(), visits(2019, 3.3e6, published="2023-01-10")]
    book = write(tmp_path / "so_lieu.xlsx", workshop, office(rows))
    job = ("answers", {"office": book, "as_of": "2023-01-15"})
    run_notebook(*job, tmp_path / "out", root=workshop, on_event=events.append)
    said = [event["message"] for event in events if event["event"] == "notice"]
    assert said == ['3 of 4 rows of "so_lieu.xlsx" are dated after 2023-01-15 and count for later days only']


def test_a_run_on_a_day_before_the_whole_workbook_is_refused(workshop, book, tmp_path):
    early, out = {"as_of": "2023-01-15"}, tmp_path / "out"
    named, said = {**early, "office": book}, "dated after 2023-01-15; give its day, --as-of 2023-06-15"
    with pytest.raises(ParamsError, match=said):
        with_office([("answers", early)], book, out, root=workshop)
    with pytest.raises(SapaError, match=said):
        run_notebook("answers", named, out, root=workshop)
    with pytest.raises(SapaError, match=said):
        plan_jobs([("answers", named)], out, root=workshop)
    assert not out.exists()


@pytest.mark.usefixtures("no_kernel")
def test_a_workbook_that_changes_while_a_notebook_runs_spoils_the_run(own_workshop, tmp_path):
    root = own_workshop.root
    path = write(tmp_path / "so_lieu.xlsx", root, office(public_rows()))
    body = f"from pathlib import Path\n_ = Path({path!r}).write_bytes(b'other')"
    cells = json.loads((root / "notebooks/answers.ipynb").read_text("utf-8"))
    cells["cells"][1]["source"] = body
    (root / "notebooks/answers.ipynb").write_text(json.dumps(cells), "utf-8")
    with pytest.raises(SapaError, match=r"so_lieu\.xlsx changed while the notebook ran"):
        run_notebook("answers", {"office": path}, tmp_path / "out", root=root)


@pytest.mark.usefixtures("no_kernel")
def test_every_run_of_a_batch_reads_the_workbook(workshop, book, tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("reason: try\nruns: [{notebook: answers, grid: {seed: [1, 2]}}]")
    table = run_batch(file, tmp_path / "out", root=workshop, office=book)
    assert [json.loads(each)["office"] for each in table["parameters"]] == [book, book]
    assert table["status"].tolist() == ["ok", "ok"]


def test_a_batch_may_name_workbooks_itself_but_not_both(workshop, book, tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text(f"reason: try\nruns: [{{notebook: answers, grid: {{office: ['', '{book}']}}}}]")
    runs = read_batch(file, root=workshop)
    assert [parameters["office"] for _, parameters in runs] == ["", book]
    with pytest.raises(SapaError, match="office: is named by the runs themselves too"):
        with_office(runs, book, tmp_path, root=workshop)


def test_a_damaged_workbook_is_an_error_before_any_run(workshop, tmp_path):
    (tmp_path / "so_lieu.xlsx").write_bytes(b"no workbook")
    with pytest.raises(SapaError, match=r"so_lieu\.xlsx"):
        run_notebook("answers", {"office": str(tmp_path / "so_lieu.xlsx")}, tmp_path / "out", root=workshop)
    assert not (tmp_path / "out").exists()


def test_without_rows_for_the_house_no_copy_is_made(workshop, book, tmp_path):
    runs = with_office([("answers", {})], book, tmp_path / "out", root=workshop, allow_internal=True)
    assert runs == [("answers", {"office": book})]
    assert not (tmp_path / "out").exists()


# the command ----------------------------------------------------------------------------------------------


@pytest.fixture
def here(workshop, monkeypatch):
    monkeypatch.chdir(workshop)
    return workshop


def sapa(*words):
    return CliRunner().invoke(main, list(words))


def test_the_evidence_lists_rows_of_the_office_and_none_for_the_house(here, book):
    path = with_secrets(Path(book))
    refused = sapa("evidence", "tourist_arrivals", "--office", path)
    assert refused.exit_code == 1
    assert "--allow-internal" in refused.output
    listed = sapa("evidence", "tourist_arrivals", "--office", path, "--allow-internal").output
    assert "2.63 million" in listed
    assert not any(canary in listed.encode() for canary in CANARIES)
    assert not any("2.5 million" in line for line in listed.splitlines() if " 2022  " in line)


def test_a_day_before_the_workbook_is_told_on_the_error_stream(here, book):
    done = sapa("evidence", "tourist_arrivals", "--office", book, "--as-of", "2023-01-15")
    assert "3 of 3 rows" in done.stderr
    assert "2.63 million" not in done.stdout


def test_the_targets_show_the_corrections_of_the_office(here, tmp_path):
    path = Path(write(tmp_path / "so_lieu.xlsx", here, office([])))
    book = openpyxl.load_workbook(path)
    sheet = book[GOALS.sheet]
    row, heads = columns_of(sheet, GOALS)
    sheet.cell(row + 1, heads["Mục tiêu"], "trên 15,5")
    book.save(path)
    changed = json.loads(sapa("targets", "--json", "--office", str(path)).output)
    plain = json.loads(sapa("targets", "--json").output)
    assert [each["value"] for each in changed if each not in plain] == [15.5]
    assert len(changed) == len(plain)


def test_the_check_counts_what_is_in_the_workbook(here, book):
    done = sapa("--lang", "vi", "check", "--office", book)
    assert "3 số liệu của cơ quan, " in done.output
    assert ": 0 " not in done.output
    assert ", 0 " not in done.output


@pytest.mark.parametrize("command", [("evidence", "tourist_arrivals"), ("targets",), ("check",)])
def test_how_many_rows_are_left_out_is_told_in_the_language_asked_for(here, book, command):
    path = with_secrets(Path(book))
    done = sapa("--lang", "vi", *command, "--office", path, "--allow-internal")
    assert done.exit_code == 0, done.output
    assert '9 trong 12 dòng của "so_lieu.xlsx" là số liệu mật' in done.stderr
    assert "mật" not in done.stdout


def test_two_workbooks_are_refused(here, book):
    for command in (("check",), ("template", "new.xlsx")):
        done = sapa("--lang", "vi", *command, "--office", book, "--office", book)
        assert done.exit_code == 2
        assert "chỉ nhận một tệp số liệu, ở đây có 2 tệp" in done.output


def test_the_evidence_speaks_the_language_of_sapa(here):
    assert sapa("--lang", "vi", "evidence", "tourist_arrivals").output == sapa(
        "evidence", "tourist_arrivals", "--lang", "vi"
    ).output  # fmt: skip


@pytest.mark.usefixtures("here")
def test_a_briefing_refuses_to_leave_papers_for_the_house_of_another_run(tmp_path):
    (tmp_path / INTERNAL).mkdir()
    old = tmp_path / INTERNAL / "review-vi.pdf"
    old.write_bytes(b"secret")
    done = sapa("--lang", "vi", "briefing", "--as-of", "2023-06-30", "--out", str(tmp_path))
    assert done.exit_code == 1
    assert f'"{tmp_path / INTERNAL}" chứa báo cáo nội bộ' in done.output
    assert [*tmp_path.rglob("*")] == [tmp_path / INTERNAL, old]


def test_the_register_takes_no_figures_of_the_office(here, book):
    done = sapa("issue", "2023-06-30", "--office", book)
    assert done.exit_code == 1
    assert "the register is public" in done.output


def test_public_rows_are_told_apart_from_those_of_the_office(here, book):
    own = load_project(here, office=office_at(book, area="sa_pa", root=here)).as_of(DAY).evidence
    assert own["source_url"].map(is_office).sum() == 3
