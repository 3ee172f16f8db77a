"""The sources of the site: complete, in step with the code, the same each time. It is built by `make docs`."""

from __future__ import annotations

import ast
import importlib
import json
import operator
import re
import shlex
import sys
import textwrap
from pathlib import Path, PurePosixPath

import pytest

import sapa_analysis
from sapa_analysis.cli import main as sapa

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs/site"
sys.path.insert(0, str(SITE))

from site_doors import names_of, rooms  # noqa: E402
from site_gallery import calls, gallery_page  # noqa: E402
from site_links import rewrite  # noqa: E402
from site_notebooks import SHOWN, TOLD, ready  # noqa: E402
from site_pages import places, site_sources  # noqa: E402

HOWTO = sorted((SITE / "pages/howto").glob("*.md"))


@pytest.fixture(scope="module")
def sources():
    return site_sources()[0]


def shown_in(text):
    return set(re.findall(r"^\.\. (?:auto(?:function|class|exception)|py:data):: ([\w.]+)", text, flags=re.M))


@pytest.mark.parametrize("room", rooms())
def test_every_name_of_a_door_has_its_entry(sources, room):
    door = importlib.import_module(f"sapa_analysis.{room}")
    shown = {name.rpartition(".")[2] for name in shown_in(sources[f"api/{room}.rst"])}
    assert shown == {name for name in door.__all__ if f"{room}.{name}" not in rooms()}


def test_the_root_page_names_what_is_typed_first(sources):
    named = set(re.findall(r":py:obj:`sapa\.(\w+) <", sources["api/sapa.rst"]))
    assert named == set(sapa_analysis.__all__) - {room.split(".")[0] for room in rooms()} - {"figures"}


def test_every_command_has_its_help(sources):
    assert set(re.findall(r"^## sapa (.+)$", sources["api/commands.md"], flags=re.M)) == set(sapa.commands)


def test_every_picture_stands_in_the_gallery_with_its_call(sources):
    drawn = {each.name for each in names_of("reporting.figures") if each.name.startswith("plot_")}
    assert set(calls()) - {"begin"} == drawn
    for name in drawn:
        assert f"sapa.figures.{name}(" in calls()[name]
        assert (
            f"![{calls()[name].splitlines()[0].removeprefix('# ')}](gallery/{name}.svg)"
            in sources["gallery.md"]
        )


def test_every_model_has_its_page(sources):
    from sapa_analysis.forecasting import MODELS

    pages = {
        name.removeprefix("models/").removesuffix(".md") for name in sources if name.startswith("models/")
    }
    assert pages - {"index"} == set(MODELS)
    for name, model in MODELS.items():
        page = sources[f"models/{name}.md"]
        assert model.assumes in page
        assert re.search(rf"^\| `{name}` \| [\d.]+ \|", page, flags=re.M), "measured"
        assert f'sapa.forecast(known, "{name}"' in page


def test_the_statsmodels_class_of_a_model_exists_and_its_code_uses_it():
    import yaml

    code = "\n".join(
        (ROOT / f"sapa_analysis/forecasting/{name}.py").read_text() for name in ("models", "smoothing")
    )
    for told in yaml.safe_load((SITE / "models.yml").read_text(encoding="utf-8")).values():
        if told["statsmodels"]:
            module, _, name = told["statsmodels"].rpartition(".")
            assert hasattr(importlib.import_module(module), name)
            assert f"from {module} import {name}" in code


def in_toctrees(sources):
    """Return the pages to which the toctrees lead from the start page."""
    notebooks = {place.removesuffix(".ipynb") for place in SHOWN.values()}
    known = {name.rpartition(".")[0] for name in sources} | notebooks
    found, ahead = set(), ["index"]
    while ahead:
        page = ahead.pop()
        if page in found:
            continue
        found.add(page)
        text = sources.get(f"{page}.md", sources.get(f"{page}.rst", ""))
        for tree in re.findall(r"```\{toctree\}\n(.*?)```", text, flags=re.S):
            for line in tree.splitlines():
                entry = re.sub(r"^.* <(.+)>$", r"\1", line.strip())
                if entry and not entry.startswith(":"):
                    pattern = str(PurePosixPath(page).parent / entry)
                    ahead += sorted(name for name in known if PurePosixPath(name).match(pattern))
    return found, known


def test_every_page_is_reached_from_the_start(sources):
    found, known = in_toctrees(sources)
    assert found == known
    assert len([name for name in found if re.match(r"decisions/\d{4}-", name)]) >= 100
    assert {f"howto/{path.stem}" for path in HOWTO} <= found


def test_every_page_of_the_repository_is_a_page_of_the_site(sources):
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")]
    for path in pages:
        assert places()[str(path.relative_to(ROOT))] in sources


def test_every_notebook_is_shown_or_told_of():
    named = {name for name, _ in SHOWN} | set(TOLD)
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} <= named
    assert {lang for name, lang in SHOWN if name == "00_start"} == {"vi", "en"}


def commands(path):
    blocks = re.findall(r"^ *```sh\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


ASKED = [(path.stem, line) for path in HOWTO for line in commands(path)]


@pytest.mark.parametrize("line", [line for _, line in ASKED], ids=lambda line: line[:50])
def test_every_command_of_a_page_exists_with_its_options(line):
    program, name, *given = shlex.split(line)
    if program == "make":
        assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M)
        return
    assert program == "sapa"
    with sapa.commands[name].make_context(name, given) as context:
        assert not context.args


def test_every_page_of_steps_has_a_command():
    assert {stem for stem, _ in ASKED} == {path.stem for path in HOWTO} - {"index"}


def test_the_python_of_the_pages_calls_what_there_is():
    blocks = [block for path in HOWTO
              for block in re.findall(r"^ *```python\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.M | re.S)]  # fmt: skip
    trees = [ast.parse(textwrap.dedent(block)) for block in blocks]
    named = {
        ast.unparse(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    ours = {name.removeprefix("sapa.") for name in named if re.fullmatch(r"sapa(\.\w+)+", name)}
    assert len(ours) >= 6
    for name in ours:
        operator.attrgetter(name)(sapa_analysis)


def test_the_sources_are_the_same_each_time(sources):
    again, copies = site_sources()
    assert again == sources
    assert all(path.is_file() for path in copies.values())
    addresses = [name for name, text in sources.items() if re.search(r" at 0x[0-9a-f]{6,}", text)]
    assert addresses == []
    assert gallery_page() == sources["gallery.md"]


def test_a_link_to_a_page_a_file_and_a_folder():
    text = (
        "[a](results.md#limits) [b](../params/baseline.yml) [c](decisions) ![d](briefing.png) [e](https://f.vn/g.md)\n"
        "```\n[a](results.md)\n```\n[h](#i)\n"
    )
    made, files = rewrite(text, "docs/x.md", "deep/er/x.md", {"docs/results.md": "results.md"}, ROOT)
    assert made == (
        "[a](../../results.md#limits) [b](../../files/params/baseline.yml) `c` ![d](../../files/docs/briefing.png) "
        "[e](https://f.vn/g.md)\n```\n[a](results.md)\n```\n[h](#i)\n"
    )
    assert set(files) == {"files/params/baseline.yml", "files/docs/briefing.png"}
    with pytest.raises(FileNotFoundError, match=r"docs/x\.md.*nowhere\.md"):
        rewrite("[a](nowhere.md)", "docs/x.md", "x.md", {}, ROOT)


def test_a_notebook_is_made_ready_without_records_for_machines():
    record = {"output_type": "display_data", "data": {"application/vnd.sapa.record+json": {}}}
    told = {"output_type": "display_data", "data": {"text/plain": "x"}}
    cells = [
        {
            "cell_type": "code",
            "source": "",
            "outputs": [record, told],
            "metadata": {"tags": ["hide-input", "picture"]},
        },
        {"cell_type": "markdown", "source": "x", "metadata": {}},
    ]
    made = ready({"cells": cells, "metadata": {"sapa": {"x": 1}, "kernelspec": {"name": "python3"}}})
    assert [cell["metadata"]["tags"] for cell in made["cells"]] == [["hide-input"], []]
    assert made["cells"][0]["outputs"] == [told]
    assert json.dumps(made["metadata"]) == '{"kernelspec": {"name": "python3"}}'
