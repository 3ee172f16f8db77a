from __future__ import annotations

from pathlib import Path

import pytest

from sapa_analysis.core.errors import Problem
from sapa_analysis.core.yaml_files import read_yaml


def read_yaml_text(
    tmp_path: Path, text: str
) -> tuple[object, dict[tuple[str | int, ...], int], list[Problem]]:
    path = tmp_path / "some.yml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return *read_yaml(path, problems), problems


def test_every_key_and_entry_of_a_yaml_file_has_its_line(tmp_path):
    values, lines, problems = read_yaml_text(tmp_path, "# note\na:\n  b: 1\n  2020: x\nc:\n- d: 1\n- e\n")
    assert values == {"a": {"b": 1, 2020: "x"}, "c": [{"d": 1}, "e"]}
    assert problems == []
    assert lines == {
        (): 2, ("a",): 2, ("a", "b"): 3, ("a", "2020"): 4,
        ("c",): 5, ("c", 0): 6, ("c", 0, "d"): 6, ("c", 1): 7,
    }  # fmt: skip


def test_dates_stay_as_they_are_written(tmp_path):
    assert read_yaml_text(tmp_path, "day: 2023-02-30\n")[0] == {"day": "2023-02-30"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "could not determine a constructor"),
        ("a: 1\nb: !!python/name:os.system\n", 2, "could not determine a constructor"),
        ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" stands twice'),
        ("x:\n  2020: 1\n  '2020': 2\n", 3, 'the key "2020" stands twice'),
        ("a: [1\nb: 2\n", 2, "expected ',' or ']'"),
        ("a: 1\n--- \nb: 2\n", 2, "but found another document"),
        ("a: &x [1]\nb: *x\n", 2, "an alias (*x) is not accepted"),
        ("a: &x [*x]\n", 1, "an alias (*x) is not accepted"),
        ("a: 1\nb: \x07\n", 2, "the character U+0007 is not allowed"),
        ("a: 0b_\n", 0, "invalid literal"),
        ("? [a]\n: 1\n", 1, "found unhashable key"),
    ],
)
def test_yaml_that_is_more_than_plain_values_is_refused(tmp_path, text, line, said):
    values, _, problems = read_yaml_text(tmp_path, text)
    assert values is None
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].message
    assert problems[0].message.startswith("not plain YAML: ")
