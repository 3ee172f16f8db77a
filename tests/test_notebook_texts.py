"""The text of the notebooks: both languages in each cell, said once, and one of them in a copy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from notebook_words import foreign

from sapa_analysis.runs import in_language

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LANGUAGES = ("vi", "en")


def cells_of(path: Path, kind: str) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_text_stands_in_both_languages_and_says_the_same(path):
    for cell in cells_of(path, "markdown"):
        texts = {lang: in_language(cell["source"], lang) for lang in LANGUAGES}
        block = r'<div lang="{}">\n\n(?:.|\n)+?\n\n</div>'
        assert re.fullmatch(f"{block.format('vi')}\n{block.format('en')}", cell["source"].strip()), cell[
            "source"
        ]
        for pattern in (r"(?m)^#+ ", r"\]\([^)]*\)", r"(?m)^- "):
            one, other = (re.findall(pattern, text) for text in texts.values())
            assert one == other, cell["source"]
        for lang, text in texts.items():
            assert not foreign(text, lang)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_answers_and_leads_on(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [in_language("".join(cell["source"]), "en") for cell in cells if cell["cell_type"] == "markdown"]
    assert re.match(r"# [^\n]*\?\n", texts[0])
    head, closing = re.split(r"(?m)^## ", texts[-1])[-1].split("\n", 1)
    assert head == "What to look at next"
    links = re.findall(r"\]\(([^)]*)\)", closing)
    assert links
    assert {link for link in links if not (path.parent / link).exists()} == set()
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds[:4] == ["markdown", "code", "code", "code"]
    assert "lead=True" in "".join(cells[3]["source"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_only_calls_is_folded_everywhere(path):
    for cell in cells_of(path, "code"):
        folded = "hide-input" in cell["metadata"].get("tags", [])
        assert folded == cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        assert folded or path.stem == "00_start"


@pytest.mark.parametrize(
    ("text", "lang", "names", "said"),
    [("## Mâu thuẫn ở đâu, và của ai?", "en", [], ["## Mâu thuẫn ở đâu, và của ai?"]),
     ("What has been published in Lào Cai, by whom?", "en", [], []),
     ("<td>Báo cáo của Thị ủy và của tỉnh</td><td>3 figures</td>", "en", ["Báo cáo của Thị ủy và của tỉnh"], []),
     ("<p>Số liệu: all of the figures</p>", "vi", [], ["Số liệu: all of the figures"]),
     ("`the value of x` là một số", "vi", [], [])],
)  # fmt: skip
def test_the_language_of_a_line_is_told(text, lang, names, said):
    assert foreign(text, lang, names) == said


def test_a_text_outside_blocks_is_of_all_languages():
    text = '# 1\n\n<div lang="vi">\n\na\n\n</div>\n<div lang="en">\n\nb\n\n</div>\n\nc\n'
    assert in_language(text, "vi") == "# 1\n\na\n\nc"
    assert in_language(text, "en") == "# 1\n\nb\n\nc"
    assert in_language("plain", "en") == "plain"
