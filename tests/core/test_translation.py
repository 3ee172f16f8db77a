"""Errors speak Vietnamese where it is asked for: each of them, and whole."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import cycle
from string import Formatter

import pytest
import yaml
from conftest import copy_project
from said import allowed, needed

from sapa_analysis.core import FILE_TABLES, Params, Target, in_language, report
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.evidence import load_indicators
from sapa_analysis.pipeline import check_project

PLACE = "sapa_analysis/core/texts/errors_{}.yml"
OTHERS = [lang for lang in LANGUAGES if lang != "en"]


@cache
def catalogue(lang):
    text = (files("sapa_analysis.core") / f"texts/errors_{lang}.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def places(text):
    return [name for _, name, _, _ in Formatter().parse(text.replace("{}", "{{}}")) if name is not None]


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_an_error_has_words_in_each_language(lang):
    missing = {text: place for text, place in needed().items() if text not in catalogue(lang)}
    assert not missing, "\n".join(
        [f"write these in {PLACE.format(lang)}, each with its words in that language:"]
        + [f"  {text!r}  ({place})" for text, place in missing.items()]
    )


@pytest.mark.parametrize("lang", OTHERS)
def test_no_words_are_left_over(lang):
    left = set(catalogue(lang)) - allowed()
    assert not left, f"no error says this any more; take it out of {PLACE.format(lang)}: {sorted(left)}"


@pytest.mark.parametrize("lang", OTHERS)
def test_what_is_put_in_is_the_same_in_each_language(lang):
    for text, words in catalogue(lang).items():
        assert places(text) == [str(number) for number in range(1, len(places(text)) + 1)], text
        assert sorted(places(words)) == places(text), f"{text!r} and {words!r} do not take the same"


def test_vietnamese_is_written_in_whole_letters():
    for words in catalogue("vi").values():
        assert unicodedata.is_normalized("NFC", words), words


@pytest.mark.parametrize(
    "text",
    ["foo bar; did you mean x?", "cannot convert float NaN to integer", "wanted: an unknown kind of thing"],
)
def test_what_holds_unknown_words_stays_english_as_a_whole(text):
    assert in_language(text, "vi") == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"a; b" is unknown; did you mean area?', '"a; b" không có trong danh mục; có phải là area?'),
        ("wanted 'text', 'area' or 'years'; found None", "cần 'text', 'area' hoặc 'years'; thấy None"),
        ("  line 4, documents: unknown; write one of area, text", "  dòng 4, documents: không có tên này; ghi một trong: area, text"),
        ("run 2 failed: SapaError: seed is -1; wanted a whole number, zero or more",
         "lượt chạy 2 hỏng: Lỗi: seed là -1; cần số nguyên từ không trở lên"),
        ("the series cannot be forecast: repeated year 2019; values are object; wanted numbers",
         "không dự báo được chuỗi này: năm 2019 lặp lại; giá trị thuộc kiểu object; cần con số"),
        ("12,085.5 is a tenth of 120,855, as others let expect",
         "12\xa0085.5 chỉ bằng khoảng một phần mười của 120\xa0855, là mức suy ra từ các số liệu khác"),
    ],
)  # fmt: skip
def test_texts_are_put_together_and_names_stay(text, said):
    assert in_language(text, "vi") == said


# what readers meet ----------------------------------------------------------------------------------------

CELLS = ("", "Sa Pa", "-1", "2024-02-30", "3,200", "12.085", "x\u200by", "1e9", "Sa;Pa'x")
LEAVES = (None, "", "Sa Pa", -1, 10**9, True, [], ["x", "x"], {"x": 1})
SYNTAX = ('\n"open', "\n{{: *x", "\nx: !y 1\n", "\x00", "\n\tx: 1", "\nx: .inf\nx: .inf")
TABLES = ("indicators.csv", "areas.csv", "events.csv", "documents.csv", "targets.csv", "evidence/tourism.csv",
          "covariates/viet_nam_cpi_index_annual.csv")  # fmt: skip
SETTINGS = ("params/baseline.yml", "params/scenarios/high.yml", "data/relations.yml", "data/corrections.yml",
            "params/units.yml", "data/documents/resolution-2023.yml")  # fmt: skip


def damaged(tree, leaves):
    """Return a tree of YAML with another leaf at the end of each branch."""
    if isinstance(tree, dict):
        return {key: each if key == "reason" else damaged(each, leaves) for key, each in tree.items()}
    return [damaged(each, leaves) for each in tree] if isinstance(tree, list) and tree else next(leaves)


@pytest.fixture(scope="module", params=range(6))
def refusals(request, tmp_path_factory):
    """Return what is said of a project with faults in every column of every table and every key, each time others."""
    project, turn = copy_project(tmp_path_factory.mktemp("project")), request.param
    for name in TABLES:
        rows = project.rows(f"data/{name}")
        for place, column in enumerate(list(rows[0])):
            for number, row in enumerate(rows):
                if (turn == 0 and number < len(CELLS)) or number == place:
                    row[column] = CELLS[(number + turn) % len(CELLS)]
        project.save(f"data/{name}", rows)
    for place, name in enumerate(SETTINGS):
        leaves = cycle(LEAVES[turn:] + LEAVES[:turn])
        project.write(name, yaml.safe_dump(damaged(yaml.safe_load(project.read(name)), leaves)))
        if turn > 3:
            project.write(name, project.read(name) + SYNTAX[(place + turn) % len(SYNTAX)])
    if turn > 3:
        for place, name in enumerate(TABLES):
            project.write(
                f"data/{name}", project.read(f"data/{name}").replace("_", "", 9 * place) + SYNTAX[place % 4]
            )
    return [report([problem]) for problem in check_project(project.root).problems]


@pytest.fixture(scope="module", params=OTHERS)
def english(request, root):
    """Return a language, and the words that only English has: neither it nor any column, key, value or unit."""
    texts = catalogue(request.param)
    names = set(Params.model_fields) | set(Target.model_fields) | set(load_indicators(root / "data")["unit"])
    for schema in FILE_TABLES.values():
        for name, column in schema.to_schema().columns.items():
            names |= {name}.union(
                *(map(str, check.statistics.get("allowed_values", ())) for check in column.checks)
            )
    words = set(re.findall(r"[a-z]{2,}", re.sub(NAMES, "", " ".join(texts))))
    return request.param, words - names - set(re.findall(r"[a-z]+", " ".join(texts.values())))


#: What is told as it stands: in quotes, or with a sign that no word has.
NAMES = r"\"[^\"]*\"|(?<!\w)'[^']*'?|`[^`]*`|\S*[_/.]\S*"


def test_no_refusal_keeps_an_english_word(refusals, english):
    lang, words = english
    assert len(refusals) > 100
    told = {text: in_language(text, lang) for text in refusals}
    assert not [said for said in told.values() if words & set(re.findall(r"[a-z]+", re.sub(NAMES, "", said)))]
