"""Marked numbers: nothing that a reader sees changes, and nothing that a page needs is lost."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain, tag, tag_quoted

PRIVATE = "\ue000\ue001\ue002"
words = st.text(st.characters(exclude_characters="\ufffd", exclude_categories=["C", "Zl", "Zp"]), max_size=12)
keys = st.from_regex(r"[a-z0-9_-]+(\.[a-z0-9_-]+){0,3}", fullmatch=True)
values = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), words)
units = st.sampled_from(["percent", "visits", "count", "quoted", "billion_vnd"])
numbers = st.builds(Number, keys, values, units, words)
mixed = st.lists(st.one_of(words.filter(bool), numbers), max_size=6)


def written(part: str | Number) -> str:
    return part if isinstance(part, str) else tag(part.text, part.key, part.value, part.unit)


def joined(pieces: list[str | Number]) -> list[str | Number]:
    """Return pieces with neighbouring words as one."""
    whole: list[str | Number] = []
    for piece in pieces:
        if whole and isinstance(piece, str) and isinstance(whole[-1], str):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def same(one: Number, other: Number) -> bool:
    return one == other and type(one.value) is type(other.value)


# one text -------------------------------------------------------------------------------------------------


@given(words, keys, values, units)
def test_a_mark_changes_nothing_that_is_seen(text, key, value, unit):
    assert plain(tag(text, key, value, unit)) == text


@given(words, keys, values, units)
def test_a_mark_keeps_key_value_unit_and_text(text, key, value, unit):
    [found] = parts(tag(text, key, value, unit))
    assert same(found, Number(key, value, unit, text))


@given(mixed)
def test_the_parts_of_a_text_are_those_it_was_made_of(pieces):
    assert list(parts("".join(map(written, pieces)))) == joined(pieces)


@given(mixed)
def test_writing_the_parts_again_gives_the_same_text(pieces):
    text = "".join(map(written, pieces))
    assert "".join(map(written, parts(text))) == text


@given(mixed)
def test_the_plain_text_is_the_words_and_the_texts_of_the_numbers(pieces):
    seen = "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)
    assert plain("".join(map(written, pieces))) == seen


@given(words)
def test_text_without_marks_is_left_as_it_is(text):
    assert plain(text) == text
    assert list(parts(text)) == ([text] if text else [])
    assert numbers_in([text]) == []


@given(mixed)
def test_plain_text_has_no_marks_left_to_take_away(pieces):
    once = plain("".join(map(written, pieces)))
    assert plain(once) == once
    assert not set(once) & set(PRIVATE)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.float64(14.5), 14.5),
        (np.float32(0.5), 0.5),
        (np.int64(25), 25),
        (np.int32(-3), -3),
        (pd.Series([2025], dtype="Int64").iloc[0], 2025),
        (pd.Series([0.1]).iloc[0], 0.1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_of_numpy_and_pandas_are_kept_as_plain_ones(value, kept):
    [found] = numbers_in([tag("x", "key", value, "count")])
    assert same(found, Number("key", kept, "count", "x"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_value_is_lost(value):
    [found] = numbers_in([tag("about", "key", np.float64(value), "percent")])
    assert found.value == value
    assert json.loads(json.dumps(found.value)) == value


# marks travel ---------------------------------------------------------------------------------------------


@given(numbers, words, words)
def test_marks_survive_format_and_join(number, before, after):
    form = (
        before.replace("{", "{{").replace("}", "}}") + "{value}" + after.replace("{", "{{").replace("}", "}}")
    )
    told = form.format(value=written(number))
    assert plain(told) == f"{before}{number.text}{after}"
    assert numbers_in([told]) == [number]
    assert plain("; ".join([told, told])) == "; ".join([plain(told)] * 2)
    assert numbers_in(["; ".join([told, told])]) == [number]


@given(st.lists(numbers, min_size=1, max_size=5))
def test_marks_survive_in_a_table(row):
    table = pd.DataFrame({"a": [written(number) for number in row], "n": range(len(row)), "none": None})
    again = pd.concat([table, table]).drop_duplicates().reset_index(drop=True)
    assert list(dict.fromkeys(row)) == numbers_in(again["a"])
    shown = plain(table)
    assert shown["a"].to_list() == [number.text for number in row]
    assert shown["n"].to_list() == list(range(len(row)))
    assert shown["none"].isna().all()
    assert table["a"].to_list() == [written(number) for number in row]


@given(st.lists(st.one_of(words, numbers.map(written))))
def test_a_list_is_made_plain_line_by_line(lines):
    assert plain(lines) == [plain(line) for line in lines]


@given(st.lists(mixed, max_size=4))
def test_every_number_is_found_once_in_order_of_appearance(texts):
    wanted = [piece for pieces in texts for piece in pieces if isinstance(piece, Number)]
    assert numbers_in("".join(map(written, pieces)) for pieces in texts) == list(dict.fromkeys(wanted))


def test_one_key_with_two_values_is_two_numbers():
    texts = [tag("1", "key", 1, "count"), tag("2", "key", 2, "count"), tag("1", "key", 1, "count")]
    assert [number.value for number in numbers_in(texts)] == [1, 2]


# someone else's words -------------------------------------------------------------------------------------

quotes = st.lists(
    st.sampled_from(["3", "12", "2.5", "3,5", " ", "triệu", "lượt", "/", ".", "-", "%", "COVID-19"])
).map("".join)


@given(st.one_of(words, quotes))
def test_quoting_changes_no_visible_character(text):
    assert plain(tag_quoted(text, "key")) == text


@given(st.one_of(words, quotes))
def test_quoting_marks_every_digit_and_no_other_word(text):
    pieces = list(parts(tag_quoted(text, "key")))
    for piece in pieces:
        if isinstance(piece, str):
            assert not re.search(r"\d", piece)
        else:
            assert re.fullmatch(r"\d([\d.,:/]*\d)?", piece.text)
            assert (piece.unit, piece.value) == ("quoted", piece.text)


@given(quotes)
def test_every_quoted_number_has_a_key_of_its_own(text):
    found = [piece for piece in parts(tag_quoted(text, "key")) if isinstance(piece, Number)]
    assert [number.key for number in found] == [f"key.{place}" for place in range(1, len(found) + 1)]


def test_a_printed_number_is_one_number_with_its_signs():
    title = "Sa Pa đón 3,5 triệu lượt ngày 30/6/2023, tăng 12%."
    assert [number.text for number in numbers_in([tag_quoted(title, "t")])] == ["3,5", "30/6/2023", "12"]


@given(mixed, words)
def test_a_mark_is_never_read_across_another(pieces, text):
    assume(text)
    told = "".join(map(written, pieces))
    number = Number("k", 1, "count", text)
    assert numbers_in([written(number) + told]) == list(dict.fromkeys([number, *numbers_in([told])]))


@given(words, st.sampled_from([*PRIVATE, "\x0b", "\u202e", "\uf0b7"]), words)
def test_outside_text_can_forge_no_mark(before, sign, after):
    text = f"{tag('5', 'one', 5, 'visits')} {tag_quoted(f'{before}{sign}{after}', 'two')}"
    assert plain(text) == f"5 {before}{after}"
    assert next(iter(parts(text))) == Number("one", 5, "visits", "5")
