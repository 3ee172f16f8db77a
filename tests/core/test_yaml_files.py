from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import Problem
from sapa_analysis.core.yaml_files import read_scalar, read_yaml


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
        (
            "a: 1\nb: !!python/object/apply:os.system ['true']\n",
            2,
            "a tag (! before a value) is not accepted",
        ),
        ("a: 1\nb: !!python/name:os.system\n", 2, "a tag (! before a value) is not accepted"),
        ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" stands twice'),
        ("x:\n  2020: 1\n  '2020': 2\n", 3, 'the key "2020" stands twice'),
        ("a: [1\nb: 2\n", 2, "it breaks off, or a quote"),
        ("a: 1\n--- \nb: 2\n", 2, "it breaks off, or a quote"),
        ("a: &x [1]\nb: *x\n", 2, "an alias (*x) is not accepted"),
        ("a: &x [*x]\n", 1, "an alias (*x) is not accepted"),
        ("a: 1\nb: \x07\n", 2, "the character U+0007 is not allowed"),
        ("a: 1\nb: 0b_\n", 2, '"0b_" is no int'),
        ("a: 1\nb: !!float ''\n", 2, '"" is no float'),
        ("a: 1\nb: !!bool often\n", 2, '"often" is no bool'),
        pytest.param(f"a: 1\nb: {'9' * 5000}\n", 2, '"99999999999999999999..." is no int', id="digits"),
        pytest.param(f"a: 1\nb: {'1:' * 400}1.5\n", 2, "is no float", id="sixties"),
        ("? [a]\n: 1\n", 1, "a list or mapping stands where a name is wanted"),
    ],
)
def test_yaml_that_is_more_than_plain_values_is_refused(tmp_path, text, line, said):
    values, _, problems = read_yaml_text(tmp_path, text)
    assert values is None
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].message
    assert problems[0].message.startswith("not plain YAML: ")


@pytest.mark.parametrize("way", ["flow list", "block list", "flow mapping", "block mapping"])
@given(levels=st.sampled_from([51, 99, 5000]))
def test_lists_in_lists_have_a_bottom(tmp_path_factory, way, levels):
    text = {
        "flow list": "a: 1\nb: " + "[" * levels + "]" * levels,
        "block list": "a: 1\nb:\n" + "- " * levels + "x",
        "flow mapping": "a: 1\nb: " + "{c: " * levels + "x" + "}" * levels,
        "block mapping": "a: 1\n"
        + "".join(f"{' ' * level}b:\n" for level in range(min(levels, 300)))
        + " " * 301
        + "x",
    }[way]
    values, _, problems = read_yaml_text(tmp_path_factory.mktemp("deep"), text)
    assert values is None
    [problem] = problems
    assert problem.line >= 2
    assert "more than 50 levels" in problem.message
    assert read_scalar(text) == text


def test_every_number_without_end_is_told_at_its_key(tmp_path):
    text = "a: 1\nb: {c: .inf, d: [1.5, -.inf]}\nc: .nan\ne: 1.0e+999\nf: .info\n"
    values, _, problems = read_yaml_text(tmp_path, text)
    assert values is None
    assert [(problem.line, problem.column) for problem in problems] == [
        (2, "b.c"), (2, "b.d.1"), (3, "c"), (4, "e"),
    ]  # fmt: skip
    assert {problem.message.partition(";")[0] for problem in problems} == {"wanted a finite number"}


@given(st.text(alphabet="0123456789.:+-_einfaNxob[]{}!?&*#,'\" ", max_size=12))
def test_one_value_is_read_or_stays_text(text):
    assert isinstance(read_scalar(text), str | int | float | bool)


@pytest.mark.parametrize(
    "text", ['a: 1\nb: "Ba\\vo"', "a: 1\nb: 'x\u202ey'", "a: 1\nb: [\uf0b7]", 'a: 1\n"b\\a": 1']
)
def test_what_no_page_can_hold_is_told_at_its_key(tmp_path, text):
    path, problems = tmp_path / "a.yml", []
    path.write_text(text, encoding="utf-8")
    values, _ = read_yaml(path, problems)
    assert values is None
    assert [problem.line for problem in problems] == [2]
    assert "cannot be printed" in problems[0].message or "is not allowed" in problems[0].message


def test_a_file_far_longer_than_any_of_ours_is_refused_before_it_is_parsed(tmp_path):
    path, problems = tmp_path / "a.yml", []
    path.write_text("a: [" + "1, " * 100_000 + "1]")
    assert read_yaml(path, problems) == (None, {})
    assert [problem.message for problem in problems] == ["300,006 characters; wanted at most 200,000"]
