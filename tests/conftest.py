"""What every test can ask for. Settings under test: tests/settings.py."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from config.rehearsal.servers import Redis, postgresql_server, redis_server
from tests.cast import cast, cast_scope, session_of
from tests.clamd import clamd, scanner
from tests.ledger_triggers import ledger_lets_tests_flush
from tests.log_lines import lines
from tests.static_scan import static_files_are_scanned_once

# Fixtures that stand in files of their own.
__all__ = ["cast", "cast_scope", "clamd", "ledger_lets_tests_flush", "lines", "scanner", "static_files_are_scanned_once"]

SCREENS = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
}
# The quickest first.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
]


def on_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


# Files that take minutes, the longest first: two workers then end at about the same time.
LONG = ("tests/secrecy/", "tests/journeys/", "tests/config/test_demo.py", "tests/config/test_backup.py")


# Left to the first run: what knows neither language nor database (arithmetic, the house, processes that are killed on a database of their
# own), and single pages, each of which the permission matrix and the walk of secrecy open in the other language on the other database.
ONCE = ("/domain/", "/views/", "tests/architecture/", "tests/faults/", "/test_killed", "/test_worker.py")


def pytest_collection_modifyitems(items):
    """`postgres`: only where the suite runs on it. `browser`: follows from asking for one. `once`: follows from ONCE."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG)))
    for item in items:
        if {"browser", "open_page", "page", "phone"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if any(name in item.nodeid for name in ONCE):
            item.add_marker(pytest.mark.once)
        if item.get_closest_marker("postgres") and not on_postgresql():
            item.add_marker(pytest.mark.skip(reason="runs with TEST_DATABASE=postgresql"))


@pytest.fixture(autouse=True)
def fresh_start():
    """No test sees the cache or the language that another left behind."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def language() -> str:
    """The language this run is in: zh-hans or en."""
    return settings.LANGUAGE_CODE


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """DATABASE_URL of a PostgreSQL server for commands that tests start; the run's own where it is on one."""
    if on_postgresql():
        yield os.environ["DATABASE_URL"]
        return
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis server of our own: `.broker_url`, `.cache_url`, `.socket`."""
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis: Redis) -> str:
    return redis.broker_url


@pytest.fixture
def run_jobs(db) -> Callable[[], object]:
    """Runs every queued job here and now."""
    from jobs.services import run_queued

    return run_queued


# ---------------------------------------------------------------- browser
@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("Chromium is not installed (make setup-dev installs it).")
    # Playwright keeps an event loop in this thread; Django would take every query here for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = CHROMIUM_ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser, live_server, language):
    """`open_page(screen="desktop", language=…)`: a page of a person of its own (own cookies), at our live server;
    `page.enter(person)` signs somebody in.

    A script error or a breach of the content security policy on any of them fails the test.
    """
    contexts, faults = [], []

    def opened(screen: str = "desktop", *, language: str = language):
        locale = {"zh-hans": "zh-CN", "en": "en-GB"}[language]
        context = browser.new_context(base_url=live_server.url, locale=locale, timezone_id="Asia/Shanghai", **SCREENS[screen])
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.enter = lambda person: context.add_cookies([session_of(person, live_server.url)])
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda message: faults.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page):
    """A page on a desktop screen."""
    return open_page("desktop")


@pytest.fixture
def phone(open_page):
    """A page on a phone's screen."""
    return open_page("phone")


# Over both languages everybody works on either screen: who organises and decides, and who applies, judges and reads.
CROSSED = {"zh-hans": ("desktop", "phone"), "en": ("phone", "desktop")}


@pytest.fixture(scope="session")
def office_screen(language) -> str:
    """The screen of organisers, deciders and supervisors in this run."""
    return CROSSED[language][0]


@pytest.fixture(scope="session")
def field_screen(language) -> str:
    """The screen of applicants, evaluators and the public in this run."""
    return CROSSED[language][1]


# Colours do not hang on the width, and are three quarters of the time; the other language's run measures them on the other screen.
AT_THE_OTHER_WIDTH = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="session")
def axe():
    """`axe(page)`: no accessibility violation, and nothing wider than the screen; on its own screen and as wide as the other one."""
    from axe_playwright_python.base import AxeResults
    from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe

    inspector = Axe()

    def check(page) -> None:
        page.wait_for_load_state()  # a click returns while the next page is still being parsed
        own = page.viewport_size
        page.evaluate(inspector.axe_script)
        for viewport in (own, *(screen["viewport"] for screen in SCREENS.values() if screen["viewport"] != own)):
            page.set_viewport_size(viewport)
            found = page.evaluate("options => axe.run(options)", DEFAULT_OPTIONS if viewport == own else AT_THE_OTHER_WIDTH)
            assert found["violations"] == [], f"{page.url}, {viewport['width']} px\n{AxeResults(found).generate_report()}"
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{page.url} is {wide} px wider than a screen of {viewport['width']}"
        page.set_viewport_size(own)

    return check
