from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import Problem, SapaError, nearest, tell

problem_lists = st.lists(
    st.builds(
        Problem, st.sampled_from(["a.csv", "b.csv"]), st.integers(0, 12), st.sampled_from(["", "x", "y"]),
        st.sampled_from(["wrong", "bad"]),
    )
)  # fmt: skip


@given(problem_lists, st.randoms())
def test_an_error_names_every_problem_once_in_order_of_file_and_line(problems, random):
    shuffled = random.sample(problems, len(problems))
    error = SapaError(problems)
    assert str(SapaError(shuffled)) == str(error)
    assert error.problems == tuple(sorted(set(problems)))
    headings = [line for line in str(error).splitlines() if not line.startswith("  ")]
    assert headings == [
        f"{file} has {count} problem{'s' if count > 1 else ''}"
        for file in ("a.csv", "b.csv")
        if (count := sum(problem.file == file for problem in error.problems))
    ]


@given(problem_lists)
def test_of_a_cell_the_first_problem_is_told_and_of_a_row_each_once(problems):
    told: list[Problem] = []
    tell(told, *problems)
    cells = [(problem.file, problem.line, problem.column) for problem in told if problem.column]
    assert len(cells) == len(set(cells))
    assert len(told) == len(set(told))
    assert {(p.file, p.line, p.column) for p in problems} == {(p.file, p.line, p.column) for p in told}
    assert {p for p in problems if not p.column} <= set(told)
    again = list(told)
    tell(again, *problems)
    assert again == told


def test_a_problem_reads_like_a_sentence():
    problems = [
        Problem("b.csv", 0, "", "the file is empty"),
        Problem("a.csv", 14, "unit", '"people" is unknown'),
    ]
    assert str(SapaError(problems)) == (
        'a.csv has 1 problem\n  line 14, unit: "people" is unknown\nb.csv has 1 problem\n  the file is empty'
    )


@given(st.lists(st.text("abcdef", min_size=3, max_size=8), min_size=1, max_size=30, unique=True), st.data())
def test_a_known_word_is_the_nearest_to_itself(known, data):
    word = data.draw(st.sampled_from(known))
    assert nearest(word, known) == f"did you mean {word}?"


def test_where_no_word_is_near_a_few_are_listed():
    assert nearest("zzz", ["B", "A"]) == "write one of A, B"
    assert nearest("zzz", map(str, range(100))) == "none of the 100 known is near"
