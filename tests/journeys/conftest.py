import pytest

from tests.journeys.people import Clock, Person


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def people_on(open_page, axe):
    """`people_on(screen)` gives `person(name_zh, name_en)`: somebody with a browser of their own."""
    looked: set[str] = set()

    def on(screen):
        def person(name_zh, name_en):
            page = open_page(screen)
            page.set_default_timeout(20_000)
            return Person(page, axe, looked, name_zh, name_en, f"{name_en.split()[0].lower()}@example.org")

        return person

    return on
