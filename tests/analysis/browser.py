"""Opens a page from disk in a headless Chromium; anything but silence and files is a failure."""

import atexit
import functools
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest


def chromium():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no chromium; `./dev test` installs it")
    return found


@functools.cache
def browser():
    """The one browser of this process; it ends with it."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    launched = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
    atexit.register(playwright.stop)
    atexit.register(launched.close)
    return launched


@contextmanager
def opened(file):
    context = browser().new_context(viewport={"width": 1200, "height": 900}, offline=True)
    page, complaints = context.new_page(), []
    page.on(
        "console", lambda message: message.type in ("error", "warning") and complaints.append(message.text)
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("file:", "data:", "blob:"))
            or complaints.append(f"request of {request.url}")
        ),
    )
    page.goto(Path(file).resolve().as_uri(), timeout=120_000)
    page.wait_for_selector("html[data-drawn=all]", timeout=120_000)
    yield page
    context.close()
    assert complaints == []
