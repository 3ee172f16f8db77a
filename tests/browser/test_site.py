"""The site as a reader opens it: page by page, light and dark, on a desk and on a phone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from browser.conftest import free_port, serious, server
from site_links import asked_outside, broken, pages

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/docs"
#: One page of each kind.
KINDS = [
    "index.html", "notebooks/00_start.html", "vi/00_start.html", "vi/huong-dan.html", "gallery.html",
    "models/exponential_smoothing.html", "api/forecasting.html", "howto/add_figure.html", "results.html", "tables.html",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def site(tmp_path_factory):
    """Serve the site, built if there is none; `make docs` builds it anew."""
    if not (SITE / "index.html").is_file():
        subprocess.run([sys.executable, "docs/site"], cwd=ROOT, check=True)
    port = free_port()
    words = ("http.server", str(port), "--bind", "127.0.0.1", "--directory", str(SITE))
    with server(*words, port=port, ready="/index.html", folder=tmp_path_factory.mktemp("served")) as address:
        yield address


def test_every_link_leads_to_a_file_and_its_anchor():
    assert len(pages(SITE)) > 150
    assert broken(SITE) == []


def test_no_page_asks_anything_of_another_machine():
    assert asked_outside(SITE) == []


def test_every_page_opens_from_its_file_without_a_complaint_or_a_request(open_page):
    """The fixture fails for any error on the console and any request outside; here each picture is there too."""
    page = open_page((SITE / "index.html").as_uri())
    lost, untitled = [], []
    for path in pages(SITE):
        page.goto(path.as_uri())
        name = path.relative_to(SITE).as_posix()
        pictures = "[...document.images].filter(i => i.offsetParent && i.complete && !i.naturalWidth).map(i => i.src)"
        lost += [f"{name}: {each}" for each in page.evaluate(pictures)]
        if not page.title() or page.locator("h1").count() != (name != "search.html"):
            untitled.append(name)
    assert lost == []
    assert untitled == []


@pytest.mark.parametrize("name", KINDS)
def test_nothing_serious_stands_in_the_way_of_a_reader(open_page, site, name):
    for scheme in ("light", "dark"):
        page = open_page(f"{site}/{name}", color_scheme=scheme)
        assert serious(page) == [], scheme


@pytest.mark.parametrize("name", KINDS)
def test_a_page_fits_a_phone(open_page, name):
    page = open_page((SITE / name).as_uri(), width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_says_its_language(open_page):
    page = open_page((SITE / "vi/huong-dan.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "vi"
    page.goto((SITE / "index.html").as_uri())
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_search_finds_a_function(open_page, site):
    page = open_page(f"{site}/search.html?q=plot_frontier")
    page.locator("#search-results li a").first.wait_for()
    assert "plot_frontier" in page.locator("#search-results").inner_text()


def test_code_of_a_notebook_is_folded_and_opens_by_keyboard(open_page):
    page = open_page((SITE / "notebooks/02_trajectory.html").as_uri())
    folded = page.locator("details.hide").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.locator("pre").first.is_visible()


def test_a_formula_is_drawn_without_a_script(open_page):
    page = open_page((SITE / "models/theta.html").as_uri(), java_script_enabled=False)
    box = page.locator("math").first.bounding_box()
    assert box
    assert box["height"] > 20
