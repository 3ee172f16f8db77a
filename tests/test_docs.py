"""Pages for people: in step with the code, of the promised length, and in one vocabulary."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from pathlib import Path

import pytest

from sapa_analysis.cli import main as sapa
from sapa_analysis.evaluation.edition import judge_edition
from sapa_analysis.evidence.office.layout import words
from sapa_analysis.runs import docs_pages

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.vi.md")
#: Words of our own that the field's words have replaced.
GONE = r"worlds?|strands?|calm|reckon\w*|primaries class|bare series|attained_worlds|centres?"


@pytest.fixture(scope="module")
def pages(tables, late, judged):
    """Return the pages, made from tables and from verdicts of the town that other tests have read and judged."""

    def judge(project, params):
        return judged if params == late else judge_edition(project, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.runs.docs.load_project", lambda root: tables)
        patch.setattr("sapa_analysis.evaluation.edition.judge_edition", judge)
        return docs_pages(ROOT)


@pytest.mark.parametrize("name", ["architecture.md", "results.md"])
def test_a_generated_page_is_in_step(pages, name):
    path = ROOT / "docs" / name
    assert path.read_text(encoding="utf-8") == pages[path], "run `sapa docs`"


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_read_in_two_minutes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.split()) <= 900
    assert "make briefing" in text
    assert "make test" in text


PAGES = [*READMES, "CONTRIBUTING.md", "benchmarks/README.md",
         *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")))]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert not [target for target in targets if not ((ROOT / page).parent / target).exists()]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("name", READMES)
def test_the_python_of_a_readme_prints_what_stands_below_it(name, monkeypatch):
    text = (ROOT / name).read_text(encoding="utf-8")
    [(code, printed)] = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", text, flags=re.S)
    *lines, last = code.strip().splitlines()
    monkeypatch.chdir(ROOT)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec("\n".join([*lines, f"print(repr({last}))"]), {})
    assert out.getvalue().split() == printed.split()


@pytest.mark.slow
@pytest.mark.parametrize("page", ["walk", "headline", "what_would_it_take"])
def test_the_examples_of_a_page_are_what_happens(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    options = {"module_relative": False, "encoding": "utf-8", "optionflags": doctest.NORMALIZE_WHITESPACE}
    found = doctest.testfile(str(ROOT / f"docs/{page}.md"), **options)
    assert found.attempted > 8
    assert not found.failed


def test_every_word_of_the_glossary_has_its_meaning_in_both_languages():
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][
        2:
    ]
    assert len(rows) >= 40
    assert all(len(row) == 3 and all(row) for row in rows)
    words = [row[0] for row in rows]
    assert words == sorted(words, key=str.lower)


def test_every_decision_has_its_line_number_and_status():
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    files = sorted(folder.glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        title, _, status, *_ = path.read_text(encoding="utf-8").splitlines()
        number, name = title.removeprefix("# ").split(". ", 1)
        assert f"| [{number}]({path.name}) | {name} | {status.removeprefix('- Status: ')} |" in index


def test_words_of_our_own_are_gone_from_code_notebooks_and_texts():
    files = [path for folder in ("sapa_analysis", "notebooks", "params")
             for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".pyi", ".yml", ".ipynb", ".j2"}]  # fmt: skip
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in files
        for word in re.findall(rf"\b(?:{GONE})\b", path.read_text(encoding="utf-8"), flags=re.I)
        if word != "World"  # the World Bank
    }
    # an old name of a parameter that is still accepted, and a key of the results that stays, and its way back
    assert found == {
        "sapa_analysis/core/params.py: worlds",
        "sapa_analysis/reporting/sentences/foundations.py: calm",
        "sapa_analysis/reporting/trace/families.py: calm",
    }


GUIDE = (ROOT / "docs/huong-dan.vi.md").read_text(encoding="utf-8")
ASKED = re.findall(r"^sapa --lang vi (.+)$", GUIDE, flags=re.M)


@pytest.mark.parametrize("line", ASKED)
def test_every_command_of_the_guide_exists_with_its_options(line):
    name, *given = shlex.split(line)
    with sapa.commands[name].make_context(name, given) as context:
        assert not context.args


def test_the_guide_shows_the_whole_way_of_an_office():
    asked = {line.split()[0] for line in ASKED}
    assert asked == {"template", "check", "briefing", "trace", "check-doc"}
    assert len(ASKED) == len(re.findall(r"^sapa ", GUIDE, flags=re.M)) - 1  # and `sapa --version`


def test_the_guide_calls_sheets_and_cells_by_their_names():
    known = words()
    named = {name for name in re.findall(r"`([^`\n]+)`", GUIDE) if name[0].isupper()}
    ours = {*known["sheets"].values(), *known["heads"].values(), *known["about"].values()}
    others = {name for name in named if re.match("Successfully|NỘI BỘ|ĐỊA_CHỈ", name)}
    assert named - others <= ours
    assert set(known["sheets"].values()) <= named


def test_the_pictures_of_the_guide_are_small_and_each_is_shown():
    shown = {ROOT / "docs" / target for target in re.findall(r"!\[[^]]+\]\(([^)]+)\)", GUIDE)}
    assert shown == set((ROOT / "docs/huong-dan").iterdir())
    assert all(path.stat().st_size < 150_000 for path in shown)
