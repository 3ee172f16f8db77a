"""Outside text and addresses: what can be printed passes as it is, all else is told."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import address_problem, old_code, printable, sound_text, text_problem

VIETNAMESE = "Nghị quyết về phát triển du lịch Sa Pa giai đoạn 2021-2025; ước đạt 3,5 triệu lượt – “trên” 5%"
#: One sign of each kind that no page can hold.
STRANGE = ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\u00ad", "\u200b", "\u202e", "\u2066", "\ufeff", "\uf0b7", "\ufffd",
           "\ufffe", "\u2028"]  # fmt: skip


@pytest.mark.parametrize("sign", STRANGE)
@given(st.text("aăâbcdđeê 5,%", max_size=30), st.integers(0, 30))
def test_a_sign_that_no_page_can_hold_is_told_and_can_be_left_out(sign, text, place):
    dirty = text[:place] + sign + text[place:]
    assert text_problem(dirty).startswith(f"U+{ord(sign):04X} ")
    assert text_problem(text_problem(dirty)) == ""
    assert printable(dirty) == text
    with pytest.raises(ValueError, match="cannot be printed"):
        sound_text(dirty)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="\ufffd")))
def test_what_can_be_printed_passes_as_it_is(text):
    assert text_problem(text) == ""
    assert sound_text(text) == text
    assert printable(text) == unicodedata.normalize("NFC", text)


def test_vietnamese_text_with_lines_and_tabs_passes():
    assert text_problem(f"{VIETNAMESE}\n\t{VIETNAMESE}") == ""
    assert old_code(VIETNAMESE) == ""


@pytest.mark.parametrize(
    "address",
    ["", " ", "Sở Du lịch", "javascript:alert(1)", "data:text/html,<b>", "vbscript:x", "file:///etc/passwd", "mailto:a@b.vn",
     "//sapa.vn/a", "sapa.vn/a", "https://", "https:///a", "https://[::1", "https://sapa.vn/a b", 'https://sapa.vn/"onclick',
     "https://sapa.vn/<b>", "https://sapa.vn/\u202egpj", "java\nscript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_told(address):
    assert "is no web address; wanted http:// or https://" in address_problem(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://sapa.laocai.gov.vn/1/2?id=3#a",
        "http://sapa.gov.vn",
        "https://vi.wikipedia.org/wiki/Sa_Pa_(thị_xã)",
    ],
)
def test_an_address_passes(address):
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Kh¸ch du lÞch ®Õn Sa Pa", "Kh¸ch"),
        ("tØnh Lµo Cai", "Lµo"),
        ("ñoàng baøo caùc daân toäc", "ñoàng"),
        ("Thaønh phoá Laøo Cai", "Thaønh"),
    ],
)
def test_text_in_an_old_code_is_seen(text, word):
    assert old_code(text) == word


@pytest.mark.parametrize(
    "text", ["Khách sạn Süd", "«Sa Pa» hotel", "Pa® ©2020 25 µm", "Hà Nội · Lào Cai", "5 × 3"]
)
def test_foreign_names_and_signs_are_no_old_code(text):
    assert old_code(text) == ""
