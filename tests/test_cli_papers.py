"""Commands on written papers: the way back of a number, and the check of an edited document."""

from __future__ import annotations

import os
import shutil

import docx
import pytest
from click.testing import CliRunner

from sapa_analysis.cli import main
from sapa_analysis.reporting.trace import check, kept
from sapa_analysis.reporting.trace.results_files import results_json

pytest_plugins = ["loaded"]
DAY = "2023-06-30"
VISITS = "resolution-2023.09.tourist_arrivals"


def sapa(*words):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture(scope="module")
def folder(papers_of, params, tmp_path_factory):
    place = tmp_path_factory.mktemp("papers") / "build/briefing/sa_pa"
    place.mkdir(parents=True)
    about = params.with_values(as_of=DAY).model_dump(mode="json")
    (place / "results.json").write_text(results_json(papers_of(DAY)[1], about), encoding="utf-8")
    return place


@pytest.fixture
def at_hand(folder, tables, monkeypatch):
    """Let the commands find the folder and the tables that are read already."""
    monkeypatch.setattr(check, "load_project", lambda _: tables)
    for module in (check, kept):
        monkeypatch.setattr(module, "project_root", lambda: folder.parents[2])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_trace_tells_result_paths_figures_and_pages_of_a_key(folder, lang):
    told = sapa("trace", f"{VISITS}.upper_80", "--in", folder, "--lang", lang)
    assert told.exit_code == 0, told.output
    for part in (f"{VISITS}.upper_80", "2.000" if lang == "vi" else "2,000", "e0", "https://", "verdicts"):
        assert part in told.output
    assert ("quỹ đạo mô phỏng" if lang == "vi" else "simulated paths") in told.output


def test_trace_takes_the_number_as_it_is_printed_or_words(folder, papers_of):
    printed = papers_of(DAY)[1][f"{VISITS}.value"].texts["vi"][0]
    told = sapa("trace", printed, "--in", folder, "--lang", "vi").output
    assert f"{VISITS}.value" in told
    [lower, upper] = (papers_of(DAY)[1][f"{VISITS}.{end}_80"].texts["vi"][0] for end in ("lower", "upper"))
    both = sapa("trace", f"{lower}–{upper} [3]", "--in", folder).output
    assert f"{VISITS}.lower_80" in both
    assert f"{VISITS}.upper_80" in both
    several = sapa("trace", "forest", "cover", "--in", folder, "--lang", "en").output.splitlines()
    assert several[0].endswith("numbers fit:")
    assert all("forest" in line.lower() for line in several[1:] if not line.startswith("  …"))


def test_trace_finds_the_folder_that_was_written_last(folder, at_hand):
    older = folder.parent / "older"
    shutil.copytree(folder, older)
    (older / "results.json").write_text("{}")
    os.utime(older / "results.json", (1, 1))
    assert sapa("trace", f"{VISITS}.value").exit_code == 0


def test_trace_names_the_nearest_keys_of_an_unknown_one(folder):
    told = sapa("trace", f"{VISITS}.valu", "--in", folder)
    assert (told.exit_code, f"{VISITS}.value" in told.output) == (1, True)
    assert "không có" in sapa("--lang", "vi", "trace", "xyzzy", "--in", folder).output


def test_a_folder_without_results_is_one_message(tmp_path, monkeypatch):
    told = sapa("trace", "x", "--in", tmp_path)
    assert (told.exit_code, "holds no results.json" in told.output) == (1, True)
    (tmp_path / "results.json").write_text('{"about": {}, "numbers": [{}]}')
    told = sapa("--lang", "vi", "trace", "x", "--in", tmp_path)
    assert "theo mẫu cũ" in told.output
    monkeypatch.setattr(kept, "project_root", lambda: tmp_path)
    assert "run sapa briefing first" in sapa("trace", "x").output


def test_check_doc_ends_with_0_where_all_match_and_with_1_where_some_do_not(folder, at_hand, tmp_path):
    paper = docx.Document()
    paper.add_paragraph("Năm 2023: mục tiêu 3,5 triệu lượt khách [1].")
    paper.save(tmp_path / "mine.docx")
    told = sapa("check-doc", tmp_path / "mine.docx", "--lang", "vi")
    assert (told.exit_code, told.output) == (
        0,
        "Cả 1 số đều khớp với kết quả, số liệu hoặc mục tiêu đã biết.\n"
        "Tệp không phát sinh từ văn bản nào của lần tính này, nên chỉ đối chiếu theo giá trị: "
        "số trùng một giá trị đã biết ở chỗ khác thì không được nêu.\n",
    )
    paper.add_paragraph("Ước cả năm 3,96 triệu lượt khách, bằng 107,61% mục tiêu.")
    paper.save(tmp_path / "mine.docx")
    told = sapa("check-doc", tmp_path / "mine.docx", "--in", folder)
    assert told.exit_code == 1
    assert told.output.startswith(
        "2 of 3 numbers match no result, figure or goal:\n  3,96 triệu lượt (body): Ước"
    )


def test_check_doc_refuses_what_is_no_document(folder, tmp_path):
    (tmp_path / "mine.docx").write_bytes(b"x")
    told = sapa("check-doc", tmp_path / "mine.docx", "--in", folder)
    assert (told.exit_code, told.output.count("\n")) == (1, 1)
    assert "bị hỏng" in sapa("--lang", "vi", "check-doc", tmp_path / "mine.docx", "--in", folder).output
    assert "không phải là tệp" in sapa("check-doc", tmp_path, "--in", folder, "--lang", "vi").output


@pytest.mark.parametrize("command", ["trace", "check-doc"])
def test_the_commands_stand_in_the_help(command):
    assert command in sapa("--help").output
    assert "--in DIR" in sapa(command, "--help").output
