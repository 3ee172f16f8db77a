"""Notebook 06 in a real JupyterLab: open, run all, move a lever by keyboard."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import ROOT, free_port, server
from playwright.sync_api import Page, expect

import sapa_analysis as sapa

WAIT = 300_000


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Serve a copy of the project whose notebook 06 asks for English."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data", "params", "notebooks", "register"):
        shutil.copytree(ROOT / name, folder / name)
    notebook = folder / "notebooks/06_explorer.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    [given] = [cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    given["source"] = "".join(given["source"]).replace('lang: str = "vi"', 'lang: str = "en"')
    notebook.write_text(json.dumps(content), encoding="utf-8")
    port = free_port()
    words = (
        "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )  # fmt: skip
    own = tmp_path_factory.mktemp("lab")
    settings = own / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # else only the cells in sight are in the page
    env = {"PYTHONPATH": str(ROOT)}
    with server(*words, port=port, ready="/api", folder=own, env=env) as at:
        yield at


def run_all(page: Page) -> None:
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=WAIT)
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for(timeout=WAIT)  # the kernel listens
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    page.locator(".lm-MenuBar-item", has_text="Run").first.click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').first.click()


def test_run_all_and_move_a_lever_by_keyboard(address, open_page):
    project, params = sapa.open_project(as_of="2023-06-30")
    outcomes = sapa.forecast_area(project, params)
    more = sapa.apply_scenario(outcomes, sapa.scenario("more", tourist_arrivals="+10%"), links=params.links)
    goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")
    odds = sapa.pipeline.chances(project, params, {"base": outcomes, "more": more}, goals)
    [*_, chance] = odds.loc[odds["scenario"] == "more", "probability"]
    page = open_page(f"{address}/lab/tree/notebooks/06_explorer.ipynb?reset", width=1400, height=900)
    run_all(page)
    lever = page.get_by_role("slider", name="Tourist arrivals")
    lever.wait_for(timeout=WAIT)
    lever.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    # what a widget sends is answered after all cells
    expect(page.locator(".sapa-panel .lead")).to_contain_text("a difference of +10.0%", timeout=WAIT)
    expect(page.locator(".sapa-panel table.sapa").first).to_contain_text(f"{100 * chance:.0f}%")
    expect(page.locator(".sapa-panel .picture")).to_have_attribute(
        "aria-label", re.compile(r"\+10\.0%"), timeout=WAIT
    )
    for kind in ("error", "stderr"):
        assert page.locator(f"[data-mime-type='application/vnd.jupyter.{kind}']").count() == 0
    assert serious_in_panel(page) == []


def serious_in_panel(page: Page) -> list[str]:
    """Return what axe-core finds serious in our part; the rest of the window is JupyterLab's."""
    found = Axe().run(page, context=".sapa-panel").response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['target']}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
