"""A real browser, closed to the world: every page says what it asked for and what it complained of."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
#: Milliseconds until an answer is given up: a slow machine is no fault of the page.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
#: Chromium asks its maker for news at every start; as root it has no sandbox.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "file://", "data:", "blob:", "about:")


@dataclass
class Watch:
    """What the pages of a test asked for outside this machine, and what they complained of."""

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        page.on(
            "request", lambda asked: None if asked.url.startswith(HERE) else self.outside.append(asked.url)
        )
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert path, "chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Every test ends with a look at what its pages asked for and complained of."""
    kept = Watch()
    yield kept
    assert not kept.outside
    assert not kept.complaints


@pytest.fixture
def open_page(chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page in a window of its own: `open_page(address, width=1280, height=900)`."""
    contexts = []

    def opened(address: str, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = watch.over(context.new_page())
        page.goto(address, timeout=120_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on a page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def server(
    *words: str, port: int, ready: str, folder: Path, env: dict[str, str] | None = None
) -> Iterator[str]:
    """Run a program of this environment that serves on 127.0.0.1, and give its address.

    `ready` is asked for until it is answered, `folder` is where its own settings and its log lie.
    """
    own = {
        name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")
    }
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "work"),
    }
    log, address = folder / "log.txt", f"http://127.0.0.1:{port}"
    with log.open("w") as written:
        program = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=os.environ | own | (env or {}),
            stdout=written,
            stderr=written,
        )
    try:
        for _ in range(480):
            assert program.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(address + ready, timeout=30).close()
                break
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.25)
        else:
            raise AssertionError(log.read_text())
        yield address
    finally:
        program.terminate()
        try:
            program.wait(20)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
