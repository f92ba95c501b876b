"""A real Chromium, the window's real server on a free port, and pages whose every request is watched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import Server

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")
OPTIONS = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items):
    """Marks all tests here; where Chromium is missing they are skipped, except in continuous integration."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="there is no chromium on the path; install it to run these"))


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Two servers that start at the same time: one with the sample, one with nothing."""
    folder = tmp_path_factory.mktemp("libraries")
    started = Server(str(folder / "sample")), Server(str(folder / "empty"), "without the sample")
    yield started
    assert [server.stop() for server in started] == [0, 0]


@pytest.fixture(scope="session")
def address(servers):
    return servers[0].address()


@pytest.fixture(scope="session")
def empty_address(servers):
    return servers[1].address()


@pytest.fixture(scope="module")
def browser():
    """A Chromium for the tests of one file: Playwright's event loop must not run on under the tests behind them."""
    playwright = pytest.importorskip("playwright.sync_api") if not os.environ.get("CI") else _playwright()
    assert CHROMIUM is not None, "there is no chromium on the path"
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


def _playwright():
    import playwright.sync_api

    return playwright.sync_api


@pytest.fixture
def visit(browser):
    """Opens the window; afterwards no request may have left this computer, and no script failed or ran a dialog."""
    asked, faults, contexts = [], [], []

    def open_page(address: str, width: int = 1280, height: int = 800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector("#documents .canvas > li", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    away = [
        url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"
    ]
    assert asked and not away
    assert not faults
