"""The run made by hand, its report, and a real Chromium to open it in."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from handmade_run import RULES, write_run

from pipeline.extractor import default_rules
from pipeline.grammar.rules import RuleBook
from pipeline.output import Output
from pipeline.report import write_report


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules")
    (folder / "money.yaml").write_text(RULES, encoding="utf-8")
    return RuleBook(default_rules(), folder)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    write_run(folder)
    return folder


@pytest.fixture(scope="session")
def index(run, book):
    """Return the page of a report whose articles stand partly inside it and partly in files beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.report.write._INLINE", 1)
        patch.setattr("pipeline.report.write._ENTRIES", 20)
        return write_report(Output(run), book, size=None)


CHROMIUM_ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    path = _chromium()
    if path is None:
        message = "Chromium is missing; install Debian's package: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other tests do not need it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def _chromium():
    """Return where Chromium is, after installing Debian's package where that is missing and allowed."""
    with _one_at_a_time():
        if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
                if subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300).returncode:
                    break
        return shutil.which("chromium")


@contextmanager
def _one_at_a_time():
    """Let test workers install one after the other."""
    with (Path(tempfile.gettempdir()) / f"vifacts-chromium-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def page(browser, index):
    """Return a fresh page that fails the test on any script error, blocked script or request that leaves the disk."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: request.url.startswith("file://") or faults.append(request.url))
    page.address, page.faults = index.as_uri(), faults
    yield page
    hacked = page.evaluate("window.hacked")
    context.close()
    assert faults == []
    assert hacked is None
