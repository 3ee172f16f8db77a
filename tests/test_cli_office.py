"""The command that writes the workbook of an office: whole, where it was asked for, over nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner
from office import figure, office

from sapa_analysis.cli import main
from sapa_analysis.evidence import read_office, template_file
from sapa_analysis.pipeline import known_targets, open_project, tables_of


def sapa(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def read_tables(project, params):
    return replace(tables_of(project, params.area), targets=known_targets(project, params))


def test_the_template_lies_where_it_was_asked_for_and_tells_what_to_do_next(tmp_path):
    place = tmp_path / "so_lieu.xlsx"
    result = sapa("--lang", "vi", "template", place, "--as-of", "2023-06-30")
    assert result.exit_code == 0, result.output
    assert f'đã ghi tệp mẫu vào "{place}"' in result.output
    assert f'sapa check --office "{place}"' in result.output
    project, params = open_project(as_of="2023-06-30")
    assert place.read_bytes() == template_file(read_tables(project, params), day=params.as_of)
    assert [path.name for path in tmp_path.iterdir()] == ["so_lieu.xlsx"]


@pytest.mark.parametrize(
    ("lang", "name", "said"),
    [
        ("en", "so_lieu.csv", '"so_lieu.csv" does not end in .xlsx'),
        ("vi", "so_lieu", 'tên tệp "so_lieu" phải có đuôi .xlsx'),
        ("en", "old.xlsx", "is there already; choose another name, or write over it with --force"),
        ("vi", "old.xlsx", "chọn tên khác, hoặc ghi đè bằng --force"),
        ("en", "new.xlsx --area sapa", "did you mean sa_pa?"),
        ("vi", "new.xlsx --office missing.xlsx", "không tìm thấy tệp này"),
    ],
)
def test_a_wrong_word_is_one_clear_error_and_nothing_is_written(lang, name, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.xlsx").write_bytes(b"mine")
    result = sapa("--lang", lang, "template", *name.split())
    assert result.exit_code == 1
    assert said in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]
    assert (tmp_path / "old.xlsx").read_bytes() == b"mine"


def test_an_earlier_workbook_is_carried_over_and_its_secret_rows_are_told(tmp_path):
    project, params = open_project(as_of="2023-06-30")
    rows = [figure("schools_at_standard", 2022, 72.1, "percent"),
            figure("schools_at_standard", 2021, 67.2, "percent", internal=True, id="office.secret.E7")]  # fmt: skip
    old, new = tmp_path / "cu.xlsx", tmp_path / "moi.xlsx"
    old.write_bytes(template_file(read_tables(project, params), day=params.as_of, office=office(rows)))
    result = sapa("template", new, "--as-of", "2023-06-30", "--office", old)
    assert result.exit_code == 0, result.output
    assert "it holds confidential rows: keep it in the house" in result.output
    tables = read_tables(project, params)
    first, second = (read_office(path, tables, allow_internal=True) for path in (old, new))
    assert first.digest == second.digest
    assert sorted(second.figures["value"]) == [67.2, 72.1]
    again = sapa("template", old, "--as-of", "2023-06-30", "--office", old, "--force")
    assert again.exit_code == 0, again.output
    assert read_office(old, tables, allow_internal=True).digest == first.digest


def test_the_day_of_a_new_workbook_is_that_asked_for_and_never_before_that_of_the_old_one(tmp_path):
    project, params = open_project(as_of="2024-01-15")
    old, new = tmp_path / "cu.xlsx", tmp_path / "moi.xlsx"
    rows = [figure("schools_at_standard", 2022, 72.1, "percent")]
    old.write_bytes(template_file(read_tables(project, params), day=params.as_of, office=office(rows)))
    tables = read_tables(project, params)
    for words, day in ((["--as-of", "2024-06-30"], "2024-06-30"), ([], "2024-01-15")):
        result = sapa("template", new, "--office", old, "--force", *words)
        assert result.exit_code == 0, result.output
        found = read_office(new, tables)
        assert str(found.day) == day
        assert list(found.figures["published"]) == ["2023-06-15"]
    result = sapa("template", new, "--office", old, "--force", "--as-of", "2023-12-31")
    assert result.exit_code == 1
    assert '"cu.xlsx" is of 2024-01-15, later than 2023-12-31; give --as-of that day' in result.output


def test_another_area_has_its_own_name_and_goals(tmp_path):
    place = tmp_path / "so_lieu.XLSX"
    assert sapa("template", place, "--area", "lao_cai", "--as-of", "2026-01-31").exit_code == 0
    guide = openpyxl.load_workbook(io.BytesIO(place.read_bytes()))["Hướng dẫn"]
    assert "tỉnh Lào Cai" in [row[1].value for row in guide.iter_rows()]
