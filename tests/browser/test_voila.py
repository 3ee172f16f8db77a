"""Notebook 06 through Voilà, as `make explorer` shows it: what a hand turns is what Python computes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browser.conftest import ROOT, free_port, serious, server
from playwright.sync_api import Page, expect

import sapa_analysis as sapa

DAY, REVENUE, VISITS = "2023-06-30", "tourism_revenue", "tourist_arrivals"
WAIT = 240_000


@pytest.fixture(scope="module")
def project_copy(tmp_path_factory) -> Path:
    """Return a copy of the project that notebooks may write into."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data", "params", "notebooks", "register"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def address(project_copy, tmp_path_factory) -> Iterator[str]:
    """Serve the notebook of the copy as the Makefile says."""
    [line] = [
        line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t$(BIN)/voila ")
    ]
    words = [word.replace("notebooks/", f"{project_copy}/notebooks/") for word in shlex.split(line)[1:]]
    port, folder = free_port(), tmp_path_factory.mktemp("voila")
    env = {"PYTHONPATH": str(ROOT)}
    more = ("--no-browser", f"--port={port}", "--Voila.port_retries=0")
    with server(
        "voila", *words, *more, port=port, ready="/voila/static/voila.js", folder=folder, env=env
    ) as at:
        yield at


@pytest.fixture(scope="module")
def computed():
    """Return what Python says of 10 percent more visits: the sentence of the panel, and the chance of the goal."""
    project, params = sapa.open_project(as_of=DAY)
    outcomes = sapa.forecast_area(project, params)
    more = sapa.apply_scenario(outcomes, sapa.scenario("more", tourist_arrivals="+10%"), links=params.links)
    median = float(more[REVENUE].summary()["median"].iloc[-1])
    goals = sapa.pipeline.known_targets(project, params, REVENUE)
    odds = sapa.pipeline.chances(project, params, {"base": outcomes, "more": more}, goals)
    chance = odds.loc[odds["scenario"] == "more", "probability"].iloc[-1]
    return median, float(chance)


def opened(open_page, address: str, query: str = "lang=en", **size: int) -> Page:
    page = open_page(f"{address}/?{query}", **size)
    page.locator(".sapa-panel .picture svg").wait_for(timeout=WAIT)
    return page


def number_in(page: Page) -> float:
    """Return the median that the panel says, in its unit."""
    said = page.locator(".sapa-panel .lead").inner_text()
    return float(re.search(r"median ([\d,]+) billion", said)[1].replace(",", ""))


def fold(page: Page, title: str) -> None:
    """Open a fold by keyboard."""
    head = page.get_by_role("button", name=title, exact=True)
    head.focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "true")


def test_a_lever_moved_by_keyboard_says_what_python_computes_and_the_link_says_it_again(
    address, open_page, computed
):
    median, chance = computed
    page = opened(open_page, address, f"lang=en&indicator={REVENUE}")
    assert page.title() == "If you turn the conditions yourself, where do the results go?"
    assert page.locator("html").get_attribute("lang") == "en"
    lever = page.get_by_role("slider", name="Tourist arrivals")
    expect(lever).to_have_attribute("aria-valuetext", "as forecast")
    lever.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(lever).to_have_attribute("aria-valuetext", "+10%")
    expect(page.locator(".sapa-panel .lead")).to_contain_text("a difference of +10.0%")
    assert number_in(page) == pytest.approx(median, rel=0.05)
    expect(page.locator(".sapa-panel table.sapa").first).to_contain_text(f"{100 * chance:.0f}%")
    expect(page.locator(".sapa-panel .picture")).to_have_attribute("aria-label", re.compile(r"\+10\.0%"))
    said = page.locator(".sapa-panel .lead").inner_text()
    fold(page, "Send what you see")
    link = page.locator("a.sapa-link")
    asked = parse_qs(urlsplit(link.inner_text()).query)
    assert asked == {"lang": ["en"], "indicator": [REVENUE], f"l.{VISITS}": ["1.1"]}
    assert serious(page) == []
    second = opened(open_page, link.inner_text().split("?")[0].rstrip("/"), link.inner_text().split("?")[1])
    expect(second.locator(".sapa-panel .lead")).to_have_text(said)
    expect(second.get_by_role("slider", name="Tourist arrivals")).to_have_attribute("aria-valuetext", "+10%")


def test_a_scenario_is_saved_opened_again_and_never_overwritten(address, open_page, project_copy):
    page = opened(open_page, address, f"lang=vi&indicator={REVENUE}&l.{VISITS}=1.2", width=390, height=844)
    said = page.locator(".sapa-panel .lead").inner_text()
    fold(page, "Lưu kịch bản")
    save = page.get_by_role("button", name="Lưu vào tệp")
    told = page.locator(".sapa-panel .jupyter-widget-Collapse-open .sapa-live")
    for label, text in (("Lý do", "thêm phòng"), ("Nguồn của lý do", "khảo sát")):
        page.get_by_label(label, exact=True).fill(text)
    for name, answer in (
        ("../../high", "Tên không được có các ký tự"),
        ("<b onclick=alert(1)>x</b>", "Tên không được có các ký tự"),
        ("x" * 300, "Tên dài 300 ký tự"),
        ("Đông khách", "Đã lưu build/scenarios/dong_khach.yml"),
        ("đông khách", "dong_khach.yml đã có; không ghi đè gì"),
    ):
        page.get_by_label("Tên kịch bản", exact=True).fill(name)
        page.get_by_label("Tên kịch bản", exact=True).blur()
        save.click()
        expect(told).to_contain_text(answer)
    assert serious(page) == []
    [file] = (project_copy / "build/scenarios").iterdir()
    [read] = sapa.scenarios.load_scenario_file(file).values()
    assert read.label["vi"] == "Đông khách"
    page.get_by_role("button", name="Trở về dự báo").click()
    expect(page.locator(".sapa-panel .lead")).not_to_have_text(said)
    fold(page, "Mở lại kịch bản đã lưu")
    page.get_by_label("Mở lại kịch bản đã lưu", exact=True).select_option("dong_khach.yml: Đông khách")
    expect(page.locator(".sapa-panel .lead")).to_have_text(said)
    assert not (ROOT / "build/scenarios/dong_khach.yml").exists()


def test_a_mangled_link_is_told_and_nothing_of_it_runs(address, open_page):
    hostile = (
        "lang=en&indicator=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E&l.tourist_arrivals=9"
    )
    page = opened(open_page, address, hostile)
    expect(page.locator(".sapa-panel .refused").first).to_contain_text("The link could not be read whole")
    assert page.locator(".sapa-panel img").count() == 0
    assert "turn the conditions" in page.title()


def test_choices_of_the_model_are_applied_or_refused_in_words(address, open_page):
    page = opened(open_page, address)
    fold(page, "Choices of the model")
    years, apply = page.get_by_label(re.compile("^Years ahead")), page.get_by_role("button", name="Apply")
    for value, answer in (("99", "wanted at most 30"), ("4", "Forecast anew with these choices")):
        years.fill(value)
        years.blur()
        apply.click()
        expect(page.locator(".sapa-panel > .sapa-live").first).to_contain_text(answer, timeout=WAIT)
    expect(page.locator(".sapa-panel .lead")).to_contain_text("2026")


def test_a_kernel_that_dies_is_told(address, open_page):
    page = opened(open_page, address)
    expect(page.locator("#lost")).to_be_hidden()
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    os.kill(process_of(kernel), signal.SIGKILL)
    expect(page.locator("#lost")).to_be_visible(timeout=30_000)
    expect(page.locator("#lost")).to_contain_text("controls no longer work")
    expect(page.locator("#lost")).to_contain_text("các nút không còn tác dụng")


def process_of(kernel: str) -> int:
    """Return the process of a kernel: the one that was given its connection file."""
    import psutil

    [found] = [
        each.pid for each in psutil.process_iter(["cmdline"]) if f"kernel-{kernel}.json" in " ".join(each.info["cmdline"] or [])
    ]  # fmt: skip
    return found
